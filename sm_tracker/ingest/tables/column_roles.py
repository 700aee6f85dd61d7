"""Which column of a table holds what: by name, by content, or by a person's answer."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace

from sm_tracker.ingest.cells.plain_names import plain_name
from sm_tracker.ingest.cells.short_texts import read_flag, read_sign
from sm_tracker.ingest.cells.sites import read_site
from sm_tracker.ingest.cells.therapy_schedule import unit_of_dose
from sm_tracker.ingest.cells.therapy_text import split_therapy
from sm_tracker.ingest.files.grid import Cell, is_blank, text_of
from sm_tracker.ingest.messages.finding_log import Location
from sm_tracker.ingest.tables.column_meanings import DATE_INSIDE, ColumnName
from sm_tracker.ingest.tables.column_questions import ROLE_WORDS, answered_columns, ask_column
from sm_tracker.ingest.tables.columns import (
    ColumnRoles,
    column_cells,
    header_of,
    sample_of,
    share_of_dates,
    share_of_numbers,
)
from sm_tracker.ingest.tables.privacy import IDENTIFYING_WORDS, identifying_kind
from sm_tracker.ingest.tables.read_context import ReadContext
from sm_tracker.ingest.tables.section import Section

MANY_ALLOWED = frozenset({"note", "not_used", "not_thickness", "mean", "sd"})


def assign_roles(section: Section, location: Location, context: ReadContext) -> ColumnRoles:
    """Give each column of a section its role.

    Answers ``column.ROLE=HEADER`` come first, then exact names, then likely names. Two
    columns of one role are asked about, unless they hold the same.
    """
    roles = leave_identifying_out(ColumnRoles(section=section, location=location), context)
    answered = answered_columns(roles, context)
    found: dict[str, list[ColumnName]] = {}
    for name in section.names:
        if name.index in roles.identifying or name.index in answered.values():
            continue
        role = _role_by_content(section, name)
        if role in answered:
            role = "not_used"
        elif role.startswith("outcome:"):
            role = "outcomes"
        if role:
            found.setdefault(role, []).append(name)
    roles = _settle(roles.with_roles(**answered), found, context)
    if "replicate" not in answered:
        roles = _leave_row_numbers_out(roles)
    return _keep_one_time_axis(roles)


def _keep_one_time_axis(roles: ColumnRoles) -> ColumnRoles:
    """Dates count, where a study day or a weekday is written beside each of them.

    A column called "day", as in our own files, stays: with dates beside it, it contradicts.
    """
    if not roles.has("date", "day") or any(is_blank(c) for c in roles.cells("date")):
        return roles
    numbers = share_of_numbers(sample_of(roles.section, roles.by_role["day"])) > 0.5
    if not numbers or roles.section.names[roles.by_role["day"]].name != "day":
        return roles.without("day")
    return roles


def leave_identifying_out(roles: ColumnRoles, context: ReadContext) -> ColumnRoles:
    """Note the columns that would identify a patient, and say that they are not imported."""
    kinds: dict[int, str] = {}
    for name in roles.section.names:
        sample = [text_of(c) for c in sample_of(roles.section, name.index)[:50]]
        kind = identifying_kind(name.text, sample)
        if kind:
            kinds[name.index] = kind
            context.findings.add(
                "identifying_column", roles.location, _header_row(roles.section),
                kind=IDENTIFYING_WORDS[kind],
                column=header_of(roles.section, name.index),
            )  # fmt: skip
    return replace(roles, identifying=kinds)


def _leave_row_numbers_out(roles: ColumnRoles) -> ColumnRoles:
    """Take a column that numbers the rows of several visits for what it is: no replicate."""
    if not roles.has("replicate", "date"):
        return roles
    numbers = [text_of(c).strip() for c in roles.cells("replicate")]
    dates = {text_of(c).strip() for c in roles.cells("date")}
    if len(dates) > 1 and numbers == [str(n) for n in range(1, len(numbers) + 1)]:
        return roles.without("replicate").leaving_out(roles.by_role["replicate"])
    return roles


def _header_row(section: Section) -> int | None:
    return section.header_rows[-1] if section.header_rows else None


def _role_by_content(section: Section, name: ColumnName) -> str:
    """Role of a column whose name alone leaves two readings open."""
    sample = sample_of(section, name.index)
    if not name.role and _are_signs(sample):
        return "qualifier"
    courses = any(n.role == "therapy" for n in section.names)
    if courses and not name.role and name.text and unit_of_dose(name.text) == name.text:
        return "dose"
    countable = courses and name.role in ("", "cycles", "date")
    if countable and sample and all(map(_lists_dates, sample)):
        return "session_dates"
    if name.role in ("visit", "day", "month", "start_day", "end_day") or name.visit:
        if sample and share_of_dates(sample) > 0.5:
            return {"start_day": "start", "end_day": "end"}.get(name.role, "date")
        return name.role
    if name.role == "value" and sample and share_of_dates(sample) > 0.5:
        return "date"  # a column "Untersuchung" or "Messung" may hold the day
    if name.role == "value" and not name.unit and _are_counts(sample) and not name.says_thickness:
        return "value" if _are_of_outcomes(section, name) else "replicate"
    if name.name in _PERHAPS_THERAPY and any(split_therapy(text_of(c)).known for c in sample):
        return "therapy"
    if name.role in ("start", "end") and sample and all(_says_yes_or_no(c) for c in sample):
        return ""  # "stopped: yes" tells no day
    if name.role == "session_dates" and not name.exact and share_of_dates(sample) > 0.9:
        return "date"  # one session a row
    if name.name == "operator" and any(read_sign(text_of(c)) is None for c in sample):
        return "examiner"  # who held the probe, not a sign such as <
    if (
        name.unit and not name.exact and name.role in _OF_WORDS
        and share_of_numbers(sample) > 0.5
    ):  # fmt: skip
        return ""  # "scan by another device (mm)" holds lengths, whatever its words
    if name.role == "side" and sample and not any(len(text_of(c)) < 12 for c in sample):
        return "site" if "site" in name.name.split() else ""
    return name.role


def _are_of_outcomes(section: Section, name: ColumnName) -> bool:
    """Whether small whole numbers beside names of outcomes are their values, such as an mRSS.

    They number readings where another column can hold what was read.
    """
    others = [n for n in section.names if n.index != name.index]
    read = any(n.role in ("thickness", "value", "mean") or n.says_thickness for n in others)
    return any(n.role == "outcome" for n in others) and not read


_OF_WORDS = frozenset({
    "device", "examiner", "site", "side", "therapy", "patient_id", "note", "unit", "stop_reason",
    "date", "start", "end",
})  # fmt: skip
"""Roles of words and dates: lengths contradict a name that is only likely to mean them."""


def _lists_dates(cell: Cell) -> bool:
    """Whether a cell holds several dates, as those of sessions."""
    found = DATE_INSIDE.findall(cell) if isinstance(cell, str) else []
    return len(found) > 1 and not re.sub(r"[\s,;|&+]+", "", DATE_INSIDE.sub("", str(cell)))


def _says_yes_or_no(cell: Cell) -> bool:
    return not isinstance(cell, float) and read_flag(text_of(cell)) is not None


_PERHAPS_THERAPY = frozenset({
    "procedure", "procedures", "med", "meds", "infusion", "injection", "product", "brand",
    "brand name", "trade name", "preparation", "handelsname", "nom commercial", "specialite",
})  # fmt: skip
"""Names of a column of therapies where a cell names one; a procedure may be a scan as well."""


def _are_signs(cells: Sequence[Cell]) -> bool:
    """Whether a column holds nothing but the signs of values below or above a limit."""
    signs = {text_of(c).strip() for c in cells}
    return signs <= {"<", ">", "<=", ">=", "≤", "≥", "="} and bool(signs - {"="})


def _are_counts(cells: Sequence[Cell]) -> bool:
    texts = {re.sub(r"(?<=\d)(?:st|nd|rd|th)$", "", text_of(c).strip()) for c in cells}
    return bool(texts) and texts <= {str(n) for n in range(1, 11)} and len(cells) > 1


_SCHEDULES = frozenset({"regimen", "therapieregime", "schema", "protocol", "protokoll"})
"""Names of the therapy that mean its schedule where another column names the drug."""


def _settle(
    roles: ColumnRoles, found: Mapping[str, Sequence[ColumnName]], context: ReadContext
) -> ColumnRoles:
    """Roles with the columns that names and contents gave; one of several where one is allowed."""
    found = dict(found)
    drugs = [n for n in found.get("therapy", ()) if n.name not in _SCHEDULES]
    if len(drugs) == 1 and len(found["therapy"]) == 2 and "schedule" not in found:
        found["schedule"] = [n for n in found["therapy"] if n is not drugs[0]]
        found["therapy"] = drugs
    many = {role: found.pop(role, ()) for role in ("note", "thickness", "outcomes")}
    left_out = [n.index for r in ("not_used", "not_thickness") for n in found.pop(r, ())]
    roles = replace(
        roles, notes=tuple(n.index for n in many["note"]), values=tuple(many["thickness"]),
        outcomes=tuple(many["outcomes"]),
    ).leaving_out(*left_out)  # fmt: skip
    for role, names in found.items():
        chosen, others = (
            (names[0].index, [n.index for n in names[1:]])
            if len(names) == 1 or role in MANY_ALLOWED
            else _one_of(roles, role, names, context)
        )
        roles = roles.with_roles(**{role: chosen}).leaving_out(*others)
    return roles


def _one_of(
    roles: ColumnRoles, role: str, names: Sequence[ColumnName], context: ReadContext
) -> tuple[int, list[int]]:
    """The column of a role that several columns could have, and those that are left out."""
    filled = [n for n in names if sample_of(roles.section, n.index)] or names[:1]
    own = [n for n in filled if plain_name(n.text) == role.replace("_", " ")]
    likely = [n for n in filled if n.exact] or filled
    if len(likely) == 1 or _hold_the_same(roles.section, likely):
        chosen = likely[0]
    elif own and role not in ROLE_WORDS:
        chosen = own[0]
    elif role == "site" and (site := _only_sites(roles, likely)):
        return site.index, []
    elif role == "patient_id" and (better := _better_code(likely)):
        chosen = better
    elif role in ROLE_WORDS:
        return ask_column(roles, role, [n.index for n in likely], context), []
    else:
        chosen = likely[0]
    return chosen.index, [n.index for n in names if n is not chosen]


_LESIONS = frozenset({"lesion", "laesion", "plaque"})


def _only_sites(roles: ColumnRoles, names: Sequence[ColumnName]) -> ColumnName | None:
    """The one column whose cells are body sites; a lesion beside it tells readings apart."""

    def cells(name: ColumnName) -> set[str]:
        return {text_of(c) for c in sample_of(roles.section, name.index)}

    sites = [n for n in names if any(read_site(c).known or read_site(c).choices for c in cells(n))]
    return sites[0] if len(sites) == 1 and not any(n.name in _LESIONS for n in names) else None


def _better_code(names: Sequence[ColumnName]) -> ColumnName | None:
    """Of "ID" and "Patient", the one that says patient, subject or code of a study."""
    subjects = [n for n in names if "subj" in n.name]
    if len(subjects) == 1 and all("stud" in n.name for n in names if n is not subjects[0]):
        return subjects[0]  # a study has subjects
    said = [n for n in names if n.name not in ("id", "code", "fall", "case", "nr", "ident", "pid")]
    return said[0] if len(said) == 1 else None


def _hold_the_same(section: Section, names: Sequence[ColumnName]) -> bool:
    first, *others = ([text_of(c).strip() for c in column_cells(section, n.index)] for n in names)
    return all(o == first for o in others)
