"""The two answers: reading against reading, and phase against phase."""

import pytest

from sm_tracker.analysis.change import change_table
from sm_tracker.analysis.error.error_model import error_model
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
    row = table[table["level"] == "period"].iloc[0]
    assert (row["sem_source"], row["error_check"]) == ("own pairs", "within_error")


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
    scatter = (2 * (2 * 0.14) ** 2 / 5) ** 0.5
    assert row["ci_high_mm"] == pytest.approx(2.5706 * scatter * (2 / 3) ** 0.5, abs=1e-4)


def test_many_equal_readings_leave_the_error_of_a_mean(change):
    row = change(phases([2.0] * 40, [2.0] * 40, step=10), FROM_0)
    assert row["ci_high_mm"] == pytest.approx(1.96 * 0.14 * (2 / 40) ** 0.5)


SEM_008 = {"sem_mm": 0.08, "sem_fraction": 0.0}


def test_a_gradual_fall_is_no_noise(change):
    row = change(phases([2.50, 2.55, 2.45], [2.20, 1.90, 1.60]), FROM_0, **SEM_008)
    assert row["verdict"] == "improved"
    assert row["mean_change_mm"] == pytest.approx(-0.60)
    assert row["ci_high_mm"] - row["mean_change_mm"] == pytest.approx(0.22, abs=5e-3)


@pytest.mark.parametrize(
    ("before", "under", "important", "reason"),
    [
        ([2.5] * 5, [2.1] * 5, 0.0, "less than two single readings could show"),
        ([2.5] * 5, [1.9] * 5, 0.8, "less than the change set as important"),
        ([2.8, 2.65, 2.5, 2.35, 2.2], [2.05, 1.9, 1.75], 0.0, "partly a trend from before"),
        ([2.5] * 4, [1.7, 1.8, 1.8, 2.3], 0.0, "partly lost again by the last reading"),
    ],
)
def test_a_slight_change_says_why_it_is_slight(change, before, under, important, reason):
    row = change(phases(before, under), FROM_0, minimal_important_change_mm=important)
    assert (row["verdict"], row["verdict_reason"]) == ("improved_slightly", reason)


@pytest.mark.parametrize(
    ("before", "under", "reason"),
    [
        ([2.5, 1.5, 2.0], [1.2, 1.9, 0.9], "interval too wide to tell"),
        ([2.0] * 9, [1.85] * 9, "smaller than the error, but not zero"),
        (
            [3.2, 3.1, 3.0, 2.9, 2.8, 2.7, 2.6, 2.5, 2.4],
            [2.3, 2.2, 2.1, 2.0, 1.9],
            "already falling before",
        ),
        ([2.5] * 6, [1.8, 1.8, 1.8, 1.8, 1.9, 2.5], "not held to the end"),
    ],
)
def test_undecided_says_why(change, before, under, reason):
    row = change(phases(before, under), FROM_0)
    assert (row["verdict"], row["verdict_reason"]) == ("undecided", reason)


def test_the_last_reading_must_lie_halfway_in_the_direction_of_a_clear_change(change):
    delta = 1.96 * 2**0.5 * 0.08
    kept, lost = 2.5 - delta / 2 - 0.001, 2.5 - delta / 2 + 0.001
    held = change(phases([2.5] * 6, [1.9, 1.9, 1.9, 1.9, kept]), FROM_0, **SEM_008)
    not_held = change(phases([2.5] * 6, [1.9, 1.9, 1.9, 1.9, lost]), FROM_0, **SEM_008)
    assert (held["verdict"], not_held["verdict"]) == ("improved", "improved_slightly")


def test_a_trend_before_is_taken_off_by_what_skin_is_known_to_drift(change):
    falling = phases([2.8, 2.65, 2.5, 2.35, 2.2], [2.05, 1.9, 1.75])
    whole = -0.15 / 30 * 120
    rows = [change(falling, FROM_0, drift_mm_per_year=d) for d in (0, 0.4, 400)]
    explained = [row["explained_mm"] for row in rows]
    assert explained[0] == 0
    assert whole < explained[1] < 0
    assert explained[2] == pytest.approx(whole, rel=1e-2)


def test_a_trend_against_the_change_explains_nothing(change):
    row = change(phases([2.2, 2.3, 2.4, 2.5, 2.6], [2.0, 1.9, 1.8]), FROM_0)
    assert row["explained_mm"] == 0
    assert row["verdict"] == "improved"


def test_a_trend_that_explains_a_quarter_of_the_error_is_flagged(change):
    steep = change(phases([2.8, 2.65, 2.5, 2.35, 2.2], [2.05, 1.9, 1.75]), FROM_0)
    level = change(phases([2.7, 2.6, 2.65], [1.9, 1.8, 1.7]), FROM_0)
    assert "trend_before" in steep["flags"]
    assert "trend_before" not in level["flags"]


def test_the_interval_in_per_cent_leaves_out_zero_exactly_where_that_in_mm_does(change):
    for under in ([2.2, 2.1, 2.3], [2.4, 2.2, 2.3], [2.45, 2.5, 2.4], [2.8, 2.9, 2.7]):
        row = change(phases([2.5, 2.4, 2.6], under), FROM_0)
        assert (row["ci_low_mm"] > 0) == (row["pct_ci_low"] > 0)
        assert (row["ci_high_mm"] < 0) == (row["pct_ci_high"] < 0)


def test_the_per_cent_of_the_means_comes_with_an_interval(change):
    row = change(phases([2.5, 2.4, 2.6], [2.0, 1.9, 2.1]), FROM_0)
    assert row["mean_change_pct"] == pytest.approx(-20.0)
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
