"""What the rule finds, and what it finds that is not there, on simulated courses of known truth.

A fixed small sample here; the whole simulation, with every aim at its printed limit, is long.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from benchmarks import operating_characteristics as simulated
from benchmarks.operating_characteristics import AIMS, FALL, NONE, SLOPE, TREND
from sm_tracker.analysis.change import change_table
from sm_tracker.analysis.error.operating_characteristics import (
    GRADUAL,
    LEVEL_MM,
    NO_CHANGE,
    SD_MM,
    SLOW_TREND,
    STEP,
    SimulatedCourses,
    shares_found,
    simulated_courses,
    simulated_period_rows,
    simulated_readings,
)
from sm_tracker.domain.settings import ErrorSetting, Settings

SERIES = 1_000
LONG_SERIES = 5_000


@pytest.fixture(scope="module")
def small_sample() -> pd.DataFrame:
    truths = [row for row in simulated.ROWS if row.name in (NONE, TREND, FALL, SLOPE)]
    rows = simulated.all_rows(SERIES, truths=truths)
    return pd.concat([rows, simulated.patients(SERIES, sizes=((3, 3), (5, 5)))])


def twice_the_standard_error(aim, series):
    share = aim.limit / 100
    return 200 * np.sqrt(share * (1 - share) / series)


@pytest.mark.parametrize("aim", AIMS, ids=lambda a: f"{a.truth}, error {a.error}, {a.column}")
def test_every_aim_is_held_on_a_small_sample(small_sample, aim):
    assert aim.held(small_sample, twice_the_standard_error(aim, SERIES)), aim.said(small_sample)


@pytest.mark.long
def test_every_aim_is_held_in_the_whole_simulation_and_the_document_prints_its_figures(repository):
    rows = simulated.all_rows(LONG_SERIES)
    every = pd.concat([rows, simulated.patients(LONG_SERIES)])
    assert [aim.said(every) for aim in AIMS if not aim.held(every)] == []
    methods = (repository / "docs/methods.md").read_text(encoding="utf-8")
    for error in simulated.SETTINGS:
        assert simulated.markdown(rows, error) in methods


def test_a_true_course_is_made_of_its_parts():
    assert STEP.truth(2, 3).tolist() == [0, 0, -0.5, -0.5, -0.5]
    assert GRADUAL.truth(1, 4).tolist() == pytest.approx([0, -0.2, -0.4, -0.6, -0.8])
    assert SLOW_TREND.truth(2, 2).tolist() == pytest.approx([0, -0.03, -0.06, -0.09])


@pytest.mark.parametrize("phi", [0.0, 0.3, 0.6])
def test_simulated_readings_have_the_level_scatter_and_autocorrelation_they_claim(phi):
    values = (
        simulated_readings(SimulatedCourses(NO_CHANGE, 8, 8, phi), 4_000, np.random.default_rng(1))
        - LEVEL_MM
    )
    assert values.mean() == pytest.approx(0, abs=0.01)
    assert values.std(axis=0) == pytest.approx(np.full(16, SD_MM), rel=0.05)
    neighbours = (values[:, 1:] * values[:, :-1]).mean() / SD_MM**2
    assert neighbours == pytest.approx(phi, abs=0.03)
    assert np.abs(100 * values - np.round(100 * values)).max() < 1e-6


def test_courses_of_different_length_keep_their_order_and_phases():
    rng = np.random.default_rng(1)
    shapes = [(3, 12), (5, 5)]
    readings = [
        (simulated_readings(SimulatedCourses(NO_CHANGE, m, n), 20, rng), m) for m, n in shapes
    ]
    table = simulated_period_rows(*simulated_courses(readings), Settings())
    counts = table[["n_reference", "n_under"]].to_numpy()
    assert counts[:20].tolist() == [[3, 12]] * 20
    assert counts[20:].tolist() == [[5, 5]] * 20
    assert table["mean_reference_mm"].to_numpy()[:20] == pytest.approx(
        readings[0][0][:, :3].mean(axis=1)
    )


def test_simulated_visits_are_those_that_the_same_readings_would_make():
    rng = np.random.default_rng(2)
    values = simulated_readings(SimulatedCourses(STEP, 3, 4), 5, rng)
    visits, therapies = simulated_courses([(values, 3)])
    readings = pd.DataFrame(
        {
            "patient_id": visits["patient_id"],
            "day": np.tile(28 * (np.arange(7) - 2), 5),
            "site": "forearm",
            "thickness_mm": values.ravel(),
        }
    )
    table = change_table(readings, therapies)
    pd.testing.assert_frame_equal(
        simulated_period_rows(visits, therapies, Settings()),
        table[table["level"] == "period"].reset_index(drop=True),
    )


def test_what_is_found_is_the_same_every_time_and_follows_the_error_in_force():
    cells = (SimulatedCourses(NO_CHANGE, 5, 5), SimulatedCourses(STEP, 5, 5))
    small = ErrorSetting(sem_mm=0.08, sem_fraction=0.0, source="own paired visits")
    found = shares_found(Settings(), small, cells)
    assert found.equals(shares_found(Settings(), small, cells))
    large = shares_found(Settings(sem_mm=0.6, sem_fraction=0.0), cells=cells)
    clear = found.set_index("scene")["improved"], large.set_index("scene")["improved"]
    assert clear[0]["step"] > 0.9
    assert clear[1]["step"] < 0.1


def test_neither_source_nor_direction_nor_special_errors_change_what_the_general_error_finds():
    cells = (SimulatedCourses(STEP, 3, 3), SimulatedCourses(NO_CHANGE, 3, 3, 0.6))
    plain = shares_found(Settings(), cells=cells)
    special = ErrorSetting(sem_mm=0.01, sem_fraction=0, source="own", site="forearm")
    other = Settings(sem_source="own", improvement="increase", error_settings=(special,))
    assert plain.equals(shares_found(other, cells=cells))


def test_a_smallest_important_change_is_part_of_what_is_simulated():
    cells = (SimulatedCourses(STEP, 5, 5),)
    strict = shares_found(Settings(minimal_important_change_mm=1.5), cells=cells)
    assert strict["improved"].item() < shares_found(Settings(), cells=cells)["improved"].item()
