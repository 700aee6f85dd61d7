"""Laws that every measure of two phases keeps, and agreement with the change table's own code."""

from __future__ import annotations

from itertools import combinations, product

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from sm_tracker.analysis import kernels
from sm_tracker.analysis.change.phase_difference import (
    per_cent_change_of_means,
    phase_difference,
)
from sm_tracker.analysis.measures.effects import effect_sizes
from sm_tracker.analysis.measures.effects_models import MODEL_MEASURES
from sm_tracker.analysis.measures.overlap import ird, nap, pand, pem, pnd, tau, tau_bc, tau_u
from sm_tracker.analysis.measures.phase_pairs import PhasePair
from sm_tracker.analysis.measures.size import (
    hodges_lehmann,
    log_ratio_of_medians,
    log_response_ratio,
    mean_diff,
    response_ratio_in_per_cent,
    smd,
)
from sm_tracker.analysis.measures.trend import Phase, theil_sen_slope
from tests.sampling import examples

thickness_mm = st.integers(50, 600).map(lambda k: k / 100)
close_mm = st.integers(20, 26).map(lambda k: k / 10)
"""Few distinct values, so that ties are common."""

phase = st.one_of(
    st.lists(thickness_mm, min_size=1, max_size=6), st.lists(close_mm, min_size=1, max_size=6)
)
longer = st.one_of(
    st.lists(thickness_mm, min_size=3, max_size=6), st.lists(close_mm, min_size=3, max_size=6)
)
law = examples(60)
OVERLAP = (nap, tau, tau_u, tau_bc, pnd, pem, pand, ird)
RATIO = (smd, log_response_ratio, log_ratio_of_medians)
DIFFERENCE = (mean_diff, hodges_lehmann)
PARTS = ("estimate", "se", "ci_lower", "ci_upper")


def pair(a, b, improvement="decrease") -> PhasePair:
    return PhasePair(np.array(a, float), np.array(b, float), improvement)


def numbers(result) -> np.ndarray:
    return np.array([float(getattr(result, part)) for part in PARTS])


def assert_same(left, right, factor: float = 1.0) -> None:
    np.testing.assert_allclose(numbers(left), factor * numbers(right), rtol=1e-7, atol=1e-9)


@law
@given(phase, phase)
def test_turning_the_direction_mirrors_nap_and_swaps_its_limits(a, b):
    down, up = nap(pair(a, b)), nap(pair(a, b, "increase"))
    assert_same(down, up.scaled(-1.0, 1.0))


@law
@given(phase, phase)
def test_swapping_phases_and_direction_changes_no_pair(a, b):
    for measure in (nap, tau):
        assert_same(measure(pair(a, b)), measure(pair(b, a, "increase")))


@law
@given(longer, longer, st.sampled_from([0.1, 10.0, 1000.0]))
def test_another_unit_changes_differences_and_nothing_else(a, b, factor):
    small, large = pair(a, b), pair(np.array(a) * factor, np.array(b) * factor)
    for measure in (*OVERLAP, *RATIO):
        assert_same(measure(large), measure(small))
    for measure in DIFFERENCE:
        left, right = numbers(measure(large)), numbers(measure(small))
        np.testing.assert_allclose(left, factor * right, rtol=1e-7, atol=1e-9 * factor)


@law
@given(longer, longer, st.randoms(use_true_random=False))
def test_noise_of_rounding_size_changes_nothing(a, b, random):
    def shaken(values):
        return [v + random.uniform(-1e-12, 1e-12) for v in values]

    exact, noisy = pair(a, b), pair(shaken(a), shaken(b))
    for measure in (*OVERLAP, *RATIO, *DIFFERENCE):
        assert_same(measure(noisy), measure(exact))


@law
@given(longer, longer, st.integers(-30, 30).map(lambda k: k / 10))
def test_a_shift_of_all_values_leaves_overlap_and_differences(a, b, shift):
    here, there = pair(a, b), pair(np.array(a) + shift, np.array(b) + shift)
    for measure in (*OVERLAP, *DIFFERENCE, smd):
        assert_same(measure(there), measure(here))


