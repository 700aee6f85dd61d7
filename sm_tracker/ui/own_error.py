"""The clinic's own measurement error: from paired visits, and the scatter of its readings."""

from __future__ import annotations

import dataclasses
import datetime as dt

import streamlit as st

from sm_tracker import ingest
from sm_tracker.analysis.error import repeatability
from sm_tracker.domain.settings import ErrorSetting, Settings
from sm_tracker.errors import TooFewReadings
from sm_tracker.figures.agreement import draw_agreement
from sm_tracker.figures.languages import capital
from sm_tracker.figures.theme import DARK, LIGHT
from sm_tracker.figures.timeline.screen_timeline import SCREEN_CONFIG
from sm_tracker.languages import gettext as _
from sm_tracker.report import error_words
from sm_tracker.report.wording import repeatability_lines
from sm_tracker.ui import components, data_source, import_findings, settings_form, state
from sm_tracker.workflow import analysing, file_import
from sm_tracker.workflow.measurement_error import PhaseScatter, scatter_of


def show_own_error(current: Settings) -> None:
    """Both ways to an own measurement error; nothing is taken over unasked."""
    with st.container(horizontal=True, vertical_alignment="bottom", key="pairs_head"):
        components.show_section(_("Your own measurement error"))
        components.show_explanations(("own_error", "scatter", "error_band"))
    with st.container(key="card_pairs"):
        components.show_subsection(
            _("From paired visits"),
            _(
                "Give measurements in which the same sites were measured twice within a few "
                "days, with no change expected between: another examiner, the probe placed "
                "anew. Readings repeated without lifting the probe understate the error."
            ),
        )
        uploads = st.file_uploader(_("Measurements of repeat visits"), accept_multiple_files=True)
        days = st.number_input(
            _("Most days between the two visits of a pair"), 1, 60, 14, width=330
        )
        if uploads:
            _pairs(state.open_files(uploads), days, current)
        title = _("From the scatter of your own readings")
        with components.drawer(title, "scatter") as opened:
            if opened:
                _scatter(current)


def _pairs(files: tuple[ingest.SourceFile, ...], days: float, current: Settings) -> None:
    result = state.read_with_answers(files, ())
    import_findings.show_recognised(result)
    import_findings.show_findings(result)
    for one in analysing.repeatability_of(file_import.records_of(result), within_days=days):
        _pair_estimate(one, current)


def _pair_estimate(found: repeatability.Repeatability, current: Settings) -> None:
    name = " · ".join(filter(None, (found.site, found.device))) or _("all pairs")
    components.show_section(capital(name))
    for line in repeatability_lines(found):
        components.show_note(line)
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
        _use(found.proposal(_year()), current)


def _scatter(current: Settings) -> None:
    components.show_note(
        _(
            "How far readings of one site lie from a straight line within one phase of therapy. "
            "This includes true fluctuation, so the measurement error itself is smaller: it is "
            "not the SEM of paired visits. It is used only if you choose to."
        ),
    )
    source = data_source.patient_source().source
    if source == "sample":
        components.show_note(
            _("Available with your own records; the patient shown now is an example.")
        )
        return
    try:
        estimates = scatter_of(data_source.analysis_of_all(source))
    except TooFewReadings as error:
        components.show_error(error)
        return
    for one in estimates:
        _scatter_estimate(one, current)


def _scatter_estimate(found: PhaseScatter, current: Settings) -> None:
    name = " · ".join(filter(None, (found.site, found.device))) or _("all sites and devices")
    components.show_section(capital(name))
    for line in error_words.scatter_lines(found):
        components.show_note(line)
    if st.button(_("Use this scatter as measurement error"), key=f"use scatter {name}"):
        _use(found.as_error(error_words.scatter_source(found, _year())), current)


def _use(own: ErrorSetting, current: Settings) -> None:
    """Take an estimate over in the place of what held for the same site and device."""
    others = (e for e in current.error_settings if (e.site, e.device) != (own.site, own.device))
    new = dataclasses.replace(current, error_settings=(*others, own))
    settings_form.store_settings(new, current, own.source)


def _year() -> int:
    return dt.date.today().year
