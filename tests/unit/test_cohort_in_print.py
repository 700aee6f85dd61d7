"""Figures of a group in print: the marks of the screen, in every format, no word on another."""

from __future__ import annotations

from functools import partial

import numpy as np
import pandas as pd
import pytest

from sm_tracker.cli import main
from sm_tracker.config import SAMPLE_FOLDER
from sm_tracker.figures.cohort.cohort_frame import CohortModel
from sm_tracker.figures.cohort.cohort_pairs import pairs_plot
from sm_tracker.figures.export import FORMATS, figure_bytes, figure_page
from sm_tracker.figures.page.collisions import (
    collisions,
    colours_of_page,
    texts_of_page,
    too_small,
)
from sm_tracker.figures.page.marks import Disc, Shape
from sm_tracker.figures.page.plot import SCREEN, Bars, Label, Line, Points, print_medium
from sm_tracker.workflow import cohort as cohorts
from sm_tracker.workflow.cohort_printing import print_caption, print_model
from sm_tracker.workflow.cohort_view import KINDS

FILES = [str(SAMPLE_FOLDER / f"ivig_survey_{kind}.csv") for kind in ("measurements", "therapies")]


@pytest.fixture(scope="module")
def survey():
    group = cohorts.example_cohort()
    way = cohorts.ways_of(group, "IVIG")[0]
    return group, cohorts.view_of(group, cohorts.question_of("IVIG", "", way))


@pytest.fixture(scope="module")
def thousands():
    rng = np.random.default_rng(1)
    before = np.round(rng.normal(2.2, 0.3, 10_000), 2)
    change = np.round(rng.normal(-0.1, 0.3, 10_000), 2)
    check = np.where(change < -0.3, "thinner", np.where(change > 0.3, "thicker", "within_error"))
    one = pd.DataFrame(
        {"patient_id": [str(k) for k in range(10_000)], "baseline_mm": before,
         "last_mm": before + change, "change_mm": change, "error_check": check}
    )  # fmt: skip
    return CohortModel(lay_out=partial(pairs_plot, one=one, unit="mm"), language="de")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("language", ["en", "de", "fr"])
@pytest.mark.parametrize("width_mm", [85.0, 180.0])
def test_no_word_overlaps_another_or_is_too_small_to_read(survey, kind, language, width_mm):
    page = figure_page(print_model(*survey, kind, language, synthetic=True), width_mm=width_mm)
    assert collisions(page) + too_small(page) == []
    assert page.width_mm == width_mm


@pytest.mark.parametrize("width_mm", [85.0, 180.0])
def test_the_words_of_ten_thousand_patients_do_not_overlap_either(thousands, width_mm):
    page = figure_page(thousands, width_mm=width_mm)
    assert collisions(page) + too_small(page) == []


@pytest.mark.parametrize("kind", KINDS)
def test_each_mark_of_the_screen_has_its_mark_in_print(survey, kind):
    model = print_model(*survey, kind, "en", synthetic=False)
    screen, paper = model.plot(SCREEN), model.plot(print_medium(85))
    counted = [
        [(type(m), len(m.xs) if isinstance(m, Line | Points) else 0)
         for m in plot.marks if not isinstance(m, Label)]
        for plot in (screen, paper)
    ]  # fmt: skip
    assert counted[0] == counted[1]
    bars = sum(len(m.at) for m in paper.marks if isinstance(m, Bars))
    points = sum(len(m.xs) for m in paper.marks if isinstance(m, Points) and not m.unseen)
    page = figure_page(model, width_mm=85)
    painted = [m for m in page.marks if isinstance(m, Disc) or (isinstance(m, Shape) and m.fill)]
    assert len(painted) >= bars + points


@pytest.mark.parametrize("kind", KINDS)
def test_patients_are_numbered_as_in_the_table_and_no_code_is_printed(survey, kind):
    model = print_model(*survey, kind, "en", synthetic=False)
    written = " ".join(texts_of_page(figure_page(model, width_mm=180))) + model.alt + model.note
    assert [c for c in survey[1].one["patient_id"] if c in written] == []


@pytest.mark.parametrize("kind", KINDS)
def test_greyscale_has_no_colour(survey, kind):
    page = figure_page(print_model(*survey, kind, "en", synthetic=False), width_mm=85, gray=True)
    assert all(c[1:3] == c[3:5] == c[5:7] for c in colours_of_page(page))


@pytest.mark.parametrize("kind", KINDS)
def test_caption_and_alternative_text_are_in_the_language_of_the_figure(survey, kind):
    captions = []
    for language in ("en", "de", "fr"):
        model = print_model(*survey, kind, language, synthetic=False)
        captions += [print_caption(*survey, kind, model), model.alt]
    assert len(set(captions)) == 6 - (kind == "regimens" and captions[3] == captions[5])


@pytest.mark.parametrize("fmt", FORMATS)
def test_every_format_comes_out_byte_for_byte(survey, fmt):
    model = print_model(*survey, "waterfall", "en", synthetic=True)
    once, again = (figure_bytes(model, fmt, width_mm=85, dpi=300) for _ in range(2))
    assert once == again


def test_the_command_draws_the_figure_of_a_group(tmp_path, capsys):
    out = tmp_path / "group.svg"
    options = ["--cohort", "before-after", "--regimen", "ivig", "--width-mm", "85", "--out"]
    assert main(["figure", *FILES, *options, str(out), "--order", "oldest"]) == 0
    assert "note: --order has no effect on a figure of a group" in capsys.readouterr().err
    assert ">Last value<" in out.read_text(encoding="utf-8")


def test_a_regimen_that_nobody_had_is_refused_with_those_that_are_there(tmp_path, capsys):
    out = tmp_path / "group.svg"
    options = ["--cohort", "lanes", "--regimen", "XYZ", "--out", str(out)]
    assert main(["figure", *FILES, *options]) != 0
    said = capsys.readouterr().err
    assert "There is no regimen 'XYZ' in this group" in said
    assert "IVIG" in said
    assert not out.exists()
