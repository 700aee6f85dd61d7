"""Statistics of groups of patients agree with base R and nlme on synthetic sets."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from sm_tracker.analysis.cohort.cohort_concordance import spearman
from sm_tracker.analysis.cohort.cohort_model import mixed_change
from sm_tracker.analysis.cohort.cohort_ranks import holm, paired_shift, two_group_shift
from sm_tracker.workflow import cohort as cohorts

FOLDER = Path(__file__).parent / "cohort"
MIXED = ("one_site", "two_sites", "three_sites")


@pytest.fixture(scope="module")
def expected():
    frame = pd.read_csv(FOLDER / "expected.csv")
    return {name: dict(zip(own["quantity"], own["value"], strict=True))
            for name, own in frame.groupby("set")}  # fmt: skip


@pytest.fixture(scope="module")
def groups():
    frame = pd.read_csv(FOLDER / "values.csv")
    return {
        name: [own.loc[own["group"] == g, "value"].to_numpy() for g in sorted(set(own["group"]))]
        for name, own in frame.groupby("set")
    }


def test_shift_limits_and_exact_p_of_one_and_two_groups_agree_with_r(expected, groups):
    compared = 0
    for name, r in expected.items():
        if not name.startswith(("paired_", "groups_")):
            continue
        values = groups[name]
        own = paired_shift(values[0]) if len(values) == 1 else two_group_shift(*values)
        assert own.exact
        for quantity, value in r.items():
            assert getattr(own, quantity) == pytest.approx(value, abs=1e-9), (name, quantity)
            compared += 1
    assert compared == 10 * 4


def test_p_of_large_groups_with_ties_agrees_with_r(expected, groups):
    paired = paired_shift(groups["large_paired"][0])
    two = two_group_shift(*groups["large_groups"])
    for own, name in ((paired, "large_paired"), (two, "large_groups")):
        assert not own.exact
        assert own.n_tied > 0
        assert own.p_value == pytest.approx(expected[name]["p_value"], rel=1e-9)


def test_adjusted_p_values_and_the_rank_correlation_agree_with_r(expected, groups):
    assert holm([0.01, 0.04, 0.03, 0.2, 0.011]) == pytest.approx(tuple(expected["holm"].values()))
    rho = spearman(*groups["spearman"]).rho
    assert rho == pytest.approx(expected["spearman"]["rho"], abs=1e-9)


@pytest.mark.parametrize("name", MIXED)
def test_the_mixed_model_agrees_with_nlme(expected, name):
    visits = pd.read_csv(FOLDER / "visits.csv").assign(days=0.0)
    own = mixed_change(visits[visits["set"] == name].drop(columns="set"))
    assert not own.at_edge
    for quantity, value in expected[name].items():
        assert getattr(own, quantity) == pytest.approx(value, rel=1e-4), quantity


def test_the_mixed_model_of_the_survey_is_the_one_that_nlme_finds():
    """The spread of one random part is zero here, where a search easily stops too early.

    R 4.2, nlme 3.1: lme(value ~ under + site, random = list(patient = ~under,
    site = pdDiag(~under)), control = lmeControl(opt = "nlminb", tolerance = 1e-9)), sites
    with values on both sides; the level of the sites has a spread of 8e-6 mm there.
    """
    survey = cohorts.example_cohort()
    (way, *_others) = cohorts.ways_of(survey, "IVIG")
    view = cohorts.view_of(survey, cohorts.question_of("IVIG", "", way))
    own = mixed_change(view.values)
    assert (own.n_patients, own.n_values) == (13, 170)
    assert own.estimate_mm == pytest.approx(-0.2540154, rel=1e-4)
    assert own.se_mm == pytest.approx(0.07484455, rel=1e-4)
    assert own.sd_patient_mm == pytest.approx(0.1421095, rel=1e-4)
    assert own.sd_slope_mm == pytest.approx(0.2473289, rel=1e-4)
    assert own.sd_site_slope_mm == pytest.approx(0.07229996, rel=1e-4)
    assert own.sd_residual_mm == pytest.approx(0.1589388, rel=1e-4)
