"""The two answers: reading against reading, and phase against phase."""

import pytest

from sm_tracker.analysis.change import change_table
from sm_tracker.analysis.error import error_model
from sm_tracker.domain.settings import ErrorSetting, Settings


def phases(before, under, step=30):
    """Readings `step` days apart, the last of `before` on the day of the start, day 0."""
    days = [step * (i - len(before) + 1) for i in range(len(before) + len(under))]
    lines = [f"{d} | {v}" for d, v in zip(days, [*before, *under], strict=True)]
    return "\n".join(["day | thickness_mm", *lines])


FROM_0 = "therapy | start_day | end_day \n IVIG | 0 |"


@pytest.mark.parametrize(("mm", "mdc"), [(1.0, 0.249), (2.0, 0.388), (3.0, 0.582)])
def test_the_smallest_change_beyond_error_of_equal_readings(mm, mdc):
    assert error_model(Settings()).mdc95(mm, mm).item() == pytest.approx(mdc, abs=5e-4)


def test_the_band_around_a_baseline_is_the_exact_limit():
    low, high = error_model(Settings()).band(2.49)
    assert low.item() == pytest.approx(2.05, abs=5e-3)
    assert high.item() == pytest.approx(3.03, abs=5e-3)


@pytest.mark.parametrize(
    ("last", "word"),
    [(2.04, "thinner"), (2.05, "within_error"), (3.02, "within_error"), (3.03, "thicker")],
)
def test_picture_and_word_agree_at_the_edge_of_the_band(change, last, word):
    row = change(phases([2.49], [last]), FROM_0)
    assert row["error_check"] == word


def test_error_settings_of_a_site_win_over_the_general_ones(readings, therapies):
    special = ErrorSetting(site="forearm", sem_mm=0.3, sem_fraction=0.0, source="own pairs")
    table = change_table(
        readings(phases([2.49], [2.0])), therapies(FROM_0), Settings(error_settings=(special,))
    )
    assert table["sem_source"].item() == "own pairs"
    assert table["error_check"].item() == "within_error"


def test_improved_needs_a_difference_beyond_the_error_and_an_interval_below_zero(change):
    row = change(phases([2.5, 2.4, 2.5], [2.0, 1.9, 1.9]), FROM_0)
    assert row["verdict"] == "improved"
    assert row["nap"] == 1.0


def test_worsened_mirrors_improved(change):
    row = change(phases([2.0, 1.9, 1.9], [2.5, 2.4, 2.5]), FROM_0)
    assert row["verdict"] == "worsened"


def test_thicker_is_better_where_the_setting_says_so(change):
    row = change(phases([2.0, 1.9, 1.9], [2.5, 2.4, 2.5]), FROM_0, improvement="increase")
    assert row["verdict"] == "improved"
    assert row["nap"] == 1.0


def test_fewer_than_three_readings_on_a_side_give_no_verdict(change):
    row = change(phases([2.5, 2.4], [2.0, 1.9, 1.9]), FROM_0)
    assert row["verdict"] == "too_few_readings"
    assert row["verdict_reason"] == "2 before, 3 under; 3 each are needed"


def test_unchanged_needs_the_whole_interval_inside_the_error(change):
    row = change(phases([2.0] * 9, [2.0] * 9), FROM_0)
    assert row["verdict"] == "unchanged"
    assert row["ci_low_mm"] < 0 < row["ci_high_mm"]


def test_equal_readings_never_give_an_interval_of_width_zero(change):
    row = change(phases([2.0] * 3, [2.0] * 3), FROM_0)
    floor = 1.96 * 0.14 * (1 / 3 + 1 / 3) ** 0.5
    assert row["ci_high_mm"] == pytest.approx(floor)


@pytest.mark.parametrize(
    ("before", "under", "reason"),
    [
        ([2.5, 1.5, 2.0], [1.2, 1.9, 0.9], "interval too wide to tell"),
        ([2.0] * 9, [1.7] * 9, "smaller than the error, but not zero"),
        ([2.8, 2.65, 2.5, 2.35, 2.2], [2.05, 1.9, 1.75, 1.6, 1.45], "already falling before"),
    ],
)
def test_undecided_says_why(change, before, under, reason):
    row = change(phases(before, under), FROM_0)
    assert (row["verdict"], row["verdict_reason"]) == ("undecided", reason)


def test_a_trend_before_is_taken_off_over_real_dates(change):
    row = change(phases([2.8, 2.65, 2.5, 2.35, 2.2], [2.05, 1.9, 1.75]), FROM_0)
    gap_days = 120
    assert row["explained_mm"] == pytest.approx(-0.15 / 30 * gap_days)


def test_a_trend_against_the_change_explains_nothing(change):
    row = change(phases([2.2, 2.3, 2.4, 2.5, 2.6], [2.0, 1.9, 1.8]), FROM_0)
    assert row["explained_mm"] == 0
    assert row["verdict"] == "improved"


def test_with_three_or_four_readings_a_run_before_is_only_flagged(change):
    row = change(phases([2.7, 2.6, 2.5], [1.9, 1.8, 1.7]), FROM_0)
    assert row["verdict"] == "improved"
    assert "trend_before" in row["flags"]


def test_the_per_cent_of_the_means_comes_with_an_interval(change):
    row = change(phases([2.5, 2.4, 2.6], [2.0, 1.9, 2.1]), FROM_0)
    assert row["mean_change_pct"] == pytest.approx(-20.0, abs=0.2)
    assert row["pct_ci_low"] < row["mean_change_pct"] < row["pct_ci_high"]


def test_a_baseline_that_is_the_highest_of_the_reference_is_flagged(change):
    flagged = change(phases([2.3, 2.3, 2.6], [2.0, 2.0, 2.0]), FROM_0)
    level = change(phases([2.6, 2.3, 2.3], [2.0, 2.0, 2.0]), FROM_0)
    assert "baseline_is_trigger" in flagged["flags"]
    assert "baseline_is_trigger" not in level["flags"]


def test_a_new_examiner_between_the_readings_is_flagged(change):
    row = change(
        "day | thickness_mm | examiner \n -10 | 2.5 | E1 \n 30 | 2.0 | E2",
        FROM_0,
    )
    assert "examiner_changed" in row["flags"]


def test_another_sound_velocity_between_the_readings_is_flagged(change):
    row = change(
        "day | thickness_mm | velocity_m_s \n -10 | 2.5 | 1540 \n 30 | 2.0 | 1580",
        FROM_0,
    )
    assert "device_changed" in row["flags"]


def test_every_row_names_its_error_and_its_settings(change):
    row = change(phases([2.5], [2.0]), FROM_0)
    assert "Serup 1984" in row["sem_source"]
    assert row["settings_id"] == Settings().settings_id
    assert row["settings_id"] != Settings(grace_days=31).settings_id
