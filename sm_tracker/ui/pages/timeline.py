"""Timeline: one patient's readings and therapies on one axis, and what changed."""

import dataclasses
from typing import Any

import pandas as pd
import streamlit as st

from sm_tracker import languages
from sm_tracker.domain.records import ReadResult
from sm_tracker.errors import TrackerError
from sm_tracker.figures.languages import capital, uncapital
from sm_tracker.figures.page.values import AxisKind, Unit
from sm_tracker.figures.theme import DARK, LIGHT
from sm_tracker.figures.timeline.build_timeline import TimelineModel, TimelineView, figure_table
from sm_tracker.figures.timeline.hit_test import period_at, place_on_axis
from sm_tracker.figures.timeline.screen_timeline import SCREEN_CONFIG
from sm_tracker.figures.timeline.timeline_model import Arrangement
from sm_tracker.languages import gettext as _
from sm_tracker.report import details as words
from sm_tracker.report import import_words, next_reading_words, series_words
from sm_tracker.report.explanations import Term
from sm_tracker.ui import (
    add_visit,
    components,
    data_source,
    detection,
    doubts,
    import_findings,
    memory,
    patient,
    print_and_copy,
    regimen_table,
    saving,
    state,
    tag_offer,
    tour,
    views,
    zoom,
)
from sm_tracker.workflow import drawing, hand_out
from sm_tracker.workflow.analysing import Analysis

TABLE, UPLOADS, ZOOM = "regimens", "uploads", "zoom"
TERMS: tuple[Term, ...] = (
    "baseline",
    "change",
    "error_band",
    "verdict",
    "over_sites",
    "mean",
    "pairs",
    "flags",
)


def render() -> None:
    with st.container(horizontal=True, vertical_alignment="center", key="patient_bar"):
        chooser = st.container(horizontal=True, vertical_alignment="center", key="patient_place")
        beside = st.container(
            horizontal=True, vertical_alignment="center", key="own_place", width="content"
        )
        with beside:
            result = _own_files()
    if result is not None and not _taken(result):
        components.show_intended_use()
        return
    known = data_source.patient_source()
    with chooser:
        analysis, code = patient.choose_patient(known)
    if known.source == "sample":
        with beside:
            st.button(_("Two-minute tour"), type="tertiary", on_click=tour.start_tour)
        tour.show_tour()
    with beside:
        add_visit.show_button(known.source)
    add_visit.show_visit(known.source, code)
    patient.stop_if_set_aside(analysis, code)
    remark = _("Synthetic data.") if known.source == "sample" else ""
    view = views.in_focus(analysis, code, remark)
    patient.show_others_set_aside(known, code)
    if known.source == "store":
        saving.show_outcome()
    doubts.show_doubts_of_analysis(analysis, code, stored=known.source == "store")
    view = _show(analysis, view, known)
    with beside:
        series = _lower_first(views.focus_name(analysis, view))
        print_and_copy.show_print_and_copy(analysis, view, series)
    memory.keep_view(known, analysis, view)
    components.show_intended_use(patient.sample_remark(known))


def _own_files() -> ReadResult | None:
    """The files put on this page, read; nothing where there are none."""
    with st.popover(_("Open your own files"), icon=":material/upload_file:"):
        uploads = st.file_uploader(
            _("Measurements, therapies or both (CSV, text, XLSX)"),
            accept_multiple_files=True,
            key=UPLOADS,
        )
        components.show_note(_("They stay on this machine. To keep them, use Import."))
        if state.kept_files() is not None:
            st.button(_("Close these files"), on_click=state.close_files)
    if not uploads:
        return None
    result = state.result_so_far(state.open_files(uploads))
    if result.outcome in ("accept", "accept_with_warning"):
        state.keep_files(state.open_files(uploads))
    return result


def _taken(result: ReadResult) -> bool:
    """Whether the files could be opened; else, or beside it, what stands in the way."""
    if result.outcome in ("accept", "accept_with_warning"):
        if result.findings:
            read = _("Read {records}.").format(records=import_words.counts_text(result))
            words = f"{read} {import_words.findings_title(result)}"
            with st.expander(words, expanded=bool(result.refused)):
                import_findings.show_recognised(result)
                if result.offers:
                    import_findings.show_questions(result)
                import_findings.show_findings(result)
        return True
    components.show_title(
        *import_words.import_headline(result, import_findings.count_open_questions(result))
    )
    import_findings.show_recognised(result)
    import_findings.show_questions(result)
    import_findings.show_findings(result)
    return False


