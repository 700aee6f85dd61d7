"""Text for a paper: caption and results; the methods stand in methods_words.

Every number is taken from the change table or the settings. With a day zero there is no
calendar date anywhere; times are whole days from it.
"""

from __future__ import annotations

import pandas as pd

from sm_tracker.domain.measures import thickness_rows
from sm_tracker.domain.series import keys_of
from sm_tracker.domain.series_key import series_key_of
from sm_tracker.domain.settings import Settings
from sm_tracker.domain.tables import THICKNESS
from sm_tracker.figures.answer_words import (
    AnswerWords,
    amount_text,
    answer_words,
    reason_text,
    state_text,
)
from sm_tracker.figures.languages import capital
from sm_tracker.figures.series_names import series_names
from sm_tracker.languages import gettext as _
from sm_tracker.languages import ngettext
from sm_tracker.report.case_events import case_timeline
from sm_tracker.report.numbers import When, n_visit_values, per_cent, signed
from sm_tracker.report.reasons import after_end_text, error_reason_words, under_text
from sm_tracker.report.tables import numbered_labels
from sm_tracker.report.wording import pairs_text, place_name

__all__ = ["case_timeline"]


def caption_text(
    notes: tuple[str, ...], abbreviations: str, visits: pd.DataFrame, *, treated: bool = True
) -> str:
    """The figure's caption: what is shown, then the notes of the figure itself."""
    if visits.empty:
        head = (
            _("Course over time, with therapy periods below.")
            if treated
            else _("Course over time.")
        )
        return " ".join(part for part in (head, *notes, abbreviations) if part)
    frequencies = sorted(visits["frequency_mhz"].dropna().unique())
    mhz = ", ".join(f"{f:g}" for f in frequencies)
    by = _(" by {mhz} MHz ultrasound").format(mhz=mhz) if frequencies else ""
    head = (
        _("Skin thickness{by} over time, with therapy periods below.")
        if treated
        else _("Skin thickness{by} over time.")
    ).format(by=by)
    return " ".join(part for part in (head, *notes, abbreviations) if part)


def result_sentence(
    row: pd.Series,
    settings: Settings,
    when: When | None = None,
    label: str = "",
    place: str = "",
    therapy: pd.Series | None = None,
) -> str:
    """The one word of a row of the change table with its numbers, each with its n and unit.

    Parameters
    ----------
    row : Series
        Of contract CHANGES.
    settings : Settings
    when : When, optional
        How days are written; calendar dates if omitted.
    label : str
        Name of the period, such as ``HC (2)``; that of the regimen if blank.
    place : str
        Name of the series; that of the site if blank.
    therapy : Series, optional
        The period, of contract THERAPIES; gives what it ended with.
    """
    when = when or When()
    under = under_text(row, label)
    said = answer_words(row, settings.min_readings, settings.improvement)
    if row["level"] == "patient":
        text = _("{under}, over the sites: {word}.")
        return text.format(under=capital(under), word=said.word)
    head = ", ".join(filter(None, (capital(under), place or place_name(row)))) + _(": ")
    if row["answer"] == "phases":
        why = f" ({said.why})" if said.why else ""
        return f"{head}{said.headed}{why}; {_phases(row, settings, under)}; " + (
            f"{_readings(row, said, when, therapy)}."
        )
    if row["verdict_reason_code"] == "direction_unknown":
        phases = _phases(row, settings, under)
        return f"{head}{phases}; {_readings(row, said, when, therapy)}."
    needed = _("; too few readings to compare phases ({reason})")
    reason = reason_text(row, settings.min_readings)
    more = needed.format(reason=reason) if row["verdict"] == "too_few_readings" else ""
    return f"{head}{said.headed}; {_readings(row, said, when, therapy)}{more}."


