"""Figure: the timeline or the comparison as a journal takes it, drawn by the print renderer."""

import streamlit as st

from sm_tracker.errors import TrackerError
from sm_tracker.figures.export import MOST_PIXELS
from sm_tracker.figures.journals import height_warning
from sm_tracker.languages import gettext as _
from sm_tracker.ui import (
    components,
    data_source,
    identifying,
    patient,
    print_options,
    print_preview,
)
from sm_tracker.ui.navigation import FOLDER
from sm_tracker.ui.print_options import MEDIA, PICTURES, PrintOptions
from sm_tracker.ui.print_preview import Preview
from sm_tracker.workflow import drawing
from sm_tracker.workflow.analysing import Analysis


def render() -> None:
    st.html(FOLDER / "print.css")
    analysis, code, known = patient.patient_bar()
    components.show_title(
        _("Figure for a paper"),
        _("The preview is the file you will download."),
    )
    with st.container(key="print_page"):
        with st.container(key="print_options"):
            options = print_options.choose_print_options(analysis, code)
        with st.container(key="print_result"):
            try:
                if options.choices.comparison and not drawing.period_labels(analysis, code):
                    _nothing_to_compare()
                else:
                    _result(print_preview.records_key(known, code), analysis, options)
            except TrackerError as error:
                components.show_error(error)
    components.show_intended_use(patient.sample_remark(known))


def _result(key: tuple[object, ...], analysis: Analysis, options: PrintOptions) -> None:
    drawn = print_preview.print_preview(key, analysis, options)
    with st.container(key="card_print_preview"):
        with st.container(horizontal=True, vertical_alignment="center", key="print_head"):
            components.show_note(_size_words(drawn, options))
            actual = _preview_size()
            _download(drawn, options)
        _warn_of_height(drawn, options)
        _picture(drawn, actual=actual)
    with st.container(key="card_print_caption"):
        components.show_card_title(_("Caption"))
        st.code(drawn.caption, language=None, wrap_lines=True)
    with st.container(key="card_print_identifying"):
        identifying.show_identifying(
            print_preview.identifying_in_figure(key, analysis, drawn, options)
        )


def _nothing_to_compare() -> None:
    with st.container(key="card_print_preview"):
        components.show_card_title(
            _("No therapy period to compare."),
            _("Needed: a therapy with its start. Add it under Records."),
        )


def _size_words(drawn: Preview, options: PrintOptions) -> str:
    size = print_options.size_words(drawn.width_mm, drawn.height_mm)
    parts = [_("Exactly {size}").format(size=size)]
    if options.fmt in PICTURES:
        wide, high = drawn.pixels(options.dpi)
        words = _("{wide} × {high} pixels at {dpi} dpi")
        parts.append(words.format(wide=wide, high=high, dpi=options.dpi))
    if options.gray:
        parts.append(_("greyscale"))
    parts.append(_("text {pt:g} pt and larger").format(pt=options.text_pt))
    return " · ".join(parts)


def _warn_of_height(drawn: Preview, options: PrintOptions) -> None:
    if options.journal is None:
        return
    warning = height_warning(options.journal, drawn.height_mm)
    components.show_note(
        str(warning or _("Rules: {source}.").format(source=options.journal.source))
    )


def _download(drawn: Preview, options: PrintOptions) -> None:
    large = print_preview.too_large(drawn, options)
    st.download_button(
        _("Download {format}").format(format=options.fmt.upper()),
        data_source.noted_export(
            options.file_name,
            lambda: print_preview.figure_file(drawn, options, options.dpi),
            [st.session_state.get(patient.PATIENT, "")],
        ),
        options.file_name,
        MEDIA[options.fmt],
        type="primary",
        icon=":material/download:",
        on_click="ignore",
        disabled=large,
        key="print download",
    )
    if large:
        words = _(
            "More than {most} million pixels. Choose a lower resolution, or PDF or SVG, which "
            "are sharp at every size."
        )
        components.show_note(words.format(most=MOST_PIXELS // 1_000_000))


def _preview_size() -> bool:
    """Whether the preview is as large as the print, instead of fitted to the page."""
    sizes = {"fit": _("Fit"), "actual": _("Actual size")}
    chosen = st.segmented_control(
        _("Preview"),
        list(sizes),
        default="fit",
        format_func=lambda option: sizes[option],
        key="print preview size",
        label_visibility="collapsed",
        required=True,
        persist_state="session",
    )
    return chosen == "actual"


def _picture(drawn: Preview, *, actual: bool) -> None:
    """The figure on white paper."""
    with st.container(key="print_paper"):
        shown = print_preview.shown_width(drawn.width_mm, actual=actual)
        st.image(drawn.png, width=shown, output_format="PNG", alt=drawn.model.alt)


try:
    render()
except TrackerError as error:
    components.show_error(error)
