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
    one = st.tuples(st.integers(0, 300), st.one_of(st.none(), st.integers(0, 150)), st.booleans())
    return st.lists(one, max_size=5)


def readings_strategy():
    value = st.integers(50, 400).map(lambda n: n / 100)
    return st.dictionaries(st.integers(-50, 500), value, max_size=25)


@st.composite
def patients(draw):
    periods = [
        (f"drug{n % 3}", start, NOW if length is None else start + length, in_cycles)
        for n, (start, length, in_cycles) in enumerate(draw(periods_strategy()))
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
            "kind": ["cyclic" if p[3] else "continuous" for p in periods],
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


def has_grace(periods, n, readings):
    """Readings after the end count under cycles, or where none lies between start and end."""
    _, start, end, in_cycles = periods[n]
    return in_cycles or not any(start < day <= end for day in readings)


def under(periods, n, day, readings):
    _, start, end, _ = periods[n]
    if not start < day:
        return False
    if day <= end:
        return True
    newer = any(
        other_start > start and end <= other_start < day
        for k, (_, other_start, _, _) in enumerate(periods)
        if k != n
    )
    return day <= end + GRACE and not newer and has_grace(periods, n, readings)


def running(periods, day):
    return {n for n, (_, start, end, _) in enumerate(periods) if start < day <= end}


def state_on(periods, day, readings):
    """The exposure state a reading on this day belongs to; () for no therapy."""
    now = running(periods, day)
    if now:
        return frozenset(now)
    ends = [end for _, start, end, _ in periods if end < day and start < day]
    if not ends:
        return frozenset()
    last = max(ends)
    stopped = [n for n, p in enumerate(periods) if p[2] == last]
    next_start = min((p[1] for p in periods if p[1] >= day), default=NOW)
    if next_start - last > GRACE and not (
        day - last <= GRACE and any(has_grace(periods, n, readings) for n in stopped)
    ):
        return frozenset()
    one_day = {n for n, (_, s, e, _) in enumerate(periods) if s == e == last}
    return frozenset(one_day or {n for n in running(periods, last) if periods[n][2] == last})


def state_before(periods, start, readings):
    """Days of the exposure state just before a start, going back day by day."""
    state, days, day = state_on(periods, start, readings), set(), start
    boundaries = {p[1] for p in periods} | {
        p[2]
        for p in periods
        if running(periods, p[2] + 1) or any(other[1] == p[2] for other in periods)
    }
    while day >= -60 and state_on(periods, day, readings) == state:
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
    for n, (_, start, _, _) in enumerate(periods):
        row = rows.loc[f"p{n}"]
        before = {d: v for d, v in readings.items() if start - WINDOW <= d <= start}
        during = {d: v for d, v in readings.items() if under(periods, n, d, readings)}
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
    for n, (_, start, _, _) in enumerate(periods):
        if not readings:
            continue
        days = state_before(periods, start, readings) & set(readings)
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
    periods = [("drug", 0, NOW, False)]
    row = change_table(*tables(periods, readings)).iloc[0]
    assert row["mean_change_mm"] == pytest.approx(np.mean(during) - np.mean(before))
    sem = max(0.09, 0.07 * np.mean(before))
    m, n = len(before), len(during)
    line = stats.linregress(10.0 * np.arange(1, n + 1), during) if n >= 3 else None
    about_line = (
        sum((v - line.intercept - line.slope * 10.0 * (i + 1)) ** 2 for i, v in enumerate(during))
        if line
        else 0.0
    )
    freedom = 2 + (m - 1) + max(n - 2, 0)
    scatter = 2 * (2 * sem) ** 2 + np.var(before) * m + about_line
    spread = stats.t.ppf(0.975, freedom) * np.sqrt(scatter / freedom)
    half = max(spread, 1.96 * sem) * np.sqrt(1 / m + 1 / n)
    assert (row["ci_high_mm"] - row["ci_low_mm"]) / 2 == pytest.approx(half)
    ratio = np.log(np.mean(during) / np.mean(before))
    scale = (np.mean(during) - np.mean(before)) / ratio if abs(ratio) > 1e-9 else np.mean(before)
    assert row["mean_change_pct"] == pytest.approx(100 * (np.exp(ratio) - 1), abs=1e-6)
    assert row["pct_ci_low"] == pytest.approx(100 * (np.exp(ratio - half / scale) - 1))
    assert row["pct_ci_high"] == pytest.approx(100 * (np.exp(ratio + half / scale) - 1))
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
