"""Paragraphs for letters: to a colleague, and in plain words to the patient."""

from __future__ import annotations

import pandas as pd

from sm_tracker.domain.tables import THICKNESS
from sm_tracker.figures.answer_words import amount_text, answer_words
from sm_tracker.figures.languages import capital, expansion, regimen_text
from sm_tracker.languages import current
from sm_tracker.languages import gettext as _
from sm_tracker.report.numbers import day_text
from sm_tracker.report.reasons import regimen_label
from sm_tracker.report.wording import place_name


def to_colleague(
    facts: tuple[str, str], headline: str, second: str, remarks: str, error: str, *, skin: bool
) -> str:
    """What was measured, the answer with its limits, what limits it, and the error assumed.

    Parameters
    ----------
    facts : tuple of str
        From :func:`~sm_tracker.report.wording.patient_facts`.
    headline, second : str
        Of the period in focus.
    remarks : str
        What else happened at that time and could explain part of the change.
    error : str
        The assumed measurement error with its source, in a sentence.
    skin : bool
        Whether skin thickness was measured at all.
    """
    visits, rest = facts
    measured = _("Measured: {facts}.")
    if skin:
        measured = _("Skin thickness was measured by high-frequency ultrasound: {facts}.")
    counted = f"{visits}, {rest.replace(' · ', ', ')}" if rest else visits
    return " ".join(
        filter(None, (measured.format(facts=counted), headline, second, remarks, error))
    )


def to_patient(row: pd.Series | None, *, skin: bool) -> str:
    """The same in plain words, without a promise and without advice.

    Parameters
    ----------
    row : Series or None
        Of contract CHANGES: the period in focus.
    skin : bool
        Whether skin thickness was measured at all; else other values alone are told.
    """
    opening = _("With ultrasound we measured how thick your skin is.") if skin else ""
    if row is None or answer_words(row, 0).code == "not_computable":
        later = _("There are not enough measurements yet to say whether it has changed.")
        return f"{opening} {later}".strip()
    first, last = row["baseline_mm"], row["last_mm"]
    if pd.isna(row["change_mm"]):
        numbers = _("{place}: on average {before} before {regimen}, {after} during it.")
        first, last = row["mean_reference_mm"], row["mean_under_mm"]
    elif row["period_id"]:
        numbers = _("{place}: {before} before {regimen}, {after} on {day}.")
    else:
        numbers = _("{place}: {before} at first, {after} on {day}.")
    numbers = numbers.format(
        place=capital(place_name(row)),
        before=amount_text(row, first),
        after=amount_text(row, last),
        regimen=_regimens_in_full(row),
        day=day_text(row["last_date"], row["last_day"]),
    )
    meaning = _meaning(row) if row["measure"] == THICKNESS else ""
    return " ".join(filter(None, (opening, numbers, meaning, _caution())))


def _regimens_in_full(row: pd.Series) -> str:
    """What was given as a patient knows it: a drug by its name, an abbreviation explained."""
    if row["level"] not in ("period", "combination"):
        return regimen_label(row)
    return " + ".join(map(_in_full, str(row["regimen"]).split(" + ")))


def _in_full(regimen: str) -> str:
    name, full = regimen_text(regimen, current()), expansion(regimen, current())
    return f"{name} ({full})" if full and full != name else name


def _meaning(row: pd.Series) -> str:
    """What the one word of the row means to somebody who does not measure."""
    code = answer_words(row, 0).code
    return {
        "thinner": _("The skin there has become thinner, by more than measuring alone explains."),
        "thicker": _("The skin there has become thicker, by more than measuring alone explains."),
        "slightly_thinner": _(
            "The skin there has become a little thinner; a small part of such a difference can "
            "come from measuring."
        ),
        "slightly_thicker": _(
            "The skin there has become a little thicker; a small part of such a difference can "
            "come from measuring."
        ),
        "undecided": _("Whether the skin there has changed cannot be told yet."),
        "error_unknown": _(
            "The error of this measurement is not known, so the difference is not judged."
        ),
    }.get(code) or _(
        "So small a difference can come from measuring alone; no change can be told from it."
    )


def _caution() -> str:
    return _("The measurement does not show by itself what the change comes from.")
