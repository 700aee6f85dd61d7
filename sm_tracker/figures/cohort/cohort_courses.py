"""Courses of a group from the start of the therapy: every patient's line, and lanes."""

from __future__ import annotations

import numpy as np
import pandas as pd
import plotly.graph_objects as go

from sm_tracker.figures.cohort.cohort_frame import (
    MOST_LINES,
    CohortFigure,
    Unit,
    change_text,
    check_markers,
    check_text,
    column_of,
    counted_checks,
    empty_figure,
    figure_layout,
    quiet_axis,
    unit_text,
    zero_line,
)
from sm_tracker.figures.page.label_placement import spread_labels
from sm_tracker.figures.page.screen_text import NARROW, NOTE_SIZE, TEXT_SIZE, html_safe
from sm_tracker.figures.page.text_metrics import SCREEN_FACTOR, elide_text
from sm_tracker.figures.theme import Theme, regimen_styles
from sm_tracker.languages import gettext as _

MOST_LANES = 40
LEAST_IN_STEP = 20
"""Patients that a step needs for quantiles to be drawn; of fewer the outer ones are chance."""
_LANE = 22
_NAME_HEIGHT, _NAME_WIDTH, _PLOT_HEIGHT = 13, 52, 290
"""Room for a patient's code beside the last value, and height of the plot  [px]."""


def draw_spaghetti(
    readings: pd.DataFrame, quantiles: pd.DataFrame, unit: Unit, theme: Theme
) -> CohortFigure:
    """Every patient's values against the own baseline, in days from the start.

    Parameters
    ----------
    readings : DataFrame
        ``patient_id, days, under, change_mm, change_pct, check``, sorted by patient and day.
    quantiles : DataFrame
        ``days, n, q10, q25, q50, q75, q90`` in the unit drawn; used for groups above
        ``MOST_LINES`` patients.
    unit : {"mm", "percent"}
    theme : Theme
    """
    if readings.empty:
        return empty_figure(_("There are no readings to draw for this group."), theme)
    n = readings["patient_id"].nunique()
    figure = go.Figure()
    if n > MOST_LINES:
        _quantile_lines(figure, quantiles, theme)
    else:
        _patient_lines(figure, readings, unit, theme)
    last = readings.drop_duplicates("patient_id", keep="last")
    figure.update_layout(figure_layout(theme, height=360, right=64))
    figure.update_layout(
        shapes=[
            zero_line(theme),
            {
                "type": "line", "x0": 0, "x1": 0, "y0": 0, "y1": 1, "yref": "y domain",
                "line": {"color": theme.ink, "width": 1, "dash": "dot"}, "layer": "below",
            },
        ]
    )  # fmt: skip
    figure.add_annotation(
        text=_("start"), x=0, y=1, yref="y domain", xanchor="left", yanchor="top", xshift=4,
        showarrow=False, font={"size": NOTE_SIZE, "color": theme.muted},
    )  # fmt: skip
    figure.update_xaxes(quiet_axis(theme, _("Days from the start of the regimen")))
    figure.update_yaxes(
        quiet_axis(theme, _("Change from baseline, {unit}").format(unit=unit_text(unit)))
    )
    alt = _("Values of {n} patients from the start of the regimen; last value: {counts}.").format(
        n=n, counts=counted_checks(last["check"])
    )
    return CohortFigure(figure, alt, _spaghetti_note(n))


def _spaghetti_note(n: int) -> str:
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


