"""The one error family: what went wrong, where, why, and how to put it right.

A page or command catches :class:`TrackerError` and nothing wider; anything else is a
defect of the program. Messages may name files, rows, columns and dates, but are never
written to a log, because a cell can hold a patient's data.
"""

from __future__ import annotations


class TrackerError(Exception):
    """Base of every error a user can cause and can put right.

    Parameters
    ----------
    what : str
        What went wrong, in one sentence without a full stop.
    where : str, optional
        File, sheet, row, column or setting.
    why : str, optional
        The evidence: the value seen and the rule it breaks.
    fix : str, optional
        What the user can do now.
    """

    def __init__(self, what: str, *, where: str = "", why: str = "", fix: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.where = where
        self.why = why
        self.fix = fix

    def __str__(self) -> str:
        parts = [f"{self.what}."]
        if self.where:
            parts.append(f"Where: {self.where}.")
        if self.why:
            parts.append(f"Why: {self.why}.")
        if self.fix:
            parts.append(f"To fix: {self.fix}.")
        return " ".join(parts)


class ColumnError(TrackerError):
    """A table lacks a column it needs, or a column holds values of the wrong kind."""


class ReadError(TrackerError):
    """A file cannot be read as a table."""


class LimitError(ReadError):
    """A file is larger than a named limit allows."""


class AnswerError(TrackerError):
    """An answer names no open question, or a value that is not among its choices."""


class SettingError(TrackerError):
    """A setting has an unknown name or a value outside its range."""


class MixedTimeError(TrackerError):
    """Calendar dates and day numbers are mixed within one patient."""


class TooFewReadings(TrackerError):
    """A statistic needs more readings than it was given."""


class ExportError(TrackerError):
    """A figure, table or report cannot be written as asked."""


class StoreError(TrackerError):
    """The database cannot be opened, is of another version, or refused a change."""


class ConflictError(StoreError):
    """A record was changed by somebody else in the meantime."""


class PermissionDenied(TrackerError):
    """The signed-in person may not do this."""
