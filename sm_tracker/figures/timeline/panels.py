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
from sm_tracker.figures.page.scales import Scale, value_scale
from sm_tracker.figures.timeline.curves import (
    GAP_DAYS,
    Series,
    make_band,
    make_break_lines,
    make_curve,
    make_unreadable,
)
from sm_tracker.figures.timeline.doubtful_marks import at_the_edge, doubtful_mark
from sm_tracker.figures.timeline.timeline_model import (
    Band,
    Curve,
    EndLabel,
    Panel,
    Point,
    Shading,
    TimelineView,
)
from sm_tracker.languages import Language

_EMPTY = Scale(0.0, 1.0, (), 1)


def thickness_panels(
    shown: Sequence[Series],
    periods: Periods,
    shading: Shading | None,
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
        _thickness_panel(
            group, periods, shading, usual_n, last_read, when, view, settings, by_site, k
        )
        for k, group in enumerate(groups)
    )


def _thickness_panel(
    group: list[Series],
    periods: Periods,
    shading: Shading | None,
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
    if banded is not None and shading is not None and view.show_error_band:
        band = make_band(banded, shading, settings, last_read, when)
    unreadable = make_unreadable(group, periods, when, named=len(group) > 1)
    scale = _thickness_scale(curves, band, bool(unreadable), by_site, view)
    curves = tuple(at_the_edge(c, scale.low, scale.high, small=by_site) for c in curves)
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
        rules=make_break_lines(group, when),
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
    # Doubtful values make no scale, unless there is nothing else.
    values = values or [d.value for c in curves for d in c.doubtful]
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
        from_zero=view.from_zero,
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
    decimals = 2 if view.unit == "mm" else 0
    return _limits(band, ("thicker_above", "thinner_below"), decimals, view.language)


def _limits(
    band: Band | None, keys: tuple[str, str], decimals: int | None, language: Language
) -> list[EndLabel]:
    """Words at the limits of a band; of one that is past they stand within the panel.

    `decimals` is None where each value has as many as it needs.
    """
    if band is None or band.past:
        return []
    above, below = keys
    named = [
        (band.high, above, f"{above}_short"),
        (band.baseline, "baseline", "baseline"),
        (band.low, below, f"{below}_short"),
    ]
    labels = []
    for y, long, short in named:
        if y is None:
            continue
        x = number(y, _decimals(y) if decimals is None else decimals, language)
        name, brief = (say(language, key, x=x) for key in (long, short))
        labels.append(EndLabel(y=y, name=name, value="", short=brief, kind="limit"))
    return labels


def outcome_panels(
    outcomes: pd.DataFrame,
    t: FloatArray,
    changes: pd.DataFrame,
    periods: Periods,
    shading: Shading | None,
    main: str,
    when: Chronology,
    view: TimelineView,
) -> tuple[Panel, ...]:
    """A panel for each second outcome and unit, in order of name but the main one first.

    Parameters
    ----------
    changes : DataFrame
        Contract CHANGES of the patient; gives the limits of outcomes whose error is known.
    main : str
        The outcome that the figure is about, blank where that is the thickness.
    """
    rows = outcomes.assign(t=t).dropna(subset=["t", "value"])
    if view.outcomes is not None:
        rows = rows[rows["outcome"].isin({*view.outcomes, main})]
    groups = sorted(rows.groupby(["outcome", "unit"], sort=True), key=lambda g: g[0][0] != main)
    return tuple(
        _outcome_panel(
            own.sort_values(["t", "value"]),
            str(name),
            str(unit),
            _outcome_band(changes, str(name), str(unit), shading, view),
            periods,
            when,
            view,
            main=name == main,
        )
        for (name, unit), own in groups
    )


def _outcome_band(
    changes: pd.DataFrame, outcome: str, unit: str, shading: Shading | None, view: TimelineView
) -> Band | None:
    """The limits around the baseline of an outcome; None where its error is not known."""
    if shading is None or not view.show_error_band:
        return None
    level = "period" if view.focus_period_id else "course"
    rows = changes[
        (changes["measure"] == outcome)
        & (changes["unit"] == unit)
        & (changes["level"] == level)
        & (changes["period_id"] == view.focus_period_id)
        & (changes["limit_low_mm"].notna() | changes["limit_high_mm"].notna())
    ]
    if rows.empty:
        return None
    base, low, high = (
        float(rows[name].iloc[0]) for name in ("baseline_mm", "limit_low_mm", "limit_high_mm")
    )
    return Band(
        baseline=base,
        low=low if math.isfinite(low) else None,
        high=high if math.isfinite(high) else None,
        start=shading.start,
        end=shading.end,
        open_end=shading.open_end,
        past=False,
        past_text="",
    )


def _outcome_panel(
    rows: pd.DataFrame,
    outcome: str,
    unit: str,
    band: Band | None,
    periods: Periods,
    when: Chronology,
    view: TimelineView,
    *,
    main: bool,
) -> Panel:
    language = when.language
    name = outcome_text(outcome, language)
    doubtful = (rows["doubt"] == "open").to_numpy()
    doubted, rows = rows[doubtful], rows[~doubtful]
    scaled = (rows if len(rows) else doubted)["value"]
    scale = _outcome_scale(scaled.tolist(), band, view, main=main)
    decimals = max((_decimals(v) for v in scaled), default=0)
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
    marks = tuple(
        doubtful_mark(when, told, day, float(v), f"{v:g} {unit}".strip(), f"{name} {v:g}", why)
        for day, v, why in zip(doubted["t"], doubted["value"], doubted["doubt_reason"], strict=True)
    )
    stated = [b for b in (rows if len(rows) else doubted)["better"] if b]
    better = say(language, f"{stated[0]}_better") if stated else ""
    low_text = number(scale.low, scale.decimals, language)
    start = say(language, "axis_starts", low=low_text) if scale.low > 0 else ""
    limits = _limits(band, ("higher_above", "lower_below"), None, language) if main else []
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
            at_the_edge(
                Curve(
                    name=name,
                    label=name,
                    style=0,
                    focus=True,
                    points=points,
                    runs=_runs(points),
                    joints=(),
                    doubtful=marks,
                ),
                scale.low,
                scale.high,
                small=not main,
            ),
        ),
        band=band,
        end_labels=(
            *(
                EndLabel(y=p.y, name="", value=text, kind="focus")
                for p, text in list(zip(points, values, strict=True))[-1:]
            ),
            *limits,
        ),
        starts_above_zero=scale.low > 0,
        main=main,
    )


def _outcome_scale(
    values: Sequence[float], band: Band | None, view: TimelineView, *, main: bool
) -> Scale:
    known = [v for v in (band.low, band.baseline, band.high) if v is not None] if band else []
    low, high = min([*values, *known]), max([*values, *known])
    least_span = max(high - low, 0.1 * max(abs(low), abs(high)), 1e-6)
    return value_scale(
        low,
        high,
        least_span=least_span,
        most_ticks=6 if main else 3,
        least_step=10.0 ** math.floor(math.log10(least_span / 2)),
        foot=0.15,
        language=view.language,
        from_zero=view.from_zero,
    )


def _runs(points: Sequence[Point]) -> tuple[tuple[int, int], ...]:
    cuts = [k for k in range(1, len(points)) if points[k].x - points[k - 1].x > GAP_DAYS]
    edges = [0, *cuts, len(points)]
    return tuple(pairwise(edges))


def _decimals(value: float) -> int:
    text = f"{value:.2f}".rstrip("0")
    return len(text.partition(".")[2])