def _patient_lines(figure: go.Figure, readings: pd.DataFrame, unit: Unit, theme: Theme) -> None:
    column = column_of(unit)
    for patient, own in readings.groupby("patient_id", sort=True):
        figure.add_scatter(
            x=own["days"],
            y=own[column],
            mode="lines+markers",
            line={"color": theme.context, "width": 1.3},
            marker={"size": 4, "color": theme.context},
            customdata=[
                [html_safe(str(patient)), change_text(row[column], unit), check_text(row["check"]),
                 f"{row['days']:.0f}"]
                for row in own.to_dict("records")
            ],
            hovertemplate="<b>%{customdata[0]}</b> %{customdata[1]}, %{customdata[2]}<br>"
            + _("day {number}").format(number="%{customdata[3]}") + "<extra></extra>",
        )  # fmt: skip
    last = readings.drop_duplicates("patient_id", keep="last")
    figure.add_scatter(
        x=last["days"], y=last[column], mode="markers", marker=check_markers(last["check"], theme),
        hoverinfo="skip",
    )  # fmt: skip
    if len(last) <= 20:
        _end_names(figure, last, column, theme)


def _end_names(figure: go.Figure, last: pd.DataFrame, column: str, theme: Theme) -> None:
    """Codes beside the last values, pushed down past those that they would cover."""
    gap = (float(np.ptp(last[column])) or 1.0) * _NAME_HEIGHT / _PLOT_HEIGHT
    reach = (float(last["days"].max()) + 100) * _NAME_WIDTH / NARROW
    placed: list[tuple[float, float]] = []
    ordered = last.sort_values(column, ascending=False)
    for patient, x, y in ordered[["patient_id", "days", column]].itertuples(index=False):
        near = [v for t, v in placed if abs(t - x) < reach]
        y = min([float(y), *(v - gap for v in near)])
        placed.append((x, y))
        figure.add_annotation(
            text=html_safe(str(patient)), x=x, y=y, xanchor="left", xshift=7,
            showarrow=False, font={"size": NOTE_SIZE, "color": theme.muted},
        )  # fmt: skip


def _quantile_lines(figure: go.Figure, quantiles: pd.DataFrame, theme: Theme) -> None:
    kept = quantiles[quantiles["n"] >= LEAST_IN_STEP]
    if kept.empty:
        return
    names = {"q10": 1.0, "q25": 1.3, "q50": 2.4, "q75": 1.3, "q90": 1.0}
    for name, thickness in names.items():
        figure.add_scatter(
            x=kept["days"], y=kept[name], mode="lines",
            line={"color": theme.ink if name == "q50" else theme.context, "width": thickness},
            customdata=kept["n"],
            hovertemplate=f"{name[1:]} %: %{{y:.2f}}<br>"
            + _("n {n}").format(n="%{customdata}") + "<extra></extra>",
        )  # fmt: skip
    values = kept[list(names)].to_numpy("float64")
    low, high = float(values.min()), float(values.max())
    gap = (high - low or 1.0) * _NAME_HEIGHT / _PLOT_HEIGHT
    for name, place in zip(names, spread_labels(values[-1].tolist(), gap, low, high), strict=True):
        figure.add_annotation(
            text=f"{name[1:]} %", x=kept["days"].iloc[-1], y=place,
            xanchor="left", xshift=6, showarrow=False,
            font={"size": NOTE_SIZE, "color": theme.muted},
        )  # fmt: skip


def longest_lanes(lanes: pd.DataFrame) -> pd.DataFrame:
    """The lanes that are drawn: the longest ones, at most `MOST_LANES`."""
    ordered = lanes.sort_values(["until_days", "patient_id"], ascending=[False, True])
    return ordered.head(MOST_LANES).reset_index(drop=True)


