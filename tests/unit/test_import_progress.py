"""While files are read, the share done is told: for each file, each table and within long ones."""

from __future__ import annotations

import datetime as dt
import gc
import io
import itertools

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sm_tracker.ingest import SourceFile
from sm_tracker.ingest.files.collector import SELDOM, seldom_collected
from sm_tracker.ingest.files.progress import OPENED, READ, Progress, spans
from sm_tracker.workflow import file_import

TODAY = dt.date(2026, 11, 1)
HEADER = "patient,date,site,mm\n"


def csv_of(rows: int) -> bytes:
    day = dt.date(2000, 1, 1)
    lines = [f"P{i % 50},{day + dt.timedelta(days=i // 50)},calf,1.5" for i in range(rows)]
    return (HEADER + "\n".join(lines)).encode()


def told(*files: SourceFile) -> list[tuple[float, str]]:
    calls: list[tuple[float, str]] = []
    file_import.read_files(files, today=TODAY, progress=lambda *call: calls.append(call))
    return calls


def test_the_share_starts_at_nothing_never_falls_and_ends_at_all():
    shares = [s for s, _ in told(SourceFile("a.csv", csv_of(3)), SourceFile("b.csv", csv_of(5)))]
    assert shares[0] == 0
    assert shares == sorted(shares)
    assert shares[-1] == 1


def test_each_file_is_named_when_opened_and_when_read_and_none_while_all_are_joined():
    calls = told(SourceFile("a.csv", csv_of(3)), SourceFile("b.csv", csv_of(5)))
    opening = [file for share, file in calls if share < OPENED]
    reading = [file for share, file in calls if OPENED <= share < READ]
    assert list(dict.fromkeys(opening)) == ["a.csv", "b.csv"]
    assert list(dict.fromkeys(reading)) == ["a.csv", "b.csv"]
    assert calls[-1] == (1.0, "")


def test_a_long_table_is_told_of_every_20_000_rows():
    short, long = told(SourceFile("a.csv", csv_of(10))), told(SourceFile("a.csv", csv_of(45_000)))
    assert len(long) - len(short) == 2


def test_a_long_sheet_is_told_of_while_it_is_opened():
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("list")
    for _ in range(21_000):
        sheet.append(["x"])
    target = io.BytesIO()
    book.save(target)
    calls = told(SourceFile("a.xlsx", target.getvalue()))
    assert any(0 < share < OPENED for share, _ in calls)


def test_a_file_that_is_refused_still_ends_at_all():
    assert told(SourceFile("scan.csv", b"\x89PNG\r\n\x1a\n" + bytes(50)))[-1][0] == 1


@given(st.lists(st.integers(0, 10**9), min_size=1, max_size=8))
def test_parts_follow_each_other_without_a_gap(sizes: list[int]):
    parts = spans(sizes, 0.2, 0.8)
    assert parts[0][0] == 0.2
    assert parts[-1][1] == pytest.approx(0.8)
    assert all(a[1] == b[0] for a, b in itertools.pairwise(parts))


def test_a_share_beyond_its_part_is_cut_to_the_part():
    shares: list[float] = []
    progress = Progress(lambda share, _: shares.append(share))
    progress.part("a.csv", (0.2, 0.4))
    progress.step(7.0)
    assert shares == pytest.approx([0.2, 0.4])


def test_readers_at_the_same_time_leave_the_collector_as_it_was():
    before = gc.get_threshold()
    with seldom_collected():
        with seldom_collected():
            assert gc.get_threshold()[0] == SELDOM
        assert gc.get_threshold()[0] == SELDOM
    assert gc.get_threshold() == before
