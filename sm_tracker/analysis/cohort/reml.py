"""Restricted maximum likelihood of a step in patients and their sites.

The fitter of the mixed model of a group; formula, assumptions and limits: docs/methods.md,
"Mixed model". Values of one site on one side of the step share every regressor, so their
number, mean and sum of squares say all that they say, and a search costs the same however
many readings there are.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from sm_tracker.analysis.kernels import BoolArray, FloatArray, IntArray

SLACK = 1e-3
"""Log likelihoods that differ by less are the same."""
ROUNDING = 1e-14
"""Share of a sum of squares that its rounding may be; nothing below it is known."""
WIDEST = 1e4
"""Largest spread in residual standard deviations; beyond it nothing is left as residual."""
EM_STEPS = 10
RESTARTS = 10

_LOWER = (np.array([0, 1, 1]), np.array([0, 0, 1]))
"""Rows and columns of the lower triangle of a factor, in the order of the spreads."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StepSums:
    """What the model needs of the values, one row a site of a patient.

    Attributes
    ----------
    first : array of int
        First row of each patient; the rows of a patient are neighbours.
    design : array, sites x 2 x (effects + 1)
        Regressors and, last, the value: in the first row of each site its mean before, in
        the second the mean under less that before. Values are centred.
    error : array, sites x 2 x 2
        Covariance of those two for a residual variance of one.
    n_before : array
    centre, squares : float
        What was taken off each value; squares of the values around the means of their cells.
    n_values : int
    log_counts : float
        Sum of the logarithms of the numbers of values of the cells.
    """

    first: IntArray
    design: FloatArray
    error: FloatArray
    n_before: FloatArray
    centre: float
    squares: float
    n_values: int
    log_counts: float

    @property
    def freedom(self) -> int:
        """Values less fixed effects."""
        return self.n_values - int(self.design.shape[2]) + 1


@dataclass(frozen=True, slots=True, kw_only=True)
class StepFit:
    """The model at the maximum of its restricted likelihood.

    Attributes
    ----------
    effects, errors : array
        Level before at the first site, change, and the other sites less the first; their
        standard errors at the variances found.
    before : float
        Fitted mean before, over values.
    patient : array, 2 x 2
        Covariance of level and change between patients.
    site : array of 2
        Variances of level and change between sites of a patient; NaN where left out.
    residual : float
        Residual variance.
    log_likelihood : float
        Restricted, with all its constants.
    """

    effects: FloatArray
    errors: FloatArray
    before: float
    patient: FloatArray
    site: FloatArray
    residual: float
    log_likelihood: float


@dataclass(frozen=True, slots=True, kw_only=True)
class _Profile:
    """The model at given spreads, with everything else at its best."""

    spreads: FloatArray
    deviance: float
    by_patient: FloatArray
    by_site: FloatArray
    """Derivatives of the deviance by the covariance of patients and the variances of sites."""
    effects: FloatArray
    unscaled: FloatArray
    residual: float

    @property
    def gradient(self) -> FloatArray:
        """Derivatives by the spreads."""
        factor = _factor(self.spreads)
        return 2 * np.append((self.by_patient @ factor)[_LOWER], self.spreads[3:] * self.by_site)

    @property
    def relative(self) -> FloatArray:
        """What a relative change of a spread does: zero at an optimum, edges included."""
        factor = _factor(self.spreads)
        return np.append(
            (factor.T @ self.by_patient @ factor)[_LOWER], self.spreads[3:] ** 2 * self.by_site
        )


