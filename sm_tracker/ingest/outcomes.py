"""Second outcomes: their own table, or columns beside the thickness."""

from __future__ import annotations

from sm_tracker.domain.records import Better, OutcomeReading, Place
from sm_tracker.ingest.column_names import OTHER_OUTCOMES, word_set
from sm_tracker.ingest.columns import read_column_name
from sm_tracker.ingest.findings import Report
from sm_tracker.ingest.interview import Interview
from sm_tracker.ingest.mapping import Plan
from sm_tracker.ingest.measurements import notes_of, reason_of
from sm_tracker.ingest.numbers import parse_value
from sm_tracker.ingest.people import read_patients
from sm_tracker.ingest.run import Refusals, Run
from sm_tracker.ingest.tables import is_blank, text_of
from sm_tracker.ingest.times import read_times
from sm_tracker.ingest.words import clean_text, read_number

_HIGHER = word_set("higher high up hoeher höher mehr plus haut supérieur superieur +")


def read_outcome_table(plan: Plan, run: Run, refusals: Refusals) -> list[OutcomeReading]:
    """Rows of an outcome table; rows with a problem are left out and named."""
    patients, times = read_patients(plan, run), read_times(plan, run)
    value_index = plan.roles["value"] if plan.has("value") else plan.values[0].index
    unit_in_header = plan.section.names[value_index].unit
    names = [clean_text(c) for c in plan.cells("outcome")]
    units = [clean_text(c) for c in plan.cells("unit")] if plan.has("unit") else []
    better = [clean_text(c) for c in plan.cells("better")] if plan.has("better") else []
    notes = notes_of(plan, run)
    found: list[OutcomeReading] = []
    for r, number in enumerate(plan.section.numbers):
        row = plan.section.rows[r]
        cell = row[value_index] if value_index < len(row) else ""
        value = None if is_blank(cell) else read_number(cell)
        codes = [p[r] for p in (patients.problems, times.problems) if r in p]
        codes += _problem_of_value(plan, r, value_index, run) if value is None else []
        if "missing_value" in codes:
            continue
        if codes or value is None:
            for code in codes:
                refusals.add(number, row, reason_of(code))
            continue
        name, unit, direction = _known(names[r])
        found.append(
            OutcomeReading(
                patient_id=patients.found[r],
                outcome=name,
                value=value,
                date=times.dates[r],
                day=times.days[r],
                unit=(units[r] if units else "") or unit_in_header or unit,
                better=_direction(better[r] if better else "", direction),
                note=notes[r],
                place=Place(file=plan.spot.file, sheet=plan.spot.sheet, row=number),
            )
        )
    return found


def _problem_of_value(plan: Plan, r: int, index: int, run: Run) -> list[str]:
    row = plan.section.rows[r]
    text = text_of(row[index]).strip() if index < len(row) else ""
    parsed = parse_value(text, decimal=".")
    code = "missing_value" if parsed is not None and parsed.missing else "not_a_number"
    run.report.add(
        code, plan.spot, plan.section.numbers[r], column=plan.section.names[index].text,
        value=text, shown=text or "blank",
    )  # fmt: skip
    return [code]


def _known(text: str) -> tuple[str, str, Better]:
    """Standard name, usual unit and better direction of an outcome; a new name stays."""
    role = read_column_name(text).role
    if role.startswith("outcome:"):
        name = role.partition(":")[2]
        return name, *_usual(name)
    return text, "", ""


def _usual(outcome: str) -> tuple[str, Better]:
    """Unit and better direction of a known outcome; blank for another."""
    unit, direction, _ = OTHER_OUTCOMES.get(outcome, ("", "", ()))
    return unit, "higher" if direction == "higher" else "lower" if direction else ""


def _direction(word: str, usual: Better) -> Better:
    if not word:
        return usual
    return "higher" if word.casefold() in _HIGHER else "lower"


def read_outcome_columns(plan: Plan, run: Run) -> list[OutcomeReading]:
    """Columns such as mouth opening beside the thickness; blank cells are no values."""
    if not plan.outcomes:
        return []
    # What is wrong with patient or date of a row was said when its thickness was read.
    silent = Run(report=Report(), interview=Interview(run.interview.answers, run.interview.files),
                 today=run.today, limits=run.limits)  # fmt: skip
    if plan.values:
        patients, times = read_patients(plan, silent), read_times(plan, silent)
    else:
        patients, times = read_patients(plan, run), read_times(plan, run)
    found: dict[tuple[object, ...], OutcomeReading] = {}
    for name in plan.outcomes:
        outcome = name.role.partition(":")[2]
        unit, direction = _usual(outcome)
        run.report.add("other_outcome_read", plan.spot, None, column=name.text, outcome=outcome)
        for r, row in enumerate(plan.section.rows):
            cell = row[name.index] if name.index < len(row) else ""
            value = None if is_blank(cell) else read_number(cell)
            if value is None or r in patients.problems or r in times.problems:
                continue
            reading = OutcomeReading(
                patient_id=patients.found[r],
                outcome=outcome,
                value=value,
                date=times.dates[r],
                day=times.days[r],
                unit=name.unit or unit,
                better=direction,
                place=Place(
                    file=plan.spot.file, sheet=plan.spot.sheet, row=plan.section.numbers[r]
                ),
            )
            key = (reading.patient_id, outcome, value, reading.date, reading.day)
            found.setdefault(key, reading)
    return list(found.values())
