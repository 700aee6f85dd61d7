"""Piecewise models: known lines, a second likelihood, and what readings cannot tell."""

from __future__ import annotations

import numpy as np
import pytest

from sm_tracker.analysis.measures.regression import (
    LARGEST_PHI,
    Term,
    car1_level_change,
    fit_piecewise,
    piecewise_design,
)
from sm_tracker.errors import TooFewReadings

T = np.arange(12.0)
PHASE = np.repeat([0, 1], 6)
NOISE = np.array([0.05, -0.03, 0.02, 0.04, -0.05, 0.01, -0.02, 0.03, -0.04, 0.02, 0.05, -0.03])


def coefficient(fit, kind, phase=0) -> float:
    return float(fit.estimate[fit.terms.index(Term(kind, phase))])


def test_a_jump_and_a_change_of_slope_are_read_off_exact_lines():
    # 2.5 mm falling 0.02 a visit; at the switch 0.3 mm down, then 0.05 a visit more.
    y = 2.5 - 0.02 * T - np.where(PHASE == 1, 0.3 + 0.05 * (T - 6), 0)
    fit = fit_piecewise(T, y, piecewise_design(T, PHASE, form="level_and_slope"))
    found = [coefficient(fit, "intercept"), coefficient(fit, "trend")]
    found += [coefficient(fit, "level", 1), coefficient(fit, "slope_change", 1)]
    assert found == pytest.approx([2.5, -0.02, -0.3, -0.05])
    assert fit.exact


def test_levels_count_from_the_phase_before_or_from_the_first():
    phase = np.repeat([0, 1, 2], 4)
    y = np.array([3.0, 2.0, 2.5])[phase] + NOISE * 0
    before = fit_piecewise(T, y, piecewise_design(T, phase, form="level_only"))
    first = fit_piecewise(T, y, piecewise_design(T, phase, form="level_only", contrast="first"))
    assert [coefficient(before, "level", k) for k in (1, 2)] == pytest.approx([-1.0, 0.5])
    assert [coefficient(first, "level", k) for k in (1, 2)] == pytest.approx([-1.0, -0.5])


def restricted_likelihood(rho, t, y, x, by_time):
    """The textbook matrix form, with dense matrices and a free choice of constant."""
    distance = (
        np.abs(t[:, None] - t[None, :])
        if by_time
        else np.abs(np.subtract.outer(np.arange(t.size), np.arange(t.size)))
    )
    v = np.sign(rho) ** distance * np.abs(rho) ** distance
    inverse = np.linalg.inv(v)
    information = x.T @ inverse @ x
    left = y - x @ np.linalg.solve(information, x.T @ inverse @ y)
    freedom = t.size - x.shape[1]
    squares = left @ inverse @ left
    log_determinants = np.linalg.slogdet(v)[1] + np.linalg.slogdet(information)[1]
    return -0.5 * (freedom * np.log(squares) + log_determinants)


@pytest.mark.parametrize(
    ("errors", "by_time"), [("ar1_by_order", False), ("car1_by_session", True)]
)
def test_phi_maximises_the_likelihood_written_with_full_matrices(errors, by_time):
    t = np.array([0, 1, 2, 4, 5, 7, 8, 9, 11, 12, 13, 15.0])
    walk = np.convolve(NOISE, [1, 0.9, 0.6, 0.3])[:12]
    y = 2.5 - 0.2 * PHASE + walk
    design = piecewise_design(t, PHASE, form="level_only")
    fit = fit_piecewise(t, y, design, errors=errors)
    here = restricted_likelihood(fit.phi, t, y, design.columns, by_time)
    near = [
        restricted_likelihood(fit.phi + step, t, y, design.columns, by_time)
        for step in (-0.01, 0.01)
    ]
    assert 0.05 < fit.phi < 0.95
    assert here >= max(near)


def test_errors_that_alternate_leave_continuous_time_at_independence():
    y = 2.5 - 0.3 * PHASE + 0.05 * (-1.0) ** T + NOISE
    design = piecewise_design(T, PHASE, form="level_only")
    plain = fit_piecewise(T, y, design)
    continuous = fit_piecewise(T, y, design, errors="car1_by_session")
    assert continuous.phi == pytest.approx(0, abs=1e-6)
    np.testing.assert_allclose(continuous.estimate, plain.estimate, atol=1e-6)
    by_order = fit_piecewise(T, y, design, errors="ar1_by_order")
    assert -LARGEST_PHI < by_order.phi < -0.1


REFUSED = [
    (np.array([0, 1.0]), [2.5, 2.4], [0, 1], "independent", "no degree of freedom"),
    (np.arange(5.0), [2.5, 2.4, 2.6, 2.3, 2.2], [0, 0, 0, 0, 1], "independent", "too few"),
    (
        np.array([0, 1, 1, 2, 3, 4.0]),
        NOISE[:6],
        [0, 0, 0, 1, 1, 1],
        "ar1_by_order",
        "share one time",
    ),
    (np.arange(6.0), [2, 2, 2, 1, 1, 1.0], [0, 0, 0, 1, 1, 1], "ar1_by_order", "exactly"),
]


@pytest.mark.parametrize(("t", "y", "phase", "errors", "words"), REFUSED)
def test_what_readings_cannot_tell_is_refused_in_words(t, y, phase, errors, words):
    design = piecewise_design(t, np.array(phase), form="level_and_slope")
    with pytest.raises(TooFewReadings, match=words):
        fit_piecewise(t, np.array(y), design, errors=errors)


def test_level_change_under_a_regimen_with_continuous_time_errors():
    days = T * 30 + np.array([0, 3, -4, 2, 0, 5, -3, 1, 0, 4, -2, 0])
    y = 2.5 + NOISE - 0.4 * (PHASE == 1)
    result = car1_level_change(days, y, PHASE == 1)
    assert result.estimate == pytest.approx(-0.4, abs=0.05)
    assert result.ci_lower < -0.4 < result.ci_upper < 0
    shuffled = np.random.default_rng(1).permutation(12)
    again = car1_level_change(days[shuffled], y[shuffled], (PHASE == 1)[shuffled])
    assert again.estimate == pytest.approx(float(result.estimate))


def test_level_change_against_a_common_trend_is_the_jump():
    y = 3.0 - 0.02 * T + NOISE
    change = car1_level_change(T * 30, y, PHASE == 1)
    jump = car1_level_change(T * 30, y, PHASE == 1, common_trend=True)
    assert change.ci_upper < 0
    assert jump.ci_lower < 0 < jump.ci_upper


@pytest.mark.parametrize("n_under", [4, 8])
def test_level_change_needs_twelve_readings_and_five_a_phase(n_under):
    under = np.arange(12) >= 12 - n_under
    keep = slice(None) if n_under == 4 else slice(0, 11)
    result = car1_level_change(T[keep], NOISE[keep] + 2, under[keep])
    assert np.isnan(result.estimate)
    assert result.reason == "fewer than 12 readings, or than 5 a phase"


def test_a_fall_that_never_stops_cannot_be_told_from_autocorrelation():
    result = car1_level_change(T * 30, 3.0 - 0.03 * T + NOISE / 10, PHASE == 1)
    assert np.isnan(result.estimate)
    assert result.reason == "the autocorrelation cannot be told from these readings"
