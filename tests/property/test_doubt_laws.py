"""What holds of doubts whatever the readings are."""

from __future__ import annotations

import numpy as np
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from sm_tracker.domain.doubt import (
    outcome_doubts,
    thickness_doubts,
    with_doubts,
)
from sm_tracker.domain.tables import MEASUREMENTS, OUTCOMES, THERAPIES, Records, completed_table
from tests.sampling import examples

EXAMPLES = examples(60)
thickness = st.floats(0.01, 40).map(lambda v: round(v, 2)) | st.sampled_from([9.99, 99.9, 999.0])
rows = st.lists(
    st.tuples(st.sampled_from("AB"), st.sampled_from(["calf", "chest"]), thickness),
    min_size=1,
    max_size=14,
)


def frame(listed):
    table = pd.DataFrame(listed, columns=["patient_id", "site", "thickness_mm"])
    return completed_table(table.assign(day=np.arange(len(table), dtype="float64")), MEASUREMENTS)


def judged(measurements):
    nothing = [
        completed_table(pd.DataFrame({n: [] for n in t.columns}), t) for t in (THERAPIES, OUTCOMES)
    ]
    return with_doubts(Records(measurements, *nothing)).measurements


def one_series(values):
    zeros = np.zeros(len(values), dtype="int64")
    return thickness_doubts(zeros, zeros, np.array(values, dtype="float64")).reason.tolist()


@EXAMPLES
@given(rows)
def test_judging_twice_says_the_same_as_judging_once(listed):
    once = judged(frame(listed))
    pd.testing.assert_frame_equal(judged(once), once)


@EXAMPLES
@given(rows, st.randoms())
def test_the_order_of_rows_does_not_matter(listed, random):
    table = judged(frame(listed))
    order = list(range(len(listed)))
    random.shuffle(order)
    turned = judged(frame(listed).iloc[order])
    pd.testing.assert_series_equal(turned["doubt_reason"].sort_index(), table["doubt_reason"])


@EXAMPLES
@given(rows)
def test_a_patient_is_judged_alone_as_beside_others(listed):
    together = judged(frame(listed))
    for patient in {row[0] for row in listed}:
        own = frame(listed)
        own = own[own["patient_id"] == patient]
        expected = together.loc[own.index, "doubt_reason"]
        pd.testing.assert_series_equal(judged(own)["doubt_reason"], expected)


@EXAMPLES
@given(rows)
def test_what_a_person_has_said_of_a_value_stays(listed):
    said = frame(listed).assign(doubt="confirmed")
    assert (judged(said)["doubt"] == "confirmed").all()


@EXAMPLES
@given(rows, st.floats(-1e-12, 1e-12))
def test_noise_far_below_any_reading_changes_no_doubt(listed, noise):
    table = frame(listed)
    noisy = table.assign(thickness_mm=table["thickness_mm"] + noise)
    pd.testing.assert_series_equal(judged(noisy)["doubt_reason"], judged(table)["doubt_reason"])


@EXAMPLES
@given(st.floats(0.3, 3.0), st.lists(st.floats(1.0, 3.9), min_size=1, max_size=20))
def test_readings_within_a_factor_of_four_are_never_doubted(low, factors):
    values = [low * f for f in factors]
    assert one_series(values) == [""] * len(values) or 9.99 in np.round(values, 9)


@EXAMPLES
@given(st.floats(4.0, 6.0), st.integers(6, 20), st.floats(0.75, 0.99))
def test_a_course_that_falls_step_by_step_to_a_seventh_is_never_doubted(first, n, share):
    values = [first * max(share**k, 1 / 7) for k in range(n)]
    assert one_series(values) == [""] * n


@EXAMPLES
@given(st.lists(st.floats(1.0, 3.0), min_size=3, max_size=12), st.data())
def test_a_slipped_decimal_point_is_always_doubted_and_never_its_neighbours(values, data):
    at = data.draw(st.integers(0, len(values) - 1))
    factor = data.draw(st.sampled_from([0.1, 0.01, 10, 100]))
    slipped = [v * factor if k == at else v for k, v in enumerate(values)]
    reasons = one_series(slipped)
    # Ten times a value at one end of the range is less than eight times one at the other.
    ratio = slipped[at] / np.median(slipped)
    assert reasons[at] or 1 / 8 < ratio < 8
    assert [r for k, r in enumerate(reasons) if k != at] == [""] * (len(values) - 1)


@EXAMPLES
@given(st.lists(st.integers(0, 51), min_size=1, max_size=12))
def test_scores_of_0_to_51_are_never_doubted(scores):
    zeros = np.zeros(len(scores), dtype="int64")
    found = outcome_doubts(zeros, np.array(scores, dtype="float64")).reason
    assert set(found) == {""}
