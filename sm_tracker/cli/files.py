"""Commands that write files: figure, report, export."""

from __future__ import annotations

import sys
from argparse import Namespace
from pathlib import Path

from sm_tracker import workflow
from sm_tracker.cli.figure_choices import choices_of
from sm_tracker.cli.tables import DONE, FAILED, STATUS_OF_OUTCOME, read, say, settings_of
from sm_tracker.errors import ExportError

SHOWN = 3
"""How many findings of a kind are written out."""


def figure(options: Namespace) -> int:
    """Write the print figure of one patient, and list what could still identify."""
    from sm_tracker.figures.export import preset_width

    settings = settings_of(options)
    result = read(options)
    say(result)
    if result.outcome in ("ask", "reject"):
        return STATUS_OF_OUTCOME[result.outcome]
    records = workflow.records_of(result)
    patient = workflow.only_patient(records, options.patient)
    analysis = workflow.analyse(records.of_patient(patient), settings)
    choices = choices_of(options)
    workflow.export_figure(
        analysis,
        options.out,
        patient_id=patient,
        choices=choices,
        width_mm=options.width_mm or preset_width(options.preset),
        dpi=options.dpi,
        gray=options.gray,
        notes=not options.no_notes,
    )
    out = Path(options.out)
    model = workflow.chosen_figure(analysis, patient, choices)
    warn_of_identity(
        workflow.what_files_may_identify(analysis, patient, {out.name: out.read_bytes()}, model)
    )
    print(f"written: {out}", file=sys.stderr)
    return FAILED if result.refused else DONE


def report(options: Namespace) -> int:
    """Write the case report of one patient, and list what could still identify."""
    settings = settings_of(options)
    result = read(options)
    say(result)
    if result.outcome in ("ask", "reject"):
        return STATUS_OF_OUTCOME[result.outcome]
    records = workflow.records_of(result)
    patient = workflow.only_patient(records, options.patient)
    analysis = workflow.analyse(records.of_patient(patient), settings)
    out = Path(options.out)
    kind = out.suffix.lstrip(".")
    content = workflow.report_file(analysis, patient, kind, relative_days=options.relative_days)
    write_file(out, content)
    warn_of_identity(workflow.what_files_may_identify(analysis, patient, {out.name: content}))
    return FAILED if result.refused else DONE


def warn_of_identity(found: list[tuple[str, str, str]]) -> None:
    """Name on standard error what may identify, one line for each kind in each place."""
    places: dict[tuple[str, str], list[str]] = {}
    for where, kind, what in found:
        places.setdefault((where, kind), []).append(what)
    for (where, kind), values in places.items():
        more = f" and {len(values) - SHOWN} more" if len(values) > SHOWN else ""
        print(
            f"may identify: {kind} in {where}: {', '.join(values[:SHOWN])}{more}", file=sys.stderr
        )


def export(options: Namespace) -> int:
    """Write what was read as our own tables."""
    result = read(options)
    say(result)
    if result.outcome in ("ask", "reject"):
        return STATUS_OF_OUTCOME[result.outcome]
    records = workflow.records_of(result)
    out = Path(options.out)
    if options.to == "xlsx":
        write_file(out, workflow.write_xlsx(records))
    else:
        for path, content in csv_paths(out, workflow.write_csv(records)).items():
            write_file(path, content)
    return FAILED if result.refused else DONE


def csv_paths(out: Path, files: dict[str, bytes]) -> dict[Path, bytes]:
    """Where each table goes: into a folder, or beside `out` with its name added.

    A single table, or the first of several, takes the name `out` itself.
    """
    if out.is_dir():
        return {out / name: content for name, content in files.items()}
    paths = [out, *(out.with_stem(f"{out.stem}_{Path(name).stem}") for name in list(files)[1:])]
    return dict(zip(paths, files.values(), strict=False))


def write_file(path: Path, content: bytes) -> None:
    """Write a file and name it on standard error.

    Raises
    ------
    ExportError
        If it cannot be written.
    """
    try:
        path.write_bytes(content)
    except OSError as error:
        raise ExportError(
            "The file cannot be written", where=str(path), why=(error.strerror or "").lower()
        ) from None
    print(f"written: {path}", file=sys.stderr)
