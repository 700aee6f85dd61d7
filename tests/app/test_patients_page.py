"""The Patients page: who was seen last comes first, and what the current period shows."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from streamlit import dataframe_util
from streamlit.testing.v1 import AppTest

from sm_tracker.domain.records import Measurement, ReadResult, TherapyPeriod
from sm_tracker.store import ImportedFile
from sm_tracker.workflow import storing
from sm_tracker.workflow.analysing import analyse
from sm_tracker.workflow.patient_list import patient_list
from tests.patience import PATIENCE_S

ROOT = Path(__file__).parents[2]


def reading(patient, month, thickness_mm, site="forearm"):
    return Measurement(
        patient_id=patient, site=site, date=dt.date(2024, month, 1), thickness_mm=thickness_mm
    )


@pytest.fixture
def store(data_folder):
    with storing.record_store() as opened:
        for one in (reading("A1", 1, 2.5), reading("A1", 5, 1.4), reading("A1", 5, 2.0, "chest")):
            opened.add(one)
        opened.add(reading("B2", 8, 3.0))
        opened.add(
            TherapyPeriod(
                patient_id="A1", therapy="IVIG", start=dt.date(2024, 1, 2), end_status="ongoing"
            )
        )
        yield opened


@pytest.fixture
def page(store, monkeypatch):
    monkeypatch.chdir(ROOT)
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=PATIENCE_S).run()
    return app.switch_page("sm_tracker/ui/pages/patients.py").run()


def test_the_patient_seen_last_comes_first_with_therapy_and_result(store):
    first, second = patient_list(analyse(store.records())).to_dict("records")
    assert (first["patient_id"], first["running"], first["word"]) == ("B2", "", "")
    assert (second["patient_id"], second["running"], second["visits"]) == ("A1", "IVIG", 2)
    assert (second["place"], second["change"]) == ("forearm", pytest.approx(-1.1))
    assert "thinner" in second["word"]


def test_the_page_lists_every_patient_of_the_clinic(page):
    assert not page.exception
    assert page.dataframe[0].value["patient_id"].tolist() == ["B2", "A1"]


@pytest.mark.parametrize(("language", "shown"), [("en", "−1.10"), ("de", "−1,10")])
def test_a_change_in_the_list_has_its_sign_and_the_decimal_mark_of_the_language(
    page, language, shown
):
    page.query_params["lang"] = language
    written = page.run().dataframe[0].proto.arrow_data.styler.display_values
    changes = dataframe_util.convert_arrow_bytes_to_pandas_df(written)["change"].tolist()
    assert changes == ["", shown]


def test_the_picker_begins_with_the_patient_measured_last(page):
    timeline = page.switch_page("sm_tracker/ui/pages/timeline.py").run()
    assert timeline.selectbox(key="patient").options == ["B2", "A1"]


def test_those_with_something_new_since_the_last_import_can_be_shown_alone(store, page):
    assert not page.toggle
    found = ReadResult(outcome="accept", measurements=(reading("C3", 2, 2.2),))
    store.import_batch(found, [ImportedFile("month.csv", "ab" * 32)])
    page.run()
    assert page.dataframe[0].value["patient_id"].tolist() == ["B2", "A1", "C3"]
    page.toggle(key="patients of the last import").set_value(True).run()
    assert page.dataframe[0].value["patient_id"].tolist() == ["C3"]


def test_the_cohort_opens_with_own_patients_as_soon_as_there_are_any(page):
    cohort = page.switch_page("sm_tracker/ui/pages/cohort.py").run()
    assert not cohort.exception
    assert cohort.button_group(key="patients_of").value == "own"
    assert "Example cohort" in cohort.button_group(key="patients_of").options


@pytest.mark.parametrize(("typed", "left"), [("ivig", ["A1"]), ("b2", ["B2"]), ("A1 xyz", [])])
def test_typing_leaves_the_patients_in_which_every_word_stands(page, typed, left):
    page.text_input(key="patients search").set_value(typed).run()
    assert not page.exception
    assert page.dataframe[0].value["patient_id"].tolist() == left
