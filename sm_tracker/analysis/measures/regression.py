"""Piecewise regression of one series over its phases, with independent or AR(1) errors.

The errors of readings i and j correlate with ``phi^|i - j|`` (AR(1), by order) or
``phi^|t_i - t_j|`` (CAR(1), continuous time); phi is found by restricted or full maximum
likelihood over its whole range, so a second maximum is not missed. Formulas and
references: docs/methods.md.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

import numpy as np
import numpy.typing as npt

from sm_tracker.analysis.kernels import BoolArray, FloatArray, t_quantile
from sm_tracker.analysis.measures.phase_pairs import Estimate, estimate_of
from sm_tracker.errors import TooFewReadings
from sm_tracker.languages import Message, speaking

Form = Literal["level_only", "level_and_common_trend", "level_and_slope"]
Errors = Literal["independent", "ar1_by_order", "car1_by_session"]
Likelihood = Literal["REML", "ML"]

FORMS: tuple[Form, ...] = ("level_only", "level_and_common_trend", "level_and_slope")

LARGEST_PHI = 0.999
GRID = 61
ROUNDS = 3
"""Each round narrows the grid to the two cells around its best point."""


@dataclass(frozen=True, slots=True)
class Term:
    """One coefficient: what it is, and the phase (by number) that it belongs to."""

    kind: Literal["intercept", "trend", "level", "slope_change"]
    phase: int


@dataclass(frozen=True, slots=True)
class Design:
    """The columns of a piecewise model.

    Attributes
    ----------
    columns : ndarray, shape (n_readings, n_terms)
    terms : tuple of Term
    """

    columns: FloatArray
    terms: tuple[Term, ...]


@dataclass(frozen=True, slots=True)
class Fit:
    """Coefficients of a piecewise model.

    Attributes
    ----------
    terms : tuple of Term
    estimate, se : ndarray, shape (n_terms,)
    phi : float
        Autocorrelation of neighbours (AR) or per unit of time (CAR); 0 if independent.
    df : int
        Readings less coefficients.
    log_likelihood : float
        Up to a constant of the data and the design; comparable between values of phi.
    residual_lag1 : float
        Lag-one autocorrelation of the raw residuals.
    exact : bool
        The readings lie on the fitted lines, so that nothing is left to judge errors by.
    other_maximum : float, optional
        A value of phi far from `phi` at which the likelihood is higher still.
    """

    terms: tuple[Term, ...]
    estimate: FloatArray
    se: FloatArray
    phi: float
    df: int
    log_likelihood: float
    residual_lag1: float
    exact: bool = False
    other_maximum: float | None = None

    def intervals(self, confidence: float = 0.95) -> tuple[FloatArray, FloatArray]:
        """Limits of each coefficient by Student's t with `df` degrees of freedom."""
        half = t_quantile(self.df, confidence) * self.se
        return self.estimate - half, self.estimate + half


def piecewise_design(
    t: FloatArray, phase: npt.NDArray[np.int64], *, form: Form, contrast: str = "preceding"
) -> Design:
    """Columns of a piecewise model over the phases of one series.

    Parameters
    ----------
    t : ndarray, shape (n,)
        Times in order; the trend is counted from the first.
    phase : ndarray of int, shape (n,)
        0, 1, ... in order of time.
    form : {"level_only", "level_and_common_trend", "level_and_slope"}
    contrast : {"preceding", "first"}
        A level or slope change is counted from the phase before, or from the first.

    Notes
    -----
    A change of slope turns at the first reading of its phase, so the level change is the
    jump there against the continued line of the phase before.
    """
    columns, terms = [np.ones(t.size)], [Term("intercept", 0)]
    if form != "level_only":
        columns.append(t - t[0])
        terms.append(Term("trend", 0))
    later = range(1, int(phase.max()) + 1)
    inside = {k: phase >= k if contrast == "preceding" else phase == k for k in later}
    for k in later:
        columns.append(inside[k].astype("float64"))
        terms.append(Term("level", k))
    if form == "level_and_slope":
        for k in later:
            turn = t[np.argmax(phase == k)]
            columns.append(np.where(inside[k], t - turn, 0.0))
            terms.append(Term("slope_change", k))
    return Design(np.column_stack(columns), tuple(terms))


