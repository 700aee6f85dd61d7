"""Commands that write files: figure, report, export."""

from __future__ import annotations

import sys
from argparse import Namespace
from pathlib import Path

from sm_tracker import workflow
from sm_tracker.cli.tables import DONE, FAILED, STATUS_OF_OUTCOME, read, say, settings_of
from sm_tracker.errors import ExportError


def figure(options: Namespace) -> int:
    """Write the print timeline of one patient."""
    from sm_tracker.figures.export import preset_width

    settings = settings_of(options)
    result = read(options)
    say(result)
    if result.outcome in ("ask", "reject"):
        return STATUS_OF_OUTCOME[result.outcome]
    width = options.width_mm or preset_width(options.preset)
    workflow.export_figure(
        result,
        options.out,
        patient_id=options.patient,
        settings=settings,
        width_mm=width,
        dpi=options.dpi,
        gray=options.gray,
        relative_days=options.relative_days,
        percent=options.percent,
        language=options.language,
    )
    print(f"written: {options.out}", file=sys.stderr)
    return FAILED if result.refused else DONE


def report(options: Namespace) -> int:
    """Write the case report of one patient."""
    settings = settings_of(options)
    result = read(options)
    say(result)
    if result.outcome in ("ask", "reject"):
        return STATUS_OF_OUTCOME[result.outcome]
    records = workflow.records_of(result)
    patient = workflow.only_patient(records, options.patient)
    analysis = workflow.analyse(records.of_patient(patient), settings)
    kind = Path(options.out).suffix.lstrip(".")
    content = workflow.report_file(analysis, patient, kind, relative_days=options.relative_days)
    for where, what, value in workflow.what_may_identify(
        analysis, patient, relative_days=options.relative_days
    ):
        print(f"may identify: {what} in the {where}: {value}", file=sys.stderr)
    write_file(Path(options.out), content)
    return FAILED if result.refused else DONE


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
