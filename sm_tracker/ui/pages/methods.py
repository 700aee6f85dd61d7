"""Methods: the section of the methods document behind a statistic, or all of it, and what the
clinic's own error lets one find."""

import streamlit as st

from sm_tracker.config import ROOT
from sm_tracker.errors import TrackerError
from sm_tracker.languages import gettext as _
from sm_tracker.report.methods_document import section_of, without_files
from sm_tracker.ui import components, data_source, detection

DOCUMENT = ROOT / "docs" / "methods.md"


def render() -> None:
    components.show_title(_("Methods"), _("How the numbers on these pages are computed."))
    if not DOCUMENT.exists():
        components.show_note(_("The methods document is not installed; see docs/methods.md."))
        return
    text = without_files(DOCUMENT.read_text(encoding="utf-8")).removeprefix("# Methods\n")
    wanted = st.query_params.get("section", "")
    part = section_of(text, wanted)
    with st.container(key="card_methods"):
        st.markdown(part or text)
    if part:
        with st.expander(_("All methods")):
            st.markdown(text)
    detection.show_detection(data_source.settings_in_force())
    components.show_intended_use()


try:
    render()
except TrackerError as error:
    components.show_error(error)
