"""A file that was misread is made harmless with `scrub` and still shows what went wrong.

All people, dates and values are invented.
"""

from __future__ import annotations

import datetime as dt
import importlib
import io
import random
import re
import zipfile
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from sm_tracker.cli import main
from sm_tracker.errors import ReadError
from sm_tracker.ingest import SourceFile, read_sources
from sm_tracker.ingest.scrub.harmless_words import is_known
from sm_tracker.workflow.scrubbing import scrub_file

TESTS = Path(__file__).parents[1]
TODAY = dt.date(2026, 11, 1)
EVERY = 7
"""One case of the corpus in so many is scrubbed here."""

NOT_SHOWN = {
    "p_onecell_4MB.xlsx": "a workbook that cannot be opened is refused",
    "p18_base64_80000.csv": "a cell of 80,000 letters without a meaning; slow, and no trouble more",
}
UNLIKE_BY_NATURE = {
    "codes_made_dates_in_text": "12-Mar as a code of a patient becomes a code that is no date",
}
DATE = re.compile(r"(?:19|20)\d\d-\d\d-\d\d|\d\d?[./]\d\d?[./](?:19|20|99)\d\d")
NO_DAY = re.compile(r"9999|1900|1970-01-01|\b00\b")
"""What stands for no date or no end; it is nobody's date and stays."""

LETTERHEAD = "\r\n".join(
    [
        "Hautklinik Beispielstadt;;;;;",
        "Patient: Müller, Hans geb. 03.05.1961;;;;;",
        "Name;Patient-ID;Datum;Ort;Dicke [mm];Bemerkung",
        "Müller, Hans;HM-0417;04.02.2020;Unterarm li.;2,41;rauchte bis Ostern",
        "Müller, Hans;HM-0417;11.08.2020;Unterarm li.;<0,5;Tel. 040 1234567",
        "Weber, Anna;AW-0099;31.02.2020;Stirn;n.d.;seit März 2019 bei Dr. Krause",
        "",
    ]
)
WRITTEN = [
    "müller",
    "hans",
    "weber",
    "anna",
    "0417",
    "0099",
    "rauchte",
    "ostern",
    "1234567",
    "krause",
    "beispielstadt",
]


def scrubbed(content: bytes, name: str = "table.csv", seed: int = 1):
    return scrub_file(SourceFile(name, content), today=TODAY, chance=random.Random(seed))


def read_as(content: bytes, name: str) -> tuple[object, ...]:
    result = read_sources([SourceFile(name, content)], today=TODAY)
    counts = (len(result.measurements), len(result.therapies), len(result.outcomes))
    codes = Counter(f.code for f in result.findings)
    return result.outcome, counts, codes, sorted(q.key for q in result.questions)


def example_files() -> list[Path]:
    folders = (TESTS / "messy", TESTS / "messy_2")
    found = [p for f in folders for p in sorted(f.iterdir()) if p.suffix in (".csv", ".xlsx")]
    return [p for p in found if p.name != "expectations.csv" and p.name not in NOT_SHOWN]


def corpus_files() -> list[tuple[str, str, bytes]]:
    found = []
    for path in sorted((TESTS / "corpus").glob("test_*.py")):
        if path.stem == "test_large_and_repeated":
            continue
        cases = getattr(importlib.import_module(f"tests.corpus.{path.stem}"), "CASES", [])
        for case in cases:
            if isinstance(case["content"], str | list) and case["name"] not in UNLIKE_BY_NATURE:
                text = case["content"]
                text = text if isinstance(text, str) else "".join(f"{line}\n" for line in text)
                found.append((case["name"], "table.csv", text.encode(case.get("encoding", "utf8"))))
    return found[::EVERY]


@pytest.mark.parametrize("path", example_files(), ids=lambda p: p.name)
def test_a_scrubbed_example_is_read_as_the_file_it_was_made_from(path):
    copy = scrubbed(path.read_bytes(), path.name)
    assert read_as(copy.content, path.name) == read_as(path.read_bytes(), path.name)
    assert (copy.lost, copy.added) == ((), ())


