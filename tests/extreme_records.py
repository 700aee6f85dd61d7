"""Records at the limits of their description, made from the description itself.

A field that is added to a record is tried at its limits without another line here; one whose
limits no record takes is an error.
"""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterator
from typing import Any

from sm_tracker.domain.record_fields import FIRST_DATE, LAST_DATE, LAST_DAY, FieldRule, rules_of
from sm_tracker.domain.records import Event, Measurement, OutcomeReading, Record, TherapyPeriod
from sm_tracker.errors import RecordError

KINDS: tuple[type[Any], ...] = (Measurement, TherapyPeriod, OutcomeReading, Event)
MIDDLE = dt.date(2000, 1, 1)
ORDINARY: dict[type[Any], dict[str, Any]] = {
    Measurement: {"site": "calf", "thickness_mm": 2.0},
    TherapyPeriod: {"therapy": "IVIG", "end_status": "ongoing"},
    OutcomeReading: {"outcome": "mRSS", "value": 12.0},
    Event: {"event": "skin biopsy", "kind": "biopsy"},
}
SESSIONS = 200


def filled(word: str, length: int) -> str:
    """A text of a length from one word again and again, without a blank at its end."""
    return (word * length)[: length - 1] + "x"


PATIENT = filled("patient ", rules_of(Measurement)["patient_id"].longest)


def limits_of(name: str, rule: FieldRule, *, dated: bool) -> list[Any]:
    """The values at the limits of a field, lowest and highest, and each of its words."""
    first, last = (FIRST_DATE, LAST_DATE) if dated else (-LAST_DAY, LAST_DAY)
    if rule.kind == "word":
        return list(rule.words)
    if rule.kind == "flag":
        return [False, True]
    if rule.kind == "time":
        return [first, last]
    if rule.kind == "times":
        spread = (LAST_DATE - FIRST_DATE).days if dated else 2 * LAST_DAY
        between = [n * spread // SESSIONS for n in range(SESSIONS)]
        return [tuple(first + (dt.timedelta(n) if dated else n) for n in between)]
    if rule.longest:
        return [filled(f"{name} ", rule.longest), filled(name.replace("_", ""), rule.longest)]
    least = rule.least if rule.above is None else math.nextafter(rule.above, math.inf)
    return [least, rule.most]


def ordinary_fields(kind: type[Any], number: int, *, dated: bool) -> dict[str, Any]:
    """What a record of ordinary values needs, at a time of its own."""
    return {"patient_id": "A1", **ORDINARY[kind], **_at_a_time(kind, number, dated=dated)}


def _at_a_time(kind: type[Any], number: int, *, dated: bool) -> dict[str, Any]:
    fields = ("start", "start_day") if kind is TherapyPeriod else ("date", "day")
    when = MIDDLE + dt.timedelta(7 * number) if dated else 7 * number
    return {fields[0] if dated else fields[1]: when}


def _ways(kind: type[Any], number: int, *, dated: bool) -> Iterator[dict[str, Any]]:
    """Ordinary fields around a value at its limit: some limits need others beside them."""
    base = {"patient_id": PATIENT, **ORDINARY[kind]}
    yield base | _at_a_time(kind, number, dated=dated)
    if kind is TherapyPeriod:
        yield base | _at_a_time(kind, number, dated=dated) | {"end_status": "ended"}
        first = {"start": FIRST_DATE} if dated else {"start_day": -LAST_DAY}
        yield base | first | {"end_status": "ended"}


def limit_by_limit(*, dated: bool) -> Iterator[tuple[str, Record]]:
    """For each limit of each field a record that is ordinary otherwise, with the field's name."""
    for kind in KINDS:
        number = 0
        for name, rule in rules_of(kind).items():
            if name == "patient_id":
                continue  # of all of them, see PATIENT
            for value in limits_of(name, rule, dated=dated):
                number += 1
                for fields in _ways(kind, number, dated=dated):
                    try:
                        yield f"{kind.__name__}.{name}", kind(**fields | {name: value})
                    except RecordError:
                        continue
                    break


def all_at_once(*, dated: bool) -> Iterator[Record]:
    """Records of which every field is at its lowest, or at its highest."""
    first, last = (FIRST_DATE, LAST_DATE) if dated else (-LAST_DAY, LAST_DAY)
    of_other_axis = {"date", "start", "end"} if not dated else {"day", "start_day", "end_day"}
    for kind in KINDS:
        for end in (0, -1):
            fields = {
                name: limits_of(name, rule, dated=dated)[end]
                for name, rule in rules_of(kind).items()
                if name not in of_other_axis
            } | {"patient_id": PATIENT}
            if kind is TherapyPeriod:
                start, stop = ("start", "end") if dated else ("start_day", "end_day")
                fields |= {start: first, stop: last, "end_status": "ended"}
                fields["period_id"] = filled("course", len(fields["period_id"]) - 1 + end)
            elif kind is Measurement:
                fields["status"] = "ok"
            yield kind(**fields)


def records_at_the_limits(*, dated: bool) -> list[Record]:
    """One patient with a record at each limit, and with records that are wholly at them."""
    return [*(record for _, record in limit_by_limit(dated=dated)), *all_at_once(dated=dated)]


def ordinary_records(*, dated: bool) -> list[Record]:
    """As many records of each kind, of ordinary values at ordinary times."""
    counted = records_at_the_limits(dated=dated)
    return [
        kind(**ordinary_fields(kind, n, dated=dated))
        for kind in KINDS
        for n in range(sum(isinstance(r, kind) for r in counted))
    ]
