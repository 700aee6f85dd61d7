"""Nothing is lost at the door: each filled cell is used, noted, named or refused."""

from __future__ import annotations

import csv
import datetime as dt
import io
import itertools
import re
from pathlib import Path

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sm_tracker.domain.records import ReadResult
from sm_tracker.errors import AnswerError
from sm_tracker.ingest import SourceFile, read_sources
from tests.sampling import examples

TODAY = dt.date(2026, 11, 1)
TESTS = Path(__file__).parents[1]
EXAMPLES = sorted(
    p
    for folder in ("messy", "messy_2", "messy_formats", "../sample_data")
    for p in (TESTS / folder).iterdir()
    if p.suffix not in (".md", ".py") and p.name != "expectations.csv"
)
NAMES = (
    "patient", "Patient", "date", "Datum", "site", "Körperstelle", "side", "thickness (mm)",
    "Hautdicke [µm]", "forearm (mm)", "left hand mm", "note", "Bemerkung", "therapy", "start",
    "end", "dose", "device", "examiner", "age", "mRSS", "lesion no.", "x7", "", "Wert", "mean",
    "month 3 (mm)", "baseline", "status", "day", "record type", "unit", "drug", "Beginn",
    "event", "Ereignis", "kind",
)  # fmt: skip
CELLS = (
    "A1", "A2", "B 3", "2024-02-05", "05.06.2024", "13/02/2024", "forearm", "Wade", "left", "2.4",
    "2,1", "1810", "n/a", "", "", "", "IVIG", "MTX 15 mg", "ongoing", "x", "gel", "3", "999",
    "<0.4", "Q2 2023", "measurement", "therapy", "mm", "stopped", "12", "=1+1", "mean",
    "biopsy", "Sepsis",
)  # fmt: skip


@st.composite
def tables(draw: st.DrawFn) -> list[list[str]]:
    """Tables of any columns and cells, now and then with lines above, gaps and a second table."""
    width = draw(st.integers(2, 8))
    rows: list[list[str]] = []
    for _ in range(draw(st.integers(0, 1))):
        rows.append([draw(st.sampled_from(["Clinic", "Patient: A1", "values in mm"]))])
    for part in range(draw(st.integers(1, 2))):
        if part and draw(st.booleans()):
            rows.append([""] * width)
        names = st.lists(st.sampled_from(NAMES), min_size=width, max_size=width)
        rows.append(draw(names))
        cells = st.lists(st.sampled_from(CELLS), min_size=1, max_size=width)
        rows += draw(st.lists(cells, max_size=6))
    return rows


def as_csv(rows: list[list[str]]) -> bytes:
    out = io.StringIO(newline="")
    out.write("sep=;\n")  # what the separator is, is not the question here
    csv.writer(out, delimiter=";").writerows(rows)
    return out.getvalue().encode()


def filled(rows: list[list[str]]) -> int:
    return sum(bool(cell.strip()) for row in rows for cell in row)


def answered(content: bytes, name: str) -> ReadResult:
    """A file read with the first choice of every question, until none is open."""
    answers: dict[str, str] = {}
    for _ in itertools.repeat(None, 12):
        try:
            result = read_sources([SourceFile(name, content)], answers=answers, today=TODAY)
        except AnswerError as error:  # another answer has made this one impossible: asked again
            del answers[str(error.where).removeprefix("answer ").rpartition(",")[0]]
            continue
        if not result.questions:
            break
        for question in result.questions:
            answers[question.key] = question.choices[0].value if question.choices else "forearm"
    return result


def check(content: bytes, name: str, cells: int | None = None) -> ReadResult:
    result = answered(content, name)
    if result.outcome == "ask":
        assert result.ledger is None
        return result
    ledger = result.ledger
    assert ledger is not None
    assert ledger.cells == ledger.used + ledger.noted + ledger.named + ledger.refused
    assert min(ledger.used, ledger.noted, ledger.named, ledger.refused) >= 0
    assert cells is None or ledger.cells == cells
    if result.outcome == "reject":
        assert ledger.refused == ledger.cells
    if ledger.named:
        assert result.findings
    if ledger.refused:
        assert result.refused or result.outcome == "reject"
    return result


def holds(rows: list[list[str]]) -> None:
    result = check(as_csv(rows), "table.csv", filled(rows))
    if result.outcome in ("ask", "reject"):
        return
    records = (*result.measurements, *result.therapies, *result.outcomes, *result.events)
    told = " ".join(f"{f.place.row} {f.column} {f.value} {f.message}" for f in result.findings)
    known = {r.place.row for r in (*records, *result.refused)}
    spans = re.findall(r"rows (\d+) to (\d+)", told)
    joined = {n for a, b in spans for n in range(int(a), int(b) + 1)}
    for number, row in enumerate(rows, start=2):
        if number in known | joined or not any(c.strip() for c in row) or set(row) <= set(NAMES):
            continue
        assert str(number) in told or "blank" in told or "cells" in told, (number, row, told)


@examples(150, long=2000)
@given(rows=tables())
def test_the_ledger_of_any_table_adds_up(rows):
    holds(rows)


@pytest.mark.long
@settings(max_examples=20_000, derandomize=False)
@given(rows=tables())
def test_the_ledger_of_twenty_thousand_tables_adds_up(rows):
    holds(rows)


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda p: p.name)
def test_the_ledger_of_an_example_adds_up(path):
    check(path.read_bytes(), path.name)


def test_a_separator_that_the_file_states_parts_its_cells():
    holds([["patient", ""], ["2,1"]])  # found by the long run: the comma had parted the number


def test_headers_notes_and_unread_columns_are_told_apart():
    rows = [
        ["patient", "date", "site", "mm", "note", "shoe size"],
        ["A1", "2024-02-05", "calf", "2.4", "gel", "41"],
        ["A1", "2024-05-06", "calf", "2.2", "", "41"],
    ]
    ledger = check(as_csv(rows), "a.csv").ledger
    assert ledger is not None
    assert (ledger.cells, ledger.used, ledger.noted, ledger.named) == (17, 12, 2, 3)


def test_a_refused_row_and_a_duplicate_are_counted():
    rows = [
        ["patient", "date", "site", "mm"],
        ["A1", "2024-02-05", "calf", "2.4"],
        ["A1", "2024-02-05", "calf", "2.4"],
        ["A1", "2024-02-31", "calf", "2.2"],
    ]
    ledger = check(as_csv(rows), "a.csv").ledger
    assert ledger is not None
    assert (ledger.used, ledger.named, ledger.refused) == (8, 4, 4)


def test_hidden_sheets_and_letterheads_are_named():
    book = openpyxl.Workbook()
    book.active.append(["Skin clinic"])
    book.active.append(["patient", "date", "site", "mm"])
    book.active.append(["A1", dt.date(2024, 2, 5), "calf", 2.4])
    hidden = book.create_sheet("old")
    hidden.append(["a", "b", None, "c"])
    hidden.sheet_state = "hidden"
    content = io.BytesIO()
    book.save(content)
    ledger = check(content.getvalue(), "a.xlsx").ledger
    assert ledger is not None
    assert (ledger.cells, ledger.used, ledger.named) == (12, 8, 4)
