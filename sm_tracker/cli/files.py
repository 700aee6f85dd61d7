"""Commands that write files: figure, report, export, scrub."""

from __future__ import annotations

import sys
from argparse import Namespace
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from sm_tracker.cli.figure_choices import choices_of, without_effect
from sm_tracker.cli.tables import settings_of, warn_of_set_aside, with_records
from sm_tracker.cli.terminal import make_folder, require_other_files, write_file
from sm_tracker.domain.day_zero import with_dates
from sm_tracker.domain.settings import Settings
from sm_tracker.domain.tables import Records
from sm_tracker.errors import ExportError
from sm_tracker.languages import Message, first_few
from sm_tracker.languages import gettext as _
from sm_tracker.report import export_tables
from sm_tracker.report.archive import zip_archive
from sm_tracker.report.exchange.forms import FORMS
from sm_tracker.report.exchange.losses import loss_words
from sm_tracker.report.identifying import kind_text
from sm_tracker.workflow import (
    analysing,
    cohort_printing,
    exchanging,
    report_files,
    reporting,
    scrubbing,
)
from sm_tracker.workflow.file_import import files_from_paths

if TYPE_CHECKING:
    from sm_tracker.figures.export import FigureModel

USUAL_PRESET, LEAST_TEXT_PT = "two-column-180", 7.0
SHOWN = 3
"""How many values of a kind are written out."""


def write_figure_file(options: Namespace) -> int:
    """Write the print figure of one patient, and list what could still identify.

    Or that of a group, whose patients are numbered.
    """
    from sm_tracker.figures.export import FORMATS

    require_ending(options.out, (*FORMATS, "tif"))
    settings, choices = settings_of(options), choices_of(options)
    write = _figure_writer(options)
    out = Path(options.out)
    for note in without_effect(options):
        print(note, file=sys.stderr)

    def draw_group(records: Records) -> None:
        write(
            cohort_printing.group_figure(
                analysing.analyse(records, settings=settings),
                options.cohort.replace("-", "_"),
                regimen=options.regimen,
                site=next(iter(options.site), ""),
                percent=options.percent,
                language=options.language,
            )
        )
        print(_("written: {file}").format(file=out), file=sys.stderr)

    def draw(records: Records) -> None:
        patient = analysing.only_patient(records, options.patient)
        analysis = analysis_of_patient(records, patient, settings)
        model = reporting.chosen_figure(analysis, patient, choices)
        write(model)
        files = {out.name: out.read_bytes()}
        warn_of_identity(reporting.what_files_may_identify(analysis, patient, files, model))
        print(_("written: {file}").format(file=out), file=sys.stderr)

    return with_records(options, draw_group if options.cohort else draw)


def _figure_writer(options: Namespace) -> Callable[[FigureModel], None]:
    """What writes a figure as the options say; a journal decides what is left open.

    Raises
    ------
    ExportError
        If there is no such journal or preset.
    """
    from sm_tracker.figures.export import figure_page, preset_width, write_figure
    from sm_tracker.figures.journals import height_warning, journal_of

    journal = journal_of(options.journal) if options.journal else None
    width_mm, text_pt = options.width_mm, options.text_pt
    if width_mm is None:
        widest = journal.widths_mm[-1] if journal and not options.preset else 0
        width_mm = widest or preset_width(options.preset or USUAL_PRESET)
    look = {
        "width_mm": width_mm,
        "gray": options.gray,
        "notes": not options.no_notes,
        "text_pt": text_pt or (journal.text_pt if journal else LEAST_TEXT_PT),
    }

    def write(model: FigureModel) -> None:
        write_figure(model, options.out, dpi=options.dpi, **look)
        high = figure_page(model, **look).height_mm
        warning = height_warning(journal, high) if journal else None
        if warning:
            print(_("note: {words}").format(words=warning), file=sys.stderr)

    return write


def write_report_file(options: Namespace) -> int:
    """Write the case report of one patient, and list what could still identify."""
    require_ending(options.out, report_files.REPORT_KINDS)
    settings = settings_of(options)
    out = Path(options.out)

    def write(records: Records) -> None:
        patient = analysing.only_patient(records, options.patient)
        analysis = analysis_of_patient(records, patient, settings)
        kind = out.suffix.lstrip(".").lower()
        content = report_files.report_file(
            analysis, patient, kind, relative_days=options.relative_days
        )
        write_file(out, content)
        written = {out.name: content}
        if kind == "pdf":  # The letters of its pages are numbers of glyphs.
            report = reporting.report_of(analysis, patient, relative_days=options.relative_days)
            written[f"{out.name}/pages.txt"] = report.words.encode()
        warn_of_identity(reporting.what_files_may_identify(analysis, patient, written))

    return with_records(options, write)


def analysis_of_patient(records: Records, patient: str, settings: Settings) -> analysing.Analysis:
    """The analysis of one patient; whoever else cannot be computed is named.

    Raises
    ------
    TrackerError
        If this patient cannot be computed.
    """
    warn_of_set_aside(analysing.set_aside_of(records, but=patient))
    analysis = analysing.analyse(records.of_patient(patient), settings=settings)
    analysing.require_computed(analysis, patient)
    return analysis


