"""What leaves the room with a patient says what the change table says, in three languages."""

from __future__ import annotations

import dataclasses
import datetime as dt
import re

import pytest

from sm_tracker import languages
from sm_tracker.domain.records import OutcomeReading, TherapyPeriod
from sm_tracker.domain.tables import tables_of_records
from sm_tracker.workflow import analysing, drawing, file_import, hand_out
from sm_tracker.workflow.drawing import starting_view

TODAY = dt.date(2026, 12, 1)
LANGUAGES = ("en", "de", "fr")


@pytest.fixture(scope="module")
def analysis():
    return analysing.analyse(file_import.sample_records())


@pytest.fixture(scope="module")
def view(analysis):
    return starting_view(analysis, "SM-001")


def numbers(text):
    return {n.replace(",", ".") for n in re.findall(r"\d+[.,]\d\d(?!\d)", text)}


@pytest.mark.parametrize("language", LANGUAGES)
def test_letter_and_sentence_hold_the_values_of_the_row(analysis, view, language):
    with languages.speaking(language):
        row = drawing.change_in_focus(analysis, view)
        values = {f"{row[name]:.2f}" for name in ("baseline_mm", "last_mm")}
        headline = "".join(s.text for s in hand_out.answer_in_focus(analysis, view)[0])
        assert values <= numbers(headline)
        assert values <= numbers(hand_out.letter_to_colleague(analysis, view))
        assert numbers(hand_out.letter_to_patient(analysis, view)) == values


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_letter_to_a_colleague_names_the_error_and_its_source(analysis, view, language):
    with languages.speaking(language):
        letter = hand_out.letter_to_colleague(analysis, view)
    assert "Serup 1984" in letter
    assert {"0.09"} <= numbers(letter)


@pytest.mark.parametrize("language", ["de", "fr"])
def test_the_letter_to_the_patient_is_in_the_language_of_the_page(analysis, view, language):
    english = hand_out.letter_to_patient(analysis, view).split()
    with languages.speaking(language):
        words = hand_out.letter_to_patient(analysis, view).split()
    ours = {"skin", "measured", "before", "the", "has", "become"}
    assert ours <= {w.strip(".,:").lower() for w in english}
    assert not ours & {w.strip(".,:").lower() for w in words}


def test_the_patient_reads_names_of_drugs_and_no_bare_abbreviation(analysis, view):
    given = dataclasses.replace(view, focus_period_id="cp-1")
    with languages.speaking("de"):
        assert "vor IVIG (intravenöses Immunglobulin)" in hand_out.letter_to_patient(analysis, view)
        assert "vor Cyclophosphamid," in hand_out.letter_to_patient(analysis, given)


def test_the_patient_is_promised_nothing_where_the_change_is_within_the_error(analysis, view):
    within = next(p for p in drawing.period_labels(analysis, "SM-001") if "ecp" in p)
    other = dataclasses.replace(view, focus_period_id=within)
    letter = hand_out.letter_to_patient(analysis, other)
    assert "can come from measuring alone" in letter
    assert "thinner" not in letter


def test_the_copied_table_has_a_line_a_period_and_the_numbers_of_the_change_table(analysis, view):
    head, *lines = hand_out.table_to_copy(analysis, view).split("\n")
    rows = drawing.changes_of(analysis, view)
    assert len(lines) == len(rows)
    assert all(len(line.split("\t")) == len(head.split("\t")) for line in lines)
    written = numbers("\n".join(lines))
    for name in ("baseline_mm", "last_mm"):
        assert {f"{v:.2f}" for v in rows[name].dropna()} <= written


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_sheet_is_one_page_of_a4_and_the_same_bytes_every_time(analysis, view, language):
    with languages.speaking(language):
        first = hand_out.page_on_paper(analysis, view, "forearm right", TODAY)
        again = hand_out.page_on_paper(analysis, view, "forearm right", TODAY)
    assert first == again
    assert first.startswith(b"%PDF")
    assert len(re.findall(rb"/Type /Page\b", first)) == 1
    assert re.search(rb"/MediaBox \[ 0 0 595\.27\d+ 841\.88\d+ \]", first)


def test_markup_in_a_code_stays_text_on_the_sheet(analysis):
    measurements = file_import.sample_records().measurements.assign(patient_id="<b>A1</b> & <img/>")
    records = dataclasses.replace(file_import.sample_records(), measurements=measurements)
    hostile = analysing.analyse(records)
    shown = starting_view(hostile, "<b>A1</b> & <img/>")
    assert hand_out.page_on_paper(hostile, shown, "<i>", TODAY).startswith(b"%PDF")


def test_letter_and_sheet_say_what_else_could_explain_a_change(analysis, view):
    other = dataclasses.replace(view, focus_period_id="mp-1")
    assert "ECP ran at the same time" in hand_out.letter_to_colleague(analysis, other)


def test_no_letter_claims_an_ultrasound_of_a_patient_with_other_outcomes_only():
    values = [
        OutcomeReading(patient_id="A1", outcome="mRSS", value=v, date=d, better="lower")
        for v, d in ((20, dt.date(2024, 1, 1)), (12, dt.date(2024, 6, 1)))
    ]
    course = TherapyPeriod(
        patient_id="A1", therapy="IVIG", start=dt.date(2024, 2, 1), end_status="ongoing"
    )
    scored = analysing.analyse(tables_of_records([], [course], values))
    shown = starting_view(scored, "A1")
    for letter in (
        hand_out.letter_to_colleague(scored, shown), hand_out.letter_to_patient(scored, shown)
    ):  # fmt: skip
        assert "ltrasound" not in letter
        assert "skin" not in letter.lower()
        assert "20" in letter
        assert "12" in letter
