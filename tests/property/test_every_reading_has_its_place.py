"""After the start of a period every reading counts under it, or is left out for one reason."""

import datetime as dt
import re

import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from sm_tracker.analysis.change import change_table
from sm_tracker.domain.settings import Settings
from tests.sampling import examples

FIRST, GRACE = dt.date(2024, 1, 1), 30
DAYS = st.integers(0, 200).map(lambda n: FIRST + dt.timedelta(days=n))
PRECISION = st.sampled_from(["day", "month"])
AFTER_START = r"(-?\d+) (?:inside an uncertain|in the run-in|within the grace)"


@st.composite
def courses(draw):
    ends = sorted([draw(DAYS), draw(DAYS)])
    return {
        "start": ends[0],
        "end": ends[1],
        "date_precision": draw(PRECISION),
        "end_date_precision": draw(PRECISION),
    }


def possible_days(day, precision):
    if precision == "day":
        return day, day
    following = (day.replace(day=1) + dt.timedelta(days=32)).replace(day=1)
    return day.replace(day=1), following - dt.timedelta(days=1)


@given(
    st.lists(courses(), min_size=1, max_size=4),
    st.sets(DAYS, max_size=20),
    st.sampled_from([0, 14, 60]),
)
@examples(75, long=3_000)
def test_each_reading_after_the_start_counts_or_has_one_reason(periods, days, lag_days):
    therapies = pd.DataFrame(periods).assign(
        patient_id="A",
        therapy="IVIG",
        end_status="ended",
        period_id=[str(n) for n in range(len(periods))],
    )
    for name in ("start", "end"):
        therapies[name] = pd.to_datetime(therapies[name])
    measured = pd.DataFrame({"date": pd.to_datetime(pd.Series(sorted(days), dtype=object))})
    measured = measured.assign(patient_id="A", site="calf", thickness_mm=2.0)
    table = change_table(measured, therapies, Settings(lag_days=lag_days))
    rows = table[table["level"] == "period"].set_index("period_id")
    for n, period in enumerate(periods):
        begins, starts_by = possible_days(period["start"], period["date_precision"])
        ends = max(starts_by, possible_days(period["end"], period["end_date_precision"])[1])
        near = {d for d in days if begins < d <= ends + dt.timedelta(days=GRACE)}
        row = rows.loc[str(n)]
        reasons = [int(count) for count in re.findall(AFTER_START, row["left_out"])]
        assert all(count > 0 for count in reasons)
        assert row["n_left_out"] == sum(reasons)
        assert row["n_under"] + sum(reasons) == len(near)
