"""The series of one patient as curves: points, gaps, breaks, marks and the error band."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from sm_tracker.analysis.error import error_model
from sm_tracker.domain.exposure import Periods
from sm_tracker.domain.records import THERAPY_NOT_STATED
from sm_tracker.domain.settings import Settings
from sm_tracker.domain.tables import THICKNESS
from sm_tracker.errors import SettingError
from sm_tracker.figures.chronology import Chronology, exposure_teller
from sm_tracker.figures.languages import capital, headed, number, say, site_text
from sm_tracker.figures.parts import (
    Band,
    Censored,
    Curve,
    Point,
    Rule,
    TimelineView,
    Unreadable,
    Wash,
)

GAP_DAYS = 365
"""Readings further apart than this are not joined by a line."""

_KEYS = ["site", "side", "layer", "device", "frequency_mhz"]
_VALUE = ("t", "value_mm", "n_replicates", "sd_mm")
_LIMIT = ("t", "qualifier", "limit_mm")


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """One series of a patient with its place in the order of sites.

    `visits` are its rows of the contract VISITS; `phrase` is its name within a sentence,
    `label` at the end of the curve, without the side where there is only one. `scale`
    turns mm into the unit drawn (1, or 100 / baseline), NaN where per cent has no baseline.
    """

    visits: pd.DataFrame
    site: str
    side: str
    layer: str
    device: str
    frequency_mhz: float
    name: str
    phrase: str
    label: str
    style: int
    focus: bool
    scale: float
    baseline_mm: float


def site_order(visits: pd.DataFrame) -> list[tuple[str, str]]:
    """Sites with their side, most values first, then by name.

    Markers and dashes follow this order, so a site keeps its own in every view.
    """
    places = list(zip(visits["site"].tolist(), visits["side"].tolist(), strict=True))
    counts = dict.fromkeys(places, 0)
    for place, state in zip(places, visits["state"].tolist(), strict=True):
        counts[place] += state == "ok"
    return sorted(counts, key=lambda key: (-counts[key], key))


def make_series(
    visits: pd.DataFrame, changes: pd.DataFrame, view: TimelineView
) -> tuple[Series, ...]:
    """All series of the patient, the one in focus marked.

    Raises
    ------
    SettingError
        If the site in focus has no reading.
    """
    order = site_order(visits)
    groups = [rows for _, rows in visits.groupby(_KEYS, dropna=False, sort=True)]
    groups.sort(key=lambda g: (order.index((g["site"].iloc[0], g["side"].iloc[0])), -len(g)))
    focus = _focus_number(groups, view) if groups else -1
    baselines = period_baselines(changes, view.focus_period_id)
    names = _names(groups, view, sided=True)
    labels = _names(groups, view, sided=False)
    return tuple(
        _series(rows, names[i], labels[i], i, i == focus, baselines, view)
        for i, rows in enumerate(groups)
    )


def _focus_number(groups: Sequence[pd.DataFrame], view: TimelineView) -> int:
    wanted = {
        "site": view.focus_site or None,
        "side": view.focus_side if view.focus_site else None,
        "layer": view.focus_layer,
        "device": view.focus_device,
    }
    fitting = [
        (-int((g["state"] == "ok").sum()), i)
        for i, g in enumerate(groups)
        if all(g[k].iloc[0] == v for k, v in wanted.items() if v is not None)
    ]
    if not fitting:
        raise SettingError(
            "The site in focus has no reading of this patient",
            where="focus_site, focus_side, focus_layer, focus_device",
            fix="choose one of " + ", ".join(sorted({str(g["site"].iloc[0]) for g in groups})),
        )
    return min(fitting)[1]


def _names(groups: Sequence[pd.DataFrame], view: TimelineView, *, sided: bool) -> list[str]:
    heads = [g.iloc[0] for g in groups]
    places = [(h["site"], h["side"]) for h in heads]
    names = []
    for head, place in zip(heads, places, strict=True):
        twins = [h for h, p in zip(heads, places, strict=True) if p == place]
        both = len({p for p in places if p[0] == place[0]}) > 1
        side = head["side"] if sided or both else ""
        parts = [site_text(head["site"], side, view.language)]
        for column in ("layer", "device"):
            if len({h[column] for h in twins}) > 1 and head[column]:
                parts.append(str(head[column]))
        if len({h["frequency_mhz"] for h in twins if math.isfinite(h["frequency_mhz"])}) > 1:
            parts.append(f"{head['frequency_mhz']:g} MHz")
        names.append(", ".join(parts))
    return names


def period_baselines(changes: pd.DataFrame, period_id: str) -> dict[tuple[object, ...], float]:
    """Baseline in mm of each series before one therapy period, where there is one.

    Without any therapy it is the first value, as for the whole course.
    """
    level = "period" if (changes["level"] == "period").any() else "course"
    rows = changes[
        (changes["level"] == level)
        & (changes["period_id"] == period_id)
        & (changes["measure"] == THICKNESS)
    ]
    keys = rows[_KEYS].fillna({"frequency_mhz": -1.0})
    return {
        tuple(key): float(mm)
        for key, mm in zip(keys.to_numpy().tolist(), rows["baseline_mm"], strict=True)
        if math.isfinite(mm)
    }


def _series(
    rows: pd.DataFrame,
    phrase: str,
    label: str,
    style: int,
    focus: bool,
    baselines: dict[tuple[object, ...], float],
    view: TimelineView,
) -> Series:
    head = rows.iloc[0]
    frequency = float(head["frequency_mhz"])
    key = (*(head[k] for k in _KEYS[:4]), frequency if math.isfinite(frequency) else -1.0)
    baseline = baselines.get(key, math.nan)
    rows = rows.sort_values("t")
    reference = baseline
    if view.unit == "percent" and not view.focus_period_id:
        values = rows["value_mm"].dropna()
        reference = float(values.iloc[0]) if len(values) else math.nan
    return Series(
        visits=rows,
        site=head["site"],
        side=head["side"],
        layer=head["layer"],
        device=head["device"],
        frequency_mhz=frequency,
        name=capital(phrase),
        phrase=phrase,
        label=capital(label),
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
) -> Censored:
    x = when.x(row["t"])
    decimals = 2 if series.scale == 1 else 0
    limit = number(row["limit_mm"] * series.scale, decimals, when.language)
    limit += " %" if series.scale != 1 else ""
    text = f"{row['qualifier']} {limit}"
    mm = number(row["limit_mm"], 2, when.language)
    return Censored(
        x=x,
        y=row["limit_mm"] * series.scale,
        above=row["qualifier"] == ">",
        text=f"{series.label} {text}" if named else text,
        hover=(
            f"{series.name} {row['qualifier']} {mm} mm",
            f"{when.when(x)} · {told(row['t'])}",
        ),
    )


def _joined(
    t: np.ndarray, visits: pd.DataFrame
) -> tuple[tuple[tuple[int, int], ...], tuple[int, ...]]:
    breaks = visits.loc[visits["break_before"] != "", "t"].to_numpy()
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
) -> tuple[Unreadable, ...]:
    """Visits without a value, one mark a day for all sites of a panel."""
    rows = [
        (row["t"], s, row["state"])
        for s in series
        for row in _rows(s.visits, ("t", "state"))
        if row["state"] in ("not_measurable", "beyond_depth", THERAPY_NOT_STATED)
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
        marks.append(Unreadable(x=x, text=text, hover=(*words, f"{when.when(x)} · {told(t)}")))
    return tuple(marks)


def make_rules(series: Sequence[Series], when: Chronology) -> tuple[Rule, ...]:
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
        rules.append(Rule(when.x(t), say(when.language, key)))
    return tuple(rules)


def make_band(
    series: Series, wash: Wash, settings: Settings, last_reading: float, when: Chronology
) -> Band | None:
    """Exact error band around the baseline of the period in focus; None without one.

    The limits solve ``|y - b| = MDC95(b, y)``, so that a reading outside the band is
    beyond measurement error by the same rule as ``error_check``.
    """
    if not math.isfinite(series.baseline_mm) or not math.isfinite(series.scale):
        return None
    limits = error_model(settings, series.site, series.device).band(series.baseline_mm)
    low, high = (float(np.ravel(side)[0]) for side in limits)
    decimals = 2 if series.scale == 1 else 0
    scale = series.scale
    low_text = number(low * scale, decimals, when.language)
    base_text = number(series.baseline_mm * scale, decimals, when.language)
    return Band(
        baseline=series.baseline_mm * scale,
        low=low * scale if low > 0 else None,
        high=high * scale if math.isfinite(high) else None,
        start=wash.start,
        end=wash.end,
        open_end=wash.open_end,
        past=last_reading > wash.end,
        past_text=say(when.language, "past_band", x=base_text, low=low_text)
        if low > 0
        else say(when.language, "baseline", x=base_text),
    )
