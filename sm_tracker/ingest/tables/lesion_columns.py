"""Lesions and points: columns that keep readings of one site and visit apart."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import replace

from sm_tracker.domain.records import Choice
from sm_tracker.ingest.cells.plain_names import plain_name
from sm_tracker.ingest.files.grid import Cell, is_blank, text_of
from sm_tracker.ingest.tables.column_meanings import ColumnName
from sm_tracker.ingest.tables.columns import ColumnRoles, column_cells, sample_of, shown_as
from sm_tracker.ingest.tables.read_context import ReadContext
from sm_tracker.languages import Message

KEY = "told_apart"
APART, REPLICATES, LEAVE_OUT = "apart", "replicates", "leave-out"
_OF_A_VISIT = ("patient_id", "date", "day", "week", "month", "visit", "site", "side", "layer",
               "device", "examiner", "replicate")  # fmt: skip
_NAMES_PARTS = re.compile(
    r"\b(?:lesion|laesion|plaque|herd|point|punkt|spot|node|nodule|narbe|scar|cicatrice|target)s?\b"
    r"|herd(?:nr|nummer)|laesions?nr|messpunkt"
)
"""Names of columns that number the places within a site."""

MOST_PARTS = 40


def keep_lesions_apart(roles: ColumnRoles, context: ReadContext) -> ColumnRoles:
    """Ask about a column that tells readings of one visit apart, and do as the answer says.

    The table has one reading a row. A column that no role claims counts where it numbers lesions
    by its name, or where it alone keeps all rows of one visit apart.
    """
    column = _column(roles)
    if column is None:
        return roles
    parts = list(dict.fromkeys(text_of(c).strip() for c in sample_of(roles.section, column.index)))
    shown = ", ".join(parts[:6])
    answer = context.questions.ask(
        KEY,
        Message(
            "Column {column} ({shown}) tells readings of the same patient, site and visit "
            "apart. What does it number?",
            column=shown_as(roles.section, column.index),
            shown=shown,
        ),
        (
            Choice(
                APART,
                Message(
                    "lesions or points: each is a site of its own, kept apart by {column}",
                    column=shown_as(roles.section, column.index),
                ),
            ),
            Choice(REPLICATES, Message("readings of one place, which are averaged")),
            Choice(LEAVE_OUT, Message("leave this column out")),
        ),
        roles.location,
    )
    if answer in (None, APART):
        return _apart(roles, column)
    if answer == REPLICATES and not roles.has("replicate"):
        return roles.with_roles(replicate=column.index)
    return roles.leaving_out(column.index)


def _column(roles: ColumnRoles) -> ColumnName | None:
    # A second column of sites, which another one was preferred to, may tell parts of them.
    second = {n.index for n in roles.section.names if n.role == "site"} & set(roles.left_out)
    claimed = roles.claimed - second
    free = [
        n for n in roles.section.names
        if n.index not in claimed
        and 1 < len({text_of(c) for c in sample_of(roles.section, n.index)}) <= MOST_PARTS
    ]  # fmt: skip
    named = [n for n in free if _NAMES_PARTS.search(plain_name(n.text))]
    if not (named or free):
        return None
    groups = _visits(roles)
    if named and any(_differ(roles, n, groups) for n in named):
        return named[0]
    if roles.has("replicate") or all(len(rows) == 1 for rows in groups.values()):
        return None
    telling = [n for n in free if _tells_all(roles, n, groups)]
    return telling[0] if len(telling) == 1 else None


def _visits(roles: ColumnRoles) -> dict[tuple[Cell, ...], list[int]]:
    """Rows with a value by patient, time, site and the rest of what makes a visit."""
    columns = [roles.cells(r) for r in _OF_A_VISIT if roles.has(r)]
    values = column_cells(roles.section, roles.values[0].index)
    groups: dict[tuple[Cell, ...], list[int]] = defaultdict(list)
    for r, key in enumerate(zip(*columns, strict=True)):
        if not is_blank(values[r]):
            groups[key].append(r)
    return groups


def _differ(
    roles: ColumnRoles, name: ColumnName, groups: dict[tuple[Cell, ...], list[int]]
) -> bool:
    """Whether one patient and site has several of the lesions that a column names."""
    cells = column_cells(roles.section, name.index)
    whole = [roles.cells(r) for r in ("patient_id", "site", "side") if roles.has(r)]
    seen: dict[tuple[Cell, ...], set[str]] = defaultdict(set)
    for rows in groups.values():
        for r in rows:
            if not is_blank(cells[r]):
                seen[tuple(c[r] for c in whole)].add(text_of(cells[r]).strip())
    return any(len(found) > 1 for found in seen.values())


def _tells_all(
    roles: ColumnRoles, name: ColumnName, groups: dict[tuple[Cell, ...], list[int]]
) -> bool:
    """Whether the rows of each visit differ in a column, and its values come again and again."""
    cells = [text_of(c).strip() for c in column_cells(roles.section, name.index)]
    several = [rows for rows in groups.values() if len(rows) > 1]
    apart = all(len({cells[r] for r in rows}) == len(rows) and all(cells[r] for r in rows)
                for rows in several)  # fmt: skip
    again = {cells[r] for rows in groups.values() for r in rows}
    return apart and 2 * len(again) <= sum(map(len, groups.values()))


def _apart(roles: ColumnRoles, column: ColumnName) -> ColumnRoles:
    """Write the lesion behind the site, so that each is a site of its own."""
    plain = plain_name(column.text)
    word = next(
        (w for w in ("lesion", "plaque", "scar") if w in plain or (w == "lesion" and re.search(
            "laesion|herd", plain))), "point"
    )  # fmt: skip
    marks = [text_of(c).strip() for c in column_cells(roles.section, column.index)]
    one_site = roles.constants.get("site", "")
    sites = roles.cells("site") if roles.has("site") else [one_site] * len(marks)
    said = [text_of(c).strip() for c in sites]
    places = [f"{s} {word} {m}".strip() if m and s else s for s, m in zip(said, marks, strict=True)]
    header = roles.section.names[roles.by_role["site"]] if roles.has("site") else column
    used = {column.index, roles.by_role.get("site", column.index)}
    return replace(roles.with_column("site", header, places), consumed=roles.consumed | used)
