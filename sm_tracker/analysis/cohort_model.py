"""Mixed model of visit values: change under a regimen over all readings of a group.

The only place that uses statsmodels. Formula, assumptions and limits: docs/methods.md,
"Groups of patients".
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from sm_tracker.analysis.change import ChangeInputs, prepare
from sm_tracker.analysis.cohort import ALIKE
from sm_tracker.analysis.contrasts import FloatArray, t_quantile
from sm_tracker.domain.settings import Settings
from sm_tracker.errors import SettingError, TooFewReadings

LEAST_PATIENTS = 6
LEAST_VALUES_A_PATIENT = 4
"""On average: two before and two under, so that slope and error can be told apart."""
MOST_PATIENTS = 500
BOUNDARY = 1e-3
"""A spread below this share of the residual one is at the edge of its range."""

SLACK = 1e-3
"""Log likelihoods that differ by less are the same; what a smaller model may be ahead by."""

_LADDER: tuple[tuple[tuple[str, ...], ...], ...] = (
    (("level", "change"),),
    (("level",), ("change",)),
    ((),),
)
"""Random parts of the sites within a patient, the largest model first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Fit:
    estimate: float
    se: float
    before: float
    covariance: FloatArray
    site: dict[str, float]
    residual: float
    log_likelihood: float


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
        From :func:`sm_tracker.analysis.cohort.one_per_patient`; says which course of which
        patient counts, and how the skin was measured. Every site of the patient measured
        that way takes part.

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
    problem = prepare(own, given, settings)
    keys = _keys(problem).merge(
        wanted.assign(_chosen=True), on=["patient_id", "period_id", *ALIKE], how="left"
    )
    chosen = keys["_chosen"].eq(True).to_numpy() & (problem.rows.stretch.level == 0)
    parts = []
    for under, phases in enumerate((problem.rows.reference, problem.rows.under)):
        at, row = phases.flat()
        kept = chosen[row]
        at, row = at[kept], row[kept]
        parts.append(
            keys.iloc[row][["patient_id", "site"]].assign(
                under=under,
                days=phases.t[at] - problem.rows.stretch.start_last[row],
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
    period = np.where(rows.stretch.level == 0, rows.stretch.source, 0)
    return pd.DataFrame(
        {
            "patient_id": problem.patients.array.take(rows.stretch.patient),
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
    Where the model does not settle, or stops where one without v0, v1 or both is likelier,
    that one is taken.
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
    half = t_quantile(n_patients - 1, confidence) * fit.se
    return MixedChange(
        n_patients=n_patients,
        n_sites=len(paired[["patient_id", "site"]].drop_duplicates()),
        n_values=len(paired),
        n_left_out=n_left_out,
        estimate_mm=fit.estimate,
        se_mm=fit.se,
        low_mm=float(fit.estimate - half),
        high_mm=float(fit.estimate + half),
        df=n_patients - 1,
        before_mm=fit.before,
        **_spreads(fit),
        at_edge=_at_edge(fit),
    )


def _spreads(fit: _Fit) -> dict[str, float]:
    """Standard deviations of the random parts, and the correlation between patients."""
    level, slope = np.sqrt(np.maximum(np.diag(fit.covariance), 0.0)).tolist()
    of_site = {part: float(np.sqrt(max(v, 0.0))) for part, v in fit.site.items()}
    product, nan = level * slope, float("nan")
    return {
        "sd_patient_mm": level,
        "sd_slope_mm": slope,
        "sd_site_mm": of_site.get("level", nan),
        "sd_site_slope_mm": of_site.get("change", nan),
        "sd_residual_mm": float(np.sqrt(fit.residual)),
        "correlation": float(fit.covariance[0, 1]) / product if product > 0 else nan,
    }


def _at_edge(fit: _Fit) -> bool:
    """Whether a spread is next to zero, or the correlation next to one."""
    spreads = _spreads(fit)
    residual, correlation = spreads.pop("sd_residual_mm"), spreads.pop("correlation")
    smallest = min(s for s in spreads.values() if np.isfinite(s))
    return smallest < BOUNDARY * residual or not abs(correlation) < 1 - BOUNDARY


def _on_both_sides(values: pd.DataFrame) -> tuple[pd.DataFrame, int]:
    """Sites with values before and under; the number of patients without any such site."""
    sides = values.groupby(["patient_id", "site"])["under"].transform("nunique")
    paired = values[(sides == 2).to_numpy()].sort_values(
        ["patient_id", "site", "under", "days"], kind="stable", ignore_index=True
    )
    return paired, values["patient_id"].nunique() - paired["patient_id"].nunique()


def require_fewer(n_patients: int) -> None:
    """Refuse a group that fitting would take minutes for.

    Raises
    ------
    SettingError
        Above 500 patients.
    """
    if n_patients > MOST_PATIENTS:
        raise SettingError(
            f"The mixed model takes at most {MOST_PATIENTS} patients",
            why=f"{n_patients} are chosen, and fitting would take minutes",
            fix="choose fewer patients, or export the table for a statistics program",
        )


def _require_enough(paired: pd.DataFrame, n_patients: int) -> None:
    if n_patients < LEAST_PATIENTS:
        raise TooFewReadings(
            f"Patients with values before and under the regimen: {n_patients}",
            why=f"a mixed model needs {LEAST_PATIENTS}",
        )
    require_fewer(n_patients)
    if len(paired) < LEAST_VALUES_A_PATIENT * n_patients:
        raise TooFewReadings(
            f"{len(paired)} values of {n_patients} patients",
            why=f"a mixed model needs {LEAST_VALUES_A_PATIENT} a patient on average",
        )
    if float(paired["value_mm"].std()) == 0:
        raise TooFewReadings("All values are the same")


def _fitted(paired: pd.DataFrame) -> _Fit:
    """The model with most random parts that settles where no smaller one is likelier.

    A larger model is at its best at least as likely as each part of it; one that is less
    likely has stopped short of its best, whatever the optimiser says of it.
    """
    several = paired.groupby("patient_id")["site"].nunique().max() > 1
    steps = _LADDER if several else _LADDER[-1:]
    found = [fit for step in steps for parts in step if (fit := _fit(paired, parts)) is not None]
    if not found:
        raise TooFewReadings("The mixed model does not settle on these values")
    best = max(fit.log_likelihood for fit in found)
    return next(fit for fit in found if fit.log_likelihood >= best - SLACK)


def _fit(paired: pd.DataFrame, parts: tuple[str, ...]) -> _Fit | None:
    from statsmodels.regression.mixed_linear_model import MixedLM
    from statsmodels.tools.sm_exceptions import ConvergenceWarning

    step = np.column_stack([np.ones(len(paired)), paired["under"].to_numpy("float64")])
    fixed = np.column_stack([step, _site_columns(paired["site"])])
    model = MixedLM(
        paired["value_mm"].to_numpy("float64"),
        fixed,
        groups=paired["patient_id"].to_numpy(dtype=object),
        exog_re=step,
        exog_vc=_sites(paired, parts),
    )
    with warnings.catch_warnings():
        # An estimate at the edge is told by `at_edge`, a failure by `converged`.
        for kind in (ConvergenceWarning, RuntimeWarning, UserWarning):
            warnings.simplefilter("ignore", kind)
        try:
            result = model.fit(reml=True, method=["bfgs", "lbfgs"], maxiter=300)
        except (np.linalg.LinAlgError, ValueError):
            return None
    se = np.asarray(result.bse_fe)
    if not result.converged or not np.isfinite(se).all():
        return None
    estimate = np.asarray(result.fe_params)
    return _Fit(
        estimate=float(estimate[1]),
        se=float(se[1]),
        before=float((fixed[paired["under"].to_numpy() == 0] @ estimate).mean()),
        covariance=np.asarray(result.cov_re),
        site=dict(zip(parts, map(float, result.vcomp), strict=True)),
        residual=float(result.scale),
        log_likelihood=float(result.llf),
    )


def _site_columns(site: pd.Series) -> FloatArray:
    """One column for each site but the first: sites differ in thickness in everybody."""
    names = sorted(site.unique())[1:]
    return np.asarray(site.to_numpy()[:, None] == np.array(names, dtype=object), dtype="float64")


def _sites(paired: pd.DataFrame, parts: tuple[str, ...]) -> Any:
    """Random parts of the sites within each patient, or none."""
    if not parts:
        return None
    from statsmodels.regression.mixed_linear_model import VCSpec

    names: list[list[str]] = []
    matrices: dict[str, list[FloatArray]] = {part: [] for part in parts}
    for _, own in paired.groupby("patient_id", sort=True):
        known = sorted(own["site"].unique())
        at = np.asarray(own["site"].to_numpy()[:, None] == np.array(known), dtype="float64")
        names.append(known)
        for part in parts:
            turned = own["under"].to_numpy("float64")[:, None] if part == "change" else 1.0
            matrices[part].append(at * turned)
    return VCSpec(list(parts), [names] * len(parts), [matrices[part] for part in parts])
