"""The timeline drawn for a phone: all of the time at once, nothing of the records left out."""

from __future__ import annotations

import pytest

from sm_tracker.figures.timeline.screen_timeline import draw_timeline
from sm_tracker.workflow import analysing, drawing, file_import

NARROWEST_FIGURE_PX = 306


@pytest.fixture(scope="module")
def model():
    analysis = analysing.analyse(file_import.sample_records())
    return drawing.timeline(analysis, drawing.starting_view(analysis, "SM-001"))


def marks(figure):
    points = [t for t in figure.data if t.type == "scatter" and t.mode == "markers"]
    return [(list(t.x), list(t.y)) for t in points if t.yaxis != "y3"]


def test_a_phone_shows_the_same_values_as_a_wide_screen(model):
    assert marks(draw_timeline(model, phone=True)) == marks(draw_timeline(model))


def test_the_margins_leave_half_of_a_phone_to_the_time(model):
    margin = draw_timeline(model, phone=True).layout.margin
    assert margin.l + margin.r <= NARROWEST_FIGURE_PX / 2 + 3


def test_every_lane_keeps_its_name_and_the_site_in_focus_its_value(model):
    texts = " ".join(a.text for a in draw_timeline(model, phone=True).layout.annotations)
    for lane in model.lanes:
        assert lane.name in texts
    assert "<b>Forearm</b> 1.62" in texts


def test_words_on_the_curve_are_left_out_where_the_table_says_them(model):
    """On a wide screen n is written at two points; on a phone it would lie on the curve."""
    wide = [a.text for a in draw_timeline(model).layout.annotations]
    narrow = [a.text for a in draw_timeline(model, phone=True).layout.annotations]
    assert wide.count("n 2") == 2
    assert narrow.count("n 2") < 2
