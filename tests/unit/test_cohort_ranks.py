"""Shifts with exact intervals and exact p values, against counting every possibility."""

from __future__ import annotations

import itertools
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sm_tracker.analysis.cohort import cohort_ranks
from sm_tracker.analysis.cohort.cohort_ranks import holm, paired_shift, two_group_shift
from tests.sampling import examples

hundredths = st.integers(-120, 60).map(lambda h: h / 100)


def ranked(values):
    """Midranks by the definition: mean place among the sorted values."""
    places = sorted(values)
    return [(2 * places.index(v) + places.count(v) + 1) / 2 for v in values]


def signed_rank_p(changes):
    """The p value by every assignment of signs, ties and zeros as they are."""
    differing = [round(c, 9) for c in changes if round(c, 9)]
    ranks = ranked([abs(c) for c in differing])
    seen = sum(r for r, c in zip(ranks, differing, strict=True) if c > 0)
    sums = [
        sum(r for r, up in zip(ranks, ups, strict=True) if up)
        for ups in itertools.product((False, True), repeat=len(ranks))
    ]
    below = sum(s <= seen + 1e-9 for s in sums) / len(sums)
    above = sum(s >= seen - 1e-9 for s in sums) / len(sums)
    return min(1.0, 2 * min(below, above))


def rank_sum_p(first, second):
    """The p value by every way of choosing the second group."""
    ranks = ranked([round(v, 9) for v in (*first, *second)])
    seen = sum(ranks[len(first) :])
    sums = [sum(c) for c in itertools.combinations(ranks, len(second))]
    below = sum(s <= seen + 1e-9 for s in sums) / len(sums)
    above = sum(s >= seen - 1e-9 for s in sums) / len(sums)
    return min(1.0, 2 * min(below, above))


def test_the_estimate_is_the_median_of_all_means_of_two_patients():
    shift = paired_shift([-0.2, -0.4, -0.9])
    # Means: -0.9 -0.65 -0.55 -0.4 -0.3 -0.2
    assert shift.estimate == pytest.approx(-0.475)
    assert shift.n == (3,)


def test_five_patients_cannot_reach_95_per_cent_and_six_can():
    five = paired_shift([-0.1, -0.2, -0.3, -0.4, -0.5])
    assert math.isnan(five.low)
    assert math.isnan(five.coverage)
    assert five.p_value == pytest.approx(2 / 32)
    six = paired_shift([-0.1, -0.2, -0.3, -0.4, -0.5, -0.6])
    assert (six.low, six.high) == pytest.approx((-0.6, -0.1))
    assert six.coverage == pytest.approx(1 - 2 / 64)
    assert six.p_value == pytest.approx(2 / 64)


def test_three_against_four_patients_cannot_reach_95_per_cent_and_four_against_four_can():
    short = two_group_shift([1, 2, 3], [4, 5, 6, 7])
    assert math.isnan(short.low)
    assert short.p_value == pytest.approx(2 / 35)
    full = two_group_shift([1, 2, 3, 4], [5.5, 6.5, 7.5, 8.5])
    assert (full.low, full.high) == pytest.approx((1.5, 7.5))
    assert full.coverage == pytest.approx(1 - 2 / 70)


def test_a_group_without_patients_gives_no_number():
    for nothing in (paired_shift([]), two_group_shift([1.0], [])):
        assert math.isnan(nothing.estimate)
        assert math.isnan(nothing.p_value)


def test_patients_without_any_change_give_no_p_value_and_are_counted():
    same = paired_shift([0.0, 0.0, 0.0])
    assert same.estimate == 0
    assert same.n_zero == 3
    assert math.isnan(same.p_value)
    assert math.isnan(two_group_shift([1.0, 1.0], [1.0]).p_value)


def test_noise_below_a_billionth_neither_breaks_nor_makes_a_tie():
    tied = paired_shift([-0.3, -0.1 - 0.2, 0.3, -0.7])
    assert tied.n_tied == 3
    assert paired_shift([1e-13, -0.4, -0.5]).n_zero == 1


