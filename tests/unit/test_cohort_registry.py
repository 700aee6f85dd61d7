"""The output of a registry run as a group: the same numbers, without loading it whole."""

from __future__ import annotations

import pandas as pd
import pytest

from benchmarks.synthetic_registry import registry as synthetic
from sm_tracker.analysis.cohort import cohort_model
from sm_tracker.domain.settings import Settings
from sm_tracker.domain.tables import (
    MEASUREMENTS,
    THERAPIES,
    Records,
    completed_table,
    tables_of_records,
)
from sm_tracker.errors import ReadError, SettingError
from sm_tracker.figures.cohort import cohort_courses
from sm_tracker.figures.theme import LIGHT
from sm_tracker.registry import run_registry
from sm_tracker.registry.opening import Registry
from sm_tracker.workflow import analysing, cohort_registry
from sm_tracker.workflow import cohort as cohorts


@pytest.fixture(scope="module")
def tables():
    return synthetic(60)


@pytest.fixture(scope="module")
def folder(tables, tmp_path_factory):
    source = tmp_path_factory.mktemp("registry")
    for name, table in zip(("measurements", "therapies"), tables, strict=True):
        table.to_csv(source / f"{name}.csv", index=False)
    run_registry(source, source / "out", scheduler="threads", workers=2, partitions=3)
    return source / "out"


@pytest.fixture(scope="module")
def direct(tables):
    measurements, therapies = tables
    records = Records(
        completed_table(measurements, MEASUREMENTS),
        completed_table(therapies, THERAPIES),
        tables_of_records().outcomes,
    )
    return cohorts.cohort_of(analysing.analyse(records))


@pytest.mark.parametrize("regimen", ["IVIG", "ECP"])
def test_a_registry_gives_the_same_change_of_a_group_as_the_records_themselves(
    folder, direct, regimen
):
    cohort, names = cohorts.of_registry(folder, regimen)
    assert regimen in names
    views = [
        cohorts.view_of(c, cohorts.question_of(regimen, "", cohorts.ways_of(c, regimen)[0]))
        for c in (cohort, direct)
    ]
    assert views[0].change == views[1].change
    assert views[0].change.n_patients > 10


def test_only_the_rows_and_columns_of_one_regimen_are_read(folder, monkeypatch):
    asked = []
    whole = Registry.filtered

    def watched(self, columns, **filters):
        asked.append((tuple(columns), filters))
        return whole(self, columns, **filters)

    monkeypatch.setattr(Registry, "filtered", watched)
    cohort, _names = cohorts.of_registry(folder, "IVIG")
    ((columns, filters),) = asked
    assert filters == {"regimen": "IVIG", "level": "period", "measure": "thickness"}
    assert "nap" not in columns
    assert set(cohort.table["regimen"]) == {"IVIG"}


@pytest.fixture
def looked_at(folder):
    cohort, names = cohorts.of_registry(folder, "IVIG")
    assert "IVIG" in names
    return cohort, cohorts.view_of(cohort, cohorts.question_of("IVIG", "", None))


def test_courses_of_a_registry_are_those_of_the_records(looked_at, direct):
    cohort, view = looked_at
    opened = cohorts.with_courses(cohort, view, "courses")
    own = cohorts.view_of(direct, view.question)
    pd.testing.assert_frame_equal(opened.readings, own.readings)
    drawn = [
        cohorts.draw_cohort(c, v, "courses", LIGHT) for c, v in ((cohort, opened), (direct, own))
    ]
    assert drawn[0].figure == drawn[1].figure
    assert opened.change == view.change


def test_no_reading_is_opened_for_a_figure_that_needs_none(looked_at, monkeypatch):
    cohort, view = looked_at
    monkeypatch.setattr(Registry, "visits", None)
    for kind in ("waterfall", "before_after", "against_baseline", "regimens"):
        assert cohorts.with_courses(cohort, view, kind) is view
        assert cohorts.draw_cohort(cohort, view, kind, LIGHT).figure.data


