"""The language of the screen: chosen here, named in the address, else that of the browser."""

from __future__ import annotations

import streamlit as st

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


def choose_language() -> None:
    """The control below every page."""
    with st.container(key="language_place", horizontal=True, horizontal_alignment="right"):
        st.segmented_control(
            _("Language"),
            list(NAMES),
            default=language_in_use(),
            format_func=lambda code: NAMES[code],
            key=CONTROL,
            label_visibility="collapsed",
            required=True,
            on_change=_keep,
        )


def _keep() -> None:
    # The control is drawn again on each page; what was chosen must outlive it.
    st.session_state[CHOSEN] = st.session_state[CONTROL]
    st.query_params[ADDRESS] = st.session_state[CONTROL]
