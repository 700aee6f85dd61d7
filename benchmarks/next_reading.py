"""How often the next reading lies where the product expects it, for courses of known truth.

Readings 28 days apart around 2.5 mm with a within-phase SD of 0.12 mm (its error included;
AR(1) with the autocorrelation shown), rounded to 0.01 mm. Courses that go on as before, and
courses that turn at the very visit that is expected. Beside it: how often the last value with
the smallest detectable change around it holds the next one, which is no forecast.

``python -m benchmarks.next_reading [patients a cell]``
"""

from __future__ import annotations

import sys
from collections.abc import Callable

import numpy as np
import pandas as pd

from sm_tracker.analysis.change.next_reading import next_reading_outlook
from sm_tracker.analysis.error.error_model import error_model
from sm_tracker.domain.settings import Settings
from sm_tracker.domain.tables import THERAPIES, completed_table
from sm_tracker.domain.timeline import visit_values

LEVEL_MM, SD_MM, STEP_DAYS = 2.5, 0.12, 28
ERRORS = {
    "SEM 0.08 mm": Settings(sem_mm=0.08, sem_fraction=0.0, sem_source="simulation"),
    "default error": Settings(),
}
SIZES = (3, 4, 6, 8, 12)
AUTOCORRELATIONS = (0.0, 0.6)
Course = Callable[[int], np.ndarray]


def level(n: int) -> np.ndarray:
    return np.zeros(n + 1)


def trend(per_visit: float) -> Course:
    return lambda n: per_visit * np.arange(n + 1)


def settling(size: float) -> Course:
    """A fall that slows down: half of what is left within four visits."""
    return lambda n: size * (1 - 0.5 ** (np.arange(n + 1) / 4))


def turning(per_visit: float, after: float) -> Course:
    """A trend that goes on otherwise at the visit that is expected."""
    return lambda n: np.r_[per_visit * np.arange(n), per_visit * (n - 1) + after]


STEADY: dict[str, Course] = {
    "level": level,
    "-0.03 mm a visit": trend(-0.03),
    "-0.08 mm a visit": trend(-0.08),
    "falls by 0.8 mm and settles": settling(-0.8),
}
TURNING: dict[str, Course] = {
    "-0.08 mm a visit, then +0.15 mm": turning(-0.08, 0.15),
    "level, then -0.25 mm": turning(0.0, -0.25),
}


def simulate(course: Course, n: int, phi: float, patients: int, seed: int) -> np.ndarray:
    """Readings under the regimen and the next one, shape (patients, n + 1)  [mm]."""
    rng = np.random.default_rng(seed)
    noise = rng.normal(0, SD_MM, (patients, n + 1))
    for k in range(1, n + 1):
        noise[:, k] = phi * noise[:, k - 1] + np.sqrt(1 - phi**2) * noise[:, k]
    return np.round(LEVEL_MM + course(n) + noise, 2)


def coverage(values: np.ndarray, settings: Settings) -> tuple[float, float]:
    """Share of next readings inside the expected range, and beside the last value, per cent."""
    patients, n = values.shape[0], values.shape[1] - 1
    codes = np.repeat([f"P{k:06d}" for k in range(patients)], n)
    measurements = pd.DataFrame(
        {
            "patient_id": codes,
            "site": "forearm",
            "day": np.tile(STEP_DAYS * np.arange(1, n + 1), patients),
            "thickness_mm": values[:, :n].ravel(),
        }
    )
    therapies = pd.DataFrame(
        {"patient_id": codes[::n], "therapy": "IVIG", "start_day": 0, "end_status": "ongoing"}
    )
    found = next_reading_outlook(
        visit_values(measurements), completed_table(therapies, THERAPIES), settings
    )
    table, following = found.next_reading, values[:, n]
    inside = (table["low_mm"] <= following) & (following <= table["high_mm"])
    last = values[:, n - 1]
    beside = np.abs(following - last) <= error_model(settings).mdc95(last, following)
    return 100 * float(inside.mean()), 100 * float(beside.mean())


def main(patients: int = 2000) -> None:
    sizes = " ".join(f"{f'n = {n}':>13}" for n in SIZES)
    for error, settings in ERRORS.items():
        for kind, courses in (("goes on", STEADY), ("turns", TURNING)):
            print(f"\n{error}, course {kind}: inside, and beside the last value, per cent\n{sizes}")
            for name, course in courses.items():
                for phi in AUTOCORRELATIONS:
                    cells = [
                        coverage(simulate(course, n, phi, patients, seed=n), settings)
                        for n in SIZES
                    ]
                    row = " ".join(f"{a:6.1f} {b:6.1f}" for a, b in cells)
                    print(f"{row}   {name}, autocorrelation {phi}", flush=True)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:2]))
