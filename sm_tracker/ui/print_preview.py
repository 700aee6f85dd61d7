"""The figure as it will be printed: drawn once for each choice, never again for the same.

What is kept belongs to one session, and its key names where the records come from, the state
of the store, the patient, the settings and every option.
"""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from sm_tracker.figures.comparison.comparison_model import ComparisonModel
from sm_tracker.figures.export import MOST_PIXELS, figure_bytes, figure_page, page_bytes
from sm_tracker.figures.timeline.build_timeline import TimelineModel
from sm_tracker.report.captions import figure_caption
from sm_tracker.ui import access, data_source, state
from sm_tracker.ui.data_source import PatientSource
from sm_tracker.ui.print_options import PICTURES, PrintOptions
from sm_tracker.workflow import reporting
from sm_tracker.workflow.analysing import Analysis

SCREEN_DPI = 200
MM_OF_CSS_PIXEL = 25.4 / 96
MOST_WIDE, ENLARGED = 920, 1.35
Found = list[tuple[str, str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """A figure as it will be printed, its exact size and its caption."""

    model: TimelineModel | ComparisonModel
    png: bytes
    width_mm: float
    height_mm: float
    caption: str

    def pixels(self, dpi: int) -> tuple[int, int]:
        """Width and height of a picture at a resolution."""
        wide, high = (round(mm / 25.4 * dpi) for mm in (self.width_mm, self.height_mm))
        return wide, high


def records_key(known: PatientSource, patient: str) -> tuple[object, ...]:
    """What changes whenever the records of a patient, or who may see them, change."""
    who: object = access.acting_person()
    if known.source == "files":
        files, given = state.kept_files() or ((), ())
        return known.source, who, state.ids_of(files), given, patient
    if known.source == "store":
        return known.source, who, data_source.acting_store().state_id(), patient
    return known.source, patient


def print_preview(key: tuple[object, ...], analysis: Analysis, options: PrintOptions) -> Preview:
    """Draw the figure for the screen with the very renderer of the file.

    Raises
    ------
    TrackerError
        If a choice names what is not there, or the size is not possible.
    """
    shown = (
        repr(options.choices), options.width_mm, options.gray, options.notes, options.text_pt
    )  # fmt: skip
    return _drawn(key, analysis.settings.settings_id, shown, analysis, options)


@st.cache_data(max_entries=40, ttl=3600, show_spinner=False, scope="session")
def _drawn(
    key: tuple[object, ...],
    settings_id: str,
    shown: tuple[object, ...],
    _analysis: Analysis,
    _options: PrintOptions,
) -> Preview:
    model = _model(key, settings_id, repr(_options.choices), _analysis, _options)
    return draw_for_screen(model, _analysis, str(key[-1]), _options)


@st.cache_resource(max_entries=10, ttl=3600, show_spinner=False, scope="session")
def _model(
    key: tuple[object, ...],
    settings_id: str,
    choices: str,
    _analysis: Analysis,
    _options: PrintOptions,
) -> TimelineModel | ComparisonModel:
    return reporting.chosen_figure(_analysis, str(key[-1]), _options.choices)


def draw_for_screen(
    model: TimelineModel | ComparisonModel, analysis: Analysis, patient: str, options: PrintOptions
) -> Preview:
    """A figure of a patient for the screen, not kept."""
    sheet = figure_page(
        model,
        width_mm=options.width_mm,
        gray=options.gray,
        notes=options.notes,
        text_pt=options.text_pt,
    )
    visits = analysis.visits[analysis.visits["patient_id"] == patient]
    return Preview(
        model=model,
        png=page_bytes(sheet, "png", SCREEN_DPI),
        width_mm=sheet.width_mm,
        height_mm=sheet.height_mm,
        caption=figure_caption(model, visits),
    )


def shown_width(width_mm: float, *, actual: bool = False) -> int:
    """Pixels that a figure takes on the screen: somewhat enlarged, or as large as printed."""
    pixels = round(width_mm / MM_OF_CSS_PIXEL)
    return pixels if actual else min(MOST_WIDE, round(pixels * ENLARGED))


def too_large(drawn: Preview, options: PrintOptions) -> bool:
    """Whether a picture of this size and resolution would not fit into memory."""
    wide, high = drawn.pixels(options.dpi)
    return options.fmt in PICTURES and wide * high > MOST_PIXELS


def figure_file(drawn: Preview, options: PrintOptions, dpi: int) -> bytes:
    """The figure as a file."""
    return figure_bytes(
        drawn.model,
        options.fmt,
        width_mm=options.width_mm,
        dpi=dpi,
        gray=options.gray,
        notes=options.notes,
        text_pt=options.text_pt,
    )


def identifying_in_figure(
    key: tuple[object, ...], analysis: Analysis, drawn: Preview, options: PrintOptions
) -> Found:
    """What in the figure, its file or its caption could still identify: where, kind, what."""
    shown = (
        repr(options.choices), options.width_mm, options.gray, options.notes, options.text_pt,
        options.fmt,
    )  # fmt: skip
    return _looked_through(key, analysis.settings.settings_id, shown, analysis, drawn, options)


@st.cache_data(max_entries=40, ttl=3600, show_spinner=False, scope="session")
def _looked_through(
    key: tuple[object, ...],
    settings_id: str,
    shown: tuple[object, ...],
    _analysis: Analysis,
    _drawn: Preview,
    _options: PrintOptions,
) -> Found:
    # Words and tags of a picture do not depend on its resolution, so the lowest is enough.
    files = {
        _options.file_name: figure_file(_drawn, _options, 300),
        "caption.txt": _drawn.caption.encode(),
    }
    return reporting.what_files_may_identify(_analysis, str(key[-1]), files, _drawn.model)
