"""Groups of patients: one value each, nothing pooled unsaid, reasons counted."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest

from sm_tracker.analysis.change import change_table
from sm_tracker.analysis.cohort.cohort_change import (
    CohortChange,
    CohortQuestion,
    cohort_change,
    compare_groups,
    measured_with,
    one_per_patient,
)
from sm_tracker.analysis.cohort.cohort_members import (
    age_halves,
    chosen_rows,
    dose_class,
    lower_age,
    with_traits,
)
from sm_tracker.errors import ColumnError, SettingError

START = 100


def reading(patient, day, mm, site="forearm", device="D", layer="dermis", **more):
    return {
        "patient_id": patient, "day": day, "site": site, "thickness_mm": mm,
        "device": device, "layer": layer, "frequency_mhz": 20, **more,
    }  # fmt: skip


def course(patient, start=START, therapy="IVIG", dose="2 g/kg", **more):
    return {
        "patient_id": patient, "therapy": therapy, "start_day": start, "end_day": start + 180,
        "dose": dose, **more,
    }  # fmt: skip


def table(readings, therapies):
    return change_table(pd.DataFrame(readings), pd.DataFrame(therapies))


def fall(patient, before, after, **more):
    """A reading before the start and one under the regimen."""
    return [reading(patient, START, before, **more), reading(patient, START + 90, after, **more)]


@pytest.fixture
def four_patients():
    """Thinner, within error, thicker, and one without a baseline."""
    readings = fall("A", 2.5, 1.8) + fall("B", 2.0, 1.9) + fall("C", 1.5, 2.2)
    readings += [reading("D", START + 60, 2.0)]
    return table(readings, [course(p) for p in "ABCD"])


def test_every_patient_counts_once_and_those_without_a_change_are_counted_with_the_reason(
    four_patients,
):
    found = cohort_change(one_per_patient(four_patients, CohortQuestion(regimen="IVIG")), "IVIG")
    assert (found.n_patients, found.n_computable) == (4, 3)
    assert (found.n_thinner, found.n_within, found.n_thicker) == (1, 1, 1)
    assert found.reasons == (("no_baseline", 1),)
    assert found.median_mm == pytest.approx(-0.1)
    assert found.shift.estimate == pytest.approx(-0.05)
    assert "few_for_interval" in found.remarks
    assert "not_computable_many" in found.remarks


def test_per_cent_is_of_each_patients_own_baseline(four_patients):
    one = one_per_patient(four_patients, CohortQuestion(regimen="IVIG"))
    found = cohort_change(one, "IVIG", "percent")
    assert found.median_pct == pytest.approx(-5.0)
    assert found.shift.low != found.shift.low  # three patients: no interval
    assert found.unit == "percent"


def test_a_patient_under_another_regimen_is_not_in_the_group(four_patients):
    assert one_per_patient(four_patients, CohortQuestion(regimen="ECP")).empty
    nobody = cohort_change(one_per_patient(four_patients, CohortQuestion(regimen="ECP")), "ECP")
    assert isinstance(nobody, CohortChange)
    assert nobody.n_patients == 0
    assert math.isnan(nobody.median_mm)


def test_the_most_measured_site_of_a_patient_stands_for_the_patient():
    readings = fall("A", 2.5, 2.4) + fall("A", 1.5, 1.0, site="hand")
    readings += [reading("A", START - 30, 1.5, site="hand")]
    one = one_per_patient(table(readings, [course("A")]), CohortQuestion(regimen="IVIG"))
    assert one["site"].tolist() == ["hand"]


def test_equally_measured_sites_are_told_apart_by_the_readings_of_all_periods():
    readings = fall("A", 2.5, 1.8, site="wrist") + fall("A", 1.5, 1.0, site="arm")
    readings += [reading("A", START - 300, 2.5, site="wrist")]
    courses = [course("A"), course("A", START - 310, "ECP", end_day=START - 280)]
    one = one_per_patient(table(readings, courses), CohortQuestion(regimen="IVIG"))
    assert one["site"].tolist() == ["wrist"]


def test_a_patient_not_measured_at_the_chosen_site_stays_with_that_reason():
    changes = table(fall("A", 2.5, 1.8) + fall("B", 1.5, 1.0, site="hand"), map(course, "AB"))
    one = one_per_patient(changes, CohortQuestion(regimen="IVIG", site="hand"))
    found = cohort_change(one, "IVIG")
    assert (found.n_patients, found.n_computable) == (2, 1)
    assert found.reasons == (("not_this_site", 1),)
    assert one.loc[one["patient_id"] == "A", ["change_mm", "baseline_mm"]].isna().all(axis=None)


@pytest.mark.parametrize(
    "other", [{"device": "other"}, {"layer": "epidermis+dermis"}, {"frequency_mhz": 50}]
)
def test_values_of_two_devices_layers_or_frequencies_are_refused_until_one_is_chosen(other):
    readings = fall("A", 2.5, 1.8) + fall("B", 2.2, 1.7) + fall("C", 1.5, 1.0)
    readings += [r | other for r in fall("D", 2.0, 1.0)]
    changes = table(readings, [course(p) for p in "ABCD"])
    with pytest.raises(SettingError, match=next(iter(other))):
        one_per_patient(changes, CohortQuestion(regimen="IVIG"))
    ways = measured_with(changes, "IVIG")
    assert ways["n_patients"].tolist() == [3, 1]
    most = ways.iloc[0]
    question = CohortQuestion(
        regimen="IVIG", layer=most["layer"], device=most["device"],
        frequency_mhz=most["frequency_mhz"],
    )  # fmt: skip
    found = cohort_change(one_per_patient(changes, question), "IVIG")
    assert (found.n_patients, found.n_computable) == (4, 3)
    assert found.reasons == (("measured_otherwise", 1),)


def test_a_frequency_that_is_not_stated_is_a_way_of_its_own():
    readings = fall("A", 2.5, 1.8) + fall("B", 2.0, 1.0, frequency_mhz=None)
    changes = table(readings, [course("A"), course("B")])
    question = CohortQuestion(regimen="IVIG", frequency_mhz=float("nan"))
    one = one_per_patient(changes, question)
    assert one.loc[one["computable"], "patient_id"].tolist() == ["B"]


def test_the_first_course_counts_even_if_only_the_second_is_computable():
    readings = [reading("A", START + 60, 2.0), *(r | {"day": r["day"] + 400} for r in
                fall("A", 2.0, 1.2))]  # fmt: skip
    changes = table(readings, [course("A"), course("A", START + 400)])
    first = one_per_patient(changes, CohortQuestion(regimen="IVIG"))
    assert first["computable"].tolist() == [False]
    assert first["n_courses"].tolist() == [2]
    assert "later_courses" in cohort_change(first, "IVIG").remarks
    last = one_per_patient(changes, CohortQuestion(regimen="IVIG", course="last"))
    assert last["change_mm"].tolist() == pytest.approx([-0.8])


def test_a_patient_without_any_reading_is_counted():
    changes = table(fall("A", 2.5, 1.8), [course("A"), course("B")])
    found = cohort_change(
        one_per_patient(changes, CohortQuestion(regimen="IVIG", site="forearm")), ""
    )
    assert found.n_patients == 2
    assert found.reasons == (("never_measured", 1),)


def test_order_of_rows_changes_nothing(four_patients):
    question = CohortQuestion(regimen="IVIG")
    turned = four_patients.iloc[::-1].reset_index(drop=True)
    pd.testing.assert_frame_equal(
        one_per_patient(four_patients, question), one_per_patient(turned, question)
    )


# Who is in a group


@pytest.mark.parametrize(
    ("written", "found"),
    [
        ("2 g/kg over 2 days, monthly", "full"),
        ("1.5 g/kg once monthly", "full"),
        ("0.4 g/kg monthly", "low"),
        ("0,5 g / kg", "low"),
        ("1 g/kg every 6 weeks", "other"),
        ("0.4 g/kg daily for 5 days", "other"),
        ("2 g/kg, then 1 g/kg", "other"),
        ("30 g", "not stated"),
        ("", "not stated"),
    ],
)
def test_a_dose_is_full_low_other_or_not_stated_and_a_daily_dose_is_never_guessed(written, found):
    assert dose_class(written) == found


def test_what_is_known_of_patient_and_course_stands_beside_each_row():
    changes = table(
        fall("A", 2.5, 1.8) + fall("B", 2.0, 1.5),
        [course("A"), course("B", dose="0.4 g/kg"), course("B", therapy="thalidomide", dose="")],
    )
    people = pd.DataFrame({"patient_id": ["A"], "diagnosis": ["scleromyxedema"],
                           "age_group": ["40-49"]})  # fmt: skip
    own = with_traits(
        changes,
        pd.DataFrame([course("A"), course("B", dose="0.4 g/kg"),
                      course("B", therapy="thalidomide", dose="")]),
        people,
    )  # fmt: skip
    ivig = own[(own["level"] == "period") & (own["regimen"] == "IVIG")].set_index("patient_id")
    assert ivig["dose_class"].to_dict() == {"A": "full", "B": "low"}
    assert ivig["diagnosis"].to_dict() == {"A": "scleromyxedema", "B": "not stated"}
    assert ivig["combination"].to_dict() == {"A": "alone", "B": "thalidomide"}
    assert chosen_rows(own, {"dose_class": ["full"], "sex": []})["patient_id"].unique() == ["A"]


def test_a_patient_who_stands_twice_in_the_table_of_patients_is_refused(four_patients):
    people = pd.DataFrame({"patient_id": ["A", "A"]})
    with pytest.raises(ColumnError, match="two rows"):
        with_traits(four_patients, pd.DataFrame([course("A")]), people)


def test_younger_and_older_part_between_age_groups_and_never_within_one():
    groups = pd.Series(["40-49", "50-59", "50-59", "70-79", "80+", ""])
    halves, cut = age_halves(groups)
    assert cut == 70
    assert halves.tolist() == ["younger", "younger", "younger", "older", "older", "not stated"]
    halves, cut = age_halves(groups, cut=50)
    assert halves.tolist()[:2] == ["younger", "older"]
    assert math.isnan(age_halves(pd.Series(["", "unknown"]))[1])
    assert lower_age("unknown") != lower_age("unknown")


# Group against group


@pytest.fixture
def sixteen_patients():
    """Younger patients fall by about 0.8 mm, older ones by about 0.3 mm."""
    rows, people = [], []
    for number in range(16):
        young = number % 2 == 0
        patient = f"P{number:02}"
        drop = (0.8 if young else 0.3) + 0.01 * number
        rows += fall(patient, 2.5, round(2.5 - drop, 2))
        people.append({"patient_id": patient, "age": "younger" if young else "older"})
    changes = table(rows, [course(p["patient_id"]) for p in people])
    one = one_per_patient(changes, CohortQuestion(regimen="IVIG"))
    return one.merge(pd.DataFrame(people), on="patient_id").assign(
        dose=np.where(one.index < 8, "full", "low"), sex="f"
    )


def test_two_groups_are_compared_by_the_shift_between_them(sixteen_patients):
    (found,) = compare_groups(sixteen_patients, [("age", "younger", "older")])
    assert (found.n_first, found.n_second) == (8, 8)
    assert found.shift.estimate == pytest.approx(0.49)
    assert found.shift.low > 0
    assert found.p_adjusted == found.shift.p_value
    assert "small_group" in found.remarks


def test_each_further_comparison_makes_the_adjusted_p_larger_and_an_empty_one_does_not(
    sixteen_patients,
):
    pairs = [("age", "younger", "older"), ("dose", "full", "low"), ("sex", "f", "m")]
    age, dose, sex = compare_groups(sixteen_patients, pairs)
    assert age.n_comparisons == 2
    assert age.p_adjusted == pytest.approx(2 * age.shift.p_value)
    assert dose.p_adjusted >= dose.shift.p_value
    assert sex.n_second == 0
    assert math.isnan(sex.p_adjusted)
