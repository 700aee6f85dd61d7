"""The Cohort page without a browser."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from benchmarks.synthetic_registry import registry as synthetic
from sm_tracker.registry import run_registry
from sm_tracker.workflow import cohort as cohorts
from tests.patience import PATIENCE_S

ROOT = Path(__file__).parents[2]


@pytest.fixture
def page(monkeypatch):
    monkeypatch.chdir(ROOT)
    monkeypatch.delenv("SM_TRACKER_REGISTRY", raising=False)
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=PATIENCE_S).run()
    return app.switch_page("sm_tracker/ui/pages/cohort.py").run()


def words(page):
    whole = " ".join(element.proto.body for element in page.get("html"))
    return " ".join(re.sub(r"<style>.*?</style>|<[^>]*>", " ", whole, flags=re.S).split())


def figure(page):
    return json.loads(page.get("plotly_chart")[0].proto.spec)


def test_the_page_opens_with_the_synthetic_survey_and_counts_everybody(page):
    assert not page.exception
    text = words(page)
    assert "Synthetic" in text
    assert "Change under IVIG in 12 of 14 patients" in text
    assert "7 thinner" in text
    assert "measured with another device, frequency or layer (1)" in text
    assert "no baseline reading (1)" in text
    assert "Synthetic patients. All values are invented." in text


def test_younger_and_older_are_compared_and_a_dose_that_nobody_had_is_said(page):
    text = words(page)
    assert "under 60 against 60 and older" in text
    assert "nobody on one side" in text
    assert "Patients were not randomised" in text


@pytest.mark.parametrize(
    "kind", ["waterfall", "courses", "before_after", "against_baseline", "regimens", "lanes"]
)
def test_every_figure_is_drawn(page, kind):
    page.button_group(key="cohort_figure").set_value(kind).run()
    assert not page.exception
    assert figure(page)["data"]


def test_patients_are_chosen_by_what_is_known_of_them(page):
    (chosen,) = [m for m in page.multiselect if m.key.startswith("cohort diagnosis")]
    chosen.set_value(["scleromyxedema, atypical"]).run()
    assert not page.exception
    text = words(page)
    assert "Change under IVIG in 2 of 2 patients" in text
    assert "2 of 14 patients are left by the choice." in text
    assert "no interval with so few patients" in text


def test_the_other_scanner_is_a_group_of_its_own(page):
    (way,) = [s for s in page.selectbox if s.key.startswith("cohort way")]
    assert [o for o in way.options if "scanner B" in o] == [
        "synthetic scanner B, dermis, 20 MHz, 1 patient"
    ]
    way.set_value(1).run()
    assert "Change under IVIG in 1 of 14 patients" in words(page)
    assert "measured with another device, frequency or layer (13)" in words(page)


def test_the_mixed_model_is_fitted_when_asked_for(page):
    page.toggle(key="cohort mixed").set_value(True).run()
    assert not page.exception
    assert "values of 13 patients" in words(page)
    assert "t, 12 degrees of freedom" in words(page)


def test_the_mixed_model_is_fitted_once_for_the_same_question(page, monkeypatch):
    st.cache_data.clear()
    fitted = []
    mixed = cohorts.mixed_model
    monkeypatch.setattr(
        cohorts, "mixed_model", lambda *given: fitted.append(given) or mixed(*given)
    )
    page.toggle(key="cohort mixed").set_value(True).run()
    page.button_group(key="cohort_figure").set_value("lanes").run()
    page.button_group(key="cohort_figure").set_value("courses").run()
    assert "values of 13 patients" in words(page)
    assert len(fitted) == 1


def test_published_protocols_can_be_filtered_by_dose(page):
    assert "Majeski C et al., 2005" in words(page)
    page.button_group(key="cohort protocols").set_value("low dose").run()
    assert "Majeski C et al., 2005" not in words(page)
    assert "Binitha MP et al., 2008" in words(page)


def test_own_patients_are_looked_at_in_the_same_way(page):
    page.button_group(key="patients_of").set_value("own").run()
    assert not page.exception
    text = words(page)
    assert "of 1 patient" in text
    assert "Synthetic" in text


def test_a_registry_named_by_the_surroundings_can_be_looked_at(monkeypatch, tmp_path):
    for name, table in zip(("measurements", "therapies"), synthetic(30), strict=True):
        table.to_csv(tmp_path / f"{name}.csv", index=False)
    run_registry(tmp_path, tmp_path / "out", scheduler="threads", workers=2, partitions=2)
    monkeypatch.chdir(ROOT)
    monkeypatch.setenv("SM_TRACKER_REGISTRY", str(tmp_path / "out"))
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=PATIENCE_S).run()
    page = app.switch_page("sm_tracker/ui/pages/cohort.py").run()
    page.button_group(key="patients_of").set_value("registry").run()
    assert not page.exception
    assert "Registry run." in words(page)
    page.selectbox(key="cohort regimen registry").set_value("IVIG").run()
    assert not page.exception
    assert "Change under IVIG in" in words(page)
    assert "one regimen is read at a time" in words(page)
    page.button_group(key="cohort_figure").set_value("courses").run()
    assert not page.exception
    assert len(figure(page)["data"]) > 10


def test_a_table_of_age_groups_is_used_and_an_unreadable_one_refused_in_words(page):
    page.button_group(key="patients_of").set_value("own").run()
    upload = page.get("file_uploader")[0]
    upload.upload("people.csv", b"patient_id,diagnosis\nSM-001,scleromyxedema\n", "text/csv").run()
    assert not page.exception
    assert "scleromyxedema" in [
        o for m in page.multiselect if "diagnosis" in m.key for o in m.options
    ]
