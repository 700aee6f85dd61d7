"""Speed and memory of the change table: one patient, and many at once.

The R package SingleCaseES takes 5.1 ms a contrast for three measures (batch_calc_ES with
NAP, LRRd and Tau; 1,000 series of 8 + 8 readings, measured on one core of a server CPU).
"""

from __future__ import annotations

import resource
import time
from collections.abc import Callable

import numpy as np
import pandas as pd

from benchmarks.synthetic_registry import registry
from sm_tracker.analysis.change import change_table

SINGLE_CASE_ES_MS = 5.1


def one_patient() -> tuple[pd.DataFrame, pd.DataFrame]:
    """40 visits, 4 sites, 6 periods."""
    rng = np.random.default_rng(1)
    days = np.cumsum(rng.integers(20, 60, size=40))
    sites = ("forearm", "hand dorsum", "forehead", "chest")
    measurements = pd.DataFrame(
        {
            "patient_id": "P",
            "day": np.repeat(days, len(sites)),
            "site": np.tile(sites, days.size),
            "thickness_mm": np.round(rng.normal(2, 0.2, days.size * len(sites)), 2),
        }
    )
    begins = days[[3, 9, 15, 21, 27, 33]]
    therapies = pd.DataFrame(
        {
            "patient_id": "P",
            "therapy": ["UVA1", "HC", "CP", "HC", "ECP", "IVIG"],
            "start_day": begins,
            "end_day": begins + 150,
        }
    )
    return measurements, therapies


def seconds(call: Callable[[], object], times: int) -> float:
    """Median of several runs after a first one."""
    call()
    taken = []
    for _ in range(times):
        began = time.perf_counter()
        call()
        taken.append(time.perf_counter() - began)
    return float(np.median(taken))


def main() -> None:
    """Print the figures."""
    patient = one_patient()
    taken = seconds(lambda: change_table(*patient), 9)
    print(f"one patient, 40 visits, 4 sites, 6 periods: {taken * 1000:.1f} ms (aim: 50 ms)")
    for n in (1_000, 10_000, 100_000):
        measurements, therapies = registry(n)
        began = time.perf_counter()
        table = change_table(measurements, therapies)
        taken = time.perf_counter() - began
        contrasts = int((table["level"] == "period").sum())
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
        each = 1000 * taken / len(table)
        print(
            f"{n:,} patients: {contrasts:,} period rows of {len(table):,} in {taken:.1f} s, "
            f"{each:.4f} ms a row, {SINGLE_CASE_ES_MS / each:,.0f} times SingleCaseES's speed, "
            f"peak {peak:.2f} GB"
        )


if __name__ == "__main__":
    main()
