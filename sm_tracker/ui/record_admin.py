"""Records as a whole: the audit trail, the export of everything, the erasure of one patient."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

import streamlit as st

from sm_tracker.domain.tables import Records
from sm_tracker.errors import TrackerError
from sm_tracker.languages import first_few, ngettext
from sm_tracker.languages import gettext as _
from sm_tracker.report import record_words
from sm_tracker.report.exchange.forms import FORMS
from sm_tracker.report.exchange.losses import loss_words, losses_of
from sm_tracker.report.export_tables import made_safe
from sm_tracker.ui import access, components, data_source, patient, plain_table, saving
from sm_tracker.workflow import exchanging

LENGTHS = (50, 200, 1000)


def show_audit_trail() -> None:
    """The last changes of the clinic, filtered by a word, and as a file."""
    components.show_section(
        _("Audit trail"),
        _("Every change with who, when and why. Entries are chained and cannot be altered."),
    )
    with st.container(horizontal=True, vertical_alignment="bottom"):
        word = st.text_input(
            _("Filter"),
            key="trail word",
            placeholder=_("Filter by person, record, change or reason"),
            label_visibility="collapsed",
            width=420,
        )
        last = st.selectbox(
            _("Entries"),
            LENGTHS,
            key="trail length",
            format_func=lambda n: _("last {n}").format(n=n),
            label_visibility="collapsed",
            width=150,
        )
        each = st.toggle(_("Each row of an import"), key="trail each")
        place = st.container()
    if access.views_are_noted():
        with place:
            looks = st.toggle(_("Sign-ins, views and exports"), key="trail looks")
    else:
        looks = False
    trail = data_source.acting_store().audit_trail(
        last=last, fold_imports=not each, with_access=looks
    )
    rows = [record_words.trail_row(entry) for entry in trail]
    wanted = word.strip().casefold()
    shown = [row for row in rows if wanted in " ".join(row).casefold()]
    heads = (
        _("No."), _("When"), _("Who"), _("What"), _("Patient"), _("Record"), _("Changes"),
        _("Reason"),
    )  # fmt: skip
    zone = _("When ({zone})").format(zone=record_words.clock_name())
    in_file = [zone if head == heads[1] else head for head in heads]
    with place:
        st.download_button(
            _("Download as CSV"),
            data_source.noted_export("audit_trail.csv", lambda: _as_csv(in_file, shown)),
            "audit_trail.csv", "text/csv",
            on_click="ignore",
        )  # fmt: skip
    plain_table.show_plain_table("words", heads, (plain_table.html_row(*row) for row in shown))


def _as_csv(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> bytes:
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(heads)
    writer.writerows([made_safe(cell) for cell in row] for row in rows)
    return out.getvalue().encode("utf-8-sig")


def show_export(patients: Sequence[str]) -> None:
    """All records, or those of one patient, in a form of exchange, with what it cannot carry."""
    components.show_section(
        _("Export"),
        _("Records that count. Import reads each of these forms back."),
    )
    every = _("All patients ({n})").format(n=len(patients))
    with st.container(horizontal=True, vertical_alignment="bottom"):
        chosen = st.selectbox(_("Records of"), [every, *patients], key="export of", width=330)
        form = st.selectbox(
            _("Form"),
            list(FORMS),
            key="export form",
            format_func=lambda name: str(FORMS[name].title),
            width=330,
        )
    codes = None if chosen == every else [chosen]
    records = data_source.acting_store().records(codes)
    components.show_note(" ".join((str(FORMS[form].about), _losses_line(records))))
    try:
        exchanging.require_dates(records, form)
    except TrackerError as error:
        components.show_error(error)
        return
    name, mime = exchanging.page_name(records, form)
    st.download_button(
        _("Download {file}").format(file=name),
        data_source.noted_export(name, lambda: exchanging.page_file(records, form), codes),
        name,
        mime,
        on_click="ignore",
    )


def _losses_line(records: Records) -> str:
    """What the form leaves behind of these very records."""
    losses = losses_of(records)
    if not losses:
        return _("Nothing of these records is lost.")
    words = first_few([str(loss_words(loss)) for loss in losses], 6)
    return _("Not carried: {words}").format(words=words)


def show_erasure(patients: Sequence[str]) -> None:
    """Erasing one patient for good: for administrators, with the code typed again."""
    components.show_section(
        _("Erase a patient"),
        _(
            "Removes all content of one patient for good, from the audit trail too. What stays is "
            "that somebody was erased, by whom, when and why. Backups made before still hold it."
        ),
    )
    if not access.acting_person().may("admin"):
        components.show_note(_("Only an administrator of the clinic can erase a patient."))
        return
    with st.form("erase", clear_on_submit=True):
        chosen = st.selectbox(
            _("Patient to erase"),
            patients,
            index=None,
            placeholder=_("Choose a patient"),
            width=330,
        )
        typed = st.text_input(_("Type the code again"), width=330)
        reason = st.text_input(_("Reason (it is kept, so do not name the patient)"))
        pressed = st.form_submit_button(_("Erase for good"))
    if pressed:
        _erase(chosen, typed, reason)


def _erase(chosen: str | None, typed: str, reason: str) -> None:
    if chosen is None or typed.strip() != chosen:
        st.error(_("Nothing was erased: the code typed is not that of the patient chosen."))
        return
    try:
        done = data_source.acting_store().erase_patient(chosen, reason)
    except TrackerError as error:
        components.show_error(error)
        return
    data_source.forget_computed()
    st.session_state.pop(patient.PATIENT, None)
    words = ngettext(
        "One patient was erased: {n} record removed.",
        "One patient was erased: {n} records removed.",
        done.records,
    )
    saving.keep_line("success", words.format(n=done.records))
    if not done.overwritten:
        saving.keep_line(
            "warning",
            _(
                "What was removed still stands in the files of the database. They are overwritten "
                "after the next change or by `db health`; on PostgreSQL see docs/security.md."
            ),
        )
    st.rerun()
