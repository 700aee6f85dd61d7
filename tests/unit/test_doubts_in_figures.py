"""Values in open doubt in the figures, and dates known to the week or quarter."""

from __future__ import annotations

import dataclasses
import datetime as dt

import pytest

from sm_tracker.domain.records import Measurement, OutcomeReading, TherapyPeriod
from sm_tracker.domain.tables import tables_of_records
from sm_tracker.figures.languages import date_text
from sm_tracker.figures.theme import LIGHT
from sm_tracker.figures.timeline.build_timeline import figure_table
from sm_tracker.figures.timeline.screen_timeline import draw_timeline
from sm_tracker.workflow.analysing import analyse
from sm_tracker.workflow.drawing import starting_view, timeline
from sm_tracker.workflow.reporting import export_figure

DAYS = [dt.date(2024, m, 9) for m in range(1, 8)]
COURSE = TherapyPeriod(
    patient_id="A", therapy="IVIG", start=dt.date(2024, 3, 20), end_status="ongoing"
)


def measured(*values, doubt=None):
    return [
        Measurement(
            patient_id="A", site="forearm", date=d, thickness_mm=v,
            doubt="confirmed" if doubt == k else "",
        )
        for k, (d, v) in enumerate(zip(DAYS, values, strict=False))
    ]  # fmt: skip


def model(measurements, outcomes=(), therapies=(COURSE,), **view):
    analysis = analyse(tables_of_records(measurements, therapies, outcomes))
    seen = dataclasses.replace(starting_view(analysis, "A"), **view)
    return timeline(analysis, seen)


def curve(drawn, kind="thickness"):
    return next(p for p in drawn.panels if p.kind == kind).curves[0]


SLIP = (2.5, 2.4, 0.25, 2.0, 1.8)


def test_a_doubtful_value_is_a_mark_of_its_own_and_no_point_of_the_line():
    drawn = curve(model(measured(*SLIP)))
    assert [round(p.y, 2) for p in drawn.points] == [2.5, 2.4, 2.0, 1.8]
    assert drawn.runs == ((0, 4),)
    (mark,) = drawn.doubtful
    assert (mark.value, mark.text) == (0.25, "0.25")
    assert mark.hover[0] == "Forearm 0.25 mm ?"
    assert mark.hover[1] == "doubtful: far from the other values; in no result until confirmed"


def test_a_confirmed_value_is_drawn_like_any_other():
    drawn = curve(model(measured(*SLIP, doubt=2)))
    assert [round(p.y, 2) for p in drawn.points] == list(SLIP)
    assert drawn.doubtful == ()


@pytest.mark.parametrize("value", [0.02, 0.25, 21, 49.9])
def test_a_value_far_away_does_not_press_the_others_together(value):
    readings = measured(2.5, 2.4, value, 2.0, 1.8)
    panel = model(readings).panels[0]
    plain = model([m for m in readings if m.thickness_mm != value]).panels[0]
    assert (panel.low, panel.high) == (plain.low, plain.high)
    (mark,) = panel.curves[0].doubtful
    assert panel.low < mark.y < panel.high


def test_a_patient_with_nothing_but_a_doubtful_value_is_drawn():
    panel = model(measured(49), therapies=()).panels[0]
    assert [d.value for d in panel.curves[0].doubtful] == [49]


def test_notes_table_and_alternative_text_say_what_the_mark_means():
    drawn = model(measured(*SLIP))
    assert "Hollow with ?: doubtful value, in no result until it is confirmed." in drawn.notes
    rows = figure_table(drawn)
    (row,) = rows[rows["Value"] == "0.25 mm ?"].to_dict("records")
    assert row["Remark"].startswith("doubtful: far from the other values")


def test_an_outcome_in_doubt_is_drawn_alike():
    values = [OutcomeReading(patient_id="A", outcome="mouth opening", unit="mm", value=v, date=d)
              for v, d in zip((31, 33, 350, 36), DAYS, strict=False)]  # fmt: skip
    drawn = curve(model(measured(*SLIP), values), "outcome")
    assert [p.y for p in drawn.points] == [31, 33, 36]
    assert [d.text for d in drawn.doubtful] == ["350 mm"]


def test_per_cent_of_the_baseline_holds_for_the_doubtful_value_as_well():
    (mark,) = curve(model(measured(*SLIP), unit="percent")).doubtful
    assert mark.value == pytest.approx(100 * 0.25 / 2.4)


def test_the_screen_draws_it_hollow_with_a_question_mark_in_it():
    figure = draw_timeline(model(measured(*SLIP)), LIGHT)
    (trace,) = [t for t in figure.data if t.text == ("?",)]
    assert trace.marker.color == LIGHT.surface
    assert trace.mode == "markers+text"


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "doubtful value"), ("de", "fraglicher Wert"), ("fr", "valeur douteuse")],
)
def test_the_printed_figure_says_it_in_the_language_asked_for(language, words, tmp_path):
    records = tables_of_records(measured(*SLIP), [COURSE])
    export_figure(records, tmp_path / "figure.svg", language=language)
    text = (tmp_path / "figure.svg").read_text(encoding="utf-8")
    assert text.count(">?<") == 1
    assert words in text


@pytest.mark.parametrize(
    ("precision", "expected"),
    [
        ("week", ("week of 25 Aug 2025", "Woche vom 25. Aug. 2025", "semaine du 25 août 2025")),
        ("quarter", ("Q3 2025", "3. Quartal 2025", "3e trimestre 2025")),
    ],
)
def test_a_week_and_a_quarter_have_their_words_in_each_language(precision, expected):
    thursday = (dt.date(2025, 8, 28) - dt.date(1970, 1, 1)).days
    assert tuple(date_text(thursday, la, precision) for la in ("en", "de", "fr")) == expected


@pytest.mark.parametrize(("precision", "days"), [("week", 6), ("quarter", 90)])
def test_a_lane_is_pale_over_the_days_on_which_a_course_may_have_begun(precision, days):
    course = TherapyPeriod(
        patient_id="A", therapy="IVIG", start=dt.date(2024, 5, 15), end_status="ongoing",
        date_precision=precision,
    )  # fmt: skip
    drawn = model(measured(2.5, 2.4), therapies=(course,))
    (bar,) = drawn.lanes[0].bars
    assert bar.approximate
    assert 2 * (bar.middle_start - bar.start) == days
    assert f"pale ends: date known to the {precision}" in drawn.lane_key
