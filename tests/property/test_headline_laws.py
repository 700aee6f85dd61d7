"""Laws of the headline and of the remarks: what they never lose, and never say twice."""

from __future__ import annotations

import re

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from sm_tracker.domain.records import Measurement, OutcomeReading, TherapyPeriod
from sm_tracker.domain.tables import tables_of_records
from sm_tracker.figures import answer_words
from sm_tracker.report import tables, wording
from sm_tracker.ui import regimen_table
from sm_tracker.workflow import analysing, drawing, hand_out
from tests.sampling import examples

EXAMPLES = examples(25)
AFTER_ALL = 2000
DRUGS = ("IVIG", "ECP", "methylprednisolone", "hydroxychloroquine")


@st.composite
def patients(draw):
    """Readings of up to two sites and an outcome, and up to four courses, on day numbers."""
    days = draw(st.lists(st.integers(0, 900), min_size=1, max_size=12, unique=True))
    readings, outcomes = [], []
    for day in days:
        for site in draw(st.sampled_from([("forearm",), ("chest",), ("forearm", "chest")])):
            mm = draw(st.integers(90, 350)) / 100
            readings.append(Measurement(patient_id="A", site=site, day=day, thickness_mm=mm))
        if draw(st.booleans()):
            value = draw(st.integers(25, 50))
            outcomes.append(
                OutcomeReading(patient_id="A", outcome="mouth opening", value=value, unit="mm",
                               better="higher", day=day)
            )  # fmt: skip
    courses = [
        course(draw(st.sampled_from(DRUGS)), start, end=start + length)
        for start, length in draw(
            st.lists(st.tuples(st.integers(0, 800), st.integers(10, 300)), max_size=4)
        )
    ]
    return readings, courses, outcomes


def course(drug, start, end=None):
    status = "ongoing" if end is None else "ended"
    return TherapyPeriod(
        patient_id="A", therapy=drug, start_day=start, end_day=end, end_status=status
    )


def analysed(readings, courses, outcomes):
    return analysing.analyse(tables_of_records(readings, courses, outcomes))


def seen(analysis):
    """The view a patient opens with and the row in its focus."""
    view = drawing.starting_view(analysis, "A")
    return view, drawing.change_in_focus(analysis, view)


def skin_periods(analysis):
    changes = analysis.changes
    return changes[(changes["level"] == "period") & (changes["measure"] == "thickness")]


def has_answer(rows):
    return (rows["answer"] == "phases") | rows["change_mm"].notna()


@EXAMPLES
@given(patients())
def test_the_headline_is_of_the_newest_period_that_has_an_answer_anywhere(case):
    analysis = analysed(*case)
    _view, row = seen(analysis)
    answered = skin_periods(analysis)
    answered = answered[has_answer(answered)]
    if answered.empty:
        assert row is None or not has_answer(row.to_frame().T).item() or row["level"] == "course"
    else:
        assert has_answer(row.to_frame().T).item()
        assert row["starts_day"] == answered["starts_day"].max()


def test_the_site_in_focus_is_one_that_has_an_answer_in_the_newest_period():
    forearm = [(day, "forearm") for day in (0, 40, 90, 130)]
    chest = [(day, "chest") for day in (390, 450)]
    readings = [
        Measurement(patient_id="A", site=site, day=day, thickness_mm=3 - day / 300)
        for day, site in (*forearm, *chest)
    ]
    _view, row = seen(analysed(readings, [course("ECP", 50, 100), course("IVIG", 400)], []))
    assert (row["site"], row["regimen"]) == ("chest", "IVIG")


@EXAMPLES
@given(patients(), st.sampled_from(["IVIG", "lenalidomide"]))
def test_a_drug_begun_after_the_last_reading_takes_no_answer_away_and_is_named(case, drug):
    readings, courses, outcomes = case
    before = analysed(readings, courses, outcomes)
    after = analysed(readings, [*courses, course(drug, AFTER_ALL)], outcomes)
    (_, old), (view, new) = seen(before), seen(after)
    if old is None or old["level"] != "period" or not has_answer(old.to_frame().T).item():
        return
    assert old["period_id"] == new["period_id"]
    same = ["site", "baseline_mm", "last_mm", "change_mm", "answer", "verdict", "error_check"]
    pd.testing.assert_series_equal(old[same], new[same], check_names=False)
    _, second = hand_out.answer_in_focus(after, view)
    assert "no reading yet" in second


@EXAMPLES
@given(patients())
def test_every_row_says_one_word_and_the_headline_the_same(case):
    analysis = analysed(*case)
    periods = skin_periods(analysis)
    for _n, row in periods[has_answer(periods)].iterrows():
        said = answer_words.answer_words(row, analysis.settings.min_readings)
        headline = wording.plain_text(wording.change_headline(row, analysis.records.therapies))
        assert f": {said.word}" in headline
        others = {answer_words.word_text(w) for w in ("thinner", "thicker")} - {said.word}
        assert not any(re.search(rf": .*\b{other}\b.*→", headline) for other in others)


@EXAMPLES
@given(patients())
def test_last_value_and_change_since_the_untreated_start_are_those_of_the_site(case):
    analysis = analysed(*case)
    skin = analysis.changes[analysis.changes["measure"] == "thickness"]
    for _site, rows in skin[skin["level"] != "patient"].groupby(["site", "side"]):
        told = {
            tuple((f.title, f.value, f.note) for f in (figures[0], *figures[2:]))
            for _n, row in rows.iterrows()
            for figures in [wording.key_figures(row, rows, analysis.visits)]
        }
        assert len(told) == 1


@EXAMPLES
@given(patients())
def test_second_outcomes_of_the_same_period_stand_there_with_their_numbers(case):
    analysis = analysed(*case)
    view, row = seen(analysis)
    if row is None or row["level"] != "period":
        return
    rows = drawing.changes_of_period(analysis, view)
    others = rows[(rows["measure"] == "mouth opening") & rows["change_mm"].notna()]
    _, second = hand_out.answer_in_focus(analysis, view)
    for _n, other in others.iterrows():
        assert f"{other['baseline_mm']:.0f} → {other['last_mm']:.0f} mm" in second


@EXAMPLES
@given(patients())
def test_a_remark_that_holds_for_every_period_is_said_once_for_the_patient(case):
    analysis = analysed(*case)
    therapies = analysis.records.therapies
    rows = skin_periods(analysis)
    for _site, own in rows.groupby("site"):
        shown = tables.regimen_rows(own, therapies, analysis.settings)
        markup = regimen_table.regimen_table_html(shown, "")
        common = regimen_table.common_flags(shown)
        for flag in common:
            assert markup.count(f"<li>{flag}</li>") + markup.count(f">{flag}<") >= 1
            assert markup.count(flag.split("{")[0]) == 1
