"""Codes whose meaning a line above or below the table tells, such as "1 = forearm"."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from sm_tracker.ingest.files.grid import Cell, text_of
from sm_tracker.ingest.tables.columns import ColumnRoles
from sm_tracker.ingest.tables.read_context import ReadContext

CODED: Final = ("site", "side", "layer", "therapy", "device")
"""Roles of words that clinics write as codes."""
_MEANING = re.compile(
    r"(?:^|[,;|(:]\s*)(?P<code>\w{1,4})\s*[=:]\s*(?P<meaning>[^=:,;|)]*[^\W\d_][^=:,;|)]*)"
)


def decode_by_legend(roles: ColumnRoles, context: ReadContext) -> ColumnRoles:
    """Replace codes by the words that lines around the table give them, and say so."""
    lines = (*roles.section.above, *roles.section.below)
    legend = {
        m["code"].casefold(): (m["meaning"].strip(), number)
        for number, text in lines for m in _MEANING.finditer(text)
    }  # fmt: skip
    for role in CODED if legend else ():
        roles = _decoded(roles, role, legend, context) if roles.has(role) else roles
    return roles


def _decoded(
    roles: ColumnRoles, role: str, legend: dict[str, tuple[str, int]], context: ReadContext
) -> ColumnRoles:
    cells = [text_of(c).strip() for c in roles.cells(role)]
    codes = list(dict.fromkeys(c for c in cells if c))
    if not codes or not all(c.casefold() in legend for c in codes):
        return roles
    context.findings.add(
        "codes_from_legend", roles.location, None, column=roles.name(role),
        value=", ".join(f"{c} = {legend[c.casefold()][0]}" for c in codes),
    )  # fmt: skip
    index = roles.by_role[role]
    changed: dict[int, dict[int, Cell]] = {
        r: {index: legend[c.casefold()][0]} for r, c in enumerate(cells) if c
    }
    used = {legend[c.casefold()][1] for c in codes}
    section = roles.section.with_cells(changed)
    return replace(roles, section=replace(section, lines_used=section.lines_used | used))
