"""The output of a registry run as a group: the same numbers, without loading it whole."""

from __future__ import annotations

import pandas as pd
import pytest

from benchmarks.synthetic_registry import registry as synthetic
from sm_tracker import workflow
from sm_tracker.domain.tables import MEASUREMENTS, THERAPIES, Records, complete, records_of
from sm_tracker.errors import ReadError
from sm_tracker.figures.theme import LIGHT
from sm_tracker.registry import run_registry
from sm_tracker.registry.opening import Registry
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
        complete(measurements, MEASUREMENTS), complete(therapies, THERAPIES), records_of().outcomes
    )
    return cohorts.cohort_of(workflow.analyse(records))


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
    assert filters == {"regimen": "IVIG", "level": "period"}
    assert "nap" not in columns
    assert set(cohort.table["regimen"]) == {"IVIG"}


def test_figures_that_need_readings_say_that_there_are_none(folder):
    cohort, names = cohorts.of_registry(folder)
    view = cohorts.view_of(cohort, cohorts.question_of(names[0], "", None))
    assert "no readings" in cohorts.draw(cohort, view, "courses", LIGHT).alt
    assert cohorts.draw(cohort, view, "waterfall", LIGHT).figure.data
    assert cohorts.draw(cohort, view, "lanes", LIGHT).figure.data
    assert cohorts.concordances(cohort, view) == ()


def test_a_folder_without_a_registry_run_is_refused(tmp_path):
    with pytest.raises(ReadError, match="no registry run"):
        cohorts.of_registry(tmp_path)


def test_a_table_of_patients_is_read_from_csv_and_nothing_else():
    table = cohorts.patients_of(b"patient_id,age_group\nA,40-49\n")
    assert table.to_dict("records")[0]["age_group"] == "40-49"
    assert isinstance(table, pd.DataFrame)
    with pytest.raises(ReadError, match="no CSV table"):
        cohorts.patients_of(b"\xff\xfe\x00")
