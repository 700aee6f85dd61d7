"""Mixed model of visit values: change under a regimen over all readings of a group.

Formula, assumptions and limits: docs/methods.md, "Groups of patients".
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from sm_tracker.analysis.change.change_inputs import ChangeInputs, prepare_inputs
from sm_tracker.analysis.cohort.cohort_change import ALIKE
from sm_tracker.analysis.cohort.reml import SLACK, StepFit, step_fits, step_sums
from sm_tracker.analysis.kernels import t_quantile
from sm_tracker.domain.settings import Settings
from sm_tracker.errors import SettingError, TooFewReadings
from sm_tracker.languages import Message

LEAST_PATIENTS = 6
LEAST_VALUES_A_PATIENT = 4
"""On average: two before and two under, so that slope and error can be told apart."""
MOST_PATIENTS = 500
BOUNDARY = 1e-3
"""A spread below this share of the residual one, or the reverse, is at the edge of its range."""

_MODELS = ((False, False), (True, False), (False, True), (True, True))
"""Whether the sites of a patient differ at random in level, and in change."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MixedChange:
    """The fixed contrast of a mixed model, with its random parts.

    Attributes
    ----------
    n_patients, n_sites, n_values : int
        Patients and their sites with values on both sides, and the visit values.
    n_left_out : int
        Patients with values on one side only.
    estimate_mm, se_mm, low_mm, high_mm : float
        Mean of the change under the regimen over patients; interval by Student's t with
        `df` degrees of freedom.
    df : int
        Patients less one.
    before_mm : float
        Mean before, over patients.
    sd_patient_mm, sd_slope_mm : float
        Spread of thickness before, and of the change, between patients.
    sd_site_mm, sd_site_slope_mm : float
        The same between sites of one patient; NaN where no patient has two sites, or where
        the values do not tell it apart and the model was fitted without it.
    sd_residual_mm : float
        What is left: visit to visit, and the error of measuring.
    correlation : float
        Between a patient's value before and the patient's change.
    at_edge : bool
        Whether a random part is estimated as zero, or the correlation as one; the interval
        is then less certain than it looks.
    """

    n_patients: int
    n_sites: int
    n_values: int
    n_left_out: int
    estimate_mm: float
    se_mm: float
    low_mm: float
    high_mm: float
    df: int
    before_mm: float
    sd_patient_mm: float
    sd_slope_mm: float
    sd_site_mm: float
    sd_site_slope_mm: float
    sd_residual_mm: float
    correlation: float
    at_edge: bool


def cohort_visits(
    visits: pd.DataFrame, therapies: pd.DataFrame, settings: Settings, one: pd.DataFrame
) -> pd.DataFrame:
    """Visit values before and under the course of each patient of a group.

    Parameters
    ----------
    visits : DataFrame
        Contract VISITS.
    therapies : DataFrame
        Contract THERAPIES.
    settings : Settings
        The same as for the change table.
    one : DataFrame
        From :func:`~sm_tracker.analysis.cohort.cohort_change.one_per_patient`; says which
        course of which patient counts, and how the skin was measured. Every site of the
        patient measured that way takes part.

    Returns
    -------
    DataFrame
        ``patient_id, site`` (with its side), ``under`` (0 before, 1 under), ``days`` from
        the start of the course, ``value_mm``; those of answer B of the change table.
    """
    wanted = one[one["n_under"].notna()][["patient_id", "period_id", *ALIKE]]
    own = visits[visits["patient_id"].isin(wanted["patient_id"])]
    given = therapies[therapies["patient_id"].isin(wanted["patient_id"])]
    if own.empty or given.empty:
        return pd.DataFrame(columns=["patient_id", "site", "under", "days", "value_mm"])
    problem = prepare_inputs(own, given, settings)
    keys = _keys(problem).merge(
        wanted.assign(_chosen=True), on=["patient_id", "period_id", *ALIKE], how="left"
    )
    chosen = keys["_chosen"].eq(True).to_numpy() & (problem.rows.interval.level == 0)
    parts = []
    for under, phases in enumerate((problem.rows.reference, problem.rows.under)):
        at, row = phases.flat()
        kept = chosen[row]
        at, row = at[kept], row[kept]
        parts.append(
            keys.iloc[row][["patient_id", "site"]].assign(
                under=under,
                days=phases.t[at] - problem.rows.interval.start_last[row],
                value_mm=phases.value[at],
            )
        )
    values: pd.DataFrame = pd.concat(parts, ignore_index=True)
    return values


def _keys(problem: ChangeInputs) -> pd.DataFrame:
    """Patient, site, period and way of measuring of each row of the change table."""
    rows, frame = problem.rows, problem.visits.frame
    head = frame.iloc[problem.visits.first_of_series].reset_index(drop=True)
    series = head.reindex(rows.series).reset_index(drop=True)
    period = np.where(rows.interval.level == 0, rows.interval.source, 0)
    return pd.DataFrame(
        {
            "patient_id": problem.patients.array.take(rows.interval.patient),
            "period_id": problem.periods.frame["period_id"].array.take(period),
            "site": (series["side"] + " " + series["site"]).str.strip(),
            **{name: series[name] for name in ALIKE},
        }
    )


