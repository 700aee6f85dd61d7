"""Beside the change rows a registry run keeps what courses are drawn from, and who is who."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from benchmarks.synthetic_registry import registry as synthetic
from sm_tracker.analysis.change import change_table_of_visits
from sm_tracker.domain.settings import Settings
from sm_tracker.domain.tables import THERAPIES, VISITS
from sm_tracker.domain.timeline import visit_values
from sm_tracker.errors import ColumnError, ExportError
from sm_tracker.registry import RunReport, open_registry, run_registry

N_PATIENTS = 30


@pytest.fixture
def source(tmp_path) -> Path:
    """Synthetic patients as two CSV files, the first of them measured twice at each visit."""
    measurements, therapies = synthetic(N_PATIENTS, seed=8)
    again = measurements[measurements["patient_id"] == "P00000000"].copy()
    again["thickness_mm"] += 0.1
    folder = tmp_path / "in"
    folder.mkdir()
    pd.concat([measurements, again]).to_csv(folder / "measurements.csv", index=False)
    therapies.assign(dose="2 g/kg monthly").to_csv(folder / "therapies.csv", index=False)
    return folder


def run_on_threads(source: Path, out: Path, **options: Any) -> RunReport:
    return run_registry(source, out, scheduler="threads", workers=2, **options)


def measurements_of(source: Path) -> pd.DataFrame:
    return pd.read_csv(source / "measurements.csv", parse_dates=["date"])


def test_the_visit_values_of_a_patient_are_those_of_the_readings(source, tmp_path):
    run_on_threads(source, tmp_path / "out", partitions=4)
    everybody = visit_values(measurements_of(source))
    patients = ["P00000000", "P00000007", "P00000029"]
    own = everybody[everybody["patient_id"].isin(patients)].reset_index(drop=True)
    found = open_registry(tmp_path / "out").visits(patients)
    assert list(found.columns) == list(VISITS.columns)
    assert found["n_replicates"].max() == 2
    for frame in (own, found):
        frame["series_id"] = frame["series_id"].rank(method="dense")
    pd.testing.assert_frame_equal(found, own, check_exact=True)


def test_visit_values_and_periods_give_the_change_rows_they_lie_beside(source, tmp_path):
    run_on_threads(source, tmp_path / "out", partitions=4)
    registry = open_registry(tmp_path / "out")
    patients = ["P00000003", "P00000004", "P00000021"]
    again = change_table_of_visits(
        registry.visits(patients), registry.periods(patients), Settings()
    )
    kept = registry.filtered(again.columns, patient_id=patients)
    kept = kept.sort_values("patient_id", kind="stable").reset_index(drop=True)
    pd.testing.assert_frame_equal(again, kept, check_exact=True)


def test_every_period_has_the_name_that_the_change_rows_give_it(source, tmp_path):
    run_on_threads(source, tmp_path / "out", partitions=3)
    registry = open_registry(tmp_path / "out")
    doses = registry.doses("IVIG")
    assert list(doses.columns) == list(THERAPIES.columns)
    assert set(doses["dose"]) == {"2 g/kg monthly"}
    rows = registry.filtered(["patient_id", "period_id"], regimen="IVIG", level="period")
    named = set(zip(doses["patient_id"], doses["period_id"], strict=True))
    assert set(rows.itertuples(index=False, name=None)) <= named


def test_a_patient_set_aside_leaves_neither_readings_nor_periods(source, tmp_path):
    text = (source / "measurements.csv").read_text(encoding="utf-8").splitlines()
    place = next(n for n, line in enumerate(text) if line.startswith("P00000005"))
    text[place] = text[place].rpartition(",")[0] + ",thick"
    (source / "measurements.csv").write_text("\n".join(text) + "\n", encoding="utf-8")
    run_on_threads(source, tmp_path / "out", partitions=3)
    registry = open_registry(tmp_path / "out")
    assert registry.n_patients_refused == 1
    assert registry.visits(["P00000005"]).empty
    assert registry.periods(["P00000005"]).empty


def test_a_partition_whose_readings_are_missing_is_computed_again(source, tmp_path):
    import json

    out = tmp_path / "out"
    run_on_threads(source, out, partitions=3)
    before = (out / "visits/part-00001.parquet").read_bytes()
    manifest = json.loads((out / "run.json").read_text(encoding="utf-8"))
    (out / "run.json").write_text(json.dumps({**manifest, "complete": False}), encoding="utf-8")
    (out / "visits/part-00001.parquet").unlink()
    assert run_on_threads(source, out).n_done_before == 2
    assert (out / "visits/part-00001.parquet").read_bytes() == before


def test_an_output_of_old_without_readings_opens_and_says_so(source, tmp_path):
    import shutil

    out = tmp_path / "out"
    run_on_threads(source, out, partitions=2)
    assert open_registry(out).holds_courses
    shutil.rmtree(out / "visits")
    registry = open_registry(out)
    assert not registry.holds_courses
    assert registry.count(level="period") > 0


# The table of patients


@pytest.mark.parametrize("form", ["csv", "parquet"])
def test_diagnosis_age_and_sex_are_kept_and_found_again(source, tmp_path, form):
    people = pd.DataFrame(
        {
            "patient_id": ["P00000000", "P00000001"],
            "diagnosis": ["scleromyxedema", None],
            "age_group": [" 50-59", "60-69"],
            "ward": ["7", "8"],
        }
    )
    if form == "csv":
        people.to_csv(source / "clinic_patients.csv", index=False)
    else:
        people.to_parquet(source / "clinic_patients.parquet", index=False)
    report = run_on_threads(source, tmp_path / "out", partitions=2)
    found = open_registry(tmp_path / "out").traits(["P00000000", "P00000001", "P00000002"])
    assert found.to_dict("list") == {
        "patient_id": ["P00000000", "P00000001"],
        "diagnosis": ["scleromyxedema", ""],
        "age_group": ["50-59", "60-69"],
        "sex": ["", ""],
    }
    assert report.manifest["input"]["columns_left_unread"]["patients"] == ["ward"]


def test_a_registry_without_a_table_of_patients_has_no_traits(source, tmp_path):
    run_on_threads(source, tmp_path / "out", partitions=2)
    assert open_registry(tmp_path / "out").traits(["P00000000"]) is None


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("patient_id,sex\nA,f\nB,m\nA,f\n", "two rows in the table of patients"),
        ("code,sex\nA,f\n", "lacks patient_id"),
        ("patient_id,ward\nA,7\n", "holds none of diagnosis, age_group, sex"),
    ],
    ids=["a patient twice", "no code", "no trait"],
)
def test_a_table_of_patients_that_cannot_serve_stops_the_run(source, tmp_path, text, message):
    (source / "patients.csv").write_text(text, encoding="utf-8")
    with pytest.raises(ColumnError, match=message):
        run_on_threads(source, tmp_path / "out", partitions=2)


def test_another_table_of_patients_is_another_input(source, tmp_path):
    (source / "patients.csv").write_text("patient_id,sex\nP00000000,f\n", encoding="utf-8")
    run_on_threads(source, tmp_path / "out", partitions=2)
    (source / "patients.csv").write_text("patient_id,sex\nP00000000,m\n", encoding="utf-8")
    with pytest.raises(ExportError, match="what differs: the input"):
        run_on_threads(source, tmp_path / "out", partitions=2)


def test_the_table_of_patients_does_not_decide_how_the_readings_are_divided(tmp_path):
    from benchmarks.synthetic_registry import write_registry

    write_registry(tmp_path / "in", 20)
    (tmp_path / "in/patients.csv").write_text("patient_id,sex\nP00000000,f\n", encoding="utf-8")
    manifest = run_on_threads(tmp_path / "in", tmp_path / "out").manifest
    assert manifest["partitioned_by"] == "files of the input"
