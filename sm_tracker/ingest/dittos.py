"""Marks and words for "as above" in columns that say who, where and what."""

from __future__ import annotations

import re
from typing import Final

from sm_tracker.ingest.mapping import Plan
from sm_tracker.ingest.run import Run
from sm_tracker.ingest.tables import text_of
from sm_tracker.ingest.words import clean_text

_DITTO = re.compile(
    r"idem|id\.|dito|ditto|[\"″〃]|''|,,|-\s?[\"″〃]\s?-"
    r"|(?:idem|comme|voir)? ?ci-dessus|(?:same )?as above|same as above|(?:wie|s\.|siehe) oben",
    re.IGNORECASE,
)
ROLES: Final = ("patient_id", "date", "site", "side", "therapy", "dose", "unit", "device")
"""Columns in which such a mark is read; a value of a reading is never taken from another."""


def read_dittos(plan: Plan, run: Run) -> None:
    """Put the cell above in the place of a mark that repeats it, and say so."""
    section = plan.section
    for role in ROLES:
        if role not in plan.roles:
            continue
        column, cells = plan.roles[role], plan.cells(role)
        # Long columns hold few different texts, so each is looked at once.
        texts = {cell for cell in set(cells) if isinstance(cell, str)}
        marks = {text for text in texts if _DITTO.fullmatch(clean_text(text))}
        for r, cell in enumerate(cells if marks else ()):
            if r == 0 or not isinstance(cell, str) or cell not in marks:
                continue
            above = section.rows[r - 1]
            value = above[column] if column < len(above) else ""
            section.rows[r] = [*section.rows[r][:column], value, *section.rows[r][column + 1 :]]
            run.report.add(
                "ditto_read", plan.spot, section.numbers[r], value=cell.strip(),
                column=section.names[column].text, above=text_of(value),
            )  # fmt: skip
