"""The cells of a visit: a table of text fields that keeps what is typed while the page redraws."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from pathlib import Path

import streamlit as st

from sm_tracker.languages import gettext as _

SCRIPT = Path(__file__).with_suffix(".js")


@dataclass(frozen=True, slots=True)
class GridRow:
    """A row of the grid: its name, its last value in words, and how many cells it has."""

    name: str
    last: str
    cells: int


def show_visit_grid(
    rows: Sequence[GridRow],
    said: Mapping[int, tuple[str, str]],
    key: str,
    on_more: Callable[[], None],
) -> list[tuple[str, ...]]:
    """Draw the grid; the text of each cell, row by row.

    Parameters
    ----------
    rows : sequence of GridRow
    said : mapping
        For a row the mean of its cells and the change from its last value, in words.
    key : str
        Of the component in the session's state.
    on_more : callable
        Called when a further replicate is wanted.
    """
    component = st.components.v2.component(
        "visit_grid",
        html='<div class="place"></div>',
        js=SCRIPT.read_text(encoding="utf-8"),
        isolate_styles=False,
    )
    words = {f"{row} {n}": word for row, both in said.items() for n, word in enumerate(both)}
    component(
        data={"table": visit_grid_html(rows), "said": words},
        key=key,
        on_cells_change=_nothing,
        on_more_change=on_more,
    )
    return typed_cells(rows, key)


def typed_cells(rows: Sequence[GridRow], key: str) -> list[tuple[str, ...]]:
    """The text of each cell as it was left, row by row; blank where nothing is typed."""
    state = st.session_state.get(key) or {}
    cells: Mapping[str, str] = state.get("cells") or {}
    return [tuple(cells.get(f"{n} {c}", "") for c in range(r.cells)) for n, r in enumerate(rows)]


def _nothing() -> None:
    """The cells are read where they are drawn."""


def visit_grid_html(rows: Sequence[GridRow]) -> str:
    """The grid as markup; what is said about a row is put in by the script."""
    most = max((row.cells for row in rows), default=1)
    heads = [_("Site (mm) or outcome"), _("Last value"), *(str(n + 1) for n in range(most))]
    heads += [_("Mean"), _("Change from the last value")]
    head = "".join(f'<th scope="col">{escape(h)}</th>' for h in heads)
    body = "".join(_row(n, row, most) for n, row in enumerate(rows))
    return (
        f'<div class="sm"><div class="scroll"><table class="visit"><thead><tr>{head}</tr></thead>'
        f'<tbody>{body}</tbody></table></div><button type="button" class="more" '
        f'title="{escape(_("Key: Alt and +"))}">{escape(_("One more replicate"))}</button></div>'
    )


def _row(number: int, row: GridRow, most: int) -> str:
    name = escape(row.name, quote=True)
    cells = "".join(
        f'<td><input type="text" inputmode="text" autocomplete="off" size="8" '
        f'aria-label="{name}, {column + 1}" data-name="{name}" data-row="{number}" '
        f'data-column="{column}"></td>'
        for column in range(row.cells)
    )
    blank = "<td></td>" * (most - row.cells)
    said = "".join(f'<td data-said="{number} {n}" aria-live="polite"></td>' for n in range(2))
    return (
        f'<tr><th scope="row">{name}</th><td class="last">{escape(row.last)}</td>'
        f"{cells}{blank}{said}</tr>"
    )
