"""A data folder of its own for every page test, so that nothing of the user is touched."""

from __future__ import annotations

import pytest
import streamlit as st

from sm_tracker.config import configuration


@pytest.fixture(autouse=True)
def data_folder(tmp_path, monkeypatch):
    """An empty folder for the records of this test."""
    folder = tmp_path / "records"
    monkeypatch.setenv("SM_TRACKER_DATA_FOLDER", str(folder))
    monkeypatch.delenv("SM_TRACKER_DATABASE_URL", raising=False)
    configuration.cache_clear()
    st.cache_resource.clear()
    st.cache_data.clear()
    yield folder
    st.cache_resource.clear()
    configuration.cache_clear()
