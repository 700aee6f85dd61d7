"""What the figures of a group share: frame, marks and the words beside them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import pandas as pd
import plotly.graph_objects as go

from sm_tracker.figures.answer_words import word_text
from sm_tracker.figures.page.screen_text import NOTE_SIZE, SCREEN_FONT, TEXT_SIZE, html_safe
from sm_tracker.figures.theme import Theme
from sm_tracker.languages import current
from sm_tracker.languages import gettext as _

Unit = Literal["mm", "percent"]
CHECKS = ("thinner", "within_error", "thicker")
_SYMBOLS = {"thinner": "triangle-down", "within_error": "square", "thicker": "triangle-up"}
_SIZES = {"thinner": 10, "within_error": 7, "thicker": 10}
MOST_LINES = 150
"""Patients drawn one by one; larger groups are drawn as quantiles, or a part with its count."""
MOST_MARKS = 2000
"""Marks of single patients in one figure; of larger groups every k-th in order is drawn."""


@dataclass(frozen=True, slots=True)
class CohortFigure:
    """A figure with its alternative text and the note that belongs beside it."""

    figure: go.Figure
    alt: str
    note: str = ""


def unit_text(unit: Unit) -> str:
    """The unit of a change on an axis."""
    return "mm" if unit == "mm" else "%"


def column_of(unit: Unit, stem: str = "change") -> str:
    """Column of a change in that unit."""
    return f"{stem}_mm" if unit == "mm" else f"{stem}_pct"


def change_text(value: float, unit: Unit) -> str:
    """A change with sign and unit: ``−0.87 mm``, ``−35 %``."""
    value = round(value, 9)  # 1.70 - 2.605 is -0.905, not -0.9049999
    digits = f"{abs(value):.2f}" if unit == "mm" else f"{abs(value):.0f}"
    sign = "" if not digits.strip("0.") else "+" if value > 0 else "\u2212"
    return f"{sign}{digits} {unit_text(unit)}".replace(".", _point())


def number_text(value: float, decimals: int) -> str:
    """A number with the decimal mark of the language."""
    return f"{value:.{decimals}f}".replace(".", _point())


def list_mark() -> str:
    """What stands between two numbers, where a comma is the decimal mark too."""
    return ", " if _point() == "." else "; "


def _point() -> str:
    return "." if current() == "en" else ","


def check_text(check: str) -> str:
    """What a change is against its error, in a word or two."""
    return _("within error") if check == "within_error" else word_text(check)


def check_colour(check: str, theme: Theme) -> str:
    """Colour of a change against its error."""
    return {"thinner": theme.thinner, "thicker": theme.thicker}.get(check, theme.within)


def empty_figure(words: str, theme: Theme) -> CohortFigure:
    """A frame with the reason why there is nothing to draw."""
    figure = go.Figure()
    figure.update_layout(figure_layout(theme, height=180))
    figure.update_xaxes(visible=False)
    figure.update_yaxes(visible=False)
    figure.add_annotation(
        text=html_safe(words), x=0.5, y=0.5, xref="paper", yref="paper", showarrow=False,
        font={"size": TEXT_SIZE, "color": theme.muted},
    )  # fmt: skip
    return CohortFigure(figure, words)


def figure_layout(
    theme: Theme, *, height: int, left: int = 56, right: int = 20, top: int = 14, bottom: int = 48
) -> dict[str, Any]:
    """Layout that every figure of a group starts from."""
    return {
        "height": height,
        "margin": {"t": top, "b": bottom, "l": left, "r": right, "pad": 0},
        "paper_bgcolor": theme.surface,
        "plot_bgcolor": theme.surface,
        "font": {"family": SCREEN_FONT, "size": TEXT_SIZE, "color": theme.ink},
        "showlegend": False,
        "separators": ".," if _point() == "." else ", ",
        "hovermode": "closest",
        "dragmode": False,
        "uirevision": "cohort",
        "hoverlabel": {
            "bgcolor": "#16242D",
            "bordercolor": theme.context,
            "align": "left",
            "font": {"color": "#FFFFFF", "size": TEXT_SIZE, "family": SCREEN_FONT},
        },
    }


def quiet_axis(theme: Theme, title: str = "", **more: Any) -> dict[str, Any]:
    """A quiet axis: grid behind, no zero line of its own, not to be dragged."""
    return {
        "fixedrange": True,
        "zeroline": False,
        "gridcolor": theme.grid,
        "tickfont": {"size": NOTE_SIZE, "color": theme.muted},
        "title": {"text": html_safe(title), "font": {"size": NOTE_SIZE, "color": theme.muted}},
        **more,
    }


def zero_line(theme: Theme, *, across: bool = True) -> dict[str, Any]:
    """The line of no change."""
    span = {"x0": 0, "x1": 1, "xref": "x domain", "y0": 0, "y1": 0}
    if not across:
        span = {"y0": 0, "y1": 1, "yref": "y domain", "x0": 0, "x1": 0}
    line = {"color": theme.ink, "width": 1.4}
    return {"type": "line", "layer": "above", "line": line, "opacity": 0.7, **span}


def check_markers(checks: pd.Series, theme: Theme, *, scale: float = 1.0) -> dict[str, Any]:
    """Markers by check: a triangle with the direction, or a square."""
    return {
        "symbol": [_SYMBOLS.get(c, "square") for c in checks],
        "size": [scale * _SIZES.get(c, 7) for c in checks],
        "color": [check_colour(c, theme) for c in checks],
        "opacity": 1,
        "line": {"width": 0},
    }


def thinned_rows(ordered: pd.DataFrame) -> tuple[pd.DataFrame, str]:
    """Every k-th row where there are too many to draw, and the sentence that says so."""
    every = -(-len(ordered) // MOST_MARKS)
    if every < 2:
        return ordered, ""
    said = _("One of every {k} patients in this order is drawn, of {n}.").format(
        k=every, n=len(ordered)
    )
    return ordered.iloc[every // 2 :: every].reset_index(drop=True), f" {said}"


def counted_checks(checks: pd.Series) -> str:
    """How many patients are what: ``7 thinner, 4 within error, 1 thicker``."""
    counts = checks.value_counts()
    return ", ".join(f"{int(counts.get(c, 0))} {check_text(c)}" for c in CHECKS)


def pair_hover(one: pd.DataFrame) -> list[list[str]]:
    """Patient, both values, and the change against its error, for each row."""
    return [
        [
            html_safe(str(row["patient_id"])),
            _("{before} → {last} mm in {days} days").format(
                before=number_text(row["baseline_mm"], 2),
                last=number_text(row["last_mm"], 2),
                days=f"{row['days']:.0f}",
            ),
            f"{change_text(row['change_mm'], 'mm')}, {change_text(row['change_pct'], 'percent')}, "
            f"{check_text(row['error_check'])}",
        ]
        for row in one.to_dict("records")
    ]
