"""Sentences from the change table: what a result says, in words that claim nothing more.

Every number comes from the change table; nothing is computed here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import pandas as pd

from sm_tracker import languages
from sm_tracker.analysis.repeatability import Repeatability
from sm_tracker.domain.records import ReadResult
from sm_tracker.domain.series import keys_of, rows_of_series, sites_among
from sm_tracker.domain.series_key import key_of
from sm_tracker.domain.settings import Settings
from sm_tracker.figures import series_names
from sm_tracker.figures.languages import capital
from sm_tracker.languages import gettext as _
from sm_tracker.languages import ngettext
from sm_tracker.report.explanations import Term
from sm_tracker.report.numbers import (
    When,
    change_mm,
    day_text,
    decimals,
    from_to,
    interval,
    mm,
    per_cent,
    plus_minus,
    whole,
)
from sm_tracker.report.reasons import (
    error_reason_words,
    flag_sentences,
    needed_for_change,
    reason_words,
    regimen_label,
    what_is_needed,
)

__all__ = ["flag_sentences", "regimen_label", "what_is_needed"]

Tone = Literal["", "thinner", "within", "thicker"]

TONES: dict[str, Tone] = {"thinner": "thinner", "thicker": "thicker", "within_error": "within"}


def check_words(check: str) -> str:
    """Answer A in words."""
    return {
        "thinner": _("Thinner, beyond measurement error"),
        "thicker": _("Thicker, beyond measurement error"),
        "within_error": _("Within measurement error"),
        "not_computable": _("Not computable"),
    }[check]


def intended_use() -> str:
    """What the product is for, and what it is not."""
    return _(
        "SM Tracker documents and supports research by professionals: it reports change of "
        "thickness against an assumed measurement error. No diagnosis, no treatment advice; "
        "not a medical device."
    )


INTENDED_USE = intended_use()
"""The same in English, for files."""


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


def plain(segments: tuple[Segment, ...]) -> str:
    """A sentence without its colours."""
    return "".join(s.text for s in segments)


def site_name(row: pd.Series) -> str:
    """A site as read aloud: ``left forearm``."""
    return series_names.site_name(key_of(row), languages.current())


def place_of(row: pd.Series, visits: pd.DataFrame) -> str:
    """The series of a row as read aloud among those of its patient: ``left forearm, 40 MHz``."""
    own = visits[visits["patient_id"] == row["patient_id"]]
    names = series_names.series_names(keys_of(own), languages.current(), aloud=True)
    return names.get(key_of(row)) or site_name(row)


def headline(
    row: pd.Series,
    therapies: pd.DataFrame | None = None,
    when: When | None = None,
    place: str = "",
) -> tuple[Segment, ...]:
    """What happened to this site under this regimen: the facts, then what they are against error.

    Parameters
    ----------
    row : Series
        Of contract CHANGES.
    therapies : DataFrame, optional
        Contract THERAPIES of the same patient; gives the number of cycles and how exactly
        the dates are known.
    when : When, optional
    place : str
        Name of the series; that of the site if blank.

    Returns
    -------
    tuple of Segment
        The first holds the facts, the others the judgement.
    """
    subject = _("{site} under {regimen} ({period})").format(
        site=capital(place or site_name(row)),
        regimen=regimen_label(row),
        period=_period_words(row, therapies, when or When()),
    )
    check = row["error_check"]
    if check == "not_computable":
        return (
            Segment(_("{subject}: the change cannot be said.").format(subject=subject)),
            Segment(" " + capital(error_reason_words(row)) + "."),
        )
    facts = f"{subject}: {from_to(row['baseline_mm'], row['last_mm'])}, "
    error = f" ({plus_minus(row['mdc95_mm'])})."
    judged: tuple[Segment, ...]
    if check == "within_error":
        judged = (Segment(" " + _("Within the assumed measurement error") + error),)
    else:
        word = {"thinner": _("Thinner"), "thicker": _("Thicker")}[check]
        beyond = _(", beyond the assumed measurement error")
        judged = (Segment(" "), Segment(word, TONES[check]), Segment(beyond + error))
    return (Segment(f"{facts}{per_cent(row['change_pct'])}."), *judged)


def _period_words(row: pd.Series, therapies: pd.DataFrame | None, when: When) -> str:
    known = None
    if therapies is not None:
        own = therapies[therapies["period_id"] == row["period_id"]]
        known = own.iloc[0] if len(own) else None
    precision = "day" if known is None else str(known["date_precision"])
    end_precision = precision if known is None else str(known["end_date_precision"] or precision)
    start = when.limit(row["starts_on"], row["starts_day"], precision)
    if row["end_status"] == "ended":
        end = when.limit(row["ends_on"], row["ends_day"], end_precision)
        words = _("{start} to {end}").format(start=start, end=end)
    elif row["end_status"] == "ongoing":
        words = _("since {start}").format(start=start)
    else:
        words = _("from {start}, end unknown").format(start=start)
    if known is None or pd.isna(known["cycles"]):
        return words
    return f"{words}, {cycles_words(known['cycles'])}"


def cycles_words(n: float) -> str:
    """A number of cycles: ``6 cycles``."""
    return ngettext("{n} cycle", "{n} cycles", n).format(n=f"{n:.0f}")


def second_line(rows: pd.DataFrame, row: pd.Series, settings: Settings) -> str:
    """The other sites under the same period, what the pairs say, and what is needed."""
    parts = [needed_for_change(row, settings.baseline_window_days), _sites_sentence(rows)]
    if row["n_pairs"] > 0:
        parts.append(pairs_sentence(row))
    if row["end_status"] == "ongoing":
        parts.append(what_is_needed(row, settings.min_readings))
    return " ".join(part for part in parts if part)


def _sites_sentence(rows: pd.DataFrame) -> str:
    checks = rows["error_check"]
    n, missing = len(rows), int((checks == "not_computable").sum())
    if n < 2 or missing == n:
        return ""
    thinner, thicker = (int((checks == check).sum()) for check in ("thinner", "thicker"))
    if thicker and not thinner:
        parts = [_("{k} of {n} sites thicker beyond measurement error").format(k=thicker, n=n)]
    else:
        parts = [_("{k} of {n} sites thinner beyond measurement error").format(k=thinner, n=n)]
        if thicker:
            parts.append(_("{k} thicker").format(k=thicker))
    if missing:
        parts.append(_("{k} not computable").format(k=missing))
    return "; ".join(parts) + "."


def pairs_sentence(row: pd.Series) -> str:
    """NAP in words: in how many pairs the reading under the regimen was lower."""
    return _(
        "In {lower} of {pairs} reading pairs the {site} was thinner under {regimen} than before it."
    ).format(
        lower=whole(row["n_pairs_lower"]),
        pairs=f"{row['n_pairs']:.0f}",
        site=site_name(row),
        regimen=regimen_label(row),
    )


def key_figures(row: pd.Series, visits: pd.DataFrame) -> tuple[KeyFigure, ...]:
    """Last value, change under the regimen, change since the untreated start.

    Parameters
    ----------
    row : Series
        Of contract CHANGES.
    visits : DataFrame
        Contract VISITS; the last value of the row's series is named so only where no later
        one was read.

    Returns
    -------
    tuple of KeyFigure
    """
    return (
        _last_figure(row, visits),
        _change_figure(
            _("Change under {regimen}").format(regimen=regimen_label(row)),
            row,
            ("change_mm", "change_pct", "mdc95_mm"),
            "change",
        ),
        _change_figure(
            _("Since untreated start"),
            row,
            ("change_untreated_mm", "change_untreated_pct", "mdc95_untreated_mm"),
            "untreated",
        ),
    )


def _last_figure(row: pd.Series, visits: pd.DataFrame) -> KeyFigure:
    own = visits[visits["patient_id"] == row["patient_id"]]
    read = own[rows_of_series(own, key_of(row)) & own["value_mm"].notna()]
    read = read.sort_values("t", kind="stable")
    place = place_of(row, visits)
    title = _("Last value, {site}").format(site=place)
    if pd.notna(row["last_mm"]):
        if len(read) and read["t"].iloc[-1] > row["last_day"]:
            title = _("Last value under {regimen}, {site}").format(
                regimen=regimen_label(row), site=place
            )
        return _dated_figure(title, *row[["last_mm", "last_date", "last_day", "n_last"]])
    if len(read):
        latest = read.iloc[-1]
        return _dated_figure(title, *latest[["value_mm", "date", "t", "n_replicates"]])
    return KeyFigure(title, "–", "", _("no value"), "baseline")


def _dated_figure(title: str, value: float, date: object, day: float, n: float) -> KeyFigure:
    note = f"{day_text(date, day)} · {n_readings(n)}"
    return KeyFigure(title, mm(value), "mm", note, "baseline")


def n_readings(n: float) -> str:
    """A number of readings: ``3 readings``."""
    return ngettext("{n} reading", "{n} readings", n).format(n=f"{n:.0f}")


def _change_figure(
    title: str, row: pd.Series, columns: tuple[str, str, str], term: Term
) -> KeyFigure:
    size, share, error = (row[column] for column in columns)
    if pd.isna(size):
        return KeyFigure(title, "–", "", _("not computable"), term)
    value, unit = change_mm(size).rsplit(" ", 1)
    against = _("error {error}").format(error=plus_minus(error))
    return KeyFigure(title, value, unit, f"{per_cent(share)} · {against}", term)


def verdict_name(verdict: str, improvement: str = "decrease") -> str:
    """Answer B in a few words."""
    thinner, thicker = _("Thinner than before"), _("Thicker than before")
    better, worse = (thinner, thicker) if improvement == "decrease" else (thicker, thinner)
    return {
        "improved": better,
        "worsened": worse,
        "unchanged": _("No change larger than the error"),
        "undecided": _("Undecided"),
        "too_few_readings": _("Too few readings"),
    }[verdict]


def verdict_words(row: pd.Series, improvement: str = "decrease") -> tuple[str, str]:
    """Answer B as a few words, and the line of numbers behind them."""
    words = verdict_name(row["verdict"], improvement)
    reason = reason_words(str(row["verdict_reason"]))
    if row["verdict"] == "too_few_readings":
        return words, reason
    mean = _("mean {change} {interval}").format(
        change=change_mm(row["mean_change_mm"]),
        interval=interval(row["ci_low_mm"], row["ci_high_mm"]),
    )
    pairs = _("in {lower} of {pairs} pairs the reading under {regimen} was lower").format(
        lower=whole(row["n_pairs_lower"]),
        pairs=f"{row['n_pairs']:.0f}",
        regimen=regimen_label(row),
    )
    return words, "; ".join(part for part in (mean, reason, pairs) if part)


def patient_facts(visits: pd.DataFrame) -> tuple[str, str]:
    """How much there is of a patient: visits, time, sites and device."""
    if visits.empty:
        return _("No visit"), ""
    days_in_order = visits.sort_values("t", kind="stable")
    first, last = days_in_order.iloc[0], days_in_order.iloc[-1]
    days = visits["t"].nunique()
    span = day_text(first["date"], first["t"])
    if days > 1:
        span += f" – {day_text(last['date'], last['t'])}"
    keys = keys_of(visits)
    sites = len(sites_among(keys))
    frequencies = sorted(visits["frequency_mhz"].dropna().unique())
    parts = [span, ngettext("{n} site", "{n} sites", sites).format(n=sites)]
    if len(keys) > sites:
        parts.append(ngettext("{n} series", "{n} series", len(keys)).format(n=len(keys)))
    parts += [f"{f:g} MHz" for f in frequencies]
    return ngettext("{n} visit", "{n} visits", days).format(n=days), " · ".join(parts)


def without_change(visits: pd.DataFrame, patient_id: str) -> tuple[tuple[Segment, ...], str]:
    """Headline and second line where there is no therapy or only one reading."""
    own = visits[visits["patient_id"] == patient_id]
    if own.empty:
        return (Segment(_("No reading yet.")),), _("Needed: two readings. A change needs two.")
    if own["t"].nunique() == 1:
        said = _("One reading. A change needs a second one.")
        return (Segment(said),), _("Needed: one more reading on a later day.")
    said = _("Readings are drawn; without a therapy there is nothing to compare.")
    return (Segment(said),), _("Needed: a therapy with its start. Add it under Records.")


def repeatability_lines(found: Repeatability) -> tuple[str, ...]:
    """What paired repeat visits say about measurement error, in sentences."""
    sem, icc, bias = found.sem_mm, found.icc, found.bias_mm
    lines = [
        _(
            "SEM {sem} mm (95 % interval {low} to {high}) from {pairs} pairs of {patients} "
            "patients: SD of the differences / √2. Smallest change beyond error {mdc}."
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
    return (*lines, *found.warnings)


def import_headline(result: ReadResult | None, n_open: int) -> tuple[str, str]:
    """The headline of the import page, and the line beneath it."""
    safe = _("Files are stored only when you say so, and are sent nowhere else.")
    if result is None:
        return _("Import"), _("Add one or many files.") + " " + safe
    if result.outcome == "reject":
        return _("These files cannot be imported."), _("The findings below say why.") + " " + safe
    if n_open or result.outcome == "ask":
        n = max(n_open, 1)
        left = ngettext(
            "{n} question left before these files can be imported.",
            "{n} questions left before these files can be imported.",
            n,
        )
        return left.format(n=n), safe
    return _("{records} can be imported.").format(records=capital(counted(result))), safe


def counted(result: ReadResult) -> str:
    """How much a reading gave: ``15 readings and 7 therapies``."""
    readings, therapies = len(result.measurements), len(result.therapies)
    outcomes = len(result.outcomes)
    counts = (
        (readings, n_readings(readings)),
        (therapies, ngettext("{n} therapy", "{n} therapies", therapies).format(n=therapies)),
        (
            outcomes,
            ngettext("{n} outcome value", "{n} outcome values", outcomes).format(n=outcomes),
        ),
    )
    parts = [words for n, words in counts if n]
    if len(parts) < 3:
        return _(" and ").join(parts)
    return f"{parts[0]}, {parts[1]}{_(' and ')}{parts[2]}"


def import_action(result: ReadResult) -> tuple[str, str]:
    """The text of the import button, and the reason why it cannot be pressed (or blank)."""
    if result.outcome == "reject":
        return _("Import"), _("Nothing in these files can be imported.")
    if result.outcome == "ask":
        return _("Import"), _("Answer every question to import.")
    return _("Import {records}").format(records=counted(result)), ""
