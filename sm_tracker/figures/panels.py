"""Panels of the timeline: skin thickness by site, and second outcomes."""

from __future__ import annotations

import math
from collections.abc import Sequence
from itertools import pairwise

import pandas as pd

from sm_tracker.domain.exposure import Periods
from sm_tracker.domain.settings import Settings
from sm_tracker.domain.timeline import FloatArray
from sm_tracker.figures.chronology import Chronology, exposure_teller
from sm_tracker.figures.languages import number, outcome_text, say
from sm_tracker.figures.parts import (
    Band,
    Curve,
    EndLabel,
    Panel,
    Point,
    TimelineView,
    Wash,
)
from sm_tracker.figures.scales import Scale, value_scale
from sm_tracker.figures.series import (
    GAP_DAYS,
    Series,
    make_band,
    make_curve,
    make_rules,
    make_unreadable,
)

_EMPTY = Scale(0.0, 1.0, (), 1)


def thickness_panels(
    shown: Sequence[Series],
    periods: Periods,
    wash: Wash | None,
    usual_n: int,
    last_read: float,
    when: Chronology,
    view: TimelineView,
    settings: Settings,
) -> tuple[Panel, ...]:
    """One panel with all sites, or one for each.

    Parameters
    ----------
    last_read : float
        Place of the last reading of any kind; a period that ended before it is past.
    """
    by_site = view.arrangement == "by_site" and len(shown) > 1
    groups = [[s] for s in shown] if by_site else [list(shown)]
    return tuple(
        _thickness_panel(group, periods, wash, usual_n, last_read, when, view, settings, by_site, k)
        for k, group in enumerate(groups)
    )


def _thickness_panel(
    group: list[Series],
    periods: Periods,
    wash: Wash | None,
    usual_n: int,
    last_read: float,
    when: Chronology,
    view: TimelineView,
    settings: Settings,
    by_site: bool,
    place: int,
) -> Panel:
    curves = tuple(
        make_curve(s, periods, when, usual_n, label_n=by_site or s.focus, ink=by_site or s.focus)
        for s in group
    )
    banded = next((s for s in group if by_site or s.focus), None)
    band = None
    if banded is not None and wash is not None and view.show_error_band:
        band = make_band(banded, wash, settings, last_read, when)
    unreadable = make_unreadable(group, periods, when, named=len(group) > 1)
    scale = _thickness_scale(curves, band, bool(unreadable), by_site, view)
    return Panel(
        kind="thickness",
        title=say(view.language, "thickness") if place == 0 else "",
        unit=_unit_text(view),
        subtitle=_thickness_subtitle(scale, by_site, place, view),
        low=scale.low,
        high=scale.high,
        ticks=scale.ticks,
        decimals=scale.decimals,
        curves=curves,
        unreadable=unreadable,
        rules=make_rules(group, when),
        band=band,
        end_labels=(*_site_labels(curves, view), *_limit_labels(band, view)),
        starts_above_zero=scale.low > 0 and bool(scale.ticks),
        empty_text="" if curves or unreadable else say(view.language, "no_reading_panel"),
    )


def _unit_text(view: TimelineView) -> str:
    if view.unit == "mm":
        return "mm"
    return say(view.language, "pct_baseline" if view.focus_period_id else "pct_first")


def _thickness_subtitle(scale: Scale, by_site: bool, place: int, view: TimelineView) -> str:
    if by_site:
        return say(view.language, "own_range") if place == 0 else ""
    if scale.low <= 0 or not scale.ticks:
        return ""
    low = number(scale.low, scale.decimals, view.language)
    return say(view.language, "axis_starts", low=low)


def _thickness_scale(
    curves: Sequence[Curve], band: Band | None, foot: bool, small: bool, view: TimelineView
) -> Scale:
    values = [p.y for c in curves for p in c.points] + [m.y for c in curves for m in c.censored]
    if band is not None:
        values += [v for v in (band.low, band.baseline, band.high) if v is not None]
    if not values:
        return _EMPTY
    percent = view.unit == "percent"
    return value_scale(
        min(values),
        max(values),
        least_span=20.0 if percent else 0.4,
        most_ticks=4 if small else 6,
        least_step=5.0 if percent else 0.1,
        foot=(0.35 if small else 0.22) if foot else 0.12,
        language=view.language,
    )


