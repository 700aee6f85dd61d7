"""What must hold for the figures of any patient: no collision, no date leak, nothing lost."""

from __future__ import annotations

import datetime as dt
import json
import re
from itertools import pairwise
from typing import Any

import pandas as pd
from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from sm_tracker.analysis.change import change_table, change_table_of_visits
from sm_tracker.domain.settings import Settings
from sm_tracker.domain.tables import MEASUREMENTS, OUTCOMES, THERAPIES, completed_table
from sm_tracker.domain.timeline import visit_values
from sm_tracker.figures.comparison.build_comparison import ComparisonView, comparison_model
from sm_tracker.figures.export import figure_page
from sm_tracker.figures.page.collisions import collisions, colours_of_page, texts_of_page, too_small
from sm_tracker.figures.page.label_placement import Box, segment_hits
from sm_tracker.figures.page.marks import Page, Shape
from sm_tracker.figures.theme import GRAY, LIGHT, PRINT
from sm_tracker.figures.timeline.build_timeline import TimelineView, figure_table, timeline_model
from sm_tracker.figures.timeline.screen_timeline import draw_timeline
from tests.sampling import examples

MODEST = examples(25, long=1_000, without=[HealthCheck.data_too_large])
ORIGIN = dt.date(2019, 3, 1)
SITES = (
    "forearm", "hand dorsum", "forehead", "chest", "upper arm", "calf", "abdomen",
    "left lateral proximal forearm near the crease of the elbow, ulnar side",
)  # fmt: skip
REGIMENS = (
    "IVIG", "hydroxychloroquine", "UVA1", "ECP", "methylprednisolone",
    "mycophenolate", "<b>trial drug</b> & placebo", "$x_1$ ointment",
    "intravenous conditioning before transplantation of haematopoietic stem cells",
)  # fmt: skip
WORDS = st.sampled_from(
    ["", "2 g/kg", "15 mg weekly", "600 mg, then 200 mg daily", "50 J/cm², whole body",
     "by the protocol of the other clinic with dose reduction after the second course", "測定"]
)  # fmt: skip


MONTHS = (
    "Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec|"
    "Jan.|Feb.|März|Apr.|Mai|Juni|Juli|Aug.|Sept.|Okt.|Nov.|Dez.|"
    "janv.|févr.|mars|avr.|mai|juin|juil.|août|sept.|oct.|nov.|déc."
)
CALENDAR = re.compile(rf"20\d\d-\d\d-\d\d|({MONTHS}) 20\d\d")
"""An ISO date, or a month and a year in words of any of the three languages."""


def day(number: int) -> str:
    return (ORIGIN + dt.timedelta(days=number)).isoformat()


@st.composite
def measurement_rows(draw: st.DrawFn) -> list[dict[str, Any]]:
    rows = []
    for site in draw(st.lists(st.sampled_from(SITES), max_size=8, unique=True)):
        sides = draw(st.sampled_from([("",), ("left",), ("left", "right")]))
        days = draw(st.lists(st.integers(-400, 1900), min_size=1, max_size=7, unique=True))
        for side in sides:
            for t in days:
                rows += draw(readings(site, side, t))
    return rows


@st.composite
def readings(draw: st.DrawFn, site: str, side: str, t: int) -> list[dict[str, Any]]:
    kind = draw(st.sampled_from(["ok", "ok", "ok", "two", "three", "censored", "unreadable"]))
    row = {
        "patient_id": "P-secret",
        "t": t,
        "site": site,
        "side": side,
        "thickness_mm": draw(st.floats(0.3, 6.0)),
        "examiner": draw(st.sampled_from(["", "E1", "E2"])),
    }
    if kind == "censored":
        return [{**row, "qualifier": draw(st.sampled_from(["<", ">"]))}]
    if kind == "unreadable":
        return [{**row, "thickness_mm": None, "status": "not_measurable"}]
    count = {"ok": 1, "two": 2, "three": 3}[kind]
    return [{**row, "replicate": k + 1} for k in range(count)]


@st.composite
def period_rows(draw: st.DrawFn) -> list[dict[str, Any]]:
    rows = []
    for number in range(draw(st.integers(0, 12))):
        start = draw(st.integers(-700, 1800))
        status = draw(st.sampled_from(["ended", "ended", "ended", "ongoing", "unknown"]))
        length = draw(st.sampled_from([0, 1, 20, 150, 700]))
        sessions = draw(st.lists(st.integers(start, start + length), max_size=4))
        rows.append(
            {
                "patient_id": "P-secret",
                "therapy": draw(st.sampled_from(REGIMENS)),
                "period_id": f"p{number}",
                "s": start,
                "e": start + length if status == "ended" else None,
                "end_status": status,
                "date_precision": draw(st.sampled_from(["day", "day", "month", "year"])),
                "dose": draw(WORDS),
                "cycles": draw(st.sampled_from([None, 1, 6])),
                "kind": draw(st.sampled_from(["", "pulse", "cyclic"])),
                "sessions": sessions,
                "show_in_figure": draw(st.integers(0, 5)) > 0,
            }
        )
    return rows


