"""What a publisher asks of a figure: an SVG that needs nothing else, words and heights."""

from __future__ import annotations

import base64
import io
import re
from xml.etree import ElementTree

import pandas as pd
import pytest
from fontTools.ttLib import TTFont

from sm_tracker.errors import ExportError
from sm_tracker.figures.export import figure_bytes, figure_page
from sm_tracker.figures.journals import JOURNALS, height_warning, journal_of
from sm_tracker.figures.page.collisions import collisions
from sm_tracker.figures.page.scales import even_ticks, value_scale
from sm_tracker.figures.timeline.curves import _joined
from sm_tracker.workflow import analysing, file_import, reporting
from sm_tracker.workflow.figure_choices import FigureChoices

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def model():
    analysis = analysing.analyse(file_import.sample_records())
    return reporting.chosen_figure(analysis, "SM-001", FigureChoices(relative_days=True))


@pytest.fixture(scope="module")
def svg(model):
    return ElementTree.fromstring(figure_bytes(model, "svg", width_mm=180))


def test_axes_begin_at_zero_if_wanted():
    analysis = analysing.analyse(file_import.sample_records())
    drawn = reporting.chosen_figure(analysis, "SM-001", FigureChoices(from_zero=True))
    assert {panel.low for panel in drawn.panels} == {0.0}
    assert all(panel.ticks[0].text in ("0", "0.0") for panel in drawn.panels)
    assert collisions(figure_page(drawn, width_mm=85)) == []


def test_an_svg_says_what_it_is_and_shows(svg, model):
    assert svg.attrib["role"] == "img"
    assert svg.find(SVG + "desc").text == model.alt
    assert svg.find(SVG + "title").text
    named = {e.attrib["id"] for e in svg.iter() if "id" in e.attrib}
    assert {svg.attrib["aria-labelledby"], svg.attrib["aria-describedby"]} <= named


def test_its_groups_are_called_by_what_they_hold_and_no_name_comes_twice(svg):
    names = [g.attrib["id"] for g in svg.iter(SVG + "g")]
    assert {"series-forearm-right", "lane-ivig", "error-band", "notes"} <= set(names)
    assert len(names) == len(set(names))


def test_the_letters_of_an_svg_travel_in_it_and_its_lines_have_their_width(svg):
    style = "".join(svg.find(f"{SVG}defs/{SVG}style").itertext())
    faces = re.findall(r"font-weight:(\d+);src:url\(data:font/woff;base64,([^)]+)\)", style)
    held = {
        weight: set(TTFont(io.BytesIO(base64.b64decode(font))).getBestCmap())
        for weight, font in faces
    }
    for text in svg.iter(SVG + "text"):
        weight = "700" if "font-weight: 700" in text.attrib["style"] else "400"
        assert set(map(ord, text.text)) <= held[weight]
        assert float(text.attrib["textLength"]) > 0
        assert "sans-serif" in text.attrib["style"]
    assert b"http" not in style.encode()


@pytest.mark.parametrize("journal", JOURNALS, ids=[j.name for j in JOURNALS])
def test_a_figure_for_a_journal_has_its_width_and_its_size_of_words(model, journal):
    for width_mm in journal.widths_mm:
        page = figure_page(model, width_mm=width_mm, text_pt=journal.text_pt)
        assert page.width_mm == pytest.approx(width_mm)
        assert min(w.size for w in page.words) == pytest.approx(journal.text_pt)
        assert collisions(page) == []


def test_a_figure_that_is_too_high_for_a_journal_is_named_with_the_limit():
    nature = journal_of("Nature")
    assert height_warning(nature, 170) is None
    assert "301 mm high, Nature takes 170 mm at most" in str(height_warning(nature, 301))
    with pytest.raises(ExportError, match="There is no journal 'lancet'"):
        journal_of("lancet")


@pytest.mark.parametrize("text_pt", [6.9, 12.1])
def test_words_that_nobody_can_read_or_place_are_refused(model, text_pt):
    with pytest.raises(ExportError, match="not possible"):
        figure_page(model, width_mm=180, text_pt=text_pt)


@pytest.mark.parametrize("state", ["censored", "not_measurable", "beyond_depth"])
def test_a_curve_is_dotted_where_a_visit_has_no_value(state):
    visits = pd.DataFrame(
        {"t": [0.0, 50.0, 100.0], "state": ["ok", state, "ok"], "break_before": ["", "", ""]}
    )
    assert _joined(visits.loc[[0, 2], "t"].to_numpy(), visits) == (((0, 1), (1, 2)), (1,))


@pytest.mark.parametrize("span", [0.03, 0.4, 1.0, 2.9, 7.0, 55.0])
@pytest.mark.parametrize("low", [0.0, 0.7, 9.3, 31.0])
@pytest.mark.parametrize("least_step", [0.1, 1.0, 5.0])
def test_every_axis_has_two_numbers_at_least(low, span, least_step):
    scale = value_scale(
        low, low + span, least_span=span, most_ticks=3, least_step=least_step, foot=0.1,
        language="en",
    )  # fmt: skip
    assert len({t.text for t in scale.ticks}) >= 2
    assert len({t.text for t in even_ticks(low, low + span, 5, "en")}) >= 2
