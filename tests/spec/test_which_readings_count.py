"""Which readings count, case by case as the definitions list them."""

import numpy as np
import pytest

from sm_tracker.analysis.change import change_table

IVIG_FROM_100 = """
    therapy | start_day | end_day
    IVIG    | 100       |
"""
IVIG_100_TO_200 = """
    therapy | start_day | end_day
    IVIG    | 100       | 200
"""


def test_the_baseline_is_the_last_reading_before_the_start(change):
    row = change(
        """
        day | thickness_mm
        20  | 2.60
        90  | 2.50
        150 | 2.00
        """,
        IVIG_FROM_100,
    )
    assert (row["baseline_day"], row["baseline_mm"]) == (90, 2.50)
    assert (row["last_day"], row["last_mm"], row["days"]) == (150, 2.00, 60)
    assert row["change_mm"] == pytest.approx(-0.50)
    assert row["change_pct"] == pytest.approx(-20.0)


def test_a_reading_on_the_first_day_of_a_period_is_its_baseline(change):
    row = change("day | thickness_mm \n 100 | 2.50 \n 150 | 2.00", IVIG_FROM_100)
    assert row["baseline_day"] == 100
    assert row["n_under"] == 1


def test_a_reading_on_the_last_day_of_a_period_belongs_to_it(change):
    row = change("day | thickness_mm \n 90 | 2.5 \n 200 | 2.0", IVIG_100_TO_200, grace_days=0)
    assert row["last_day"] == 200


def test_a_baseline_older_than_the_window_does_not_count(change):
    row = change("day | thickness_mm \n 9 | 2.5 \n 150 | 2.0", IVIG_FROM_100)
    assert row["error_check"] == "not_computable"
    assert row["error_reason"] == "no baseline in the window before the start"
    assert np.isnan(row["change_mm"])


def test_a_baseline_exactly_at_the_edge_of_the_window_counts(change):
    row = change("day | thickness_mm \n 10 | 2.5 \n 150 | 2.0", IVIG_FROM_100)
    assert row["baseline_day"] == 10


def test_the_first_reading_under_a_regimen_never_stands_in_for_a_missing_baseline(change):
    row = change("day | thickness_mm \n 101 | 2.5 \n 150 | 2.0", IVIG_FROM_100)
    assert row["error_check"] == "not_computable"
    assert np.isnan(row["baseline_mm"])
    assert row["n_under"] == 2


def test_readings_within_the_grace_after_the_end_still_count(change):
    row = change("day | thickness_mm \n 90 | 2.5 \n 230 | 2.0 \n 231 | 1.0", IVIG_100_TO_200)
    assert (row["last_day"], row["n_under"]) == (230, 1)


def test_a_reading_in_the_grace_of_one_period_and_after_the_start_of_another_is_the_newer_ones(
    changes,
):
    table = changes(
        "day | thickness_mm \n 90 | 2.5 \n 220 | 2.0",
        """
        therapy | start_day | end_day
        IVIG    | 100       | 200
        ECP     | 210       |
        """,
    ).set_index("regimen")
    assert table.loc["IVIG", "n_under"] == 0
    assert table.loc["ECP", "n_under"] == 1
    assert "1 within the grace" in table.loc["IVIG", "left_out"]


def test_a_period_that_already_ran_does_not_take_the_grace_away(changes):
    table = changes(
        "day | thickness_mm \n 90 | 2.5 \n 220 | 2.0",
        """
        therapy | start_day | end_day
        IVIG    | 100       | 200
        ECP     | 150       |
        """,
    )
    periods = table[table["level"] == "period"].set_index("regimen")
    assert periods.loc["IVIG", "n_under"] == 1
    assert periods.loc["ECP", "n_under"] == 1


def test_readings_in_the_run_in_are_not_yet_under_the_regimen(change):
    measured = "day | thickness_mm \n 90 | 2.5 \n 113 | 2.4 \n 114 | 2.3"
    row = change(measured, IVIG_FROM_100, lag_days=14)
    assert row["n_under"] == 1
    assert row["left_out"] == "1 in the run-in"


def test_a_one_day_period_counts_the_readings_up_to_the_grace(change):
    row = change(
        "day | thickness_mm \n 100 | 2.5 \n 120 | 2.0 \n 140 | 1.9",
        "therapy | start_day | end_day \n HSCT | 100 | 100",
    )
    assert (row["baseline_day"], row["last_day"]) == (100, 120)


def test_an_ongoing_period_counts_all_later_readings(change):
    row = change("day | thickness_mm \n 90 | 2.5 \n 5000 | 2.0", IVIG_FROM_100)
    assert row["last_day"] == 5000


