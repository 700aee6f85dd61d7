"""The Import page without a browser."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from sm_tracker.workflow import storing
from tests.patience import PATIENCE_S

ROOT = Path(__file__).parents[2]
GOOD = b"""patient_id,date,site,thickness_mm
A1,2024-01-10,forearm,2.50
A1,2024-05-14,forearm,1.60
"""
THERAPIES = b"""patient_id,therapy,start,end,end_status
A1,IVIG,2024-01-15,,ongoing
"""
EITHER_WAY = b"""patient_id;Datum;site;thickness_mm
A1;02/03/2024;forearm;2,50
A1;04/05/2024;forearm;1,60
"""
OTHER_EITHER_WAY = EITHER_WAY.replace(b"A1", b"A2").replace(b"2,50", b"2,40")
UNNAMED = b"""a;b;c;d
A1;2024-01-10;forearm;2.50
A1;2024-05-14;forearm;1.60
"""
NO_PATIENT = b"""date,site,thickness_mm
2024-01-10,forearm,2.50
2024-05-14,forearm,1.60
"""


@pytest.fixture
def page(monkeypatch):
    monkeypatch.chdir(ROOT)
    return go(
        AppTest.from_file(str(ROOT / "app.py"), default_timeout=PATIENCE_S).run(), "import_files"
    )


def go(app, name):
    return app.switch_page(f"sm_tracker/ui/pages/{name}.py").run()


def upload(page, *files):
    for name, content in files:
        page.file_uploader[0].upload(name, content, "text/csv")
    return page.run()


def words(page):
    return " ".join(element.proto.body for element in page.get("html"))


def import_button(page):
    return page.button(key="import now")


def imported(page, *files):
    """The page opened anew after files were imported."""
    upload(go(page, "import_files"), *files)
    import_button(page).click().run()
    assert not page.exception
    return go(page, "import_files")


def answer(page, key):
    return next(w for w in [*page.radio, *page.selectbox] if w.key == f"answer {key}")


def test_the_empty_page_offers_templates_and_says_where_files_go(page):
    assert not page.exception
    assert "are sent nowhere else." in words(page)
    assert len(page.get("download_button")) == 6  # with that of events


def test_what_would_be_stored_is_shown_and_stored_only_by_the_button(page, data_folder):
    upload(page, ("m.csv", GOOD), ("t.csv", THERAPIES))
    assert not page.exception
    assert "2 readings and 1 therapy can be imported." in words(page)
    assert "<b>3</b> new, would be stored" in words(page)
    assert not data_folder.exists()
    import_button(page).click().run()
    assert not page.exception
    assert page.session_state["patient"] == "A1"
    page = go(page, "import_files")
    assert "3 rows added" in words(page)


def test_files_can_be_looked_at_without_storing_them(page, data_folder):
    upload(page, ("m.csv", GOOD))
    page.button(key="only look").click().run()
    assert "files in view" in page.session_state
    assert not data_folder.exists()


def test_starting_over_puts_files_and_answers_aside(page):
    upload(page, ("m.csv", EITHER_WAY))
    answer(page, "date_order@m.csv").set_value("day-first").run()
    page.button(key="start over").click().run()
    assert "Templates" in words(page)
    upload(page, ("m.csv", EITHER_WAY))
    assert "1 question left" in words(page)


def test_the_same_file_a_second_time_adds_nothing_and_says_so(page):
    page = imported(page, ("m.csv", GOOD))
    upload(page, ("m.csv", GOOD))
    assert "these files were imported before (import 1). They add no row." in words(page)
    assert import_button(page).disabled


def test_a_changed_file_shows_what_differs_and_waits_for_a_decision(page):
    page = imported(page, ("m.csv", GOOD))
    upload(page, ("m.csv", GOOD.replace(b"1.60", b"1.70") + b"A1,2024-08-01,forearm,1.50\n"))
    shown = words(page)
    assert "<b>1</b> new, would be stored" in shown
    assert "1 row differs from what is stored" in shown
    row = "<td>A1 · 14 May 2024 · forearm · 1.60 mm</td><td>Thickness (mm)</td>"
    assert row + "<td>1.6</td><td>1.7</td>" in shown
    assert import_button(page).disabled
    decision = next(r for r in page.radio if r.label.startswith("What should happen"))
    assert decision.value is None
    decision.set_value("replace").run()
    import_button(page).click().run()
    page = go(page, "import_files")
    assert "1 row added · 1 replaced" in words(page)


def test_an_import_is_undone_as_a_whole(page):
    page = imported(page, ("m.csv", GOOD))
    page.button(key="undo now 1").click().run()
    assert not page.exception
    assert page.info[0].value.startswith("Import 1 is undone: 2 rows taken out")
    assert "undone" in words(page)
    assert [b.key for b in page.button if b.key == "undo now 1"] == []


def test_rows_corrected_after_an_import_are_undone_only_when_that_is_said(page):
    page = imported(page, ("m.csv", GOOD))
    with storing.record_store() as store:
        store.correct("measurement", 1, {"note": "x"}, reason="seen", expected_version=1)
    page = go(page, "import_files")
    page.button(key="undo now 1").click().run()
    assert "1 rows of import 1 were changed after it" in page.info[0].value
    assert "Rows of this import were corrected after it." in words(page)
    page.button(key="undo now 1").click().run()
    assert page.info[0].value.startswith("Import 1 is undone: 2 rows taken out")


def test_rows_that_are_all_stored_are_not_imported_again_from_another_file(page):
    page = imported(page, ("m.csv", GOOD))
    upload(page, ("copy.csv", GOOD + b"\n"))
    assert "<b>2</b> stored already, nothing happens" in words(page)
    assert import_button(page).disabled


def test_a_viewer_can_look_at_files_but_not_import_them(page, monkeypatch):
    viewer = storing.Actor("eve", storing.LOCAL.clinic, "viewer")
    monkeypatch.setattr("sm_tracker.ui.access.acting_person", lambda: viewer)
    page = go(page, "import_files")
    upload(page, ("m.csv", GOOD))
    assert import_button(page).disabled
    assert "Your role can look at records but not import them." in words(page)
    assert not page.button(key="only look").disabled


def test_an_answer_is_remembered_for_the_same_header_and_can_be_asked_again(page):
    upload(page, ("m.csv", EITHER_WAY))
    assert "1 question left" in words(page)
    answer(page, "date_order@m.csv").set_value("day-first").run()
    import_button(page).click().run()
    assert not page.exception
    page = upload(go(page, "import_files"), ("next.csv", OTHER_EITHER_WAY))
    assert "Remembered from a file with this header" in words(page)
    assert "2 readings can be imported." in words(page)
    page.button(key="again date_order@next.csv").click().run()
    assert "1 question left" in words(page)
    answer(page, "date_order@next.csv").set_value("month-first").run()
    assert "2 readings can be imported." in words(page)


def test_an_answer_about_one_file_says_nothing_about_another(page):
    upload(page, ("m.csv", EITHER_WAY))
    answer(page, "date_order@m.csv").set_value("day-first").run()
    upload(page, ("other.csv", OTHER_EITHER_WAY.replace(b"site;", b"region;")))
    assert not page.exception
    assert "1 question left" in words(page)


def test_an_answered_question_stays_and_can_be_changed(page):
    upload(page, ("m.csv", EITHER_WAY))
    answer(page, "date_order@m.csv").set_value("day-first").run()
    assert "1 question answered" in words(page)
    answer(page, "date_order@m.csv").set_value("month-first").run()
    page.button(key="only look").click().run()
    assert page.session_state["files in view"][1] == (("date_order@m.csv", "month-first"),)


def map_column(page, row, role):
    """Say what a column holds, as the browser sends it."""
    page.session_state[page.data_editor[0].key] = {
        "edited_rows": {row: {"role": role}},
        "added_rows": [],
        "deleted_rows": [],
    }
    return page.run()


def test_columns_with_unknown_names_are_mapped_by_hand(page):
    upload(page, ("m.csv", UNNAMED))
    page.toggle(key="map columns").set_value(True).run()
    assert list(page.data_editor[0].value["column"]) == ["a", "b", "c", "d"]
    assert list(page.data_editor[0].value["holds"])[3] == "2.50, 1.60"
    for row, role in enumerate(("Patient code", "Date of the visit", "Body site")):
        map_column(page, row, role)
        assert not page.exception
    map_column(page, 3, "Skin thickness")
    answer(page, "unit@m.csv").set_value("mm").run()
    assert "2 readings can be imported." in words(page)
    import_button(page).click().run()

    # The next file of this source is read the same way, and says so.
    page = upload(go(page, "import_files"), ("next.csv", UNNAMED.replace(b"A1", b"A2")))
    assert "2 readings can be imported." in words(page)
    shown = words(page)
    assert shown.count("Remembered from a file with this header") == 4
    assert "column a is read as Patient code, remembered from earlier files." in shown


def test_a_mapped_column_is_taken_back(page):
    upload(page, ("m.csv", GOOD.replace(b"site", b"region")))
    page.toggle(key="map columns").set_value(True).run()
    map_column(page, 2, "Examiner")
    assert "column region is read as Examiner, as you said." in words(page)
    page.button(key="again column.examiner@m.csv").click().run()
    assert "as you said" not in words(page)
    assert "2 readings can be imported." in words(page)


def test_a_question_without_a_fitting_choice_takes_another_answer(page):
    upload(page, ("m.csv", NO_PATIENT))
    page.text_input(key="own answer patient_id@m.csv").set_value("K7").run()
    assert "2 readings can be imported." in words(page)


@pytest.mark.parametrize("evil", ["![x](http://192.0.2.1/x.png)", "<img src=x>", "[a](http://b)"])
def test_text_of_a_file_is_never_drawn_as_markup(page, evil):
    upload(page, ("m.csv", f"a,b,{evil},d\nA1,2024-01-10,forearm,2.5\n".encode()))
    drawn = [option for radio in page.radio for option in radio.options]
    drawn += [e.value for e in (*page.error, *page.info, *page.warning)]
    assert not page.exception
    assert [text for text in drawn if re.search(r"(?<!\\)(\]\(|<img)", text)] == []
    assert "<img" not in words(page)


def test_refused_rows_are_listed_and_given_back_as_a_file(page):
    upload(page, ("m.csv", GOOD + b"A1,2024-02-31,forearm,2.0\n"))
    assert not page.exception
    assert "<td>4</td><td>date</td><td><code>2024-02-31</code></td>" in words(page)
    labels = [b.proto.label for b in page.get("download_button")]
    assert labels == ["Download the refused rows (1)"]


def test_a_hopeless_file_cannot_be_imported_and_says_why(page):
    upload(page, ("picture.csv", bytes(range(256)) * 10))
    assert not page.exception
    assert "These files cannot be imported." in words(page)
    assert import_button(page).disabled


SLIP = b"""patient_id,date,site,thickness_mm
A1,2024-01-10,forearm,2.50
A1,2024-02-10,forearm,2.45
A1,2024-03-10,forearm,20.5
A1,2024-05-14,forearm,1.60
"""


def slip_of(store):
    return next(m for m in store.measurements(["A1"]) if m.place.row == 4)


def test_a_slip_of_the_decimal_point_is_named_and_corrected_before_it_is_stored(page, data_folder):
    upload(page, ("m.csv", SLIP))
    assert "it looks like 2.05 mm." in words(page)
    assert "1 doubtful value counts in no result" in words(page)
    page.button(key="suggested 0").click().run()
    assert not page.exception
    assert "row 4 · 10 Mar 2024 · forearm: 2.05 mm instead of 20.50 mm." in words(page)
    assert "it looks like" not in words(page)
    import_button(page).click().run()
    assert not page.exception
    with storing.record_store() as store:
        assert (slip_of(store).thickness_mm, slip_of(store).doubt) == (2.05, "")
        told = [(e.action, e.reason) for e in store.history("measurement", 3)]
    assert told[-1] == ("correct", "doubtful value answered at the import")

    # Next month's file still has the slip: it was answered once and is not asked about again.
    page = go(page, "import_files")
    upload(page, ("next.csv", SLIP + b"A1,2024-06-14,forearm,1.55\n"))
    assert "<b>1</b> new, would be stored" in words(page)
    assert "<b>1</b> corrected here since they were imported" in words(page)
    assert "it looks like" not in words(page)
    assert "counts in no result" not in words(page)


def test_a_doubtful_value_of_a_file_is_confirmed_or_given_another_value_or_left_open(
    page, data_folder
):
    upload(page, ("m.csv", SLIP))
    page.button(key="as read 0").click().run()
    assert "20.50 mm is right." in words(page)
    page.button(key="back 0").click().run()
    assert "1 doubtful value counts in no result" in words(page)
    other = next(n for n in page.number_input if n.label == "Right value (mm)")
    other.set_value(2.15).run()
    assert "2.15 mm instead of 20.50 mm." in words(page)
    page.button(key="back 0").click().run()
    page.button(key="as read 0").click().run()
    import_button(page).click().run()
    with storing.record_store() as store:
        assert (slip_of(store).thickness_mm, slip_of(store).doubt) == (20.5, "confirmed")


def test_a_file_that_comes_again_says_about_its_old_rows_nothing_that_was_said_before(page):
    noted = GOOD + b"A1,2024-06-14,forearm,<1.50\n"
    page = imported(page, ("m.csv", noted))
    upload(page, ("next.csv", noted + b"A1,2024-07-14,forearm,<1.40\n"))
    assert "<code>&lt;1.40</code>" in words(page)
    assert "<code>&lt;1.50</code>" not in words(page)
