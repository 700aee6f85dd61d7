"""Events in figures and reports: a lane of their own, nothing where there are none."""

from __future__ import annotations

import dataclasses
import datetime as dt

import pytest

import sm_tracker as sm
from sm_tracker.domain.records import Event
from sm_tracker.domain.tables import events_frame
from sm_tracker.figures.page.collisions import collisions
from sm_tracker.figures.timeline.print_timeline import print_timeline
from sm_tracker.figures.timeline.screen_timeline import draw_timeline
from sm_tracker.report.case_events import case_timeline
from sm_tracker.report.numbers import When
from sm_tracker.workflow import drawing, file_import

CODE = "SM-001"
EVENTS = [
    ("2022-03-05", "Stanzbiopsie Unterarm re.", "biopsy", "day"),
    ("2023-07-01", "admission for pneumonia, seven days in hospital", "admission", "month"),
    ("2023-08-10", "photo of both hands", "photo", "day"),
    ("2024-10-01", "flood", "other", "quarter"),
]


@pytest.fixture(scope="module")
def without():
    return sm.analyse(file_import.sample_records())


@pytest.fixture(scope="module")
def analysis(without):
    events = events_frame(
        Event(patient_id=CODE, date=dt.date.fromisoformat(day), event=event, kind=kind,
              date_precision=precision)
        for day, event, kind, precision in EVENTS
    )  # fmt: skip
    return sm.analyse(dataclasses.replace(file_import.sample_records(), events=events))


def model(analysis, **other):
    view = dataclasses.replace(drawing.starting_view(analysis, CODE), **other)
    return drawing.timeline(analysis, view)


def test_each_event_has_its_mark_its_words_and_its_row_in_the_table(analysis):
    found = model(analysis)
    assert [e.hover[0] for e in found.events] == [event for _, event, _, _ in EVENTS]
    assert "Stanzbiopsie Unterarm re.: 5 Mar 2022." in found.alt
    rows = [r for r in found.rows if r.kind == "Event"]
    assert [(r.name, r.when) for r in rows][:2] == [
        ("Biopsy", "5 Mar 2022"), ("Admission", "≈ Jul 2023"),
    ]  # fmt: skip


def test_a_day_that_is_known_roughly_reaches_over_all_it_may_be(analysis):
    vague = model(analysis).events[1]
    assert vague.high - vague.low == 30
    assert vague.low < vague.x < vague.high


def test_without_events_and_with_the_lane_switched_off_the_figure_is_the_same(without, analysis):
    assert model(without).events == ()
    hidden, plain = model(analysis, show_events=False), model(without)
    assert hidden == plain
    assert draw_timeline(hidden) == draw_timeline(plain)
    assert print_timeline(hidden, width_mm=85) == print_timeline(plain, width_mm=85)


@pytest.mark.parametrize("width_mm", [85, 180])
@pytest.mark.parametrize("language", ["en", "de", "fr"])
def test_words_of_events_meet_no_others_in_print_and_what_has_no_room_is_in_the_notes(
    analysis, width_mm, language
):
    page = print_timeline(model(analysis, language=language), width_mm=width_mm)
    assert collisions(page) == []
    text = " ".join(w.text for w in page.words)
    for _, event, _, _ in EVENTS:
        assert event in text


def test_days_without_dates_name_no_date(analysis):
    found = model(analysis, axis="days")
    page = print_timeline(found, width_mm=180)
    assert not any(year in w.text for w in page.words for year in ("2022", "2023", "2024"))
    assert all("20" not in e.when_text for e in found.events)


def test_an_event_before_the_first_reading_widens_the_axis(without):
    early = events_frame([Event(patient_id=CODE, date=dt.date(2019, 5, 1), event="photo")])
    records = dataclasses.replace(file_import.sample_records(), events=early)
    found = model(sm.analyse(records))
    assert found.time.low <= found.events[0].x < model(without).time.low


def test_a_patient_of_whom_only_an_event_is_known_has_a_figure():
    records = dataclasses.replace(
        file_import.sample_records().of_patient("nobody"),
        events=events_frame([Event(patient_id="A1", date=dt.date(2024, 5, 1), event="photo")]),
    )
    alone = sm.analyse(records)
    found = drawing.timeline(alone, drawing.starting_view(alone, "A1"))
    assert len(found.events) == 1
    assert draw_timeline(found).data
    assert collisions(print_timeline(found, width_mm=85)) == []


def test_no_number_depends_on_an_event(without, analysis):
    assert analysis.changes.equals(without.changes)


def test_the_timeline_of_the_case_lists_events_with_their_days(analysis):
    own = analysis.records
    rows = case_timeline(own.therapies, analysis.changes, analysis.visits, events=own.events)
    told = {tuple(row) for row in rows.to_numpy()}
    assert ("5 Mar 2022", "Biopsy", "Stanzbiopsie Unterarm re.") in told
    assert ("≈ Jul 2023", "Admission", "admission for pneumonia, seven days in hospital") in told


def test_the_timeline_of_the_case_in_days_names_no_date_of_an_event(analysis):
    own = analysis.records
    zero = When(zero=float(analysis.visits["t"].min()))
    rows = case_timeline(own.therapies, analysis.changes, analysis.visits, zero, None, own.events)
    told = {row.Event: row.When for row in rows.itertuples() if row.Event == "Admission"}
    assert told == {"Admission": "about day 845"}
