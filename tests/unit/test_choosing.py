"""From a click in the timeline to the period that it belongs to."""

from __future__ import annotations

import dataclasses

import pytest

from sm_tracker.figures.timeline.hit_test import period_at, place_on_axis
from sm_tracker.workflow import analysing, drawing, file_import


@pytest.fixture(scope="module")
def analysis():
    return analysing.analyse(file_import.sample_records())


def period(analysis, place, axis="dates"):
    view = dataclasses.replace(drawing.starting_view(analysis, "SM-001"), axis=axis)
    return period_at(drawing.timeline(analysis, view), place_on_axis(place))


@pytest.mark.parametrize(
    ("day", "period_id"),
    [
        ("2025-03-10", ""),  # the first day still belongs to the time before
        ("2025-03-11", "ivig-1"),
        ("2030-01-01", "ivig-1"),  # ongoing
        ("2024-11-25", "mp-1"),  # ECP ran too; the one that started last
        ("2022-05-01", ""),
    ],
)
def test_a_day_belongs_to_the_period_that_started_last(analysis, day, period_id):
    assert period(analysis, day) == period_id


def test_the_same_place_on_relative_days_is_the_same_period(analysis):
    # 11 March 2025 is 1464 days after the first reading on 8 March 2021.
    assert period(analysis, 1464, "days") == "ivig-1"
    assert period(analysis, 1463, "days") == ""


def test_a_time_of_day_is_no_matter_and_nonsense_is_no_place():
    assert place_on_axis("2025-03-11 12:30") == place_on_axis("2025-03-11")
    assert place_on_axis("nowhere") is None
    assert place_on_axis(None) is None
