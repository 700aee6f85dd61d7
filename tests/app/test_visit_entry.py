"""A visit entered as a whole: what the sheet begins with, how its cells are read, and undone."""

from __future__ import annotations

import datetime as dt

import pytest

from sm_tracker.domain.records import Event, Measurement, OutcomeReading, TherapyPeriod
from sm_tracker.domain.series_key import SeriesKey
from sm_tracker.errors import ReadError
from sm_tracker.workflow import storing
from sm_tracker.workflow.visit_changes import (
    NewEvent,
    NewTherapy,
    TherapyChange,
    edits_of,
    taking_back,
)
from sm_tracker.workflow.visit_entry import TypedVisit, VisitOutcome, read_visit, visit_form

VISIT = dt.date(2024, 5, 1)
FOREARM = SeriesKey("forearm", "right", "dermis", "DUB", 20.0)


def reading(month, thickness_mm, replicate=1, **other):
    fields = FOREARM._asdict() | {"date": dt.date(2024, month, 1), "examiner": "AB"} | other
    return Measurement(patient_id="A1", thickness_mm=thickness_mm, replicate=replicate, **fields)


BEFORE = [reading(m, v, r) for m in (1, 2, 3) for r, v in enumerate((2.4, 2.5, 2.6), start=1)]


def typed(*cells, key=FOREARM, **other):
    return TypedVisit(patient_id="A1", at=VISIT, cells=[(key, cells)], **other)


def test_the_sheet_begins_with_the_sites_devices_and_replicates_of_the_last_visit():
    form = visit_form("A1", BEFORE)
    (row,) = form.series
    assert row.key == FOREARM
    assert row.last_mm == pytest.approx(2.5)
    assert row.last_at == dt.date(2024, 3, 1)
    assert form.replicates == 3
    assert form.examiner == "AB"


def test_a_site_measured_with_a_new_device_goes_on_with_that_device():
    newer = reading(4, 2.3, device="new")
    (row,) = visit_form("A1", [*BEFORE, newer]).series
    assert row.key.device == "new"
    assert row.last_mm == 2.3


def test_a_doubtful_value_and_a_limit_are_no_last_value():
    later = [reading(4, 20.5, doubt="open", doubt_reason="out_of_range")]
    later.append(reading(4, 2.0, 2, qualifier="<"))
    (row,) = visit_form("A1", [*BEFORE, *later]).series
    assert row.last_mm == pytest.approx(2.5)


def test_the_sheet_of_a_new_patient_is_empty_with_three_replicates():
    form = visit_form("A1", [])
    assert form.series == ()
    assert form.replicates == 3


def test_cells_are_read_as_a_file_would_be_whatever_the_decimal_sign():
    entry = read_visit(typed("2,05", "2.1", "<2,0"), BEFORE, today=VISIT)
    assert [m.thickness_mm for m in entry.readings] == [2.05, 2.1, 2.0]
    assert [m.qualifier for m in entry.readings] == ["", "", "<"]
    assert [m.replicate for m in entry.readings] == [1, 2, 3]
    assert entry.remarks == ()
    assert entry.values_of(0) == [2.05, 2.1]


@pytest.mark.parametrize("words", ["not measurable", "nicht messbar", "non mesurable", "n.m."])
def test_a_site_that_cannot_be_measured_is_kept_as_that(words):
    (reading,) = read_visit(typed(words, "", ""), BEFORE, today=VISIT).readings
    assert reading.status == "not_measurable"
    assert reading.thickness_mm is None


def test_a_reading_of_the_sheet_joins_the_curve_of_its_site():
    (one,) = read_visit(typed("2.2"), BEFORE, today=VISIT).readings
    assert (one.site, one.side, one.layer, one.device, one.frequency_mhz) == FOREARM
    assert one.assumed == ""


def test_a_slip_of_the_decimal_point_is_doubted_at_once_with_what_it_may_be():
    entry = read_visit(typed("20.5", "2.1"), BEFORE, today=VISIT)
    ((row, record, doubt),) = entry.doubted()
    assert (row, record.thickness_mm, doubt.suggested) == (0, 20.5, 2.05)
    assert entry.values_of(0) == [2.1]


def test_a_value_in_micrometres_is_refused_with_the_limit_and_not_converted_unasked():
    entry = read_visit(typed("2050"), BEFORE, today=VISIT)
    (remark,) = entry.refused
    assert entry.readings == ()
    assert "2050" in remark.words
    assert "50" in remark.words.replace("2050", "")


def test_a_cell_that_is_no_value_is_named_and_stops_the_save():
    entry = read_visit(typed("2.1", "abc"), BEFORE, today=VISIT)
    (remark,) = entry.refused
    assert (remark.row, remark.column) == (0, 1)
    assert "abc" in remark.words
    with pytest.raises(ReadError, match="abc"):
        edits_of(entry, VISIT, "A1", reason="visit")


def test_a_cell_that_says_that_nothing_is_there_is_named_too():
    (remark,) = read_visit(typed("2.1", "NA"), BEFORE, today=VISIT).remarks
    assert not remark.is_refused


