"""What only the browser knows of the figure: the part of the time dragged out, and its room."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from sm_tracker.figures.timeline.build_timeline import TimelineView
from sm_tracker.ui import state

SCRIPT = Path(__file__).with_suffix(".js")
COMPONENT, PARTS, PHONE = "zoom place", "parts of the time in view", "on a phone"


def zoomed_part(view: TimelineView) -> tuple[object, object] | None:
    """First and last place in view on the axis of this view; None for all of it."""
    kept: dict[str, tuple[object, object]] = st.session_state.get(PARTS, {})
    return kept.get(_axis(view))


def forget_zoom(view: TimelineView) -> None:
    """Show all of the time again."""
    parts = dict(st.session_state.get(PARTS, {}))
    parts.pop(_axis(view), None)
    st.session_state[PARTS] = parts


def on_phone() -> bool:
    """Whether the figure has the room of a phone: as measured, else as the browser is named."""
    return bool(st.session_state.get(PHONE, state.is_phone()))


def watch_zoom(view: TimelineView) -> None:
    """Listen to the figure; put this after it."""
    component = st.components.v2.component(
        "zoom",
        html="<span></span>",
        js=SCRIPT.read_text(encoding="utf-8"),
        isolate_styles=False,
    )

    def keep() -> None:
        told = str(st.session_state[COMPONENT].range or "")
        if "|" in told:
            kept = st.session_state.get(PARTS, {})
            st.session_state[PARTS] = {**kept, _axis(view): _places(view, told)}

    def measured() -> None:
        st.session_state[PHONE] = bool(st.session_state[COMPONENT].phone)

    component(
        data={"phone": on_phone()},
        key=COMPONENT,
        on_range_change=keep,
        on_phone_change=measured,
    )


def _places(view: TimelineView, told: str) -> tuple[object, object]:
    first, last = told.split("|")
    return (first, last) if view.axis == "dates" else (float(first), float(last))


def _axis(view: TimelineView) -> str:
    return f"{view.patient_id} {view.axis} {view.day_zero}"
