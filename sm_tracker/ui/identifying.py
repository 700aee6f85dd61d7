"""What could still identify the patient, shown beside what is about to be given away."""

from __future__ import annotations

from collections.abc import Iterable

from sm_tracker.figures.languages import capital
from sm_tracker.languages import gettext as _
from sm_tracker.languages import ngettext
from sm_tracker.report.identifying import kind_text
from sm_tracker.ui import components

MANY = 4
Found = Iterable[tuple[str, str, str]]


def show_identifying(found: Found) -> None:
    """The list for the author to judge, each kind once with a few of its words."""
    components.show_card_title(_("What could still identify the patient"))
    kinds = grouped_by_kind(found)
    if kinds:
        rows = [
            (capital(kind_text(kind)), _few(whats), ", ".join(places))
            for kind, whats, places in kinds
        ]
        components.show_table((_("Kind"), _("Found"), _("Where")), rows)
    else:
        components.show_note(_("Looked for codes, notes, dates, telephone numbers: nothing found."))
    components.show_note(
        _("This list does not prove anonymity: a rare disease, a town and a year can be enough.")
    )


def grouped_by_kind(found: Found) -> list[tuple[str, list[str], list[str]]]:
    """Kinds in order of appearance, with what was found and in which files.

    Examples
    --------
    >>> grouped_by_kind([("a.zip/x.csv", "note", "n"), ("a.zip/y.csv", "note", "n")])
    [('note', ['n'], ['a.zip'])]
    """
    kinds: dict[str, tuple[dict[str, None], dict[str, None]]] = {}
    for where, kind, what in found:
        whats, places = kinds.setdefault(kind, ({}, {}))
        whats[what] = None
        places[_place(where)] = None
    return [(kind, list(whats), list(places)) for kind, (whats, places) in kinds.items()]


def _place(where: str) -> str:
    """The file that is given away; what lies inside it is named by the file."""
    inner = where.removeprefix("name of ").removeprefix("times in ").removeprefix("remarks in ")
    return {"figure": _("figure"), "report": _("report")}.get(where, inner.partition("/")[0])


def _few(whats: list[str]) -> str:
    shown = " · ".join(whats[:MANY])
    rest = len(whats) - MANY
    if rest <= 0:
        return shown
    more = ngettext("and {n} more", "and {n} more", rest).format(n=rest)
    return f"{shown} · {more}"
