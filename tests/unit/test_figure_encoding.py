"""The short ways to PNG and EPS give what the long ways give."""

from __future__ import annotations

import io

import numpy as np
import pytest
from matplotlib.backends import backend_ps
from PIL import Image

from sm_tracker.figures.export import page_bytes
from sm_tracker.figures.page import image_writers
from sm_tracker.figures.page.image_writers import FONT_BOXES, known_font_boxes, png_bytes
from sm_tracker.figures.page.marks import Page


@pytest.mark.parametrize("shape", [(1, 1, 3), (7, 5), (300, 211, 3), (300, 211)])
@pytest.mark.parametrize("dpi", [150, 300, 600, 1200])
def test_a_png_holds_the_very_pixels_and_the_resolution(shape, dpi):
    pixels = np.random.default_rng(1).integers(0, 256, shape, dtype=np.uint8)
    with Image.open(io.BytesIO(png_bytes(pixels, dpi))) as picture:
        picture.load()
        assert (picture.format, picture.mode, picture.size) == (
            "PNG",
            "RGB" if len(shape) == 3 else "L",
            shape[1::-1],
        )
        assert np.array_equal(np.asarray(picture), pixels)
        assert picture.info["dpi"] == pytest.approx((dpi, dpi), abs=0.0127)  # a dot a metre
        assert set(picture.info) == {"dpi"}


@pytest.fixture
def sheet():
    """A page with words in both fonts."""
    page = Page(60, 20)
    page.write(10, 10, "Forearm 1.62", 7, "#16242D", bold=True)
    page.write(10, 30, "ECP, 21 cycles", 7, "#16242D")
    return page


def test_the_boxes_kept_are_those_measured_and_the_eps_has_the_same_bytes(sheet, monkeypatch):
    kept, boxes = page_bytes(sheet, "eps", 600), {}
    measure = backend_ps._bounds

    def measured(font):
        boxes[font["name"].getDebugName(6)] = measure(font)
        return measure(font)

    monkeypatch.setattr(image_writers, "FONT_BOXES", {})
    monkeypatch.setattr(backend_ps, "_bounds", measured)
    assert page_bytes(sheet, "eps", 600) == kept
    assert boxes == FONT_BOXES


def test_matplotlib_is_left_as_it_was_also_after_a_failure():
    measured = backend_ps._bounds

    def fail() -> None:
        with known_font_boxes():
            assert backend_ps._bounds is not measured
            raise KeyError

    with pytest.raises(KeyError):
        fail()
    assert backend_ps._bounds is measured


def test_a_matplotlib_that_measures_otherwise_is_left_alone(monkeypatch):
    monkeypatch.delattr(backend_ps, "_bounds")
    with known_font_boxes():
        assert not hasattr(backend_ps, "_bounds")