def _show(analysis: Analysis, view: TimelineView, known: data_source.PatientSource) -> TimelineView:
    """Answer, figure and table; the view as the switches left it."""
    rows = drawing.changes_of(analysis, view)
    row = drawing.change_in_focus(analysis, view)
    with st.container(key="answer"):
        figures = hand_out.key_figures_in_focus(analysis, view)
        components.show_headline(*hand_out.answer_in_focus(analysis, view), figures)
    tag_offer.show_tag_offer(analysis, view, known.source)
    with st.container(key="card"):
        view = _switches(analysis, view)
        model = drawing.timeline(analysis, view)
        _figure(analysis, view, model)
    if len(rows):
        with st.container(key="regimen_place"):
            _regimens(analysis, view)
            detection.show_hidden_answers(
                *data_source.count_hidden_answers(analysis, view.patient_id)
            )
        _details(analysis, view, row)
    own = analysis.visits[analysis.visits["patient_id"] == view.patient_id]
    said = [*series_words.series_notes(own), series_words.way_to_join(own)]
    components.show_note(" ".join(filter(None, said)))
    with components.drawer(_("Data behind the figure"), "drawn") as opened:
        if opened:
            drawn = figure_table(model)
            components.show_table(list(drawn.columns), drawn.itertuples(index=False))
    return view


def _regimens(analysis: Analysis, view: TimelineView) -> None:
    site = _lower_first(views.focus_name(analysis, view))
    with st.container(horizontal=True, vertical_alignment="bottom", key="regimen_head"):
        components.show_section(_("Change per regimen, {site}").format(site=site))
        components.show_explanations(TERMS)
    found = hand_out.regimens_in_focus(analysis, view)

    def choose() -> None:
        views.focus_period(analysis, view.patient_id, regimen_table.chosen_period(TABLE))

    regimen_table.show_regimen_table(found, view.focus_period_id, TABLE, choose)


def _lower_first(name: str) -> str:
    """A name in mid-sentence; German keeps its capitals."""
    return name if languages.current() == "de" else uncapital(name)


def _switches(analysis: Analysis, view: TimelineView) -> TimelineView:
    with st.container(horizontal=True, vertical_alignment="center", key="switches"):
        sites = drawing.series_of(analysis, view.patient_id)
        views.choose_site(analysis, view)
        arrangements: dict[Arrangement, str] = {"together": _("Together"), "by_site": _("By site")}
        arrangement: Arrangement = "together"
        if len(sites) > 1:
            arrangement = views.address_choice(_("Arrangement"), arrangements, "arrangement")
        axes: dict[AxisKind, str] = {"dates": _("Dates"), "days": _("Days from start")}
        axis = views.address_choice(_("Axis"), axes, "axis")
        with st.container(key="display_place"), st.popover(_("Display"), type="tertiary"):
            view = _display(analysis, view)
    return dataclasses.replace(view, arrangement=arrangement, axis=axis)