@st.composite
def patients(draw: st.DrawFn) -> dict[str, pd.DataFrame]:
    dated = draw(st.booleans())
    visits, periods = draw(measurement_rows()), draw(period_rows())
    outcome_days = draw(st.lists(st.integers(-100, 1500), max_size=4))
    place = (lambda t: {"date": day(t)}) if dated else (lambda t: {"day": t})

    def limits(row: dict[str, Any]) -> dict[str, Any]:
        start, end = row.pop("s"), row.pop("e")
        sessions = row.pop("sessions")
        row["session_dates"] = " ".join(day(t) if dated else str(t) for t in sessions)
        if dated:
            return {**row, "start": day(start), "end": day(end) if end is not None else None}
        return {**row, "start_day": start, "end_day": end}

    return {
        "measurements": frame([{**r, **place(r.pop("t"))} for r in visits], MEASUREMENTS),
        "therapies": frame([limits(r) for r in periods], THERAPIES),
        "outcomes": frame(
            [
                {
                    "patient_id": "P-secret",
                    "outcome": "mouth opening",
                    "value": 30 + t % 9,
                    **place(t),
                }
                for t in outcome_days
            ],
            OUTCOMES,
        ),
    }


def frame(rows: list[dict[str, Any]], table: Any) -> pd.DataFrame:
    if not rows:
        return completed_table(
            pd.DataFrame({n: [] for n, c in table.columns.items() if c.required}), table
        )
    return completed_table(pd.DataFrame(rows), table)


VIEWS = st.fixed_dictionaries(
    {
        "arrangement": st.sampled_from(["together", "by_site"]),
        "unit": st.sampled_from(["mm", "percent"]),
        "axis": st.sampled_from(["dates", "days"]),
        "language": st.sampled_from(["en", "de", "fr"]),
    }
)


def built(patient: dict[str, pd.DataFrame], choices: dict[str, Any], focus: int) -> Any:
    view = TimelineView(patient_id="P-secret", **choices)
    ids = patient["therapies"]["period_id"].tolist()
    if ids:
        view = TimelineView(patient_id="P-secret", focus_period_id=ids[focus % len(ids)], **choices)
    plain = Settings()
    visits = visit_values(patient["measurements"])
    changes = change_table_of_visits(visits, patient["therapies"], plain)
    return timeline_model(visits, patient["therapies"], patient["outcomes"], changes, plain, view)


@MODEST
@given(
    patient=patients(),
    choices=VIEWS,
    focus=st.integers(0, 8),
    width_mm=st.sampled_from([60.0, 85.0, 90.0, 174.0, 180.0, 190.0]),
    gray=st.booleans(),
)
def test_no_two_words_of_a_printed_timeline_overlap_or_leave_the_page(
    patient: dict[str, pd.DataFrame],
    choices: dict[str, Any],
    focus: int,
    width_mm: float,
    gray: bool,
) -> None:
    sheet = figure_page(built(patient, choices, focus), width_mm=width_mm, gray=gray)
    assert collisions(sheet) == []
    assert too_small(sheet) == []
    assert counts_on_curves(sheet) == []
    assert all(re.fullmatch("#[0-9A-F]{6}", c) for c in colours_of_page(sheet))


def counts_on_curves(sheet: Page) -> list[str]:
    """Numbers of readings that lie on a curve or on a dotted joint of one."""
    curves = [
        m
        for m in sheet.marks
        if isinstance(m, Shape) and not m.closed and m.width in (0.6, 1.2) and m.dash != (1.2, 1.4)
    ]
    steps = [step for m in curves for step in pairwise(m.points)]
    counts = [w for w in sheet.words if re.fullmatch(r"n \d", w.text)]
    return [w.text for w in counts if any(segment_hits(w.box, a, b, 0.0) for a, b in steps)]


@MODEST
@given(
    patient=patients(),
    unit=st.sampled_from(["mm", "percent"]),
    language=st.sampled_from(["en", "de", "fr"]),
    axis=st.sampled_from(["dates", "days"]),
    width_mm=st.sampled_from([60.0, 85.0, 90.0, 174.0, 180.0]),
    gray=st.booleans(),
)
def test_no_two_words_of_a_printed_comparison_overlap_or_leave_the_page(
    patient: dict[str, pd.DataFrame],
    unit: str,
    language: str,
    axis: str,
    width_mm: float,
    gray: bool,
) -> None:
    model = compared(patient, unit=unit, language=language, axis=axis)
    sheet = figure_page(model, width_mm=width_mm, gray=gray)
    assert collisions(sheet) == []
    assert too_small(sheet) == []
    assert numbers_on_bands(sheet) == []
    printed = texts_of_page(sheet)
    for cell in (c for row in model.rows for c in row.cells if c is not None and c.text):
        assert cell.text in printed
    if axis == "days":
        assert not CALENDAR.search(" ".join(printed))
    assert "P-secret" not in " ".join(printed)


