"""Synthetic registries of any size by seed: 20 measurements and 4 therapy periods a patient."""

from __future__ import annotations

import numpy as np
import pandas as pd

SITES = ("forearm",)
REGIMENS = ("hydroxychloroquine", "cyclophosphamide", "ECP", "IVIG", "methotrexate")
N_VISITS = 20
N_PERIODS = 4


def registry(
    n_patients: int, *, seed: int = 1, first: int = 0
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Measurements and therapies of synthetic patients ``first`` to ``first + n_patients``.

    Visits are about 60 days apart; periods last about four months, some overlap, the last
    is ongoing in half of the patients.
    """
    rng = np.random.default_rng([seed, first])
    codes = np.char.add("P", np.char.zfill((first + np.arange(n_patients)).astype(str), 8))
    steps = rng.integers(15, 60, size=(n_patients, N_VISITS))
    start = np.datetime64("2015-01-01") + rng.integers(0, 2000, size=n_patients)
    dates = start[:, None] + np.cumsum(steps, axis=1)
    level = rng.normal(2.2, 0.3, size=(n_patients, 1, len(SITES)))
    fall = np.linspace(0, 1, N_VISITS)[None, :, None] * rng.normal(-0.3, 0.4, (n_patients, 1, 1))
    noise = rng.normal(0, 0.1, size=(n_patients, N_VISITS, len(SITES)))
    values = np.round(np.maximum(level + fall + noise, 0.3), 2)
    measurements = pd.DataFrame(
        {
            "patient_id": np.repeat(codes, N_VISITS * len(SITES)),
            "date": np.repeat(dates.ravel(), len(SITES)),
            "site": np.tile(SITES, n_patients * N_VISITS),
            "thickness_mm": values.ravel(),
        }
    )
    return measurements, _periods(rng, codes, dates)


def _periods(rng: np.random.Generator, codes: np.ndarray, dates: np.ndarray) -> pd.DataFrame:
    n_patients = codes.size
    begins = dates[:, [3, 7, 11, 15]] + rng.integers(0, 40, size=(n_patients, N_PERIODS))
    lasts = rng.integers(40, 200, size=(n_patients, N_PERIODS))
    ends = (begins + lasts).astype("datetime64[D]").astype("datetime64[us]")
    ongoing = np.zeros((n_patients, N_PERIODS), dtype=bool)
    ongoing[:, -1] = rng.random(n_patients) < 0.5
    ends[ongoing] = np.datetime64("NaT")
    return pd.DataFrame(
        {
            "patient_id": np.repeat(codes, N_PERIODS),
            "therapy": rng.choice(REGIMENS, size=n_patients * N_PERIODS),
            "start": begins.ravel(),
            "end": ends.ravel(),
            "end_status": np.where(ongoing.ravel(), "ongoing", "ended"),
        }
    )
