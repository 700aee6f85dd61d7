"""Restricted maximum likelihood of a step, held to the whole covariance written out."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import minimize

from sm_tracker.analysis.cohort.reml import SLACK, step_fits, step_sums
from tests.sampling import examples

MODELS = ((False, False), (True, False), (False, True), (True, True))


def group(
    seed, patients=8, sites=2, readings=(2, 3), *, of_patient=(0.3, 0.2), of_site=(0.15, 0.15),
    correlation=0.3, rest=0.12, absent=0.2,
):  # fmt: skip
    """Patient, site, under and value of each reading of a simulated group."""
    chance = np.random.default_rng(seed)
    rows = []
    for patient in range(patients):
        level, change = chance.normal(size=2)
        change = correlation * level + np.sqrt(1 - correlation**2) * change
        for site in range(sites):
            if site and chance.random() < absent:
                continue
            more = chance.normal(size=2) * of_site
            for under in (0, 1):
                mean = 2.4 + of_patient[0] * level - 0.3 * site + more[0]
                mean += under * (-0.4 + of_patient[1] * change + more[1])
                values = chance.normal(mean, rest, readings[under] + chance.integers(0, 2))
                rows += [(patient, site, under, value) for value in values]
    patient, site, under, value = zip(*rows, strict=True)
    site = np.unique(site, return_inverse=True)[1]
    return np.array(patient), site, np.array(under), np.array(value)


class WrittenOut:
    """The same model with every element of the covariance, and no thought for speed."""

    def __init__(self, patient, site, under, value):
        self.value = value
        named = site[:, None] == np.arange(1, site.max() + 1)
        self.fixed = np.column_stack([np.ones(len(value)), under, named])
        step = np.column_stack([np.ones(len(value)), under])
        same_patient = patient[:, None] == patient
        same_site = same_patient & (site[:, None] == site)
        outer = step[:, :, None, None] * step.T[None, None]
        outer = outer.transpose(1, 2, 0, 3)
        self.parts = [
            same_patient * outer[0, 0],
            same_patient * (outer[0, 1] + outer[1, 0]),
            same_patient * outer[1, 1],
            same_site * outer[0, 0],
            same_site * outer[1, 1],
            np.eye(len(value)),
        ]

    def solved(self, variances):
        """Log likelihood, effects and their standard errors for given variances."""
        covariance = sum(v * part for v, part in zip(variances, self.parts, strict=True))
        inverse = np.linalg.inv(covariance)
        information = self.fixed.T @ inverse @ self.fixed
        effects = np.linalg.solve(information, self.fixed.T @ inverse @ self.value)
        left = self.value - self.fixed @ effects
        freedom = len(self.value) - self.fixed.shape[1]
        log_likelihood = -0.5 * (
            freedom * np.log(2 * np.pi)
            + np.linalg.slogdet(covariance)[1]
            + np.linalg.slogdet(information)[1]
            + left @ inverse @ left
        )
        return log_likelihood, effects, np.sqrt(np.diag(np.linalg.inv(information)))

    def likeliest(self, start, model):
        """Log likelihood at the best of two searches without any derivative."""

        def variances(roots):
            a, b, c, level, change, rest = roots
            of_site = np.array([level, change]) ** 2 * model
            return np.array([a * a, a * b, b * b + c * c, *of_site, rest * rest])

        def minus(roots):
            return -self.solved(variances(roots))[0] if abs(roots[-1]) > 1e-6 else np.inf

        best = np.inf
        for _ in range(2):
            found = minimize(minus, start, method="Nelder-Mead", options={"maxiter": 1500})
            best, start = min(best, found.fun), found.x
        return -best


def variances_of(fit):
    (a, b), (_, c) = fit.patient
    return np.array([a, b, c, *np.nan_to_num(fit.site), fit.residual])


def fitted(rows, models=MODELS):
    return step_fits(step_sums(*rows), models)


@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("seed", [1, 2])
def test_the_fit_is_the_likeliest_of_the_whole_covariance(seed, model):
    rows = group(seed, patients=7)
    (fit,) = fitted(rows, [model])
    dense = WrittenOut(*rows)
    log_likelihood, effects, errors = dense.solved(variances_of(fit))
    assert fit.log_likelihood == pytest.approx(log_likelihood, abs=1e-7)
    assert fit.effects == pytest.approx(effects, rel=1e-7)
    assert fit.errors == pytest.approx(errors, rel=1e-7)
    searched = dense.likeliest(np.array([0.3, 0.05, 0.2, 0.15, 0.15, 0.12]), model)
    assert fit.log_likelihood >= searched - SLACK


@given(st.integers(0, 10_000))
@examples(15)
def test_the_likelihood_estimates_and_errors_are_those_of_the_whole_covariance(seed):
    rows = group(seed, patients=6, sites=1 + seed % 3, readings=(1, 2))
    for fit in fitted(rows):
        log_likelihood, effects, errors = WrittenOut(*rows).solved(variances_of(fit))
        assert fit.log_likelihood == pytest.approx(log_likelihood, abs=1e-6)
        assert fit.effects == pytest.approx(effects, rel=1e-6, abs=1e-9)
        assert fit.errors == pytest.approx(errors, rel=1e-6)


@given(st.integers(0, 10_000))
@examples(15)
def test_no_variance_a_little_larger_or_smaller_is_likelier(seed):
    rows = group(seed, patients=6, of_site=(0.0, 0.1) if seed % 2 else (0.1, 0.0))
    dense = WrittenOut(*rows)
    fit = fitted(rows)[-1]
    at = variances_of(fit)
    for one in (0, 2, 3, 4, 5):
        for step in (0.02 * fit.residual, -0.02 * at[one]):
            tried = at.copy()
            tried[one] += step
            if tried[0] * tried[2] >= tried[1] ** 2:
                assert dense.solved(tried)[0] <= fit.log_likelihood + SLACK


@given(st.integers(0, 10_000))
@examples(25)
def test_a_model_is_at_least_as_likely_as_each_part_of_it(seed):
    chance = np.random.default_rng(seed)
    rows = group(
        seed,
        patients=int(chance.integers(6, 20)),
        sites=int(chance.integers(2, 5)),
        of_patient=(chance.choice([0, 0.1, 3.0]), chance.choice([0, 0.05, 0.3])),
        of_site=(chance.choice([0, 0.05, 0.2]), chance.choice([0, 0.05, 0.2])),
        correlation=chance.choice([-1, 0, 1]),
        rest=chance.choice([0.01, 0.12, 0.5]),
    )
    neither, level, change, both = (fit.log_likelihood for fit in fitted(rows))
    assert min(level, change) >= neither - 1e-6
    assert both >= max(level, change) - 1e-6


def test_a_search_that_reaches_an_edge_too_early_leaves_it_again():
    """Here a descent alone ends at an edge, 11 log units below the best."""
    rows = group(
        5, patients=6, readings=(2, 2), of_patient=(3.0, 0.0), of_site=(0.2, 0.05),
        correlation=0.9, rest=0.01,
    )  # fmt: skip
    dense = WrittenOut(*rows)
    for fit, model in zip(fitted(rows), MODELS, strict=True):
        searched = dense.likeliest(np.array([3.0, 0.0, 0.05, 0.2, 0.05, 0.01]), model)
        assert fit.log_likelihood >= searched - SLACK


def test_a_group_without_spread_between_its_patients_lies_at_the_edge():
    chance = np.random.default_rng(4)
    patient, under = np.repeat(np.arange(10), 6), np.tile([0, 0, 0, 1, 1, 1], 10)
    noise = chance.normal(0, 0.1, (10, 2, 3))
    noise -= noise.mean(axis=2, keepdims=True)
    (fit,) = fitted((patient, 0 * patient, under, 2 - 0.4 * under + noise.ravel()), MODELS[:1])
    assert fit.patient == pytest.approx(np.zeros((2, 2)), abs=1e-12)
    assert fit.effects == pytest.approx([2, -0.4])
    assert fit.residual == pytest.approx((noise**2).sum() / 58)


def test_values_without_any_scatter_within_a_phase_have_no_likeliest_spread():
    patient, site, under, value = group(3, sites=1)
    exact = value[np.unique(2 * patient + under, return_index=True)[1]]
    assert fitted((patient, site, under, exact[2 * patient + under]), MODELS[:1]) == []


@given(st.integers(0, 10_000), st.sampled_from([0.1, 10.0, 1000.0]), st.floats(-5, 5))
@examples(15)
def test_another_unit_or_zero_of_the_scale_changes_the_unit_only(seed, factor, shift):
    patient, site, under, value = group(seed)
    for own, other in zip(
        fitted((patient, site, under, value)),
        fitted((patient, site, under, factor * value + shift)),
        strict=True,
    ):
        near = {"rel": 1e-4, "abs": 1e-6 * factor}
        assert other.effects[1:] == pytest.approx(factor * own.effects[1:], **near)
        assert other.effects[0] == pytest.approx(factor * own.effects[0] + shift, **near)
        assert other.errors == pytest.approx(factor * own.errors, **near)
        assert np.sqrt(other.residual) == pytest.approx(factor * np.sqrt(own.residual), **near)
        freedom = len(value) - own.effects.size
        log_factor = freedom * np.log(factor)
        assert other.log_likelihood == pytest.approx(own.log_likelihood - log_factor, abs=SLACK)


@given(st.integers(0, 10_000))
@examples(15)
def test_neither_the_order_of_readings_nor_that_of_patients_matters(seed):
    patient, site, under, value = group(seed)
    chance = np.random.default_rng(seed)
    order, names = chance.permutation(value.size), chance.permutation(patient.max() + 1)
    turned = names[patient][order], site[order], under[order], value[order]
    for own, other in zip(fitted((patient, site, under, value)), fitted(turned), strict=True):
        assert other.effects == pytest.approx(own.effects, rel=1e-4, abs=1e-6)
        assert other.errors == pytest.approx(own.errors, rel=1e-4)
        assert other.log_likelihood == pytest.approx(own.log_likelihood, abs=SLACK)


@given(st.integers(0, 10_000), st.integers(2, 4))
@examples(10)
def test_one_group_twice_over_has_the_same_estimate_and_a_smaller_error(seed, times):
    patient, site, under, value = group(seed, patients=12, absent=0.0, readings=(2, 2))
    again = np.arange(times).repeat(value.size)
    more = (
        np.tile(patient, times) + again * (patient.max() + 1),
        np.tile(site, times), np.tile(under, times), np.tile(value, times),
    )  # fmt: skip
    own, other = fitted((patient, site, under, value))[0], fitted(more)[0]
    assert other.errors[1] < own.errors[1]
    assert other.effects[1] == pytest.approx(own.effects[1], abs=0.2 * own.errors[1])
