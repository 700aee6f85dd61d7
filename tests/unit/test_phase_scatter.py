"""The clinic's own scatter within phases: what it is made of, and when it is refused."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sm_tracker.analysis.error.phase_scatter import phase_residuals, scatter_within_phases
from sm_tracker.domain.settings import ErrorSetting, Settings
from sm_tracker.domain.timeline import visit_values
from sm_tracker.errors import SettingError, TooFewReadings
from tests.sampling import examples

THERAPY_COLUMNS = ["patient_id", "therapy", "start_day", "end_day", "end_status"]


def visits_of(rows, **columns):
    """Visit values from rows of (patient, day, mm)."""
    frame = pd.DataFrame(rows, columns=["patient_id", "day", "thickness_mm"])
    return visit_values(frame.assign(**{"site": "forearm", "device": "D1", **columns}))


def therapies_of(*rows):
    return pd.DataFrame(rows, columns=THERAPY_COLUMNS)


NO_THERAPY = therapies_of()


def clinic(seed=0, *, patients=12, before=5, under=6, sd=0.12, slope=-0.001, site="forearm"):
    """Patients on sloping lines before and under a therapy from day 0, with scatter of `sd`."""
    rng = np.random.default_rng(seed)
    days = 28 * (np.arange(before + under) - before + 1)
    rows = []
    for number in range(patients):
        level, own_slope = rng.uniform(1.5, 3.5), slope * rng.uniform(0, 2)
        truth = level + own_slope * days - 0.6 * (days > 0)
        values = truth + rng.normal(0, sd, days.size)
        rows += [(f"P{number}", day, mm) for day, mm in zip(days, values, strict=True)]
    therapies = therapies_of(*((f"P{n}", "IVIG", 0, np.nan, "ongoing") for n in range(patients)))
    return visits_of(rows, site=site), therapies


def test_one_phase_by_hand():
    # Days 0, 10, 20, 30 with 2.0, 2.2, 2.0, 2.2: mean 2.1 at day 15, slope 0.004 a day;
    # residuals -0.04, 0.12, -0.12, 0.04, so that their squares add up to 0.032.
    visits = visits_of([("P1", day, mm) for day, mm in ((0, 2.0), (10, 2.2), (20, 2.0), (30, 2.2))])
    (phase,) = phase_residuals(visits, NO_THERAPY, Settings()).to_dict("records")
    assert (phase["n"], phase["mean_mm"]) == (4, pytest.approx(2.1))
    assert phase["squares"] == pytest.approx(0.032)


def test_ten_such_phases_are_pooled_by_hand():
    zigzag = ((0, 2.0), (10, 2.2), (20, 2.0), (30, 2.2))
    visits = visits_of([(f"P{n}", day, mm + n) for n in range(10) for day, mm in zigzag])
    (found,) = scatter_within_phases(visits, NO_THERAPY)
    assert (found.freedom, found.n_phases, found.n_patients, found.n_readings) == (20, 10, 10, 40)
    # 0.032 / 2 a degree of freedom; chi-square quantiles of 20: 9.591 and 34.170.
    assert found.sd_mm.value == pytest.approx(np.sqrt(0.016))
    assert found.sd_mm.low == pytest.approx(np.sqrt(20 * 0.016 / 34.170), rel=1e-4)
    assert found.sd_mm.high == pytest.approx(np.sqrt(20 * 0.016 / 9.591), rel=1e-4)
    assert (found.thinnest_mm, found.thickest_mm) == pytest.approx((2.1, 11.1))


def test_it_is_the_residual_mean_square_of_one_regression_with_a_line_for_each_phase():
    visits, therapies = clinic(3, patients=5)
    (found,) = scatter_within_phases(visits, therapies)
    phase = visits["patient_id"] + np.where(visits["t"] > 0, " under", " before")
    own = pd.get_dummies(phase).astype(float)
    lines = pd.concat([own, own.mul(visits["t"], axis=0)], axis=1)
    _, squares, rank, _ = np.linalg.lstsq(lines, visits["value_mm"])
    assert found.freedom == len(lines) - rank
    assert found.sd_mm.value == pytest.approx(np.sqrt(squares.item() / found.freedom))


def test_the_scatter_of_a_simulated_clinic_is_found_again():
    (found,) = scatter_within_phases(*clinic(11, patients=400, sd=0.12))
    assert found.freedom == 400 * (3 + 4)
    assert found.sd_mm.value == pytest.approx(0.12, rel=0.03)


def test_the_interval_meets_the_known_scatter_in_95_of_100_small_clinics():
    met = 0
    for seed in range(100):
        (found,) = scatter_within_phases(*clinic(seed, patients=4, before=4, under=6, sd=0.12))
        met += found.sd_mm.low <= 0.12 <= found.sd_mm.high
    assert 90 <= met <= 99


def test_a_fall_at_the_start_of_a_therapy_or_along_a_line_is_no_scatter():
    days = range(0, 280, 28)
    start = 112
    rows = [(f"P{n}", d, 3.0 - 0.002 * d - (d > start) * 0.9) for n in range(4) for d in days]
    therapies = therapies_of(*((f"P{n}", "IVIG", start, np.nan, "ongoing") for n in range(4)))
    (found,) = scatter_within_phases(visits_of(rows), therapies)
    assert found.sd_mm.value == pytest.approx(0, abs=1e-9)
    assert found.n_phases == 8
    with pytest.raises(SettingError, match="exactly on straight lines"):
        found.as_error("own scatter")


def test_a_phase_of_three_readings_takes_no_part():
    visits, therapies = clinic(1, patients=10, before=3, under=5)
    (found,) = scatter_within_phases(visits, therapies)
    assert (found.n_phases, found.freedom) == (10, 30)


def test_a_reading_within_an_uncertain_start_belongs_to_no_phase():
    dates = pd.to_datetime(
        ["2024-01-10", "2024-02-10", "2024-03-10", "2024-04-10", "2024-05-10", "2024-05-20",
         "2024-06-10", "2024-07-10", "2024-08-10", "2024-09-10"]
    )  # fmt: skip
    measurements = pd.DataFrame({"patient_id": "P1", "date": dates, "thickness_mm": 2.0})
    therapies = pd.DataFrame(
        {"patient_id": ["P1"], "therapy": ["IVIG"], "start": pd.to_datetime(["2024-05-01"]),
         "date_precision": ["month"], "end_status": ["ongoing"]}
    )  # fmt: skip
    phases = phase_residuals(
        visit_values(measurements.assign(site="forearm")), therapies, Settings()
    )
    assert phases["n"].tolist() == [4, 4]


def test_readings_in_the_run_in_belong_to_no_phase():
    visits, therapies = clinic(1, patients=1, before=4, under=5)
    phases = phase_residuals(visits, therapies, Settings(lag_days=30))
    assert phases["n"].tolist() == [4, 4]


def test_censored_and_unreadable_visits_take_no_part():
    visits, therapies = clinic(1, patients=8)
    spoilt = visits.assign(
        state=np.where(visits["t"] == 28, "beyond_depth", visits["state"]),
        value_mm=np.where(visits["t"] == 28, np.nan, visits["value_mm"]),
    )
    (found,) = scatter_within_phases(spoilt, therapies)
    assert found.freedom == 8 * (3 + 3)


def test_under_20_degrees_of_freedom_it_is_refused_with_the_reason():
    visits, therapies = clinic(1, patients=2, before=5, under=6)
    with pytest.raises(TooFewReadings, match="14 degrees of freedom from 4 phases") as refusal:
        scatter_within_phases(visits, therapies)
    assert "20 are needed" in str(refusal.value)
    with pytest.raises(TooFewReadings, match="0 degrees of freedom from 0 phases"):
        scatter_within_phases(visits_of([]), NO_THERAPY)


def test_sites_and_devices_with_enough_readings_are_judged_apart():
    many, therapies = clinic(1, patients=8)
    few = clinic(2, patients=2, site="calf")[0]
    visits = pd.concat([many, few.assign(series_id=few["series_id"] + 100)], ignore_index=True)
    together, forearm = scatter_within_phases(visits, therapies)
    assert (together.site, together.device, together.freedom) == ("", "D1", 70)
    assert (forearm.site, forearm.device, forearm.freedom) == ("forearm", "D1", 56)


def test_one_site_and_device_alone_is_judged_once():
    assert len(scatter_within_phases(*clinic(1))) == 1


def test_a_change_of_examiner_within_a_phase_is_counted():
    visits, therapies = clinic(1, patients=4)
    within = (visits["t"] == 56) & (visits["patient_id"] == "P0")
    between = (visits["t"] == 28) & (visits["patient_id"] == "P1")
    broken = visits.assign(break_before=np.where(within | between, "examiner", ""))
    (found,) = scatter_within_phases(broken, therapies)
    assert found.n_broken == 1


def test_the_share_of_the_patient_with_most_readings_is_told():
    visits, therapies = clinic(1, patients=4)
    (found,) = scatter_within_phases(visits, therapies)
    assert found.largest_share == pytest.approx(1 / 4)


def test_taken_over_as_error_it_is_one_number_of_mm_with_its_source():
    (found,) = scatter_within_phases(*clinic(1))
    assert found.as_error("own scatter within phases") == ErrorSetting(
        sem_mm=round(found.sd_mm.value, 4),
        sem_fraction=0.0,
        source="own scatter within phases",
        site="forearm",
        device="D1",
    )


def same_but_for_unit(left, right, factor=1.0):
    for one, other in zip(left, right, strict=True):
        assert (one.freedom, one.n_phases, one.n_patients) == (
            other.freedom, other.n_phases, other.n_patients,
        )  # fmt: skip
        for name in ("value", "low", "high"):
            scaled = factor * getattr(one.sd_mm, name)
            assert getattr(other.sd_mm, name) == pytest.approx(scaled, rel=1e-8)


EXAMPLES = examples(25)


@given(st.integers(0, 1000), st.integers(-20_000, 20_000))
@EXAMPLES
def test_shifting_all_dates_changes_nothing(seed, shift):
    visits, therapies = clinic(seed, patients=4)
    moved = visits.assign(t=visits["t"] + shift)
    later = therapies.assign(start_day=therapies["start_day"] + shift)
    same_but_for_unit(scatter_within_phases(visits, therapies), scatter_within_phases(moved, later))


@given(st.integers(0, 1000), st.sampled_from([10.0, 0.1, 1000.0]))
@EXAMPLES
def test_another_unit_multiplies_the_scatter(seed, factor):
    visits, therapies = clinic(seed, patients=4)
    other = visits.assign(value_mm=factor * visits["value_mm"])
    same_but_for_unit(
        scatter_within_phases(visits, therapies), scatter_within_phases(other, therapies), factor
    )


@given(st.integers(0, 1000), st.randoms(use_true_random=False))
@EXAMPLES
def test_the_order_of_rows_does_not_matter(seed, random):
    visits, therapies = clinic(seed, patients=4)
    mixed = visits.sample(frac=1, random_state=random.randrange(10**6))
    same_but_for_unit(
        scatter_within_phases(visits, therapies), scatter_within_phases(mixed, therapies[::-1])
    )


@given(st.integers(0, 1000), st.floats(-0.01, 0.01), st.floats(-1, 1))
@EXAMPLES
def test_a_line_added_to_every_phase_is_no_scatter(seed, slope, step):
    visits, therapies = clinic(seed, patients=4)
    tilted = visits["value_mm"] + slope * visits["t"] + step * (visits["t"] > 0)
    same_but_for_unit(
        scatter_within_phases(visits, therapies),
        scatter_within_phases(visits.assign(value_mm=tilted), therapies),
    )
