"""Names of visits that tell how long after the start they were: month 3, W12, baseline."""

from __future__ import annotations

import re

from sm_tracker.ingest.cells.plain_names import plain_name

DAYS_PER = {"day": 1.0, "week": 7.0, "month": 30.4375, "year": 365.25}
_LABEL = re.compile(
    r"^(?:(?P<a>month|monat|mois|mo|m|week|woche|semaine|wk|w|s|year|jahr|annee|an|day|tag|jour|d|"
    r"j) ?(?P<n>\d{1,4})"
    r"|(?P<k>\d{1,4}) ?(?P<b>months?|monaten?|monate|mois|mo|m|weeks?|wochen?|semaines?|wk|w|"
    r"years?|jahre?n?|ans?|annees?|days?|tagen?|tage|jours?|d|j))$"
)
_BASELINE = re.compile(r"^(baseline|base|bl|basis|ausgangswert|inclusion|day 0|tag 0|t0|m0|w0)$")
_UNIT_OF_LABEL = {
    **dict.fromkeys(("month", "monat", "mois", "mo", "m"), "month"),
    **dict.fromkeys(("week", "woche", "semaine", "wk", "w", "s"), "week"),
    **dict.fromkeys(("year", "jahr", "annee", "an"), "year"),
    **dict.fromkeys(("day", "tag", "jour", "d", "j"), "day"),
}


def days_in_answer(text: str) -> dict[str, int]:
    """Days by the names of visits: each as a number of days or in words.

    Examples
    --------
    >>> days_in_answer("pre = 0; post = 3 months")
    {'pre': 0, 'post': 91}
    """
    found = {}
    for part in re.split(r"[;,|\n]+", text):
        name, sign, day = part.rpartition("=" if "=" in part else ":")
        label = days_of_label(day) if sign else None
        number = day.strip().lstrip("+")
        if sign and re.fullmatch(r"-?\d{1,5}", number):
            found[plain_name(name)] = int(number)
        elif label is not None:
            found[plain_name(name)] = label[0]
    return found


def days_of_label(text: str) -> tuple[int, str] | None:
    """Days since the start, and the unit, of a label such as "month 3" or "baseline"."""
    plain = plain_name(text)
    if _BASELINE.match(plain):
        return 0, "day"
    match = _LABEL.match(plain)
    if not match:
        return None
    word, number = match["a"] or match["b"], int(match["n"] or match["k"])
    unit = next(
        (u for w, u in _UNIT_OF_LABEL.items() if word == w or (len(w) > 2 and word.startswith(w))),
        "day",
    )
    return round(number * DAYS_PER[unit]), unit
