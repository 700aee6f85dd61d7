"""A record is valid when made: its fields against their description, and against each other.

Most records are valid as they are, and a large import makes millions: what can be seen at a
glance is looked at first, and only a record that does not pass is gone through field by field.
"""

from __future__ import annotations

import datetime as dt
import math
import numbers
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from operator import attrgetter
from typing import Any, Final

from sm_tracker.domain.missing import is_missing
from sm_tracker.domain.record_fields import (
    FIRST_DATE,
    LAST_DATE,
    LAST_DAY,
    SHORT_TEXTS,
    TEXTS,
    FieldRule,
    rules_of,
)
from sm_tracker.errors import RecordError
from sm_tracker.languages import Message

SHOWN_CHARACTERS: Final = 40
MOST_SEEN: Final = 50_000
"""Combinations of texts that are remembered as valid."""
_PLAINLY: Final[Mapping[str, tuple[Any, ...]]] = {
    "flag": (True, False), "time": (None,), "times": ((),),
}  # fmt: skip
_TYPE_OF: Final[Mapping[str, type[Any]]] = {"number": float, "whole": int, "date": dt.date}


@dataclass(frozen=True, slots=True, kw_only=True)
class RowRule:
    """What must hold between fields of one record.

    Attributes
    ----------
    name : str
        Of the rule in the database.
    field : str
        The field to correct.
    holds : callable
        Whether it holds for a record.
    why : Message
        What is wrong where it does not.
    sql : str
        The same for a row of the database; blank where a row cannot say it.
    """

    name: str
    field: str
    holds: Callable[[Any], bool]
    why: Message
    sql: str = ""


def _one_of_two(name: str, date: str, day: str) -> RowRule:
    either = attrgetter(date, day)

    def holds(record: Any) -> bool:
        first, second = either(record)
        return (first is None) != (second is None)

    why = Message("exactly one of {date_name} and {day_name} is needed", date_name=date,
                  day_name=day)  # fmt: skip
    quoted = [f'"{n}"' if n in RESERVED else n for n in (date, day)]
    sql = f"({quoted[0]} IS NULL) <> ({quoted[1]} IS NULL)"
    return RowRule(name=name, field=date, holds=holds, why=why, sql=sql)


RESERVED: Final = ("start", "end")
"""Names that mean something else to a database unless they are quoted."""


def _in_order(period: Any) -> bool:
    if period.date_precision != "day" or period.end_date_precision not in ("", "day"):
        return True
    pairs = ((period.start, period.end), (period.start_day, period.end_day))
    return all(a is None or b is None or a <= b for a, b in pairs)


def _one_axis(times: Callable[[Any], tuple[Any, ...]]) -> Callable[[Any], bool]:
    def holds(period: Any) -> bool:
        dated = period.start is not None
        return all(t is None or isinstance(t, dt.date) == dated for t in times(period))

    return holds


_MIXED = Message("dates and day numbers are mixed")
_DATE_OR_DAY = _one_of_two("date_or_day", "date", "day")
MEASUREMENT_RULES: Final = (
    _DATE_OR_DAY,
    RowRule(
        name="value_if_ok",
        field="thickness_mm",
        holds=lambda m: m.status != "ok" or m.thickness_mm is not None,
        why=Message("it is missing although the reading is ok"),
        sql="status <> 'ok' OR thickness_mm IS NOT NULL",
    ),
)
THERAPY_RULES: Final = (
    _one_of_two("start_or_start_day", "start", "start_day"),
    RowRule(
        name="end_after_start",
        field="end",
        holds=_in_order,
        why=Message("it lies before the start"),
        sql="date_precision <> 'day' OR end_date_precision NOT IN ('', 'day') OR "
        '("end" >= "start" AND end_day >= start_day)',
    ),
    RowRule(
        name="end_on_one_axis",  # not of the database yet: a rule there builds its table anew
        field="end",
        holds=lambda p: (p.end_day if p.start is not None else p.end) is None,
        why=_MIXED,
    ),
    RowRule(
        name="end_if_ended",
        field="end",
        holds=lambda p: p.end_status == "ended" or (p.end is None and p.end_day is None),
        why=Message("it is given although the period has not ended, or nobody knows when"),
        sql="end_status = 'ended' OR (\"end\" IS NULL AND end_day IS NULL)",
    ),
    RowRule(
        name="sessions_on_one_axis",
        field="session_dates",
        holds=_one_axis(lambda p: p.session_dates),
        why=_MIXED,
    ),
    RowRule(
        name="limits_on_one_axis",
        field="starts_after",
        holds=_one_axis(lambda p: (p.starts_after, p.starts_by, p.ends_after, p.ends_by)),
        why=_MIXED,
    ),
)
OUTCOME_RULES: Final = (_DATE_OR_DAY,)
EVENT_RULES: Final = (_DATE_OR_DAY,)


