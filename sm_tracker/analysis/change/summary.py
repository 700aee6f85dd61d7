"""Summary over the sites of a patient, from the change table."""

from __future__ import annotations

import numpy as np
import pandas as pd

from sm_tracker.domain.tables import THICKNESS

_KEYS = ["patient_id", "period_id"]


def patient_summary(changes: pd.DataFrame) -> pd.DataFrame:
    """Whether the median change over the sites of a patient may be used, one row a period.

    Parameters
    ----------
    changes : DataFrame
        Contract CHANGES.

    Returns
    -------
    DataFrame
        ``patient_id, period_id, regimen, n_sites, median_change_pct, valid, reason``. The
        median is that of the row over the sites; it is invalid where the series with a
        baseline differ from those with a last value.
    """
    periods = changes[(changes["level"] == "period") & (changes["measure"] == THICKNESS)]
    has_baseline, has_last = periods["baseline_mm"].notna(), periods["last_mm"].notna()
    counted = (
        periods.assign(both=has_baseline & has_last, one_sided=has_baseline ^ has_last)
        .groupby(_KEYS, sort=False)[["both", "one_sided"]]
        .sum()
    )
    over_sites = changes.loc[changes["level"] == "patient", [*_KEYS, "regimen", "change_pct"]]
    summary = over_sites.rename(columns={"change_pct": "median_change_pct"}).reset_index(drop=True)
    n = counted.reindex(pd.MultiIndex.from_frame(summary[_KEYS])).to_numpy()
    n_both, n_one_sided = n[:, 0], n[:, 1]
    summary.insert(3, "n_sites", n_both)
    return summary.assign(
        valid=(n_both > 0) & (n_one_sided == 0),
        reason=np.select(
            [n_both == 0, n_one_sided > 0],
            ["no site has both readings", "the sites measured differ between the two visits"],
            "",
        ),
    )
