"""The case report as files: documents, and the archive that repeats them."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from typing import Literal

from sm_tracker import __version__
from sm_tracker.domain.settings import Settings
from sm_tracker.domain.tables import Records
from sm_tracker.errors import ExportError
from sm_tracker.figures import export
from sm_tracker.figures.export import FigureModel, PatientModel
from sm_tracker.figures.page.collisions import texts_of_page
from sm_tracker.ingest import SourceFile
from sm_tracker.languages import Message
from sm_tracker.report.author_statements import AuthorStatements
from sm_tracker.report.bundle import on_relative_days, report_bundle
from sm_tracker.report.contents import CaseReport
from sm_tracker.report.document import html_document, word_document
from sm_tracker.report.export_tables import table_as_csv, write_csv
from sm_tracker.report.exported import readable_texts
from sm_tracker.report.identifying import identifying_findings
from sm_tracker.report.pdf_document import pdf_document
from sm_tracker.workflow.analysing import Analysis, analyse, only_patient
from sm_tracker.workflow.file_import import read_files, records_of
from sm_tracker.workflow.printing import (
    PrintedFigure,
    figure_command,
    report_command,
    table_command,
)
from sm_tracker.workflow.reporting import (
    chosen_figure,
    figure_of_report,
    first_day,
    report_from,
    report_with_figure,
)

ReportKind = Literal["docx", "html", "pdf", "zip"]
REPORT_KINDS: tuple[ReportKind, ...] = ("docx", "html", "pdf", "zip")
BUNDLE_DPI = 300


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
        text_pt=printed.text_pt,
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
    report = report_from(
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
    return on_relative_days(own, first_day(visits, own))


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
        page = export.figure_page(
            one_model, width_mm=one.width_mm, notes=one.notes, text_pt=one.text_pt
        )
        words.update(dict.fromkeys(texts_of_page(page)))
    packed = _bundle(
        own, analysis.settings, b"", shown, (report, main, None),
        lambda _model, fmt, _one: export.blank_picture(fmt),
    )  # fmt: skip
    texts = readable_texts({"zip": packed}) | {"figure": " ".join(words)}
    return identifying_findings(texts, analysis.records.of_patient(patient_id))
