"""What every record must satisfy before it is stored, whoever sends it."""

from __future__ import annotations

import dataclasses
import datetime as dt
import math
import numbers
import types
import typing
from functools import cache
from typing import Any, TypeVar

from sm_tracker.domain.records import (
    LIMITS_FROM_TAGS,
    PRECISIONS,
    Measurement,
    OutcomeReading,
    TherapyPeriod,
)
from sm_tracker.errors import StoreError
from sm_tracker.languages import Message

R = TypeVar("R", bound=Measurement | TherapyPeriod | OutcomeReading)
LARGEST_WHOLE_NUMBER = 2**62


def checked(record: R) -> R:
    """The record in plain types, if it can be stored.

    Numbers of numpy and pandas become plain ones, so that what is written, hashed and read
    back is the same on every database.

    Raises
    ------
    StoreError
        If a field is of the wrong kind or out of range, naming the field.
    """
    record_type: Any = type(record)
    values = {
        name: _plain(value, name, kind)
        for name, kind in _kinds(record_type).items()
        if not _is_plain(value := getattr(record, name), kind)
    }
    for name, words in _words(record_type).items():
        if values.get(name, getattr(record, name)) not in words:
            raise _refused(
                name, Message("it is none of {names}", names=", ".join(map(repr, words)))
            )
    if isinstance(record, TherapyPeriod):
        if record.session_dates:
            values["session_dates"] = _times(record.session_dates, "session_dates")
        limits = {n: getattr(record, n) for n in LIMITS_FROM_TAGS}
        values |= {n: _time(v, n) for n, v in limits.items() if v is not None}
    plain = dataclasses.replace(record, **values) if values else record
    if not plain.patient_id.strip():
        raise _refused("patient_id", Message("it is blank"))
    if isinstance(plain, Measurement):
        _check_measurement(plain)
    elif isinstance(plain, TherapyPeriod):
        _check_therapy(plain)
    else:
        _one_of_two(plain.date, plain.day, "date", "day")
        _given(plain.outcome, "outcome")
    return plain


@cache
def _kinds(record_type: Any) -> dict[str, tuple[type, bool]]:
    hints = typing.get_type_hints(record_type)
    found = {}
    for name, hint in hints.items():
        options = typing.get_args(hint) if isinstance(hint, types.UnionType) else (hint,)
        if len(set(options) - {type(None)}) > 1:
            continue  # a date or a day, see _time
        kind = str if typing.get_origin(options[0]) is typing.Literal else options[0]
        if kind in (str, int, float, bool, dt.date):
            found[name] = (kind, type(None) in options)
    return found


@cache
def _words(record_type: Any) -> dict[str, tuple[str, ...]]:
    hints = typing.get_type_hints(record_type)
    return {
        name: typing.get_args(hint)
        for name, hint in hints.items()
        if typing.get_origin(hint) is typing.Literal
    }


def _is_plain(value: Any, kind: tuple[Any, bool]) -> bool:
    """Whether a value can be stored as it is: most can, and a large import has millions."""
    wanted, optional = kind
    if value is None:
        return optional
    if type(value) is not wanted:
        return False
    if wanted is str:
        return value.isascii() and "\x00" not in value
    if wanted is float:
        return math.isfinite(value)
    return wanted is not int or abs(value) <= LARGEST_WHOLE_NUMBER


def _plain(value: Any, name: str, kind: tuple[type, bool]) -> Any:
    wanted, optional = kind
    if value is None:
        if optional:
            return None
        raise _refused(name, Message("it is missing"))
    return _PLAIN_OF[wanted](value, name)


def checked_text(value: Any, name: str) -> str:
    """A text that every database can keep.

    Raises
    ------
    StoreError
        If it is none, or holds NUL or half a character.
    """
    if not isinstance(value, str):
        raise _refused(name, Message("it is no text"))
    if "\x00" in value or any("\ud800" <= c <= "\udfff" for c in value):
        raise _refused(name, Message("it holds a character that no database can keep"))
    return str(value)


