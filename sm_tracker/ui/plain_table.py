"""Tables of words: cells are escaped here, or by who made the row."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

import streamlit as st


def show_plain_table(name: str, heads: Sequence[str], rows: Iterable[str]) -> None:
    """A table of rows that are already HTML, with its heads.

    Parameters
    ----------
    name : str
        Class of the table in the style sheet.
    heads : sequence of str
    rows : iterable of str
        ``<tr>`` elements with escaped text.
    """
    head = "".join(f'<th scope="col">{escape(h)}</th>' for h in heads)
    st.html(
        f'<div class="sm scroll"><table class="{name}"><thead><tr>{head}</tr></thead>'
        f"<tbody>{''.join(rows)}</tbody></table></div>"
    )


def html_row(*cells: str) -> str:
    """A row of plain texts, escaped; line ends become lines."""
    inner = "".join(f"<td>{escape(c).replace(chr(10), '<br>') or '–'}</td>" for c in cells)
    return f"<tr>{inner}</tr>"
