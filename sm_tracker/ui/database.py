"""The database of this server, opened once for all sessions."""

from __future__ import annotations

import streamlit as st

from sm_tracker.workflow import storing
from sm_tracker.workflow.storing import Actor, Database, RecordStore


@st.cache_resource(show_spinner=False)
def _database() -> Database:
    return storing.open_database(serving=True)


def store_of(who: Actor) -> RecordStore:
    """The store as a person may use it; its database is made at the first use."""
    return RecordStore(_database(), who)
