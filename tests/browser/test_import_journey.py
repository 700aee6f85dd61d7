"""A clinic's own messy file: dropped, asked about, looked at, imported, seen on the Timeline."""

from __future__ import annotations

import re

PROTOCOL = """Messprotokoll Ultraschall 20 MHz;;;
;;;
Kürzel;Datum;Lokalisation;Hautdicke (mm)
K1;02/03/2024;Unterarm links;2,50
K1;04/05/2024;Unterarm links;2,10
K1;06/07/2024;Unterarm links;n.m.
K1;07/08/2024;Unterarm links;1,55
K1;07/13/2024 bis;Unterarm links;1,60
""".encode("cp1252")
COURSES = """Kürzel;Therapie;Beginn;Ende
K1;IVIG;15.03.2024;laufend
""".encode()
LATER = PROTOCOL.replace(b"2,10", b"2,20")


def add(page, **files):
    page.locator("input[type=file]").set_input_files(
        [
            {"name": f"{name}.csv", "mimeType": "text/csv", "buffer": content}
            for name, content in files.items()
        ]
    )


def heading(page, words):
    page.get_by_role("heading", name=re.compile(words)).first.wait_for()


def settled(page):
    page.locator("[data-testid=stApp][data-test-script-state=notRunning]").wait_for()


def test_a_messy_file_is_asked_about_imported_and_seen(visitor, outside, violations, artifacts):
    visitor.get_by_role("link", name="Import").click()
    add(visitor, protokoll=PROTOCOL, therapien=COURSES)

    # What was recognised and what is asked stand together; nothing is chosen beforehand.
    heading(visitor, "1 question left before these files can be imported")
    assert visitor.get_by_role("radio", name="day-first").is_checked() is False
    assert visitor.get_by_test_id("stButton").get_by_role("button", name="Import").is_disabled()
    settled(visitor)
    assert violations(visitor) == []
    visitor.screenshot(path=artifacts / "import_1_question.png", full_page=True)

    # Answered, the page says what the import would do, and what is refused and why.
    settled(visitor)
    visitor.get_by_text("day-first", exact=True).click()
    heading(visitor, "4 readings and 1 therapy can be imported")
    visitor.get_by_role("heading", name="Preview of the import").wait_for()
    visitor.get_by_role("button", name=re.compile("Download the refused rows")).wait_for()
    settled(visitor)
    visitor.screenshot(path=artifacts / "import_2_answered.png", full_page=True)

    # Imported, the Timeline opens with this patient, and the records are there to stay.
    visitor.get_by_role("button", name=re.compile(r"Import \d+ new rows")).click()
    heading(visitor, "Left forearm under IVIG")
    visitor.wait_for_selector(".js-plotly-plot .barlayer .point")
    assert visitor.get_by_text("Synthetic").count() == 0
    visitor.screenshot(path=artifacts / "import_3_timeline.png", full_page=True)
    visitor.reload()
    heading(visitor, "Left forearm under IVIG")

    # The same file again adds nothing; a changed one shows the change and asks.
    visitor.get_by_role("link", name="Import").click()
    add(visitor, protokoll=PROTOCOL)
    visitor.get_by_text("these files were imported before").wait_for()
    visitor.get_by_text("Remembered from a file with this header").wait_for()
    add_later(visitor)
    visitor.get_by_text("1 row differs from what is stored").wait_for()
    settled(visitor)
    assert violations(visitor) == []
    visitor.screenshot(path=artifacts / "import_4_changed.png", full_page=True)

    assert visitor.errors == []
    assert outside(visitor) == []


def add_later(page):
    page.get_by_role("button", name="Remove protokoll.csv").click()
    page.get_by_role("heading", name="Templates").wait_for()
    settled(page)
    add(page, protokoll_neu=LATER)
