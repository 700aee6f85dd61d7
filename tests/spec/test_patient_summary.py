"""The row over several sites of one patient."""

import numpy as np
import pytest

from sm_tracker.analysis.change import change_table
from sm_tracker.domain.settings import Settings

IVIG = "therapy | start_day | end_day \n IVIG | 0 |"


@pytest.fixture
def over_sites(readings, therapies):
    """The row over the sites in the change table of two texts."""

    def over_sites(measured, treated):
        table = change_table(readings(measured), therapies(treated), Settings())
        (row,) = table[table["level"] == "patient"].to_dict("records")
        return row

    return over_sites


def test_the_summary_is_the_median_of_the_per_cent_changes_over_the_sites(over_sites):
    row = over_sites(
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
    assert row["change_pct"] == pytest.approx(-10.0)


def test_a_site_without_a_last_value_is_not_part_of_the_median(over_sites):
    row = over_sites(
        """
        site    | day | thickness_mm
        forearm | -5  | 2.0
        forearm | 90  | 1.0
        chest   | -5  | 2.0
        """,
        IVIG,
    )
    assert row["change_pct"] == pytest.approx(-50.0)


def test_without_a_complete_site_there_is_no_median(over_sites):
    row = over_sites("day | thickness_mm \n 90 | 2.0", IVIG)
    assert np.isnan(row["change_pct"])
    assert row["verdict"] == "too_few_readings"
