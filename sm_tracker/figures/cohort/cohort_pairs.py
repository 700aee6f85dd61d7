"""Before and after of a group: a line from each patient's baseline to the last value."""

from __future__ import annotations

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from sm_tracker.figures.cohort.cohort_frame import (
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
    number_text,
    pair_hover,
    quiet_axis,
)
from sm_tracker.figures.page.label_placement import spread_labels
from sm_tracker.figures.page.screen_text import NOTE_SIZE, TEXT_SIZE, bold_html, html_safe
from sm_tracker.figures.page.text_metrics import SCREEN_FACTOR, elide_text
from sm_tracker.figures.theme import Theme
from sm_tracker.languages import gettext as _

MOST_NAMES = 20
LEAST_FOR_MEDIAN = 3
LEAST_SPAN_MM = 1.0
"""Least span of the axis, so that a change within error never looks like a fall."""
STEPS_MM = (0.05, 0.1, 0.2, 0.5, 1.0, 2.0)
"""Steps that large groups are counted in; the finest that makes no more than `MOST_STEPS`."""
MOST_STEPS = 45
_STRENGTHS = (0.45, 0.55, 0.68, 0.82, 1.0)
"""Opacity of a line by the number of its patients; a single one must not vanish."""
_PANELS = {"thinner": 0, "within_error": 2, "thicker": 4}
_SPAN = (-0.42, 1.62)
_HEIGHT, _LABEL, _NAME_WIDTH = 410, 15, 60
_PLOT_HEIGHT = _HEIGHT - 62
_BEHIND = ("within_error", "thicker", "thinner")
"""Order of drawing: what lies beyond error is not hidden behind what lies within it."""


def draw_pairs(one: pd.DataFrame, unit: Unit, theme: Theme) -> CohortFigure:
    """Baseline and last value of every patient, joined by a line.

    Parameters
    ----------
    one : DataFrame
        ``patient_id, baseline_mm, last_mm, change_mm, change_pct, days, error_check``, one
        row per patient with a change.
    unit : {"mm", "percent"}
        Of the changes beside the lines; the axis is in mm.
    theme : Theme

    Returns
    -------
    CohortFigure
        One line a patient. Above ``MOST_LINES`` patients a part for each direction, with one
        line for all of one step before and one after, the stronger the more patients, so that
        nobody is left out and few are not hidden behind many.
    """
    if one.empty:
        return empty_figure(_("No patient has a computable change."), theme)
    ordered = one.sort_values(["last_mm", "patient_id"], ignore_index=True)
    figure = go.Figure()
    if len(one) <= MOST_LINES:
        note = _each_patient(figure, ordered, unit, theme)
    else:
        note = _all_counted(figure, ordered, theme)
    alt = _("Baseline and last value of {n} patients: {counts}.").format(
        n=len(one), counts=counted_checks(one["error_check"])
    )
    return CohortFigure(figure, alt, note)


def _each_patient(figure: go.Figure, one: pd.DataFrame, unit: Unit, theme: Theme) -> str:
    """One line a patient, the median in bold, codes and changes beside the ends."""
    middle = _medians(one)
    _patient_lines(figure, one, theme)
    ends = _frame(figure, one, theme)
    figure.update_xaxes(
        range=list(_SPAN), tickvals=[0, 1],
        ticktext=[html_safe(_("Baseline")), html_safe(_("Last value"))],
    )  # fmt: skip
    several = len(one) >= LEAST_FOR_MEDIAN
    _end_texts(figure, one, middle[1] if several else None, unit, theme, ends)
    note = _("One line a patient, from the baseline to the last value under the regimen.")
    if several:
        _median_line(figure, middle, theme)
        figure.add_annotation(
            text=bold_html(html_safe(_median_text(middle[0]))), x=0, y=middle[0], xanchor="right",
            xshift=-10, showarrow=False, font={"size": NOTE_SIZE, "color": theme.ink},
        )  # fmt: skip
        note += " " + _(
            "Bold: median before and median after; their difference need not be the median change."
        )
    return f"{note} {_axis_note()}"


def _axis_note() -> str:
    return _("The axis starts above 0.")