def _whole(value: Any, name: str) -> int:
    if float(_number(value, name)) % 1:
        raise _refused(name, Message("it is no whole number"))
    if abs(int(value)) > LARGEST_WHOLE_NUMBER:
        raise _refused(name, Message("it is too large"))
    return int(value)


def _number(value: Any, name: str) -> float:
    if isinstance(value, bool) or not isinstance(value, numbers.Real):
        raise _refused(name, Message("it is no number"))
    if not math.isfinite(value):
        raise _refused(name, Message("it is not finite"))
    return float(value)


def _flag(value: Any, name: str) -> bool:
    if value not in (True, False):
        raise _refused(name, Message("it is neither true nor false"))
    return bool(value)


def _date(value: Any, name: str) -> dt.date:
    if not isinstance(value, dt.date):
        raise _refused(name, Message("it is no date"))
    return dt.date(value.year, value.month, value.day)


_PLAIN_OF = {str: checked_text, int: _whole, float: _number, bool: _flag, dt.date: _date}


def _times(values: tuple[Any, ...], name: str) -> tuple[dt.date | int, ...]:
    return tuple(_time(v, name) for v in values)


def _time(value: Any, name: str) -> dt.date | int:
    return _date(value, name) if isinstance(value, dt.date) else _whole(value, name)


def _check_measurement(reading: Measurement) -> None:
    _one_of_two(reading.date, reading.day, "date", "day")
    _given(reading.site, "site")
    if reading.status == "ok" and reading.thickness_mm is None:
        raise _refused("thickness_mm", Message("it is missing although the reading is ok"))
    if reading.thickness_mm is not None and reading.thickness_mm <= 0:
        raise _refused("thickness_mm", Message("it is not above zero"))


def _check_therapy(period: TherapyPeriod) -> None:
    _one_of_two(period.start, period.start_day, "start", "start_day")
    _given(period.therapy, "therapy")
    if period.end_status != "ended" and (period.end is not None or period.end_day is not None):
        raise _refused(
            "end",
            Message("it is given although the end is {end_status}", end_status=period.end_status),
        )
    exact = period.date_precision == "day" and period.end_date_precision in ("", "day")
    early = (period.start is not None and period.end is not None and period.end < period.start) or (
        period.start_day is not None
        and period.end_day is not None
        and period.end_day < period.start_day
    )
    if exact and early:
        raise _refused("end", Message("it lies before the start"))
    if period.end_date_precision not in ("", *PRECISIONS):
        raise _refused(
            "end_date_precision",
            Message("it is none of {names}", names=", ".join(map(repr, PRECISIONS))),
        )
    times = {"session_dates": period.session_dates}
    times |= {n: (getattr(period, n),) for n in LIMITS_FROM_TAGS if getattr(period, n) is not None}
    for name, some in times.items():
        if any(isinstance(when, dt.date) != (period.start is not None) for when in some):
            raise _refused(name, Message("dates and day numbers are mixed"))


def _one_of_two(date: object, day: object, date_name: str, day_name: str) -> None:
    if (date is None) == (day is None):
        raise _refused(
            date_name,
            Message(
                "exactly one of {date_name} and {day_name} is needed",
                date_name=date_name,
                day_name=day_name,
            ),
        )


def _given(text: str, name: str) -> None:
    if not text.strip():
        raise _refused(name, Message("it is blank"))


def checked_reason(reason: str) -> str:
    """A reason that somebody has given.

    Raises
    ------
    StoreError
        If it is blank.
    """
    _given(checked_text(reason, "reason"), "reason")
    return reason


def _refused(name: str, why: Message) -> StoreError:
    return StoreError(
        Message("A record cannot be stored: {name}", name=name),
        where=Message("field {name}", name=name),
        why=why,
        fix="correct the field and save again",
    )
