"""Before and after: every patient has a line, and large groups lose nobody."""

from __future__ import annotations

from functools import partial

import numpy as np
import pandas as pd
import pytest

from sm_tracker import languages
from sm_tracker.figures.cohort.cohort_frame import CohortModel, screen_figure
from sm_tracker.figures.cohort.cohort_pairs import counted_pairs, pairs_plot
from sm_tracker.figures.theme import DARK, LIGHT


def group(n, seed=1):
    """Patients with a change; beyond 0.3 mm it is thinner or thicker."""
    rng = np.random.default_rng(seed)
    before = np.round(rng.normal(2.2, 0.3, n), 2)
    change = np.round(rng.normal(-0.1, 0.3, n), 2)
    check = np.where(change < -0.3, "thinner", np.where(change > 0.3, "thicker", "within_error"))
    return pd.DataFrame(
        {
            "patient_id": [f"P{k:05}" for k in range(n)],
            "baseline_mm": before,
            "last_mm": before + change,
            "change_mm": change,
            "change_pct": 100 * change / before,
            "days": 100.0,
            "error_check": check,
        }
    )


def draw_pairs(one, unit, theme):
    """Before and after of a group, on the screen."""
    lay_out = partial(pairs_plot, one=one, unit=unit)
    return screen_figure(CohortModel(lay_out=lay_out, language=languages.current()), theme)


def lines(drawn):
    """Every line of the figure but the median's, as (left, right, before, after)."""
    found = []
    for trace in drawn.figure.data:
        if trace.mode == "lines" and len(trace.x) != 2:  # Two: a median.
            x, y = (np.asarray(v, dtype=float).reshape(-1, 3) for v in (trace.x, trace.y))
            found += [(a, b, c, d) for (a, b, _), (c, d, _) in zip(x, y, strict=True)]
    return found


def texts(drawn):
    return [a.text for a in drawn.figure.layout.annotations]


@pytest.mark.parametrize("n", [1, 2, 14, 150])
def test_each_patient_has_one_line_from_baseline_to_last_value(n):
    one = group(n)
    drawn = draw_pairs(one, "mm", LIGHT)
    expected = sorted(zip(one["baseline_mm"], one["last_mm"], strict=True))
    assert sorted((c, d) for _a, _b, c, d in lines(drawn)) == expected
    assert drawn.note.startswith("One line a patient")


def test_lines_and_marks_have_the_direction_of_the_change_against_its_error():
    one = group(14)
    drawn = draw_pairs(one, "mm", DARK)
    marked = next(t for t in drawn.figure.data if t.mode == "markers" and t.x[0] == 1)
    ordered = one.sort_values(["last_mm", "patient_id"])
    symbol = {"thinner": "triangle-down", "within_error": "square", "thicker": "triangle-up"}
    assert list(marked.marker.symbol) == [symbol[c] for c in ordered["error_check"]]
    colours = {"thinner": DARK.thinner, "within_error": DARK.within, "thicker": DARK.thicker}
    for trace in drawn.figure.data:
        if trace.mode == "lines" and len(trace.y) > 2:
            before = one.set_index("baseline_mm").loc[trace.y[0], "error_check"]
            assert trace.line.color == colours[before]


def test_the_median_is_the_thickest_line_and_both_its_ends_are_named():
    one = group(13)
    drawn = draw_pairs(one, "mm", LIGHT)
    drawn_lines = [t for t in drawn.figure.data if t.mode == "lines"]
    thick = max(drawn_lines, key=lambda t: (t.line.width or 0) * (t.line.color == LIGHT.ink))
    assert list(thick.y) == [one["baseline_mm"].median(), one["last_mm"].median()]
    assert f"<b>median {one['last_mm'].median():.2f}</b>" in texts(drawn)


@pytest.mark.parametrize("n", [1, 2])
def test_one_or_two_patients_have_no_median(n):
    drawn = draw_pairs(group(n), "mm", LIGHT)
    assert "edian" not in drawn.note + " ".join(texts(drawn))
    assert all(t.line.color != LIGHT.ink for t in drawn.figure.data if t.mode == "lines")


def test_a_small_change_does_not_fill_the_axis():
    one = group(1).assign(baseline_mm=2.45, last_mm=2.36, error_check="within_error")
    low, high = draw_pairs(one, "mm", LIGHT).figure.layout.yaxis.range
    assert (round(low, 3), round(high, 3)) == (1.905, 2.905)


def test_codes_and_changes_stand_beside_the_lines_without_touching():
    drawn = draw_pairs(group(14), "percent", LIGHT)
    beside = [a for a in drawn.figure.layout.annotations if a.xanchor == "left" and a.x == 1]
    assert len(beside) == 15
    assert sum("%" in a.text for a in beside) == 14
    low, high = drawn.figure.layout.yaxis.range
    pixels = sorted((a.y - low) / (high - low) * 348 for a in beside)
    assert min(np.diff(pixels)) > 14.9


def test_no_name_stands_beside_the_lines_of_more_than_twenty():
    assert texts(draw_pairs(group(21), "mm", LIGHT))[1:] == [
        "<b>median 2.21</b>",
        "<b>median 2.13</b>",
    ]


def test_thousands_are_counted_by_step_and_nobody_is_left_out():
    one = group(4_000)
    drawn = draw_pairs(one, "mm", LIGHT)
    assert drawn.note.startswith("4000 patients, nobody left out")
    counted = counted_pairs(one, 0.1)
    assert counted["n"].sum() == 4_000
    assert len(lines(drawn)) == len(counted)
    titles = {
        check: f"<b>{words}: {int((one['error_check'] == check).sum())} of 4000</b>"
        for check, words in (
            ("thinner", "thinner"), ("within_error", "within error"), ("thicker", "thicker"))
    }  # fmt: skip
    assert set(titles.values()) <= set(texts(drawn))
    told = [row[1] for t in drawn.figure.data if t.marker.opacity == 0 for row in t.customdata]
    assert sum(int(words.split()[0]) for words in told) == 4_000


def test_few_beyond_error_stand_apart_from_the_many_within():
    one = group(500).assign(error_check="within_error")
    one.loc[3, "error_check"] = "thicker"
    left = {a for a, _b, _c, _d in lines(draw_pairs(one, "mm", LIGHT))}
    assert left == {2.0, 4.0}


def test_a_value_on_the_limit_of_a_step_belongs_to_the_step_above():
    one = pd.DataFrame(
        {"baseline_mm": [0.3, 0.7, 2.1], "last_mm": [0.6, 1.1, 2.3], "error_check": "thinner"}
    )
    counted = counted_pairs(one, 0.1)
    assert counted["before_mm"].tolist() == pytest.approx([0.35, 0.75, 2.15])
    assert counted["after_mm"].tolist() == pytest.approx([0.65, 1.15, 2.35])


def test_equal_values_of_everybody_are_drawn_too():
    one = group(3).assign(baseline_mm=2.0, last_mm=2.0, change_mm=0.0, change_pct=0.0)
    drawn = draw_pairs(one, "mm", LIGHT)
    low, high = drawn.figure.layout.yaxis.range
    assert low < 2.0 < high
    assert draw_pairs(group(0), "mm", LIGHT).alt == "No patient has a computable change."


def test_numbers_have_the_decimal_mark_of_the_language():
    with languages.speaking("de"):
        drawn = draw_pairs(group(14), "mm", LIGHT)
        assert drawn.figure.layout.separators == ", "
        assert all("." not in text for text in texts(drawn))
