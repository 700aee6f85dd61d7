"""Overlapping therapies, combinations, untreated stretches and the untreated start."""

import pytest

READINGS = """
    day | thickness_mm
    0   | 2.50
    50  | 2.40
    120 | 2.30
    180 | 2.20
    250 | 2.10
    400 | 2.60
"""
OVERLAP = """
    therapy            | start_day | end_day
    ECP                | 10        | 200
    methylprednisolone | 100       | 150
"""


def test_an_overlap_is_flagged_on_both_periods_with_the_name_of_the_other(changes):
    table = changes(READINGS, OVERLAP)
    periods = table[table["level"] == "period"].set_index("regimen")
    assert periods.loc["ECP", "overlaps_with"] == "methylprednisolone"
    assert periods.loc["methylprednisolone", "overlaps_with"] == "ECP"
    assert "overlap" in periods.loc["ECP", "flags"]
    assert "steroid_running" in periods.loc["ECP", "flags"]
    assert "steroid_running" not in periods.loc["methylprednisolone", "flags"]


def test_a_combination_that_holds_a_reading_has_a_row_of_its_own(changes):
    table = changes(READINGS, OVERLAP)
    row = table[table["level"] == "combination"].iloc[0]
    assert row["regimen"] == "ECP + methylprednisolone"
    assert (row["starts_day"], row["ends_day"]) == (100, 150)
    assert (row["baseline_day"], row["last_day"], row["n_under"]) == (50, 120, 1)
    assert row["reference_state"] == "ECP"


def test_a_combination_without_a_reading_has_no_row(changes):
    table = changes("day | thickness_mm \n 0 | 2.5 \n 160 | 2.0", OVERLAP)
    assert "combination" not in set(table["level"])


def test_therapies_that_touch_on_one_day_do_not_overlap(changes):
    table = changes(
        READINGS,
        """
        therapy | start_day | end_day
        ECP     | 10        | 100
        IVIG    | 100       | 200
        """,
    )
    assert set(table.loc[table["level"] == "period", "overlaps_with"]) == {""}
    assert "combination" not in set(table["level"])


def test_an_untreated_stretch_after_a_therapy_shows_the_relapse(changes):
    table = changes(READINGS, "therapy | start_day | end_day \n IVIG | 10 | 230")
    row = table[table["level"] == "untreated"].iloc[0]
    assert row["regimen"] == "no therapy"
    assert row["starts_day"] == 230
    assert (row["baseline_day"], row["baseline_mm"]) == (250, 2.10)
    assert (row["last_day"], row["last_mm"]) == (400, 2.60)
    assert row["error_check"] == "thicker"


def test_an_untreated_stretch_no_longer_than_the_grace_is_no_state(changes):
    table = changes(
        READINGS,
        """
        therapy | start_day | end_day
        ECP     | 10        | 160
        IVIG    | 190       |
        """,
    )
    assert "untreated" not in set(table["level"])
    ivig = table[table["regimen"] == "IVIG"].iloc[0]
    assert ivig["reference_state"] == "ECP"
    assert ivig["n_reference"] == 3


def test_an_untreated_stretch_without_a_reading_has_no_row(changes):
    table = changes(
        "day | thickness_mm \n 0 | 2.5 \n 50 | 2.0 \n 300 | 2.0",
        """
        therapy | start_day | end_day
        ECP     | 10        | 60
        IVIG    | 290       |
        """,
    )
    assert "untreated" not in set(table["level"])
    ivig = table[table["regimen"] == "IVIG"].iloc[0]
    assert (ivig["reference_state"], ivig["n_reference"]) == ("no therapy", 0)
    assert ivig["verdict"] == "too_few_readings"


def test_the_reference_is_the_state_just_before_and_not_all_earlier_time(changes):
    table = changes(READINGS, OVERLAP)
    steroid = table[(table["level"] == "period") & (table["regimen"] == "methylprednisolone")].iloc[
        0
    ]
    assert (steroid["reference_state"], steroid["n_reference"]) == ("ECP", 1)


def test_change_from_the_untreated_start_is_given_beside_it(changes):
    table = changes(
        READINGS,
        """
        therapy | start_day | end_day
        ECP     | 10        | 100
        IVIG    | 110       | 260
        """,
    ).set_index("regimen")
    ivig = table.loc["IVIG"]
    assert (ivig["untreated_day"], ivig["untreated_mm"]) == (0, 2.5)
    assert ivig["change_untreated_mm"] == pytest.approx(2.10 - 2.50)
    assert ivig["n_untreated"] == 1


def test_a_therapy_that_ended_shortly_before_is_flagged_as_carried_over(changes):
    table = changes(
        READINGS,
        """
        therapy | start_day | end_day
        ECP     | 10        | 60
        IVIG    | 140       | 200
        CP      | 330       | 390
        """,
    ).set_index("regimen")
    assert "carry_over" in table.loc["IVIG", "flags"]
    assert "carry_over" not in table.loc["CP", "flags"]


def test_a_patient_may_have_any_number_of_periods(changes):
    courses = "\n".join(f"IVIG | {day} | {day}" for day in range(0, 1920, 30))
    visits = "\n".join(f"{day + 5} | {2.5 - day / 5000}" for day in range(-30, 1920, 30))
    table = changes("day | thickness_mm \n" + visits, "therapy | start_day | end_day\n" + courses)
    rows = table[table["level"] == "period"]
    assert len(rows) == 64
    assert (rows["n_under"] == 1).all()


def test_a_combination_that_began_on_an_uncertain_day_says_so(changes):
    table = changes(
        """
        date       | thickness_mm
        2024-02-20 | 2.50
        2024-05-10 | 2.30
        2024-06-20 | 2.00
        """,
        """
        therapy | start      | end        | date_precision
        IVIG    | 2024-03-01 | 2024-09-01 | day
        ECP     | 2024-05-01 | 2024-08-15 | month
        """,
    ).set_index("level")
    combined = table.loc["combination"]
    assert combined["n_under"] == 1
    assert "approximate_dates" in combined["flags"]
    assert combined["left_out"] == "1 inside an uncertain start or end"
