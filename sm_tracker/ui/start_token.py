"""The start token of a dashboard without sign-in: asked for once in each browser, where set."""

from __future__ import annotations

import streamlit as st

from sm_tracker.config import configuration
from sm_tracker.languages import gettext as _
from sm_tracker.ui import components
from sm_tracker.workflow import access

COOKIE = "sm_tracker_start"
GIVEN = "start token given"
IN_ADDRESS = "token"
_SECONDS = 30 * 24 * 3600


def token_was_given() -> bool:
    """Whether this browser gave the start token, or none is asked for."""
    token = configuration().local_token
    if not token or st.session_state.get(GIVEN) == token:
        return True
    kept = st.context.cookies.get(COOKIE, "")
    return access.is_the_token(kept, access.cookie_of_token(token))


def ask_for_token() -> None:
    """Ask for the token; the address may carry it too, as ``?token=...``."""
    st.text(_("This dashboard asks for its start token once in each browser."))
    with st.form("start token"):
        typed = st.text_input(_("Start token"), type="password", width=330)
        pressed = st.form_submit_button(_("Open"))
    given = typed if pressed else str(st.query_params.get(IN_ADDRESS, ""))
    if not given:
        return
    token = configuration().local_token
    if access.is_the_token(given, token):
        st.query_params.pop(IN_ADDRESS, None)
        st.session_state[GIVEN] = token
        st.rerun()
    components.show_note(_("That is not the start token."))


def keep_cookie() -> None:
    """Let the browser keep that it gave the token; scripts of other pages cannot read it."""
    token = configuration().local_token
    if not token or st.session_state.get(GIVEN) != token:
        return
    words = f"{COOKIE}={access.cookie_of_token(token)}; path=/; max-age={_SECONDS}; SameSite=Strict"
    st.html(f"<script>document.cookie = '{words}'</script>", unsafe_allow_javascript=True)
