"""Figures as files: SVG, PDF, EPS, PNG and TIFF of exact size, the same bytes every time."""

from __future__ import annotations

import functools
import io
import re
import threading
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any, Literal, get_args

import numpy as np

from sm_tracker.domain.xml_text import xml_text
from sm_tracker.errors import ExportError
from sm_tracker.figures.cohort.cohort_frame import CohortModel
from sm_tracker.figures.comparison.comparison_model import ComparisonModel
from sm_tracker.figures.comparison.print_comparison import print_comparison
from sm_tracker.figures.page.collisions import colours_of_page
from sm_tracker.figures.page.image_writers import known_font_boxes, png_bytes
from sm_tracker.figures.page.marks import LEAST_TEXT_PT, Page
from sm_tracker.figures.page.matplotlib_painter import paint_page
from sm_tracker.figures.page.page_painter import print_plot
from sm_tracker.figures.page.svg_writer import svg_bytes
from sm_tracker.figures.timeline.print_timeline import print_timeline
from sm_tracker.figures.timeline.timeline_model import TimelineModel
from sm_tracker.languages import Message

if TYPE_CHECKING:
    from matplotlib.figure import Figure

Format = Literal["svg", "pdf", "eps", "png", "tiff"]
FORMATS: tuple[str, ...] = get_args(Format)
PatientModel = TimelineModel | ComparisonModel
FigureModel = PatientModel | CohortModel

LEAST_WIDTH_MM, MOST_WIDTH_MM = 60.0, 400.0
MOST_TEXT_PT = 12.0
LEAST_DPI, MOST_DPI = 300, 1200
MOST_PIXELS = 120_000_000
"""Larger pictures would need gigabytes of memory."""


@dataclass(frozen=True, slots=True)
class Preset:
    """A common width of journals; the journal's own page has the last word."""

    name: str
    width_mm: float


PRESETS = (
    Preset("one-column-85", 85.0),
    Preset("one-column-90", 90.0),
    Preset("two-column-174", 174.0),
    Preset("two-column-180", 180.0),
    Preset("two-column-190", 190.0),
)

# Matplotlib keeps these settings in one global table, and Streamlit draws in threads.
_SETTINGS_LOCK = threading.Lock()
_SETTINGS: dict[str, Any] = {
    "pdf.fonttype": 42,
    "pdf.compression": 6,
    "ps.fonttype": 42,
    "ps.usedistiller": None,
    "savefig.bbox": None,
    "savefig.transparent": False,
    "text.usetex": False,
    # Letters keep the widths they were placed with; a hint would move them to whole pixels.
    "text.hinting": "none",
    "text.antialiased": True,
    "patch.antialiased": True,
    "agg.path.chunksize": 0,
    "path.simplify": False,
    "path.sketch": None,
    "path.effects": [],
}


def preset_width(name: str) -> float:
    """Width in mm of a preset, by its name or its number of millimetres.

    Raises
    ------
    ExportError

    Examples
    --------
    >>> preset_width("one-column-85"), preset_width("180")
    (85.0, 180.0)
    """
    for preset in PRESETS:
        if name in (preset.name, f"{preset.width_mm:g}"):
            return preset.width_mm
    raise ExportError(
        Message("There is no preset {name!r}", name=name),
        where="preset",
        fix=Message(
            "use one of {names}, or give a width in mm", names=", ".join(p.name for p in PRESETS)
        ),
    )


