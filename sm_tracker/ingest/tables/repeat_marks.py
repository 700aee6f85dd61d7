"""Marks and words for "as above" in columns that say who, where and what."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from sm_tracker.ingest.cells.short_texts import clean_text
from sm_tracker.ingest.files.grid import Cell, text_of
from sm_tracker.ingest.tables.columns import ColumnRoles
from sm_tracker.ingest.tables.read_context import ReadContext

_DITTO = re.compile(
    r"idem|id\.|dito|ditto|[\"″〃]|''|,,|-\s?[\"″〃]\s?-"
    r"|(?:idem|comme|voir)? ?ci-dessus|(?:same )?as above|same as above|(?:wie|s\.|siehe) oben",
    re.IGNORECASE,
)
ROLES: Final = ("patient_id", "date", "site", "side", "therapy", "dose", "unit", "device")
"""Columns in which such a mark is read; a value of a reading is never taken from another."""


def fill_repeat_marks(roles: ColumnRoles, context: ReadContext) -> ColumnRoles:
    """Put the cell above in the place of a mark that repeats it, and say so."""
    section = roles.section
    changed: dict[int, dict[int, Cell]] = {}
    for role in ROLES:
        if role not in roles.by_role:
            continue
        column, cells = roles.by_role[role], list(roles.cells(role))
        # Long columns hold few different texts, so each is looked at once.
        texts = {cell for cell in set(cells) if isinstance(cell, str)}
        marks = {text for text in texts if _DITTO.fullmatch(clean_text(text))}
        for r, cell in enumerate(cells if marks else ()):
            if r == 0 or not isinstance(cell, str) or cell not in marks:
                continue
            cells[r] = value = cells[r - 1]
            changed.setdefault(r, {})[column] = value
            context.findings.add(
                "ditto_read", roles.location, section.numbers[r], value=cell.strip(),
                column=section.names[column].text, above=text_of(value),
            )  # fmt: skip
    return replace(roles, section=section.with_cells(changed))
