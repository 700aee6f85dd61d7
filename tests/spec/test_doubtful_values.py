"""Doubtful values: kept, named, and in no answer until a person confirms or corrects them."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from sm_tracker.domain.doubt import outcome_doubts, thickness_doubts
from sm_tracker.domain.records import Measurement, OutcomeReading
from sm_tracker.domain.tables import tables_of_records
from sm_tracker.domain.timeline import outcome_visit_values, visit_values
from sm_tracker.ingest import SourceFile, read_sources
from sm_tracker.report.export_tables import write_csv, write_xlsx
from sm_tracker.report.reasons import flag_sentences
from sm_tracker.workflow.analysing import analyse
from sm_tracker.workflow.file_import import result_as_json

TODAY = dt.date(2026, 11, 1)
ROOT = Path(__file__).parents[2]
NOT_TO_THE_DAY = "Start or end is not known to the day."
NOT_USED = "A later reading during this time could not be used."
HEADER = "patient_id,date,site,thickness_mm"
DATES = ("2024-01-08", "2024-03-05", "2024-06-04", "2024-09-03", "2024-12-03", "2025-03-04")


def reasons(*values):
    zeros = np.zeros(len(values), dtype="int64")
    return thickness_doubts(zeros, zeros, np.array(values, dtype="float64")).reason.tolist()


def suggested(*values):
    zeros = np.zeros(len(values), dtype="int64")
    return thickness_doubts(zeros, zeros, np.array(values, dtype="float64")).suggested.tolist()


def read(*lines, name="m.csv", **settings):
    return read_sources([SourceFile(name, "\n".join(lines).encode())], today=TODAY, **settings)


def series(*values, site="calf", header=HEADER, **settings):
    rows = (f"A1,{d},{site},{v}" for d, v in zip(DATES, values, strict=False))
    return read(header, *rows, **settings)


def doubted(result):
    return [(m.thickness_mm, m.doubt_reason) for m in result.measurements if m.doubt == "open"]


# The rule


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ((2.1, 0.21, 2.0), ["", "far_from_series", ""]),
        ((2.1, 21, 2.0), ["", "out_of_range", ""]),
        ((1.8, 18), ["", "far_from_series"]),
        ((0.9, 9.0), ["far_from_series"] * 2),
        ((2.1, 2.0, 2.2, 0.5), ["", "", "", "alone_in_series"]),
        ((2.1, 2.0, 2.2, 0.5, 0.52), [""] * 5),
        ((2.1, 2.0, 0.0021), ["", "", "out_of_range"]),
        ((2.1, 9.99, 99.9, 999, 8.88), ["", *["missing_code"] * 4]),
        ((7.4, 7.9, 7.77), ["", "", ""]),
        ((0.08, 0.09, 0.1, 0.085), [""] * 4),
        ((20.5,), ["out_of_range"]),
        ((2.5,), [""]),
    ],
)
def test_what_is_doubted_in_a_series(values, expected):
    assert reasons(*values) == expected


def test_the_value_that_may_have_been_meant_is_suggested():
    assert suggested(20.5) == [2.05]
    assert suggested(2.1, 0.21, 2.0)[1] == 2.1
    assert suggested(2.0, 2.1, 0.0021)[2] == 2.1
    assert np.isnan(suggested(2.1, 2.0, 999)[2])


def outcome_reasons(*values):
    zeros = np.zeros(len(values), dtype="int64")
    return outcome_doubts(zeros, np.array(values, dtype="float64")).reason.tolist()


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ((2, 2, 3, 20), [""] * 4),
        ((0.25, 0.25, 0.375, 2.0), [""] * 4),
        ((5.2, 4.8, 6.1, 120), [""] * 4),
        ((150, 160, 140, 5000), [""] * 4),
        ((95, 98, 99.9, 99), [""] * 4),
        ((31, 32, 310, 33), ["", "", "far_from_series", ""]),
        ((31, 310, 32), [""] * 3),
        ((20, 18, 99), ["", "", "missing_code"]),
        ((25, 999, -9, -99), ["", "missing_code", "", "missing_code"]),
        ((999,), [""]),
    ],
)
def test_of_other_outcomes_only_codes_and_slipped_decimal_points_are_doubted(values, expected):
    assert outcome_reasons(*values) == expected


# Files


def test_a_doubtful_value_is_kept_and_named_with_row_column_and_value():
    result = series(2.1, 2.0, 0.21, 2.2)
    assert result.outcome == "accept_with_warning"
    assert doubted(result) == [(0.21, "far_from_series")]
    (finding,) = result.findings
    assert (finding.code, finding.level, finding.place.row) == ("implausible_value", "warning", 4)
    assert (finding.column, finding.value) == ("thickness_mm", "0.21 mm")


def test_the_column_named_is_the_one_of_the_site_where_each_site_has_its_own():
    result = read(
        "patient_id;date;Unterarm re mm;Thorax mm",
        *(f"A1;{d};{a};{b}" for d, a, b in zip(DATES, (2.1, 2.0, 2.2), (3.0, 0.31, 3.1),
                                               strict=False)),
    )  # fmt: skip
    assert [(f.code, f.column, f.place.row) for f in result.findings if f.level != "info"] == [
        ("implausible_value", "Thorax mm", 3)
    ]


def test_codes_for_missing_are_proposed_and_the_unit_is_not_asked_about_for_them():
    asked = series(2.47, 999, 99.9, 9.99, 8.88)
    assert [q.key for q in asked.questions] == ["missing_codes"]
    kept = series(2.47, 999, 99.9, 9.99, 8.88, answers={"missing_codes": "keep"})
    # No record holds more than 50 mm: what is kept and beyond it is a refused row.
    assert doubted(kept) == [(9.99, "missing_code"), (8.88, "missing_code")]
    assert [r.place.row for r in kept.refused] == [3, 4]
    assert {f.code for f in kept.findings} >= {"possible_missing_code", "value_beyond_limits"}


def test_a_negative_value_and_a_zero_are_still_refused():
    result = series(2.1, -2.0, 0, 2.2)
    assert [m.thickness_mm for m in result.measurements] == [2.1, 2.2]
    assert [r.place.row for r in result.refused] == [3, 4]


def test_one_value_in_mm_in_a_column_of_micrometres_is_doubted_once_the_unit_is_said():
    lines = ["patient_id,date,site,thickness_um", *(f"A1,{d},calf,{v}" for d, v in zip(
        DATES, (2100, 2050, 2.1, 1980), strict=False))]  # fmt: skip
    asked = read(*lines)
    assert [q.key for q in asked.questions] == ["unit"]
    assert doubted(read(*lines, answers={"unit": "µm"})) == [(0.0021, "out_of_range")]
    assert doubted(read(*lines, answers={"unit": "mm"})) == []


def test_sites_of_different_thickness_do_not_cast_doubt_on_each_other():
    rows = [f"A1,{d},{site},{v}" for d, f, a in zip(DATES, (0.6, 0.55, 0.5), (5.4, 5.2, 5.0),
                                                    strict=False)
            for site, v in (("finger", f), ("abdomen", a))]  # fmt: skip
    assert doubted(read(HEADER, *rows)) == []


def test_the_files_are_judged_together():
    first = SourceFile(
        "one.csv", f"{HEADER}\nA1,2024-01-08,calf,2.1\nA1,2024-03-05,calf,2.0".encode()
    )
    second = SourceFile("two.csv", f"{HEADER}\nA1,2024-06-04,calf,0.25".encode())
    assert doubted(read_sources([second], today=TODAY)) == []
    assert doubted(read_sources([first, second], today=TODAY)) == [(0.25, "far_from_series")]


def test_what_a_column_says_of_a_doubt_is_taken_without_a_word():
    result = read(
        f"{HEADER},doubt,doubt_reason",
        "A1,2024-01-08,calf,2.1,,",
        "A1,2024-03-05,calf,0.21,confirmed,far_from_series",
        "A1,2024-06-04,calf,0.2,open,far_from_series",
        "A1,2024-09-03,calf,2.0,open,",
    )
    assert (result.outcome, result.findings) == ("accept", ())
    assert [m.doubt for m in result.measurements] == ["", "confirmed", "open", "open"]


def test_a_word_that_says_nothing_of_a_doubt_is_named():
    result = read(f"{HEADER},doubt", "A1,2024-01-08,calf,2.1,perhaps")
    assert [(f.code, f.column, f.value) for f in result.findings] == [
        ("optional_unreadable", "doubt", "perhaps")
    ]


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_our_own_files_come_back_identical_and_without_a_word(form):
    mouth = [31, 33, 350, 38]
    before = tables_of_records(
        series(2.1, 2.0, 0.21, 21, 9.99, 2.2).measurements,
        (),
        [OutcomeReading(patient_id="A1", outcome="mouth opening", value=v, unit="mm",
                        date=dt.date.fromisoformat(d), doubt="open" if v == 350 else "",
                        doubt_reason="far_from_series" if v == 350 else "", better="higher")
         for d, v in zip(DATES, mouth, strict=False)],
    )  # fmt: skip
    files = (
        [SourceFile(name, content) for name, content in write_csv(before).items()]
        if form == "csv"
        else [SourceFile("all.xlsx", write_xlsx(before))]
    )
    result = read_sources(files, today=TODAY)
    assert (result.outcome, result.findings) == ("accept", ())
    again = tables_of_records(result.measurements, result.therapies, result.outcomes)
    said = ["doubt", "doubt_reason"]
    for name in ("measurements", "outcomes"):
        pd.testing.assert_frame_equal(getattr(again, name)[said], getattr(before, name)[said])


def test_the_json_of_check_says_what_is_doubted():
    plain = result_as_json(series(2.1, 2.0, 0.21))
    assert [(m["doubt"], m["doubt_reason"]) for m in plain["measurements"]] == [
        ("", ""), ("", ""), ("open", "far_from_series"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "file",
    ["index_case_measurements.csv", "ivig_survey_measurements.csv",
     "published_group_values_measurements.csv", "index_case_outcomes.csv",
     "ivig_survey_outcomes.csv"],
)  # fmt: skip
def test_no_value_of_the_sample_data_is_doubted(file):
    source = SourceFile(file, (ROOT / "sample_data" / file).read_bytes())
    result = read_sources([source], today=TODAY)
    assert {r.doubt for r in (*result.measurements, *result.outcomes)} == {""}


# Answers


def reading(day, mm, **fields):
    return Measurement(patient_id="A", site="calf", day=day, thickness_mm=mm, **fields)


def visits(*measured):
    return visit_values(tables_of_records(measured).measurements)


def test_a_reading_in_open_doubt_is_averaged_nowhere():
    table = visits(reading(0, 2.1), reading(0, 2.3), reading(0, 0.22, doubt="open"))
    (row,) = table.to_dict("records")
    assert (row["value_mm"], row["n_replicates"], row["state"]) == (pytest.approx(2.2), 2, "ok")
    assert (row["n_doubtful"], row["doubtful_mm"]) == (1, 0.22)


def test_a_visit_with_nothing_but_doubt_has_no_value_and_says_so():
    (row,) = visits(reading(0, 0.22, doubt="open", doubt_reason="far_from_series")).to_dict(
        "records"
    )
    assert (row["state"], row["doubt_reason"]) == ("doubtful", "far_from_series")
    assert np.isnan(row["value_mm"])


def test_a_confirmed_value_counts_like_any_other():
    (row,) = visits(reading(0, 0.22, doubt="confirmed")).to_dict("records")
    assert (row["value_mm"], row["state"], row["n_doubtful"]) == (0.22, "ok", 0)


def test_an_outcome_in_open_doubt_is_in_no_visit_value():
    values = [OutcomeReading(patient_id="A", outcome="mRSS", value=v, day=d, doubt=doubt)
              for d, v, doubt in ((0, 20, ""), (30, 99, "open"))]  # fmt: skip
    table = outcome_visit_values(tables_of_records((), (), values).outcomes)
    assert table["state"].tolist() == ["ok", "doubtful"]
    assert table["doubtful_mm"].tolist()[1] == 99


IVIG_FROM_100 = "therapy | start_day | end_day \n IVIG | 100 |"
LAST_BEFORE = """
    day | thickness_mm | doubt
    60  | 2.5          |
    90  | 0.25         | {doubt}
    150 | 2.0          |
