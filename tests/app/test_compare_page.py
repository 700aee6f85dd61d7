"""The Compare page without a browser."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from tests.patience import PATIENCE_S

ROOT = Path(__file__).parents[2]


@pytest.fixture
def page(monkeypatch):
    monkeypatch.chdir(ROOT)
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=PATIENCE_S).run()
    return app.switch_page("sm_tracker/ui/pages/compare.py").run()


def words(page):
    whole = " ".join(element.proto.body for element in page.get("html"))
    return " ".join(re.sub(r"<style>.*?</style>|<[^>]*>", "", whole, flags=re.S).split())


def figure(page):
    return json.loads(page.get("plotly_chart")[0].proto.spec)


def titles(page):
    """Words of the figure that are set bold: columns and rows."""
    notes = [note["text"] for note in figure(page)["layout"]["annotations"]]
    return [re.sub("<[^>]*>", "", text) for text in notes if text.startswith("<b>")]


def test_all_periods_at_all_sites_are_compared_in_one_sentence_and_one_picture(page):
    assert not page.exception
    text = words(page)
    assert "7 periods, 4 sites: slightly thinner under IVIG (3 of 4 sites)." in text
    assert "Single sites: thinner under CP (1 site)." in text
    assert "ECP and MP ran partly together with another;" in text
    shown = titles(page)
    assert {"Forearm", "Chest", "Hand dorsum", "Forehead"} <= set(shown)
    assert [name for name in shown if name.startswith("HC")] == ["HC (2)", "HC (1)"]
    assert shown[-1] == "Whole course"


def test_one_site_can_be_looked_at_alone(page):
    page.selectbox(key="only site SM-001").set_value("chest|").run()
    assert not page.exception
    assert "Chest" in titles(page)
    assert "Forearm" not in titles(page)


def test_changes_are_given_in_per_cent_on_demand(page):
    page.button_group(key="change_in").set_value("percent").run()
    assert not page.exception
    notes = [note["text"] for note in figure(page)["layout"]["annotations"]]
    assert "−35" in notes
    assert "−0.87" not in notes


def test_by_change_puts_the_largest_thinning_first(page):
    page.button_group(key="order").set_value("change").run()
    rows = [name for name in titles(page) if name in ("IVIG", "CP", "MP", "ECP", "UVA1")]
    assert rows[:2] == ["IVIG", "CP"]


def test_time_without_therapy_is_a_row_of_its_own_on_demand(page):
    page.toggle(key="untreated").set_value(True).run()
    assert "No therapy" in titles(page)
