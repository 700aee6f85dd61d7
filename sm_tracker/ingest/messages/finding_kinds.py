"""The catalogue of findings: code, level, sentence, what it means, what to do.

Sentences are filled by `str.format` with row, column, value and the words named in them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from sm_tracker.domain.records import Level
from sm_tracker.ingest.messages.finding_kinds_columns import NAMED_CELL_KINDS
from sm_tracker.ingest.messages.finding_kinds_files import UNREAD_FILE_KINDS
from sm_tracker.ingest.messages.finding_kinds_outcomes import OUTCOME_KINDS
from sm_tracker.ingest.messages.finding_kinds_rows import MARKED_CELL_KINDS, REFUSED_ROW_KINDS
from sm_tracker.ingest.messages.finding_kinds_tables import TABLE_KINDS
from sm_tracker.ingest.messages.finding_kinds_tags import TAG_KINDS


@dataclass(frozen=True, slots=True)
class FindingKind:
    """One kind of finding.

    `message` is its sentence, `what` says what it means, `example` shows a cause and `fix`
    what a person can do.
    """

    level: Level
    message: str
    what: str
    example: str
    fix: str


SECTIONS: Mapping[str, Mapping[str, FindingKind]] = {
    title: {code: FindingKind(*parts) for code, parts in kinds.items()}
    for title, kinds in (
        ("Files that are not read", UNREAD_FILE_KINDS),
        ("Whole files, tables and columns", TABLE_KINDS),
        ("Readings tagged with a therapy", TAG_KINDS),
        ("Second outcomes", OUTCOME_KINDS),
        ("Rows that are left out", REFUSED_ROW_KINDS),
        ("Cells and rows that are read with a mark", MARKED_CELL_KINDS),
        ("Cells and columns kept, named or doubted", NAMED_CELL_KINDS),
    )
}
"""Every kind of finding by the subject it is about, then by its code."""

KINDS: Mapping[str, FindingKind] = {
    code: kind for kinds in SECTIONS.values() for code, kind in kinds.items()
}
"""Every kind of finding by its code."""
