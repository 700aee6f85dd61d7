"""The page behind each statistic, without a browser."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from tests.patience import PATIENCE_S

ROOT = Path(__file__).parents[2]


@pytest.fixture
def page(monkeypatch):
    monkeypatch.chdir(ROOT)
    return AppTest.from_file(str(ROOT / "app.py"), default_timeout=PATIENCE_S).run()


def test_a_section_is_shown_alone_and_the_rest_on_demand(page):
    page.switch_page("sm_tracker/ui/pages/methods.py")
    page.query_params["section"] = "Measurement error"
    page.run()
    assert not page.exception
    part, whole, *_explanations = (m.value for m in page.markdown)
    assert part.startswith("### Measurement error")
    assert "### Verdict" not in part
    assert "### Verdict" in whole


def test_an_unknown_section_shows_all_without_a_broken_picture(page):
    page.switch_page("sm_tracker/ui/pages/methods.py")
    page.query_params["section"] = "No such section"
    page.run()
    assert not page.exception
    whole, *_explanations = (m.value for m in page.markdown)
    assert whole.startswith("Every method of SM Tracker")  # the title is that of the page
    assert "](images/" not in whole
