"""What of a patient is shown and how: the choices of a session as a view of the figure.

Site and period are kept for each patient; the rest also stands in the address, since it
says nothing about a patient.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Literal, TypeVar

import streamlit as st

from sm_tracker import languages, workflow
from sm_tracker.domain.series_key import SeriesKey, series_codes
from sm_tracker.languages import gettext as _
from sm_tracker.workflow import Analysis, TimelineView

MANY_SITES = 5
Names = Mapping[SeriesKey, str]
T = TypeVar("T", bound=str)
Order = Literal["newest", "change"]


def series_in_focus(known: tuple[SeriesKey, ...], patient: str) -> SeriesKey | None:
    """The series chosen for this patient, or the first; None where there is none.

    A choice kept from a time when its site had one series only stands for the first of them.
    """
    chosen = str(st.session_state.get(_site_key(patient), ""))
    codes = series_codes(known, "|")
    fitting = [key for code, key in codes.items() if code == chosen]
    fitting += [key for key in known if chosen and "|".join(key[:2]) == chosen]
    return next(iter([*fitting, *known]), None)


def choose_site(names: Names, patient: str) -> None:
    """A control for the series in focus, called site; a list where there are many."""
    if len(names) < 2:
        return
    codes = series_codes(names, "|")
    options, key = list(codes), _site_key(patient)
    focus = series_in_focus(tuple(names), patient)
    current = next(code for code, series in codes.items() if series == focus)
    if st.session_state.get(key) not in codes:
        st.session_state.pop(key, None)  # another spelling of the same choice
    if len(options) > MANY_SITES:
        st.selectbox(
            _("Site"),
            options,
            index=options.index(current),
            format_func=lambda code: names[codes[code]],
            key=key,
            label_visibility="collapsed",
            persist_state="session",
            width=250,
        )
    else:
        st.segmented_control(
            _("Site"),
            options,
            default=current,
            required=True,
            format_func=lambda code: names[codes[code]],
            key=key,
            label_visibility="collapsed",
            persist_state="session",
        )


def one_site(names: Names, patient: str) -> SeriesKey | None:
    """A control for a single series, or None for all of them side by side."""
    if len(names) < 2:
        return None
    codes = series_codes(names, "|")
    words = {"": _("All sites")} | {code: names[series] for code, series in codes.items()}
    key = f"only site {patient}"
    if len(codes) > MANY_SITES:
        chosen = st.selectbox(
            _("Sites"),
            list(words),
            format_func=lambda code: words[code],
            key=key,
            label_visibility="collapsed",
            persist_state="session",
            width=250,
        )
    else:
        chosen = st.segmented_control(
            _("Sites"),
            list(words),
            default="",
            required=True,
            format_func=lambda code: words[code],
            key=key,
            label_visibility="collapsed",
            persist_state="session",
        )
    return codes.get(str(chosen or ""))


def site_code(analysis: Analysis, view: TimelineView) -> str:
    """The series in focus as it is kept between sessions."""
    codes = series_codes(workflow.series_of(analysis, view.patient_id), "|")
    return next((code for code, series in codes.items() if series == view.focus), "")


def _site_key(patient: str) -> str:
    return f"site {patient}"


def period_in_focus(analysis: Analysis, patient: str) -> str:
    """The period chosen for this patient, or the one that started last."""
    return _period(analysis, workflow.starting_view(analysis, patient))


def _period(analysis: Analysis, start: TimelineView) -> str:
    known = workflow.period_labels(analysis, start.patient_id)
    wanted = (st.session_state.get(f"period {start.patient_id}"), start.focus_period_id)
    return next((str(period) for period in wanted if period in known), "")


def focus_period(analysis: Analysis, patient: str, period_id: str) -> None:
    """Bring a period into focus; anything else is left as it is."""
    if period_id in workflow.period_labels(analysis, patient):
        st.session_state[f"period {patient}"] = period_id


def in_focus(analysis: Analysis, patient: str, remark: str) -> TimelineView:
    """The view of a patient with site and period in focus, otherwise as it opens."""
    start = workflow.starting_view(analysis, patient)
    return dataclasses.replace(
        start,
        focus=series_in_focus(workflow.series_of(analysis, patient), patient),
        focus_period_id=_period(analysis, start),
        remark=remark,
        language=languages.current(),
    )


def choice(label: str, options: Mapping[T, str], key: str) -> T:
    """One of a few options, the first at the start; kept in the address under `key`."""
    chosen = st.segmented_control(
        label,
        list(options),
        default=next(iter(options)),
        format_func=lambda option: options[option],
        key=key,
        label_visibility="collapsed",
        required=True,
        bind="query-params",
    )
    return chosen or next(iter(options))


def subset(label: str, options: dict[str, str], key: str) -> tuple[str, ...]:
    """Some of the options, all of them at the start; not in the address."""
    chosen = st.pills(
        label,
        list(options),
        default=list(options),
        format_func=lambda option: options[option],
        key=key,
        selection_mode="multi",
        persist_state="session",
    )
    return tuple(chosen)
