"""Thickness against a second outcome over a group of patients."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from sm_tracker.analysis.cohort.cohort_concordance import concordance, outcome_changes, spearman
from sm_tracker.domain.tables import OUTCOMES, completed_table


def group(checks, changes):
    """Patients as `one_per_patient` gives them; the course starts on day 0."""
    n = len(checks)
    return pd.DataFrame({
        "patient_id": [f"P{k}" for k in range(n)], "starts_day": 0.0, "baseline_day": -5.0,
        "last_day": 90.0, "change_mm": changes, "error_check": checks,
        "computable": [check != "not_computable" for check in checks],
    })  # fmt: skip


def readings(*rows, outcome="mouth opening", better="higher"):
    frame = pd.DataFrame(rows, columns=["patient_id", "day", "value"])
    return completed_table(frame.assign(outcome=outcome, better=better, unit="mm"), OUTCOMES)


def both(patient, before, last):
    return (patient, -5, before), (patient, 90, last)


def test_patients_are_counted_by_direction_of_thickness_and_of_the_outcome():
    one = group(["thinner", "thinner", "within_error", "thicker"], [-0.9, -0.7, -0.1, 0.6])
    outcomes = readings(
        *both("P0", 30, 41), *both("P1", 30, 30), *both("P2", 30, 32), *both("P3", 30, 26)
    )
    found = concordance(one, outcomes, "mouth opening")
    assert found.table.loc["better"].tolist() == [1, 1, 0]
    assert found.table.loc["same"].tolist() == [1, 0, 0]
    assert found.table.loc["worse"].tolist() == [0, 0, 1]
    assert (found.n_pairs, found.n_agree, found.unit) == (4, 2, "mm")
    assert found.correlation.rho == pytest.approx(0.8)


def test_a_score_where_lower_is_better_is_turned():
    one = group(["thinner", "within_error", "thicker"], [-0.9, -0.1, 0.6])
    falling = readings(
        *both("P0", 30, 10), *both("P1", 30, 28), *both("P2", 30, 35), outcome="mRSS",
        better="lower",
    )  # fmt: skip
    found = concordance(one, falling, "mRSS")
    assert found.correlation.rho == pytest.approx(1.0)
    assert math.isnan(found.correlation.low)
    assert found.n_agree == 2


def test_a_change_of_the_outcome_below_the_smallest_that_counts_is_none():
    one = group(["thinner"], [-0.9])
    found = concordance(one, readings(*both("P0", 30, 32)), "mouth opening", least_change=2)
    assert found.table.loc["better"].tolist() == [0, 1, 0]


def test_patients_without_both_values_are_counted_but_not_paired():
    one = group(["thinner", "not_computable", "thinner"], [-0.9, np.nan, -0.5])
    outcomes = readings(*both("P0", 30, 41), *both("P1", 30, 41), ("P2", -5, 30))
    found = concordance(one, outcomes, "mouth opening")
    assert (found.n_patients, found.n_pairs) == (3, 1)
    assert math.isnan(found.correlation.rho)


def test_the_outcome_next_to_each_reading_counts_and_never_one_across_the_start():
    one = group(["thinner"], [-0.9])
    outcomes = readings(("P0", -20, 30), ("P0", -8, 31), ("P0", 2, 50), ("P0", 70, 40),
                        ("P0", 88, 41))  # fmt: skip
    rows = outcome_changes(one, outcomes, "mouth opening")
    assert rows["outcome_before"].tolist() == [31]
    assert rows["outcome_last"].tolist() == [41]
    far = outcome_changes(one, readings(("P0", -50, 30), ("P0", 90, 40)), "mouth opening")
    assert far["outcome_change"].isna().all()


def test_three_pairs_have_no_interval_and_ten_have_one_around_rho():
    assert math.isnan(spearman([1, 2, 3], [1, 3, 2]).low)
    ten = spearman(range(10), [0, 2, 1, 3, 5, 4, 6, 8, 9, 7])
    assert -1 < ten.low < ten.rho < ten.high < 1
    # tanh(artanh(rho) -/+ 1.96 sqrt((1 + rho^2/2)/7))
    half = 1.959964 * math.sqrt((1 + ten.rho**2 / 2) / 7)
    assert ten.low == pytest.approx(math.tanh(math.atanh(ten.rho) - half), abs=1e-6)


def test_where_thicker_skin_is_better_directions_and_correlation_are_turned():
    one = group(["thinner", "within_error", "thicker"], [-0.9, -0.1, 0.6])
    outcomes = readings(*both("P0", 30, 20), *both("P1", 30, 30), *both("P2", 30, 41))
    found = concordance(one, outcomes, "mouth opening", improvement="increase")
    assert found.table.loc["better"].tolist() == [1, 0, 0]
    assert found.table.loc["worse"].tolist() == [0, 0, 1]
    assert found.correlation.rho == pytest.approx(1.0)
    plain = concordance(one, outcomes, "mouth opening")
    assert plain.correlation.rho == pytest.approx(-1.0)
