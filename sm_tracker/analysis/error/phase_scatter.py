"""Scatter of a clinic's own readings within phases: a companion of its measurement error.

Within one exposure state a series is taken to move along a straight line; what is left about
that line is measurement error and true fluctuation together. It is known from readings that a
clinic has anyway, and it is never smaller than the error, so it stands beside the error from
paired visits (:mod:`sm_tracker.analysis.error.repeatability`) under a name of its own.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from sm_tracker.analysis.error.repeatability import Range, only_name, sd_interval
from sm_tracker.analysis.kernels import BoolArray, FloatArray, IntArray
from sm_tracker.domain.exposure import periods_on_axis
from sm_tracker.domain.exposure_states import exposure_states
from sm_tracker.domain.settings import ErrorSetting, Settings
from sm_tracker.domain.tables import THICKNESS, VISITS, completed_table
from sm_tracker.errors import SettingError, TooFewReadings
from sm_tracker.languages import Message

FEWEST_IN_PHASE = 4
FEWEST_FREEDOM = 20
ROUNDING_NOISE_MM = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class PhaseScatter:
    """Pooled residual SD about the lines of many phases.

    Attributes
    ----------
    site, device : str
        Blank where the phases are not of one site or device only.
    sd_mm : Range
        Scatter within phases with its chi-square interval  [mm].
    freedom : int
        Degrees of freedom: n − 2 of each phase, added up.
    n_phases, n_series, n_patients, n_readings : int
    thinnest_mm, thickest_mm : float
        Lowest and highest mean of a phase.
    n_broken : int
        Phases in which the examiner or a setting of the device changed.
    largest_share : float
        Largest share of the degrees of freedom that comes from one patient.
    confidence : float
    """

    site: str
    device: str
    sd_mm: Range
    freedom: int
    n_phases: int
    n_series: int
    n_patients: int
    n_readings: int
    thinnest_mm: float
    thickest_mm: float
    n_broken: int
    largest_share: float
    confidence: float

    def as_error(self, source: str) -> ErrorSetting:
        """The scatter in the place of a measurement error, under a `source` that says so.

        Raises
        ------
        SettingError
            If every reading lies on its line: the values were computed or copied.
        """
        if not self.sd_mm.value > ROUNDING_NOISE_MM:
            raise SettingError(
                "The readings lie exactly on straight lines",
                where="scatter within phases",
                why="a measurement error of zero would call every change real",
                fix="check whether values were interpolated or copied",
            )
        return ErrorSetting(
            sem_mm=round(self.sd_mm.value, 4),
            sem_fraction=0.0,
            source=source,
            site=self.site,
            device=self.device,
        )


def scatter_within_phases(
    visits: pd.DataFrame,
    therapies: pd.DataFrame,
    settings: Settings | None = None,
    *,
    confidence: float = 0.95,
) -> tuple[PhaseScatter, ...]:
    """Scatter of all phases together, then of each site and device that has enough of them.

    Parameters
    ----------
    visits : DataFrame
        Contract VISITS. Visits without a value take no part, nor do second outcomes.
    therapies : DataFrame
        Contract THERAPIES of the same patients. The phases of a series are the exposure
        states of its patient; a patient without therapy has one phase.
    settings : Settings, optional
        Windows that decide where a state begins and ends.
    confidence : float
        Level of the intervals.

    Raises
    ------
    TooFewReadings
        Under 20 degrees of freedom in all. A site and device with fewer is left to the
        estimate of all.

    Notes
    -----
    ``s² = Σ SSE / Σ (n − 2)`` over the phases with n ≥ 4 visit values, SSE about the
    least-squares line of the phase over real dates; the interval is
    ``s √(ν / χ²)`` with the quantiles of ν degrees of freedom.

    References
    ----------
    Draper NR, Smith H (1998). Applied Regression Analysis, 3rd ed. Wiley (residual mean
    square). Bland JM, Altman DG (1996). BMJ 313:744 (a pooled SD within subjects as the error
    of one value).
    """
    phases = phase_residuals(visits, therapies, settings or Settings())
    together = _pooled(phases, confidence)
    groups = phases.groupby(["site", "device"], sort=True)
    parts = (_pooled(group, confidence) for _, group in groups if _freedom(group) >= FEWEST_FREEDOM)
    return (together, *(p for p in parts if p.freedom < together.freedom))


def phase_residuals(
    visits: pd.DataFrame, therapies: pd.DataFrame, settings: Settings
) -> pd.DataFrame:
    """One row per phase with 4 visit values or more, and what is left about its line.

    Returns
    -------
    DataFrame
        ``patient_id, series_id, site, device, n, mean_mm, squares, broken``: number and
        mean of the values, sum of squared residuals, and whether the examiner or a setting
        changed within.
    """
    table = completed_table(visits, VISITS)
    usable = (table["state"] == "ok") & np.isfinite(table["value_mm"])
    usable &= table["measure"] == THICKNESS
    table = table[usable].sort_values(["series_id", "t"], kind="stable").reset_index(drop=True)
    state, within = _states_of(table, therapies, settings)
    table = table[within].assign(phase_state=state[within])
    phase = ["series_id", "phase_state"]
    mean = table.groupby(phase)[["t", "value_mm"]].transform("mean")
    off_t, off = table["t"] - mean["t"], table["value_mm"] - mean["value_mm"]
    first_in_phase = table.groupby(phase).cumcount() == 0
    table = table.assign(
        product=off_t * off, across=off_t**2, broken=~first_in_phase & (table["break_before"] != "")
    )
    sums = table.groupby(phase)[["product", "across"]].transform("sum")
    with np.errstate(divide="ignore", invalid="ignore"):
        slope = sums["product"] / sums["across"]
    found = (
        table.assign(squares=(off - slope * off_t) ** 2)
        .groupby(phase, as_index=False)
        .agg(
            patient_id=("patient_id", "first"),
            site=("site", "first"),
            device=("device", "first"),
            n=("value_mm", "size"),
            mean_mm=("value_mm", "mean"),
            squares=("squares", "sum"),
            broken=("broken", "any"),
        )
    )
    enough: pd.DataFrame = found[found["n"] >= FEWEST_IN_PHASE].reset_index(drop=True)
    return enough


def _states_of(
    table: pd.DataFrame, therapies: pd.DataFrame, settings: Settings
) -> tuple[IntArray, BoolArray]:
    """Number of the exposure state of each visit, and whether it lies within it for certain."""
    codes = pd.Index(
        pd.concat([table["patient_id"], therapies["patient_id"]]).astype("str").unique()
    ).sort_values()
    states = exposure_states(periods_on_axis(therapies, settings, codes))
    patient = codes.get_indexer(pd.Index(table["patient_id"]))
    t = table["t"].to_numpy()
    if states.patient.size == 0 or t.size == 0:
        return np.full(t.size, -1, dtype="int64"), np.ones(t.size, dtype=bool)
    begins = states.opens + np.maximum(states.lag - 1, 0)
    state = _last_begun(states.patient, begins, patient, t)
    own = np.maximum(state, 0)
    treated = np.isin(patient, states.patient)
    inside = (state >= 0) & (states.patient[own] == patient) & (t <= states.closes[own])
    uncertain = (t > states.hole_from[own]) & (t <= states.hole_to[own])
    return np.where(treated, state, -1), ~treated | (inside & ~uncertain)


def _last_begun(owner: IntArray, begins: FloatArray, patient: IntArray, t: FloatArray) -> IntArray:
    """The last state of the same patient that begins before a day; -1 if there is none."""
    low = t.min() - 1
    span = t.max() - low + 2
    key = owner * span + np.clip(begins - low, 0, span - 1)
    return np.asarray(np.searchsorted(key, patient * span + (t - low), "left") - 1)


def _freedom(phases: pd.DataFrame) -> int:
    return int((phases["n"] - 2).sum())


def _pooled(phases: pd.DataFrame, confidence: float) -> PhaseScatter:
    freedom = _freedom(phases)
    if freedom < FEWEST_FREEDOM:
        n = len(phases)
        raise TooFewReadings(
            Message.counted(
                "{freedom} degrees of freedom from {n} phase: too few to judge the scatter within "
                "phases",
                "{freedom} degrees of freedom from {n} phases: too few to judge the scatter "
                "within phases",
                n=n,
                freedom=freedom,
            ),
            where="scatter within phases",
            why=Message(
                "each phase with {readings} readings or more of one series gives its number less "
                "2, and {needed} are needed",
                readings=FEWEST_IN_PHASE,
                needed=FEWEST_FREEDOM,
            ),
            fix="wait for more readings, or measure ten patients twice within a few days",
        )
    by_patient = (phases["n"] - 2).groupby(phases["patient_id"]).sum()
    sd = float(np.sqrt(phases["squares"].sum() / freedom))
    return PhaseScatter(
        site=only_name(phases["site"]),
        device=only_name(phases["device"]),
        sd_mm=sd_interval(sd, freedom, confidence),
        freedom=freedom,
        n_phases=len(phases),
        n_series=int(phases["series_id"].nunique()),
        n_patients=int(phases["patient_id"].nunique()),
        n_readings=int(phases["n"].sum()),
        thinnest_mm=float(phases["mean_mm"].min()),
        thickest_mm=float(phases["mean_mm"].max()),
        n_broken=int(phases["broken"].sum()),
        largest_share=float(by_patient.max() / freedom),
        confidence=confidence,
    )
