"""What is to be expected of the next reading, and what further readings could tell."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import t as student

from sm_tracker.analysis.change.next_reading import (
    KEYS,
    UNKNOWN_TREND_MM,
    Outlook,
    next_reading_outlook,
)
from sm_tracker.domain.settings import OutcomeSetting, Settings
from sm_tracker.domain.tables import THERAPIES, completed_table
from sm_tracker.domain.timeline import outcome_visit_values, visit_values
from tests.sampling import examples

SMALL = Settings(sem_mm=0.08, sem_fraction=0.0, sem_source="own pairs")


def periods(**columns) -> pd.DataFrame:
    row = {"patient_id": "A", "therapy": "IVIG", "start_day": 0, "end_status": "ongoing", **columns}
    return completed_table(pd.DataFrame([row]), THERAPIES)


def readings(*pairs, **columns) -> pd.DataFrame:
    frame = pd.DataFrame(pairs, columns=["day", "thickness_mm"])
    return frame.assign(**{"patient_id": "A", "site": "forearm", **columns})


def expected(*pairs, therapies=None, chosen=SMALL, **options) -> Outlook:
    treated = periods() if therapies is None else therapies
    return next_reading_outlook(visit_values(readings(*pairs)), treated, chosen, **options)


FALL = ((28, 2.5), (56, 2.4), (84, 2.3))


def test_the_next_reading_by_hand():
    row = expected(*FALL).next_reading.iloc[0]
    # Mean 2.4 on day 56, slope -0.1 in 28 days, S_tt 1568, no scatter about the line.
    variance = 2 * (1.5 * 0.08) ** 2 / 3
    tau = 0.05 / 28
    share = tau**2 / (tau**2 + variance / 1568)
    middle = 2.4 - share * 0.1 / 28 * 56
    half = 3.182446 * math.sqrt(variance * 4 / 3 + 56**2 * tau**2 * (1 - share))
    assert row["expected_day"] == 112
    assert row["expected_mm"] == pytest.approx(middle, abs=1e-9)
    assert row["expected_mm"] == pytest.approx(2.3315, abs=1e-4)
    assert row["high_mm"] - row["expected_mm"] == pytest.approx(half, abs=1e-6)
    assert row["expected_mm"] - row["low_mm"] == pytest.approx(0.4430, abs=1e-4)


def test_nothing_is_expected_of_fewer_than_three_values():
    assert expected(*FALL[:2]).next_reading.empty
    assert len(expected(*FALL).next_reading) == 1


def test_nothing_is_expected_of_a_regimen_that_ended_or_whose_end_is_unknown():
    ended = periods(end_day=100, end_status="ended")
    assert expected(*FALL, therapies=ended).next_reading.empty
    unknown = periods(end_status="unknown")
    assert expected(*FALL, therapies=unknown).next_reading.empty


def test_the_horizon_is_the_usual_interval_and_at_most_42_days():
    usual = expected((10, 2.5), (24, 2.4), (38, 2.3), (80, 2.3)).next_reading.iloc[0]
    assert (usual["interval_days"], usual["horizon_days"], usual["expected_day"]) == (14, 14, 94)
    rare = expected((10, 2.5), (110, 2.4), (210, 2.3)).next_reading.iloc[0]
    assert (rare["interval_days"], rare["horizon_days"], rare["expected_day"]) == (100, 42, 252)


def test_on_a_calendar_the_day_is_a_date_too():
    dated = readings(*FALL).assign(
        date=lambda f: pd.Timestamp("2024-01-01") + pd.to_timedelta(f["day"], "D")
    )
    treated = periods(start=pd.Timestamp("2024-01-01"), start_day=None)
    row = next_reading_outlook(
        visit_values(dated.drop(columns="day")), treated, SMALL
    ).next_reading.iloc[0]
    assert row["expected_date"] == pd.Timestamp("2024-01-01") + pd.Timedelta(days=112)


def outcome_visits(values=(28.0, 26.0, 24.0)) -> pd.DataFrame:
    frame = pd.DataFrame({"day": (28, 56, 84), "value": values})
    return outcome_visit_values(
        frame.assign(patient_id="A", outcome="mRSS", unit="", better="lower")
    )


def test_nothing_is_ever_forecast_of_an_outcome_without_a_measurement_error():
    found = next_reading_outlook(outcome_visits(), periods(), SMALL)
    assert found.next_reading.empty
    assert found.tellable.empty


def test_an_outcome_with_an_error_is_forecast_in_its_own_unit():
    own = OutcomeSetting(outcome="mRSS", sem=1.6, source="Merkel 2003")
    known = Settings(outcome_settings=(own,))
    row = next_reading_outlook(outcome_visits(), periods(), known).next_reading.iloc[0]
    assert row["measure"] == "mRSS"
    # Thickness with an error of 0.175 mm and values as many errors apart says the same.
    same = Settings(sem_mm=0.175, sem_fraction=0.0, sem_source="the same in mm")
    pairs = [(d, v * 0.175 / 1.6) for d, v in zip((28, 56, 84), (28, 26, 24), strict=True)]
    in_mm = expected(*pairs, chosen=same).next_reading.iloc[0]
    names = ["expected_mm", "low_mm", "high_mm"]
    assert (row[names] * 0.175 / 1.6).tolist() == pytest.approx(in_mm[names].tolist())


BEFORE = ((-70, 2.5), (-42, 2.55), (-14, 2.45))


def test_what_two_readings_more_could_tell_by_hand():
    under = ((28, 2.35), (56, 2.3))
    table = expected(*BEFORE, *under, chosen=Settings(
        sem_mm=0.08, sem_fraction=0.0, sem_source="own pairs", drift_mm_per_year=0.0,
    )).tellable  # fmt: skip
    # s² from 3 + 2 readings: 2 (2 SEM)² and the scatter before, over 2 + 2 + 0 degrees.
    s = math.sqrt((2 * 0.16**2 + 0.005) / 4)
    for more in (1, 2):
        n = 2 + more
        nu = 2 + 2 + n - 2
        half = max(student.ppf(0.975, nu) * s, 1.96 * 0.08) * math.sqrt(1 / 3 + 1 / n)
        told = table[table["more"] == more]["least_change_mm"].item()
        assert told == pytest.approx(max(1.96 * math.sqrt(2) * 0.08 / 2, half), abs=1e-9)


def test_further_readings_are_named_only_while_they_help_and_only_where_a_word_can_come():
    few_before = expected(*BEFORE[:2], *FALL).tellable
    assert few_before.empty
    table = expected(*BEFORE, (28, 2.3)).tellable
    assert table["more"].min() == 2  # with one more there are still too few
    assert table["more"].max() <= 6
    least = table["least_change_mm"].to_numpy()
    assert (least[1:] <= 0.95 * least[:-1] + 1e-12).all()


@st.composite
def courses(draw):
    """Two to four values before and one to eight under a running regimen, on day numbers."""
    before = draw(st.lists(st.integers(-300, 0), min_size=2, max_size=4, unique=True))
    under = draw(st.lists(st.integers(1, 400), min_size=1, max_size=8, unique=True))
    values = draw(
        st.lists(st.integers(80, 400), min_size=len(before) + len(under),
                 max_size=len(before) + len(under))
    )  # fmt: skip
    return tuple(zip([*before, *under], (v / 100 for v in values), strict=True))


LAW = examples(25)
NUMBERS = ["n_under", "interval_days", "horizon_days", "expected_mm", "low_mm", "high_mm"]


def alike(left: pd.DataFrame, right: pd.DataFrame) -> None:
    pd.testing.assert_frame_equal(left, right, check_exact=False, rtol=1e-9, atol=1e-9)


@given(courses(), st.integers(-4000, 4000))
@LAW
def test_shifting_all_days_shifts_the_expected_day_and_nothing_else(pairs, shift):
    here = expected(*pairs)
    moved = expected(*((day + shift, mm) for day, mm in pairs), therapies=periods(start_day=shift))
    alike(here.next_reading[NUMBERS], moved.next_reading[NUMBERS])
    alike(here.tellable, moved.tellable)
    days = moved.next_reading["expected_day"] - here.next_reading["expected_day"]
    assert (days == shift).all()


@given(courses())
@LAW
def test_ten_times_the_values_error_drift_and_trend_give_ten_times_the_answer(pairs):
    ten = Settings(sem_mm=0.8, sem_fraction=0.0, sem_source="tenfold", drift_mm_per_year=4.0)
    here = expected(*pairs)
    tenfold = expected(
        *((day, 10 * mm) for day, mm in pairs), chosen=ten, unknown_trend_mm=10 * UNKNOWN_TREND_MM
    )
    for name in ("expected_mm", "low_mm", "high_mm"):
        alike(10 * here.next_reading[[name]], tenfold.next_reading[[name]])
    alike(10 * here.tellable[["least_change_mm"]], tenfold.tellable[["least_change_mm"]])


@given(courses(), courses())
@LAW
def test_patients_computed_alone_or_together_are_expected_the_same(first, second):
    both = visit_values(
        pd.concat([readings(*first), readings(*second, patient_id="B")], ignore_index=True)
    )
    treated = pd.concat([periods(), periods(patient_id="B")], ignore_index=True)
    together = next_reading_outlook(both, treated, SMALL).next_reading
    alone = expected(*first).next_reading
    own = together[together["patient_id"] == "A"].reset_index(drop=True)
    alike(own[[*KEYS, *NUMBERS]], alone[[*KEYS, *NUMBERS]])


def test_the_next_reading_lies_inside_as_often_as_is_said():
    from benchmarks.next_reading import ERRORS, STEADY, TURNING, coverage, simulate

    small = ERRORS["SEM 0.08 mm"]
    for course in STEADY.values():
        for n in (6, 8):
            assert coverage(simulate(course, n, 0.0, 400, seed=n), small)[0] >= 88
    turns = [
        coverage(simulate(course, 8, 0.0, 400, seed=8), small)[0] for course in TURNING.values()
    ]
    assert max(turns) < 88
    assert np.mean(turns) > 60
