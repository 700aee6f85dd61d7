"""What the Import page says: one line a file, findings as rows, nothing left to work out."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from sm_tracker.domain.records import Finding, Place, ReadResult, Recognised

LEVELS = ("error", "warning", "info")
LEVEL_WORDS = {"error": "Refused", "warning": "Check", "info": "Know"}
LEVEL_COUNTS = {"error": "refused", "warning": "to check", "info": "to know"}


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


def file_lines(result: ReadResult, answered: Collection[str]) -> tuple[FileLine, ...]:
    """A line for each file or sheet.

    Parameters
    ----------
    result : ReadResult
    answered : collection of str
        Keys of the questions that were answered.
    """
    return tuple(_file_line(line, result, answered) for line in result.recognised)


def _file_line(line: Recognised, result: ReadResult, answered: Collection[str]) -> FileLine:
    def here(place: Place) -> bool:
        return place.file == line.file and (not line.sheet or place.sheet == line.sheet)

    measured = [m for m in result.measurements if here(m.place)]
    counts = (
        (sum(m.status == "ok" and not m.qualifier for m in measured), "reading", "readings"),
        (sum(bool(m.qualifier) for m in measured), "kept as < or >", "kept as < or >"),
        (sum(m.status != "ok" for m in measured), "without a value", "without a value"),
        (sum(here(p.place) for p in result.therapies), "therapy", "therapies"),
        (sum(here(o.place) for o in result.outcomes), "outcome value", "outcome values"),
        (sum(here(r.place) for r in result.refused), "row refused", "rows refused"),
    )
    asked = [q.key for q in result.questions if q.file in ("", line.file)]
    n_open = sum(key not in answered for key in asked)
    status = count(n_open, "question open", "questions open") if n_open else ""
    return FileLine(
        name=f"{line.file} · {line.sheet}" if line.sheet else line.file,
        summary=line.summary,
        counts=" · ".join(count(n, one, many) for n, one, many in counts if n),
        status=status,
        open=bool(n_open),
    )


def count(n: int, one: str, many: str) -> str:
    """A number with its noun: ``2 readings``."""
    return f"{n} {one if n == 1 else many}"


def finding_counts(result: ReadResult) -> dict[str, int]:
    """How many findings there are of each level that occurs, the gravest first."""
    counts = {level: sum(f.level == level for f in result.findings) for level in LEVELS}
    return {level: n for level, n in counts.items() if n}


def findings_title(result: ReadResult) -> str:
    """``Findings: 1 refused, 3 to check``."""
    counts = finding_counts(result)
    words = ", ".join(f"{n} {LEVEL_COUNTS[level]}" for level, n in counts.items())
    return f"Findings: {words}" if words else "No findings"


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
    rows = (_finding_row(f) for f in sorted(found, key=lambda f: LEVELS.index(f.level)))
    wanted = word.strip().casefold()
    return tuple(r for r in rows if not wanted or wanted in _searched(r))


def _finding_row(finding: Finding) -> FindingRow:
    place = finding.place
    return FindingRow(
        level=finding.level,
        word=LEVEL_WORDS[finding.level],
        file=f"{place.file} · {place.sheet}" if place.sheet else place.file,
        row="" if place.row is None else str(place.row),
        column=finding.column,
        value=finding.value,
        message=finding.message,
    )


def _searched(row: FindingRow) -> str:
    return " ".join((row.file, row.row, row.column, row.value, row.message)).casefold()
