"""Summary over the sites of a patient, from the change table."""

from __future__ import annotations

import numpy as np
import pandas as pd


def patient_summary(changes: pd.DataFrame) -> pd.DataFrame:
    """Summary over the sites of a patient, one row per patient and therapy period.

    Parameters
    ----------
    changes : DataFrame
        Contract CHANGES.

    Returns
    -------
    DataFrame
        ``patient_id, period_id, regimen, n_sites, median_change_pct, valid, reason``. The
        median is over the sites with both readings and is invalid where the sites with a
        baseline differ from those with a last value.
    """
    periods = changes[changes["level"] == "period"]
    has_baseline, has_last = periods["baseline_mm"].notna(), periods["last_mm"].notna()
    both = has_baseline & has_last
    summary = (
        periods.assign(
            both=both,
            one_sided=has_baseline ^ has_last,
            pct=periods["change_pct"].where(both),
        )
        .groupby(["patient_id", "period_id", "regimen"], sort=False)
        .agg(
            n_sites=("both", "sum"),
            n_one_sided=("one_sided", "sum"),
            median_change_pct=("pct", "median"),
        )
        .reset_index()
    )
    summary["valid"] = (summary["n_sites"] > 0) & (summary["n_one_sided"] == 0)
    summary["reason"] = np.select(
        [summary["n_sites"] == 0, summary["n_one_sided"] > 0],
        ["no site has both readings", "the sites measured differ between the two visits"],
        "",
    )
    return summary
