"""Courses of a group from the start of the therapy: every patient's line, and lanes."""

from __future__ import annotations

import pandas as pd

from sm_tracker.figures.cohort.cohort_changes import change_axis
from sm_tracker.figures.cohort.cohort_frame import (
    MOST_LINES,
    Unit,
    change_text,
    check_key,
    check_points,
    check_text,
    column_of,
    counted_checks,
    empty_plot,
    floats,
    unit_text,
    zero_rule,
)
from sm_tracker.figures.page.label_placement import Box, nearest_free, spread_labels
from sm_tracker.figures.page.plot import (
    Axis,
    Bars,
    Label,
    Line,
    Medium,
    Plot,
    PlotMark,
    Points,
    Rule,
    plot_of,
)
from sm_tracker.figures.page.scales import time_ticks
from sm_tracker.figures.page.text_metrics import elide_text
from sm_tracker.figures.page.values import Tick
from sm_tracker.figures.theme import regimen_styles
from sm_tracker.languages import current
from sm_tracker.languages import gettext as _

MOST_LANES = 40
LEAST_IN_STEP = 20
"""Patients that a step needs for quantiles to be drawn; of fewer the outer ones are chance."""
_LANE, _ABOVE = 22.0, 0.42
_HEIGHT, _LINE_HEIGHT, _MOST_NAME = 300.0, 13.0, 70.0
_NAMED = 20


def courses_plot(
    medium: Medium, readings: pd.DataFrame, quantiles: pd.DataFrame, unit: Unit
) -> Plot:
    """Every patient's values against the own baseline, from the start of the regimen.

    Parameters
    ----------
    medium : Medium
    readings : DataFrame
        ``patient_id, days, under, change_mm, change_pct, check``, sorted by patient and day.
    quantiles : DataFrame
        ``days, n, q10, q25, q50, q75, q90`` in the unit drawn; used for groups above
        ``MOST_LINES`` patients.
    unit : {"mm", "percent"}
    """
    if readings.empty:
        return empty_plot(medium, _("There are no readings to draw for this group."))
    n = readings["patient_id"].nunique()
    last = readings.drop_duplicates("patient_id", keep="last")
    title = _("Change from baseline, {unit}").format(unit=unit_text(unit))
    if n > MOST_LINES:
        kept = quantiles[quantiles["n"] >= LEAST_IN_STEP]
        x = _time_axis([0.0, *kept["days"]])
        y = change_axis(floats_of(kept.drop(columns=["days", "n"])), title)
        right, marks = 40.0, _quantile_lines(kept, y, medium)
    else:
        x = _time_axis([0.0, *readings["days"]])
        y = change_axis([float(v) for v in readings[column_of(unit)]], title)
        right, marks = 12.0, _patient_lines(readings, last, unit)
        if len(last) <= _NAMED:
            widest = max(medium.measure(str(p)) for p in last["patient_id"])
            right += widest / medium.unit
            marks += _end_names(last, x, y, column_of(unit), medium, right * medium.unit)
    start: list[PlotMark] = [
        Rule(at=0.0, upright=True, dash=(2.0, 3.0)),
        Label(x=0.0, y=1.0, y_share=True, dx=4.0, dy=-1.0, text=_("start"), role="muted",
              level="top"),
        zero_rule(),
    ]  # fmt: skip
    return plot_of(
        medium,
        x,
        y,
        [*start, *marks],
        height=_HEIGHT,
        right=right,
        alt=_("Values of {n} patients from the start of the regimen; last value: {counts}.").format(
            n=n, counts=counted_checks(last["check"])
        ),
        note=_courses_note(n),
        key=() if n > MOST_LINES else check_key(),
    )


def floats_of(table: pd.DataFrame) -> list[float]:
    """All numbers of a table."""
    return [float(v) for v in table.to_numpy("float64").ravel()]


def _time_axis(days: list[float]) -> Axis:
    low, high = min(days), max(days)
    room = 0.02 * max(high - low, 14.0)
    low, high = low - (room if low < 0 else 0.0), high + room
    ticks = time_ticks(low, high, dated=False, language=current())
    return Axis(low=low, high=high, ticks=ticks, title=_("Time from the start of the regimen"))


