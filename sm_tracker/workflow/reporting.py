"""Results to paper: figures as files, the case report, the archive that repeats them."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Iterable, Mapping
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Literal

from sm_tracker.domain.records import ReadResult
from sm_tracker.domain.settings import Settings
from sm_tracker.domain.tables import Records
from sm_tracker.domain.timeline import day_axis
from sm_tracker.errors import ExportError
from sm_tracker.figures import export
from sm_tracker.figures.collisions import drawn_texts
from sm_tracker.figures.forest_parts import ForestModel
from sm_tracker.figures.model import TimelineModel, TimelineView
from sm_tracker.ingest import SourceFile
from sm_tracker.languages import Language, speaking
from sm_tracker.languages import gettext as _
from sm_tracker.report.bundle import bundle, on_relative_days
from sm_tracker.report.contents import CaseReport, case_report
from sm_tracker.report.document import html_document, word_document
from sm_tracker.report.export_tables import write_csv
from sm_tracker.report.exported import readable
from sm_tracker.report.identifying import findings
from sm_tracker.report.stated import Stated, filled, with_statements
from sm_tracker.workflow.analysing import Analysis, analyse, only_patient
from sm_tracker.workflow.drawing import starting_view, timeline
from sm_tracker.workflow.figure_choices import FigureChoices, figure_model
from sm_tracker.workflow.reading import read_files, records_of

ReportKind = Literal["docx", "html", "zip"]
REPORT_KINDS: tuple[ReportKind, ...] = ("docx", "html", "zip")
PROGRAM = "0.1.0"
BUNDLE_WIDTH_MM, BUNDLE_DPI = 174.0, 300
SYNTHETIC = "Synthetic data."


def program_version() -> str:
    """Version of SM Tracker."""
    try:
        return version("sm-tracker")
    except PackageNotFoundError:
        return PROGRAM


def is_synthetic(records: Records) -> bool:
    """Whether every measurement says of itself that it is synthetic."""
    notes = records.measurements["note"].str.lower()
    return bool(len(notes)) and bool(notes.str.contains("synthetic", regex=False).all())


def print_view(
    analysis: Analysis,
    patient_id: str,
    *,
    relative_days: bool = False,
    percent: bool = False,
    language: Language = "en",
) -> TimelineView:
    """The view of a patient's timeline for print."""
    return dataclasses.replace(
        starting_view(analysis, patient_id),
        axis="days" if relative_days else "dates",
        unit="percent" if percent else "mm",
        language=language,
        remark=_synthetic_remark(language) if is_synthetic(analysis.records) else "",
    )


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
    analysis = _analysis(records, patient_id, settings)
    patient = view.patient_id if view else only_patient(analysis.records, patient_id)
    shown = choices or FigureChoices(
        relative_days=relative_days, percent=percent, language=language
    )
    model = timeline(analysis, view) if view else chosen_figure(analysis, patient, shown)
    export.export_figure(model, out, width_mm=width_mm, dpi=dpi, gray=gray, notes=notes)


def chosen_figure(
    analysis: Analysis, patient_id: str, choices: FigureChoices
) -> TimelineModel | ForestModel:
    """The figure that the choices describe, which says of synthetic data that they are so.

    Raises
    ------
    SettingError
        If a choice names what is not there.
    """
    if not choices.remark and is_synthetic(analysis.records):
        choices = dataclasses.replace(choices, remark=_synthetic_remark(choices.language))
    return figure_model(analysis, patient_id, choices)


def _analysis(
    records: Records | ReadResult | Analysis, patient_id: str, settings: Settings | None
) -> Analysis:
    if isinstance(records, Analysis):
        return records
    tables = records_of(records) if isinstance(records, ReadResult) else records
    return analyse(tables.of_patient(only_patient(tables, patient_id)), settings)


def report_of(
    analysis: Analysis,
    patient_id: str,
    *,
    relative_days: bool = False,
    stated: Stated | None = None,
) -> CaseReport:
    """The case report of one patient; `stated` says what the records lack for its methods."""
    stated = stated or Stated()
    own = analyse(analysis.records.of_patient(patient_id), analysis.settings)
    view = print_view(own, patient_id, relative_days=relative_days)
    model = timeline(own, view)
    report = case_report(
        own.records,
        filled(own.visits, stated),
        own.changes,
        own.settings,
        notes=model.notes,
        abbreviations=model.abbreviations,
        alt=model.alt,
        version=program_version(),
        day_zero=_first_day(own) if relative_days else None,
        remark=SYNTHETIC if is_synthetic(own.records) else "",
    )
    return with_statements(report, own.visits, stated, private=relative_days)


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
    stated: Stated | None = None,
) -> bytes:
    """The report of one patient as Word, HTML or an archive that repeats it.

    Raises
    ------
    ExportError
        If the kind is none of docx, html, zip.
    """
    if kind not in REPORT_KINDS:
        raise ExportError(
            f"Reports cannot be written as {kind!r}",
            where="format",
            fix="use one of " + ", ".join(REPORT_KINDS),
        )
    if kind == "zip":
        return _archive(analysis, patient_id, relative_days=relative_days, stated=stated)
    report = report_of(analysis, patient_id, relative_days=relative_days, stated=stated)
    picture = _picture(analysis, patient_id, relative_days=relative_days)
    return word_document(report, picture) if kind == "docx" else html_document(report, picture)


