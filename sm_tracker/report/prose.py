"""Text for a paper: caption, methods and results.

Every number is taken from the change table or the settings. With a day zero there is no
calendar date anywhere; times are whole days from it.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

import pandas as pd

from sm_tracker.domain.measures import thickness_rows
from sm_tracker.domain.records import THERAPY_NOT_STATED
from sm_tracker.domain.series import keys_of, sites_among
from sm_tracker.domain.series_key import SeriesKey, series_key_of
from sm_tracker.domain.settings import OutcomeSetting, Settings
from sm_tracker.domain.tables import THICKNESS
from sm_tracker.figures.answer_words import (
    AnswerWords,
    amount_text,
    answer_words,
    reason_text,
    state_text,
)
from sm_tracker.figures.languages import capital, outcome_text, uncapital
from sm_tracker.figures.series_names import series_names, site_name
from sm_tracker.report.case_events import TIMELINE_COLUMNS, case_timeline, usual_readings
from sm_tracker.report.numbers import When, per_cent, signed
from sm_tracker.report.reasons import after_end_text, error_reason_words, under_text
from sm_tracker.report.series_words import series_notes
from sm_tracker.report.tables import numbered_labels
from sm_tracker.report.wording import pairs_text, place_name

__all__ = ["TIMELINE_COLUMNS", "case_timeline"]

SCRIBE = (
    "Observational single case; phases were driven by the clinical course, with no "
    "randomisation, no blinding and no planned phase change. Changes are reported under a "
    "regimen and are not evidence that the regimen caused them."
)
METHOD_SOURCES = (
    "Newcombe RG. Stat Med 2006;25:559-573",
    "Parker RI, Vannest KJ. Behav Ther 2009;40:357-367",
)


def caption_text(
    notes: tuple[str, ...], abbreviations: str, visits: pd.DataFrame, *, treated: bool = True
) -> str:
    """The figure's caption: what is shown, then the notes of the figure itself."""
    if visits.empty:
        head = "Course over time" + (", with therapy periods below." if treated else ".")
        return " ".join(part for part in (head, *notes, abbreviations) if part)
    frequencies = sorted(visits["frequency_mhz"].dropna().unique())
    by = f" by {', '.join(f'{f:g}' for f in frequencies)} MHz ultrasound" if frequencies else ""
    head = f"Skin thickness{by} over time" + (", with therapy periods below." if treated else ".")
    return " ".join(part for part in (head, *notes, abbreviations) if part)


def methods_text(
    visits: pd.DataFrame, settings: Settings, version: str, outcomes: Sequence[str] = ()
) -> str:
    """A methods paragraph: measurement, error, which readings count, statistics, software.

    Parameters
    ----------
    visits : DataFrame
        Contract VISITS, of skin thickness.
    settings : Settings
    version : str
    outcomes : sequence of str
        Second outcomes of the patient.
    """
    only_outcomes = visits.empty and len(outcomes) > 0
    return " ".join(
        [
            "" if only_outcomes else _measurement_sentence(visits),
            *series_notes(visits),
            "" if only_outcomes else _error_sentence(visits, settings),
            _outcome_sentence(outcomes, settings),
            _window_sentence(settings),
            _statistics_sentence(settings, only_outcomes),
            f"Computed with SM Tracker {version} (settings {settings.settings_id}).",
        ]
    ).strip()


def _measurement_sentence(visits: pd.DataFrame) -> str:
    if visits.empty:
        return "The records hold no measurement of skin thickness."

    def listed(column: str, unit: str = "") -> str:
        values = visits[column].dropna()
        shown = sorted({f"{v:g}" if isinstance(v, float) else str(v) for v in values} - {""})
        return f"{', '.join(shown)}{unit}" if shown else "not recorded"

    sites = sorted({site_name(SeriesKey(*site)) for site in sites_among(keys_of(visits))})
    usual = max(usual_readings(visits), 1)
    n_sites = f"{_counted(len(sites), 'site')} ({', '.join(sites)})"
    n_visits = _counted(visits["t"].nunique(), "visit")
    return (
        f"Skin thickness was measured by ultrasound (device: {listed('device')}; frequency: "
        f"{listed('frequency_mhz', ' MHz')}; sound velocity: {listed('velocity_m_s', ' m/s')}; "
        f"layer: {listed('layer')}) at {n_sites} in {n_visits}. A visit value is the mean of "
        f"the readings of one site on one day, usually {usual}. {_without_value(visits)}"
    )


def _counted(n: int, thing: str) -> str:
    return f"{n} {thing}{'' if n == 1 else 's'}"


