"""The dermatologist with the patient in the room: see, choose, understand, compare."""

from __future__ import annotations

import re

BAR = ".js-plotly-plot .barlayer .trace.bars .point"


def point_and_click(opened, x, y):
    """As a hand does it: the figure answers to the pointer before it is clicked."""
    opened.mouse.move(x - 3, y)
    opened.mouse.move(x, y, steps=3)
    opened.locator(".js-plotly-plot .hoverlayer .hovertext").first.wait_for()
    opened.mouse.click(x, y)


def heading(opened, words):
    opened.get_by_role("heading", name=re.compile(words)).first.wait_for()


def test_from_opening_to_comparing_without_an_error_or_an_outside_request(
    opened, outside, artifacts
):
    # Opened: the answer is on the first page, with nothing clicked.
    heading(opened, "Right forearm under IVIG .* below the limit of 2.05 mm")
    opened.screenshot(path=artifacts / f"journey_1_answer_{opened.scheme}.png")

    # The patient is found by typing.
    opened.get_by_role("combobox", name="Patient").fill("SM")
    opened.get_by_role("option", name="SM-001").click()

    # Another regimen, in the table: sentence, figure and row follow.
    opened.get_by_role("button", name="CP", exact=True).click()
    heading(opened, "Right forearm under CP .*thinner")
    opened.locator("table.reg tr.focus:not(.more)", has_text="CP").wait_for()
    opened.locator(".js-plotly-plot text", has_text=re.compile("^CP$")).first.wait_for()
    opened.screenshot(path=artifacts / f"journey_2_regimen_{opened.scheme}.png", full_page=True)

    # Its verdict is understood: words in place, readings and other assumptions behind them.
    opened.locator("table.reg tr.focus:not(.more)", has_text="Too few readings").wait_for()
    opened.get_by_text("What do these mean?").first.click()
    opened.get_by_text("One word a row").wait_for()
    opened.keyboard.press("Escape")
    opened.get_by_text("Details and sensitivity for CP").click()
    opened.get_by_text("The same comparison under other assumptions").wait_for()

    # Compared with every other period, and back by choosing one.
    opened.get_by_role("link", name="Compare").click()
    heading(opened, "7 periods, 4 sites")
    opened.locator(".js-plotly-plot text", has_text="HC (2)").first.wait_for()
    opened.screenshot(path=artifacts / f"journey_3_compare_{opened.scheme}.png", full_page=True)
    opened.get_by_role("button", name="HC (2)").click()
    heading(opened, "Right forearm under HC .*between the limits of")

    assert opened.errors == []
    assert outside(opened) == []


def test_a_lane_chosen_in_the_figure_lights_up_everywhere(opened):
    bars = opened.locator(BAR)
    places = [bars.nth(k).bounding_box() for k in range(bars.count())]
    widest = max((p for p in places if p), key=lambda p: p["width"])
    x, y = widest["x"] + widest["width"] * 0.3, widest["y"] + widest["height"] / 2
    point_and_click(opened, x, y)
    heading(opened, "under ECP")
    opened.locator("table.reg tr.focus[data-period=ecp-1]:not(.more)").wait_for()


def test_a_point_chosen_in_the_figure_brings_its_period_into_focus(opened):
    place = opened.evaluate(
        """() => {
          const plot = document.querySelector('.js-plotly-plot');
          const box = plot.querySelector('.nsewdrag').getBoundingClientRect();
          const {xaxis, yaxis} = plot._fullLayout;
          return {x: box.left + xaxis.d2p('2022-03-28'), y: box.top + yaxis.d2p(1.96)};
        }"""
    )
    point_and_click(opened, place["x"], place["y"])
    heading(opened, "under CP")


def test_a_part_of_the_time_stays_in_view_when_another_period_is_chosen(opened):
    span = (
        "() => (document.querySelector('.js-plotly-plot')?._fullLayout?.xaxis?.range || ['', ''])"
        ".map(d => d.slice(0, 7))"
    )
    whole = opened.evaluate(span)
    box = opened.locator(".js-plotly-plot .nsewdrag").first.bounding_box()
    y = box["y"] + box["height"] / 2
    opened.mouse.move(box["x"] + box["width"] * 0.55, y)
    opened.mouse.down()
    opened.mouse.move(box["x"] + box["width"] * 0.95, y, steps=8)
    opened.mouse.up()
    opened.wait_for_function(f"before => !['', before].includes(({span})()[0])", arg=whole[0])
    part = opened.evaluate(span)
    assert part != whole
    opened.get_by_role("button", name="MP", exact=True).click()
    heading(opened, "under MP")
    # The figure has followed once the lane in focus is set bold.
    opened.locator(".js-plotly-plot text[data-unformatted='<b>MP</b>']").wait_for()
    assert opened.evaluate(span) == part
    opened.get_by_role("button", name="Show all").click()
    opened.wait_for_function(f"before => ({span})()[0] === before", arg=whole[0])
