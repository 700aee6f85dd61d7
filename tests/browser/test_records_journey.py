"""Two people at the same grid: a cell corrected, the Timeline follows, a conflict is settled."""

from __future__ import annotations

import re
import zipfile

import pytest

MEASUREMENTS = b"""patient_id,date,site,thickness_mm
A1,2024-01-10,forearm,2.50
A1,2024-03-12,forearm,2.10
A1,2024-05-14,forearm,1.60
"""
THERAPIES = b"""patient_id,therapy,start,end,end_status
A1,IVIG,2024-01-15,,ongoing
"""
THICKNESS_X, FIRST_ROW_Y, ROW_PX = 300, 52, 33


@pytest.fixture
def at_records(visitor):
    """The Records page of a clinic with three readings and one course."""
    visitor.get_by_role("link", name="Import").click()
    visitor.locator("input[type=file]").set_input_files(
        [
            {"name": name, "mimeType": "text/csv", "buffer": content}
            for name, content in (("m.csv", MEASUREMENTS), ("t.csv", THERAPIES))
        ]
    )
    visitor.get_by_role("button", name="Import 4 new rows").click()
    visitor.get_by_role("heading", name=re.compile("Forearm under IVIG")).wait_for()
    visitor.get_by_role("link", name="Records").click()
    give_reason(visitor, "read again")
    return visitor


def give_reason(page, reason):
    field = page.get_by_role("textbox", name="Reason for the changes")
    field.fill(reason)
    field.press("Enter")
    page.get_by_text("Each changed cell is checked and stored at once.").wait_for()
    settled(page)


def settled(page):
    page.locator("[data-testid=stApp][data-test-script-state=notRunning]").wait_for()


def change_thickness(page, row, value):
    settled(page)
    box = page.get_by_test_id("stDataFrame").bounding_box()
    page.mouse.dblclick(box["x"] + THICKNESS_X, box["y"] + FIRST_ROW_Y + ROW_PX * row)
    cell = page.locator(".gdg-input, [id^=gdg-overlay] input").first
    cell.wait_for()
    cell.fill(value)
    page.keyboard.press("Enter")


def test_a_cell_is_corrected_and_two_editors_lose_nothing(
    at_records, browser, violations, outside, artifacts
):
    settled(at_records)
    assert violations(at_records) == []
    change_thickness(at_records, 2, "1.40")
    at_records.get_by_text(re.compile(r"Saved: 14 May 2024 · forearm · 1\.40 mm")).wait_for()
    at_records.screenshot(path=artifacts / "records_1_corrected.png", full_page=True)

    # Somebody else opens the same grid; both change the same cell.
    other = browser.new_context(viewport={"width": 1280, "height": 800}).new_page()
    other.goto(f"{at_records.dashboard}/records")
    give_reason(other, "typing error")
    change_thickness(other, 2, "1.30")
    other.get_by_text(re.compile(r"Saved: 14 May 2024 · forearm · 1\.30 mm")).wait_for()
    change_thickness(at_records, 2, "1.45")
    at_records.get_by_text("Somebody else changed this record first").wait_for()
    settled(at_records)
    at_records.screenshot(path=artifacts / "records_2_conflict.png", full_page=True)
    at_records.get_by_role("button", name="Save my change over it").click()
    at_records.get_by_text(re.compile(r"1\.3 → 1\.45")).wait_for()
    other.context.close()

    # Everything leaves as a file in the program's own form, with what is stored now.
    at_records.get_by_text("Export and erasure", exact=True).click()
    at_records.get_by_label("Form", exact=True).click()
    at_records.get_by_role("option", name="CSV files (zip)").click()
    with at_records.expect_download() as download:
        at_records.get_by_role("button", name="Download records.zip").click()
    with zipfile.ZipFile(download.value.path()) as archive:
        assert sorted(archive.namelist()) == ["measurements.csv", "therapies.csv"]
        assert b"2024-05-14,,forearm,,,1.45," in archive.read("measurements.csv")

    # The Timeline shows what is stored now.
    at_records.get_by_role("link", name="Timeline").click()
    at_records.get_by_role("heading", name=re.compile(r"2\.50 → 1\.45 mm")).wait_for()
    assert at_records.errors == []
    assert outside(at_records) == []
