"""The Timeline page without a browser."""

from __future__ import annotations

import datetime as dt
import json
import re
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from sm_tracker import ingest
from sm_tracker.domain.records import Measurement
from sm_tracker.workflow import drawing, file_import, storing
from tests.patience import PATIENCE_S

ROOT = Path(__file__).parents[2]
MEASUREMENTS = b"""patient_id,date,site,thickness_mm
A1,2024-01-10,forearm,2.50
A1,2024-03-12,forearm,2.10
A1,2024-05-14,forearm,1.60
A2,2024-01-10,chest,2.00
"""
THERAPIES = b"""patient_id,therapy,start,end,end_status
A1,IVIG,2024-01-15,,ongoing
"""


@pytest.fixture
def page(monkeypatch):
    monkeypatch.chdir(ROOT)
    return AppTest.from_file(str(ROOT / "app.py"), default_timeout=PATIENCE_S)


def upload(page, *files):
    page.run()
    page.file_uploader[0].upload(files[0][0], files[0][1], "text/csv")
    for name, content in files[1:]:
        page.file_uploader[0].upload(name, content, "text/csv")
    return page.run()


def words(page):
    """All text that was put on the page as HTML, without its markup."""
    whole = " ".join(element.proto.body for element in page.get("html"))
    return " ".join(re.sub(r"<style>.*?</style>|<(?!img)[^>]*>", "", whole, flags=re.S).split())


def figure(page):
    return json.loads(page.get("plotly_chart")[0].proto.spec)


def test_the_first_start_shows_the_synthetic_sample_patient(page):
    page.run()
    assert not page.exception
    text = words(page)
    assert "Synthetic" in text
    assert (
        "Right forearm under IVIG since 10 Mar 2025 (6 cycles): thinner, 2.49 → 1.62 mm (−35 %), "
        "below the limit of 2.05 mm."
    ) in text
    assert "Slightly thinner at 3 of 4 sites." in text
    assert "±" not in text
    assert "not a medical device" in text
    assert figure(page)["data"]


def test_choosing_another_regimen_changes_the_headline(page):
    page.run()
    page.session_state["period SM-001"] = "hc-2"
    page.run()
    assert not page.exception
    text = words(page)
    assert (
        "under HC from 5 Sep 2022 to 4 Sep 2023: undecided, 2.37 → 2.45 mm (+3 %), between the "
        "limits of 1.95 and 2.88 mm."
    ) in text
    assert "interval too wide to tell" in text


def test_own_files_are_drawn_and_worded(page):
    upload(page, ("m.csv", MEASUREMENTS), ("t.csv", THERAPIES))
    assert not page.exception
    text = words(page)
    assert "Forearm under IVIG since 15 Jan 2024: thinner, 2.50 → 1.60 mm (−36 %)" in text
    assert "Synthetic" not in text


def test_a_patient_with_one_reading_says_that_a_second_one_is_needed(page):
    upload(page, ("m.csv", MEASUREMENTS), ("t.csv", THERAPIES))
    page.selectbox[0].set_value("A2").run()
    assert not page.exception
    text = words(page)
    assert "One reading. A change needs a second one." in text
    assert "Needed: one more reading on a later day." in text


def test_without_a_therapy_the_first_reading_is_compared_with_the_last(page):
    upload(page, ("m.csv", MEASUREMENTS))
    assert not page.exception
    text = words(page)
    assert (
        "Forearm from 10 Jan 2024 to 14 May 2024: thinner, 2.50 → 1.60 mm (−36 %), below the limit "
        "of 2.06 mm."
    ) in text
    assert "No therapy is recorded." in text


def test_a_wrong_row_is_named_and_the_good_rows_are_kept(page):
    wrong = MEASUREMENTS + b"A1,2024-13-01,forearm,2.0\n"
    upload(page, ("m.csv", wrong), ("t.csv", THERAPIES))
    assert not page.exception
    markup = " ".join(element.proto.body for element in page.get("html"))
    assert "<td>6</td><td>date</td><td><code>2024-13-01</code></td>" in markup
    assert "2.50 → 1.60 mm (−36 %)" in words(page)


