"""Everything drawn in words: alternative text and the table for readers without a picture."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from sm_tracker.domain.exposure import Periods
from sm_tracker.domain.settings import Settings
from sm_tracker.figures.chronology import Chronology
from sm_tracker.figures.languages import (
    LANGUAGES,
    capital,
    expansion,
    headed,
    number,
    say,
)
from sm_tracker.figures.page.values import FigureRow
from sm_tracker.figures.timeline.curves import Series
from sm_tracker.figures.timeline.lanes import limits_text
from sm_tracker.figures.timeline.timeline_model import (
    Bar,
    CensoredMark,
    DoubtfulMark,
    EventMark,
    Lane,
    Panel,
    Point,
    TimelineView,
)
from sm_tracker.languages import N_, Language, gettext_in

_ROW_TITLES = (
    ("What", "Name", "When", "Value", "n", "Remark"),
    ("Was", "Name", "Wann", "Wert", "n", "Bemerkung"),
    ("Quoi", "Nom", "Quand", "Valeur", "n", "Remarque"),
)
_WITH_THERAPIES = N_("{measured} over time, with therapies.")
_OVER_TIME = N_("{measured} over time.")
_KINDS = {
    "reading": N_("Thickness"),
    "outcome": N_("Outcome"),
    "period": N_("Therapy period"),
    "session": N_("Sessions"),
    "band": N_("Error band"),
    "event": N_("Event"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureContent:
    """What a figure is made of, as its words need it."""

    series: tuple[Series, ...]
    shown: tuple[Series, ...]
    panels: tuple[Panel, ...]
    lanes: tuple[Lane, ...]
    periods: Periods
    focus_name: str
    usual_n: int
    when: Chronology
    view: TimelineView
    settings: Settings
    course: pd.Series | None = None
    """First against last reading in focus, where there is no therapy."""
    events: tuple[EventMark, ...] = ()

    @property
    def thickness(self) -> tuple[Panel, ...]:
        """The panels of skin thickness."""
        return tuple(p for p in self.panels if p.kind == "thickness")

    @property
    def period_rows(self) -> dict[str, pd.Series]:
        """The row of each therapy period by its id."""
        return {row["period_id"]: row for _, row in self.periods.frame.iterrows()}

    @property
    def bars(self) -> tuple[Bar, ...]:
        """The bars of all lanes, by start."""
        return tuple(sorted((b for lane in self.lanes for b in lane.bars), key=lambda b: b.start))


def alt_text(drawn: FigureContent) -> str:
    """The figure in a few sentences, for readers who do not see it."""
    language = drawn.when.language
    head = next(iter(drawn.panels), None)
    title = head.title if head else say(language, "thickness")
    unit = head.unit if head else "mm"
    measured = f"{title} ({unit})" if unit else title
    opening = _WITH_THERAPIES if drawn.lanes else _OVER_TIME
    parts = [gettext_in(language, opening).format(measured=measured)]
    for panel in drawn.panels:
        for curve in panel.curves:
            if not curve.points:
                continue
            first, last = curve.points[0], curve.points[-1]
            ends = [
                f"{number(p.y, 2 if panel.decimals == 1 else panel.decimals, language)} "
                f"({drawn.when.when(p.x)})"
                for p in (first, last)
            ]
            n = f"n = {len(curve.points)}"
            said = f"{' → '.join(dict.fromkeys(ends))}, {n}."
            parts.append(headed(curve.name, said, language))
    rows = drawn.period_rows
    for bar in drawn.bars:
        limits = limits_text(rows[bar.period_id], bar.start, bar.end, drawn.when)
        parts.append(headed(bar.name, f"{limits}.", language))
    parts += [headed(e.hover[0], f"{e.when_text}.", language) for e in drawn.events]
    return " ".join(parts)


def row_titles(language: Language) -> tuple[str, ...]:
    """Column titles of the table of everything drawn."""
    return _ROW_TITLES[LANGUAGES.index(language)]


def figure_rows(drawn: FigureContent) -> tuple[FigureRow, ...]:
    """Every mark of the figure as a row in words, in order of panels and time."""
    rows: list[FigureRow] = []
    for panel in drawn.panels:
        rows += _panel_rows(panel, drawn.when)
    periods = drawn.period_rows
    for bar in drawn.bars:
        rows += _bar_rows(bar, periods[bar.period_id], drawn.when)
    kind = gettext_in(drawn.when.language, _KINDS["event"])
    rows += [
        FigureRow(kind=kind, name=e.kind_text, when=e.when_text, value=e.hover[0], n="", remark="")
        for e in drawn.events
    ]
    return tuple(rows)


def _panel_rows(panel: Panel, when: Chronology) -> list[FigureRow]:
    language = when.language
    kind = gettext_in(language, _KINDS["reading" if panel.kind == "thickness" else "outcome"])
    rows: list[tuple[float, FigureRow]] = []
    for curve in panel.curves:
        marks: list[Point | CensoredMark | DoubtfulMark] = [
            *curve.points, *curve.censored, *curve.doubtful
        ]  # fmt: skip
        for mark in marks:
            value = mark.hover[0].removeprefix(curve.name).strip()
            counted = isinstance(mark, Point) and panel.kind == "thickness"
            n = str(mark.n) if isinstance(mark, Point) and counted else ""
            remark = mark.hover[-1].partition(" · ")[2]
            if isinstance(mark, DoubtfulMark):
                remark = mark.hover[1]
            row = FigureRow(
                kind=kind, name=curve.name, when=when.when(mark.x), value=value, n=n, remark=remark
            )
            rows.append((mark.x, row))
    for cross in panel.unreadable:
        for line in cross.hover[:-1]:
            name, _, state = line.rpartition(": ")
            remark = cross.hover[-1].partition(" · ")[2]
            row = FigureRow(
                kind=kind, name=name, when=when.when(cross.x), value=state, n="0", remark=remark
            )
            rows.append((cross.x, row))
    listed = [r for _, r in sorted(rows, key=lambda pair: (pair[1].name, pair[0]))]
    rules = [
        FigureRow(kind=kind, name="", when=when.when(r.x), value="", n="", remark=r.text)
        for r in panel.rules
    ]
    return listed + rules + _band_rows(panel, when)


def _band_rows(panel: Panel, when: Chronology) -> list[FigureRow]:
    if panel.band is None:
        return []
    names = [c.name for c in panel.curves if c.focus]
    decimals = 2 if panel.decimals else 0
    limits = [
        number(v, decimals, when.language) if v is not None else "–"
        for v in (panel.band.low, panel.band.high)
    ]
    base = number(panel.band.baseline, decimals, when.language)
    return [
        FigureRow(
            kind=gettext_in(when.language, _KINDS["band"]),
            name=", ".join(names),
            when=f"{when.when(panel.band.start)} – {when.when(panel.band.end)}",
            value=f"{limits[0]} – {limits[1]} {panel.unit}",
            n="",
            remark=say(when.language, "baseline", x=base),
        )
    ]


def _bar_rows(bar: Bar, row: pd.Series, when: Chronology) -> list[FigureRow]:
    language = when.language
    rows = [
        FigureRow(
            kind=gettext_in(language, _KINDS["period"]),
            name=bar.name,
            when=limits_text(row, bar.start, bar.end, when),
            value=next(iter(bar.labels), ""),
            n="",
            remark=capital(expansion(bar.regimen, language)),
        )
    ]
    if bar.sessions:
        days = ", ".join(s.hover[-1] for s in bar.sessions)
        n = str(len(bar.sessions))
        rows.append(
            FigureRow(
                kind=gettext_in(language, _KINDS["session"]),
                name=bar.name,
                when=days,
                value="",
                n=n,
                remark="",
            )
        )
    return rows