def write_figure(
    model: FigureModel,
    target: str | Path | IO[bytes],
    *,
    fmt: str = "",
    width_mm: float = 180.0,
    dpi: int = 600,
    gray: bool = False,
    notes: bool = True,
    text_pt: float = LEAST_TEXT_PT,
) -> None:
    """Write a figure for print as a file.

    Parameters
    ----------
    model : TimelineModel, ComparisonModel or CohortModel
        Holds language, axis and unit; with ``axis="days"`` it holds no date.
    target : path or binary file
    fmt : {"svg", "pdf", "eps", "png", "tiff"}, optional
        Taken from the ending of the path if blank.
    width_mm : float
        Exact width, 60 to 400 mm; see :data:`PRESETS`.
    dpi : int
        Resolution of PNG and TIFF, 300 to 1200.
    gray : bool
        Greyscale fills.
    notes : bool
        Whether abbreviations and notes are printed below the figure.
    text_pt : float
        Size of the smallest words, 7 to 12; everything else grows with it.

    Raises
    ------
    ExportError
        If the format, width or resolution is not possible, or the file cannot be written.
    """
    if not fmt:
        fmt = Path(target).suffix.lstrip(".") if isinstance(target, str | Path) else ""
    content = figure_bytes(
        model, fmt, width_mm=width_mm, dpi=dpi, gray=gray, notes=notes, text_pt=text_pt
    )
    if not isinstance(target, str | Path):
        target.write(content)
        return
    try:
        Path(target).write_bytes(content)
    except OSError as error:
        raise ExportError(
            "The figure cannot be written",
            where=str(target),
            why=error.strerror or str(error),
            fix="choose another folder or name",
        ) from None


def figure_bytes(
    model: FigureModel,
    fmt: str,
    *,
    width_mm: float = 180.0,
    dpi: int = 600,
    gray: bool = False,
    notes: bool = True,
    text_pt: float = LEAST_TEXT_PT,
) -> bytes:
    """A figure for print as the content of a file; parameters of :func:`write_figure`.

    The same model and settings give the same bytes. Nothing in the content names the
    patient, the file, the machine or the time.
    """
    kind = _checked(fmt, width_mm, dpi)
    page = figure_page(model, width_mm=width_mm, gray=gray, notes=notes, text_pt=text_pt)
    return page_bytes(page, kind, dpi)


def preview_png(
    model: FigureModel,
    *,
    width_mm: float = 180.0,
    dpi: int = 150,
    gray: bool = False,
    notes: bool = True,
    text_pt: float = LEAST_TEXT_PT,
) -> bytes:
    """The figure as a PNG for the screen, drawn by the same renderer as the file."""
    _checked("png", width_mm, LEAST_DPI)
    page = figure_page(model, width_mm=width_mm, gray=gray, notes=notes, text_pt=text_pt)
    return page_bytes(page, "png", dpi)


def figure_page(
    model: FigureModel,
    *,
    width_mm: float,
    gray: bool = False,
    notes: bool = True,
    text_pt: float = LEAST_TEXT_PT,
) -> Page:
    """The page that a figure is written from, for checks of its words and sizes.

    With larger words it is laid out on a narrower page, which is then enlarged.
    """
    if not LEAST_TEXT_PT <= text_pt <= MOST_TEXT_PT:
        raise ExportError(
            Message("Words of {text_pt:g} pt are not possible", text_pt=text_pt),
            where="text size",
            fix="give a size from 7 to 12 pt",
        )
    factor = text_pt / LEAST_TEXT_PT
    page = _laid_out(model, width_mm / factor, gray=gray, notes=notes)
    page.alt = xml_text(model.alt)
    page.title = page.alt.partition(". ")[0]
    return page.enlarged(factor) if factor > 1 else page


def _laid_out(model: FigureModel, width_mm: float, *, gray: bool, notes: bool) -> Page:
    if isinstance(model, CohortModel):
        return print_plot(model.plot, width_mm=width_mm, gray=gray, notes=notes)
    if isinstance(model, ComparisonModel):
        return print_comparison(model, width_mm=width_mm, gray=gray, notes=notes)
    return print_timeline(model, width_mm=width_mm, gray=gray, notes=notes)


@functools.cache
def blank_picture(fmt: Format) -> bytes:
    """The file of an empty figure: all that can be read in a picture but what it shows."""
    return page_bytes(Page(LEAST_WIDTH_MM, 10.0), fmt, LEAST_DPI)


