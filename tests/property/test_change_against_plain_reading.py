"""The vectorised change table against a slow reading of the definitions, day by day.

The second implementation below is written from the words of the definitions with loops and
sets, shares no code with the product, and uses scipy for the statistics.
"""

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from sm_tracker.analysis.change import change_table
from sm_tracker.domain.settings import Settings
from tests.sampling import examples

GRACE, WINDOW = 30, 90
NOW = 10_000


def periods_strategy():
    one = st.tuples(st.integers(0, 300), st.one_of(st.none(), st.integers(0, 150)))
    return st.lists(one, max_size=5)


def readings_strategy():
    value = st.integers(50, 400).map(lambda n: n / 100)
    return st.dictionaries(st.integers(-50, 500), value, max_size=25)


@st.composite
def patients(draw):
    periods = [
        (f"drug{n % 3}", start, NOW if length is None else start + length)
        for n, (start, length) in enumerate(draw(periods_strategy()))
    ]
    return sorted(set(periods), key=lambda p: (p[1], p[2], p[0])), draw(readings_strategy())


def tables(periods, readings):
    therapies = pd.DataFrame(
        {
            "patient_id": "A",
            "period_id": [f"p{n}" for n in range(len(periods))],
            "therapy": [p[0] for p in periods],
            "start_day": [p[1] for p in periods],
            "end_day": [np.nan if p[2] == NOW else p[2] for p in periods],
            "end_status": ["ongoing" if p[2] == NOW else "ended" for p in periods],
        }
    )
    measurements = pd.DataFrame(
        {
            "patient_id": "A",
            "site": "forearm",
            "day": list(readings),
            "thickness_mm": list(readings.values()),
        }
    )
    return measurements, therapies


def under(periods, n, day):
    _, start, end = periods[n]
    if not start < day:
        return False
    if day <= end:
        return True
    newer = any(
        other_start > start and end <= other_start < day
        for k, (_, other_start, _) in enumerate(periods)
        if k != n
    )
    return day <= end + GRACE and not newer


def running(periods, day):
    return {n for n, (_, start, end) in enumerate(periods) if start < day <= end}


def state_on(periods, day):
    """The exposure state a reading on this day belongs to; () for no therapy."""
    now = running(periods, day)
    if now:
        return frozenset(now)
    ends = [end for _, start, end in periods if end < day and start < day]
    if not ends or day - max(ends) > GRACE:
        return frozenset()
    last = max(ends)
    one_day = {n for n, (_, s, e) in enumerate(periods) if s == e == last}
    return frozenset(one_day or {n for n in running(periods, last) if periods[n][2] == last})


def state_before(periods, start):
    """Days of the exposure state just before a start, going back day by day."""
    state, days, day = state_on(periods, start), set(), start
    boundaries = {s for _, s, _ in periods} | {
        e for _, _, e in periods if running(periods, e + 1) or any(s == e for _, s, _ in periods)
    }
    while day >= -60 and state_on(periods, day) == state:
        if day in boundaries and day < start:
            break
        days.add(day)
        day -= 1
    return days


@given(patients())
@examples(100, long=20_000)
def test_each_reading_counts_where_the_definitions_say(patient):
    periods, readings = patient
    changes = change_table(*tables(periods, readings))
    rows = changes[changes["level"] == "period"].set_index("period_id")
    assert len(rows) == len(periods)
    for n, (_, start, _) in enumerate(periods):
        row = rows.loc[f"p{n}"]
        before = {d: v for d, v in readings.items() if start - WINDOW <= d <= start}
        during = {d: v for d, v in readings.items() if under(periods, n, d)}
        assert row["n_under"] == len(during)
        if before:
            assert row["baseline_day"] == max(before)
            assert row["baseline_mm"] == pytest.approx(before[max(before)])
        else:
            assert np.isnan(row["baseline_mm"])
        if during:
            assert row["last_day"] == max(during)
            assert row["lowest_mm"] == pytest.approx(min(during.values()))
        expected = "" if before and during else "not_computable"
        assert (row["error_check"] == "not_computable") == (expected == "not_computable")


@given(patients())
@examples(100, long=20_000)
def test_the_reference_is_the_state_just_before(patient):
    periods, readings = patient
    changes = change_table(*tables(periods, readings))
    rows = changes[changes["level"] == "period"].set_index("period_id")
    for n, (_, start, _) in enumerate(periods):
        if not readings:
            continue
        days = state_before(periods, start) & set(readings)
        assert rows.loc[f"p{n}", "n_reference"] == len(days)
        expected = np.mean([readings[d] for d in days]) if days else np.nan
        assert rows.loc[f"p{n}", "mean_reference_mm"] == pytest.approx(expected, nan_ok=True)


@given(
    st.lists(st.integers(50, 400).map(lambda n: n / 100), min_size=2, max_size=9),
    st.lists(st.integers(50, 400).map(lambda n: n / 100), min_size=2, max_size=9),
)
@examples(80)
def test_means_intervals_pairs_and_slopes_agree_with_scipy(before, during):
    readings = {-10 * (len(before) - 1 - i): v for i, v in enumerate(before)}
    readings |= {10 * (i + 1): v for i, v in enumerate(during)}
    periods = [("drug", 0, NOW)]
    row = change_table(*tables(periods, readings)).iloc[0]
    assert row["mean_change_mm"] == pytest.approx(np.mean(during) - np.mean(before))
    sem = max(0.09, 0.07 * np.mean(before))
    floor = 1.96 * sem * np.sqrt(1 / len(before) + 1 / len(during))
    a, b = np.var(before, ddof=1) / len(before), np.var(during, ddof=1) / len(during)
    half = floor
    if a + b > 1e-12:
        freedom = (a + b) ** 2 / (a**2 / (len(before) - 1) + b**2 / (len(during) - 1))
        half = max(floor, stats.t.ppf(0.975, freedom) * np.sqrt(a + b))
    assert (row["ci_high_mm"] - row["ci_low_mm"]) / 2 == pytest.approx(half)
    u = stats.mannwhitneyu(before, during).statistic
    assert row["nap"] == pytest.approx(u / (len(before) * len(during)))
    if len(during) >= 4:
        days = 10.0 * np.arange(1, len(during) + 1)
        slope = stats.theilslopes(during, days).slope * 365.25
        assert row["slope_mm_per_year"] == pytest.approx(slope, abs=1e-9)
    else:
        assert np.isnan(row["slope_mm_per_year"])


def test_default_settings_are_those_of_this_second_implementation():
    assert Settings().grace_days == GRACE
    assert Settings().baseline_window_days == WINDOW
