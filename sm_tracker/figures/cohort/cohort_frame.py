"""What the figures of a group share: the model, marks, and the words beside them."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

import pandas as pd

from sm_tracker.figures.answer_words import word_text
from sm_tracker.figures.languages import listed
from sm_tracker.figures.page.plot import (
    SCREEN,
    Axis,
    KeyItem,
    Label,
    Layout,
    Medium,
    Plot,
    Points,
    Rule,
)
from sm_tracker.figures.theme import Theme
from sm_tracker.languages import Language, current, speaking
from sm_tracker.languages import gettext as _

if TYPE_CHECKING:
    import plotly.graph_objects as go

Unit = Literal["mm", "percent"]
CHECKS = ("thinner", "within_error", "thicker")
SYMBOLS = {"thinner": "triangle-down", "within_error": "square", "thicker": "triangle-up"}
_SIZES = {"thinner": 10.0, "within_error": 7.0, "thicker": 10.0}
MOST_LINES = 150
"""Patients drawn one by one; larger groups are drawn as quantiles, or a part with its count."""
MOST_MARKS = 2000
"""Marks of single patients in one figure; of larger groups every k-th in order is drawn."""


@dataclass(frozen=True, slots=True)
class CohortFigure:
    """A figure on the screen with its alternative text and the note that belongs beside it."""

    figure: go.Figure
    alt: str
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CohortModel:
    """A figure of a group, for any medium.

    Attributes
    ----------
    lay_out : callable
        Gives the plot for a medium, in the language in use.
    language : {"en", "de", "fr"}
    remark : str
        Said before the note, for example of which patients readings are shown.
    """

    lay_out: Layout
    language: Language
    remark: str = ""

    def plot(self, medium: Medium) -> Plot:
        """The figure laid out for a medium, in its language."""
        with speaking(self.language):
            plot = self.lay_out(medium)
        note = " ".join(filter(None, (self.remark, plot.note)))
        return dataclasses.replace(plot, note=note)

    @property
    def alt(self) -> str:
        """What the figure shows, for readers who do not see it."""
        return self.plot(SCREEN).alt

    @property
    def note(self) -> str:
        """What belongs beside the figure."""
        return self.plot(SCREEN).note


def screen_figure(model: CohortModel, theme: Theme) -> CohortFigure:
    """A figure of a group for the screen."""
    from sm_tracker.figures.page.plotly_painter import paint_plot

    plot = model.plot(SCREEN)
    return CohortFigure(paint_plot(plot, theme), plot.alt, plot.note)


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
    return ", " if _point() == "." else listed(("", ""))


def _point() -> str:
    return "." if current() == "en" else ","


def check_text(check: str) -> str:
    """What a change is against its error, in a word or two."""
    return _("within error") if check == "within_error" else word_text(check)


def check_role(check: str) -> str:
    """Colour of a change against its error, as a role of the theme."""
    return check if check in ("thinner", "thicker") else "within"


def check_roles(checks: Iterable[str]) -> tuple[str, ...]:
    """The colour of each change against its error."""
    return tuple(check_role(c) for c in checks)


def check_key(*, squares: bool = False) -> tuple[KeyItem, ...]:
    """What the signs of the changes mean; squares where only their colours are used."""
    return tuple(
        KeyItem(symbol="square" if squares else SYMBOLS[c], role=check_role(c), words=check_text(c))
        for c in CHECKS
    )


def empty_plot(medium: Medium, words: str) -> Plot:
    """The reason why there is nothing to draw, in place of a figure."""
    middle = Label(x=0.5, y=0.5, x_share=True, y_share=True, text=words, role="muted", note=False,
                   anchor="center")  # fmt: skip
    nothing = Axis(low=0.0, high=1.0)
    height = 120 * medium.unit
    return Plot(x=nothing, y=nothing, marks=(middle,), height=height, alt=words, framed=False)


def zero_rule(*, upright: bool = False) -> Rule:
    """The line of no change."""
    return Rule(at=0.0, upright=upright, width=1.4, strength=0.7, above=True)


def check_points(
    xs: Iterable[float], ys: Iterable[float], checks: Iterable[str], *, scale: float = 1.0,
    hover: Iterable[Iterable[str]] = (),
) -> Points:  # fmt: skip
    """Marks by check: a triangle with the direction, or a square."""
    known = [str(c) for c in checks]
    return Points(
        xs=floats(xs),
        ys=floats(ys),
        symbols=tuple(SYMBOLS.get(c, "square") for c in known),
        sizes=tuple(scale * _SIZES.get(c, 7.0) for c in known),
        roles=check_roles(known),
        hover=tuple(tuple(row) for row in hover),
    )


def floats(values: Iterable[Any]) -> tuple[float, ...]:
    """Plain numbers of a column."""
    return tuple(float(v) for v in values)


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
            str(row["patient_id"]),
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