def test_a_file_that_is_no_table_is_refused_in_words(page):
    upload(page, ("x.csv", bytes(range(256))))
    assert not page.exception
    assert "These files cannot be imported." in words(page)


def test_cells_are_shown_as_text_and_never_as_markup(page):
    evil = MEASUREMENTS.replace(b"forearm", b"<img src=x onerror=alert(1)>")
    upload(page, ("m.csv", evil), ("t.csv", THERAPIES))
    assert not page.exception
    assert "<img" not in words(page)


@pytest.mark.parametrize(
    ("key", "value"), [("arrangement", "by_site"), ("axis", "days"), ("unit", "percent")]
)
def test_every_switch_redraws_without_an_error(page, key, value):
    page.run()
    before = figure(page)
    next(c for c in page.button_group if c.key == key).set_value(value).run()
    assert not page.exception
    assert figure(page) != before


def test_a_change_that_cannot_be_calculated_comes_with_its_reason_and_what_is_needed(page):
    page.run()
    page.session_state["site SM-001"] = "forehead|"
    page.session_state["period SM-001"] = "hc-2"
    page.run()
    text = words(page)
    said = "Forehead under HC from 5 Sep 2022 to 4 Sep 2023: the change cannot be calculated."
    assert said in text
    assert "No baseline reading." in text
    assert "Needed: one reading in the 90 days before 5 Sep 2022." in text


def test_the_details_name_the_readings_and_other_assumptions(page):
    page.session_state["drawer details"] = True
    text = words(page.run())
    assert "Values during4, mean 1.94 mm" in text
    assert "Last reading before vs last duringthinner, below the limit of 2.05 mm" in text
    assert "Smallest detectable change of these two±0.41 mm" in text
    assert "values depend on the one before (autocorrelation 0.3)3 + 4" in text


def test_every_statistic_is_explained_with_its_method(page):
    page.run()
    said = " ".join(m.value for m in page.markdown)
    assert "the limits that sentence and table name" in said
    assert "(methods?section=Measurement%20error)" in said


def test_the_tour_goes_from_the_answer_to_the_end_and_can_be_left(page):
    page.run()
    next(b for b in page.button if b.label == "Two-minute tour").click().run()
    assert "Tour, 1 of 7" in words(page)
    for step in range(2, 8):
        page.button(key="tour next").click().run()
        assert f"Tour, {step} of 7" in words(page)
    page.button(key="tour done").click().run()
    assert not page.exception
    assert "Tour, " not in words(page)
    next(b for b in page.button if b.label == "Two-minute tour").click().run()
    page.button(key="tour close").click().run()
    assert "Tour, " not in words(page)


@pytest.fixture
def stored(data_folder):
    """Two patients in the store of this test."""
    files = (
        ingest.SourceFile("m.csv", MEASUREMENTS + b"A1,2024-01-10,chest,2.9\n"),
        ingest.SourceFile("t.csv", THERAPIES + b"A1,methotrexate,2023-06-01,2024-01-01,ended\n"),
    )
    with storing.record_store() as store:
        storing.import_files(store, file_import.read_files(files), files, {})


def test_the_last_patient_and_view_come_back_in_a_new_session(stored, page):
    page.run()
    page.selectbox(key="patient").set_value("A1").run()
    page.button_group(key="site A1").set_value("chest|").run()
    assert not page.exception
    again = AppTest.from_file(str(ROOT / "app.py"), default_timeout=PATIENCE_S).run()
    assert not again.exception
    assert again.selectbox(key="patient").value == "A1"
    assert "Chest under IVIG" in words(again)


