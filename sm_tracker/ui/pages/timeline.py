"""Timeline: one patient's readings and therapies on one axis, and what changed."""

import dataclasses

import streamlit as st

from sm_tracker import workflow
from sm_tracker.errors import TrackerError
from sm_tracker.figures.languages import site_text
from sm_tracker.figures.model import drawn_table
from sm_tracker.figures.screen import SCREEN_CONFIG, draw_timeline
from sm_tracker.figures.theme import DARK, LIGHT
from sm_tracker.report import tables, wording
from sm_tracker.ui import components, state
from sm_tracker.workflow import Analysis, TimelineView

SYNTHETIC = "Synthetic patient. All values are invented and show no real person."


def render() -> None:
    analysis, is_sample = opened()
    if not analysis.records.patients:
        st.info("No patient yet. Open the sample patient (synthetic), or open your files.")
        return
    patient = choose_patient(analysis, is_sample)
    view = choose_view(analysis, patient, is_sample)
    show(analysis, view)
    components.notice(SYNTHETIC if is_sample else "")


def opened() -> tuple[Analysis, bool]:
    """The analysis of the files opened here, or of the sample patient."""
    with st.expander("Open your own files", icon=":material/upload_file:"):
        uploads = st.file_uploader(
            "Measurements, therapies or both (CSV)",
            accept_multiple_files=True,
            key="uploads",
        )
        if not uploads:
            return state.opened()
        files, answers = state.open_files(uploads), state.answers()
        result = state.read(files, tuple(sorted(answers.items())))
        components.reading_report(result)
        components.ask(result.questions, answers)
        result = state.read(files, tuple(sorted(answers.items())))
    if result.outcome == "ask":
        st.info("Answer the questions above; then the readings are drawn.")
        st.stop()
    if result.outcome == "reject":
        st.error("Nothing could be read from these files. The findings above say why.")
        st.stop()
    try:
        given = tuple(sorted(answers.items()))
        return state.analysis_of(files, given, state.settings()), False
    except TrackerError as error:
        st.error(str(error))
        st.stop()


def choose_patient(analysis: Analysis, is_sample: bool) -> str:
    left, right = st.columns([330, 900], vertical_alignment="bottom", gap="small")
    with left:
        patient = st.selectbox(
            "Patient", analysis.records.patients, label_visibility="collapsed", key="patient"
        )
    with right:
        strong, rest = wording.patient_facts(
            analysis.visits[analysis.visits["patient_id"] == patient]
        )
        components.facts("Synthetic" if is_sample else "", strong, rest)
    return str(patient)


def choose_view(analysis: Analysis, patient: str, is_sample: bool) -> TimelineView:
    start = workflow.starting_view(analysis, patient)
    view = dataclasses.replace(start, remark="Synthetic data." if is_sample else "")
    sites = workflow.sites_of(analysis, patient)
    labels = workflow.period_labels(analysis, patient)
    focus = st.session_state.get(f"period {patient}") or start.focus_period_id
    chosen = st.session_state.get(f"site {patient}")
    site = sites[int(chosen)] if chosen is not None else (sites[0] if sites else ("", ""))
    return dataclasses.replace(
        view,
        focus_site=site[0],
        focus_side=site[1],
        focus_period_id=focus if focus in labels else "",
        arrangement=st.session_state.get("arrangement") or "together",
        axis=st.session_state.get("axis") or "dates",
        unit=st.session_state.get("unit") or "mm",
        show_error_band=st.session_state.get("band", True),
    )


def show(analysis: Analysis, view: TimelineView) -> None:
    rows = workflow.changes_of(analysis, view)
    focus = rows[rows["period_id"] == view.focus_period_id]
    if len(focus):
        row = focus.iloc[0]
        same = workflow.changes_of_period(analysis, view)
        components.headline(
            wording.headline(row), wording.second_line(same, row), wording.key_figures(row)
        )
    else:
        components.headline(wording.without_change(analysis.visits, view.patient_id), "", ())
    with st.container(key="card"):
        switches(analysis, view)
        figure(analysis, view)
    if len(rows):
        words = tables.regimen_rows(rows, analysis.records.therapies, analysis.settings)
        site = site_text(view.focus_site, view.focus_side)
        components.regimen_table(words, f"Change per regimen, {site}", view.focus_period_id)
        details(analysis, view)
    with st.expander("Table of everything drawn"):
        st.dataframe(drawn_table(workflow.timeline(analysis, view)), hide_index=True)


def switches(analysis: Analysis, view: TimelineView) -> None:
    patient = view.patient_id
    sites = workflow.sites_of(analysis, patient)
    labels = workflow.period_labels(analysis, patient)
    with st.container(horizontal=True, gap="small"):
        if len(sites) > 1:
            st.segmented_control(
                "Site",
                range(len(sites)),
                default=sites.index((view.focus_site, view.focus_side)),
                format_func=lambda n: site_text(*sites[n]),
                key=f"site {patient}",
                label_visibility="collapsed",
                required=True,
            )
        choice("Arrangement", {"together": "Together", "by_site": "By site"}, "arrangement")
        choice("Axis", {"dates": "Dates", "days": "Days from start"}, "axis")
        choice("Unit", {"mm": "mm", "percent": "%"}, "unit")
        st.toggle("Error band", value=True, key="band")
    if labels:
        st.segmented_control(
            "Regimen",
            list(labels),
            default=view.focus_period_id or None,
            format_func=lambda p: labels.get(p, p),
            key=f"period {patient}",
            label_visibility="collapsed",
        )


def choice(label: str, options: dict[str, str], key: str) -> None:
    st.segmented_control(
        label,
        list(options),
        default=next(iter(options)),
        format_func=lambda o: options[o],
        key=key,
        label_visibility="collapsed",
        required=True,
    )


def figure(analysis: Analysis, view: TimelineView) -> None:
    model = workflow.timeline(analysis, view)
    drawn = draw_timeline(model, DARK if state.is_dark() else LIGHT)
    st.plotly_chart(
        drawn,
        key=f"timeline {view.patient_id}",
        theme=None,
        config=SCREEN_CONFIG,
        on_select=lambda: pick_period(view.patient_id),
        selection_mode="points",
        alt=model.alt,
        width="stretch",
    )
    components.note(" ".join(model.notes))


def pick_period(patient: str) -> None:
    """A click on a lane puts its period in focus."""
    points = st.session_state[f"timeline {patient}"]["selection"]["points"]
    chosen = next((p["customdata"][0] for p in points if p.get("customdata")), None)
    if chosen in workflow.period_labels(opened_analysis(), patient):
        st.session_state[f"period {patient}"] = chosen


def opened_analysis() -> Analysis:
    uploads = st.session_state.get("uploads")
    if not uploads:
        return state.opened()[0]
    given = tuple(sorted(state.answers().items()))
    return state.analysis_of(state.open_files(uploads), given, state.settings())


def details(analysis: Analysis, view: TimelineView) -> None:
    with st.expander("Details and sensitivity"):
        st.dataframe(workflow.sensitivity_of(analysis, view), hide_index=True)


render()
