"""A slip of the decimal point is doubted at each door; a month's file brings what is new."""

from __future__ import annotations

import re
import time

import pytest

KNOWN = """patient_id,date,site,thickness_mm
N1,2024-01-10,forearm,2.30
N1,2024-05-14,forearm,1.60
"""
MONTH = KNOWN + "N1,2024-06-12,forearm,16.0\n"
COURSE = """patient_id,date,site,thickness_mm
D1,2024-01-10,forearm,2.50
D1,2024-02-10,forearm,2.45
D1,2024-03-10,forearm,20.5
"""
WITHOUT_THERAPY = r"Forearm from 10 Jan 2024 to 14 May 2024: thinner, 2\.30 → 1\.60 mm"


@pytest.fixture
def at_import(visitor):
    """The Import page with a way to add files one after the other."""

    def add(name, text):
        visitor.get_by_role("link", name="Import").click()
        visitor.get_by_role("heading", name="Templates").wait_for()
        settled(visitor)
        visitor.locator("input[type=file]").set_input_files(
            [{"name": name, "mimeType": "text/csv", "buffer": text.encode()}]
        )
        visitor.get_by_role("heading", name="Preview of the import").wait_for()
        settled(visitor)
        return visitor

    return add


def new_code():
    """A patient whom no earlier try of a test has stored."""
    return f"P{time.time_ns()}"


def settled(page):
    page.locator("[data-testid=stApp][data-test-script-state=notRunning]").wait_for()


def store(page, n):
    row = "row" if n == 1 else "rows"
    page.get_by_role("button", name=f"Import {n} new {row}").click()
    page.get_by_role("heading", level=1).first.wait_for()
    page.locator(".st-key-figure").wait_for()
    settled(page)


def headline(page):
    return " ".join(page.get_by_role("heading", level=1).first.inner_text().split())


def test_a_months_file_of_a_patient_without_therapy_adds_one_row_and_its_slip_moves_nothing(
    at_import, artifacts
):
    code = new_code()
    page = at_import("first.csv", KNOWN.replace("N1", code))
    store(page, 2)
    before = headline(page)
    assert re.search(WITHOUT_THERAPY, before)

    at_import("month.csv", MONTH.replace("N1", code))
    page.get_by_text("2 stored already").wait_for()
    page.get_by_text("1 doubtful value counts in no result").wait_for()
    page.screenshot(path=artifacts / "month_1_doubt.png", full_page=True)
    store(page, 1)
    assert headline(page) == before
    page.get_by_text("12 Jun 2024 · forearm: 16.00 mm is").wait_for()
    page.locator(".js-plotly-plot text", has_text=re.compile(r"^\?$")).first.wait_for()
    page.screenshot(path=artifacts / "month_2_timeline.png", full_page=True)
    assert page.errors == []


def test_a_slip_is_caught_in_the_import_in_the_pasted_visit_and_in_the_form(
    at_import, violations, artifacts
):
    # The import names the likely value and takes it in one press.
    page = at_import("course.csv", COURSE.replace("D1", new_code()))
    page.get_by_role("cell", name=re.compile(r"it looks like 2\.05 mm")).wait_for()
    assert violations(page) == []
    page.get_by_role("button", name="Save 2.05 mm instead").click()
    page.get_by_text("2.05 mm instead of 20.50 mm.").wait_for()
    settled(page)
    page.screenshot(path=artifacts / "slip_1_import.png", full_page=True)
    store(page, 3)
    page.get_by_text("1 doubtful value was answered.").wait_for()
    assert "2.05 mm" in headline(page)

    # A visit pasted from a spreadsheet doubts as a typed one does.
    page.keyboard.press("n")
    page.get_by_label("Forearm, 1").wait_for()
    page.evaluate(
        """() => {
          const cell = document.querySelector('[aria-label="Forearm, 1"]');
          const clipboardData = new DataTransfer();
          clipboardData.setData("text", "21,5\\r\\n");
          cell.focus();
          cell.dispatchEvent(new ClipboardEvent("paste", {clipboardData, cancelable: true}));
          cell.value = cell.value || "21,5";
          cell.dispatchEvent(new Event("change"));
        }"""
    )
    page.get_by_text("Is it 2.15 mm?").wait_for()
    page.get_by_role("button", name="Save as doubtful").wait_for()
    page.screenshot(path=artifacts / "slip_2_visit.png", full_page=True)
    page.get_by_role("button", name="Cancel").click()
    page.get_by_label("Forearm, 1").wait_for(state="detached")
    settled(page)

    # So does the form of a single reading.
    page.get_by_role("link", name="Records").click()
    page.get_by_text("Add a measurement").click()
    page.get_by_label("Thickness (mm)").last.fill("21.5")
    page.get_by_role("spinbutton", name="year, Date").click()
    page.keyboard.type("20240614", delay=20)
    site = page.get_by_role("combobox", name="Site")
    site.fill("forearm")
    page.get_by_role("option", name="forearm", exact=True).click()
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_role("button", name="Save 2.15 mm instead").wait_for()
    settled(page)
    page.screenshot(path=artifacts / "slip_3_form.png", full_page=True)
    page.get_by_role("button", name="Save 2.15 mm instead").click()
    page.get_by_text(re.compile(r"Saved: 14 Jun 2024 · forearm · 2\.15 mm")).wait_for()
    assert page.errors == []
