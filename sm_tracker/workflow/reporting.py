"""Results to paper: figures as files, the case report, and what either may identify."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from sm_tracker import __version__
from sm_tracker.domain.records import ReadResult
from sm_tracker.domain.settings import Settings
from sm_tracker.domain.tables import Records
from sm_tracker.domain.timeline import day_axis
from sm_tracker.figures import export
from sm_tracker.figures.export import FigureModel, PatientModel
from sm_tracker.figures.page.collisions import texts_of_page
from sm_tracker.figures.timeline.build_timeline import TimelineView
from sm_tracker.languages import Language, current, speaking
from sm_tracker.languages import gettext as _
from sm_tracker.report.author_statements import (
    AuthorStatements,
    filled_visits,
    with_statements,
)
from sm_tracker.report.captions import figure_caption
from sm_tracker.report.contents import CaseReport, case_report
from sm_tracker.report.exported import readable_texts
from sm_tracker.report.identifying import identifying_findings
from sm_tracker.workflow.analysing import (
    Analysis,
    analyse,
    analysis_of_one,
    outlook_of_patient,
)
from sm_tracker.workflow.drawing import changes_of, timeline
from sm_tracker.workflow.figure_choices import FigureChoices, figure_model, timeline_view
from sm_tracker.workflow.printing import (
    PrintedFigure,
)


def is_synthetic(records: Records) -> bool:
    """Whether every measurement is marked as synthetic."""
    notes = records.measurements["note"].str.lower()
    return bool(len(notes)) and bool(notes.str.contains("synthetic", regex=False).all())


def _synthetic_remark(language: Language) -> str:
    with speaking(language):
        return _("Synthetic data.")


def export_figure(
    records: Records | ReadResult | Analysis,
    out: str | Path,
    *,
    patient_id: str = "",
    settings: Settings | None = None,
    view: TimelineView | None = None,
    choices: FigureChoices | None = None,
    width_mm: float = 180.0,
    dpi: int = 600,
    gray: bool = False,
    notes: bool = True,
    relative_days: bool = False,
    percent: bool = False,
    language: Language = "en",
) -> None:
    """Write the print figure of one patient as SVG, PDF, EPS, PNG or TIFF.

    Parameters
    ----------
    records : Records, ReadResult or Analysis
    out : path
        Its ending names the format.
    patient_id : str
        May be left out where there is one patient.
    settings : Settings, optional
        Not used with an Analysis, which has its own.
    view : TimelineView, optional
        What is shown of the timeline.
    choices : FigureChoices, optional
        The same in words, or the comparison of all periods; not used with a view. Without
        both, `relative_days`, `percent` and `language` decide.
    width_mm : float
        Exact width.
    dpi : int
        Resolution of PNG and TIFF.
    gray : bool
        Greyscale fills.
    notes : bool
        Whether abbreviations and notes are printed below.

    Raises
    ------
    SettingError
        If the patient is not named and there is not exactly one, or a choice names what is
        not there.
    ExportError
        If format, width or resolution is not possible, or the file cannot be written.
    """
    analysis, patient = analysis_of_one(records, view.patient_id if view else patient_id, settings)
    shown = choices or FigureChoices(
        relative_days=relative_days, percent=percent, language=language
    )
    model = timeline(analysis, view) if view else chosen_figure(analysis, patient, shown)
    export.write_figure(model, out, width_mm=width_mm, dpi=dpi, gray=gray, notes=notes)


def chosen_figure(analysis: Analysis, patient_id: str, choices: FigureChoices) -> PatientModel:
    """The figure that the choices describe, which is marked where the data are synthetic.

    Raises
    ------
    SettingError
        If a choice names what is not there.
    """
    if not choices.remark and is_synthetic(analysis.records):
        choices = dataclasses.replace(choices, remark=_synthetic_remark(choices.language))
    return figure_model(analysis, patient_id, choices)


def report_of(
    analysis: Analysis,
    patient_id: str,
    *,
    relative_days: bool = False,
    stated: AuthorStatements | None = None,
    printed: PrintedFigure | None = None,
) -> CaseReport:
    """The case report of one patient.

    Parameters
    ----------
    analysis : Analysis
    patient_id : str
    relative_days : bool
        Days from the first reading, no date anywhere, ages rounded.
    stated : Stated, optional
        What the records lack for the methods.
    printed : PrintedFigure, optional
        The figure in it; the timeline if omitted.
    """
    return report_with_figure(
        analysis, patient_id, relative_days=relative_days, stated=stated, printed=printed
    )[0]


def report_with_figure(
    analysis: Analysis,
    patient_id: str,
    *,
    relative_days: bool = False,
    stated: AuthorStatements | None = None,
    printed: PrintedFigure | None = None,
) -> tuple[CaseReport, PatientModel]:
    """The case report of one patient and what its figure shows.

    Parameters are those of :func:`report_of`.
    """
    own = analyse(analysis.records.of_patient(patient_id), settings=analysis.settings)
    printed = figure_of_report(printed, relative_days=relative_days)
    model = chosen_figure(own, patient_id, printed.choices)
    return report_from(own, patient_id, model, printed, stated, relative_days=relative_days), model


def report_from(
    own: Analysis,
    patient_id: str,
    model: PatientModel,
    printed: PrintedFigure,
    stated: AuthorStatements | None,
    *,
    relative_days: bool,
) -> CaseReport:
    """The report from the analysis of this patient alone."""
    stated = stated or AuthorStatements()
    visits = filled_visits(own.visits, stated)
    report = case_report(
        own.records,
        visits,
        own.changes,
        own.settings,
        caption=figure_caption(model, visits),
        alt=model.alt,
        version=__version__,
        width_mm=printed.width_mm,
        day_zero=first_day(own.visits, own.records) if relative_days else None,
        outlook=outlook_of_patient(own, patient_id),
        remark=_synthetic_remark(current()) if is_synthetic(own.records) else "",
        focus=changes_of(own, timeline_view(own, patient_id, printed.choices)),
    )
    return with_statements(report, own.visits, stated, private=relative_days)


def figure_of_report(printed: PrintedFigure | None, *, relative_days: bool) -> PrintedFigure:
    """A figure on the report's own days and in its language, so that both say the same."""
    printed = printed or PrintedFigure()
    choices = dataclasses.replace(
        printed.choices, relative_days=relative_days, day_zero="", language=current()
    )
    return dataclasses.replace(printed, choices=choices)


