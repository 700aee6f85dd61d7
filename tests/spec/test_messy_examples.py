"""The worked examples of messy clinic files, read by `check --json`.

Twelve files with their expectations lie in tests/messy with a README that explains the columns,
fifteen more in tests/messy_2.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from sm_tracker.cli import main

TESTS = Path(__file__).parents[1]
FOLDERS = TESTS / "messy", TESTS / "messy_2"
EXPECTED = [
    {**row, "folder": folder.name}
    for folder in FOLDERS
    for row in csv.DictReader((folder / "expectations.csv").read_text("utf-8").splitlines())
]
FOLDER_OF = {e["file"]: TESTS / e["folder"] for e in EXPECTED}
STATUS = {"accept": 0, "accept_with_warning": 0, "ask": 3, "reject": 1}


@pytest.fixture
def check(capsys: pytest.CaptureFixture[str]):
    def run(name: str, *answers: str) -> dict[str, Any]:
        words = [w for a in answers for w in ("--answer", a)]
        status = main(
            ["check", str(FOLDER_OF[name] / name), "--json", "--today", "2026-11-01", *words]
        )
        printed = json.loads(capsys.readouterr().out)
        assert status == STATUS[printed["outcome"]]
        return printed

    return run


def measurement(record: Mapping[str, Any]) -> tuple[str, ...]:
    value = f"{record['qualifier']}{record['thickness_mm']:.3f}"
    return record["patient_id"], record["date"], value


def expected_measurement(text: str) -> tuple[tuple[str, ...], str]:
    patient, site, date, value = text.split("|")
    sign = value[0] if value[0] in "<>" else ""
    return (patient, date, f"{sign}{float(value.lstrip('<>')):.3f}"), site


def therapy(record: Mapping[str, Any]) -> str:
    end = record["end"] or record["end_status"]
    return "|".join((record["patient_id"], record["therapy"], record["start"], end))


def messages(printed: Mapping[str, Any]) -> str:
    findings = [f"row {f['row']} {f['value']} {f['message']}" for f in printed["findings"]]
    asked = [q["message"] for q in printed["questions"]]
    return "\n".join(findings + asked).casefold()


def named_rows(printed: Mapping[str, Any]) -> set[str]:
    return {str(f["row"]) for f in printed["findings"] if f["row"] is not None}


def test_all_examples_are_here():
    assert len(EXPECTED) == 12 + 15
    assert all((FOLDER_OF[e["file"]] / e["file"]).exists() for e in EXPECTED)


@pytest.mark.parametrize("expected", EXPECTED, ids=lambda e: e["file"])
def test_the_outcome_is_the_expected_one(check, expected):
    printed = check(expected["file"])
    assert printed["outcome"] in {expected["outcome"], *expected["also_ok"].split()}
    if printed["outcome"] in ("ask", "reject"):
        assert printed["measurements"] == printed["therapies"] == []


@pytest.mark.parametrize(
    "expected", [e for e in EXPECTED if e["n_measurements"]], ids=lambda e: e["file"]
)
def test_the_readings_are_the_expected_ones(check, expected):
    found = check(expected["file"])["measurements"]
    assert len(found) == int(expected["n_measurements"])
    for record, key in ((found[0], "first_measurement"), (found[-1], "last_measurement")):
        if not expected[key]:
            continue
        values, site = expected_measurement(expected[key])
        assert measurement(record) == values
        names = (record["site"], record["site_text"], f"{record['side']} {record['site']}")
        assert site.casefold() in [n.casefold() for n in names]
    patients, sites = ({r["patient_id"] for r in found}, {(r["site"], r["side"]) for r in found})
    assert not expected["n_patients"] or len(patients) == int(expected["n_patients"])
    assert not expected["n_sites"] or len(sites) == int(expected["n_sites"])
    assert sum(bool(r["qualifier"]) for r in found) == int(expected["n_censored"] or 0)


@pytest.mark.parametrize(
    "expected", [e for e in EXPECTED if e["n_therapies"]], ids=lambda e: e["file"]
)
def test_the_therapies_are_the_expected_ones(check, expected):
    found = check(expected["file"])["therapies"]
    assert len(found) == int(expected["n_therapies"])
    for record, key in ((found[0], "first_therapy"), (found[-1], "last_therapy")):
        assert not expected[key] or therapy(record) == expected[key]


@pytest.mark.parametrize("expected", EXPECTED, ids=lambda e: e["file"])
def test_every_row_left_out_or_in_doubt_is_named(check, expected):
    rows = {*expected["rows_rejected"].split(), *expected["rows_warned"].split()}
    assert rows <= named_rows(check(expected["file"]))


@pytest.mark.parametrize(
    "expected", [e for e in EXPECTED if e["must_mention"]], ids=lambda e: e["file"]
)
def test_the_messages_say_what_a_person_looks_for(check, expected):
    said = messages(check(expected["file"]))
    for need in expected["must_mention"].split(";"):
        assert any(word.casefold() in said for word in need.split("|")), need


@pytest.mark.parametrize(
    ("file", "answer", "first", "last"),
    [
        ("s04_ambiguous_dates.csv", "date_order=day-first", "2018-03-02", "2018-07-04"),
        ("s04_ambiguous_dates.csv", "date_order=month-first", "2018-02-03", "2018-04-07"),
    ],
)
def test_an_answer_settles_the_order_of_day_and_month(check, file, answer, first, last):
    found = check(file, answer)["measurements"]
    assert [r["date"] for r in found] == [first, last]


@pytest.mark.parametrize("unit", ["µm", "um", "μm"])
def test_an_answer_settles_the_unit(check, unit):
    found = check("s05_unit_unknown.csv", f"unit={unit}")["measurements"]
    assert [r["thickness_mm"] for r in found] == [1.21, 1.105]
