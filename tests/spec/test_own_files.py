"""Our own three files: read without a word when right, row by row with reasons when not."""

from __future__ import annotations

import datetime as dt

import pytest

from sm_tracker.errors import AnswerError
from sm_tracker.ingest import Limits, SourceFile, read_sources

TODAY = dt.date(2026, 11, 1)


def read(*lines: str | bytes, name: str = "table.csv", **settings):
    content = lines[0] if isinstance(lines[0], bytes) else "\n".join(lines).encode()
    return read_sources([SourceFile(name, content)], today=TODAY, **settings)


def refused(result) -> list[tuple[str, int | None, str]]:
    return [(f.code, f.place.row, f.column) for f in result.findings if f.level == "error"]


GOOD = "A1,2020-02-04,calf,2.10"


def test_measurements_are_read_with_all_their_columns():
    result = read(
        "patient_id,date,site,side,layer,thickness_mm,qualifier,status,replicate,device,"
        "frequency_mhz,velocity_m_s,examiner,note",
        'A1,2020-02-04,forearm,left,dermis,2.47,<,ok,2,DUB,22,1580,E1,"soft, warm"',
    )
    (m,) = result.measurements
    assert (result.outcome, result.findings) == ("accept", ())
    assert (m.patient_id, m.date, m.site, m.side, m.layer) == (
        "A1", dt.date(2020, 2, 4), "forearm", "left", "dermis",
    )  # fmt: skip
    assert (m.thickness_mm, m.qualifier, m.status, m.replicate) == (2.47, "<", "ok", 2)
    assert (m.device, m.frequency_mhz, m.velocity_m_s, m.examiner) == ("DUB", 22, 1580, "E1")
    assert m.note == "soft, warm"
    assert (m.place.file, m.place.row) == ("table.csv", 2)


def test_right_files_are_accepted_without_a_word():
    measurements = (b"patient_id,date,site,thickness_mm,status\nA1,2020-02-04,calf,2.1,\n"
                    b"A1,2020-05-04,calf,,not_measurable\n")  # fmt: skip
    therapies = (b"patient_id,therapy,start,end,end_status\nA1,IVIG,2020-02-05,,ongoing\n"
                 b"A1,hydroxychloroquine,2019-02-05,,unknown\n")  # fmt: skip
    outcomes = (b"patient_id,date,outcome,value,unit,better\n"
                b"A1,2020-02-04,mouth opening,34,mm,higher\n")  # fmt: skip
    result = read_sources(
        [SourceFile("m.csv", measurements), SourceFile("t.csv", therapies),
         SourceFile("o.csv", outcomes)],
        today=TODAY,
    )  # fmt: skip
    assert (result.outcome, result.findings, result.questions) == ("accept", (), ())
    assert [m.status for m in result.measurements] == ["ok", "not_measurable"]
    assert [t.end_status for t in result.therapies] == ["ongoing", "unknown"]
    assert [(o.outcome, o.value, o.better) for o in result.outcomes] == [
        ("mouth opening", 34, "higher")
    ]


def test_the_order_of_columns_does_not_matter():
    result = read("thickness_mm,site,patient_id,date", "2.10,calf,A1,2020-02-04")
    assert [(m.patient_id, m.thickness_mm) for m in result.measurements] == [("A1", 2.1)]


def test_micrometres_become_millimetres():
    result = read("patient_id,date,site,thickness_um", "A1,2020-02-04,calf,2100")
    assert [m.thickness_mm for m in result.measurements] == [2.1]


def test_days_stand_for_dates_in_all_three_files():
    files = {
        "m.csv": b"patient_id,day,site,thickness_mm\nA1,-3,calf,2.1\n",
        "t.csv": b"patient_id,therapy,start_day,end_day\nA1,IVIG,0,182\n",
        "o.csv": b"patient_id,day,outcome,value\nA1,0,mRSS,12\n",
    }
    result = read_sources([SourceFile(n, c) for n, c in files.items()], today=TODAY)
    assert result.outcome == "accept"
    assert [(m.date, m.day) for m in result.measurements] == [(None, -3)]
    assert [(t.start_day, t.end_day, t.end_status) for t in result.therapies] == [(0, 182, "ended")]
    assert [o.day for o in result.outcomes] == [0]


def test_a_therapy_is_read_with_all_its_columns():
    result = read(
        "patient_id,therapy,start,end,end_status,date_precision,period_id,kind,dose,cycles,"
        "session_dates,route,stop_reason,show_in_figure,note",
        "A1,ECP,2020-01-01,2020-03-31,ended,month,ecp-1,cyclic,2 days,3,"
        "2020-01-06 2020-02-03 2020-03-02,extracorporeal,completed,false,synthetic",
    )
    (t,) = result.therapies
    assert (result.outcome, result.findings) == ("accept", ())
    assert (t.start, t.end, t.date_precision) == (
        dt.date(2020, 1, 1), dt.date(2020, 3, 31), "month",
    )  # fmt: skip
    assert (t.period_id, t.kind, t.dose, t.cycles) == ("ecp-1", "cyclic", "2 days", 3)
    assert t.session_dates == (dt.date(2020, 1, 6), dt.date(2020, 2, 3), dt.date(2020, 3, 2))
    assert (t.route, t.stop_reason, t.show_in_figure, t.note) == (
        "extracorporeal", "completed", False, "synthetic",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("row", "code", "column"),
    [
        ("A1,04.02.20205,calf,2.1", "unreadable_date", "date"),
        ("A1,2020-02-31,calf,2.1", "impossible_date", "date"),
        ("A1,2031-02-03,calf,2.1", "future_date", "date"),
        ("A1,,calf,2.1", "missing_date", "date"),
        (",2020-02-04,calf,2.1", "missing_patient", "patient_id"),
        ("A1,2020-02-04,,2.1", "missing_site", "site"),
        ("A1,2020-02-04,calf,-2.1", "negative_value", "thickness_mm"),
        ("A1,2020-02-04,calf,0", "zero_value", "thickness_mm"),
        ("A1,2020-02-04,calf,thick", "not_a_number", "thickness_mm"),
    ],
)
def test_a_wrong_row_is_left_out_with_row_and_column_and_good_rows_stay(row, code, column):
    result = read("patient_id,date,site,thickness_mm", GOOD, row, "A1,2020-03-04,calf,2.00")
    assert refused(result) == [(code, 3, column)]
    assert result.outcome == "accept_with_warning"
    assert [m.place.row for m in result.measurements] == [2, 4]
    assert [(r.place.row, list(r.cells)) for r in result.refused] == [(3, row.split(","))]
    assert code in str(result.refused[0].reason)