def test_a_patient_that_is_gone_is_not_brought_back(stored, page):
    page.run()
    page.selectbox(key="patient").set_value("A2").run()
    with storing.record_store() as store:
        store.erase_patient("A2", "asked for it")
    again = AppTest.from_file(str(ROOT / "app.py"), default_timeout=PATIENCE_S).run()
    assert not again.exception
    assert again.selectbox(key="patient").value == "A1"


def test_files_that_are_only_looked_at_leave_no_trace_in_the_store(data_folder, page):
    upload(page, ("m.csv", MEASUREMENTS), ("t.csv", THERAPIES))
    assert not data_folder.exists()


def test_what_lies_in_a_drawer_is_made_only_once_it_is_opened(page, monkeypatch):
    asked = []
    made = drawing.sensitivity_of
    monkeypatch.setattr(drawing, "sensitivity_of", lambda *a: asked.append(a) or made(*a))
    shut = words(page.run())
    assert "Chest > 3.20" not in shut
    assert not asked
    page.session_state["drawer drawn"] = True
    assert len(words(page.run())) > 2 * len(shut)
    assert not asked
    page.session_state["drawer details"] = True
    page.run()
    assert asked


def test_by_site_is_offered_only_where_there_are_several_sites(page):
    page.run()
    arrangement = "Arrangement"
    assert arrangement in [g.label for g in page.get("button_group")]
    upload(page, ("m.csv", MEASUREMENTS), ("t.csv", THERAPIES))
    assert arrangement not in [g.label for g in page.get("button_group")]
    assert not page.exception


def test_details_that_are_open_stay_open_when_another_period_is_chosen(page):
    page.session_state["drawer details"] = True
    page.run()
    page.session_state["period SM-001"] = "hc-2"
    text = words(page.run())
    assert "Details and sensitivity for HC (2)" in [e.label for e in page.expander]
    assert "The same comparison under other assumptions" in text


HIDDEN = b"""patient_id,date,site,thickness_mm
A1,2024-01-10,forearm,2.50
A1,2024-05-14,forearm,2.20
"""


def test_where_the_default_error_hides_a_change_the_page_says_so_once_with_the_way(page):
    upload(page, ("visits.csv", HIDDEN), ("therapies.csv", THERAPIES))
    assert not page.exception
    said = words(page)
    assert said.count("In 1 of 1 comparisons the assumed error hides a change") == 1
    assert "Measure ten patients twice" in said
    links = [link.proto.label for link in page.get("page_link")]
    assert links == ["Your own measurement error"]


def test_a_change_beyond_the_default_error_hides_nothing(page):
    upload(page, ("visits.csv", HIDDEN.replace(b"2.20", b"1.20")), ("therapies.csv", THERAPIES))
    assert not page.exception
    assert "hides a change" not in words(page)


def test_a_doubt_in_files_is_told_above_the_figure_and_drawn(page):
    slip = MEASUREMENTS + b"A1,2024-07-09,forearm,0.16\n"
    upload(page, ("m.csv", slip), ("t.csv", THERAPIES))
    assert not page.exception
    text = words(page)
    assert "1 doubtful value counts in no result until it is confirmed or corrected." in text
    assert "2.50 → 1.60 mm" in text
    marks = [t for t in figure(page)["data"] if t.get("text") == ["?"]]
    assert len(marks) == 1


def test_a_stored_doubt_is_confirmed_on_the_timeline(page, data_folder):
    days = [dt.date(2024, m, 10) for m in (1, 3, 5)]
    with storing.record_store() as store:
        for day, mm in zip(days, (2.5, 2.4, 0.25), strict=True):
            store.add(Measurement(patient_id="A1", site="forearm", date=day, thickness_mm=mm))
        page.run()
        assert "0.25 mm is far from the other values of its series (about 2.45 mm)" in words(page)
        page.button(key="confirm measurement_3 1").click().run()
        assert not page.exception
        assert store.measurements(["A1"])[2].doubt == "confirmed"
    assert "counts in no result" not in words(page)