@examples(60)
@given(st.lists(hundredths, min_size=1, max_size=9))
def test_the_paired_p_value_is_that_of_every_assignment_of_signs(changes):
    shift = paired_shift(changes)
    if all(round(c, 9) == 0 for c in changes):
        assert math.isnan(shift.p_value)
    else:
        assert shift.p_value == pytest.approx(signed_rank_p(changes))


@examples(40)
@given(
    st.lists(hundredths, min_size=1, max_size=5),
    st.lists(hundredths, min_size=1, max_size=5),
)
def test_the_p_value_of_two_groups_is_that_of_every_division_into_two(first, second):
    shift = two_group_shift(first, second)
    if len({round(v, 9) for v in (*first, *second)}) == 1:
        assert math.isnan(shift.p_value)
    else:
        assert shift.p_value == pytest.approx(rank_sum_p(first, second))


@examples(40)
@given(st.lists(hundredths, min_size=6, max_size=20), hundredths)
def test_shifting_all_changes_shifts_estimate_and_limits(changes, by):
    before, after = paired_shift(changes), paired_shift(np.asarray(changes) + by)
    for name in ("estimate", "low", "high"):
        assert getattr(after, name) == pytest.approx(getattr(before, name) + by, abs=1e-8)


@examples(40)
@given(
    st.lists(hundredths, min_size=4, max_size=12),
    st.lists(hundredths, min_size=4, max_size=12),
)
def test_exchanging_the_groups_turns_the_shift_round(first, second):
    there, back = two_group_shift(first, second), two_group_shift(second, first)
    assert there.estimate == pytest.approx(-back.estimate, abs=1e-9)
    assert (there.low, there.high) == pytest.approx((-back.high, -back.low), abs=1e-9)
    assert there.low <= there.estimate <= there.high
    if not math.isnan(there.p_value):
        assert there.p_value == pytest.approx(back.p_value)


def test_many_patients_are_searched_for_the_same_values_that_sorting_gives(monkeypatch):
    chance = np.random.default_rng(8)
    first, second = chance.normal(-0.4, 0.3, 300).round(2), chance.normal(-0.2, 0.3, 240).round(2)
    sorted_paired, sorted_two = paired_shift(first), two_group_shift(first, second)
    monkeypatch.setattr(cohort_ranks, "SORTED_PAIRS", 10)
    for one, other in (
        (paired_shift(first), sorted_paired),
        (two_group_shift(first, second), sorted_two),
    ):
        for name in ("estimate", "low", "high"):
            assert getattr(one, name) == pytest.approx(getattr(other, name), abs=1e-9)


def test_the_normal_distribution_takes_over_close_to_the_exact_one(monkeypatch):
    chance = np.random.default_rng(3)
    changes, others = chance.normal(-0.05, 0.3, 90), chance.normal(0.05, 0.3, 45)
    exact = paired_shift(changes), two_group_shift(changes[:45], others)
    monkeypatch.setattr(cohort_ranks, "EXACT_PAIRED", 10)
    monkeypatch.setattr(cohort_ranks, "EXACT_TWO_GROUPS", 10)
    normal = paired_shift(changes), two_group_shift(changes[:45], others)
    for one, other in zip(exact, normal, strict=True):
        assert one.exact
        assert not other.exact
        assert other.p_value == pytest.approx(one.p_value, abs=0.005)
        assert other.low == pytest.approx(one.low, abs=0.02)
        assert other.high == pytest.approx(one.high, abs=0.02)


def test_holm_multiplies_the_smallest_by_the_number_of_tests_and_never_turns_the_order():
    assert holm([0.02, 0.01, 0.5]) == pytest.approx((0.04, 0.03, 0.5))
    assert holm([0.9, 0.8]) == (1.0, 1.0)


def test_holm_leaves_out_what_could_not_be_tested():
    adjusted = holm([0.02, math.nan, 0.03])
    assert adjusted[0] == pytest.approx(0.04)
    assert math.isnan(adjusted[1])
    assert adjusted[2] == pytest.approx(0.04)
