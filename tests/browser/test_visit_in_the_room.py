"""The patient is in the room: a visit typed by keyboard alone, seen on the Timeline, taken back."""

from __future__ import annotations

import re
import time

SLOWER_HERE = 2
"""A shared machine takes twice the time; alone the visit takes under 45 seconds."""
VALUES = [
    ("1,52", "1.5", "1.48"),  # forearm
    ("1.02", "1.05", "1.0"),  # hand dorsum
    ("14.1", "1.42", "1.4"),  # forehead, with a slip of the decimal point
    ("2.41", "2.4", "<2,5"),  # chest
]


def heading(page, words):
    page.get_by_role("heading", name=re.compile(words)).first.wait_for()


def settled(page):
    page.locator("[data-testid=stApp][data-test-script-state=notRunning]").wait_for()


def tab_to(page, name):
    """Press Tab until something of this name has the keyboard."""
    seen = []
    for _ in range(40):
        page.keyboard.press("Tab")
        held = page.evaluate(
            "document.activeElement === document.body ? '' : "
            "(document.activeElement.getAttribute('aria-label') || "
            "document.activeElement.textContent || '').trim()"
        )
        if re.search(name, held):
            return
        seen.append(held[:40])
    raise AssertionError(f"Tab does not reach {name}, only {seen}")


def say(page, words):
    page.keyboard.type(words, delay=10)


def test_a_visit_of_four_sites_is_entered_by_keyboard_and_moves_the_headline(
    in_the_clinic, violations, artifacts
):
    page = in_the_clinic
    began = time.monotonic()
    # The key n opens the sheet with the keyboard in its first cell.
    page.keyboard.press("n")
    first = page.get_by_label("Forearm right, 1")
    first.wait_for()
    page.wait_for_function(
        "document.activeElement.getAttribute('aria-label') === 'Forearm right, 1'"
    )
    for row in VALUES:
        for value in row:
            say(page, value)
            page.keyboard.press("Tab")
    say(page, "46")
    page.keyboard.press("Tab")

    # Mean, change and doubt stand there as soon as the cells are left, and nothing was lost.
    page.get_by_text("1.50 mm (n 3)").wait_for()
    page.get_by_text("Is it 1.41 mm?").wait_for()
    cells = page.locator("table.visit input")
    typed = [cells.nth(k).input_value() for k in range(cells.count())]
    assert typed == [v for row in VALUES for v in row] + ["46"]
    settled(page)
    assert violations(page) == []
    page.screenshot(path=artifacts / "visit_1_sheet.png", full_page=True)

    # The slip is corrected in its cell: the doubt goes.
    while page.evaluate("document.activeElement.getAttribute('aria-label')") != "Forehead, 1":
        page.keyboard.press("Shift+Tab")
    say(page, "1.41")
    page.keyboard.press("Tab")
    page.get_by_text("Is it 1.41 mm?").wait_for(state="detached")

    # IVIG ends at this visit, and another drug begins.
    tab_to(page, "Therapy at this visit")
    page.keyboard.press("Enter")
    tab_to(page, "^(ended|continues)$")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Space")
    tab_to(page, "Reason for stopping")
    say(page, "remission")
    tab_to(page, "Therapy begun")
    say(page, "lenalidomide")
    page.keyboard.press("Enter")
    settled(page)
    tab_to(page, "^Save$")
    page.keyboard.press("Enter")

    page.get_by_text(re.compile("Visit of .* saved: 12 readings, 1 outcome value")).wait_for()
    assert time.monotonic() - began < 45 * SLOWER_HERE
    # The answer that was there stays; the new drug is named beside it until it has a reading.
    heading(page, "Right forearm under IVIG from .* 1.50 mm")
    page.get_by_text(re.compile("LEN since .*: no reading yet")).first.wait_for()
    settled(page)
    page.screenshot(path=artifacts / "visit_2_saved.png", full_page=True)

    # The page for the patient says the same.
    page.get_by_role("button", name="Print and copy").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="One page as PDF").click()
    kept = artifacts / "visit_3_page.pdf"
    download.value.save_as(kept)
    sheet = kept.read_bytes()
    assert sheet.startswith(b"%PDF")
    assert re.search(rb"/MediaBox \[ ?0 0 595\.\d+ 841\.\d+ ?\]", sheet)  # A4
    page.keyboard.press("Escape")
    settled(page)

    # Taken back, the headline is as before.
    page.get_by_role("button", name="Take back this visit").click()
    heading(page, "Right forearm under IVIG since .* 1.62 mm")
    assert page.errors == []


