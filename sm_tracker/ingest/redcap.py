"""REDCap longitudinal exports: events and repeats side by side, choices as codes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from sm_tracker.domain.records import Choice
from sm_tracker.ingest.columns import (
    ColumnName,
    chosen_as_thickness,
    plain_name,
    read_column_name,
)
from sm_tracker.ingest.harvest import Harvest
from sm_tracker.ingest.mapping import (
    Plan,
    answered_columns,
    ask_column,
    column_cells,
    sample_of,
    share_of_numbers,
)
from sm_tracker.ingest.measurements import read_measurements
from sm_tracker.ingest.outcomes import read_outcome_columns
from sm_tracker.ingest.run import Refusals, Run
from sm_tracker.ingest.tables import Cell, is_blank, text_of
from sm_tracker.ingest.therapies import read_periods

CODED_ROLES = ("site", "side", "therapy", "unit", "layer", "end_status", "status", "route", "kind")
_THERAPY_NAME = re.compile(
    r"^(?:ther|therapy|therapie|tx|rx|treat|treatment|regimen|drug|med|ttt|trait|traitement|beh"
    r"|behandlung|medik)_(?:name|drug|agent|label|type|nom|libelle|produit|molecule|dci"
    r"|medicament|wirkstoff|bezeichnung)$|^(?:nom|name)_(?:du_)?(?:ttt|traitement|therapie)$",
    re.I,
)
_MEASURED = re.compile(r"^(?:thk|thick\w*|hfus|us|sono|echo|dicke|hautdicke|hd|ep\w*)_", re.I)
_LABELS = frozenset({
    "event name", "repeat instrument", "repeat instance", "data access group",
    "survey identifier", "survey timestamp", "complete?",
})  # fmt: skip
"""Labels of REDCap's own columns, where an export holds labels in place of names of fields."""
_EVENTS = ("redcap_event_name", "event name")
_ARM = re.compile(r"_arm_\d+$|\s*\(Arm .*\)$", re.IGNORECASE)
_PREFIXES = re.compile(
    r"^(us|hfus|ther|therapy|therapie|tx|rx|meas|m|t|treat|echo|sono|visit|ttt|trait|traitement"
    r"|beh|behandlung|mes|mesure|mess|visite)_|_(ttt|traitement|therapie|echo|sono|us|mesure)$",
    re.I,
)


def parse_codes(text: str) -> dict[str, str]:
    """Codes and their meanings in REDCap's own notation.

    Examples
    --------
    >>> parse_codes("1, calf | 2, left hand")
    {'1': 'calf', '2': 'left hand'}
    """
    found = {}
    for part in re.split(r"\s*\|\s*|\n", text):
        match = re.match(r"^\s*([\w-]+)\s*[,=:]\s*(.+?)\s*$", part)
        if match:
            found[match[1]] = match[2]
    return found


def read_dictionary(plan: Plan, run: Run, refusals: Refusals) -> Harvest:
    """Take up the meanings of codes from a data dictionary; it holds no records."""
    names = {plain_name(n.text): n.index for n in plan.section.names}
    field = names.get("variable field name", names.get("field name", 0))
    choices = next((i for n, i in names.items() if n.startswith(("choices", "select choices"))), -1)
    count = 0
    for row in plan.section.rows:
        name = text_of(row[field]).strip() if field < len(row) else ""
        codes = parse_codes(text_of(row[choices])) if 0 <= choices < len(row) else {}
        if name and codes:
            run.codes[name.casefold()] = codes
            count += 1
    run.report.add("dictionary_used", plan.spot, None, count=count)
    return Harvest()


def read_redcap(plan: Plan, run: Run, refusals: Refusals) -> Harvest:
    """Readings and therapies of an export; a blank of another form is no missing value."""
    section = plan.section
    run.report.add(
        "format_recognised", plan.spot, section.header_rows[-1], form="REDCap export",
        words="rows were told apart by the fields that are filled",
    )  # fmt: skip
    answered = answered_columns(plan, run)
    roles = {**_roles(section.names), **plan.roles, **answered}
    values = _values(plan, answered.get("thickness"), run)
    roles.pop("thickness", None)
    harvest = Harvest()
    if values:
        timed = {**roles, **_time_of_events(plan, roles)}
        part = _rows_with(plan, timed, [n.index for n in values])
        part.values = values
        for name in ("therapy", "start", "end", "dose", "cycles"):
            part.roles.pop(name, None)
        part.outcomes = [n for n in map(_named, section.names) if n.role.startswith("outcome:")]
        if _decode(part, run):
            harvest.measurements = read_measurements(part, run, refusals)
            harvest.outcomes = read_outcome_columns(part, run)
    if "therapy" in roles and ("start" in roles or "start_day" in roles):
        part = _rows_with(plan, roles, [roles["therapy"]])
        if _decode(part, run):
            harvest.therapies = read_periods(part, run, refusals)
    if not (values or "therapy" in roles):
        run.report.add(
            "missing_column", plan.spot, section.header_rows[-1], role="the skin thickness",
            columns=", ".join(n.text for n in section.names), key="column.thickness",
        )  # fmt: skip
    return harvest


