"""Report: the words for a paper as every file will hold them, and the files."""

from functools import partial

import pandas as pd
import streamlit as st

from sm_tracker.errors import TrackerError
from sm_tracker.languages import gettext as _
from sm_tracker.report import methods_words
from sm_tracker.report.case_events import timeline_columns
from sm_tracker.report.contents import Block, FigureBlock, Heading, Paragraph, TableBlock
from sm_tracker.ui import (
    components,
    data_source,
    identifying,
    patient,
    print_options,
    print_preview,
    report_words,
)
from sm_tracker.ui.navigation import FOLDER
from sm_tracker.ui.report_words import Key, ReportOptions, WrittenReport
from sm_tracker.workflow.analysing import Analysis
from sm_tracker.workflow.printing import PrintedFigure

FILE_NAME = "skin_thickness_report"
LONG, TALL = 6, 320
MANY_LETTERS, MANY_LINES = 2400, 14


def render() -> None:
    st.html(FOLDER / "print.css")
    analysis, code, known = patient.patient_bar()
    components.show_title(
        _("Report"),
        _("This is the text of the files. Every number comes from the change table."),
    )
    with st.container(key="report_page"):
        with st.container(key="report_options"):
            chosen = _options(analysis, code)
            _files(analysis, code, chosen)
        with st.container(key="report_words"):
            try:
                _words(print_preview.records_key(known, code), analysis, chosen)
            except TrackerError as error:
                components.show_error(error)
    components.show_intended_use(patient.sample_remark(known))


def _options(analysis: Analysis, code: str) -> ReportOptions:
    with st.container(key="card_words_options"):
        components.show_card_title(_("Privacy and figure"))
        private = print_options.private_switch()
        printed = _figure_in_it(code)
    with st.container(key="card_words_stated"):
        components.show_card_title(
            _("For the methods"),
            _("What the records do not hold is never guessed. Left blank, it is not recorded."),
        )
        stated = report_words.state_what_lacks(analysis, code)
    return ReportOptions(private=private, stated=stated, printed=printed)


def _figure_in_it(code: str) -> PrintedFigure | None:
    """The figure chosen on the page Figure, where the author wants it."""
    chosen = print_options.last_print_options(code)
    if chosen is None:
        components.show_note(_("The figure is the timeline. Choose another under Figure."))
        return None
    if not st.toggle(
        _("The figure as chosen under Figure"),
        value=True,
        key="report figure",
        help=_("In the report its days count from the first reading."),
        persist_state="session",
    ):
        return None
    return PrintedFigure(
        choices=chosen.choices,
        width_mm=chosen.width_mm,
        text_pt=chosen.text_pt,
        gray=chosen.gray,
        notes=chosen.notes,
    )


def _files(analysis: Analysis, code: str, chosen: ReportOptions) -> None:
    with st.container(key="card_words_files"):
        components.show_card_title(_("Files"))
        for kind, (label, media) in report_words.MEDIA.items():
            st.download_button(
                _(label),
                data_source.noted_export(
                    f"report.{kind}",
                    partial(report_words.report_file_of, analysis, code, kind, chosen),
                    analysis.records.patients,
                ),
                f"{FILE_NAME}.{kind}",
                media,
                icon=":material/download:",
                on_click="ignore",
                key=f"report {kind}",
                width="stretch",
            )
        components.show_note(
            _(
                "The archive holds data, settings, versions, figures and text, and the commands "
                "that make each file again byte for byte."
            )
        )


def _words(key: Key, analysis: Analysis, chosen: ReportOptions) -> None:
    made = report_words.written_report(key, analysis, chosen)
    identifying_place = st.container(key="card_words_identifying")
    for number, (heading, blocks) in enumerate(_sections(made.report.blocks)):
        with st.container(key=f"card_words_{number}"):
            _section(heading, blocks, made)
    with st.container(key="card_words_abbreviations"):
        components.show_card_title(_("Abbreviations"))
        _copied(made.abbreviations or _("none"))
    with identifying_place, st.spinner(_("Looking through the finished files …")):
        identifying.show_identifying(report_words.identifying_in_report(key, analysis, chosen))


def _sections(blocks: tuple[Block, ...]) -> list[tuple[str, list[Block]]]:
    """Blocks by the heading above them; those before the first heading go with it."""
    found: list[tuple[str, list[Block]]] = []
    before: list[Block] = []
    for block in blocks:
        if isinstance(block, Heading):
            found.append((block.text, before))
            before = []
        elif found:
            found[-1][1].append(block)
        else:
            before.append(block)
    return found


def _section(heading: str, blocks: list[Block], made: WrittenReport) -> None:
    components.show_card_title(heading)
    texts = [block.text for block in blocks if isinstance(block, Paragraph)]
    if len(texts) >= LONG:
        _copied("\n\n".join(texts))
    for block in blocks:
        if isinstance(block, Paragraph) and len(texts) < LONG:
            if block.text == methods_words.design_statement():
                components.show_note(_("Reporting items of CARE and SCRIBE 2016"))
            _copied(block.text)
        elif isinstance(block, FigureBlock):
            with st.container(key="print_paper"):
                shown = print_preview.shown_width(made.width_mm)
                st.image(made.figure_png, width=shown, output_format="PNG", alt=made.alt)
            _copied(block.head)
        elif isinstance(block, TableBlock):
            care = list(block.table.columns) == timeline_columns()
            _table(block, _("CARE item 7. {caption}") if care else "{caption}")


def _copied(text: str) -> None:
    """A text with a button that copies it; a long one in a box of its own."""
    tall = len(text) > MANY_LETTERS or text.count("\n") > MANY_LINES
    st.code(text, language=None, wrap_lines=True, height=TALL if tall else "content")


def _table(block: TableBlock, label: str) -> None:
    with st.expander(label.format(caption=block.head)):
        shown: pd.DataFrame = block.table.astype("str")
        components.show_table(list(shown.columns), shown.itertuples(index=False))
        _copied(shown.to_csv(sep="\t", index=False))


try:
    render()
except TrackerError as error:
    components.show_error(error)
