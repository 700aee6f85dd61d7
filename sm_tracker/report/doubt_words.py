"""Why a value is doubtful, in words."""

from __future__ import annotations

from sm_tracker.domain.doubt import (
    ALONE,
    FAR,
    MISSING_CODE,
    OUT_OF_RANGE,
    POSSIBLE_MM,
    ValueDoubt,
)
from sm_tracker.domain.records import Measurement, Record
from sm_tracker.languages import gettext as _
from sm_tracker.report.numbers import decimals, mm


def doubted_value(record: Record, doubt: ValueDoubt) -> str:
    """A doubtful value with the reason, and what it may have been: ``20.5 mm is implausible``."""
    words = _sentence(doubt).format(
        value=value_text(record),
        usual=_in_unit(record, doubt.usual),
        low=decimals(POSSIBLE_MM[0], 2),
        high=decimals(POSSIBLE_MM[1], 0),
    )
    if doubt.suggested is not None:
        words += " " + _("Is it {value}?").format(value=suggestion_text(record, doubt))
    return words


def _sentence(doubt: ValueDoubt) -> str:
    if doubt.reason == MISSING_CODE:
        return _("{value} looks like a code for a missing value.")
    if doubt.reason == OUT_OF_RANGE:
        return _("{value} is implausible: skin is {low} to {high} mm thick.")
    if doubt.reason in (FAR, ALONE) and doubt.usual is not None:
        return _("{value} is far from the other values of its series (about {usual}).")
    return _("{value} is marked as doubtful.")


def value_text(record: Record, value: float | None = None) -> str:
    """The value of a record with its unit, or another value as this record would hold it."""
    if value is None:
        name = "thickness_mm" if isinstance(record, Measurement) else "value"
        value = getattr(record, name, None)
    return _in_unit(record, value)


def suggestion_text(record: Record, doubt: ValueDoubt) -> str:
    """The value that a doubtful one may have been, with its unit; blank without one."""
    return _in_unit(record, doubt.suggested)


def _in_unit(record: Record, value: float | None) -> str:
    if value is None:
        return ""
    if isinstance(record, Measurement):
        # Two decimals would make 0.0021 mm nothing.
        return f"{mm(value) if value >= 0.01 else decimals(value, 4)} mm"
    text = f"{value:.6g}"
    places = len(text.partition(".")[2])
    return f"{decimals(value, places)} {getattr(record, 'unit', '')}".strip()
