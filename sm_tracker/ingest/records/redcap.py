"""REDCap longitudinal exports: events and repeats side by side, choices as codes."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from sm_tracker.domain.records import Choice
from sm_tracker.ingest.cells.plain_names import plain_name
from sm_tracker.ingest.files.grid import Cell, is_blank, text_of
from sm_tracker.ingest.records.measurements import read_measurements
from sm_tracker.ingest.records.outcomes import read_outcome_columns
from sm_tracker.ingest.records.record_batch import RecordBatch
from sm_tracker.ingest.records.therapies import read_therapy_periods
from sm_tracker.ingest.tables.column_meanings import ColumnName, read_column_name
from sm_tracker.ingest.tables.column_questions import (
    NO_COLUMN,
    REPLICATES,
    ROLE_WORDS,
    answered_columns,
    ask_among,
    ask_column,
)
from sm_tracker.ingest.tables.columns import ColumnRoles, column_cells, sample_of, share_of_numbers
from sm_tracker.ingest.tables.header_names import chosen_as_thickness
from sm_tracker.ingest.tables.read_context import ReadContext, RefusedRows
from sm_tracker.ingest.tables.section import Section
from sm_tracker.languages import Message

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


@dataclass(frozen=True, slots=True)
class FieldNaming:
    """What helps to understand the name of a field: those of the forms, and its label."""

    forms: frozenset[str]
    labels: Mapping[str, str]


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


def read_dictionary(roles: ColumnRoles, context: ReadContext, refused: RefusedRows) -> RecordBatch:
    """Take up the meanings of codes from a data dictionary; it holds no records."""
    names = {plain_name(n.text): n.index for n in roles.section.names}
    field = names.get("variable field name", names.get("field name", 0))
    choices = next((i for n, i in names.items() if n.startswith(("choices", "select choices"))), -1)
    label = names.get("field label", -1)
    found: dict[str, dict[str, str]] = {}
    labels: dict[str, str] = {}
    for row in roles.section.rows:
        name = text_of(row[field]).strip() if field < len(row) else ""
        codes = parse_codes(text_of(row[choices])) if 0 <= choices < len(row) else {}
        if name and codes:
            found[name.casefold()] = codes
        if name and 0 <= label < len(row) and (told := text_of(row[label]).strip()):
            labels[name.casefold()] = told
    context.findings.add("dictionary_used", roles.location, None, count=len(found))
    return RecordBatch(codes=found, labels=labels)


def read_redcap(roles: ColumnRoles, context: ReadContext, refused: RefusedRows) -> RecordBatch:
    """Readings and therapies of an export; a blank of another form is not a missing value."""
    section = roles.section
    answered = answered_columns(roles, context)
    naming = FieldNaming(prefixes_of_forms(section.names), context.labels)
    role_names = {**_roles(section.names, naming), **roles.by_role, **answered}
    values = _values(roles, naming, answered.get("thickness"), context)
    role_names.pop("thickness", None)
    treated = "therapy" in role_names and ("start" in role_names or "start_day" in role_names)
    parts = [
        *([_part_of_readings(roles, role_names, values, naming, context)] if values else []),
        *([_part_of_courses(roles, role_names, naming)] if treated else []),
    ]
    batch = RecordBatch()
    for part in parts:
        decoded = _decoded(part, context)
        if decoded is None:
            continue
        if part.values:
            batch += read_measurements(decoded, context, refused)
            batch += read_outcome_columns(decoded, context)
        else:
            batch += read_therapy_periods(decoded, context, refused)
    asked = any(q.key.startswith("column.thickness") for q in context.questions.unanswered())
    if not (values or asked or "therapy" in role_names):
        context.findings.add(
            "missing_column", roles.location, section.header_rows[-1], role=ROLE_WORDS["thickness"],
            columns=", ".join(n.text for n in section.names), key="column.thickness",
        )  # fmt: skip
    read = sorted(batch.columns_read.union(*(_columns_of(p) for p in parts)))
    fields = ", ".join(section.names[i].text for i in read if i < len(section.names))
    context.findings.add(
        "format_recognised", roles.location, section.header_rows[-1], form=Message("REDCap export"),
        words=Message(
            "rows were told apart by the fields that are filled ({fields})", fields=fields
        ),
    )  # fmt: skip
    own = (n.index for n in section.names if _is_redcaps_own(n))
    return replace(
        batch,
        columns_read=frozenset((*own, *read)),
        note_columns=frozenset(i for p in parts for i in p.notes),
    )


def _part_of_readings(
    roles: ColumnRoles, role_names: Mapping[str, int], values: Sequence[ColumnName],
    naming: FieldNaming, context: ReadContext,
) -> ColumnRoles:  # fmt: skip
    """The rows with a value, with their outcomes and the time of their event."""
    event = _event_as_time(roles, role_names)
    timed = roles if event is None else replace(roles, section=_words_of_events(roles, event))
    named = {**role_names, **({} if event is None else {"visit": event})}
    part = _rows_with(timed, named, naming, [n.index for n in values])
    outcomes = (_named(n, naming) for n in roles.section.names)
    part = replace(
        part.without("therapy", "start", "end", "dose", "cycles"),
        values=tuple(values),
        outcomes=tuple(n for n in outcomes if n.role.startswith("outcome:")),
    )
    return _with_dates_of_events(timed, part, context)


def _part_of_courses(
    roles: ColumnRoles, role_names: Mapping[str, int], naming: FieldNaming
) -> ColumnRoles:
    """The rows with a therapy, without the roles of readings, which nothing reads there."""
    return _rows_with(roles, role_names, naming, [role_names["therapy"]]).without(*_OF_READINGS)


def _columns_of(part: ColumnRoles) -> set[int]:
    """Columns that were read for a part of an export."""
    return {*part.by_role.values(), *(n.index for n in (*part.values, *part.outcomes))}


def prefixes_of_forms(names: Sequence[ColumnName]) -> frozenset[str]:
    """Beginnings that several fields share, as those of one form do: med_start, med_stop."""
    firsts = Counter(n.text.casefold().partition("_")[0] for n in names if "_" in n.text)
    return frozenset(p for p, count in firsts.items() if count > 1 and p != "redcap")


_OF_READINGS = ("date", "day", "week", "month", "visit", "site", "side", "layer", "thickness",
                "replicate", "device", "examiner", "velocity_m_s", "qualifier")  # fmt: skip


def _with_dates_of_events(
    roles: ColumnRoles, part: ColumnRoles, context: ReadContext
) -> ColumnRoles:
    """Give rows of repeated forms the date of their event, which stands in a row of its own."""
    event = next((n.index for n in roles.section.names if n.text.casefold() in _EVENTS), None)
    role = next((r for r in ("date", "day") if r in part.by_role), None)
    if event is None or role is None:
        return part
    column = part.by_role[role]
    dates: dict[tuple[str, str], set[Cell]] = defaultdict(set)
    for row in roles.section.rows:
        if column < len(row) and event < len(row) and not is_blank(row[column]):
            dates[text_of(row[0]), text_of(row[event])].add(row[column])
    changed: dict[int, dict[int, Cell]] = {}
    for r, row in enumerate(part.section.rows):
        found = dates.get((text_of(row[0]), text_of(row[event]) if event < len(row) else ""), set())
        if len(found) == 1 and (column >= len(row) or is_blank(row[column])):
            changed[r] = {column: next(iter(found))}
    if changed:
        context.findings.add("date_of_event", roles.location, None, count=len(changed))
    return replace(part, section=part.section.with_cells(changed))


def _named(name: ColumnName, naming: FieldNaming) -> ColumnName:
    """What a field is by its name, or by its label where the name tells nothing."""
    read = _named_by_name(name, naming)
    label = naming.labels.get(name.text.casefold())
    if not label:
        return read
    told = read_column_name(label, name.index)
    if not (read.role or read.says_thickness) and (told.role or told.says_thickness):
        return replace(told, text=name.text)
    return replace(read, unit=read.unit or told.unit)


def _named_by_name(name: ColumnName, naming: FieldNaming) -> ColumnName:
    """A field name without the prefix of its form: us_site is site, ther_name a therapy."""
    read = read_column_name(name.text, name.index)
    if read.role and read.exact:
        return read
    if _THERAPY_NAME.match(name.text):
        return replace(read, role="therapy", exact=True)
    short = read_column_name(_bare(name, naming), name.index)
    return ColumnName(
        index=name.index, text=name.text, name=short.name, unit=short.unit, role=short.role,
        exact=short.exact, says_thickness=short.says_thickness, layer=short.layer,
    )  # fmt: skip


def _bare(name: ColumnName, naming: FieldNaming) -> str:
    """The name of a field without that of its form."""
    first, _, rest = name.text.partition("_")
    return rest if rest and first.casefold() in naming.forms else _PREFIXES.sub("", name.text)


def _values(
    roles: ColumnRoles, naming: FieldNaming, answered: int | None, context: ReadContext
) -> list[ColumnName]:
    """The fields of thickness: one, or one a site, a layer or a reading; else one is asked for."""
    names = roles.section.names
    if answered is not None:
        return [chosen_as_thickness(names[answered])]
    found = []
    for name in names[1:]:
        if _is_redcaps_own(name):
            continue
        read, wide = _named(name, naming), read_column_name(name.text, name.index)
        if not wide.site_known:
            wide = replace(read_column_name(_bare(name, naming), name.index), text=name.text)
        if wide.site_known and not wide.role and (_MEASURED.match(name.text) or wide.unit):
            found.append(wide)
        elif read.role == "thickness" or (read.says_thickness and not read.role):
            by_name = _named_by_name(name, naming)
            told = by_name.role == "thickness" or by_name.says_thickness
            found.append(replace(read, replicate=wide.replicate) if told else read)
    found = found or _sites_without_unit(roles) or _asked_values(roles, naming, context)
    distinct = {(n.site_text, n.replicate, n.layer) for n in found}
    if len(found) > 1 and len(distinct) < len(found):
        chosen = ask_column(roles, "thickness", [n.index for n in found], context)
        return [chosen_as_thickness(n) for n in found if n.index == chosen]
    return found


def _asked_values(
    roles: ColumnRoles, naming: FieldNaming, context: ReadContext
) -> list[ColumnName]:
    """The fields that an answer names, among numbers on a form with a date; none while it is open.

    A number is asked about if it carries a unit of length or has decimals; others are counts,
    scores and codes.
    """
    dates = [n.index for n in roles.section.names[1:] if _named(n, naming).role == "date"]
    dated = [
        r for r, row in enumerate(roles.section.rows)
        if any(i < len(row) and not is_blank(row[i]) for i in dates)
    ]  # fmt: skip
    section = roles.section.of_rows(dated)
    fields = [
        read for n in section.names[1:]
        if not _is_redcaps_own(n) and n.index not in roles.identifying
        and n.text.casefold() not in context.codes
        and (read := _named(n, naming)).role in ("", "value") and _may_be_length(section, read)
    ]  # fmt: skip
    if not fields:
        return []
    several = Choice(REPLICATES, Message("each of them is a reading of the visit"))
    none = Choice(NO_COLUMN, Message("no field holds a skin thickness"))
    answer = ask_among(
        roles, "thickness", [n.index for n in fields], context,
        Message(
            "A form with a date holds numbers that may be the skin thickness: {columns}. "
            "Which field is it?",
            columns=", ".join(n.text for n in fields),
        ),
        ((several, none) if len(fields) > 1 else (none,)),
    )  # fmt: skip
    if answer == REPLICATES:
        return [replace(chosen_as_thickness(n), replicate=i) for i, n in enumerate(fields, 1)]
    return [chosen_as_thickness(n) for n in fields if n.index == answer]


def _may_be_length(section: Section, name: ColumnName) -> bool:
    cells = [text_of(c).strip() for c in sample_of(section, name.index)]
    decimals = any(re.fullmatch(r"\d+[.,]\d+", c) for c in cells)
    return bool(cells) and share_of_numbers(cells) > 0.9 and (bool(name.unit) or decimals)


def _sites_without_unit(roles: ColumnRoles) -> list[ColumnName]:
    """Fields of numbers that are called by a body site and nothing else."""
    wide = (read_column_name(n.text, n.index) for n in roles.section.names[1:])
    return [
        n for n in wide
        if n.site_known and not n.role and share_of_numbers(sample_of(roles.section, n.index)) > 0.9
    ]  # fmt: skip


def _event_as_time(roles: ColumnRoles, role_names: Mapping[str, int]) -> int | None:
    """The column of events where no field tells a time: they are the visits then."""
    if {"date", "day", "week", "month"} & set(role_names):
        return None
    return next((n.index for n in roles.section.names if n.text.casefold() in _EVENTS), None)


def _words_of_events(roles: ColumnRoles, event: int) -> Section:
    """The table with month 3 in the place of month_3_arm_1."""
    return roles.section.with_cells({
        r: {event: _ARM.sub("", text_of(row[event])).replace("_", " ").strip()}
        for r, row in enumerate(roles.section.rows) if event < len(row)
    })  # fmt: skip


def _is_redcaps_own(name: ColumnName) -> bool:
    """Whether a column is REDCap's and no field of the project."""
    text = name.text.casefold()
    return text.startswith("redcap_") or text.endswith("_complete") or text in _LABELS