def _medians(one: pd.DataFrame) -> tuple[float, float]:
    return float(one["baseline_mm"].median()), float(one["last_mm"].median())


def _patient_lines(figure: go.Figure, one: pd.DataFrame, theme: Theme) -> None:
    few = len(one) <= MOST_NAMES
    for check in _BEHIND:
        own = one[one["error_check"] == check]
        figure.add_scatter(
            x=np.tile([0.0, 1.0, np.nan], len(own)),
            y=_joined(own["baseline_mm"], own["last_mm"]),
            mode="lines", hoverinfo="skip", opacity=1.0 if few else 0.6,
            line={"color": check_colour(check, theme), "width": 1.6 if few else 1.0},
        )  # fmt: skip
    scale = 1.0 if few else 0.7
    hover = pair_hover(one)
    template = "<b>%{customdata[0]}</b><br>%{customdata[1]}<br>%{customdata[2]}<extra></extra>"
    before = {"symbol": "circle", "size": 6 * scale, "opacity": 1,
              "color": [check_colour(c, theme) for c in one["error_check"]]}  # fmt: skip
    after = check_markers(one["error_check"], theme, scale=scale)
    for x, column, marker in ((0.0, "baseline_mm", before), (1.0, "last_mm", after)):
        figure.add_scatter(
            x=np.full(len(one), x), y=one[column], mode="markers", marker=marker,
            customdata=hover, hovertemplate=template,
        )  # fmt: skip


def _joined(before: pd.Series, after: pd.Series) -> np.ndarray:
    """Both values of each pair and a gap, so that one trace holds many lines."""
    pairs = np.column_stack([before, after, np.full(len(before), np.nan)])
    return np.asarray(pairs, dtype="float64").ravel()


def _all_counted(figure: go.Figure, one: pd.DataFrame, theme: Theme) -> str:
    """One part of the figure for each direction; a line is all of two steps."""
    step = _step(one)
    counted = counted_pairs(one, step)
    most = int(counted["n"].max())
    ends = _frame(figure, one, theme)
    for check, left in _PANELS.items():
        own = counted[counted["error_check"] == check]
        patients = one[one["error_check"] == check]
        _panel_title(figure, left, check, len(patients), len(one), theme)
        if own.empty:
            continue
        _counted_lines(figure, own, left, most, theme)
        _counted_hover(figure, own, left, step)
        middle = _medians(patients)
        _median_line(figure, middle, theme, left)
        for x, y, anchor, shift in (
            (left, middle[0], "right", -9),
            (left + 1, middle[1], "left", 9),
        ):
            figure.add_annotation(
                text=bold_html(number_text(y, 2)), x=x, y=y, xanchor=anchor, xshift=shift,
                showarrow=False, font={"size": NOTE_SIZE, "color": theme.ink},
            )  # fmt: skip
    places = sorted(x for left in _PANELS.values() for x in (left, left + 1))
    figure.update_xaxes(
        range=[-0.7, places[-1] + 0.7], tickvals=places,
        ticktext=[html_safe(_("Baseline")), html_safe(_("Last value"))] * len(_PANELS),
    )  # fmt: skip
    figure.update_yaxes(range=list(ends))
    return (
        _(
            "{n} patients, nobody left out: a line is all patients of one step of {step} mm before "
            "and one after, the stronger the more ({most} at most); its ends lie in the middle of "
            "the steps. Bold: median before and after of the patients of each part."
        ).format(n=len(one), step=number_text(step, 2), most=most)
        + f" {_axis_note()}"
    )


def _panel_title(
    figure: go.Figure, left: int, check: str, n: int, n_all: int, theme: Theme
) -> None:
    words = _("{check}: {n} of {all}").format(check=check_text(check), n=n, all=n_all)
    figure.add_annotation(
        text=bold_html(html_safe(words)), x=left + 0.5, y=1, yref="paper", yanchor="bottom",
        yshift=4, showarrow=False, font={"size": TEXT_SIZE, "color": check_colour(check, theme)},
    )  # fmt: skip


