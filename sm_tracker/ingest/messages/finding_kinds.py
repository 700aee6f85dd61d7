"""The catalogue of findings: code, level, sentence, what it means, what to do.

The table is ``domain/data/findings.csv``, a row a finding. Sentences are filled by `str.format`
with row, column, value and the words named in them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, cast

from sm_tracker.domain.data import rows_of
from sm_tracker.domain.records import Level


@dataclass(frozen=True, slots=True)
class FindingKind:
    """One kind of finding.

    `section` is its subject, `message` its sentence, `what` says what it means, `example` shows a
    cause and `fix` what a person can do.
    """

    section: str
    level: Level
    message: str
    what: str
    example: str
    fix: str


KINDS: Final[Mapping[str, FindingKind]] = {
    row["code"]: FindingKind(
        row["section"], cast("Level", row["level"]), row["message"], row["what"], row["example"],
        row["fix"],
    )
    for row in rows_of("findings")
}  # fmt: skip
"""Every kind of finding by its code, in the order of the subjects."""
