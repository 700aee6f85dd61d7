"""Measures of two phases against published examples, hand counts and short phases."""

from __future__ import annotations

import numpy as np
import pytest

from sm_tracker.analysis.measures.overlap import (
    ird,
    nap,
    pand,
    pem,
    pnd,
    tau,
    tau_bc,
    tau_u,
    tau_u_family,
)
from sm_tracker.analysis.measures.phase_pairs import PhasePair
from sm_tracker.analysis.measures.size import (
    hodges_lehmann,
    log_ratio_of_medians,
    log_response_ratio,
    mean_diff,
    median_diff,
    pct_change_of_means,
    response_ratio_in_per_cent,
    smd,
    smd_cohen,
)
from sm_tracker.analysis.measures.trend import (
    Phase,
    acf_lag1,
    mann_kendall_p,
    mann_kendall_s,
    mann_kendall_tau,
    ols_slope,
    phase_mean,
    phase_sd,
    theil_sen_slope,
)
from sm_tracker.errors import SettingError

THINNING = ([2.5, 2.4, 2.6, 2.4], [2.4, 2.2, 2.1, 2.3, 2.4])
"""Skin thickness in mm before and under a regimen."""


def pair(reference, under, improvement="decrease", **times) -> PhasePair:
    return PhasePair(np.array(reference, float), np.array(under, float), improvement, **times)


def phase(values, times=None) -> Phase:
    y = np.array(values, float)
    return Phase(y, np.arange(1.0, y.size + 1) if times is None else np.array(times, float))


@pytest.mark.parametrize(
    ("measure", "value"),
    [
        (nap, 0.90),
        (tau, 0.80),
        (pnd, 0.60),
        (pem, 1.00),
        (pand, 7 / 9),
        (ird, 0.55),
        (median_diff, -0.15),
        (hodges_lehmann, -0.20),
        (pct_change_of_means, 100 * (2.28 - 2.475) / 2.475),
    ],
)
def test_nine_readings_counted_by_hand(measure, value):
    assert measure(pair(*THINNING)).estimate == pytest.approx(value, abs=1e-12)


def test_nap_of_the_example_of_parker_and_vannest_2009():
    a = [4, 3, 4, 3, 4, 7, 5, 2, 3, 2]
    b = [5, 9, 7, 9, 7, 5, 9, 11, 11, 10, 9]
    assert nap(pair(a, b, "increase")).estimate == pytest.approx(0.96, abs=0.005)


@pytest.mark.parametrize(("m", "n", "lower"), [(2, 2, 0.386), (1, 4, 0.345), (1, 1, 0.207)])
def test_complete_separation_keeps_an_honest_lower_limit(m, n, lower):
    result = nap(pair([3.0 + i / 10 for i in range(m)], [2.0 - i / 10 for i in range(n)]))
    assert result.estimate == 1
    assert result.ci_lower == pytest.approx(lower, abs=5e-4)
    assert result.ci_upper == 1


def test_null_and_hanley_standard_errors_exist_where_the_unbiased_one_does_not():
    one = pair([2.5], [2.1, 2.2, 2.3])
    assert np.isnan(nap(one).se)
    assert nap(one).reason == "no standard error: a phase has one reading"
    assert nap(one, se="null").se == pytest.approx(np.sqrt(5 / 36))
    assert nap(one, se="Hanley").se > 0


def test_tau_u_of_bob_counted_by_hand():
    # A against B: 17 pairs better, 1 worse, 2 tied; trend of A: 4 up, 1 down, 1 tied.
    bob = pair([2, 3, 5, 3], [4, 5, 5, 7, 6], "increase")
    assert tau(bob).estimate == pytest.approx(16 / 20)
    assert tau_u(bob).estimate == pytest.approx((16 - 3) / 20)
    by_parker = tau_u_family(bob, row="Tau_U_A", method="parker")
    by_all_pairs = tau_u_family(bob, row="Tau_U_A", method="tarlow")
    assert by_parker.estimate == pytest.approx(13 / 20)
    assert by_all_pairs.estimate == pytest.approx(13 / 26)


@pytest.mark.parametrize("unit", [1, 10, 1000, 0.001])
def test_a_straight_fall_that_goes_on_has_no_corrected_tau_in_any_unit(unit):
    a, b = np.array([2.5, 2.4, 2.3]) * unit, np.array([2.2, 2.1, 2.0]) * unit
    assert tau_bc(pair(a, b)).estimate == 0
    assert tau(pair(a, b)).estimate == 1


def test_corrected_tau_over_real_time_sees_a_gap_that_the_order_hides():
    # The reference falls 0.1 mm a month. By order the line goes on 2.2, 2.1, 2.0; in real
    # time, three months later, it would stand at 2.0, 1.9, 1.8.
    times = {"t_reference": np.array([0.0, 1, 2]), "t_under": np.array([5.0, 6, 7])}
    skin = pair([2.5, 2.4, 2.3], [2.1, 2.05, 2.0], **times)
    assert tau_bc(skin, time="order").estimate == pytest.approx(2 / 3)
    assert tau_bc(skin, time="session").estimate == -1


