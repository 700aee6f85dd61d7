"""Import: what was recognised, asked and found, and what it would change; then the button."""

from functools import partial

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from sm_tracker.domain.records import ReadResult
from sm_tracker.errors import TrackerError
from sm_tracker.ingest import SourceFile
from sm_tracker.languages import gettext as _
from sm_tracker.languages import ngettext
from sm_tracker.report import import_words, record_words
from sm_tracker.ui import (
    access,
    announcement,
    column_mapping,
    components,
    data_source,
    import_doubts,
    import_findings,
    past_imports,
    patient,
    state,
    store_preview,
    tag_offer,
)
from sm_tracker.ui.markdown_escape import escape_markdown
from sm_tracker.ui.storing_bar import StoringBar
from sm_tracker.workflow import doubts, file_import, storing
from sm_tracker.workflow.storing import ImportPreview, OnChanged

UPLOADS, TURN = "import files", "turn of the import"
LONG_BYTES = 300_000  # files that take longer than a blink show how far their reading has come
MANY_ROWS = 5_000
TIMELINE = "sm_tracker/ui/pages/timeline.py"
Files = tuple[SourceFile, ...]


def render() -> None:
    uploads = f"{UPLOADS} {st.session_state.get(TURN, 0)}"
    files = state.open_files(st.session_state.get(uploads) or [])
    result = _read(files) if files else None
    components.show_title(
        *import_words.import_headline(result, import_findings.count_open_questions(result))
    )
    st.file_uploader(
        _("Add files: measurements, therapies, outcomes (CSV, text, XLSX)"),
        accept_multiple_files=True,
        key=uploads,
    )
    if result is None:
        _templates()
        past_imports.show_past_imports()
    else:
        import_findings.show_recognised(result)
        import_findings.show_questions(result)
        column_mapping.show_column_mapping(result, files)
        # What is doubtful and what was found is told apart by what is stored already.
        doubts_place, findings_place = st.container(), st.container()
        tag_offer.announce_tag_dates(result)
        _storing_and_looking(result, files, doubts_place, findings_place)
    components.show_intended_use()


def _read(files: Files) -> ReadResult:
    """Read the files; long ones show how far it has come."""
    if sum(len(f.content) for f in files) < LONG_BYTES:
        return data_source.result_for_storing(files)
    bar = st.progress(0.0)

    def tell(share: float, file: str) -> None:
        words = _("Reading {file}").format(file=file) if file else _("Joining the records")
        bar.progress(min(share, 1.0), escape_markdown(words))

    result = data_source.result_for_storing(files, tell)
    bar.empty()
    return result


def _storing_and_looking(
    result: ReadResult, files: Files, doubts_place: DeltaGenerator, findings_place: DeltaGenerator
) -> None:
    """Preview of the import, and the buttons that do it or something less."""
    label, reason = import_words.import_action(result)
    preview, on_changed, answered = None, None, []
    if not reason:
        try:
            preview = _compared(result, files)
        except TrackerError as error:
            components.show_error(error)
            reason = _("The records cannot be stored. You can still view them.")
        else:
            on_changed = store_preview.show_store_preview(preview)
            label = record_words.import_label(preview, on_changed)
            reason = _hindrance(preview, on_changed)
            with doubts_place:
                found = doubts.incoming_doubts(data_source.store_if_made(), preview)
                answered = import_doubts.show_incoming_doubts(found)
    with findings_place:
        places = [one.record.place for one, _answer in answered]
        import_findings.show_findings(storing.findings_of_news(result, preview, places))
    with st.container(horizontal=True, vertical_alignment="center", key="actions"):
        pressed = st.button(label, type="primary", disabled=bool(reason), key="import now")
        if result.outcome in ("accept", "accept_with_warning") and st.button(
            _("View without storing"), key="only look"
        ):
            state.keep_files(files)
            _to_timeline(result)
        if result.refused:
            _refused(result)
        st.button(_("Start over"), type="tertiary", key="start over", on_click=_start_over)
        if reason:
            components.show_note(reason)
    if pressed and preview is not None and on_changed is not None:
        _store(result, files, preview, on_changed, answered)


def _compared(result: ReadResult, files: Files) -> ImportPreview:
    """Preview of the import; many rows take a while to be compared."""
    n_rows = len(result.records)
    if n_rows < MANY_ROWS:
        return data_source.preview_of_storing(result, files)
    with st.spinner(_("Preview of the import")):
        return data_source.preview_of_storing(result, files)


def _start_over() -> None:
    """Put the files and the answers about them aside."""
    state.forget_reading()
    st.session_state[TURN] = st.session_state.get(TURN, 0) + 1


def _hindrance(preview: ImportPreview, on_changed: OnChanged | None) -> str:
    """Why the import button cannot be pressed, or blank."""
    if not access.acting_person().may("editor"):
        return _("Your role can look at records but not import them.")
    if preview.earlier is not None:
        return _("Nothing new in these files.")
    if not preview.added and not preview.changed:
        return _("Every row of these files is stored already.")
    if on_changed is None:
        return _("Choose what should happen to rows that differ.")
    return ""


def _store(
    result: ReadResult,
    files: Files,
    preview: ImportPreview,
    on_changed: OnChanged,
    answered: list[tuple[doubts.IncomingDoubt, doubts.DoubtAnswer]],
) -> None:
    """Import what was shown, or say why the store did not take it."""
    bar = StoringBar()
    try:
        report = storing.import_files(
            data_source.acting_store(),
            result,
            files,
            state.answers_so_far(),
            on_changed=on_changed,
            agreement=preview.agreement,
            progress=bar.tell,
        )
    except TrackerError as error:
        components.show_error(error)
        return
    announcement.announce_next(record_words.import_report(report) + _answered(answered))
    state.close_files()
    bar.finish()
    _to_timeline(result)


def _answered(answered: list[tuple[doubts.IncomingDoubt, doubts.DoubtAnswer]]) -> str:
    """Answer the doubts of what was just stored; what became of that in words."""
    if not answered:
        return ""
    try:
        n = doubts.answer_stored(
            data_source.acting_store(), answered, _("doubtful value answered at the import")
        )
    except TrackerError as error:
        return f" {error}"
    words = ngettext("{n} doubtful value was answered.", "{n} doubtful values were answered.", n)
    return " " + words.format(n=n)


def _to_timeline(result: ReadResult) -> None:
    """Go to the Timeline with the first patient of the files in view."""
    patients = file_import.records_of(result).patients
    st.session_state[patient.PATIENT] = next(
        (m.patient_id for m in result.measurements), patients[0]
    )
    st.switch_page(TIMELINE)


def _refused(result: ReadResult) -> None:
    st.download_button(
        _("Download the refused rows ({n})").format(n=len(result.refused)),
        lambda: file_import.refused_rows_csv(result),
        "refused_rows.csv",
        "text/csv",
        on_click="ignore",
    )


def _templates() -> None:
    components.show_section(
        _("Templates"),
        _("Files in the program's own form; other forms are recognised or asked about."),
    )
    with st.container(horizontal=True):
        for name in file_import.template_files():
            st.download_button(name, partial(_template, name), name, on_click="ignore")


def _template(name: str) -> bytes:
    return file_import.template_files()[name]


try:
    render()
except TrackerError as error:
    components.show_error(error)
