"""What a figure for print shows, chosen in words: sites, periods and regimens by name."""

from __future__ import annotations

import dataclasses
import datetime as dt
from dataclasses import dataclass
from typing import Literal

import pandas as pd

from sm_tracker.domain.regimens import abbreviate
from sm_tracker.domain.series_key import SeriesKey, series_codes
from sm_tracker.errors import SettingError
from sm_tracker.figures.comparison.comparison_model import ComparisonModel, ComparisonView
from sm_tracker.figures.timeline.build_timeline import TimelineModel, TimelineView
from sm_tracker.languages import Language, Message
from sm_tracker.workflow.analysing import Analysis
from sm_tracker.workflow.drawing import (
    outcomes_of,
    period_comparison,
    period_labels,
    regimens_of,
    series_of,
    starting_view,
    timeline,
)

Order = Literal["newest", "oldest", "change"]
NO_PERIOD = "none"


@dataclass(frozen=True, slots=True, kw_only=True)
class FigureChoices:
    """What a figure shows, as a person writes it.

    Attributes
    ----------
    comparison : bool
        All periods side by side instead of the timeline.
    by_site, percent, error_band : bool
    relative_days : bool
        Days instead of dates.
    day_zero : str
        A period by its id or label (``HC (2)``), an ISO date, or a day number where the
        records have day numbers; blank is the first reading. Anything but blank means
        relative days.
    sites : tuple of str
        ``forearm`` or ``forearm:right``, or more where a site has several series:
        ``forearm:right:dermis:DUB:22``; empty shows all.
    focus : str
        The site in focus, written so, or an outcome by its name; blank takes the first of
        `sites`, else the one measured most often.
    period : str
        The period in focus by id or label, or ``none``; blank takes the one started last.
    outcomes : tuple of str or None
        None shows all.
    hidden : tuple of str
        Regimens without a lane, by name or abbreviation.
    events : bool
        Whether events have a lane.
    from_zero : bool
        Whether axes of values begin at zero.
    order, combinations, untreated
        Of the comparison.
    remark : str
        Closes the notes.
    language : {"en", "de", "fr"}
    """

    comparison: bool = False
    by_site: bool = False
    percent: bool = False
    error_band: bool = True
    relative_days: bool = False
    day_zero: str = ""
    sites: tuple[str, ...] = ()
    focus: str = ""
    period: str = ""
    outcomes: tuple[str, ...] | None = None
    hidden: tuple[str, ...] = ()
    events: bool = True
    from_zero: bool = False
    order: Order = "newest"
    combinations: bool = False
    untreated: bool = False
    remark: str = ""
    language: Language = "en"


def figure_model(
    analysis: Analysis, patient_id: str, choices: FigureChoices
) -> TimelineModel | ComparisonModel:
    """The figure of one patient that the choices describe, for any renderer.

    Raises
    ------
    SettingError
        If a site, period, regimen or outcome is not there; the message names those that are.
    """
    if choices.comparison:
        return period_comparison(analysis, comparison_view(analysis, patient_id, choices))
    return timeline(analysis, timeline_view(analysis, patient_id, choices))


def timeline_view(analysis: Analysis, patient_id: str, choices: FigureChoices) -> TimelineView:
    """The view of the timeline that the choices describe; raises SettingError as above."""
    outcome, choices = _outcome_in_focus(analysis, patient_id, choices)
    shown, focus = _sites(analysis, patient_id, choices)
    zero = _day_zero(analysis, patient_id, choices)
    view = starting_view(analysis, patient_id)
    return dataclasses.replace(
        view,
        focus=focus or view.focus,
        focus_outcome=outcome or view.focus_outcome,
        focus_period_id=_focus_period(analysis, patient_id, choices, view.focus_period_id),
        axis="days" if choices.relative_days or choices.day_zero else "dates",
        day_zero=zero,
        unit="percent" if choices.percent else "mm",
        arrangement="by_site" if choices.by_site else "together",
        shown=shown,
        outcomes=_outcomes(analysis, patient_id, choices),
        show_error_band=choices.error_band,
        hidden_regimens=_hidden(analysis, patient_id, choices),
        show_events=choices.events,
        from_zero=choices.from_zero,
        remark=choices.remark,
        language=choices.language,
    )


def comparison_view(analysis: Analysis, patient_id: str, choices: FigureChoices) -> ComparisonView:
    """The view of the comparison that the choices describe; raises SettingError as above."""
    outcome, choices = _outcome_in_focus(analysis, patient_id, choices)
    shown, focus = _sites(analysis, patient_id, choices)
    usual = starting_view(analysis, patient_id).focus_outcome
    return ComparisonView(
        patient_id=patient_id,
        outcome=outcome or usual,
        focus=focus,
        unit="percent" if choices.percent else "mm",
        order=choices.order,
        combinations=choices.combinations,
        untreated=choices.untreated,
        axis="days" if choices.relative_days or choices.day_zero else "dates",
        day_zero=_day_zero(analysis, patient_id, choices),
        shown=shown,
        remark=choices.remark,
        language=choices.language,
    )