def mixed_change(values: pd.DataFrame, confidence: float = 0.95) -> MixedChange:
    """Mean change under a regimen by a mixed model of all visit values.

    Parameters
    ----------
    values : DataFrame
        From :func:`cohort_visits`.
    confidence : float

    Returns
    -------
    MixedChange

    Raises
    ------
    TooFewReadings
        With fewer than six patients who have values on both sides, fewer than four values
        a patient on average, or values that no model can be fitted to.
    SettingError
        With more than 500 patients.

    Notes
    -----
    ``value = b0 + b1 under + site + u0 + u1 under + v0 + v1 under + e``: level and change
    vary between patients (u0, u1, correlated) and between the sites of one patient (v0, v1,
    independent); named sites differ by a constant. Fitted by restricted maximum likelihood.
    Where the model without v0, v1 or both is as likely, that one is taken.
    Change is a step: time within a phase has no term.

    References
    ----------
    Laird NM, Ware JH (1982). Biometrics 38:963-974.
    Pinheiro JC, Bates DM (2000). Mixed-effects models in S and S-PLUS, chapter 2.
    """
    paired, n_left_out = _on_both_sides(values)
    n_patients = paired["patient_id"].nunique()
    _require_enough(paired, n_patients)
    fit = _fitted(paired)
    estimate, se = float(fit.effects[1]), float(fit.errors[1])
    half = float(t_quantile(n_patients - 1, confidence) * se)
    return MixedChange(
        n_patients=n_patients,
        n_sites=len(paired[["patient_id", "site"]].drop_duplicates()),
        n_values=len(paired),
        n_left_out=n_left_out,
        estimate_mm=estimate,
        se_mm=se,
        low_mm=estimate - half,
        high_mm=estimate + half,
        df=n_patients - 1,
        before_mm=fit.before,
        **_spreads(fit),
        at_edge=_at_edge(fit),
    )


def _spreads(fit: StepFit) -> dict[str, float]:
    """Standard deviations of the random parts, and the correlation between patients."""
    level, slope = np.sqrt(np.diag(fit.patient)).tolist()
    of_site, slope_of_site = np.sqrt(fit.site).tolist()
    product = level * slope
    return {
        "sd_patient_mm": level,
        "sd_slope_mm": slope,
        "sd_site_mm": of_site,
        "sd_site_slope_mm": slope_of_site,
        "sd_residual_mm": float(np.sqrt(fit.residual)),
        "correlation": float(fit.patient[0, 1]) / product if product > 0 else float("nan"),
    }


def _at_edge(fit: StepFit) -> bool:
    """Whether a spread is next to zero beside the others, or the correlation next to one."""
    spreads = _spreads(fit)
    residual, correlation = spreads.pop("sd_residual_mm"), spreads.pop("correlation")
    known = [s for s in spreads.values() if np.isfinite(s)]
    at_zero = min(known) < BOUNDARY * residual or residual < BOUNDARY * max(known)
    return at_zero or not abs(correlation) < 1 - BOUNDARY


def _on_both_sides(values: pd.DataFrame) -> tuple[pd.DataFrame, int]:
    """Sites with values before and under; the number of patients without any such site."""
    sides = values.groupby(["patient_id", "site"])["under"].transform("nunique")
    paired = values[(sides == 2).to_numpy()].sort_values(
        ["patient_id", "site", "under", "days"], kind="stable", ignore_index=True
    )
    return paired, values["patient_id"].nunique() - paired["patient_id"].nunique()


def require_fewer(n_patients: int) -> None:
    """Refuse a group whose readings are too many to be opened for one look.

    Raises
    ------
    SettingError
        Above 500 patients.
    """
    if n_patients > MOST_PATIENTS:
        raise SettingError(
            Message(
                "The mixed model takes at most {most} patients",
                most=MOST_PATIENTS,
            ),
            why=Message(
                "{n_patients} are chosen, and it needs all their readings at once",
                n_patients=n_patients,
            ),
            fix="choose fewer patients, or export the table for a statistics program",
        )


def _require_enough(paired: pd.DataFrame, n_patients: int) -> None:
    if n_patients < LEAST_PATIENTS:
        raise TooFewReadings(
            Message(
                "Patients with values before and under the regimen: {n_patients}",
                n_patients=n_patients,
            ),
            why=Message("a mixed model needs {needed}", needed=LEAST_PATIENTS),
        )
    require_fewer(n_patients)
    if len(paired) < LEAST_VALUES_A_PATIENT * n_patients:
        raise TooFewReadings(
            Message("{n} values of {n_patients} patients", n=len(paired), n_patients=n_patients),
            why=Message(
                "a mixed model needs {needed} a patient on average",
                needed=LEAST_VALUES_A_PATIENT,
            ),
        )
    if float(paired["value_mm"].std()) == 0:
        raise TooFewReadings("All values are the same")


def _fitted(paired: pd.DataFrame) -> StepFit:
    """The smallest model that is as likely as any.

    A random part of the sites that adds nothing to the likelihood is zero there, or not told
    apart from that of the patients. A model that is less likely than a part of it has
    stopped short of its best and is not taken either.
    """
    patient, site = (
        pd.factorize(paired[key], sort=True)[0].astype("int64") for key in ("patient_id", "site")
    )
    value = paired["value_mm"].to_numpy("float64")
    sums = step_sums(patient, site, paired["under"].to_numpy("int64"), value)
    several = len(sums.design) > len(sums.first)
    found = step_fits(sums, _MODELS if several else _MODELS[:1])
    if not found:
        raise TooFewReadings(
            "The mixed model does not settle on these values",
            why="no spread is the likeliest, as where values of a phase do not differ at all",
        )
    best = max(fit.log_likelihood for fit in found)
    return next(fit for fit in found if fit.log_likelihood >= best - SLACK)