def test_an_unknown_end_counts_until_the_next_period_starts(changes):
    table = changes(
        "day | thickness_mm \n 90 | 2.5 \n 300 | 2.0 \n 301 | 1.9",
        """
        therapy | start_day | end_day | end_status
        IVIG    | 100       |         | unknown
        ECP     | 300       |         | ongoing
        """,
    ).set_index("regimen")
    assert table.loc["IVIG", "last_day"] == 300
    assert "end_unknown" in table.loc["IVIG", "flags"]
    assert np.isnan(table.loc["IVIG", "ends_day"])


def test_an_unknown_end_without_a_next_period_counts_to_the_last_reading(change):
    row = change(
        "day | thickness_mm \n 90 | 2.5 \n 900 | 2.0",
        "therapy | start_day | end_day | end_status \n IVIG | 100 | | unknown",
    )
    assert row["last_day"] == 900


def test_readings_inside_an_uncertain_start_belong_to_neither_side(change):
    row = change(
        """
        date       | thickness_mm
        2024-02-20 | 2.50
        2024-03-15 | 2.40
        2024-04-20 | 2.00
        """,
        "therapy | start | end | date_precision \n IVIG | 2024-03-10 | | month",
    )
    assert str(row["baseline_date"].date()) == "2024-02-20"
    assert (row["n_reference"], row["n_under"]) == (1, 1)
    assert row["left_out"] == "1 inside an uncertain start or end"
    assert "approximate_dates" in row["flags"]


MONTHS = """
    therapy | start      | end        | date_precision
    UVA1    | 2024-03-01 | 2024-05-01 | month
"""


def test_readings_inside_an_uncertain_end_belong_to_neither_side(change):
    row = change(
        """
        date       | thickness_mm
        2024-02-20 | 2.50
        2024-04-10 | 2.20
        2024-05-15 | 2.10
        2024-06-10 | 2.00
        2024-07-10 | 1.50
        """,
        MONTHS,
    )
    assert row["n_under"] == 2
    assert str(row["last_date"].date()) == "2024-06-10"
    assert row["mean_under_mm"] == pytest.approx(2.1)
    assert row["left_out"] == "1 inside an uncertain start or end"


def test_readings_inside_an_uncertain_end_are_no_reference_of_the_next_period(changes):
    table = changes(
        """
        date       | thickness_mm
        2024-04-10 | 2.20
        2024-05-15 | 2.90
        2024-06-10 | 2.00
        2024-07-10 | 1.50
        """,
        MONTHS + "IVIG | 2024-06-20 | | day",
    ).set_index("regimen")
    assert table.loc["IVIG", "n_reference"] == 2
    assert table.loc["IVIG", "mean_reference_mm"] == pytest.approx(2.1)
    assert table.loc["IVIG", "reference_state"] == "UVA1"


def test_a_censored_last_reading_before_the_start_gives_way_to_the_usable_one(change):
    row = change(
        "day | thickness_mm | qualifier \n 60 | 2.5 | \n 90 | 3.2 | > \n 150 | 2.0 |",
        IVIG_FROM_100,
    )
    assert row["baseline_day"] == 60
    assert "baseline_not_last" in row["flags"]
    assert row["left_out"] == "1 censored or unreadable before the start"


def test_only_censored_readings_before_the_start_are_not_computable(change):
    row = change("day | thickness_mm | qualifier \n 90 | 3.2 | > \n 150 | 2 |", IVIG_FROM_100)
    assert row["error_check"] == "not_computable"
    assert row["error_reason"].startswith("censored value")


def test_an_unreadable_last_reading_under_the_regimen_is_flagged(change):
    row = change(
        """
        day | thickness_mm | status
        90  | 2.5          | ok
        150 | 2.0          | ok
        180 |              | not_measurable
        """,
        IVIG_FROM_100,
    )
    assert row["last_day"] == 150
    assert "last_not_latest" in row["flags"]


@pytest.mark.parametrize(
    ("column", "first", "second", "reason"),
    [
        ("device", "DUB", "DermaScan", "device changed"),
        ("frequency_mhz", "20", "40", "device changed"),
        ("layer", "dermis", "epidermis+dermis", "layer differs"),
    ],
)
def test_another_device_or_layer_on_one_side_is_never_joined(
    changes, column, first, second, reason
):
    table = changes(
        f"day | thickness_mm | {column} \n 90 | 2.5 | {first} \n 150 | 2.0 | {second}",
        IVIG_FROM_100,
    )
    assert list(table["error_check"]) == ["not_computable"] * 2
    assert list(table["error_reason"]) == [reason] * 2


def test_a_therapy_without_a_reading_keeps_its_row(change):
    row = change("day | thickness_mm \n 10 | 2.5", IVIG_FROM_100)
    assert row["error_check"] == "not_computable"
    assert "no reading under the regimen" in row["error_reason"]