def first_day(visits: pd.DataFrame, records: Records) -> float:
    """Day zero as the figure takes it: the first reading, else outcome, else therapy."""
    if len(visits):
        return float(visits["t"].min())
    for table, date, day in (
        (records.outcomes, "date", "day"),
        (records.therapies, "start", "start_day"),
    ):
        known = [t for t in day_axis(table, date, day)[0] if math.isfinite(t)]
        if known:
            return float(min(known))
    return 0.0


def what_files_may_identify(
    analysis: Analysis,
    patient_id: str,
    files: Mapping[str, bytes],
    model: FigureModel | None = None,
) -> list[tuple[str, str, str]]:
    """What in exported files could still identify the patient: where, kind, what.

    Looks into names, properties, metadata, time stamps and every packed file, for codes,
    notes and examiners of the patient's records, dates, telephone numbers and ages over 89.
    An empty list is not a proof of anonymity.

    Parameters
    ----------
    analysis : Analysis
    patient_id : str
    files : mapping of str to bytes
        Content by the name under which it is given away.
    model : FigureModel, optional
        The figure in the files, for the words that a picture shows.
    """
    texts = readable_texts(files)
    if model is not None:
        texts["figure"] = " ".join(texts_of_page(export.figure_page(model, width_mm=180.0)))
    return identifying_findings(texts, analysis.records.of_patient(patient_id))
