"""Readings tagged with a therapy: which of them count for what, without any date of a course."""

from __future__ import annotations

import csv
import dataclasses
import io
from pathlib import Path

import pandas as pd
import pytest

from sm_tracker.analysis.change import change_table
from sm_tracker.domain.tables import Records, tables_of_records
from sm_tracker.ingest import SourceFile, read_sources
from sm_tracker.report.export_tables import write_csv

SAMPLES = Path(__file__).parents[2] / "sample_data"
HEADER = "patient_id,date,site,thickness_mm,therapy"
THREE = (
    ("2022-01-10", "2.60", "none"),
    ("2022-02-10", "2.50", "methotrexate"),
    ("2022-03-10", "2.40", "methotrexate"),
    ("2022-05-10", "2.10", "IVIG"),
    ("2022-06-10", "1.70", "IVIG"),
)


def records(rows, header=HEADER, **answers) -> Records:
    lines = [header, *(",".join(("A1", row[0], "forearm", *row[1:])) for row in rows)]
    read = read_sources([SourceFile("tagged.csv", "\n".join(lines).encode())], answers=answers)
    assert read.outcome in ("accept", "accept_with_warning"), read.questions or read.findings
    return tables_of_records(read.measurements, read.therapies)


def changes(found: Records) -> pd.DataFrame:
    table = change_table(found.measurements, found.therapies)
    return table[table["level"].isin(["period", "combination", "untreated"])]


def row_of(table: pd.DataFrame, regimen: str) -> pd.Series:
    (row,) = (row for _, row in table[table["regimen"] == regimen].iterrows())
    return row


def limits(found: Records) -> list[tuple[str, ...]]:
    names = ["therapy", "starts_after", "starts_by", "ends_after", "ends_by", "end_status"]
    return [tuple(row) for row in found.therapies[names].to_numpy()]


def test_a_course_starts_and_ends_between_two_readings_and_the_last_one_goes_on():
    assert limits(records(THREE)) == [
        ("methotrexate", "2022-01-10", "2022-02-10", "2022-03-10", "2022-05-10", "ended"),
        ("IVIG", "2022-03-10", "2022-05-10", "", "", "ongoing"),
    ]


def test_the_first_tagged_reading_counts_as_under_and_the_one_before_it_is_the_baseline():
    row = row_of(changes(records(THREE)), "IVIG")
    assert (row["baseline_mm"], row["last_mm"], row["n_under"]) == (2.40, 1.70, 2)
    assert row["change_mm"] == pytest.approx(-0.70)
    assert (row["reference_state"], row["n_reference"]) == ("methotrexate", 2)
    assert str(row["starts_on"].date()) == "2022-05-10"


def test_the_baseline_window_is_counted_back_from_the_first_tagged_reading():
    late = [(day.replace("2022-05", "2022-07").replace("2022-06", "2022-08"), *rest)
            for day, *rest in THREE]  # fmt: skip
    row = row_of(changes(records(late)), "IVIG")
    assert row["error_check"] == "not_computable"
    assert (row["n_reference"], row["n_under"]) == (2, 2)


def test_the_words_about_the_dates_are_those_of_tags_and_neighbours_do_not_overlap():
    for regimen in ("methotrexate", "IVIG"):
        flags = row_of(changes(records(THREE)), regimen)["flags"].split()
        assert "dates_from_tags" in flags
        assert not {"approximate_dates", "overlap", "end_unknown"} & set(flags)


def test_what_was_read_before_the_first_tag_is_no_time_without_therapy():
    row = row_of(changes(records(THREE[1:])), "methotrexate")
    assert (row["reference_state"], row["n_reference"], row["n_untreated"]) == ("", 0, 0)
    assert row["error_check"] == "not_computable"


def test_a_run_of_none_is_time_without_therapy_from_its_first_reading_on():
    rows = [*THREE[:3], ("2022-04-01", "2.45", "none"), ("2022-04-12", "2.55", "none"), *THREE[3:]]
    table = changes(records(rows))
    none, ivig = row_of(table, "no therapy"), row_of(table, "IVIG")
    assert (none["baseline_mm"], none["last_mm"], none["n_under"]) == (2.40, 2.55, 2)
    assert (str(none["starts_on"].date()), str(none["ends_on"].date())) == (
        "2022-04-01",
        "2022-04-12",
    )
    assert (ivig["baseline_mm"], ivig["reference_state"], ivig["n_reference"]) == (
        2.55,
        "no therapy",
        2,
    )


def test_the_tag_of_a_row_without_a_value_counts():
    rows = [*THREE[:3], ("2022-04-10", "", "IVIG"), *THREE[3:]]
    found = records(rows)
    assert limits(found)[0][4] == "2022-04-10"
    assert limits(found)[1][1:3] == ("2022-03-10", "2022-04-10")
    header = f"{HEADER[:-8]},status,therapy"
    rows = [(d, v, "not_measurable" if not v else "ok", t) for d, v, t in rows]
    assert limits(records(rows, header)) == limits(found)