def test_a_therapy_of_a_patient_without_measurements_keeps_its_row(change):
    row = change("patient_id | day | thickness_mm \n B | 10 | 2.5", IVIG_FROM_100)
    assert row["patient_id"] == "A"
    assert row["error_reason"] == "no measurement of this patient"


def test_replicates_of_one_day_are_one_visit_value(change):
    row = change(
        """
        day | thickness_mm | replicate
        90  | 2.4          | 1
        90  | 2.5          | 2
        90  | 2.6          | 3
        150 | 2.0          | 1
        """,
        IVIG_FROM_100,
    )
    assert row["baseline_mm"] == pytest.approx(2.5)
    assert (row["n_baseline"], row["n_last"], row["n_reference"]) == (3, 1, 1)
    assert "few_replicates" in row["flags"]


def test_the_same_drug_twice_is_two_periods(changes):
    table = changes(
        "day | thickness_mm \n 5 | 2.5 \n 50 | 2.4 \n 250 | 2.3 \n 350 | 2.2",
        """
        therapy            | start_day | end_day
        hydroxychloroquine | 10        | 60
        hydroxychloroquine | 300       | 400
        """,
    )
    periods = table[table["level"] == "period"]
    assert list(periods["period_id"]) == ["hydroxychloroquine-1", "hydroxychloroquine-2"]
    assert list(periods["last_day"]) == [50, 350]


def test_dates_and_day_numbers_are_not_mixed_in_one_patient(changes):
    from sm_tracker.errors import MixedTimeError

    with pytest.raises(MixedTimeError, match="mixed within one patient"):
        changes("date | thickness_mm \n 2024-01-01 | 2.5", IVIG_FROM_100)


def test_the_limits_of_a_period_are_printed_as_recorded(change):
    row = change(
        "date | thickness_mm \n 2024-02-20 | 2.5",
        "therapy | start | end | date_precision \n UVA1 | 2024-03-10 | 2024-05-31 | month",
    )
    assert str(row["starts_on"].date()) == "2024-03-10"
    assert str(row["ends_on"].date()) == "2024-05-31"


def test_a_reading_in_an_uncertain_end_is_left_out_once_though_a_newer_period_has_it(changes):
    table = changes(
        """
        date       | thickness_mm
        2024-02-10 | 2.50
        2024-04-20 | 2.20
        2024-05-20 | 1.80
        """,
        """
        therapy | start      | end        | date_precision | end_date_precision
        UVA1    | 2024-03-10 | 2024-05-01 | day            | month
        IVIG    | 2024-05-08 | 2024-08-01 | day            | day
        """,
    ).set_index("regimen")
    assert table.loc["UVA1", "n_under"] == 1
    assert table.loc["UVA1", "n_left_out"] == 1
    assert table.loc["UVA1", "left_out"] == "1 inside an uncertain start or end"
    assert table.loc["IVIG", "n_under"] == 1


def test_a_run_in_longer_than_the_period_takes_no_reading_of_the_time_after(changes):
    table = changes(
        "day | thickness_mm \n 90 | 2.5 \n 105 | 2.4 \n 150 | 2.0",
        "therapy | start_day | end_day \n IVIG | 100 | 110",
        lag_days=60,
    ).set_index("level")
    assert table.loc["period", "left_out"] == "1 in the run-in"
    assert table.loc["untreated", "last_day"] == 150


def test_after_the_end_of_a_continuous_drug_nothing_counts_if_a_reading_lies_before_it(change):
    row = change(
        "day | thickness_mm \n 0 | 1.00 \n 7 | 0.85 \n 63 | 1.00",
        "therapy | start_day | end_day \n clobetasol | 0 | 42",
    )
    assert row["change_mm"] == pytest.approx(-0.15)
    assert row["left_out"] == "1 after the end"


def test_after_the_end_of_a_continuous_drug_a_reading_counts_if_there_is_none_before_it(change):
    row = change(
        "day | thickness_mm \n 0 | 1.00 \n 63 | 0.80",
        "therapy | start_day | end_day \n clobetasol | 0 | 42",
    )
    assert row["change_mm"] == pytest.approx(-0.20)
    assert "after_end" in row["flags"]


def test_a_reading_in_the_grace_counts_once_for_each_series(changes):
    table = changes(
        """
        day | site | thickness_mm
        0   | calf | 1.00
        0   | hand | 1.00
        30  | hand | 0.90
        63  | calf | 0.80
        63  | hand | 0.70
        90  | calf | 0.60
        90  | hand | 0.60
        """,
        "therapy | start_day | end_day \n clobetasol | 0 | 42",
    ).set_index(["site", "level"])
    assert table.loc[("calf", "period"), "last_day"] == 63
    assert table.loc[("hand", "period"), "last_day"] == 30
    assert table.loc[("calf", "untreated"), ["baseline_day", "n_under"]].tolist() == [63, 1]
    assert table.loc[("hand", "untreated"), ["baseline_day", "n_under"]].tolist() == [30, 2]


