"""A report of a case series: results, tables, methods and what an author still has to add."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from sm_tracker.analysis.cohort.cohort_change import CohortChange, GroupDifference, Unit
from sm_tracker.domain.settings import Settings
from sm_tracker.languages import gettext as _
from sm_tracker.report import checklist, cohort_words, methods_words, wording
from sm_tracker.report.contents import (
    Block,
    CaseReport,
    FigureBlock,
    Heading,
    Paragraph,
    TableBlock,
    numbered_blocks,
)

STROBE = (
    "von Elm E, Altman DG, Egger M, et al. The Strengthening the Reporting of Observational "
    "Studies in Epidemiology (STROBE) statement. Lancet 2007;370:1453-1457."
)


def cohort_report(
    change: CohortChange,
    regimens: Sequence[CohortChange],
    comparisons: Sequence[GroupDifference],
    patients: pd.DataFrame,
    *,
    unit: Unit,
    age_cut: float,
    rule: str,
    settings: Settings,
    figure: FigureBlock,
    remark: str = "",
) -> CaseReport:
    """Put together the report of a group under one regimen, in the language in use.

    Parameters
    ----------
    change : CohortChange
        Of the regimen chosen.
    regimens : sequence of CohortChange
        The same of every regimen measured alike.
    comparisons : sequence of GroupDifference
    patients : DataFrame
        One row a patient; their codes become numbers.
    unit : {"mm", "percent"}
    age_cut : float
        Lowest age of the older, NaN where no age is stated.
    rule : str
        Which value stands for a patient.
    settings : Settings
    figure : FigureBlock
    remark : str
        Said under the title, for example that the patients are synthetic.
    """
    numbered = patients.assign(patient_id=[str(n + 1) for n in range(len(patients))])
    patient_rows = [cohort_words.patient_row(r, unit, settings) for _n, r in numbered.iterrows()]
    main: list[Block] = [
        Heading(_("Results")),
        Paragraph(_results(change, settings)),
        figure,
        _table(
            _(
                "Change per regimen across patients. One value a patient; p is Wilcoxon's exact "
                "signed-rank test and stands for each row alone."
            ),
            cohort_words.regimen_heads(unit),
            [cohort_words.regimen_row(one) for one in regimens],
        ),
        _table(
            " ".join(
                (_("Comparison of patient groups."), cohort_words.comparison_note(comparisons))
            ),
            cohort_words.comparison_heads(),
            [cohort_words.comparison_row(found, unit, age_cut) for found in comparisons],
        ),
        Heading(_("Methods")),
        Paragraph(rule),
        Paragraph(
            _(
                "Observational case series, reported along STROBE [1]. What the records do not "
                "hold is for the author to add: setting, dates of recruitment, how patients were "
                "chosen, who measured, missing visits and funding."
            )
        ),
        Heading(_("References")),
        Paragraph(f"1. {STROBE}"),
        Heading(_("Intended use")),
        Paragraph(wording.intended_use()),
    ]
    supplement: list[Block] = [
        _table(_("One row a patient."), cohort_words.patient_heads(), patient_rows),
        _table(
            _("Settings {id}.").format(id=settings.settings_id),
            (_("Setting"), _("Value"), _("Meaning")),
            methods_words.settings_rows(settings),
        ),
        TableBlock(
            _("Checklist: where each item of STROBE stands."), checklist.case_series_checklist()
        ),
    ]
    title = _("Change of skin thickness under {regimen}: case series").format(
        regimen=change.regimen
    )
    said = [Paragraph(remark)] if remark else []
    blocks = (
        *said,
        *numbered_blocks(main, _("Table {n}")),
        Heading(_("Supplement")),
        *numbered_blocks(supplement, _("Table S{n}")),
    )
    return CaseReport(title=title, blocks=blocks)


def _results(change: CohortChange, settings: Settings) -> str:
    """The answer of the group, who could not be computed and why, and what limits it."""
    sentences = (
        wording.plain_text(cohort_words.cohort_headline(change)),
        cohort_words.cohort_second_line(change, settings.confidence),
        *cohort_words.remark_sentences(change.remarks, change.n_computable),
    )
    return " ".join(filter(None, sentences))


def _table(caption: str, heads: Sequence[str], rows: Sequence[Sequence[str]]) -> TableBlock:
    return TableBlock(caption, pd.DataFrame(list(rows), columns=list(heads), dtype="str"))