def settle(record: Any, rules: tuple[RowRule, ...]) -> None:
    """Bring the fields of a new record to their plain kinds, or refuse it.

    Numbers of numpy and pandas become plain ones, so that what is written, hashed and read
    back is the same everywhere; a word for "unknown" in a label becomes a blank.

    Raises
    ------
    RecordError
        For the first field that holds what it cannot hold.
    """
    if not _plan_of(type(record)).passes(record):
        for name, rule in rules_of(type(record)).items():
            value = getattr(record, name)
            plain = plain_value(value, name, rule)
            if plain is not value:
                object.__setattr__(record, name, plain)
    for row_rule in rules:
        if not row_rule.holds(record):
            raise _refused(row_rule.field, getattr(record, row_rule.field), row_rule.why)


class _Plan:
    """The fields of one kind of record, sorted by how they are looked at."""

    def __init__(self, kind: type[Any]) -> None:
        rules = rules_of(kind)
        self._texts = _getter([n for n, r in rules.items() if r.kind in TEXTS])
        self._text_rules = [(n, r) for n, r in rules.items() if r.kind in TEXTS]
        self._limited = _getter([n for n, r in rules.items() if r.kind in _TYPE_OF])
        self._limits = [_limits(r) for r in rules.values() if r.kind in _TYPE_OF]
        self._others = _getter([n for n, r in rules.items() if r.kind in _PLAINLY])
        self._plainly = [_PLAINLY[r.kind] for r in rules.values() if r.kind in _PLAINLY]
        self._seen: set[tuple[str, ...]] = set()

    def passes(self, record: Any) -> bool:
        """Whether every field is plainly within its description."""
        for value, (kind, low, high, needed) in zip(
            self._limited(record), self._limits, strict=True
        ):
            if value is None:
                if needed:
                    return False
            elif type(value) is not kind or not low <= value <= high:
                return False
        for value, plainly in zip(self._others(record), self._plainly, strict=True):
            if value not in plainly or type(value) is int:
                return False
        texts = self._texts(record)
        # The texts of one reading are mostly those of the one before.
        if texts not in self._seen:
            if {*map(type, texts)} != {str} or any(
                plain_value(text, name, rule) is not text
                for text, (name, rule) in zip(texts, self._text_rules, strict=True)
            ):
                return False
            if len(self._seen) >= MOST_SEEN:
                self._seen.clear()
            self._seen.add(texts)
        return True


def _getter(names: list[str]) -> Callable[[Any], tuple[Any, ...]]:
    if not names:
        return lambda record: ()
    if len(names) == 1:
        only = attrgetter(names[0])
        return lambda record: (only(record),)
    several: Callable[[Any], tuple[Any, ...]] = attrgetter(*names)
    return several


def _limits(rule: FieldRule) -> tuple[type[Any], Any, Any, bool]:
    low, high = rule.least, rule.most
    if rule.kind == "number":
        low = -1.7e308 if low is None else low
        high = 1.7e308 if high is None else high
        low = math.nextafter(rule.above, math.inf) if rule.above is not None else low
    return _TYPE_OF[rule.kind], low, high, rule.needed


_PLANS: dict[type[Any], _Plan] = {}


def _plan_of(kind: type[Any]) -> _Plan:
    plan = _PLANS.get(kind)
    if plan is None:
        plan = _PLANS[kind] = _Plan(kind)
    return plan


def plain_value(value: Any, name: str, rule: FieldRule) -> Any:
    """A value of one field in its plain kind.

    Raises
    ------
    RecordError
        If the field cannot hold it.
    """
    if rule.kind == "times":
        return tuple(_time(v, name) for v in value)
    if value is None:
        if rule.needed or rule.kind in TEXTS or rule.kind == "flag":
            raise _refused(name, value, Message("it is missing"))
        return None
    return _PLAIN[rule.kind](value, name, rule)