def test_of_many_patients_every_kth_has_its_readings_opened_and_the_note_says_so(
    looked_at, monkeypatch
):
    cohort, view = looked_at
    monkeypatch.setattr(cohort_registry, "MOST_COURSES", 10)
    opened = cohorts.with_courses(cohort, view, "courses")
    n = view.change.n_computable
    assert opened.every == -(-n // 10) > 1
    assert opened.readings["patient_id"].nunique() <= 10
    note = cohorts.draw_cohort(cohort, opened, "courses", LIGHT).note
    assert note.startswith(f"Readings of one of every {opened.every} patients by code are opened")
    assert f"of {n}." in note


def test_lanes_open_the_readings_of_the_longest_courses_only(looked_at, monkeypatch):
    cohort, view = looked_at
    monkeypatch.setattr(cohort_courses, "MOST_LANES", 5)
    opened = cohorts.with_courses(cohort, view, "lanes")
    assert opened.readings["patient_id"].nunique() == 5
    drawn = cohorts.draw_cohort(cohort, opened, "lanes", LIGHT)
    marks = [t for t in drawn.figure.data if t.type == "scatter"]
    assert sum(len(t.x) for t in marks) == (opened.readings["under"] == 1).sum() > 0


def test_the_mixed_model_of_a_registry_is_that_of_the_records(looked_at, direct, monkeypatch):
    cohort, view = looked_at
    own = cohorts.view_of(direct, view.question)
    assert repr(cohorts.mixed_model(cohort, view)) == repr(cohorts.mixed_model(direct, own))
    monkeypatch.setattr(cohort_model, "MOST_PATIENTS", 5)
    monkeypatch.setattr(Registry, "visits", None)
    with pytest.raises(SettingError, match="at most 5 patients"):
        cohorts.mixed_model(cohort, view)


def test_where_thicker_is_better_the_waterfall_opens_the_readings(tables, tmp_path):
    for name, table in zip(("measurements", "therapies"), tables, strict=True):
        table.to_csv(tmp_path / f"{name}.csv", index=False)
    settings = Settings(improvement="increase")
    run_registry(tmp_path, tmp_path / "out", settings, scheduler="threads", workers=1)
    cohort, _names = cohorts.of_registry(tmp_path / "out", "IVIG")
    view = cohorts.view_of(cohort, cohorts.question_of("IVIG", "", None))
    opened = cohorts.with_courses(cohort, view, "waterfall")
    counted = opened.one[opened.one["computable"]]
    assert (counted["best_change_mm"] >= counted["change_mm"] - 1e-9).all()
    assert "highest value" in cohorts.draw_cohort(cohort, opened, "waterfall", LIGHT).note


def test_an_output_without_readings_says_why_courses_are_empty(folder, tmp_path):
    import shutil

    old = shutil.copytree(folder, tmp_path / "old")
    shutil.rmtree(old / "visits")
    cohort, names = cohorts.of_registry(old)
    view = cohorts.view_of(cohort, cohorts.question_of(names[0], "", None))
    opened = cohorts.with_courses(cohort, view, "courses")
    drawn = cohorts.draw_cohort(cohort, opened, "courses", LIGHT)
    assert "no readings" in drawn.alt
    assert "an earlier version wrote changes only" in drawn.note
    assert "an earlier version" in cohorts.draw_cohort(cohort, opened, "lanes", LIGHT).note
    assert cohorts.draw_cohort(cohort, view, "waterfall", LIGHT).figure.data
    assert cohorts.concordances(cohort, view) == ()


def test_traits_and_doses_of_a_registry_divide_its_patients(tables, tmp_path):
    measurements, therapies = tables
    measurements.to_csv(tmp_path / "measurements.csv", index=False)
    dose = therapies["patient_id"].map(lambda code: "2 g/kg" if int(code[1:]) % 2 else "0.4 g/kg")
    therapies.assign(dose=dose).to_csv(tmp_path / "therapies.csv", index=False)
    codes = sorted(set(therapies["patient_id"]))
    ages = ["30-39" if k % 3 else "70-79" for k in range(len(codes))]
    people = pd.DataFrame({"patient_id": codes, "age_group": ages, "diagnosis": "morphea"})
    people.iloc[:-1].to_csv(tmp_path / "patients.csv", index=False)
    run_registry(tmp_path, tmp_path / "out", scheduler="threads", workers=1)
    cohort, _names = cohorts.of_registry(tmp_path / "out", "IVIG")
    assert set(cohort.values_of("age_group", "IVIG")) >= {"30-39", "70-79"}
    assert set(cohort.values_of("dose_class", "IVIG")) == {"full", "low"}
    view = cohorts.view_of(cohort, cohorts.question_of("IVIG", "", None))
    age, doses, _company = cohorts.comparisons(view)
    assert min(age.n_first, age.n_second, doses.n_first, doses.n_second) > 0
    filters = cohorts.Filters({"dose_class": ("full",)})
    full = cohorts.view_of(cohort, view.question, filters)
    assert full.change.n_computable == doses.n_first


def test_a_folder_without_a_registry_run_is_refused(tmp_path):
    with pytest.raises(ReadError, match="no registry run"):
        cohorts.of_registry(tmp_path)


def test_a_table_of_patients_is_read_from_csv_and_nothing_else():
    table = cohorts.patients_of(b"patient_id,age_group\nA,40-49\n")
    assert table.to_dict("records")[0]["age_group"] == "40-49"
    assert isinstance(table, pd.DataFrame)
    with pytest.raises(ReadError, match="not a CSV table"):
        cohorts.patients_of(b"\xff\xfe\x00")
