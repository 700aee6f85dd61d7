"""What an import noticed is kept with its values and read in the language of each reader."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import text

from sm_tracker.ingest import SourceFile
from sm_tracker.languages import Message, speaking
from sm_tracker.workflow.file_import import read_files, refused_rows_csv, result_as_json
from sm_tracker.workflow.storing import import_files

MESSY = SourceFile(
    "visits.csv",
    "Patient;Datum;Stelle;Dicke (mm)\nA1;2020-02-04;Unterarm;2,10\nA1;2020-05-05;Unterarm;-1\n"
    "A1;2020-08-04;Unterarm;<0,4\nA1;Frühjahr;Wade;n/a\n".encode(),
)


@pytest.fixture
def stored(store):
    """A store with an import made on a German page, and the number of the import."""
    with speaking("de"):
        result = read_files([MESSY])
        report = import_files(store, result, [MESSY], {})
    return store, report.batch_id, result


def test_findings_stored_by_a_german_are_french_for_a_french_reader(stored):
    store, batch, result = stored
    found = store.findings(batch)
    assert found == result.findings
    with speaking("fr"):
        french = [str(f.message) for f in found]
    with speaking("de"):
        german = [str(f.message) for f in found]
    english = [str(f.message) for f in found]
    assert all(len({e, d, f}) == 3 for e, d, f in zip(english, german, french, strict=True))
    assert any("laissée de côté" in line for line in french)
    assert any("ausgelassen" in line for line in german)


def test_findings_of_earlier_versions_are_read_as_they_were_written(stored):
    store, batch, result = stored
    held = [
        {
            "code": f.code,
            "level": f.level,
            "message": f"worded {i}",
            "column": f.column,
            "value": f.value,
            "place": {"file": f.place.file, "sheet": f.place.sheet, "row": f.place.row},
        }
        for i, f in enumerate(result.findings)
    ]
    with store.database.session(store.actor.clinic, writing=True) as session:
        session.execute(
            text("UPDATE import_batch SET findings = :held WHERE id = :id"),
            {"held": json.dumps(held), "id": batch},
        )
    with speaking("de"):
        assert [str(f.message) for f in store.findings(batch)] == [
            f"worded {i}" for i in range(len(held))
        ]


def test_refused_rows_give_their_reason_in_the_language_of_the_reader():
    with speaking("de"):
        rows = refused_rows_csv(read_files([MESSY])).decode("utf-8-sig")
    assert "negative_value: Eine negative Dicke ist ein Fehler." in rows


def test_json_is_english_in_every_language_and_holds_the_values():
    with speaking("fr"):
        told = result_as_json(read_files([MESSY]))
    assert told == result_as_json(read_files([MESSY]))
    finding = next(f for f in told["findings"] if f["code"] == "negative_value")
    assert finding["message"].startswith("Row 3 was left out: -1 in column Dicke (mm) is negative")
    assert finding["template"].startswith("Row {row} was left out: {value} in column {column}")
    wanted = {"row": 3, "column": "Dicke (mm)", "value": "-1"}
    assert finding["values"].items() >= wanted.items()


@pytest.mark.parametrize("message", [
    Message("row {row}", row=3),
    Message.counted("{n} row", "{n} rows", n=2),
    Message("{order}: {dates}", order=Message("as written"), dates=("a", "b")),
    Message("{mm:.3f} mm", mm=1.25),
    Message.verbatim("{as written}"),
])  # fmt: skip
def test_a_message_outlives_json(message):
    again = Message.from_json(json.loads(json.dumps(message.as_json())))
    assert again == message
    assert str(again) == str(message)


def test_a_template_reaches_no_further_than_its_values():
    held = {"text": "{row.__class__} {other}", "values": {"row": 3}}
    assert str(Message.from_json(held)) == "{row.__class__} {other}"


def test_numbers_have_the_decimal_sign_of_the_reader():
    message = Message("{mm:.3f} mm", mm=1.25)
    with speaking("de"):
        assert str(message) == "1,250 mm"
    assert str(message) == "1.250 mm"
