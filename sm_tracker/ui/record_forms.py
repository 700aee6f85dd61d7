"""Forms for records entered by hand; what is typed is read by the rules of the import."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import streamlit as st

from sm_tracker.domain import records
from sm_tracker.domain.event_kinds import EVENT_KINDS
from sm_tracker.domain.record_fields import FieldRule, rules_of
from sm_tracker.domain.records import Question
from sm_tracker.errors import TrackerError
from sm_tracker.languages import gettext as _
from sm_tracker.report import record_words
from sm_tracker.report.doubt_words import doubted_value, suggestion_text
from sm_tracker.report.import_words import answer_word
from sm_tracker.ui import components, data_source, language, record_grid, saving
from sm_tracker.ui.markdown_escape import escape_markdown
from sm_tracker.workflow import editing
from sm_tracker.workflow.storing import Addition, Entity, Stored

TURN, NEXT_PATIENT, WAITING = "turn of the forms", "patient to show next", "doubt of a form"
ASKED = "series asked about"
Fields = dict[str, object]
CARRIED: Mapping[str, tuple[str, ...]] = {
    "measurement": (
        "date", "day", "site", "side", "layer", "device", "frequency_mhz", "examiner", "reason",
    ),
    "therapy_period": ("reason",),
    "outcome_reading": ("date", "day", "reason"),
    "clinical_event": ("date", "day", "reason"),
}  # fmt: skip
"""What of a form stays for the next entry: a visit has several readings, one after the other."""
_RULES: Mapping[str, FieldRule] = {
    name: rule
    for kind in (records.Event, records.Measurement, records.TherapyPeriod, records.OutcomeReading)
    for name, rule in rules_of(kind).items()
}
"""What the fields of all forms may hold; a field has the same limits in each record."""


def show_new_record_form(entity: Entity, patient: str, held: Sequence[Stored[Any]]) -> None:
    """A form for one new record of a patient.

    Parameters
    ----------
    entity : {"measurement", "therapy_period", "outcome_reading", "clinical_event"}
    patient : str
        Code; blank asks for a new one.
    held : sequence of Stored
        Records of this kind, whose sites and names are offered.
    """
    turn = st.session_state.get(TURN, 0)
    titles = {
        "measurement": _("Add a measurement"),
        "therapy_period": _("Add a therapy"),
        "outcome_reading": _("Add an outcome value"),
        "clinical_event": _("Add an event"),
    }
    key = f"add {entity} {patient} {turn}"
    again = bool(st.session_state.get(f"{key} open"))  # another entry of the same visit
    with st.expander(titles[entity], expanded=again or not held):
        _form(entity, patient, held, key)
        waiting = st.session_state.get(WAITING)
        if waiting is not None and waiting.key == key:
            _doubt(waiting)


def _form(entity: Entity, patient: str, held: Sequence[Stored[Any]], key: str) -> None:
    with st.form(key, border=False):
        fields: Fields = {"patient_id": patient}
        if not patient:
            fields["patient_id"] = st.text_input(
                _("Patient code"),
                key=f"{key} code",
                help=_("A pseudonym, never a name."),
                width=330,
            )
        by_day = any(
            getattr(s.record, n, None) is not None for s in held for n in ("day", "start_day")
        )
        fields |= _FORMS[entity](key, held, by_day)
        reason = st.text_input(
            _("Source or reason"), key=f"{key} reason", placeholder=_("For example: paper record")
        )
        answers = _which_series(key)
        if st.form_submit_button(_("Save"), type="primary"):
            beside = _others_of(entity, str(fields["patient_id"]), patient, held)
            _save(_Typed(key, entity, fields, reason, beside, answers))


def _which_series(key: str) -> dict[str, str]:
    """The answer to which of several series the reading belongs to, where that was asked."""
    question: Question | None = st.session_state.get(ASKED, {}).get(key)
    if question is None:
        return {}
    words = {c.value: str(c.preview) for c in question.choices}
    with st.container(key="question_series"):
        chosen = st.radio(
            str(question.message),
            list(words),
            format_func=lambda v: (
                f"**{escape_markdown(answer_word(v))}**  {escape_markdown(words[v])}"
            ),
            index=None,
            key=f"{key} series",
        )
    return {question.key: chosen} if chosen else {}


def _others_of(
    entity: Entity, typed: str, patient: str, held: Sequence[Stored[Any]]
) -> tuple[records.Record, ...]:
    """The records beside which a new one is judged, also where a known code was typed again."""
    if not patient and typed in data_source.stored_patients():
        held = [s for s in record_grid.held_of(entity, typed) if not s.mark]
    return tuple(s.record for s in held)


@dataclass(frozen=True, slots=True)
class _Typed:
    """What was typed into a form, and beside which records it is judged."""

    key: str
    entity: Entity
    fields: Fields
    reason: str
    beside: tuple[records.Record, ...]
    answers: Mapping[str, str]

    def entry(self) -> editing.TypedEntry:
        """The same as the import reads it."""
        return editing.typed_records(
            self.entity,
            self.fields,
            beside=self.beside,
            held=data_source.acting_store(),
            answers=self.answers,
        )


def _save(typed: _Typed) -> None:
    """Store what was typed; an open question or a doubtful value waits for an answer first."""
    st.session_state.pop(WAITING, None)
    try:
        entry = typed.entry()
    except editing.OpenQuestion as asked:
        st.session_state[ASKED] = {typed.key: asked.question}
        st.rerun()
    except TrackerError as error:
        components.show_error(error)
        return
    if any(entry.doubts):
        st.session_state[WAITING] = typed
        return
    _store(typed, entry.records, entry.remarks)


def _store(typed: _Typed, records: Sequence[records.Record], remarks: Sequence[str]) -> None:
    reason = typed.reason
    if saving.save_edits([Addition(record, reason) for record in records]):
        saving.show_import_remarks(remarks)
        st.session_state.pop(ASKED, None)
        st.session_state[TURN] = st.session_state.get(TURN, 0) + 1
        st.session_state[NEXT_PATIENT] = records[0].patient_id
        _carry_over(typed)
    st.rerun()


def _carry_over(typed: _Typed) -> None:
    """Fill the next form of this patient with what belongs to it too."""
    turn, patient = st.session_state[TURN], typed.fields["patient_id"]
    key = f"add {typed.entity} {patient} {turn}"
    for name in CARRIED[typed.entity]:
        value = typed.reason if name == "reason" else typed.fields.get(name)
        if value not in (None, ""):
            st.session_state[f"{key} {name}"] = value
    st.session_state[f"{key} open"] = True


def _doubt(typed: _Typed) -> None:
    """The doubt about what was typed, with the answers it may have."""
    entry = typed.entry()
    doubted = [(r, d) for r, d in zip(entry.records, entry.doubts, strict=True) if d]
    sentences = [doubted_value(r, d) for r, d in doubted]
    other_remarks = [r for r in entry.remarks if r not in sentences]
    with st.container(key="question_doubt"):
        components.show_card_title(" ".join(sentences), _("Correct it above, or say what it is."))
        with st.container(horizontal=True):
            record, doubt = doubted[0]
            if doubt.suggested is not None and len(doubted) == 1:
                label = _("Save {value} instead").format(value=suggestion_text(record, doubt))
                if st.button(label, key="take the suggestion"):
                    value = "thickness_mm" if typed.entity == "measurement" else "value"
                    _save(replace(typed, fields={**typed.fields, value: doubt.suggested}))
                    st.rerun()
            if st.button(_("Confirm as read"), key="confirm as read"):
                st.session_state.pop(WAITING, None)
                _store(typed, editing.confirmed_records(entry.records), other_remarks)
            if st.button(_("Save as doubtful"), key="save as doubtful"):
                st.session_state.pop(WAITING, None)
                _store(typed, entry.records, entry.remarks)


def _measurement(key: str, held: Sequence[Stored[Any]], by_day: bool) -> Fields:
    first, second, third = st.columns(3)
    with first:
        fields = _time(key, "date", "day", by_day=by_day)
        fields["site"] = _known(key, "site", held)
        fields["side"] = _one_of(key, "side", records.SIDES)
    with second:
        fields["thickness_mm"] = _number(key, "thickness_mm", 0.01)
        fields["qualifier"] = _one_of(key, "qualifier", records.QUALIFIERS)
        fields["status"] = _one_of(key, "status", records.STATUSES, index=0)
    with third:
        fields["layer"] = _known(key, "layer", held)
        fields["device"] = _known(key, "device", held)
        fields["frequency_mhz"] = _number(key, "frequency_mhz", 1.0)
        fields["examiner"] = _known(key, "examiner", held)
    with st.container(horizontal=True):
        fields["replicate"] = _count(key, "replicate")
        fields["note"] = _text(key, "note")
    return fields


def _therapy(key: str, held: Sequence[Stored[Any]], by_day: bool) -> Fields:
    first, second, third = st.columns(3)
    with first:
        fields: Fields = {"therapy": _known(key, "therapy", held), "dose": _text(key, "dose")}
        fields["kind"] = _one_of(key, "kind", records.KINDS)
    with second:
        fields |= _time(key, "start", "start_day", by_day=by_day)
        fields |= _time(key, "end", "end_day", by_day=by_day)
        fields["end_status"] = _one_of(key, "end_status", records.END_STATUSES)
    with third:
        fields["date_precision"] = _one_of(key, "date_precision", records.PRECISIONS, index=0)
        fields["cycles"] = _count(key, "cycles")
        fields["stop_reason"] = _text(key, "stop_reason")
    with st.container(horizontal=True):
        fields["session_dates"] = _text(key, "session_dates", _("2024-01-08 2024-02-12"))
        fields["note"] = _text(key, "note")
    fields["show_in_figure"] = True
    return fields


def _outcome(key: str, held: Sequence[Stored[Any]], by_day: bool) -> Fields:
    first, second, third = st.columns(3)
    with first:
        fields = _time(key, "date", "day", by_day=by_day)
        fields["outcome"] = _known(key, "outcome", held)
    with second:
        fields["value"] = _number(key, "value", None)
        fields["unit"] = _known(key, "unit", held)
    with third:
        fields["better"] = _one_of(key, "better", ("lower", "higher"))
        fields["note"] = _text(key, "note")
    return fields


def _event(key: str, held: Sequence[Stored[Any]], by_day: bool) -> Fields:
    first, second, third = st.columns(3)
    with first:
        fields = _time(key, "date", "day", by_day=by_day)
        fields["date_precision"] = _one_of(key, "date_precision", records.PRECISIONS, index=0)
    with second:
        fields["event"] = _known(key, "event", held)
    with third:
        fields["kind"] = show_kind_choice(f"{key} kind")
        fields["note"] = _text(key, "note")
    return fields


def show_kind_choice(key: str) -> str:
    """The choice of a kind of event; blank leaves it to the words of the event."""
    chosen = st.selectbox(
        record_words.field_word("kind", "clinical_event"),
        EVENT_KINDS,
        index=None,
        key=key,
        placeholder=_("as the words say"),
        format_func=record_words.choice_word,
    )
    return chosen or ""


_FORMS: Mapping[Entity, Callable[[str, Sequence[Stored[Any]], bool], Fields]] = {
    "measurement": _measurement,
    "therapy_period": _therapy,
    "outcome_reading": _outcome,
    "clinical_event": _event,
}


def _label(name: str) -> str:
    return record_words.field_word(name)


def _time(key: str, date: str, day: str, *, by_day: bool) -> Fields:
    if by_day:
        return {day: _count(key, day)}
    rule = _RULES[date]
    given = st.date_input(
        _label(date),
        value=None,
        min_value=rule.least,
        max_value=rule.most,
        key=f"{key} {date}",
        format=language.date_order(),
    )
    return {date: given}


def _text(key: str, name: str, placeholder: str | None = None) -> str:
    longest = _RULES[name].longest or None
    return st.text_input(
        _label(name), max_chars=longest, key=f"{key} {name}", placeholder=placeholder
    )


def _number(key: str, name: str, step: float | None) -> float | None:
    least, most = _limits(name)
    return st.number_input(
        _label(name),
        min_value=None if least is None else float(least),
        max_value=None if most is None else float(most),
        value=None,
        step=step,
        key=f"{key} {name}",
    )


def _count(key: str, name: str) -> int | None:
    least, most = _limits(name)
    given: int | None = st.number_input(
        _label(name), min_value=least, max_value=most, value=None, step=1, key=f"{key} {name}"
    )
    return given


def _limits(name: str) -> tuple[Any, Any]:
    """The least and the most that a field takes; zero itself is told apart when it is saved."""
    rule = _RULES[name]
    return (rule.least if rule.above is None else rule.above), rule.most


def _one_of(key: str, name: str, words: Sequence[str], index: int | None = None) -> str:
    chosen = st.selectbox(
        _label(name),
        [word for word in words if word],
        index=index,
        key=f"{key} {name}",
        placeholder="",
        format_func=record_words.choice_word,
    )
    return chosen or ""


def _known(key: str, name: str, held: Sequence[Stored[Any]]) -> str:
    """A text of which those used before are offered, and any other can be typed."""
    used = {str(getattr(s.record, name)) for s in held} - {""}
    if not used:
        return _text(key, name)
    chosen = st.selectbox(
        _label(name),
        sorted(used),
        index=None,
        key=f"{key} {name}",
        accept_new_options=True,
        placeholder=_("Choose or type"),
    )
    return chosen or ""
