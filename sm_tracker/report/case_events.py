"""The timeline of a case report: what was measured, given and stopped, in order.

Every number is taken from the tables. With a day zero there is no calendar date anywhere.
"""

from __future__ import annotations

import pandas as pd

from sm_tracker.domain.event_kinds import event_kind_in_languages
from sm_tracker.domain.records import THERAPY_NOT_STATED
from sm_tracker.domain.series import keys_of
from sm_tracker.domain.series_key import series_key_of
from sm_tracker.domain.timeline import day_axis
from sm_tracker.figures.languages import (
    capital,
    listed,
    number,
    outcome_within,
    regimen_text,
    say,
)
from sm_tracker.figures.series_names import series_names
from sm_tracker.languages import Message, current
from sm_tracker.languages import gettext as _
from sm_tracker.report.numbers import When
from sm_tracker.report.period_words import end_text, start_text, usual_word


def timeline_columns() -> list[str]:
    """Heads of the timeline of a case."""
    return [_("When"), _("Event"), _("Details")]


def case_timeline(
    therapies: pd.DataFrame,
    changes: pd.DataFrame,
    visits: pd.DataFrame,
    when: When | None = None,
    outcomes: pd.DataFrame | None = None,
    events: pd.DataFrame | None = None,
) -> pd.DataFrame:
    """The timeline of a case report (CARE item 7): visits, starts and ends, in order.

    On one day a measurement comes first, then what ended, then what started.

    Parameters
    ----------
    therapies : DataFrame
        Contract THERAPIES with every ``period_id`` filled.
    changes : DataFrame
        Contract CHANGES of the same patient; gives the days of the periods.
    visits : DataFrame
        Contract VISITS.
    outcomes : DataFrame, optional
        Contract OUTCOMES.
    events : DataFrame, optional
        Contract EVENTS.
    """
    when = when or When()
    listed = [
        *_measurement_events(visits, outcomes, when),
        *_clinical_events(events, when),
        *_therapy_events(therapies, changes, when),
    ]
    rows = [event[2:] for event in sorted(listed, key=lambda e: e[:2])]
    return pd.DataFrame(rows, columns=timeline_columns(), dtype="str")


def timeline_caption(
    visits: pd.DataFrame, therapies: pd.DataFrame, when: When | None = None
) -> str:
    """Caption of the case timeline, with what its signs mean."""
    parts = [_("Timeline of the case.")]
    usual = usual_readings(visits)
    if usual:
        many = _("A thickness is the mean of {n} readings unless n is given.").format(n=usual)
        parts.append(many if usual > 1 else _("A thickness is one reading unless n is given."))
    inexact = {*therapies["date_precision"], *therapies["end_date_precision"]} - {"", "day"}
    if inexact:
        dated = when is None or when.zero is None
        parts.append(_("≈: not known to the day.") if dated else _("About: not known to the day."))
    if (therapies["starts_by"] != "").any() or (therapies["ends_after"] != "").any():
        parts.append(
            _(
                "≤, ≥: known from the tags of readings; the therapy started not later, and ended "
                "not earlier, than on that day."
            )
        )
    return " ".join(parts)


def usual_readings(visits: pd.DataFrame) -> int:
    """The most common number of readings behind a visit value; 0 without one."""
    counts = visits.loc[visits["state"] == "ok", "n_replicates"].mode()
    return 0 if counts.empty else int(counts.max())


_Event = tuple[float, int, str, str, str]


