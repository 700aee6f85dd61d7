"""The language of the screen: chosen here, named in the address, else that of the browser."""

from __future__ import annotations

import streamlit as st

from sm_tracker import languages
from sm_tracker.languages import NAMES, Language
from sm_tracker.languages import gettext as _

CHOSEN, CONTROL, ADDRESS = "language", "language control", "lang"


def language_in_use() -> Language:
    """The language of this run; one that the address named is kept from page to page."""
    if (named := st.query_params.get(ADDRESS)) in NAMES:
        st.session_state.setdefault(CHOSEN, named)
    wanted = (
        st.session_state.get(CHOSEN),
        (st.context.locale or "").partition("-")[0],
    )
    return next((code for w in wanted for code in NAMES if code == w), "en")


def date_order(*, in_a_grid: bool = False) -> str:
    """The order of a date in a field or a cell; English names the month or begins with the year.

    A date that begins with day or month would be read both ways there.
    """
    english = "D MMM YYYY" if in_a_grid else "YYYY-MM-DD"
    return {"de": "DD.MM.YYYY", "fr": "DD/MM/YYYY"}.get(languages.current(), english)


def choose_language() -> None:
    """The control in the header of every page; what was chosen also stands in the address."""
    chosen = st.session_state.get(CHOSEN)
    if chosen and st.query_params.get(ADDRESS) != chosen:
        st.query_params[ADDRESS] = chosen
    with st.container(key="language_place", horizontal=True, width="content"):
        st.segmented_control(
            _("Language"),
            list(NAMES),
            default=language_in_use(),
            format_func=str.upper,
            key=CONTROL,
            label_visibility="collapsed",
            required=True,
            on_change=_keep,
        )


def _keep() -> None:
    # The control is drawn again on each page; what was chosen must outlive it.
    st.session_state[CHOSEN] = st.session_state[CONTROL]
    st.query_params[ADDRESS] = st.session_state[CONTROL]
