"""Files given away on relative days name nobody, in no place in which a file can hold a name."""

from __future__ import annotations

import dataclasses
import io
import re
import zipfile
import zlib

import docx
import pandas as pd
import pytest
from PIL import Image, PngImagePlugin

from sm_tracker import ingest
from sm_tracker.figures.export import FORMATS, figure_bytes
from sm_tracker.report.exported import readable_texts
from sm_tracker.workflow import analysing, file_import, report_files, reporting
from sm_tracker.workflow.figure_choices import FigureChoices
from sm_tracker.workflow.printing import PrintedFigure

CODE, EXAMINER, NOTE, FILE = "MUELLER-1963", "Weberhaus", "phoned 030 1234567", "mueller_march.csv"
SECRETS = (CODE, EXAMINER, NOTE, FILE, "mueller")
DATE = re.compile(r"(?:19|20)\d\d-\d\d-\d\d|20(?:2[0-6])(?:0[1-9]|1[0-2])[0-3]\d")
FIXED = (1980, 1, 1, 0, 0, 0)


@pytest.fixture(scope="module")
def analysis():
    """The index case under names that must not come out."""
    given = file_import.sample_records()
    named = {"patient_id": CODE, "note": NOTE, "file": FILE}
    records = dataclasses.replace(
        given,
        measurements=given.measurements.assign(**named, examiner=EXAMINER),
        therapies=given.therapies.assign(**named),
        outcomes=given.outcomes.assign(**named),
    )
    return analysing.analyse(records)


@pytest.fixture(scope="module")
def reports(analysis):
    return {
        f"case.{kind}": report_files.report_file(analysis, CODE, kind, relative_days=True)
        for kind in ("docx", "html", "pdf", "zip")
    }


@pytest.fixture(scope="module")
def figures(analysis):
    return {
        f"{name}.{fmt}": figure_bytes(
            reporting.chosen_figure(analysis, CODE, choices), fmt, width_mm=85, dpi=300
        )
        for fmt in FORMATS
        for name, choices in {
            "timeline": FigureChoices(day_zero="ivig-1"),
            "comparison": FigureChoices(comparison=True, relative_days=True),
        }.items()
    }


def everything(content: bytes) -> str:
    """All bytes of a file as text, opened where it is packed or compressed."""
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            inside = [everything(packed.read(n)) + n for n in packed.namelist()]
        return " ".join(inside)
    streams = re.findall(rb"(?s)/FlateDecode[^>]*>>\s*stream\r?\n(.*?)endstream", content)
    unpacked = [zlib.decompressobj().decompress(s) for s in streams]
    return " ".join(part.decode("latin-1") for part in (content, *unpacked))


def test_no_secret_is_in_any_byte_of_a_report_or_figure(reports, figures):
    for name, content in {**reports, **figures}.items():
        text = everything(content)
        assert [s for s in SECRETS if s.lower() in text.lower()] == [], name


def test_no_calendar_date_is_written_in_a_report_or_figure(reports, figures):
    for name, content in {**reports, **figures}.items():
        written = readable_texts({name: content})
        dates = {where: DATE.findall(text) for where, text in written.items()}
        assert {where: found for where, found in dates.items() if found} == {}, name


def test_word_properties_name_no_author_and_no_time(reports):
    properties = docx.Document(io.BytesIO(reports["case.docx"])).core_properties
    assert (properties.author, properties.last_modified_by, properties.comments) == ("", "", "")
    assert properties.created == properties.modified
    assert properties.created.year == 2000
    assert properties.keywords == ""
    with zipfile.ZipFile(io.BytesIO(reports["case.docx"])) as packed:
        assert b"<Company></Company>" in packed.read("docProps/app.xml") or (
            b"<Company>" not in packed.read("docProps/app.xml")
        )


def test_zip_directories_hold_no_time_no_remark_and_no_telling_name(reports):
    for name in ("case.zip", "case.docx"):
        with zipfile.ZipFile(io.BytesIO(reports[name])) as packed:
            assert {e.date_time for e in packed.infolist()} == {FIXED}
            assert packed.comment == b""
            assert {e.comment + e.extra for e in packed.infolist()} == {b""}
    with zipfile.ZipFile(io.BytesIO(reports["case.zip"])) as packed:
        assert sorted(packed.namelist()) == [
            "README.txt",
            "data/change_table.csv",
            "data/measurements.csv",
            "data/outcomes.csv",
            "data/therapies.csv",
            "figures/comparison.pdf",
            "figures/comparison.png",
            "figures/timeline.pdf",
            "figures/timeline.png",
            "report.docx",
            "report.html",
            "report.pdf",
            "settings.json",
            "versions.json",
        ]


def test_pictures_hold_pixels_and_their_resolution_only(figures):
    for name, content in figures.items():
        if name.endswith(".png"):
            with Image.open(io.BytesIO(content)) as picture:
                assert set(picture.info) == {"dpi"}
                assert dict(picture.getexif()) == {}
            for chunk in (b"tEXt", b"iTXt", b"zTXt", b"tIME", b"eXIf"):
                assert chunk not in content[: content.index(b"IDAT")]
        if name.endswith(".tiff"):
            with Image.open(io.BytesIO(content)) as picture:
                words = {k: v for k, v in picture.tag_v2.items() if isinstance(v, str)}
            assert words == {}