def _without_value(visits: pd.DataFrame) -> str:
    """How many visit values are no number, and what became of them."""
    censored = int((visits["state"] == "censored").sum())
    doubtful = int((visits["state"] == "doubtful").sum())
    not_stated = int((visits["state"] == THERAPY_NOT_STATED).sum())
    ok = int((visits["state"] == "ok").sum())
    unreadable = len(visits) - censored - doubtful - not_stated - ok
    total = _counted(len(visits), "visit value")
    if ok == len(visits):
        return f"None of {total} was censored or unreadable."
    parts = [
        f"{n} {'was' if n == 1 else 'were'} {kind}"
        for n, kind in (
            (censored, "censored"),
            (unreadable, "unreadable"),
            (doubtful, "doubtful"),
            (not_stated, "without a stated therapy"),
        )
        if n
    ]
    return f"Of {total}, {_joined(parts)}: shown and counted, never averaged."


def _joined(parts: list[str]) -> str:
    return " and ".join(filter(None, (", ".join(parts[:-1]), parts[-1])))


def _error_sentence(visits: pd.DataFrame, settings: Settings) -> str:
    general = (
        f"The measurement error (SEM) of one visit value was taken as the larger of "
        f"{settings.sem_mm:.2f} mm and {100 * settings.sem_fraction:g} % of it "
        f"({settings.sem_source}); a change between two visit values a and b counts as beyond "
        "error if it is larger than 1.96 √(SEM(a)² + SEM(b)²)."
    )
    special = [
        f"{' '.join(filter(None, (e.site, e.device)))}: {e.sem_mm:g} mm and "
        f"{100 * e.sem_fraction:g} % ({e.source})"
        for e in settings.error_settings
    ]
    return general + (f" Own error for {'; '.join(special)}." if special else "")


def _outcome_sentence(outcomes: Sequence[str], settings: Settings) -> str:
    """Which second outcomes there are, and by which error they are judged."""
    if not outcomes:
        return ""
    known = {own.outcome: own for own in settings.outcome_settings if own.has_error}
    with_error = [known[name] for name in outcomes if name in known]
    names = ", ".join(uncapital(outcome_text(name)) for name in outcomes)
    parts = [f"Second outcomes: {names}."]
    parts += [
        f"The error of one value of {uncapital(outcome_text(own.outcome))} was taken as "
        f"{_outcome_error(own)} ({own.source})."
        for own in with_error
    ]
    if len(with_error) < len(outcomes):
        parts.append(
            "Of an outcome whose measurement error is not known, single values were not judged; "
            "it was called better or worse where the interval of the difference of means, from "
            "its own scatter and never below one recording step, left out zero and the last "
            "value lay on that side."
        )
    return " ".join(parts)


def _outcome_error(own: OutcomeSetting) -> str:
    parts = [f"{own.sem:g}"] if own.sem else []
    parts += [f"{100 * own.sem_fraction:g} % of it"] if own.sem_fraction else []
    return "the larger of " + " and ".join(parts) if len(parts) > 1 else parts[0]


def _window_sentence(settings: Settings) -> str:
    general = (
        f"Baseline was the last visit value in the {settings.baseline_window_days} days before "
        "the start of a period, the day of the start included. Values counted under a regimen "
        f"from {_lag(settings.lag_days)} the start until {settings.grace_days} days after the "
        "end where the regimen was given in cycles, pulses or once, or where no value had been "
        "read up to the end, and never after another period had started. Values before that were "
        f"older than {settings.reference_window_days} days at the start were not used."
    )
    special = [
        ", ".join(
            f"{name} {days} days"
            for name, days in (
                ("baseline", w.baseline_window_days),
                ("lag", w.lag_days),
                ("grace", w.grace_days),
            )
            if days is not None
        )
        + f" for {w.regimen}"
        for w in settings.regimen_windows
    ]
    return general + (f" Own windows: {'; '.join(special)}." if special else "")


def _lag(days: int) -> str:
    return "the day after" if days <= 1 else f"{days} days after"


