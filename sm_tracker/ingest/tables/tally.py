"""Counts of cells by what became of them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field

from sm_tracker.domain.records import Ledger

KINDS = ("used", "noted", "named", "refused")


@dataclass(slots=True)
class Tally:
    """Cells counted so far by what became of them."""

    cells: int = 0
    counts: Counter[str] = field(default_factory=Counter)

    def add(self, kind: str, number: int) -> None:
        """Count cells as used, noted, named or refused."""
        self.cells += number
        self.counts[kind] += number

    def move(self, source: str, target: str, number: int) -> None:
        """Count cells as another kind after all: duplicates of records."""
        moved = min(number, self.counts[source])
        self.counts[source] -= moved
        self.counts[target] += moved

    def total(self, outcome: str) -> Ledger | None:
        """The ledger of all files; none while a question is open, all refused if rejected."""
        if outcome == "ask":
            return None
        if outcome == "reject":
            return Ledger(cells=self.cells, refused=self.cells)
        return Ledger(cells=self.cells, **{k: self.counts[k] for k in KINDS})
