"""Files that we write open in the programs that people have."""

from __future__ import annotations

import dataclasses

import pytest
from docx import Document
from PIL import Image

from sm_tracker.domain.records import Place
from sm_tracker.workflow import file_import

pytestmark = pytest.mark.long

DPI = 300


def records_in(*paths):
    result = file_import.read_files(file_import.files_from_paths(paths))
    assert result.outcome == "accept"
    return result


def values(records):
    """What records say, without the file, sheet and row that they stand in."""
    return [dataclasses.replace(record, place=Place()) for record in records]


def test_a_workbook_saved_again_by_another_program_reads_back_identical(write, office, sample):
    again = records_in(office(write("export", "records.xlsx", "--to", "xlsx"), "xlsx"))
    before = records_in(*sample)
    for kind in ("measurements", "therapies", "outcomes"):
        assert values(getattr(again, kind)) == values(getattr(before, kind))


@pytest.mark.parametrize("options", [(), ("--relative-days",)], ids=["dates", "days"])
def test_a_word_report_opens_with_every_paragraph(write, office, options):
    report = write("report", "case.docx", *options)
    text = office(report, "txt:Text").read_text(encoding="utf-8-sig")
    paragraphs = [p.text for p in Document(str(report)).paragraphs if p.text.strip()]
    assert len(paragraphs) > 10
    assert [p for p in paragraphs if " ".join(p.split()) not in " ".join(text.split())] == []


@pytest.mark.parametrize("width_mm", [85, 180])
def test_an_svg_figure_is_drawn_by_another_program_at_its_exact_size(
    write, program, tmp_path, width_mm
):
    figure = write("figure", "figure.svg", "--width-mm", str(width_mm))
    drawn = tmp_path / "drawn.png"
    program(
        "inkscape", figure, "--export-type=png", f"--export-dpi={DPI}", f"--export-filename={drawn}"
    )
    with (
        Image.open(drawn) as picture,
        Image.open(
            write("figure", "own.png", "--width-mm", str(width_mm), "--dpi", str(DPI))
        ) as own,
    ):
        assert picture.width == pytest.approx(width_mm / 25.4 * DPI, abs=1)
        assert picture.size == pytest.approx(own.size, abs=1)
        ours, theirs = (dark(p) for p in (own, picture))
    assert theirs == pytest.approx(ours, rel=0.1)


def dark(picture):
    """Share of a picture that is not paper."""
    histogram = picture.convert("RGBA").convert("L").histogram()
    return sum(histogram[:200]) / sum(histogram)
