"""Figure files as a journal's checker reads them: size, resolution, fonts, colour, text, lines."""

from __future__ import annotations

import hashlib
import io
import json
import subprocess
import sys

import matplotlib
import pytest

from sm_tracker.figures.export import FORMATS, figure_bytes, figure_page

WIDTHS = (85.0, 180.0)
LEAST_TEXT_PT, LEAST_LINE_PT = 7.0, 0.5
ROUNDING = 1e-6
DPI = 300

VECTOR, RASTER = ("svg", "pdf", "eps"), ("png", "tiff")


@pytest.fixture(params=[(w, g) for w in WIDTHS for g in (False, True)], ids=str)
def look(request):
    """Width in mm and whether in grey."""
    return request.param


@pytest.fixture(params=["timeline_85_colour", "comparison_180"])
def model(request, models):
    return models[request.param]


@pytest.fixture
def inspected(model, look, figure_files):
    """What a file of some format holds, with the page it was written from."""
    width, gray = look

    def write(fmt: str):
        return figure_files.inspect(figure_bytes(model, fmt, width_mm=width, gray=gray, dpi=DPI))

    return write


@pytest.fixture
def sheet(model, look):
    width, gray = look
    return figure_page(model, width_mm=width, gray=gray)


@pytest.mark.parametrize("fmt", VECTOR)
def test_a_vector_figure_is_exact_with_text_and_lines_that_print(fmt, inspected, look, sheet):
    found = inspected(fmt)
    assert found.kind == fmt.upper()
    assert found.width_mm == pytest.approx(look[0], abs=1e-4)
    assert found.height_mm == pytest.approx(sheet.height_mm, abs=1e-3)
    assert found.least_text_pt >= LEAST_TEXT_PT - ROUNDING
    assert found.least_line_pt >= LEAST_LINE_PT - ROUNDING
    assert found.texts == len(sheet.words)
    assert (found.pictures, found.transparent) == (0, False)
    assert found.only_grey == look[1]


@pytest.mark.parametrize("fmt", RASTER)
def test_a_raster_figure_is_exact_to_the_pixel_and_says_its_resolution(fmt, inspected, look, sheet):
    found = inspected(fmt)
    pixel_mm = 25.4 / DPI
    assert found.kind == fmt.upper()
    assert found.dpi == pytest.approx((DPI, DPI), abs=0.01)
    assert found.width_mm == pytest.approx(look[0], abs=0.51 * pixel_mm)
    assert found.height_mm == pytest.approx(sheet.height_mm, abs=0.51 * pixel_mm)
    assert (found.mode, found.transparent) == ("L" if look[1] else "RGB", False)
    assert found.compression == {"png": None, "tiff": "tiff_lzw"}[fmt]
    assert found.only_grey == look[1]


@pytest.mark.parametrize(
    ("fmt", "embedded", "fonts"),
    [
        ("pdf", True, ("LiberationSans", "LiberationSans-Bold")),
        ("eps", True, ("LiberationSans", "LiberationSans-Bold")),
        ("svg", None, ("Liberation Sans",)),
    ],
)
def test_the_shipped_font_is_embedded_and_svg_text_stays_text(fmt, embedded, fonts, inspected):
    found = inspected(fmt)
    assert found.embedded == embedded
    assert found.fonts == fonts


@pytest.mark.parametrize("dpi", [600, 1200])
def test_the_resolution_asked_for_is_the_one_written(dpi, models, figure_files):
    model = models["timeline_85_colour"]
    found = figure_files.inspect(figure_bytes(model, "tiff", width_mm=60, dpi=dpi, notes=False))
    assert found.dpi == (dpi, dpi)
    assert found.width_mm == pytest.approx(60, abs=0.51 * 25.4 / dpi)


@pytest.mark.parametrize("width", [90, 174, 190, 123.45])
def test_every_width_of_a_journal_is_exact(width, models, figure_files):
    found = figure_files.inspect(figure_bytes(models["by_site_180"], "pdf", width_mm=width))
    assert found.width_mm == pytest.approx(width, abs=1e-4)


AGAIN = """
import hashlib, json
from sm_tracker.workflow import analysing, file_import, reporting
from sm_tracker.figures.export import FORMATS, figure_bytes
from sm_tracker.workflow.figure_choices import FigureChoices
analysis = analysing.analyse(file_import.sample_records())
patient = analysing.only_patient(analysis.records, "")
sums = {}
for name, choices in (("t", FigureChoices()), ("c", FigureChoices(comparison=True))):
    model = reporting.chosen_figure(analysis, patient, choices)
    for fmt in FORMATS:
        content = figure_bytes(model, fmt, width_mm=85, dpi=300)
        sums[name + fmt] = hashlib.sha256(content).hexdigest()
print(json.dumps(sums))
"""


def test_another_process_writes_the_same_bytes(models, repository, tmp_path):
    """Another order of sets, another place, another user's matplotlib settings."""
    settings = tmp_path / "matplotlibrc"
    settings.write_text(
        "font.size: 20\nlines.linewidth: 5\nsavefig.dpi: 50\nsvg.fonttype: path\n"
        "savefig.bbox: tight\naxes.facecolor: red\ntext.hinting: force_autohint\n"
        "text.antialiased: False\npath.simplify: True\npdf.compression: 0\n",
        encoding="utf-8",
    )
    ran = subprocess.run(
        [sys.executable, "-c", AGAIN],
        cwd=tmp_path,
        env={
            "PYTHONHASHSEED": "7",
            "PYTHONPATH": str(repository),
            "MATPLOTLIBRC": str(settings),
            # Its list of the machine's fonts takes seconds to make and is not used.
            "MPLCONFIGDIR": matplotlib.get_cachedir(),
            "TZ": "Pacific/Auckland",
            "LC_ALL": "C",
            "USER": "somebody",
            "HOME": str(tmp_path),
        },
        capture_output=True,
        text=True,
        check=True,
    )
    kept = {"t": models["timeline_85_colour"], "c": models["comparison_180"]}
    here = {
        name + fmt: hashlib.sha256(figure_bytes(m, fmt, width_mm=85, dpi=300)).hexdigest()
        for name, m in kept.items()
        for fmt in FORMATS
    }
    assert json.loads(ran.stdout) == here


def test_the_inspector_sees_what_a_journal_would_send_back(figure_files):
    """A figure with a transparent band, small type as shapes, a picture, and a hairline."""
    from matplotlib.backends.backend_pdf import FigureCanvasPdf
    from matplotlib.figure import Figure

    figure = Figure(figsize=(3, 2))
    FigureCanvasPdf(figure)
    axes = figure.subplots()
    axes.plot([0, 1], [0, 1], linewidth=0.2)
    axes.axhspan(0.2, 0.4, alpha=0.3)
    axes.imshow([[0, 1], [1, 0]])
    axes.text(0.5, 0.5, "small", fontsize=5)
    out = io.BytesIO()
    figure.savefig(out, format="pdf")
    found = figure_files.inspect(out.getvalue())
    assert (found.embedded, found.transparent, found.pictures) == (False, True, 1)
    assert found.least_text_pt == 5
    assert found.least_line_pt == pytest.approx(0.2)
