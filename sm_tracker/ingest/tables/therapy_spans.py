"""Start and end of a therapy in one cell, such as 01.02.2020 - 30.06.2020 or seit 03/2021."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace

from sm_tracker.ingest.cells.dates import ends_open, parse_date
from sm_tracker.ingest.cells.short_texts import clean_text
from sm_tracker.ingest.files.grid import Cell, is_blank, text_of
from sm_tracker.ingest.tables.column_meanings import DATE_INSIDE
from sm_tracker.ingest.tables.columns import ColumnRoles, column_cells, header_of, sample_of
from sm_tracker.ingest.tables.read_context import ReadContext

MOST_CELLS = 0.6
"""Share of the cells of a column that must be spans of time for it to be taken apart."""

UNKNOWN = "?"
_FROM = re.compile(r"^(?:vom|von|from|du|de)\s+(?=\S)", re.IGNORECASE)
_SINCE = re.compile(r"^(?:seit|ab|since|from|depuis|d[èe]s|[àa] partir d[eu])\s+(?=\S)", re.I)
_UNTIL = re.compile(r"^(?:bis|until|till|jusqu['’](?:[àa]u?|en)|avant)\s+(?=\S)", re.IGNORECASE)
_BETWEEN = re.compile(
    r"\s*(?:\b(?:bis(?: zum)?|to|until|till|through|au|jusqu['’](?:[àa]u?|en))(?!\w)"
    r"|[-/→]+>?)\s*",
    re.IGNORECASE,
)
_DAY_AND_MONTH = re.compile(r"(\d{1,2})\.(\d{1,2})\.?")
_DAY_OF_YEAR = re.compile(r"(\d{1,2})\.(\d{1,2})\.(\d{4}|\d{2})")
_MONTH = re.compile(r"(\d{1,2})\.?")
_MONTH_OF_YEAR = re.compile(r"(\d{1,2})([/.])(\d{4})")


def span_of(text: str, today: dt.date) -> tuple[str, str] | None:
    """Start and end as written in one cell, None where it is not a span of time.

    A blank end means that the therapy still runs, ``?`` that the cell names no end.

    Examples
    --------
    >>> day = dt.date(2026, 11, 1)
    >>> span_of("01.02.2020 - 30.06.2020", day), span_of("seit 03/2021", day)
    (('01.02.2020', '30.06.2020'), ('03/2021', ''))
    >>> span_of("03-06/2020", day), span_of("bis 31.01.2020", day)
    (('03/2020', '06/2020'), ('', '31.01.2020'))
    """
    plain = clean_text(text).strip("() ")
    if (since := _SINCE.match(plain)) and _is_date(plain[since.end() :], today):
        return plain[since.end() :], ""
    if (until := _UNTIL.match(plain)) and _is_date(plain[until.end() :], today):
        return "", plain[until.end() :]
    if _is_date(plain, today):
        return plain, UNKNOWN
    bare = _FROM.sub("", plain)
    for sign in _BETWEEN.finditer(bare):
        start, end = bare[: sign.start()].strip(), bare[sign.end() :].strip()
        start = _with_year(start, end)
        if _is_date(start, today) and (_is_date(end, today) or ends_open(end)):
            return start, end
    return None


def _is_date(text: str, today: dt.date) -> bool:
    read = parse_date(text, order="day-first", today=today)
    if read.refused in ("future", "impossible"):
        return True
    return read.date is not None and not read.refused


def _with_year(start: str, end: str) -> str:
    """A start such as 01.02. or 03 with the year that its end names, if it comes before."""
    day, last_day = _DAY_AND_MONTH.fullmatch(start), _DAY_OF_YEAR.fullmatch(end)
    if day and last_day and (int(day[2]), int(day[1])) <= (int(last_day[2]), int(last_day[1])):
        return f"{day[1]}.{day[2]}.{last_day[3]}"
    month, last_month = _MONTH.fullmatch(start), _MONTH_OF_YEAR.fullmatch(end)
    if month and last_month and 0 < int(month[1]) <= int(last_month[1]) <= 12:
        return f"{month[1]}{last_month[2]}{last_month[3]}"
    return start


def split_spans(roles: ColumnRoles, context: ReadContext) -> ColumnRoles:
    """Make a column of starts and one of ends out of a column that holds both, and say so."""
    if not roles.has("therapy") or any(roles.has(r) for r in ("start", "end", "start_day")):
        return roles
    columns = [i for i in _candidates(roles) if _holds_spans(roles, i, context.today)]
    if len(columns) != 1:
        return roles
    column = columns[0]
    cells = column_cells(roles.section, column)
    context.findings.add(
        "span_split", roles.location, None, column=header_of(roles.section, column),
        count=sum(not is_blank(c) for c in cells),
    )  # fmt: skip
    limits = [_limits_of(c, context.today) for c in cells]
    roles = replace(
        roles.without(*(r for r, i in roles.by_role.items() if i == column)),
        notes=tuple(i for i in roles.notes if i != column),
        consumed=roles.consumed | {column},
    )
    header = roles.section.names[column]
    for k, role in enumerate(("start", "end")):
        named = replace(header, role=role)
        roles = roles.with_column(role, named, [found[k] for found in limits])
    return roles


def limits_of_sessions(roles: ColumnRoles, context: ReadContext) -> ColumnRoles:
    """Take the first and the last session of a course for its start and end, and say so."""
    if not roles.has("therapy", "session_dates") or roles.has("start") or roles.has("start_day"):
        return roles
    days = [_in_order(c, context.today) for c in roles.cells("session_dates")]
    context.findings.add(
        "limits_of_sessions", roles.location, None, column=roles.name("session_dates"),
        count=sum(map(bool, days)),
    )  # fmt: skip
    header = roles.section.names[roles.by_role["session_dates"]]
    for role, place in (("start", 0), ("end", -1)):
        if not roles.has(role):
            cells = [found[place] if found else "" for found in days]
            roles = roles.with_column(role, replace(header, role=role), cells)
    return roles


def _in_order(cell: Cell, today: dt.date) -> list[str]:
    """The dates of a cell as written, from the first to the last."""
    read = {
        t: parse_date(t, order="day-first", today=today) for t in DATE_INSIDE.findall(str(cell))
    }
    return sorted((t for t, d in read.items() if d.date), key=lambda t: read[t].date or today)


def _candidates(roles: ColumnRoles) -> list[int]:
    taken = {
        i for role, i in roles.by_role.items() if role not in ("date", "visit", "day", "month")
    }
    taken |= {n.index for n in (*roles.values, *roles.outcomes)} | set(roles.identifying)
    return [n.index for n in roles.section.names if n.index not in taken]


def _holds_spans(roles: ColumnRoles, index: int, today: dt.date) -> bool:
    cells = [c for c in sample_of(roles.section, index) if isinstance(c, str)]
    found = [span_of(c, today) for c in cells]
    spans = [s for s in found if s is not None]
    two_sided = [s for s in spans if s[1] != UNKNOWN]
    return bool(two_sided) and len(spans) > MOST_CELLS * len(cells)


def _limits_of(cell: Cell, today: dt.date) -> tuple[Cell, Cell]:
    if not isinstance(cell, str):
        return cell, UNKNOWN
    return span_of(cell, today) or (text_of(cell), UNKNOWN if cell.strip() else "")