def _measurement_events(
    visits: pd.DataFrame, outcomes: pd.DataFrame | None, when: When
) -> list[_Event]:
    usual = usual_readings(visits)
    names = series_names(keys_of(visits), current(), aloud=True)
    said: dict[float, list[str]] = {}
    dates: dict[float, object] = {}
    for _n, row in visits.sort_values("t", kind="stable").iterrows():
        said.setdefault(float(row["t"]), []).append(
            _visit_words(row, names[series_key_of(row)], usual)
        )
        dates[float(row["t"])] = row["date"]
    if outcomes is not None and len(outcomes):
        days, _dated = day_axis(outcomes, "date", "day")
        for t, (_n, row) in zip(days.tolist(), outcomes.iterrows(), strict=True):
            if pd.isna(t) or pd.isna(row["value"]):
                continue
            said.setdefault(t, []).append(_outcome_words(row))
            dates.setdefault(t, row["date"])
    return [
        (t, 0, when.day(dates[t], t), _("Measurement"), listed(words))
        for t, words in sorted(said.items())
    ]


def _visit_words(row: pd.Series, place: str, usual: int) -> str:
    doubtful = ""
    if row["n_doubtful"]:
        not_stated = row["doubt_reason"] == THERAPY_NOT_STATED
        why = _("therapy not stated") if not_stated else _("doubtful")
        doubtful = _("{mm} mm ({why}, not counted)").format(
            mm=number(row["doubtful_mm"], 2, current()), why=why
        )
    if row["state"] == "ok":
        n = f" (n {row['n_replicates']:.0f})" if row["n_replicates"] != usual else ""
        value = number(row["value_mm"], 2, current())
        return ", ".join(filter(None, (f"{place} {value} mm{n}", doubtful)))
    if row["state"] == "censored":
        return f"{place} {row['qualifier']} {number(row['limit_mm'], 2, current())} mm"
    if doubtful:
        return f"{place} {doubtful}"
    return f"{place} {say(current(), str(row['state']))}"


def _outcome_words(row: pd.Series) -> str:
    name = outcome_within(str(row["outcome"]), current())
    return f"{name} {Message('{number:g}', number=float(row['value']))} {row['unit']}".strip()


def _clinical_events(events: pd.DataFrame | None, when: When) -> list[_Event]:
    """What happened: its kind, and the words of the author."""
    if events is None or events.empty:
        return []
    days, _dated = day_axis(events, "date", "day")
    found = []
    for t, (_n, row) in zip(days.tolist(), events.iterrows(), strict=True):
        kind = event_kind_in_languages(str(row["kind"]))
        name = capital(_(kind[0])) if kind else str(row["kind"])
        label = when.limit(row["date"], t, str(row["date_precision"]))
        found.append((t, 0, label, name, str(row["event"])))
    return found


def _therapy_events(therapies: pd.DataFrame, changes: pd.DataFrame, when: When) -> list[_Event]:
    events = []
    periods = changes[changes["level"] == "period"].drop_duplicates("period_id")
    known = therapies.drop_duplicates("period_id").set_index("period_id")
    for _n, row in periods.iterrows():
        if row["period_id"] not in known.index:
            continue
        therapy = known.loc[row["period_id"]]
        details = listed(
            filter(
                None,
                (str(therapy["dose"]), _cycles_words(therapy), usual_word(str(therapy["route"]))),
            )
        )
        name = capital(regimen_text(str(row["regimen"]), current()))
        label = start_text(row, therapy, when)
        events.append((row["starts_day"], 2, label, _("{name} started").format(name=name), details))
        if row["end_status"] == "ended":
            label = end_text(row, therapy, when)
            reason = usual_word(str(therapy["stop_reason"]))
            # What starts and ends on one day starts first.
            order = 3 if row["ends_day"] == row["starts_day"] else 1
            events.append(
                (row["ends_day"], order, label, _("{name} ended").format(name=name), reason)
            )
    return events


def _cycles_words(therapy: pd.Series) -> str:
    """``6 pulses so far``, as the figure words it."""
    if pd.isna(therapy["cycles"]):
        return ""
    kind = therapy["kind"] if therapy["kind"] in ("pulse", "cyclic") else ""
    unit = say(current(), f"unit_{'one_' if therapy['cycles'] == 1 else ''}{kind}")
    text = _("{n} {unit} so far") if therapy["end_status"] == "ongoing" else "{n} {unit}"
    return text.format(n=f"{therapy['cycles']:.0f}", unit=unit)
