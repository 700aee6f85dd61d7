"""What of a patient is shown and how: the choices of a session as a view of the figure.

Site and period are kept for each patient; the rest also stands in the address, since it
says nothing about a patient.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import Literal, TypeVar

import streamlit as st

from sm_tracker import languages
from sm_tracker.domain.series_key import SeriesKey, series_codes
from sm_tracker.figures.timeline.build_timeline import TimelineView
from sm_tracker.languages import gettext as _
from sm_tracker.workflow import drawing
from sm_tracker.workflow.analysing import Analysis

MANY_SITES = 5
T = TypeVar("T", bound=str)
Order = Literal["newest", "change"]


def chosen_series(
    known: tuple[SeriesKey, ...], patient: str, usual: SeriesKey | None = None
) -> SeriesKey | None:
    """The series chosen for this patient, or the usual, or the first; None where there is none.

    A choice kept from a time when its site had one series only stands for the first of them.
    """
    chosen = str(st.session_state.get(_site_key(patient), ""))
    codes = series_codes(known, "|")
    fitting = [key for code, key in codes.items() if code == chosen]
    fitting += [key for key in known if chosen and "|".join(key[:2]) == chosen]
    fitting += [key for key in known if key == usual]
    return next(iter([*fitting, *known]), None)


def outcome_in_focus(analysis: Analysis, patient: str) -> str:
    """The outcome chosen for this patient, or the first one where no skin was read."""
    chosen = str(st.session_state.get(_site_key(patient), ""))
    known = {_outcome_code(name): name for name in drawing.outcomes_of(analysis, patient)}
    usual = drawing.starting_view(analysis, patient).focus_outcome
    return known.get(chosen, usual)


def focus_name(analysis: Analysis, view: TimelineView) -> str:
    """The series or outcome in focus, as a heading writes it."""
    code = focus_code(analysis, view)
    return _names(analysis, view.patient_id).get(code) or _("No site")


def focus_code(analysis: Analysis, view: TimelineView) -> str:
    """The series or outcome in focus as it is kept between sessions; blank without one."""
    if view.focus_outcome:
        return _outcome_code(view.focus_outcome)
    codes = series_codes(drawing.series_of(analysis, view.patient_id), "|")
    return next((code for code, series in codes.items() if series == view.focus), "")


def choose_site(analysis: Analysis, view: TimelineView) -> None:
    """A control for the series, called site, or outcome in focus; a list where there are many."""
    names = _names(analysis, view.patient_id)
    if len(names) < 2:
        return
    key = _site_key(view.patient_id)
    if st.session_state.get(key) not in names:
        st.session_state.pop(key, None)  # another spelling of the same choice
    _choice_of(_("Site"), names, focus_code(analysis, view), key)


def one_site(analysis: Analysis, patient: str) -> tuple[SeriesKey | None, str]:
    """A control for a single series or outcome; neither for all series side by side.

    Returns
    -------
    series : SeriesKey or None
    outcome : str
        Blank where the skin is shown.
    """
    codes = series_codes(drawing.series_of(analysis, patient), "|")
    outcomes = drawing.outcomes_of(analysis, patient)
    names = _names(analysis, patient)
    if len(codes) > 1:
        names = {"": _("All sites")} | names
    if not names:
        return None, ""
    chosen = next(iter(names))
    if len(names) > 1:
        chosen = _choice_of(_("Sites"), names, chosen, f"only site {patient}") or chosen
    outcome = {_outcome_code(name): name for name in outcomes}.get(chosen, "")
    return codes.get(chosen), outcome


def _names(analysis: Analysis, patient: str) -> dict[str, str]:
    """Series and outcomes of a patient by the code under which they are chosen."""
    series = drawing.names_of_series(analysis, patient)
    names = {code: series[key] for code, key in series_codes(series, "|").items()}
    outcomes = drawing.outcomes_of(analysis, patient)
    return names | {_outcome_code(name): text for name, text in outcomes.items()}


def _choice_of(label: str, names: Mapping[str, str], current: str, key: str) -> str:
    """One of the codes, by its name."""
    codes = list(names)
    if len(codes) > MANY_SITES:
        chosen = st.selectbox(
            label,
            codes,
            index=codes.index(current),
            format_func=lambda code: names[code],
            key=key,
            label_visibility="collapsed",
            persist_state="session",
            width=250,
        )
    else:
        chosen = st.segmented_control(
            label,
            codes,
            default=current,
            required=True,
            format_func=lambda code: names[code],
            key=key,
            label_visibility="collapsed",
            persist_state="session",
        )
    return str(chosen or "")


def _outcome_code(outcome: str) -> str:
    return f"={outcome}"


def _site_key(patient: str) -> str:
    return f"site {patient}"


def period_in_focus(analysis: Analysis, patient: str) -> str:
    """The period chosen for this patient, or the one that started last."""
    return _period(analysis, drawing.starting_view(analysis, patient))


def _period(analysis: Analysis, start: TimelineView) -> str:
    known = drawing.period_labels(analysis, start.patient_id)
    wanted = (st.session_state.get(f"period {start.patient_id}"), start.focus_period_id)
    return next((str(period) for period in wanted if period in known), "")


def focus_period(analysis: Analysis, patient: str, period_id: str) -> None:
    """Bring a period into focus; anything else is left as it is."""
    if period_id in drawing.period_labels(analysis, patient):
        st.session_state[f"period {patient}"] = period_id


def in_focus(analysis: Analysis, patient: str, remark: str) -> TimelineView:
    """The view of a patient with site or outcome and period in focus, otherwise as it opens."""
    start = drawing.starting_view(analysis, patient)
    return dataclasses.replace(
        start,
        focus=chosen_series(drawing.series_of(analysis, patient), patient, start.focus),
        focus_outcome=outcome_in_focus(analysis, patient),
        focus_period_id=_period(analysis, start),
        remark=remark,
        language=languages.current(),
    )


def address_choice(label: str, options: Mapping[T, str], key: str) -> T:
    """One of a few options, the first at the start; kept in the address under `key`.

    It is kept by its code and for the session: another language, a reload, another page and the
    way back leave it as it was. A control bound to the address by Streamlit would be named there
    by its words, and be gone after another page.
    """
    first, kept = next(iter(options)), f"{key} kept"
    named = (st.query_params.get(key), st.session_state.get(kept))
    current = next((o for o in options if o in named[:1]), None)
    current = current or next((o for o in options if o == named[1]), first)
    st.session_state[key] = st.session_state[kept] = current
    _name_in_address(key, current, first)

    def keep() -> None:
        chosen = st.session_state.get(key) or first
        st.session_state[kept] = chosen
        _name_in_address(key, chosen, first)

    st.segmented_control(
        label,
        list(options),
        format_func=lambda option: options[option],
        key=key,
        label_visibility="collapsed",
        required=True,
        on_change=keep,
    )
    return current


def choose_in_advance(key: str, code: str) -> None:
    """Make what :func:`address_choice` shows next, on this page or on another one."""
    st.session_state[f"{key} kept"] = code


def _name_in_address(key: str, code: str, usual: str) -> None:
    """Let the address name a choice that is not the usual one."""
    if code == usual:
        st.query_params.pop(key, None)
    elif st.query_params.get(key) != code:
        st.query_params[key] = code


def subset_choice(label: str, options: Mapping[str, str], key: str) -> tuple[str, ...]:
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
