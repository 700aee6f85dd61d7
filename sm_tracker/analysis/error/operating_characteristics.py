"""How often the rule finds a change, and how often it finds one that is not there.

Courses of known truth are simulated and sent through the change table itself, so that the
figures hold for every setting in force and cannot differ from what the pages say.
"""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from sm_tracker.analysis.change import change_table_of_visits
from sm_tracker.analysis.error.error_model import errors_in_force
from sm_tracker.analysis.kernels import FloatArray
from sm_tracker.domain.settings import ErrorSetting, Settings
from sm_tracker.domain.tables import VISITS, completed_table

LEVEL_MM, SD_MM, STEP_DAYS, ROUNDING_MM = 2.5, 0.12, 28, 0.01
"""A course starts at this level, scatters by this SD within a phase (error included), is read
at these intervals and written down to this step."""

WORDS = ("improved", "improved_slightly", "worsened", "worsened_slightly", "unchanged")


@dataclass(frozen=True, slots=True, kw_only=True)
class SimulatedEffect:
    """What is true of simulated courses: the parts add up.

    Attributes
    ----------
    name : str
    step_mm : float
        Change from the first reading under the regimen on.
    gradual_mm : float
        Change reached at the last reading, linear over the readings under the regimen.
    trend_mm : float
        Change a visit, through both phases alike.
    """

    name: str
    step_mm: float = 0.0
    gradual_mm: float = 0.0
    trend_mm: float = 0.0

    def truth(self, m: int, n: int) -> FloatArray:
        """The true course of m readings before and n under, from 0  [mm]."""
        under = np.arange(1, n + 1)
        own = np.r_[np.zeros(m), self.step_mm + self.gradual_mm * under / n]
        return np.asarray(own + self.trend_mm * np.arange(m + n))


NO_CHANGE = SimulatedEffect(name="no_change")
SLOW_TREND = SimulatedEffect(name="slow_trend", trend_mm=-0.03)
FAST_TREND = SimulatedEffect(name="fast_trend", trend_mm=-0.08)
SMALL_STEP = SimulatedEffect(name="small_step", step_mm=-0.3)
STEP = SimulatedEffect(name="step", step_mm=-0.5)
GRADUAL = SimulatedEffect(name="gradual", gradual_mm=-0.8)


@dataclass(frozen=True, slots=True)
class SimulatedCourses:
    """Courses of one scene, size and autocorrelation."""

    scene: SimulatedEffect
    m: int
    n: int
    phi: float = 0.0


def simulated_readings(
    cell: SimulatedCourses,
    series: int,
    rng: np.random.Generator,
    *,
    rounding_mm: float = ROUNDING_MM,
) -> FloatArray:
    """Readings of a cell, shape (series, m + n)  [mm]; AR(1) about the true course."""
    noise = autocorrelated_scatter(series, cell.m + cell.n, cell.phi, rng)
    values = LEVEL_MM + cell.scene.truth(cell.m, cell.n) + noise
    return np.asarray(np.round(values / rounding_mm) * rounding_mm)


def autocorrelated_scatter(
    series: int, readings: int, phi: float, rng: np.random.Generator
) -> FloatArray:
    """Scatter of SD_MM with the autocorrelation phi (AR(1)), shape (series, readings)  [mm]."""
    noise = rng.normal(0, SD_MM, (series, readings))
    carried = np.sqrt(1 - phi**2)
    for i in range(1, readings):
        noise[:, i] = phi * noise[:, i - 1] + carried * noise[:, i]
    return noise


