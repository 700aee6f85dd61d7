"""The pages of the dashboard and the frame around them."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from sm_tracker.ui.style import STYLE

PAGES = Path(__file__).parent / "pages"


def run() -> None:
    """Show the page that was chosen, the Timeline first."""
    page = st.navigation(
        [
            st.Page(PAGES / "timeline.py", title="Timeline", default=True),
            st.Page(PAGES / "import_files.py", title="Import", url_path="import"),
            st.Page(PAGES / "settings.py", title="Settings"),
        ],
        position="top",
    )
    st.html(f"<style>{STYLE}</style>")
    page.run()
