"""The summary over several sites of one patient."""

import numpy as np
import pytest

from sm_tracker.analysis.change import change_table
from sm_tracker.analysis.change.summary import patient_summary
from sm_tracker.domain.settings import Settings

IVIG = "therapy | start_day | end_day \n IVIG | 0 |"


@pytest.fixture
def changes(readings, therapies):
    """The whole change table of two texts, with the rows over the sites."""
    return lambda measured, treated: change_table(
        readings(measured), therapies(treated), Settings()
    )


def test_the_summary_is_the_median_of_the_per_cent_changes_over_the_sites(changes):
    table = changes(
        """
        site     | day | thickness_mm
        forearm  | -5  | 2.0
        forearm  | 90  | 1.0
        chest    | -5  | 2.0
        chest    | 90  | 1.8
        forehead | -5  | 2.0
        forehead | 90  | 1.9
        """,
        IVIG,
    )
    row = patient_summary(table).iloc[0]
    assert (row["n_sites"], row["valid"]) == (3, True)
    assert row["median_change_pct"] == pytest.approx(-10.0)


def test_the_summary_is_invalid_when_the_sites_differ_between_the_visits(changes):
    table = changes(
        """
        site    | day | thickness_mm
        forearm | -5  | 2.0
        forearm | 90  | 1.0
        chest   | -5  | 2.0
        """,
        IVIG,
    )
    row = patient_summary(table).iloc[0]
    assert not row["valid"]
    assert row["reason"] == "the sites measured differ between the two visits"


def test_a_summary_without_a_complete_site_says_so(changes):
    table = changes("day | thickness_mm \n 90 | 2.0", IVIG)
    row = patient_summary(table).iloc[0]
    assert np.isnan(row["median_change_pct"])
    assert row["reason"] == "no site has both readings"
