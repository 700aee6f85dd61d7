"""The Settings page without a browser."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from sm_tracker.domain.settings import ErrorSetting, RegimenWindow, Settings
from sm_tracker.workflow.storing import record_store
from tests.patience import PATIENCE_S

ROOT = Path(__file__).parents[2]
PAIRS = b"patient_id,date,site,thickness_mm\n" + b"".join(
    f"P{n},2024-01-{day:02d},forearm,{2 + n / 10 + off:.2f}\n".encode()
    for n, change in enumerate([0.05, -0.08, 0.10, -0.04, 0.02])
    for day, off in ((10, 0.0), (12, change))
)


VISITS = b"patient_id,date,site,thickness_mm\n" + b"".join(
    f"P{n},2024-{month:02d}-10,forearm,{2 + n / 10 + off:.2f}\n".encode()
    for n in range(4)
    for month, off in enumerate([0.05, -0.08, 0.10, -0.04, 0.02, -0.06, 0.09, 0.01], start=1)
)
"""Four patients without therapy, eight readings each: 24 degrees of freedom."""


@pytest.fixture
def page(monkeypatch):
    monkeypatch.chdir(ROOT)
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=PATIENCE_S).run()
    return app.switch_page("sm_tracker/ui/pages/settings.py").run()


def settings_with_files(monkeypatch, content):
    """The Settings page after files were opened on the Timeline, with the scatter unfolded."""
    monkeypatch.chdir(ROOT)
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=PATIENCE_S).run()
    app.file_uploader[0].upload("visits.csv", content, "text/csv").run()
    app.switch_page("sm_tracker/ui/pages/settings.py").run()
    app.session_state["drawer scatter"] = True
    return app.run()


def words(page):
    return " ".join(element.proto.body for element in page.get("html"))


def send(page, reason):
    next(t for t in page.text_input if t.label.startswith("Reason")).set_value(reason)
    return page.button[0].click().run()


def test_another_measurement_error_is_used_on_the_timeline(page):
    page.number_input(key="setting sem_mm").set_value(0.5)
    page.text_area(key="setting sem_source").set_value("own repeat visits 2026")
    send(page, "measured in May")
    assert not page.exception
    assert page.success[0].value.startswith("Saved. Settings ")
    page.switch_page("sm_tracker/ui/pages/timeline.py").run()
    said = words(page).replace("\u00a0", " ")
    assert "between the limits of 1.10 and 3.88 mm." in said
    assert "own repeat visits 2026" in said


def test_settings_change_only_with_a_reason(page):
    page.number_input(key="setting sem_mm").set_value(0.5)
    send(page, "")
    assert not page.exception
    assert "reason" in page.error[0].value


def test_every_setting_has_a_label_in_words_with_its_unit(page):
    labels = [n.label for n in page.number_input]
    assert "Smallest error of one value (mm)" in labels
    assert "Oldest reading that counts as baseline (days before start)" in labels
    assert "Oldest reading to compare with (days before start)" in labels
    assert "Natural drift of the skin (mm a year)" in labels
    assert not [label for label in labels if "_" in label]


def test_an_error_given_in_per_cent_is_kept_as_a_share(page):
    page.number_input(key="setting sem_fraction").set_value(10.0)
    send(page, "a new probe")
    assert "Error as a share of the value (%): 7 % → 10 %" in words(page)


def test_the_history_says_who_changed_what_from_which_value_to_which(page):
    assert "The settings have not been changed." in words(page)
    page.number_input(key="setting baseline_window_days").set_value(60)
    send(page, "visits every month now")
    said = words(page)
    assert "local user" in said
    assert "Oldest reading that counts as baseline (days before start): 90 days → 60 days" in said


def test_the_window_of_a_single_regimen_stays_when_other_settings_change(data_folder, page):
    window = RegimenWindow(regimen="IVIG", lag_days=14)
    with record_store() as store:
        store.save_settings(Settings(regimen_windows=(window,)), "slow start")
    page.run()
    page.number_input(key="setting grace_days").set_value(45)
    send(page, "as agreed")
    with record_store() as store:
        assert store.settings() == Settings(regimen_windows=(window,), grace_days=45)


def test_own_repeat_visits_give_an_error_with_its_plot(page):
    page.file_uploader[0].upload("pairs.csv", PAIRS, "text/csv").run()
    assert not page.exception
    assert "from 5 pairs of 5 patients" in words(page)
    plot = json.loads(page.get("plotly_chart")[0].proto.spec)
    assert len(plot["data"][0]["y"]) == 5
    page.button(key="use forearm").click().run()
    assert page.success[0].value.startswith("Saved. Settings ")
    assert "Error of single sites and devices: forearm" in words(page)


def test_the_scatter_of_own_readings_is_shown_with_all_it_rests_on_and_used_when_asked(monkeypatch):
    page = settings_with_files(monkeypatch, VISITS)
    assert not page.exception
    said = words(page)
    assert "24 degrees of freedom" in said
    assert "32 readings, 4 series, 4 patients" in said
    assert "Saved. Settings" not in said
    page.button(key="use scatter forearm").click().run()
    assert page.success[0].value.startswith("Saved. Settings ")
    with record_store() as store:
        (kept,) = store.settings().error_settings
    assert kept.source.startswith("own scatter within phases (true fluctuation included), 24 deg")
    assert (kept.site, kept.sem_fraction) == ("forearm", 0)


def test_too_few_own_readings_are_refused_with_the_reason(monkeypatch):
    page = settings_with_files(monkeypatch, b"\n".join(VISITS.splitlines()[:13]))
    assert not page.exception
    assert "8 degrees of freedom from 2 phases" in page.error[0].value
    assert "20 are needed" in page.error[0].value


def test_the_readings_of_the_example_say_nothing_about_the_clinic(page):
    page.session_state["drawer scatter"] = True
    page.run()
    assert not [b for b in page.button if b.key and b.key.startswith("use scatter")]
    assert "the patient shown now is an example" in words(page)


def test_what_the_error_in_force_finds_stands_beside_what_the_default_finds(page):
    assert "With an error of 0.18 mm at 2.50 mm, a fall of 0.5 mm is found in" in words(page)
    assert "Default:" not in words(page)
    page.number_input(key="setting sem_mm").set_value(0.08)
    page.number_input(key="setting sem_fraction").set_value(0.0)
    page.text_area(key="setting sem_source").set_value("own repeat visits 2026")
    send(page, "measured in May")
    said = words(page)
    assert "With an error of 0.08 mm at 2.50 mm, a fall of 0.5 mm is found in" in said
    assert "In force: 0.08 mm at 2.50 mm" in said
    assert "Default: 0.18 mm at 2.50 mm" in said
    assert "3 before, 12 during" in said


def test_each_error_in_force_can_be_looked_at(data_folder, page):
    calf = ErrorSetting(site="calf", sem_mm=0.3, sem_fraction=0.0, source="own pairs")
    with record_store() as store:
        store.save_settings(Settings(error_settings=(calf,)), "two machines")
    page.run()
    page.selectbox(key="error in view").set_value(calf).run()
    assert not page.exception
    assert "In force: 0.30 mm at 2.50 mm" in words(page)