def _picture(analysis: Analysis, patient_id: str, *, relative_days: bool) -> bytes:
    """The timeline for a document, whose caption says what the notes of the figure say."""
    model = chosen_figure(analysis, patient_id, FigureChoices(relative_days=relative_days))
    return export.figure_bytes(model, "png", width_mm=BUNDLE_WIDTH_MM, dpi=BUNDLE_DPI, notes=False)


def _figures(analysis: Analysis, patient_id: str, *, relative_days: bool) -> dict[str, bytes]:
    """Figures of an archive by file name; the comparison where there are periods."""
    chosen = {"timeline": FigureChoices(relative_days=relative_days)}
    if len(analysis.records.therapies):
        chosen["comparison"] = FigureChoices(relative_days=relative_days, comparison=True)
    models = {name: chosen_figure(analysis, patient_id, c) for name, c in chosen.items()}
    return {
        f"{name}.{fmt}": export.figure_bytes(model, fmt, width_mm=BUNDLE_WIDTH_MM, dpi=BUNDLE_DPI)
        for name, model in models.items()
        for fmt in ("pdf", "png")
    }


def _commands(tables: Iterable[str], figures: Iterable[str], *, relative_days: bool) -> str:
    """Command lines that draw the figures of an archive again, one a line."""
    options = [
        f"--width-mm {BUNDLE_WIDTH_MM:g} --dpi {BUNDLE_DPI}",
        *(["--relative-days"] if relative_days else []),
    ]
    files = " ".join(f"data/{name}" for name in tables)
    return "\n    ".join(
        " ".join(
            [
                f"python -m sm_tracker figure {files} --settings settings.json --out {name}",
                *options,
                *(["--comparison"] if name.startswith("comparison") else []),
            ]
        )
        for name in figures
    )


def _archive(
    analysis: Analysis, patient_id: str, *, relative_days: bool, stated: Stated | None
) -> bytes:
    own = analysis.records.of_patient(patient_id)
    if relative_days:
        own = on_relative_days(own, _first_day(analyse(own, analysis.settings)))
    # Read back what will lie in the archive, so that its figure comes from its own data.
    written = write_csv(own)
    again = records_of(read_files([SourceFile(n, c) for n, c in written.items()]))
    inside = analyse(again, analysis.settings)
    patient = only_patient(again)
    figures = _figures(inside, patient, relative_days=relative_days)
    picture = _picture(inside, patient, relative_days=relative_days)
    report = report_of(inside, patient, relative_days=relative_days, stated=stated)
    documents = {
        "report.docx": word_document(report, picture),
        "report.html": html_document(report, picture),
    }
    command = _commands(written, figures, relative_days=relative_days)
    changes = inside.changes.to_csv(index=False, lineterminator="\n").encode()
    return bundle(again, analysis.settings, changes, figures, documents, command, program_version())


def what_may_identify(
    analysis: Analysis, patient_id: str, *, relative_days: bool
) -> list[tuple[str, str, str]]:
    """What in a report could still identify the patient: where, kind, what."""
    report = report_of(analysis, patient_id, relative_days=relative_days)
    return findings({"report": report.words}, analysis.records.of_patient(patient_id))


def what_files_may_identify(
    analysis: Analysis,
    patient_id: str,
    files: Mapping[str, bytes],
    model: TimelineModel | ForestModel | None = None,
) -> list[tuple[str, str, str]]:
    """What in exported files could still identify the patient: where, kind, what.

    Looks into names, properties, metadata, time stamps and every packed file, for codes,
    notes and examiners of the patient's records, dates, telephone numbers and ages over 89.
    An empty list is no proof of anonymity.

    Parameters
    ----------
    analysis : Analysis
    patient_id : str
    files : mapping of str to bytes
        Content by the name under which it is given away.
    model : TimelineModel or ForestModel, optional
        The figure in the files, for the words that a picture shows.
    """
    texts = readable(files)
    if model is not None:
        texts["figure"] = " ".join(drawn_texts(export.figure_sheet(model, width_mm=180.0)))
    return findings(texts, analysis.records.of_patient(patient_id))
