"""Rows of the effect-size table from piecewise models over all phases of a series."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass

import numpy as np

from sm_tracker.analysis.measures.effects_input import IntArray, PhaseRuns
from sm_tracker.analysis.measures.regression import (
    FORMS,
    Errors,
    Fit,
    Form,
    Term,
    fit_piecewise,
    piecewise_design,
    reason_of_refusal,
)
from sm_tracker.errors import TooFewReadings

KINDS = ("intercept", "trend", "level", "slope_change")
MODEL_MEASURES: tuple[str, ...] = (
    *(f"{estimator}_{kind}" for estimator in ("ols", "gls") for kind in KINDS),
    "residual_acf_lag1",
    "gls_phi",
)

_ERRORS: tuple[Errors, ...] = ("independent", "ar1_by_order", "car1_by_session")


@dataclass(frozen=True, slots=True)
class ModelRow:
    """One row: the runs it belongs to (`under` is -1 for a row of the whole series).

    `numbers` are the estimate, its standard error and its limits.
    """

    reference: int
    under: int
    measure: str
    settings: str
    numbers: tuple[float, float, float, float]
    reason: str


def model_rows(
    runs: PhaseRuns, which: int, confidence: float, wanted: Collection[str]
) -> Iterator[ModelRow]:
    """Coefficients of all piecewise models of one series.

    Parameters
    ----------
    runs : PhaseRuns
    which : int
        Number of the series.
    confidence : float
    wanted : collection of str
        Names from :data:`MODEL_MEASURES`; models without a wanted row are not fitted.
    """
    own = np.flatnonzero(runs.series == which)
    for form in FORMS:
        for errors in _ERRORS:
            names = _names(errors)
            if names & set(wanted):
                for row in _rows_of_model(runs, own, form, errors, confidence):
                    if row.measure in wanted:
                        yield row


def _names(errors: Errors) -> set[str]:
    estimator = "ols" if errors == "independent" else "gls"
    last = "residual_acf_lag1" if errors == "independent" else "gls_phi"
    return {f"{estimator}_{kind}" for kind in KINDS} | {last}


def _rows_of_model(
    runs: PhaseRuns, own: IntArray, form: Form, errors: Errors, confidence: float
) -> Iterator[ModelRow]:
    fit, reason = _fit(runs, own, form, errors)
    settings = _settings(form, errors, confidence, fit)
    estimator = "ols" if errors == "independent" else "gls"
    low, high = fit.intervals(confidence) if fit else (np.empty(0), np.empty(0))
    for place, term in enumerate(_terms(own.size, form)):
        under = int(own[term.phase]) if term.phase else -1
        reference = int(own[max(term.phase - 1, 0)])
        numbers = (np.nan, np.nan, np.nan, np.nan)
        if fit and fit.exact:
            numbers = (float(fit.estimate[place]), 0.0, np.nan, np.nan)
        elif fit:
            limits = float(low[place]), float(high[place])
            numbers = (float(fit.estimate[place]), float(fit.se[place]), *limits)
        yield ModelRow(reference, under, f"{estimator}_{term.kind}", settings, numbers, reason)
    yield _last_row(int(own[0]), form, errors, settings, fit, reason)


def _last_row(
    first: int, form: Form, errors: Errors, settings: str, fit: Fit | None, reason: str
) -> ModelRow:
    if errors != "independent":
        phi = fit.phi if fit else np.nan
        return ModelRow(first, -1, "gls_phi", settings, (phi, np.nan, np.nan, np.nan), reason)
    lag1 = np.nan if fit is None or fit.exact else fit.residual_lag1
    numbers = (lag1, np.nan, np.nan, np.nan)
    residual = f"OLS residuals;form={form}"
    return ModelRow(first, -1, "residual_acf_lag1", residual, numbers, reason)


def _terms(n_phases: int, form: Form) -> tuple[Term, ...]:
    later = range(1, n_phases)
    terms = [Term("intercept", 0)]
    if form != "level_only":
        terms.append(Term("trend", 0))
    terms += [Term("level", k) for k in later]
    if form == "level_and_slope":
        terms += [Term("slope_change", k) for k in later]
    return tuple(terms)


def _fit(runs: PhaseRuns, own: IntArray, form: Form, errors: Errors) -> tuple[Fit | None, str]:
    n = runs.n[own]
    if (n == 0).any():
        empty = runs.label[own[int(np.argmin(n))]]
        return None, f"phase {empty} has no reading"
    inside = slice(int(runs.start[own[0]]), int(runs.stop[own[-1]]))
    t, y = runs.t[inside], runs.value[inside]
    phase = np.repeat(np.arange(own.size), n)
    try:
        fit = fit_piecewise(t, y, piecewise_design(t, phase, form=form), errors=errors)
    except TooFewReadings as refusal:
        return None, reason_of_refusal(refusal)
    if fit.exact:
        return fit, "no interval: the readings lie exactly on the fitted lines"
    if fit.other_maximum is not None:
        return fit, f"the likelihood has a higher maximum near phi = {fit.other_maximum:.2f}"
    return fit, ""


def _settings(form: Form, errors: Errors, confidence: float, fit: Fit | None) -> str:
    method = "lm" if errors == "independent" else f"correlation={errors};REML"
    settings = f"form={form};contrast=preceding;{method};t interval"
    settings += f" df={fit.df}" if fit else ""
    return settings if confidence == 0.95 else f"{settings};confidence={confidence:g}"
