"""Sentences from the change table: what a result says, in words that claim nothing more.

Every number comes from the change table; nothing is computed here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import pandas as pd

from sm_tracker import languages
from sm_tracker.analysis.error.repeatability import Repeatability
from sm_tracker.domain.measures import outcome_rows, thickness_rows
from sm_tracker.domain.series import keys_of, rows_of_series, sites_among
from sm_tracker.domain.series_key import series_key_of
from sm_tracker.domain.settings import Settings
from sm_tracker.domain.tables import THICKNESS
from sm_tracker.figures import series_names
from sm_tracker.figures.answer_words import (
    AnswerWords,
    amount_text,
    answer_words,
    reason_text,
    word_text,
)
from sm_tracker.figures.languages import capital, listed, outcome_within
from sm_tracker.languages import gettext as _
from sm_tracker.languages import ngettext
from sm_tracker.report.explanations import Term
from sm_tracker.report.numbers import (
    When,
    change_mm,
    day_text,
    decimals,
    interval,
    n_readings,
    per_cent,
    plus_minus,
    whole,
)
from sm_tracker.report.period_words import end_text, is_from_tags, start_text, tag_limits
from sm_tracker.report.reasons import (
    after_end_text,
    error_reason_words,
    flag_sentences,
    last_read_text,
    needed_for_change,
    regimen_label,
    under_text,
    what_is_needed,
)

__all__ = ["flag_sentences", "regimen_label", "what_is_needed"]

Tone = Literal["", "thinner", "within", "thicker"]

TONES: dict[int, Tone] = {-1: "thinner", 0: "within", 1: "thicker"}
"""Colour of a word by its direction."""


def intended_use() -> str:
    """What the product is for, and what it is not."""
    return _(
        "SM Tracker documents and supports research by professionals: it reports change of "
        "thickness against an assumed measurement error. No diagnosis, no treatment advice; "
        "not a medical device."
    )


@dataclass(frozen=True, slots=True)
class Segment:
    """A piece of a sentence; `tone` is the word's colour."""

    text: str
    tone: Tone = ""


@dataclass(frozen=True, slots=True)
class KeyFigure:
    """One of the large figures: title, value with unit, and the note beneath."""

    title: str
    value: str
    unit: str
    note: str
    term: Term | None = None


def plain_text(segments: tuple[Segment, ...]) -> str:
    """A sentence without its colours."""
    return "".join(s.text for s in segments)


def site_name_of_row(row: pd.Series) -> str:
    """A site as read aloud: ``left forearm``."""
    return series_names.site_name(series_key_of(row), languages.current())


def place_text(row: pd.Series, visits: pd.DataFrame) -> str:
    """What a row measures among all of its patient, as read aloud: ``left forearm, 40 MHz``."""
    if row["measure"] != THICKNESS:
        return place_name(row)
    own = thickness_rows(visits[visits["patient_id"] == row["patient_id"]])
    names = series_names.series_names(keys_of(own), languages.current(), aloud=True)
    return names.get(series_key_of(row)) or site_name_of_row(row)


def change_headline(
    row: pd.Series,
    therapies: pd.DataFrame | None = None,
    when: When | None = None,
    place: str = "",
) -> tuple[Segment, ...]:
    """What happened to this site under this regimen, in one breath.

    Parameters
    ----------
    row : Series
        Of contract CHANGES, but none over the sites.
    therapies : DataFrame, optional
        Contract THERAPIES of the same patient; gives the number of cycles and how exactly
        the dates are known.
    when : When, optional
    place : str
        Name of the series or outcome; that of the site if blank.

    Returns
    -------
    tuple of Segment
        The first says what it is about, the others the answer; the second is the word.
    """
    subject = Segment(
        _("{subject}:").format(subject=_subject(row, therapies, when or When(), place)) + " "
    )
    said = answer_words(row, 0)
    if said.code == "not_computable":
        reason = capital(error_reason_words(row))
        return subject, Segment(_("the change cannot be calculated.")), Segment(f" {reason}.")
    if said.code == "error_unknown":
        return subject, Segment(f"{_facts(row)}; {said.word}.")
    word = Segment(said.word, TONES[said.tone])
    return subject, word, Segment(f", {_facts(row)}{_limit_clause(row, said)}.")


