"""The Records page without a browser: corrections, conflicts, marks, the trail, erasure."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from sm_tracker import languages
from sm_tracker.domain.records import Measurement, ReadResult, TherapyPeriod
from sm_tracker.report import record_words
from sm_tracker.report.exchange.forms import FORMS
from sm_tracker.store import ImportedFile
from sm_tracker.ui import language
from sm_tracker.workflow import storing
from tests.patience import PATIENCE_S

ROOT = Path(__file__).parents[2]


def reading(day, thickness_mm, patient="A1"):
    return Measurement(
        patient_id=patient, site="forearm", date=dt.date(2024, 1, day), thickness_mm=thickness_mm
    )


@pytest.fixture
def store(data_folder):
    """Two readings and one course of A1, one reading of B2."""
    with storing.record_store() as opened:
        opened.add(reading(2, 2.5))
        opened.add(reading(30, 1.6))
        opened.add(
            TherapyPeriod(
                patient_id="A1",
                therapy="IVIG",
                start=dt.date(2024, 1, 5),
                end_status="ongoing",
            )
        )
        opened.add(reading(3, 3.0, patient="B2"))
        yield opened


@pytest.fixture
def app(monkeypatch, data_folder):
    monkeypatch.chdir(ROOT)
    return AppTest.from_file(str(ROOT / "app.py"), default_timeout=PATIENCE_S)


@pytest.fixture
def page(store, app):
    return records_page(app)


def records_page(app):
    return app.run().switch_page("sm_tracker/ui/pages/records.py").run()


def words(page):
    return " ".join(element.proto.body for element in page.get("html"))


def said(page):
    alerts = " ".join(e.value for e in (*page.success, *page.warning, *page.error))
    return f"{alerts} {words(page)}"


def with_reason(page, reason="read again"):
    return page.text_input(key="reason for changes").set_value(reason).run()


def change(page, row, cells, entity="measurement"):
    """Change cells of the grid, as the browser sends it."""
    key = page.data_editor[0].key
    page.session_state[key] = {"edited_rows": {row: cells}, "added_rows": [], "deleted_rows": []}
    return page.run()


def part(page, name, value):
    return next(c for c in page.button_group if c.key == name).set_value(value).run()


def test_the_grid_is_locked_until_a_reason_is_given(page):
    assert not page.exception
    config = page.data_editor
    assert len(config) == 0 or config[0].proto.editing_mode
    with_reason(page)
    assert list(page.data_editor[0].value["thickness_mm"]) == [2.5, 1.6]


def test_the_picker_begins_with_the_patient_measured_last(store, app):
    store.add(reading(31, 2.9, patient="B2"))
    store.add(TherapyPeriod(patient_id="C3", therapy="ECP", start=dt.date(2024, 2, 1)))
    picker = records_page(app).selectbox(key="patient")
    assert picker.options == ["B2", "A1", "C3"]
    assert picker.value == "B2"


def test_a_corrected_cell_is_stored_at_once_with_its_reason(page, store):
    change(with_reason(page, "typing error"), 1, {"thickness_mm": 1.7})
    assert not page.exception
    assert "Thickness (mm) 1.6 → 1.7" in said(page)
    assert [m.thickness_mm for m in store.measurements(["A1"])] == [2.5, 1.7]
    assert store.history("measurement", 2)[-1].reason == "typing error"


def test_the_timeline_shows_the_corrected_value(page):
    timeline = "sm_tracker/ui/pages/timeline.py"
    before = words(page.switch_page(timeline).run())
    page.switch_page("sm_tracker/ui/pages/records.py").run()
    change(with_reason(page), 1, {"thickness_mm": 1.2})
    after = words(page.switch_page(timeline).run())
    assert "<b>−0.90</b><small>mm</small>" in before
    assert "<b>−1.30</b><small>mm</small>" in after


@pytest.mark.parametrize(
    ("cells", "why"),
    [
        ({"thickness_mm": -2}, "negative"),
        ({"date": "2924-01-01"}, "future"),
        ({"site": None}, "body site is missing"),
    ],
)
def test_what_the_import_would_refuse_is_refused_here_too(page, store, cells, why):
    change(with_reason(page), 0, cells)
    assert not page.exception
    assert why in said(page)
    assert store.measurements(["A1"])[0] == reading(2, 2.5)


def test_an_implausible_value_is_stored_and_remarked_upon(page, store):
    change(with_reason(page), 0, {"thickness_mm": 25.0})
    assert "implausible" in said(page)
    assert store.measurements(["A1"])[0].thickness_mm == 25.0


def test_an_end_given_to_an_ongoing_therapy_ends_it(page, store):
    part(page, "kind", "therapy_period")
    change(with_reason(page), 0, {"end": "2024-03-01"})
    assert not page.exception
    period = store.therapies(["A1"])[0]
    assert (period.end, period.end_status) == (dt.date(2024, 3, 1), "ended")


def test_the_second_of_two_editors_sees_both_versions_and_loses_nothing(page, store):
    with_reason(page)
    store.correct(
        "measurement", 2, {"thickness_mm": 1.9}, reason="other editor", expected_version=1
    )
    change(page, 1, {"thickness_mm": 1.7})
    assert not page.exception
    assert "Somebody else changed this record first" in words(page)
    assert "<td>Thickness (mm)</td><td>1.6</td><td>1.9</td><td>1.7</td>" in words(page)
    assert store.measurements(["A1"])[1].thickness_mm == 1.9
    page.button(key="save mine 0").click().run()
    assert not page.exception
    assert store.measurements(["A1"])[1].thickness_mm == 1.7
    assert [e.action for e in store.history("measurement", 2)] == ["add", "correct", "correct"]
    assert "Somebody else" not in words(page)


def test_the_second_editor_can_leave_what_is_stored(page, store):
    with_reason(page)
    store.correct("measurement", 2, {"note": "x"}, reason="other editor", expected_version=1)
    change(page, 1, {"thickness_mm": 1.7})
    page.button(key="keep theirs 0").click().run()
    assert "Somebody else" not in words(page)
    assert store.measurements(["A1"])[1].thickness_mm == 1.6


def test_a_record_is_marked_as_removed_and_brought_back_with_reasons(page, store):
    page.selectbox(key="record measurement A1").set_value(1).run()
    assert "Added" in words(page)
    page.text_input(key="why measurement 1").set_value("other patient")
    submit(page, "Mark as removed")
    assert [m.thickness_mm for m in store.measurements(["A1"])] == [1.6]
    page.text_input(key="why measurement 1").set_value("it was hers")
    submit(page, "Bring back")
    assert not page.exception
    assert len(store.measurements(["A1"])) == 2
    assert [e.reason for e in store.history("measurement", 1)][1:] == [
        "other patient",
        "it was hers",
    ]


def test_marking_a_record_that_somebody_else_just_corrected_is_a_conflict(page, store):
    page.selectbox(key="record measurement A1").set_value(1).run()
    store.correct("measurement", 1, {"note": "x"}, reason="other editor", expected_version=1)
    page.text_input(key="why measurement 1").set_value("other patient")
    submit(page, "Mark as removed")
    assert not page.exception
    assert "Somebody else changed this record first" in words(page)
    assert len(store.measurements(["A1"])) == 2
    page.button(key="save mine 0").click().run()
    assert [m.thickness_mm for m in store.measurements(["A1"])] == [1.6]


def test_nothing_is_removed_without_a_reason(page, store):
    page.selectbox(key="record measurement A1").set_value(1).run()
    submit(page, "Mark as removed")
    assert "reason" in said(page)
    assert len(store.measurements(["A1"])) == 2


def submit(page, label):
    next(b for b in page.button if b.label == label).click().run()


def test_a_measurement_is_added_with_a_form(page, store):
    form = "add measurement A1 0"
    page.date_input(key=f"{form} date").set_value(dt.date(2024, 2, 2))
    page.selectbox(key=f"{form} site").set_value("forearm")
    page.number_input(key=f"{form} thickness_mm").set_value(1.4)
    submit(page, "Save")
    assert not page.exception
    assert "Saved: 2 Feb 2024 · forearm · 1.40 mm" in said(page)
    assert [m.thickness_mm for m in store.measurements(["A1"])] == [2.5, 1.6, 1.4]


@pytest.mark.parametrize("kind", ["outcome_reading", "clinical_event"])
def test_a_kind_of_which_the_patient_has_nothing_shows_its_form(page, kind):
    part(page, "kind", kind)
    assert not page.exception
    assert page.date_input(key=f"add {kind} A1 0 date").value is None


def test_an_event_is_added_with_a_form_corrected_in_the_grid_and_removed(page, store):
    part(page, "kind", "clinical_event")
    form = "add clinical_event A1 0"
    page.date_input(key=f"{form} date").set_value(dt.date(2024, 2, 2))
    page.text_input(key=f"{form} event").set_value("Stanzbiopsie Unterarm")
    submit(page, "Save")
    assert not page.exception
    assert "Saved: 2 Feb 2024 · Stanzbiopsie Unterarm" in said(page)
    (held,) = store.stored("clinical_event", ["A1"])
    assert held.record.kind == "biopsy"
    with_reason(page, "was an excision")
    change(page, 0, {"kind": "surgery"}, entity="clinical_event")
    assert not page.exception
    (held,) = store.stored("clinical_event", ["A1"])
    assert (held.record.kind, held.version) == ("surgery", 2)
    assert store.history("clinical_event", held.record_id)[-1].reason == "was an excision"


def test_a_form_that_lacks_a_field_says_so_and_keeps_what_was_typed(page, store):
    form = "add measurement A1 0"
    page.number_input(key=f"{form} thickness_mm").set_value(1.4)
    submit(page, "Save")
    assert "date is missing" in said(page)
    assert page.number_input(key=f"{form} thickness_mm").value == 1.4
    assert len(store.measurements(["A1"])) == 2


def test_the_first_record_of_all_is_entered_by_hand(app, data_folder):
    page = records_page(app)
    assert "No records yet" in words(page)
    form = "add measurement  0"
    page.text_input(key=f"{form} code").set_value("C3")
    page.date_input(key=f"{form} date").set_value(dt.date(2024, 2, 2))
    page.text_input(key=f"{form} site").set_value("chest")
    page.number_input(key=f"{form} thickness_mm").set_value(2.0)
    submit(page, "Save")
    assert not page.exception
    assert page.selectbox(key="patient").value == "C3"


def test_the_audit_trail_names_who_what_and_why(page, store):
    store.correct("measurement", 1, {"note": "x"}, reason="from the print", expected_version=1)
    part(page, "part", "trail")
    assert not page.exception
    who_and_when = "<td>Corrected</td><td>A1</td><td>forearm, 2 Jan 2024</td>"
    assert f"{who_and_when}<td>Note: – → x</td>" in words(page)
    assert "from the print" in words(page)


def test_everything_is_exported(page):
    part(page, "part", "export")
    assert not page.exception
    assert [b.proto.label for b in page.get("download_button")] == ["Download records.xlsx"]
    forms = next(s for s in page.selectbox if s.label == "Form")
    assert forms.options[:2] == ["Excel workbook", "CSV files (zip)"]
    for name in forms.options:
        forms = next(s for s in page.selectbox if s.label == "Form")
        forms.set_value(list(FORMS)[forms.options.index(name)])
        page.run()
        assert not page.exception
        assert "Nothing of these records is lost." in words(page)


def erase(page, code, typed):
    part(page, "part", "export")
    next(s for s in page.selectbox if s.label == "Patient to erase").set_value(code)
    next(t for t in page.text_input if t.label == "Type the code again").set_value(typed)
    next(t for t in page.text_input if t.label.startswith("Reason")).set_value("asked for it")
    submit(page, "Erase for good")
    assert not page.exception


def test_a_patient_is_erased_only_when_the_code_is_typed_again(page, store):
    erase(page, "B2", "B")
    assert "Nothing was erased" in said(page)
    erase(page, "B2", "B2")
    assert "One patient was erased: 1 record removed." in said(page)
    assert [p.code for p in store.patients()] == ["A1"]


def test_a_viewer_sees_records_but_no_way_to_change_them(store, app, monkeypatch):
    viewer = storing.Actor("eve", storing.LOCAL.clinic, "viewer")
    monkeypatch.setattr("sm_tracker.ui.access.acting_person", lambda: viewer)
    page = records_page(app)
    assert not page.exception
    assert page.dataframe[0].value["thickness_mm"].tolist() == [2.5, 1.6]
    assert not page.button
    part(page, "part", "export")
    assert "Only an administrator" in words(page)


def typed(page, thickness_mm, day=2):
    """A value typed into the form for one more reading, and the button to save it."""
    form = "add measurement A1 0"
    page.date_input(key=f"{form} date").set_value(dt.date(2024, 2, day))
    page.selectbox(key=f"{form} site").set_value("forearm")
    page.number_input(key=f"{form} thickness_mm").set_value(thickness_mm)
    submit(page, "Save")
    assert not page.exception
    return page


def test_a_doubtful_value_in_a_form_is_asked_about_before_it_is_stored(page, store):
    typed(page, 20.5)
    assert "20.50 mm is implausible" in words(page)
    assert [m.thickness_mm for m in store.measurements(["A1"])] == [2.5, 1.6]
    assert page.number_input(key="add measurement A1 0 thickness_mm").value == 20.5


def test_the_value_that_was_meant_is_stored_with_one_more_press(page, store):
    typed(page, 20.5)
    page.button(key="take the suggestion").click().run()
    assert not page.exception
    held = store.measurements(["A1"])[-1]
    assert (held.thickness_mm, held.doubt) == (2.05, "")
    assert "implausible" not in words(page)


def test_a_value_that_is_confirmed_in_the_form_counts(page, store):
    typed(page, 20.5)
    page.button(key="confirm as read").click().run()
    held = store.measurements(["A1"])[-1]
    assert (held.thickness_mm, held.doubt) == (20.5, "confirmed")
    assert "count in no result" not in words(page)


def test_a_value_can_be_stored_as_doubtful_and_answered_later(page, store):
    typed(page, 0.2)
    page.button(key="save as doubtful").click().run()
    held = store.stored("measurement", ["A1"])[-1]
    assert (held.record.doubt, held.record.doubt_reason) == ("open", "far_from_series")
    assert "1 doubtful value counts in no result" in words(page)
    page.button(key=f"confirm measurement_{held.record_id} 1").click().run()
    assert not page.exception
    assert store.measurements(["A1"])[-1].doubt == "confirmed"
    assert store.history("measurement", held.record_id)[-1].reason == "confirmed as read"
    assert "counts in no result" not in words(page)


def test_a_value_corrected_in_the_form_needs_no_answer(page, store):
    typed(page, 20.5)
    page.number_input(key="add measurement A1 0 thickness_mm").set_value(2.1)
    submit(page, "Save")
    assert not page.exception
    assert [m.thickness_mm for m in store.measurements(["A1"])] == [2.5, 1.6, 2.1]


def test_an_open_doubt_is_corrected_in_two_presses(page, store):
    held = store.add(reading(15, 0.2))
    page.run()
    page.number_input(key=f"right value measurement_{held.record_id} 1").set_value(2.2)
    page.button(key=f"correct measurement_{held.record_id} 1").click().run()
    assert not page.exception
    (corrected,) = [s for s in store.stored("measurement", ["A1"]) if s.record_id == held.record_id]
    assert (corrected.record.thickness_mm, corrected.record.doubt) == (2.2, "")
    assert store.history("measurement", held.record_id)[-1].reason == "doubtful value corrected"


def test_a_code_for_missing_is_taken_out_with_its_own_answer(page, store):
    held = store.add(reading(15, 9.99))
    page.run()
    page.button(key=f"missing measurement_{held.record_id} 1").click().run()
    assert not page.exception
    assert 9.99 not in [m.thickness_mm for m in store.measurements(["A1"])]


def test_a_viewer_is_told_of_a_doubt_but_cannot_answer(store, app, monkeypatch):
    store.add(reading(15, 0.2))
    viewer = storing.Actor("eve", storing.LOCAL.clinic, "viewer")
    monkeypatch.setattr("sm_tracker.ui.access.acting_person", lambda: viewer)
    page = records_page(app)
    assert "1 doubtful value counts in no result" in words(page)
    assert not page.button


def test_save_keeps_what_belongs_to_the_next_reading_of_the_visit(page):
    key = "add measurement A1 0"
    page.date_input(key=f"{key} date").set_value(dt.date(2024, 3, 1))
    page.selectbox(key=f"{key} site").set_value("forearm")
    page.text_input(key=f"{key} examiner").set_value("second reader")
    page.number_input(key=f"{key} thickness_mm").set_value(1.7)
    submit(page, "Save")
    assert not page.exception
    after = "add measurement A1 1"
    assert page.date_input(key=f"{after} date").value == dt.date(2024, 3, 1)
    assert page.selectbox(key=f"{after} site").value == "forearm"
    assert page.selectbox(key=f"{after} examiner").value == "second reader"
    assert page.number_input(key=f"{after} thickness_mm").value is None


@pytest.mark.parametrize(
    ("kind", "first"), [("therapy_period", "therapy"), ("measurement", "date")]
)
def test_each_grid_begins_with_what_its_records_are_about(page, kind, first):
    page.button_group(key="kind").set_value(kind).run()
    assert page.data_editor[0].value.columns[0] == first


def test_an_import_is_one_entry_of_the_audit_trail_and_each_row_is_shown_on_demand(page, store):
    rows = [reading(day, 2.0, patient="C3") for day in (5, 6, 7)]
    found = ReadResult(outcome="accept", measurements=tuple(rows))
    store.import_batch(found, [ImportedFile("visits.csv", "ab" * 32)])
    part(page, "part", "trail")
    assert "4 entries" in words(page)
    assert "<td>C3</td>" not in words(page)
    page.toggle(key="trail each").set_value(True).run()
    assert "<td>C3</td><td>forearm, 5 Jan 2024</td>" in words(page)


@pytest.mark.parametrize(
    ("zone", "told"),
    [("Europe/Berlin", "12 Mar 2026, 15:05"), ("America/New_York", "12 Mar 2026, 10:05"),
     (None, "12 Mar 2026, 14:05 UTC"), ("no/where", "12 Mar 2026, 14:05 UTC")],
)  # fmt: skip
def test_moments_are_told_in_the_time_of_the_place(zone, told):
    with record_words.clock_of(zone):
        assert record_words.moment_text("2026-03-12T14:05:00.000000Z") == told


@pytest.mark.parametrize(
    ("spoken", "order"), [("de", "DD.MM.YYYY"), ("fr", "DD/MM/YYYY"), ("en", "D MMM YYYY")]
)
def test_a_date_cell_has_the_order_of_the_language(spoken, order):
    with languages.speaking(spoken):
        assert language.date_order(in_a_grid=True) == order
