"""Answer B under other assumptions."""

import numpy as np
import pytest

from sm_tracker.analysis.change.sensitivity import sensitivity_table
from sm_tracker.domain.settings import Settings
from sm_tracker.domain.timeline import visit_values

BEFORE = [2.5, 2.4, 2.5, 2.6, 2.5, 2.4]
UNDER = [2.1, 2.0, 1.9, 2.0, 1.8, 2.9]


@pytest.fixture
def variants(readings, therapies):
    def build(before, under, **settings):
        days = [30 * (i - len(before) + 1) for i in range(len(before) + len(under))]
        lines = [f"{d} | {v}" for d, v in zip(days, [*before, *under], strict=True)]
        measured = readings("\n".join(["day | thickness_mm", *lines]))
        table = sensitivity_table(
            visit_values(measured),
            therapies("therapy | start_day | end_day \n IVIG | 0 |"),
            Settings(**settings),
        )
        return table.set_index("variant")

    return build


def width(row):
    return row["ci_high_mm"] - row["ci_low_mm"]


def test_an_assumed_autocorrelation_widens_the_interval_by_its_factor(variants):
    table = variants(BEFORE, UNDER)
    plain = width(table.loc["as in the table"])
    assert width(table.loc["autocorrelation 0.3"]) == pytest.approx(plain * (1.3 / 0.7) ** 0.5)
    assert width(table.loc["autocorrelation 0.6"]) == pytest.approx(plain * 2)


def test_the_most_extreme_reading_is_left_out_once(variants):
    row = variants(BEFORE, UNDER).loc["without the most extreme reading"]
    assert (row["n_reference"], row["n_under"]) == (6, 5)
    assert row["mean_change_mm"] == pytest.approx(np.mean(UNDER[:-1]) - np.mean(BEFORE))


def test_the_first_thirty_days_are_left_out_where_no_run_in_is_set(variants):
    table = variants(BEFORE, UNDER)
    assert table.loc["run-in readings counted", "n_under"] == 6
    assert table.loc["run-in readings left out", "n_under"] == 6
    table = variants(BEFORE, UNDER, lag_days=60)
    assert table.loc["as in the table", "n_under"] == 5
    assert table.loc["run-in readings counted", "n_under"] == 6


def test_the_model_with_autocorrelated_errors_needs_twelve_readings(variants):
    name = "continuous-time AR(1) errors"
    enough = variants(BEFORE, UNDER).loc[name]
    assert enough["ci_low_mm"] < enough["mean_change_mm"] < enough["ci_high_mm"]
    few = variants(BEFORE[1:], UNDER).loc[name]
    assert np.isnan(few["mean_change_mm"])
    assert few["reason"] == "needs 12 readings with 5 on each side"


def test_a_patient_without_readings_has_only_reasons(readings, therapies):
    measured = readings("patient_id | day | thickness_mm \n B | 0 | 2.0")
    table = sensitivity_table(
        visit_values(measured),
        therapies("therapy | start_day | end_day \n IVIG | 0 |"),
        Settings(),
    )
    assert table["mean_change_mm"].isna().all()
