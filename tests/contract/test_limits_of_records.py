"""What a record can hold, listed once and tried at every door.

The doors: the constructor, a file, a form, the store on both databases, the tables of a
registry, and the tables of a notebook.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
from pathlib import Path

import pandas as pd
import pytest
from sqlalchemy import inspect, text

import sm_tracker as sm
from sm_tracker.domain.record_fields import LAST_DAY, LONGEST_NAME, LONGEST_NOTE, rules_of
from sm_tracker.domain.records import Event, Measurement, OutcomeReading, TherapyPeriod, as_kept
from sm_tracker.domain.set_aside import computable_records
from sm_tracker.domain.tables import EVENTS, MEASUREMENTS, OUTCOMES, THERAPIES, tables_of_records
from sm_tracker.errors import RecordError, StoreError, TrackerError
from sm_tracker.ingest import SourceFile
from sm_tracker.registry.rows import read_rows
from sm_tracker.report.export_tables import OWN_COLUMNS, write_csv
from sm_tracker.store import Actor, RecordStore, open_store
from sm_tracker.store.address import parsed_address
from sm_tracker.store.database import engines
from sm_tracker.store.migrate import migrate_tables
from sm_tracker.workflow import editing

DAY = dt.date(2024, 3, 5)
GOOD = {
    Measurement: {"patient_id": "A1", "date": DAY, "site": "calf", "thickness_mm": 2.1},
    TherapyPeriod: {"patient_id": "A1", "therapy": "IVIG", "start": DAY, "end_status": "ongoing"},
    OutcomeReading: {"patient_id": "A1", "date": DAY, "outcome": "mRSS", "value": 12.0},
    Event: {"patient_id": "A1", "date": DAY, "event": "skin biopsy", "kind": "biopsy"},
}
LONG_NAME, LONG_NOTE = "n" * (LONGEST_NAME + 1), "n" * (LONGEST_NOTE + 1)
BEYOND = [
    (Measurement, {"thickness_mm": 50.01}),
    (Measurement, {"thickness_mm": 0.0}),
    (Measurement, {"sd_mm": 51.0}),
    (Measurement, {"site": LONG_NAME}),
    (Measurement, {"patient_id": LONG_NAME}),
    (Measurement, {"device": LONG_NAME}),
    (Measurement, {"note": LONG_NOTE}),
    (Measurement, {"date": None, "day": LAST_DAY + 1}),
    (Measurement, {"date": None, "day": -LAST_DAY - 1}),
    (Measurement, {"date": dt.date(2201, 1, 1)}),
    (Measurement, {"date": dt.date(1899, 12, 31)}),
    (TherapyPeriod, {"therapy": LONG_NAME}),
    (TherapyPeriod, {"start": dt.date(1899, 12, 31)}),
    (TherapyPeriod, {"start": None, "start_day": LAST_DAY + 1}),
    (TherapyPeriod, {"stop_reason": LONG_NOTE}),
    (OutcomeReading, {"outcome": LONG_NAME}),
    (OutcomeReading, {"value": float("inf")}),
    (OutcomeReading, {"unit": LONG_NAME}),
    (Event, {"event": LONG_NOTE}),
    (Event, {"date": dt.date(1899, 12, 31)}),
    (Event, {"date": None, "day": LAST_DAY + 1}),
]
SAID = [f"{kind.__name__} {field}={str(value)[:12]}" for kind, fields in BEYOND
        for field, value in list(fields.items())[-1:]]  # fmt: skip
AT = {
    Measurement: {
        "patient_id": "p" * LONGEST_NAME, "site": "s" * LONGEST_NAME, "thickness_mm": 50.0,
        "note": "n" * LONGEST_NOTE, "device": "d" * LONGEST_NAME, "date": dt.date(2200, 12, 31),
    },
    TherapyPeriod: {
        "patient_id": "p" * LONGEST_NAME, "therapy": "t" * LONGEST_NAME,
        "start": dt.date(1900, 1, 1), "note": "n" * LONGEST_NOTE,
    },
    OutcomeReading: {
        "patient_id": "p" * LONGEST_NAME, "outcome": "o" * LONGEST_NAME,
        "unit": "u" * LONGEST_NAME, "value": 1e15,
    },
    Event: {
        "patient_id": "p" * LONGEST_NAME, "event": "e" * LONGEST_NOTE,
        "note": "n" * LONGEST_NOTE,
    },
}  # fmt: skip
ENTITY = {
    Measurement: "measurement", TherapyPeriod: "therapy_period", OutcomeReading: "outcome_reading",
    Event: "clinical_event",
}  # fmt: skip

TABLE = {
    Measurement: MEASUREMENTS,
    TherapyPeriod: THERAPIES,
    OutcomeReading: OUTCOMES,
    Event: EVENTS,
}


def cases(chosen):
    """The cases for which something holds, with what is wrong in them as their names."""
    some = [(c, said) for c, said in zip(BEYOND, SAID, strict=True) if chosen(*c)]
    return pytest.mark.parametrize(
        ("kind", "fields"), [c for c, _ in some], ids=[said for _, said in some]
    )


beyond = cases(lambda kind, fields: True)
typed = cases(lambda kind, fields: set(fields) <= set(OWN_COLUMNS[TABLE[kind].name]))
of_a_registry = cases(lambda kind, fields: kind in (Measurement, TherapyPeriod))


def kept(kind, fields):
    """A record as an older version stored it."""
    return as_kept(kind, **{**GOOD[kind], **fields})


def tables_with(*records):
    groups = {kind: [r for r in records if isinstance(r, kind)] for kind in GOOD}
    return tables_of_records(*groups.values())


@beyond
def test_a_record_beyond_a_limit_is_not_made(kind, fields):
    with pytest.raises(RecordError) as refused:
        kind(**{**GOOD[kind], **fields})
    assert refused.value.field in fields
    assert refused.value.why
    assert refused.value.fix


@pytest.mark.parametrize("kind", GOOD)
def test_a_record_at_its_limits_is_made(kind):
    assert kind(**{**GOOD[kind], **AT[kind]})


@typed
def test_a_row_of_a_file_beyond_a_limit_is_refused_with_a_finding(kind, fields):
    good = kind(**GOOD[kind], **({"note": "kept"} if "note" not in fields else {}))
    days = any(name in fields for name in ("day", "start_day"))
    if days:
        good = dataclasses.replace(
            good, **{n: None for n in ("date", "start") if hasattr(good, n)},
            **{n: 4 for n in ("day", "start_day") if n in fields},
        )  # fmt: skip
    files = write_csv(tables_with(kept(kind, fields), good))
    sources = [SourceFile(name, content) for name, content in files.items()]
    result = sm.read_files(sources, answers={})
    made = result.records
    errors = [f for f in result.findings if f.level == "error"]
    asked = [q.key for q in result.questions]
    assert errors or asked, "the value is neither refused nor asked about"
    assert all(r.note != "" or "note" in fields for r in made)


@typed
def test_a_form_takes_nothing_beyond_a_limit(kind, fields):
    with pytest.raises(TrackerError):
        editing.typed_records(ENTITY[kind], {**GOOD[kind], **fields})


@of_a_registry
def test_a_registry_names_the_row(kind, fields):
    frame = getattr(tables_with(kept(kind, fields)), TABLE[kind].name)
    rows, refused = read_rows(frame.assign(file="m.csv", row=2), TABLE[kind])
    assert len(rows) == 1
    assert refused["row"].tolist()[:1] == [2]


@beyond
def test_tables_of_a_notebook_set_the_patient_aside_with_the_reason(kind, fields):
    other = Measurement(patient_id="B2", date=DAY, site="calf", thickness_mm=2.0)
    records, aside = computable_records(tables_with(kept(kind, fields), other))
    assert aside["code"].tolist() == ["beyond_limits"]
    assert aside["reason"].tolist() == ["A value is beyond what a record can hold"]
    assert records.patients == ("B2",)


@beyond
def test_the_database_itself_refuses_what_is_beyond_a_limit(address, kind, fields):
    """Past the constructor, as another program would write it."""
    with open_store(address.application) as database:
        store = RecordStore(database, Actor("ann", "dermatology", "editor"))
        with pytest.raises((StoreError, ValueError)):
            store.add(kept(kind, fields))


def test_every_limit_is_a_rule_of_the_database(address):
    with open_store(address.owner) as database, database.connection() as connection:
        for kind, entity in ENTITY.items():
            rules = {
                c["name"]: c["sqltext"] for c in inspect(connection).get_check_constraints(entity)
            }
            limits = rules[f"ck_{entity}_within_limits"]
            for name, rule in rules_of(kind).items():
                if name not in ("patient_id", "assumed") and (rule.longest or rule.kind == "date"):
                    assert name in limits


@pytest.fixture(params=["sqlite", "postgresql"])
def store_of_version_0005(request, tmp_path: Path):
    """A store of the version before, with a reading far beyond every limit."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path / 'old.sqlite3'}"
        remove = None
    else:
        from benchmarks.local_postgresql import OWNER

        server = request.getfixturevalue("server")
        name = server.create_database()
        url, remove = server.url(name, OWNER), lambda: server.drop_database(name)
    migrate_tables(parsed_address(url), "0005")
    with engines(parsed_address(url)) as database, database.connection(writing=True) as connection:
        connection.execute(text("INSERT INTO clinic VALUES ('dermatology', '2026-01-01')"))
        connection.execute(
            text("INSERT INTO patient (clinic, code) VALUES ('dermatology', 'OLD-1')")
        )
        connection.execute(
            text(
                "INSERT INTO measurement (clinic, patient_key, version, mark, mark_reason, "
                "imported_digest, note, file, sheet, day, site, side, layer, thickness_mm, "
                "qualifier, status, device, examiner, approximate, site_text) VALUES "
                "('dermatology', 1, 1, '', '', '', '', '', '', :day, :site, '', '', :mm, '', "
                "'ok', '', '', FALSE, '')"
            ),
            {"day": 10**15, "site": "s" * 4000, "mm": 999.0},
        )
    yield url
    if remove:
        remove()


