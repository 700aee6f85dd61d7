"""Speed of the effect-size table: 1,000 labelled series of 8 + 8 readings.

The R package SingleCaseES takes 5.1 ms a series for NAP, LRRd and Tau (batch_calc_ES, 1,000
series of 8 + 8 readings, measured on one core of a server CPU).
"""

from __future__ import annotations

import time

import numpy as np
import pandas as pd

from sm_tracker.analysis.measures.effects import effect_sizes, measure_names
from sm_tracker.analysis.measures.effects_models import MODEL_MEASURES

SINGLE_CASE_ES_MS = 5.1
N_SERIES = 1000
READINGS_A_PHASE = 8


def labelled_series(n_series: int = N_SERIES) -> pd.DataFrame:
    """Synthetic series of two phases: a fall of 0.2 mm with a spread of 0.12 mm."""
    rng = np.random.default_rng(1)
    length = 2 * READINGS_A_PHASE
    level = np.where(np.arange(length) < READINGS_A_PHASE, 2.5, 2.3)
    thickness = rng.normal(level, 0.12, (n_series, length)).round(2)
    return pd.DataFrame(
        {
            "dataset": "synthetic",
            "case_id": np.repeat(np.arange(n_series), length).astype(str),
            "session": np.tile(np.arange(length), n_series),
            "phase": np.tile(np.repeat(["A", "B"], READINGS_A_PHASE), n_series),
            "outcome": thickness.ravel(),
            "direction": "decrease",
        }
    )


def main() -> None:
    """Print milliseconds a series for growing sets of measures."""
    series = labelled_series()
    without_models = [m for m in measure_names() if m not in MODEL_MEASURES]
    sets: dict[str, dict[str, object]] = {
        "NAP, LRRd, Tau": {"measures": ["NAP", "LRRd", "Tau"]},
        "all but models": {"measures": without_models},
        "all but models, with variants": {"measures": without_models, "variants": True},
        "all": {},
    }
    effect_sizes(series[: 2 * READINGS_A_PHASE])
    for name, options in sets.items():
        begun = time.perf_counter()
        table = effect_sizes(series, **options)  # type: ignore[arg-type]
        each = 1000 * (time.perf_counter() - begun) / N_SERIES
        print(f"{name}: {each:.3f} ms a series, {len(table) / N_SERIES:.0f} rows a series")
        if name == "NAP, LRRd, Tau":
            print(f"  SingleCaseES {SINGLE_CASE_ES_MS} ms: ratio {SINGLE_CASE_ES_MS / each:.0f}")


if __name__ == "__main__":
    main()
