"""The pages of the dashboard and the frame around them."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

FOLDER = Path(__file__).parent
PAGES = FOLDER / "pages"
STYLE_SHEET = FOLDER / "style.css"


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
    st.logo("static/icon.png", size="small")
    st.html(STYLE_SHEET)
    page.run()
