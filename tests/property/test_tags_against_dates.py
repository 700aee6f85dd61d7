"""The law of tags: tag each reading with the period it counts in, drop the dates, lose nothing.

A patient's periods do not overlap. Change, error check and verdict of each period are then the
same whether the file holds their dates or the tags alone. Where the definition itself makes a
difference, the generated patient avoids it, or the comparison leaves it out:

- the baseline window is counted from the first tagged reading, not from the start, so the error
  check is compared only where no reading lies between the two ends of the windows;
- days after the end of a course count for it or not by rules that a tag of the whole visit cannot
  tell: for a continuous course by what else the site's series holds, so none of its readings lies
  there; a stretch without therapy is longer than all graces, or holds no visit and is short.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sm_tracker.analysis.change import change_table
from sm_tracker.domain.tables import tables_of_records
from sm_tracker.ingest import SourceFile, read_sources
from tests.sampling import examples

NONE = "none"
KINDS = {"IVIG": "cyclic", "cyclophosphamide": "pulse", "methotrexate": "continuous",
         "hydroxychloroquine": "continuous", "ECP": "cyclic"}  # fmt: skip
GRACE, WINDOW = 30, 90
ORIGIN = dt.date(2021, 1, 4)
SITES = ("forearm", "hand dorsum", "chest")
KEYS = ["site", "period_id"]
WORDS = ["verdict", "verdict_reason"]
SIZES = ["mean_change_mm", "ci_low_mm", "ci_high_mm", "mean_change_pct", "nap",
         "n_reference", "n_under", "mean_reference_mm", "mean_under_mm"]  # fmt: skip
CHANGES = ["baseline_mm", "last_mm", "lowest_mm", "change_mm", "change_pct", "days", "mdc95_mm"]


@dataclass(frozen=True)
class Course:
    """A therapy with its dates, and the visits that count under it."""

    therapy: str
    start: int
    end: int | None
    visits: tuple[int, ...]


@dataclass(frozen=True)
class Patient:
    """Readings by visit, courses with dates, and what ran at each visit."""

    readings: tuple[tuple[int, str, str, str], ...]  # day, site, cell, status
    courses: tuple[Course, ...]
    tags: dict[int, str]


@st.composite
def patients(draw: st.DrawFn) -> Patient:
    """A course of up to five stretches of visits, each without therapy or under one."""
    stretches: list[tuple[str, list[int]]] = []
    day = 0
    for _number in range(draw(st.integers(1, 5))):
        last = stretches[-1][0] if stretches else ""
        therapy = draw(st.sampled_from([t for t in (NONE, *KINDS) if t != last]))
        visits = []
        for first in [True] + [False] * draw(st.sampled_from([0, 1, 2, 3, 4])):
            # A stretch without therapy begins and lasts beyond the graces before it.
            least = 2 * GRACE + 4 if first and therapy == NONE else 2
            day += draw(st.integers(least, max(least, 45)))
            visits.append(day)
        stretches.append((therapy, visits))
    courses = _dated(draw, stretches)
    tags = {v: therapy for therapy, visits in stretches for v in visits}
    level = {therapy: draw(st.integers(140, 320)) for therapy in (NONE, *KINDS)}
    readings = []
    for visit in tags:
        usual = level[tags[visit]]
        for site in draw(st.sampled_from([SITES[:1], SITES[:2], SITES, SITES[1:]])):
            kind = draw(st.sampled_from(["value"] * 8 + ["below", "not_measurable"]))
            mm = f"{(usual + draw(st.integers(-12, 12))) / 100:.2f}"
            readings.append((visit, site, "" if kind == "not_measurable" else mm, kind))
    return Patient(tuple(readings), tuple(courses), tags)


def _dated(draw: st.DrawFn, stretches: list[tuple[str, list[int]]]) -> list[Course]:
    """Possible dates: a first day still counts as before, one course ends before the next."""
    courses = []
    for i, (therapy, visits) in enumerate(stretches):
        if therapy == NONE:
            continue
        earliest = visits[0] - 40
        if i:
            earliest = stretches[i - 1][1][-1]
        if courses and stretches[i - 1][0] != NONE:
            # No stretch without therapy that nobody stated: at most the grace lies between.
            before = courses[-1]
            assert before.end is not None
            latest = min(visits[0] - 1, before.end + GRACE)
            start = draw(st.integers(max(earliest, before.end), latest))
        else:
            start = draw(st.integers(earliest, visits[0] - 1))
        courses.append(Course(therapy, start, _end(draw, i, start, stretches), tuple(visits)))
    return courses


def _end(draw: st.DrawFn, i: int, start: int, stretches: list[tuple[str, list[int]]]) -> int | None:
    therapy, visits = stretches[i]
    last = visits[-1]
    in_cycles = KINDS[therapy] in ("cyclic", "pulse")
    # Readings up to the grace after the last cycle still belong to it.
    earliest = max(start + 1, last - GRACE) if in_cycles else last
    if i + 1 == len(stretches):
        return draw(st.one_of(st.none(), st.integers(earliest, last + 100)))
    following, its_visits = stretches[i + 1]
    if following == NONE:
        return draw(st.integers(earliest, last if in_cycles else last + GRACE))
    return draw(st.integers(earliest, its_visits[0] - 1))


def _day(number: int, *, dates: bool) -> str:
    return (ORIGIN + dt.timedelta(days=number)).isoformat() if dates else str(number)


def _file(name: str, header: list[str], rows: list[list[str]]) -> SourceFile:
    lines = [",".join(row) for row in (header, *rows)]
    return SourceFile(name, "\n".join(lines).encode())


def with_dates(patient: Patient, *, dates: bool) -> list[SourceFile]:
    """The two files of our own form: readings, and courses with their dates."""
    axis, start, end = ("date", "start", "end") if dates else ("day", "start_day", "end_day")
    rows = [[*r[:-1]] for r in _rows(patient, dates=dates)]
    courses = [
        ["A", c.therapy, _day(c.start, dates=dates),
         "" if c.end is None else _day(c.end, dates=dates),
         "ongoing" if c.end is None else "ended", KINDS[c.therapy]]
        for c in patient.courses
    ]  # fmt: skip
    return [
        _file("readings.csv", ["patient_id", axis, "site", "thickness_mm", "qualifier", "status"],
              rows),
        _file("courses.csv", ["patient_id", "therapy", start, end, "end_status", "kind"], courses),
    ]  # fmt: skip


def with_tags(patient: Patient, *, dates: bool) -> list[SourceFile]:
    """The one file of the other form: each reading with what ran on its day."""
    axis = "date" if dates else "day"
    header = ["patient_id", axis, "site", "thickness_mm", "qualifier", "status", "therapy"]
    return [_file("tagged.csv", header, _rows(patient, dates=dates))]


def _rows(patient: Patient, *, dates: bool) -> list[list[str]]:
    return [
        ["A", _day(day, dates=dates), site, mm, "<" if kind == "below" else "",
         kind if kind == "not_measurable" else "ok", patient.tags[day]]
        for day, site, mm, kind in patient.readings
    ]  # fmt: skip


def changes(files: list[SourceFile]) -> pd.DataFrame:
    """The rows of the periods, by site and period."""
    read = read_sources(files, today=dt.date(2026, 1, 1))
    assert read.outcome in ("accept", "accept_with_warning"), (read.questions, read.findings)
    records = tables_of_records(read.measurements, read.therapies)
    table = change_table(records.measurements, records.therapies)
    own = table[table["level"] == "period"]
    return own.sort_values(KEYS, kind="stable").set_index(KEYS)


def windows_differ(patient: Patient, table: pd.DataFrame) -> list[bool]:
    """Rows with a reading in the window counted from the start and not in that from the tag."""
    courses: dict[str, Course] = {}
    seen: dict[str, int] = {}
    for course in patient.courses:
        seen[course.therapy] = seen.get(course.therapy, 0) + 1
        courses[f"{course.therapy}-{seen[course.therapy]}"] = course
    found = []
    for site, period_id in table.index:
        course = courses[period_id]
        low, high = course.start - WINDOW, course.visits[0] - WINDOW
        found.append(any(s == site and low <= day < high for day, s, *_rest in patient.readings))
    return found


@pytest.mark.parametrize("dates", [True, False], ids=["dates", "day_numbers"])
@given(patient=patients())
@examples(100)
def test_tags_alone_say_of_each_period_what_its_dates_said(patient: Patient, dates: bool):
    if not patient.courses:
        return
    dated = changes(with_dates(patient, dates=dates))
    tagged = changes(with_tags(patient, dates=dates))
    pd.testing.assert_index_equal(dated.index, tagged.index)
    pd.testing.assert_frame_equal(dated[WORDS], tagged[WORDS])
    pd.testing.assert_frame_equal(dated[SIZES], tagged[SIZES], rtol=1e-9)
    alike = [not differ for differ in windows_differ(patient, dated)]
    same = ["error_check", "error_reason"]
    pd.testing.assert_frame_equal(dated.loc[alike, same], tagged.loc[alike, same])
    pd.testing.assert_frame_equal(dated.loc[alike, CHANGES], tagged.loc[alike, CHANGES], rtol=1e-9)
