"""Second outcomes: their own table, or columns beside the thickness."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from sm_tracker.domain.records import Better, Choice, OutcomeReading, Place
from sm_tracker.ingest.cells.numbers import parse_value
from sm_tracker.ingest.cells.plain_names import word_set
from sm_tracker.ingest.cells.short_texts import clean_text, read_number
from sm_tracker.ingest.files.grid import is_blank, text_of
from sm_tracker.ingest.messages.finding_log import Location, refusal_reason
from sm_tracker.ingest.records.doubtful import doubts_of_rows
from sm_tracker.ingest.records.making import made
from sm_tracker.ingest.records.measurements import row_notes
from sm_tracker.ingest.records.people import read_patients
from sm_tracker.ingest.records.record_batch import RecordBatch
from sm_tracker.ingest.records.times import read_times
from sm_tracker.ingest.tables.column_meanings import read_column_name
from sm_tracker.ingest.tables.column_names import OTHER_OUTCOMES
from sm_tracker.ingest.tables.columns import ColumnRoles, header_of
from sm_tracker.ingest.tables.read_context import ReadContext, RefusedRows
from sm_tracker.languages import Message

_DIRECTIONS: Mapping[str, Better] = {
    **dict.fromkeys(
        word_set("higher high up increase hoeher höher mehr plus haut supérieur superieur +"),
        "higher",
    ),
    **dict.fromkeys(
        word_set("lower low down decrease niedriger tiefer weniger minus bas inférieur inferieur"),
        "lower",
    ),
}
_UNITS = word_set("mm cm m g mg kg points punkte pts")
BETTER = "better."
"""Beginning of the key that asks which direction of an outcome is better."""
_UNKNOWN = "unknown"


def read_outcome_table(
    roles: ColumnRoles, context: ReadContext, refused: RefusedRows
) -> RecordBatch:
    """Rows of an outcome table; rows with a problem are left out and named."""
    patients, times = read_patients(roles, context), read_times(roles, context)
    value_index = roles.by_role["value"] if roles.has("value") else roles.values[0].index
    unit_in_header = roles.section.names[value_index].unit
    names = [clean_text(c) for c in roles.cells("outcome")]
    units = [clean_text(c) for c in roles.cells("unit")] if roles.has("unit") else []
    better = [clean_text(c) for c in roles.cells("better")] if roles.has("better") else []
    notes = row_notes(roles, context)
    doubts = doubts_of_rows(roles, context)
    found: list[OutcomeReading] = []
    for r, number in enumerate(roles.section.numbers):
        row = roles.section.rows[r]
        cell = row[value_index] if value_index < len(row) else ""
        value = None if is_blank(cell) else read_number(cell)
        codes = [p[r] for p in (patients.problems, times.problems) if r in p]
        codes += _problem_of_value(roles, r, value_index, context) if value is None else []
        if "missing_value" in codes:
            continue
        if codes or value is None:
            for code in codes:
                refused.add(number, row, refusal_reason(code))
            continue
        name, unit, direction = known_outcome(names[r])
        fields: dict[str, Any] = {
            "patient_id": patients.found[r],
            "outcome": name,
            "value": value,
            "date": times.dates[r],
            "day": times.days[r],
            "unit": (units[r] if units else "") or unit_in_header or unit,
            "better": _direction(roles, context, r, better[r] if better else "", direction),
            "note": notes[r],
            "doubt": doubts[r][0],
            "doubt_reason": doubts[r][1],
            "place": Place(file=roles.location.file, sheet=roles.location.sheet, row=number),
        }
        found += made(
            partial(OutcomeReading, **fields),
            (roles.location, number, row),
            context,
            refused,
            roles.name,
        )
    readings = asked_directions(found, roles.location, context)
    header = header_of(roles.section, value_index)
    return RecordBatch(
        outcomes=tuple(readings),
        outcome_columns={(roles.location, o.outcome): header for o in readings},
    )


def _problem_of_value(roles: ColumnRoles, r: int, index: int, context: ReadContext) -> list[str]:
    row = roles.section.rows[r]
    text = text_of(row[index]).strip() if index < len(row) else ""
    parsed = parse_value(text, decimal=".")
    code = "missing_value" if parsed is not None and parsed.missing else "not_a_number"
    context.findings.add(
        code, roles.location, roles.section.numbers[r], column=roles.section.names[index].text,
        value=text, shown=text or Message("blank"),
    )  # fmt: skip
    return [code]


def known_outcome(text: str) -> tuple[str, str, Better]:
    """Name, unit and better direction of an outcome.

    A name that is known as a whole gets its standard name; any other stays as its author wrote
    it, so that two names are two outcomes.

    Examples
    --------
    >>> known_outcome("Mundöffnung (mm)")
    ('mouth opening', 'mm', 'higher')
    >>> known_outcome("M-protein IgG lambda (g/l)")
    ('M-protein IgG lambda', 'g/l', '')
    """
    bare, unit = _without_unit(text)
    name = read_column_name(bare)
    if not (name.exact and name.role.startswith("outcome:")):
        return bare, unit, ""
    known = name.role.partition(":")[2]
    usual, direction = OTHER_OUTCOMES[known]
    better: Better = "higher" if direction == "higher" else "lower" if direction else ""
    return known, name.unit or unit or usual, better


def _without_unit(text: str) -> tuple[str, str]:
    """A name without the unit that stands in brackets behind it, and the unit."""
    closing = text[-1:]
    opening = {")": "(", "]": "["}.get(closing)
    name, bracket, inside = text.rpartition(opening or "(")
    unit = inside.removesuffix(closing).strip()
    is_unit = any(c in unit for c in "/%") or unit.casefold() in _UNITS
    return (name.strip(), unit) if opening and bracket and name.strip() and is_unit else (text, "")


def _direction(
    roles: ColumnRoles, context: ReadContext, r: int, word: str, usual: Better
) -> Better:
    found = _DIRECTIONS.get(word.casefold())
    parsed = parse_value(word, decimal=".")
    says_nothing = not word or (parsed is not None and parsed.missing)
    if found is None and not says_nothing:
        context.findings.add(
            "better_not_understood",
            roles.location,
            roles.section.numbers[r],
            column="better",
            value=word,
        )
    return found or usual


def asked_directions(
    readings: list[OutcomeReading], location: Location, context: ReadContext
) -> list[OutcomeReading]:
    """The readings with the better direction that an answer gives to names without one.

    The question waits for nobody: unanswered, changes of the outcome are numbers without a
    word.
    """
    stated = {m.outcome for m in readings if m.better}
    open_names = dict.fromkeys(m.outcome for m in readings if m.outcome not in stated)
    answered: dict[str, Better] = {}
    for name in open_names:
        answer = context.questions.offer(
            BETTER + name,
            Message(
                "Which direction of {outcome} is better? Unanswered, its changes are numbers "
                "without a word.",
                outcome=name,
            ),
            (
                Choice("lower", Message("falling values are an improvement")),
                Choice("higher", Message("rising values are an improvement")),
                Choice(_UNKNOWN, Message("numbers without a word")),
            ),
            location,
        )
        if answer in ("lower", "higher"):
            answered[name] = "higher" if answer == "higher" else "lower"
            words = (
                Message("of {outcome} higher values are better", outcome=name)
                if answer == "higher"
                else Message("of {outcome} lower values are better", outcome=name)
            )
            context.findings.add("answer_applied", location, None, words=words)
        else:
            context.findings.add("better_unknown", location, None, outcome=name)
    return [
        replace(m, better=answered[m.outcome]) if m.outcome in answered else m for m in readings
    ]


def read_outcome_columns(roles: ColumnRoles, context: ReadContext) -> RecordBatch:
    """Columns such as mouth opening beside the thickness; blank cells are not values."""
    if not roles.outcomes:
        return RecordBatch()
    # What is wrong with patient or date of a row was said when its thickness was read.
    told = context.aside() if roles.values else context
    patients, times = read_patients(roles, told), read_times(roles, told)
    found: dict[tuple[object, ...], OutcomeReading] = {}
    columns: dict[tuple[Location, str], str] = {}
    for name in roles.outcomes:
        outcome, unit, direction = known_outcome(name.text)
        columns[roles.location, outcome] = name.text
        context.findings.add(
            "other_outcome_read", roles.location, None, column=name.text, outcome=outcome
        )
        for r, row in enumerate(roles.section.rows):
            cell = row[name.index] if name.index < len(row) else ""
            value = None if is_blank(cell) else read_number(cell)
            if value is None or r in patients.problems or r in times.problems:
                continue
            fields: dict[str, Any] = {
                "patient_id": patients.found[r],
                "outcome": outcome,
                "value": value,
                "date": times.dates[r],
                "day": times.days[r],
                "unit": name.unit or unit,
                "better": direction,
                "place": Place(
                    file=roles.location.file,
                    sheet=roles.location.sheet,
                    row=roles.section.numbers[r],
                ),
            }
            where = (roles.location, roles.section.numbers[r], row)
            for reading in made(partial(OutcomeReading, **fields), where, told, None):
                key = (reading.patient_id, outcome, value, reading.date, reading.day)
                found.setdefault(key, reading)
    readings = asked_directions(list(found.values()), roles.location, context)
    return RecordBatch(outcomes=tuple(readings), outcome_columns=columns)
