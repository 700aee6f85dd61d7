"""From the tags of readings to therapy periods: neighbouring visits with one tag are one.

A period of this kind is known by its readings alone. It began somewhere after the last
reading with another tag and not later than the first with its own, and ended likewise; the
last one runs on. Where nobody has said what ran at a visit, the visit belongs to no side.
"""

from __future__ import annotations

import datetime as dt
import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TypeVar

from sm_tracker.domain.records import (
    THERAPY_NOT_STATED,
    Choice,
    Measurement,
    OutcomeReading,
    TherapyPeriod,
)
from sm_tracker.domain.settings import Settings
from sm_tracker.ingest.files.grid import named_rows
from sm_tracker.ingest.messages.finding_log import Location
from sm_tracker.ingest.records.making import joined_notes, made
from sm_tracker.ingest.records.sessions import in_turn
from sm_tracker.ingest.records.tags import NO_THERAPY, NOT_STATED, Day, Tag
from sm_tracker.ingest.tables.read_context import ReadContext
from sm_tracker.languages import Message, one_after_another

AS_ABOVE, TOGETHER = "as-above", "together"
EXAMPLES = 4
Visit = tuple[str, Day]
Names = tuple[str, ...]
Reading = TypeVar("Reading", Measurement, OutcomeReading)


@dataclass(frozen=True, slots=True)
class Tagged:
    """What tags give: periods, and the visits of which nobody has said what ran."""

    periods: tuple[TherapyPeriod, ...] = ()
    not_stated: frozenset[Visit] = frozenset()

    def in_doubt(self, readings: Sequence[Reading]) -> tuple[Reading, ...]:
        """The readings, those of visits without a stated therapy marked as doubtful."""
        return tuple(
            replace(m, doubt="open", doubt_reason=THERAPY_NOT_STATED)
            if not m.doubt and (m.patient_id, _day(m)) in self.not_stated
            else m
            for m in readings
        )


def _day(reading: Measurement | OutcomeReading) -> Day | None:
    return reading.date if reading.date is not None else reading.day


@dataclass(slots=True)
class _Visits:
    """The tags of one patient by day, and what ran as far as it is settled."""

    tags: dict[Day, list[Tag]] = field(default_factory=lambda: defaultdict(list))
    ran: dict[Day, Names | None] = field(default_factory=dict)

    def stated(self) -> list[tuple[Day, Names]]:
        """Visits of which is known what ran, in order of time."""
        known = ((day, names) for day, names in self.ran.items() if names is not None)
        return sorted(known, key=lambda visit: number_of(visit[0]))


def number_of(day: Day) -> int:
    """A date or day number as a number to compare with others of its kind."""
    return day.toordinal() if isinstance(day, dt.date) else day


def periods_of_tags(
    tags: Sequence[Tag], courses: Sequence[TherapyPeriod], context: ReadContext
) -> Tagged:
    """Periods from the tags of all tables together.

    Parameters
    ----------
    tags : sequence of Tag
        With patient codes unified, rows of each table in their order.
    courses : sequence of TherapyPeriod
        Periods of the same files that have dates. Where a run of tags tells one of them
        again, the dates count.
    context : ReadContext
        Takes up findings and questions.
    """
    by_patient: dict[str, _Visits] = defaultdict(_Visits)
    for tag in tags:
        by_patient[tag.patient_id].tags[tag.day].append(tag)
    treated = {p: v for p, v in by_patient.items() if any(t.names for t in _all(v))}
    _settle_days(treated, context)
    _settle_blanks(tags, treated, context)
    periods: list[TherapyPeriod] = []
    not_stated: set[Visit] = set()
    for patient, visits in treated.items():
        runs = _runs(patient, visits, context)
        kept = [p for p in runs if not _is_told_with_dates(p, visits, courses, context)]
        periods += kept
        if kept:
            not_stated |= {(patient, day) for day, names in visits.ran.items() if names is None}
    if not context.questions.is_open:  # else the next answer may change them
        for period in periods:
            _say(period, context)
    return Tagged(tuple(periods), frozenset(not_stated))


def _all(visits: _Visits) -> Iterable[Tag]:
    return (tag for tags in visits.tags.values() for tag in tags)


def _spot(tag: Tag) -> Location:
    return Location(tag.place.file, tag.place.sheet)


def _rows(tags: Iterable[Tag]) -> Message:
    return named_rows(sorted({t.place.row or 0 for t in tags}))


# What ran on a day


def _settle_days(treated: Mapping[str, _Visits], context: ReadContext) -> None:
    """One answer a day: rows that say nothing go with those that do; contradictions are asked."""
    different: dict[Location, list[Tag]] = defaultdict(list)
    for visits in treated.values():
        for day, tags in visits.tags.items():
            said = [t for t in tags if t.names is not None]
            every = tuple(dict.fromkeys(n for t in said for n in t.names or ()))
            visits.ran[day] = every if said else None
            if len({frozenset(t.names or ()) for t in said}) > 1:
                different[_spot(said[0])] += said
            if 0 < len(said) < len(tags):
                blank = [t for t in tags if t.names is None]
                context.findings.add(
                    "tag_of_the_day", _spot(blank[0]), blank[0].place.row, rows=_rows(blank),
                    therapy=_words(every), value=blank[0].text, other=said[0].place.row,
                )  # fmt: skip
    for location, tags in different.items():
        if _asked_of_days(location, tags, context) == NOT_STATED:
            for tag in tags:
                treated[tag.patient_id].ran[tag.day] = None


