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
from sm_tracker.domain.settings import OutcomeSetting, RegimenWindow, Settings
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
from sm_tracker.languages import N_, Message, current, ngettext, one_after_another
from sm_tracker.languages import gettext as _
from sm_tracker.report.case_events import case_timeline, usual_readings
from sm_tracker.report.numbers import When, per_cent, signed
from sm_tracker.report.reasons import after_end_text, error_reason_words, under_text
from sm_tracker.report.series_words import series_notes
from sm_tracker.report.tables import numbered_labels
from sm_tracker.report.wording import pairs_text, place_name

__all__ = ["case_timeline"]

SCRIBE = Message(
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
            _("Computed with SM Tracker {version} (settings {settings}).").format(
                version=version, settings=settings.settings_id
            ),
        ]
    ).strip()


def _measurement_sentence(visits: pd.DataFrame) -> str:
    if visits.empty:
        return _("The records hold no measurement of skin thickness.")

    def listed(column: str, unit: str = "") -> str:
        values = visits[column].dropna()
        shown = sorted({f"{v:g}" if isinstance(v, float) else str(v) for v in values} - {""})
        return f"{', '.join(shown)}{unit}" if shown else _("not recorded")

    sites = sorted({site_name(SeriesKey(*site)) for site in sites_among(keys_of(visits))})
    usual = max(usual_readings(visits), 1)
    n_sites = ngettext("{n} site ({sites})", "{n} sites ({sites})", len(sites))
    n_visits = visits["t"].nunique()
    said = _(
        "Skin thickness was measured by ultrasound (device: {device}; frequency: {frequency}; "
        "sound velocity: {velocity}; layer: {layer}) at {sites} in {visits}. A visit value is "
        "the mean of the readings of one site on one day, usually {usual}. {without}"
    )
    return said.format(
        device=listed("device"),
        frequency=listed("frequency_mhz", " MHz"),
        velocity=listed("velocity_m_s", " m/s"),
        layer=listed("layer"),
        sites=n_sites.format(n=len(sites), sites=", ".join(sites)),
        visits=ngettext("{n} visit", "{n} visits", n_visits).format(n=n_visits),
        usual=usual,
        without=_without_value(visits),
    )


def _visit_values(n: int) -> str:
    return ngettext("{n} visit value", "{n} visit values", n).format(n=n)


def _without_value(visits: pd.DataFrame) -> str:
    """How many visit values are no number, and what became of them."""
    censored = int((visits["state"] == "censored").sum())
    doubtful = int((visits["state"] == "doubtful").sum())
    not_stated = int((visits["state"] == THERAPY_NOT_STATED).sum())
    ok = int((visits["state"] == "ok").sum())
    unreadable = len(visits) - censored - doubtful - not_stated - ok
    total = _visit_values(len(visits))
    if ok == len(visits):
        return _("None of {total} was censored or unreadable.").format(total=total)
    counted = (
        (censored, ngettext("{n} was censored", "{n} were censored", censored)),
        (unreadable, ngettext("{n} was unreadable", "{n} were unreadable", unreadable)),
        (doubtful, ngettext("{n} was doubtful", "{n} were doubtful", doubtful)),
        (
            not_stated,
            ngettext(
                "{n} was without a stated therapy",
                "{n} were without a stated therapy",
                not_stated,
            ),
        ),
    )
    parts = [words.format(n=n) for n, words in counted if n]
    text = _("Of {total}, {parts}: shown and counted, never averaged.")
    return text.format(total=total, parts=_joined(parts))


def _joined(parts: list[str]) -> str:
    return _(" and ").join(filter(None, (", ".join(parts[:-1]), parts[-1])))


def _error_sentence(visits: pd.DataFrame, settings: Settings) -> str:
    general = Message(
        "The measurement error (SEM) of one visit value was taken as the larger of {sem:.2f} mm "
        "and {share:g} % of it ({source}); a change between two visit values a and b counts as "
        "beyond error if it is larger than 1.96 √(SEM(a)² + SEM(b)²).",
        sem=settings.sem_mm,
        share=100 * settings.sem_fraction,
        source=_(settings.sem_source),
    )
    special = [
        Message(
            "{place}: {sem:g} mm and {share:g} % ({source})",
            place=" ".join(filter(None, (e.site, e.device))),
            sem=e.sem_mm,
            share=100 * e.sem_fraction,
            source=e.source,
        )
        for e in settings.error_settings
    ]
    if not special:
        return str(general)
    own = Message("Own error for {places}.", places=one_after_another(special))
    return f"{general} {own}"