def require_ending(out: str, endings: Sequence[str]) -> None:
    """Refuse a file name whose ending does not say the format, before anything is read.

    Raises
    ------
    ExportError
    """
    ending = Path(out).suffix.lstrip(".").lower()
    if ending not in endings:
        raise ExportError(
            Message("The format of {out!r} is not known", out=out),
            where="--out",
            why=Message("its ending is {ending!r}", ending=ending)
            if ending
            else "it has no ending",
            fix=Message("end the name in .{names}", names=", .".join(endings)),
        )


def warn_of_identity(found: list[tuple[str, str, str]]) -> None:
    """Name on standard error what may identify, one line for each kind in each place."""
    places: dict[tuple[str, str], list[str]] = {}
    for where, kind, what in found:
        places.setdefault((where, kind), []).append(what)
    for (where, kind), values in places.items():
        text = _("may identify: {kind} in {where}: {values}")
        said = text.format(
            kind=kind_text(kind), where=_place(where), values=first_few(values, SHOWN)
        )
        print(said, file=sys.stderr)


def _place(where: str) -> str:
    """A place in the language in use: what is said of a file, before the file."""
    for head, text in (
        ("name of ", _("name of {file}")),
        ("times in ", _("times in {file}")),
        ("remarks in ", _("remarks in {file}")),
    ):
        if where.startswith(head):
            return text.format(file=where.removeprefix(head))
    return where


def write_tables(options: Namespace) -> int:
    """Write what was read in a form of exchange, and say what that form leaves behind."""

    def write(records: Records) -> None:
        records = with_dates(records, dict(options.anchor))
        files, losses = exchanging.exchange_files(records, options.to, strict=options.strict)
        paths = paths_of_form(Path(options.out), files, options.to)
        require_other_files(paths, options.files)
        text = _("warning not_carried: {table}, column {column}: {words}")
        for loss in losses:
            words = loss_words(loss)
            said = text.format(table=loss.table, column=loss.column, words=words)
            print(said, file=sys.stderr)
        if FORMS[options.to].several and len(paths) > 1 and options.to != "csv":
            make_folder(Path(options.out))
        for path, content in paths.items():
            write_file(path, content)

    return with_records(options, write)


def paths_of_form(out: Path, files: dict[str, bytes], form: str) -> dict[Path, bytes]:
    """Where the files of a form go: one file, a folder or an archive; losses lie beside them."""
    if form == "csv" or not FORMS[form].several:
        losses = {out.with_name(n): c for n, c in files.items() if n == exchanging.LOSSES}
        tables = {name: c for name, c in files.items() if name != exchanging.LOSSES}
        placed = csv_paths(out, tables) if form == "csv" else {out: next(iter(tables.values()))}
        return {**placed, **losses}
    if out.suffix.lower() == ".zip":
        return {out: zip_archive(files)}
    return {out / name: content for name, content in files.items()}


def write_own_tables(
    records: Records, out: Path, inputs: Sequence[str] = (), *, xlsx: bool
) -> None:
    """Write our own tables as one XLSX file, or as the CSV files of :func:`csv_paths`.

    Raises
    ------
    ExportError
        If a file cannot be written, or is one of the `inputs`.
    """
    if xlsx:
        write_file(out, export_tables.write_xlsx(records))
        return
    tables = csv_paths(out, export_tables.write_csv(records))
    require_other_files(tables, inputs)
    for path, content in tables.items():
        write_file(path, content)


def csv_paths(out: Path, files: dict[str, bytes]) -> dict[Path, bytes]:
    """Where each table goes: into a folder, or beside `out` with its name added.

    A single table, or the first of several, takes the name `out` itself.
    """
    if out.is_dir():
        return {out / name: content for name, content in files.items()}
    paths = [out, *(out.with_stem(f"{out.stem}_{Path(name).stem}") for name in list(files)[1:])]
    return dict(zip(paths, files.values(), strict=False))


def write_scrubbed_copy(options: Namespace) -> int:
    """Write a harmless copy of a file, and name what stayed in it and what it does not show."""
    require_other_files([options.out], [options.file])
    copy = scrubbing.scrub_file(files_from_paths([options.file])[0])
    write_file(Path(options.out), copy.content)
    if copy.kept:
        text = _("may identify: words of column names that stayed: {words}")
        print(text.format(words=", ".join(copy.kept)), file=sys.stderr)
    for text, codes in (
        (_("not shown by the copy: {codes}"), copy.lost),
        (_("only in the copy: {codes}"), copy.added),
    ):
        if codes:
            print(text.format(codes=", ".join(dict.fromkeys(codes))), file=sys.stderr)
    print(
        _("Numbers stayed as they are. Look the copy through before you send it."), file=sys.stderr
    )
    return 0