@pytest.mark.parametrize("case", corpus_files(), ids=lambda c: c[0])
def test_a_scrubbed_file_of_the_corpus_is_read_as_the_file_it_was_made_from(case):
    _, file, content = case
    copy = scrubbed(content, file)
    assert read_as(copy.content, file) == read_as(content, file)
    before, after = (c.decode("utf-8", "replace") for c in (content, copy.content))
    result = read_sources([SourceFile(file, content)], today=TODAY)
    codes = {r.patient_id for r in result.measurements} | {r.patient_id for r in result.therapies}
    told = [c for c in codes if len(c) > 2 and any(x.isalpha() for x in c)]
    assert [c for c in told if re.search(rf"(?i)(?<!\w){re.escape(c)}(?!\w)", after)] == []
    for was, now in zip(before.splitlines(), after.splitlines(), strict=True):
        dates = {d for d in DATE.findall(was) if not NO_DAY.search(d)}
        assert dates & set(DATE.findall(now)) == set()


@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp1252", "utf-16"])
def test_no_code_name_date_or_free_word_of_a_clinic_is_in_the_copy(encoding):
    content = LETTERHEAD.encode(encoding)
    copy = scrubbed(content)
    text = copy.content.decode(encoding)
    low = text.casefold()
    assert [w for w in WRITTEN if re.search(rf"(?<!\w){w}(?!\w)", low)] == []
    for date in ("04.02.2020", "11.08.2020", "31.02.2020", "03.05.1961", "März 2019"):
        assert date not in text
    assert len(text) == len(LETTERHEAD) or "März" not in text
    assert "Name;Patient-ID;Datum;Ort;Dicke [mm];Bemerkung\r\n" in text
    for kept in (";Unterarm li.;2,41;", ";<0,5;", ";Stirn;n.d.;"):
        assert kept in text
    assert read_as(copy.content, "t.csv") == read_as(content, "t.csv")


def test_one_patient_stays_one_and_two_stay_two():
    lines = scrubbed(LETTERHEAD.encode()).content.decode().splitlines()[3:6]
    codes = [line.split(";")[1] for line in lines]
    assert codes[0] == codes[1] != codes[2]
    assert all(re.fullmatch(r"[A-Z]{2}-0[0-9]{3}", c) for c in codes)


def test_dates_of_a_file_move_by_one_distance_that_nobody_knows():
    text = "patient,date,site,mm\nA1,2020-02-04,calf,2.1\nA1,2020-08-11,calf,1.8\n"
    gaps, starts = set(), set()
    for seed in range(6):
        rows = scrubbed(text.encode(), seed=seed).content.decode().splitlines()[1:]
        first, last = (dt.date.fromisoformat(row.split(",")[1]) for row in rows)
        gaps.add((last - first).days)
        starts.add(first)
    assert gaps == {189}
    assert len(starts) > 3
    assert dt.date(2020, 2, 4) not in starts


def test_days_and_months_that_cannot_be_told_apart_stay_so():
    text = "patient,date,site,mm\nA1,02/03/2018,calf,2.1\nA1,04/07/2018,calf,1.8\n"
    text += "A1,11/12/2018,calf,1.7\nA1,01/05/2019,calf,1.6\n"
    copy = scrubbed(text.encode())
    assert read_as(copy.content, "t.csv")[0] == "ask"
    assert (copy.lost, copy.added) == ((), ())


@pytest.mark.parametrize(
    ("cells", "kept"),
    [
        (["A12", "B07", "M03"], []),
        (["BX-3", "C14", "C15"], []),
        (["M3", "M6", "M12"], ["M3", "M6", "M12"]),
        (["V1", "V2", "EOT"], ["V1", "V2"]),
        (["UVA1", "q4w", "2x10"], ["UVA1", "q4w", "2x10"]),
    ],
)
def test_a_short_code_in_a_column_that_nothing_reads_is_replaced_unless_the_reader_knows_it(
    cells, kept
):
    rows = "".join(f"A1,2020-0{k}-04,calf,2.{k},{c}\n" for k, c in enumerate(cells, 1))
    copy = scrubbed(f"patient,date,site,mm,Zwergfeld\n{rows}".encode()).content.decode()
    now = [line.rpartition(",")[2] for line in copy.splitlines()[1:]]
    assert [n for n in now if n in kept] == kept
    gone = [(was, new) for was, new in zip(cells, now, strict=True) if was not in kept]
    assert [was for was, new in gone if was == new] == []
    assert [form_of(was) for was, _ in gone] == [form_of(new) for _, new in gone]


