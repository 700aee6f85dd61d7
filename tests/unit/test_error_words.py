"""The measurement error in words: what is said of the scatter, and of what an error finds."""

from __future__ import annotations

import dataclasses

import pandas as pd
import pytest

from sm_tracker.analysis.error.operating_characteristics import SHOWN
from sm_tracker.analysis.error.phase_scatter import PhaseScatter
from sm_tracker.analysis.error.repeatability import Range
from sm_tracker.domain.settings import ErrorSetting
from sm_tracker.languages import NAMES, speaking
from sm_tracker.report import error_words

SCATTER = PhaseScatter(
    site="forearm", device="", sd_mm=Range(0.1234, 0.1, 0.16), freedom=24, n_phases=8, n_series=4,
    n_patients=4, n_readings=40, thinnest_mm=1.5, thickest_mm=2.75, n_broken=0, largest_share=0.25,
    confidence=0.95,
)  # fmt: skip
ERROR = ErrorSetting(sem_mm=0.08, sem_fraction=0.0, source="own")


def found(**shares):
    """A table of what is found with the same shares in every cell, 0 where none is given."""
    words = ("improved", "improved_slightly", "worsened", "worsened_slightly", "unchanged")
    rows = [
        {"scene": c.scene.name, "m": c.m, "n": c.n, "phi": c.phi}
        | {word: shares.get(word, 0.0) for word in words}
        for c in SHOWN
    ]
    return pd.DataFrame(rows)


def test_the_scatter_is_told_with_its_interval_and_all_it_rests_on():
    first, second = error_words.scatter_lines(SCATTER)
    assert first == (
        "Scatter within phases 0.123 mm (95 % interval 0.100 to 0.160), 24 degrees of freedom."
    )
    assert second == "From 40 readings, 4 series, 4 patients; means from 1.50 to 2.75 mm."


def test_what_makes_the_scatter_doubtful_is_told():
    doubtful = dataclasses.replace(SCATTER, n_broken=2, largest_share=0.6)
    assert error_words.scatter_lines(doubtful)[2:] == (
        "In 2 of 8 phases the examiner or a device setting changed.",
        "One patient contributes more than half of the degrees of freedom.",
    )


@pytest.mark.parametrize("language", NAMES)
def test_the_source_of_a_scatter_never_calls_it_sem(language):
    with speaking(language):
        said = [error_words.scatter_source(SCATTER, 2026), *error_words.scatter_lines(SCATTER)]
    assert not [text for text in said if "SEM" in text]
    assert "24" in said[0]
    assert "2026" in said[0]


def test_a_doctor_reads_how_many_courses_of_100_are_found_and_how_many_results_are_false():
    shares = found(improved=0.36, improved_slightly=0.6, worsened=0.004)
    assert error_words.found_sentence(shares, ERROR) == (
        "With an error of 0.08 mm at 2.50 mm, a fall of 0.5 mm is found in 96 of 100 courses with "
        "5 readings before and 5 during, and a gradual fall of 0.8 mm in 96. Without any change, "
        "96 of 100 courses get a false result, or 96 if successive readings resemble each other."
    )


def test_without_a_change_a_result_in_either_direction_is_false():
    rows = error_words.found_rows(found(improved=0.02, worsened=0.01, worsened_slightly=0.02))
    false, _alike, trend, *_found = rows
    assert false[1:] == ["5 (3)"] * 4
    assert trend[1:] == ["2 (2)"] * 4


def test_the_sizes_head_the_table_in_order():
    assert error_words.found_heads(found()) == [
        "Of 100 courses", "3 before, 3 during", "5 before, 5 during", "8 before, 8 during",
        "3 before, 12 during",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("share", "said"),
    [(0.0, "0"), (0.001, "<\u00a01"), (0.0049, "<\u00a01"), (0.011, "1"), (1, "100")],
)
def test_a_share_that_is_not_zero_is_never_shown_as_zero(share, said):
    assert error_words.of_hundred(share) == said


def test_the_error_of_a_value_is_the_larger_of_its_two_parts():
    default = ErrorSetting(sem_mm=0.09, sem_fraction=0.07, source="Serup 1984")
    assert error_words.error_size(default, 1.0) == "0.09 mm at 1.00 mm"
    assert error_words.error_size(default, 3.0) == "0.21 mm at 3.00 mm"


def test_nothing_is_said_where_nothing_is_hidden():
    assert error_words.hidden_sentence(0, 28) == ""


@pytest.mark.parametrize("language", NAMES)
def test_what_is_hidden_is_counted_and_the_way_named(language):
    with speaking(language):
        said = error_words.hidden_sentence(3, 28)
    assert "3" in said
    assert "28" in said
    assert "Serup" in said
