"""The vocabulary is data: each table is whole, and a drug more is a row more."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

import sm_tracker as sm
from sm_tracker.domain import data
from sm_tracker.domain.data import rows_of
from sm_tracker.domain.missing import MEANINGS, is_missing, missing_words
from sm_tracker.domain.regimens import find_regimen, regimens
from sm_tracker.ingest import SourceFile

ROOT = Path(__file__).parents[2]
NEW_ROW = "examplumab,EXM,L99ZZ99,drug,cyclic,,Examplumab (neu),examplumab (nouveau),exambrand|exm"
USE = """
import sys
from pathlib import Path
from sm_tracker.domain import data
data.FOLDER = Path(sys.argv[1])
import sm_tracker as sm
from sm_tracker.figures.languages import expansion
result = sm.read_files(sm_files := [p for p in sys.argv[2:]])
(period,) = result.therapies
figure = sm.timeline_figure(result)
lane = [t for t in str(figure.to_plotly_json()).split("'") if "EXM" in t]
print(period.therapy, bool(lane), expansion(period.therapy, "de"), expansion(period.therapy, "fr"))
"""


def test_to_add_a_drug_is_to_add_a_row(tmp_path):
    tables = tmp_path / "data"
    shutil.copytree(data.FOLDER, tables)
    with (tables / "regimens.csv").open("a", encoding="utf-8") as table:
        table.write(NEW_ROW + "\n")
    readings = tmp_path / "m.csv"
    readings.write_text(
        "patient_id,date,site,thickness_mm\nA1,2024-01-08,calf,2.4\nA1,2024-06-03,calf,2.0\n"
    )
    courses = tmp_path / "t.csv"
    courses.write_text("patient_id,therapy,start\nA1,ExamBrand,2024-02-01\n")
    ran = subprocess.run(
        [sys.executable, "-X", "utf8", "-c", USE, str(tables), str(readings), str(courses)],
        cwd=ROOT, capture_output=True, text=True, encoding="utf-8", check=True,
    )  # fmt: skip
    assert ran.stdout.split("\n")[0] == ("examplumab True Examplumab (neu) examplumab (nouveau)")


def test_every_regimen_has_its_name_in_each_language():
    assert len(regimens()) >= 124
    for regimen in regimens():
        assert all(regimen.in_full), regimen.name
        assert regimen.regimen_class in ("drug", "steroid", "procedure")


def test_every_site_has_its_name_in_german_and_french():
    rows = rows_of("sites")
    assert len({row["name"] for row in rows}) == len(rows)
    assert all(row["de"] and row["fr"] for row in rows)


@pytest.mark.parametrize("meaning", MEANINGS)
def test_a_word_for_missing_is_in_lower_case_and_means_it_somewhere(meaning):
    assert missing_words(meaning)
    assert all(word == word.casefold() for word in missing_words(meaning))


def test_each_row_of_the_table_of_missing_words_has_a_meaning():
    assert [row["word"] for row in rows_of("missing") if not any(row[m] for m in MEANINGS)] == []


@pytest.mark.parametrize("word", ["NA", "n/a", "unknown", "-"])
def test_a_word_for_unknown_is_a_blank_as_a_device_and_refused_as_a_patient(word):
    assert is_missing(word, "label")
    assert is_missing(word, "code")
    file = f"patient_id,date,site,device,thickness_mm\n{word},2024-01-08,calf,{word},2.1\n"
    lines = f"{file}A1,2024-01-08,calf,{word},2.2\n"
    result = sm.read_files([SourceFile("m.csv", lines.encode())])
    assert [(m.patient_id, m.device) for m in result.measurements] == [("A1", "")]
    assert [r.place.row for r in result.refused] == [2]


def test_a_site_named_na_is_refused():
    lines = "patient_id,date,site,thickness_mm\nA1,2024-01-08,NA,2.1\nA1,2024-01-08,calf,2.2\n"
    result = sm.read_files([SourceFile("m.csv", lines.encode())])
    assert [m.site for m in result.measurements] == ["calf"]
    assert [f.code for f in result.findings if f.level == "error"] == ["missing_site"]


@pytest.mark.parametrize("word", ["NA", "n/a", "unbekannt", "inconnu"])
def test_a_therapy_named_na_is_a_course_of_unknown_name(word):
    lines = f"patient_id,therapy,start,end\nA1,{word},2024-01-08,2024-03-01\n"
    (period,) = sm.read_files([SourceFile("t.csv", lines.encode())]).therapies
    assert period.therapy == "unknown therapy"
    assert find_regimen(period.therapy)


def test_initials_that_are_words_for_missing_elsewhere_may_be_codes():
    lines = "patient_id,date,site,thickness_mm\nKA,2024-01-08,calf,2.1\nND,2024-01-08,calf,2.2\n"
    result = sm.read_files([SourceFile("m.csv", lines.encode())])
    assert {m.patient_id for m in result.measurements} == {"KA", "ND"}
