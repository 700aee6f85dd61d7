"""Settings: the measurement error with its source, the windows, and the error of own pairs."""

import dataclasses
import datetime as dt
from collections.abc import Callable

import streamlit as st

from sm_tracker import workflow
from sm_tracker.domain.settings import SETTING_NAMES, Settings
from sm_tracker.errors import TrackerError
from sm_tracker.figures.agreement import draw_agreement
from sm_tracker.figures.screen import SCREEN_CONFIG
from sm_tracker.figures.theme import DARK, LIGHT
from sm_tracker.languages import gettext as _
from sm_tracker.report.wording import repeatability_lines
from sm_tracker.ui import components, reading, shelf, state

ERROR = ("sem_mm", "sem_fraction", "sem_source", "minimal_important_change_mm")


def render() -> None:
    components.title(
        _("Settings"),
        _("Every result names the settings it was computed with. They hold for all of the clinic."),
    )
    current = shelf.settings()
    with st.container(key="card"):
        form(current)
    special_errors(current)
    own_pairs(current)
    components.notice()


def form(current: Settings) -> None:
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
        reason = st.text_input(_("Reason for the change"), placeholder=_("As agreed in the team"))
        if not st.form_submit_button(_("Use these settings"), type="primary"):
            return
    keep(lambda: current.with_texts(given), current, reason)


def keep(make: Callable[[], Settings], current: Settings, reason: str) -> None:
    """Store new settings, or say what stands in the way."""
    try:
        chosen = make()
        shelf.keep_settings(chosen, reason, current)
    except TrackerError as error:
        components.failure(error)
        return
    st.success(_("Kept. Settings {settings_id}.").format(settings_id=chosen.settings_id))


def special_errors(current: Settings) -> None:
    if not current.error_settings:
        return
    components.section(_("Measurement error of single sites and devices"))
    st.dataframe([dataclasses.asdict(e) for e in current.error_settings], hide_index=True)
    if st.button(_("Forget these")):
        plain = dataclasses.replace(current, error_settings=())
        keep(lambda: plain, current, _("errors of single sites and devices withdrawn"))
        st.rerun()


def own_pairs(current: Settings) -> None:
    components.section(
        _("Measurement error from your own repeat visits"),
        _(
            "Give measurements in which the same sites were measured twice within a few days, "
            "with no change expected between: another examiner, the probe placed anew. Readings "
            "repeated without lifting the probe understate the error."
        ),
    )
    uploads = st.file_uploader(_("Measurements of repeat visits"), accept_multiple_files=True)
    days = st.number_input(_("Visits are a pair up to this many days apart"), 1, 60, 14)
    if not uploads:
        return
    result = state.read(state.open_files(uploads), ())
    reading.recognised(result)
    reading.findings(result)
    for one in workflow.repeatability_of(workflow.records_of(result), within_days=days):
        estimate(one, current)


def estimate(found: workflow.Repeatability, current: Settings) -> None:
    name = " · ".join(filter(None, (found.site, found.device))) or _("all pairs")
    with st.container(border=True):
        components.section(name)
        for line in repeatability_lines(found):
            components.note(line)
        figure = draw_agreement(found, DARK if state.is_dark() else LIGHT)
        st.plotly_chart(figure, key=f"pairs {name}", theme=None, config=SCREEN_CONFIG)
        if st.button(_("Use this measurement error"), key=f"use {name}"):
            use(found, current)


def use(found: workflow.Repeatability, current: Settings) -> None:
    proposed = found.proposal(dt.date.today().year)
    kept = tuple(
        e for e in current.error_settings if (e.site, e.device) != (proposed.site, proposed.device)
    )
    new = dataclasses.replace(current, error_settings=(*kept, proposed))
    keep(lambda: new, current, proposed.source)


try:
    render()
except TrackerError as error:
    components.failure(error)
