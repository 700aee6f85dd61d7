"""What the measurement error in force can find, on Settings and Methods."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from sm_tracker.domain.settings import Settings
from sm_tracker.languages import gettext as _
from sm_tracker.report import error_words
from sm_tracker.ui import components
from sm_tracker.workflow.measurement_error import errors_in_force, what_is_found

SETTINGS_PAGE = Path(__file__).parent / "pages" / "settings.py"


def show_detection(current: Settings) -> None:
    """False results and changes found, with the error in force and with the default beside it."""
    with st.container(horizontal=True, vertical_alignment="bottom", key="found_head"):
        components.show_section(_("What this error can find"))
        components.show_explanations(("detection",))
    errors = errors_in_force(current)
    with st.container(key="card_found"):
        chosen = errors[0]
        if len(errors) > 1:
            chosen = st.selectbox(
                _("Measurement error for"),
                errors,
                format_func=error_words.error_name,
                key="error in view",
                width=330,
            )
        (default,) = errors_in_force(Settings())
        is_default = (chosen.sem_mm, chosen.sem_fraction) == (default.sem_mm, default.sem_fraction)
        shown = {_("In force, the default"): chosen} if is_default else {_("In force"): chosen}
        if not is_default:
            shown[_("Default")] = default
        with st.spinner(_("Simulating courses …")):
            found = [what_is_found(current, error) for error in shown.values()]
        components.show_line(error_words.found_sentence(found[0], chosen))
        for column, (title, error), shares in zip(
            st.columns(len(shown), gap="large"), shown.items(), found, strict=True
        ):
            with column:
                size = error_words.error_size(error)
                heads, rows = error_words.found_heads(shares), error_words.found_rows(shares)
                components.show_table(heads, rows, f"{title}: {size}")
        components.show_note(error_words.found_note())


def show_hidden_answers(hidden: int, comparisons: int) -> None:
    """One line where the default error hides answers, with the way to an own error."""
    sentence = error_words.hidden_sentence(hidden, comparisons)
    if not sentence:
        return
    with st.container(horizontal=True, vertical_alignment="center", key="hidden_answers"):
        components.show_note(sentence)
        label = _("Your own measurement error")
        st.page_link(SETTINGS_PAGE, label=label, icon=":material/arrow_forward:")
