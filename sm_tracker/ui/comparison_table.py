"""The comparison of periods as a table; a row chosen by mouse or keyboard leads to its period."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

from sm_tracker.analysis.change.answers import SLIGHTLY
from sm_tracker.figures.comparison.comparison_model import (
    ComparisonCell,
    ComparisonModel,
    ComparisonRow,
)
from sm_tracker.figures.theme import RegimenStyle, regimen_styles
from sm_tracker.languages import gettext as _
from sm_tracker.ui import regimen_table

_NEITHER = "neither"


def comparison_table_html(model: ComparisonModel, regimens: Mapping[str, str], focus: str) -> str:
    """The table as HTML, every text of it escaped.

    Parameters
    ----------
    model : ComparisonModel
    regimens : mapping of str to str
        Regimen of each ``period_id``, for its fill.
    focus : str
        ``period_id`` of the row in focus.
    """
    styles = regimen_styles(sorted(set(regimens.values())))
    several_sites = any(row.over_sites for row in model.rows)
    heads = [_("Regimen"), _("Period"), *model.columns]
    if several_sites:
        heads.append(_("All sites"))
    head = "".join(f'<th scope="col" role="columnheader">{escape(h)}</th>' for h in heads)
    body = "".join(
        _row(row, model, styles.get(regimens.get(row.key, "")), row.key == focus, several_sites)
        for row in model.rows
    )
    return (
        '<div class="sm scroll"><table class="reg cmp" role="table"><thead role="rowgroup">'
        f'<tr role="row">{head}</tr></thead><tbody role="rowgroup">{body}</tbody></table></div>'
    )


def _row(
    row: ComparisonRow,
    model: ComparisonModel,
    style: RegimenStyle | None,
    focused: bool,
    several_sites: bool,
) -> str:
    selectable = row.level == "period"
    focused = focused and selectable
    names = ["focus"] if focused else [] if selectable else ["quiet"]
    period = f' data-period="{escape(row.key)}"' if selectable else ""
    name = (
        regimen_table.row_button(row.name, focused, style)
        if selectable
        else regimen_table.regimen_swatch(None) + escape(row.name)
    )
    cells = "".join(
        f'<td role="cell" data-site="{escape(site)}">{_cell(cell, model.unit)}</td>'
        for site, cell in zip(model.columns, row.cells, strict=True)
    )
    if several_sites:
        cells += f'<td role="cell" class="sites">{escape(row.over_sites)}</td>'
    return (
        f'<tr role="row" class="{" ".join(names)}"{period}><td role="cell" class="name">{name}</td>'
        f'<td role="cell" class="nowrap">{escape(row.when)}</td>{cells}</tr>'
    )


def _cell(cell: ComparisonCell | None, unit: str) -> str:
    if cell is None:
        return "–"
    if cell.change is None:
        return f"<i>{escape(cell.reason)}</i>"
    tone = "within" if cell.sign == _NEITHER else cell.sign.removeprefix(SLIGHTLY)
    mark = "within_error" if cell.sign == _NEITHER else cell.sign
    values = cell.hover[0].rpartition(", ")[0]
    rest = "".join(f"<i>{escape(line)}</i>" for line in cell.hover[3:])
    return (
        f'<span class="check {tone}"><span class="g g-{mark}"></span>'
        f"<span>{escape(cell.text)} {escape(unit)}</span></span>"
        f"<i>{escape(values)}</i><i>{escape(cell.word)}</i>{rest}"
    )