def draw_swimmer(lanes: pd.DataFrame, readings: pd.DataFrame, theme: Theme) -> CohortFigure:
    """A lane for each patient from the start of the course, with a mark at each value.

    Parameters
    ----------
    lanes : DataFrame
        ``patient_id, regimen, until_days, end_status, computable``, one row per patient;
        `until_days` is the end of the course, or the last value where it is open.
    readings : DataFrame
        ``patient_id, days, under, change_mm, check``.
    theme : Theme
    """
    if lanes.empty:
        return empty_figure(_("No patient has a course to draw."), theme)
    shown = longest_lanes(lanes)
    figure = go.Figure()
    styles = regimen_styles(shown["regimen"])
    style = styles[str(shown["regimen"].iloc[0])]
    figure.add_bar(
        orientation="h",
        base=0,
        x=shown["until_days"],
        y=shown.index,
        width=0.4,
        marker={
            "color": style.colour(theme),
            "line": {"color": theme.ink, "width": 0.8},
            "pattern": {"shape": style.pattern, "fgcolor": style.hatch(theme), "fgopacity": 0.75,
                        "size": 6, "solidity": 0.22, "fillmode": "overlay"},
        },
        customdata=[[html_safe(str(p)), f"{d:.0f}", html_safe(str(s))] for p, d, s in zip(
            shown["patient_id"], shown["until_days"], shown["end_status"], strict=True)],
        hovertemplate="<b>%{customdata[0]}</b><br>"
        + _("{days} days, {status}").format(days="%{customdata[1]}", status="%{customdata[2]}")
        + "<extra></extra>",
    )  # fmt: skip
    _lane_marks(figure, shown, readings, theme)
    _lane_ends(figure, shown, theme)
    figure.update_layout(figure_layout(theme, height=62 + _LANE * len(shown), left=86))
    room = 70 / SCREEN_FACTOR
    codes = [html_safe(elide_text(str(p), room, TEXT_SIZE)) for p in shown["patient_id"]]
    figure.update_yaxes(
        quiet_axis(theme, showgrid=False), range=[len(shown) - 0.4, -0.7], ticklen=6,
        tickcolor=theme.surface,
        tickvals=list(range(len(shown))),
        ticktext=codes,
    )  # fmt: skip
    figure.update_xaxes(quiet_axis(theme, _("Days from the start of the regimen")))
    note = _(
        "Mark above a lane: what that value is against the patient's baseline and measurement "
        "error. Arrow: ongoing; ?: end unknown."
    )
    if len(lanes) > len(shown):
        note = _("The {n} longest of {all} courses.").format(n=len(shown), all=len(lanes)) + (
            f" {note}"
        )
    alt = _("Courses of {n} patients, from {low} to {high} days.").format(
        n=len(lanes), low=f"{lanes['until_days'].min():.0f}",
        high=f"{lanes['until_days'].max():.0f}",
    )  # fmt: skip
    return CohortFigure(figure, alt, note)


def _lane_marks(
    figure: go.Figure, shown: pd.DataFrame, readings: pd.DataFrame, theme: Theme
) -> None:
    lane = dict(zip(shown["patient_id"], shown.index, strict=True))
    own = readings[(readings["under"] == 1) & readings["patient_id"].isin(list(lane))]
    if own.empty:
        return
    figure.add_scatter(
        x=own["days"],
        y=own["patient_id"].map(lane) - 0.42,
        mode="markers",
        marker=check_markers(own["check"], theme, scale=0.85),
        customdata=[
            [html_safe(str(row["patient_id"])), change_text(row["change_mm"], "mm"),
             check_text(row["check"]), f"{row['days']:.0f}"]
            for row in own.to_dict("records")
        ],
        hovertemplate="<b>%{customdata[0]}</b> %{customdata[1]}, %{customdata[2]}<br>"
        + _("day {number}").format(number="%{customdata[3]}") + "<extra></extra>",
    )  # fmt: skip


def _lane_ends(figure: go.Figure, shown: pd.DataFrame, theme: Theme) -> None:
    for lane, row in shown.iterrows():
        if not row["computable"]:
            figure.add_annotation(
                text=check_text("not_computable"), x=row["until_days"], y=lane, xanchor="left",
                xshift=14, showarrow=False, font={"size": NOTE_SIZE, "color": theme.muted},
            )  # fmt: skip
        sign = {"ongoing": "▸", "unknown": "?"}.get(str(row["end_status"]), "")
        if sign:
            figure.add_annotation(
                text=sign, x=row["until_days"], y=lane, xanchor="left", xshift=1, showarrow=False,
                font={"size": 16 if sign == "▸" else TEXT_SIZE, "color": theme.ink},
            )  # fmt: skip
