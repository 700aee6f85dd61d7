"""Readings tagged with a therapy, from the import to the Timeline and on to Records."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from tests.patience import PATIENCE_S

ROOT = Path(__file__).parents[2]
TAGGED = b"""patient_id,date,site,thickness_mm,therapy
A1,2024-01-10,forearm,2.50,none
A1,2024-03-12,forearm,2.40,MTX
A1,2024-05-14,forearm,2.30,MTX
A1,2024-07-16,forearm,2.00,IVIG
A1,2024-09-17,forearm,1.60,IVIG
"""
BLANK = TAGGED.replace(b"2024-05-14,forearm,2.30,MTX", b"2024-05-14,forearm,2.30,")
ASK = "Do you know the real ones?"


@pytest.fixture
def page(monkeypatch):
    monkeypatch.chdir(ROOT)
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=PATIENCE_S).run()
    return app.switch_page("sm_tracker/ui/pages/import_files.py").run()


def words(page):
    whole = " ".join(element.proto.body for element in page.get("html"))
    return " ".join(re.sub(r"<[^>]*>", "", whole).split())


def upload(page, content):
    page.file_uploader[0].upload("tagged.csv", content, "text/csv")
    return page.run()


def stored(page):
    """The Timeline after the files were imported."""
    page.button(key="import now").click().run()
    page.switch_page("sm_tracker/ui/pages/timeline.py").run()
    assert not page.exception


def test_the_import_says_between_which_readings_a_course_lies_and_where_to_enter_its_dates(page):
    said = words(upload(page, TAGGED))
    assert "start between 2024-05-14 and 2024-07-16, ongoing" in said
    assert "The dates of 2 therapies come from the tags of the readings." in said
    assert "enter them under Records after the import" in said


def test_the_timeline_asks_for_the_real_dates_until_it_is_told_to_leave_it(page):
    upload(page, TAGGED)
    stored(page)
    assert "start between 14 May and 16 Jul 2024, from the tags" in words(page)
    assert ASK in words(page)
    page.button(key="leave the dates").click().run()
    assert ASK not in words(page)
    assert "from the tags" in words(page)


def test_the_question_leads_to_the_therapies_of_the_patient_under_records(page):
    upload(page, TAGGED)
    stored(page)
    page.button(key="enter the dates").click().run()
    assert not page.exception
    assert page.session_state["kind"] == "therapy_period"
    assert any("Reason for the changes" in t.label for t in page.text_input)


def test_files_that_are_only_looked_at_say_where_dates_can_be_entered(page):
    upload(page, TAGGED)
    page.button(key="only look").click().run()
    assert not page.exception
    assert "Once the files are imported, the real ones can be entered under Records." in words(page)
    assert "enter the dates" not in [b.key for b in page.button]


def test_a_blank_beside_a_reading_is_asked_with_what_each_answer_means(page):
    upload(page, BLANK)
    (asked,) = (r for r in page.radio if r.key.startswith("answer blank_therapy"))
    assert [o.split("**")[1] for o in asked.options] == ["no-therapy", "as-above", "not-stated"]
    asked.set_value("not-stated").run()
    assert "the therapy is not stated in row 4" in words(page)
    page.button(key="import now").click().run()
    assert not page.exception
    assert "counts for no therapy" in words(page)