def _counted_lines(
    figure: go.Figure, own: pd.DataFrame, left: int, most: int, theme: Theme
) -> None:
    strength = np.searchsorted((0.2, 0.4, 0.6, 0.8), np.sqrt(own["n"] / most))
    colour = check_colour(str(own["error_check"].iloc[0]), theme)
    for k, opacity in enumerate(_STRENGTHS):
        alike = own[strength == k]
        if len(alike):
            figure.add_scatter(
                x=np.tile([left, left + 1.0, np.nan], len(alike)),
                y=_joined(alike["before_mm"], alike["after_mm"]),
                mode="lines", opacity=opacity, hoverinfo="skip",
                line={"color": colour, "width": 0.8 + 0.6 * k},
            )  # fmt: skip


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


def _counted_hover(figure: go.Figure, own: pd.DataFrame, left: int, step: float) -> None:
    """Unseen marks at the right ends, which tell how many patients end there."""
    ends = own.groupby("after_mm")["n"].sum()
    limits = [
        _("after {low} to {high} mm").format(
            low=number_text(middle - step / 2, 2), high=number_text(middle + step / 2, 2)
        )
        for middle in ends.index
    ]
    figure.add_scatter(
        x=np.full(len(ends), left + 1.0), y=ends.index, mode="markers",
        marker={"size": 10, "opacity": 0},
        customdata=[
            [words, _("{n} patients").format(n=n)]
            for words, n in zip(limits, ends.tolist(), strict=True)
        ],
        hovertemplate="<b>%{customdata[0]}</b><br>%{customdata[1]}<extra></extra>",
    )  # fmt: skip


def _median_line(
    figure: go.Figure, middle: tuple[float, float], theme: Theme, left: int = 0
) -> None:
    for colour, thickness, size in ((theme.surface, 7.5, 12), (theme.ink, 4, 8)):
        figure.add_scatter(
            x=[left, left + 1], y=list(middle), mode="lines+markers", hoverinfo="skip",
            line={"color": colour, "width": thickness}, marker={"size": size, "color": colour},
        )  # fmt: skip


def _frame(figure: go.Figure, one: pd.DataFrame, theme: Theme) -> tuple[float, float]:
    """The frame; the ends of its axis of thickness."""
    values = np.r_[one["baseline_mm"], one["last_mm"]]
    room = max(0.06 * float(np.ptp(values)), (LEAST_SPAN_MM - float(np.ptp(values))) / 2)
    low, high = float(values.min()) - room, float(values.max()) + room
    figure.update_layout(figure_layout(theme, height=_HEIGHT, top=30, bottom=32))
    figure.update_xaxes(
        quiet_axis(theme, showgrid=False), tickfont={"size": TEXT_SIZE, "color": theme.ink}
    )
    figure.update_yaxes(quiet_axis(theme, _("Thickness, mm"), range=[low, high], tickformat=".1f"))
    return low, high


def _median_text(value: float) -> str:
    return _("median {value}").format(value=number_text(value, 2))


def _end_texts(
    figure: go.Figure,
    one: pd.DataFrame,
    middle: float | None,
    unit: Unit,
    theme: Theme,
    ends: tuple[float, float],
) -> None:
    """Codes and changes beside the right ends, one column, pushed apart."""
    texts = (
        [] if middle is None else [(middle, bold_html(html_safe(_median_text(middle))), theme.ink)]
    )
    if len(one) <= MOST_NAMES:
        for row in one.to_dict("records"):
            code = elide_text(str(row["patient_id"]), _NAME_WIDTH / SCREEN_FACTOR, NOTE_SIZE)
            words = f"{html_safe(code)} {change_text(row[column_of(unit)], unit)}"
            texts.append((row["last_mm"], words, check_colour(row["error_check"], theme)))
    gap = (ends[1] - ends[0]) * _LABEL / _PLOT_HEIGHT
    places = spread_labels([y for y, _words, _colour in texts], gap, *ends)
    for place, (_y, words, colour) in zip(places, texts, strict=True):
        figure.add_annotation(
            text=words, x=1, y=place, xanchor="left", xshift=11, showarrow=False,
            font={"size": NOTE_SIZE, "color": colour},
        )  # fmt: skip
