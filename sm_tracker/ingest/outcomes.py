"""Second outcomes: their own table, or columns beside the thickness."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from sm_tracker.domain.records import Better, Choice, OutcomeReading, Place
from sm_tracker.ingest.column_names import OTHER_OUTCOMES, word_set
from sm_tracker.ingest.columns import read_column_name
from sm_tracker.ingest.doubtful import stated_doubts
from sm_tracker.ingest.findings import Spot
from sm_tracker.ingest.mapping import Plan, header_of
from sm_tracker.ingest.measurements import notes_of, reason_of
from sm_tracker.ingest.numbers import parse_value
from sm_tracker.ingest.people import read_patients
from sm_tracker.ingest.run import Refusals, Run
from sm_tracker.ingest.tables import is_blank, text_of
from sm_tracker.ingest.times import read_times
from sm_tracker.ingest.words import clean_text, read_number
from sm_tracker.languages import gettext as _

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


def read_outcome_table(plan: Plan, run: Run, refusals: Refusals) -> list[OutcomeReading]:
    """Rows of an outcome table; rows with a problem are left out and named."""
    patients, times = read_patients(plan, run), read_times(plan, run)
    value_index = plan.roles["value"] if plan.has("value") else plan.values[0].index
    unit_in_header = plan.section.names[value_index].unit
    names = [clean_text(c) for c in plan.cells("outcome")]
    units = [clean_text(c) for c in plan.cells("unit")] if plan.has("unit") else []
    better = [clean_text(c) for c in plan.cells("better")] if plan.has("better") else []
    notes = notes_of(plan, run)
    doubts = stated_doubts(plan, run)
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
        name, unit, direction = known_outcome(names[r])
        run.outcome_columns[plan.spot, name] = header_of(plan.section, value_index)
        found.append(
            OutcomeReading(
                patient_id=patients.found[r],
                outcome=name,
                value=value,
                date=times.dates[r],
                day=times.days[r],
                unit=(units[r] if units else "") or unit_in_header or unit,
                better=_direction(plan, run, r, better[r] if better else "", direction),
                note=notes[r],
                doubt=doubts[r][0],
                doubt_reason=doubts[r][1],
                place=Place(file=plan.spot.file, sheet=plan.spot.sheet, row=number),
            )
        )
    return asked_directions(found, plan.spot, run)


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
    usual, direction, _names = OTHER_OUTCOMES[known]
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


def _direction(plan: Plan, run: Run, r: int, word: str, usual: Better) -> Better:
    found = _DIRECTIONS.get(word.casefold())
    parsed = parse_value(word, decimal=".")
    says_nothing = not word or (parsed is not None and parsed.missing)
    if found is None and not says_nothing:
        run.report.add(
            "better_not_understood", plan.spot, plan.section.numbers[r], column="better", value=word
        )
    return found or usual


def asked_directions(readings: list[OutcomeReading], spot: Spot, run: Run) -> list[OutcomeReading]:
    """The readings with the better direction that an answer gives to names without one.

    The question waits for nobody: unanswered, changes of the outcome are numbers without a
    word.
    """
    stated = {m.outcome for m in readings if m.better}
    open_names = dict.fromkeys(m.outcome for m in readings if m.outcome not in stated)
    answered: dict[str, Better] = {}
    for name in open_names:
        answer = run.interview.offer(
            BETTER + name,
            _(
                "Which direction of {outcome} is better? Unanswered, its changes are numbers "
                "without a word."
            ).format(outcome=name),
            (
                Choice("lower", _("falling values are an improvement")),
                Choice("higher", _("rising values are an improvement")),
                Choice(_UNKNOWN, _("numbers without a word")),
            ),
            spot,
        )
        if answer in ("lower", "higher"):
            answered[name] = "higher" if answer == "higher" else "lower"
            higher = _("of {outcome} higher values are better")
            words = higher if answer == "higher" else _("of {outcome} lower values are better")
            run.report.add("answer_applied", spot, None, words=words.format(outcome=name))
        else:
            run.report.add("better_unknown", spot, None, outcome=name)
    return [
        replace(m, better=answered[m.outcome]) if m.outcome in answered else m for m in readings
    ]


def read_outcome_columns(plan: Plan, run: Run) -> list[OutcomeReading]:
    """Columns such as mouth opening beside the thickness; blank cells are no values."""
    if not plan.outcomes:
        return []
    # What is wrong with patient or date of a row was said when its thickness was read.
    told = run.aside() if plan.values else run
    patients, times = read_patients(plan, told), read_times(plan, told)
    found: dict[tuple[object, ...], OutcomeReading] = {}
    for name in plan.outcomes:
        outcome, unit, direction = known_outcome(name.text)
        run.outcome_columns[plan.spot, outcome] = name.text
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
    return asked_directions(list(found.values()), plan.spot, run)
