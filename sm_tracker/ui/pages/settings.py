"""Settings: measurement error and what it can find, which readings count, history."""

import streamlit as st

from sm_tracker.domain.settings import Settings
from sm_tracker.errors import TrackerError
from sm_tracker.figures.languages import listed
from sm_tracker.languages import gettext as _
from sm_tracker.report.record_words import moment_text
from sm_tracker.report.settings_words import what_changed
from sm_tracker.ui import components, data_source, detection, own_error, settings_form
from sm_tracker.workflow import storing


def render() -> None:
    current = data_source.settings_in_force()
    components.show_title(
        _("Settings"),
        _(
            "They hold for all of the clinic, and every result names the set it was computed "
            "with. Now in use: {settings_id}."
        ).format(settings_id=current.settings_id),
    )
    settings_form.say_kept()
    with st.container(key="card"):
        try:
            sent = settings_form.show_settings_form(current)
        except TrackerError as error:
            components.show_error(error)
            sent = None
    if sent is not None:
        settings_form.store_settings(sent[0], current, sent[1])
    found = st.container()
    own_error.show_own_error(current)
    _history()
    with found:
        # Last, because it may take a second: the page is there meanwhile.
        detection.show_detection(current)
    components.show_intended_use()


def _history() -> None:
    components.show_section(_("History"), _("Earlier settings stay on record with their results."))
    versions = data_source.acting_store().settings_history() if storing.store_exists() else ()
    if not versions:
        components.show_note(_("The settings have not been changed."))
        return
    before, rows = Settings(), []
    for version in versions:
        changed = listed(what_changed(before, version.settings)) or _("the same again")
        rows.append((moment_text(version.at), version.user, changed, version.settings.settings_id))
        before = version.settings
    heads = (_("When"), _("Who"), _("What changed"), _("Settings"))
    components.show_table(heads, reversed(rows))


try:
    render()
except TrackerError as error:
    components.show_error(error)