def test_a_store_of_before_keeps_what_is_beyond_a_limit_readable(store_of_version_0005):
    migrate_tables(parsed_address(store_of_version_0005))
    with open_store(store_of_version_0005) as database:
        store = RecordStore(database, Actor("ann", "dermatology", "editor"))
        (held,) = store.stored("measurement", ["OLD-1"])
        assert held.record.day == 10**15
        assert held.record.thickness_mm == 999.0
        aside = sm.analyse(store.records(["OLD-1"])).set_aside
        assert aside["code"].tolist() == ["beyond_limits"]
        with pytest.raises(RecordError):
            store.correct(
                "measurement", held.record_id, {"note": "seen"}, reason="x", expected_version=1
            )
        store.correct(
            "measurement",
            held.record_id,
            {"day": 7, "site": "calf", "thickness_mm": 2.1},
            reason="typing error",
            expected_version=1,
        )
        assert sm.analyse(store.records(["OLD-1"])).set_aside.empty
    with (
        engines(parsed_address(store_of_version_0005)) as database,
        database.connection() as connection,
    ):
        beyond_limits = connection.execute(text("SELECT beyond_limits FROM measurement")).scalar()
        assert not beyond_limits


def test_words_for_unknown_are_blanks_in_labels_and_refused_as_patient_or_site():
    reading = Measurement(**{**GOOD[Measurement], "device": "unknown", "layer": "NA"})
    assert (reading.device, reading.layer) == ("", "")
    for field in ("patient_id", "site"):
        with pytest.raises(RecordError, match=field):
            Measurement(**{**GOOD[Measurement], field: "NA"})


def test_a_frame_of_a_notebook_says_which_patient_was_set_aside():
    readings = pd.DataFrame(
        {"patient_id": ["A1", "B2"], "date": ["2024-01-08"] * 2, "site": "calf",
         "thickness_mm": [2.1, 80.0]}
    )  # fmt: skip
    analysis = sm.analyse(readings)
    assert analysis.set_aside["patient_id"].tolist() == ["B2"]
