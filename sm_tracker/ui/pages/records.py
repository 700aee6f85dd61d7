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
    patients = data_source.stored_patients()
    if not patients:
        nobody_yet()
        return
    parts = {
        "records": _("Records"),
        "imports": _("Imports"),
        "trail": _("Audit trail"),
        "export": _("Export and erasure"),
    }
    part = views.choice(_("Part"), parts, "part")
    if part == "records":
        records(patients)
    else:
        saving.outcome()
    if part == "imports":
        past_imports.show()
    elif part == "trail":
        record_admin.audit_trail()
    elif part == "export":
        record_admin.export(patients)
        record_admin.erasure(patients)
    components.notice()


def nobody_yet() -> None:
    components.title(
        _("No records yet"), _("Import files, or enter the first record of a patient here.")
    )
    saving.outcome()
    if access.actor().may("editor"):
        with st.container(key="card"):
            record_forms.add("measurement", "", ())
    past_imports.show()
    components.notice()


def records(patients: tuple[str, ...]) -> None:
    """The grids of one patient, with forms for new records and the history of each."""
    if NEXT in st.session_state:
        st.session_state[patient.PATIENT] = st.session_state.pop(NEXT)
        st.session_state[NEW] = False
    with st.container(horizontal=True, vertical_alignment="center", key="patient_bar"):
        code = choose(patients)
        entity = kind()
        new = access.actor().may("editor") and st.toggle(_("New patient"), key=NEW)
    if new:
        saving.outcome()
        with st.container(key="card"):
            record_forms.add(entity, "", ())
        return
    record_grid.save_pending(entity, code)
    saving.problems()
    doubts.of_stored(code)
    held = record_grid.held_of(entity, code)
    with st.container(key="card"):
        everything = any(s.mark for s in held) and st.toggle(
            _("Show removed records"), key="show removed"
        )
        record_grid.show(entity, code, held if everything else record_grid.unmarked(held))
    if access.actor().may("editor"):
        record_forms.add(entity, code, record_grid.unmarked(held))
    if held:
        record_card.show(entity, code, held)


def choose(patients: tuple[str, ...]) -> str:
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


def kind() -> Entity:
    """Which kind of records is shown."""
    words = record_words.entity_words()
    options: dict[Entity, str] = {entity: words[entity] for entity in ENTITIES}
    return views.choice(_("Kind of records"), options, "kind")


try:
    render()
except TrackerError as error:
    components.failure(error)