def test_a_dose_that_is_said_to_have_changed_is_asked_for_before_the_visit_is_saved(in_the_clinic):
    page = in_the_clinic
    page.keyboard.press("n")
    page.get_by_label("Forearm right, 1").fill("1.5")
    page.get_by_text("Therapy at this visit").click()
    page.get_by_role("radio", name="dose changed").first.click()
    page.get_by_text(re.compile("type the new dose.")).wait_for()
    settled(page)
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_text(re.compile("Not saved yet. .*type the new dose.")).wait_for()
    page.get_by_label("Reason for stopping, or new dose").first.fill("1 g/kg")
    page.keyboard.press("Tab")
    page.get_by_text(re.compile("type the new dose.")).first.wait_for(state="detached")
    settled(page)
    page.get_by_role("button", name="Save", exact=True).click()
    page.get_by_text(re.compile("saved: 1 reading, 1 change of therapy")).wait_for()


def test_values_copied_from_a_spreadsheet_fill_the_cells_from_where_they_are_pasted(
    in_the_clinic,
):
    page = in_the_clinic
    page.keyboard.press("n")
    page.get_by_label("Hand dorsum right, 1").wait_for()
    page.evaluate(
        """() => {
          const cell = document.querySelector('[aria-label="Hand dorsum right, 1"]');
          const clipboardData = new DataTransfer();
          clipboardData.setData("text", "1,01\\t1,02\\t1,03\\r\\n1,41\\t1,42\\r\\n");
          cell.focus();
          cell.dispatchEvent(new ClipboardEvent("paste", {clipboardData, cancelable: true}));
        }"""
    )
    page.get_by_text("1.02 mm (n 3)").wait_for()
    assert page.get_by_label("Forehead, 2").input_value() == "1,42"
    page.keyboard.press("Enter")
    focus = page.evaluate("document.activeElement.getAttribute('aria-label')")
    assert focus == "Forehead, 1"


def test_one_more_replicate_comes_by_alt_and_plus_or_by_its_button_and_loses_nothing(
    in_the_clinic,
):
    page = in_the_clinic
    page.keyboard.press("n")
    page.get_by_label("Forearm right, 3").wait_for()
    page.get_by_label("Forearm right, 1").fill("1.5")
    page.keyboard.press("Alt++")
    page.get_by_label("Forearm right, 4").wait_for()
    held = page.evaluate("document.activeElement.getAttribute('aria-label')")
    assert held == "Forearm right, 1"
    page.get_by_role("button", name="One more replicate").click()
    page.get_by_label("Forearm right, 5").wait_for()
    assert page.get_by_label("Forearm right, 1").input_value() == "1.5"


def test_one_page_on_paper_and_the_words_for_a_letter_leave_the_timeline(in_the_clinic, tmp_path):
    page = in_the_clinic
    page.get_by_role("button", name="Print and copy").click()
    page.get_by_text("With ultrasound we measured how thick your skin is.").wait_for()
    page.get_by_text("Skin thickness was measured by high-frequency ultrasound").wait_for()
    with page.expect_download() as download:
        page.get_by_role("button", name="One page as PDF").click()
    kept = tmp_path / "page.pdf"
    download.value.save_as(kept)
    assert kept.read_bytes().startswith(b"%PDF")
    assert page.errors == []