def test_a_pdf_names_the_program_and_nothing_else(figures):
    for name, content in figures.items():
        if name.endswith(".pdf"):
            entries = re.search(rb"(?s)/Info (\d+) 0 R", content)
            assert entries is not None
            about = re.search(rb"(?s)\n" + entries[1] + rb" 0 obj\n(.*?)endobj", content)
            assert about is not None
            assert about[1].split(b"\n")[0] == b"<< /Creator (SM Tracker) >>"


def test_the_list_of_what_may_identify_is_empty_but_for_the_device(analysis, reports, figures):
    found = reporting.what_files_may_identify(analysis, CODE, {**reports, **figures})
    assert {(kind, what) for _, kind, what in found} == {
        ("device name", "synthetic B-mode scanner")
    }


@pytest.mark.parametrize("relative_days", [True, False])
@pytest.mark.parametrize("choices", [None, FigureChoices(comparison=True)])
def test_the_list_beside_a_report_is_that_of_its_finished_archive(analysis, relative_days, choices):
    printed = None if choices is None else PrintedFigure(choices=choices)
    same = {"relative_days": relative_days, "printed": printed}
    made = reporting.report_with_figure(analysis, CODE, **same)
    listed = report_files.what_report_may_identify(analysis, CODE, made, **same)
    archive = {"zip": report_files.report_file(analysis, CODE, "zip", **same)}
    finished = reporting.what_files_may_identify(analysis, CODE, archive)
    assert {found[1:] for found in finished} <= {found[1:] for found in listed}
    of_figures = {found[1:] for found in listed if found[0] == "figure"}
    assert {found[1:] for found in listed} - {f[1:] for f in finished} <= of_figures


def test_files_with_dates_are_listed_with_what_they_show(analysis):
    dated = {"case.zip": report_files.report_file(analysis, CODE, "zip")}
    found = {kind for _, kind, _ in reporting.what_files_may_identify(analysis, CODE, dated)}
    assert {"calendar date", "patient code", "examiner code", "note"} <= found


def planted_docx() -> bytes:
    document = docx.Document()
    document.core_properties.author = EXAMINER
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def planted_png() -> bytes:
    words = PngImagePlugin.PngInfo()
    words.add_text("Title", CODE)
    out = io.BytesIO()
    Image.new("RGB", (2, 2)).save(out, "png", pnginfo=words)
    return out.getvalue()


def planted_tiff() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (2, 2)).save(out, "tiff", tiffinfo={315: CODE})
    return out.getvalue()


def planted_pdf() -> bytes:
    from matplotlib.backends.backend_pdf import FigureCanvasPdf
    from matplotlib.figure import Figure

    out = io.BytesIO()
    FigureCanvasPdf(Figure(figsize=(1, 1))).print_pdf(out, metadata={"Author": CODE})
    return out.getvalue()


def planted_zip() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        packed.comment = CODE.encode()
        packed.writestr(zipfile.ZipInfo("a.txt", (2024, 3, 1, 0, 0, 0)), "nothing")
    return out.getvalue()


@pytest.mark.parametrize(
    ("name", "plant", "expected"),
    [
        (
            "case.docx",
            planted_docx,
            {
                ("case.docx/docProps/core.xml", "examiner code"),
                ("case.docx/docProps/core.xml", "calendar date"),
            },
        ),
        ("a.png", planted_png, {("a.png", "patient code")}),
        ("a.tiff", planted_tiff, {("a.tiff", "patient code")}),
        ("a.pdf", planted_pdf, {("a.pdf", "patient code"), ("a.pdf", "calendar date")}),
        (
            "a.zip",
            planted_zip,
            {("remarks in a.zip", "patient code"), ("times in a.zip", "calendar date")},
        ),
        (
            "a.svg",
            lambda: f'<svg><title>{CODE}</title><text x="2024">1 Mar 2024</text></svg>'.encode(),
            {("a.svg", "patient code"), ("a.svg", "calendar date")},
        ),
        ("a.eps", lambda: f"%!PS\n%%Title: {CODE}\n".encode(), {("a.eps", "patient code")}),
        (f"{CODE}_20240301.csv", lambda: b"a", {
            (f"name of {CODE}_20240301.csv", "patient code"),
            (f"name of {CODE}_20240301.csv", "calendar date"),
        }),
    ],
    ids=["word author", "png text", "tiff artist", "pdf author", "zip", "svg", "eps", "name"],
)  # fmt: skip
def test_what_is_hidden_in_a_file_is_found(name, plant, expected, analysis):
    found = reporting.what_files_may_identify(analysis, CODE, {name: plant()})
    assert {(where, kind) for where, kind, _ in found} >= expected


def test_the_words_of_a_picture_are_searched_as_well(analysis):
    model = reporting.chosen_figure(analysis, CODE, FigureChoices(comparison=True))
    found = reporting.what_files_may_identify(analysis, CODE, {}, model)
    assert {(where, kind) for where, kind, _ in found} == {("figure", "calendar date")}


def test_ages_are_not_read_at_all_and_so_are_in_no_file():
    table = (
        "patient_id,date,site,thickness_mm,age\n"
        "A1,2024-01-10,forearm,2.5,93\nA1,2024-05-14,forearm,1.6,93\n"
    )
    result = file_import.read_files([ingest.SourceFile("m.csv", table.encode())])
    records = file_import.records_of(result)
    assert "age" not in records.measurements.columns
    assert not (records.measurements.astype("str") == "93").to_numpy().any()
    assert isinstance(records.measurements, pd.DataFrame)
