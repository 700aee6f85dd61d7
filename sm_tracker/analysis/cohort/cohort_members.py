"""Who is in a group: what is known of each patient and of each course, and the choice by it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import numpy as np
import pandas as pd

from sm_tracker.domain.exposure import periods_on_axis
from sm_tracker.domain.settings import Settings
from sm_tracker.domain.tables import THERAPIES, Column, Table, completed_table
from sm_tracker.errors import ColumnError
from sm_tracker.languages import Message

PATIENTS = Table(
    name="patients",
    grain="one row per patient",
    columns={
        "patient_id": Column(kind="text", meaning="pseudonymous patient code", required=True),
        "diagnosis": Column(kind="text", meaning="diagnosis"),
        "age_group": Column(kind="text", meaning="age group, for example 50-59"),
        "sex": Column(kind="text", meaning="sex"),
        "note": Column(kind="text", meaning="free text"),
    },
)
"""The third file of a cohort; readings and therapies have their own formats."""

FULL_DOSE_FROM, LOW_DOSE_FROM, LOW_DOSE_TO = 1.5, 0.4, 0.5
"""g/kg per cycle: the doses that published reports call full and low."""
TRAITS = ("diagnosis", "age_group", "sex", "dose_class", "combination")
NOT_STATED = "not stated"

_DOSE = re.compile(r"(\d+(?:[.,]\d+)?)\s*g\s*/\s*kg\b", re.IGNORECASE)
_PER_DAY = re.compile(r"\b(daily|per day|a day|each day|täglich|par jour)\b|/\s*d(ay)?\b", re.I)


def dose_class(dose: str) -> str:
    """Class of an immunoglobulin dose as written: full, low, other or not stated.

    Parameters
    ----------
    dose : str
        For example ``2 g/kg over 2 days, monthly``.

    Returns
    -------
    str
        ``full`` from 1.5 g/kg a cycle, ``low`` from 0.4 to 0.5 g/kg, ``other`` for what lies
        between or beside, for two doses in one text, and for a dose per day, whose total is
        not known; ``not stated`` without g/kg.

    Examples
    --------
    >>> dose_class("2 g/kg over 2 days, monthly"), dose_class("0,5 g/kg")
    ('full', 'low')
    >>> dose_class("1 g/kg daily"), dose_class("monthly")
    ('other', 'not stated')
    """
    found = {float(d.replace(",", ".")) for d in _DOSE.findall(dose)}
    if not found:
        return NOT_STATED
    if len(found) > 1 or _PER_DAY.search(dose):
        return "other"
    (grams,) = found
    if grams >= FULL_DOSE_FROM:
        return "full"
    return "low" if LOW_DOSE_FROM <= grams <= LOW_DOSE_TO else "other"


def lower_age(age_group: str) -> float:
    """Lowest age of a group as written, NaN where it states none.

    Examples
    --------
    >>> lower_age("50-59"), lower_age("80+"), lower_age("<18")
    (50.0, 80.0, 0.0)
    """
    number = re.search(r"\d+", age_group)
    if number is None:
        return float("nan")
    return 0.0 if age_group.strip().startswith("<") else float(number[0])


def with_traits(
    changes: pd.DataFrame, therapies: pd.DataFrame, patients: pd.DataFrame | None = None
) -> pd.DataFrame:
    """The change table with what is known of patient and course beside each row.

    Parameters
    ----------
    changes : DataFrame
        Contract CHANGES.
    therapies : DataFrame
        Contract THERAPIES of the same patients, for the dose.
    patients : DataFrame, optional
        Contract :data:`PATIENTS`; who is missing in it is "not stated".

    Returns
    -------
    DataFrame
        `changes` with ``diagnosis, age_group, sex, dose, dose_class`` and ``combination``
        (``alone``, or the regimens that ran at the same time). Same rows, same order.

    Raises
    ------
    ColumnError
        If a patient stands twice in `patients`.
    """
    known = completed_table(patients if patients is not None else _nobody(), PATIENTS)
    twice = known["patient_id"].duplicated()
    if twice.any():
        raise ColumnError(
            "A patient has two rows in the table of patients",
            where=Message("row {row}", row=int(np.flatnonzero(twice)[0]) + 2),
            fix="keep one row for each patient",
        )
    traits = known.set_index("patient_id")[["diagnosis", "age_group", "sex"]]
    doses = _doses(therapies)
    own = pd.MultiIndex.from_frame(changes[["patient_id", "period_id"]])
    dose = doses.reindex(own).fillna("").astype("str").array
    table = changes.assign(
        **{t: traits[t].reindex(changes["patient_id"]).array for t in traits.columns},
        dose=dose,
        combination=changes["overlaps_with"].where(changes["overlaps_with"] != "", "alone"),
    )
    classes = {text: dose_class(text) for text in table["dose"].unique()}
    table["dose_class"] = table["dose"].map(classes)
    for name in ("diagnosis", "age_group", "sex"):
        table[name] = table[name].fillna("").astype("str").replace("", NOT_STATED)
    return table


def _nobody() -> pd.DataFrame:
    return pd.DataFrame({"patient_id": pd.array([], dtype="str")})


def _doses(therapies: pd.DataFrame) -> pd.Series:
    """Dose of each period by patient and period_id, blank ids filled as the change table does."""
    frame = completed_table(therapies, THERAPIES)
    named = (frame["period_id"] != "").all()
    if not named or frame.duplicated(["patient_id", "period_id"]).any():
        codes = pd.Index(frame["patient_id"].unique()).sort_values()
        frame = periods_on_axis(therapies, Settings(), codes).frame
    return frame.set_index(["patient_id", "period_id"])["dose"]


def chosen_rows(table: pd.DataFrame, wanted: Mapping[str, Sequence[str]]) -> pd.DataFrame:
    """Rows that have one of the wanted values in every column named; no values mean all.

    Parameters
    ----------
    table : DataFrame
        From :func:`with_traits`.
    wanted : mapping of str to sequence of str
        Column and its values, for example ``{"dose_class": ["full"]}``.
    """
    kept = np.ones(len(table), dtype=bool)
    for column, values in wanted.items():
        if values:
            kept &= table[column].isin(list(values)).to_numpy()
    return table[kept].reset_index(drop=True)


def age_halves(age_group: pd.Series, cut: float | None = None) -> tuple[pd.Series, float]:
    """Younger or older, by a cut or by the median of the groups that are there.

    Parameters
    ----------
    age_group : Series of str
        One per patient.
    cut : float, optional
        Groups whose lowest age is below are younger. Without it, the smallest cut that puts
        at least half of the patients with a stated age among the younger, so that nobody of
        one age group is parted from another.

    Returns
    -------
    halves : Series of str
        ``younger``, ``older`` or ``not stated``.
    cut : float
        The cut used, NaN where no age is stated.
    """
    ages = age_group.map(lower_age).to_numpy(dtype="float64")
    stated = np.sort(ages[np.isfinite(ages)])
    if cut is None:
        cut = _cut_after(stated)
    halves = np.where(np.isnan(ages), NOT_STATED, np.where(ages < cut, "younger", "older"))
    return pd.Series(halves, index=age_group.index, dtype="str"), float(cut)


def _cut_after(stated: np.ndarray) -> float:
    """The age group after the one that holds the lower median, if there is one."""
    if stated.size == 0:
        return float("nan")
    middle = stated[(stated.size - 1) // 2]
    later = stated[stated > middle]
    return float(later[0]) if later.size else float("inf")