def _courses_note(n: int) -> str:
    if n > MOST_LINES:
        return _(
            "Quantiles of {n} patients in steps of 28 days: 10, 25, 50 (bold), 75 and 90 %, where "
            "a step holds at least {least}. The steps hold different patients; a line is nobody's "
            "course."
        ).format(n=n, least=LEAST_IN_STEP)
    return _(
        "One line a patient, one site each, as change from the patient's own baseline. The mark at "
        "the end says what the last value is against measurement error."
    )


def _patient_lines(readings: pd.DataFrame, last: pd.DataFrame, unit: Unit) -> list[PlotMark]:
    column = column_of(unit)
    marks: list[PlotMark] = []
    for patient, own in readings.groupby("patient_id", sort=True):
        xs, ys = floats(own["days"]), floats(own[column])
        marks.append(Line(xs=xs, ys=ys, role="context", width=1.3))
        marks.append(
            Points(
                xs=xs, ys=ys, symbols=("circle",) * len(xs), sizes=(4.0,) * len(xs),
                roles=("context",) * len(xs),
                hover=tuple(
                    (
                        str(patient),
                        f"{change_text(row[column], unit)}, {check_text(row['check'])}",
                        _("day {number}").format(number=f"{row['days']:.0f}"),
                    )
                    for row in own.to_dict("records")
                ),
            )
        )  # fmt: skip
    marks.append(check_points(last["days"], last[column], last["check"]))
    return marks


def _end_names(
    last: pd.DataFrame, x: Axis, y: Axis, column: str, medium: Medium, right: float
) -> list[PlotMark]:
    """Codes beside the last values, each at the nearest place that no other code takes."""
    u = medium.unit
    wide, high = medium.width - 50 * u - right, _HEIGHT * u
    gap, half = 7 * u, _LINE_HEIGHT * u / 2
    placed: list[Box] = []
    marks: list[PlotMark] = []
    for patient, day, value in last[["patient_id", "days", column]].itertuples(index=False):
        left = x.share(day) * wide + gap
        end = left + medium.measure(str(patient))
        wanted = y.share(value) * high
        for middle in (wanted, *nearest_free(wanted, 2 * u, half, high - half)):
            box = Box(left, middle - half, end, middle + half)
            if not any(box.hits(other) for other in placed):
                break
        placed.append(box)
        place = y.value((box.low + half) / high)
        marks.append(Label(x=float(day), y=place, dx=7.0, text=str(patient), role="muted"))
    return marks


def _quantile_lines(kept: pd.DataFrame, y: Axis, medium: Medium) -> list[PlotMark]:
    if kept.empty:
        return []
    names = {"q10": 1.0, "q25": 1.3, "q50": 2.4, "q75": 1.3, "q90": 1.0}
    days = floats(kept["days"])
    counts = [_("n {n}").format(n=f"{n:.0f}") for n in kept["n"]]
    marks: list[PlotMark] = [
        Line(
            xs=days, ys=floats(kept[name]), width=thick,
            role="ink" if name == "q50" else "context",
            hover=tuple(
                (f"{name[1:]} %", f"{value:.2f}", n)
                for value, n in zip(kept[name], counts, strict=True)
            ),
        )
        for name, thick in names.items()
    ]  # fmt: skip
    gap = (y.high - y.low) * _LINE_HEIGHT / _HEIGHT
    ends = floats(kept[list(names)].iloc[-1])
    places = spread_labels(ends, gap, y.low, y.high)
    marks += [
        Label(x=days[-1], y=place, dx=6.0, text=f"{name[1:]} %", role="muted")
        for name, place in zip(names, places, strict=True)
    ]
    return marks


def longest_lanes(lanes: pd.DataFrame) -> pd.DataFrame:
    """The lanes that are drawn: the longest ones, at most `MOST_LANES`."""
    ordered = lanes.sort_values("until_days", ascending=False, kind="stable")
    return ordered.head(MOST_LANES).reset_index(drop=True)


