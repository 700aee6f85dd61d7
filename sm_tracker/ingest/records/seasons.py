"""Seasons in columns of therapies: which months they are is asked once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sm_tracker.domain.records import Choice
from sm_tracker.ingest.cells.vague_dates import NORTHERN, SOUTHERN, quarter_of_season, seasons_in
from sm_tracker.ingest.files.grid import Cell
from sm_tracker.ingest.tables.columns import ColumnRoles
from sm_tracker.ingest.tables.read_context import ReadContext
from sm_tracker.languages import Message

KEY = "season"
HEMISPHERE_WORDS = (Message("northern hemisphere"), Message("southern hemisphere"))
ROLES = frozenset({"start", "end"})
"""Dates of courses; a reading needs a day, so nothing is asked about its season."""


def settle_seasons(
    roles: ColumnRoles, columns: Mapping[str, Sequence[Cell]], context: ReadContext
) -> Mapping[str, Sequence[Cell]]:
    """Columns of dates in which each season is the quarter of the year that it fills."""
    texts = {
        role: [c for c in dict.fromkeys(cells) if isinstance(c, str)]
        for role, cells in columns.items()
        if role in ROLES
    }
    written = list(dict.fromkeys(t for found in texts.values() for t in found))
    seasons = seasons_in(written, context.today)
    if not seasons:
        return columns
    first = seasons[0].strip()
    quarters = {h: quarter_of_season(first, h, context.today) for h in (NORTHERN, SOUTHERN)}
    answer = context.questions.ask(
        KEY,
        Message(
            "Dates are given as seasons ({names}). Of which hemisphere of the earth are the "
            "seasons?",
            names=", ".join(s.strip() for s in seasons[:4]),
        ),
        tuple(
            Choice(
                h, Message("{hemisphere}: {first} is {date}", hemisphere=words, first=first, date=q)
            )
            for (h, q), words in zip(quarters.items(), HEMISPHERE_WORDS, strict=True)
        ),
        roles.location,
    )
    read = {s: quarter_of_season(s, answer or NORTHERN, context.today) for s in seasons}
    return {
        role: [read.get(c, c) if isinstance(c, str) else c for c in cells]
        if role in ROLES
        else cells
        for role, cells in columns.items()
    }
