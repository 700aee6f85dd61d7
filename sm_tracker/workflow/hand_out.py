"""What leaves the room with a patient: the sentence, paragraphs for letters, one page on paper."""

from __future__ import annotations

import datetime as dt
import math

import pandas as pd

from sm_tracker import languages
from sm_tracker.analysis.error.error_model import error_model
from sm_tracker.domain.tables import THICKNESS
from sm_tracker.figures.error_notes import error_note
from sm_tracker.figures.export import figure_page, page_bytes
from sm_tracker.figures.languages import listed
from sm_tracker.figures.timeline.timeline_model import TimelineView
from sm_tracker.languages import gettext as _
from sm_tracker.report import letter, tables, wording
from sm_tracker.report.numbers import day_text
from sm_tracker.report.one_page import (
    FIGURE_WIDTH_MM,
    OnePage,
    one_page_heads,
    one_page_pdf,
    table_rows,
)
from sm_tracker.report.wording import Segment
from sm_tracker.workflow.analysing import Analysis, visits_of
from sm_tracker.workflow.drawing import (
    change_in_focus,
    changes_of,
    changes_of_period,
    changes_over_sites,
    periods_without_reading,
    timeline,
)
from sm_tracker.workflow.kept_answers import once_a_view
from sm_tracker.workflow.reporting import is_synthetic

DPI = 300


@once_a_view
def answer_in_focus(analysis: Analysis, view: TimelineView) -> tuple[tuple[Segment, ...], str]:
    """Headline and second line of what is in focus, in the language in use."""
    row = change_in_focus(analysis, view)
    visits = visits_of(analysis, view.patient_id)
    if row is None:
        return wording.without_change(visits, view.patient_id)
    therapies = analysis.records.of_patient(view.patient_id).therapies
    unread = wording.no_reading_yet(periods_without_reading(analysis, view), therapies)
    return (
        wording.change_headline(row, therapies, place=wording.place_text(row, visits)),
        wording.second_line(changes_of_period(analysis, view), row, analysis.settings, unread),
    )


@once_a_view
def key_figures_in_focus(analysis: Analysis, view: TimelineView) -> tuple[wording.KeyFigure, ...]:
    """The figures beside the headline; none where nothing can be told."""
    row = change_in_focus(analysis, view)
    if row is None:
        return ()
    return wording.key_figures(
        row, changes_of(analysis, view), visits_of(analysis, view.patient_id)
    )


def error_sentence(analysis: Analysis, row: pd.Series | None) -> str:
    """The assumed error of one value with its source; blank where none is assumed."""
    if row is None or row["measure"] != THICKNESS:
        return ""
    error = error_model(analysis.settings, row["site"], row["device"])
    floor, share, source = error.sem_mm[0], error.sem_fraction[0], error.source[0]
    language = languages.current()
    return error_note(float(floor), float(share), str(source), sites="", language=language)


def _has_skin(analysis: Analysis, view: TimelineView) -> bool:
    return bool((analysis.visits["patient_id"] == view.patient_id).any())


@once_a_view
def remarks_of(analysis: Analysis, view: TimelineView) -> str:
    """What else happened at the time of the period in focus and could explain part of it."""
    row = change_in_focus(analysis, view)
    if row is None:
        return ""
    therapies = analysis.records.of_patient(view.patient_id).therapies
    therapy = wording.period_of(row, therapies)
    return " ".join(wording.flag_sentences(row, analysis.settings.improvement, therapy))


def letter_to_colleague(analysis: Analysis, view: TimelineView) -> str:
    """A paragraph for the letter to a colleague, every number from the change table."""
    headline, second = answer_in_focus(analysis, view)
    facts = wording.patient_facts(visits_of(analysis, view.patient_id))
    error = error_sentence(analysis, change_in_focus(analysis, view))
    return letter.to_colleague(
        facts,
        wording.plain_text(headline),
        second,
        remarks_of(analysis, view),
        error,
        skin=_has_skin(analysis, view),
    )


def letter_to_patient(analysis: Analysis, view: TimelineView) -> str:
    """A paragraph in plain words for the patient."""
    return letter.to_patient(change_in_focus(analysis, view), skin=_has_skin(analysis, view))


def table_to_copy(analysis: Analysis, view: TimelineView) -> str:
    """The table of regimens as cells that a word processor or spreadsheet takes over."""
    rows = [one_page_heads(), *table_rows(regimens_in_focus(analysis, view))]
    return "\n".join("\t".join(listed(cell.split("\n")) for cell in row) for row in rows)


@once_a_view
def regimens_in_focus(analysis: Analysis, view: TimelineView) -> tuple[tables.RegimenRow, ...]:
    """The table of regimens of the site or outcome in focus, as words."""
    rows = changes_of(analysis, view)
    if rows.empty:
        return ()
    therapies = analysis.records.of_patient(view.patient_id).therapies
    over_sites = changes_over_sites(analysis, view.patient_id)
    return tables.regimen_rows(rows, therapies, analysis.settings, over_sites=over_sites)


def page_on_paper(analysis: Analysis, view: TimelineView, series: str, today: dt.date) -> bytes:
    """One page on A4 as PDF, in the language in use; parameters are those of :func:`one_page`."""
    return one_page_pdf(one_page(analysis, view, series, today))


def one_page(analysis: Analysis, view: TimelineView, series: str, today: dt.date) -> OnePage:
    """What stands on the one page for the patient's file, in the language in use.

    Parameters
    ----------
    analysis : Analysis
    view : TimelineView
        What is in focus; the figure shows the same.
    series : str
        Name of the site or outcome in focus.
    today : date
        The day of printing.
    """
    sheet = figure_page(timeline(analysis, view), width_mm=FIGURE_WIDTH_MM)
    headline, second = answer_in_focus(analysis, view)
    visits, rest = wording.patient_facts(visits_of(analysis, view.patient_id))
    return OnePage(
        patient=view.patient_id,
        facts=" · ".join(filter(None, (visits, rest))),
        headline=wording.plain_text(headline),
        second=" ".join(filter(None, (second, remarks_of(analysis, view)))),
        figure_png=page_bytes(sheet, "png", DPI),
        figure_mm=(sheet.width_mm, sheet.height_mm),
        series=series,
        rows=regimens_in_focus(analysis, view),
        remark=_("Synthetic data.") if is_synthetic(analysis.records) else "",
        printed=day_text(today, math.nan),
    )
