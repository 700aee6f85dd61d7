"""Whatever the bytes, reading ends in a result with reasons, never in a traceback."""

from __future__ import annotations

import datetime as dt
import io
import zipfile
from functools import cache
from pathlib import Path

from hypothesis import example, given
from hypothesis import strategies as st

from sm_tracker.domain.records import ReadResult
from sm_tracker.ingest import Limits, SourceFile, read_sources
from sm_tracker.ingest.messages.finding_kinds import KINDS
from tests.sampling import examples

TODAY = dt.date(2026, 11, 1)
FOLDER = Path(__file__).parents[1] / "messy"


@cache
def originals() -> tuple[bytes, ...]:
    """Files to damage: the worked examples and a workbook with everything in it."""
    return (*(p.read_bytes() for p in sorted(FOLDER.glob("s*"))), workbook())


@cache
def workbook() -> bytes:
    from openpyxl import Workbook

    book = Workbook()
    sheet = book.active
    sheet.append(["Patient", "Datum", "Unterarm (mm)", None, "Bemerkung"])
    sheet.append([None, None, "links", "rechts", None])
    sheet.append(["A1", dt.date(2020, 2, 4), 2.1, "=C3+1", "x"])
    sheet.append([None, dt.date(2020, 3, 4), "1,9 mm", 1.8, None])
    sheet.merge_cells("A3:A4")
    sheet.row_dimensions[4].hidden = True
    book.create_sheet("hidden").sheet_state = "hidden"
    content = io.BytesIO()
    book.save(content)
    return content.getvalue()


def check(content: bytes, name: str = "file.csv") -> None:
    result = read_sources([SourceFile(name, content)], today=TODAY, limits=Limits(rows=2000))
    assert isinstance(result, ReadResult)
    assert all(f.code in KINDS for f in result.findings)
    if result.outcome in ("ask", "reject"):
        assert not result.measurements
        assert not result.therapies
        assert not result.outcomes
    if result.outcome == "reject":
        assert result.findings
    for m in result.measurements:
        assert (m.date is None) != (m.day is None)
        assert (m.thickness_mm is None) == (m.status != "ok")
        assert m.thickness_mm is None or m.thickness_mm > 0
        assert m.patient_id
        assert m.site
    for t in result.therapies:
        assert (t.start is None) != (t.start_day is None)
        assert t.therapy
        assert t.end is None or t.start is None or t.start <= t.end


