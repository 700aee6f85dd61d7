"""The one error family: what went wrong, where, why, and how to put it right.

A page or command catches :class:`TrackerError` and nothing wider; anything else is a
defect of the program. Messages may name files, rows, columns and dates, but are never
written to a log, because a cell can hold a patient's data.
"""

from __future__ import annotations

from sm_tracker.languages import Message, gettext


class TrackerError(Exception):
    """Base of every error a user can cause and can put right.

    Each part is a text that the catalogues hold, a :class:`~sm_tracker.languages.Message` where
    values stand in it, or a name as it is; words are made where the error is shown, in the
    language in use there.

    Parameters
    ----------
    what : str or Message
        What went wrong, in one sentence without a full stop.
    where : str or Message, optional
        File, sheet, row, column or setting.
    why : str or Message, optional
        The evidence: the value seen and the rule it breaks.
    fix : str or Message, optional
        What the user can do now.
    """

    def __init__(
        self,
        what: str | Message,
        *,
        where: str | Message = "",
        why: str | Message = "",
        fix: str | Message = "",
    ) -> None:
        super().__init__(what)
        self._what = what
        self._where = where
        self._why = why
        self._fix = fix

    @property
    def what(self) -> str:
        """What went wrong, in the language in use."""
        return _in_words(self._what)

    @property
    def where(self) -> str:
        """File, sheet, row, column or setting."""
        return _in_words(self._where)

    @property
    def why(self) -> str:
        """The evidence, in the language in use."""
        return _in_words(self._why)

    @property
    def fix(self) -> str:
        """What the user can do now, in the language in use."""
        return _in_words(self._fix)

    def __str__(self) -> str:
        parts = [f"{self.what}."]
        if self._where:
            parts.append(gettext("Where: {where}.").format(where=self.where))
        if self._why:
            parts.append(gettext("Why: {why}.").format(why=self.why))
        if self._fix:
            parts.append(gettext("To fix: {fix}.").format(fix=self.fix))
        return " ".join(parts)


def _in_words(part: str | Message) -> str:
    return str(part) if isinstance(part, Message) else gettext(part)


class ColumnError(TrackerError):
    """A table lacks a column it needs, or a column holds values of the wrong kind."""


class RecordError(TrackerError):
    """A record was to be made with a value that its field cannot hold.

    Attributes
    ----------
    field : str
    value : str
        As it is shown; of a long text only how long it is.
    because : Message
        What is wrong with it.
    """

    def __init__(self, field: str, value: str | Message, why: Message) -> None:
        super().__init__(
            Message("{field} cannot be {value}", field=field, value=value or "''"),
            where=Message("field {name}", name=field),
            why=why,
            fix="correct the field",
        )
        self.field = field
        self.value = str(value)
        self.because = why


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