def test_trend_is_left_alone_where_the_pretest_cannot_show_one():
    falling = pair([2.5, 2.4, 2.3], [2.2, 2.1, 2.0])
    assert tau_bc(falling, pretest=0.05).estimate == tau(falling).estimate
    longer = pair([2.5, 2.45, 2.4, 2.35, 2.3, 2.25], [2.2, 2.15, 2.1])
    assert tau_bc(longer, pretest=0.05).estimate == 0


def test_welch_interval_of_a_textbook_pair():
    # Student's sleep data; R 4.2.2: t.test(extra ~ group) gives -3.3654832, 0.2054832.
    one = [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0]
    two = [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4]
    result = mean_diff(pair(one, two))
    assert result.estimate == pytest.approx(1.58)
    assert (result.ci_lower, result.ci_upper) == pytest.approx((-0.2054832, 3.3654832), abs=1e-7)
    assert result.df == pytest.approx(17.77647, abs=1e-5)


def test_ratio_of_medians_of_the_example_of_bonett_and_price_2020():
    # statpsych 1.6.0, ci.ratio.median2: 1.162162, 0.927667 to 1.455933.
    reference = [32, 39, 26, 35, 43, 27, 40, 37, 34, 29, 49, 42, 40]
    other = [36, 44, 47, 42, 49, 39, 46, 31, 33, 48]
    result = log_ratio_of_medians(pair(reference, other, "increase"))
    assert np.exp(result.estimate) == pytest.approx(1.162162, abs=1e-6)
    assert np.exp(result.ci_lower) == pytest.approx(0.927667, abs=1e-6)
    assert np.exp(result.ci_upper) == pytest.approx(1.455933, abs=1e-6)


def test_log_response_ratio_by_hand():
    # Means 2 and 1, variances 0.02 each, two readings each: 0.02/(2*4) and 0.02/(2*1).
    skin = pair([1.9, 2.1], [0.9, 1.1])
    plain = log_response_ratio(skin, bias_correct=False)
    corrected = log_response_ratio(skin)
    assert plain.estimate == pytest.approx(np.log(0.5))
    assert plain.se == pytest.approx(np.sqrt(0.0025 + 0.01))
    assert corrected.estimate == pytest.approx(np.log(0.5) + (0.01 - 0.0025) / 2)
    assert log_response_ratio(skin, toward="increase").estimate == -corrected.estimate
    change = response_ratio_in_per_cent(plain)
    assert change.estimate == pytest.approx(-50)
    assert change.ci_lower == pytest.approx(100 * (np.exp(plain.ci_lower) - 1))


def test_standardised_difference_by_hand():
    # Reference SD 0.1 (mean 2.5), change -0.3: 3 SD better; factor 1 - 3/7 with two df.
    skin = pair([2.4, 2.5, 2.6], [2.1, 2.2, 2.3])
    assert smd(skin, bias_correct=False).estimate == pytest.approx(3.0)
    assert smd(skin).estimate == pytest.approx(3.0 * 4 / 7)
    assert smd(skin, std_dev="pool").estimate == pytest.approx(3.0 * 0.8)
    assert smd_cohen(skin).estimate == pytest.approx(-3.0)


def test_standardised_difference_with_two_reference_readings_is_refused():
    # The factor 1 - 3/(4 - 1) is zero: R prints 0 with a standard error of 0.
    result = smd(pair([2.5, 2.4], [1.0, 1.1, 1.2]))
    assert np.isnan(result.estimate)
    assert result.reason == "the small-sample factor is zero at one degree of freedom"
    assert smd(pair([2.5, 2.4], [1.0, 1.1, 1.2]), bias_correct=False).estimate > 0


SHORT = [
    # measure, reference, under, reason
    (nap, [], [2.0], "the reference phase has no reading"),
    (nap, [2.0], [], "the compared phase has no reading"),
    (tau_bc, [2.0], [1.9, 1.8], "a trend needs two reference readings"),
    (smd, [2.0], [1.9, 1.8], "one reference reading has no spread"),
    (smd, [2.0, 2.0, 2.0], [1.9, 1.8], "the reference does not vary"),
    (smd_cohen, [2.0], [1.9, 1.8], "a phase has one reading"),
    (log_response_ratio, [0.0, 0.0], [1.0, 1.2], "a phase mean is not above zero"),
    (log_response_ratio, [-2.0, 1.0], [1.0, 1.2], "a phase mean is not above zero"),
    (log_ratio_of_medians, [0.0, 0.0, 1.0], [1.0], "a phase median is not above zero"),
    (pct_change_of_means, [0.0], [1.0], "the reference mean is not above zero"),
]


@pytest.mark.parametrize(("measure", "reference", "under", "reason"), SHORT)
def test_what_cannot_be_computed_says_why(measure, reference, under, reason):
    result = measure(pair(reference, under))
    assert np.isnan(result.estimate)
    assert result.reason == reason


