"""SQL, formulas and markup in every text field stay what they are: text."""

from __future__ import annotations

import dataclasses

import pytest

from sm_tracker.domain.records import Measurement, OutcomeReading, TherapyPeriod
from sm_tracker.domain.settings import ErrorSetting, Settings
from sm_tracker.store import Actor, LastView, RecordStore

HOSTILE = [
    "'; DROP TABLE measurement; --",
    '" OR 1=1 --',
    "x'); DELETE FROM audit_entry; --",
    "%s %(name)s :name ? $1 {0} \\",
    "=cmd|' /C calc'!A0",
    "<script>alert(1)</script>",
    "Ñ 皮膚 \u202e \U0001f9ea \r\n\t",
    "$guard$; SELECT 1; $guard$",
]
FREE_TEXT = {
    "measurement": (
        Measurement,
        ("patient_id", "site", "layer", "device", "examiner", "note", "site_text", "doubt_reason"),
    ),
    "therapy_period": (
        TherapyPeriod,
        (
            "patient_id",
            "therapy",
            "period_id",
            "dose",
            "route",
            "stop_reason",
            "note",
            "therapy_text",
        ),
    ),
    "outcome_reading": (
        OutcomeReading,
        ("patient_id", "outcome", "unit", "note", "doubt_reason"),
    ),
}


@pytest.fixture
def plain(reading, course):
    """One ordinary record of each kind."""
    return {
        "measurement": reading(),
        "therapy_period": course(),
        "outcome_reading": OutcomeReading(
            patient_id="A1", outcome="mRSS", value=9, date=reading().date
        ),
    }


@pytest.mark.parametrize("entity", FREE_TEXT)
@pytest.mark.parametrize("words", HOSTILE)
def test_hostile_text_in_every_field_of_a_record_is_kept_as_it_is(
    store, plain, problems, entity, words
):
    record = dataclasses.replace(plain[entity], **dict.fromkeys(FREE_TEXT[entity][1], words))
    held = store.add(record)
    assert store.one(entity, held.record_id).record == record
    assert [p.code for p in store.patients()] == [words]
    assert store.records([words]).patients == (words,)
    assert problems() == []


def test_the_list_of_free_texts_is_complete():
    # A field whose words are fixed is refused by its rule; every other text field is listed.
    fixed = {
        "side",
        "qualifier",
        "status",
        "end_status",
        "date_precision",
        "end_date_precision",
        "kind",
        "better",
        "doubt",
        # The store itself says which fields it assumed.
        "assumed",
    }
    for record_type, names in FREE_TEXT.values():
        texts = {f.name for f in dataclasses.fields(record_type) if "str" in str(f.type)}
        literal = {f.name for f in dataclasses.fields(record_type)} & fixed
        assert texts - {"session_dates"} <= set(names) | literal


@pytest.mark.parametrize("words", HOSTILE)
def test_hostile_text_around_the_records_is_kept_too(database, plain, file_of, problems, words):
    printable = "".join(c for c in words if c.isprintable())
    store = RecordStore(database, Actor(printable, printable, "admin"))
    result, files = file_of(plain["measurement"], name=words)
    batch_id = store.import_batch(result, files, answers={words: words}).batch_id
    store.correct("measurement", 1, {"note": words}, reason=words, expected_version=1)
    store.remember_answers(words, {words: words})
    store.save_view(LastView("A1", {words: [words]}))
    store.save_settings(
        Settings(error_settings=(ErrorSetting(sem_mm=0.1, sem_fraction=0.0, source=words),)), words
    )
    assert store.imports()[0].files == tuple(files)
    assert store.imports()[0].answers == {words: words}
    assert store.history("measurement", 1)[-1].reason == words
    assert store.answers_for(words) == {words: words}
    assert store.view().choices == {words: [words]}
    assert store.settings().error_settings[0].source == words
    assert store.measurements()[0].place.file == words
    store.undo_import(batch_id, including_edited=True)
    store.erase_patient("A1", words)
    assert problems() == []


def test_codes_that_could_be_patterns_are_taken_literally(store, reading):
    for code in ("A_", "AB", "%", "A.*"):
        store.add(reading(2.1, patient_id=code))
    store.erase_patient("A_", "asked for")
    store.erase_patient("%", "asked for")
    assert [p.code for p in store.patients()] == ["A.*", "AB"]
