"""``run.json``: what a run read, under which settings, and what each partition gave."""

from __future__ import annotations

import dataclasses
import json
import uuid
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from sm_tracker.domain.regimens import find_regimen
from sm_tracker.domain.settings import Settings
from sm_tracker.errors import ExportError, ReadError
from sm_tracker.languages import Message
from sm_tracker.registry.identity import program_id
from sm_tracker.registry.partition import PartitionCounts
from sm_tracker.registry.source import FileContent, input_fingerprint

NAME = "run.json"
FORMAT = 2


def new_manifest(
    *,
    run_id: str,
    files: tuple[FileContent, ...],
    columns_left_unread: Mapping[str, list[str]],
    settings: Settings,
    n_partitions: int,
    partitioned_by: str,
    version: str,
) -> dict[str, Any]:
    """The manifest of a run that has computed nothing yet."""
    manifest = {
        "format": FORMAT,
        "run_id": run_id,
        "complete": False,
        "version": version,
        "program_id": program_id(),
        "settings_id": settings.settings_id,
        "settings": dataclasses.asdict(settings),
        "input": {
            "fingerprint": input_fingerprint(files),
            "files": [dataclasses.asdict(f) for f in files],
            "columns_left_unread": dict(columns_left_unread),
        },
        "n_partitions": n_partitions,
        "partitioned_by": partitioned_by,
    }
    # As it reads back, so that a manifest is the same before and after it was on disk.
    return dict(json.loads(json.dumps(manifest)))


def with_results(manifest: Mapping[str, Any], done: Iterable[PartitionCounts]) -> dict[str, Any]:
    """The manifest of a finished run, with the counts of every partition and their sums."""
    counts = sorted(done, key=lambda c: c.number)
    names = [
        f.name
        for f in dataclasses.fields(PartitionCounts)
        if f.name.startswith("n_") and f.name != "number"
    ]
    regimens: dict[str, list[int]] = {}
    for partition in counts:
        for name, (n_patients, n_rows) in partition.regimens.items():
            sums = regimens.setdefault(name, [0, 0])
            sums[0] += n_patients
            sums[1] += n_rows
    return {
        **manifest,
        "complete": True,
        "totals": {name: sum(getattr(c, name) for c in counts) for name in names},
        "regimens": {
            name: {"n_patients": n, "n_rows": rows, "standard_name": find_regimen(name) is not None}
            for name, (n, rows) in sorted(regimens.items())
        },
        "partitions": [
            {"number": c.number, **{name: getattr(c, name) for name in names}} for c in counts
        ],
    }


def write_manifest(folder: Path, manifest: Mapping[str, Any]) -> None:
    """Write ``run.json`` in one step, so that a crash leaves the old or the new one."""
    unfinished = folder / f".{NAME}.{uuid.uuid4().hex}.unfinished"
    try:
        text = json.dumps(manifest, ensure_ascii=False, indent=1)
        unfinished.write_text(text + "\n", encoding="utf-8")
        unfinished.replace(folder / NAME)
    except OSError as error:
        raise ExportError(
            "The output folder cannot be written",
            where=str(folder),
            why=(error.strerror or type(error).__name__).lower(),
        ) from None


def read_manifest(folder: Path) -> dict[str, Any] | None:
    """The manifest in a folder, or None if there is none.

    Raises
    ------
    ReadError
        If it is not a manifest of this program, or of a newer one.
    """
    path = folder / NAME
    if not path.exists():
        return None
    try:
        manifest = dict(json.loads(path.read_text(encoding="utf-8")))
        known = int(manifest["format"]) == FORMAT
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ReadError(
            "The folder holds no registry run that can be read",
            where=str(path),
            why=type(error).__name__,
            fix="give another folder",
        ) from None
    if not known:
        raise ReadError(
            "The registry run was written by another version of this program",
            where=str(path),
            why=Message(
                "format {format}; this version knows {known}",
                format=manifest["format"],
                known=FORMAT,
            ),
        )
    return manifest
