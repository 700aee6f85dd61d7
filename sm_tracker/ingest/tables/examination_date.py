"""The day of an examination that stands above its table and in no column."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace

from sm_tracker.ingest.cells.dates import order_evidence, parse_date
from sm_tracker.ingest.tables.column_meanings import ColumnName
from sm_tracker.ingest.tables.columns import ColumnRoles
from sm_tracker.ingest.tables.read_context import ReadContext

_EXAMINED = re.compile(
    r"\b(?:date (?:de l['’ ]|d['’ ]|de la |de |of (?:the )?|du )?(?:examen|échographie|mesures?"
    r"|consultation|visite|bilan|exam(?:ination)?|visit|measurement|scan)"
    r"|(?:examen|bilan|échographie|visite|mesures?|consultation|untersuchung|messung|visite) "
    r"(?:du|vom|am)|(?:exam(?:ination)?|visit|scan|measurement) date|(?:examined|measured) on"
    r"|(?:untersucht|gemessen) am|untersuchungsdatum|messdatum|datum der (?:untersuchung|messung))"
    r"[\s:=]*(?P<date>\S.*)$",
    re.IGNORECASE,
)


def date_above(roles: ColumnRoles, context: ReadContext) -> ColumnRoles | None:
    """Take the date of all rows from the one line above that says when was examined.

    None where there is none. A date of printing is not meant, and one whose day and month may
    be exchanged is not taken.
    """
    found = [
        (number, text, date)
        for number, text in roles.section.above
        if (date := _date_of(text, context.today)) is not None
    ]
    if len({date for _, _, date in found}) != 1:
        return None
    number, text, date = found[0]
    context.findings.add("date_stated_above", roles.location, number, value=text, date=date)
    column = ColumnName(index=0, text="date", name="date", role="date")
    section = replace(roles.section, lines_used=roles.section.lines_used | {number})
    days = [date.isoformat()] * len(section.rows)
    return replace(roles, section=section).with_column("date", column, days)


def _date_of(text: str, today: dt.date) -> dt.date | None:
    match = _EXAMINED.search(text)
    if match is None:
        return None
    written = match["date"].strip(" .;,")
    order = order_evidence([written]).order
    if order == "ambiguous":
        return None
    read = parse_date(
        written, order="month-first" if order == "month-first" else "day-first", today=today
    )
    return read.date if not read.refused and read.precision == "day" else None


__all__ = ["date_above"]
