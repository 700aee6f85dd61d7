"""Columns that hold the values of both sides in one cell, such as "forearm r/l: 2.1/2.3"."""

from __future__ import annotations

import re
from dataclasses import replace

from sm_tracker.domain.records import Side
from sm_tracker.ingest.cells.sites import side_of
from sm_tracker.ingest.files.grid import is_blank, text_of
from sm_tracker.ingest.tables.column_meanings import ColumnName, read_column_name
from sm_tracker.ingest.tables.columns import ColumnRoles, column_cells, shown_as
from sm_tracker.ingest.tables.read_context import ReadContext

_PAIR = re.compile(r"(?<!\w)(?P<first>\w+)\.?\s*[/|&+]\s*(?P<second>\w+)\.?(?!\w)")
_CELL = re.compile(r"(?P<first>[^/|;]+)[/|;](?P<second>[^/|;]+)")


def split_sides(roles: ColumnRoles, context: ReadContext) -> ColumnRoles:
    """Make a column a side of each column whose name and cells hold both, and say so."""
    for name in roles.section.names:
        sides = _sides_in_turn(name.text)
        if sides is None or name.index in roles.claimed or name.role not in ("", "thickness"):
            continue
        cells = [text_of(c).strip() for c in column_cells(roles.section, name.index)]
        pairs = [_CELL.fullmatch(c) for c in cells]
        if not any(pairs) or any(c and not p for c, p in zip(cells, pairs, strict=True)):
            continue
        context.findings.add(
            "sides_split", roles.location, None, column=shown_as(roles.section, name.index),
            count=sum(not is_blank(c) for c in cells),
        )  # fmt: skip
        section = roles.section.with_columns(*(
            (named, [p[part].strip() if p else "" for p in pairs])
            for part, named in zip(("first", "second"), sides, strict=True)
        ))  # fmt: skip
        roles = replace(roles, section=section, consumed=roles.consumed | {name.index})
    return roles


def _sides_in_turn(text: str) -> tuple[ColumnName, ColumnName] | None:
    """The names of a column for either side, in the order in which it names the sides."""
    for pair in _PAIR.finditer(text):
        sides: tuple[Side, Side] = side_of(pair["first"]), side_of(pair["second"])
        if set(sides) == {"left", "right"}:
            first, second = (
                read_column_name(f"{text[: pair.start()]}{side}{text[pair.end() :]}")
                for side in sides
            )
            return first, second
    return None
