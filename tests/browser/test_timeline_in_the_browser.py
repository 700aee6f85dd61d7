"""The Timeline in a real browser: what is seen, and what is sent."""

from __future__ import annotations

MEASUREMENTS = b"""patient_id,date,site,thickness_mm
A1,2024-01-10,forearm,2.50
A1,2024-03-12,forearm,2.10
A1,2024-05-14,forearm,1.60
"""
THERAPIES = b"""patient_id,therapy,start,end,end_status,dose
A1,IVIG,2024-01-15,,ongoing,2 g/kg
"""
LONG = 45_000


def test_the_sample_patient_is_in_view_at_first_start(opened, outside, artifacts):
    opened.get_by_role("heading", name="under IVIG").wait_for(timeout=LONG)
    assert opened.locator("table.reg tbody tr:not(.more)").count() == 10
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
    opened.get_by_role("heading", name="Forearm under IVIG (since 15 Jan 2024").wait_for(
        timeout=LONG
    )
    opened.get_by_text("2.50 → 1.60 mm").first.wait_for(timeout=LONG)
    opened.wait_for_function(
        "document.querySelectorAll('table.reg tbody tr:not(.more)').length === 1"
    )
    opened.wait_for_selector(".js-plotly-plot .barlayer .point", timeout=LONG)
    opened.screenshot(path=artifacts / f"own_files_{opened.scheme}.png", full_page=True)
    assert opened.errors == []


def test_the_chart_offers_no_upload_of_its_data(opened):
    assert opened.locator(".modebar-btn").count() == 0
    assert opened.get_by_text("Share chart").count() == 0