def lanes_plot(medium: Medium, lanes: pd.DataFrame, readings: pd.DataFrame) -> Plot:
    """A lane for each patient from the start of the course, with a mark at each value.

    Parameters
    ----------
    medium : Medium
    lanes : DataFrame
        ``patient_id, regimen, until_days, end_status, computable``, one row per patient;
        `until_days` is the end of the course, or the last value where it is open.
    readings : DataFrame
        ``patient_id, days, under, change_mm, check``.
    """
    if lanes.empty:
        return empty_plot(medium, _("No patient has a course to draw."))
    shown = longest_lanes(lanes)
    room = _MOST_NAME * medium.unit / medium.factor
    codes = [elide_text(str(p), room, medium.text) for p in shown["patient_id"]]
    under = readings[(readings["under"] == 1) & readings["patient_id"].isin(shown["patient_id"])]
    x = _time_axis([0.0, *shown["until_days"], *under["days"]])
    style = regimen_styles(shown["regimen"])[str(shown["regimen"].iloc[0])]
    left = max(medium.measure(code, note=False) for code in codes) + 8 * medium.unit
    right, ends = _lane_ends(shown, x, medium, left)
    bars = Bars(
        at=floats(shown.index), start=(0.0,) * len(shown), end=floats(shown["until_days"]),
        thick=0.4, style=style, across=True,
        hover=tuple(
            (str(p), _("{days} days, {status}").format(days=f"{d:.0f}", status=s))
            for p, d, s in zip(
                shown["patient_id"], shown["until_days"], shown["end_status"], strict=True)
        ),
    )  # fmt: skip
    note = _(
        "Mark above a lane: what that value is against the patient's baseline and measurement "
        "error. Arrow: ongoing; ?: end unknown."
    )
    if len(lanes) > len(shown):
        note = _("The {n} longest of {all} courses.").format(n=len(shown), all=len(lanes)) + (
            f" {note}"
        )
    return plot_of(
        medium,
        x,
        Axis(low=len(shown) - 0.4, high=-0.7, grid=False, strong=True,
             ticks=tuple(Tick(float(k), code) for k, code in enumerate(codes))),
        [bars, *_lane_marks(shown, under), *ends],
        height=_LANE * (len(shown) + 0.3),
        right=right,
        alt=_("Courses of {n} patients, from {low} to {high} days.").format(
            n=len(lanes), low=f"{lanes['until_days'].min():.0f}",
            high=f"{lanes['until_days'].max():.0f}",
        ),
        note=note,
        key=check_key(),
    )  # fmt: skip


def _lane_marks(shown: pd.DataFrame, own: pd.DataFrame) -> list[PlotMark]:
    lane = dict(zip(shown["patient_id"], shown.index, strict=True))
    if own.empty:
        return []
    hover = [
        (
            str(row["patient_id"]),
            f"{change_text(row['change_mm'], 'mm')}, {check_text(row['check'])}",
            _("day {number}").format(number=f"{row['days']:.0f}"),
        )
        for row in own.to_dict("records")
    ]
    above = own["patient_id"].map(lane) - _ABOVE
    return [check_points(own["days"], above, own["check"], scale=0.85, hover=hover)]


def _lane_ends(
    shown: pd.DataFrame, x: Axis, medium: Medium, left: float
) -> tuple[float, list[PlotMark]]:
    """Arrow, question mark or reason beside each end, and the room right of the plot  [px]."""
    u, reason = medium.unit, check_text("not_computable")
    wide = medium.width - left - 8 * u
    marks: list[PlotMark] = []
    arrows: list[tuple[float, float]] = []
    room = 8.0
    for lane, row in enumerate(shown.to_dict("records")):
        end, status = float(row["until_days"]), str(row["end_status"])
        if status == "ongoing":
            arrows.append((end + 4 * u / wide * (x.high - x.low), float(lane)))
        elif status == "unknown":
            marks.append(Label(x=end, y=float(lane), dx=2.0, text="?", note=False))
        if not row["computable"]:
            marks.append(Label(x=end, y=float(lane), dx=14.0, text=reason, role="muted"))
            over = x.share(end) * wide + medium.measure(reason) - wide
            room = max(room, over / u + 18.0)
    n = len(arrows)
    if n:
        marks.append(
            Points(xs=tuple(a for a, _lane in arrows), ys=tuple(lane for _a, lane in arrows),
                   symbols=("triangle-right",) * n, sizes=(9.0,) * n, roles=("ink",) * n)
        )  # fmt: skip
    return room, marks
