"""Days and months without a year, such as 10.03.: the year is asked once."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from sm_tracker.domain.records import Choice
from sm_tracker.ingest.cells.dates import parse_date
from sm_tracker.ingest.files.grid import Cell
from sm_tracker.ingest.records.epochs import FIRST_ULTRASOUND
from sm_tracker.ingest.tables.columns import ColumnRoles
from sm_tracker.ingest.tables.read_context import ReadContext
from sm_tracker.languages import Message

KEY = "year"
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?!\d)")


def settle_years(
    roles: ColumnRoles, columns: Mapping[str, Sequence[Cell]], context: ReadContext
) -> Mapping[str, Sequence[Cell]]:
    """Columns of dates in which the year that an answer names is added to those without one.

    Asked where most of the dates have none; a single one is refused, as it may be of any year.
    """
    written = list(dict.fromkeys(c for cells in columns.values() for c in cells if c != ""))
    bare = {c for c in written if isinstance(c, str) and _has_no_year(c, context)}
    if not bare or 2 * len(bare) <= len(written):
        return columns
    told = [text for _, text in roles.section.above]
    told += [roles.location.sheet, roles.location.file, *roles.section.header]
    years = dict.fromkeys(y for text in told for y in _YEAR.findall(text) if _fits(y, context))
    first = next(c for c in written if c in bare)
    answer = context.questions.ask(
        KEY,
        Message(
            "The dates have no year ({shown}). Of which year are they? Answer with the year",
            shown=", ".join(str(c).strip() for c in written[:3] if c in bare),
        ),
        tuple(
            Choice(y, Message("{first} is {date}", first=str(first).strip(), date=_with(first, y)))
            for y in years
        ),
        roles.location,
        free=lambda a: bool(_YEAR.fullmatch(a.strip())) and _fits(a.strip(), context),
    )
    if answer:
        words = Message("the dates without a year are of {year}", year=answer)
        context.findings.add("answer_applied", roles.location, None, words=words)
    year = answer or next(iter(years), "")
    if not year:
        return columns
    return {
        role: [_with(c, year) if c in bare else c for c in cells] for role, cells in columns.items()
    }


def _fits(year: str, context: ReadContext) -> bool:
    return FIRST_ULTRASOUND.year <= int(year) <= context.today.year


def _has_no_year(text: str, context: ReadContext) -> bool:
    return parse_date(text, order="day-first", today=context.today).refused == "no_year"


def _with(cell: Cell, year: str) -> str:
    """A date with its year, behind the sign that its parts have between them."""
    text = str(cell).strip()
    sign = next((s for s in "./" if s in text), " ")
    return f"{text.rstrip(sign)}{sign}{year}"