def _facts(row: pd.Series) -> str:
    """Both values with the change in per cent; means where single readings cannot be compared."""
    first, last, share = row["baseline_mm"], row["last_mm"], row["change_pct"]
    if pd.isna(row["change_mm"]):
        first, last = row["mean_reference_mm"], row["mean_under_mm"]
        share = row["mean_change_pct"]
    values = f"{amount_text(row, first, unit=False)} → {amount_text(row, last)}"
    if pd.isna(row["change_mm"]):
        values = _("means {values}").format(values=values)
    return values if pd.isna(share) else f"{values} ({per_cent(share)})"


def _limit_clause(row: pd.Series, said: AnswerWords) -> str:
    if said.beside:
        return f"; {said.beside}"
    if not said.limit:
        return ""
    if row["answer"] == "phases" or row["level"] == "course":
        return f", {said.limit}"
    return ", " + _("{limit} (single readings)").format(limit=said.limit)


def _subject(row: pd.Series, therapies: pd.DataFrame | None, when: When, place: str) -> str:
    place = capital(place or place_name(row))
    if row["level"] == "course":
        first, last = (
            when.day(row[f"{limit}_on"], row[f"{limit}_day"]) for limit in ("starts", "ends")
        )
        return _("{site} from {first} to {last}").format(site=place, first=first, last=last)
    known = period_of(row, therapies)
    beside = [after_end_text(row, known)]
    if known is not None and pd.notna(known["cycles"]):
        beside.insert(0, cycles_words(known["cycles"]))
    words = _("{site} {under} {period}").format(
        site=place, under=under_text(row), period=_period_words(row, known, when)
    )
    extra = listed(filter(None, beside))
    return f"{words} ({extra})" if extra else words


def place_name(row: pd.Series) -> str:
    """What a row measures, in mid-sentence: its site, or the name of its outcome."""
    if row["measure"] == THICKNESS:
        return site_name_of_row(row)
    return outcome_within(str(row["measure"]), languages.current())


def period_of(row: pd.Series, therapies: pd.DataFrame | None) -> pd.Series | None:
    """The therapy period of a row, of contract THERAPIES; None for rows of other levels."""
    if therapies is None or row["level"] != "period":
        return None
    own = therapies[therapies["period_id"] == row["period_id"]]
    return own.iloc[0] if len(own) else None


def _period_words(row: pd.Series, known: pd.Series | None, when: When) -> str:
    if known is not None and is_from_tags(known):
        return _("({limits}, from the tags)").format(limits=tag_limits(known, when))
    precision = "day" if known is None else str(known["date_precision"])
    end_precision = precision if known is None else str(known["end_date_precision"] or precision)
    start = start_text(row, known, when)
    # Some languages put an article before a day, but none before a month or year.
    exact = precision == "day"
    if row["end_status"] == "ended":
        end = end_text(row, known, when)
        if exact and end_precision == "day":
            return _("from {first} to {last}").format(first=start, last=end)
        return _("from {start} to {end}").format(start=start, end=end)
    if row["end_status"] == "ongoing":
        return (_("since {date}") if exact else _("since {start}")).format(date=start, start=start)
    return _("from {start}, end unknown").format(start=start)


def cycles_words(n: float) -> str:
    """A number of cycles: ``6 cycles``."""
    return ngettext("{n} cycle", "{n} cycles", n).format(n=f"{n:.0f}")


def second_line(rows: pd.DataFrame, row: pd.Series, settings: Settings, later: str = "") -> str:
    """What stands behind the word: its reason, the other sites, pairs, and what is needed.

    Parameters
    ----------
    rows : DataFrame
        Contract CHANGES, every row of the same period.
    row : Series
        The one in focus.
    settings : Settings
    later : str
        A sentence on therapies that have no reading yet.
    """
    parts = [
        needed_for_change(row, settings.baseline_window_days),
        _reason_sentence(row, settings),
        _sites_sentence(rows, settings),
        _outcomes_sentence(rows, row),
        pairs_sentence(row) if row["answer"] == "phases" else "",
    ]
    if row["end_status"] == "ongoing":
        parts.append(what_is_needed(row, settings.min_readings))
    parts.append(last_read_text(row))
    return " ".join(part for part in (*parts, later) if part)


