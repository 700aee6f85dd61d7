"""What goes in comes out: records, tables, files, and from one database to the other."""

from __future__ import annotations

import dataclasses
import datetime as dt
import io

import pandas as pd
import pytest
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from sm_tracker.domain.event_kinds import EVENT_KINDS
from sm_tracker.domain.missing import is_missing
from sm_tracker.domain.record_fields import FIRST_DATE, LAST_DATE, MOST_COUNT, MOST_MM
from sm_tracker.domain.records import (
    PRECISIONS,
    Event,
    Measurement,
    OutcomeReading,
    Place,
    TherapyPeriod,
)
from sm_tracker.domain.tables import tables_of_records
from sm_tracker.errors import RecordError
from sm_tracker.store import (
    Actor,
    RecordStore,
    make_tables,
    open_store,
    restore_backup,
    write_backup,
)
from sm_tracker.workflow.file_import import files_from_paths, read_files
from tests.sampling import examples

ADMIN = Actor("ann", "dermatology", "admin")
SAMPLES = ("measurements", "therapies", "outcomes")

texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=12)
names = texts.filter(str.strip)
numbers = st.floats(1e-6, 1e6, allow_nan=False)
millimetres = st.floats(1e-6, MOST_MM)
wholes = st.integers(-MOST_COUNT, MOST_COUNT)
dates = st.dates(FIRST_DATE, LAST_DATE)
sites = names.filter(lambda text: not is_missing(text, "label"))
places = st.builds(Place, file=texts, sheet=texts, row=st.none() | st.integers(1, 10**6))

measurements = st.builds(
    Measurement,
    patient_id=st.just("A1"),
    site=sites,
    date=dates,
    thickness_mm=millimetres,
    side=st.sampled_from(["", "left", "right"]),
    layer=texts,
    qualifier=st.sampled_from(["", "<", ">"]),
    replicate=st.none() | wholes,
    device=texts,
    frequency_mhz=st.none() | numbers,
    velocity_m_s=st.none() | numbers,
    examiner=texts,
    note=texts,
    sd_mm=st.none() | millimetres,
    approximate=st.booleans(),
    site_text=texts,
    place=places,
)
therapies = st.builds(
    TherapyPeriod,
    patient_id=st.just("A1"),
    therapy=names,
    start=dates,
    end_status=st.sampled_from(["ended", "ongoing", "unknown"]),
    date_precision=st.sampled_from(["day", "month", "year"]),
    period_id=texts,
    kind=st.sampled_from(["", "continuous", "cyclic", "pulse", "taper", "single"]),
    dose=texts,
    cycles=st.none() | wholes,
    session_dates=st.lists(dates, max_size=3).map(tuple),
    show_in_figure=st.booleans(),
    note=texts,
    place=places,
)
outcomes = st.builds(
    OutcomeReading,
    patient_id=st.just("A1"),
    outcome=names,
    value=st.floats(-1e9, 1e9),
    date=dates,
    unit=texts,
    better=st.sampled_from(["lower", "higher"]),
    place=places,
)

events = st.builds(
    Event,
    patient_id=st.just("A1"),
    date=dates,
    event=names,
    kind=st.sampled_from(EVENT_KINDS),
    date_precision=st.sampled_from(PRECISIONS),
    note=texts,
    place=places,
)


@pytest.fixture
def sample(repository):
    """The synthetic index case as read from its three files."""
    folder = repository / "sample_data"
    paths = [folder / f"index_case_{kind}.csv" for kind in SAMPLES]
    return read_files(files_from_paths(paths), today=dt.date(2026, 11, 21))


@examples(25, without=[HealthCheck.function_scoped_fixture])
@given(st.lists(measurements | therapies | outcomes | events, min_size=1, max_size=4))
def test_any_record_comes_back_as_it_was_given(store, records):
    for record in records:
        held = store.add(record)
        assert store.one(held.entity, held.record_id).record == record


def test_a_course_in_day_numbers_keeps_its_sessions_in_order(store, course):
    given_course = course(start=None, start_day=-3, session_dates=(5, 2, 2))
    store.add(given_course)
    assert store.therapies() == [given_course]


def test_readings_without_a_value_come_back(store, reading):
    unreadable = reading(None, status="not_measurable", note="oedema")
    store.add(unreadable)
    assert store.measurements() == [unreadable]


def test_tables_from_the_store_are_those_of_the_records(store, sample, file_of):
    _, files = file_of(name="index_case.csv")
    store.import_batch(sample, files)
    expected = tables_of_records(sample.measurements, sample.therapies, sample.outcomes)
    for code in (None, [sample.measurements[0].patient_id]):
        found = store.records(code)
        for kind in SAMPLES:
            pd.testing.assert_frame_equal(getattr(found, kind), getattr(expected, kind))


def test_tables_hold_the_asked_patients_only(store, reading):
    store.add(reading(2.1))
    store.add(reading(1.7, patient_id="B2"))
    assert store.records(["B2"]).patients == ("B2",)
    assert store.records(["unknown"]).patients == ()
    assert [m.patient_id for m in store.measurements(["A1", "B2"])] == ["A1", "B2"]


def test_an_empty_store_gives_empty_tables_with_all_columns(store):
    empty = tables_of_records()
    for kind in SAMPLES:
        pd.testing.assert_frame_equal(getattr(store.records(), kind), getattr(empty, kind))


