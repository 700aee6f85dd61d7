"""The figures of the index case say and look what they did when a person last looked at them.

After an intended change run ``python -m pytest tests/golden --renew``, look at the pictures and
at the difference of the texts, and commit both.
"""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from PIL import Image, ImageChops, ImageFilter, ImageStat

from sm_tracker.figures.export import figure_bytes, figure_page, page_bytes
from sm_tracker.figures.page.marks import Page, Shape, Words

KEPT = Path(__file__).parent / "kept"
PICTURES = ("timeline_180_colour", "timeline_85_grey", "by_site_180", "comparison_180")
PICTURE_DPI = 80
BLUR = 1.5
MEAN_DIFFERENCE = 0.3
BLOCK_DIFFERENCE = 8.0
"""Of 255, after a blur that takes out how an edge is smoothed."""


def test_a_figure_says_and_places_what_is_kept(drawing, digests, renew):
    name, model, width, gray = drawing
    said = digests.model_lines(model)
    placed = digests.svg_lines(figure_bytes(model, "svg", width_mm=width, gray=gray))
    texts = {"says": "\n".join(said) + "\n", "places": "\n".join(placed) + "\n"}
    for part, text in texts.items():
        path = KEPT / f"{name}.{part}.txt"
        if renew:
            path.write_text(text, encoding="utf-8")
        kept = path.read_text(encoding="utf-8")
        within = 0.6 if part == "places" else 0.0
        assert digests.differences(kept, text, within) == []


@pytest.fixture
def page(models, drawings):
    """The page of a drawing without its words.

    Each version of FreeType draws letters otherwise; the words are in the texts kept.
    """

    def lay_out(name: str) -> Page:
        _, width, gray = drawings[name]
        sheet = figure_page(models[name], width_mm=width, gray=gray)
        sheet.marks = [mark for mark in sheet.marks if not isinstance(mark, Words)]
        return sheet

    return lay_out


def picture(sheet: Page) -> Image.Image:
    return Image.open(io.BytesIO(page_bytes(sheet, "png", PICTURE_DPI)))


@pytest.mark.parametrize("name", PICTURES)
def test_a_figure_looks_as_it_did(name, page, renew):
    path = KEPT / f"{name}.png"
    made = picture(page(name))
    if renew:
        made.save(path, optimize=True)
    with Image.open(path) as kept:
        mean, block = difference(kept.convert("RGB"), made.convert("RGB"))
    assert (mean <= MEAN_DIFFERENCE, block <= BLOCK_DIFFERENCE) == (True, True), (mean, block)


def difference(one: Image.Image, other: Image.Image) -> tuple[float, float]:
    """Mean difference of two pictures after a blur, and the largest of any 4 x 4 pixels."""
    assert one.size == other.size
    blurred = [p.filter(ImageFilter.GaussianBlur(BLUR)) for p in (one, other)]
    apart = ImageChops.difference(*blurred).convert("L")
    blocks = apart.reduce(4)
    return ImageStat.Stat(apart).mean[0], float(blocks.getextrema()[1])


def test_the_comparison_of_pictures_sees_a_missing_curve_and_not_a_smoother_edge(page):
    sheet = page("timeline_180_colour")
    whole = picture(sheet)
    dashed = [m for m in sheet.marks if isinstance(m, Shape) and m.dash == (4, 2)]
    sheet.marks = [m for m in sheet.marks if m not in dashed]
    assert dashed
    assert difference(whole, picture(sheet))[1] > BLOCK_DIFFERENCE
    mean, block = difference(whole, whole.filter(ImageFilter.GaussianBlur(0.5)))
    assert mean < MEAN_DIFFERENCE
    assert block < BLOCK_DIFFERENCE


def test_the_comparison_of_texts_sees_a_moved_word_and_another_number(digests):
    kept = "10.0 20.0 start 7pt: Forearm 1.62\n"
    assert digests.differences(kept, "10.3 20.1 start 7pt: Forearm 1.62\n") == []
    assert digests.differences(kept, "11.0 20.0 start 7pt: Forearm 1.62\n") != []
    assert digests.differences(kept, "10.0 20.0 start 7pt: Forearm 1.63\n") != []
    assert digests.differences(kept, "") != []
