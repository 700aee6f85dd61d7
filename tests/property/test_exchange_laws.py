"""What leaves in a form of exchange comes back: nothing lost that was not announced."""

from __future__ import annotations

import csv
import dataclasses
import datetime as dt
import io
import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sm_tracker.domain.records import (
    Event,
    Measurement,
    OutcomeReading,
    Place,
    Record,
    TherapyPeriod,
)
from sm_tracker.domain.redcap_project import INSTANCE, INSTRUMENT, RECORD, project_fields
from sm_tracker.domain.tables import Records, tables_of_records
from sm_tracker.ingest import SourceFile, read_sources
from sm_tracker.ingest.records.redcap import parse_codes
from sm_tracker.report.exchange.forms import FORMS
from sm_tracker.report.exchange.losses import losses_of
from sm_tracker.report.exchange.redcap_files import DICTIONARY
from sm_tracker.workflow import analysing, file_import
from sm_tracker.workflow.exchanging import exchange_files
from tests.sampling import examples

TODAY = dt.date(2026, 11, 1)
PROVENANCE = {"place": Place(), "site_text": "", "therapy_text": "", "assumed": ""}

days = st.dates(dt.date(2015, 1, 1), dt.date(2024, 12, 28))
codes = st.sampled_from(["A1", "B2", "C-3"])
notes = st.sampled_from(["", "soft, warm", "Kommentar; mit ü", 'said "stiff"', "two\nlines"])
millimetres = st.integers(20, 480).map(lambda n: n / 100)
frequencies = st.sampled_from([None, 18.0, 22.0, 33.5])
REGIMENS = ["IVIG", "hydroxychloroquine", "ECP", "UVA1", "mycophenolate mofetil"]


def distinct_by(*names):
    return lambda record: tuple(getattr(record, name) for name in names)


@st.composite
def readings(draw: st.DrawFn) -> Measurement:
    status = draw(st.sampled_from(["ok", "ok", "ok", "not_measurable", "beyond_depth"]))
    return Measurement(
        patient_id=draw(codes), date=draw(days),
        site=draw(st.sampled_from(["forearm", "calf", "hand", "cheek", "scar of the knee"])),
        side=draw(st.sampled_from(["", "left", "right"])), layer="dermis", device="DUB",
        frequency_mhz=22.0, status=status,
        thickness_mm=draw(millimetres) if status == "ok" else None,
        qualifier=draw(st.sampled_from(["", "", "<", ">"])) if status == "ok" else "",
        replicate=1, velocity_m_s=draw(st.sampled_from([None, 1580.0])),
        examiner=draw(st.sampled_from(["", "E1", "E2"])), note=draw(notes),
    )  # fmt: skip


@st.composite
def courses(draw: st.DrawFn) -> TherapyPeriod:
    status = draw(st.sampled_from(["ended", "ongoing", "unknown"]))
    start = draw(days)
    precision = draw(st.sampled_from(["day", "week", "month", "quarter", "year"]))
    last = min(start + dt.timedelta(draw(st.integers(400, 800))), TODAY)
    end = last if status == "ended" else None
    sessions = [start, start + dt.timedelta(7)] if draw(st.booleans()) else []
    return TherapyPeriod(
        patient_id=draw(codes), therapy=draw(st.sampled_from(REGIMENS)), start=start, end=end,
        end_status=status, date_precision=precision,
        end_date_precision=draw(st.sampled_from(["", "month"])) if end else "",
        kind=draw(st.sampled_from(["", "continuous", "pulse"])),
        dose=draw(st.sampled_from(["", "2 g/kg", "200 mg, 2x daily"])),
        cycles=draw(st.sampled_from([None, 3])),
        session_dates=tuple(sessions) if precision == "day" else (),
        route=draw(st.sampled_from(["", "i.v."])),
        stop_reason=draw(st.sampled_from(["", "no effect"])) if end else "",
        show_in_figure=draw(st.booleans()), note=draw(notes),
    )  # fmt: skip


outcomes = st.builds(
    OutcomeReading, patient_id=codes, date=days, note=notes,
    outcome=st.sampled_from(["mRSS", "mouth opening"]), unit=st.just("mm"),
    value=st.integers(1, 50).map(float), better=st.sampled_from(["lower"]),
)  # fmt: skip
events = st.builds(
    Event, patient_id=codes, date=days, note=notes,
    event=st.sampled_from(["skin biopsy", "sepsis", "admission"]),
    kind=st.sampled_from(["biopsy", "infection", "other"]),
    date_precision=st.sampled_from(["day", "month", "year"]),
)  # fmt: skip


