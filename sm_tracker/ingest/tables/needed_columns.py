"""Columns that every record of a shape needs: found by content, asked about, or missed."""

from __future__ import annotations

import re

from sm_tracker.domain.records import Choice
from sm_tracker.ingest.cells.short_texts import clean_text
from sm_tracker.ingest.cells.sites import read_site
from sm_tracker.ingest.files.grid import text_of
from sm_tracker.ingest.messages.finding_log import Location
from sm_tracker.ingest.tables.column_meanings import ColumnName, read_column_name
from sm_tracker.ingest.tables.column_questions import (
    NO_COLUMN,
    ROLE_WORDS,
    ask_among,
    ask_column,
    column_by_header,
    column_choices,
)
from sm_tracker.ingest.tables.columns import (
    ColumnRoles,
    header_of,
    sample_of,
    share_of_dates,
    share_of_numbers,
    shown_as,
)
from sm_tracker.ingest.tables.examination_date import date_above
from sm_tracker.ingest.tables.privacy import IDENTIFYING_WORDS
from sm_tracker.ingest.tables.read_context import ReadContext
from sm_tracker.ingest.tables.table_shapes import TableShape
from sm_tracker.languages import Message

NEEDS_SITE = (TableShape.LONG, TableShape.WIDE_READING, TableShape.WIDE_LAYER, TableShape.WIDE_SIDE)
NEEDS_TIME = (*NEEDS_SITE, TableShape.WIDE_SITE)
PSEUDONYMS = "numbered"
SHEET_NAME = "sheet-name"
"""Answer that the name of a sheet is the code of its patient."""
LONGEST_CODE, LONGEST_WORDS = 20, 60


def complete(roles: ColumnRoles, shape: TableShape, context: ReadContext) -> ColumnRoles | None:
    """The columns that every record of a shape needs, found or asked for; None if one is missing.

    What is missing is named.
    """
    if shape is TableShape.UNKNOWN:
        _say_unknown(roles, context)
        return None
    if shape in NEEDS_TIME and not _has_time(roles):
        timed = _with_dates(roles, context) or date_above(roles, context)
    elif shape is TableShape.THERAPIES and not (roles.has("start") or roles.has("start_day")):
        timed = _with_dates(roles, context, "start")
    else:
        timed = roles
    if shape is TableShape.THERAPIES and not any(
        (timed or roles).has(r) for r in ("end", "end_day", "end_status")
    ):
        with_end = _with_end(timed or roles, context)
        timed = timed and with_end
    if timed is None:
        _say_missing(roles, "date" if shape in NEEDS_TIME else "start", context)
        return None
    roles = timed
    if shape in NEEDS_SITE and not roles.has("site") and not all(
        n.site_text for n in roles.values
    ):  # fmt: skip
        roles = _with_site(roles, context)
    if shape is TableShape.VISITS_ACROSS and not roles.has("site"):
        roles = _with_site_beside_visits(roles, context)
    return roles if roles.has("patient_id") else with_patient(roles, context)


def _columns_seen(roles: ColumnRoles) -> Message:
    seen = [shown_as(roles.section, n.index) for n in roles.section.names if n.text]
    if seen:
        return Message("{listed}", listed=seen)
    return Message("{n} columns without names", n=len(roles.section.names))


_AGE = re.compile(r"\b(?:age|alter)\b")


def _say_missing(roles: ColumnRoles, role: str, context: ReadContext) -> None:
    header = roles.section.header_rows
    ages = [n for n in roles.section.names if _AGE.search(n.name) and role == "date"]
    for name in ages[:1]:
        context.findings.add(
            "age_is_no_date", roles.location, None, column=shown_as(roles.section, name.index)
        )
    context.findings.add(
        "missing_column", roles.location, header[-1] if header else None, role=ROLE_WORDS[role],
        columns=_columns_seen(roles), key=f"column.{role}",
    )  # fmt: skip


def _say_unknown(roles: ColumnRoles, context: ReadContext) -> None:
    known = {r for r in ("patient_id", "date", "day", "site") if roles.has(r)}
    if len(known) > 1:
        _say_missing(roles, "thickness", context)
        for role in ("patient_id", "date", "site"):
            if not roles.has(role) and not (role == "date" and _has_time(roles)):
                _say_missing(roles, role, context)
        return
    if roles.has("therapy"):
        _say_missing(roles, "start", context)
        return
    header = roles.section.header_rows
    context.findings.add(
        "not_recognised",
        roles.location,
        header[-1] if header else None,
        columns=_columns_seen(roles),
    )


