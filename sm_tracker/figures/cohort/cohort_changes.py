"""Changes of a group: waterfall, and the last value against baseline."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from sm_tracker.domain.settings import Improvement
from sm_tracker.figures.cohort.cohort_frame import (
    MOST_LINES,
    Unit,
    change_text,
    check_key,
    check_points,
    check_roles,
    check_text,
    column_of,
    counted_checks,
    empty_plot,
    floats,
    number_text,
    pair_hover,
    thinned_rows,
    unit_text,
    zero_rule,
)
from sm_tracker.figures.page.plot import (
    Area,
    Axis,
    Bars,
    KeyItem,
    Label,
    Line,
    Medium,
    Plot,
    PlotMark,
    Points,
    plot_of,
)
from sm_tracker.figures.page.scales import even_ticks
from sm_tracker.figures.page.values import Tick
from sm_tracker.languages import current
from sm_tracker.languages import gettext as _

_LEAST_PLACES = 8
_MOST_CODES = 40
_HEIGHT, _SQUARE = 290.0, 358.0


def waterfall_plot(
    medium: Medium, best: pd.DataFrame, unit: Unit, improvement: Improvement = "decrease"
) -> Plot:
    """Each patient's best value under the regimen against the baseline, sorted.

    Parameters
    ----------
    medium : Medium
    best : DataFrame
        ``patient_id, best_change_mm, best_change_pct, best_mdc95_mm, best_check,
        baseline_mm, best_mm, change_mm, change_pct, error_check``, one row per patient with a
        change.
    unit : {"mm", "percent"}
    improvement : {"decrease", "increase"}
        Whether the best value is the lowest or the highest; the best stand at the right.

    Returns
    -------
    Plot
        A bar for each patient, the patient's own error band behind it, and a dot at the
        last value in the colour of the last change.
    """
    words = _BestWords.of(improvement)
    known = best[best["best_check"] != "not_computable"]
    if known.empty:
        return empty_plot(medium, _("No patient has a computable change."))
    change, falling = column_of(unit, "best_change"), improvement == "decrease"
    own, left_out = thinned_rows(
        known.sort_values([change, "patient_id"], ascending=[not falling, True], ignore_index=True)
    )
    error = own["best_mdc95_mm"]
    if unit == "percent":
        error = 100 * error / own["baseline_mm"]
    at, few = floats(range(len(own))), len(own) <= MOST_LINES
    marks: list[PlotMark] = [
        Bars(at=at, start=floats(-error), end=floats(error), thick=1.0, roles=("band",) * len(own)),
        Bars(
            at=at,
            start=(0.0,) * len(own),
            end=floats(own[change]),
            thick=0.72 if few else 1.0,
            roles=check_roles(own["best_check"]),
            hover=_waterfall_hover(own, unit, words),
        ),
        zero_rule(),
    ]
    note = words.note
    if few:
        marks.append(_last_dots(own, unit, at))
        note += " " + _("Dot: last value minus baseline, in the colour of that change.")
    drawn = [*-error, *error, *own[change], *(own[column_of(unit)] if few else ())]
    return plot_of(
        medium,
        _patient_axis(own, len(known), medium),
        change_axis(drawn, words.axis.format(unit=unit_text(unit))),
        marks,
        height=_HEIGHT,
        alt=words.alt.format(n=len(known), counts=counted_checks(known["best_check"])),
        note=note + left_out,
        key=(*check_key(squares=True), band_key()),
    )


def _last_dots(own: pd.DataFrame, unit: Unit, at: tuple[float, ...]) -> Points:
    n = len(own)
    return Points(
        xs=at,
        ys=floats(own[column_of(unit)]),
        symbols=("circle",) * n,
        sizes=(8.0 if n <= _MOST_CODES else 5.0,) * n,
        roles=check_roles(own["error_check"]),
        hollow=True,
    )


def band_key() -> KeyItem:
    """What a grey area behind a change means."""
    return KeyItem(symbol="band", role="band", words=_("measurement error (95 %)"))


def change_axis(values: list[float], title: str) -> Axis:
    """An axis of changes with some room, zero always on it."""
    low, high = min([0.0, *values]), max([0.0, *values])
    room = 0.05 * (high - low or 1.0)
    low, high = low - room, high + room
    ticks = even_ticks(low, high, 7, current(), sign=True)
    return Axis(low=low, high=high, ticks=ticks, title=title)


def _patient_axis(own: pd.DataFrame, n: int, medium: Medium) -> Axis:
    """Codes of the patients where all have room, else how many there are."""
    low, high = -0.6, max(len(own), _LEAST_PLACES) - 0.4
    ticks = tuple(Tick(float(k), str(code)) for k, code in enumerate(own["patient_id"]))
    widest = max(medium.measure(t.text) for t in ticks) + 2 * medium.unit
    room = (medium.width - 60 * medium.unit) / (high - low)
    named = len(own) <= _MOST_CODES and not (medium.printed and widest > room)
    title = "" if named else _("{n} patients").format(n=n)
    return Axis(
        low=low, high=high, ticks=ticks if named else (), title=title, grid=False, strong=True
    )


@dataclass(frozen=True, slots=True)
class _BestWords:
    """What the waterfall says where lower, or higher, is better."""

    axis: str
    hover: str
    note: str
    alt: str

    @classmethod
    def of(cls, improvement: Improvement) -> _BestWords:
        if improvement == "decrease":
            return cls(
                _("Lowest value minus baseline, {unit}"),
                _("lowest {low} mm from {base} mm: {change}, {check}"),
                _(
                    "Bars: lowest value under the regimen minus baseline, which lies below the "
                    "last value by chance alone. Grey: what measurement error alone can produce "
                    "in that patient (95 %)."
                ),
                _("Lowest value against baseline of {n} patients: {counts}."),
            )
        return cls(
            _("Highest value minus baseline, {unit}"),
            _("highest {low} mm from {base} mm: {change}, {check}"),
            _(
                "Bars: highest value under the regimen minus baseline, which lies above the last "
                "value by chance alone. Grey: what measurement error alone can produce in that "
                "patient (95 %). Thicker counts as better by the settings."
            ),
            _("Highest value against baseline of {n} patients: {counts}."),
        )


def _waterfall_hover(
    own: pd.DataFrame, unit: Unit, words: _BestWords
) -> tuple[tuple[str, ...], ...]:
    best, last = column_of(unit, "best_change"), column_of(unit)
    return tuple(
        (
            str(row["patient_id"]),
            words.hover.format(
                low=number_text(row["best_mm"], 2),
                base=number_text(row["baseline_mm"], 2),
                change=change_text(row[best], unit),
                check=check_text(row["best_check"]),
            ),
            _("last {change}").format(change=change_text(row[last], unit)),
        )
        for row in own.to_dict("records")
    )


def against_baseline_plot(medium: Medium, one: pd.DataFrame, band: pd.DataFrame) -> Plot:
    """The last value under the regimen against the baseline, with the exact error band.

    Parameters
    ----------
    medium : Medium
    one : DataFrame
        ``patient_id, baseline_mm, last_mm, change_mm, change_pct, days, error_check``, one
        row per patient with a change.
    band : DataFrame
        ``baseline_mm, low_mm, high_mm``: limits of the error around baselines; empty where
        the patients have different errors.
    """
    if one.empty:
        return empty_plot(medium, _("No patient has a computable change."))
    values = np.r_[one["baseline_mm"], one["last_mm"]]
    low, high = float(values.min()) - 0.15, float(values.max()) + 0.15
    marks: list[PlotMark] = []
    if len(band):
        inside = np.r_[band["low_mm"], band["high_mm"][::-1]].clip(low, high)
        across = np.r_[band["baseline_mm"], band["baseline_mm"][::-1]]
        marks.append(Area(xs=floats(across), ys=floats(inside), role="band"))
    marks.append(Line(xs=(low, high), ys=(low, high), role="ink", dash=(2.0, 3.0)))
    shown, left_out = thinned_rows(
        one.sort_values(["baseline_mm", "patient_id"], ignore_index=True)
    )
    scale = 1.0 if len(one) <= MOST_LINES else 0.5
    marks += [
        check_points(shown["baseline_mm"], shown["last_mm"], shown["error_check"], scale=scale,
                     hover=pair_hover(shown)),
        Label(x=0.01, y=0.99, x_share=True, y_share=True, text=_("thicker"), role="muted",
              level="top"),
        Label(x=0.99, y=0.02, x_share=True, y_share=True, text=_("thinner"), role="muted",
              anchor="right", level="bottom"),
    ]  # fmt: skip
    note = _(
        "Dotted line: no change. Below it the last value is lower than the baseline. Both axes "
        "start above 0."
    )
    if len(band):
        note += " " + _("Grey: what measurement error alone can produce (95 %).")
    alt = _("Last value against baseline of {n} patients: {counts}.").format(
        n=len(one), counts=counted_checks(one["error_check"])
    )
    ticks = even_ticks(low, high, 7, current())
    return plot_of(
        medium,
        Axis(low=low, high=high, ticks=ticks, title=_("Baseline, mm")),
        Axis(low=low, high=high, ticks=ticks, title=_("Last value under the regimen, mm")),
        marks,
        height=_SQUARE,
        alt=alt,
        note=note + left_out,
        key=(*check_key(), *((band_key(),) if len(band) else ())),
    )
