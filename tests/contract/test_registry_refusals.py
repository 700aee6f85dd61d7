"""A registry run reads strictly: whom it sets aside is named with the reason, nobody is lost."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from benchmarks.synthetic_registry import registry as synthetic
from sm_tracker.analysis.change import change_table
from sm_tracker.cli import main
from sm_tracker.domain.change_columns import CHANGES
from sm_tracker.domain.set_aside import computable_records
from sm_tracker.domain.tables import MEASUREMENTS, OUTCOMES, THERAPIES, Records, completed_table
from sm_tracker.errors import ColumnError, ReadError
from sm_tracker.registry import RunReport, open_registry, run_registry

Tables = tuple[pd.DataFrame, pd.DataFrame]


def written(folder: Path, measurements: pd.DataFrame, therapies: pd.DataFrame) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    measurements.to_csv(folder / "measurements.csv", index=False)
    therapies.to_csv(folder / "therapies.csv", index=False)
    return folder


def run_on_threads(source: Path, out: Path, **options: Any) -> RunReport:
    return run_registry(source, out, scheduler="threads", workers=2, **options)


def table_of(out: Path) -> pd.DataFrame:
    rows = open_registry(out).filtered(CHANGES.columns)
    return rows.sort_values("patient_id", kind="stable").reset_index(drop=True)


GOOD_READING = {"date": "2024-01-10", "site": "forearm", "thickness_mm": "2.50", "status": ""}
GOOD_PERIOD = {
    "therapy": "IVIG", "start": "2024-01-15", "start_day": "", "end": "", "end_day": "",
    "end_status": "",
    "period_id": "",
}  # fmt: skip
BAD_READINGS = {
    "a decimal comma": ({"thickness_mm": "2,5"}, "thickness_mm is not a number"),
    "a word": ({"thickness_mm": "thick"}, "thickness_mm is not a number"),
    "infinity": ({"thickness_mm": "inf"}, "thickness_mm is not a number"),
    "zero": ({"thickness_mm": "0"}, "thickness_mm is not above zero"),
    "a date of another form": ({"date": "10.01.2024"}, "date is not a date such as 2025-03-10"),
    "a day that does not exist": ({"date": "2024-02-30"}, "date is not a date such as 2025-03-10"),
    "no date": ({"date": ""}, "A value has neither a date nor a day"),
    "no site": ({"site": ""}, "site is blank"),
    "an unknown status": (
        {"status": "lost"},
        "status is none of ok, not_measurable, beyond_depth",
    ),
}
BAD_PERIODS = {
    "end before start": ({"end": "2024-01-01"}, "A therapy period ends before it starts"),
    "no start": ({"start": ""}, "A therapy period has no start"),
    "ended without an end": ({"end_status": "ended"}, "end_status is ended without end"),
    "half a day": ({"start": "", "start_day": "5.5"}, "A day number is not whole"),
    "a day number for the end of a dated period": (
        {"end_day": "7"},
        "A therapy period mixes a date and a day number",
    ),
    "a date for the end of a period on days": (
        {"start": "", "start_day": "5", "end": "2024-03-01"},
        "A therapy period mixes a date and a day number",
    ),
    "no therapy": ({"therapy": ""}, "therapy is blank"),
}


def records(bad_reading: dict[str, str], bad_period: dict[str, str]) -> Tables:
    """Patients A, B and C; B has one reading and one period changed."""
    measurements = pd.DataFrame(
        [
            {"patient_id": code, **GOOD_READING, **(bad_reading if code == "B" else {})}
            for code in "ABC"
        ]
    )
    more = measurements.assign(**{**GOOD_READING, "date": "2024-06-10", "thickness_mm": "1.60"})
    therapies = pd.DataFrame(
        [
            {"patient_id": code, **GOOD_PERIOD, **(bad_period if code == "B" else {})}
            for code in "ABC"
        ]
    )
    return pd.concat([measurements, more]), therapies


def refused_of(out: Path) -> pd.DataFrame:
    return pd.read_csv(out / "refused.csv", dtype=str, keep_default_na=False)


@pytest.mark.parametrize(("bad", "reason"), BAD_READINGS.values(), ids=BAD_READINGS)
def test_a_patient_with_an_unreadable_reading_is_set_aside_whole_and_named(tmp_path, bad, reason):
    source = written(tmp_path / "in", *records(bad, {}))
    report = run_on_threads(source, tmp_path / "out", partitions=1)
    refused = refused_of(tmp_path / "out")
    assert refused[["patient_id", "file", "row", "reason"]].to_numpy().tolist() == [
        ["B", "measurements.csv", "3", reason]
    ]
    assert report.refused == 1
    assert set(table_of(tmp_path / "out")["patient_id"]) == {"A", "C"}


@pytest.mark.parametrize(("bad", "reason"), BAD_PERIODS.values(), ids=BAD_PERIODS)
def test_a_patient_with_an_unreadable_period_is_set_aside_whole_and_named(tmp_path, bad, reason):
    source = written(tmp_path / "in", *records({}, bad))
    run_on_threads(source, tmp_path / "out", partitions=2)
    refused = refused_of(tmp_path / "out")
    assert set(refused["patient_id"]) == {"B"}
    assert ["therapies.csv", "3", reason] in refused[["file", "row", "reason"]].to_numpy().tolist()
    assert set(table_of(tmp_path / "out")["patient_id"]) == {"A", "C"}


def test_a_period_named_as_another_would_be_has_its_patient_computed_as_elsewhere(tmp_path):
    measurements, therapies = synthetic(40, seed=8)
    therapies["therapy"] = therapies["therapy"].where(therapies["patient_id"] > "P00000003", "IVIG")
    # A second period named as the first, which has no name of its own, would be.
    second = therapies.groupby("patient_id").cumcount() == 1
    therapies["period_id"] = np.where(second, "IVIG-1", "")
    source = written(tmp_path / "in", measurements, therapies)
    report = run_on_threads(source, tmp_path / "out", partitions=3)
    assert report.refused == 0
    expected = change_table(measurements, therapies)
    pd.testing.assert_frame_equal(table_of(tmp_path / "out"), expected, check_exact=True)


def test_whom_a_registry_sets_aside_the_analysis_sets_aside_for_the_same_reason(tmp_path):
    measurements, therapies = records({}, {"end": "2024-01-01"})
    run_on_threads(written(tmp_path / "in", measurements, therapies), tmp_path / "out")
    read = {
        name: pd.read_csv(tmp_path / "in" / f"{name}.csv") for name in ("measurements", "therapies")
    }
    tables = Records(
        completed_table(read["measurements"], MEASUREMENTS),
        completed_table(read["therapies"].assign(end_status="ended"), THERAPIES),
        completed_table(pd.DataFrame({"patient_id": [], "outcome": [], "value": []}), OUTCOMES),
    )
    aside = computable_records(tables)[1]
    refused = refused_of(tmp_path / "out")
    assert refused[["patient_id", "reason"]].to_numpy().tolist() == (
        aside[["patient_id", "reason"]].to_numpy().tolist()
    )


def test_two_periods_under_one_name_set_their_patient_aside(tmp_path):
    measurements, therapies = records({}, {"period_id": "first"})
    more = therapies[therapies["patient_id"] == "B"].assign(therapy="ECP")
    source = written(tmp_path / "in", measurements, pd.concat([therapies, more]))
    run_on_threads(source, tmp_path / "out", partitions=1)
    refused = refused_of(tmp_path / "out")
    assert refused[["patient_id", "row", "value"]].to_numpy().tolist() == [
        ["B", "3", "first"],
        ["B", "5", "first"],
    ]


def test_dates_and_day_numbers_in_one_patient_set_that_patient_aside(tmp_path):
    source = written(tmp_path / "in", *records({}, {"start": "", "start_day": "5"}))
    run_on_threads(source, tmp_path / "out", partitions=1)
    assert (
        refused_of(tmp_path / "out")["reason"]
        .item()
        .startswith("Calendar dates and day numbers are mixed within one patient")
    )


def test_a_cell_that_a_spreadsheet_would_compute_is_made_safe_in_the_list(tmp_path):
    source = written(tmp_path / "in", *records({"thickness_mm": "=1+1"}, {}))
    run_on_threads(source, tmp_path / "out", partitions=1)
    assert refused_of(tmp_path / "out")["value"].item() == "'=1+1"


def test_a_run_with_every_patient_set_aside_is_complete_and_empty(tmp_path):
    measurements, therapies = records({}, {})
    source = written(tmp_path / "in", measurements.assign(site=""), therapies)
    report = run_on_threads(source, tmp_path / "out", partitions=2)
    assert report.refused == 3
    assert table_of(tmp_path / "out").empty


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"patient_id,date,site\nA,2024-01-10,arm\n", "lacks thickness_mm"),
        (b"patient_id;date;site;thickness_mm\nA;2024-01-10;arm;2\n", "separated by commas"),
        (b"patient_id,date,site,thickness_mm\nA,2024-01-10\n", "cannot be read as CSV"),
        (b"patient_id,date,site,thickness_mm\nA,2024-01-10,\xe9,2\n", "cannot be read as CSV"),
        (b"", "lacks patient_id"),
    ],
    ids=["no thickness", "semicolons", "a short row", "not UTF-8", "empty"],
)
def test_a_file_that_is_broken_as_such_stops_the_run_with_its_name(tmp_path, content, message):
    source = written(tmp_path / "in", *records({}, {}))
    (source / "measurements.csv").write_bytes(content)
    with pytest.raises((ReadError, ColumnError), match=message):
        run_on_threads(source, tmp_path / "out")


def test_times_with_a_zone_are_refused_because_the_day_depends_on_it(tmp_path):
    measurements, therapies = synthetic(2)
    source = tmp_path / "in"
    source.mkdir()
    zoned = measurements.assign(date=measurements["date"].astype("datetime64[us]"))
    zoned["date"] = zoned["date"].dt.tz_localize("UTC")
    zoned.to_parquet(source / "measurements.parquet")
    therapies.to_parquet(source / "therapies.parquet")
    with pytest.raises(ColumnError, match="time zone"):
        run_on_threads(source, tmp_path / "out")


def test_the_command_says_what_it_did_and_ends_with_one_if_a_patient_was_set_aside(
    tmp_path, capsys
):
    measurements, therapies = records({"thickness_mm": "thick"}, {})
    therapies = therapies.assign(therapy="new drug", ward="7")
    source = written(tmp_path / "in", measurements, therapies)
    words = ["registry", str(source), str(tmp_path / "out"), "--scheduler", "threads"]
    assert main(words) == 1
    out, err = capsys.readouterr()
    assert "2 patients, 6 measurements, 3 therapy periods" in out
    assert "columns of therapies left unread: ward" in err
    assert "no standard name: new drug" in err
    assert "1 patients were set aside" in err
    assert "partitions: 100%" in err
    assert main([*words, "--set", "lag_days=3"]) == 1
    assert "holds another run" in capsys.readouterr().err
