"""The items of reporting guidelines, each with where it stands in a report.

Journals ask for a filled checklist. What the records hold is in the report; the rest is for
the author, and is said to be so. `docs/reporting_checklists.md` says why.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, TypeAlias

import pandas as pd

from sm_tracker.figures.languages import capital
from sm_tracker.languages import N_
from sm_tracker.languages import gettext as _

Place: TypeAlias = Literal[
    "title", "results", "figure", "timeline", "methods", "supplement", "author"
]
"""Part of a report, or the author who has to add the item."""
Item: TypeAlias = tuple[str, tuple[Place, ...]]

_AUTHOR: tuple[Place, ...] = ("author",)
_PLACES: dict[Place, str] = {
    "title": N_("title"),
    "results": N_("Results"),
    "figure": N_("Figure {n}"),
    "timeline": N_("Timeline of the case"),
    "methods": N_("Methods"),
    "supplement": N_("Supplement"),
    "author": N_("to be added by the author"),
}

CARE: tuple[Item, ...] = (
    (N_("Title"), ("title", "author")),
    (N_("Keywords"), _AUTHOR),
    (N_("Abstract"), _AUTHOR),
    (N_("Introduction"), _AUTHOR),
    (N_("Patient information"), ("methods", "timeline", "author")),
    (N_("Clinical findings"), ("results", "author")),
    (N_("Course in time"), ("timeline", "figure")),
    (N_("Diagnostic assessment"), ("methods", "author")),
    (N_("Therapeutic intervention"), ("timeline", "figure", "author")),
    (N_("Follow-up and outcomes"), ("results", "timeline", "supplement", "author")),
    (N_("Discussion"), _AUTHOR),
    (N_("Patient perspective"), _AUTHOR),
    (N_("Informed consent"), _AUTHOR),
)
"""Gagnier 2013, in order: 1 to 13."""

SCRIBE: tuple[Item, ...] = (
    (N_("Title"), _AUTHOR),
    (N_("Abstract"), _AUTHOR),
    (N_("Scientific background"), _AUTHOR),
    (N_("Aims"), _AUTHOR),
    (N_("Design"), ("methods",)),
    (N_("Procedural changes"), ("figure", "supplement", "author")),
    (N_("Replication"), ("results", "author")),
    (N_("Randomisation"), ("methods",)),
    (N_("Blinding"), ("methods",)),
    (N_("Selection criteria"), _AUTHOR),
    (N_("Participant characteristics"), ("methods", "author")),
    (N_("Place and circumstances"), _AUTHOR),
    (N_("Ethics"), _AUTHOR),
    (N_("Outcome measures"), ("methods",)),
    (N_("Equipment"), ("methods",)),
    (N_("Intervention"), ("timeline", "figure", "author")),
    (N_("Procedural fidelity"), _AUTHOR),
    (N_("Analyses"), ("methods", "supplement")),
    (N_("Sequence completed"), ("timeline", "results")),
    (N_("Outcomes and estimation"), ("results", "figure", "supplement")),
    (N_("Adverse events"), ("timeline", "author")),
    (N_("Interpretation"), _AUTHOR),
    (N_("Limitations"), ("methods", "supplement", "author")),
    (N_("Applicability"), _AUTHOR),
    (N_("Study protocol"), _AUTHOR),
    (N_("Funding"), _AUTHOR),
)
"""Tate 2016, in order: 1 to 26."""

STROBE: tuple[Item, ...] = (
    (N_("Title and abstract"), ("title", "author")),
    (N_("Scientific background"), _AUTHOR),
    (N_("Aims"), _AUTHOR),
    (N_("Study design"), ("methods",)),
    (N_("Place and circumstances"), _AUTHOR),
    (N_("Selection of participants"), ("methods", "author")),
    (N_("Variables"), ("methods",)),
    (N_("Sources of data and measurement"), ("methods", "author")),
    (N_("Bias"), ("results", "author")),
    (N_("Study size"), _AUTHOR),
    (N_("Quantitative variables"), ("methods", "supplement")),
    (N_("Statistical methods"), ("methods", "supplement")),
    (N_("Number of participants"), ("results",)),
    (N_("Descriptive data"), ("supplement", "author")),
    (N_("Outcome data"), ("results", "supplement")),
    (N_("Main results"), ("results",)),
    (N_("Other analyses"), ("results",)),
    (N_("Key results"), ("results", "author")),
    (N_("Limitations"), ("results", "author")),
    (N_("Interpretation"), _AUTHOR),
    (N_("Generalisability"), _AUTHOR),
    (N_("Funding"), _AUTHOR),
)
"""von Elm 2007, in order: 1 to 22."""


def checklist_heads() -> list[str]:
    """Heads of the table of items."""
    return [_("Guideline"), _("Item"), _("Where")]


def checklist_rows(guideline: str, items: Sequence[Item]) -> list[tuple[str, str, str]]:
    """The items of a guideline with where each stands, in the language in use.

    Examples
    --------
    >>> checklist_rows("CARE", CARE)[6]
    ('CARE 7', 'Course in time', 'Timeline of the case, Figure 1')
    """
    return [
        (f"{guideline} {n}", _(name), capital(", ".join(_(_PLACES[p]).format(n=1) for p in where)))
        for n, (name, where) in enumerate(items, start=1)
    ]


def case_checklist() -> pd.DataFrame:
    """CARE and SCRIBE for the report of one patient."""
    rows = [*checklist_rows("CARE", CARE), *checklist_rows("SCRIBE", SCRIBE)]
    return pd.DataFrame(rows, columns=checklist_heads(), dtype="str")


def case_series_checklist() -> pd.DataFrame:
    """STROBE for the report of a group."""
    return pd.DataFrame(checklist_rows("STROBE", STROBE), columns=checklist_heads(), dtype="str")