def _asked_of_days(location: Location, tags: Sequence[Tag], context: ReadContext) -> str | None:
    """What ran on days whose readings are tagged with different therapies."""
    days: dict[Visit, list[Tag]] = defaultdict(list)
    for tag in tags:
        days[tag.patient_id, tag.day].append(tag)
    shown: list[Message | str] = [
        Message(
            "{patient}, {day}: {tags}",
            patient=patient,
            day=str(day),
            tags=[
                Message("{therapies} (row {row})", therapies=_words(t.names), row=t.place.row)
                for t in _distinct(found)
            ],
        )
        for (patient, day), found in list(days.items())[:EXAMPLES]
    ]
    if len(days) > EXAMPLES:
        shown.append("…")
    example = next(iter(days.values()))
    all_of_them = _words(tuple(dict.fromkeys(n for t in example for n in t.names or ())))
    answer = context.questions.ask(
        "therapies_of_a_day",
        Message(
            "Readings of one patient and day are tagged with different therapies: {shown}. What "
            "ran on such a day?",
            shown=one_after_another(shown),
        ),
        (
            Choice(
                TOGETHER,
                Message(
                    "all of them, at every site; in the first case {therapies}",
                    therapies=all_of_them,
                ),
            ),
            Choice(
                NOT_STATED,
                Message(
                    "not known: these readings count for no therapy and for no time without one"
                ),
            ),
        ),
        location,
    )
    if answer is not None:
        code = "tags_of_day_together" if answer == TOGETHER else "tags_of_day_left_out"
        context.findings.add(code, location, tags[0].place.row, rows=_rows(tags))
    return answer


def _distinct(tags: Sequence[Tag]) -> list[Tag]:
    return list({frozenset(t.names or ()): t for t in reversed(tags)}.values())[::-1]


def _words(names: Names | None) -> Message:
    return Message.verbatim(" + ".join(names)) if names else Message("no therapy")


def _settle_blanks(
    tags: Sequence[Tag], treated: Mapping[str, _Visits], context: ReadContext
) -> None:
    """Ask what a row means that says nothing, where no other reading of its day says more."""
    blank: dict[Location, list[Tag]] = defaultdict(list)
    above: dict[tuple[Location, str], Tag] = {}
    before: dict[int, Tag | None] = {}
    for tag in tags:
        place = _spot(tag), tag.patient_id
        if tag.names is not None:
            above[place] = tag
        elif tag.patient_id in treated and all(
            t.names is None for t in treated[tag.patient_id].tags[tag.day]
        ):
            blank[place[0]].append(tag)
            before[id(tag)] = above.get(place)
    for location, found in blank.items():
        answer = _asked_of_blanks(location, found, before, context)
        for tag in found:
            ran = treated[tag.patient_id].ran
            other = before[id(tag)]
            if answer == NO_THERAPY:
                ran[tag.day] = ()
            elif answer == AS_ABOVE and other is not None:
                ran[tag.day] = other.names


def _asked_of_blanks(
    location: Location, blank: Sequence[Tag], before: Mapping[int, Tag | None], context: ReadContext
) -> str | None:
    marks = ", ".join(f"'{t}'" for t in dict.fromkeys(t.text for t in blank if t.text))
    also = f" ({marks})" if marks else ""
    known = [(t, other) for t in blank if (other := before[id(t)]) is not None]
    repeated = [
        Message(
            "row {row} as row {other}: {therapies}",
            row=t.place.row,
            other=other.place.row,
            therapies=_words(other.names),
        )
        for t, other in known[:EXAMPLES]
    ]
    first = [t for t in blank if before[id(t)] is None]
    if first:
        repeated.append(Message("none above, so not stated: {rows}", rows=_rows(first)))
    answer = context.questions.ask(
        "blank_therapy",
        Message(
            "The therapy beside the reading is blank{also} in {rows}. What does a blank in this "
            "column mean?",
            also=also,
            rows=_rows(blank),
        ),
        (
            Choice(NO_THERAPY, Message("no therapy ran; these readings are time without therapy")),
            Choice(AS_ABOVE, one_after_another(repeated)),
            Choice(
                NOT_STATED,
                Message(
                    "not known: these readings count for no therapy and for no time without one"
                ),
            ),
        ),
        location,
    )
    code = {
        NO_THERAPY: "blank_tag_no_therapy",
        AS_ABOVE: "blank_tag_as_above",
        NOT_STATED: "blank_tag_not_stated",
    }
    if answer in code:
        context.findings.add(code[answer], location, blank[0].place.row, rows=_rows(blank))
    return answer


# Runs


