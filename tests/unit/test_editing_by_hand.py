"""Records typed by hand: read by the rules of the import, corrected field by field."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from sm_tracker.domain.records import Measurement, OutcomeReading, TherapyPeriod
from sm_tracker.domain.series_key import series_key_of
from sm_tracker.errors import ReadError
from sm_tracker.store import Stored
from sm_tracker.workflow.editing import OpenQuestion, correction, fields_of, typed_records

TODAY = dt.date(2026, 1, 1)
READING = Measurement(
    patient_id="A1",
    site="forearm",
    side="left",
    site_text="Unterarm li.",
    date=dt.date(2024, 1, 10),
    thickness_mm=2.5,
    sd_mm=0.1,
    frequency_mhz=20.0,
    replicate=2,
    note="=not a formula",
)
COURSE = TherapyPeriod(
    patient_id="A1",
    therapy="IVIG",
    start=dt.date(2024, 1, 5),
    end=dt.date(2024, 6, 5),
    session_dates=(dt.date(2024, 1, 5), dt.date(2024, 2, 5)),
    cycles=6,
    dose="2 g/kg",
    show_in_figure=False,
)
VALUE = OutcomeReading(
    patient_id="A1",
    outcome="mouth opening",
    value=33.5,
    date=dt.date(2024, 1, 5),
    unit="mm",
    better="higher",
)


def held(record, entity="measurement"):
    return Stored(entity=entity, record_id=7, version=3, record=record)


def typed(**fields):
    return typed_records("measurement", {**fields_of(READING), **fields}, TODAY)


@pytest.mark.parametrize(
    ("entity", "record", "lost"),
    [
        ("measurement", READING, {"sd_mm": None, "site_text": "forearm"}),
        ("therapy_period", COURSE, {"therapy_text": "IVIG"}),
        ("outcome_reading", VALUE, {}),
    ],
)
def test_what_a_form_holds_is_read_as_the_same_record(entity, record, lost):
    again = typed_records(entity, fields_of(record), TODAY).records
    assert len(again) == 1
    for name, value in fields_of(record).items():
        assert getattr(again[0], name) == value
    for name, value in lost.items():
        assert getattr(again[0], name) == value


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"thickness_mm": -2.0}, "negative"),
        ({"thickness_mm": None}, "nothing to import"),
        ({"date": dt.date(2027, 1, 1)}, "future"),
        ({"date": None}, "date is missing"),
        ({"site": ""}, "body site is missing"),
        ({"patient_id": ""}, "patient code is missing"),
    ],
)
def test_a_row_the_import_would_refuse_is_refused(fields, why):
    with pytest.raises(ReadError, match=why):
        typed(**fields)


def test_an_implausible_value_is_taken_with_a_remark():
    entry = typed(thickness_mm=25.0)
    assert entry.records[0].thickness_mm == 25.0
    assert "implausible" in " ".join(entry.remarks)


def test_a_site_in_german_becomes_the_usual_name():
    entry = typed(site="Unterarm rechts", side="")
    assert (entry.records[0].site, entry.records[0].side) == ("forearm", "right")


def test_two_therapies_in_one_field_become_two_courses():
    entry = typed_records("therapy_period", {**fields_of(COURSE), "therapy": "IVIG + MP"}, TODAY)
    assert [r.therapy for r in entry.records] == ["IVIG", "methylprednisolone"]


def test_a_correction_names_the_version_it_is_based_on_and_only_what_changes():
    change, _ = correction(held(READING), {"note": "read again"}, "typing error")
    assert (change.record_id, change.expected_version) == (7, 3)
    assert change.changes == {"note": "read again"}


def test_fields_a_form_does_not_show_survive_a_correction():
    change, _ = correction(held(READING), {"thickness_mm": 2.4}, "read again")
    assert change.changes == {"thickness_mm": 2.4, "status": "ok"}


@pytest.mark.parametrize(
    ("record", "cells", "changes"),
    [
        (
            READING,
            {"status": "not_measurable"},
            {"status": "not_measurable", "thickness_mm": None, "qualifier": ""},
        ),
        (READING, {"site": "chest"}, {"site": "chest", "side": "left", "site_text": "chest"}),
        (
            COURSE,
            {"end_status": "ongoing"},
            {"end_status": "ongoing", "end": None, "end_day": None, "end_date_precision": ""},
        ),
        (COURSE, {"cycles": 4.0}, {"cycles": 4}),
    ],
)
def test_a_field_changes_those_that_cannot_stay_beside_it(record, cells, changes):
    entity = "measurement" if isinstance(record, Measurement) else "therapy_period"
    change, _ = correction(held(record, entity), cells, "x")
    assert change.changes == changes


def test_a_course_is_not_split_in_two_by_a_correction():
    with pytest.raises(ReadError, match="several records"):
        correction(held(COURSE, "therapy_period"), {"therapy": "IVIG + MP"}, "x")


FULL = Measurement(
    patient_id="A1",
    site="forearm",
    side="left",
    layer="dermis",
    device="DUB",
    frequency_mhz=22.0,
    date=dt.date(2024, 1, 10),
    thickness_mm=2.5,
)
LATER = {"patient_id": "A1", "date": dt.date(2024, 2, 10), "site": "forearm", "thickness_mm": 2.4}


class Stores:
    """What is stored, as the entry of a reading looks at it."""

    def __init__(self, *readings):
        self.readings = readings

    def stated_series(self, patient_ids):
        return {
            p: [series_key_of(m) for m in self.readings if m.patient_id == p] for p in patient_ids
        }

    def measurements(self, patient_ids):
        return [m for m in self.readings if m.patient_id in patient_ids]


def test_a_typed_reading_takes_what_it_leaves_blank_from_its_series():
    entry = typed_records("measurement", LATER, TODAY, held=Stores(FULL))
    (new,) = entry.records
    assert (new.side, new.layer, new.device, new.frequency_mhz) == ("left", "dermis", "DUB", 22.0)
    assert new.assumed == "side layer device frequency_mhz"
    assert entry.remarks == (
        "Not stated, so taken from the series of this site: Side left; Layer dermis; "
        "Device DUB; Frequency (MHz) 22.",
    )


def test_a_typed_reading_that_states_other_values_stays_as_it_is():
    typed_in = {**LATER, "device": "DermaScan"}
    entry = typed_records("measurement", typed_in, TODAY, held=Stores(FULL))
    (new,) = entry.records
    assert (new.device, new.layer, entry.remarks) == ("DermaScan", "", ())


def test_a_typed_reading_that_fits_several_series_is_a_question_with_its_choices():
    held_ = Stores(FULL, replace(FULL, device="DermaScan", frequency_mhz=20.0))
    with pytest.raises(OpenQuestion, match="does not state device and frequency") as asked:
        typed_records("measurement", LATER, TODAY, held=held_)
    question = asked.value.question
    assert [c.value for c in question.choices] == [
        "left, dermis, DUB, 22 MHz", "left, dermis, DermaScan, 20 MHz", "apart",
    ]  # fmt: skip
    answers = {question.key: "left, dermis, DermaScan, 20 MHz"}
    (new,) = typed_records("measurement", LATER, TODAY, held=held_, answers=answers).records
    assert new.device == "DermaScan"
    apart = typed_records("measurement", LATER, TODAY, held=held_, answers={question.key: "apart"})
    assert (apart.records[0].device, apart.records[0].assumed) == ("", "")
    assert apart.remarks == (
        "Several series of this site fit this reading; it is kept apart until it says more.",
    )


def test_a_reading_moved_to_another_site_joins_the_series_there():
    blank = replace(READING, side="", layer="", frequency_mhz=None, site="hand")
    beside = [FULL]
    change, remarks = correction(held(blank), {"site": "forearm"}, "wrong site", beside)
    assert change.changes["assumed"] == "side layer device frequency_mhz"
    assert (change.changes["layer"], change.changes["device"]) == ("dermis", "DUB")
    assert "taken from the series of this site" in " ".join(remarks)


def test_a_cell_that_a_person_empties_stays_empty():
    beside = [replace(FULL, date=dt.date(2024, 3, 10))]
    change, remarks = correction(held(FULL), {"device": ""}, "not known", beside)
    assert change.changes == {"device": ""}
    assert remarks == ()


def test_a_moved_reading_that_fits_several_series_is_stored_apart_with_a_remark():
    other = replace(FULL, device="DermaScan")
    blank = replace(FULL, device="", site="hand")
    beside = [FULL, other]
    change, remarks = correction(held(blank), {"site": "forearm"}, "wrong site", beside)
    assert "device" not in change.changes
    assert "kept apart until it says more" in " ".join(remarks)


PLAIN = replace(READING, note="", sd_mm=None)
SERIES = [replace(PLAIN, date=dt.date(2024, m, 10), thickness_mm=v)
          for m, v in ((2, 2.4), (3, 2.6))]  # fmt: skip


def test_a_value_is_judged_beside_the_other_readings_of_its_series():
    fields = {**fields_of(PLAIN), "thickness_mm": 0.25}
    alone = typed_records("measurement", fields, TODAY)
    assert (alone.doubts, alone.remarks) == ((None,), ())
    beside = typed_records("measurement", fields, TODAY, beside=SERIES)
    assert beside.records[0].doubt == "open"
    assert beside.doubts[0].suggested == 2.5
    assert beside.remarks == (
        "0.25 mm is far from the other values of its series (about 2.50 mm). Is it 2.50 mm?",
    )


def test_a_confirmed_value_is_not_doubted_again():
    fields = {**fields_of(PLAIN), "thickness_mm": 0.25, "doubt": "confirmed"}
    entry = typed_records("measurement", fields, TODAY, beside=SERIES)
    assert (entry.records[0].doubt, entry.doubts) == ("confirmed", (None,))


def test_readings_of_another_site_cast_no_doubt():
    chest = [replace(r, site="chest") for r in SERIES]
    fields = {**fields_of(PLAIN), "thickness_mm": 0.31}
    assert typed_records("measurement", fields, TODAY, beside=chest).doubts == (None,)


def test_another_value_is_judged_anew_and_another_note_is_not():
    slip = replace(PLAIN, thickness_mm=0.25, doubt="open", doubt_reason="far_from_series")
    change, _ = correction(held(slip), {"thickness_mm": 2.5}, "read again", SERIES)
    assert change.changes == {
        "thickness_mm": 2.5, "status": "ok", "doubt": "", "doubt_reason": "",
    }  # fmt: skip
    change, _ = correction(held(slip), {"note": "x"}, "read again", SERIES)
    assert change.changes == {"note": "x"}


def test_a_reading_that_waits_for_its_therapy_goes_on_waiting_with_another_value():
    waiting = replace(PLAIN, doubt="open", doubt_reason="therapy_not_stated")
    change, remarks = correction(held(waiting), {"thickness_mm": 2.4}, "read again", SERIES)
    assert (change.changes, remarks) == ({"thickness_mm": 2.4, "status": "ok"}, ())


@pytest.mark.parametrize("precision", ["week", "quarter"])
def test_a_course_known_to_the_week_or_quarter_is_entered(precision):
    entry = typed_records(
        "therapy_period", {**fields_of(COURSE), "date_precision": precision}, TODAY
    )
    assert entry.records[0].date_precision == precision


TAGGED = TherapyPeriod(
    patient_id="A1",
    therapy="IVIG",
    start=dt.date(2024, 3, 5),
    end=dt.date(2024, 6, 5),
    dates_derived=True,
    starts_after=dt.date(2024, 1, 10),
    starts_by=dt.date(2024, 3, 5),
    ends_after=dt.date(2024, 6, 5),
    ends_by=dt.date(2024, 8, 1),
)
LIMITS = ("starts_after", "starts_by", "ends_after", "ends_by")


def tagged_after(record, cells):
    """The record as a correction of these cells makes it."""
    change, remarks = correction(held(record, "therapy_period"), cells, "from the letter")
    assert not remarks
    return replace(record, **change.changes)


def test_a_start_that_a_person_gives_takes_the_place_of_what_the_tags_said():
    new = tagged_after(TAGGED, {"start": dt.date(2024, 2, 1)})
    assert new.start == dt.date(2024, 2, 1)
    assert [getattr(new, n) for n in LIMITS] == [None, None, TAGGED.ends_after, TAGGED.ends_by]
    assert new.dates_derived


@pytest.mark.parametrize(
    ("cells", "status"),
    [({"end": dt.date(2024, 7, 1)}, "ended"), ({"end_status": "ongoing"}, "ongoing")],
)
def test_an_end_that_a_person_gives_takes_the_place_of_what_the_tags_said(cells, status):
    new = tagged_after(TAGGED, cells)
    assert (new.end, new.end_status) == (cells.get("end"), status)
    assert [getattr(new, n) for n in LIMITS] == [TAGGED.starts_after, TAGGED.starts_by, None, None]
    assert new.dates_derived
    both = tagged_after(new, {"start": dt.date(2024, 2, 1)})
    assert [getattr(both, n) for n in LIMITS] == [None] * 4
    assert not both.dates_derived


def test_to_blank_a_limit_says_that_the_date_is_the_real_one():
    new = tagged_after(TAGGED, {"starts_by": None})
    assert new.start == TAGGED.start
    assert (new.starts_after, new.starts_by) == (None, None)
    assert new.ends_by == TAGGED.ends_by


def test_other_corrections_leave_the_limits_of_the_tags():
    new = tagged_after(TAGGED, {"dose": "2 g/kg", "note": "by letter"})
    assert [getattr(new, n) for n in LIMITS] == [getattr(TAGGED, n) for n in LIMITS]
    assert new.dates_derived