@st.composite
def some_records(draw: st.DrawFn) -> Records:
    """Records that our own CSV files give back without a question."""
    found = draw(
        st.lists(readings(), min_size=1, max_size=8,
                 unique_by=distinct_by("patient_id", "date", "site", "side"))
    )  # fmt: skip
    given_ = draw(st.lists(courses(), max_size=4, unique_by=distinct_by("patient_id", "therapy")))
    followed = draw(st.lists(outcomes, max_size=3, unique_by=distinct_by("patient_id", "outcome")))
    happened = draw(st.lists(events, max_size=3, unique_by=distinct_by("patient_id", "event")))
    records = tables_of_records(found, given_, followed, happened)
    read = reread(records, "csv")
    assert len(read.records) == len((*found, *given_, *followed, *happened)), read.questions
    return file_import.records_of(read)


def reread(records: Records, form: str):
    files, _ = exchange_files(records, form)
    return read_sources([SourceFile(n, c) for n, c in files.items()], today=TODAY)


def plain(record: Record) -> Record:
    known = {f.name for f in dataclasses.fields(record)}
    return dataclasses.replace(record, **{k: v for k, v in PROVENANCE.items() if k in known})


def told(result) -> list[Record]:
    return sorted(map(plain, result.records), key=repr)


def announced(records: Records) -> set[str]:
    return {loss.column for loss in losses_of(records)}


@pytest.mark.parametrize("form", FORMS)
@given(records=some_records())
@examples(12)
def test_records_come_back_as_they_left(form, records):
    again = reread(records, form)
    assert again.outcome in ("accept", "accept_with_warning"), again.questions
    assert told(again) == told(reread(records, "csv"))
    assert announced(records) == set()


@pytest.mark.parametrize("form", FORMS)
@given(records=some_records())
@examples(8)
def test_what_is_read_back_leaves_as_the_same_bytes(form, records):
    first, _ = exchange_files(records, form)
    again = file_import.records_of(reread(records, form))
    assert exchange_files(again, form)[0] == first


@pytest.mark.parametrize("form", FORMS)
def test_the_sample_has_the_same_change_table_after_each_form(form):
    records = file_import.sample_records()
    again = file_import.records_of(reread(records, form))
    before, after = (analysing.analyse(r).changes for r in (records, again))
    assert before.drop(columns="settings_id").equals(after.drop(columns="settings_id"))


@given(records=some_records())
@examples(6)
def test_a_redcap_project_keeps_the_rules_of_its_dictionary(records):
    files, _ = exchange_files(records, "redcap")
    dictionary, data = (
        list(csv.DictReader(io.StringIO(files[n].decode(), newline="")))
        for n in ("dictionary.csv", "data.csv")
    )
    own = {RECORD, INSTRUMENT, INSTANCE} | {f"{r['Form Name']}_complete" for r in dictionary}
    fields = {r["Variable / Field Name"]: r for r in dictionary}
    assert tuple(dictionary[0]) == DICTIONARY
    assert len(fields) == len(dictionary)
    assert all(re.fullmatch(r"[a-z][a-z0-9_]{0,25}", name) for name in fields), list(fields)
    assert set(data[0]) == set(fields) | own
    for row in data:
        for name, cell in row.items():
            asked = fields.get(name, {}).get(DICTIONARY[5], "")
            choices = parse_codes(asked)
            assert not asked or not cell or cell in choices


@given(records=some_records())
@examples(6)
def test_a_labelled_export_of_the_project_is_read_as_the_raw_one(records):
    files, _ = exchange_files(records, "redcap")
    rows = list(csv.reader(io.StringIO(files["data.csv"].decode(), newline="")))
    labels = {f.name: f.label for f in project_fields()}
    own = {INSTRUMENT: "Repeat Instrument", INSTANCE: "Repeat Instance", RECORD: "patient code"}
    header = [labels.get(n, own.get(n, "Complete?")) for n in rows[0]]
    words = {f.name: f.choices for f in project_fields()}
    told_rows = [
        [words.get(n, {}).get(c, c) for n, c in zip(rows[0], row, strict=True)] for row in rows[1:]
    ]
    out = io.StringIO(newline="")
    csv.writer(out).writerows([header, *told_rows])
    again = read_sources([SourceFile("labelled.csv", out.getvalue().encode())], today=TODAY)
    assert told(again) == told(reread(records, "redcap"))
