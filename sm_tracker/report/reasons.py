"""What would be needed for an answer that cannot be given, and what limits an answer.

The change table gives reasons and flags as codes; here, and in
:mod:`sm_tracker.figures.answer_words`, they become words in the language in use.
"""

from __future__ import annotations

import pandas as pd

from sm_tracker.domain.regimens import abbreviate
from sm_tracker.domain.tables import THICKNESS
from sm_tracker.figures.answer_words import error_reasons
from sm_tracker.languages import gettext as _
from sm_tracker.languages import ngettext
from sm_tracker.report.numbers import When


def regimen_label(row: pd.Series) -> str:
    """The label of a regimen in sentences: its abbreviation where it has one."""
    if row["level"] == "untreated":
        return _("no therapy")
    if row["level"] == "course":
        return _("whole course")
    return combination_label(row["regimen"])


def combination_label(regimen: str) -> str:
    """The label of regimens given together, joined by a plus sign."""
    return " + ".join(abbreviate(name) for name in regimen.split(" + "))


def under_text(row: pd.Series, label: str = "") -> str:
    """In mid-sentence: ``under IVIG``, ``without therapy``, ``over the whole course``."""
    if row["level"] == "untreated":
        return _("without therapy")
    if row["level"] == "course":
        return _("over the whole course")
    return _("under {regimen}").format(regimen=label or regimen_label(row))


def error_reason_words(row: pd.Series) -> str:
    """Why there is no reading against reading, in words; blank where there is one.

    A reading in the stretch in which an inexactly dated period may have started or ended
    counts neither before nor under it, so that it may be drawn within the period.
    """
    codes = str(row["error_reason_code"])
    if _inexact(row) and codes == "no_reading":
        return _("no reading on a day that surely belongs to the regimen")
    return error_reasons(codes)


def _inexact(row: pd.Series) -> bool:
    return not {"approximate_dates", "dates_from_tags"}.isdisjoint(str(row["flags"]).split())


def needed_for_change(row: pd.Series, window_days: int, when: When | None = None) -> str:
    """What would allow a reading against reading, where there is none; blank otherwise."""
    if row["error_check"] != "not_computable":
        return ""
    when = when or When()
    start = when.day(row["starts_on"], row["starts_day"])
    wanted = []
    for code in str(row["error_reason_code"]).split():
        if code in ("no_baseline", "before_unusable"):
            wanted.append(
                _("one reading in the {days} days before {start}").format(
                    days=window_days, start=start
                )
            )
        elif code in ("no_reading", "under_unusable"):
            wanted.append(_reading_under(row, when))
        else:
            wanted.append(_other_need(code))
    return _("Needed: {readings}.").format(readings=_(" and ").join(wanted)) if wanted else ""


def _other_need(code: str) -> str:
    return {
        "device_changed": _("readings of one device on both sides of the start"),
        "layer_differs": _("readings of one layer on both sides of the start"),
        "one_reading": _("one more reading on a later day"),
        **dict.fromkeys(
            ("before_doubtful", "under_doubtful"), _("the doubtful value confirmed or corrected")
        ),
        "never_measured": _("two readings, one before and one under the regimen"),
    }[code]


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
    """What would allow a word over all readings, where there is none; blank otherwise."""
    if row["verdict"] != "too_few_readings" or row["level"] == "patient":
        return ""
    wanted = []
    before, during = int(min_readings - row["n_reference"]), int(min_readings - row["n_under"])
    if before > 0:
        wanted.append(_("{n} before").format(n=before))
    if during > 0:
        wanted.append(_("{n} {under}").format(n=during, under=under_text(row)))
    if not wanted:
        return ""
    return _("Readings still needed: {readings}.").format(readings=", ".join(wanted))


def last_read_text(row: pd.Series) -> str:
    """How long before the start the state before was last read, where that is too long."""
    if pd.isna(row["months_before"]) or row["verdict"] != "too_few_readings":
        return ""
    months = f"{row['months_before']:.0f}"
    return _("Last read {months} months before the start.").format(months=months)


def after_end_text(row: pd.Series, therapy: pd.Series | None) -> str:
    """How long after the end the last value was read; blank where it was not after it.

    Parameters
    ----------
    row : Series
        Of contract CHANGES.
    therapy : Series or None
        The period, of contract THERAPIES; gives what it ended with.
    """
    if pd.isna(row["days_after_end"]):
        return ""
    n = int(row["days_after_end"])
    days = ngettext("{n} day", "{n} days", n).format(n=n)
    if therapy is not None and _end_precision(therapy) != "day":
        days = _("at least {days}").format(days=days)
    return {
        "cycle": _("last value {days} after the last cycle"),
        "pulse": _("last value {days} after the last pulse"),
        "session": _("last value {days} after the last session"),
        "end": _("last value {days} after the end"),
    }[_ended_with(therapy)].format(days=days)


def _end_precision(therapy: pd.Series) -> str:
    return str(therapy["end_date_precision"] or therapy["date_precision"])


def _ended_with(therapy: pd.Series | None) -> str:
    if therapy is None:
        return "end"
    if therapy["kind"] in ("cyclic", "pulse"):
        return {"cyclic": "cycle", "pulse": "pulse"}[therapy["kind"]]
    if therapy["session_dates"]:
        return "session"
    return "end" if pd.isna(therapy["cycles"]) else "cycle"


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
        "approximate_dates": _("Start or end is not known to the day."),
        "dates_from_tags": _(
            "Start or end is known from the tags of the readings only; it lies between two of them."
        ),
        "few_replicates": _("The baseline or the last value rests on few readings of that visit."),
        "trend_before": _("The readings before the start already moved in the same direction."),
        "end_unknown": _("The end of the therapy is unknown."),
        "baseline_not_last": _("A later reading before the start could not be used."),
        "last_not_latest": _("A later reading during this time could not be used."),
        "after_end": _("The last value was read after the end."),
        "interrupted": _(
            "A short course of a systemic steroid lies within the readings before; it does not "
            "interrupt them."
        ),
        "series_joined": _(
            "Some readings do not state side, layer, device or frequency; they were counted with "
            "the only series of the site that they fit."
        ),
        "series_ambiguous": _(
            "These readings do not state enough to tell which series of the site they belong to, "
            "so they are kept apart."
        ),
        "doubtful_value": _(
            "A reading beside these is doubtful; it counts in no result until it is confirmed or "
            "corrected."
        ),
    }


def _worst(row: pd.Series, improvement: str) -> str:
    """The worst of several readings, of an outcome without saying in which direction it lies."""
    if row["measure"] != THICKNESS:
        return _("worst")
    return _("thickest") if improvement == "decrease" else _("thinnest")


def flag_sentences(
    row: pd.Series, improvement: str = "decrease", therapy: pd.Series | None = None
) -> tuple[str, ...]:
    """Every flag of a row as a plain sentence."""
    others = ", ".join(abbreviate(name) for name in row["overlaps_with"].split(", ") if name)
    values = {
        "overlaps": others or _("Another therapy"),
        "regimen": regimen_label(row),
        "worst": _worst(row, improvement),
    }
    templates = flag_templates()
    return tuple(
        templates[name].format(**values)
        for name in row["flags"].split()
        # Said with the number of days beside the last value.
        if name != "after_end" or therapy is None
    )