def _checked(fmt: str, width_mm: float, dpi: int) -> Format:
    kind = {"tif": "tiff"}.get(fmt.lower(), fmt.lower())
    if kind not in FORMATS:
        raise ExportError(
            Message("Figures cannot be written as {fmt!r}", fmt=fmt),
            where="format",
            fix=Message("use one of {names}", names=", ".join(FORMATS)),
        )
    if not LEAST_WIDTH_MM <= width_mm <= MOST_WIDTH_MM:
        raise ExportError(
            Message("A width of {width_mm:g} mm is not possible", width_mm=width_mm),
            where="width",
            why="text of 7 pt needs 60 mm, and no page is wider than 400 mm",
            fix="give a width from 60 to 400 mm",
        )
    if not LEAST_DPI <= dpi <= MOST_DPI:
        raise ExportError(
            Message("A resolution of {dpi} dpi is not possible", dpi=dpi),
            where="dpi",
            fix=Message(
                "give a resolution from {low} to {high} dpi",
                low=LEAST_DPI,
                high=MOST_DPI,
            ),
        )
    return kind  # type: ignore[return-value]


def page_bytes(page: Page, fmt: Format, dpi: int) -> bytes:
    """A page as the content of a file."""
    import matplotlib as mpl

    if fmt == "svg":
        return svg_bytes(page)
    with _SETTINGS_LOCK, mpl.rc_context(_SETTINGS):  # type: ignore[arg-type]
        figure = paint_page(page)
        if fmt in ("png", "tiff"):
            return _raster(figure, page, fmt, dpi)
        return _vector(figure, fmt)


def _vector(figure: Figure, fmt: Format) -> bytes:
    unnamed: dict[str, dict[str, str | None]] = {
        "pdf": {"Creator": "SM Tracker", "Producer": None, "CreationDate": None},
        "eps": {"Creator": "SM Tracker"},
    }
    buffer = io.BytesIO()
    with known_font_boxes():
        figure.savefig(buffer, format=fmt, metadata=unnamed[fmt], facecolor="#FFFFFF")
    content = buffer.getvalue()
    if fmt == "eps":
        return re.sub(rb"%%(CreationDate|Title):[^\n]*\n", b"", content)
    return content


def _raster(figure: Figure, page: Page, fmt: Format, dpi: int) -> bytes:
    from matplotlib.backends.backend_agg import FigureCanvasAgg

    wide, high = (round(mm / 25.4 * dpi) for mm in (page.width_mm, page.height_mm))
    if wide * high > MOST_PIXELS:
        raise ExportError(
            Message("A picture of {wide} x {high} pixels is too large", wide=wide, high=high),
            where="dpi",
            fix="choose a lower resolution or a narrower figure, or a vector format (PDF, SVG)",
        )
    figure.set_dpi(dpi)
    # A hundredth of a pixel more, or rounding could lose the last row.
    figure.set_size_inches((wide + 0.01) / dpi, (high + 0.01) / dpi)
    canvas = FigureCanvasAgg(figure)
    canvas.draw()  # type: ignore[no-untyped-call]
    pixels = np.asarray(canvas.buffer_rgba())  # type: ignore[no-untyped-call]
    grey = all(c[1:3] == c[3:5] == c[5:7] for c in colours_of_page(page))
    shown = np.ascontiguousarray(pixels[..., 0] if grey else pixels[..., :3])
    return png_bytes(shown, dpi) if fmt == "png" else _tiff_bytes(shown, dpi)


def _tiff_bytes(pixels: np.ndarray[Any, np.dtype[np.uint8]], dpi: int) -> bytes:
    from PIL import Image

    buffer = io.BytesIO()
    picture = Image.fromarray(pixels)
    picture.save(buffer, format="TIFF", dpi=(dpi, dpi), compression="tiff_lzw")
    return buffer.getvalue()
