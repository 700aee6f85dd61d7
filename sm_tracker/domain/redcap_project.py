"""Our records as a REDCap project: a repeating instrument a table, a field a column."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Final

from sm_tracker.domain.own_columns import OWN_COLUMNS, WHOLE, own_rules
from sm_tracker.domain.record_fields import FieldRule

RECORD: Final = "record_id"
INSTRUMENT: Final = "redcap_repeat_instrument"
INSTANCE: Final = "redcap_repeat_instance"
INSTRUMENTS: Final = {
    "measurements": "reading", "therapies": "therapy", "outcomes": "outcome", "events": "event",
}  # fmt: skip
"""The instrument of each of our tables."""
_SIGNS: Final = {"<": "lt", ">": "gt"}
"""Codes of words that no code of REDCap may hold."""
_DAY_COLUMNS: Final = {"day", "start_day", "end_day"}
_TYPES: Final = {
    "date": ("text", "date_ymd"), "number": ("text", "number"), "note": ("notes", ""),
    "flag": ("yesno", ""),
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectField:
    """One field of the project, the column it holds, and what a data dictionary says of it.

    `choices` are the codes of a field of words with what they stand for.
    """

    name: str
    instrument: str
    column: str
    label: str
    kind: str
    validation: str
    needed: bool
    choices: Mapping[str, str]
    unit: str


@cache
def project_fields() -> tuple[ProjectField, ...]:
    """All fields of the project but the first, which holds the code of the patient."""
    return tuple(
        _field(instrument, column, own_rules(table)[column])
        for table, instrument in INSTRUMENTS.items()
        for column in OWN_COLUMNS[table]
        if column != "patient_id" and column not in _DAY_COLUMNS
    )


def _field(instrument: str, column: str, rule: FieldRule) -> ProjectField:
    kind, validation = _TYPES.get(rule.kind, ("text", ""))
    words = [word for word in rule.words if word]
    if column in WHOLE:
        validation = "integer"
    if words:
        kind = "radio"
    last = "name" if column == instrument else column
    return ProjectField(
        name=f"{instrument}_{last}", instrument=instrument, column=column,
        label=f"{instrument}: {last.replace('_', ' ')}", kind=kind, validation=validation,
        needed=rule.needed, choices=MappingProxyType({code_of_word(w): w for w in words}),
        unit=rule.unit,
    )  # fmt: skip


def code_of_word(word: str) -> str:
    """The code of a word: letters, digits and underscores are their own."""
    return _SIGNS.get(word, word)