def _text(value: Any, name: str, rule: FieldRule) -> str:
    text = storable_text(value, name)
    if rule.kind in ("code", "label") and text.strip() and is_missing(text, rule.kind):
        if rule.needed:
            raise _refused(name, text, Message("it is a word for a missing value"))
        return ""
    if rule.needed and not text.strip():
        raise _refused(name, text, Message("it is blank"))
    if rule.words and text not in rule.words:
        raise _refused(name, text, Message("it is none of {names}", names=_listed(rule.words)))
    if rule.longest and len(text) > rule.longest:
        raise _refused(
            name,
            text,
            Message(
                "it is {n} characters long, and at most {most} are kept",
                n=len(text),
                most=rule.longest,
            ),
        )
    return text


def _listed(words: tuple[str, ...]) -> str:
    return ", ".join(map(repr, words))


def storable_text(value: Any, name: str) -> str:
    """A text that every database can keep.

    Raises
    ------
    RecordError
        If it is none, or holds NUL or half a character.
    """
    if not isinstance(value, str):
        raise _refused(name, value, Message("it is not text"))
    if "\x00" in value or any("\ud800" <= c <= "\udfff" for c in value):
        raise _refused(name, value, Message("it holds a character that no database can keep"))
    return value if type(value) is str else str(value)


def _number(value: Any, name: str, rule: FieldRule) -> float:
    if isinstance(value, bool) or not isinstance(value, numbers.Real):
        raise _refused(name, value, Message("it is not a number"))
    if not math.isfinite(value):
        raise _refused(name, value, Message("it is not finite"))
    plain = float(value)
    _within(plain, name, rule)
    return plain


def _whole(value: Any, name: str, rule: FieldRule) -> int:
    if isinstance(value, bool) or not isinstance(value, numbers.Real):
        raise _refused(name, value, Message("it is not a number"))
    given: Any = value
    if not math.isfinite(given) or given != int(given):
        raise _refused(name, value, Message("it is not a whole number"))
    plain = int(given)
    _within(plain, name, rule)
    return plain


def _within(value: Any, name: str, rule: FieldRule) -> None:
    unit = {"unit": f" {rule.unit}" if rule.unit else ""}
    if rule.above is not None and value <= rule.above:
        raise _refused(name, value, Message("it is not above {limit}", limit=f"{rule.above:g}"))
    if rule.least is not None and value < rule.least:
        raise _refused(
            name, value, Message("it is below {limit}{unit}", limit=_shown(rule.least), **unit)
        )
    if rule.most is not None and value > rule.most:
        raise _refused(
            name, value, Message("it is above {limit}{unit}", limit=_shown(rule.most), **unit)
        )


def _shown(limit: Any) -> str:
    return limit.isoformat() if isinstance(limit, dt.date) else f"{limit:,.0f}"


def _flag(value: Any, name: str, rule: FieldRule) -> bool:
    del rule
    if value not in (True, False):
        raise _refused(name, value, Message("it is neither true nor false"))
    return bool(value)


def _date(value: Any, name: str, rule: FieldRule | None = None) -> dt.date:
    del rule
    if not isinstance(value, dt.date) or value != value:
        raise _refused(name, value, Message("it is not a date"))
    date = value if type(value) is dt.date else dt.date(value.year, value.month, value.day)
    if not FIRST_DATE <= date <= LAST_DATE:
        raise _refused(
            name,
            date,
            Message(
                "it is not between {first} and {last}",
                first=FIRST_DATE.isoformat(),
                last=LAST_DATE.isoformat(),
            ),
        )
    return date


_DAY = FieldRule(kind="whole", meaning="", unit="days", least=-LAST_DAY, most=LAST_DAY)


def _time(value: Any, name: str, rule: FieldRule | None = None) -> dt.date | int:
    del rule
    return _date(value, name) if isinstance(value, dt.date) else _whole(value, name, _DAY)


_PLAIN: Final[Mapping[str, Callable[[Any, str, FieldRule], Any]]] = {
    **dict.fromkeys((*SHORT_TEXTS, "note", "word"), _text),
    "number": _number,
    "whole": _whole,
    "flag": _flag,
    "date": _date,
    "time": _time,
}


def _refused(name: str, value: Any, why: Message) -> RecordError:
    text = repr(value) if isinstance(value, str) else str(value)
    # What a person wrote at length may be about a patient: its length says enough.
    if len(text) > SHOWN_CHARACTERS or (isinstance(value, str) and not value.isprintable()):
        return RecordError(name, Message("a text of {n} characters", n=len(text) - 2), why)
    return RecordError(name, text, why)
