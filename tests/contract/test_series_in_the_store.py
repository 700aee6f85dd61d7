"""Readings that leave part of their series blank: joined where they are stored, and kept so."""

from __future__ import annotations

import pytest

from sm_tracker.domain.records import with_kept
from sm_tracker.ingest import SourceFile, read_sources
from sm_tracker.store import ImportedFile
from sm_tracker.workflow.analysing import analyse

HEAD = "patient_id,date,site,side,layer,device,thickness_mm"
FULL = "A1,2024-01-10,forearm,right,dermis,DUB,2.5"
BLANK = "A1,2024-02-10,forearm,,,,2.4"
OTHER = "A1,2024-03-10,forearm,right,dermis,DermaScan,2.3"
LATER = "A1,2024-04-10,forearm,right,,,2.2"


def read(store, *rows, name="m.csv", **answers):
    file = SourceFile(name, "\n".join([HEAD, *rows]).encode())
    given = {f"series.{site}": value for site, value in answers.items()}
    return read_sources([file], held=store, answers=given), [ImportedFile.of(name, file.content)]


def brought_in(store, *rows, name="m.csv", **answers):
    result, files = read(store, *rows, name=name, **answers)
    assert result.questions == ()
    return store.import_batch(result, files)


def stated(store):
    return [(m.side, m.layer, m.device) for m in store.measurements()]


def test_a_join_is_written_into_the_record_with_what_was_assumed_in_the_trail(store, problems):
    brought_in(store, FULL, BLANK)
    assert stated(store) == [("right", "dermis", "DUB")] * 2
    added, joined = store.history("measurement", 2)
    assert (added.action, joined.action) == ("add", "join")
    assert (added.after["side"], added.after["layer"], added.after["device"]) == ("", "", "")
    assert joined.changes == {
        "side": ("", "right"), "layer": ("", "dermis"), "device": ("", "DUB"),
    }  # fmt: skip
    assert store.records().measurements["assumed"].tolist() == ["", "side layer device"]
    assert problems() == []


def test_a_reading_joins_what_was_stored_by_an_earlier_import(store):
    brought_in(store, FULL)
    result, files = read(store, BLANK, name="b.csv")
    assert [f.code for f in result.findings] == ["series_joined"]
    assert "right, dermis, DUB" in str(result.findings[0].message)
    store.import_batch(result, files)
    assert stated(store) == [("right", "dermis", "DUB")] * 2


def test_later_data_do_not_undo_a_join(store):
    brought_in(store, FULL, BLANK)
    brought_in(store, OTHER, name="b.csv")
    visits = analyse(store.records()).visits
    assert sorted(visits["device"]) == ["DUB", "DUB", "DermaScan"]
    assert not visits["series_ambiguous"].any()


def test_the_change_table_says_that_a_series_holds_a_joined_reading(store):
    brought_in(store, FULL, BLANK)
    visits = analyse(store.records()).visits
    assert visits["series_joined"].all()


def test_an_assumption_that_a_person_has_corrected_is_none_any_more(store):
    brought_in(store, FULL, BLANK)
    changes = {"side": "right", "layer": "epidermis+dermis", "device": "DermaScan"}
    store.correct("measurement", 2, changes, reason="from the print", expected_version=1)
    assert store.records().measurements["assumed"].tolist() == ["", "side"]


def test_where_several_series_fit_the_import_asks_and_stores_nothing_meanwhile(store):
    brought_in(store, FULL, OTHER)
    result, _ = read(store, LATER, name="b.csv")
    (question,) = result.questions
    assert (result.outcome, question.key) == ("ask", "series.forearm")
    assert "does not state device" in str(question.message)
    assert [c.value for c in question.choices] == [
        "right, dermis, DUB", "right, dermis, DermaScan", "apart",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("answer", "layer", "device", "code"),
    [
        ("right, dermis, DUB", "dermis", "DUB", "answer_applied"),
        ("apart", "", "", "series_ambiguous"),
    ],
)
def test_a_person_says_which_series_or_none(store, answer, layer, device, code):
    brought_in(store, FULL, OTHER)
    result, files = read(store, LATER, name="b.csv", forearm=answer)
    assert [f.code for f in result.findings] == [code]
    store.import_batch(result, files)
    assert stated(store)[-1] == ("right", layer, device)
    ambiguous = analyse(store.records()).visits["series_ambiguous"]
    assert ambiguous.any() == (answer == "apart")


@pytest.mark.parametrize("more", [(), (OTHER,)], ids=["alone", "beside a new device"])
def test_rows_of_a_joined_file_are_known_again_in_another_file(store, more):
    brought_in(store, FULL, BLANK)
    if more:
        brought_in(store, *more, name="b.csv")
    report = brought_in(store, FULL, BLANK, "A1,2024-05-10,chest,,,,1.9", name="c.csv")
    assert (report.added, report.unchanged, report.corrected) == (1, 2, 0)


def test_a_row_that_says_later_what_was_assumed_is_the_same_row(store):
    brought_in(store, FULL, BLANK)
    said = "A1,2024-02-10,forearm,right,dermis,DUB,2.4"
    report = brought_in(store, FULL, said, name="b.csv")
    assert (report.added, report.unchanged) == (0, 2)


def test_another_value_of_a_joined_reading_is_a_changed_row(store):
    brought_in(store, FULL, BLANK)
    preview = store.preview_import(*read(store, BLANK.replace("2.4", "2.6"), name="b.csv"))
    (change,) = preview.changed
    assert (change.stored.record_id, change.fields) == (2, ("thickness_mm",))


def test_an_import_with_joins_is_undone_and_done_again(store, problems):
    first = brought_in(store, FULL, BLANK)
    store.undo_import(first.batch_id)
    assert store.measurements() == []
    assert brought_in(store, FULL, BLANK).added == 2
    assert stated(store) == [("right", "dermis", "DUB")] * 2
    assert problems() == []


def test_stored_readings_that_fit_several_series_from_now_on_are_named(store):
    brought_in(store, BLANK)
    brought_in(store, FULL, name="b.csv")
    result, files = read(store, OTHER, name="c.csv")
    (finding,) = result.findings
    assert finding.code == "stored_series_ambiguous"
    assert "forearm (A1) do not state device" in str(finding.message)
    store.import_batch(result, files)
    assert stated(store)[0] == ("", "", "")


def test_a_database_with_blanks_of_before_is_read_by_the_same_law_and_not_rewritten(store, reading):
    store.add(reading(2.5, side="right", layer="dermis"))
    old = reading(2.4, note="as an older version stored it")
    store.add(with_kept(old, layer="unknown"))
    analysis = analyse(store.records())
    assert analysis.visits["layer"].unique().tolist() == ["dermis"]
    assert analysis.visits["side"].unique().tolist() == ["right"]
    assert analysis.visits["series_joined"].all()
    assert [m.layer for m in store.measurements()] == ["dermis", "unknown"]


def test_other_patients_do_not_decide_a_series(store):
    brought_in(store, FULL, FULL.replace("DUB", "DermaScan").replace("A1", "B2"))
    brought_in(store, BLANK, BLANK.replace("A1", "B2"), name="b.csv")
    assert [m.device for m in store.measurements()] == ["DUB", "DermaScan", "DUB", "DermaScan"]