def _display(analysis: Analysis, view: TimelineView) -> TimelineView:
    code = view.patient_id
    units: dict[Unit, str] = {"mm": "mm", "percent": _("% of baseline")}
    unit = views.address_choice(_("Unit"), units, "unit")
    band = st.toggle(_("Error band"), value=True, key="band", bind="query-params")
    st.toggle(
        _("Drag to zoom"),
        value=not state.is_touch(),
        key=ZOOM,
        help=_("Drag sideways in the figure for a part of the time."),
        persist_state="session",
    )
    periods = drawing.period_labels(analysis, code)
    starts = {"": _("first reading")}
    starts |= {p: _("start of {period}").format(period=name) for p, name in periods.items()}
    zero = st.selectbox(
        _("Days count from"),
        list(starts),
        format_func=lambda p: (
            _("start of {period}").format(period=periods[p]) if p else _("first reading")
        ),
        key=f"zero {code}",
        persist_state="session",
    )
    named = drawing.names_of_series(analysis, code)
    sites = {str(n): site for n, site in enumerate(named)}
    names = {n: named[site] for n, site in sites.items()}
    shown = (
        views.subset_choice(_("Sites"), names, f"sites {code}") if len(sites) > 1 else tuple(sites)
    )
    outcomes = drawing.outcomes_of(analysis, code)
    drawn = (
        views.subset_choice(_("Second outcomes"), outcomes, f"outcomes {code}") if outcomes else ()
    )
    regimens = drawing.regimens_of(analysis, code)
    lanes = views.subset_choice(_("Therapy lanes"), regimens, f"lanes {code}") if regimens else ()
    events = not drawing.has_events(analysis, code) or st.toggle(
        _("Events"), value=True, key=f"events {code}", persist_state="session"
    )
    return dataclasses.replace(
        view,
        unit=unit,
        show_error_band=band,
        day_zero=zero or None,
        shown=tuple(sites[n] for n in shown),
        outcomes=drawn,
        hidden_regimens=tuple(r for r in regimens if r not in lanes),
        show_events=events,
    )


def _figure(analysis: Analysis, view: TimelineView, model: TimelineModel) -> None:
    key = f"timeline {view.patient_id}"

    def pick() -> None:
        points = st.session_state[key]["selection"]["points"]
        chosen = next((_period_of(model, point) for point in points), "")
        views.focus_period(analysis, view.patient_id, chosen)

    theme = DARK if state.is_dark() else LIGHT
    screen = drawing.ScreenTimeline(
        view=view,
        theme=theme,
        zoom=bool(st.session_state.get(ZOOM)),
        phone=zoom.on_phone(),
        part=zoom.zoomed_part(view),
    )
    if screen.part:
        st.button(_("Show all"), key="whole time", on_click=zoom.forget_zoom, args=(view,))
    with st.container(key="figure"):
        st.plotly_chart(
            drawing.timeline_on_screen(analysis, screen),
            key=key,
            theme=None,
            config=SCREEN_CONFIG,
            on_select=pick,
            selection_mode="points",
            alt=model.alt,
            width="stretch",
        )
    components.show_note(" ".join(model.notes))
    zoom.watch_zoom(view)


def _period_of(model: TimelineModel, point: dict[str, Any]) -> str:
    """The period of what was clicked: that of a bar or session, or the one a value lies in."""
    own = next(iter(point.get("customdata") or []), "")
    place = place_on_axis(point.get("x"))
    return str(own) or ("" if place is None else period_at(model, place))


def _details(analysis: Analysis, view: TimelineView, row: pd.Series | None) -> None:
    label = drawing.period_labels(analysis, view.patient_id).get(view.focus_period_id)
    if not label or row is None:
        return
    title = _("Details and sensitivity for {period}").format(period=label)
    with components.drawer(title, "details") as opened:
        if not opened:
            return
        left, right = st.columns([2, 3], gap="large")
        with left:
            components.show_subsection(_("Where the numbers come from"))
            components.show_table(words.detail_heads(), words.detail_rows(row, analysis.settings))
            _what_comes(analysis, view, row)
        with right:
            components.show_subsection(_("The same comparison under other assumptions"))
            other = drawing.sensitivity_of(analysis, view)
            components.show_table(words.sensitivity_heads(), words.sensitivity_rows(other))
        components.show_explanations(("error_check", "mean", "pairs", "sensitivity"))


def _what_comes(analysis: Analysis, view: TimelineView, row: pd.Series) -> None:
    """Where the next reading of a running regimen is to be expected, and what more could tell."""
    expected, tellable = drawing.outlook_of(analysis, view)
    if row["verdict"] in next_reading_words.CLEAR_VERDICTS:
        tellable = tellable.iloc[:0]
    more = next_reading_words.tellable_text(tellable)
    if expected.empty and not more:
        return
    components.show_subsection(_("What comes next"))
    if len(expected):
        said = capital(next_reading_words.expected_text(expected.iloc[0]))
        components.show_note(f"{said}. {next_reading_words.coverage_sentence()}")
    if more:
        components.show_note(f"{capital(more)}.")
    components.show_explanations(("next_reading",), _("How is this calculated?"))


try:
    render()
except TrackerError as error:
    components.show_error(error)