def fit_piecewise(
    t: FloatArray,
    y: FloatArray,
    design: Design,
    *,
    errors: Errors = "independent",
    likelihood: Likelihood = "REML",
) -> Fit:
    """Fit a piecewise model by least squares, or by generalised least squares with AR(1).

    Parameters
    ----------
    t, y : ndarray, shape (n,)
        Times in order, and readings.
    design : Design
    errors : {"independent", "ar1_by_order", "car1_by_session"}
    likelihood : {"REML", "ML"}
        Criterion for phi. Standard errors use the residual variance over n - p in both.

    Raises
    ------
    TooFewReadings
        With no degree of freedom left, with coefficients that the readings cannot tell
        apart, with readings that lie exactly on the line, with two readings at one time
        (correlated errors), or where phi runs to the end of its range.

    References
    ----------
    Huitema BE, McKean JW (2000). Educational and Psychological Measurement 60:38-58.
    Pinheiro JC, Bates DM (2000). Mixed-effects models in S and S-PLUS, section 5.2.
    """
    basis, triangle, df = _checked(y, design)
    scale = float(np.abs(y).max()) or 1.0
    gaps = np.diff(t)
    phi = _Profile(y, basis, _gap_powers(gaps, errors), likelihood)
    exact = phi.residual_sd(0.0) <= 1e-9 * scale
    if errors == "independent":
        chosen, other = 0.0, None
    else:
        if (gaps <= 0).any():
            raise TooFewReadings("Readings that share one time have no order for correlated errors")
        if exact:
            raise TooFewReadings("The readings lie exactly on the fitted lines")
        lowest = -LARGEST_PHI if errors == "ar1_by_order" else 0.0
        chosen, other = _most_likely(phi, lowest=lowest)
    inner, covariance, sigma2, score = phi.solve(np.array([chosen]))
    back = np.linalg.inv(triangle)
    spread = back @ covariance[0] @ back.T
    residual = y - basis @ inner[0]
    return Fit(
        terms=design.terms,
        estimate=back @ inner[0],
        se=np.sqrt(np.maximum(np.diag(spread) * sigma2[0], 0.0)),
        phi=_per_unit(chosen, gaps, errors),
        df=df,
        log_likelihood=float(score[0]),
        residual_lag1=_lag1(residual),
        exact=exact,
        other_maximum=None if other is None else _per_unit(other, gaps, errors),
    )


def _checked(y: FloatArray, design: Design) -> tuple[FloatArray, FloatArray, int]:
    n, p = design.columns.shape
    if n - p < 1:
        raise TooFewReadings(
            Message("{n} readings leave no degree of freedom for {p} coefficients", n=n, p=p)
        )
    basis, triangle = np.linalg.qr(design.columns)
    pivots = np.abs(np.diag(triangle))
    if pivots.min() <= 1e-9 * np.linalg.norm(design.columns, axis=0).max():
        raise TooFewReadings(
            "The readings of a phase are too few, or share one time, for its terms"
        )
    return basis, triangle, n - p


def _gap_powers(gaps: FloatArray, errors: Errors) -> FloatArray:
    """Distance of neighbours in units of the typical distance."""
    if errors != "car1_by_session" or gaps.size == 0:
        return np.ones(gaps.size)
    return np.asarray(gaps / max(float(np.median(gaps)), 1e-12))


def _per_unit(rho: float, gaps: FloatArray, errors: Errors) -> float:
    if errors != "car1_by_session" or rho <= 0:
        return rho
    return float(rho ** (1 / np.median(gaps)))


@dataclass(frozen=True, slots=True)
class _Profile:
    """The likelihood of rho, the correlation of neighbours a typical distance apart."""

    y: FloatArray
    basis: FloatArray
    powers: FloatArray
    likelihood: Likelihood
    joined: FloatArray = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "joined", np.column_stack([self.basis, self.y]))

    def solve(self, rho: FloatArray) -> tuple[FloatArray, FloatArray, FloatArray, FloatArray]:
        """Coefficients, inverse information, variance and log-likelihood at each rho."""
        n, p = self.basis.shape
        with np.errstate(invalid="ignore", divide="ignore"):
            # A negative rho only occurs with powers of one (by order).
            step = np.sign(rho)[:, None] * np.abs(rho)[:, None] ** self.powers
        root = np.sqrt(1 - step**2)
        white = np.empty((rho.size, n, p + 1))
        white[:, 0] = self.joined[0]
        white[:, 1:] = (self.joined[1:] - step[..., None] * self.joined[:-1]) / root[..., None]
        gram = white.transpose(0, 2, 1) @ white
        information, right = gram[:, :p, :p], gram[:, :p, p]
        inverse = np.linalg.inv(information)
        coefficients = (inverse @ right[..., None])[..., 0]
        left = white[..., p] - (white[..., :p] @ coefficients[..., None])[..., 0]
        squares = (left**2).sum(axis=-1)
        log_v = 2 * np.log(root).sum(axis=-1)
        freedom = n - p if self.likelihood == "REML" else n
        score = -0.5 * (freedom * np.log(squares) + log_v)
        if self.likelihood == "REML":
            score = score - 0.5 * np.linalg.slogdet(information)[1]
        return coefficients, inverse, squares / (n - p), score

    def residual_sd(self, rho: float) -> float:
        return float(np.sqrt(self.solve(np.array([rho]))[2][0]))


