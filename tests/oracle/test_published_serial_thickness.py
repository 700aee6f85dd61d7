"""The change table on published group values gives the changes that the sources print."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from sm_tracker.analysis.change import change_table
from sm_tracker.domain.settings import Settings

EVIDENCE = Path(__file__).parent / "evidence/published_serial_thickness.csv"


@pytest.fixture
def evidence() -> pd.DataFrame:
    """Rows with a thickness in mm on a known day after the start of a therapy."""
    rows = pd.read_csv(EVIDENCE)
    rows = rows[rows["thickness_mm"].notna() & rows["days_from_start"].notna()]
    return rows[rows["therapy"] != "none"]


@pytest.fixture
def changes(evidence: pd.DataFrame) -> pd.DataFrame:
    """The change table with each study arm as a patient and one period without a known end."""
    measurements = pd.DataFrame(
        {
            "patient_id": evidence["study_id"],
            "day": evidence["days_from_start"],
            "site": evidence["site"],
            "thickness_mm": evidence["thickness_mm"],
        }
    )
    therapies = pd.DataFrame(
        {
            "patient_id": evidence["study_id"].unique(),
            "therapy": evidence.groupby("study_id", sort=False)["therapy"].first().to_numpy(),
            "start_day": 0.0,
            "end_status": "unknown",
        }
    )
    table = change_table(measurements, therapies, Settings())
    return table[table["level"] == "period"].set_index(["patient_id", "site"])


@pytest.mark.parametrize(
    ("arm", "printed_pct"), [("karalilova2020_TOF", -12.87), ("karalilova2020_MTX", -4.73)]
)
def test_the_change_printed_by_karalilova_2020_comes_out_to_two_decimals(
    changes, evidence, arm, printed_pct
):
    row = changes.loc[arm].squeeze()
    assert evidence.loc[evidence["study_id"] == arm, "reported_change_pct"].max() == printed_pct
    assert round(row["change_pct"], 2) == printed_pct
    assert row["days"] == 182


def test_an_arm_with_one_known_day_is_not_computable_and_keeps_its_row(changes, evidence):
    days = evidence.groupby(["study_id", "site"])["days_from_start"].nunique()
    for single in days.index[days == 1]:
        assert changes.loc[single, "error_check"] == "not_computable"
        assert changes.loc[single, "error_reason"]


def test_the_changes_of_all_arms_follow_from_first_and_last_value(changes, evidence):
    computed = changes["change_pct"].dropna()
    assert len(computed) == 3
    for arm, pct in computed.items():
        rows = evidence[(evidence["study_id"] == arm[0]) & (evidence["site"] == arm[1])]
        first, last = rows.sort_values("days_from_start")["thickness_mm"].iloc[[0, -1]]
        assert pct == pytest.approx(100 * (last - first) / first, abs=1e-9)
