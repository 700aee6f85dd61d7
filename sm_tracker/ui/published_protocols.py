"""Published protocols of immunoglobulins, beside a group of one's own."""

from __future__ import annotations

import streamlit as st

from sm_tracker.languages import gettext as _
from sm_tracker.ui import components
from sm_tracker.workflow import cohort as cohorts


def show_protocols() -> None:
    """What others published on immunoglobulins, filterable beside the group."""
    table = cohorts.protocols()
    with st.expander(_("Published protocols of IVIG in scleromyxedema")):
        chosen = st.pills(
            _("Protocol"),
            sorted(table["protocol"].unique()),
            key="cohort protocols",
            label_visibility="collapsed",
        )
        shown = table[table["protocol"] == chosen] if chosen else table
        heads = (
            _("Reference"),
            _("Patients"),
            _("Background"),
            _("Dose, g/kg"),
            _("Schedule"),
            _("Given with"),
            _("Reported response"),
        )
        columns = [
            "reference", "n_patients", "clinical_background", "dose_g_per_kg", "schedule",
            "combination_therapy", "response",
        ]  # fmt: skip
        components.show_table(
            heads, (tuple(map(str, r)) for r in shown[columns].itertuples(index=False))
        )
        components.show_note(
            _(
                "Case reports and series as tabulated in the published index case; none states a "
                "thickness, and reports of improvement are published more readily than others."
            )
        )
