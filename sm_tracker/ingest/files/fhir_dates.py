"""Dates of FHIR: as written, without a shift of zone, with how much of them is known."""

from __future__ import annotations

import calendar
import re
from collections.abc import Mapping
from typing import Any

from sm_tracker.domain.fhir_terms import AS_WRITTEN
from sm_tracker.ingest.files.fhir_documents import element, extension_in, text_in

_DATE = re.compile(r"(\d{4})(?:-(\d\d)(?:-(\d\d)(?:T.*)?)?)?")


def day_and_precision(
    holder: Mapping[str, Any], name: str, *, last: bool = False
) -> tuple[str, str]:
    """The day of an element and its precision; of a month or year the first day, or the last.

    The day that our own export stored for it counts where it lies within what is written.

    Examples
    --------
    >>> day_and_precision({"end": "2021-04"}, "end", last=True)
    ('2021-04-30', 'month')
    >>> day_and_precision({"start": "2021-04-05T23:30:00-05:00"}, "start")
    ('2021-04-05', 'day')
    """
    written = text_in(holder, name)
    match = _DATE.fullmatch(written)
    if not match:
        return written, "day"
    if match[3]:
        return written[:10], "day"
    stored = extension_in(element(holder, f"_{name}"), AS_WRITTEN)
    if stored.startswith(written):
        return stored, "month" if match[2] else "year"
    year = int(match[1])
    month = int(match[2]) if match[2] else 12 if last else 1
    if not 1 <= month <= 12 or not year:
        return written, "day"
    day = calendar.monthrange(year, month)[1] if last else 1
    return f"{year:04}-{month:02}-{day:02}", "month" if match[2] else "year"
