"""Results to paper: figures as files, the case report, the archive that repeats them."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

from sm_tracker import __version__
from sm_tracker.domain.records import ReadResult
from sm_tracker.domain.settings import Settings
from sm_tracker.domain.tables import Records
from sm_tracker.domain.timeline import day_axis
from sm_tracker.errors import ExportError
from sm_tracker.figures import export
from sm_tracker.figures.comparison.comparison_model import ComparisonModel
from sm_tracker.figures.page.collisions import texts_of_page
from sm_tracker.figures.timeline.build_timeline import TimelineModel, TimelineView
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


def chosen_figure(
    analysis: Analysis, patient_id: str, choices: FigureChoices
) -> TimelineModel | ComparisonModel:
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
    stated = stated or AuthorStatements()
    printed = figure_of_report(printed, relative_days=relative_days)
    own = analyse(analysis.records.of_patient(patient_id), settings=analysis.settings)
    model = chosen_figure(own, patient_id, printed.choices)
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
        day_zero=_first_day(own) if relative_days else None,
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


def _first_day(own: Analysis) -> float:
    """Day zero as the figure takes it: the first reading, else outcome, else therapy."""
    if len(own.visits):
        return float(own.visits["t"].min())
    for table, date, day in (
        (own.records.outcomes, "date", "day"),
        (own.records.therapies, "start", "start_day"),
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
    report = report_of(
        analysis, patient_id, relative_days=relative_days, stated=stated, printed=printed
    )
    picture = _picture(analysis, patient_id, figure_of_report(printed, relative_days=relative_days))
    return WRITERS[kind](report, picture)


WRITERS = {"docx": word_document, "html": html_document, "pdf": pdf_document}
"""What makes a file of a report and the picture of its figure."""


def _picture(analysis: Analysis, patient_id: str, printed: PrintedFigure) -> bytes:
    """The figure for a document, whose caption says what the notes of the figure say."""
    return _figure(analysis, patient_id, "png", dataclasses.replace(printed, notes=False))


def _figure(analysis: Analysis, patient_id: str, fmt: str, printed: PrintedFigure) -> bytes:
    return export.figure_bytes(
        chosen_figure(analysis, patient_id, printed.choices),
        fmt,
        width_mm=printed.width_mm,
        dpi=BUNDLE_DPI,
        gray=printed.gray,
        notes=printed.notes,
    )


def _figures_of_archive(
    analysis: Analysis, printed: PrintedFigure | None, *, relative_days: bool
) -> dict[str, PrintedFigure]:
    """The one chosen, the timeline, and the comparison where there are periods."""
    plain = figure_of_report(None, relative_days=relative_days)
    figures = {"timeline": plain}
    if len(analysis.records.therapies):
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
    own = analysis.records.of_patient(patient_id)
    if relative_days:
        own = on_relative_days(own, _first_day(analyse(own, settings=analysis.settings)))
    # Read back what will lie in the archive, so that its figure comes from its own data.
    written = write_csv(own)
    again = records_of(read_files([SourceFile(n, c) for n, c in written.items()]))
    inside = analyse(again, settings=analysis.settings)
    patient = only_patient(again)
    shown = _figures_of_archive(inside, printed, relative_days=relative_days)
    named = {f"{name}.{fmt}": one for name, one in shown.items() for fmt in ("pdf", "png")}
    figures = {
        name: _figure(inside, patient, name.rpartition(".")[2], one) for name, one in named.items()
    }
    picture = _picture(inside, patient, shown.get("figure", shown["timeline"]))
    report = report_of(inside, patient, relative_days=relative_days, stated=stated, printed=printed)
    documents = {f"report.{kind}": write(report, picture) for kind, write in WRITERS.items()}
    tables = [f"data/{table}" for table in written]
    commands = {
        f"figures/{name}": figure_command(tables, one, name, BUNDLE_DPI)
        for name, one in named.items()
    }
    commands["data/change_table.csv"] = table_command(tables, "change_table.csv")
    if stated is None and printed is None:
        for kind in WRITERS:
            commands[f"report.{kind}"] = report_command(
                tables, f"report_again.{kind}", relative_days=relative_days
            )
    changes = table_as_csv(inside.changes).encode()
    return report_bundle(
        again, analysis.settings, changes, figures, documents, commands, __version__
    )


def what_files_may_identify(
    analysis: Analysis,
    patient_id: str,
    files: Mapping[str, bytes],
    model: TimelineModel | ComparisonModel | None = None,
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
    model : TimelineModel or ComparisonModel, optional
        The figure in the files, for the words that a picture shows.
    """
    texts = readable_texts(files)
    if model is not None:
        texts["figure"] = " ".join(texts_of_page(export.figure_page(model, width_mm=180.0)))
    return identifying_findings(texts, analysis.records.of_patient(patient_id))
