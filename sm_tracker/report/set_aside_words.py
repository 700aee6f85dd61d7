"""Why a patient was set aside, where the cause is and what to do, in the language in use."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from sm_tracker.languages import gettext as _
from sm_tracker.languages import ngettext

NAMED = 5
"""How many patients set aside are named; of more, the number is told."""


@dataclass(frozen=True, slots=True)
class SetAside:
    """Why one patient could not be computed."""

    patient_id: str
    reason: str
    where: str
    fix: str


def set_aside_reasons(aside: pd.DataFrame) -> dict[str, SetAside]:
    """What is said about each patient set aside, by code.

    Parameters
    ----------
    aside : DataFrame
        From :func:`sm_tracker.domain.set_aside.computable_records`.
    """
    return {
        str(row["patient_id"]): SetAside(
            str(row["patient_id"]), *_reason_and_fix(str(row["code"]), row)
        )
        for _n, row in aside.iterrows()
    }


def set_aside_notice(aside: pd.DataFrame) -> str:
    """One sentence that names the patients set aside, each with its reason; blank for none."""
    said = [
        f"{one.patient_id} ({one.reason.rstrip('.')})" for one in set_aside_reasons(aside).values()
    ]
    if not said:
        return ""
    shown, more = said[:NAMED], len(said) - NAMED
    listed = ", ".join(shown)
    if more > 0:
        listed += ", " + ngettext("{n} more", "{n} more", more).format(n=more)
    words = ngettext(
        "{n} patient could not be computed and was set aside: {listed}.",
        "{n} patients could not be computed and were set aside: {listed}.",
        len(said),
    )
    return words.format(n=len(said), listed=listed)


def _reason_and_fix(code: str, row: pd.Series) -> tuple[str, str, str]:
    reason, fix = _words(code)
    return reason, _where(row), fix


def _words(code: str) -> tuple[str, str]:
    return {
        "day_not_whole": (_("A day number is not whole."), _("Give whole days.")),
        "no_day": (
            _("A value has neither a date nor a day."),
            _("Give its date, or leave the row out."),
        ),
        "no_start": (
            _("A therapy period has no start."),
            _("Give its start, or leave the period out."),
        ),
        "mixed_period": (
            _("A therapy period mixes a date and a day number."),
            _("Give both limits as dates, or both as day numbers."),
        ),
        "ends_before_start": (
            _("A therapy period ends before it starts."),
            _("Correct its dates."),
        ),
        "shared_period_id": (
            _("Two therapy periods share a period_id."),
            _("Give each period its own period_id, or leave it blank."),
        ),
        "not_a_day": (
            _("A session or a limit from tags is neither a date nor a whole day."),
            _("Write dates as 2025-03-10 and days as whole numbers, or leave it blank."),
        ),
        "beyond_limits": (
            _("A value is beyond what a record can hold."),
            _("Correct it, or leave the row out."),
        ),
        "mixed_times": (
            _("Calendar dates and day numbers are mixed."),
            _("Give dates in every row of this patient, or day numbers in every row."),
        ),
    }[code]


def _where(row: pd.Series) -> str:
    table = {
        "measurements": _("Measurements"),
        "therapies": _("Therapies"),
        "outcomes": _("Outcomes"),
    }[str(row["table"])]
    several = "," in str(row["rows"])
    rows = (_("rows {rows}") if several else _("row {rows}")).format(
        rows=str(row["rows"]).replace(" and more", " …")
    )
    return ", ".join(filter(None, (table, str(row["file"]), rows)))