@law
@given(phase, phase)
def test_overlap_measures_count_what_plain_loops_count(a, b):
    better = [(y < x) + 0.5 * (y == x) for x, y in product(a, b)]
    p = pair(a, b)
    assert nap(p).estimate == pytest.approx(np.mean(better))
    assert tau(p).estimate == pytest.approx(2 * np.mean(better) - 1)
    assert pnd(p).estimate == pytest.approx(np.mean([y < min(a) for y in b]))
    middle = np.median(a)
    above = [(y < middle - 1e-9) + 0.5 * (abs(y - middle) <= 1e-9) for y in b]
    assert pem(p).estimate == pytest.approx(np.mean(above))
    trend = sum((y < x) - (y > x) for x, y in combinations(a, 2))
    wins = sum((y < x) - (y > x) for x, y in product(a, b))
    assert tau_u(p).estimate == pytest.approx((wins - trend) / (len(a) * len(b)))


@examples(50)
@given(st.lists(close_mm, min_size=1, max_size=4), st.lists(close_mm, min_size=1, max_size=4))
def test_pand_removes_the_fewest_readings_of_all_subsets(a, b):
    def subsets(values):
        return [c for r in range(len(values) + 1) for c in combinations(values, r)]

    most = max(
        len(kept_a) + len(kept_b)
        for kept_a, kept_b in product(subsets(a), subsets(b))
        if not kept_a or not kept_b or min(kept_a) > max(kept_b)
    )
    assert pand(pair(a, b)).estimate == pytest.approx(most / (len(a) + len(b)))


@law
@given(phase, phase)
def test_the_interval_of_nap_holds_it_lies_in_0_to_1_and_is_never_a_point(a, b):
    result = nap(pair(a, b))
    low, value, high = result.ci_lower, result.estimate, result.ci_upper
    assert 0 <= low <= value <= high <= 1
    assert high - low > 0.05


@law
@given(longer, longer)
def test_the_unbiased_variance_of_nap_is_its_textbook_sum(a, b):
    m, n = len(a), len(b)
    q = np.array([[(y < x) + 0.5 * (y == x) for y in b] for x in a], float)
    share, c = q.mean(), 1 / (2 * m * n)
    rows, columns, x = q.mean(axis=1), q.mean(axis=0), (q - q.mean()) ** 2
    q1, q2 = np.mean((rows - share) ** 2), np.mean((columns - share) ** 2)
    clipped = min(max(share, c), 1 - c)
    variance = clipped * (1 - clipped) + n * q1 + m * q2 - 2 * x.mean()
    expected = np.sqrt(max(variance / ((m - 1) * (n - 1)), 0))
    assert nap(pair(a, b)).se == pytest.approx(expected, abs=1e-9)


def runs_of(a, b) -> tuple[kernels.Phases, kernels.Phases]:
    """Two phases as the change table holds them: runs of one array of values."""
    value = np.array([*a, *b], float)
    t = np.arange(value.size, dtype=float)
    m, n = np.array([len(a)]), np.array([value.size])
    return (
        kernels.Phases(value, t, np.array([0]), m),
        kernels.Phases(value, t, m, n),
    )


@law
@given(phase, phase)
def test_nap_is_that_of_the_change_table(a, b):
    reference, under = runs_of(a, b)
    lower = kernels.pairs_lower(reference, under)
    share = kernels.nonoverlap(lower, reference.n, under.n)
    assert nap(pair(a, b)).estimate == pytest.approx(share[0])


@law
@given(longer, longer)
def test_mean_difference_and_plain_per_cent_change_are_those_of_the_change_table(a, b):
    reference, under = (kernels.moments(p) for p in runs_of(a, b))
    difference = phase_difference(reference, under, np.full(1, 0.09), confidence=0.95)
    assert mean_diff(pair(a, b)).estimate == pytest.approx(difference.estimate[0], abs=1e-9)
    # The change table takes the ratio as it is; the published measure corrects its bias.
    ratio = log_response_ratio(pair(a, b), bias_correct=False)
    plain = per_cent_change_of_means(reference, under, difference)[0][0]
    assert response_ratio_in_per_cent(ratio).estimate == pytest.approx(plain, abs=1e-7)


@law
@given(longer, longer, st.sampled_from([0.1, 0.3, 0.6]))
def test_assumed_autocorrelation_never_narrows_an_interval(a, b, phi):
    reference, under = (kernels.moments(p) for p in runs_of(a, b))
    error = np.full(1, np.nan)
    usual = phase_difference(reference, under, error, confidence=0.95)
    wide = (1 + phi) / (1 - phi)
    assumed = phase_difference(reference, under, error, confidence=0.95, variance_factor=wide)
    assume(np.isfinite(usual.half[0]) and usual.variance[0] > 1e-12)
    assert assumed.half[0] == pytest.approx(usual.half[0] * np.sqrt(wide))
    assert assumed.estimate[0] == usual.estimate[0]


