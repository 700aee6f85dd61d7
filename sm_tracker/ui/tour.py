"""A guided tour of two minutes: a card with one thing at a time, which is outlined on the page."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import streamlit as st

from sm_tracker.languages import gettext as _
from sm_tracker.ui import components

STEP = "tour step"
SCRIPT = Path(__file__).with_suffix(".js")


@dataclass(frozen=True, slots=True)
class TourStop:
    """One thing to look at: the key of its container, a heading and what it says."""

    key: str
    title: str
    text: str


def tour_stops() -> tuple[TourStop, ...]:
    """All stops of the tour, in order."""
    return (*_answer_and_figure(), *_table_and_on())


def _answer_and_figure() -> tuple[TourStop, ...]:
    return (
        TourStop(
            "answer",
            _("The answer first"),
            _(
                "One sentence: which site, under which regimen, one word, from which value to "
                "which, and the limit of what measurement error alone can produce. Beneath it "
                "why, the other sites, and what is missing for more."
            ),
        ),
        TourStop(
            "switches",
            _("One site in focus"),
            _(
                "The chosen site is drawn in ink, the others in grey. Show them together or "
                "each by itself, on dates or on days. More switches are under Display."
            ),
        ),
        TourStop(
            "figure",
            _("The grey band is the limit"),
            _(
                "A value outside it differs from the baseline by more than its error; sentence and "
                "table name the same limit. Gaps of more than a year are not joined, a change of "
                "examiner is marked, and values that could not be measured stay visible."
            ),
        ),
        TourStop(
            "figure",
            _("Choose a period"),
            _(
                "Click a therapy bar, a session or a point. The period lights up in the figure, "
                "the sentence and the table. Drag sideways for a part of the time."
            ),
        ),
    )


def _table_and_on() -> tuple[TourStop, ...]:
    return (
        TourStop(
            "regimen_place",
            _("One word for each regimen"),
            _(
                "It compares all readings before and during where there are three each, else the "
                "last reading before with the last during. Where the two differ, the row says so; "
                "both stand under Details. With few readings the word is often undecided."
            ),
        ),
        TourStop(
            "regimen_place",
            _("Remarks are not small print"),
            _(
                "Another drug at the same time, another examiner, a baseline chosen at its "
                "worst: each could explain part of a change, so each is written beside it."
            ),
        ),
        TourStop(
            "patient_bar",
            _("Now your own patient"),
            _(
                "Open files just to look, or store them under Import. Compare shows all periods "
                "side by side. This patient is synthetic: every value is invented."
            ),
        ),
    )


def start_tour() -> None:
    """Begin at the first stop."""
    st.session_state[STEP] = 0


def close_tour() -> None:
    """Leave the tour."""
    st.session_state.pop(STEP, None)


def _go(step: int) -> None:
    st.session_state[STEP] = step


def show_tour() -> None:
    """The card of the present stop, if the tour is on."""
    step = st.session_state.get(STEP)
    if step is None:
        return
    every = tour_stops()
    stop = every[min(step, len(every) - 1)]
    last = step >= len(every) - 1
    st.html(
        f"<style>.st-key-{stop.key} {{ outline: 2px solid var(--accent); outline-offset: 6px; "
        "border-radius: 4px; scroll-margin: 60px; }</style>"
    )
    _bring_into_view(stop)
    with st.container(key="tour"):
        count = _("Tour, {step} of {all}").format(step=step + 1, all=len(every))
        components.show_subsection(stop.title, stop.text)
        with st.container(horizontal=True, vertical_alignment="center"):
            components.show_note(count)
            st.button(_("Close"), key="tour close", type="tertiary", on_click=close_tour)
            if step:
                st.button(_("Back"), key="tour back", on_click=_go, args=(step - 1,))
            if last:
                st.button(_("Done"), key="tour done", type="primary", on_click=close_tour)
            else:
                st.button(
                    _("Next"), key="tour next", type="primary", on_click=_go, args=(step + 1,)
                )


def _bring_into_view(stop: TourStop) -> None:
    component = st.components.v2.component(
        "tour",
        html="<span></span>",
        js=SCRIPT.read_text(encoding="utf-8"),
        isolate_styles=False,
    )
    block = "center" if stop.key == "figure" else "start"
    component(data={"key": stop.key, "block": block}, key="tour place")
