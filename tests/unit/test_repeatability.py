"""Measurement error from a clinic's own repeat visits: pairing, numbers, proposal, warnings."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from sm_tracker.analysis.error.repeatability import (
    REPEAT_PAIRS,
    explicit_pairs,
    icc_agreement,
    repeat_pairs,
    repeatability,
    repeatability_by_site_and_device,
)
from sm_tracker.domain.settings import ErrorSetting
from sm_tracker.errors import ColumnError, SettingError, TooFewReadings


def pairs_of(first, second, **columns) -> pd.DataFrame:
    frame = pd.DataFrame({"first_mm": first, "second_mm": second})
    patients = [f"P{i}" for i in range(len(first))]
    defaults = {"patient_id": patients, "site": "forearm", "device": "D1"}
    return explicit_pairs(frame.assign(**{**defaults, **columns}))


def visits_of(rows, **columns) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["series_id", "t", "value_mm"])
    return frame.assign(patient_id="P1", site="forearm", **columns)


FOUR = ([2.0, 2.2, 1.8, 2.4], [2.1, 2.1, 1.9, 2.4])
"""Differences +0.1, -0.1, +0.1, 0: mean 0.025, SD sqrt(0.0275 / 3)."""


def test_four_pairs_by_hand():
    result = repeatability(pairs_of(*FOUR))
    sd = np.sqrt(0.0275 / 3)
    assert result.n_pairs == 4
    assert result.bias_mm.value == pytest.approx(0.025)
    assert result.sd_of_differences_mm == pytest.approx(sd)
    assert result.sem_mm.value == pytest.approx(sd / np.sqrt(2))
    assert result.mdc95_mm == pytest.approx(1.96 * sd)
    assert result.lower_limit_mm.value == pytest.approx(0.025 - 1.959964 * sd, abs=1e-6)
    assert result.upper_limit_mm.value == pytest.approx(0.025 + 1.959964 * sd, abs=1e-6)


def test_two_peak_flow_meters_of_bland_and_altman_1986():
    # Printed: mean difference -2.1, its interval -22.0 to 17.8, SD 38.8 litres a minute.
    wright = [494, 395, 516, 434, 476, 557, 413, 442, 650, 433, 417, 656, 267, 478, 178, 423, 427]
    mini = [512, 430, 520, 428, 500, 600, 364, 380, 658, 445, 432, 626, 260, 477, 259, 350, 451]
    result = repeatability(pairs_of(mini, wright))
    bias = result.bias_mm
    assert (bias.value, bias.low, bias.high) == pytest.approx((-2.1, -22.0, 17.8), abs=0.05)
    assert result.sd_of_differences_mm == pytest.approx(38.8, abs=0.05)


def test_icc_of_the_six_targets_of_shrout_and_fleiss_1979():
    # Printed for their four judges: ICC(2,1) = .29; McGraw and Wong's interval .019 to .761.
    ratings = [[9, 2, 5, 8], [6, 1, 3, 2], [8, 4, 6, 8], [7, 1, 2, 6], [10, 5, 6, 9], [6, 2, 4, 7]]
    icc = icc_agreement(ratings)
    assert (icc.value, icc.low, icc.high) == pytest.approx((0.290, 0.019, 0.761), abs=5e-4)


def test_pairs_that_agree_exactly_have_no_error_to_propose():
    result = repeatability(pairs_of([2.0, 2.1, 2.2], [2.0, 2.1, 2.2]))
    assert result.sem_mm.value == 0
    assert result.icc.value == 1
    with pytest.raises(SettingError, match="agree exactly"):
        result.proposal(2026)


def test_without_any_variation_there_is_no_icc():
    assert np.isnan(repeatability(pairs_of([2.0] * 3, [2.0] * 3)).icc.value)


def test_the_proposal_carries_its_source():
    setting = repeatability(pairs_of(*FOUR)).proposal(2026)
    assert setting == ErrorSetting(
        sem_mm=0.0677,
        sem_fraction=0.0,
        source="own paired visits, 4 pairs (fewer than 20), 2026",
        site="forearm",
        device="D1",
    )


def growing_pairs(n: int = 24) -> pd.DataFrame:
    truth = np.linspace(0.8, 3.2, n)
    swing = truth * 0.1 * np.where(np.arange(n) % 2, 1, -1)
    return pairs_of(truth - swing / 2, truth + swing / 2)


def test_an_error_that_grows_with_the_value_is_proposed_as_a_fraction():
    result = repeatability(growing_pairs())
    assert result.grows_with_value
    # Each difference is 10 % of its mean: a fraction of 0.1 / sqrt(2) of the value.
    setting = result.proposal(2026)
    assert setting.sem_fraction == pytest.approx(0.0707, abs=1e-4)
    assert setting.sem_mm == pytest.approx(0.0707 * 0.8, abs=1e-4)
    assert setting.source == "own paired visits, 24 pairs, 2026"


def test_what_makes_the_pairs_doubtful_is_said():
    few = repeatability(pairs_of(*FOUR, patient_id=["P1", "P1", "P2", "P3"]))
    assert any(str(w).startswith("4 pairs: fewer than 20") for w in few.warnings)
    assert any("4 pairs of 3 patients" in str(w) for w in few.warnings)
    shifted = repeatability(pairs_of([2.0, 2.1, 2.2, 2.3], [2.3, 2.4, 2.51, 2.6]))
    assert any("second visits read +0.30 mm" in str(w) for w in shifted.warnings)
    swapped = repeatability(pairs_of(*FOUR, examiner_changed=[True, False, False, False]))
    assert any("another examiner" in str(w) for w in swapped.warnings)
    calm = repeatability(pairs_of(np.linspace(1, 3, 20), np.linspace(1, 3, 20) + [0.1, -0.1] * 10))
    assert calm.warnings == ()


@pytest.mark.parametrize("n", [0, 1, 2])
def test_fewer_than_three_pairs_judge_nothing(n):
    with pytest.raises(TooFewReadings, match=f"{n} repeat pair"):
        repeatability(pairs_of([2.0] * n, [2.1] * n))


def test_sites_and_devices_are_judged_apart():
    forearm, calf = pairs_of(*FOUR), pairs_of(*FOUR, site="calf", device="D2")
    lone = pairs_of([2.0], [2.1], site="chest")
    every = pd.concat([forearm, calf, lone], ignore_index=True)
    found = [(r.site, r.device, r.n_pairs) for r in repeatability_by_site_and_device(every)]
    assert found == [("calf", "D2", 4), ("forearm", "D1", 4)]
    together = repeatability(every)
    assert (together.site, together.device) == ("", "")


def test_neighbouring_visits_within_the_days_are_a_pair():
    rows = [(0, 0, 2.0), (0, 7, 2.1), (0, 60, 1.9), (0, 90, 1.8), (1, 91, 1.0), (1, 105, 1.1)]
    pairs = repeat_pairs(visits_of(rows), within_days=14)
    assert pairs[["first_t", "second_t"]].to_numpy().tolist() == [[0, 7], [91, 105]]
    assert list(pairs.columns) == list(REPEAT_PAIRS.columns)


def test_a_visit_belongs_to_one_pair_only():
    rows = [(0, day, 2.0) for day in (0, 5, 10, 15, 20, 100, 105)]
    pairs = repeat_pairs(visits_of(rows), within_days=6)
    assert pairs[["first_t", "second_t"]].to_numpy().tolist() == [[0, 5], [10, 15], [100, 105]]


def test_a_visit_without_a_value_is_no_repeat():
    rows = [(0, 0, 2.0), (0, 5, np.nan), (0, 40, 2.0)]
    visits = visits_of(rows, state=["ok", "beyond_depth", "ok"])
    assert repeat_pairs(visits, within_days=14).empty


def test_rows_of_visits_may_come_in_any_order():
    rows = [(0, 7, 2.1), (1, 3, 1.0), (0, 0, 2.0)]
    assert repeat_pairs(visits_of(rows))[["first_mm", "second_mm"]].to_numpy().tolist() == [
        [2.0, 2.1]
    ]


def test_a_change_of_examiner_between_the_visits_is_kept_with_the_pair():
    visits = visits_of([(0, 0, 2.0), (0, 7, 2.1)], break_before=["", "examiner"])
    assert repeat_pairs(visits)["examiner_changed"].tolist() == [True]


def test_no_visits_make_no_pairs():
    assert repeat_pairs(visits_of([])).empty


@pytest.mark.parametrize("days", [0, -1, float("nan"), float("inf")])
def test_the_longest_gap_is_a_number_of_days(days):
    with pytest.raises(SettingError, match="within_days"):
        repeat_pairs(visits_of([(0, 0, 2.0)]), within_days=days)


def test_a_table_of_pairs_is_checked_with_its_rows():
    with pytest.raises(ColumnError, match="lacks second_mm"):
        explicit_pairs(pd.DataFrame({"patient_id": ["P1"], "site": ["calf"], "first_mm": [2.0]}))
    with pytest.raises(ColumnError) as refusal:
        pairs_of([2.0, 0.0, 2.1], [2.0, 2.0, -1.0])
    assert refusal.value.where == "repeat pairs, row 3, 4"


def test_a_pair_with_a_blank_value_is_left_out():
    assert repeatability(pairs_of([*FOUR[0], 2.0], [*FOUR[1], np.nan])).n_pairs == 4
