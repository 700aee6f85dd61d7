"""Speed of the mixed model of a group: CPU seconds, two sites a patient, twelve values.

lme4 (R) takes 0.08 s for 100 patients and 0.14 s for 200 of this form.
"""

from __future__ import annotations

import time

import numpy as np
import pandas as pd

from sm_tracker.analysis.cohort.cohort_model import mixed_change

SITES = ("forearm", "forehead")
READINGS_A_PHASE = 3
AIMS_S = {100: 0.1, 200: 0.2}
LME4_S = {100: 0.08, 200: 0.14}


def visit_values(n_patients: int) -> pd.DataFrame:
    """Synthetic visit values: patients and their sites differ in level and in change."""
    rng = np.random.default_rng(1)
    of_patient = rng.normal(0, [0.3, 0.25], (n_patients, 1, 2))
    own = of_patient + rng.normal(0, 0.15, (n_patients, len(SITES), 2))
    own += np.stack([2.4 - 0.3 * np.arange(len(SITES)), np.full(len(SITES), -0.4)], axis=1)
    mean = np.stack([own[..., 0], own.sum(axis=2)], axis=2)
    value = rng.normal(mean[..., None], 0.12, (*mean.shape, READINGS_A_PHASE))
    patient, site, under, visit = (place.ravel() for place in np.indices(value.shape))
    return pd.DataFrame(
        {
            "patient_id": np.char.add("P", patient.astype(str)).astype(object),
            "site": np.array(SITES, dtype=object)[site],
            "under": under,
            "days": np.where(under == 1, 30.0, -30.0) * (visit + 1),
            "value_mm": value.ravel().round(2),
        }
    )


def main() -> None:
    """Print CPU seconds against the aim and lme4."""
    begun = time.process_time()
    mixed_change(visit_values(10))
    print(f"first model of a process, 10 patients: {time.process_time() - begun:.2f} s")
    for n_patients, aim in AIMS_S.items():
        values = visit_values(n_patients)
        taken = []
        for _ in range(5):
            begun = time.process_time()
            found = mixed_change(values)
            taken.append(time.process_time() - begun)
        each = float(np.median(taken))
        print(
            f"{found.n_patients} patients x {len(SITES)} sites: {each:.3f} s (aim: {aim} s), "
            f"{each / LME4_S[n_patients]:.1f} times lme4"
        )


if __name__ == "__main__":
    main()
