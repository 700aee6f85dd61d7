"""Where the assumed default error hides an answer, and where nothing is hidden."""

from __future__ import annotations

import pandas as pd
import pytest

from sm_tracker.analysis.change import change_table_of_visits
from sm_tracker.analysis.error.hidden_answers import hidden_answers, names_direction
from sm_tracker.domain.settings import Settings
from sm_tracker.domain.timeline import visit_values

FALL_OF_15_PERCENT = (2.50, 2.52, 2.48, 2.51, 2.49), (2.12, 2.14, 2.13, 2.11, 2.13)
FALL_OF_8_PERCENT = (2.50, 2.52, 2.48, 2.51, 2.49), (2.30, 2.31, 2.29, 2.30, 2.29)
FLAT = (2.50, 2.52, 2.48, 2.51, 2.49), (2.51, 2.49, 2.50, 2.52, 2.48)
LARGE_FALL = (2.50, 2.52, 2.48, 2.51, 2.49), (1.50, 1.52, 1.48, 1.51, 1.49)
TWO_READINGS = (2.50,), (2.20,)


def hidden(before, under, settings=None):
    """Whether the only row of a course with readings 28 days apart hides its answer."""
    settings = settings or Settings()
    days = [28 * (i - len(before) + 1) for i in range(len(before) + len(under))]
    visits = visit_values(
        pd.DataFrame(
            {
                "patient_id": "P1",
                "day": days,
                "site": "forearm",
                "thickness_mm": [*before, *under],
            }
        )
    )
    therapies = pd.DataFrame(
        {"patient_id": ["P1"], "therapy": ["IVIG"], "start_day": [0], "end_status": ["ongoing"]}
    )
    changes = change_table_of_visits(visits, therapies, settings)
    own = hidden_answers(changes, visits, therapies, settings)
    return bool(own[(changes["level"] == "period").to_numpy()].item())


def test_a_fall_between_two_readings_within_the_default_only_is_hidden():
    assert hidden(*TWO_READINGS)


def test_a_change_of_the_phases_that_is_too_small_for_the_default_is_hidden():
    assert hidden(*FALL_OF_8_PERCENT)


def test_a_slight_change_is_an_answer_already():
    assert not hidden(*FALL_OF_15_PERCENT)


def test_flat_skin_hides_nothing():
    assert not hidden(*FLAT)


def test_a_fall_beyond_the_default_is_not_hidden():
    assert not hidden(*LARGE_FALL)


def test_an_own_error_hides_nothing_however_large():
    own = Settings(sem_mm=0.3, sem_fraction=0.0, sem_source="own paired visits, 24 pairs, 2026")
    assert not hidden(*TWO_READINGS, own)


def test_what_the_clinic_calls_unimportant_is_not_hidden_by_the_error():
    assert not hidden(*FALL_OF_8_PERCENT, Settings(minimal_important_change_mm=2.0))


@pytest.mark.parametrize(
    ("answer", "verdict", "check", "told"),
    [
        ("phases", "improved_slightly", "within_error", True),
        ("phases", "worsened", "not_computable", True),
        ("phases", "undecided", "thinner", False),
        ("phases", "unchanged", "thinner", False),
        ("readings", "too_few_readings", "thinner", True),
        ("readings", "too_few_readings", "within_error", False),
        ("", "too_few_readings", "not_computable", False),
    ],
)
def test_a_row_has_the_word_of_its_phases_before_that_of_single_readings(
    answer, verdict, check, told
):
    row = pd.DataFrame({"answer": [answer], "verdict": [verdict], "error_check": [check]})
    assert bool(names_direction(row).item()) is told