@pytest.mark.parametrize("kind", ["cyclic", "pulse", "single"])
def test_readings_after_the_last_cycle_belong_to_it_until_the_grace_is_over(change, kind):
    row = change(
        "day | thickness_mm \n 0 | 2.0 \n 40 | 1.8 \n 71 | 1.6 \n 73 | 1.5",
        f"therapy | start_day | end_day | kind \n anything | 0 | 42 | {kind}",
    )
    assert row["last_day"] == 71


def test_the_grace_is_counted_from_a_later_last_session(change):
    row = change(
        "day | thickness_mm \n 0 | 2.0 \n 85 | 1.6",
        "therapy | start_day | end_day | session_dates \n IVIG | 0 | 42 | 0 28 56",
    )
    assert row["last_day"] == 85


def test_a_kind_not_stated_is_that_of_cycles_then_of_the_regimen(changes):
    measured = "day | thickness_mm \n 0 | 2.0 \n 40 | 1.8 \n 60 | 1.6"
    for treated, last in (
        ("therapy | start_day | end_day \n ECP | 0 | 42", 60),
        ("therapy | start_day | end_day \n hydroxychloroquine | 0 | 42", 40),
        ("therapy | start_day | end_day | cycles \n hydroxychloroquine | 0 | 42 | 3", 60),
        ("therapy | start_day | end_day | kind \n ECP | 0 | 42 | continuous", 40),
    ):
        table = changes(measured, treated)
        assert table[table["level"] == "period"]["last_day"].item() == last


def test_a_short_course_of_a_steroid_does_not_split_the_reference(change):
    measured = """
        day | thickness_mm
        10  | 2.5
        40  | 2.4
        70  | 2.5
        110 | 2.0
        """
    treated = """
        therapy             | start_day | end_day
        hydroxychloroquine  | 0         | 200
        methylprednisolone  | 50        | {end}
        IVIG                | 100       | 200
        """
    short = change(measured, treated.format(end=57), "IVIG")
    long = change(measured, treated.format(end=58), "IVIG")
    assert (short["n_reference"], long["n_reference"]) == (3, 1)
    assert "interrupted" in short["flags"]
    assert "interrupted" not in long["flags"]


def test_the_reference_of_a_short_course_of_a_steroid_ends_with_its_start(change):
    row = change(
        "day | thickness_mm \n 10 | 2.5 \n 40 | 2.4 \n 52 | 2.2 \n 90 | 2.5",
        """
        therapy             | start_day | end_day
        hydroxychloroquine  | 0         | 200
        methylprednisolone  | 50        | 55
        """,
        "methylprednisolone",
    )
    assert (row["reference_state"], row["n_reference"]) == ("hydroxychloroquine", 2)


def test_a_short_untreated_stretch_belongs_to_the_reference_of_the_next_period(change):
    row = change(
        "day | thickness_mm \n 10 | 2.5 \n 40 | 2.4 \n 70 | 2.4 \n 110 | 2.0",
        """
        therapy             | start_day | end_day
        hydroxychloroquine  | 0         | 50
        IVIG                | 80        | 200
        """,
        "IVIG",
    )
    assert (row["reference_state"], row["n_reference"]) == ("hydroxychloroquine", 3)


def test_reference_readings_older_than_the_window_are_not_used_and_it_is_said(change):
    row = change(
        "day | thickness_mm \n -1000 | 2.5 \n -800 | 2.5 \n -640 | 2.4 \n 10 | 2.0",
        "therapy | start_day | end_day \n IVIG | 0 |",
    )
    assert row["n_reference"] == 1
    assert row["left_out"] == "2 older than the reference window"
    assert row["verdict_reason"].endswith("last read 21 months before")
    assert row["n_untreated"] == 3


def test_a_course_runs_from_the_first_to_the_last_usable_value(readings, therapies):
    table = change_table(
        readings("day | thickness_mm \n 0 | 2.5 \n 30 | 1.5 \n 60 | 2.0"),
        therapies(IVIG_FROM_100).iloc[:0],
    )
    assert table["level"].tolist() == ["course"]
    row = table.iloc[0]
    assert (row["baseline_mm"], row["last_mm"], row["lowest_mm"]) == (2.5, 2.0, 1.5)
    assert (row["error_check"], row["verdict"]) == ("thinner", "")


def test_one_reading_is_a_course_without_a_change(readings, therapies):
    table = change_table(
        readings("day | thickness_mm \n 0 | 2.5"),
        therapies(IVIG_FROM_100).iloc[:0],
    )
    row = table.iloc[0]
    assert (row["error_check"], row["error_reason"]) == ("not_computable", "only one reading")
