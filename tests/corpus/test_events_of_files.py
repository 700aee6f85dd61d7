"""Tables of events: biopsies, admissions, infections and whatever else happened on a day."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sm_tracker.domain.event_kinds import EVENT_KINDS, event_kind_of
from sm_tracker.domain.records import PRECISIONS, Event
from sm_tracker.domain.tables import tables_of_records
from sm_tracker.ingest import SourceFile, read_sources
from sm_tracker.report.export_tables import write_csv, write_xlsx
from tests.corpus.texts import TODAY
from tests.sampling import examples


def read(name, *lines, **given_answers):
    file = SourceFile(name, "\n".join(lines).encode())
    return read_sources([file], answers=given_answers or None, today=TODAY)


def told(result):
    return [(e.patient_id, str(e.date or e.day), e.event, e.kind) for e in result.events]


@pytest.mark.parametrize(
    ("name", "lines", "first"),
    [
        (
            "kontrollen.csv",
            ["Patient;Datum;Ereignis;Bemerkung", "A1;05.03.2024;Stanzbiopsie Unterarm re.;passt"],
            ("A1", "2024-03-05", "Stanzbiopsie Unterarm re.", "biopsy"),
        ),
        (
            "b.csv",
            ["Code patient;Date de l'événement;Événement", "A1;25.03.2024;hospitalisation"],
            ("A1", "2024-03-25", "hospitalisation", "admission"),
        ),
        (
            "c.csv",
            ["subject id,date,complication", "A1,2024-03-25,shingles"],
            ("A1", "2024-03-25", "shingles", "infection"),
        ),
        (
            "d.csv",
            ["patient_id,day,event,kind,note", "A1,12,flood in the house,other,"],
            ("A1", "12", "flood in the house", "other"),
        ),
        (
            "Ereignisse 2024.csv",
            ["Patient;Datum;Beschreibung", "A1;25.03.2024;Entbindung"],
            ("A1", "2024-03-25", "Entbindung", "pregnancy"),
        ),
        (
            "events.csv",
            ["ID,when,what happened", "A1,2024-03-25,clinical photograph"],
            ("A1", "2024-03-25", "clinical photograph", "photo"),
        ),
        (
            "e.csv",
            ["Patient;Ereignisdatum;Ereignisart;Ereignis", "A1;25.03.2024;Eingriff;Zahn 36"],
            ("A1", "2024-03-25", "Zahn 36", "surgery"),
        ),
    ],
)
def test_a_table_of_days_and_what_happened_on_them_is_read_as_events(name, lines, first):
    result = read(name, *lines)
    assert told(result) == [first]
    assert result.outcome == "accept"
    assert result.ledger.used + result.ledger.noted == result.ledger.cells


def test_days_known_to_a_month_a_season_or_a_year_keep_their_precision():
    result = read(
        "e.csv", "Patient;Datum;Ereignis", "A1;07/2023;Sepsis", "A1;Herbst 2022;Zahn gezogen",
        "A1;2021;Operation", season="northern",
    )  # fmt: skip
    assert [(str(e.date), e.date_precision) for e in result.events] == [
        ("2023-07-01", "month"), ("2022-10-01", "quarter"), ("2021-01-01", "year"),
    ]  # fmt: skip
    assert {f.code for f in result.findings} >= {"approximate_date"}


def test_a_season_is_asked_about_as_it_is_of_a_therapy():
    result = read("e.csv", "Patient;Datum;Ereignis", "A1;Herbst 2022;Zahn gezogen")
    assert [q.key for q in result.questions] == ["season"]
    assert result.events == ()


def test_an_event_of_no_known_kind_is_another_one_and_its_words_are_kept():
    result = read("e.csv", "patient_id,date,event,kind", "A1,2024-03-05,flood,disaster")
    (event,) = result.events
    assert (event.event, event.kind, event.note) == ("flood", "other", "disaster")


def test_a_kind_that_is_written_counts_more_than_the_words_of_the_event():
    result = read("e.csv", "patient_id,date,event,kind", "A1,2024-03-05,photo of biopsy,other")
    assert [e.kind for e in result.events] == ["other"]


def test_the_last_day_of_an_admission_stands_in_its_note_as_written():
    result = read("e.csv", "ID;Ereignis;von;bis", "A1;Klinikaufenthalt;01.03.2024;12.03.2024")
    (event,) = result.events
    assert (str(event.date), event.kind, event.note) == (
        "2024-03-01", "admission", "bis 12.03.2024",
    )  # fmt: skip
    assert (result.ledger.used, result.ledger.noted) == (6, 2)


def test_rows_without_a_day_or_without_an_event_are_left_out_and_named():
    result = read(
        "e.csv", "patient_id,date,event", "A1,,photo", "A1,2024-03-05,", "A1,2024-03-06,photo"
    )
    assert [(r.place.row, str(r.reason).partition(":")[0]) for r in result.refused] == [
        (2, "missing_date"), (3, "missing_event"),
    ]  # fmt: skip
    assert len(result.events) == 1


def test_the_same_event_twice_counts_once():
    result = read("e.csv", "patient_id,date,event", *["A1,2024-03-06,photo"] * 2)
    assert len(result.events) == 1
    assert "duplicate_row" in {f.code for f in result.findings}


def test_a_day_after_today_is_refused_as_it_is_of_a_therapy():
    result = read("e.csv", "patient_id,date,event", "A1,2027-03-06,photo", "A1,2024-03-06,photo")
    assert len(result.events) == 1
    assert "future_date" in {f.code for f in result.findings}


@pytest.mark.parametrize(
    "lines",
    [
        ["patient_id,date,event", "A1,2024-03-05,baseline", "A1,2024-06-05,month 3"],
        ["patient_id,date,event,x7", "A1,2024-03-05,biopsy,2.1", "A1,2024-06-05,photo,2.0"],
    ],
    ids=["labels of visits", "numbers that may be readings"],
)
def test_visits_and_possible_readings_are_not_taken_for_events(lines):
    assert read("a.csv", *lines).events == ()


def test_readings_beside_which_something_happened_stay_readings():
    result = read(
        "a.csv", "patient_id,date,site,thickness_mm,event", "A1,2024-03-05,calf,2.1,biopsy",
        "A1,2024-06-05,calf,2.0,",
    )  # fmt: skip
    assert (len(result.measurements), len(result.events)) == (2, 0)


def test_events_join_the_patient_of_the_readings_however_the_code_is_spelt():
    files = [
        SourceFile("m.csv", b"patient_id,date,site,thickness_mm\nA-1,2024-03-05,calf,2.1\n"
                            b"A-1,2024-06-05,calf,2.0\n"),
        SourceFile("e.csv", b"patient_id,date,event\nA 1,2024-03-06,photo\n"),
    ]  # fmt: skip
    result = read_sources(files, today=TODAY)
    assert {r.patient_id for r in result.records} == {"A-1"}


def test_events_on_day_numbers_beside_dates_are_warned_about():
    files = [
        SourceFile("m.csv", b"patient_id,date,site,thickness_mm\nA1,2024-03-05,calf,2.1\n"),
        SourceFile("e.csv", b"patient_id,day,event\nA1,6,photo\n"),
    ]
    codes = {f.code for f in read_sources(files, today=TODAY).findings}
    assert "mixed_time_axes" in codes


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Hautbiopsie Unterarm", "biopsy"),
        ("stationäre Aufnahme wegen Sepsis", "admission"),
        ("Sepsis, Intensivstation", "infection"),
        ("photographie du visage", "photo"),
        ("grossesse, 12e semaine", "pregnancy"),
        ("OP Knie links", "surgery"),
        ("control post op", ""),
        ("moved house", ""),
    ],
)
def test_the_kind_of_an_event_is_that_of_the_first_word_that_is_known(text, kind):
    assert event_kind_of(text) == kind


BESIDE = [
    "Patient;Datum;Unterarm links (mm);Wade (mm);Ereignis",
    "A1;03.01.2023;2,1;2,2;",
    "A1;07.02.2023;;;Hospitalisation",
    "A1;25.04.2023;1,9;2,0;Stanzbiopsie",
    "A1;10.10.2023;1,7;1,8;",
]


def test_a_column_of_events_beside_readings_is_offered_and_read_as_such():
    (offer,) = read("m.csv", *BESIDE).offers
    assert offer.key == "unread.Ereignis"
    assert "event" in [c.value for c in offer.choices]
    result = read("m.csv", *BESIDE, **{"unread.Ereignis": "event"})
    assert told(result) == [
        ("A1", "2023-02-07", "Hospitalisation", "admission"),
        ("A1", "2023-04-25", "Stanzbiopsie", "biopsy"),
    ]
    assert len(result.measurements) == 6
    assert not result.refused


def test_an_event_that_stands_at_each_site_of_its_day_is_one_event():
    lines = [
        "patient,date,site,thickness_mm,event",
        "A1,2024-01-10,forearm,2.5,skin biopsy", "A1,2024-01-10,calf,2.1,skin biopsy",
        "A1,2024-03-10,forearm,2.3,", "A1,2024-03-10,calf,2.0,pneumonia",
    ]  # fmt: skip
    result = read("m.csv", *lines, **{"unread.event": "event"})
    assert [e for _, _, e, _ in told(result)] == ["skin biopsy", "pneumonia"]


@pytest.mark.parametrize(
    "column", ["stop reason", "cycles", "Ereignis", "event", "start", "end of therapy", "route"]
)
def test_what_only_another_kind_of_table_could_use_is_offered_beside_readings(column):
    days = ("2024-01-01", "2024-02-01")
    cells = {"cycles": ("3", "6"), "start": days, "end of therapy": days}.get(
        column, ("infection", "nausea")
    )
    result = read(
        "m.csv",
        f"patient,date,site,thickness_mm,{column}",
        f"A1,2024-01-10,forearm,2.5,{cells[0]}",
        f"A1,2024-03-10,forearm,2.3,{cells[1]}",
    )
    assert len(result.measurements) == 2
    assert [o.key for o in result.offers] == [f"unread.{column}"]


words = st.text(
    st.characters(categories=["Lu", "Ll", "Nd"]) | st.sampled_from(" .,-()"), min_size=1
)
clean = words.map(lambda t: " ".join(t.split())).filter(lambda t: any(c.isalpha() for c in t))
made = st.builds(
    Event,
    patient_id=st.sampled_from(["A1", "B2"]),
    date=st.dates(dt.date(1990, 1, 1), dt.date(2026, 1, 1)),
    event=clean.map(lambda t: f"event {t}"),
    kind=st.sampled_from(EVENT_KINDS),
    date_precision=st.sampled_from(PRECISIONS),
    note=clean | st.just(""),
)


@examples(40)
@given(kept=st.lists(made, min_size=1, max_size=5, unique=True), spreadsheet=st.booleans())
def test_what_is_exported_reads_back_identical(kept, spreadsheet):
    records = tables_of_records(events=kept)
    files = {"own.xlsx": write_xlsx(records)} if spreadsheet else write_csv(records)
    result = read_sources([SourceFile(n, c) for n, c in files.items()], today=TODAY)
    assert result.outcome == "accept"
    again = tables_of_records(events=result.events)
    assert again.events.drop(columns=["file", "sheet", "row"]).equals(
        records.events.drop(columns=["file", "sheet", "row"])
    )
    assert write_csv(again) == write_csv(records)
