"""What a field of a record may hold: kind, unit, limits, words. Stated here, used at every door.

A record describes each of its fields once, where the field is declared. The constructor holds
to the description; from it come the columns of the tables, the rules of the database, the
limits of the forms, and what the import and a registry run refuse.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final, Literal

FieldKind = Literal["code", "label", "name", "note", "word", "number", "whole", "flag", "date",
                    "time", "times"]  # fmt: skip
"""A code, label or name is short text, a note long text, a word one of a few. A time is a date
or a day number, times are several. In a label a word for "unknown" is a blank; in place of a
code or of a site it is refused."""

LONGEST_NAME: Final = 120
LONGEST_NOTE: Final = 4_000
LAST_DAY: Final = 100_000
FIRST_DATE: Final = dt.date(1900, 1, 1)
LAST_DATE: Final = dt.date(2200, 12, 31)
MOST_MM: Final = 50.0
MOST_COUNT: Final = 1_000_000
MOST_VALUE: Final = 1e15
"""Of a second outcome: cells in a litre of blood are a thousandth of it."""
SHORT_TEXTS: Final = ("code", "label", "name")
TEXTS: Final = (*SHORT_TEXTS, "note", "word")
_DAYS: Final = {"least": -LAST_DAY, "most": LAST_DAY}
_OF_KIND: Final[Mapping[str, Mapping[str, Any]]] = {
    **{kind: {"longest": LONGEST_NAME} for kind in SHORT_TEXTS},
    "note": {"longest": LONGEST_NOTE},
    "date": {"least": FIRST_DATE, "most": LAST_DATE},
}


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldRule:
    """What one field may hold.

    Attributes
    ----------
    kind : FieldKind
    meaning : str
        In English, for documents.
    unit : str
    needed : bool
        Whether it may be neither None nor blank.
    words : tuple of str
        The words that a field of kind ``"word"`` may hold.
    above, least, most : float, int, date or None
        Limits of numbers and dates; above excludes its value.
    longest : int
        Characters of a text; 0 for no limit.
    column : bool
        Whether a table must have its column, although a cell may be blank.
    default : object
        Of the field; the value of its blank cells in a table where it `fills` them.
    fills : bool
    """

    kind: FieldKind
    meaning: str
    unit: str = ""
    needed: bool = False
    words: tuple[str, ...] = ()
    above: float | None = None
    least: Any = None
    most: Any = None
    longest: int = 0
    column: bool = False
    default: Any = None
    fills: bool = False


def described(
    kind: FieldKind, meaning: str, *, default: Any = dataclasses.MISSING, **limits: Any
) -> Any:
    """A field of a record with its description.

    A text that is not needed is blank, a number, date or time that is not needed is None,
    where no other default is given.
    """
    if default is dataclasses.MISSING and not limits.get("needed"):
        default = "" if kind in TEXTS else () if kind == "times" else None
    given = {**_OF_KIND.get(kind, {}), **limits, "default": default}
    rule = FieldRule(kind=kind, meaning=meaning, **given)
    return dataclasses.field(default=default, metadata={"rule": rule})


def day_number_field(meaning: str) -> Any:
    """A field that counts days from any origin."""
    return described("whole", meaning, unit="days", **_DAYS)


_RULES: dict[type[Any], Mapping[str, FieldRule]] = {}


def rules_of(kind: type[Any]) -> Mapping[str, FieldRule]:
    """The described fields of a kind of record, by name in their order."""
    if kind not in _RULES:
        _RULES[kind] = MappingProxyType(
            {f.name: f.metadata["rule"] for f in dataclasses.fields(kind) if "rule" in f.metadata}
        )
    return _RULES[kind]