def test_therapies_in_one_tag_are_a_combination_of_periods_of_their_own():
    rows = [
        ("2022-01-10", "2.60", "HCQ"),
        ("2022-02-10", "2.50", "HCQ + IVIG"),
        ("2022-03-10", "2.20", "HCQ + IVIG"),
        ("2022-04-10", "2.00", "IVIG"),
    ]
    found = records(rows)
    assert limits(found) == [
        ("hydroxychloroquine", "", "2022-01-10", "2022-03-10", "2022-04-10", "ended"),
        ("IVIG", "2022-01-10", "2022-02-10", "", "", "ongoing"),
    ]
    table = changes(found)
    both = row_of(table, "hydroxychloroquine + IVIG")
    assert (both["level"], both["baseline_mm"], both["last_mm"]) == ("combination", 2.60, 2.20)
    assert (str(both["starts_on"].date()), str(both["ends_on"].date())) == (
        "2022-02-10",
        "2022-03-10",
    )
    ivig = row_of(table, "IVIG")
    assert (ivig["n_under"], ivig["overlaps_with"]) == (3, "hydroxychloroquine")


@pytest.mark.parametrize("where", [0, 2, 3, 5], ids=["first", "inside", "between", "last"])
def test_a_reading_whose_therapy_is_not_stated_counts_for_no_side(where):
    day = ["2022-01-01", "", "2022-02-20", "2022-04-10", "", "2022-07-10"][where]
    rows = [*THREE[:where], (day, "9.90", ""), *THREE[where:]]
    whole, without = records(rows, blank_therapy="not-stated"), records(THREE)
    numbers = ["baseline_mm", "last_mm", "change_mm", "n_reference", "n_under", "n_untreated",
               "mean_under_mm", "mean_reference_mm"]  # fmt: skip
    pd.testing.assert_frame_equal(
        changes(whole)[numbers].reset_index(drop=True),
        changes(without)[numbers].reset_index(drop=True),
    )
    (kept,) = (m for _, m in whole.measurements.iterrows() if m["thickness_mm"] == 9.9)
    assert (kept["doubt"], kept["doubt_reason"]) == ("open", "therapy_not_stated")


def test_a_blank_means_what_the_answer_says():
    rows = [*THREE[:3], ("2022-04-10", "2.45", ""), *THREE[3:]]
    untreated = row_of(changes(records(rows, blank_therapy="no-therapy")), "no therapy")
    assert (untreated["n_under"], untreated["last_mm"]) == (1, 2.45)
    carried = row_of(changes(records(rows, blank_therapy="as-above")), "methotrexate")
    assert (carried["n_under"], carried["last_mm"]) == (3, 2.45)
    left_out = row_of(changes(records(rows, blank_therapy="not-stated")), "methotrexate")
    assert (left_out["n_under"], left_out["last_mm"]) == (2, 2.40)


def test_a_reading_entered_later_between_two_tags_belongs_to_neither():
    found = records(THREE)
    later = found.measurements.iloc[[0]].assign(
        date=pd.Timestamp("2022-04-05"), thickness_mm=9.0, therapy=""
    )
    early = later.assign(date=pd.Timestamp("2022-02-01"))
    both = dataclasses.replace(
        found, measurements=pd.concat([found.measurements, later, early], ignore_index=True)
    )
    table, plain = changes(both), changes(found)
    for regimen in ("methotrexate", "IVIG"):
        row, as_before = row_of(table, regimen), row_of(plain, regimen)
        assert row["n_left_out"] >= 1
        for name in ("baseline_mm", "last_mm", "n_reference", "n_under"):
            assert row[name] == as_before[name]


def test_the_index_case_by_tags_alone_is_the_dated_one():
    def forearm(*names):
        files = [SourceFile(name, (SAMPLES / name).read_bytes()) for name in names]
        read = read_sources(files)
        found = tables_of_records(read.measurements, read.therapies)
        table = change_table(found.measurements, found.therapies)
        return table[(table["site"] == "forearm") & (table["level"] == "period")]

    tagged = forearm("index_case_tagged.csv")
    dated = forearm("index_case_measurements.csv", "index_case_therapies.csv")
    for regimen, change in (("cyclophosphamide", -0.52), ("IVIG", -0.87)):
        row, with_dates = row_of(tagged, regimen), row_of(dated, regimen)
        assert row["change_mm"] == pytest.approx(change, abs=1e-9)
        for name in ("error_check", "verdict", "n_reference", "n_under"):
            assert row[name] == with_dates[name]
        for name in ("change_mm", "mean_change_mm", "ci_low_mm", "ci_high_mm"):
            assert row[name] == pytest.approx(with_dates[name], rel=1e-9)


def test_our_own_files_keep_the_limits_and_are_read_without_a_word():
    found = records(THREE)
    files = [SourceFile(name, content) for name, content in write_csv(found).items()]
    read = read_sources(files)
    assert read.outcome == "accept"
    again = tables_of_records(read.measurements, read.therapies)
    assert limits(again) == limits(found)
    assert again.therapies["dates_derived"].all()
    assert write_csv(again) == write_csv(found)


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("starts_by", "2022-02-11"),
        ("starts_after", "2022-02-10"),
        ("ends_after", "2022-03-09"),
        ("ends_by", "2022-03-10"),
        ("ends_by", ""),
        ("starts_after", "soon"),
    ],
)
def test_a_limit_that_fits_to_nothing_refuses_its_row(column, value):
    rows = list(csv.DictReader(io.StringIO(write_csv(records(THREE))["therapies.csv"].decode())))
    rows[0][column] = value
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, rows[0].keys(), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    read = read_sources([SourceFile("therapies.csv", out.getvalue().encode())])
    assert [p.therapy for p in read.therapies] == ["IVIG"]
    assert {f.code for f in read.findings} & {"limits_contradict", "unreadable_date"}
    assert [r.place.row for r in read.refused] == [2]
