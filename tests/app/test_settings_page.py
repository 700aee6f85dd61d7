"""The Settings page without a browser."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

ROOT = Path(__file__).parents[2]
PAIRS = b"patient_id,date,site,thickness_mm\n" + b"".join(
    f"P{n},2024-01-{day:02d},forearm,{2 + n / 10 + off:.2f}\n".encode()
    for n, change in enumerate([0.05, -0.08, 0.10, -0.04, 0.02])
    for day, off in ((10, 0.0), (12, change))
)


@pytest.fixture
def page(monkeypatch):
    monkeypatch.chdir(ROOT)
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60).run()
    return app.switch_page("sm_tracker/ui/pages/settings.py").run()


def field(page, name):
    return next(t for t in page.text_input if t.label.startswith(name))


def words(page):
    return " ".join(element.proto.body for element in page.get("html"))


def test_another_measurement_error_is_used_on_the_timeline(page):
    field(page, "sem_mm").set_value("0.5")
    field(page, "sem_source").set_value("own repeat visits 2026")
    field(page, "Reason").set_value("measured in May")
    page.button[0].click().run()
    assert not page.exception
    page.switch_page("sm_tracker/ui/pages/timeline.py").run()
    assert "Within the assumed measurement error (±1.39 mm)." in words(page).replace("\u00a0", " ")
    assert "own repeat visits 2026" in words(page)


def test_settings_change_only_with_a_reason(page):
    field(page, "sem_mm").set_value("0.5")
    page.button[0].click().run()
    assert not page.exception
    assert "reason" in page.error[0].value


def test_a_wrong_setting_is_refused_in_words(page):
    field(page, "grace_days").set_value("soon")
    page.button[0].click().run()
    assert not page.exception
    assert "grace_days cannot be 'soon'" in page.error[0].value


def test_own_repeat_visits_give_an_error_with_its_plot(page):
    page.file_uploader[0].upload("pairs.csv", PAIRS, "text/csv").run()
    assert not page.exception
    assert "from 5 pairs of 5 patients" in words(page)
    plot = json.loads(page.get("plotly_chart")[0].proto.spec)
    assert len(plot["data"][0]["y"]) == 5
    page.button(key="use forearm").click().run()
    assert page.success[0].value.startswith("Kept. Settings ")
    assert "own paired visits, 5 pairs (fewer than 20)" in page.run().dataframe[0].value.to_csv()