"""


def test_a_doubtful_last_reading_before_the_start_gives_way_to_the_usable_one(change):
    row = change(LAST_BEFORE.format(doubt="open"), IVIG_FROM_100)
    assert (row["baseline_day"], row["n_reference"]) == (60, 1)
    assert {"baseline_not_last", "doubtful_value"} <= set(row["flags"].split())
    assert row["left_out"] == "1 doubtful before the start, not yet confirmed"
    assert row["n_left_out"] == 1


def test_once_confirmed_it_is_the_baseline(change):
    row = change(LAST_BEFORE.format(doubt="confirmed"), IVIG_FROM_100)
    assert (row["baseline_day"], row["baseline_mm"]) == (90, 0.25)
    assert "doubtful_value" not in row["flags"]


def test_with_nothing_but_doubt_before_the_start_there_is_no_answer(change):
    row = change("day | thickness_mm | doubt \n 90 | 0.25 | open \n 150 | 2.0 |", IVIG_FROM_100)
    assert row["error_check"] == "not_computable"
    assert row["error_reason"].startswith("doubtful value")
    assert row["left_out"] == "1 doubtful before the start, not yet confirmed"


def test_a_doubt_far_from_the_period_is_no_flag_of_it(change):
    row = change(
        "day | thickness_mm | doubt \n -900 | 0.25 | open \n 60 | 2.5 | \n 150 | 2.0 |",
        "therapy | start_day | end_day \n MTX | -500 | 20 \n IVIG | 100 |",
        regimen="IVIG",
    )
    assert "doubtful_value" not in row["flags"]


def test_a_reading_in_the_month_of_an_uncertain_end_is_not_called_unusable(change):
    row = change(
        """
        date       | thickness_mm
        2024-01-10 | 2.5
        2024-04-10 | 2.0
        2024-06-15 | 1.9
        """,
        "therapy | start | end | date_precision | end_date_precision \n"
        "UVA1 | 2024-02-01 | 2024-06-30 | day | month",
    )
    assert row["last_date"] == pd.Timestamp("2024-04-10")
    assert "last_not_latest" not in row["flags"]
    assert row["left_out"] == "1 inside an uncertain start or end"


@pytest.mark.parametrize(
    ("later", "remarks", "left_out"),
    [
        (
            "2024-06-15 | 1.9 | ok",
            {NOT_TO_THE_DAY},
            "1 inside an uncertain start or end",
        ),
        (
            "2024-05-15 | | not_measurable",
            {NOT_TO_THE_DAY, NOT_USED},
            "1 censored or unreadable under the regimen",
        ),
        (
            "2024-05-15 | | not_measurable \n 2024-06-15 | 1.9 | ok",
            {NOT_TO_THE_DAY, NOT_USED},
            "1 censored or unreadable under the regimen; 1 inside an uncertain start or end",
        ),
    ],
    ids=["in the month of the end", "unreadable", "one of each"],
)
def test_the_remark_about_a_later_reading_names_its_true_cause(change, later, remarks, left_out):
    row = change(
        "date | thickness_mm | status \n 2024-01-10 | 2.5 | ok \n 2024-04-10 | 2.0 | ok \n" + later,
        "therapy | start | end | date_precision | end_date_precision \n"
        "UVA1 | 2024-02-01 | 2024-06-30 | day | month",
    )
    assert set(flag_sentences(row)) & {NOT_TO_THE_DAY, NOT_USED} == remarks
    assert row["left_out"] == left_out


def test_frames_without_a_column_of_doubts_are_judged_when_they_are_analysed():
    values = (2.5, 2.4, 2.5, 0.2, 2.0, 1.9)
    measured = [reading(d, v) for d, v in zip((0, 30, 60, 120, 150, 180), values, strict=True)]
    tables = tables_of_records(measured)
    analysis = analyse(tables)
    assert analysis.records.measurements["doubt"].tolist() == ["", "", "", "open", "", ""]
    course = analysis.changes[analysis.changes["level"] == "course"].iloc[0]
    assert course["lowest_mm"] == 1.9