LONGEST_UNKNOWN = 2
"""So many letters may stand for a word that some pattern of the reader knows."""
UNKNOWN_WORDS = st.from_regex(r"[bcdfghjkpqvwxz]{3,9}", fullmatch=True).filter(
    lambda w: not is_known(w)
)
UNKNOWN_CODES = st.from_regex(r"[A-CEFIKOPZ][0-9]{2,3}|[bcfkpz]{3}-[1-9][0-9]{2}", fullmatch=True)
UNKNOWN_NUMBERS = st.from_regex(r"[1-9]{5,9}", fullmatch=True)
REMARKS = st.lists(
    st.one_of(UNKNOWN_WORDS, UNKNOWN_CODES, UNKNOWN_NUMBERS, st.sampled_from(["Unterarm", "2.4"])),
    min_size=1,
    max_size=4,
).map(" ".join)


@settings(max_examples=40)
@given(st.lists(REMARKS, min_size=1, max_size=5), st.sampled_from(["Zwergfeld", "Notiz", "batch"]))
def test_no_text_that_the_reader_does_not_know_outlives_the_scrubbing(remarks, name):
    rows = "".join(f"A1,2020-01-{k:02},calf,2.1,{r}\n" for k, r in enumerate(remarks, 1))
    copy = scrubbed(f"patient,date,site,mm,{name}\n{rows}".encode()).content.decode()
    for was, line in zip(remarks, copy.splitlines()[1:], strict=True):
        new = line.split(",", 4)[4].split(" ")
        assert len(new) == len(was.split(" "))
        for old, now in zip(was.split(" "), new, strict=True):
            stays = old in ("Unterarm", "2.4") and old == now
            assert stays or (len(old) > LONGEST_UNKNOWN and old.casefold() != now.casefold())
            assert form_of(now) == form_of(old)


def form_of(text: str) -> str:
    return re.sub(r"[0-9]", "0", re.sub(r"[a-z]", "a", re.sub(r"[A-Z]", "A", text)))


def workbook() -> bytes:
    book = Workbook()
    sheet = book.active
    sheet.title = "HM-0417"
    sheet.append(["Patient", "Datum", "Unterarm", "Stirn", "Notiz"])
    sheet.append(["HM-0417", dt.datetime(2020, 2, 4), 2.41, 1.5, "war bei Krause"])
    sheet.append(["HM-0417", dt.datetime(2020, 8, 11), "<0,5", None, None])
    sheet.merge_cells("A5:C5")
    sheet["B2"].number_format = "DD.MM.YYYY"
    sheet["C2"].number_format = "0.000"
    sheet.column_dimensions["E"].hidden = True
    sheet.oddHeader.left.text = "Hans Müller"
    book.properties.creator = "Krause"
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def test_a_workbook_keeps_its_formats_and_merged_cells_and_nothing_of_its_author():
    copy = scrubbed(workbook(), "book.xlsx")
    sheet = load_workbook(io.BytesIO(copy.content)).active
    assert [str(m) for m in sheet.merged_cells.ranges] == ["A5:C5"]
    assert (sheet["B2"].number_format, sheet["C2"].number_format) == ("DD.MM.YYYY", "0.000")
    assert sheet.column_dimensions["E"].hidden
    assert (sheet["C2"].value, sheet["C3"].value, sheet["D3"].value) == (2.41, "<0,5", None)
    assert (sheet["B3"].value - sheet["B2"].value).days == 189
    assert sheet["B2"].value != dt.datetime(2020, 2, 4)
    assert sheet.title == sheet["A2"].value != "HM-0417"
    with zipfile.ZipFile(io.BytesIO(copy.content)) as archive:
        inside = b"".join(map(archive.read, archive.namelist())).decode()
    assert [w for w in ("0417", "Krause", "Müller") if w in inside] == []


def test_the_command_never_writes_over_the_file_and_names_what_stayed(tmp_path, capsys):
    file = tmp_path / "own.csv"
    file.write_bytes(b"patient,date,site,mm,Zwergfeld\nA1,2020-02-04,calf,2.1,x\n")
    before = file.read_bytes()
    assert main(["scrub", str(file), "--out", str(file)]) == 1
    assert file.read_bytes() == before
    assert main(["scrub", str(file), "--out", str(tmp_path / "copy.csv")]) == 0
    said = capsys.readouterr().err
    assert "Zwergfeld" in said
    assert "Look the copy through" in said
    assert "2020-02-04" not in (tmp_path / "copy.csv").read_text()


@pytest.mark.parametrize("name", ["book.ods", "book.xls"])
def test_another_kind_of_file_is_refused_with_what_to_do(name):
    content = (TESTS / "messy_formats" / name).read_bytes()
    with pytest.raises(ReadError, match=r"save it as CSV or as \.xlsx"):
        scrubbed(content, name)
