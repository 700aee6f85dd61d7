"""Columns that say whether a course still runs, beside its dates: "Ongoing? Y/N", "Status"."""

from __future__ import annotations

import re

from sm_tracker.domain.data import words
from sm_tracker.domain.records import EndStatus
from sm_tracker.ingest.cells.dates import end_unknown, ends_open
from sm_tracker.ingest.cells.number_words import MISSING
from sm_tracker.ingest.cells.plain_names import plain_name, word_set
from sm_tracker.ingest.cells.short_texts import clean_text, read_flag
from sm_tracker.ingest.files.grid import is_blank
from sm_tracker.ingest.tables.columns import ColumnRoles, column_cells

ENDED, RUNNING = words("course ended").keys(), words("course running").keys()
"""Words that say that a course runs, in whatever dose."""

_NOT = word_set("not no nicht kein keine pas non never nie")
_FLAGS = words("column of running courses").keys()
"""Names of columns in which yes means that the course still runs."""

_STOPPED = words("column of ended courses").keys()
"""Names of columns in which yes means that the course has ended."""

_STOP = re.compile(r"stop|discontin|abbruch|absetz|abgesetzt|arret|\bend|ende\b")


def status_word(word: str) -> EndStatus | None:
    """Status that a word names: ended, ongoing or unknown, None for another word."""
    plain = plain_name(word)
    if plain in ENDED:
        return "ended"
    if word in ("unknown", "?") or end_unknown(word):
        return "unknown"
    if word and (ends_open(word) or plain in RUNNING):
        return "ongoing"
    words = set(plain.split())
    if len(words) < 2 or words & _NOT:
        return None
    # "stopped in May", "tapering since week 3": one of the words says it, and none speaks against.
    said = {"ended" if w in ENDED else "ongoing" for w in words & (ENDED | RUNNING)}
    return said.pop() if len(said) == 1 else None  # type: ignore[return-value]


def status_column(roles: ColumnRoles) -> tuple[int | None, list[EndStatus | None]]:
    """The column of flags or of states, and what it says row by row; None where there is none."""
    for name in roles.section.names:
        if name.name in _FLAGS | _STOPPED and name.index not in roles.by_role.values():
            runs = name.name in _FLAGS
            cells = column_cells(roles.section, name.index)
            said = [_of_flag(clean_text(c), yes_runs=runs) for c in cells]
            if any(said):
                return name.index, said
    if roles.has("status"):
        states = (None if is_blank(c) else clean_text(c).casefold() for c in roles.cells("status"))
        return roles.by_role["status"], [w if w is None else status_word(w) for w in states]
    if roles.has("stop_reason") and _STOP.search(plain_name(roles.name("stop_reason"))):
        # A course with a reason for its stop has been stopped.
        reasons = [clean_text(c).casefold().rstrip(".") for c in roles.cells("stop_reason")]
        return roles.by_role["stop_reason"], [
            "ended" if c and c not in MISSING and not ends_open(c) else None for c in reasons
        ]
    return None, []


def _of_flag(text: str, *, yes_runs: bool) -> EndStatus | None:
    flag = read_flag(text) if text else None
    if flag is None:
        return status_word(text.casefold()) if text else None
    return "ongoing" if flag is yes_runs else "ended"


__all__ = ["status_column", "status_word"]