def _site_labels(curves: Sequence[Curve], view: TimelineView) -> list[EndLabel]:
    decimals, unit = (2, "") if view.unit == "mm" else (0, " %")
    return [
        EndLabel(
            y=c.points[-1].y,
            name=c.label,
            value=number(c.points[-1].y, decimals, view.language) + unit,
            kind="focus" if c.focus else "context",
        )
        for c in curves
        if c.points
    ]


def _limit_labels(band: Band | None, view: TimelineView) -> list[EndLabel]:
    if band is None or band.past:
        return []
    decimals = 2 if view.unit == "mm" else 0
    named = [
        (band.high, "thicker_above", "thicker_above_short"),
        (band.baseline, "baseline", "baseline"),
        (band.low, "thinner_below", "thinner_below_short"),
    ]
    labels = []
    for y, long, short in named:
        if y is None:
            continue
        x = number(y, decimals, view.language)
        name, brief = (say(view.language, key, x=x) for key in (long, short))
        labels.append(EndLabel(y=y, name=name, value="", short=brief, kind="limit"))
    return labels


def outcome_panels(
    outcomes: pd.DataFrame,
    t: FloatArray,
    periods: Periods,
    when: Chronology,
    view: TimelineView,
) -> tuple[Panel, ...]:
    """A panel for each second outcome and unit, in order of name."""
    rows = outcomes.assign(t=t).dropna(subset=["t", "value"])
    if view.outcomes is not None:
        rows = rows[rows["outcome"].isin(view.outcomes)]
    groups = rows.groupby(["outcome", "unit"], sort=True)
    return tuple(
        _outcome_panel(own.sort_values(["t", "value"]), str(name), str(unit), periods, when)
        for (name, unit), own in groups
    )


def _outcome_panel(
    rows: pd.DataFrame, outcome: str, unit: str, periods: Periods, when: Chronology
) -> Panel:
    language = when.language
    name = outcome_text(outcome, language)
    low, high = float(rows["value"].min()), float(rows["value"].max())
    least_span = max(high - low, 0.1 * max(abs(low), abs(high)), 1e-6)
    least_step = 10.0 ** math.floor(math.log10(least_span / 2))
    scale = value_scale(
        low,
        high,
        least_span=least_span,
        most_ticks=3,
        least_step=least_step,
        foot=0.15,
        language=language,
    )
    decimals = max((_decimals(v) for v in rows["value"]), default=0)
    values = [f"{number(v, decimals, language)} {unit}".strip() for v in rows["value"]]
    told = exposure_teller(periods, language, rows["t"].tolist())
    points = tuple(
        Point(
            x=when.x(day),
            y=float(v),
            n=1,
            n_text="",
            hover=(
                f"{name} {text}",
                f"{when.when(when.x(day))} · {told(day)}",
            ),
        )
        for day, v, text in zip(rows["t"], rows["value"], values, strict=True)
    )
    better = say(language, f"{rows['better'].iloc[-1]}_better")
    low_text = number(scale.low, scale.decimals, language)
    start = say(language, "axis_starts", low=low_text) if scale.low > 0 else ""
    return Panel(
        kind="outcome",
        title=name,
        unit=unit,
        subtitle=" · ".join(p for p in (better, start) if p),
        low=scale.low,
        high=scale.high,
        ticks=scale.ticks,
        decimals=scale.decimals,
        curves=(
            Curve(
                name=name,
                label=name,
                style=0,
                focus=True,
                points=points,
                runs=_runs(points),
                joints=(),
            ),
        ),
        end_labels=(EndLabel(y=points[-1].y, name="", value=values[-1], kind="focus"),),
        starts_above_zero=scale.low > 0,
    )


def _runs(points: Sequence[Point]) -> tuple[tuple[int, int], ...]:
    cuts = [k for k in range(1, len(points)) if points[k].x - points[k - 1].x > GAP_DAYS]
    edges = [0, *cuts, len(points)]
    return tuple(pairwise(edges))


def _decimals(value: float) -> int:
    text = f"{value:.2f}".rstrip("0")
    return len(text.partition(".")[2])
