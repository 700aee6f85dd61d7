"""Make the moving picture of the first page: a file goes in, a sentence and a figure come out.

Run ``python -m docs.make_moving_picture`` in the root of the checkout. Sentence and figure are
those that the program makes of the synthetic sample patient.
"""

from __future__ import annotations

import io
import textwrap
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

from sm_tracker.figures import export
from sm_tracker.figures.page.text_metrics import BOLD, REGULAR
from sm_tracker.report.wording import plain_text
from sm_tracker.workflow import analysing, hand_out, inputs, reporting
from sm_tracker.workflow.figure_choices import FigureChoices, timeline_view

ROOT = Path(__file__).parents[1]
OUT = ROOT / "docs/images/from_file_to_figure.gif"
FILES = [
    ROOT / f"sample_data/index_case_{n}.csv" for n in ("measurements", "therapies", "outcomes")
]
WIDTH, HEIGHT, EDGE = 960, 720, 40
INK, GREY, PAPER = "#1f2933", "#6b7785", "#ffffff"
LINES = 9
COLOURS = 64


def main() -> None:
    """Write the picture: ten rows one by one, then the sentence, then the figure."""
    analysis = analysing.analyse(inputs.records_and_findings(FILES)[0])
    patient = analysing.only_patient(analysis.records)
    choices = FigureChoices(relative_days=True)
    headline, below = hand_out.answer_in_focus(analysis, timeline_view(analysis, patient, choices))
    rows = FILES[0].read_text("utf-8").splitlines()[: LINES + 1]
    shown = [",".join(row.split(",")[:6]) for row in rows]
    frames = [(_page(shown[:n], "", ""), 220) for n in range(2, LINES + 2)]
    frames.append((_page(shown, plain_text(headline), ""), 1800))
    frames.append((_page(shown, plain_text(headline), below), 3500))
    frames.append((_figure(analysis, patient, choices), 6000))
    pictures = [page.quantize(COLOURS, dither=Image.Dither.NONE) for page, _ in frames]
    pictures[0].save(
        OUT, save_all=True, append_images=pictures[1:], duration=[d for _, d in frames], loop=0,
        optimize=True,
    )  # fmt: skip


def _page(rows: list[str], headline: str, below: str) -> Image.Image:
    page = Image.new("RGB", (WIDTH, HEIGHT), PAPER)
    pen = ImageDraw.Draw(page)
    pen.text((EDGE, EDGE), "A file of the clinic (synthetic patient)", INK, _font(BOLD, 24))
    for i, row in enumerate(rows):
        pen.text((EDGE, 90 + 30 * i), row, GREY if i else INK, _font(REGULAR, 20))
    if headline:
        pen.line((EDGE, 420, WIDTH - EDGE, 420), GREY)
        pen.text((EDGE, 445), textwrap.fill(headline, 62), INK, _font(BOLD, 28), spacing=10)
    if below:
        pen.text((EDGE, 565), textwrap.fill(below, 92), GREY, _font(REGULAR, 20), spacing=8)
    return page


def _figure(analysis: analysing.Analysis, patient: str, choices: FigureChoices) -> Image.Image:
    model = reporting.chosen_figure(analysis, patient, choices)
    png = export.figure_bytes(model, "png", width_mm=180, dpi=300, notes=False)
    drawn = Image.open(io.BytesIO(png)).convert("RGB")
    drawn.thumbnail((WIDTH - 2 * EDGE, HEIGHT - 100), Image.Resampling.LANCZOS)
    page = Image.new("RGB", (WIDTH, HEIGHT), PAPER)
    pen = ImageDraw.Draw(page)
    pen.text((EDGE, 24), "The figure for the paper (synthetic patient)", INK, _font(BOLD, 24))
    page.paste(drawn, ((WIDTH - drawn.width) // 2, 70))
    return page


def _font(file: Path, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(str(file), size)


if __name__ == "__main__":
    main()
