"""The records of one patient as a grid: a changed cell is checked and stored at once."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

import pandas as pd
import streamlit as st

from sm_tracker.domain.records import LIMITS_FROM_TAGS, Record
from sm_tracker.domain.tables import Column
from sm_tracker.errors import TrackerError
from sm_tracker.languages import gettext as _
from sm_tracker.report import record_words
from sm_tracker.report.export_tables import CONTRACTS, WHOLE
from sm_tracker.ui import access, components, data_source, language, saving
from sm_tracker.workflow import editing
from sm_tracker.workflow.storing import Entity, Stored

REASON, TURN, SHOWN = "reason for changes", "turn of the grids", "records shown"
DATE_COLUMNS = frozenset({"date", "start", "end"})
DAY_COLUMNS = frozenset({"day", "start_day", "end_day"})
WIDE = frozenset({"note", "event", "stop_reason", "session_dates"})
OWN = ("number", "came_from", "removed")
FIRST = (
    "date", "day", "event", "site", "side", "thickness_mm", "doubt", "qualifier", "status",
    "device", "frequency_mhz", "examiner",
    "therapy", "start", "start_day", "end", "end_day", "end_status", *LIMITS_FROM_TAGS, "dose",
    "kind", "cycles",
    "stop_reason", "session_dates",
    "outcome", "value", "unit", "better", "note",
)  # fmt: skip
"""Columns that are looked at first; the others follow to the right."""
WIDTHS: Mapping[str, int] = {"status": 130, "came_from": 170, "side": 70, "number": 60}


def show_record_grid(entity: Entity, patient: str, held: Sequence[Stored[Any]]) -> None:
    """The grid with the reason under which its changes are stored.

    Parameters
    ----------
    entity : {"measurement", "therapy_period", "outcome_reading", "clinical_event"}
    patient : str
    held : sequence of Stored
        The records as they are now.
    """
    if access.acting_person().may("editor"):
        st.text_input(
            _("Reason for the changes"),
            key=REASON,
            placeholder=_("For example: typing error, read again from the print"),
            help=_("It is kept with every change. Cells can be changed once it is given."),
            persist_state="session",
        )
    may_edit = access.acting_person().may("editor") and bool(
        st.session_state.get(REASON, "").strip()
    )
    names = _columns(entity, held)
    key = _key(entity, patient)
    st.session_state[SHOWN] = {key: tuple(held)}
    st.data_editor(
        _frame(held, names),
        key=key,
        hide_index=True,
        disabled=list(OWN) if may_edit else True,
        column_config=_config(entity, names),
        placeholder="",
    )
    if not saving.show_saved() and access.acting_person().may("editor"):
        components.show_note(
            _("Each changed cell is checked and stored at once.")
            if may_edit
            else _("Give a reason to change cells. Each change is then checked and stored at once.")
        )


def save_pending(entity: Entity, patient: str) -> bool:
    """Store the cells that were changed since the grid was drawn; whether there were any.

    A change is based on the version that was shown when it was made, so that a change by
    somebody else in the meantime is a conflict and never overwritten.
    """
    key = _key(entity, patient)
    edited = st.session_state.get(key, {}).get("edited_rows", {})
    shown = st.session_state.get(SHOWN, {}).get(key, ())
    if not edited or not shown:
        return False
    for number, cells in edited.items():
        one = shown[int(number)]
        beside = [s.record for s in shown if not s.mark and s.record_id != one.record_id]
        _save(one, cells, beside)
    st.session_state[TURN] = st.session_state.get(TURN, 0) + 1
    return True


def _save(held: Stored[Any], cells: Mapping[str, object], beside: Sequence[Record]) -> None:
    typed = {name: _typed(name, value) for name, value in cells.items()}
    try:
        reason = st.session_state.get(REASON, "")
        change, remarks = editing.correction(held, typed, reason, beside)
    except TrackerError as error:
        saving.show_refusal(error, typed)
        return
    if saving.save_edits([change], held.record):
        saving.show_import_remarks(remarks)


def _typed(name: str, value: object) -> object:
    """A cell as the browser sends it, as the field wants it."""
    if isinstance(value, str) and name in DATE_COLUMNS:
        return dt.date.fromisoformat(value[:10])
    if name == "session_dates":
        return tuple(str(value or "").replace(",", " ").split())
    return value


def _key(entity: Entity, patient: str) -> str:
    return f"grid {entity} {patient} {st.session_state.get(TURN, 0)}"


def _columns(entity: Entity, held: Sequence[Stored[Any]]) -> list[str]:
    """The columns worth showing: dates or day numbers, whichever the patient has.

    Limits from tags are shown where there are any.
    """
    # The reason of a doubt is a code; what it means stands above the grid.
    names = [n for n in editing.typed_columns(entity) if n not in ("patient_id", "doubt_reason")]
    by_day = any(
        getattr(s.record, name, None) is not None for s in held for name in ("day", "start_day")
    )
    hidden = DATE_COLUMNS if by_day else DAY_COLUMNS
    if all(getattr(s.record, n, None) is None for s in held for n in LIMITS_FROM_TAGS):
        hidden = hidden | set(LIMITS_FROM_TAGS)
    order = {name: place for place, name in enumerate(FIRST)}
    seen = [n for n in names if n not in hidden]
    return sorted(seen, key=lambda n: order.get(n, len(order)))


def _frame(held: Sequence[Stored[Any]], names: Sequence[str]) -> pd.DataFrame:
    columns: dict[str, list[Any]] = {
        name: [_shown(getattr(s.record, name)) for s in held] for name in names
    }
    for name in set(names) & set(LIMITS_FROM_TAGS):  # a date or a day, so a text here
        columns[name] = [None if v is None else str(v) for v in columns[name]]
    if any(s.mark for s in held):
        columns["removed"] = [s.mark_reason if s.mark else "" for s in held]
    columns["came_from"] = [_came_from(s) for s in held]
    columns["number"] = [s.record_id for s in held]
    return pd.DataFrame(columns)


def _shown(value: object) -> object:
    if isinstance(value, tuple):
        return " ".join(map(str, value))
    return None if value == "" else value


def _came_from(held: Stored[Any]) -> str:
    place = held.record.place
    if held.batch_id is None or not place.file:
        return _("entered by hand")
    row = "" if place.row is None else _(", row {n}").format(n=place.row)
    return f"{place.file}{row}"


def _config(entity: Entity, names: Sequence[str]) -> dict[str, Any]:
    contract = CONTRACTS[editing.TABLES[entity]].columns
    words = record_words.field_words(entity)
    config = {n: _column(n, words.get(n, n), contract[n]) for n in names}
    return {
        **config,
        "removed": st.column_config.TextColumn(_("Removed because")),
        "came_from": st.column_config.TextColumn(_("From"), width=WIDTHS["came_from"]),
        "number": st.column_config.NumberColumn(_("No."), width=WIDTHS["number"]),
    }


def _column(name: str, label: str, column: Column) -> Any:
    if name in DATE_COLUMNS:
        return st.column_config.DateColumn(
            label, format=language.date_order(in_a_grid=True), help=column.meaning
        )
    if column.one_of:
        options = [word for word in column.one_of if word]
        return st.column_config.SelectboxColumn(
            label,
            options=options,
            help=column.meaning,
            format_func=record_words.choice_word,
            width=WIDTHS.get(name),
        )
    if column.kind == "flag":
        return st.column_config.CheckboxColumn(label, help=column.meaning)
    if column.kind == "number":
        step = 1 if name in WHOLE else None
        form = "%.2f" if name == "thickness_mm" else None
        return st.column_config.NumberColumn(label, help=column.meaning, step=step, format=form)
    return st.column_config.TextColumn(
        label, help=column.meaning, width="medium" if name in WIDE else None
    )


def counting_records(held: Sequence[Stored[Any]]) -> tuple[Stored[Any], ...]:
    """Records that count."""
    return tuple(s for s in held if not s.mark)


def in_time(held: Sequence[Stored[Any]]) -> tuple[Stored[Any], ...]:
    """Records in the order of their dates, then as they were stored."""
    return tuple(sorted(held, key=_time))


def _time(held: Stored[Any]) -> tuple[str, int, int]:
    values = dataclasses.asdict(held.record)
    date = values.get("date") or values.get("start")
    day = values.get("day") if "day" in values else values.get("start_day")
    return (date.isoformat() if date else "", day or 0, held.record_id)


def held_of(entity: Entity, patient: str) -> tuple[Stored[Any], ...]:
    """All records of a patient of one kind, those marked as removed too."""
    data_source.note_view("records", [patient])
    return in_time(data_source.acting_store().stored(entity, [patient], with_removed=True))