def _readings(row: pd.Series, said: AnswerWords, when: When, therapy: pd.Series | None) -> str:
    """Last reading before against last during, with where it lies against the limits."""
    if pd.isna(row["change_mm"]):
        text = _("single readings not comparable: {reasons}")
        return text.format(reasons=error_reason_words(row))
    after = after_end_text(row, therapy)
    where = said.beside or said.limit
    share = f" ({per_cent(row['change_pct'])})" if pd.notna(row["change_pct"]) else ""
    n = int(row["days"])
    text = _(
        "{baseline} → {last} from {start} to {end}{replicates}, a change of {change} in {days}"
    ).format(
        baseline=amount_text(row, row["baseline_mm"], unit=False),
        last=amount_text(row, row["last_mm"]),
        start=when.day(row["baseline_date"], row["baseline_day"]),
        end=when.day(row["last_date"], row["last_day"]),
        replicates=_replicates(row),
        change=amount_text(row, row["change_mm"], sign=True) + share,
        days=ngettext("{n} day", "{n} days", n).format(n=n),
    )
    return ", ".join(filter(None, (text, after, where)))


def _replicates(row: pd.Series) -> str:
    """How many readings stand behind the two visit values of a row."""
    first, last = row["n_baseline"], row["n_last"]
    if row["measure"] != THICKNESS or pd.isna(first) or pd.isna(last):
        return ""
    if first == last:
        if first == 1:
            return _(" (one reading each)")
        return _(" (means of {n} readings each)").format(n=f"{first:.0f}")
    text = _(" (from {first} and {last} readings)")
    return text.format(first=f"{first:.0f}", last=f"{last:.0f}")


def _phases(row: pd.Series, settings: Settings, under: str) -> str:
    state = state_text(str(row["reference_state"]))
    return _(
        "difference of means {difference} ({share} % interval {low} to {high}) between {before} "
        "before ({state}) and {n} {under}; {pairs}"
    ).format(
        difference=amount_text(row, row["mean_change_mm"], sign=True),
        share=f"{100 * settings.confidence:g}",
        low=signed(row["ci_low_mm"], 2),
        high=f"{signed(row['ci_high_mm'], 2)} {row['unit']}".rstrip(),
        before=n_visit_values(int(row["n_reference"])),
        state=state,
        n=f"{row['n_under']:.0f}",
        under=under,
        pairs=pairs_text(row),
    )


def results_text(
    changes: pd.DataFrame,
    therapies: pd.DataFrame,
    settings: Settings,
    when: When | None = None,
) -> list[str]:
    """A sentence for every row of a patient's change table, in order of start.

    The word over the sites stands before the sites of its period, second outcomes after
    them, the whole course last.
    """
    last = (changes["level"] == "course").astype("int64")
    turn = 1 - (changes["level"] == "patient").astype("int64")
    turn += (changes["measure"] != THICKNESS).astype("int64")
    days = changes["starts_day"].where(last == 0, 0.0)
    places = places_of(changes, changes)
    ordered = changes.assign(series=places, _last=last, _days=days, _turn=turn).sort_values(
        ["_last", "_days", "period_id", "_turn", "site", "side"], kind="stable"
    )
    labels = numbered_labels(changes)
    known = therapies.drop_duplicates("period_id").set_index("period_id")
    several = len(changes.loc[changes["site"] != "", ["site", "side"]].drop_duplicates()) > 1
    return [
        result_sentence(
            row,
            settings,
            when,
            labels.get(row["period_id"], ""),
            row["series"],
            known.loc[row["period_id"]] if row["period_id"] in known.index else None,
        )
        for _n, row in ordered.iterrows()
        if row["level"] != "patient" or (several and row["verdict"] != "too_few_readings")
    ]


def places_of(rows: pd.DataFrame, changes: pd.DataFrame) -> list[str]:
    """What each row of a patient measures, as read aloud: its series or its outcome.

    `changes`, of contract CHANGES, holds all series of the patient; so one has one name.
    """
    names = series_names(keys_of(thickness_rows(changes)), aloud=True)
    return [
        names[series_key_of(row)] if row["measure"] == THICKNESS else place_name(row)
        for _n, row in rows.iterrows()
    ]