@law
@given(st.lists(thickness_mm, min_size=4, max_size=8))
def test_theil_sen_slope_is_that_of_the_change_table(values):
    run, _ = runs_of(values, [1.0])
    slope = kernels.median_slope(run, at_least=4)[0]
    own = theil_sen_slope(Phase(np.array(values), np.arange(float(len(values)))))
    assert own.estimate == pytest.approx(slope)


@st.composite
def labelled_series(draw) -> pd.DataFrame:
    """Up to three series of one to three phases, some readings missing, some on one day."""
    rows = []
    for case in range(draw(st.integers(1, 3))):
        direction = draw(st.sampled_from(["decrease", "increase"]))
        session = 0
        for label in "ABC"[: draw(st.integers(1, 3))]:
            # A new phase starts on a later day: its order is never in doubt.
            session += 1
            for _ in range(draw(st.integers(1, 5))):
                session += draw(st.integers(0, 2))
                outcome = draw(st.one_of(st.none(), close_mm, thickness_mm, st.just(0.0)))
                rows.append(("d", f"P{case}", session, label, outcome, direction))
    names = ["dataset", "case_id", "session", "phase", "outcome", "direction"]
    return pd.DataFrame(rows, columns=names).astype({"outcome": "float64"})


def comparable(table: pd.DataFrame) -> pd.DataFrame:
    keys = ["case_id", "phase_a", "phase_b", "measure", "settings"]
    # The settings of a t test end with its df and p.
    table = table.assign(settings=table["settings"].str.replace(r";df=.*", "", regex=True))
    return table.sort_values(keys).set_index(keys)


def assert_same_tables(left: pd.DataFrame, right: pd.DataFrame) -> None:
    left, right = comparable(left), comparable(right)
    assert left.index.equals(right.index)
    np.testing.assert_allclose(
        left[list(PARTS)].to_numpy(float), right[list(PARTS)].to_numpy(float), rtol=1e-6, atol=1e-8
    )
    assert (left["reason"] == right["reason"]).all()


@examples(30)
@given(labelled_series(), st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(series, random):
    order = list(range(len(series)))
    random.shuffle(order)
    assert_same_tables(
        effect_sizes(series.iloc[order], variants=True), effect_sizes(series, variants=True)
    )


@examples(30)
@given(labelled_series(), st.integers(-1000, 20000))
def test_the_origin_of_time_does_not_matter(series, shift):
    later = series.assign(session=series["session"] + shift)
    assert_same_tables(effect_sizes(later), effect_sizes(series))


@examples(40)
@given(labelled_series())
def test_no_number_is_infinite_and_every_missing_one_has_its_reason(series):
    table = effect_sizes(series, variants=True)
    values = table[list(PARTS)].to_numpy(float)
    assert not np.isinf(values).any()
    assert (table.loc[table["estimate"].isna(), "reason"] != "").all()
    with_limits = table["measure"].isin(
        [
            *("NAP", "Tau", "Tau_BC", "Tau_BC_real_time", "SMD", "LRRd", "LRRi", "LRM"),
            *("mean_diff", "phase_mean", "ols_slope", "Tau_U_A", "Tau_U_BA"),
            *(m for m in MODEL_MEASURES if m not in ("gls_phi", "residual_acf_lag1")),
        ]
    )
    silent = table[with_limits & table["ci_lower"].isna() & (table["reason"] == "")]
    assert silent.empty
    ordered = table.dropna(subset=["ci_lower", "ci_upper"])
    assert (ordered["ci_lower"] <= ordered["estimate"] + 1e-9).all()
    assert (ordered["estimate"] <= ordered["ci_upper"] + 1e-9).all()


@examples(25)
@given(labelled_series())
def test_series_computed_together_equal_series_computed_alone(series):
    names = ["NAP", "Tau_BC", "SMD", "LRM", "mean_diff", "gls_level", "mann_kendall_p"]
    together = effect_sizes(series, measures=names)
    alone = [effect_sizes(one, measures=names) for _, one in series.groupby("case_id")]
    assert_same_tables(pd.concat(alone), together)
