"""Change under a regimen in a group of patients: one value per patient, nothing pooled unsaid.

Reads the change table and computes no change of its own. Methods: docs/methods.md, "Groups
of patients".
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from sm_tracker.analysis.cohort.cohort_ranks import Shift, holm, paired_shift, two_group_shift
from sm_tracker.analysis.kernels import TIE, FloatArray
from sm_tracker.domain.change_columns import CHANGES
from sm_tracker.errors import SettingError
from sm_tracker.languages import Message

Unit = Literal["mm", "percent"]
Course = Literal["first", "last"]
Remark = Literal[
    "few_for_interval",
    "small_group",
    "not_computable_many",
    "all_equal",
    "ties",
    "zeros",
    "normal",
    "later_courses",
]

ALIKE = ("layer", "device", "frequency_mhz")
"""What must be the same for values of different patients to stand in one group."""
SMALL_GROUP = 10
NOT_THIS_SITE, MEASURED_OTHERWISE = "not_this_site", "measured_otherwise"
REASONS = {
    NOT_THIS_SITE: "site not measured",
    MEASURED_OTHERWISE: "measured with another device, frequency or layer",
}
"""Why a patient of the group has no change, beside the reasons of the change table."""
_LIMITS = ("starts_day", "ends_day")
_DATES = ("baseline_date", "last_date", "lowest_date")
_COLUMN = {"mm": "change_mm", "percent": "change_pct"}


@dataclass(frozen=True, slots=True, kw_only=True)
class CohortQuestion:
    """What is asked of a group of patients.

    Attributes
    ----------
    regimen : str
    site, side : str
        Blank: the most measured site, or side, of each patient.
    layer, device : str or None
    frequency_mhz : float or None
        How the skin was measured, NaN for not stated. None is possible only where all
        patients under the regimen were measured alike.
    course : {"first", "last"}
        Which course counts where a patient had the regimen more than once.
    """

    regimen: str
    site: str = ""
    side: str = ""
    layer: str | None = None
    device: str | None = None
    frequency_mhz: float | None = None
    course: Course = "first"


@dataclass(frozen=True, slots=True, kw_only=True)
class CohortChange:
    """Change under a regimen in a group.

    Attributes
    ----------
    regimen : str
    unit : {"mm", "percent"}
        Of `median` and `shift`; per cent is of each patient's baseline.
    n_patients, n_computable : int
        Patients under the regimen, and those with a computable change.
    n_thinner, n_within, n_thicker : int
        Against each patient's own measurement error; they add up to `n_computable`.
    reasons : tuple of (str, int)
        Why a change is not computable, with the number of patients, most frequent first.
    median_mm, median_pct : float
    shift : Shift
    remarks : tuple of str
        What a reader must know of the numbers, as words of a fixed list.
    """

    regimen: str
    unit: Unit
    n_patients: int
    n_computable: int
    n_thinner: int
    n_within: int
    n_thicker: int
    reasons: tuple[tuple[str, int], ...]
    median_mm: float
    median_pct: float
    shift: Shift
    remarks: tuple[Remark, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupDifference:
    """Change of one group of patients against another.

    Attributes
    ----------
    trait, first, second : str
        The column, and its values that are compared; the shift is second minus first.
    n_first, n_second : int
        Patients with a computable change.
    median_first, median_second : float
    shift : Shift
    p_adjusted : float
        After Holm, over `n_comparisons`.
    n_comparisons : int
    remarks : tuple of str
    """

    trait: str
    first: str
    second: str
    n_first: int
    n_second: int
    median_first: float
    median_second: float
    shift: Shift
    p_adjusted: float
    n_comparisons: int
    remarks: tuple[Remark, ...]


def measured_with(changes: pd.DataFrame, regimen: str) -> pd.DataFrame:
    """With which device, frequency and layer the patients under a regimen were measured.

    Parameters
    ----------
    changes : DataFrame
        Contract CHANGES.
    regimen : str

    Returns
    -------
    DataFrame
        ``layer, device, frequency_mhz, n_patients``, most patients first. A patient
        measured in two ways counts in both.
    """
    rows = changes[
        (changes["level"] == "period") & (changes["regimen"] == regimen) & (changes["site"] != "")
    ]
    counted = (
        rows.groupby(list(ALIKE), dropna=False)["patient_id"].nunique().rename("n_patients")
    ).reset_index()
    return counted.sort_values(
        ["n_patients", *ALIKE], ascending=[False, True, True, True]
    ).reset_index(drop=True)


def one_per_patient(changes: pd.DataFrame, question: CohortQuestion) -> pd.DataFrame:
    """The one row of each patient that stands for the patient in a group.

    Parameters
    ----------
    changes : DataFrame
        Contract CHANGES; columns beside it are kept.
    question : Question

    Returns
    -------
    DataFrame
        One row for every patient with a course of the regimen, sorted by patient, with
        ``n_courses`` and ``computable`` beside the columns of `changes`. A patient
        measured otherwise or not at the site keeps a row without a change and with that
        reason.

    Raises
    ------
    SettingError
        If the patients were measured with several devices, frequencies or layers and the
        question names none.

    Notes
    -----
    The rule: of each patient the first course of the regimen (or the last, if asked), at
    the site asked for, else at the site with most readings before and under that course;
    equal numbers are settled by the readings of all periods in `changes`, then by the name
    of the site. A second course never replaces a
    first one that is not computable.
    """
    rows = changes[(changes["level"] == "period") & (changes["regimen"] == question.regimen)]
    own = _course_rows(rows, question.course)
    alike = _alike(rows, own, question)
    here = _at_site(own, question)
    order = own.assign(
        _misses=np.where(alike & here, 0, np.where(here, 1, 2)),
        _readings=-(own["n_reference"] + own["n_under"]).fillna(0.0),
        _ever=-_readings_ever(changes, own),
    ).sort_values(
        ["patient_id", "_misses", "_readings", "_ever", "site", "side"],
        kind="stable",
        ignore_index=True,
    )
    one = order.drop_duplicates("patient_id", ignore_index=True)
    one = _without_change(one, one["_misses"] == 1, MEASURED_OTHERWISE)
    one = _without_change(one, (one["_misses"] == 2) & (one["site"] != ""), NOT_THIS_SITE)
    one["computable"] = one["change_mm"].notna() & (one["error_check"] != "not_computable")
    return one.drop(columns=["_misses", "_readings", "_ever"])


def _readings_ever(changes: pd.DataFrame, own: pd.DataFrame) -> FloatArray:
    """Readings of the series of each row, summed over all therapy periods."""
    keys = ["patient_id", "site", "side", *ALIKE]
    periods = changes[changes["level"] == "period"]
    total = (periods["n_reference"] + periods["n_under"]).groupby(
        [periods[k] for k in keys], dropna=False
    ).sum().rename("_total").reset_index()  # fmt: skip
    found = own[keys].merge(total, on=keys, how="left")["_total"]
    return np.asarray(found.fillna(0.0), dtype="float64")


def _course_rows(rows: pd.DataFrame, course: Course) -> pd.DataFrame:
    """Rows of the course that counts, all its series, with the number of courses."""
    by_patient = rows.groupby("patient_id")
    at = by_patient["starts_day"].transform("min" if course == "first" else "max")
    kept = rows.assign(n_courses=by_patient["period_id"].transform("nunique"))
    kept = kept[(kept["starts_day"] == at).to_numpy()]
    # Two courses on one day are told apart by their name.
    first_id = kept.groupby("patient_id")["period_id"].transform("min")
    return kept[(kept["period_id"] == first_id).to_numpy()].reset_index(drop=True)


def _alike(rows: pd.DataFrame, own: pd.DataFrame, question: CohortQuestion) -> pd.Series:
    asked = {name: getattr(question, name) for name in ALIKE}
    alike = pd.Series(True, index=own.index)
    seen = rows[rows["site"] != ""][list(ALIKE)].drop_duplicates()
    for name, value in asked.items():
        if value is not None:
            seen, alike = seen[_same(seen[name], value)], alike & _same(own[name], value)
    if len(seen) > 1:
        raise SettingError(
            Message(
                "The patients under {regimen} were measured in {n} ways",
                regimen=question.regimen,
                n=len(seen),
            ),
            where=", ".join(n for n in ALIKE if seen[n].nunique(dropna=False) > 1),
            why="values of different devices, frequencies or layers are not pooled",
            fix="choose one of them",
        )
    return alike


def _same(column: pd.Series, value: str | float) -> pd.Series:
    missing = isinstance(value, float) and np.isnan(value)
    return column.isna() if missing else column == value


def _at_site(own: pd.DataFrame, question: CohortQuestion) -> pd.Series:
    here = own["site"] != ""
    if question.site:
        here &= own["site"] == question.site
    if question.side:
        here &= own["side"] == question.side
    return here


def _without_change(one: pd.DataFrame, chosen: pd.Series, reason: str) -> pd.DataFrame:
    """Rows of another site or device lose every number, so that none can be pooled."""
    one = one.copy()
    numbers = [n for n, c in CHANGES.columns.items() if c.kind == "number" and n not in _LIMITS]
    one.loc[chosen, [n for n in numbers if n in one.columns]] = np.nan
    one.loc[chosen, [n for n in _DATES if n in one.columns]] = pd.NaT
    one.loc[chosen, ["error_check", "answer", "verdict"]] = ("not_computable", "readings", "")
    one.loc[chosen, ["error_reason", "error_reason_code"]] = (REASONS[reason], reason)
    return one


def cohort_change(
    one: pd.DataFrame, regimen: str, unit: Unit = "mm", confidence: float = 0.95
) -> CohortChange:
    """Change under a regimen over the patients of a group.

    Parameters
    ----------
    one : DataFrame
        From :func:`one_per_patient`, or a part of its rows.
    regimen : str
        For the name of the result.
    unit : {"mm", "percent"}
    confidence : float

    Returns
    -------
    CohortChange

    References
    ----------
    Hodges JL, Lehmann EL (1963). Ann Math Stat 34:598-611.
    Wilcoxon F (1945). Biometrics Bulletin 1:80-83.
    """
    counted = one[one["computable"]]
    checks = counted["error_check"].value_counts()
    shift = paired_shift(counted[_COLUMN[unit]], confidence)
    return CohortChange(
        regimen=regimen,
        unit=unit,
        n_patients=len(one),
        n_computable=len(counted),
        n_thinner=int(checks.get("thinner", 0)),
        n_within=int(checks.get("within_error", 0)),
        n_thicker=int(checks.get("thicker", 0)),
        reasons=_reasons(one),
        median_mm=_median(counted["change_mm"]),
        median_pct=_median(counted["change_pct"]),
        shift=shift,
        remarks=_remarks(one, shift),
    )


def _median(values: pd.Series) -> float:
    """Median without noise of subtraction, so that of one patient it is the estimate."""
    return float(np.round(values.median() / TIE) * TIE) if len(values) else float("nan")


def _reasons(one: pd.DataFrame) -> tuple[tuple[str, int], ...]:
    reasons = one.loc[~one["computable"], "error_reason_code"].value_counts()
    pairs = [(str(reason), int(n)) for reason, n in reasons.items()]
    return tuple(sorted(pairs, key=lambda pair: (-pair[1], pair[0])))


def _remarks(one: pd.DataFrame, shift: Shift) -> tuple[Remark, ...]:
    n = min(shift.n)
    found: list[tuple[Remark, bool]] = [
        ("few_for_interval", n > 0 and bool(np.isnan(shift.low))),
        ("small_group", 0 < n < SMALL_GROUP),
        ("not_computable_many", int((~one["computable"]).sum()) * 5 > len(one)),
        ("all_equal", n > 1 and shift.low == shift.high),
        ("ties", shift.n_tied > 0),
        ("zeros", shift.n_zero > 0),
        ("normal", not shift.exact),
        ("later_courses", bool((one["n_courses"] > 1).any())),
    ]
    return tuple(name for name, holds in found if holds)


def compare_groups(
    one: pd.DataFrame,
    pairs: Sequence[tuple[str, str, str]],
    unit: Unit = "mm",
    confidence: float = 0.95,
) -> tuple[GroupDifference, ...]:
    """Change of groups of patients against each other, with p adjusted for their number.

    Parameters
    ----------
    one : DataFrame
        From :func:`one_per_patient`, with the columns that divide it.
    pairs : sequence of (trait, first, second)
        Column and the two values of it that are compared, for example
        ``("dose_class", "full", "low")``. All that are looked at belong in one call, since
        Holm counts them; one without patients on a side is given, but not counted.
    unit : {"mm", "percent"}
    confidence : float
        Of each interval alone; intervals are not adjusted.

    References
    ----------
    Mann HB, Whitney DR (1947). Ann Math Stat 18:50-60. Holm S (1979). Scand J Stat 6:65-70.
    """
    parts = []
    for trait, first, second in pairs:
        groups = [one[one[trait] == value] for value in (first, second)]
        values = [g.loc[g["computable"], _COLUMN[unit]] for g in groups]
        parts.append((values, two_group_shift(values[0], values[1], confidence), pd.concat(groups)))
    adjusted = holm([shift.p_value for _, shift, _ in parts])
    n_comparisons = int(np.isfinite(adjusted).sum())
    return tuple(
        GroupDifference(
            trait=trait,
            first=first,
            second=second,
            n_first=len(values[0]),
            n_second=len(values[1]),
            median_first=_median(values[0]),
            median_second=_median(values[1]),
            shift=shift,
            p_adjusted=p,
            n_comparisons=n_comparisons,
            remarks=_remarks(both, shift),
        )
        for (trait, first, second), (values, shift, both), p in zip(
            pairs, parts, adjusted, strict=True
        )
    )
