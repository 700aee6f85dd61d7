"""The regimen table in words; a row chosen by mouse or keyboard comes into focus everywhere."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from html import escape
from pathlib import Path

import streamlit as st

from sm_tracker.analysis.change.answers import SLIGHTLY, direction_of_word
from sm_tracker.figures.languages import capital
from sm_tracker.figures.theme import LIGHT, RegimenStyle, regimen_styles
from sm_tracker.languages import gettext as _
from sm_tracker.report.explanations import Term, explanations
from sm_tracker.report.tables import RegimenRow

SCRIPT = Path(__file__).with_suffix(".js")
_BLANK = "\u00a0"
HATCHES = {
    "": (),
    "/": ("135deg",),
    "\\": ("45deg",),
    "x": ("45deg", "135deg"),
    "-": ("0deg",),
    "+": ("0deg", "90deg"),
}


def show_regimen_table(
    rows: Sequence[RegimenRow], focus: str, key: str, on_choose: Callable[[], None]
) -> None:
    """Draw the table; `on_choose` is called when a row is chosen, see :func:`chosen_period`.

    A remark that holds for every period is said once beneath.


    Parameters
    ----------
    rows : sequence of RegimenRow
        Newest first.
    focus : str
        ``period_id`` of the row in focus.
    key : str
        Of the component in the session's state.
    on_choose : callable
    """
    place_table(regimen_table_html(rows, focus), key, on_choose)


def place_table(html: str, key: str, on_choose: Callable[[], None]) -> None:
    """Put a table on the page whose rows with ``data-period`` can be chosen."""
    component = st.components.v2.component(
        "regimen_table",
        html='<div class="place"></div>',
        js=SCRIPT.read_text(encoding="utf-8"),
        isolate_styles=False,
    )
    component(data={"table": html}, key=key, on_period_change=on_choose)


def chosen_period(key: str) -> str:
    """The ``period_id`` of the row just chosen."""
    return str(st.session_state[key].period or "")


def table_heads(*, several_sites: bool) -> tuple[tuple[str, Term | None], ...]:
    """Headings of the table, each with the statistic that it explains."""
    own: tuple[tuple[str, Term | None], ...] = (
        (_("Regimen"), None),
        (_("Period, dose, why it ended"), None),
        (_("Baseline → last"), "baseline"),
        (_("Change"), "change"),
        (_("Error band"), "error_band"),
        (_("Result"), "verdict"),
    )
    return (*own, (_("All sites"), "over_sites")) if several_sites else own


def regimen_table_html(rows: Sequence[RegimenRow], focus: str) -> str:
    """The table as HTML, every text of it escaped."""
    styles = regimen_styles(sorted({row.therapy for row in rows if row.level == "period"}))
    known = explanations()
    several_sites = any(row.over_sites for row in rows)
    cells = "".join(
        f'<th scope="col" role="columnheader" title="{escape(known[term].text if term else "")}">'
        f"{escape(head)}</th>"
        for head, term in table_heads(several_sites=several_sites)
    )
    common = common_flags(rows)
    body = "".join(_row(row, row.period_id == focus, styles, common, several_sites) for row in rows)
    said = "".join(f"<li>{escape(flag)}</li>" for flag in common)
    note = f'<ul class="flags all">{said}</ul>' if common else ""
    return (
        f'<div class="sm scroll"><table class="reg" role="table"><thead role="rowgroup">'
        f'<tr role="row">{cells}</tr></thead><tbody role="rowgroup">{body}</tbody></table></div>'
        f"{note}"
    )


def common_flags(rows: Sequence[RegimenRow]) -> tuple[str, ...]:
    """Remarks that hold for every therapy period, where there are two or more."""
    periods = [row for row in rows if row.level == "period"]
    if len(periods) < 2:
        return ()
    return tuple(f for f in periods[0].flags if all(f in row.flags for row in periods))


def _row(
    row: RegimenRow,
    focused: bool,
    styles: Mapping[str, RegimenStyle],
    common: tuple[str, ...],
    several_sites: bool,
) -> str:
    selectable = row.level == "period"
    focused = focused and selectable
    names = ["focus"] if focused else [] if selectable else ["quiet"]
    period = f' data-period="{escape(row.period_id)}"' if selectable else ""
    cells = [
        ("name", _name(row, focused, selectable, styles.get(row.therapy))),
        ("period", f"<span>{_limits(row.period)}</span>{_second(row.dose)}"),
        ("base", f"{escape(row.baseline_to_last)}{_second(row.days)}"),
        ("change", f"<b>{escape(row.change)}</b>{_second(row.change_share)}"),
        ("against", f"{_strip(row)}{_second(capital(row.limit))}"),
        ("verdict", _result(row)),
    ]
    if several_sites:
        cells.append((f"sites {TONES[row.over_sites_tone]}", escape(row.over_sites)))
    inner = "".join(f'<td role="cell" class="{name}">{cell}</td>' for name, cell in cells)
    flags = [flag for flag in row.flags if flag not in common]
    more = _flags(flags, names, period, len(cells))
    if more:
        names = [*names, "flagged"]
    return f'<tr role="row" class="{" ".join(names)}"{period}>{inner}</tr>{more}'


def _flags(flags: Sequence[str], names: Sequence[str], period: str, n_cells: int) -> str:
    """The remarks in a row of their own beneath, where a sentence has room for a line."""
    if not flags:
        return ""
    listed = "".join(f"<li>{escape(flag)}</li>" for flag in flags)
    return (
        f'<tr role="row" class="{" ".join([*names, "more"])}"{period}><td role="cell"></td>'
        f'<td role="cell" colspan="{n_cells - 1}"><ul class="flags">{listed}</ul></td></tr>'
    )


def _limits(period: str) -> str:
    """Start and end of a period; a line ends between the two, never within a date."""
    return escape(period.replace(" ", _BLANK).replace(f"{_BLANK}–{_BLANK}", f"{_BLANK}– "))


def _second(text: str) -> str:
    return f"<i>{escape(text)}</i>" if text else ""


def _name(row: RegimenRow, focused: bool, selectable: bool, style: RegimenStyle | None) -> str:
    if not selectable:
        return f"{regimen_swatch(style)}{escape(row.regimen)}"
    return row_button(row.regimen, focused, style)


def regimen_swatch(style: RegimenStyle | None) -> str:
    """A small field in the fill of a regimen."""
    return f'<span class="sw" style="{_fill(style)}"></span>'


def row_button(name: str, focused: bool, style: RegimenStyle | None) -> str:
    """The control of a row, with the regimen's fill and name."""
    title = escape(_("Show this period in the figure"))
    return (
        f'<button type="button" aria-pressed="{str(focused).lower()}" title="{title}">'
        f"{regimen_swatch(style)}<span>{escape(name.replace(' (', f'{_BLANK}('))}</span></button>"
    )