@pytest.mark.parametrize("kinds", [("sqlite", "postgresql"), ("postgresql", "sqlite")])
def test_records_go_through_both_databases_and_back_to_the_same_files(
    new_address, tmp_path, sample, file_of, kinds
):
    first, second = (new_address(kind) for kind in kinds)
    if second.kind == "sqlite":
        second = dataclasses.replace(second, owner=f"sqlite:///{tmp_path / 'restored.sqlite3'}")
    with open_store(first.application) as database:
        _, files = file_of(name="index_case.csv")
        RecordStore(database, ADMIN).import_batch(sample, files)
        before = as_csv(RecordStore(database, ADMIN))
        trail = RecordStore(database, ADMIN).audit_trail()
    write_backup(first.owner, tmp_path / "backup.sqlite3")
    restore_backup(tmp_path / "backup.sqlite3", second.owner)
    with open_store(second.owner) as database:
        assert as_csv(RecordStore(database, ADMIN)) == before
        assert RecordStore(database, ADMIN).audit_trail() == trail
    assert before == as_csv_of_records(sample)


def as_csv(store):
    tables = store.records()
    return [getattr(tables, kind).to_csv(index=False) for kind in SAMPLES]


def as_csv_of_records(sample):
    tables = tables_of_records(sample.measurements, sample.therapies, sample.outcomes)
    return [getattr(tables, kind).to_csv(index=False) for kind in SAMPLES]


def test_our_own_files_written_from_the_store_read_back_identical(store, sample, file_of, tmp_path):
    store.import_batch(sample, file_of(name="index_case.csv")[1])
    tables = store.records()
    paths = []
    for kind in SAMPLES:
        table = getattr(tables, kind).drop(columns=["file", "sheet", "row"])
        paths.append(tmp_path / f"{kind}.csv")
        kept = table.loc[:, table.map(str).ne("").any() & table.notna().any()]
        buffer = io.StringIO()
        kept.drop(
            columns=["site_text", "therapy_text", "approximate", "dates_derived"], errors="ignore"
        ).to_csv(buffer, index=False)
        paths[-1].write_text(buffer.getvalue(), encoding="utf-8")
    again = read_files(files_from_paths(paths), today=dt.date(2026, 11, 21))
    assert [f.code for f in again.findings if f.level == "error"] == []

    def content(records):
        blank = {"place": Place(), "site_text": "", "therapy_text": ""}
        return [
            dataclasses.replace(r, **{k: v for k, v in blank.items() if hasattr(r, k)})
            for r in records
        ]

    for kind in SAMPLES:
        assert content(getattr(again, kind)) == content(getattr(sample, kind))


@pytest.mark.parametrize(
    ("fields", "named"),
    [
        ({"thickness_mm": float("nan")}, "thickness_mm"),
        ({"thickness_mm": 0.0}, "thickness_mm"),
        ({"thickness_mm": None}, "thickness_mm"),
        ({"thickness_mm": "2.1"}, "thickness_mm"),
        ({"date": None}, "date"),
        ({"day": 4}, "date"),
        ({"site": " "}, "site"),
        ({"patient_id": ""}, "patient_id"),
        ({"status": "fine"}, "status"),
        ({"note": "half \ud83d"}, "note"),
        ({"note": "nul\x00"}, "note"),
        ({"replicate": 1.5}, "replicate"),
        ({"replicate": 2**70}, "replicate"),
    ],
)
def test_a_measurement_that_breaks_a_rule_is_refused_with_its_field(store, reading, fields, named):
    with pytest.raises(RecordError, match=named):
        store.add(reading(**fields))
    assert store.measurements() == []


@pytest.mark.parametrize(
    ("fields", "named"),
    [
        ({"end": dt.date(2023, 1, 1), "end_status": "ended"}, "end"),
        ({"end": dt.date(2025, 1, 1)}, "end"),
        ({"start": None}, "start"),
        ({"therapy": ""}, "therapy"),
        ({"session_dates": (5,)}, "session_dates"),
    ],
)
def test_a_course_that_breaks_a_rule_is_refused_with_its_field(store, course, fields, named):
    with pytest.raises(RecordError, match=named):
        store.add(course(**fields))


def test_numbers_of_numpy_are_kept_as_plain_ones(store, reading, problems):
    import numpy as np

    store.add(reading(np.float64(2.1), replicate=np.int64(2), date=pd.Timestamp("2024-03-05")))
    assert store.measurements() == [reading(2.1, replicate=2)]
    assert problems() == []


def test_a_patient_is_listed_with_counts_and_last_date(store, reading, course):
    store.add(reading(2.1, patient_id="B2", date=dt.date(2024, 6, 1)))
    store.add(reading(2.1))
    store.add(course())
    listed = [
        (p.code, p.n_measurements, p.n_therapies, p.n_outcomes, p.last_date)
        for p in store.patients()
    ]
    assert listed == [
        ("A1", 1, 1, 0, dt.date(2024, 3, 5)),
        ("B2", 1, 0, 0, dt.date(2024, 6, 1)),
    ]


def test_a_new_store_is_made_once(tmp_path):
    url = f"sqlite:///{tmp_path}/made/store.sqlite3"
    make_tables(url).close()
    with make_tables(url) as database:
        assert RecordStore(database, ADMIN).patients() == ()
    assert (tmp_path / "made/store.sqlite3").stat().st_mode & 0o077 == 0
