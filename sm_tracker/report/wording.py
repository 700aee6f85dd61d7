"""Sentences from the change table: what a result says, in words that claim nothing more.

Every number comes from the change table; nothing is computed here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import pandas as pd

from sm_tracker.analysis.repeatability import Repeatability
from sm_tracker.domain.records import ReadResult
from sm_tracker.domain.regimens import abbreviate
from sm_tracker.report.numbers import (
    change_mm,
    day_text,
    from_to,
    interval,
    mm,
    per_cent,
    plus_minus,
    whole,
)

Tone = Literal["", "thinner", "within", "thicker"]

ERROR_CHECK_WORDS = {
    "thinner": "Thinner, beyond measurement error",
    "thicker": "Thicker, beyond measurement error",
    "within_error": "Within measurement error",
    "not_computable": "Not computable",
}
TONES: dict[str, Tone] = {"thinner": "thinner", "thicker": "thicker", "within_error": "within"}
GLYPHS = {"thinner": "▼", "thicker": "▲", "within_error": "=", "not_computable": "–"}

INTENDED_USE = (
    "SM Tracker documents and supports research by professionals: it reports change of "
    "thickness against an assumed measurement error. No diagnosis, no treatment advice; not a "
    "medical device."
)

FLAG_SENTENCES = {
    "overlap": "{overlaps} ran at the same time; the change is not credited to {regimen} alone.",
    "steroid_running": "A systemic steroid ran at the same time; steroids thin skin.",
    "examiner_changed": "Another examiner measured part of these readings.",
    "device_changed": "The device or its setting changed between these readings.",
    "baseline_is_trigger": "The baseline is the {worst} of the readings before; part of the "
    "change may be a return to the usual level.",
    "carry_over": "Another therapy ended shortly before the start and may still act.",
    "approximate_dates": "Start or end is known to the month or year only.",
    "few_replicates": "The baseline or the last value rests on few readings of that visit.",
    "trend_before": "The readings before the start already moved in the same direction.",
    "end_unknown": "The end of the therapy is unknown.",
    "baseline_not_last": "A later reading before the start was censored or unreadable.",
    "last_not_latest": "A later reading under the regimen was censored or unreadable.",
}


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


def plain(segments: tuple[Segment, ...]) -> str:
    """A sentence without its colours."""
    return "".join(s.text for s in segments)


def site_name(row: pd.Series) -> str:
    """A site as read aloud: ``left forearm``."""
    return f"{row['side']} {row['site']}".strip()


def regimen_label(row: pd.Series) -> str:
    """The label of a regimen in sentences: its abbreviation where it has one."""
    return " + ".join(abbreviate(name) for name in row["regimen"].split(" + "))


def headline(row: pd.Series) -> tuple[Segment, ...]:
    """One sentence: what happened to this site under this regimen, against the error."""
    site, regimen = site_name(row).capitalize(), regimen_label(row)
    check = row["error_check"]
    if check == "not_computable":
        return (Segment(f"{site}: change under {regimen} cannot be computed, {_why(row)}."),)
    size = f"{change_mm(row['change_mm'])} in {row['days']:.0f} days"
    if check == "within_error":
        return (Segment(f"{site} skin under {regimen}: {size}, within measurement error."),)
    return (
        Segment(f"{site} skin is "),
        Segment(check, TONES[check]),
        Segment(f" under {regimen}: {size}, more than measurement error explains."),
    )


def _why(row: pd.Series) -> str:
    reason = str(row["error_reason"])
    return reason.replace("; ", " and ") or "a reading is missing"


def second_line(rows: pd.DataFrame, row: pd.Series) -> str:
    """The other sites under the same period, and what the pairs of readings say."""
    computed = rows[rows["error_check"] != "not_computable"]
    parts = []
    if len(rows) > 1 and len(computed):
        beyond = computed[computed["error_check"] == "thinner"]
        words = f"{len(beyond)} of {len(rows)} sites thinner beyond measurement error"
        thicker = computed[computed["error_check"] == "thicker"]
        if len(thicker):
            words += f"; {len(thicker)} thicker"
        missing = len(rows) - len(computed)
        parts.append(words + (f"; {missing} not computable." if missing else "."))
    if row["n_pairs"] > 0:
        parts.append(pairs_sentence(row))
    return " ".join(parts)


def pairs_sentence(row: pd.Series) -> str:
    """NAP in words: in how many pairs the reading under the regimen was lower."""
    return (
        f"In {whole(row['n_pairs_lower'])} of {row['n_pairs']:.0f} reading pairs the "
        f"{site_name(row)} was thinner under {regimen_label(row)} than before it."
    )


def key_figures(row: pd.Series) -> tuple[KeyFigure, ...]:
    """Last value, change under the regimen, change since the untreated start."""
    regimen = regimen_label(row)
    last = KeyFigure(f"Last value, {site_name(row)}", "–", "", "no reading under the regimen")
    if pd.notna(row["last_mm"]):
        when = day_text(row["last_date"], row["last_day"])
        readings = f"{row['n_last']:.0f} reading{'s' if row['n_last'] != 1 else ''}"
        last = KeyFigure(
            f"Last value, {site_name(row)}", mm(row["last_mm"]), "mm", f"{when} · {readings}"
        )
    return (
        last,
        _change_figure(f"Change under {regimen}", row, "change_mm", "change_pct", "mdc95_mm"),
        _change_figure(
            "Since untreated start",
            row,
            "change_untreated_mm",
            "change_untreated_pct",
            "mdc95_untreated_mm",
        ),
    )


def _change_figure(title: str, row: pd.Series, size: str, share: str, error: str) -> KeyFigure:
    if pd.isna(row[size]):
        return KeyFigure(title, "–", "", "not computable")
    value, unit = change_mm(row[size]).rsplit(" ", 1)
    return KeyFigure(title, value, unit, f"{per_cent(row[share])} · error {plus_minus(row[error])}")


def reading_sentence(row: pd.Series) -> str:
    """Answer A in one line: ``2.49 → 1.62 mm in 168 days, −0.87 mm (−35 %); error ±0.41 mm``."""
    if row["error_check"] == "not_computable":
        return f"Not computable: {_why(row)}."
    return (
        f"{from_to(row['baseline_mm'], row['last_mm'])} in {row['days']:.0f} days, "
        f"{change_mm(row['change_mm'])} ({per_cent(row['change_pct'])}); assumed error "
        f"{plus_minus(row['mdc95_mm'])}."
    )


def verdict_words(row: pd.Series, improvement: str = "decrease") -> tuple[str, str]:
    """Answer B as a few words, and the line of numbers behind them."""
    lower = improvement == "decrease"
    words = {
        "improved": "Thinner than before" if lower else "Thicker than before",
        "worsened": "Thicker than before" if lower else "Thinner than before",
        "unchanged": "No change larger than the error",
        "undecided": "Undecided",
        "too_few_readings": "Too few readings",
    }[row["verdict"]]
    if row["verdict"] == "too_few_readings":
        return words, str(row["verdict_reason"])
    numbers = (
        f"mean {change_mm(row['mean_change_mm'])} {interval(row['ci_low_mm'], row['ci_high_mm'])}"
    )
    reason = f"; {row['verdict_reason']}" if row["verdict_reason"] else ""
    pairs = (
        f"; in {whole(row['n_pairs_lower'])} of {row['n_pairs']:.0f} pairs the reading under "
        f"{regimen_label(row)} was lower"
    )
    return words, numbers + reason + pairs


def what_is_needed(row: pd.Series, min_readings: int) -> str:
    """What would allow an answer, where there is none; blank otherwise."""
    if row["verdict"] != "too_few_readings":
        return ""
    wanted = []
    for n, where in (
        (row["n_reference"], "before"),
        (row["n_under"], f"under {regimen_label(row)}"),
    ):
        lacking = int(min_readings - n)
        if lacking > 0:
            wanted.append(f"{lacking} more {where}")
    return "Readings needed for a verdict: " + ", ".join(wanted) + "." if wanted else ""


def flag_sentences(row: pd.Series, improvement: str = "decrease") -> tuple[str, ...]:
    """Every flag of a row as a plain sentence."""
    values = {
        "overlaps": row["overlaps_with"] or "Another therapy",
        "regimen": regimen_label(row),
        "worst": "thickest" if improvement == "decrease" else "thinnest",
    }
    return tuple(FLAG_SENTENCES[name].format(**values) for name in row["flags"].split())


def error_note(row: pd.Series, sem_mm: float, sem_fraction: float) -> str:
    """The assumed error of one value, with its source."""
    return (
        f"Error of one value: the larger of {sem_mm:.2f} mm and {100 * sem_fraction:.0f} % "
        f"({row['sem_source']})."
    )


def patient_facts(visits: pd.DataFrame) -> tuple[str, str]:
    """How much there is of a patient: visits, time, sites and device."""
    if visits.empty:
        return "No visit", ""
    days_in_order = visits.sort_values("t", kind="stable")
    first, last = days_in_order.iloc[0], days_in_order.iloc[-1]
    days = visits["t"].nunique()
    span = day_text(first["date"], first["t"])
    if days > 1:
        span += f" – {day_text(last['date'], last['t'])}"
    sites = len(visits[["site", "side"]].drop_duplicates())
    frequencies = sorted(visits["frequency_mhz"].dropna().unique())
    parts = [span, f"{sites} site{'s' if sites > 1 else ''}"]
    parts += [f"{f:g} MHz" for f in frequencies]
    return f"{days} visit{'s' if days > 1 else ''}", " · ".join(parts)


def without_change(visits: pd.DataFrame, patient_id: str) -> tuple[Segment, ...]:
    """The headline where there is no therapy or only one reading."""
    own = visits[visits["patient_id"] == patient_id]
    if own.empty:
        return (Segment("No reading yet. A change needs two."),)
    if own["t"].nunique() == 1:
        return (Segment("One reading. A change needs a second one."),)
    return (Segment("Readings are drawn; without a therapy there is nothing to compare."),)


def repeatability_lines(found: Repeatability) -> tuple[str, ...]:
    """What paired repeat visits say about measurement error, in sentences."""
    sem, icc, bias = found.sem_mm, found.icc, found.bias_mm
    lines = [
        f"SEM {sem.value:.3f} mm (95 % interval {sem.low:.3f} to {sem.high:.3f}) from "
        f"{found.n_pairs} pairs of {found.n_patients} patients: SD of the differences / √2. "
        f"Smallest change beyond error {plus_minus(found.mdc95_mm)}.",
        f"ICC(2,1) {icc.value:.2f} ({icc.low:.2f} to {icc.high:.2f}). Bias "
        f"{change_mm(bias.value)} {interval(bias.low, bias.high)}.",
    ]
    if found.grows_with_value:
        lines.append(
            f"The error grows with the value: {100 * found.sem_fraction:.1f} % of it is proposed."
        )
    return (*lines, *found.warnings)


def import_headline(result: ReadResult | None, n_open: int) -> tuple[str, str]:
    """The headline of the import page, and the line beneath it."""
    safe = "Nothing is stored yet. Your files stay on this machine."
    if result is None:
        return "Import", "Add one or many files. " + safe
    if result.outcome == "reject":
        return "These files cannot be imported.", "The findings below say why. " + safe
    if n_open or result.outcome == "ask":
        n = max(n_open, 1)
        return f"{n} question{'s' if n > 1 else ''} left before these files can be imported.", safe
    return f"{counted(result).capitalize()} can be imported.", safe


def counted(result: ReadResult) -> str:
    """How much a reading gave: ``15 readings and 7 therapies``."""
    counts = (
        (len(result.measurements), "reading", "readings"),
        (len(result.therapies), "therapy", "therapies"),
        (len(result.outcomes), "outcome value", "outcome values"),
    )
    parts = [f"{n} {one if n == 1 else many}" for n, one, many in counts if n]
    return " and ".join(parts) if len(parts) < 3 else f"{parts[0]}, {parts[1]} and {parts[2]}"


def import_action(result: ReadResult) -> tuple[str, str]:
    """The text of the import button, and the reason why it cannot be pressed (or blank)."""
    if result.outcome == "reject":
        return "Import", "Nothing in these files can be imported."
    if result.outcome == "ask":
        return "Import", "Answer every question to import."
    return f"Import {counted(result)}", ""
