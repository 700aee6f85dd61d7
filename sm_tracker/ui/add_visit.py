"""Add visit: every site with its replicates, outcomes and changes of therapy, on one sheet."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Mapping, Sequence
from statistics import fmean
from typing import Any

import streamlit as st

from sm_tracker import languages
from sm_tracker.domain.records import Measurement, OutcomeReading
from sm_tracker.domain.series_key import SeriesKey
from sm_tracker.errors import TrackerError
from sm_tracker.figures.languages import capital, outcome_text
from sm_tracker.figures.series_names import series_names
from sm_tracker.languages import gettext as _
from sm_tracker.languages import ngettext
from sm_tracker.report import record_words
from sm_tracker.report.doubt_words import doubted_value
from sm_tracker.report.numbers import change_mm, mm, per_cent
from sm_tracker.ui import (
    access,
    components,
    data_source,
    language,
    record_forms,
    record_grid,
    saving,
    visit_grid,
    visit_questions,
)
from sm_tracker.ui.data_source import Source
from sm_tracker.ui.markdown_escape import escape_markdown
from sm_tracker.ui.visit_grid import GridRow
from sm_tracker.ui.visit_questions import AskedChanges
from sm_tracker.workflow import editing, visit_changes, visit_entry
from sm_tracker.workflow.storing import ENTITIES, Edit, Entity, Stored
from sm_tracker.workflow.visit_changes import NewEvent, VisitChange
from sm_tracker.workflow.visit_entry import (
    SeriesRow,
    TypedVisit,
    VisitEntry,
    VisitForm,
    VisitOutcome,
    When,
)

OPEN, TURN, LAST = "visit being entered", "turn of the visit", "visit just saved"
CARRIED = ("device", "layer", "frequency_mhz", "velocity_m_s", "examiner")
MOST_SITES = 50


def show_button(source: Source) -> None:
    """The way to the sheet, for whoever may store records."""
    if source == "files" or not access.acting_person().may("editor"):
        return
    st.button(
        _("Add visit"),
        icon=":material/add:",
        key="add visit",
        shortcut="n",
        help=_("Enter all readings of a visit. Key: n"),
        on_click=_open,
        # An open sheet is not begun again by an n that is typed into it.
        disabled=bool(st.session_state.get(OPEN)),
    )


def _open() -> None:
    st.session_state[OPEN] = True
    st.session_state[TURN] = st.session_state.get(TURN, 0) + 1


def show_visit(source: Source, patient: str) -> None:
    """The sheet where it is open, else what was saved last."""
    if st.session_state.get(OPEN) and source != "files":
        with st.container(key="card_visit"):
            _sheet("" if source == "sample" else patient)
    else:
        _take_back(patient)


def _take_back(patient: str) -> None:
    """What was saved last, with the way to undo it while this session goes on."""
    last: _Saved | None = st.session_state.get(LAST)
    if last is None or last.patient_id != patient:
        return
    with st.container(horizontal=True, vertical_alignment="center", key="visit_saved"):
        components.show_note(last.words)
        if st.button(_("Take back this visit"), type="tertiary", key="take back visit"):
            del st.session_state[LAST]
            _undo(last)
            st.rerun()


def _undo(last: _Saved) -> None:
    undone = visit_changes.taking_back(
        last.edits, last.stored, last.changes, reason=_("visit taken back")
    )
    try:
        data_source.acting_store().save_edits(undone)
    except TrackerError as error:
        saving.show_refusal(error)
    else:
        saving.keep_line(
            "success", _("The visit was taken back; its records are marked as removed.")
        )


@dataclasses.dataclass(frozen=True, slots=True)
class _Saved:
    """A visit that was stored in this session."""

    patient_id: str
    words: str
    edits: tuple[Edit, ...]
    stored: tuple[Stored[Any], ...]
    changes: tuple[VisitChange, ...]


@st.fragment
def _sheet(patient: str) -> None:
    """The sheet; it is drawn again by itself, so that the page does not move while it is filled.

    No dialog: the editor of a cell loses its keys to one.
    """
    is_new = not patient or st.session_state.get(f"visit {st.session_state[TURN]} new", False)
    key = f"visit {st.session_state[TURN]} {'new' if is_new else patient}"
    title = (
        _("Visit of a new patient") if is_new else _("Visit of {patient}").format(patient=patient)
    )
    components.show_section(title)
    if patient:
        st.toggle(_("New patient"), key=f"visit {st.session_state[TURN]} new")
        patient = "" if is_new else patient
    held = _held(patient)
    form = visit_entry.visit_form(
        patient,
        [s.record for s in held["measurement"]],
        [s.record for s in held["outcome_reading"]],
        held["therapy_period"],
    )
    code, at = _head(form, key)
    form = _with_new_sites(form, key)
    further = st.session_state.get(f"{key} further", 0)
    form = dataclasses.replace(form, replicates=form.replicates + further)
    # Places that are always there, so that words which come and go move no field.
    place, beneath = st.container(), st.container()
    carried = _carried(form, key)
    with st.container(horizontal=True):
        happened = visit_questions.ask_event(key)
        carried["note"] = st.text_input(_("Note"), key=f"{key} note")
    asked = visit_questions.ask_therapies(form, key) + happened
    grid = f"{key} cells"
    typed = _typed(form, visit_grid.typed_cells(_rows(form), grid), code, at, carried)
    with beneath:
        beside = [s.record for s in (*held["measurement"], *held["outcome_reading"])]
        entry = _read(typed, beside, is_new=is_new)
    with place:
        if form.series or form.outcomes:
            visit_grid.show_visit_grid(
                _rows(form), _said(form, entry), grid, lambda: _one_more(form, key)
            )
    if entry is not None:
        with beneath:
            _remarks(form, entry)
    _buttons(entry, typed, asked)


def _one_more(form: VisitForm, key: str) -> None:
    """One more replicate than now, up to what a visit can hold."""
    if form.replicates < visit_entry.MOST_REPLICATES:
        st.session_state[f"{key} further"] = st.session_state.get(f"{key} further", 0) + 1


def _held(patient: str) -> Mapping[Entity, tuple[Stored[Any], ...]]:
    """The records of the patient that count, by kind."""
    if not patient:
        return dict.fromkeys(ENTITIES, ())
    return {
        kind: record_grid.counting_records(record_grid.held_of(kind, patient)) for kind in ENTITIES
    }


def _head(form: VisitForm, key: str) -> tuple[str, When]:
    """Who and when: code and sites of a new patient, date or day."""
    with st.container(horizontal=True, vertical_alignment="bottom"):
        code = form.patient_id
        if not code:
            code = st.text_input(
                _("Patient code"),
                key=f"{key} code",
                help=_("A pseudonym, never a name."),
                width=200,
            ).strip()
            _further_sites(key, _("Sites"))
        if form.by_day:
            last = [*(r.last_at for r in form.series), *(o.last_at for o in form.outcomes)]
            latest = max((d for d in last if isinstance(d, int)), default=0)
            day = st.number_input(_("Day"), value=latest + 1, step=1, key=f"{key} day", width=200)
            return code, int(day)
        return code, st.date_input(
            _("Date"), value="today", max_value="today", key=f"{key} date",
            format=language.date_order(), width=200,
        )  # fmt: skip


def _further_sites(key: str, label: str) -> None:
    st.text_input(
        label, key=f"{key} sites", placeholder=_("For example: forearm left, chest"), width=260
    )


def _with_new_sites(form: VisitForm, key: str) -> VisitForm:
    """The sheet with rows for sites that were named on it."""
    named = [n.strip() for n in str(st.session_state.get(f"{key} sites", "")).split(",")]
    known = {row.key.site for row in form.series}
    like = form.series[-1].key if form.series else SeriesKey("")
    new = [
        SeriesRow(like._replace(site=name, side=""))
        for name in dict.fromkeys(filter(None, named))
        if name not in known
    ]
    return dataclasses.replace(form, series=(*form.series, *new)[:MOST_SITES])


def _carried(form: VisitForm, key: str) -> dict[str, Any]:
    """What was carried over from the last visit and seldom changes, folded."""
    values = {n: _common(form, n) for n in CARRIED}
    shown = ", ".join(
        f"{record_words.field_word(n)} {v:g}" if isinstance(v, float) else str(v)
        for n, v in values.items()
        if v not in (None, "")
    )
    title = _("As last time: {values}").format(values=escape_markdown(shown)) if shown else ""
    place = st.expander(title or _("Examiner, device, layer, frequency, sound velocity"))
    with place, st.container(horizontal=True):
        if form.patient_id:
            _further_sites(key, _("Further sites"))
        for name in ("examiner", "device", "layer"):
            values[name] = st.text_input(
                record_words.field_word(name),
                value=values[name],
                key=f"{key} {name}",
                placeholder="" if name == "examiner" else _("as at each site last time"),
            )
        for name in ("frequency_mhz", "velocity_m_s"):
            values[name] = st.number_input(
                record_words.field_word(name), value=values[name], step=1.0, key=f"{key} {name}"
            )
    return values


def _common(form: VisitForm, name: str) -> Any:
    """A field that all sites share; blank where they differ."""
    if name in ("velocity_m_s", "examiner"):
        return getattr(form, name)
    values = {getattr(row.key, name) for row in form.series}
    blank = None if name == "frequency_mhz" else ""
    return values.pop() if len(values) == 1 else blank


def _rows(form: VisitForm) -> list[GridRow]:
    """One row a site with as many cells as last time, one an outcome with a single cell."""
    names = _names(form)
    n = len(form.series)
    series = [
        GridRow(name, _last_mm(r), form.replicates)
        for name, r in zip(names, form.series, strict=False)
    ]
    outcomes = [
        GridRow(name, _last_value(o), 1) for name, o in zip(names[n:], form.outcomes, strict=True)
    ]
    return [*series, *outcomes]


def _names(form: VisitForm) -> list[str]:
    language = languages.current()
    named = series_names([row.key for row in form.series], language)
    outcomes = [
        outcome_text(o.outcome, language) + (f" ({o.unit})" if o.unit else "")
        for o in form.outcomes
    ]
    return [*(capital(named[row.key]) for row in form.series), *map(capital, outcomes)]


def _last_mm(row: SeriesRow) -> str:
    if row.last_mm is None:
        return ""
    return f"{mm(row.last_mm)} mm · {record_words.value_word(row.last_at)}"


def _last_value(row: VisitOutcome) -> str:
    if row.last is None:
        return ""
    return f"{row.last:g} · {record_words.value_word(row.last_at)}"


def _typed(
    form: VisitForm,
    texts: Sequence[tuple[str, ...]],
    patient: str,
    at: When,
    carried: Mapping[str, Any],
) -> TypedVisit:
    n = len(form.series)
    stated = {name: carried[name] for name in CARRIED[:3] if carried[name] not in (None, "")}
    return TypedVisit(
        patient_id=patient,
        at=at,
        cells=[(r.key._replace(**stated), t) for r, t in zip(form.series, texts[:n], strict=True)],
        outcomes=[(o, t[0]) for o, t in zip(form.outcomes, texts[n:], strict=True)],
        examiner=carried["examiner"],
        note=carried["note"],
        velocity_m_s=carried["velocity_m_s"],
    )


def _read(typed: TypedVisit, beside: Sequence[Any], *, is_new: bool) -> VisitEntry | None:
    if not typed.patient_id:
        components.show_note(_("Type the code of the patient."))
        return None
    if is_new and typed.patient_id in data_source.stored_patients():
        # Beside the records of that patient the readings join their curves.
        known = _("{patient} is stored already: choose the patient above.")
        components.show_line(known.format(patient=typed.patient_id))
        return None
    try:
        return visit_entry.read_visit(typed, beside, today=dt.date.today())
    except TrackerError as error:
        components.show_error(error)
        return None


def _said(form: VisitForm, entry: VisitEntry | None) -> dict[int, tuple[str, str]]:
    """Mean of each site and its change from the last value, in words."""
    if entry is None:
        return {}
    return {
        n: _mean_and_change(entry.values_of(n), row)
        for n, row in enumerate(form.series)
        if n in entry.reading_rows
    }


def _mean_and_change(values: Sequence[float], row: SeriesRow) -> tuple[str, str]:
    if not values:
        return "", ""
    mean = fmean(values)
    said = f"{mm(mean)} mm (n {len(values)})"
    if row.last_mm is None:
        return said, ""
    change = mean - row.last_mm
    return said, f"{change_mm(change)} ({per_cent(100 * change / row.last_mm)})"


def _remarks(form: VisitForm, entry: VisitEntry) -> None:
    """What is doubtful or cannot be stored, cell by cell."""
    doubted = entry.doubted()
    if not doubted and not entry.remarks:
        return
    names = _names(form)
    with st.container(key="question_visit"):
        for row, record, doubt in doubted:
            components.show_line(f"{names[row]}: {doubted_value(record, doubt)}")
        for remark in entry.remarks:
            components.show_line(f"{names[remark.row]}, {remark.column + 1}: {remark.words}")


def _buttons(entry: VisitEntry | None, typed: TypedVisit, asked: AskedChanges) -> None:
    doubted = bool(entry and entry.doubted())
    with st.container(horizontal=True):
        label = _("Save as doubtful") if doubted else _("Save")
        if st.button(label, type="primary", key="save visit", disabled=entry is None):
            _save(entry, typed, asked)
        if doubted and st.button(_("Save, values are correct"), key="save visit confirmed"):
            _save(entry, typed, asked, is_confirmed=True)
        if st.button(_("Cancel"), key="cancel visit"):
            st.session_state[OPEN] = False
            st.rerun()


def _save(
    entry: VisitEntry | None,
    typed: TypedVisit,
    asked: AskedChanges,
    *,
    is_confirmed: bool = False,
) -> None:
    if entry is None:
        return
    if asked.unfinished:
        components.show_line(_("Not saved yet. {what}").format(what=" ".join(asked.unfinished)))
        return
    changes: Sequence[VisitChange] = asked.changes
    if is_confirmed:
        entry = _confirmed(entry)
    events = [c for c in changes if isinstance(c, NewEvent)]
    if events and not entry.records:
        noted = dataclasses.replace(events[0], note=typed.note.strip())
        changes = [noted if c is events[0] else c for c in changes]
    elif typed.note.strip() and not entry.records:
        components.show_line(_("A note is kept with a value: type one, or clear the note."))
        return
    try:
        edits = visit_changes.edits_of(
            entry, typed.at, typed.patient_id, changes, reason=_("visit entered")
        )
        stored = data_source.acting_store().save_edits(edits)
    except TrackerError as error:
        components.show_error(error)
        return
    n, others = len(entry.readings), len(entry.outcomes)
    parts = [ngettext("{n} reading", "{n} readings", n).format(n=n)] if n else []
    if others:
        parts.append(ngettext("{n} outcome value", "{n} outcome values", others).format(n=others))
    if events:
        parts.append(ngettext("{n} event", "{n} events", len(events)).format(n=len(events)))
    if n := len(changes) - len(events):
        parts.append(ngettext("{n} change of therapy", "{n} changes of therapy", n).format(n=n))
    words = _("Visit of {when} saved: {what}.").format(
        when=record_words.value_word(typed.at), what=", ".join(parts)
    )
    st.session_state[LAST] = _Saved(typed.patient_id, words, edits, stored, tuple(changes))
    st.session_state[record_forms.NEXT_PATIENT] = typed.patient_id
    st.session_state[OPEN] = False
    st.rerun()


def _confirmed(entry: VisitEntry) -> VisitEntry:
    kept = editing.confirmed_records(entry.records)
    return dataclasses.replace(
        entry,
        readings=tuple(r for r in kept if isinstance(r, Measurement)),
        outcomes=tuple(r for r in kept if isinstance(r, OutcomeReading)),
    )
