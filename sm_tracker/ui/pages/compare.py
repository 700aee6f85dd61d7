"""Compare: all periods of a patient side by side, change against the error band."""

import pandas as pd
import streamlit as st

from sm_tracker import languages
from sm_tracker.analysis.change.answers import SLIGHTLY
from sm_tracker.errors import TrackerError
from sm_tracker.figures.comparison.comparison_model import ComparisonModel, ComparisonView
from sm_tracker.figures.comparison.screen_comparison import draw_comparison
from sm_tracker.figures.page.values import Unit
from sm_tracker.figures.theme import DARK, LIGHT
from sm_tracker.figures.timeline.screen_timeline import SCREEN_CONFIG
from sm_tracker.languages import gettext as _
from sm_tracker.report import concordance_words
from sm_tracker.report.comparison import comparison_words
from sm_tracker.report.explanations import Term
from sm_tracker.ui import (
    comparison_table,
    components,
    memory,
    patient,
    regimen_table,
    state,
    views,
)
from sm_tracker.workflow import drawing
from sm_tracker.workflow.analysing import Analysis

TABLE, LEAVE = "comparison", "to the timeline"
TERMS: tuple[Term, ...] = ("change", "error_band", "mean", "verdict", "over_sites")


def render() -> None:
    analysis, code, known = patient.patient_bar()
    focus = views.in_focus(analysis, code, "")
    own = analysis.changes[analysis.changes["patient_id"] == code]
    head = st.container()
    remark = _("Synthetic data.") if known.source == "sample" else ""
    with st.container(key="card"):
        view = _switches(analysis, code, remark)
        with head:
            components.show_title(*comparison_words(own, analysis.settings, view.outcome))
        model = drawing.period_comparison(analysis, view)
        _key_line(model)
        _picture(analysis, code, model)
        components.show_note(" ".join([*model.notes, model.abbreviations]))
    with st.container(horizontal=True, vertical_alignment="bottom", key="regimen_head"):
        components.show_section(_("As a table"), _("Choose a period to see it on the Timeline."))
        components.show_explanations(TERMS)
    _table(analysis, code, model, focus.focus_period_id)
    _beside_outcomes(own, analysis.settings.improvement)
    memory.keep_view(known, analysis, focus)
    components.show_intended_use(patient.sample_remark(known))


def _switches(analysis: Analysis, code: str, remark: str) -> ComparisonView:
    with st.container(horizontal=True, vertical_alignment="center", key="switches"):
        site, outcome = views.one_site(analysis, code)
        unit_name = drawing.unit_of_outcome(analysis, code, outcome) or _("Values")
        units: dict[Unit, str] = {"mm": unit_name, "percent": _("Per cent")}
        unit = views.address_choice(_("Unit"), units, "change_in")
        orders: dict[views.Order, str] = {"newest": _("Newest first"), "change": _("By change")}
        order = views.address_choice(_("Order"), orders, "order")
        with st.container(key="display_place"), st.popover(_("Display"), type="tertiary"):
            combinations = st.toggle(
                _("Combinations as rows"), key="combinations", bind="query-params"
            )
            untreated = st.toggle(
                _("Time without therapy as rows"), key="untreated", bind="query-params"
            )
    return ComparisonView(
        patient_id=code,
        unit=unit,
        order=order,
        combinations=combinations,
        untreated=untreated,
        shown=None if site is None else (site,),
        outcome=outcome,
        remark=remark,
        language=languages.current(),
    )


def _key_line(model: ComparisonModel) -> None:
    if not model.rows:
        return
    components.show_key_line((_key_class(sign), words) for sign, words in model.key)


def _key_class(sign: str) -> str:
    """Class of the mark of a sign in the key of the figure."""
    if sign in ("band", "mean"):
        return f"key-{sign}"
    if sign == "neither":
        return "g g-within_error within"
    return f"g g-{sign} {sign.removeprefix(SLIGHTLY)}"


def _picture(analysis: Analysis, code: str, model: ComparisonModel) -> None:
    key = f"comparison {code}"

    def pick() -> None:
        points = st.session_state[key]["selection"]["points"]
        chosen = [p["customdata"][0] for p in points if p.get("customdata")]
        _leave_for(analysis, code, next(iter(chosen), ""))

    with st.container(key="comparison_figure"):
        st.plotly_chart(
            draw_comparison(model, DARK if state.is_dark() else LIGHT),
            key=key,
            theme=None,
            config=SCREEN_CONFIG,
            on_select=pick,
            selection_mode="points",
            alt=model.alt,
            width="stretch",
        )


def _table(analysis: Analysis, code: str, model: ComparisonModel, focus: str) -> None:
    periods = analysis.changes[analysis.changes["patient_id"] == code]
    regimens = dict(zip(periods["period_id"], periods["regimen"], strict=True))

    def choose() -> None:
        _leave_for(analysis, code, regimen_table.chosen_period(TABLE))

    regimen_table.place_table(
        comparison_table.comparison_table_html(model, regimens, focus), TABLE, choose
    )


def _beside_outcomes(changes: pd.DataFrame, improvement: str) -> None:
    """Second outcomes beside the skin thickness, period by period."""
    rows = concordance_words.concordance_period_rows(changes, improvement)
    if not rows:
        return
    with st.container(horizontal=True, vertical_alignment="bottom", key="concordance_head"):
        components.show_section(
            _("Skin thickness and second outcomes"),
            " ".join(concordance_words.period_sentences(changes)),
        )
        components.show_explanations(("concordance",))
    components.show_table(concordance_words.period_heads(), rows)


def _leave_for(analysis: Analysis, code: str, period_id: str) -> None:
    if period_id in drawing.period_labels(analysis, code):
        views.focus_period(analysis, code, period_id)
        st.session_state[LEAVE] = True


try:
    if st.session_state.pop(LEAVE, False):
        st.switch_page("sm_tracker/ui/pages/timeline.py")
    render()
except TrackerError as error:
    components.show_error(error)