def _has_time(roles: ColumnRoles) -> bool:
    return any(roles.has(r) for r in ("date", "day", "week", "month", "visit"))


def _free_columns(roles: ColumnRoles) -> list[int]:
    """Columns that nothing claims, and those that were left out."""
    taken = roles.claimed - set(roles.left_out)
    return [n.index for n in roles.section.names if n.index not in taken]


def _free_dates(roles: ColumnRoles) -> list[int]:
    return [i for i in _free_columns(roles) if share_of_dates(sample_of(roles.section, i)) > 0.6]


def _with_dates(roles: ColumnRoles, context: ReadContext, role: str = "date") -> ColumnRoles | None:
    dates = _free_dates(roles)
    return roles.with_roles(**{role: ask_column(roles, role, dates, context)}) if dates else None


def _with_end(roles: ColumnRoles, context: ReadContext) -> ColumnRoles:
    """Ask whether a column of dates whose name says nothing holds the ends of the courses."""
    dates = [i for i in _free_dates(roles) if i not in roles.left_out]
    if not dates:
        return roles
    answer = ask_among(
        roles, "end", dates, context,
        Message(
            "No column is known to hold the end of the therapy by its name. Which column is it? "
            "Columns of dates: {columns}",
            columns=[shown_as(roles.section, i) for i in dates],
        ),
        (Choice(NO_COLUMN, Message("leave this column out: the end of all courses is unknown")),),
    )  # fmt: skip
    return roles.with_roles(end=answer) if isinstance(answer, int) else roles


def _with_site(roles: ColumnRoles, context: ReadContext) -> ColumnRoles:
    """A column whose cells are sites, else the one site of the file, by asking."""
    free = [i for i in _free_columns(roles) if sample_of(roles.section, i)]
    sites = [i for i in free if _share_of_sites(roles, i) > 0.6]
    if not sites and not roles.section.has_header:
        sites = [i for i in free if not share_of_numbers(sample_of(roles.section, i))][-1:]
    if sites:
        return roles.with_roles(site=ask_column(roles, "site", sites, context))
    columns = column_choices(roles.section, [i for i in free if _may_be_site(roles, i)])
    answer = context.questions.ask(
        "site",
        Message(
            "There is no column for the body site. Columns seen: {columns}. Which site was "
            "measured? Answer with its name, such as forearm, or with the column that holds it",
            columns=_columns_seen(roles),
        ),
        tuple(columns.values()),
        roles.location,
        free=bool,
    )
    return _column_or_value(roles, "site", answer, "site")


def _column_or_value(
    roles: ColumnRoles, role: str, answer: str | None, assumed: str
) -> ColumnRoles:
    """A role played by the column that an answer names, else one value for all rows."""
    index = column_by_header(roles.section, answer) if answer else None
    if index is not None:
        return roles.with_roles(**{role: index})
    return roles.having(role, answer or assumed)


def _may_be_site(roles: ColumnRoles, index: int) -> bool:
    """Whether a column of short words could hold sites: more often words than numbers or dates."""
    sample = sample_of(roles.section, index)
    short = all(len(text_of(c)) <= LONGEST_WORDS for c in sample)
    return short and share_of_numbers(sample) < 0.5 and share_of_dates(sample) < 0.1


def _with_site_beside_visits(roles: ColumnRoles, context: ReadContext) -> ColumnRoles:
    """The one column of sites of a table that is to be turned, which is asked about anyway."""
    free = [i for i in _free_columns(roles) if not roles.section.names[i].visit]
    sites = [i for i in free if _share_of_sites(roles, i) > 0.6]
    return roles.with_roles(site=sites[0]) if len(sites) == 1 else _with_site(roles, context)


def _share_of_sites(roles: ColumnRoles, index: int) -> float:
    cells = {text_of(c) for c in sample_of(roles.section, index)}
    known = (read_site(c).known or read_column_name(c).site_known for c in cells)
    return sum(known) / max(1, len(cells))


