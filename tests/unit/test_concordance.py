"""Whether skin thickness and a second outcome went the same way under each regimen."""

from __future__ import annotations

import pandas as pd
import pytest

from sm_tracker.analysis.change import change_table
from sm_tracker.domain.settings import Settings

SMALL = Settings(sem_mm=0.08, sem_fraction=0.0, sem_source="own pairs")
FALLS, FLAT = (2.5, 2.55, 2.45, 2.2, 1.9, 1.6), (2.5, 2.55, 2.45, 2.5, 2.5, 2.48)
RISES = tuple(reversed(FALLS))
OPENS, STAYS, CLOSES = (
    (30, 30, 31, 38, 40, 41), (30, 31, 30, 30, 31, 30), (41, 40, 40, 33, 32, 30),
)  # fmt: skip
DAYS = (-84, -56, -28, 28, 56, 84)


def thickness(**sites) -> pd.DataFrame:
    rows = [
        ("A", site, day, mm)
        for site, values in sites.items()
        for day, mm in zip(DAYS, values, strict=True)
    ]
    return pd.DataFrame(rows, columns=["patient_id", "site", "day", "thickness_mm"])


def outcome(values, name="mouth opening", better="higher", days=DAYS) -> pd.DataFrame:
    frame = pd.DataFrame({"day": days[-len(values) :], "value": values})
    return frame.assign(patient_id="A", outcome=name, unit="mm", better=better)


def compared(measured, outcomes, settings=SMALL) -> pd.Series:
    treated = pd.DataFrame(
        {"patient_id": ["A"], "therapy": "IVIG", "start_day": 0, "end_status": "ongoing"}
    )
    table = change_table(measured, treated, settings, outcomes)
    rows = table[(table["measure"] != "thickness") & (table["level"] == "period")]
    assert len(rows) == 1
    return rows.iloc[0]


def said(row) -> tuple[str, str, str, str]:
    names = ["thickness_direction", "outcome_direction", "concordance", "concordance_by"]
    return tuple(row[names])


@pytest.mark.parametrize(
    ("skin", "mouth", "expected"),
    [
        (FALLS, OPENS, ("better", "better", "agree", "words")),
        (FALLS, STAYS, ("better", "same", "differ", "words")),
        (FALLS, CLOSES, ("better", "worse", "differ", "words")),
        (RISES, CLOSES, ("worse", "worse", "agree", "words")),
        (FLAT, STAYS, ("same", "same", "agree", "words")),
    ],
)
def test_both_better_both_worse_or_both_neither_agree(skin, mouth, expected):
    assert said(compared(thickness(forearm=skin), outcome(mouth))) == expected


def test_of_several_sites_the_word_over_the_sites_counts():
    mixed = thickness(forearm=FALLS, chest=RISES)
    assert said(compared(mixed, outcome(OPENS))) == ("same", "better", "differ", "words")
    both = thickness(forearm=FALLS, chest=FALLS)
    assert said(compared(both, outcome(OPENS))) == ("better", "better", "agree", "words")


def test_of_several_sites_with_one_read_often_enough_the_word_of_that_one_counts():
    one_enough = pd.concat([thickness(forearm=FALLS), thickness(chest=RISES).iloc[2:4]])
    assert said(compared(one_enough, outcome(OPENS))) == ("better", "better", "agree", "words")


def test_without_a_word_of_both_the_signs_of_the_changes_are_compared_and_it_is_said():
    few = thickness(forearm=FALLS).iloc[2:4]
    assert said(compared(few, outcome(OPENS))) == ("better", "better", "agree", "signs")
    assert said(compared(thickness(forearm=FALLS), outcome((31, 30), days=(-28, 28)))) == (
        "better", "worse", "differ", "signs",
    )  # fmt: skip


def test_an_outcome_without_a_better_direction_is_compared_with_nothing():
    assert said(compared(thickness(forearm=FALLS), outcome(OPENS, "IgG", ""))) == ("",) * 4


def test_an_outcome_without_any_thickness_is_compared_with_nothing():
    nothing = thickness()
    assert said(compared(nothing, outcome(OPENS))) == ("",) * 4


def test_where_thicker_is_better_and_lower_outcomes_are_both_are_turned():
    thicker = Settings(
        sem_mm=0.08, sem_fraction=0.0, sem_source="own pairs", improvement="increase"
    )
    row = compared(thickness(forearm=RISES), outcome(CLOSES, "mRSS", "lower"), thicker)
    assert said(row) == ("better", "better", "agree", "words")


def test_rows_of_thickness_hold_no_concordance():
    treated = pd.DataFrame(
        {"patient_id": ["A"], "therapy": "IVIG", "start_day": 0, "end_status": "ongoing"}
    )
    table = change_table(thickness(forearm=FALLS), treated, SMALL, outcome(OPENS))
    rest = table[(table["measure"] == "thickness") | (table["level"] != "period")]
    assert (rest["concordance"] == "").all()
    assert (rest["concordance_by"] == "").all()