def _roles(names: Sequence[ColumnName], naming: FieldNaming) -> dict[str, int]:
    role_names: dict[str, int] = {"patient_id": 0}
    for name in names[1:]:
        if _is_redcaps_own(name):
            continue
        read = _named(name, naming)
        role = "thickness" if read.says_thickness and not read.role else read.role
        if role in ("value", "visit", "record_type", "subject", "patient_id", "not_used", ""):
            continue
        role_names.setdefault(role, name.index)
    return role_names


def _rows_with(
    roles: ColumnRoles, role_names: Mapping[str, int], naming: FieldNaming, fields: Sequence[int]
) -> ColumnRoles:
    """The rows in which one of the fields is filled."""
    section = roles.section
    filled = [[not is_blank(c) for c in column_cells(section, i)] for i in fields]
    kept = [r for r, cells in enumerate(zip(*filled, strict=True)) if any(cells)]
    names = [_named(n, naming) for n in section.names]
    part = replace(section.of_rows(kept), names=names)
    notes = tuple(n.index for n in names if n.role == "note" and "note" in role_names)
    return ColumnRoles(section=part, location=roles.location, by_role=role_names, notes=notes)


def _decoded(roles: ColumnRoles, context: ReadContext) -> ColumnRoles | None:
    """Codes replaced by their meanings, from the dictionary or by asking; None where some lack."""
    complete = True
    changed: dict[int, dict[int, Cell]] = {}
    for role in CODED_ROLES:
        if role not in roles.by_role:
            continue
        index = roles.by_role[role]
        field = roles.section.names[index].text
        cells = [text_of(c).strip() for c in roles.cells(role)]
        seen = list(dict.fromkeys(filter(None, cells)))
        if not seen or not all(re.fullmatch(r"-?\d{1,4}", s) for s in seen):
            continue
        codes = dict(context.codes.get(field.casefold(), {}))
        missing = [s for s in seen if s not in codes]
        if missing:
            codes |= _ask_codes(roles, field, role, missing, context) or {}
        complete = complete and all(s in codes for s in seen)
        for r, code in enumerate(cells):
            if code in codes:
                changed.setdefault(r, {})[index] = codes[code]
    return replace(roles, section=roles.section.with_cells(changed)) if complete else None


def _ask_codes(
    roles: ColumnRoles, field: str, role: str, distinct: list[str], context: ReadContext
) -> dict[str, str] | None:
    example = " | ".join(f"{c}, …" for c in distinct)
    answer = context.questions.ask(
        f"codes.{field}",
        Message(
            "The REDCap export holds codes, not words, in the field {field} ({role}): {names}. "
            "What do the codes mean? Answer as in the data dictionary ({example}), export with "
            "labels, or add the data dictionary CSV to the files",
            field=field,
            role=role,
            names=", ".join(distinct),
            example=example,
        ),
        (),
        roles.location,
        free=lambda a: set(distinct) <= set(parse_codes(a)),
    )
    return parse_codes(answer) if answer else None


__all__ = ["Cell", "Choice", "parse_codes", "read_dictionary", "read_redcap"]