def with_patient(roles: ColumnRoles, context: ReadContext) -> ColumnRoles:
    """A code above the table or in a column, else a code by asking."""
    if roles.section.group_of:
        for number, code in {n: code for code, n in roles.section.group_of.values()}.items():
            context.findings.add("patient_stated_above", roles.location, number, value=code)
        return roles
    names = [i for i in roles.identifying if sample_of(roles.section, i)]
    if names:
        return _with_pseudonyms(roles, names, context)
    free = [i for i in _free_columns(roles) if _looks_like_code(roles, i)]
    if free and not roles.section.has_header:
        return roles.with_roles(patient_id=ask_column(roles, "patient_id", free, context))
    columns = column_choices(roles.section, free)
    answer = context.questions.ask(
        "patient_id",
        Message(
            "There is no column for the patient. Columns seen: {columns}. Which patient "
            "code have all rows? Answer with a code, or with the column that holds the codes",
            columns=_columns_seen(roles),
        ),
        (*columns.values(), _code_of_place(roles.location)),
        roles.location,
        free=bool,
    )
    if answer == SHEET_NAME:
        return roles.having("patient_id", roles.location.sheet)
    return _column_or_value(roles, "patient_id", answer, "P1")


_CODE = re.compile(r"(?!.*(?:19|20)\d\d$)[A-Za-z]{1,8}[-_ ]?\d{1,6}[A-Za-z]?")
_NO_CODE = re.compile(r"(?:sheet|tabelle|feuil|table|data|daten|donnees|visit|visite|v|file|export)"
                      r"[-_ ]?\d+", re.IGNORECASE)  # fmt: skip


def _code_of_place(location: Location) -> Choice:
    """The name of the sheet or file where it looks like a code, else a code of ours."""
    if _is_code(location.sheet):
        return Choice(
            SHEET_NAME,
            Message(
                "the name of the sheet is the patient code, here {sheet}", sheet=location.sheet
            ),
        )
    stem = location.file.rpartition(".")[0]
    code = stem if _is_code(stem) else "P1"
    return Choice(code, Message("all rows belong to one patient with the code {code}", code=code))


def _is_code(name: str) -> bool:
    return bool(_CODE.fullmatch(name)) and not _NO_CODE.fullmatch(name)


def _looks_like_code(roles: ColumnRoles, index: int) -> bool:
    cells = [text_of(c) for c in sample_of(roles.section, index)]
    return (
        bool(cells)
        and all(len(c) <= LONGEST_CODE for c in cells)
        and share_of_dates(cells) < 0.1
        and not (roles.section.has_header and any(re.fullmatch(r"\d*[.,]\d+", c) for c in cells))
    )


def _with_pseudonyms(roles: ColumnRoles, columns: list[int], context: ReadContext) -> ColumnRoles:
    """Number the patients of a file that knows them by name only."""
    keys = [
        tuple(clean_text(row[i]).casefold() if i < len(row) else "" for i in columns)
        for row in roles.section.rows
    ]
    codes: dict[tuple[str, ...], str] = {}
    for key in keys:
        if any(key):
            codes.setdefault(key, f"P{len(codes) + 1}")
    kinds = [IDENTIFYING_WORDS[k] for k in dict.fromkeys(roles.identifying[i] for i in columns)]
    answer = context.questions.ask(
        "patient_id",
        Message(
            "Patients are identified by {kinds} only, which is not imported, and there is no "
            "patient code. {n} patients were told apart. Should they be numbered?",
            kinds=kinds,
            n=len(codes),
        ),
        (
            Choice(
                PSEUDONYMS,
                Message(
                    "{names} in order of appearance", names=", ".join(list(codes.values())[:6])
                ),
            ),
        ),
        roles.location,
        free=(lambda a: bool(a)) if len(codes) == 1 else None,
    )
    if answer is not None and answer != PSEUDONYMS:
        return roles.having("patient_id", answer)
    if answer:
        context.findings.add(
            "identifying_patient_code",
            roles.location,
            None,
            kind=kinds,
            column=", ".join(header_of(roles.section, i) for i in columns),
        )
    header = ColumnName(index=0, text="code", name="code")
    return roles.with_column("patient_id", header, [codes.get(key, "") for key in keys])
