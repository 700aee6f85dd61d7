"""Measurement error of paired visits agrees with base R on four synthetic sets."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from sm_tracker.analysis.error.repeatability import Repeatability, explicit_pairs, repeatability

FOLDER = Path(__file__).parent / "repeatability"
RANGES = ("bias_mm", "lower_limit_mm", "upper_limit_mm", "sem_mm", "icc", "growth")


@pytest.fixture(scope="module")
def results() -> dict[str, Repeatability]:
    pairs = pd.read_csv(FOLDER / "pairs.csv").assign(site="forearm", device="D1")
    return {name: repeatability(explicit_pairs(own)) for name, own in pairs.groupby("set")}


@pytest.fixture(scope="module")
def expected() -> pd.DataFrame:
    return pd.read_csv(FOLDER / "expected.csv")


def test_every_quantity_and_its_interval_agree_with_r(results, expected):
    compared = 0
    for row in expected.itertuples():
        own = getattr(results[row.set], row.quantity)
        numbers = [own.value, own.low, own.high] if row.quantity in RANGES else [own]
        r = [row.value, row.low, row.high][: len(numbers)]
        np.testing.assert_allclose(numbers, r, rtol=1e-9, atol=1e-12, err_msg=str(row))
        compared += len(numbers)
    print(f"repeatability: {compared} numbers of R compared")
    assert compared == 4 * (6 * 3 + 2)


def test_growth_and_shift_are_noticed_only_where_they_were_drawn(results):
    assert {name for name, r in results.items() if r.grows_with_value} == {"growing"}
    shifted = {n for n, r in results.items() if r.bias_mm.low > 0 or r.bias_mm.high < 0}
    assert shifted == {"shifted"}
