"""What makes two runs the same: input, settings, partitions, and the code that computes."""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path

from sm_tracker.domain.settings import Settings

_PACKAGE = Path(__file__).resolve().parent.parent
# What decides a number or which rows count; a test holds it to what a partition loads.
COMPUTING = (
    "analysis.change",
    "analysis.concordance",
    "analysis.contrasts",
    "analysis.error",
    "analysis.flags",
    "analysis.patient_level",
    "analysis.reading_roles",
    "analysis.reasons",
    "analysis.stretches",
    "analysis.verdict",
    "domain.doubt",
    "domain.exposure",
    "domain.exposure_states",
    "domain.faults",
    "domain.missing",
    "domain.records",
    "domain.regimens",
    "domain.series",
    "domain.series_key",
    "domain.settings",
    "domain.tables",
    "domain.timeline",
    "registry.courses",
    "registry.partition",
    "registry.partitioning",
    "registry.reading",
    "registry.rows",
)


@cache
def program_id() -> str:
    """Twelve characters that change with the source of anything that decides a number."""
    digest = hashlib.sha256()
    for module in COMPUTING:
        path = _PACKAGE.joinpath(*module.split(".")).with_suffix(".py")
        # Line ends differ between checkouts of the same version.
        digest.update(path.read_bytes().replace(b"\r\n", b"\n"))
    return digest.hexdigest()[:12]


def run_id(input_fingerprint: str, settings: Settings, n_partitions: int) -> str:
    """Twelve characters that identify a run: equal if and only if the output would be."""
    parts = (input_fingerprint, settings.settings_id, str(n_partitions), program_id())
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:12]
