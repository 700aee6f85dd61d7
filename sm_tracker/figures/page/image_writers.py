"""Faster ways to the same files: pixels as PNG, and boxes of the shipped fonts for EPS."""

from __future__ import annotations

import struct
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import numpy as np

FONT_BOXES = {
    "LiberationSans": (-1114, -621, 2666, 2007),
    "LiberationSans-Bold": (-987, -771, 2671, 2116),
}
"""Box around all letters of each shipped font, in its units."""

_PNG_LEVEL = 3


def png_bytes(pixels: np.ndarray[Any, np.dtype[np.uint8]], dpi: int) -> bytes:
    """Opaque pixels as a PNG that says its resolution, 8 bits a channel, RGB or grey.

    Lines and letters on white pack better and twice as fast without the filters that Pillow
    tries on every row, and Pillow cannot leave them out.

    Parameters
    ----------
    pixels : array of uint8, shape (height, width, 3), or (height, width) for grey
    dpi : int
    """
    high, wide = pixels.shape[:2]
    grey = pixels.ndim == 2
    rows = np.zeros((high, 1 + (1 if grey else 3) * wide), dtype=np.uint8)
    rows[:, 1:] = pixels.reshape(high, -1)
    per_metre = int(dpi / 0.0254 + 0.5)
    parts = (
        (b"IHDR", struct.pack(">2I5B", wide, high, 8, 0 if grey else 2, 0, 0, 0)),
        (b"pHYs", struct.pack(">2IB", per_metre, per_metre, 1)),
        (b"IDAT", zlib.compress(rows.data, _PNG_LEVEL)),
        (b"IEND", b""),
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(_chunk(kind, content) for kind, content in parts)


def _chunk(kind: bytes, content: bytes) -> bytes:
    check = zlib.crc32(content, zlib.crc32(kind))
    return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", check)


@contextmanager
def known_font_boxes() -> Iterator[None]:
    """While it lasts, Matplotlib takes the boxes of the shipped fonts from :data:`FONT_BOXES`.

    For each EPS it draws all 2,600 letters of each font to learn its box, which takes longer
    than the figure. A version of Matplotlib that does so otherwise is left alone.
    """
    from matplotlib.backends import backend_ps

    measured = getattr(backend_ps, "_bounds", None)
    if measured is None:
        yield
        return

    def known(font: Any) -> tuple[float, ...]:
        box: tuple[float, ...] = FONT_BOXES.get(font["name"].getDebugName(6)) or measured(font)
        return box

    backend_ps._bounds = known
    try:
        yield
    finally:
        backend_ps._bounds = measured
