"""The mixed model of a group: which values take part, and when there is none."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from sm_tracker.analysis.change import change_table
from sm_tracker.analysis.cohort.cohort_change import CohortQuestion, one_per_patient
from sm_tracker.analysis.cohort.cohort_model import cohort_visits, mixed_change
from sm_tracker.domain.settings import Settings
from sm_tracker.domain.timeline import visit_values
from sm_tracker.errors import SettingError, TooFewReadings

BEFORE, UNDER = (-60, -30, 0), (30, 60, 90)


def readings(patient, change, site="forearm", device="D", spread=0.05, seed=0):
    chance = np.random.default_rng([seed, *map(ord, patient + site)])
    return [
        {
            "patient_id": patient, "day": day, "site": site, "device": device,
            "thickness_mm": 2.4 + (change if day > 0 else 0) + chance.normal(0, spread),
        }
        for day in (*BEFORE, *UNDER)
    ]  # fmt: skip


def course(patient, **more):
    return {"patient_id": patient, "therapy": "IVIG", "start_day": 0, "end_day": 200} | more


def values_of(rows, courses, question=None):
    measurements, therapies = pd.DataFrame(rows), pd.DataFrame(courses)
    one = one_per_patient(
        change_table(measurements, therapies), question or CohortQuestion(regimen="IVIG")
    )
    return cohort_visits(visit_values(measurements), therapies, Settings(), one)


@pytest.fixture
def eight():
    patients = [f"P{k}" for k in range(8)]
    rows = [r for k, p in enumerate(patients) for r in readings(p, -0.3 - 0.05 * k)]
    return rows, [course(p) for p in patients]


def test_the_mean_change_of_the_patients_is_found(eight):
    found = mixed_change(values_of(*eight))
    assert found.estimate_mm == pytest.approx(-0.475, abs=0.03)
    assert found.low_mm < found.estimate_mm < found.high_mm < 0
    assert found.before_mm == pytest.approx(2.4, abs=0.03)
    assert (found.n_patients, found.n_sites, found.n_values, found.df) == (8, 8, 48, 7)
    assert np.isnan(found.sd_site_mm)


def test_the_values_are_those_before_and_under_the_course_and_no_others(eight):
    rows, courses = eight
    rows = [*rows, {"patient_id": "P0", "day": 400, "site": "forearm", "device": "D",
                    "thickness_mm": 9.0}]  # fmt: skip
    values = values_of(rows, courses)
    assert values.groupby("under")["days"].agg(["min", "max"]).to_numpy().tolist() == [
        [-60, 0],
        [30, 90],
    ]
    assert values["value_mm"].max() < 9


def test_sites_of_a_patient_take_part_and_values_of_another_device_do_not(eight):
    rows, courses = eight
    rows = [*rows, *readings("P0", -0.3, site="forehead"), *readings("P1", -0.3, device="E")]
    values = values_of(rows, courses, CohortQuestion(regimen="IVIG", device="D"))
    assert values.groupby("patient_id").size().to_dict()["P0"] == 12
    assert values.groupby("patient_id").size().to_dict()["P1"] == 6


def test_a_patient_with_values_on_one_side_only_is_left_out_and_counted(eight):
    rows, courses = eight
    rows = [r for r in rows if r["patient_id"] != "P3" or r["day"] > 0]
    found = mixed_change(values_of(rows, courses))
    assert (found.n_patients, found.n_left_out) == (7, 1)


def test_five_patients_are_too_few(eight):
    rows, courses = eight
    few = [r for r in rows if r["patient_id"] < "P5"]
    with pytest.raises(TooFewReadings, match="regimen: 5"):
        mixed_change(values_of(few, courses))


def test_two_values_a_patient_are_too_few(eight):
    rows, courses = eight
    few = [r for r in rows if r["day"] in (0, 90)]
    with pytest.raises(TooFewReadings, match="16 values of 8 patients"):
        mixed_change(values_of(few, courses))


def test_identical_values_are_refused(eight):
    values = values_of(*eight).assign(value_mm=2.0)
    with pytest.raises(TooFewReadings, match="the same"):
        mixed_change(values)


def test_more_patients_than_can_be_fitted_in_seconds_are_refused():
    many = pd.DataFrame({
        "patient_id": [f"P{k}" for k in range(501) for _ in range(2)], "site": "forearm",
        "under": [0, 1] * 501, "days": 0.0, "value_mm": 2.0,
    })  # fmt: skip
    with pytest.raises(SettingError, match="at most 500"):
        mixed_change(many)


def test_patients_who_change_alike_are_told_to_lie_at_the_edge(eight):
    _, courses = eight
    rows = [r for c in courses for r in readings(c["patient_id"], -0.4, spread=0.1, seed=2)]
    found = mixed_change(values_of(rows, courses))
    assert found.estimate_mm == pytest.approx(-0.4, abs=0.1)
    assert found.at_edge


def test_patients_whose_values_do_not_differ_within_a_phase_are_refused_with_the_reason(eight):
    rows, courses = eight
    exact = [r | {"thickness_mm": 2.4 - 0.1 * int(r["patient_id"][1]) * (r["day"] > 0)}
             for r in rows]  # fmt: skip
    with pytest.raises(TooFewReadings, match="does not settle") as refusal:
        mixed_change(values_of(exact, courses))
    assert "values of a phase do not differ" in str(refusal.value)


@pytest.fixture
def two_sites(eight):
    rows, courses = eight
    other = [r for k, c in enumerate(courses)
             for r in readings(c["patient_id"], -0.3 - 0.05 * k, site="forehead")]  # fmt: skip
    return values_of([*rows, *other], courses)


def test_sites_that_do_not_differ_within_a_patient_have_no_spread_of_their_own(eight):
    rows, courses = eight
    found = mixed_change(values_of([*rows, *(r | {"site": "forehead"} for r in rows)], courses))
    assert (found.n_patients, found.n_sites) == (8, 16)
    assert np.isnan(found.sd_site_mm)
    assert np.isnan(found.sd_site_slope_mm)


def test_sites_that_change_each_in_its_own_way_have_a_spread_of_it(two_sites):
    chance = np.random.default_rng(1)
    pairs = two_sites.groupby(["patient_id", "site"]).ngroup().to_numpy()
    own = 0.3 * chance.normal(size=pairs.max() + 1)[pairs] * two_sites["under"]
    found = mixed_change(two_sites.assign(value_mm=two_sites["value_mm"] + own))
    assert found.sd_site_slope_mm == pytest.approx(0.3, abs=0.15)
    assert np.isnan(found.sd_site_mm)


def estimates(found):
    return np.array([getattr(found, name) for name in (
        "estimate_mm", "se_mm", "low_mm", "high_mm", "before_mm", "sd_patient_mm",
        "sd_slope_mm", "sd_residual_mm",
    )])  # fmt: skip


def test_estimates_follow_the_unit_and_know_neither_days_nor_names_nor_order(two_sites):
    own = mixed_change(two_sites)
    tenfold = mixed_change(two_sites.assign(value_mm=10 * two_sites["value_mm"]))
    assert estimates(tenfold) == pytest.approx(10 * estimates(own), rel=1e-4)
    later = mixed_change(two_sites.assign(days=two_sites["days"] + 400))
    assert repr(later) == repr(own)
    names = {f"P{k}": f"P{(3 * k + 1) % 8}" for k in range(8)}
    other = two_sites.assign(patient_id=two_sites["patient_id"].map(names))
    turned = mixed_change(other.sample(frac=1, random_state=1))
    assert estimates(turned) == pytest.approx(estimates(own), rel=1e-4)
    assert turned.correlation == pytest.approx(own.correlation, abs=1e-4)
