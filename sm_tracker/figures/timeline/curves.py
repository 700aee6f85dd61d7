"""The series of one patient as curves: points, gaps, breaks, marks and the error band."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from sm_tracker.analysis.error.error_model import error_model
from sm_tracker.domain.exposure import Periods
from sm_tracker.domain.measures import rows_of_level, thickness_rows
from sm_tracker.domain.series import ordered_series, rows_of_series
from sm_tracker.domain.series_key import SeriesKey, series_key_of
from sm_tracker.domain.settings import Settings
from sm_tracker.errors import SettingError
from sm_tracker.figures.chronology import Chronology, exposure_teller
from sm_tracker.figures.languages import capital, headed, number, say
from sm_tracker.figures.series_names import series_names
from sm_tracker.figures.timeline.doubtful_marks import doubtful_mark
from sm_tracker.figures.timeline.timeline_model import (
    Band,
    BreakLine,
    CensoredMark,
    Curve,
    DoubtfulMark,
    Point,
    Shading,
    TimelineView,
    UnreadableMark,
)
from sm_tracker.languages import Message

GAP_DAYS = 365
"""Readings further apart than this are not joined by a line."""

_VALUE = ("t", "value_mm", "n_replicates", "sd_mm")
_LIMIT = ("t", "qualifier", "limit_mm")
_DOUBT = ("t", "doubtful_mm", "doubt_reason")


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """One series of a patient with its place in the order of sites.

    `visits` are its rows of the contract VISITS; `phrase` is its name within a sentence,
    `label` at the end of the curve, without the side where there is only one. `scale`
    turns mm into the unit drawn (1, or 100 / baseline), NaN where per cent has no baseline.
    """

    visits: pd.DataFrame
    key: SeriesKey
    name: str
    phrase: str
    label: str
    style: int
    focus: bool
    scale: float
    baseline_mm: float


def make_series(
    visits: pd.DataFrame, changes: pd.DataFrame, view: TimelineView
) -> tuple[Series, ...]:
    """All series of the patient, the one in focus marked.

    Markers and dashes follow the order of series, so that each keeps its own in every view.

    Raises
    ------
    SettingError
        If the series in focus has no reading.
    """
    keys = ordered_series(visits)
    focus = series_in_focus(keys, view)
    baselines = period_baselines(changes, view.focus_period_id)
    names = series_names(keys, view.language)
    labels = series_names(keys, view.language, sided=False)
    return tuple(
        _series(
            visits[rows_of_series(visits, key)].sort_values("t"),
            key,
            (names[key], labels[key]),
            style,
            key == focus,
            baselines.get(key, math.nan),
            view,
        )
        for style, key in enumerate(keys)
    )


def series_in_focus(keys: Sequence[SeriesKey], view: TimelineView) -> SeriesKey | None:
    """The series that a view names, else the first of its site, else the first of all.

    Raises
    ------
    SettingError
        If there is none such among the series of the patient.
    """
    fitting = list(keys)
    if view.focus is not None:
        fitting = [key for key in keys if key == view.focus]
    elif view.focus_site:
        fitting = [key for key in keys if key[:2] == (view.focus_site, view.focus_side)]
    if keys and not fitting:
        raise SettingError(
            "The site in focus has no reading of this patient",
            where="focus, focus_site, focus_side",
            fix=Message(
                "choose one of {names}", names=", ".join(sorted({key.site for key in keys}))
            ),
        )
    return next(iter(fitting), None)


def period_baselines(changes: pd.DataFrame, period_id: str) -> dict[SeriesKey, float]:
    """Baseline in mm of each series before one therapy period, where there is one.

    Without any therapy it is the first value, as for the whole course.
    """
    level = "period" if (changes["level"] == "period").any() else "course"
    own = thickness_rows(rows_of_level(changes, level))
    rows = own[(own["period_id"] == period_id) & own["baseline_mm"].notna()]
    keys = map(series_key_of, rows.itertuples(index=False))
    return dict(zip(keys, rows["baseline_mm"].tolist(), strict=True))


def _series(
    rows: pd.DataFrame,
    key: SeriesKey,
    names: tuple[str, str],
    style: int,
    focus: bool,
    baseline: float,
    view: TimelineView,
) -> Series:
    reference = baseline
    if view.unit == "percent" and not view.focus_period_id:
        values = rows["value_mm"].dropna()
        reference = float(values.iloc[0]) if len(values) else math.nan
    return Series(
        visits=rows,
        key=key,
        name=capital(names[0]),
        phrase=names[0],
        label=capital(names[1]),
        style=style,
        focus=focus,
        scale=100 / reference if view.unit == "percent" else 1.0,
        baseline_mm=baseline,
    )


def usual_replicates(series: Sequence[Series]) -> int:
    """The most common number of readings behind a visit value; the larger one on a tie."""
    counts = Counter(
        int(n) for s in series for n in s.visits.loc[s.visits["state"] == "ok", "n_replicates"]
    )
    return max(counts, key=lambda n: (counts[n], n)) if counts else 0


def make_curve(
    series: Series,
    periods: Periods,
    when: Chronology,
    usual_n: int,
    *,
    label_n: bool,
    ink: bool,
) -> Curve:
    """The curve of one series.

    Parameters
    ----------
    usual_n : int
        Number of replicates that goes without saying.
    label_n : bool
        Whether fewer replicates are written at the points.
    ink : bool
        Whether it is drawn as the focus.
    """
    ok = series.visits[series.visits["state"] == "ok"]
    told = exposure_teller(periods, when.language, ok["t"].tolist())
    points = tuple(_point(row, series, told, when, usual_n, label_n) for row in _rows(ok, _VALUE))
    runs, joints = _joined(ok["t"].to_numpy(), series.visits)
    censored = series.visits[series.visits["state"] == "censored"]
    doubtful = series.visits[series.visits["n_doubtful"] > 0]
    return Curve(
        name=series.name,
        label=series.label,
        style=series.style,
        focus=ink,
        points=points,
        runs=runs,
        joints=joints,
        censored=tuple(
            _censored(row, series, told, when, named=not ink) for row in _rows(censored, _LIMIT)
        ),
        doubtful=tuple(
            _doubtful(row, series, told, when, named=not ink) for row in _rows(doubtful, _DOUBT)
        ),
    )


def _rows(frame: pd.DataFrame, columns: Sequence[str]) -> list[dict[str, Any]]:
    listed = (frame[name].tolist() for name in columns)
    return [dict(zip(columns, row, strict=True)) for row in zip(*listed, strict=True)]


def _point(
    row: Mapping[str, Any],
    series: Series,
    told: Callable[[float], str],
    when: Chronology,
    usual_n: int,
    label_n: bool,
) -> Point:
    n = int(row["n_replicates"])
    x = when.x(row["t"])
    language = when.language
    many = say(language, "mean_of", n=n) if n > 1 else say(language, "one_reading")
    if math.isfinite(row["sd_mm"]):
        many += ", " + say(language, "sd", sd=number(row["sd_mm"], 2, language))
    value = f"{number(row['value_mm'], 2, language)} mm"
    if series.scale != 1:
        value = f"{number(row['value_mm'] * series.scale, 0, language)} % ({value})"
    return Point(
        x=x,
        y=row["value_mm"] * series.scale,
        n=n,
        n_text=say(language, "n", n=n) if label_n and n < usual_n else "",
        hover=(
            f"{series.name} {value}",
            many,
            f"{when.when(x)} · {told(row['t'])}",
        ),
    )


def _censored(
    row: Mapping[str, Any],
    series: Series,
    told: Callable[[float], str],
    when: Chronology,
    *,
    named: bool,
) -> CensoredMark:
    x = when.x(row["t"])
    decimals = 2 if series.scale == 1 else 0
    limit = number(row["limit_mm"] * series.scale, decimals, when.language)
    limit += " %" if series.scale != 1 else ""
    text = f"{row['qualifier']} {limit}"
    mm = number(row["limit_mm"], 2, when.language)
    return CensoredMark(
        x=x,
        y=row["limit_mm"] * series.scale,
        above=row["qualifier"] == ">",
        text=f"{series.label} {text}" if named else text,
        hover=(
            f"{series.name} {row['qualifier']} {mm} mm",
            f"{when.when(x)} · {told(row['t'])}",
        ),
    )


def _doubtful(
    row: Mapping[str, Any],
    series: Series,
    told: Callable[[float], str],
    when: Chronology,
    *,
    named: bool,
) -> DoubtfulMark:
    mm = number(row["doubtful_mm"], 2, when.language)
    scaled = row["doubtful_mm"] * series.scale
    text = mm if series.scale == 1 else f"{number(scaled, 0, when.language)} %"
    return doubtful_mark(
        when,
        told,
        row["t"],
        scaled,
        f"{series.label} {text}" if named else text,
        f"{series.name} {mm} mm",
        row["doubt_reason"],
    )


def _joined(
    t: np.ndarray, visits: pd.DataFrame
) -> tuple[tuple[tuple[int, int], ...], tuple[int, ...]]:
    breaks = visits.loc[visits["break_before"] != "", "t"].to_numpy()
    # Nobody knows the way through a visit that has no value, or only a limit.
    unknown = visits.loc[~visits["state"].isin(["ok", "doubtful"]), "t"].to_numpy()
    breaks = np.r_[breaks, unknown]
    runs: list[tuple[int, int]] = []
    joints = []
    first = 0
    for k in range(1, len(t)):
        gap = t[k] - t[k - 1] > GAP_DAYS
        broken = bool(((breaks > t[k - 1]) & (breaks <= t[k])).any())
        if gap or broken:
            runs.append((first, k))
            first = k
            if not gap:
                joints.append(k)
    if len(t):
        runs.append((first, len(t)))
    return tuple(runs), tuple(joints)


def make_unreadable(
    series: Sequence[Series], periods: Periods, when: Chronology, *, named: bool
) -> tuple[UnreadableMark, ...]:
    """Visits without a value, one mark a day for all sites of a panel."""
    rows = [
        (row["t"], s, row["state"])
        for s in series
        for row in _rows(s.visits, ("t", "state"))
        if row["state"] in ("not_measurable", "beyond_depth")
    ]
    told = exposure_teller(periods, when.language)
    marks = []
    for t in sorted({t for t, _, _ in rows}):
        here = [(s, state) for u, s, state in rows if u == t]
        words = [headed(s.name, say(when.language, state), when.language) for s, state in here]
        text = say(when.language, here[0][1])
        if named and len(here) == 1:
            text = f"{here[0][0].label} {text}"
        elif named:
            text = say(when.language, "sites_unreadable", count=len(here))
        x = when.x(t)
        marks.append(UnreadableMark(x=x, text=text, hover=(*words, f"{when.when(x)} · {told(t)}")))
    return tuple(marks)


def make_break_lines(series: Sequence[Series], when: Chronology) -> tuple[BreakLine, ...]:
    """One rule for each day on which the examiner or a device setting changed."""
    keys = {
        "examiner": "new_examiner",
        "device setting": "new_setting",
        "examiner and device setting": "new_both",
    }
    found = {
        (float(row["t"]), keys[row["break_before"]])
        for s in series
        for row in _rows(s.visits, ("t", "break_before"))
        if row["break_before"]
    }
    days = sorted({t for t, _ in found})
    rules = []
    for t in days:
        here = {key for u, key in found if u == t}
        key = here.pop() if len(here) == 1 else "new_both"
        rules.append(BreakLine(when.x(t), say(when.language, key)))
    return tuple(rules)


def make_band(
    series: Series, shading: Shading, settings: Settings, last_reading: float, when: Chronology
) -> Band | None:
    """Exact error band around the baseline of the period in focus; None without one.

    The limits solve ``|y - b| = MDC95(b, y)``, so that a reading outside the band is
    beyond measurement error by the same rule as ``error_check``.
    """
    if not math.isfinite(series.baseline_mm) or not math.isfinite(series.scale):
        return None
    limits = error_model(settings, series.key.site, series.key.device).band(series.baseline_mm)
    low, high = (float(np.ravel(side)[0]) for side in limits)
    decimals = 2 if series.scale == 1 else 0
    scale = series.scale
    low_text = number(low * scale, decimals, when.language)
    base_text = number(series.baseline_mm * scale, decimals, when.language)
    return Band(
        baseline=series.baseline_mm * scale,
        low=low * scale if low > 0 else None,
        high=high * scale if math.isfinite(high) else None,
        start=shading.start,
        end=shading.end,
        open_end=shading.open_end,
        past=last_reading > shading.end,
        past_text=say(when.language, "past_band", x=base_text, low=low_text)
        if low > 0
        else say(when.language, "baseline", x=base_text),
    )
