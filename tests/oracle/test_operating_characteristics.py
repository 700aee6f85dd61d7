"""The rule of the verdict does to patients of known truth what its document promises.

The gate simulates few patients and allows for the chance in them, the long run as many as the
document.
"""

from __future__ import annotations

import math

import pytest

from benchmarks.operating_characteristics import aims, all_rates

FEW, MANY = 250, 4_000
STANDARD_ERRORS = 3


@pytest.mark.parametrize("patients", [FEW, pytest.param(MANY, marks=pytest.mark.long)])
def test_false_and_right_verdicts_are_as_frequent_as_they_may_and_must_be(patients):
    missed = []
    for name, reached, direction, limit in aims(all_rates(patients)):
        chance = STANDARD_ERRORS * math.sqrt(limit * (100 - limit) / patients)
        beyond = reached - limit if direction == "at most" else limit - reached
        if beyond > chance:
            missed.append(f"{name}: {reached:.1f} %, {direction} {limit} %")
    assert missed == []