def step_sums(patient: IntArray, site: IntArray, under: IntArray, value: FloatArray) -> StepSums:
    """Reduce values to what the likelihood needs of them.

    Parameters
    ----------
    patient, site : array of int
        Codes from 0 without gaps.
    under : array of int
        0 before, 1 under; each site of a patient has values of both.
    value : array of float

    Returns
    -------
    StepSums
    """
    n_sites = int(site.max()) + 1
    rows, row = np.unique(patient * n_sites + site, return_inverse=True)
    cell = 2 * row + under
    counts = np.bincount(cell, minlength=2 * rows.size).astype("float64")
    centre = float(value.mean())
    off = value - centre
    means = np.bincount(cell, weights=off, minlength=counts.size) / counts
    (n_before, n_under), (before, after) = counts.reshape(-1, 2).T, means.reshape(-1, 2).T
    design = np.zeros((rows.size, 2, n_sites + 2))
    design[:, 0, 0] = design[:, 1, 1] = 1
    design[:, 0, 2:-1] = (rows % n_sites)[:, None] == np.arange(1, n_sites)
    design[:, 0, -1], design[:, 1, -1] = before, after - before
    error = np.empty((rows.size, 2, 2))
    error[:, 0, 0] = 1 / n_before
    error[:, 0, 1] = error[:, 1, 0] = -1 / n_before
    error[:, 1, 1] = 1 / n_before + 1 / n_under
    return StepSums(
        first=np.flatnonzero(np.diff(rows // n_sites, prepend=-1)),
        design=design,
        error=error,
        n_before=n_before,
        centre=centre,
        squares=float(((off - means[cell]) ** 2).sum()),
        n_values=value.size,
        log_counts=float(np.log(counts).sum()),
    )


def step_fits(sums: StepSums, models: Sequence[tuple[bool, bool]]) -> list[StepFit]:
    """Fit models by restricted maximum likelihood.

    Parameters
    ----------
    sums : StepSums
    models : sequence of (bool, bool)
        Whether sites of a patient differ at random in level and in change. A model stands
        behind those that it contains: it is sought from the likeliest of them, so that it
        is never less likely.

    Returns
    -------
    list of StepFit
        In this order, without those whose search does not end at an optimum: where a
        relative change of a spread, or a variance added at an edge, still makes the values
        likelier.

    Notes
    -----
    Fixed effects and residual variance are profiled out; sought are the spreads, relative
    to the residual standard deviation: the lower triangle of the factor of the covariance
    of patients, and one number for each random part of the sites. Sites, then patients, are
    eliminated as blocks of 2 x 2. The derivatives are exact.

    References
    ----------
    Bates D, Maechler M, Bolker B, Walker S (2015). J Stat Softw 67(1):1-48.
    """
    found: list[tuple[BoolArray, _Profile]] = []
    for model in models:
        free = np.array([True, True, True, *model], dtype=np.bool_)
        contained = [best for known, best in found if not (known & ~free).any()]
        likeliest = min(contained, key=lambda best: best.deviance, default=None)
        if (best := _search(sums, likeliest or _near(sums), free)) is not None:
            found.append((free, best))
    return [_as_fit(sums, best, free) for free, best in found]


def _as_fit(sums: StepSums, best: _Profile, free: BoolArray) -> StepFit:
    factor = _factor(best.spreads)
    effects = best.effects.copy()
    effects[0] += sums.centre
    fitted = sums.design[:, 0, :-1] @ effects
    return StepFit(
        effects=effects,
        errors=np.sqrt(best.residual * np.diag(best.unscaled)),
        before=float(np.average(fitted, weights=sums.n_before)),
        patient=best.residual * factor @ factor.T,
        site=np.where(free[3:], best.residual * best.spreads[3:] ** 2, np.nan),
        residual=best.residual,
        log_likelihood=-best.deviance / 2,
    )


def _near(sums: StepSums) -> _Profile:
    """Spreads of patients of the right size, by the EM algorithm, which keeps off edges."""
    at = _profile(sums, np.array([1.0, 0.0, 1.0, 0.0, 0.0]))
    for _ in range(EM_STEPS):
        factor = _factor(at.spreads)
        kept = np.eye(2) - factor.T @ at.by_patient @ factor / sums.first.size
        spreads = np.append(_lower(factor @ kept @ factor.T), [0.0, 0.0])
        at = _profile(sums, np.clip(spreads, -WIDEST, WIDEST))
    return at


def _search(sums: StepSums, start: _Profile, free: BoolArray) -> _Profile | None:
    """The likeliest spreads, or None where the search does not end at an optimum."""
    at = start
    for _ in range(RESTARTS):
        at = _descend(sums, _off_edges(sums, at, free) or at, free)
        if _off_edges(sums, at, free) is None:
            return at if np.abs(at.relative).max() < SLACK else None
    return None


def _off_edges(sums: StepSums, at: _Profile, free: BoolArray) -> _Profile | None:
    """Likelier spreads with more variance in one direction, or None where there are none.

    At a spread of zero the derivative by it is zero, whether that is best or not, and a
    descent stays there; the derivative by the variance tells the two apart.
    """
    factor, of_site = _factor(at.spreads), at.spreads[3:] ** 2
    slopes, directions = np.linalg.eigh(at.by_patient)
    more = [(slopes[0], np.outer(directions[:, 0], directions[:, 0]), np.zeros(2))]
    more += [(at.by_site[k], np.zeros((2, 2)), np.eye(2)[k]) for k in (0, 1) if free[3 + k]]
    for slope, patient, site in more:
        variance = max(1.0, float((at.spreads**2).max()))
        while -slope * variance > SLACK:
            lifted = _lower(factor @ factor.T + variance * patient)
            tried = _profile(sums, np.append(lifted, np.sqrt(of_site + variance * site)))
            if tried.deviance < at.deviance - SLACK:
                return tried
            variance /= 4
    return None


def _descend(sums: StepSums, start: _Profile, free: BoolArray) -> _Profile:
    from scipy.optimize import minimize

    def spreads_of(chosen: FloatArray) -> FloatArray:
        spreads = np.zeros(free.size)
        spreads[free] = chosen
        return spreads

    def criterion(chosen: FloatArray) -> tuple[float, FloatArray]:
        at = _profile(sums, spreads_of(chosen))
        return at.deviance, at.gradient[free]

    lowest = np.array([0.0, -WIDEST, 0.0, 0.0, 0.0])[free]
    found = minimize(
        criterion,
        start.spreads[free],
        jac=True,
        method="L-BFGS-B",
        bounds=[(low, WIDEST) for low in lowest],
        options={"maxiter": 300, "ftol": 1e-12, "gtol": 1e-6},
    )
    return _profile(sums, spreads_of(found.x))


def _factor(spreads: FloatArray) -> FloatArray:
    factor = np.zeros((2, 2))
    factor[_LOWER] = spreads[:3]
    return factor


def _lower(covariance: FloatArray) -> FloatArray:
    """The lower triangle of the factor of a covariance, which may be singular."""
    first = np.sqrt(covariance[0, 0])
    below = covariance[1, 0] / first if first > 0 else 0.0
    return np.array([first, below, np.sqrt(max(covariance[1, 1] - below**2, 0.0))])


def _profile(sums: StepSums, spreads: FloatArray) -> _Profile:
    """The criterion and its derivatives.

    With V the covariance of the values for a residual variance of one, X the regressors and
    r the residuals, P = V⁻¹ - V⁻¹X (X'V⁻¹X)⁻¹ X'V⁻¹, the derivative of the deviance by an
    element of V is that of P - V⁻¹r r'V⁻¹ / residual variance.
    """
    factor, of_site = _factor(spreads), spreads[3:]
    inner = sums.error.copy()
    inner[:, [0, 1], [0, 1]] += of_site**2
    weights, log_sites = _inverse(inner)
    weighted = weights @ sums.design
    # Over patients V⁻¹ is that of their means over sites: nothing is divided by a spread, so
    # that each may be zero, and nothing large cancels where it is wide.
    scores = np.add.reduceat(weighted, sums.first)
    own, log_own = _inverse(np.add.reduceat(weights, sums.first))
    outer, log_outer = _inverse(own + factor @ factor.T)
    means = own @ scores
    kept = outer @ means
    products = _crossed(sums.design, weighted) - _crossed(scores, means) + _crossed(means, kept)

    root = np.linalg.cholesky(products[:-1, :-1])
    root_inverse = np.linalg.inv(root)
    unscaled = root_inverse.T @ root_inverse
    effects = unscaled @ products[:-1, -1]
    whole = sums.squares + products[-1, -1]
    left = max(float(whole - products[:-1, -1] @ effects), ROUNDING * float(whole))
    residual = left / sums.freedom
    deviance = sums.freedom * (1 + np.log(2 * np.pi * residual)) + sums.log_counts
    deviance += log_sites + log_own + log_outer + 2 * np.log(np.diag(root)).sum()

    # Columns that stand for X (X'V⁻¹X)⁻¹ X' and r r' / residual variance as sums of squares.
    turned = np.zeros_like(products)
    turned[:-1, :-1] = root_inverse.T
    turned[:-1, -1] = -effects / np.sqrt(residual)
    turned[-1, -1] = 1 / np.sqrt(residual)
    of_patient = kept @ turned
    n_rows = np.diff(sums.first, append=len(weights))
    taken = np.repeat(means - own @ kept, n_rows, axis=0)
    of_row = (weighted - weights @ taken) @ turned
    by_row = weights - weights @ np.repeat(own - own @ outer @ own, n_rows, axis=0) @ weights
    return _Profile(
        spreads=spreads,
        deviance=float(deviance),
        by_patient=outer.sum(axis=0) - np.einsum("pic,pjc->ij", of_patient, of_patient),
        by_site=np.einsum("rii->i", by_row) - np.einsum("ric,ric->i", of_row, of_row),
        effects=effects,
        unscaled=unscaled,
        residual=residual,
    )


def _crossed(left: FloatArray, right: FloatArray) -> FloatArray:
    """Products of the columns of two stacks of blocks, summed over the blocks."""
    n_columns = left.shape[2]
    crossed: FloatArray = left.reshape(-1, n_columns).T @ right.reshape(-1, n_columns)
    return crossed


def _inverse(blocks: FloatArray) -> tuple[FloatArray, float]:
    """Inverses of 2 x 2 blocks, and the sum of the logarithms of their determinants."""
    determinant = blocks[:, 0, 0] * blocks[:, 1, 1] - blocks[:, 0, 1] * blocks[:, 1, 0]
    turned = np.empty_like(blocks)
    turned[:, 0, 0], turned[:, 1, 1] = blocks[:, 1, 1], blocks[:, 0, 0]
    turned[:, 0, 1], turned[:, 1, 0] = -blocks[:, 0, 1], -blocks[:, 1, 0]
    return turned / determinant[:, None, None], float(np.log(determinant).sum())
