"""Ends of audit trails, kept outside the database."""

from __future__ import annotations

from dataclasses import dataclass

from sm_tracker.errors import StoreError
from sm_tracker.store.audit import GENESIS


@dataclass(frozen=True, slots=True)
class AuditAnchor:
    """Length and last hash of a clinic's trail at some time; keep it outside the database.

    Whoever can write to the database file can compute a whole new chain. They cannot make one
    that still contains an anchor that was printed, mailed or stored elsewhere before.
    """

    clinic: str
    entries: int
    entry_hash: str

    def __str__(self) -> str:
        return f"{self.entries}:{self.entry_hash}:{self.clinic}"

    @classmethod
    def parse(cls, words: str) -> AuditAnchor:
        """An anchor from the text that ``str`` makes of it.

        Raises
        ------
        StoreError
            If it is none.
        """
        entries, _, rest = words.strip().partition(":")
        entry_hash, _, clinic = rest.partition(":")
        if not (entries.isdigit() and len(entry_hash) == len(GENESIS) and clinic):
            raise StoreError(
                "The anchor cannot be read",
                why="it is not of the form entries:hash:clinic",
                fix="use a line that `db verify` printed",
            )
        return cls(clinic, int(entries), entry_hash)
