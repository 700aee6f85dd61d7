"""Records: look up, add, correct, mark; past imports, audit trail, export and erasure."""

import streamlit as st

from sm_tracker.errors import TrackerError
from sm_tracker.languages import gettext as _
from sm_tracker.report import record_words
from sm_tracker.ui import (
    access,
    components,
    data_source,
    doubts,
    past_imports,
    patient,
    record_admin,
    record_card,
    record_forms,
    record_grid,
    saving,
    views,
)
from sm_tracker.workflow.storing import ENTITIES, Entity

NEW = "new patient"
NEXT = record_forms.NEXT_PATIENT


def render() -> None:
    patients = data_source.recent_first()
    if not patients:
        _nobody_yet()
        return
    parts = {
        "records": _("Records"),
        "imports": _("Imports"),
        "trail": _("Audit trail"),
        "export": _("Export and erasure"),
    }
    with st.container(horizontal=True, vertical_alignment="center", key="records_head"):
        components.show_title(_("Records"))
        part = views.address_choice(_("Part"), parts, "part")
    if part == "records":
        _records(patients)
    else:
        saving.show_outcome()
    if part == "imports":
        past_imports.show_past_imports()
    elif part == "trail":
        record_admin.show_audit_trail()
    elif part == "export":
        record_admin.show_export(patients)
        record_admin.show_erasure(patients)
    components.show_intended_use()


def _nobody_yet() -> None:
    components.show_title(
        _("No records yet"), _("Import files, or enter the first record of a patient here.")
    )
    saving.show_outcome()
    if access.acting_person().may("editor"):
        with st.container(key="card"):
            record_forms.show_new_record_form("measurement", "", ())
    past_imports.show_past_imports()
    components.show_intended_use()


def _records(patients: tuple[str, ...]) -> None:
    """The grids of one patient, with forms for new records and the history of each."""
    if NEXT in st.session_state:
        st.session_state[patient.PATIENT] = st.session_state.pop(NEXT)
        st.session_state[NEW] = False
    with st.container(horizontal=True, vertical_alignment="center", key="patient_bar"):
        code = _choose(patients)
        entity = _kind()
        new = access.acting_person().may("editor") and st.toggle(_("New patient"), key=NEW)
    if new:
        saving.show_outcome()
        with st.container(key="card"):
            record_forms.show_new_record_form(entity, "", ())
        return
    record_grid.save_pending(entity, code)
    saving.show_problems()
    doubts.show_doubts_of_stored(code)
    held = record_grid.held_of(entity, code)
    if held:
        with st.container(key="card"):
            everything = any(s.mark for s in held) and st.toggle(
                _("Show removed records"), key="show removed"
            )
            shown = held if everything else record_grid.counting_records(held)
            if shown:
                record_grid.show_record_grid(entity, code, shown)
    if access.acting_person().may("editor"):
        record_forms.show_new_record_form(entity, code, record_grid.counting_records(held))
    if held:
        record_card.show_record_card(entity, code, held)


def _choose(patients: tuple[str, ...]) -> str:
    """The patient picker."""
    chosen = st.selectbox(
        _("Patient"),
        patients,
        label_visibility="collapsed",
        key=patient.PATIENT,
        persist_state="session",
        width=330,
    )
    return str(chosen)


def _kind() -> Entity:
    """Which kind of records is shown."""
    words = record_words.entity_words()
    options: dict[Entity, str] = {entity: words[entity] for entity in ENTITIES}
    return views.address_choice(_("Kind of records"), options, "kind")


try:
    render()
except TrackerError as error:
    components.show_error(error)
