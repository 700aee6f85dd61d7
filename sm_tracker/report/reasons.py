"""Why an answer cannot be given, what would be needed for one, and what limits an answer.

The change table gives reasons and flags as fixed English texts and codes; here they become
words in the language in use.
"""

from __future__ import annotations

import re

import pandas as pd

from sm_tracker.domain.regimens import abbreviate
from sm_tracker.languages import gettext as _
from sm_tracker.languages import ngettext
from sm_tracker.report.numbers import When

_TOO_FEW = re.compile(r"(\d+) before, (\d+) under; (\d+) each are needed")


def regimen_label(row: pd.Series) -> str:
    """The label of a regimen in sentences: its abbreviation where it has one."""
    if row["level"] == "untreated":
        return _("no therapy")
    return combination_label(row["regimen"])


def combination_label(regimen: str) -> str:
    """The label of regimens given together, joined by a plus sign."""
    return " + ".join(abbreviate(name) for name in regimen.split(" + "))


def reason_words(reason: str) -> str:
    """A reason of the change table in words; an unknown one stays as it is."""
    known = {
        "no baseline in the window before the start": _(
            "no reading in the time before the start that counts as baseline"
        ),
        "censored value: only censored or unreadable readings before the start": _(
            "the readings before the start are censored or unreadable"
        ),
        "doubtful value: no confirmed reading before the start": _(
            "the readings before the start are doubtful and not yet confirmed"
        ),
        "doubtful value: no confirmed reading under the regimen": _(
            "the readings under the regimen are doubtful and not yet confirmed"
        ),
        "no reading under the regimen": _("no reading under the regimen"),
        "censored value: only censored or unreadable readings under the regimen": _(
            "the readings under the regimen are censored or unreadable"
        ),
        "device changed": _("the readings before and under it are of different devices"),
        "layer differs": _("the readings before and under it are of different layers"),
        "no measurement of this patient": _("this patient has no measurement"),
        "interval too wide to tell": _("interval too wide to tell"),
        "smaller than the error, but not zero": _("smaller than the error, but not zero"),
        "already falling before": _("already falling before"),
        "already rising before": _("already rising before"),
    }
    return _(" and ").join(known.get(part, _too_few(part)) for part in _parts(reason))


def error_reason_words(row: pd.Series) -> str:
    """Why there is no reading against reading, in words; blank where there is one.

    A reading in the stretch in which an inexactly dated period may have started or ended
    counts neither before nor under it, so that it may be drawn within the period.
    """
    words = reason_words(str(row["error_reason"]))
    if _inexact(row) and str(row["error_reason"]) == "no reading under the regimen":
        return _("no reading on a day that surely belongs to the regimen")
    return words


def _inexact(row: pd.Series) -> bool:
    return "approximate_dates" in str(row["flags"]).split()


def _parts(reason: str) -> list[str]:
    if _TOO_FEW.fullmatch(reason):
        return [reason]
    return [part for part in reason.split("; ") if part]


def _too_few(reason: str) -> str:
    found = _TOO_FEW.fullmatch(reason)
    if found is None:
        return reason
    before, under, least = found.groups()
    return _("{before} before, {under} under; {least} each are needed").format(
        before=before, under=under, least=least
    )


def needed_for_change(row: pd.Series, window_days: int, when: When | None = None) -> str:
    """What would allow a reading against reading, where there is none; blank otherwise."""
    if row["error_check"] != "not_computable":
        return ""
    when = when or When()
    start = when.day(row["starts_on"], row["starts_day"])
    wanted = []
    for reason in _parts(str(row["error_reason"])):
        if "baseline" in reason or "before the start" in reason:
            wanted.append(
                _("one reading in the {days} days before {start}").format(
                    days=window_days, start=start
                )
            )
        elif "under the regimen" in reason:
            wanted.append(_reading_under(row, when))
        elif reason == "device changed":
            wanted.append(_("readings of one device on both sides of the start"))
        elif reason == "layer differs":
            wanted.append(_("readings of one layer on both sides of the start"))
        else:
            wanted.append(_("two readings, one before and one under the regimen"))
    return _("Needed: {readings}.").format(readings=_(" and ").join(wanted)) if wanted else ""


def _reading_under(row: pd.Series, when: When) -> str:
    if row["end_status"] == "ongoing":
        return _("one more reading under {regimen}").format(regimen=regimen_label(row))
    if _inexact(row):
        return _("the exact days on which {regimen} started and ended").format(
            regimen=regimen_label(row)
        )
    return _("one reading between {start} and {end}").format(
        start=when.day(row["starts_on"], row["starts_day"]),
        end=when.day(row["ends_on"], row["ends_day"]) or _("the end"),
    )


def what_is_needed(row: pd.Series, min_readings: int) -> str:
    """What would allow a verdict over all readings, where there is none; blank otherwise."""
    if row["verdict"] != "too_few_readings":
        return ""
    wanted = []
    before, under = int(min_readings - row["n_reference"]), int(min_readings - row["n_under"])
    if before > 0:
        wanted.append(ngettext("{n} more before", "{n} more before", before).format(n=before))
    if under > 0:
        words = ngettext("{n} more under {regimen}", "{n} more under {regimen}", under)
        wanted.append(words.format(n=under, regimen=regimen_label(row)))
    if not wanted:
        return ""
    return _("Readings needed for a verdict: {readings}.").format(readings=", ".join(wanted))


def flag_templates() -> dict[str, str]:
    """The sentence of every flag, with gaps for names."""
    return {
        "overlap": _(
            "{overlaps} ran at the same time; the change is not credited to {regimen} alone."
        ),
        "steroid_running": _("A systemic steroid ran at the same time; steroids thin skin."),
        "examiner_changed": _("Another examiner measured part of these readings."),
        "device_changed": _("The device or its setting changed between these readings."),
        "baseline_is_trigger": _(
            "The baseline is the {worst} of the readings before; part of the change may be a "
            "return to the usual level."
        ),
        "carry_over": _("Another therapy ended shortly before the start and may still act."),
        "approximate_dates": _("The start or the end is known only roughly."),
        "few_replicates": _("The baseline or the last value rests on few readings of that visit."),
        "trend_before": _("The readings before the start already moved in the same direction."),
        "end_unknown": _("The end of the therapy is unknown."),
        "baseline_not_last": _(
            "A later reading before the start is censored, unreadable or doubtful."
        ),
        "last_not_latest": _(
            "A later reading under the regimen is censored, unreadable or doubtful."
        ),
        "doubtful_value": _(
            "A reading beside these is doubtful; it counts in no result until it is confirmed or "
            "corrected."
        ),
    }


def flag_sentences(row: pd.Series, improvement: str = "decrease") -> tuple[str, ...]:
    """Every flag of a row as a plain sentence."""
    others = ", ".join(abbreviate(name) for name in row["overlaps_with"].split(", ") if name)
    values = {
        "overlaps": others or _("Another therapy"),
        "regimen": regimen_label(row),
        "worst": _("thickest") if improvement == "decrease" else _("thinnest"),
    }
    templates = flag_templates()
    return tuple(templates[name].format(**values) for name in row["flags"].split())