def _outcome_in_focus(
    analysis: Analysis, patient_id: str, choices: FigureChoices
) -> tuple[str, FigureChoices]:
    """The outcome named as the focus, and the choices without it; blank for a site.

    Where no skin was read, the first outcome that is chosen is the one in focus.
    """
    known = {name.casefold(): name for name in outcomes_of(analysis, patient_id)}
    known |= {name.casefold(): key for key, name in outcomes_of(analysis, patient_id).items()}
    sites = {key.site.casefold() for key in series_of(analysis, patient_id)}
    text = choices.focus.casefold()
    if text in known and text not in sites:
        return known[text], dataclasses.replace(choices, focus="")
    if sites or not choices.outcomes:
        return "", choices
    return known.get(choices.outcomes[0].casefold(), ""), choices


def _sites(
    analysis: Analysis, patient_id: str, choices: FigureChoices
) -> tuple[tuple[SeriesKey, ...] | None, SeriesKey | None]:
    """Series shown (None for all) and the one in focus (None for the usual one)."""
    known = series_of(analysis, patient_id)
    chosen = [key for text in choices.sites for key in _named_series(text, known)]
    focus = _named_series(choices.focus, known)[0] if choices.focus else None
    if chosen and focus is None:
        focus = chosen[0]
    if focus is not None and chosen and focus not in chosen:
        chosen.insert(0, focus)
    return (tuple(dict.fromkeys(chosen)) or None), focus


def _named_series(text: str, known: tuple[SeriesKey, ...]) -> list[SeriesKey]:
    parts = [part.strip().casefold() for part in text.split(":")]
    found = [key for key in known if [t.casefold() for t in key.texts()[: len(parts)]] == parts]
    if not found:
        written = [code.rstrip(":") for code in series_codes(known, ":")]
        raise _unknown("site", text, written)
    return found


def _period_id(
    analysis: Analysis, patient_id: str, text: str, option: str, *, or_else: Message | None = None
) -> str:
    labels = period_labels(analysis, patient_id)
    if text in labels:
        return text
    found = [key for key, label in labels.items() if label.casefold() == text.casefold()]
    if len(found) != 1:
        raise _unknown(option, text, list(labels.values()), or_else)
    return found[0]


def _focus_period(analysis: Analysis, patient_id: str, choices: FigureChoices, usual: str) -> str:
    if not choices.period:
        return usual
    if choices.period.casefold() == NO_PERIOD:
        return ""
    return _period_id(analysis, patient_id, choices.period, "period")


def _day_zero(analysis: Analysis, patient_id: str, choices: FigureChoices) -> float | str | None:
    text = choices.day_zero.strip()
    if not text:
        return None
    measured = analysis.records.measurements
    dated = bool(measured.loc[measured["patient_id"] == patient_id, "date"].notna().any())
    try:
        day = dt.date.fromisoformat(text)
    except ValueError:
        if text.lstrip("-").isdigit() and not dated:
            return float(text)
        other = Message("give a date such as 2024-03-01") if dated else Message("give a day number")
        return _period_id(analysis, patient_id, text, "day zero", or_else=other)
    if not dated:
        raise SettingError(
            "Day zero is a date, but the records have day numbers",
            where="day zero",
            why="the origin of the day numbers is not known",
            fix="give a day number, or a period by its id or label",
        )
    return float((pd.Timestamp(day) - pd.Timestamp("1970-01-01")).days)


def _outcomes(
    analysis: Analysis, patient_id: str, choices: FigureChoices
) -> tuple[str, ...] | None:
    if choices.outcomes is None:
        return None
    known = list(outcomes_of(analysis, patient_id))
    for name in choices.outcomes:
        if name not in known:
            raise _unknown("outcome", name, known)
    return choices.outcomes


def _hidden(analysis: Analysis, patient_id: str, choices: FigureChoices) -> tuple[str, ...]:
    known = regimens_of(analysis, patient_id)
    found = []
    for text in choices.hidden:
        names = [n for n in known if text.casefold() in (n.casefold(), abbreviate(n).casefold())]
        if not names:
            raise _unknown("regimen", text, list(known))
        found += names
    return tuple(found)


def _unknown(
    option: str, text: str, known: list[str], or_else: Message | None = None
) -> SettingError:
    fix = Message("choose one of {names}", names=known) if known else or_else
    if known and or_else:
        fix = Message("{fix}, or {or_else}", fix=fix, or_else=or_else)
    return SettingError(
        Message("This patient has no {option} {text!r}", option=option, text=text),
        where=option,
        why="the records of this patient hold no such name",
        fix=fix or "leave it out",
    )
