"""Changes of a group: waterfall, last value against baseline, and the forest by regimen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from sm_tracker.domain.regimens import abbreviate
from sm_tracker.domain.settings import Improvement
from sm_tracker.figures.cohort.cohort_frame import (
    CHECKS,
    MOST_LINES,
    CohortFigure,
    Unit,
    change_text,
    check_colour,
    check_markers,
    check_text,
    column_of,
    counted_checks,
    empty_figure,
    figure_layout,
    list_mark,
    number_text,
    pair_hover,
    quiet_axis,
    thinned_rows,
    unit_text,
    zero_line,
)
from sm_tracker.figures.page.screen_text import (
    NOTE_SIZE,
    TEXT_SIZE,
    bold_html,
    html_safe,
    screen_text_width,
)
from sm_tracker.figures.theme import Theme
from sm_tracker.languages import gettext as _
from sm_tracker.languages import ngettext

_ROW = 46
_LEAST_PLACES = 8


def draw_waterfall(
    best: pd.DataFrame, unit: Unit, theme: Theme, improvement: Improvement = "decrease"
) -> CohortFigure:
    """Each patient's best value under the regimen against the baseline, sorted.

    Parameters
    ----------
    best : DataFrame
        ``patient_id, best_change_mm, best_change_pct, best_mdc95_mm, best_check,
        baseline_mm, best_mm, change_mm, change_pct, error_check``, one row per patient with a
        change.
    unit : {"mm", "percent"}
    theme : Theme
    improvement : {"decrease", "increase"}
        Whether the best value is the lowest or the highest; the best stand at the right.

    Returns
    -------
    CohortFigure
        A bar for each patient, the patient's own error band behind it, and a dot at the
        last value in the colour of the last change.
    """
    words = _BestWords.of(improvement)
    known = best[best["best_check"] != "not_computable"]
    if known.empty:
        return empty_figure(_("No patient has a computable change."), theme)
    change, falling = column_of(unit, "best_change"), improvement == "decrease"
    own, left_out = thinned_rows(
        known.sort_values([change, "patient_id"], ascending=[not falling, True], ignore_index=True)
    )
    figure = go.Figure()
    _error_bars(figure, own, unit, theme)
    _best_bars(figure, own, unit, words, theme)
    if len(own) <= MOST_LINES:
        colours = [check_colour(c, theme) for c in own["error_check"]]
        figure.add_scatter(
            x=np.arange(len(own)), y=own[column_of(unit)], mode="markers", hoverinfo="skip",
            marker={"symbol": "circle", "size": 8, "color": theme.surface, "opacity": 1,
                    "line": {"width": 2, "color": colours}},
        )  # fmt: skip
    _waterfall_frame(figure, own, len(known), words, unit, theme)
    note = words.note
    if len(own) <= MOST_LINES:
        note += " " + _("Dot: last value minus baseline, in the colour of that change.")
    alt = words.alt.format(n=len(known), counts=counted_checks(known["best_check"]))
    return CohortFigure(figure, alt, note + left_out)


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


def _error_bars(figure: go.Figure, own: pd.DataFrame, unit: Unit, theme: Theme) -> None:
    error = own["best_mdc95_mm"]
    if unit == "percent":
        error = 100 * error / own["baseline_mm"]
    figure.add_bar(
        x=np.arange(len(own)), y=2 * error, base=-error, width=1.0, hoverinfo="skip",
        marker={"color": theme.band, "line": {"width": 0}},
    )  # fmt: skip


def _best_bars(
    figure: go.Figure, own: pd.DataFrame, unit: Unit, words: _BestWords, theme: Theme
) -> None:
    figure.add_bar(
        x=np.arange(len(own)),
        y=own[column_of(unit, "best_change")],
        width=0.72 if len(own) <= MOST_LINES else 1.0,
        marker={
            "color": [check_colour(c, theme) for c in own["best_check"]],
            "line": {"width": 0},
        },
        customdata=_waterfall_hover(own, unit, words),
        hovertemplate="<b>%{customdata[0]}</b><br>%{customdata[1]}<br>%{customdata[2]}"
        "<extra></extra>",
    )


def _waterfall_frame(
    figure: go.Figure, own: pd.DataFrame, n: int, words: _BestWords, unit: Unit, theme: Theme
) -> None:
    few = len(own) <= 40
    figure.update_layout(figure_layout(theme, height=340, bottom=64 if 16 < len(own) <= 40 else 36))
    figure.update_layout(shapes=[zero_line(theme)], bargap=0, barmode="overlay")
    figure.update_xaxes(
        quiet_axis(theme, "" if few else _("{n} patients").format(n=n), showgrid=False),
        tickvals=list(range(len(own))) if few else [],
        ticktext=[html_safe(p) for p in own["patient_id"]] if few else [],
        range=[-0.6, max(len(own), _LEAST_PLACES) - 0.4],
        tickangle=-45 if len(own) > 16 else 0,
    )
    figure.update_yaxes(quiet_axis(theme, words.axis.format(unit=unit_text(unit))))


def _waterfall_hover(own: pd.DataFrame, unit: Unit, words: _BestWords) -> list[list[str]]:
    best, last = column_of(unit, "best_change"), column_of(unit)
    return [
        [
            html_safe(str(row["patient_id"])),
            words.hover.format(
                low=number_text(row["best_mm"], 2),
                base=number_text(row["baseline_mm"], 2),
                change=change_text(row[best], unit),
                check=check_text(row["best_check"]),
            ),
            _("last {change}").format(change=change_text(row[last], unit)),
        ]
        for row in own.to_dict("records")
    ]


def draw_against_baseline(one: pd.DataFrame, band: pd.DataFrame, theme: Theme) -> CohortFigure:
    """The last value under the regimen against the baseline, with the exact error band.

    Parameters
    ----------
    one : DataFrame
        ``patient_id, baseline_mm, last_mm, change_mm, change_pct, days, error_check``, one
        row per patient with a change.
    band : DataFrame
        ``baseline_mm, low_mm, high_mm``: limits of the error around baselines; empty where
        the patients have different errors.
    theme : Theme
    """
    if one.empty:
        return empty_figure(_("No patient has a computable change."), theme)
    values = np.r_[one["baseline_mm"], one["last_mm"]]
    low, high = float(values.min()) - 0.15, float(values.max()) + 0.15
    figure = go.Figure()
    if len(band):
        figure.add_scatter(
            x=np.r_[band["baseline_mm"], band["baseline_mm"][::-1]],
            y=np.r_[band["low_mm"], band["high_mm"][::-1]],
            mode="lines", fill="toself", fillcolor=theme.band, line={"width": 0},
            hoverinfo="skip",
        )  # fmt: skip
    figure.add_scatter(
        x=[low, high], y=[low, high], mode="lines", hoverinfo="skip",
        line={"color": theme.ink, "width": 1, "dash": "dot"},
    )  # fmt: skip
    shown, left_out = thinned_rows(
        one.sort_values(["baseline_mm", "patient_id"], ignore_index=True)
    )
    figure.add_scatter(
        x=shown["baseline_mm"],
        y=shown["last_mm"],
        mode="markers",
        marker=check_markers(
            shown["error_check"], theme, scale=1.0 if len(one) <= MOST_LINES else 0.5
        ),
        customdata=pair_hover(shown),
        hovertemplate="<b>%{customdata[0]}</b><br>%{customdata[1]}<br>%{customdata[2]}"
        "<extra></extra>",
    )
    _baseline_frame(figure, low, high, theme)
    note = _(
        "Dotted line: no change. Below it the last value is lower than the baseline. Both axes "
        "start above 0."
    )
    if len(band):
        note += " " + _("Grey: what measurement error alone can produce (95 %).")
    alt = _("Last value against baseline of {n} patients: {counts}.").format(
        n=len(one), counts=counted_checks(one["error_check"])
    )
    return CohortFigure(figure, alt, note + left_out)


def _baseline_frame(figure: go.Figure, low: float, high: float, theme: Theme) -> None:
    figure.update_layout(figure_layout(theme, height=420))
    figure.update_xaxes(quiet_axis(theme, _("Baseline, mm"), range=[low, high], tickformat=".1f"))
    figure.update_yaxes(quiet_axis(theme, _("Last value under the regimen, mm"), range=[low, high],
                             tickformat=".1f"))  # fmt: skip
    corners = ((_("thicker"), 0.99, 0.01, "left"), (_("thinner"), 0.03, 0.99, "right"))
    for words, y, x, anchor in corners:
        figure.add_annotation(
            text=words, x=x, y=y, xref="paper", yref="paper", xanchor=anchor, showarrow=False,
            font={"size": NOTE_SIZE, "color": theme.muted},
        )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class RegimenEstimate:
    """One row of the forest: a regimen with its estimate, or the reason why there is none."""

    regimen: str
    n: int
    n_patients: int
    estimate: float
    low: float
    high: float
    shares: tuple[int, int, int]
    reason: str = ""


def draw_regimen_forest(rows: Sequence[RegimenEstimate], unit: Unit, theme: Theme) -> CohortFigure:
    """Change under each regimen with its interval, one row a regimen.

    Parameters
    ----------
    rows : sequence of RegimenEstimate
        In the order drawn.
    unit : {"mm", "percent"}
    theme : Theme
    """
    if not rows:
        return empty_figure(_("No regimen to compare."), theme)
    names = [abbreviate(r.regimen) for r in rows]
    counts = [_("n {n} of {all}").format(n=r.n, all=r.n_patients) for r in rows]
    left = int(
        min(260, max(screen_text_width(w, TEXT_SIZE, bold=True) for w in (*names, *counts)) + 26)
    )
    beside = [_estimate_words(r, unit) for r in rows if np.isfinite(r.estimate)]
    right = int(max((screen_text_width(w, NOTE_SIZE) for w in beside), default=0) + 24)
    figure = go.Figure()
    known = [(k, r) for k, r in enumerate(rows) if np.isfinite(r.estimate)]
    for k, r in known:
        if np.isfinite(r.low):
            figure.add_scatter(
                x=[r.low, r.high], y=[k, k], mode="lines", hoverinfo="skip",
                line={"color": theme.ink, "width": 2},
            )  # fmt: skip
    figure.add_scatter(
        x=[r.estimate for _k, r in known],
        y=[k for k, _r in known],
        mode="markers",
        marker={"symbol": "diamond", "size": 11, "color": theme.ink},
        customdata=[
            [html_safe(r.regimen), _estimate_words(r, unit), _share_words(r)] for _k, r in known
        ],
        hovertemplate="<b>%{customdata[0]}</b><br>%{customdata[1]}<br>%{customdata[2]}"
        "<extra></extra>",
    )  # fmt: skip
    _forest_words(figure, rows, names, counts, unit, theme)
    limits = [v for _k, r in known for v in (r.estimate, r.low, r.high) if np.isfinite(v)]
    span = max(max(limits, default=1.0), 0.0) - min(min(limits, default=-1.0), 0.0) or 1.0
    figure.update_layout(
        figure_layout(theme, height=28 + _ROW * len(rows) + 52, left=left, right=right)
    )
    figure.update_layout(shapes=[zero_line(theme, across=False)])
    figure.update_yaxes(range=[len(rows) - 0.5, -0.5], visible=False, fixedrange=True)
    figure.update_xaxes(quiet_axis(
        theme, _("Change, {unit}; thinner to the left").format(unit=unit_text(unit)),
        range=[min(min(limits, default=-1), 0) - 0.08 * span,
               max(max(limits, default=1), 0) + 0.08 * span],
    ))  # fmt: skip
    note = _(
        "Diamond: Hodges-Lehmann estimate over patients, one value each; line: its "
        "distribution-free interval. Different patients had different regimens without "
        "randomisation, so the rows are not a comparison of drugs."
    )
    alt = "; ".join(
        f"{name}: {_estimate_words(r, unit) if np.isfinite(r.estimate) else r.reason}"
        for name, r in zip(names, rows, strict=True)
    )
    return CohortFigure(figure, alt, note)


def _estimate_words(r: RegimenEstimate, unit: Unit) -> str:
    if not np.isfinite(r.low):
        words = ngettext(
            "{change}, no interval with {n} patient", "{change}, no interval with {n} patients", r.n
        )
        return words.format(change=change_text(r.estimate, unit), n=r.n)
    limits = (change_text(v, unit).rpartition(" ")[0] for v in (r.low, r.high))
    return f"{change_text(r.estimate, unit)} [{list_mark().join(limits)}]"


def _share_words(r: RegimenEstimate) -> str:
    return ", ".join(f"{n} {check_text(c)}" for n, c in zip(r.shares, CHECKS, strict=True))


def _forest_words(
    figure: go.Figure,
    rows: Sequence[RegimenEstimate],
    names: Sequence[str],
    counts: Sequence[str],
    unit: Unit,
    theme: Theme,
) -> None:
    side = {"xref": "paper", "showarrow": False, "yref": "y"}
    for k, row in enumerate(rows):
        figure.add_annotation(
            text=bold_html(html_safe(names[k])), x=0, xanchor="right", xshift=-10, y=k - 0.16,
            font={"size": TEXT_SIZE, "color": theme.ink}, **side,
        )  # fmt: skip
        figure.add_annotation(
            text=counts[k], x=0, xanchor="right", xshift=-10, y=k + 0.2,
            font={"size": NOTE_SIZE, "color": theme.muted}, **side,
        )  # fmt: skip
        if np.isfinite(row.estimate):
            figure.add_annotation(
                text=html_safe(_estimate_words(row, unit)), x=1, xanchor="left", xshift=8, y=k,
                font={"size": NOTE_SIZE, "color": theme.ink}, **side,
            )  # fmt: skip
        else:
            figure.add_annotation(
                text=html_safe(row.reason), x=0.02, xanchor="left", y=k,
                font={"size": NOTE_SIZE, "color": theme.muted}, **side,
            )  # fmt: skip