def _outcome_sentence(outcomes: Sequence[str], settings: Settings) -> str:
    """Which second outcomes there are, and by which error they are judged."""
    if not outcomes:
        return ""
    known = {own.outcome: own for own in settings.outcome_settings if own.has_error}
    with_error = [known[name] for name in outcomes if name in known]
    names = ", ".join(_outcome_name(name) for name in outcomes)
    parts = [Message("Second outcomes: {names}.", names=names)]
    parts += [
        Message(
            "The error of one value of {outcome} was taken as {error} ({source}).",
            outcome=_outcome_name(own.outcome),
            error=_outcome_error(own),
            source=own.source,
        )
        for own in with_error
    ]
    if len(with_error) < len(outcomes):
        parts.append(
            Message(
                "Of an outcome whose measurement error is not known, single values were not "
                "judged; it was called better or worse where the interval of the difference of "
                "means, from its own scatter and never below one recording step, left out zero "
                "and the last value lay on that side."
            )
        )
    return " ".join(map(str, parts))


def _outcome_name(name: str) -> str:
    text = outcome_text(name, current())
    return text if current() == "de" else uncapital(text)


def _outcome_error(own: OutcomeSetting) -> Message:
    share = 100 * own.sem_fraction
    if own.sem and share:
        return Message("the larger of {sem:g} and {share:g} % of it", sem=own.sem, share=share)
    if own.sem:
        return Message("{number:g}", number=own.sem)
    return Message("{share:g} % of it", share=share)


def _window_sentence(settings: Settings) -> str:
    general = Message(
        "Baseline was the last visit value in the {baseline} days before the start of a period, "
        "the day of the start included. Values counted under a regimen from {lag} the start "
        "until {grace} days after the end where the regimen was given in cycles, pulses or once, "
        "or where no value had been read up to the end, and never after another period had "
        "started. Values before that were older than {reference} days at the start were not used.",
        baseline=settings.baseline_window_days,
        lag=_lag(settings.lag_days),
        grace=settings.grace_days,
        reference=settings.reference_window_days,
    )
    special = [
        Message("{windows} for {regimen}", windows=_windows(w), regimen=w.regimen)
        for w in settings.regimen_windows
    ]
    if not special:
        return str(general)
    return f"{general} {Message('Own windows: {windows}.', windows=one_after_another(special))}"


def _windows(own: RegimenWindow) -> list[Message]:
    stated = (
        (own.baseline_window_days, N_("baseline {days} days")),
        (own.lag_days, N_("lag {days} days")),
        (own.grace_days, N_("grace {days} days")),
    )
    return [Message(words, days=days) for days, words in stated if days is not None]


def _lag(days: int) -> Message:
    return Message("the day after") if days <= 1 else Message("{days} days after", days=days)


def _statistics_sentence(settings: Settings, only_outcomes: bool) -> str:
    important = settings.minimal_important_change_mm
    least = Message("2.77 times the SEM of the mean before")
    if important:
        least = Message(
            "the larger of {least} and {important:g} mm, the smallest change called important",
            least=least,
            important=important,
        )
    subject, down, up = _("the skin"), _("thinner"), _("thicker")
    if only_outcomes:
        subject = _("an outcome whose error is known")
        down, up = _("lower"), _("higher")
    drift = Message("")
    if settings.drift_mm_per_year and not only_outcomes:
        drift = Message(
            " after taking off what a trend in the values before explains (its slope weighed "
            "against a natural drift with an SD of {drift:g} mm a year)",
            drift=settings.drift_mm_per_year,
        )
    said = Message(
        "All visit values under a regimen were compared with those of the exposure state just "
        "before it: by the difference of means with a {share:g} % interval, whose scatter is "
        "pooled from the values before about their mean and the values under the regimen about "
        "their own line and which is never narrower than measurement error allows, and by the "
        "share of pairs in which the value under the regimen was lower (NAP; its interval by "
        "Newcombe stands in the change table). With at least {n} values on each side, {subject} "
        "was called {down} or {up} than before if the difference{drift} reached {least}, its "
        "interval left out zero and the last value held half of it; slightly {down} or {up} from "
        "half of that; and without change larger than the error if the interval held zero and "
        "the 90 % interval lay within these limits. With fewer values the word is that of the "
        "last value before against the last during. No correction was made for multiple "
        "comparisons.",
        share=100 * settings.confidence,
        n=settings.min_readings,
        subject=subject,
        down=down,
        up=up,
        drift=drift,
        least=least,
    )
    return str(said)


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
        before=_visit_values(int(row["n_reference"])),
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
            value = "; ".join(map(_special, value)) or _("none")
        elif isinstance(value, str):
            value = _(value)
        unit = _(field.metadata.get("unit", ""))
        rows.append((field.name, f"{value} {unit}".strip(), _(field.metadata.get("help", ""))))
    return rows
