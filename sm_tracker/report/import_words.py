"""What the Import page says: one line a file, findings as rows, nothing left to work out."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sm_tracker.domain.records import LETTERED, Finding, Place, ReadResult, Recognised
from sm_tracker.figures.languages import capital, listed
from sm_tracker.languages import gettext as _
from sm_tracker.languages import ngettext
from sm_tracker.report.numbers import n_readings

LEVELS = ("error", "warning", "info")


@dataclass(frozen=True, slots=True, kw_only=True)
class FileLine:
    """One file or sheet: what was recognised, what it gave, what is still asked."""

    name: str
    summary: str
    counts: str
    status: str
    open: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class FindingRow:
    """One finding in words. `place` is blank where it concerns a whole file."""

    level: str
    word: str
    file: str
    row: str
    column: str
    value: str
    message: str


def level_words() -> dict[str, str]:
    """What a finding of each level is called."""
    return {"error": _("Refused"), "warning": _("Check"), "info": _("For information")}


def file_lines(result: ReadResult, answered: Collection[str]) -> tuple[FileLine, ...]:
    """A line for each file or sheet.

    Parameters
    ----------
    result : ReadResult
    answered : collection of str
        Keys of the questions that were answered.
    """
    return tuple(_file_line(line, result, answered) for line in result.recognised)


def ledger_line(result: ReadResult) -> str:
    """How many cells of the files were used, and what became of the others.

    Blank while a question is open, and where no table was found.
    """
    ledger = result.ledger
    if ledger is None or not ledger.cells:
        return ""
    parts = [_("{used} of {cells} cells used").format(used=ledger.used, cells=ledger.cells)]
    if ledger.noted:
        parts.append(_("{n} kept as notes").format(n=ledger.noted))
    if ledger.named:
        parts.append(_("{n} named below").format(n=ledger.named))
    if ledger.refused:
        parts.append(_("{n} in refused rows").format(n=ledger.refused))
    return listed(parts)


def _file_line(line: Recognised, result: ReadResult, answered: Collection[str]) -> FileLine:
    n_open = sum(q.file in ("", line.file) for q in result.questions)
    n_answered = sum(_is_about(key, line) for key in answered)
    status = ""
    if n_open:
        status = ngettext("{n} question open", "{n} questions open", n_open).format(n=n_open)
    elif n_answered:
        status = ngettext("{n} question answered", "{n} questions answered", n_answered).format(
            n=n_answered
        )
    return FileLine(
        name=f"{line.file} · {line.sheet}" if line.sheet else line.file,
        summary=str(line.summary),
        counts=" · ".join(_counts(line, result)),
        status=status,
        open=bool(n_open),
    )


def _is_about(key: str, line: Recognised) -> bool:
    return key.partition("@")[2] in (line.file, f"{line.file}/{line.sheet}")


def _counts(line: Recognised, result: ReadResult) -> list[str]:
    def here(place: Place) -> bool:
        return place.file == line.file and (not line.sheet or place.sheet == line.sheet)

    measured = [m for m in result.measurements if here(m.place)]
    n = sum(m.status == "ok" and not m.qualifier for m in measured)
    words = [ngettext("{n} reading", "{n} readings", n).format(n=n)] if n else []
    n = sum(bool(m.qualifier) for m in measured)
    words += [_("{n} kept as < or >").format(n=n)] if n else []
    n = sum(m.status != "ok" for m in measured)
    words += [_("{n} without a value").format(n=n)] if n else []
    n = sum(here(p.place) for p in result.therapies)
    words += [ngettext("{n} therapy", "{n} therapies", n).format(n=n)] if n else []
    n = sum(here(o.place) for o in result.outcomes)
    words += [ngettext("{n} outcome value", "{n} outcome values", n).format(n=n)] if n else []
    n = sum(here(e.place) for e in result.events)
    words += [ngettext("{n} event", "{n} events", n).format(n=n)] if n else []
    n = sum(here(r.place) for r in result.refused)
    words += [ngettext("{n} row refused", "{n} rows refused", n).format(n=n)] if n else []
    return words


def finding_counts(result: ReadResult) -> dict[str, int]:
    """How many findings there are of each level that occurs, the gravest first."""
    counts = {level: sum(f.level == level for f in result.findings) for level in LEVELS}
    return {level: n for level, n in counts.items() if n}


def findings_title(result: ReadResult) -> str:
    """``Findings: 1 refused, 3 to check``."""
    words = {
        "error": _("{n} refused"),
        "warning": _("{n} to check"),
        "info": _("{n} for information"),
    }
    counts = [words[level].format(n=n) for level, n in finding_counts(result).items()]
    return _("Findings: {counts}").format(counts=", ".join(counts)) if counts else _("No findings")


def finding_rows(result: ReadResult, level: str = "", word: str = "") -> tuple[FindingRow, ...]:
    """Findings as rows, the refused first.

    Parameters
    ----------
    result : ReadResult
    level : str
        Only findings of this level; all if blank.
    word : str
        Only findings that hold this text in file, row, column, value or message.
    """
    found = [f for f in result.findings if level in ("", f.level)]
    words = level_words()
    rows = (_finding_row(f, words) for f in sorted(found, key=lambda f: LEVELS.index(f.level)))
    wanted = word.strip().casefold()
    return tuple(r for r in rows if not wanted or wanted in _searched(r))


def _finding_row(finding: Finding, words: dict[str, str]) -> FindingRow:
    place = finding.place
    return FindingRow(
        level=finding.level,
        word=words[finding.level],
        file=f"{place.file} · {place.sheet}" if place.sheet else place.file,
        row="" if place.row is None else str(place.row),
        column=column_word(finding.column),
        value=finding.value,
        message=str(finding.message),
    )


def _searched(row: FindingRow) -> str:
    return " ".join((row.file, row.row, row.column, row.value, row.message)).casefold()


def role_words() -> dict[str, str]:
    """What a person calls the role of a column, by its key."""
    return {
        "patient_id": _("Patient code"),
        "date": _("Date of the visit"),
        "day": _("Day number"),
        "week": _("Week number"),
        "month": _("Month number"),
        "year": _("Year"),
        "visit": _("Visit"),
        "site": _("Body site"),
        "side": _("Side"),
        "layer": _("Layer"),
        "thickness": _("Skin thickness"),
        "value": _("Value"),
        "unit": _("Unit"),
        "qualifier": _("Below or above (<, >)"),
        "status": _("Status of the reading"),
        "replicate": _("Number of the replicate"),
        "sd": _("Standard deviation"),
        "mean": _("Mean"),
        "device": _("Device"),
        "frequency_mhz": _("Frequency (MHz)"),
        "velocity_m_s": _("Sound velocity (m/s)"),
        "examiner": _("Examiner"),
        "doubt": _("Doubt"),
        "doubt_reason": _("Reason of the doubt"),
        "therapy": _("Therapy"),
        "start": _("Start of the therapy"),
        "end": _("End of the therapy"),
        "start_day": _("First day (number)"),
        "end_day": _("Last day (number)"),
        "end_status": _("How it ended"),
        "date_precision": _("Precision of the dates"),
        "end_date_precision": _("Precision of the end"),
        "starts_after": _("Start lies after (from tags)"),
        "starts_by": _("Start lies not later than (from tags)"),
        "ends_after": _("End lies not before (from tags)"),
        "ends_by": _("End lies before (from tags)"),
        "period_id": _("Name of the period"),
        "kind": _("Way of giving"),
        "dose": _("Dose"),
        "schedule": _("Schedule"),
        "cycles": _("Cycles"),
        "session_dates": _("Dates of sessions"),
        "route": _("Route"),
        "stop_reason": _("Reason for stopping"),
        "show_in_figure": _("Shown in the figure"),
        "outcome": _("Second outcome"),
        "event": _("Event"),
        "event_kind": _("Kind of event"),
        "better": _("Better direction"),
        "outcome value": _("Value of a second outcome"),
        "note": _("Note"),
    }


def answer_word(value: str) -> str:
    """What an answer is called: a code in words, a column by its letter, a value as it is."""
    return _answer_words().get(value) or column_word(value)


def column_word(column: str) -> str:
    """A column by its name, or by its letter where it has none."""
    if not column.startswith(LETTERED):
        return column
    return _("column {letter}").format(letter=column.removeprefix(LETTERED))


def _answer_words() -> dict[str, str]:
    return {
        "leave-out": _("leave-out"),
        "turn": _("turn"),
        "replicates": _("replicates"),
        "replicate": _("replicate"),
        "correction": _("correction"),
        "visits": _("visits"),
        "apart": _("apart"),
        "none": _("none"),
        "numbered": _("numbered"),
        "sheet-name": _("sheet-name"),
        "one-course": _("one-course"),
        "split-at-gaps": _("split-at-gaps"),
        "single": _("single"),
        "middle": _("middle"),
        "by-size": _("by-size"),
        "as-written": _("as-written"),
        "unknown": _("unknown"),
        "no-therapy": _("no-therapy"),
        "not-stated": _("not-stated"),
        "as-above": _("as-above"),
        "together": _("together"),
        "keep": _("keep"),
        "northern": _("northern"),
        "southern": _("southern"),
        "fill-down": _("fill-down"),
        "lower": _("lower"),
        "higher": _("higher"),
        "merge": _("merge"),
        "same": _("same"),
        "different": _("different"),
        "join": _("join"),
        "day-first": _("day-first"),
        "month-first": _("month-first"),
        "days": _("days"),
        "weeks": _("weeks"),
        "months": _("months"),
        "years": _("years"),
        "days-1900": _("days-1900"),
        "days-1970": _("days-1970"),
        "days-1960": _("days-1960"),
        "seconds-1582": _("seconds-1582"),
        "seconds-1970": _("seconds-1970"),
        "seconds-1960": _("seconds-1960"),
        "milliseconds-1970": _("milliseconds-1970"),
        "milliseconds-1960": _("milliseconds-1960"),
    }


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
    return _("{records} can be imported.").format(records=capital(counts_text(result))), safe


def counts_text(result: ReadResult) -> str:
    """How much a reading gave: ``15 readings and 7 therapies``."""
    readings, therapies = len(result.measurements), len(result.therapies)
    outcomes, events = len(result.outcomes), len(result.events)
    counts = (
        (readings, n_readings(readings)),
        (therapies, ngettext("{n} therapy", "{n} therapies", therapies).format(n=therapies)),
        (
            outcomes,
            ngettext("{n} outcome value", "{n} outcome values", outcomes).format(n=outcomes),
        ),
        (events, ngettext("{n} event", "{n} events", events).format(n=events)),
    )
    parts = [words for n, words in counts if n]
    return _(" and ").join([*filter(None, [", ".join(parts[:-1])]), *parts[-1:]])


def import_action(result: ReadResult) -> tuple[str, str]:
    """The text of the import button, and the reason why it cannot be pressed (or blank)."""
    if result.outcome == "reject":
        return _("Import"), _("Nothing in these files can be imported.")
    if result.outcome == "ask":
        return _("Import"), _("Answer every question to import.")
    return _("Import {records}").format(records=counts_text(result)), ""
