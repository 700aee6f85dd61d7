"""The survey sample and the published protocols are what they say they are."""

from __future__ import annotations

import csv
import runpy
from pathlib import Path

import pytest

from sm_tracker.workflow import file_import

FOLDER = Path(__file__).parents[2] / "sample_data"
FILES = ("measurements", "therapies", "outcomes", "patients")


def rows_of(name):
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_seed_gives_the_survey_again_byte_for_byte(tmp_path):
    written = runpy.run_path(str(FOLDER / "make_ivig_survey.py"))["write_ivig_survey"](tmp_path)
    assert [p.name for p in written] == [f"ivig_survey_{name}.csv" for name in FILES]
    for path in written:
        assert path.read_bytes() == (FOLDER / path.name).read_bytes()


@pytest.mark.parametrize("name", FILES)
def test_every_row_of_the_survey_says_that_it_is_synthetic(name):
    rows = rows_of(f"ivig_survey_{name}.csv")
    assert rows
    assert all(row["note"] == "synthetic survey, no real person" for row in rows)


def test_the_survey_is_read_without_a_word():
    paths = [FOLDER / f"ivig_survey_{name}.csv" for name in FILES[:3]]
    result = file_import.read_files(file_import.files_from_paths(paths))
    assert result.outcome == "accept"
    assert result.findings == ()


def test_fourteen_patients_have_ivig_2_g_per_kg_monthly_as_in_the_published_survey():
    ivig = [r for r in rows_of("ivig_survey_therapies.csv") if r["therapy"] == "IVIG"]
    assert len(ivig) == 14
    assert {r["dose"] for r in ivig} == {"2 g/kg over 2 days, monthly"}
    assert {r["patient_id"] for r in ivig} == {
        r["patient_id"] for r in rows_of("ivig_survey_patients.csv")
    }


def test_ten_published_reports_have_a_dose_a_class_and_a_reference_with_its_year():
    rows = rows_of("published_ivig_protocols.csv")
    assert len(rows) == 10
    for row in rows:
        full = float(row["dose_g_per_kg"]) >= 1.5
        assert row["protocol"] == ("full dose" if full else "low dose")
        assert int(row["n_patients"]) >= 1
        assert row["reference"].rpartition(" ")[2].isdigit()
