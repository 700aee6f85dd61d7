"""The Timeline in a real browser: what is seen, and what is sent."""

from __future__ import annotations

from tests.patience import PATIENCE_MS

MEASUREMENTS = b"""patient_id,date,site,thickness_mm
A1,2024-01-10,forearm,2.50
A1,2024-03-12,forearm,2.10
A1,2024-05-14,forearm,1.60
"""
THERAPIES = b"""patient_id,therapy,start,end,end_status,dose
A1,IVIG,2024-01-15,,ongoing,2 g/kg
"""


def test_the_sample_patient_is_in_view_at_first_start(opened, outside, artifacts):
    opened.get_by_role("heading", name="under IVIG").wait_for(timeout=PATIENCE_MS)
    assert opened.locator("table.reg tbody tr:not(.more)").count() == 11  # with the whole course
    opened.screenshot(path=artifacts / f"timeline_{opened.scheme}.png", full_page=True)
    assert opened.errors == []
    assert outside(opened) == []


def test_two_own_files_give_a_figure_and_a_table(opened, artifacts):
    opened.get_by_text("Open your own files").click()
    opened.locator("input[type=file]").set_input_files(
        [
            {"name": "m.csv", "mimeType": "text/csv", "buffer": MEASUREMENTS},
            {"name": "t.csv", "mimeType": "text/csv", "buffer": THERAPIES},
        ]
    )
    opened.get_by_role("heading", name="Forearm under IVIG since 15 Jan 2024").wait_for(
        timeout=PATIENCE_MS
    )
    opened.get_by_text("2.50 → 1.60 mm").first.wait_for(timeout=PATIENCE_MS)
    opened.wait_for_function(  # the course of IVIG, and the whole course
        "document.querySelectorAll('table.reg tbody tr:not(.more)').length === 2"
    )
    opened.wait_for_selector(".js-plotly-plot .barlayer .point", timeout=PATIENCE_MS)
    opened.screenshot(path=artifacts / f"own_files_{opened.scheme}.png", full_page=True)
    assert opened.errors == []


def test_the_chart_offers_no_upload_of_its_data(opened):
    # One button, which saves the figure on the spot; none that sends it anywhere.
    buttons = opened.locator(".modebar-btn")
    assert [b.get_attribute("data-title") for b in buttons.all()] == ["Download plot as a PNG"]
    assert opened.get_by_text("Share chart").count() == 0


def test_a_phone_shows_all_of_the_time_and_every_lane_at_once(browser, dashboard, artifacts):
    page = browser.new_context(viewport={"width": 390, "height": 844}).new_page()
    page.set_default_timeout(PATIENCE_MS)
    page.goto(dashboard)
    page.wait_for_selector(".js-plotly-plot .barlayer .point")
    # The page measures its room after the first picture and draws it anew.
    page.wait_for_function(
        "document.querySelector('.js-plotly-plot')?._fullLayout?.margin?.r <= 104"
    )
    for words in ("IVIG", "UVA1", "Forearm"):
        box = page.locator(".js-plotly-plot text", has_text=words).first.bounding_box()
        assert box["x"] >= 0, words
        assert box["x"] + box["width"] <= 390, words
    page.screenshot(path=artifacts / "timeline_phone.png", full_page=True)
    page.context.close()
