"""Doubts in the store: confirmed and corrected with a reason, and never lost by an import."""

from __future__ import annotations

import dataclasses
import datetime as dt

import pytest

from sm_tracker.domain.records import OutcomeReading
from sm_tracker.ingest import SourceFile, read_sources
from sm_tracker.report.export_tables import write_csv
from sm_tracker.workflow.analysing import analyse
from sm_tracker.workflow.doubts import confirmation, corrected, doubted_records, removal

DAYS = [dt.date(2024, m, 5) for m in range(1, 9)]


@pytest.fixture
def values(reading):
    """Readings of one series, in order of time."""

    def make(*thickness_mm, **fields):
        return [reading(v, date=d, **fields) for v, d in zip(thickness_mm, DAYS, strict=False)]

    return make


@pytest.fixture
def doubtful(store, values):
    """A store with one slipped decimal point among three readings, as an import marks it."""
    for record in values(2.1, 2.0):
        store.add(record)
    slip = dataclasses.replace(values(1, 1, 0.21)[2], doubt="open", doubt_reason="far_from_series")
    store.add(slip)
    return store


def test_an_open_doubt_is_listed_with_its_reason_and_what_it_may_have_been(doubtful):
    (found,) = doubted_records(doubtful, "A1")
    assert found.held.record.thickness_mm == 0.21
    assert (found.doubt.reason, found.doubt.suggested) == ("far_from_series", 2.1)


def test_a_confirmation_is_audited_and_the_value_counts(doubtful, problems):
    (found,) = doubted_records(doubtful, "A1")
    doubtful.save_edits([confirmation(found, "confirmed as read")])
    assert doubted_records(doubtful, "A1") == ()
    entry = doubtful.history("measurement", found.held.record_id)[-1]
    assert (entry.action, entry.reason) == ("correct", "confirmed as read")
    assert entry.changes == {"doubt": ("open", "confirmed")}
    visits = analyse(doubtful.records(["A1"])).visits
    assert visits["value_mm"].tolist() == [2.1, 2.0, 0.21]
    assert problems() == []


def test_a_correction_takes_the_doubt_away(doubtful):
    (found,) = doubted_records(doubtful, "A1")
    change, remarks = corrected(found, 2.1, "doubtful value corrected")
    doubtful.save_edits([change])
    record = doubtful.measurements(["A1"])[2]
    assert (record.thickness_mm, record.doubt, record.doubt_reason) == (2.1, "", "")
    assert remarks == ()


def test_a_correction_that_is_doubtful_again_says_so(doubtful):
    (found,) = doubted_records(doubtful, "A1")
    change, remarks = corrected(found, 25.0, "doubtful value corrected")
    assert change.changes["doubt_reason"] == "out_of_range"
    assert "25.00 mm is implausible" in " ".join(remarks)


def test_a_code_for_missing_is_taken_out_and_can_be_brought_back(store, values):
    for record in values(2.1, 2.0, 9.99):
        store.add(record)
    (found,) = doubted_records(store, "A1")
    assert found.doubt.reason == "missing_code"
    store.save_edits([removal(found, "code for a missing value")])
    assert [m.thickness_mm for m in store.measurements(["A1"])] == [2.1, 2.0]
    assert doubted_records(store, "A1") == ()


def test_a_value_of_before_doubts_were_known_is_doubted_when_it_is_looked_at(store, values):
    for record in values(2.1, 2.0, 0.21):
        store.add(record)
    assert [d.held.record.thickness_mm for d in doubted_records(store, "A1")] == [0.21]
    assert analyse(store.records(["A1"])).visits["state"].tolist() == ["ok", "ok", "doubtful"]


def test_what_is_exported_is_read_back_without_a_word(store, values):
    for record in values(2.1, 2.0, 0.21):
        store.add(record)
    files = [SourceFile(n, content) for n, content in write_csv(store.records()).items()]
    result = read_sources(files, today=dt.date(2026, 1, 1))
    assert (result.outcome, result.findings) == ("accept", ())
    assert [m.doubt for m in result.measurements] == ["", "", "open"]


