"""REDCap longitudinal exports: events and repeats side by side, choices as codes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from sm_tracker.domain.records import Choice
from sm_tracker.ingest.columns import ColumnName, plain_name, read_column_name
from sm_tracker.ingest.joining import Harvest
from sm_tracker.ingest.mapping import Plan, column_cells, sample_of
from sm_tracker.ingest.measurements import read_measurements
from sm_tracker.ingest.outcomes import read_outcome_columns
from sm_tracker.ingest.run import Refusals, Run
from sm_tracker.ingest.tables import Cell, is_blank, text_of
from sm_tracker.ingest.therapies import read_periods

CODED_ROLES = ("site", "side", "therapy", "unit", "layer", "end_status", "status", "route", "kind")
_THERAPY_NAME = re.compile(
    r"^(?:ther|therapy|tx|rx|treat|treatment|regimen|drug|med)_(?:name|drug|agent|label|type)$",
    re.I,
)
_PREFIXES = re.compile(r"^(us|hfus|ther|therapy|tx|rx|meas|m|t|treat|echo|sono|visit)_", re.I)


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
    roles = _roles(section.names)
    harvest = Harvest()
    if "thickness" in roles:
        part = _rows_with(plan, roles, "thickness")
        part.values = [section.names[roles["thickness"]]]
        part.roles.pop("thickness")
        for name in ("therapy", "start", "end", "dose", "cycles"):
            part.roles.pop(name, None)
        part.outcomes = [n for n in map(_named, section.names) if n.role.startswith("outcome:")]
        if _decode(part, run):
            harvest.measurements = read_measurements(part, run, refusals)
            harvest.outcomes = read_outcome_columns(part, run)
    if "therapy" in roles and ("start" in roles or "start_day" in roles):
        part = _rows_with(plan, roles, "therapy")
        if _decode(part, run):
            harvest.therapies = read_periods(part, run, refusals)
    if not ("thickness" in roles or "therapy" in roles):
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


def _roles(names: Sequence[ColumnName]) -> dict[str, int]:
    roles: dict[str, int] = {"patient_id": 0}
    for name in names[1:]:
        text = name.text.casefold()
        if text.startswith("redcap_") or text.endswith("_complete"):
            continue
        read = _named(name)
        role = "thickness" if read.says_thickness and not read.role else read.role
        if role in ("value", "visit", "record_type", "subject", "patient_id", "not_used", ""):
            continue
        roles.setdefault(role, name.index)
    return roles


def _rows_with(plan: Plan, roles: dict[str, int], role: str) -> Plan:
    """The rows in which the field of a role is filled."""
    section = plan.section
    cells = column_cells(section, roles[role])
    kept = [r for r, c in enumerate(cells) if not is_blank(c)]
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
        seen = [text_of(c).strip() for c in sample_of(plan.section, index)]
        if not seen or not all(re.fullmatch(r"-?\d{1,4}", s) for s in seen):
            continue
        codes = run.codes.get(field.casefold()) or _ask_codes(plan, field, role, seen, run)
        if codes is None:
            complete = False
            continue
        for row in plan.section.rows:
            if index < len(row) and not is_blank(row[index]):
                code = text_of(row[index]).strip()
                row[index] = codes.get(code, code)
    return complete


def _ask_codes(
    plan: Plan, field: str, role: str, seen: list[str], run: Run
) -> dict[str, str] | None:
    distinct = list(dict.fromkeys(seen))
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