def _named(name: ColumnName) -> ColumnName:
    """A field name without the prefix of its form: us_site is site, ther_name a therapy."""
    read = read_column_name(name.text, name.index)
    if read.role and read.exact:
        return read
    if _THERAPY_NAME.match(name.text):
        return replace(read, role="therapy", exact=True)
    short = read_column_name(_PREFIXES.sub("", name.text), name.index)
    return ColumnName(
        index=name.index, text=name.text, name=short.name, unit=short.unit, role=short.role,
        exact=short.exact, says_thickness=short.says_thickness, layer=short.layer,
    )  # fmt: skip


def _values(plan: Plan, answered: int | None, run: Run) -> list[ColumnName]:
    """The fields of thickness: one, or one a site, a layer or a reading; else one is asked for."""
    names = plan.section.names
    if answered is not None:
        return [chosen_as_thickness(names[answered])]
    found = []
    for name in names[1:]:
        if _is_redcaps_own(name):
            continue
        read, wide = _named(name), read_column_name(name.text, name.index)
        if wide.site_known and (_MEASURED.match(name.text) or wide.unit):
            found.append(wide)
        elif read.role == "thickness" or (read.says_thickness and not read.role):
            found.append(replace(read, replicate=wide.replicate))
    found = found or _sites_without_unit(plan)
    told_apart = {(n.site_text, n.replicate, n.layer) for n in found}
    if len(found) > 1 and len(told_apart) < len(found):
        chosen = ask_column(plan, "thickness", [n.index for n in found], run)
        return [chosen_as_thickness(n) for n in found if n.index == chosen]
    return found


def _sites_without_unit(plan: Plan) -> list[ColumnName]:
    """Fields of numbers that are called by a body site and nothing else."""
    wide = (read_column_name(n.text, n.index) for n in plan.section.names[1:])
    return [
        n for n in wide
        if n.site_known and not n.role and share_of_numbers(sample_of(plan.section, n.index)) > 0.9
    ]  # fmt: skip


def _time_of_events(plan: Plan, roles: dict[str, int]) -> dict[str, int]:
    """The event as time of the visit, as in month_3_arm_1, where no field holds a date."""
    index = next((n.index for n in plan.section.names if n.text.casefold() in _EVENTS), None)
    if index is None or {"date", "day", "week", "month"} & set(roles):
        return {}
    for row in plan.section.rows:
        if index < len(row):
            row[index] = _ARM.sub("", text_of(row[index])).replace("_", " ").strip()
    return {"visit": index}


def _is_redcaps_own(name: ColumnName) -> bool:
    """Whether a column is REDCap's and no field of the project."""
    text = name.text.casefold()
    return text.startswith("redcap_") or text.endswith("_complete") or text in _LABELS


def _roles(names: Sequence[ColumnName]) -> dict[str, int]:
    roles: dict[str, int] = {"patient_id": 0}
    for name in names[1:]:
        if _is_redcaps_own(name):
            continue
        read = _named(name)
        role = "thickness" if read.says_thickness and not read.role else read.role
        if role in ("value", "visit", "record_type", "subject", "patient_id", "not_used", ""):
            continue
        roles.setdefault(role, name.index)
    return roles


def _rows_with(plan: Plan, roles: dict[str, int], fields: Sequence[int]) -> Plan:
    """The rows in which one of the fields is filled."""
    section = plan.section
    filled = [[not is_blank(c) for c in column_cells(section, i)] for i in fields]
    kept = [r for r, cells in enumerate(zip(*filled, strict=True)) if any(cells)]
    names = [_named(n) for n in section.names]
    part = replace(
        section, names=names, rows=[list(section.rows[r]) for r in kept],
        numbers=[section.numbers[r] for r in kept],
    )  # fmt: skip
    notes = [n.index for n in names if n.role == "note" and "note" in roles]
    return Plan(section=part, spot=plan.spot, roles=dict(roles), notes=notes)


def _decode(plan: Plan, run: Run) -> bool:
    """Replace codes by their meanings: from the dictionary, or by asking for them."""
    complete = True
    for role in CODED_ROLES:
        if role not in plan.roles:
            continue
        index = plan.roles[role]
        field = plan.section.names[index].text
        cells = (text_of(c).strip() for c in plan.cells(role) if not is_blank(c))
        seen = list(dict.fromkeys(cells))
        if not seen or not all(re.fullmatch(r"-?\d{1,4}", s) for s in seen):
            continue
        codes = run.codes.get(field.casefold(), {})
        missing = [s for s in seen if s not in codes]
        if missing:
            codes = {**codes, **(_ask_codes(plan, field, role, missing, run) or {})}
        if any(s not in codes for s in seen):
            complete = False
            continue
        for row in plan.section.rows:
            if index < len(row) and not is_blank(row[index]):
                code = text_of(row[index]).strip()
                row[index] = codes.get(code, code)
    return complete


def _ask_codes(
    plan: Plan, field: str, role: str, distinct: list[str], run: Run
) -> dict[str, str] | None:
    example = " | ".join(f"{c}, …" for c in distinct)
    answer = run.interview.ask(
        f"codes.{field}",
        f"The REDCap export holds codes, not words, in the field {field} ({role}): "
        f"{', '.join(distinct)}. What do the codes mean? Answer as in the data dictionary "
        f"({example}), export with labels, or add the data dictionary CSV to the files",
        (),
        plan.spot,
        free=lambda a: set(distinct) <= set(parse_codes(a)),
    )
    return parse_codes(answer) if answer else None


__all__ = ["Cell", "Choice", "parse_codes", "read_dictionary", "read_redcap"]
