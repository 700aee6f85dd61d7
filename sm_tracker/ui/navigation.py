"""The pages of the dashboard and the frame around them."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from sm_tracker.config import ROOT
from sm_tracker.languages import gettext as _
from sm_tracker.languages import speaking
from sm_tracker.report import record_words
from sm_tracker.ui import access, announcement, language, taken_rights

FOLDER = Path(__file__).parent
PAGES = FOLDER / "pages"
STYLE_SHEET, ON_PAPER = FOLDER / "style.css", FOLDER / "on_paper.css"
FITTING = FOLDER / "on_paper.js"
PRODUCT = "SM Tracker"
ICON = str(ROOT / "static" / "icon.png")


def run_pages() -> None:
    """Show the page that was chosen, the Timeline first, in the language in use."""
    with speaking(language.language_in_use()), record_words.clock_of(st.context.timezone):
        if not access.admitted():
            st.html(STYLE_SHEET)
            language.choose_language()
            return
        page = st.navigation(
            [
                st.Page(PAGES / "timeline.py", title=_("Timeline"), default=True),
                st.Page(PAGES / "patients.py", title=_("Patients"), url_path="patients"),
                st.Page(PAGES / "compare.py", title=_("Compare"), url_path="compare"),
                st.Page(PAGES / "cohort.py", title=_("Cohort"), url_path="cohort"),
                st.Page(PAGES / "import_files.py", title=_("Import"), url_path="import"),
                st.Page(PAGES / "records.py", title=_("Records"), url_path="records"),
                st.Page(PAGES / "figure.py", title=_("Figure"), url_path="figure"),
                st.Page(PAGES / "report.py", title=_("Report"), url_path="report"),
                st.Page(PAGES / "settings.py", title=_("Settings"), url_path="settings"),
                st.Page(
                    PAGES / "methods.py",
                    title=_("Methods"),
                    url_path="methods",
                    visibility="hidden",
                ),
            ],
            position="top",
        )
        st.set_page_config(page_title=f"{page.title} – {PRODUCT}")
        st.logo(ICON, size="small")
        st.html(STYLE_SHEET)
        language.choose_language()
        announcement.show_announcement()
        taken_rights.show_what_was_typed()
        page.run()
        _fit_paper()


def _fit_paper() -> None:
    """What the browser prints is the answer and its figure as wide as the page, no control."""
    st.html(ON_PAPER)
    component = st.components.v2.component(
        "on_paper", html="<span></span>", js=FITTING.read_text(encoding="utf-8"),
        isolate_styles=False,
    )  # fmt: skip
    with st.container(key="on_paper"):
        component(key="fitting of figures")
