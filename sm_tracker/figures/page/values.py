"""Plain values that every figure model holds: units, ticks, rows of the data behind it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Unit = Literal["mm", "percent"]
AxisKind = Literal["dates", "days"]


@dataclass(frozen=True, slots=True)
class Tick:
    """One tick of an axis; a minor one may go unlabelled where room is short."""

    at: float
    text: str
    major: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureRow:
    """One row of the table of everything drawn, in words."""

    kind: str
    name: str
    when: str
    value: str
    n: str
    remark: str