def test_an_outcome_is_confirmed_like_a_measurement(store):
    for value, day in zip((31, 33, 310, 32), DAYS, strict=False):
        store.add(OutcomeReading(patient_id="A1", outcome="mouth opening", value=value, date=day))
    (found,) = doubted_records(store, "A1")
    store.save_edits([confirmation(found, "confirmed as read")])
    assert doubted_records(store, "A1") == ()


def test_a_file_of_the_month_is_judged_beside_what_is_stored(doubtful):
    line = b"patient_id,date,site,thickness_mm\nA1,2024-06-05,calf,%s"
    slip, plain, again = (
        read_sources(
            [SourceFile("june.csv", line % value)], today=dt.date(2026, 1, 1), held=doubtful
        )
        for value in (b"0.22", b"2.2", b"0.21")
    )
    assert [m.doubt_reason for m in slip.measurements] == ["far_from_series"]
    assert [m.doubt for m in plain.measurements] == [""]
    assert [m.doubt for m in again.measurements] == ["open"]


def test_a_longer_file_does_not_take_a_confirmation_away(store, values, file_of):
    first = values(2.1, 2.0, 0.21)
    first[2] = dataclasses.replace(first[2], doubt="open", doubt_reason="far_from_series")
    store.import_batch(*file_of(*first, name="first.csv"))
    (found,) = doubted_records(store, "A1")
    store.save_edits([confirmation(found, "confirmed as read")])
    report = store.import_batch(*file_of(*first, values(1, 1, 1, 2.2)[3], name="second.csv"))
    assert (report.added, report.unchanged) == (1, 3)
    assert store.measurements(["A1"])[2].doubt == "confirmed"


def test_a_row_that_is_judged_otherwise_beside_more_rows_is_the_same_row(store, values, file_of):
    first = values(2.1, 0.5)
    store.import_batch(*file_of(*first, name="first.csv"))
    again = [*first, *values(1, 1, 2.2, 2.3)[2:]]
    again[1] = dataclasses.replace(again[1], doubt="open", doubt_reason="alone_in_series")
    report = store.import_batch(*file_of(*again, name="second.csv"))
    assert (report.added, report.unchanged, report.kept) == (2, 2, 0)


@pytest.mark.parametrize(
    ("stored", "incoming"),
    [
        (("open", "far_from_series"), ("confirmed", "far_from_series")),
        (("", ""), ("confirmed", "")),
        (("", ""), ("open", "")),
    ],
)
def test_what_a_file_says_further_of_a_stored_value_is_a_difference(
    store, values, file_of, stored, incoming
):
    (record,) = values(2.1)

    def with_doubt(said):
        return dataclasses.replace(record, doubt=said[0], doubt_reason=said[1])

    store.import_batch(*file_of(with_doubt(stored), name="first.csv"))
    again = file_of(with_doubt(incoming), name="second.csv")
    preview = store.preview_import(*again)
    assert "doubt" in preview.changed[0].fields
    store.import_batch(*again, on_changed="replace")
    assert store.measurements(["A1"])[0].doubt == incoming[0]


def test_a_replaced_note_leaves_the_confirmation_of_the_same_value(store, values, file_of):
    (record,) = values(0.21)
    confirmed = dataclasses.replace(record, doubt="confirmed", doubt_reason="far_from_series")
    store.import_batch(*file_of(confirmed, name="first.csv"))
    noted = dataclasses.replace(record, note="read again")
    again = file_of(noted, name="second.csv")
    assert store.preview_import(*again).changed[0].fields == ("note",)
    store.import_batch(*again, on_changed="replace")
    (held,) = store.measurements(["A1"])
    assert (held.note, held.doubt) == ("read again", "confirmed")


def test_an_import_undone_gives_back_the_doubt_of_before(store, values, file_of, problems):
    (record,) = values(0.21)
    waiting = dataclasses.replace(record, doubt="open", doubt_reason="far_from_series")
    store.import_batch(*file_of(waiting, name="first.csv"))
    said = dataclasses.replace(waiting, doubt="confirmed")
    report = store.import_batch(*file_of(said, name="second.csv"), on_changed="replace")
    store.undo_import(report.batch_id)
    assert store.measurements(["A1"])[0].doubt == "open"
    assert problems() == []
