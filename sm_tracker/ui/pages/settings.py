"""Settings: the measurement error with its source, the windows, and the error of own pairs."""

import dataclasses
import datetime as dt

import streamlit as st

from sm_tracker import workflow
from sm_tracker.domain.settings import SETTING_NAMES, Settings
from sm_tracker.errors import TrackerError
from sm_tracker.figures.agreement import draw_agreement
from sm_tracker.figures.screen import SCREEN_CONFIG
from sm_tracker.figures.theme import DARK, LIGHT
from sm_tracker.report.wording import repeatability_lines
from sm_tracker.ui import components, state

ERROR = ("sem_mm", "sem_fraction", "sem_source", "minimal_important_change_mm")


def render() -> None:
    st.html(
        '<div class="sm"><h1>Settings</h1><p>Every result names the settings it was computed '
        "with. They apply to this session.</p></div>"
    )
    current = state.settings()
    with st.container(key="card"):
        chosen = form(current)
    if chosen is not None:
        state.keep_settings(chosen)
        st.success(f"Kept. Settings {chosen.settings_id}.")
    special_errors(state.settings())
    own_pairs()
    components.notice()


def form(current: Settings) -> Settings | None:
    fields = {f.name: f for f in dataclasses.fields(Settings)}
    with st.form("settings", border=False):
        given: dict[str, str] = {}
        left, right = st.columns(2)
        for name in SETTING_NAMES:
            unit = fields[name].metadata["unit"]
            label = f"{name} ({unit})" if unit else name
            with left if name in ERROR else right:
                given[name] = st.text_input(
                    label, str(getattr(current, name)), help=fields[name].metadata["help"]
                )
        if not st.form_submit_button("Use these settings", type="primary"):
            return None
    try:
        return current.with_texts(given)
    except TrackerError as error:
        st.error(str(error))
        return None


def special_errors(current: Settings) -> None:
    if not current.error_settings:
        return
    components.section("Measurement error of single sites and devices")
    st.dataframe([dataclasses.asdict(e) for e in current.error_settings], hide_index=True)
    if st.button("Forget these"):
        state.keep_settings(dataclasses.replace(current, error_settings=()))
        st.rerun()


def own_pairs() -> None:
    components.section(
        "Measurement error from your own repeat visits",
        "Give measurements in which the same sites were measured twice within a few days, "
        "with no change expected between: another examiner, the probe placed anew. Readings "
        "repeated without lifting the probe understate the error.",
    )
    uploads = st.file_uploader("Measurements of repeat visits", accept_multiple_files=True)
    days = st.number_input("Visits are a pair up to this many days apart", 1, 60, 14)
    if not uploads:
        return
    result = state.read(state.open_files(uploads), ())
    components.reading_report(result)
    try:
        found = workflow.repeatability_of(workflow.records_of(result), within_days=days)
    except TrackerError as error:
        st.error(str(error))
        return
    for one in found:
        estimate(one)


def estimate(found: workflow.Repeatability) -> None:
    name = " · ".join(filter(None, (found.site, found.device))) or "all pairs"
    with st.container(border=True):
        components.section(name)
        for line in repeatability_lines(found):
            components.note(line)
        figure = draw_agreement(found, DARK if state.is_dark() else LIGHT)
        st.plotly_chart(figure, key=f"pairs {name}", theme=None, config=SCREEN_CONFIG)
        if st.button("Use this measurement error", key=f"use {name}"):
            use(found)


def use(found: workflow.Repeatability) -> None:
    try:
        proposed = found.proposal(dt.date.today().year)
    except TrackerError as error:
        st.error(str(error))
        return
    current = state.settings()
    kept = tuple(
        e for e in current.error_settings if (e.site, e.device) != (proposed.site, proposed.device)
    )
    state.keep_settings(dataclasses.replace(current, error_settings=(*kept, proposed)))
    st.success(f"Kept: {proposed.source}.")


render()
