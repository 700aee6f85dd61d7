"""Import: what was recognised, what is asked, what was found; nothing is kept before the button."""

import streamlit as st

from sm_tracker import workflow
from sm_tracker.domain.records import ReadResult
from sm_tracker.errors import TrackerError
from sm_tracker.languages import gettext as _
from sm_tracker.report import wording
from sm_tracker.ui import components, reading, state

UPLOADS = "import files"


def render() -> None:
    files = state.open_files(st.session_state.get(UPLOADS) or [])
    result = state.result_of(files) if files else None
    head, second = wording.import_headline(result, reading.n_open(result))
    components.title(head, second)
    st.file_uploader(
        _("Add files: measurements, therapies, outcomes (CSV, text, XLSX)"),
        accept_multiple_files=True,
        key=UPLOADS,
    )
    if result is None:
        templates()
    else:
        reading.recognised(result)
        reading.questions(result)
        reading.findings(result)
        actions(result, files)
    components.notice()


def actions(result: ReadResult, files: tuple[workflow.SourceFile, ...]) -> None:
    label, reason = wording.import_action(result)
    with st.container(horizontal=True, vertical_alignment="center"):
        if st.button(label, type="primary", disabled=bool(reason)):
            state.keep_files(files)
            st.switch_page("sm_tracker/ui/pages/timeline.py")
        if result.refused:
            st.download_button(
                _("Download the refused rows ({n})").format(n=len(result.refused)),
                workflow.refused_rows_csv(result),
                "refused_rows.csv",
                "text/csv",
                on_click="ignore",
            )
        if reason:
            components.note(reason)


def templates() -> None:
    components.section(
        _("Templates"),
        _("Two files in the program's own form; other forms are recognised or asked about."),
    )
    with st.container(horizontal=True):
        for name, content in workflow.template_files().items():
            st.download_button(name, content, name, on_click="ignore")


try:
    render()
except TrackerError as error:
    components.failure(error)
