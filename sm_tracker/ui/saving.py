"""Storing changes by hand: what was saved, what was refused, and two editors in conflict."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape

import streamlit as st

from sm_tracker.domain.records import Record
from sm_tracker.errors import TrackerError
from sm_tracker.figures.languages import listed
from sm_tracker.languages import gettext as _
from sm_tracker.report import record_words
from sm_tracker.ui import components, data_source, plain_table
from sm_tracker.ui.markdown_escape import escape_markdown
from sm_tracker.workflow.storing import Addition, Edit, EditConflict, Stored

SAID, CONFLICTS = "said of changes", "changes in conflict"


@dataclass(frozen=True, slots=True)
class KeptLine:
    """A line about the last change: what it is, and its words."""

    kind: str
    words: str


@dataclass(frozen=True, slots=True)
class EditClash:
    """A change that met another one: the record as it was seen, and what each made of it."""

    edit: Edit
    seen: Record
    conflict: EditConflict


def save_edits(edits: Sequence[Edit], seen: Record | None = None) -> bool:
    """Store changes as one; whether that was possible. What became of them is said next.

    Parameters
    ----------
    edits : sequence of Edit
    seen : Record, optional
        The record as it was shown to the person who changed it.
    """
    try:
        stored = data_source.acting_store().save_edits(edits)
    except EditConflict as conflict:
        before = seen if seen is not None else conflict.stored.record
        _clashes().append(EditClash(edits[0], before, conflict))
        return False
    except TrackerError as error:
        show_refusal(error)
        return False
    for one in stored:
        keep_line("success", _saved(one, seen))
    return True


def _saved(now: Stored[Record], seen: Record | None) -> str:
    words = record_words.record_line(now.record)
    if now.mark:
        return _("Marked as removed: {record}").format(record=words)
    if seen is None:
        return _("Saved: {record}").format(record=words)
    changed = [
        f"{record_words.field_word(f.name)} {record_words.value_word(getattr(seen, f.name))} → "
        f"{record_words.value_word(getattr(now.record, f.name))}"
        for f in dataclasses.fields(now.record)
        if f.name != "place" and getattr(seen, f.name) != getattr(now.record, f.name)
    ]
    if not changed:
        return _("Nothing was changed: {record}").format(record=words)
    text = _("Saved: {record}. {changes}")
    return text.format(record=words, changes=listed(changed))


def show_refusal(error: TrackerError, typed: Mapping[str, object] | None = None) -> None:
    """Say why a change was not stored, and what had been typed."""
    cells = ", ".join(
        f"{record_words.field_word(n)} {record_words.value_word(v)}"
        for n, v in (typed or {}).items()
    )
    words = _("Not saved: {cells}. ").format(cells=cells) if cells else ""
    keep_line("error", words + str(error))


def show_import_remarks(remarks: Sequence[str]) -> None:
    """Say what the import would have remarked about the record just saved."""
    for words in remarks:
        keep_line("warning", words)


def keep_line(kind: str, words: str) -> None:
    """Keep a line for the next drawing of the page: success, warning or error."""
    st.session_state.setdefault(SAID, []).append(KeptLine(kind, words))


def show_outcome() -> None:
    """What became of the last changes, and the conflicts that wait for a decision."""
    show_problems()
    for words in _said("success"):
        st.success(escape_markdown(words))


def show_problems() -> None:
    """What was refused or remarked upon, and the conflicts that wait for a decision."""
    for words in _said("error"):
        st.error(escape_markdown(words))
    for words in _said("warning"):
        st.warning(escape_markdown(words))
    for number, clash in enumerate(_clashes()):
        with st.container(key=f"question_conflict_{number}"):
            _clash(number, clash)


def show_saved() -> bool:
    """A quiet line on what was saved, in a place that moves nothing; whether there was any."""
    lines = _said("success")
    for words in lines:
        components.show_note(words)
    return bool(lines)


def _said(kind: str) -> list[str]:
    """Lines of one kind that were not drawn yet; they are drawn once."""
    waiting: list[KeptLine] = st.session_state.get(SAID, [])
    st.session_state[SAID] = [said for said in waiting if said.kind != kind]
    return [said.words for said in waiting if said.kind == kind]


def _clashes() -> list[EditClash]:
    waiting: list[EditClash] = st.session_state.setdefault(CONFLICTS, [])
    return waiting


def _clash(number: int, clash: EditClash) -> None:
    stored, yours = clash.conflict.stored, clash.conflict.yours
    who = data_source.acting_store().history(stored.entity, stored.record_id)[-1]
    components.show_card_title(
        _("Somebody else changed this record first; your change is not lost"),
        _("{record}: changed by {user}, {at}. Compare both and choose which to keep.").format(
            record=record_words.record_line(stored.record), user=who.user,
            at=record_words.moment_text(who.at),
        ),
    )  # fmt: skip
    names = [f.name for f in dataclasses.fields(clash.seen) if f.name != "place"]
    seen = {name: getattr(clash.seen, name) for name in names}
    rows = record_words.both_versions(stored.record, yours, seen)
    heads = (_("Field"), _("As you saw it"), _("As it is stored now"), _("As you changed it"))
    plain_table.show_plain_table("words", heads, (plain_table.html_row(*row) for row in rows))
    if stored.mark:
        reason = escape(stored.mark_reason)
        st.html(f'<div class="sm note">{_("It is marked as removed")}: {reason}</div>')
    with st.container(horizontal=True):
        if st.button(_("Keep what is stored"), key=f"keep theirs {number}"):
            del _clashes()[number]
            st.rerun()
        if st.button(_("Save my change over it"), key=f"save mine {number}"):
            _again(number)
            st.rerun()


def _again(number: int) -> None:
    """Store the fields that were changed here, on top of the version that is stored now."""
    clash = _clashes().pop(number)
    edit = clash.edit
    if not isinstance(edit, Addition):
        edit = dataclasses.replace(edit, expected_version=clash.conflict.stored.version)
    save_edits([edit], clash.conflict.stored.record)
