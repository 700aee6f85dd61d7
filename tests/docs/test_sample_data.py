"""The sample files are what their scripts write, and say what they are."""

from __future__ import annotations

import csv
import runpy
from pathlib import Path
from typing import Any

import pytest

INDEX_CASE = ("measurements", "therapies", "outcomes")
GROUP_VALUES = ("measurements", "therapies")


@pytest.fixture
def folder(repository: Path) -> Path:
    return repository / "sample_data"


@pytest.fixture
def group_values_script(folder: Path) -> dict[str, Any]:
    return runpy.run_path(str(folder / "make_published_group_values.py"))


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_seed_gives_the_index_case_again_byte_for_byte(folder, tmp_path):
    script = runpy.run_path(str(folder / "make_index_case.py"))
    written = script["write_index_case"](tmp_path)
    names = [f"index_case_{name}.csv" for name in ("tagged", *INDEX_CASE, "phases")]
    assert [p.name for p in written] == names
    for path in written:
        assert path.read_bytes() == (folder / path.name).read_bytes()


def test_the_source_gives_the_group_values_again_byte_for_byte(
    folder, group_values_script, tmp_path
):
    written = group_values_script["write_published_group_values"](tmp_path)
    for path in written:
        assert path.read_bytes() == (folder / path.name).read_bytes()


@pytest.mark.parametrize("name", ["tagged", *INDEX_CASE])
def test_every_row_of_the_index_case_says_that_it_is_synthetic(folder, name):
    rows = rows_of(folder / f"index_case_{name}.csv")
    assert rows
    assert all(row["note"].startswith("synthetic") for row in rows)


def test_every_row_of_the_phases_says_that_it_is_synthetic(folder):
    rows = rows_of(folder / "index_case_phases.csv")
    assert [r["phase"] for r in rows] == ["hydroxychloroquine"] * 4 + ["ECP"] * 4 + ["IVIG"] * 4
    assert {row["dataset"] for row in rows} == {"synthetic index case"}


@pytest.mark.parametrize("name", GROUP_VALUES)
def test_every_published_row_says_that_it_is_no_patient_and_where_it_is_from(folder, name):
    rows = rows_of(folder / f"published_group_values_{name}.csv")
    assert rows
    for row in rows:
        assert "not one patient" in row["note"]
        assert "10.1007/" in row["note"] or "PMID" in row["note"]


def test_the_index_case_follows_the_published_order_of_regimens(folder):
    rows = rows_of(folder / "index_case_therapies.csv")
    assert [(r["therapy"], r["cycles"], r["dose"]) for r in rows] == [
        ("UVA1", "30", "50 J/cm²"),
        ("hydroxychloroquine", "", "600 mg, then 200 mg daily"),
        ("cyclophosphamide", "6", "750 mg/m²"),
        ("hydroxychloroquine", "", "200 mg daily"),
        ("ECP", "21", ""),
        ("methylprednisolone", "", "60 mg, tapered over 3 weeks"),
        ("IVIG", "6", "2 g/kg over 2 days, monthly"),
    ]
    for row in filter(lambda r: r["session_dates"], rows):
        sessions = row["session_dates"].split()
        assert len(sessions) == int(row["cycles"])
        assert sessions[0] == row["start"]


def test_every_published_value_in_mm_is_taken_or_left_out_with_a_reason(
    folder, group_values_script
):
    source = group_values_script["source_rows"]()
    taken = rows_of(folder / "published_group_values_measurements.csv")
    left_out = [r for r in source if r["study_id"] in group_values_script["LEFT_OUT"]]
    assert len(source) == 24
    assert len(taken) + len(left_out) == len(source)
    readme = (folder / "README.md").read_text(encoding="utf-8")
    assert all(f"`{arm}`" in readme for arm in group_values_script["LEFT_OUT"])


@pytest.mark.parametrize("path", sorted(Path(__file__).parents[2].glob("sample_data/*.csv")),
                         ids=lambda p: p.stem)  # fmt: skip
def test_the_readme_lists_the_columns_of_each_file(folder, path):
    header = path.read_text(encoding="utf-8").splitlines()[0]
    readme = (folder / "README.md").read_text(encoding="utf-8")
    assert f"`{path.name}`" in readme
    assert f"`{header.replace(',', ', ')}`" in readme