def no_reading_yet(periods: pd.DataFrame, therapies: pd.DataFrame) -> str:
    """Therapies that started later and hold no reading, in a sentence."""
    said = []
    for _n, row in periods.iterrows():
        if row["end_status"] != "ended":
            period = _period_words(row, period_of(row, therapies), When())
            said.append(f"{regimen_label(row)} {period}")
    return _("{regimens}: no reading yet.").format(regimens=", ".join(said)) if said else ""


def _reason_sentence(row: pd.Series, settings: Settings) -> str:
    without_word = row["verdict_reason_code"] == "direction_unknown"
    if pd.isna(row["mean_change_mm"]) or not (row["answer"] == "phases" or without_word):
        return ""
    why = answer_words(row, settings.min_readings, settings.improvement).why
    if without_word:
        why = reason_text(row, settings.min_readings)
    mean = mean_text(row)
    return (
        _("Over all readings {mean}, {why}.").format(mean=mean, why=why)
        if why
        else _("Over all readings {mean}.").format(mean=mean)
    )


def mean_text(row: pd.Series) -> str:
    """The difference of the means with its interval: ``−0.55 mm [−0.80, −0.30]``."""
    change = amount_text(row, row["mean_change_mm"], sign=True)
    if pd.isna(row["ci_low_mm"]):
        return change
    return f"{change} {interval(row['ci_low_mm'], row['ci_high_mm'])}"


def _sites_sentence(rows: pd.DataFrame, settings: Settings) -> str:
    """The word over the sites of the period, where there are several with enough readings."""
    over_sites = rows[rows["level"] == "patient"]
    if len(over_sites) == 0 or over_sites["verdict"].iloc[0] == "too_few_readings":
        return ""
    said = answer_words(over_sites.iloc[0], settings.min_readings, settings.improvement)
    return f"{capital(said.word)}."


def _outcomes_sentence(rows: pd.DataFrame, row: pd.Series) -> str:
    """Second outcomes of the same period with their numbers."""
    others = rows[(rows["measure"] != THICKNESS) & rows["change_mm"].notna()]
    if row["measure"] != THICKNESS:
        return ""
    said = [
        f"{place_name(one)} {amount_text(one, one['baseline_mm'], unit=False)} → "
        f"{amount_text(one, one['last_mm'])}, "
        f"{amount_text(one, one['change_mm'], unit=False, sign=True)}"
        for _n, one in others.iterrows()
    ]
    return f"{capital(listed(said))}." if said else ""


def pairs_sentence(row: pd.Series) -> str:
    """The pairs as a sentence; blank where there is none."""
    words = pairs_text(row)
    return f"{capital(words)}." if words else ""


def pairs_text(row: pd.Series) -> str:
    """NAP in words: in how many pairs the reading under the regimen was lower."""
    if not row["n_pairs"] > 0:
        return ""
    lower, size = row["n_pairs_lower"], f"{row['n_reference']:.0f} × {row['n_under']:.0f}"
    template = _("in {lower} of {pairs} pairs ({size} readings) the reading {under} was lower")
    if not float(lower).is_integer():
        template = _(
            "in {lower} of {pairs} pairs ({size} readings; a tie counts half) the reading {under} "
            "was lower"
        )
    return template.format(
        lower=whole(lower), pairs=f"{row['n_pairs']:.0f}", size=size, under=under_text(row)
    )


def key_figures(row: pd.Series, rows: pd.DataFrame, visits: pd.DataFrame) -> tuple[KeyFigure, ...]:
    """Last value of the site, change in focus, change of the site since the untreated start.

    Parameters
    ----------
    row : Series
        Of contract CHANGES, the one in focus.
    rows : DataFrame
        Contract CHANGES, every row of the same series.
    visits : DataFrame
        Contract VISITS.

    Returns
    -------
    tuple of KeyFigure
    """
    title = _("Change {under}").format(under=under_text(row))
    figures = [_last_figure(row, visits), _change_figure(title, row, "", "change")]
    since = rows[rows["change_untreated_mm"].notna()]
    if len(since):
        latest = since.iloc[int(since["last_day"].to_numpy().argmax())]
        started = _("Since untreated start")
        figures.append(_change_figure(started, latest, "untreated_", "untreated"))
    return tuple(figures)