@examples(150)
@given(content=st.binary(max_size=400))
@example(b"PK\x03\x04")
@example(b"PK\x05\x06" + bytes(18))
@example(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")
@example(b"\xff\xfe")
@example(b"\xff\xfe\x00\x00")
@example(b"\xef\xbb\xbf")
@example(b"sep=")
@example(b"sep=;")
@example(b'"')
@example(b"a;b\n1")
@example(b"0,0\n0,0")
def test_random_bytes_never_break_the_reading(content):
    check(content)


@examples(150)
@given(text=st.text(alphabet="A1;,.\t\n\r\"'/-<>±µm 02019datempiswzgä=+@|#%()", max_size=200))
def test_random_text_never_breaks_the_reading(text):
    check(text.encode())


@st.composite
def damaged(draw: st.DrawFn) -> bytes:
    content = bytearray(draw(st.sampled_from(originals())))
    for _ in range(draw(st.integers(1, 8))):
        at = draw(st.integers(0, len(content) - 1))
        action = draw(st.sampled_from(("change", "delete", "repeat", "insert", "cut")))
        if action == "change":
            content[at] = draw(st.integers(0, 255))
        elif action == "delete":
            del content[at : at + draw(st.integers(1, 20))]
        elif action == "repeat":
            content[at:at] = content[at : at + draw(st.integers(1, 60))]
        elif action == "insert":
            content[at:at] = draw(st.sampled_from((b"\n", b";", b",", b'"', b"\x00", b"\t", b" ")))
        else:
            del content[at + 1 :]
        if not content:
            break
    return bytes(content)


@examples(250)
@given(content=damaged())
def test_damaged_files_never_break_the_reading(content):
    check(content)


def repacked(part: str, content: bytes) -> bytes:
    """The workbook with the content of one part replaced, whole as a zip file."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook())) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            new.writestr(name, content if name == part else old.read(name))
    return target.getvalue()


def part_of_workbook(part: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(workbook())) as archive:
        return archive.read(part)


PARTS = (
    "xl/workbook.xml", "xl/worksheets/sheet1.xml", "xl/styles.xml", "[Content_Types].xml",
    "xl/_rels/workbook.xml.rels",
)  # fmt: skip


@examples(150)
@given(
    part=st.sampled_from(PARTS),
    cut=st.floats(0, 1),
    length=st.integers(0, 40),
    put=st.sampled_from((b"", b"<", b"</c>", b"\xff", b'"', b"999999999", b"-1", b"<c r='ZZZ1'>")),
)
@example(part="[Content_Types].xml", cut=1, length=0, put=b"<x/>")
def test_a_workbook_with_a_damaged_part_never_breaks_the_reading(part, cut, length, put):
    whole = part_of_workbook(part)
    at = int(cut * len(whole))
    check(repacked(part, whole[:at] + put + whole[at + length :]), "file.xlsx")


HEADERS = (
    "patient", "Datum", "date", "site", "Wade (mm)", "mm", "µm", "thickness", "Wert", "unit",
    "therapy", "start", "end", "Messung 1", "Messung 2", "type", "value", "04.02.2020", "V1",
    "redcap_event_name", "PATIENT_ID", "START_DATE", "AGENT", "TEST", "RESULT", "mouth opening",
    "day", "month", "Woche", "Seite", "status", "qualifier", "replicate", "dose", "cycles",
    "outcome", "", "x", "Name", "Variable / Field Name", "Field Type", "year",
    "date 1", "mm 1", "date 2", "mm 2", "calf m6 (mm)", "calf baseline (mm)", "ongoing", "operator",
    "Event Name", "Repeat Instance", "stop reason", "below LOD", "hand L1 (mm)", "hand R1 (mm)",
)  # fmt: skip
CELLS = (
    "", "A1", "7", "007", "04.02.2020", "02/03/2020", "13/02/2020", "2020-02-04", "43850", "2020",
    "31.02.2020", "00.01.1900", "9999-12-31", "laufend", "2.1", "2,1", "1.350", "<0.5", "1,8-2,0",
    "2,1 ± 0,1", "1950 µm", "n/a", "nicht messbar", "0", "-1", "links", "calf", "Unterarm li",
    "UA", "IVIG", "HCQ 200 mg", "CP", "MTX + HCQ", "6 Zyklen", "mean", "Messung", "Therapie", "1",
    "=1+1", "month 3", "baseline", "mm", "µm", "inch", "1e400", "nan", "inf", "٣", "²",
)  # fmt: skip


@examples(300)
@given(
    header=st.lists(st.sampled_from(HEADERS), min_size=1, max_size=7),
    rows=st.lists(st.lists(st.sampled_from(CELLS), max_size=8), max_size=6),
    separator=st.sampled_from((";", "\t", "|")),
)
@example(header=["patient", "day", "Wert"], rows=[["", "1e400"]], separator=";")
@example(header=["drug", "start_day", "cycles"], rows=[["CP", "inf", "nan"]], separator=";")
def test_plausible_nonsense_never_breaks_the_reading(header, rows, separator):
    lines = [separator.join(r) for r in (header, *rows)]
    check("\n".join(lines).encode())


ANSWERS = {
    "date_order": "day-first", "unit": "mm", "range": "middle", "same_visit": "replicate",
    "sites": "merge", "leading_zeros": "same", "patient_id": "P1", "site": "calf",
    "fill_down": "fill-down", "visits_across": "turn", "sessions": "one-course",
    "split_values": "join", "points_x": "days", "points_y": "mm",
}  # fmt: skip


@examples(200)
@given(
    header=st.lists(st.sampled_from(HEADERS), min_size=2, max_size=7, unique=True),
    rows=st.lists(st.lists(st.sampled_from(CELLS), max_size=8), min_size=1, max_size=6),
)
def test_the_first_choice_of_every_question_leads_to_an_end(header, rows):
    content = "\n".join(";".join(r) for r in (header, *rows)).encode()
    answers: dict[str, str] = {}
    for _ in range(12):
        result = read_sources([SourceFile("f.csv", content)], answers=answers, today=TODAY)
        if not result.questions:
            break
        for question in result.questions:
            first = question.choices[0].value if question.choices else None
            fallback = ANSWERS.get(
                question.key, "1, calf | 7, hand | 2020, x | 43850, y | 0, z | -1, w"
            )
            answers[question.key] = first or fallback
    else:
        raise AssertionError(f"still asked: {[q.key for q in result.questions]}")