def simulated_courses(
    readings: Sequence[tuple[FloatArray, int]],
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Visit values and therapies of simulated readings, one patient a course.

    Parameters
    ----------
    readings : sequence of (values, m)
        Values of shape (series, m + n), the first m of them before a therapy that goes on.

    Returns
    -------
    visits, therapies : DataFrame
        Contracts VISITS and THERAPIES; patients are numbered through in the order given.
    """
    sizes = [values.shape for values, _ in readings]
    codes = pd.array([f"{number:07d}" for number in range(sum(n for n, _ in sizes))], dtype="str")
    course = np.repeat(
        np.arange(codes.size), np.repeat([length for _, length in sizes], [n for n, _ in sizes])
    )
    days = [
        np.tile(STEP_DAYS * (np.arange(length) - m + 1), series)
        for (series, length), (_, m) in zip(sizes, readings, strict=True)
    ]
    # One reading a day, so that nothing is left for visit_values to average.
    visits = pd.DataFrame(
        {
            "patient_id": codes.take(course),
            "series_id": course,
            "site": "forearm",
            "t": np.concatenate(days),
            "value_mm": np.concatenate([values.ravel() for values, _ in readings]),
            "n_replicates": 1.0,
            "unit": "mm",
        }
    )
    therapies = pd.DataFrame(
        {"patient_id": codes, "therapy": "regimen", "start_day": 0, "end_status": "ongoing"}
    )
    return completed_table(visits, VISITS), therapies


def simulated_period_rows(
    visits: pd.DataFrame, therapies: pd.DataFrame, settings: Settings
) -> pd.DataFrame:
    """The rows of the periods in the change table, in the order of the patients."""
    table = change_table_of_visits(visits, therapies, settings)
    return table[table["level"] == "period"].reset_index(drop=True)


ALIKE = 0.6
"""Autocorrelation of readings that resemble their neighbours."""

SIZES = ((3, 3), (5, 5), (8, 8), (3, 12))
SHOWN = (
    *(SimulatedCourses(NO_CHANGE, m, n, ALIKE) for m, n in SIZES),
    *(
        SimulatedCourses(scene, m, n)
        for scene in (NO_CHANGE, SLOW_TREND, SMALL_STEP, STEP, GRADUAL)
        for m, n in SIZES
    ),
)
"""What Settings and Methods show for the error in force."""

SERIES_A_CELL = 1_000
SEED = 20_261_201


def shares_found(
    settings: Settings, error: ErrorSetting | None = None, cells: Iterable[SimulatedCourses] = SHOWN
) -> pd.DataFrame:
    """Share of courses that get each word, with one error in force for all of them.

    Parameters
    ----------
    settings : Settings
        All but the measurement error is taken from here.
    error : ErrorSetting, optional
        The general one of `settings` if omitted.
    cells : iterable of Cell

    Returns
    -------
    DataFrame
        One row per cell: ``scene, m, n, phi`` and the share, 0 to 1, of each of WORDS; codes
        are those of a scale on which thinner is better.

    Notes
    -----
    1,000 courses a cell of one fixed seed: a share of 0.95 is known to ± 0.014. The result
    of a set of settings is kept for the life of the process.
    """
    general = error or errors_in_force(settings)[0]
    alike = dataclasses.replace(
        settings,
        sem_mm=general.sem_mm,
        sem_fraction=general.sem_fraction,
        sem_source="",
        error_settings=(),
        regimen_windows=(),
        improvement="decrease",
    )
    return _found(alike, tuple(cells)).copy()


@functools.lru_cache(maxsize=64)
def _found(settings: Settings, cells: tuple[SimulatedCourses, ...]) -> pd.DataFrame:
    rng = np.random.default_rng(SEED)
    readings = [(simulated_readings(cell, SERIES_A_CELL, rng), cell.m) for cell in cells]
    verdict = simulated_period_rows(*simulated_courses(readings), settings)["verdict"]
    rows = []
    for number, cell in enumerate(cells):
        own = verdict.iloc[number * SERIES_A_CELL : (number + 1) * SERIES_A_CELL]
        shares = {word: float((own == word).mean()) for word in WORDS}
        rows.append({"scene": cell.scene.name, "m": cell.m, "n": cell.n, "phi": cell.phi} | shares)
    return pd.DataFrame(rows)