UNCERTAIN = [
    (mean_diff, [2.0], [1.9, 1.8], "no interval: a phase has one reading"),
    (mean_diff, [2.0, 2.0], [1.9, 1.9], "no interval: neither phase varies"),
    (smd, [2.0, 2.1, 2.2], [1.9], "no standard error: a phase has one reading"),
    (log_response_ratio, [2.0, 2.0], [1.9, 1.9], "no interval: neither phase varies"),
    (log_ratio_of_medians, [2.0], [1.9, 1.8], "no standard error: a phase has one reading"),
    (
        log_ratio_of_medians,
        [0.0, 1.0, 2.0],
        [1.0, 2.0, 3.0],
        "no standard error: a low reading is not above zero",
    ),
]


@pytest.mark.parametrize(("measure", "reference", "under", "reason"), UNCERTAIN)
def test_an_estimate_without_interval_says_why(measure, reference, under, reason):
    result = measure(pair(reference, under))
    assert np.isfinite(result.estimate)
    assert np.isnan(result.ci_lower)
    assert result.reason == reason


@pytest.mark.parametrize("measure", [nap, tau, tau_u, pnd, pem, pand, ird, hodges_lehmann])
def test_one_reading_a_phase_is_enough_for_the_overlap_measures(measure):
    assert np.isfinite(measure(pair([2.5], [2.1])).estimate)


def test_with_one_reference_reading_nap_pnd_and_pem_are_the_same():
    skin = pair([2.35], [2.1, 2.5, 2.2, 2.3])
    assert nap(skin).estimate == pnd(skin).estimate == pem(skin).estimate == 0.75


def test_missing_readings_are_no_input_of_a_measure():
    with pytest.raises(ValueError, match="missing"):
        pair([2.5, np.nan], [2.1])


def test_an_unknown_direction_is_refused():
    with pytest.raises(SettingError, match="increase or decrease"):
        pair([2.5], [2.1], "thinner")


def test_many_series_at_once_equal_each_alone():
    rng = np.random.default_rng(7)
    a, b = rng.normal(2.5, 0.2, (20, 5)).round(2), rng.normal(2.3, 0.2, (20, 4)).round(2)
    for measure in (nap, tau_u, tau_bc, pand, smd, mean_diff, log_ratio_of_medians):
        many = measure(PhasePair(a, b))
        alone = [measure(PhasePair(a[i], b[i])) for i in range(20)]
        for part in ("estimate", "se", "ci_lower", "ci_upper"):
            expected = [float(getattr(one, part)) for one in alone]
            np.testing.assert_allclose(getattr(many, part), expected, rtol=1e-12)


def test_theil_sen_slope_ignores_an_outlier_and_pairs_of_one_time():
    assert theil_sen_slope(phase([2.5, 2.4, 9.0, 2.2, 2.1])).estimate == pytest.approx(-0.1)
    tied = phase([2.5, 2.4, 2.3, 2.2], [0, 1, 1, 2])
    # Slopes between different times: -0.1, -0.2, -0.15, -0.2, -0.1.
    assert theil_sen_slope(tied).estimate == pytest.approx(-0.15)
    assert theil_sen_slope(phase([2.5, 2.4], [3, 3])).reason == "all readings share one time"


def test_least_squares_slope_of_a_textbook_line():
    # R 4.2.2: confint(lm(c(1,3,2,5,4) ~ seq_len(5))) gives -0.3024317 to 1.9024317.
    result = ols_slope(phase([1, 3, 2, 5, 4]))
    assert result.estimate == pytest.approx(0.8)
    assert (result.ci_lower, result.ci_upper) == pytest.approx((-0.3024317, 1.9024317), abs=1e-7)
    straight = ols_slope(phase([2.5, 2.4, 2.3, 2.2]))
    assert straight.estimate == pytest.approx(-0.1)
    assert np.isnan(straight.ci_lower)
    assert straight.reason == "no interval: the readings lie on a line"


def test_mann_kendall_by_hand():
    # 2.5 2.4 2.4 2.1 2.2: one tie; falls 8, rises 1.
    falling = phase([2.5, 2.4, 2.4, 2.1, 2.2])
    assert mann_kendall_s(falling).estimate == -7
    # 5*4*15/18 less 2*1*9/18 for the tie.
    assert mann_kendall_s(falling).se == pytest.approx(np.sqrt(300 / 18 - 1))
    assert mann_kendall_tau(falling).estimate == pytest.approx(-7 / np.sqrt(10 * 9))
    assert mann_kendall_p(falling).estimate == pytest.approx(0.1296, abs=1e-4)
    assert mann_kendall_p(phase([3, 2, 1])).reason == "a p-value needs four readings"


def test_a_phase_without_variation_has_no_tau_no_autocorrelation_and_no_interval():
    flat = phase([2.1, 2.1, 2.1, 2.1])
    assert phase_sd(flat).estimate == 0
    for measure in (mann_kendall_tau, acf_lag1):
        assert measure(flat).reason == "the phase does not vary"
    assert phase_mean(flat).estimate == pytest.approx(2.1)
    assert np.isnan(phase_mean(flat).ci_lower)


def test_readings_of_one_day_have_no_order_for_an_autocorrelation():
    assert acf_lag1(phase([1, 2, 3], [0, 0, 1])).reason == (
        "readings that share one time have no order"
    )
