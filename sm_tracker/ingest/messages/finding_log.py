"""Every kind of finding the import can report, with its level and its words.

docs/findings.md is written from this catalogue (``python -m docs.make_findings``), and a test
keeps the two equal. Codes are stable: clinics' scripts rely on them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from sm_tracker.domain.records import LETTERED, Finding, Place, RefusedRow
from sm_tracker.domain.standard_names import standard_name
from sm_tracker.ingest.messages.finding_kinds import KINDS, FindingKind
from sm_tracker.languages import Message

LISTED_PER_CODE = 1000
"""Findings of one code listed one by one in a file; further ones are counted together."""

LONGEST_VALUE = 200


@dataclass(frozen=True, slots=True)
class Location:
    """A file and sheet that findings are about, and which of several tables on it."""

    file: str
    sheet: str = ""
    table: int = field(default=1, compare=False)

    @property
    def of_table(self) -> tuple[str, str, int]:
        """File, sheet and number of the table on it."""
        return self.file, self.sheet, self.table

    def row(self, number: int | None) -> Place:
        """The place of one row."""
        return Place(file=self.file, sheet=self.sheet, row=number)


def refusal_reason(code: str) -> Message:
    """Short reason of a refused row: its code, and what its finding means."""
    return Message("{code}: {meaning}", code=code, meaning=Message(KINDS[code].what))


class FindingLog:
    """Gathers findings and refused rows while files are read."""

    def __init__(self) -> None:
        self.listed: list[Finding] = []
        self.refused: list[RefusedRow] = []
        self._counts: Counter[tuple[str, Location]] = Counter()

    def add(
        self, code: str, location: Location, row: int | None = None, /, **words: object
    ) -> None:
        """Add a finding; `words` fill the sentence of its kind.

        The words ``column`` and ``value`` are as written in the file and also become the fields
        of the finding; standard names of sites and regimens among the others are translated.
        """
        self._counts[code, location] += 1
        if self._counts[code, location] > LISTED_PER_CODE:
            return
        kind = KINDS[code]
        value, column = str(words.pop("value", "")), str(words.pop("column", ""))
        shown = value if len(value) <= LONGEST_VALUE else value[: LONGEST_VALUE - 1] + "…"
        self.listed.append(
            Finding(
                code=code,
                level=kind.level,
                message=Message(
                    kind.message,
                    row=row,
                    column=column.removeprefix(LETTERED),
                    value=shown,
                    **{k: standard_name(w) if isinstance(w, str) else w for k, w in words.items()},
                ),
                column=column,
                value=shown,
                place=location.row(row),
            )
        )

    def close(self) -> tuple[Finding, ...]:
        """All findings, with one line for those that were only counted."""
        for (code, location), count in self._counts.items():
            if count > LISTED_PER_CODE:
                self.listed.append(
                    Finding(
                        code=code,
                        level=KINDS[code].level,
                        message=Message(
                            "The same was found {more} more times; the first {n} are listed",
                            more=count - LISTED_PER_CODE,
                            n=LISTED_PER_CODE,
                        ),
                        place=location.row(None),
                    )
                )
        self._counts.clear()
        return tuple(sorted(self.listed, key=self._order()))

    def _order(self) -> Callable[[Finding], tuple[int, int]]:
        """Files and sheets as they were met, rows from top to bottom."""
        met = {(f.place.file, f.place.sheet): 0 for f in self.listed}
        rank = {place: i for i, place in enumerate(met)}
        return lambda f: (rank[f.place.file, f.place.sheet], f.place.row or 0)


__all__ = ["KINDS", "LISTED_PER_CODE", "FindingKind", "FindingLog", "Location", "refusal_reason"]