def _most_likely(profile: _Profile, *, lowest: float) -> tuple[float, float | None]:
    """The maximum nearest to independence, and the place of a higher one elsewhere.

    In short series the restricted likelihood can rise again towards 1, where level and
    error cannot be told apart; that second maximum is named, not taken.
    """
    grid = np.linspace(lowest, LARGEST_PHI, GRID)
    score = profile.solve(grid)[3]
    best = int(np.argmin(np.abs(grid)))
    while True:
        near = range(max(best - 1, 0), min(best + 2, GRID))
        step = max(near, key=lambda i: float(score[i]))
        if step == best:
            break
        best = step
    highest = int(np.argmax(score))
    for _ in range(ROUNDS):
        grid_near = np.linspace(grid[max(best - 1, 0)], grid[min(best + 1, GRID - 1)], GRID)
        score_near = profile.solve(grid_near)[3]
        best, grid = int(np.argmax(score_near)), grid_near
    rho = float(grid[best])
    if abs(rho) > LARGEST_PHI - 1e-3:
        raise TooFewReadings("The autocorrelation cannot be told from these readings")
    other = float(np.linspace(lowest, LARGEST_PHI, GRID)[highest])
    is_higher = float(score[highest]) > float(score_near[best]) + 1e-6
    return rho, other if is_higher else None


def _lag1(residual: FloatArray) -> float:
    off = residual - residual.mean()
    squares = float((off**2).sum())
    return float((off[1:] * off[:-1]).sum() / squares) if squares > 0 else float("nan")


MIN_READINGS_CAR1 = 12
MIN_PHASE_CAR1 = 5


def car1_level_change(
    t: FloatArray,
    y: FloatArray,
    under: BoolArray,
    *,
    common_trend: bool = False,
    confidence: float = 0.95,
) -> Estimate:
    """Level change under a regimen with continuous-time AR(1) errors, by REML.

    Parameters
    ----------
    t : ndarray, shape (n,)  [days]
    y : ndarray, shape (n,)  [mm]
    under : ndarray of bool, shape (n,)
        True for readings under the regimen, False for the reference.
    common_trend : bool
        With one slope through both phases; the level change is then the jump against it.
    confidence : float

    Returns
    -------
    Estimate, shape ()  [mm]
        Under minus reference, with a t interval. Empty with the reason below 12 readings
        or 5 a phase, and where the autocorrelation cannot be told.

    References
    ----------
    Jones RH (1993). Longitudinal data with serial correlation, chapter 3.
    """
    counts = int(np.sum(~under)), int(np.sum(under))
    if sum(counts) < MIN_READINGS_CAR1 or min(counts) < MIN_PHASE_CAR1:
        return _refused(
            Message(
                "fewer than {readings} readings, or than {each} a phase",
                readings=MIN_READINGS_CAR1,
                each=MIN_PHASE_CAR1,
            )
        )
    order = np.lexsort((y, t))
    t, y, under = t[order], y[order], under[order]
    columns = [np.ones(t.size), under.astype("float64")]
    terms = [Term("intercept", 0), Term("level", 1)]
    if common_trend:
        columns.append(t - t[0])
        terms.append(Term("trend", 0))
    try:
        fit = fit_piecewise(
            t, y, Design(np.column_stack(columns), tuple(terms)), errors="car1_by_session"
        )
    except TooFewReadings as refusal:
        return estimate_of(np.asarray(np.nan), (True, reason_of_refusal(refusal)))
    low, high = fit.intervals(confidence)
    return estimate_of(
        fit.estimate[1], se=fit.se[1], limits=(low[1], high[1]), df=np.asarray(float(fit.df))
    )


def _refused(why: Message) -> Estimate:
    with speaking("en"):
        return estimate_of(np.asarray(np.nan), (True, str(why)))


def reason_of_refusal(refusal: TooFewReadings) -> str:
    """The refusal as a reason for a table, whose columns are English: a clause in lower case."""
    with speaking("en"):
        return refusal.what[:1].lower() + refusal.what[1:]