@pytest.mark.parametrize(
    ("row", "code", "column"),
    [
        ("A1,IVIG,2020-02-04,2020-01-04,", "end_before_start", "end"),
        ("A1,IVIG,,2020-01-04,", "missing_date", "start"),
        ("A1,,2020-02-04,2020-03-04,", "missing_therapy", "therapy"),
        ("A1,IVIG,2020-02-04,,ended", "end_missing", "end_status"),
        ("A1,IVIG,2020-02-04,2020-03-04,ongoing", "end_contradicts", "end_status"),
        ("A1,IVIG,2020-02-04,2020-03-04,maybe", "unknown_word", "end_status"),
        ("A1,IVIG,2020-02-04,someday,", "unreadable_date", "end"),
    ],
)
def test_a_wrong_therapy_is_left_out_with_row_and_column(row, code, column):
    result = read(
        "patient_id,therapy,start,end,end_status", row, "A1,ECP,2020-01-01,2020-02-01,ended"
    )
    assert refused(result) == [(code, 2, column)]
    assert [t.therapy for t in result.therapies] == ["ECP"]


def test_every_problem_of_a_file_is_told_not_only_the_first():
    result = read(
        "patient_id,date,site,thickness_mm",
        "A1,2020-02-31,calf,-1",
        "A1,2020-03-01,calf,thick",
        ",2020-03-02,calf,2.0",
    )
    assert set(refused(result)) == {
        ("impossible_date", 2, "date"),
        ("negative_value", 2, "thickness_mm"),
        ("not_a_number", 3, "thickness_mm"),
        ("missing_patient", 4, "patient_id"),
    }
    assert [r.place.row for r in result.refused] == [2, 3, 4]
    assert "impossible_date" in str(result.refused[0].reason)
    assert "negative_value" in str(result.refused[0].reason)


def test_an_unknown_unit_is_refused_in_its_row():
    result = read("patient,date,site,thickness,unit", GOOD + ",mm", GOOD[:-4] + "2.2,inch")
    assert refused(result) == [("unknown_unit", 3, "unit")]


def test_a_missing_column_rejects_the_file_and_lists_the_columns_seen():
    result = read("patient_id,date,site,comment", "A1,2020-02-04,calf,softer")
    (finding,) = result.findings
    assert (result.outcome, finding.code) == ("reject", "missing_column")
    assert "thickness" in str(finding.message)
    assert "patient_id, date, site, comment" in str(finding.message)


def test_when_no_good_row_is_left_the_file_is_rejected():
    result = read("patient_id,date,site,thickness_mm", "A1,2020-02-31,calf,2.1")
    assert (result.outcome, result.measurements) == ("reject", ())


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "file_empty"),
        (b" \r\n\r\n", "file_empty"),
        (b"\x89PNG\r\n\x1a\n" + bytes(40), "picture_file"),
        (bytes(range(256)) * 8, "binary_file"),
        (b"%PDF-1.7 ...", "other_file"),
        (b"patient_id,date,site,thickness_mm\n", "header_only"),
    ],
)
def test_what_is_no_table_is_rejected_by_name(content, code):
    result = read(content)
    assert (result.outcome, [f.code for f in result.findings]) == ("reject", [code])


def test_one_hopeless_file_does_not_stop_the_others():
    good = SourceFile("good.csv", b"patient_id,date,site,thickness_mm\nA1,2020-02-04,calf,2.1\n")
    result = read_sources([SourceFile("bad.csv", b""), good], today=TODAY)
    assert result.outcome == "accept_with_warning"
    assert len(result.measurements) == 1


@pytest.mark.parametrize(
    ("limits", "code", "named"),
    [
        (Limits(bytes=20), "file_too_large", "20 bytes"),
        (Limits(rows=2), "too_many_rows", "2 rows"),
        (Limits(columns=3), "too_many_columns", "3 columns"),
    ],
)
def test_a_limit_is_named_in_the_message(limits, code, named):
    result = read("patient_id,date,site,thickness_mm", GOOD, GOOD, limits=limits)
    (finding,) = result.findings
    assert (result.outcome, finding.code) == ("reject", code)
    assert named in str(finding.message)


def test_the_last_day_that_is_no_future_is_today():
    lines = ("patient_id,date,site,thickness_mm", "A1,2026-11-01,calf,2.1", "A1,2026-11-02,calf,2")
    assert refused(read(*lines)) == [("future_date", 3, "date")]


def test_an_answer_to_no_known_question_is_refused():
    with pytest.raises(AnswerError, match="There is no question 'colour'"):
        read("patient_id,date,site,thickness_mm", GOOD, answers={"colour": "blue"})


def test_an_answer_that_is_not_needed_changes_nothing():
    lines = ("patient_id,date,site,thickness_mm", GOOD)
    assert read(*lines, answers={"unit": "µm", "date_order": "month-first"}) == read(*lines)