def _fill(style: RegimenStyle | None) -> str:
    if style is None:
        return "background:transparent"
    ink = style.hatch(LIGHT)
    if style.pattern == ".":
        return f"background:radial-gradient({ink} 0.9px,transparent 1.1px) 0 0/4px 4px,{style.fill}"
    lines = [
        f"repeating-linear-gradient({angle},{ink} 0 1px,transparent 1px 4px)"
        for angle in HATCHES[style.pattern]
    ]
    return f"background:{','.join([*lines, style.fill])}"


TONES = {-1: "thinner", 0: "within", 1: "thicker"}


def word_sign(code: str) -> str:
    """Class of the small mark of a word; a square for all that name no direction."""
    return code if direction_of_word(code) else "within_error"


def _strip(row: RegimenRow) -> str:
    if row.strip is None:
        return ""
    low, high, place = (100 * x for x in row.strip)
    left, width = min(place, 50.0), abs(place - 50)
    tone = TONES[row.tone]
    slight = " slightly" if row.code.startswith(SLIGHTLY) else ""
    return (
        f'<span class="strip" aria-hidden="true">'
        f'<i class="band" style="left:{low:.1f}%;width:{high - low:.1f}%"></i>'
        f'<i class="zero"></i>'
        f'<i class="stem {tone}" style="left:{left:.1f}%;width:{width:.1f}%"></i>'
        f'<i class="mark {tone}{slight}" style="left:{place:.1f}%"></i></span>'
    )


def _result(row: RegimenRow) -> str:
    """The one word with its mark, and beneath it why, and what stands beside it."""
    lines = "".join(f"<i>{escape(line)}</i>" for line in row.reasons)
    return (
        f'<span class="check {TONES[row.tone]}"><span class="g g-{word_sign(row.code)}"></span>'
        f"<span>{escape(row.word)}</span></span>{lines}"
    )
