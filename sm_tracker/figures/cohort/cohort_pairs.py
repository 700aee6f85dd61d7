"""Before and after of a group: a line from each patient's baseline to the last value."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sm_tracker.figures.cohort.cohort_frame import (
    MOST_LINES,
    Unit,
    change_text,
    check_key,
    check_points,
    check_role,
    check_roles,
    check_text,
    column_of,
    counted_checks,
    empty_plot,
    floats,
    number_text,
    pair_hover,
)
from sm_tracker.figures.page.label_placement import spread_labels
from sm_tracker.figures.page.plot import Axis, Label, Line, Medium, Plot, PlotMark, Points, plot_of
from sm_tracker.figures.page.scales import even_ticks
from sm_tracker.figures.page.text_metrics import elide_text
from sm_tracker.figures.page.values import Tick
from sm_tracker.languages import current
from sm_tracker.languages import gettext as _

MOST_NAMES = 20
LEAST_FOR_MEDIAN = 3
LEAST_SPAN_MM = 1.0
"""Least span of the axis, so that a change within error never looks like a fall."""
STEPS_MM = (0.05, 0.1, 0.2, 0.5, 1.0, 2.0)
"""Steps that large groups are counted in; the finest that makes no more than `MOST_STEPS`."""
MOST_STEPS = 45
_STRENGTHS = (0.45, 0.55, 0.68, 0.82, 1.0)
"""Strength of a line by the number of its patients; a single one must not vanish."""
_END = 0.7
"""Room beside the outer parts, the width of a part being 1."""
_FRAME = 44.0
"""Room that the numbers of the axis need  [px]."""
_HEIGHT, _LABEL, _MOST_CODE = 348.0, 15.0, 60.0
_BEHIND = ("within_error", "thicker", "thinner")
"""Order of drawing: what lies beyond error is not hidden behind what lies within it."""


def pairs_plot(medium: Medium, one: pd.DataFrame, unit: Unit) -> Plot:
    """Baseline and last value of every patient, joined by a line.

    Parameters
    ----------
    medium : Medium
    one : DataFrame
        ``patient_id, baseline_mm, last_mm, change_mm, change_pct, days, error_check``, one
        row per patient with a change.
    unit : {"mm", "percent"}
        Of the changes beside the lines; the axis is in mm.

    Returns
    -------
    Plot
        One line a patient. Above ``MOST_LINES`` patients a part for each direction, with one
        line for all of one step before and one after, the stronger the more patients, so that
        nobody is left out and few are not hidden behind many.
    """
    if one.empty:
        return empty_plot(medium, _("No patient has a computable change."))
    ordered = one.sort_values(["last_mm", "patient_id"], ignore_index=True)
    if len(one) <= MOST_LINES:
        return _each_patient(medium, ordered, unit)
    return _all_counted(medium, ordered)


def _alt(one: pd.DataFrame) -> str:
    return _("Baseline and last value of {n} patients: {counts}.").format(
        n=len(one), counts=counted_checks(one["error_check"])
    )


def _each_patient(medium: Medium, one: pd.DataFrame, unit: Unit) -> Plot:
    """One line a patient, the median in bold, codes and changes beside the ends."""
    middle = _medians(one)
    several = len(one) >= LEAST_FOR_MEDIAN
    y = _thickness_axis(one)
    marks = _patient_lines(one)
    beside = _end_texts(one, middle[1] if several else None, unit, y, medium)
    note = _("One line a patient, from the baseline to the last value under the regimen.")
    if several:
        marks += _median_line(middle)
        marks.append(
            Label(x=0.0, y=middle[0], dx=-10.0, text=_median_text(middle[0]), bold=True,
                  anchor="right")
        )  # fmt: skip
        note += " " + _(
            "Bold: median before and median after; their difference need not be the median change."
        )
    return plot_of(
        medium,
        _two_ends(medium, [m for m in (*marks, *beside) if isinstance(m, Label)]),
        y,
        [*marks, *beside],
        height=_HEIGHT,
        alt=_alt(one),
        note=f"{note} {_axis_note()}",
        key=check_key(),
    )


def _two_ends(medium: Medium, labels: list[Label]) -> Axis:
    """Baseline and last value, with room for the words on both sides."""
    u = medium.unit
    ticks = (Tick(0.0, _("Baseline")), Tick(1.0, _("Last value")))
    rooms = [0.55 * medium.measure(t.text) for t in ticks]
    for label in labels:
        side = int(label.anchor == "left")
        wide = medium.measure(label.text, bold=label.bold) + abs(label.dx) * u + 3 * u
        rooms[side] = max(rooms[side], wide)
    between = max(medium.width - 44 * u - sum(rooms), 0.2 * medium.width)
    low, high = -rooms[0] / between, 1 + rooms[1] / between
    return Axis(low=low, high=high, ticks=ticks, grid=False, strong=True)


def _axis_note() -> str:
    return _("The axis starts above 0.")


def _medians(one: pd.DataFrame) -> tuple[float, float]:
    return float(one["baseline_mm"].median()), float(one["last_mm"].median())


def _thickness_axis(one: pd.DataFrame) -> Axis:
    values = np.r_[one["baseline_mm"], one["last_mm"]]
    room = max(0.06 * float(np.ptp(values)), (LEAST_SPAN_MM - float(np.ptp(values))) / 2)
    low, high = float(values.min()) - room, float(values.max()) + room
    ticks = even_ticks(low, high, 7, current())
    return Axis(low=low, high=high, ticks=ticks, title=_("Thickness, mm"))


def _patient_lines(one: pd.DataFrame) -> list[PlotMark]:
    few = len(one) <= MOST_NAMES
    marks: list[PlotMark] = []
    for check in _BEHIND:
        own = one[one["error_check"] == check]
        marks.append(
            Line(xs=(0.0, 1.0, np.nan) * len(own), ys=_joined(own["baseline_mm"], own["last_mm"]),
                 role=check_role(check), width=1.6 if few else 1.0, strength=1.0 if few else 0.6)
        )  # fmt: skip
    scale, n = (1.0 if few else 0.7), len(one)
    hover = tuple(tuple(row) for row in pair_hover(one))
    marks.append(
        Points(xs=(0.0,) * n, ys=floats(one["baseline_mm"]), symbols=("circle",) * n,
               sizes=(6.0 * scale,) * n, roles=check_roles(one["error_check"]), hover=hover)
    )  # fmt: skip
    marks.append(
        check_points((1.0,) * n, one["last_mm"], one["error_check"], scale=scale, hover=hover)
    )
    return marks


def _joined(before: pd.Series, after: pd.Series) -> tuple[float, ...]:
    """Both values of each pair and a gap, so that one mark holds many lines."""
    pairs = np.column_stack([before, after, np.full(len(before), np.nan)])
    return floats(np.asarray(pairs, dtype="float64").ravel())


def _all_counted(medium: Medium, one: pd.DataFrame) -> Plot:
    """One part of the figure for each direction; a line is all of two steps."""
    step = _step(one)
    counted = counted_pairs(one, step)
    most = int(counted["n"].max())
    marks: list[PlotMark] = []
    panels = _panels(medium)
    high = panels["thicker"] + 1 + _END
    share = (medium.width - _FRAME * medium.unit) / (high + _END)
    titles = _panel_titles(medium, one, panels, share)
    names = _end_names(medium, panels, share)
    for check, left in panels.items():
        own = counted[counted["error_check"] == check]
        if own.empty:
            continue
        marks += _counted_lines(own, left, most)
        marks.append(_counted_hover(own, left, step))
        middle = _medians(one[one["error_check"] == check])
        marks += _median_line(middle, left)
        ends = ((left, middle[0], "right", -9.0), (left + 1, middle[1], "left", 9.0))
        marks += [
            Label(x=x, y=y, dx=dx, text=number_text(y, 2), bold=True, anchor=anchor)  # type: ignore[arg-type]
            for x, y, anchor, dx in ends
        ]
    note = _(
        "{n} patients, nobody left out: a line is all patients of one step of {step} mm before "
        "and one after, the stronger the more ({most} at most); its ends lie in the middle of "
        "the steps. Bold: median before and after of the patients of each part."
    ).format(n=len(one), step=number_text(step, 2), most=most)
    line = 1.35 * medium.note / medium.unit
    return plot_of(
        medium,
        Axis(low=-_END, high=high, grid=False),
        _thickness_axis(one),
        [*marks, *titles, *names],
        height=_HEIGHT,
        top=12.0 + line * max(1, len(titles) // len(panels)),
        bottom=4.0 + 2 * line,
        alt=_alt(one),
        note=f"{note} {_axis_note()}",
    )


def _panels(medium: Medium) -> dict[str, float]:
    """Where each part begins, its width being 1: apart by what their numbers need."""
    room = medium.width - _FRAME * medium.unit
    need = 2 * medium.measure("0.00", bold=True) + 23 * medium.unit
    gap = max(1.0, (3 + 2 * _END) * need / max(room - 2 * need, need))
    return {"thinner": 0.0, "within_error": 1 + gap, "thicker": 2 + 2 * gap}


def _panel_titles(
    medium: Medium, one: pd.DataFrame, panels: dict[str, float], share: float
) -> list[PlotMark]:
    """What each part holds and how many, in two lines where one has no room."""
    counts = one["error_check"].value_counts()
    parts = {
        check: _("{check}: {n} of {all}").format(
            check=check_text(check), n=int(counts.get(check, 0)), all=len(one)
        )
        for check in panels
    }
    room = (panels["within_error"] - 0.1) * share
    line = 1.3 * medium.text / medium.unit
    split = any(medium.measure(t, note=False, bold=True) > room for t in parts.values())
    marks: list[PlotMark] = []
    for check, words in parts.items():
        lines = words.partition(": ")[::2] if split else (words,)
        for n, text in enumerate(reversed(lines)):
            marks.append(
                Label(x=panels[check] + 0.5, y=1.0, y_share=True, dy=6.0 + line * (n + 1),
                      text=text,
                      role=check_role(check), note=False, bold=True, anchor="center",
                      level="bottom")
            )  # fmt: skip
    return marks


def _end_names(medium: Medium, panels: dict[str, float], share: float) -> list[PlotMark]:
    """Before and after under each part, one below the other where they would meet."""
    names = (_("Baseline"), _("Last value"))
    meet = sum(map(medium.measure, names)) / 2 + 6 * medium.unit > share
    line = 1.3 * medium.note / medium.unit
    return [
        Label(x=left + k, y=0.0, y_share=True, dy=-5.0 - line * k * meet, text=names[k],
              anchor="center", level="top")
        for left in panels.values()
        for k in (0, 1)
    ]  # fmt: skip


def _counted_lines(own: pd.DataFrame, left: float, most: int) -> list[PlotMark]:
    strength = np.searchsorted((0.2, 0.4, 0.6, 0.8), np.sqrt(own["n"] / most))
    role = check_role(str(own["error_check"].iloc[0]))
    marks: list[PlotMark] = []
    for k, share in enumerate(_STRENGTHS):
        alike = own[strength == k]
        if len(alike):
            marks.append(
                Line(xs=(left, left + 1.0, np.nan) * len(alike),
                     ys=_joined(alike["before_mm"], alike["after_mm"]),
                     role=role, strength=share, width=0.8 + 0.6 * k)
            )  # fmt: skip
    return marks


def _step(one: pd.DataFrame) -> float:
    values = np.r_[one["baseline_mm"], one["last_mm"]]
    span = float(values.max() - values.min())
    return next((s for s in STEPS_MM if span / s <= MOST_STEPS), STEPS_MM[-1])


def counted_pairs(one: pd.DataFrame, step_mm: float) -> pd.DataFrame:
    """Patients counted by step before, step after, and what the change is against its error.

    Parameters
    ----------
    one : DataFrame
        ``baseline_mm, last_mm, error_check``.
    step_mm : float

    Returns
    -------
    DataFrame
        ``before_mm, after_mm`` (middle of the steps), ``error_check, n``; the n add up to the
        patients.
    """
    # Readings on a limit between two steps must not fall by a rounding of the division.
    places = {
        new: (np.floor(one[old] / step_mm + 1e-9) + 0.5) * step_mm
        for new, old in (("before_mm", "baseline_mm"), ("after_mm", "last_mm"))
    }
    frame = pd.DataFrame({**places, "error_check": one["error_check"]})
    return frame.groupby(list(frame.columns)).size().rename("n").reset_index()


def _counted_hover(own: pd.DataFrame, left: float, step: float) -> Points:
    """Unseen marks at the right ends, which tell how many patients end there."""
    ends = own.groupby("after_mm")["n"].sum()
    limits = [
        _("after {low} to {high} mm").format(
            low=number_text(middle - step / 2, 2), high=number_text(middle + step / 2, 2)
        )
        for middle in ends.index
    ]
    n = len(ends)
    return Points(
        xs=(left + 1.0,) * n, ys=floats(ends.index), symbols=("circle",) * n, sizes=(10.0,) * n,
        roles=("ink",) * n, unseen=True,
        hover=tuple(
            (words, _("{n} patients").format(n=k))
            for words, k in zip(limits, ends.tolist(), strict=True)
        ),
    )  # fmt: skip


def _median_line(middle: tuple[float, float], left: float = 0.0) -> list[PlotMark]:
    """A bold line with a rim that parts it from those beneath."""
    xs = (left, left + 1.0)
    marks: list[PlotMark] = []
    for role, thick, size in (("surface", 7.5, 12.0), ("ink", 4.0, 8.0)):
        marks.append(Line(xs=xs, ys=middle, role=role, width=thick))
        marks.append(
            Points(xs=xs, ys=middle, symbols=("circle",) * 2, sizes=(size,) * 2, roles=(role,) * 2)
        )
    return marks


def _median_text(value: float) -> str:
    return _("median {value}").format(value=number_text(value, 2))


def _end_texts(
    one: pd.DataFrame, middle: float | None, unit: Unit, y: Axis, medium: Medium
) -> list[PlotMark]:
    """Codes and changes beside the right ends, one column, pushed apart."""
    texts = [] if middle is None else [(middle, _median_text(middle), "ink", True)]
    if len(one) <= MOST_NAMES:
        room = _MOST_CODE * medium.unit / medium.factor
        for row in one.to_dict("records"):
            code = elide_text(str(row["patient_id"]), room, medium.note)
            words = f"{code} {change_text(row[column_of(unit)], unit)}"
            texts.append((row["last_mm"], words, check_role(row["error_check"]), False))
    gap = (y.high - y.low) * _LABEL / _HEIGHT
    places = spread_labels([at for at, *_rest in texts], gap, y.low, y.high)
    return [
        Label(x=1.0, y=place, dx=11.0, text=words, role=role, bold=bold)
        for place, (_at, words, role, bold) in zip(places, texts, strict=True)
    ]
