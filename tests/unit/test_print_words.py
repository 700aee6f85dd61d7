"""Where the words of a printed timeline stand, and what is said below it."""

from __future__ import annotations

import datetime as dt
import math
import re

import pandas as pd
import pytest

from sm_tracker.analysis.change import change_table
from sm_tracker.domain.settings import Settings
from sm_tracker.domain.tables import MEASUREMENTS, OUTCOMES, THERAPIES, completed_table
from sm_tracker.domain.timeline import visit_values
from sm_tracker.figures.export import figure_page
from sm_tracker.figures.languages import outcome_text, say
from sm_tracker.figures.page.collisions import collisions, texts_of_page
from sm_tracker.figures.page.label_placement import segment_hits
from sm_tracker.figures.page.marks import Page, Shape, Words
from sm_tracker.figures.timeline.build_timeline import TimelineView, timeline_model

MONTH = re.compile(r"(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)( 20\d\d)?")


def day(t: float) -> str:
    return (dt.date(2016, 1, 15) + dt.timedelta(days=int(t))).isoformat()


def reading(t: float, mm: float | None, site: str = "forearm", **known: object) -> dict:
    return {"patient_id": "P", "date": day(t), "site": site, "thickness_mm": mm, **known}


def printed(rows: list[dict], *, width_mm: float, notes: bool = True, **view: object) -> Page:
    """The page of a patient with these readings under IVIG from the second day on."""
    measured = completed_table(pd.DataFrame(rows), MEASUREMENTS)
    treated = completed_table(
        pd.DataFrame(
            [
                {
                    "patient_id": "P",
                    "therapy": "IVIG",
                    "start": day(1),
                    "end_status": "ongoing",
                    "period_id": "p1",
                }
            ]
        ),
        THERAPIES,
    )
    outcomes = completed_table(
        pd.DataFrame({"patient_id": [], "outcome": [], "value": []}), OUTCOMES
    )
    model = timeline_model(
        visit_values(measured),
        treated,
        outcomes,
        change_table(measured, treated, Settings()),
        Settings(),
        TimelineView(patient_id="P", focus_period_id="p1", **view),
    )
    return figure_page(model, width_mm=width_mm, notes=notes)


def notes_of(sheet: Page) -> str:
    return " ".join(texts_of_page(sheet))


@pytest.mark.parametrize("width_mm", [85, 90, 174])
@pytest.mark.parametrize("days", [150, 250, 330, 400, 500])
def test_a_course_of_about_a_year_has_three_dated_ticks_or_more_at_every_width(width_mm, days):
    sheet = printed([reading(t, 2.4) for t in (0, days / 2, days)], width_mm=width_mm)
    dated = [w for w in sheet.words if MONTH.fullmatch(w.text)]
    assert len(dated) >= 3
    assert "20" in dated[0].text
    assert collisions(sheet) == []


def test_a_course_of_weeks_has_every_date_where_there_is_room():
    sheet = printed([reading(t, 2.4) for t in range(0, 21, 4)], width_mm=174)
    dated = [w.text for w in sheet.words if re.fullmatch(r"\d+ [A-Z][a-z]+( 2016| 2015)?", w.text)]
    assert len(dated) == 5


def counts_on_curves(sheet: Page) -> list[Words]:
    """Numbers of readings that lie on a curve."""
    curves = [
        m
        for m in sheet.marks
        if isinstance(m, Shape) and not m.closed and m.width in (0.6, 1.2) and m.dash != (1.2, 1.4)
    ]
    steps = [(a, b) for m in curves for a, b in zip(m.points, m.points[1:], strict=False)]
    return [
        w
        for w in sheet.words
        if re.fullmatch(r"n \d", w.text) and any(segment_hits(w.box, a, b, 0.0) for a, b in steps)
    ]


def crowded_rows() -> list[dict]:
    rows = []
    for k in range(60):
        for place, site in enumerate(("forearm", "chest", "thigh")):
            mm = 2.0 + 0.25 * place + 0.3 * math.sin(1.7 * k + place)
            many = 1 if site == "forearm" and k % 3 else 3
            rows += [reading(60 * k, mm, site, replicate=r + 1) for r in range(many)]
    return rows


@pytest.mark.parametrize("width_mm", [85, 174])
def test_the_number_of_readings_lies_on_no_curve_and_the_notes_say_how_many_are_missing(width_mm):
    sheet = printed(crowded_rows(), width_mm=width_mm, focus_site="forearm")
    written = [w for w in sheet.words if re.fullmatch(r"n \d", w.text)]
    missing = re.search(r"n is not given at (\d+) more points", notes_of(sheet))
    assert missing is not None
    assert len(written) + int(missing[1]) == 40
    assert counts_on_curves(sheet) == []


def test_one_number_without_room_is_worded_in_the_singular():
    assert say("en", "n_unwritten_one").count("one more point ") == 1
    assert say("de", "n_unwritten", count=2).count("2 weiteren Punkten") == 1


def test_many_points_close_together_are_drawn_smaller_so_that_the_line_stays_visible():
    def radius(count: int) -> float:
        sheet = printed([reading(20 * k, 2.4) for k in range(count)], width_mm=85)
        return min(m.radius for m in sheet.marks if hasattr(m, "radius"))

    assert radius(60) < radius(12) == radius(24)


def two_sites_with_another_examiner_at_the_second() -> list[dict]:
    rows = [reading(t, 2.4, "forearm", examiner="E1") for t in range(0, 400, 40)]
    rows += [
        reading(t, 1.6, "hand dorsum", examiner="E1" if t < 250 else "E2")
        for t in range(0, 360, 40)
    ]
    return rows


@pytest.mark.parametrize("width_mm", [85, 174])
def test_the_name_of_a_change_of_examiner_stays_off_the_axis_of_the_panel_above(width_mm):
    sheet = printed(
        two_sites_with_another_examiner_at_the_second(), width_mm=width_mm, arrangement="by_site"
    )
    (named,) = [w for w in sheet.words if w.text == "new examiner"]
    across = [
        m
        for m in sheet.marks
        if isinstance(m, Shape) and len(m.points) == 2 and m.points[0][1] == m.points[1][1]
    ]
    assert [m for m in across if segment_hits(named.box, *m.points, 0.0)] == []


@pytest.mark.parametrize("notes", [True, False])
def test_visits_without_a_value_that_have_no_room_for_words_are_explained_once(notes):
    rows = [reading(t, 2.4) for t in range(0, 200, 20)]
    rows += [reading(t, 1.6, "hand dorsum") for t in range(0, 60, 20)]
    for t in (100, 105, 110):
        rows.append(reading(t, None, "hand dorsum", status="not_measurable"))
    rows.append(reading(115, None, "hand dorsum", status="beyond_depth"))
    said = notes_of(printed(rows, width_mm=85, notes=notes))
    assert said.count("×") == 1
    assert "Hand dorsum: not measurable" in said
    assert said.count("not measurable)") + said.count("not measurable;") <= 1


def test_a_scale_keeps_the_capitals_of_its_name():
    assert outcome_text("mRSS") == "mRSS"
    assert outcome_text("mouth opening") == "Mouth opening"
