"""What clinics call their columns, in English, German and French.

The table is ``domain/data/columns.csv``, a row a name. Names are compared in small letters without
accents, points and underscores; `ä` counts as `ae` and as `a`. A name belongs to one meaning, the
first that has it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from sm_tracker.domain.data import grouped, rows_of, words

OUTCOME, IDENTIFYING = "outcome:", "identifying:"
NOT_THICKNESS, NOT_USED = "not_thickness", "not_used"
IF_LONG, IF_SHORT = "identifying if long", "code if short"
COLUMNS: Final[Mapping[str, tuple[str, ...]]] = {
    meaning: tuple(names) for meaning, names in grouped("columns").items()
}
"""Names by meaning: roles, outcomes, what is known and not read, what identifies a patient."""

NAMES: Final[Mapping[str, tuple[str, ...]]] = {
    meaning: names
    for meaning, names in COLUMNS.items()
    if not meaning.startswith((OUTCOME, IDENTIFYING))
    and meaning not in (NOT_THICKNESS, NOT_USED, IF_LONG, IF_SHORT)
}
"""Names by role."""

KIND_OF_IDENTIFYING: Final[Mapping[str, str]] = {
    name: meaning.removeprefix(IDENTIFYING)
    for meaning, names in COLUMNS.items()
    if meaning.startswith(IDENTIFYING)
    for name in names
}
"""What a column with such a header identifies a patient by."""

OTHER_OUTCOMES: Final[Mapping[str, tuple[str, str]]] = {
    row["outcome"]: (row["unit"], row["better"]) for row in rows_of("outcomes")
}
"""Second outcomes that a column of their own may hold: unit and better direction."""

EVENT_NAMES: Final = tuple(words("column of events"))
"""Columns that say what happened, and tables of such columns."""
