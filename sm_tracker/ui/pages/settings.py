"""Settings: measurement error with its source, which readings count, history, own repeat pairs."""

import dataclasses
import datetime as dt
from collections.abc import Callable

import streamlit as st

from sm_tracker import workflow
from sm_tracker.domain.settings import Settings
from sm_tracker.errors import TrackerError
from sm_tracker.figures.agreement import draw_agreement
from sm_tracker.figures.screen import SCREEN_CONFIG
from sm_tracker.figures.theme import DARK, LIGHT
from sm_tracker.languages import gettext as _
from sm_tracker.report.settings_words import what_changed
from sm_tracker.report.wording import repeatability_lines
from sm_tracker.ui import components, reading, settings_form, shelf, state
from sm_tracker.workflow import storing

KEPT = "settings kept"


def render() -> None:
    current = shelf.settings()
    components.title(
        _("Settings"),
        _(
            "They hold for all of the clinic, and every result names the set it was computed "
            "with. Now in use: {settings_id}."
        ).format(settings_id=current.settings_id),
    )
    kept = st.session_state.pop(KEPT, "")
    if kept:
        st.success(kept)
    with st.container(key="card"):
        try:
            sent = settings_form.form(current)
        except TrackerError as error:
            components.failure(error)
            sent = None
    if sent is not None:
        new, reason = sent
        keep(lambda: new, current, reason)
    own_pairs(current)
    history()
    components.notice()


def keep(make: Callable[[], Settings], current: Settings, reason: str) -> None:
    """Store new settings, or say what stands in the way."""
    try:
        chosen = make()
        shelf.keep_settings(chosen, reason, current)
    except TrackerError as error:
        components.failure(error)
        return
    st.session_state[KEPT] = _("Kept. Settings {settings_id}.").format(
        settings_id=chosen.settings_id
    )
    st.rerun()


def history() -> None:
    components.section(_("History"), _("Earlier settings stay on record with their results."))
    versions = shelf.records().settings_history() if storing.store_exists() else ()
    if not versions:
        components.note(_("The settings have not been changed."))
        return
    before, rows = Settings(), []
    for version in versions:
        changed = "; ".join(what_changed(before, version.settings)) or _("the same again")
        moment = version.at[:16].replace("T", " ")
        rows.append((moment, version.user, changed, version.settings.settings_id))
        before = version.settings
    heads = (_("When (UTC)"), _("Who"), _("What changed"), _("Settings"))
    components.table(heads, reversed(rows))


def own_pairs(current: Settings) -> None:
    with st.container(horizontal=True, vertical_alignment="bottom", key="pairs_head"):
        components.section(_("Your own measurement error"))
        components.explained(("own_error", "error_band"))
    with st.container(key="card_pairs"):
        components.note(
            _(
                "Give measurements in which the same sites were measured twice within a few "
                "days, with no change expected between: another examiner, the probe placed "
                "anew. Readings repeated without lifting the probe understate the error."
            )
        )
        uploads = st.file_uploader(_("Measurements of repeat visits"), accept_multiple_files=True)
        days = st.number_input(
            _("Visits are a pair up to this many days apart"), 1, 60, 14, width=330
        )
        if uploads:
            found_pairs(state.open_files(uploads), days, current)


def found_pairs(files: tuple[workflow.SourceFile, ...], days: float, current: Settings) -> None:
    result = state.read(files, ())
    reading.recognised(result)
    reading.findings(result)
    for one in workflow.repeatability_of(workflow.records_of(result), within_days=days):
        estimate(one, current)


def estimate(found: workflow.Repeatability, current: Settings) -> None:
    name = " · ".join(filter(None, (found.site, found.device))) or _("all pairs")
    components.section(name)
    for line in repeatability_lines(found):
        components.note(line)
    figure = draw_agreement(found, DARK if state.is_dark() else LIGHT)
    st.plotly_chart(
        figure,
        key=f"pairs {name}",
        theme=None,
        config=SCREEN_CONFIG,
        alt=_("Differences of {n} pairs against their mean: {name}.").format(
            n=found.n_pairs, name=name
        ),
    )
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