def test_an_empty_sheet_is_not_saved():
    with pytest.raises(ReadError, match="nothing is typed"):
        edits_of(read_visit(typed("", "")), VISIT, "A1", reason="visit")


def test_outcomes_stand_in_rows_beneath_the_sites():
    row = VisitOutcome("mouth opening", "mm", "higher")
    entry = read_visit(typed("2.1", outcomes=[(row, "44,5")]), today=VISIT)
    (outcome,) = entry.outcomes
    assert (outcome.outcome, outcome.value, outcome.unit) == ("mouth opening", 44.5, "mm")
    assert entry.outcome_rows == (1,)


def test_a_further_site_is_read_with_its_side():
    (one,) = read_visit(typed("2.1", key=SeriesKey("chest left")), today=VISIT).readings
    assert (one.site, one.side) == ("chest", "left")


def test_a_patient_on_day_numbers_stays_on_day_numbers():
    known = Measurement(patient_id="A1", site="chest", day=10, thickness_mm=2.0)
    form = visit_form("A1", [known])
    assert form.by_day
    visit = TypedVisit(patient_id="A1", at=40, cells=[(form.series[0].key, ["1.9"])])
    (one,) = read_visit(visit, [known]).readings
    assert (one.day, one.date) == (40, None)


@pytest.fixture
def store(data_folder):
    with storing.record_store() as opened:
        for one in BEFORE:
            opened.add(one)
        opened.add(
            TherapyPeriod(
                patient_id="A1", therapy="IVIG", dose="2 g/kg", start=dt.date(2024, 1, 2),
                end_status="ongoing",
            )
        )  # fmt: skip
        opened.add(OutcomeReading(patient_id="A1", outcome="mRSS", value=20, date=VISIT))
        yield opened


def running(store):
    return visit_form("A1", [], [], store.stored("therapy_period", ["A1"])).running


def test_a_visit_ends_one_therapy_and_begins_another_in_one_save(store):
    (ivig,) = running(store)
    changes = [TherapyChange(ivig, "no improvement"), NewTherapy("ECP", "21 cycles")]
    entry = read_visit(typed("2.2", "2.3"), BEFORE, today=VISIT)
    store.save_edits(edits_of(entry, VISIT, "A1", changes, reason="visit"))
    old, new = (s.record for s in store.stored("therapy_period", ["A1"]))
    assert (old.end, old.end_status, old.stop_reason) == (VISIT, "ended", "no improvement")
    assert (new.start, new.end_status, new.dose) == (VISIT, "ongoing", "21 cycles")
    assert len(store.stored("measurement", ["A1"])) == len(BEFORE) + 2


def test_another_dose_is_a_period_of_its_own_from_the_visit_on(store):
    (ivig,) = running(store)
    changes = [TherapyChange(ivig, "dose changed", "1 g/kg")]
    entry = read_visit(typed("2.2"), BEFORE, today=VISIT)
    store.save_edits(edits_of(entry, VISIT, "A1", changes, reason="visit"))
    old, new = (s.record for s in store.stored("therapy_period", ["A1"]))
    assert (old.therapy, old.end_status) == (new.therapy, "ended")
    assert (new.dose, new.start, new.end_status) == ("1 g/kg", VISIT, "ongoing")


def test_a_visit_taken_back_leaves_the_records_as_they_were(store):
    before = store.records(["A1"])
    (ivig,) = running(store)
    changes = [TherapyChange(ivig, "no improvement"), NewTherapy("ECP"), NewEvent("biopsy")]
    entry = read_visit(typed("2.2"), BEFORE, today=VISIT)
    edits = edits_of(entry, VISIT, "A1", changes, reason="visit")
    stored = store.save_edits(edits)
    store.save_edits(taking_back(edits, stored, changes, reason="visit taken back"))
    after = store.records(["A1"])
    for name in ("measurements", "therapies", "outcomes", "events"):
        assert getattr(after, name).equals(getattr(before, name)), name


def test_an_event_of_a_visit_is_stored_with_it_on_its_day(store):
    entry = read_visit(typed("2.2"), BEFORE, today=VISIT)
    changes = [NewEvent("Stanzbiopsie Unterarm"), NewEvent("new flat", "other", "moved")]
    store.save_edits(edits_of(entry, VISIT, "A1", changes, reason="visit"))
    assert store.events() == [
        Event(patient_id="A1", date=VISIT, event="Stanzbiopsie Unterarm", kind="biopsy"),
        Event(patient_id="A1", date=VISIT, event="new flat", kind="other", note="moved"),
    ]


def test_an_event_alone_is_a_visit_too(store):
    nothing = read_visit(typed(""), today=VISIT)
    (added,) = edits_of(nothing, VISIT, "A1", [NewEvent("photo")], reason="visit")
    assert added.record.kind == "photo"


def test_a_note_stands_with_the_outcomes_where_no_site_was_measured():
    row = VisitOutcome("mouth opening", "mm", "higher")
    entry = read_visit(typed("", outcomes=[(row, "44")], note="tired"), today=VISIT)
    assert [o.note for o in entry.outcomes] == ["tired"]
    both = read_visit(typed("2.1", outcomes=[(row, "44")], note="tired"), today=VISIT)
    assert [r.note for r in both.records] == ["tired", ""]
