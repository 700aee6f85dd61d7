"""The Figure page without a browser."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
from PIL import Image
from streamlit.testing.v1 import AppTest

from sm_tracker.domain.settings import Settings
from sm_tracker.ingest import SourceFile
from sm_tracker.ui import identifying, print_preview, state
from sm_tracker.ui.print_options import PrintOptions
from sm_tracker.workflow import analysing, file_import, reporting
from sm_tracker.workflow.figure_choices import FigureChoices
from tests.patience import PATIENCE_S

ROOT = Path(__file__).parents[2]
MEASUREMENTS = b"""patient_id,date,site,thickness_mm,examiner
QX-17,2024-01-10,forearm,2.50,KLM
QX-17,2024-03-12,forearm,2.10,KLM
QX-17,2024-05-14,forearm,1.60,KLM
ZZ-1,2024-01-10,chest,2.00,KLM
"""
THERAPIES = b"""patient_id,therapy,start,end,end_status,note
QX-17,IVIG,2024-01-15,,ongoing,lives in Smalltown
"""
FIGURE = "sm_tracker/ui/pages/figure.py"


@pytest.fixture
def app(monkeypatch):
    monkeypatch.chdir(ROOT)
    return AppTest.from_file(str(ROOT / "app.py"), default_timeout=PATIENCE_S)


@pytest.fixture
def page(app):
    """The Figure page with the synthetic sample patient."""
    return app.switch_page(FIGURE).run()


def open_files(app, *contents):
    """The page with these files in view, as the Timeline leaves them."""
    files = tuple(SourceFile(f"{n}.csv", content) for n, content in enumerate(contents))
    app.session_state[state.OPENED] = (files, ())
    return app.switch_page(FIGURE).run()


def words(page):
    return " ".join(element.proto.body for element in page.get("html"))


def set_choice(page, label, value):
    next(c for c in page.button_group if c.label == label).set_value(value)
    return page.run()


def toggle(page, label, value):
    next(t for t in page.toggle if t.label == label).set_value(value)
    return page.run()


def download(page):
    return page.get("download_button")[0].proto


def caption(page):
    return page.code[0].value


def picture(page):
    return page.get("image")[0].proto.imgs[0].url


def test_the_sample_patient_is_drawn_with_its_size_and_its_caption(page):
    assert not page.exception
    assert "Exactly 180.0 ×" in words(page)
    assert caption(page).startswith("Skin thickness by 20 MHz ultrasound over time")
    assert "IVIG, intravenous immunoglobulin" in caption(page)
    assert "Synthetic data." in caption(page)
    assert picture(page)


def test_the_figure_begins_without_dates_and_the_list_says_that_nothing_was_found(page):
    assert next(t for t in page.toggle if t.label == "Days instead of dates").value is True
    assert "nothing found" in words(page)
    assert "does not prove anonymity" in words(page)


def test_the_caption_is_that_of_the_report_for_the_same_figure(page):
    report = reporting.report_of(
        analysing.analyse(file_import.sample_records()), "SM-001", relative_days=True
    )
    assert caption(page) in report.words


def test_every_preset_of_a_journal_gives_its_exact_width(page):
    for width in ("85", "90", "174", "180", "190"):
        set_choice(page, "Width, mm", width)
        assert not page.exception
        assert f"Exactly {width}.0 ×" in words(page)


def test_a_free_width_can_be_given_in_millimetres(page):
    set_choice(page, "Width, mm", "free")
    page.number_input[0].set_value(102.5).run()
    assert not page.exception
    assert "Exactly 102.5 ×" in words(page)


def test_the_button_names_the_format_and_the_file_names_no_patient(app):
    page = open_files(app, MEASUREMENTS, THERAPIES)
    set_choice(page, "Width, mm", "85")
    set_choice(page, "Colours", "grey")
    set_choice(page, "Format", "tiff")
    assert "Download TIFF" in download(page).label
    assert "QX" not in str(download(page))
    options = options_of(width_mm=85.0, gray=True, fmt="tiff")
    assert options.file_name == "skin_thickness_timeline_85mm_grey.tiff"


@pytest.mark.parametrize(
    ("kind", "begins"),
    [("by_site", "Skin thickness by"), ("comparison", "Change of skin thickness by")],
)
def test_small_multiples_and_the_comparison_have_a_preview_and_a_caption(page, kind, begins):
    set_choice(page, "Figure", kind)
    assert not page.exception
    assert caption(page).startswith(begins)


@pytest.mark.parametrize(
    ("language", "begins"),
    [("de", "Hautdicke im 20-MHz-Ultraschall"), ("fr", "Épaisseur cutanée par échographie")],
)
def test_the_figure_can_speak_another_language_than_the_screen(page, language, begins):
    set_choice(page, "Language of the figure", language)
    assert not page.exception
    assert caption(page).startswith(begins)
    assert "Figure for a paper" in words(page)


def test_the_size_of_the_figure_has_the_decimal_mark_of_the_language(page):
    page.query_params["lang"] = "de"
    assert "Genau 180,0 ×" in words(page.run())


def test_every_switch_changes_the_figure(page):
    for label in ("Error band", "Notes below the figure", "Days instead of dates"):
        before = picture(page)
        toggle(page, label, False)
        assert not page.exception
        assert picture(page) != before


def test_days_can_count_from_the_start_of_any_period(page):
    next(s for s in page.selectbox if s.label == "Days count from").set_value("hc-2")
    page.run()
    assert not page.exception
    before = picture(page)
    next(s for s in page.selectbox if s.label == "Days count from").set_value("other day")
    page.run()
    assert not page.exception
    assert len(page.date_input) == 1
    assert picture(page) != before


def test_no_chosen_site_falls_back_to_the_site_in_focus(page):
    next(c for c in page.button_group if c.label == "Sites").set_value([]).run()
    assert not page.exception
    assert picture(page)


def test_dates_are_listed_as_soon_as_they_are_drawn(app):
    page = open_files(app, MEASUREMENTS, THERAPIES)
    assert "Calendar date" not in words(page)
    toggle(page, "Days instead of dates", False)
    set_choice(page, "Figure", "comparison")
    assert not page.exception
    assert "Calendar date" in words(page)
    assert "Jan 2024" in words(page)


def test_a_patient_without_therapy_or_with_one_reading_is_drawn(app):
    page = open_files(app, MEASUREMENTS)
    assert not page.exception
    assert caption(page).startswith("Skin thickness over time. From the first to the last reading")
    page.selectbox[0].set_value("ZZ-1").run()
    assert not page.exception
    assert picture(page)


def test_without_a_therapy_the_comparison_says_what_is_needed(app):
    page = open_files(app, MEASUREMENTS)
    set_choice(page, "Figure", "comparison")
    assert not page.exception
    assert "No therapy period to compare." in words(page)
    assert not page.get("image")


def test_a_picture_too_large_to_be_made_cannot_be_asked_for_and_says_why(page):
    set_choice(page, "Width, mm", "free")
    page.number_input[0].set_value(400.0).run()
    set_choice(page, "Figure", "by_site")
    set_choice(page, "Format", "png")
    next(n for n in page.number_input if "dpi" in n.label).set_value(1200).run()
    assert not page.exception
    assert download(page).disabled
    assert "Choose a lower resolution" in words(page)


def options_of(**changes):
    given = {
        "kind": "timeline",
        "choices": FigureChoices(relative_days=True),
        "width_mm": 90.0,
        "gray": False,
        "notes": True,
        "fmt": "png",
        "dpi": 600,
    }
    return PrintOptions(**{**given, **changes})


def test_the_preview_has_the_shape_of_the_file():
    analysis = analysing.analyse(file_import.sample_records(), settings=Settings())
    options = options_of()
    model = reporting.chosen_figure(analysis, "SM-001", options.choices)
    drawn = print_preview.draw_for_screen(model, analysis, "SM-001", options)
    file = Image.open(io.BytesIO(print_preview.figure_file(drawn, options, 600)))
    shown = Image.open(io.BytesIO(drawn.png))
    assert file.size == drawn.pixels(600)
    assert shown.size[0] / shown.size[1] == pytest.approx(file.size[0] / file.size[1], rel=2e-3)


def test_what_was_found_is_gathered_by_kind_with_the_files_that_are_given_away():
    found = [
        ("report.docx/word/document.xml", "calendar date", "1 May 2024"),
        ("report.docx/word/document.xml", "calendar date", "2 May 2024"),
        ("name of report.docx", "patient code", "A1"),
    ]
    assert identifying.grouped_by_kind(found) == [
        ("calendar date", ["1 May 2024", "2 May 2024"], ["report.docx"]),
        ("patient code", ["A1"], ["report.docx"]),
    ]
