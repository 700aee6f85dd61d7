"""What makes two runs the same: input, settings, partitions, and the code that computes."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

from sm_tracker.domain.data import FOLDER as TABLES_FOLDER
from sm_tracker.domain.settings import Settings

_PACKAGE = Path(__file__).resolve().parent.parent
# What decides a number or which rows count; a test holds it to what a partition loads.
COMPUTING = (
    "analysis.change.build_change_table",
    "analysis.change.change_inputs",
    "analysis.change.concordance",
    "analysis.change.flags",
    "analysis.change.intervals",
    "analysis.change.patient_level",
    "analysis.change.phase_change",
    "analysis.change.phase_difference",
    "analysis.change.reading_change",
    "analysis.change.reading_roles",
    "analysis.change.reasons",
    "analysis.change.verdict",
    "analysis.kernels",
    "analysis.error.error_model",
    "domain.change_columns",
    "domain.doubt",
    "domain.event_kinds",
    "domain.exposure",
    "domain.exposure_states",
    "domain.faults",
    "domain.missing",
    "domain.record_fields",
    "domain.record_limits",
    "domain.record_rules",
    "domain.records",
    "domain.regimens",
    "domain.series",
    "domain.series_key",
    "domain.settings",
    "domain.tables",
    "domain.timeline",
    "registry.batches",
    "registry.courses",
    "registry.partition",
    "registry.partitioning",
    "registry.rows",
)

TABLES = ("missing", "regimens")
"""Tables of the vocabulary that decide a number as well."""


@cache
def program_id() -> str:
    """Twelve characters that change with the source of anything that decides a number."""
    digest = hashlib.sha256()
    sources = [_PACKAGE.joinpath(*module.split(".")).with_suffix(".py") for module in COMPUTING]
    sources += [TABLES_FOLDER / f"{name}.csv" for name in TABLES]
    for path in sources:
        # Line ends differ between checkouts of the same version.
        digest.update(path.read_bytes().replace(b"\r\n", b"\n"))
    return digest.hexdigest()[:12]


def run_id(input_fingerprint: str, settings: Settings, n_partitions: int) -> str:
    """Twelve characters that identify a run: equal if and only if the output would be."""
    parts = (input_fingerprint, settings.settings_id, str(n_partitions), program_id())
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:12]
