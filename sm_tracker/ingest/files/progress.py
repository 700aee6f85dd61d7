"""How far a reading has come, told while it runs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TypeVar

Tell = Callable[[float, str], None]
"""Takes the share done, from 0 to 1, and the name of the file at hand (blank: all files)."""

ROWS_BETWEEN = 20_000
OPENED, READ = 0.4, 0.95
"""Shares done when all files are opened, and when all tables are read."""

_T = TypeVar("_T")


class Progress:
    """Turns steps within one file or table into the share of everything.

    The share never falls; parts weigh by their size (bytes of files, rows of tables).
    """

    def __init__(self, tell: Tell | None) -> None:
        self._tell = tell
        self._done = 0.0
        self._from, self._to, self._file = 0.0, 0.0, ""

    def part(self, file: str, span: tuple[float, float]) -> None:
        """Begin a file or table that takes the share from ``span[0]`` to ``span[1]``."""
        self._file = file
        self._from, self._to = span
        self.step(0.0)

    def step(self, share: float) -> None:
        """Tell that `share` of the part at hand is done."""
        at = self._from + (self._to - self._from) * min(1.0, max(0.0, share))
        self._done = max(self._done, at)
        if self._tell is not None:
            self._tell(self._done, self._file)

    def rows(self, items: Sequence[_T], span: tuple[float, float]) -> Iterator[_T]:
        """The items, telling every 20,000 of them how much of `span` of the part is done."""
        return self.counted(items, len(items), span)

    def counted(
        self, items: Iterable[_T], total: int, span: tuple[float, float] = (0.0, 1.0)
    ) -> Iterator[_T]:
        """The same for items of which about `total` are expected."""
        for number, item in enumerate(items):
            if number and number % ROWS_BETWEEN == 0:
                self.step(span[0] + (span[1] - span[0]) * number / max(total, number))
            yield item


def spans(sizes: Iterable[int], first: float, last: float) -> list[tuple[float, float]]:
    """Cut the share from `first` to `last` into parts by their sizes.

    >>> spans([1, 3], 0.0, 0.4)
    [(0.0, 0.1), (0.1, 0.4)]
    """
    weights = [max(1, size) for size in sizes]
    whole = sum(weights)
    ends = [round(first + (last - first) * sum(weights[: i + 1]) / whole, 6)
            for i in range(len(weights))]  # fmt: skip
    return list(zip([first, *ends[:-1]], ends, strict=True)) if weights else []