def _runs(patient: str, visits: _Visits, context: ReadContext) -> list[TherapyPeriod]:
    """The periods of one patient, by their first tagged reading."""
    stated = visits.stated()
    since: dict[str, int] = {}
    found: list[tuple[int, int, str]] = []
    for i, names in enumerate([*(names for _day_of, names in stated), ()]):
        found += [(since.pop(n), i, n) for n in [*since] if n not in names]
        since |= {n: i for n in names if n not in since}
    periods: list[TherapyPeriod] = []
    for first, stop, name in sorted(found):
        place = visits.tags[stated[first][0]][0].place
        row = (Location(place.file, place.sheet), place.row or 0, ())
        run = partial(_run, patient, name, first, stop, stated, visits)
        periods += made(run, row, context, None)
    return periods


def _run(
    patient: str,
    name: str,
    first: int,
    stop: int,
    stated: Sequence[tuple[Day, Names]],
    visits: _Visits,
) -> TherapyPeriod:
    days = [day for day, _names in stated]
    own = [t for day in days[first:stop] for t in visits.tags[day] if name in (t.names or ())]
    ended = stop < len(days)
    start, last = days[first], days[stop - 1]
    dated = isinstance(start, dt.date)
    tags = own or visits.tags[start]  # a blank that goes on with what stood above
    return TherapyPeriod(
        patient_id=patient,
        therapy=name,
        therapy_text=tags[0].text,
        start=start if dated else None,  # type: ignore[arg-type]
        start_day=None if dated else start,  # type: ignore[arg-type]
        end=last if ended and dated else None,  # type: ignore[arg-type]
        end_day=last if ended and not dated else None,  # type: ignore[arg-type]
        end_status="ended" if ended else "ongoing",
        # A dose in a cell that names several therapies may belong to any of them.
        dose=in_turn(t.dose for t in own),
        cycles=max((t.cycles for t in own if t.cycles is not None), default=None),
        kind=_agreed(t.kind for t in own),  # type: ignore[arg-type]
        route=_agreed(t.route for t in own),
        note=joined_notes([t.note for t in own]),
        dates_derived=True,
        starts_after=days[first - 1] if first else None,
        starts_by=start,
        ends_after=last if ended else None,
        ends_by=days[stop] if ended else None,
        place=tags[0].place,
    )


def _agreed(texts: Iterable[str]) -> str:
    """What all texts that are not blank say, or blank."""
    said = {t for t in texts if t}
    return said.pop() if len(said) == 1 else ""


def _is_told_with_dates(
    period: TherapyPeriod, visits: _Visits, courses: Sequence[TherapyPeriod], context: ReadContext
) -> bool:
    """Whether the files hold this period with its dates, which then count; said either way."""
    course = next((c for c in courses if _tell_the_same(period, c)), None)
    if course is None:
        return False
    begins, ends = _span(course)
    outside = [day for day in _tagged_days(period, visits) if not begins <= number_of(day) <= ends]
    context.findings.add(
        "tags_outside_course" if outside else "tags_of_course",
        Location(period.place.file, period.place.sheet), period.place.row,
        value=period.patient_id, therapy=period.therapy, other=course.place.row,
        file=course.place.file, days=", ".join(map(str, outside)),
    )  # fmt: skip
    return True


def _tell_the_same(period: TherapyPeriod, course: TherapyPeriod) -> bool:
    """Whether tags and dates are about one course: the same therapy at the same time."""
    if (course.patient_id, course.therapy) != (period.patient_id, period.therapy):
        return False
    if (course.start is None) != (period.start is None):
        return False
    first, last = _span(period)
    begins, ends = _span(course)
    # A visit soon after the end is often still noted under the therapy.
    return begins <= last and first <= ends + Settings().grace_days


def _span(period: TherapyPeriod) -> tuple[float, float]:
    """First and last day as numbers; what is still running has no last one."""
    start = period.start if period.start is not None else period.start_day
    end = period.end if period.end is not None else period.end_day
    return number_of(start or 0), math.inf if end is None else number_of(end)


def _tagged_days(period: TherapyPeriod, visits: _Visits) -> list[Day]:
    first, last = _span(period)
    return [
        day
        for day, names in visits.stated()
        if period.therapy in names and first <= number_of(day) <= last
    ]


def _say(period: TherapyPeriod, context: ReadContext) -> None:
    after, by = _told(period.starts_after), _told(period.starts_by)
    start = (
        Message("start between {after} and {by}", after=after, by=by)
        if after
        else Message("start not later than {by}", by=by)
    )
    end = Message("ongoing")
    if period.end_status == "ended":
        end = Message(
            "end between {after} and {by}",
            after=_told(period.ends_after),
            by=_told(period.ends_by),
        )
    context.findings.add(
        "runs_derived", Location(period.place.file, period.place.sheet), period.place.row,
        value=period.patient_id, therapy=period.therapy, start=start,
        end=end,
    )  # fmt: skip


def _told(day: Day | None) -> Message | str:
    return Message("day {number}", number=day) if isinstance(day, int) else str(day or "")


__all__ = ["Tagged", "periods_of_tags"]