def _last_figure(row: pd.Series, visits: pd.DataFrame) -> KeyFigure:
    own = visits[visits["value_mm"].notna()]
    own = own[(own["patient_id"] == row["patient_id"]) & (own["measure"] == row["measure"])]
    read = own[rows_of_series(own, series_key_of(row))].sort_values("t", kind="stable")
    title = _("Last value, {site}").format(site=place_text(row, visits))
    if read.empty:
        return KeyFigure(title, "–", "", _("no value"), "baseline")
    latest = read.iloc[-1]
    note = f"{day_text(latest['date'], latest['t'])} · {n_readings(latest['n_replicates'])}"
    value = amount_text(row, latest["value_mm"], unit=False)
    return KeyFigure(title, value, row["unit"], note, "baseline")


def _change_figure(title: str, row: pd.Series, start: str, term: Term) -> KeyFigure:
    size, share = row[f"change_{start}mm"], row[f"change_{start}pct"]
    if pd.isna(size):
        return KeyFigure(title, "–", "", word_text("not_computable"), term)
    value = amount_text(row, size, unit=False, sign=True)
    low, high = row[f"limit_{start}low_mm"], row[f"limit_{start}high_mm"]
    limit = low if size < 0 else high
    parts = ["" if pd.isna(share) else per_cent(share)]
    if pd.notna(limit):
        parts.append(_("limit {limit}").format(limit=amount_text(row, limit)))
    return KeyFigure(title, value, row["unit"], " · ".join(filter(None, parts)), term)


def patient_facts(visits: pd.DataFrame) -> tuple[str, str]:
    """How much there is of a patient: visits, time, sites, outcomes and device.

    Parameters
    ----------
    visits : DataFrame
        Contract VISITS, of skin thickness and of outcomes.
    """
    if visits.empty:
        return _("No visit"), ""
    days_in_order = visits.sort_values("t", kind="stable")
    first, last = days_in_order.iloc[0], days_in_order.iloc[-1]
    days = visits["t"].nunique()
    span = day_text(first["date"], first["t"])
    if days > 1:
        span += f" – {day_text(last['date'], last['t'])}"
    keys = keys_of(thickness_rows(visits))
    sites = len(sites_among(keys))
    outcomes = outcome_rows(visits)["measure"].nunique()
    frequencies = sorted(visits["frequency_mhz"].dropna().unique())
    parts = [span]
    if sites or not outcomes:
        parts.append(ngettext("{n} site", "{n} sites", sites).format(n=sites))
    if len(keys) > sites:
        parts.append(ngettext("{n} series", "{n} series", len(keys)).format(n=len(keys)))
    if outcomes:
        parts.append(ngettext("{n} outcome", "{n} outcomes", outcomes).format(n=outcomes))
    parts += [f"{f:g} MHz" for f in frequencies]
    return ngettext("{n} visit", "{n} visits", days).format(n=days), " · ".join(parts)


def without_change(visits: pd.DataFrame, patient_id: str) -> tuple[tuple[Segment, ...], str]:
    """Headline and second line where there are not two readings of a site."""
    own = visits[visits["patient_id"] == patient_id]
    if own.empty:
        return (Segment(_("No reading yet.")),), _("Needed: two readings. A change needs two.")
    said = _("One reading. A change needs a second one.")
    return (Segment(said),), _("Needed: one more reading on a later day.")


def repeatability_lines(found: Repeatability) -> tuple[str, ...]:
    """What paired repeat visits say about measurement error, in sentences."""
    sem, icc, bias = found.sem_mm, found.icc, found.bias_mm
    lines = [
        _(
            "SEM {sem} mm (95 % interval {low} to {high}) from {pairs} pairs of {patients} "
            "patients: SD of the differences / √2. Smallest detectable change {mdc}."
        ).format(
            sem=decimals(sem.value, 3),
            low=decimals(sem.low, 3),
            high=decimals(sem.high, 3),
            pairs=found.n_pairs,
            patients=found.n_patients,
            mdc=plus_minus(found.mdc95_mm),
        ),
        _("ICC(2,1) {icc} ({low} to {high}). Bias {bias} {limits}.").format(
            icc=decimals(icc.value, 2),
            low=decimals(icc.low, 2),
            high=decimals(icc.high, 2),
            bias=change_mm(bias.value),
            limits=interval(bias.low, bias.high),
        ),
    ]
    if found.grows_with_value:
        lines.append(
            _("The error grows with the value: {share} % of it is proposed.").format(
                share=decimals(100 * found.sem_fraction, 1)
            )
        )
    return (*lines, *map(str, found.warnings))
