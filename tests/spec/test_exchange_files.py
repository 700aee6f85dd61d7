"""Files of other programs: read, asked about or refused by name; what leaves says what it loses."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from pathlib import Path

import pandas as pd
import pyreadstat
import pytest

from sm_tracker.cli import main
from sm_tracker.ingest import SourceFile, read_sources
from sm_tracker.report.exchange.forms import FORMS
from sm_tracker.workflow import exchanging, file_import
from tests.spec.test_own_files import TODAY

REAL = next(
    (found for folder in Path(__file__).parents
     if (found := folder / "shared" / "interchange" / "real").is_dir()),
    Path("nowhere"),
)  # fmt: skip
"""Exports that nobody of this project wrote, where they are at hand."""


def read(content: bytes | str, name: str = "file", **settings):
    content = content.encode() if isinstance(content, str) else content
    return read_sources([SourceFile(name, content)], today=TODAY, **settings)


@pytest.fixture
def run(capsys):
    """Run a command; its status and what it said on standard error."""

    def command(*words: object) -> tuple[int, str]:
        status = main(list(map(str, words)))
        return status, capsys.readouterr().err

    return command


def codes(result) -> list[str]:
    return [f.code for f in result.findings]


OMOP = {
    "measurement": "measurement_id,person_id,measurement_concept_id,measurement_date,"
    "value_as_number,unit_concept_id,measurement_source_value\n1,7,0,2020-02-03,2.4,8588,SKIN\n",
    "drug_exposure": "DRUG_EXPOSURE_ID,PERSON_ID,DRUG_CONCEPT_ID,DRUG_EXPOSURE_START_DATE\n"
    "1,7,0,2020-02-03\n",
    "person": "person_id,gender_concept_id,year_of_birth\n1,8507,1960\n",
}


@pytest.mark.parametrize("table", OMOP)
def test_a_table_of_an_omop_database_is_refused_by_name_without_a_question(table):
    result = read(OMOP[table])
    assert (result.outcome, codes(result), result.questions) == ("reject", ["form_not_read"], ())
    assert f"table {table} of an OMOP database (rows: 1)" in str(result.findings[0].message)


def test_a_structured_report_of_dicom_is_not_called_a_picture():
    report = bytes(128) + b"DICM" + bytes(20) + b"1.2.840.10008.5.1.4.1.1.88.33" + bytes(40)
    picture = bytes(128) + b"DICM" + bytes(20) + b"1.2.840.10008.5.1.4.1.1.6.1" + bytes(40)
    assert codes(read(report)) == ["form_not_read"]
    assert codes(read(picture)) == ["picture_file"]


def test_a_transport_file_of_sas_is_refused_by_name():
    result = read(b"HEADER RECORD*******LIBRARY HEADER RECORD!!!!!!!" + bytes(80))
    assert "SAS file (.xpt)" in str(result.findings[0].message)


def test_lists_of_a_redcap_project_are_named_and_not_taken_for_tables():
    events = read("event_name,arm_num,unique_event_name\nBaseline,1,baseline_arm_1\n")
    assert codes(events) == ["form_without_records", "nothing_to_import"]


READINGS = pd.DataFrame(
    {
        "patient_id": ["A1", "A1"],
        "date": pd.to_datetime(["2020-02-03", "2020-08-03"]).date,
        "site": ["calf", "calf"],
        "thickness_mm": [2.5, 2.0],
    }
)


def test_a_parquet_file_of_a_clinic_is_read_like_its_table():
    out = io.BytesIO()
    READINGS.rename(columns={"thickness_mm": "Hautdicke (mm)"}).to_parquet(out)
    result = read(out.getvalue())
    assert result.outcome == "accept"
    assert [(m.date.isoformat(), m.thickness_mm) for m in result.measurements] == [
        ("2020-02-03", 2.5), ("2020-08-03", 2.0),
    ]  # fmt: skip


def test_half_a_parquet_file_is_called_damaged():
    out = io.BytesIO()
    READINGS.to_parquet(out)
    assert codes(read(out.getvalue()[:200])) == ["damaged_file"]


@pytest.mark.parametrize("kind", ["sav", "dta"])
def test_a_statistics_file_gives_labels_in_the_place_of_codes_and_of_names(tmp_path, kind):
    table = READINGS.assign(site=[1.0, 2.0]).rename(columns={"thickness_mm": "v7"})
    path = str(tmp_path / f"study.{kind}")
    labels = {
        "column_labels": ["", "", "Body site", "Skin thickness (mm)"],
        "variable_value_labels": {"site": {1: "calf", 2: "forearm"}},
    }
    if kind == "sav":
        pyreadstat.write_sav(table, path, **labels)
    else:
        labels["variable_value_labels"] = {"site": {1: "calf", 2: "forearm"}}
        pyreadstat.write_dta(table.assign(site=[1, 2]), path, **labels)
    result = read(Path(path).read_bytes())
    assert [(m.site, m.thickness_mm) for m in result.measurements] == [
        ("calf", 2.5), ("forearm", 2.0),
    ]  # fmt: skip


def test_json_of_our_own_form_is_read_without_a_word():
    document = {
        "form": "SM Tracker records", "version": 1,
        "measurements": [{"patient_id": "007", "date": "2020-02-03", "site": "calf",
                          "thickness_mm": 2.10}],
        "therapies": [{"patient_id": "007", "therapy": "IVIG", "start": "2020-03-01",
                       "end_status": "ongoing"}],
    }  # fmt: skip
    result = read(json.dumps(document))
    assert (result.outcome, result.findings) == ("accept", ())
    assert [m.patient_id for m in result.measurements] == ["007"]
    assert [t.end_status for t in result.therapies] == ["ongoing"]


@pytest.mark.parametrize("to", ["json", "parquet"])
def test_what_a_form_cannot_carry_is_counted_and_refused_when_strict(run, tmp_path, to):
    table = tmp_path / "m.csv"
    table.write_text("patient_id,date,site,thickness_mm\nA1,2020-02-03,calf,~2.5\n")
    out = tmp_path / f"{to}_out"
    status, err = run("export", table, "--to", to, "--out", out)
    assert status == 0
    assert "warning not_carried: measurements, column approximate: 1 × Approximate" in err
    losses = (out if to == "parquet" else tmp_path) / "losses.csv"
    (row,) = csv.DictReader(losses.read_text().splitlines())
    assert (row["table"], row["column"], row["count"]) == ("measurements", "approximate", "1")
    strict = tmp_path / "strict"
    assert run("export", table, "--to", to, "--out", strict, "--strict")[0] == 1
    assert not strict.exists()


def test_no_file_of_other_projects_gives_a_record_or_a_question_by_mistake():
    """Every file of theirs is known for what it is; skin thickness is in none of them.

    A form of REDCap with a date and numbers is asked about.
    """
    wrong = []
    for path in sorted(REAL.rglob("*.*")):
        if path.name == "SOURCES.md":
            continue
        result = read(path.read_bytes(), path.name)
        asked = {q.key for q in result.questions} - {"column.thickness"}
        if result.measurements or asked or "not_recognised" in codes(result):
            wrong.append(path.name)
    assert wrong == []


SCANS = (
    "record_id,redcap_repeat_instrument,redcap_repeat_instance,us_date,us_site,{fields},"
    "us_complete\n1,us,1,2020-01-07,calf,{first},2\n1,us,2,2020-04-07,calf,{second},2\n"
)
DICTIONARY = (
    'Variable / Field Name,Form Name,Field Type,Field Label,"Choices, Calculations, OR Slider '
    'Labels"\nus_q1,us,text,Skin thickness (mm),\n'
)


def scans(fields, first, second):
    return SCANS.format(fields=fields, first=first, second=second)


def test_a_field_of_redcap_is_known_by_its_label_in_the_data_dictionary():
    files = {"data.csv": scans("us_q1", "2.4", "2.1"), "dictionary.csv": DICTIONARY}
    result = read_sources([SourceFile(n, c.encode()) for n, c in files.items()], today=TODAY)
    assert [m.thickness_mm for m in result.measurements] == [2.4, 2.1]
    assert result.questions == ()


@pytest.mark.parametrize("field", ["us_q1", "us_skin_mm"])
def test_a_number_on_a_form_with_a_date_is_asked_about_and_never_left_in_silence(field):
    content = scans(field, "2.4", "2.1")
    (question,) = read(content).questions
    assert (question.key, [c.value for c in question.choices]) == (
        "column.thickness", [field, "none"],
    )  # fmt: skip
    answers = {"column.thickness": field, "unit": "mm"}
    assert [m.thickness_mm for m in read(content, answers=answers).measurements] == [2.4, 2.1]
    none = read(content, answers={"column.thickness": "none"})
    assert (none.outcome, none.measurements) == ("reject", ())


def test_two_numbers_on_a_form_of_redcap_are_both_read_where_they_are_replicates():
    content = scans("us_mm_1,us_mm_2", "2.4,2.5", "2.1,2.0")
    result = read(content, answers={"column.thickness": "replicates"})
    assert [(m.thickness_mm, m.replicate) for m in result.measurements] == [
        (2.4, 1), (2.5, 2), (2.1, 1), (2.0, 2),
    ]  # fmt: skip


TIMELINE = "PATIENT_ID\tSTART_DATE\tSTOP_DATE\tEVENT_TYPE\tTREATMENT_TYPE\tSUBTYPE\tAGENT\t{more}\n"


def course(more: str, *cells: str, agent: str = "IVIG"):
    row = ["A", "0", "1", "TREATMENT", "Medical Therapy", "Immune", agent, *cells]
    return read(TIMELINE.format(more=more) + "\t".join(row) + "\n")


@pytest.mark.parametrize(
    ("more", "cell", "status"),
    [
        ("COMMENTS", "End date is NA", "unknown"),
        ("NOTE", "end date is na, given abroad", "unknown"),
        ("ONGOING", "Y", "ongoing"),
        ("ONGOING", "U", "unknown"),
        ("ENDING_STATUS", "Ongoing", "ongoing"),
        ("COMMENTS", "well tolerated", "ended"),
    ],
)
def test_a_timeline_of_cbioportal_says_in_words_that_the_end_is_not_known(more, cell, status):
    (found,) = course(more, cell).therapies
    assert (found.end_status, found.end_day) == (status, 1 if status == "ended" else None)


def test_notes_and_reasons_of_a_timeline_are_kept():
    (found,) = course("NOTE\tREASON_STOPPED", "second line", "toxicity").therapies
    assert (found.note, found.stop_reason) == ("Immune; second line", "toxicity")


def test_a_treatment_without_its_agent_is_refused_for_that_reason():
    result = course("NOTE", "x", agent="")
    assert "missing_therapy" in codes(result)


@pytest.mark.parametrize("to", ["redcap", "fhir"])
def test_day_numbers_leave_as_dates_once_day_zero_is_known(run, tmp_path, to):
    days, course = tmp_path / "m.csv", tmp_path / "t.csv"
    days.write_text("patient_id,day,site,thickness_mm\nA1,0,calf,2.5\nA1,31,calf,2.0\n")
    course.write_text("patient_id,therapy,start_day,end_day,session_dates\nA1,ECP,1,31,1 15 31\n")
    out = tmp_path / "out.zip"
    status, err = run("export", days, course, "--to", to, "--out", out)
    assert (status, out.exists()) == (1, False)
    assert "--anchor PATIENT=DATE" in err
    assert "A1" in err
    anchored = ("--anchor", "A1=2020-01-01")
    assert run("export", days, course, "--to", to, "--out", out, *anchored)[0] == 0
    content = out.read_bytes()
    if to == "redcap":
        content = zipfile.ZipFile(out).read("data.csv")
    again = read(content)
    assert [m.date.isoformat() for m in again.measurements] == ["2020-01-01", "2020-02-01"]
    (t,) = again.therapies
    assert (t.start.isoformat(), t.end.isoformat()) == ("2020-01-02", "2020-02-01")
    assert [d.isoformat() for d in t.session_dates] == ["2020-01-02", "2020-01-16", "2020-02-01"]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("cell", ["2.5", "~2.5"])
def test_a_page_gives_one_file_and_an_archive_where_losses_go_with_it(form, cell):
    table = f"patient_id,date,site,thickness_mm\nA1,2020-02-03,calf,{cell}\n"
    records = file_import.records_of(read(table))
    name, _mime = exchanging.page_name(records, form)
    content = exchanging.page_file(records, form)
    if name.endswith(".zip"):
        names = zipfile.ZipFile(io.BytesIO(content)).namelist()
        assert ("losses.csv" in names) == (cell != "2.5")
    else:
        assert (cell, len(read(content).measurements)) == ("2.5", 1)
