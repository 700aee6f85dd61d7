"""A bar that moves while records are stored."""

from __future__ import annotations

import streamlit as st
from streamlit.runtime.scriptrunner import RerunException, StopException

from sm_tracker.languages import gettext as _


class StoringBar:
    """How far the storing has come; a click on the page meanwhile waits until it is done.

    Streamlit breaks a run off at the next sign of life after a click. Storing would then be
    taken back as a whole, and a minute of waiting with it.
    """

    def __init__(self) -> None:
        self._bar = st.progress(0.0, _("Storing, all of it or nothing"))
        self._waiting: RerunException | StopException | None = None

    def tell(self, share: float) -> None:
        """Show the share that is done, from 0 to 1."""
        if self._waiting is not None:
            return
        try:
            self._bar.progress(min(share, 1.0), _("Storing, all of it or nothing"))
        except (RerunException, StopException) as click:
            self._waiting = click

    def finish(self) -> None:
        """Take the bar away, and do what was clicked meanwhile."""
        if self._waiting is not None:
            raise self._waiting
        self._bar.empty()
