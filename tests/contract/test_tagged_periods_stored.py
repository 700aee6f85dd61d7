"""Periods from the tags of readings in the store: kept, corrected, exported, brought back."""

from __future__ import annotations

import datetime as dt

from sm_tracker.domain.records import LIMITS_FROM_TAGS
from sm_tracker.domain.tables import tables_of_records
from sm_tracker.ingest import SourceFile, read_sources
from sm_tracker.report.export_tables import write_csv
from sm_tracker.store import ImportedFile
from sm_tracker.workflow.editing import correction

TAGGED = SourceFile(
    "tagged.csv",
    b"""patient_id,date,site,thickness_mm,therapy
A1,2024-01-10,forearm,2.50,none
A1,2024-03-12,forearm,2.40,MTX
A1,2024-05-14,forearm,2.30,
A1,2024-07-16,forearm,2.00,IVIG
""",
)


def imported(store):
    result = read_sources([TAGGED], answers={"blank_therapy": "not-stated"})
    store.import_batch(result, [ImportedFile(TAGGED.name, TAGGED.sha256)])
    return result


def test_limits_and_readings_without_a_stated_therapy_are_kept(store):
    result = imported(store)
    assert store.therapies() == list(result.therapies)
    assert [m.doubt_reason for m in store.measurements()] == ["", "", "therapy_not_stated", ""]


def test_a_real_start_takes_the_place_of_the_limits_and_the_history_tells_it(store):
    imported(store)
    (held,) = (s for s in store.stored("therapy_period") if s.record.therapy == "IVIG")
    change, _ = correction(held, {"start": dt.date(2024, 6, 20)}, "from the letter")
    store.correct(
        "therapy_period",
        held.record_id,
        change.changes,
        reason=change.reason,
        expected_version=held.version,
    )
    (now,) = (s.record for s in store.stored("therapy_period") if s.record.therapy == "IVIG")
    assert (now.start, now.end_status, now.dates_derived) == (
        dt.date(2024, 6, 20),
        "ongoing",
        False,
    )
    assert [getattr(now, name) for name in LIMITS_FROM_TAGS] == [None] * 4
    (*_, last) = store.history("therapy_period", held.record_id)
    assert {"start", "starts_after", "starts_by", "dates_derived"} <= set(last.changes)


def test_an_export_of_the_store_reads_back_identical_without_a_word(store):
    imported(store)
    written = write_csv(store.records())
    read = read_sources([SourceFile(name, content) for name, content in written.items()])
    assert not [f for f in read.findings if f.level != "info"]
    assert {n: c.count(b"\n") for n, c in written.items()} == {
        "measurements.csv": 5,
        "therapies.csv": 3,
    }
    assert write_csv(tables_of_records(read.measurements, read.therapies)) == written
