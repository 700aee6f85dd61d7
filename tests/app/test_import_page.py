"""The Import page without a browser."""

from __future__ import annotations

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

ROOT = Path(__file__).parents[2]
GOOD = b"""patient_id,date,site,thickness_mm
A1,2024-01-10,forearm,2.50
A1,2024-05-14,forearm,1.60
"""
THERAPIES = b"""patient_id,therapy,start,end,end_status
A1,IVIG,2024-01-15,,ongoing
"""


@pytest.fixture
def page(monkeypatch):
    monkeypatch.chdir(ROOT)
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60).run()
    return app.switch_page("sm_tracker/ui/pages/import_files.py").run()


def upload(page, *files):
    for name, content in files:
        page.file_uploader[0].upload(name, content, "text/csv")
    return page.run()


def words(page):
    return " ".join(element.proto.body for element in page.get("html"))


def import_button(page):
    return next(b for b in page.button if b.label.startswith("Import"))


def test_the_empty_page_offers_templates_and_keeps_files_on_the_machine(page):
    assert not page.exception
    assert "Your files stay on this machine." in words(page)
    assert len(page.get("download_button")) == 4


def test_good_files_are_counted_and_kept_only_after_the_button(page):
    upload(page, ("m.csv", GOOD), ("t.csv", THERAPIES))
    assert not page.exception
    assert "2 readings and 1 therapy can be imported." in words(page)
    assert "files in view" not in page.session_state
    import_button(page).click().run()
    assert "files in view" in page.session_state


def test_refused_rows_are_listed_and_given_back_as_a_file(page):
    upload(page, ("m.csv", GOOD + b"A1,2024-02-31,forearm,2.0\n"))
    assert not page.exception
    assert "<td>4</td><td>date</td><td><code>2024-02-31</code></td>" in words(page)
    labels = [b.proto.label for b in page.get("download_button")]
    assert labels == ["Download the refused rows (1)"]


def test_a_hopeless_file_cannot_be_imported_and_says_why(page):
    upload(page, ("picture.csv", bytes(range(256)) * 10))
    assert not page.exception
    assert "These files cannot be imported." in words(page)
    assert import_button(page).disabled
