"""The change of a group under each regimen, with its interval."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sm_tracker.domain.regimens import abbreviate
from sm_tracker.figures.cohort.cohort_changes import change_axis
from sm_tracker.figures.cohort.cohort_frame import (
    CHECKS,
    Unit,
    change_text,
    check_text,
    empty_plot,
    list_mark,
    unit_text,
    zero_rule,
)
from sm_tracker.figures.languages import headed, listed
from sm_tracker.figures.page.plot import Axis, Label, Line, Medium, Plot, PlotMark, Points, plot_of
from sm_tracker.figures.page.text_metrics import elide_text, wrap_text
from sm_tracker.languages import gettext as _
from sm_tracker.languages import ngettext

_ROW = 46.0
_LEAST_PLOT = 0.45
"""Share of the width that the plot keeps before its estimates are written in two lines."""
_MOST_NAME = 0.34
_UPPER, _LOWER = 0.17, 0.19
"""Where the first and second line of a row stand, as shares of its height."""


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


def regimens_plot(medium: Medium, rows: Sequence[RegimenEstimate], unit: Unit) -> Plot:
    """Change under each regimen with its interval, one row a regimen.

    Parameters
    ----------
    medium : Medium
    rows : sequence of RegimenEstimate
        In the order drawn.
    unit : {"mm", "percent"}
    """
    if not rows:
        return empty_plot(medium, _("No regimen to compare."))
    known = [(float(k), r) for k, r in enumerate(rows) if np.isfinite(r.estimate)]
    u = medium.unit
    most = _MOST_NAME * medium.width / medium.factor
    names = [elide_text(abbreviate(r.regimen), most, medium.text, bold=True) for r in rows]
    counts = [_("n {n} of {all}").format(n=r.n, all=r.n_patients) for r in rows]
    left = 16 * u + max(
        *(medium.measure(name, note=False, bold=True) for name in names),
        *map(medium.measure, counts),
    )
    beside = {k: _estimate_lines(r, unit) for k, r in known}
    whole = max((medium.measure(" ".join(lines)) for lines in beside.values()), default=0.0)
    one_line = medium.width - left - whole - 16 * u >= _LEAST_PLOT * medium.width
    if not one_line:
        whole = max(medium.measure(line) for lines in beside.values() for line in lines)
    right = whole + 16 * u
    marks: list[PlotMark] = [
        Line(xs=(r.low, r.high), ys=(k, k), role="ink", width=2.0)
        for k, r in known
        if np.isfinite(r.low)
    ]
    marks.append(_diamonds(known, unit))
    marks.append(zero_rule(upright=True))
    for number, (name, count) in enumerate(zip(names, counts, strict=True)):
        marks += _two_lines(number, (name, count), x=0.0, dx=-10.0, anchor="right")
    for k, lines in beside.items():
        shown = (" ".join(lines),) if one_line else lines
        marks += _two_lines(k, shown, x=1.0, dx=8.0)
    room = medium.width - left - right
    for number, row in enumerate(rows):
        if not np.isfinite(row.estimate):
            marks += _reason(number, row.reason, (room + right) / medium.factor, medium)
    limits = [v for _k, r in known for v in (r.estimate, r.low, r.high) if np.isfinite(v)]
    title = _("Change, {unit}; thinner to the left").format(unit=unit_text(unit))
    alt = listed(
        headed(name, " ".join(_estimate_lines(r, unit)) if np.isfinite(r.estimate) else r.reason)
        for name, r in zip(map(abbreviate, (r.regimen for r in rows)), rows, strict=True)
    )
    return plot_of(
        medium,
        change_axis(limits or [-1.0, 1.0], title),
        Axis(low=len(rows) - 0.5, high=-0.5, grid=False),
        marks,
        height=_ROW * len(rows),
        left=left / u,
        right=right / u,
        alt=alt,
        note=_(
            "Diamond: Hodges-Lehmann estimate over patients, one value each; line: its "
            "distribution-free interval. Different patients had different regimens without "
            "randomisation, so the rows are not a comparison of drugs."
        ),
    )


def _diamonds(known: Sequence[tuple[float, RegimenEstimate]], unit: Unit) -> Points:
    n = len(known)
    return Points(
        xs=tuple(r.estimate for _k, r in known),
        ys=tuple(k for k, _r in known),
        symbols=("diamond",) * n,
        sizes=(11.0,) * n,
        roles=("ink",) * n,
        hover=tuple(
            (r.regimen, " ".join(_estimate_lines(r, unit)), _share_words(r)) for _k, r in known
        ),
    )


def _two_lines(
    row: float, lines: Sequence[str], *, x: float, dx: float, anchor: str = "left"
) -> list[PlotMark]:
    """One line in the middle of its row, or the first in bold above the second."""
    named = anchor == "right"
    places = (0.0,) if len(lines) == 1 else (-_UPPER, _LOWER)
    return [
        Label(
            x=x, x_share=True, dx=dx, y=row + place, text=text, anchor=anchor,  # type: ignore[arg-type]
            role="muted" if named and n else "ink", note=bool(n) or not named,
            bold=named and not n,
        )
        for n, (place, text) in enumerate(zip(places, lines, strict=True))
    ]  # fmt: skip


def _reason(row: int, words: str, room: float, medium: Medium) -> list[PlotMark]:
    lines = wrap_text(words, room, medium.note)
    if len(lines) > 2:
        lines = [lines[0], elide_text(" ".join(lines[1:]), room, medium.note)]
    places = (0.0,) if len(lines) == 1 else (-_UPPER, _LOWER)
    return [
        Label(x=0.0, x_share=True, dx=2.0, y=row + place, text=text, role="muted")
        for place, text in zip(places, lines, strict=False)
    ]


def _estimate_lines(r: RegimenEstimate, unit: Unit) -> tuple[str, str]:
    """The estimate, and its interval or why it has none."""
    estimate = change_text(r.estimate, unit)
    if not np.isfinite(r.low):
        words = ngettext(
            "{change}, no interval with {n} patient", "{change}, no interval with {n} patients", r.n
        ).format(change=estimate, n=r.n)
        head, _comma, rest = words.partition(", ")
        return f"{head},", rest
    limits = (change_text(v, unit).rpartition(" ")[0] for v in (r.low, r.high))
    return estimate, f"[{list_mark().join(limits)}]"


def _share_words(r: RegimenEstimate) -> str:
    return ", ".join(f"{n} {check_text(c)}" for n, c in zip(r.shares, CHECKS, strict=True))
