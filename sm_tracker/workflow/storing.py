"""Records that last: the store as the use cases see it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Literal

from sm_tracker.config import configuration
from sm_tracker.domain.records import ReadResult
from sm_tracker.ingest import SourceFile
from sm_tracker.store.actor import Actor
from sm_tracker.store.database import create_private_file, open_store, parsed, sqlite_path
from sm_tracker.store.import_reports import ImportedFile, ImportPreview, ImportReport
from sm_tracker.store.migrate import migrate
from sm_tracker.store.repository import RecordStore

LOCAL = Actor(user="local user", clinic="local", role="admin")
"""Who acts where nobody signs in: the one person at this machine."""

OnChanged = Literal["refuse", "replace", "keep", "add"]


@contextmanager
def record_store(url: str = "", actor: Actor = LOCAL) -> Iterator[RecordStore]:
    """The records of the actor's clinic; an SQLite file is made at the first use.

    Parameters
    ----------
    url : str
        Of the database; the configured one if blank.
    actor : Actor

    Raises
    ------
    StoreError
        If the database cannot be opened, or is of another version.
    """
    address = url or configuration().database_url
    make_local_database(address)
    with open_store(address) as opened:
        yield RecordStore(opened, actor)


def make_local_database(url: str) -> None:
    """Make the SQLite file with its tables where there is none; others are left alone."""
    address = parsed(url)
    path = sqlite_path(address)
    if path is not None and not path.exists():
        create_private_file(path)
        migrate(address)


def import_files(
    store: RecordStore,
    result: ReadResult,
    files: Sequence[SourceFile],
    answers: Mapping[str, str],
    *,
    on_changed: OnChanged = "refuse",
    agreement: str = "",
) -> ImportReport:
    """Store what was read, and remember the answers for files with the same header."""
    report = store.import_batch(
        result,
        imported(files),
        answers=answers,
        on_changed=on_changed,
        agreement=agreement,
    )
    if answers:
        for signature in {r.signature for r in result.recognised} - {""}:
            store.remember_answers(signature, answers)
    return report


def preview(store: RecordStore, result: ReadResult, files: Sequence[SourceFile]) -> ImportPreview:
    """What importing these files would do now; stores nothing."""
    return store.preview_import(result, imported(files))


def remembered_answers(store: RecordStore, result: ReadResult) -> dict[str, str]:
    """Answers given before for files with these headers."""
    found: dict[str, str] = {}
    for line in result.recognised:
        if line.signature:
            found.update(store.answers_for(line.signature))
    return found


def imported(files: Sequence[SourceFile]) -> tuple[ImportedFile, ...]:
    """Files by name and fingerprint, as the store keeps them."""
    return tuple(ImportedFile.of(f.name, f.content) for f in files)
