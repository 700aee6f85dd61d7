"""Ways M76 and M77: files beyond a limit, and the same file twice."""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Callable

import openpyxl
import pytest

from sm_tracker.ingest import Limits, SourceFile, read_sources

TODAY = dt.date(2026, 11, 1)
TWO = b"patient,date,site,mm\nR1,2020-02-04,calf,2.4\nR1,2020-05-05,calf,2.2\n"


CASES = [
    {
        "name": "m76_more_bytes_than_the_limit",
        "content": lambda: TWO + b"\n" * 50_000_000,
        "outcome": "reject",
        "mention": "limit is 50000000 bytes",
    },
    {
        "name": "m76_more_rows_than_the_limit",
        "content": lambda: b"a,b\n" + b"1,2\n" * 500_000,
        "outcome": "reject",
        "mention": "limit is 500000 rows",
    },
    {
        "name": "m76_a_text_without_separators_or_line_ends",
        "content": lambda: b"x" * 1_200_000,
        "outcome": "reject",
        "mention": "is too long;not examined;32767",
    },
    {
        "name": "m76_millions_of_blank_lines",
        "content": lambda: TWO + b"\n" * 2_100_000,
        "outcome": "reject",
        "mention": "limit is 500000 rows",
    },
    {
        "name": "m77_the_same_file_under_two_names",
        "content": {"january.csv": TWO, "january (1).csv": TWO},
        "outcome": "accept_with_warning",
        "n": 2,
        "mention": "same file|twice;january.csv",
    },
    {
        "name": "m77_a_german_list_given_twice",
        "content": {
            name: ["Patient;Datum;Region;Hautdicke (mm)", "B77;04.02.2020;Wade;2,4"]
            for name in ("Liste.csv", "Kopie von Liste.csv")
        },
        "outcome": "accept_with_warning",
        "n": 1,
        "mention": "nothing was added",
    },
    {
        "name": "m76_more_columns_than_the_limit",
        "content": lambda: (
            ",".join(f"c{i}" for i in range(600)) + "\n" + ",".join(["1"] * 600) + "\n"
        ),
        "outcome": "reject",
        "mention": "limit;500",
    },
]


@pytest.mark.parametrize("case", CASES, ids=lambda c: c["name"])
def test_file_beyond_a_limit_or_repeated(
    case: dict[str, object], judge: Callable[..., None]
) -> None:
    judge(case)


@pytest.mark.parametrize(
    ("limits", "name"),
    [
        (Limits(bytes=40), "40"),
        (Limits(rows=1), "1"),
        (Limits(columns=3), "3"),
    ],
)
def test_a_file_beyond_a_limit_is_refused_and_the_limit_is_named(limits: Limits, name: str) -> None:
    result = read_sources([SourceFile("large.csv", TWO)], today=TODAY, limits=limits)
    assert result.outcome == "reject"
    assert not result.measurements
    assert any(name in str(f.message) for f in result.findings)


def _sheet(rows: int, columns: int) -> bytes:
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("list")
    for _ in range(rows):
        sheet.append(["x"] * columns)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


@pytest.mark.parametrize(
    ("limits", "code", "name"),
    [
        (Limits(rows=2), "too_many_rows", "2 rows"),
        (Limits(columns=3), "too_many_columns", "3 columns"),
        (Limits(unpacked_bytes=1000), "unpacked_too_large", "limit is 1000"),
        (Limits(bytes=1000), "file_too_large", "limit is 1000 bytes"),
    ],
)
def test_a_workbook_beyond_a_limit_is_refused_and_the_limit_is_named(
    limits: Limits, code: str, name: str
) -> None:
    result = read_sources([SourceFile("a.xlsx", _sheet(3, 4))], today=TODAY, limits=limits)
    assert [f.code for f in result.findings] == [code]
    assert name in str(result.findings[0].message)


def test_twenty_thousand_rows_are_read() -> None:
    day = dt.date(2000, 1, 1)
    lines = [
        f"R{i % 100:03d},{day + dt.timedelta(days=i // 100)},calf,{1 + i % 90 / 100:.2f}"
        for i in range(20_000)
    ]
    content = "\n".join(["patient,date,site,mm", *lines]).encode()
    result = read_sources([SourceFile("many.csv", content)], today=TODAY)
    assert result.outcome == "accept"
    assert len(result.measurements) == 20_000


def test_the_same_file_given_twice_counts_once_and_says_so() -> None:
    result = read_sources([SourceFile("a.csv", TWO), SourceFile("b.csv", TWO)], today=TODAY)
    assert result.outcome == "accept_with_warning"
    assert len(result.measurements) == 2
    assert any("same" in str(f.message).lower() for f in result.findings)


def test_two_files_with_the_same_rows_in_other_dialects_count_once() -> None:
    german = (
        b"Patient;Datum;Region;Hautdicke (mm)\nR1;04.02.2020;Wade;2,4\nR1;05.05.2020;Wade;2,2\n"
    )
    result = read_sources([SourceFile("a.csv", TWO), SourceFile("b.csv", german)], today=TODAY)
    assert len(result.measurements) == 2
    assert any("duplicate" in str(f.message).lower() for f in result.findings)
