"""From what a database driver says to what a clinician can act on.

A driver's message can quote a row (PostgreSQL: "Failing row contains ..."), so none of it
is passed on; only names of constraints and files are.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

from sqlalchemy.exc import DBAPIError, StatementError
from sqlalchemy.exc import TimeoutError as PoolTimeout

from sm_tracker.errors import ConflictError, StoreError
from sm_tracker.languages import Message
from sm_tracker.store.rows import Stored, place_of

Said = tuple[Message, Message, Message]
_NOTHING_LOST = Message("nothing of this step was stored, and what was stored before is untouched")
_BUSY = (
    Message("The database is locked by another program"),
    Message("it stayed locked for as long as we were told to wait"),
    Message("try again in a moment; {nothing_lost}", nothing_lost=_NOTHING_LOST),
)
_FULL = (
    Message("The disk is full"),
    Message("the database could not grow"),
    Message("free some space and repeat the step; {nothing_lost}", nothing_lost=_NOTHING_LOST),
)
_READ_ONLY = (
    Message("The database cannot be written to"),
    Message("the file, its folder or the connection is read-only"),
    Message(
        "ask for write permission on the folder, or choose another database; {nothing_lost}",
        nothing_lost=_NOTHING_LOST,
    ),
)
_UNOPENED = (
    Message("The database cannot be opened"),
    Message("the file or its folder is missing or may not be read"),
    Message("check the path and the permissions"),
)
_DAMAGED = (
    Message("The database file is damaged or not an SQLite file"),
    Message("SQLite cannot read it"),
    Message("move it aside and restore the last backup"),
)
_WRITE_FAILED = (
    Message("The database could not be written"),
    Message("the system refused to write (disk, quota or network drive)"),
    Message("check the disk and repeat the step; {nothing_lost}", nothing_lost=_NOTHING_LOST),
)
_UNREACHABLE = (
    Message("The database cannot be reached"),
    Message("no connection, or the server refused it"),
    Message("check that the server runs, and check address, user and password"),
)
_REFUSED = (
    Message("The database refused the change"),
    Message("the account of this connection has no right to these rows"),
    Message("sign in for the clinic that owns them"),
)

_SQLITE: dict[str, Said] = {
    "SQLITE_BUSY": _BUSY,
    "SQLITE_LOCKED": _BUSY,
    "SQLITE_PROTOCOL": _BUSY,
    "SQLITE_FULL": _FULL,
    "SQLITE_READONLY": _READ_ONLY,
    "SQLITE_CANTOPEN": _UNOPENED,
    "SQLITE_PERM": _UNOPENED,
    "SQLITE_AUTH": _UNOPENED,
    "SQLITE_NOTADB": _DAMAGED,
    "SQLITE_CORRUPT": _DAMAGED,
    "SQLITE_IOERR": _WRITE_FAILED,
}
_POSTGRESQL: dict[str, Said] = {
    "55P03": _BUSY,
    "40001": _BUSY,
    "40P01": _BUSY,
    "57014": _BUSY,
    "53100": _FULL,
    "25006": _READ_ONLY,
    "42501": _REFUSED,
    "58030": _WRITE_FAILED,
}
_POSTGRESQL_CLASSES: dict[str, Said] = {
    "08": _UNREACHABLE,
    "28": _UNREACHABLE,
    "3D": _UNREACHABLE,
    "53": _UNREACHABLE,
    "57": _UNREACHABLE,
}


class EditConflict(ConflictError):
    """Somebody else changed the record first.

    Attributes
    ----------
    stored : Stored
        The record as it is now.
    yours : Measurement, TherapyPeriod or OutcomeReading
        The record as the refused change would have made it.
    expected_version : int
        The version on which the refused change was based.
    """

    def __init__(self, stored: Stored[Any], yours: Any, expected_version: int) -> None:
        super().__init__(
            Message("This record was changed by somebody else in the meantime"),
            where=place_of(stored.entity, stored.record_id),
            why=Message(
                "the change was based on version {expected_version}, and version {version} is "
                "stored",
                expected_version=expected_version,
                version=stored.version,
            ),
            fix=Message("compare both versions and save the right one again"),
        )
        self.stored = stored
        self.yours = yours
        self.expected_version = expected_version


@contextlib.contextmanager
def clear_errors(where: str) -> Iterator[None]:
    """Turn what a driver raises into a :class:`StoreError` without any value of a row.

    Parameters
    ----------
    where : str
        The database, without its password.

    Raises
    ------
    StoreError
        For everything that is not a defect of the program.
    """
    try:
        yield
    except PoolTimeout:
        raise _error(_BUSY, where) from None
    except DBAPIError as error:
        raise _translated(error, where) from None
    except StatementError as error:
        if isinstance(error.orig, UnicodeError | OverflowError):
            raise StoreError(
                "A value cannot be kept by the database",
                where=where,
                why="a text holds broken characters, or a number is too large",
                fix="correct the value",
            ) from None
        raise


def _translated(error: DBAPIError, where: str) -> Exception:
    name = getattr(error.orig, "sqlite_errorname", None) or ""
    state = getattr(error.orig, "sqlstate", None) or ""
    if name.startswith("SQLITE_CONSTRAINT") or state.startswith("23") or state == "P0001":
        return _broken_rule(error, where)
    family = "_".join(name.split("_")[:2])
    known = _SQLITE.get(family) or _POSTGRESQL.get(state) or _POSTGRESQL_CLASSES.get(state[:2])
    if known is None and type(error.orig).__name__ == "OperationalError" and not name and not state:
        # psycopg gives no SQLSTATE when the connection itself fails or breaks.
        known = _UNREACHABLE
    return _error(known, where) if known else error


def _broken_rule(error: DBAPIError, where: str) -> StoreError:
    diagnosis = getattr(error.orig, "diag", None)
    rule = getattr(diagnosis, "constraint_name", None) or ""
    text = str(error.orig).splitlines()[0]
    if not rule and (text.startswith("sm_tracker: ") or "constraint failed" in text):
        # Our own triggers and SQLite name the rule; neither quotes a value.
        rule = text
    return StoreError(
        "The database refused a change that breaks one of its rules",
        where=where,
        why=rule or "a constraint",
        fix=Message("correct the record; {nothing_lost}", nothing_lost=_NOTHING_LOST),
    )


def _error(words: Said, where: str) -> StoreError:
    what, why, fix = words
    return StoreError(what, where=where, why=why, fix=fix)
