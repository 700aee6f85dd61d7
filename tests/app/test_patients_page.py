"""The Patients page: who was seen last comes first, and what the current period shows."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from sm_tracker.domain.records import Measurement, TherapyPeriod
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


@pytest.mark.parametrize(("typed", "left"), [("ivig", ["A1"]), ("b2", ["B2"]), ("A1 xyz", [])])
def test_typing_leaves_the_patients_in_which_every_word_stands(page, typed, left):
    page.text_input(key="patients search").set_value(typed).run()
    assert not page.exception
    assert page.dataframe[0].value["patient_id"].tolist() == left
