"""What the pages say about single records: their fields, what they hold, what was done to them."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sm_tracker import languages
from sm_tracker.domain.event_kinds import (
    OTHER_EVENT,
    event_kind_in_languages,
    event_kind_of,
)
from sm_tracker.domain.records import Event, Measurement, Record, TherapyPeriod
from sm_tracker.figures.languages import headed, listed, outcome_text, site_text
from sm_tracker.languages import gettext as _
from sm_tracker.languages import ngettext
from sm_tracker.report.numbers import day_text, mm, rough_date

if TYPE_CHECKING:
    from sm_tracker.store import HistoryEntry, ImportPreview, ImportReport, ImportSummary

NOTHING = "–"


def field_words(entity: str = "") -> dict[str, str]:
    """The name of each field of a record, with its unit; of one kind of record where given."""
    of_events = {"kind": _("Kind of event"), "date_precision": _("Date known to the")}
    return {
        "date": _("Date"),
        "day": _("Day"),
        "site": _("Site"),
        "side": _("Side"),
        "layer": _("Layer"),
        "thickness_mm": _("Thickness (mm)"),
        "qualifier": _("< or >"),
        "status": _("Status"),
        "replicate": _("Replicate"),
        "device": _("Device"),
        "frequency_mhz": _("Frequency (MHz)"),
        "velocity_m_s": _("Sound velocity (m/s)"),
        "examiner": _("Examiner"),
        "doubt": _("Doubt"),
        "doubt_reason": _("Reason of the doubt"),
        "note": _("Note"),
        "sd_mm": _("SD (mm)"),
        "approximate": _("Approximate"),
        "site_text": _("Site as written"),
        "therapy": _("Therapy"),
        "therapy_text": _("Therapy as written"),
        "start": _("Start"),
        "start_day": _("First day"),
        "end": _("End"),
        "end_day": _("Last day"),
        "end_status": _("How it ended"),
        "date_precision": _("Dates known to the"),
        "end_date_precision": _("End known to the"),
        "period_id": _("Period"),
        "kind": _("Way of giving"),
        "dose": _("Dose"),
        "cycles": _("Cycles"),
        "session_dates": _("Sessions"),
        "route": _("Route"),
        "stop_reason": _("Why it was stopped"),
        "show_in_figure": _("In the figure"),
        "dates_derived": _("Dates from tags"),
        "starts_after": _("Starts after"),
        "starts_by": _("Starts by"),
        "ends_after": _("Ends after"),
        "ends_by": _("Ends by"),
        "outcome": _("Outcome"),
        "event": _("Event"),
        "value": _("Value"),
        "unit": _("Unit"),
        "better": _("Better direction"),
        "mark": _("Mark"),
        "mark_reason": _("Reason of the mark"),
        "file": _("File"),
        "sheet": _("Sheet"),
        "row": _("Row"),
    } | (of_events if entity == "clinical_event" else {})


def entity_words() -> dict[str, str]:
    """The kinds of records, in the plural."""
    return {
        "measurement": _("Measurements"),
        "therapy_period": _("Therapies"),
        "outcome_reading": _("Outcomes"),
        "clinical_event": _("Events"),
    }


def field_word(name: str, entity: str = "") -> str:
    """The name of a field, or how the store calls it where there is no word."""
    return field_words(entity).get(name, name.replace("_", " "))


def value_word(value: object) -> str:
    """A value of a field as it is read: dates as dates, nothing as a dash."""
    if value is None or value == "" or value == [] or value == ():
        return NOTHING
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, dt.date):
        return day_text(value, math.nan)
    if isinstance(value, float):
        return f"{value:g}"
    if isinstance(value, list | tuple):
        return ", ".join(map(value_word, value))
    return _day_of_iso(str(value))


def _day_of_iso(text: str) -> str:
    try:
        return day_text(dt.date.fromisoformat(text), math.nan) if len(text) == 10 else text
    except ValueError:
        return text


def record_line(record: Record, *, with_patient: bool = False, with_value: bool = True) -> str:
    """One record in a line: ``10 Jan 2024 · left forearm · 2.50 mm``."""
    if isinstance(record, Measurement):
        words = [
            _when(record.date, record.day),
            f"{record.side} {record.site}".strip(),
            _thickness(record),
        ]
    elif isinstance(record, TherapyPeriod):
        words = [_when(record.start, record.start_day), record.therapy, record.dose]
    elif isinstance(record, Event):
        words = [_event_day(record), record.event, kind_of_event(record)]
    else:
        words = [
            _when(record.date, record.day),
            record.outcome,
            f"{record.value:g} {record.unit}".strip(),
        ]
    if not with_value:
        words.pop()
    if with_patient:
        words.insert(0, record.patient_id)
    return " · ".join(filter(None, words))


def kind_of_event(event: Event) -> str:
    """The kind of an event in words; blank where what was written says it already."""
    named = event_kind_in_languages(event.kind)
    said = event_kind_of(event.event) == event.kind or event.kind == OTHER_EVENT
    return "" if said or named is None else _(named[0])


def _event_day(event: Event) -> str:
    if event.date is not None and event.date_precision != "day":
        return rough_date(event.date, event.date_precision)
    return _when(event.date, event.day)


def assumed_text(reading: Measurement) -> str:
    """What was taken from the series that a reading joined; blank where it states everything."""
    names = reading.assumed.split()
    if not names:
        return ""
    fields = listed(f"{field_word(n)} {value_word(getattr(reading, n))}" for n in names)
    return _("Not stated, so taken from the series of this site: {fields}.").format(fields=fields)


def kept_apart() -> str:
    """What is said about a reading that fits several series and joins none."""
    return _("Several series of this site fit this reading; it is kept apart until it says more.")


def _when(date: dt.date | None, day: int | None) -> str:
    return day_text(date, math.nan if day is None else float(day))


def _thickness(reading: Measurement) -> str:
    if reading.thickness_mm is None:
        return reading.status.replace("_", " ")
    return f"{reading.qualifier} {mm(reading.thickness_mm)} mm".strip()


_zone: ContextVar[ZoneInfo | None] = ContextVar("zone", default=None)


@contextmanager
def clock_of(zone: str | None) -> Iterator[None]:
    """Tell moments in the time of a zone, such as that of the browser; else in UTC."""
    try:
        known = ZoneInfo(zone) if zone else None
    except (ZoneInfoNotFoundError, ValueError):
        known = None
    token = _zone.set(known)
    try:
        yield
    finally:
        _zone.reset(token)


def clock_name() -> str:
    """The zone in whose time moments are told."""
    zone = _zone.get()
    return zone.key if zone else "UTC"


def moment_text(at: str) -> str:
    """A moment of the store in local time: ``12 Mar 2026, 15:05``; ``14:05 UTC`` without one."""
    zone = _zone.get()
    when = dt.datetime.fromisoformat(at).astimezone(zone or dt.UTC)
    return f"{day_text(when.date(), math.nan)}, {when:%H:%M}{'' if zone else ' UTC'}"


def audit_action_words() -> dict[str, str]:
    """What was done to a record, by the name it has in the audit trail."""
    return {
        "add": _("Added"),
        "correct": _("Corrected"),
        "join": _("Joined to a series"),
        "remove": _("Marked as removed"),
        "bring back": _("Brought back"),
        "replace": _("Replaced by an import"),
        "undo": _("Import undone"),
        "undo import": _("Import undone"),
        "import": _("Imported"),
        "erase": _("Erased"),
        "save": _("Saved"),
        "blank": _("Blanked by an erasure"),
        "digest": _("Taken into the trail"),
        "sign in": _("Signed in"),
        "sign out": _("Signed out"),
        "refused": _("Refused"),
        "view": _("Viewed"),
        "export": _("Exported"),
    }


def changes_text(entry: HistoryEntry) -> str:
    """What an entry changed, a field in each line; what was added is not listed again."""
    if entry.redacted:
        return _("blanked by an erasure")
    if entry.before is None or entry.after is None:
        return ""
    return "\n".join(
        headed(field_word(name, entry.entity), f"{value_word(before)} → {value_word(after)}")
        for name, (before, after) in entry.changes.items()
        if name not in _OWN_BOOKS
    )


_OWN_BOOKS = frozenset({"imported_digest", "batch_id", "id", "patient_key"})


def history_row(entry: HistoryEntry) -> tuple[str, ...]:
    """When, who, what, changes and reason of one change."""
    what = audit_action_words().get(entry.action, entry.action)
    if entry.batch_id is not None:
        what = f"{what} ({_('import {n}').format(n=entry.batch_id)})"
    return moment_text(entry.at), entry.user, what, changes_text(entry), entry.reason


def trail_row(entry: HistoryEntry) -> tuple[str, ...]:
    """A change in the audit trail: its number, and which record of whom it was done to."""
    at, user, what, changed, reason = history_row(entry)
    names = {
        "measurement": _("measurement"),
        "therapy_period": _("therapy"),
        "outcome_reading": _("outcome"),
        "clinical_event": _("event"),
        "patient": _("patient"),
        "import_batch": _("import"),
        "saved_settings": _("settings"),
        "remembered_answers": _("remembered answers"),
        "access": _("patient") if entry.entity_id else "",
    }
    # A number made from a header tells nobody anything; no patient has the number 0.
    number = "" if entry.entity == "remembered_answers" else entry.entity_id or ""
    record = _site_and_day(entry) or f"{names.get(entry.entity, entry.entity)} {number}".strip()
    if entry.folded:
        rows = ngettext("{n} entry", "{n} entries", entry.folded).format(n=entry.folded)
        changed = "\n".join(filter(None, (rows, changed)))
    return str(entry.seq), at, user, what, entry.patient_id, record, changed, reason


def _site_and_day(entry: HistoryEntry) -> str:
    """What a record is about, and its day: ``right forearm, 10 Jan 2024``."""
    held = entry.after or entry.before or {}
    site, side = held.get("site"), held.get("side")
    about = site_text(str(site), str(side or ""), languages.current()) if site else ""
    if outcome := held.get("outcome"):
        about = outcome_text(str(outcome), languages.current())
    about = about or held.get("therapy") or held.get("event") or ""
    days = (held.get(name) for name in ("date", "day", "start", "start_day"))
    day = next((d for d in days if d is not None), None)
    when = _("day {n}").format(n=day) if isinstance(day, int) else value_word(day)
    return ", ".join(filter(None, (str(about), when))) if about else ""


def preview_counts(preview: ImportPreview) -> tuple[tuple[str, int, str], ...]:
    """What an import would do, as kind, number and sentence; only what occurs."""
    counted = (
        ("added", _("new, would be stored")),
        ("changed", _("differ from what is stored")),
        ("unchanged", _("stored already, nothing happens")),
        ("corrected", _("corrected here since they were imported; the correction stays")),
        ("removed", _("marked as removed here; they stay removed")),
        ("missing", _("stored from a file of this name and no longer in it; they stay")),
    )
    numbers = ((kind, len(getattr(preview, kind)), words) for kind, words in counted)
    return tuple((kind, n, words) for kind, n, words in numbers if n)


def import_label(preview: ImportPreview, on_changed: str | None) -> str:
    """What the import button says: how much would be stored, and how much replaced."""
    n = len(preview.added) + (len(preview.changed) if on_changed == "add" else 0)
    label = ngettext("Import {n} new row", "Import {n} new rows", n).format(n=n)
    if on_changed != "replace":
        return label
    text = _("{import_rows}, replace {n}")
    return text.format(import_rows=label, n=len(preview.changed))


def changed_rows(preview: ImportPreview) -> tuple[tuple[str, str, str, str], ...]:
    """Record, field, what is stored and what the file says, for each field that differs."""
    return tuple(
        (
            record_line(change.stored.record, with_patient=True),
            field_word(name, change.stored.entity),
            value_word(getattr(change.stored.record, name)),
            value_word(getattr(change.incoming, name)),
        )
        for change in preview.changed
        for name in change.fields
    )


def import_report(report: ImportReport) -> str:
    """What an import did, in a sentence."""
    if report.already_imported:
        text = _("Nothing was added: the same files were imported before (import {n}).")
        return text.format(n=report.batch_id)
    parts = [ngettext("{n} row added", "{n} rows added", report.added).format(n=report.added)]
    more = (
        (report.replaced, _("{n} replaced")),
        (report.kept, _("{n} left as stored although the file differs")),
        (report.unchanged, _("{n} stored already")),
        (report.corrected, _("{n} left as corrected here")),
        (report.removed, _("{n} left out as removed here")),
    )
    parts += [words.format(n=n) for n, words in more if n]
    return _("Import {n}: {what}.").format(n=report.batch_id, what=", ".join(parts))


def import_line(past: ImportSummary) -> tuple[str, str]:
    """A past import: its files, and when, by whom and how much."""
    names = ", ".join(f.name for f in past.files)
    parts = [moment_text(past.at), past.user]
    parts.append(ngettext("{n} row added", "{n} rows added", past.added).format(n=past.added))
    if past.replaced:
        parts.append(_("{n} replaced").format(n=past.replaced))
    if past.undone_at:
        undone = _("undone {at} by {user}")
        parts.append(undone.format(at=moment_text(past.undone_at), user=past.undone_by))
    return _("Import {n}: {names}").format(n=past.batch_id, names=names), " · ".join(parts)


def both_versions(
    stored: Record, yours: Record, before: Mapping[str, Any]
) -> tuple[tuple[str, str, str, str], ...]:
    """Field, as it was, as somebody else made it, as you would make it; where two differ."""
    rows = []
    entity = "clinical_event" if isinstance(stored, Event) else ""
    for name in before:
        was, theirs, mine = before[name], getattr(stored, name), getattr(yours, name)
        if not was == theirs == mine:
            rows.append(
                (field_word(name, entity), value_word(was), value_word(theirs), value_word(mine))
            )
    return tuple(rows)


def choice_word(word: object) -> str:
    """A word of a fixed list, as a form shows it."""
    words = {
        "left": _("left"),
        "right": _("right"),
        "ok": _("measured"),
        "not_measurable": _("not measurable"),
        "beyond_depth": _("beyond the measuring depth"),
        "ended": _("ended"),
        "ongoing": _("ongoing"),
        "unknown": _("end unknown"),
        "open": _("open"),
        "confirmed": _("confirmed"),
        "day": _("day"),
        "week": _("week"),
        "month": _("month"),
        "quarter": _("quarter"),
        "year": _("year"),
        "continuous": _("continuous"),
        "cyclic": _("in cycles"),
        "pulse": _("in pulses"),
        "taper": _("tapered"),
        "single": _("single dose"),
        "lower": _("lower"),
        "higher": _("higher"),
    }
    kind = event_kind_in_languages(str(word))
    return words.get(str(word)) or (_(kind[0]) if kind else str(word))
