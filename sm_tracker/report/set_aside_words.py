"""Why a patient was set aside, where the cause is and what to do, in the language in use."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from sm_tracker.domain.faults import RULES
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
    return {str(row["patient_id"]): _said(str(row["code"]), row) for _n, row in aside.iterrows()}


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


def _said(code: str, row: pd.Series) -> SetAside:
    """What the rule that is broken says, as sentences."""
    rule = RULES[code]
    what, fix = _(rule.what), _(rule.fix)
    return SetAside(str(row["patient_id"]), f"{what}.", _where(row), f"{fix[:1].upper()}{fix[1:]}.")


def _where(row: pd.Series) -> str:
    table = {
        "measurements": _("Measurements"),
        "therapies": _("Therapies"),
        "outcomes": _("Outcomes"),
        "events": _("Events"),
    }[str(row["table"])]
    several = "," in str(row["rows"])
    rows = (_("rows {rows}") if several else _("row {rows}")).format(
        rows=str(row["rows"]).replace(" and more", " …")
    )
    return ", ".join(filter(None, (table, str(row["file"]), rows)))
