"""What the store asks of texts that are not fields of a record."""

from __future__ import annotations

from typing import Any

from sm_tracker.domain.record_rules import storable_text
from sm_tracker.errors import RecordError, StoreError
from sm_tracker.languages import Message


def checked_text(value: Any, name: str) -> str:
    """A text that every database can keep.

    Raises
    ------
    StoreError
        If it is none, or holds NUL or half a character.
    """
    try:
        return storable_text(value, name)
    except RecordError as error:
        raise StoreError(
            Message("{name} cannot be stored", name=name), why=error.because, fix="correct it"
        ) from None


def checked_reason(reason: str) -> str:
    """A reason that somebody has given.

    Raises
    ------
    StoreError
        If it is blank.
    """
    if not checked_text(reason, "reason").strip():
        raise StoreError("The reason is blank", where="reason", fix="say why")
    return reason
