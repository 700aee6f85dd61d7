"""A line said on the page that comes next, such as what an import did."""

from __future__ import annotations

from html import escape

import streamlit as st

SAID = "said on the next page"


def announce_next(words: str) -> None:
    """Keep a line for the page that is shown next."""
    st.session_state[SAID] = words


def show_announcement() -> None:
    """The line kept for this page, once; read out by a screen reader."""
    words = st.session_state.pop(SAID, "")
    if words:
        st.html(f'<div class="sm note" role="status"><b>{escape(words)}</b></div>')
