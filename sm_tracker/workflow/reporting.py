"""Results to paper: figures as files, the case report, the archive that repeats them."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Literal

import pandas as pd

from sm_tracker import __version__
from sm_tracker.domain.records import ReadResult
from sm_tracker.domain.settings import Settings
from sm_tracker.domain.tables import Records
from sm_tracker.domain.timeline import day_axis
from sm_tracker.errors import ExportError
from sm_tracker.figures import export
from sm_tracker.figures.export import FigureModel, PatientModel
from sm_tracker.figures.page.collisions import texts_of_page
from sm_tracker.figures.timeline.build_timeline import TimelineView
from sm_tracker.ingest import SourceFile
from sm_tracker.languages import Language, Message, current, speaking
from sm_tracker.languages import gettext as _
from sm_tracker.report.author_statements import (
    AuthorStatements,
    filled_visits,
    with_statements,
)
from sm_tracker.report.bundle import on_relative_days, report_bundle
from sm_tracker.report.captions import figure_caption
from sm_tracker.report.contents import CaseReport, case_report
from sm_tracker.report.document import html_document, word_document
from sm_tracker.report.export_tables import table_as_csv, write_csv
from sm_tracker.report.exported import readable_texts
from sm_tracker.report.identifying import identifying_findings
from sm_tracker.report.pdf_document import pdf_document
from sm_tracker.workflow.analysing import (
    Analysis,
    analyse,
    analysis_of_one,
    only_patient,
    outlook_of_patient,
)
from sm_tracker.workflow.drawing import changes_of, timeline
from sm_tracker.workflow.figure_choices import FigureChoices, figure_model, timeline_view
from sm_tracker.workflow.file_import import read_files, records_of
from sm_tracker.workflow.printing import (
    PrintedFigure,
    figure_command,
    report_command,
    table_command,
)

ReportKind = Literal["docx", "html", "pdf", "zip"]
REPORT_KINDS: tuple[ReportKind, ...] = ("docx", "html", "pdf", "zip")
BUNDLE_DPI = 300


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
    return _report(own, patient_id, model, printed, stated, relative_days=relative_days), model


def _report(
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
        day_zero=_first_day(own.visits, own.records) if relative_days else None,
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


def _first_day(visits: pd.DataFrame, records: Records) -> float:
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


def report_file(
    analysis: Analysis,
    patient_id: str,
    kind: str,
    *,
    relative_days: bool = False,
    stated: AuthorStatements | None = None,
    printed: PrintedFigure | None = None,
) -> bytes:
    """The report of one patient as Word, HTML, PDF or an archive that repeats it.

    Parameters are those of :func:`report_of`; `kind` is docx, html, pdf or zip.

    Raises
    ------
    ExportError
        If the kind is none of docx, html, pdf, zip.
    """
    if kind not in REPORT_KINDS:
        raise ExportError(
            Message("Reports cannot be written as {kind!r}", kind=kind),
            where="format",
            fix=Message("use one of {names}", names=", ".join(REPORT_KINDS)),
        )
    if kind == "zip":
        return _archive(analysis, patient_id, relative_days, stated, printed)
    report, model = report_with_figure(
        analysis, patient_id, relative_days=relative_days, stated=stated, printed=printed
    )
    one = figure_of_report(printed, relative_days=relative_days)
    return WRITERS[kind](report, _figure(model, "png", _in_a_document(one)))


WRITERS = {"docx": word_document, "html": html_document, "pdf": pdf_document}
"""What makes a file of a report and the picture of its figure."""

Draw = Callable[[FigureModel, export.Format, PrintedFigure], bytes]


def _in_a_document(printed: PrintedFigure) -> PrintedFigure:
    """The figure for a document, whose caption says what the notes of the figure say."""
    return dataclasses.replace(printed, notes=False)


def _figure(model: FigureModel, fmt: export.Format, printed: PrintedFigure) -> bytes:
    return export.figure_bytes(
        model,
        fmt,
        width_mm=printed.width_mm,
        dpi=BUNDLE_DPI,
        gray=printed.gray,
        notes=printed.notes,
    )


def _figures_of_archive(
    records: Records, printed: PrintedFigure | None, *, relative_days: bool
) -> dict[str, PrintedFigure]:
    """The one chosen, the timeline, and the comparison where there are periods."""
    plain = figure_of_report(None, relative_days=relative_days)
    figures = {"timeline": plain}
    if len(records.therapies):
        compared = dataclasses.replace(plain.choices, comparison=True)
        figures["comparison"] = dataclasses.replace(plain, choices=compared)
    if printed is not None:
        figures["figure"] = figure_of_report(printed, relative_days=relative_days)
    return figures


def _archive(
    analysis: Analysis,
    patient_id: str,
    relative_days: bool,
    stated: AuthorStatements | None,
    printed: PrintedFigure | None,
) -> bytes:
    own = _given_away(analysis, patient_id, relative_days=relative_days)
    # Read back what will lie in the archive, so that its figure comes from its own data.
    again = records_of(read_files([SourceFile(n, c) for n, c in write_csv(own).items()]))
    inside = analyse(again, settings=analysis.settings)
    patient = only_patient(again)
    shown = _figures_of_archive(again, printed, relative_days=relative_days)
    models = {name: chosen_figure(inside, patient, one.choices) for name, one in shown.items()}
    main = _main_figure(printed)
    report = _report(
        inside, patient, models[main], shown[main], stated, relative_days=relative_days
    )
    changes = table_as_csv(inside.changes).encode()
    drawn = {name: (models[name], one) for name, one in shown.items()}
    again_days = relative_days if stated is None and printed is None else None
    return _bundle(again, analysis.settings, changes, drawn, (report, main, again_days), _figure)


def _given_away(analysis: Analysis, patient_id: str, *, relative_days: bool) -> Records:
    """The records of a patient as they lie in the archive."""
    own = analysis.records.of_patient(patient_id)
    if not relative_days:
        return own
    visits = analysis.visits[analysis.visits["patient_id"] == patient_id]
    return on_relative_days(own, _first_day(visits, own))


def _main_figure(printed: PrintedFigure | None) -> str:
    return "timeline" if printed is None else "figure"


def _bundle(
    records: Records,
    settings: Settings,
    changes: bytes,
    shown: Mapping[str, tuple[FigureModel, PrintedFigure]],
    reported: tuple[CaseReport, str, bool | None],
    draw: Draw,
) -> bytes:
    """The archive of these figures and of a report, which has one of them in it.

    A command can write the report again where its author stated and chose nothing; its days
    are then given, else None.
    """
    report, main, again_days = reported
    kinds: tuple[export.Format, ...] = ("pdf", "png")
    figures = {
        f"{name}.{fmt}": draw(model, fmt, one)
        for name, (model, one) in shown.items()
        for fmt in kinds
    }
    model, one = shown[main]
    picture = draw(model, "png", _in_a_document(one))
    documents = {f"report.{kind}": write(report, picture) for kind, write in WRITERS.items()}
    tables = [f"data/{table}" for table in write_csv(records)]
    commands = {
        f"figures/{name}.{fmt}": figure_command(tables, one, f"{name}.{fmt}", BUNDLE_DPI)
        for name, (_model, one) in shown.items()
        for fmt in kinds
    }
    commands["data/change_table.csv"] = table_command(tables, "change_table.csv")
    if again_days is not None:
        for kind in WRITERS:
            commands[f"report.{kind}"] = report_command(
                tables, f"report_again.{kind}", relative_days=again_days
            )
    return report_bundle(records, settings, changes, figures, documents, commands, __version__)


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


def what_report_may_identify(
    analysis: Analysis,
    patient_id: str,
    made: tuple[CaseReport, PatientModel],
    *,
    relative_days: bool = False,
    printed: PrintedFigure | None = None,
) -> list[tuple[str, str, str]]:
    """What in the files of a report could still identify the patient: where, kind, what.

    Looks through an archive of them without drawing its pictures: what can be read in the
    file of a picture does not depend on what it shows, so a blank one of the same writer
    stands in for it, and the words of a figure are read from the page it is drawn from.
    The change table is left out, which is computed from the tables that are in it.

    Parameters
    ----------
    analysis : Analysis
    patient_id : str
    made : (CaseReport, PatientModel)
        What :func:`report_with_figure` gave for the same choices.
    relative_days, printed
        As for :func:`report_of`.
    """
    own = _given_away(analysis, patient_id, relative_days=relative_days)
    report, model = made
    main = _main_figure(printed)
    shown = {
        name: (model if name == main else chosen_figure(analysis, patient_id, one.choices), one)
        for name, one in _figures_of_archive(own, printed, relative_days=relative_days).items()
    }
    words: dict[str, None] = {}
    for one_model, one in shown.values():
        page = export.figure_page(one_model, width_mm=one.width_mm, notes=one.notes)
        words.update(dict.fromkeys(texts_of_page(page)))
    packed = _bundle(
        own, analysis.settings, b"", shown, (report, main, None),
        lambda _model, fmt, _one: export.blank_picture(fmt),
    )  # fmt: skip
    texts = readable_texts({"zip": packed}) | {"figure": " ".join(words)}
    return identifying_findings(texts, analysis.records.of_patient(patient_id))