def _statistics_sentence(settings: Settings, only_outcomes: bool) -> str:
    share = f"{100 * settings.confidence:g} %"
    important = settings.minimal_important_change_mm
    least = "2.77 times the SEM of the mean before"
    if important:
        least = f"the larger of {least} and {important:g} mm, the smallest change called important"
    subject, down, up = "the skin", "thinner", "thicker"
    if only_outcomes:
        subject, down, up = "an outcome whose error is known", "lower", "higher"
    drift = ""
    if settings.drift_mm_per_year and not only_outcomes:
        drift = (
            " after taking off what a trend in the values before explains (its slope weighed "
            f"against a natural drift with an SD of {settings.drift_mm_per_year:g} mm a year)"
        )
    return (
        "All visit values under a regimen were compared with those of the exposure state just "
        f"before it: by the difference of means with a {share} interval, whose scatter is pooled "
        "from the values before about their mean and the values under the regimen about their "
        "own line and which is never narrower than measurement error allows, and by the share "
        "of pairs in which the value under the regimen was lower (NAP; its interval by Newcombe "
        f"stands in the change table). With at least {settings.min_readings} values on each side, "
        f"{subject} was called {down} or {up} than before if the difference{drift} reached "
        f"{least}, its interval left out zero and the last value held half of it; slightly "
        f"{down} or {up} from half of that; and without change larger than the error if the "
        "interval held zero and the 90 % interval lay within these limits. With fewer values "
        "the word is that of the last value before against the last during. No correction was "
        "made for multiple comparisons."
    )


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
        return f"{capital(under)}, over the sites: {said.word}."
    head = ", ".join(filter(None, (capital(under), place or place_name(row)))) + ": "
    if row["answer"] == "phases":
        why = f" ({said.why})" if said.why else ""
        return f"{head}{said.headed}{why}; {_phases(row, settings, under)}; " + (
            f"{_readings(row, said, when, therapy)}."
        )
    if row["verdict_reason_code"] == "direction_unknown":
        phases = _phases(row, settings, under)
        return f"{head}{phases}; {_readings(row, said, when, therapy)}."
    needed = f"; too few readings to compare phases ({reason_text(row, settings.min_readings)})"
    more = needed if row["verdict"] == "too_few_readings" else ""
    return f"{head}{said.headed}; {_readings(row, said, when, therapy)}{more}."


def _readings(row: pd.Series, said: AnswerWords, when: When, therapy: pd.Series | None) -> str:
    """Last reading before against last during, with where it lies against the limits."""
    if pd.isna(row["change_mm"]):
        return f"single readings not comparable: {error_reason_words(row)}"
    after = after_end_text(row, therapy)
    where = said.beside or said.limit
    return (
        f"{amount_text(row, row['baseline_mm'], unit=False)} → "
        f"{amount_text(row, row['last_mm'])} from "
        f"{when.day(row['baseline_date'], row['baseline_day'])} to "
        f"{when.day(row['last_date'], row['last_day'])}{_replicates(row)}, a change of "
        f"{amount_text(row, row['change_mm'], sign=True)}"
        + (f" ({per_cent(row['change_pct'])})" if pd.notna(row["change_pct"]) else "")
        + f" in {_counted(int(row['days']), 'day')}"
        + "".join(f", {part}" for part in (after, where) if part)
    )


def _replicates(row: pd.Series) -> str:
    """How many readings stand behind the two visit values of a row."""
    first, last = row["n_baseline"], row["n_last"]
    if row["measure"] != THICKNESS or pd.isna(first) or pd.isna(last):
        return ""
    if first == last:
        return " (one reading each)" if first == 1 else f" (means of {first:.0f} readings each)"
    return f" (from {first:.0f} and {last:.0f} readings)"


def _phases(row: pd.Series, settings: Settings, under: str) -> str:
    state = state_text(str(row["reference_state"]))
    return (
        f"difference of means {amount_text(row, row['mean_change_mm'], sign=True)} "
        f"({100 * settings.confidence:g} % interval {signed(row['ci_low_mm'], 2)} to "
        f"{signed(row['ci_high_mm'], 2)} {row['unit']}".rstrip()
        + ") between "
        f"{_counted(int(row['n_reference']), 'visit value')} before ({state}) and "
        f"{row['n_under']:.0f} {under}; {pairs_text(row)}"
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
        for _, row in ordered.iterrows()
        if row["level"] != "patient" or (several and row["verdict"] != "too_few_readings")
    ]


def places_of(rows: pd.DataFrame, changes: pd.DataFrame) -> list[str]:
    """What each row of a patient measures, as read aloud: its series or its outcome.

    `changes`, of contract CHANGES, holds all series of the patient; so one has one name.
    """
    names = series_names(keys_of(thickness_rows(changes)), aloud=True)
    return [
        names[series_key_of(row)] if row["measure"] == THICKNESS else place_name(row)
        for _, row in rows.iterrows()
    ]


def _special(setting: object) -> str:
    """A setting of one site, regimen or outcome: what it says, without what it leaves open."""
    fields = {f.name: f.default for f in dataclasses.fields(setting)}  # type: ignore[arg-type]
    said = {name: getattr(setting, name) for name in fields}
    return ", ".join(
        f"{name} {value}" for name, value in said.items() if value != fields[name] and value != ""
    )


def settings_rows(settings: Settings) -> list[tuple[str, str, str]]:
    """Every setting with its value and what it means, for a report."""
    rows = []
    for field in dataclasses.fields(settings):
        value = getattr(settings, field.name)
        if isinstance(value, tuple):
            value = "; ".join(map(_special, value)) or "none"
        unit = field.metadata.get("unit", "")
        rows.append((field.name, f"{value} {unit}".strip(), field.metadata.get("help", "")))
    return rows
