"""Periods from tags on the page: what figure, sentence and table say of their limits."""

from __future__ import annotations

import dataclasses
import datetime as dt

import pytest

from sm_tracker import languages
from sm_tracker.figures.theme import LIGHT
from sm_tracker.figures.timeline.screen_timeline import draw_timeline
from sm_tracker.ingest import SourceFile
from sm_tracker.report import wording
from sm_tracker.report.tables import regimen_rows
from sm_tracker.workflow import analysing, drawing, file_import

ROWS = (
    "2024-01-10,2.50,none", "2024-03-12,2.40,MTX", "2024-05-14,2.30,MTX", "2024-07-16,2.00,IVIG",
    "2024-09-17,1.60,IVIG",
)  # fmt: skip


def analysed(*rows, axis="date"):
    lines = [f"patient_id,{axis},site,thickness_mm,therapy"]
    for row in rows:
        when, rest = row.split(",", 1)
        lines.append(f"A1,{when},forearm,{rest}")
    read = file_import.read_files([SourceFile("tagged.csv", "\n".join(lines).encode())])
    return analysing.analyse(file_import.records_of(read))


def model_of(analysis, **changes):
    view = drawing.starting_view(analysis, "A1")
    return drawing.timeline(analysis, dataclasses.replace(view, **changes))


def last_change(analysis):
    """The row of the period that started last."""
    periods = analysis.changes[analysis.changes["level"] == "period"]
    return periods.sort_values("starts_day").iloc[-1]


def bars_of(model):
    return {bar.regimen: bar for lane in model.lanes for bar in lane.bars}


def day_of(text):
    return (dt.date.fromisoformat(text) - dt.date(1970, 1, 1)).days


def test_the_bar_is_solid_between_the_tagged_readings_and_pale_up_to_the_other_tags():
    bar = bars_of(model_of(analysed(*ROWS)))["methotrexate"]
    assert (bar.start, bar.end) == (day_of("2024-01-10"), day_of("2024-07-15"))
    assert (bar.middle_start, bar.middle_end) == (day_of("2024-03-11"), day_of("2024-05-14"))
    assert bar.approximate


@pytest.mark.parametrize("language", ["en", "de", "fr"])
@pytest.mark.parametrize("axis", ["dates", "days"])
def test_a_first_tag_without_a_reading_before_is_drawn_from_that_reading_on(language, axis):
    model = model_of(analysed(*ROWS[1:]), language=language, axis=axis)
    bar = bars_of(model)["methotrexate"]
    assert bar.start == bar.middle_start
    assert model.time.low < bar.start
    assert draw_timeline(model, LIGHT).data
    assert "inf" not in model.alt


def test_the_lanes_say_what_a_pale_end_means():
    model = model_of(analysed(*ROWS))
    assert any("from the tags" in key for key in model.lane_key)
    assert not any("known to the" in key for key in model.lane_key)
    assert "start between 10 Jan 2024 and 12 Mar 2024" in " ".join(
        bars_of(model)["methotrexate"].hover
    )


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", "start between 14 May and 16 Jul 2024, from the tags"),
        ("de", "Beginn zwischen dem 14. Mai und dem 16. Juli"),
        ("fr", "début entre le 14 mai et le 16 juil. 2024"),
    ],
)
def test_the_sentence_says_between_which_days_the_start_lies(language, sentence):
    analysis = analysed(*ROWS)
    row = last_change(analysis)
    with languages.speaking(language):
        said = wording.plain_text(wording.change_headline(row, analysis.records.therapies))
    assert sentence in said


def test_the_table_marks_dates_from_tags_and_says_why():
    analysis = analysed(*ROWS)
    changes = analysis.changes[analysis.changes["level"] == "period"]
    rows = regimen_rows(changes, analysis.records.therapies, analysis.settings)
    assert [row.period for row in rows] == [
        "≤ 16 Jul 2024 – ongoing",
        "≤ 12 Mar 2024 – ≥ 14 May 2024",
    ]
    assert any("from the tags" in flag for flag in rows[0].flags)


def test_day_numbers_are_told_as_days():
    analysis = analysed("0,2.50,none", "40,2.40,MTX", "80,2.00,IVIG", axis="day")
    row = last_change(analysis)
    said = wording.plain_text(wording.change_headline(row, analysis.records.therapies))
    assert "start between day 40 and day 80, from the tags" in said