def numbers_on_bands(sheet: Page) -> list[str]:
    bands = [m for m in sheet.marks if isinstance(m, Shape) and m.fill in (PRINT.band, GRAY.band)]
    boxes = [
        Box(min(xs), min(ys), max(xs), max(ys))
        for xs, ys in (zip(*m.points, strict=True) for m in bands)
    ]
    numbers = [w for w in sheet.words if re.fullmatch(r"[+−]?\d+[.,]\d\d", w.text)]
    return [w.text for w in numbers for box in boxes if w.box.hits(box, -0.3)]


def compared(patient: dict[str, pd.DataFrame], **choices: Any) -> Any:
    plain = Settings()
    changes = change_table(patient["measurements"], patient["therapies"], plain)
    view = ComparisonView(patient_id="P-secret", combinations=True, untreated=True, **choices)
    return comparison_model(changes, patient["therapies"], plain, view)


@MODEST
@given(patient=patients(), choices=VIEWS, focus=st.integers(0, 8))
def test_relative_days_leave_no_calendar_date_and_no_patient_code_in_any_figure(
    patient: dict[str, pd.DataFrame], choices: dict[str, Any], focus: int
) -> None:
    model = built(patient, {**choices, "axis": "days"}, focus)
    printed = " ".join(texts_of_page(figure_page(model, width_mm=180.0)))
    shown = json.dumps(draw_timeline(model, LIGHT).to_dict(), ensure_ascii=False, default=str)
    for text in (printed, shown, model.alt, repr(model), figure_table(model).to_csv()):
        assert not CALENDAR.search(text)
        assert "P-secret" not in text


@MODEST
@given(patient=patients(), choices=VIEWS, focus=st.integers(0, 8))
def test_every_visit_value_of_the_patient_is_drawn_once_or_named_as_left_out(
    patient: dict[str, pd.DataFrame], choices: dict[str, Any], focus: int
) -> None:
    model = built(patient, {**choices, "unit": "mm"}, focus)
    visits = visit_values(patient["measurements"])
    curves = [c for p in model.panels if p.kind == "thickness" for c in p.curves]
    assert sum(len(c.points) for c in curves) == (visits["state"] == "ok").sum()
    assert sum(len(c.censored) for c in curves) == (visits["state"] == "censored").sum()
    drawn = {bar.period_id for lane in model.lanes for bar in lane.bars}
    hidden = patient["therapies"][~patient["therapies"]["period_id"].isin(drawn)]
    assert not hidden["show_in_figure"].any()
    notes = " ".join(model.notes)
    assert all(name in notes for name in hidden["therapy"])


@MODEST
@given(patient=patients(), choices=VIEWS, focus=st.integers(0, 8))
def test_lines_join_only_readings_that_are_at_most_a_year_apart(
    patient: dict[str, pd.DataFrame], choices: dict[str, Any], focus: int
) -> None:
    model = built(patient, choices, focus)
    for curve in (c for p in model.panels for c in p.curves):
        pairs = [(k - 1, k) for a, b in curve.runs for k in range(a + 1, b)]
        pairs += [(k - 1, k) for k in curve.joints]
        assert all(curve.points[j].x - curve.points[i].x <= 365 for i, j in pairs)
        covered = [k for a, b in curve.runs for k in range(a, b)]
        assert covered == list(range(len(curve.points)))


@MODEST
@given(patient=patients(), shift=st.integers(-3000, 3000))
def test_moving_all_dates_changes_nothing_in_a_figure_with_relative_days(
    patient: dict[str, pd.DataFrame], shift: int
) -> None:
    numbered = patient["therapies"]["date_precision"] == "day"
    patient = {**patient, "therapies": patient["therapies"][numbered]}
    moved = {name: shifted(table, shift) for name, table in patient.items()}
    choices = {"axis": "days"}
    before, after = built(patient, choices, 0), built(moved, choices, 0)
    assert after == before


def shifted(table: pd.DataFrame, days: int) -> pd.DataFrame:
    moved = table.copy()
    for column in ("date", "start", "end"):
        if column in moved:
            moved[column] = moved[column] + pd.Timedelta(days=days)
    for column in ("day", "start_day", "end_day"):
        if column in moved:
            moved[column] = moved[column] + days
    if "session_dates" in moved:
        moved["session_dates"] = [
            " ".join(moved_day(w, days) for w in text.split()) for text in moved["session_dates"]
        ]
    return moved


def moved_day(word: str, days: int) -> str:
    if "-" in word[1:]:
        return (dt.date.fromisoformat(word) + dt.timedelta(days=days)).isoformat()
    return str(int(word) + days)
