"""What somebody had typed when the right to change records was taken away."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping

import streamlit as st

from sm_tracker.languages import gettext as _
from sm_tracker.report import record_words
from sm_tracker.ui.markdown_escape import escape_markdown
from sm_tracker.workflow.storing import Actor

TYPED = "typed before the role changed"
FORMS = ("add ", "visit ")
"""How the keys of the fields of a form begin."""


def keep_what_was_typed(before: Actor, now: Actor) -> None:
    """Keep the fields of open forms, which a person who may only look does not see."""
    if now.role != "viewer" or before.role == "viewer":
        return
    typed = [
        text
        for key, value in st.session_state.items()
        if str(key).startswith(FORMS)
        for text in _texts(value)
    ]
    if typed:
        st.session_state[TYPED] = " · ".join(typed)


def _texts(value: object) -> Iterator[str]:
    """The words and numbers of a field, or of the cells of a grid that were filled."""
    if isinstance(value, Mapping):
        for part in value.values():
            yield from _texts(part)
    elif (
        isinstance(value, str | int | float | dt.date)
        and value != ""
        and not isinstance(value, bool)
    ):
        yield record_words.value_word(value)


def show_what_was_typed() -> None:
    """Say that nothing was stored, with what was typed, until the person has read it."""
    typed = st.session_state.get(TYPED)
    if not typed:
        return
    words = _(
        "You may no longer change records of this clinic, so nothing was stored. You had "
        "typed: {typed}"
    )
    st.warning(escape_markdown(words.format(typed=typed)))
    st.button(_("Close"), key="close what was typed", on_click=_forget)


def _forget() -> None:
    st.session_state.pop(TYPED, None)
