"""Records that last: the store as the use cases see it."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from sm_tracker.config import configuration
from sm_tracker.domain.placing import NoStoredReadings, StoredReadings
from sm_tracker.domain.records import Place, Question, ReadResult, Recognised
from sm_tracker.errors import AnswerError, StoreError
from sm_tracker.ingest import SourceFile
from sm_tracker.store import (
    ENTITIES,
    Actor,
    Addition,
    ChangedRow,
    Correction,
    Database,
    Edit,
    EditConflict,
    Entity,
    HistoryEntry,
    ImportedFile,
    ImportPreview,
    ImportReport,
    ImportSummary,
    LastView,
    OnChanged,
    PatientSummary,
    RecordStore,
    Removal,
    Role,
    Stored,
    UndoReport,
    make_tables,
    open_store,
    require_wall,
)

__all__ = [
    "ENTITIES",
    "LOCAL",
    "Actor",
    "Addition",
    "ChangedRow",
    "Correction",
    "Database",
    "Edit",
    "EditConflict",
    "Entity",
    "HistoryEntry",
    "ImportPreview",
    "ImportReport",
    "ImportSummary",
    "LastView",
    "NoStoredReadings",
    "OnChanged",
    "PatientSummary",
    "RecordStore",
    "Removal",
    "Role",
    "Stored",
    "StoredReadings",
    "UndoReport",
    "answers_by_header",
    "findings_of_news",
    "import_files",
    "imported_files",
    "open_database",
    "person_at_the_terminal",
    "preview_import",
    "read_remembering",
    "record_store",
    "remembered_answers",
    "remembered_since",
    "require_store",
    "store_exists",
]

LOCAL = Actor(user="local user", clinic="local", role="admin")
"""Who acts where nobody signs in: the one person at this machine."""


def person_at_the_terminal(clinic: str = "") -> Actor:
    """Who acts in a command: whoever can reach the database, in the clinic that is named."""
    return Actor(LOCAL.user, clinic or LOCAL.clinic, LOCAL.role)


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
    with open_database(url) as database:
        yield RecordStore(database, actor)


def open_database(url: str = "", *, serving: bool = False) -> Database:
    """The database of the records, for as long as the process runs.

    Parameters
    ----------
    url : str
        Of the database; the configured one if blank.
    serving : bool
        Whether others come in through this process; an account that walks through the wall
        between clinics is then refused.

    Raises
    ------
    StoreError
        If it cannot be opened, or is of another version.
    """
    address = url or configuration().database_url
    # A local file is made at the first use; a server's tables are made by its owner.
    database = make_tables(address) if address.startswith("sqlite") else open_store(address)
    try:
        if serving:
            require_wall(database)
    except StoreError:
        database.close()
        raise
    return database


def require_store(url: str = "") -> None:
    """Refuse to look into a database that is not there; none is made by looking.

    Raises
    ------
    StoreError
    """
    open_store(url or configuration().database_url).close()


def store_exists() -> bool:
    """Whether there is a database to look into; a local file may not have been made yet."""
    address = configuration().database_url
    if not address.startswith("sqlite:///"):
        return True
    return Path(address.removeprefix("sqlite:///")).exists()


def import_files(
    store: RecordStore,
    result: ReadResult,
    files: Sequence[SourceFile],
    answers: Mapping[str, str],
    *,
    on_changed: OnChanged = "refuse",
    agreement: str = "",
    progress: Callable[[float], None] = lambda _share: None,
) -> ImportReport:
    """Store what was read, and remember the answers for files with the same header.

    `progress` is told the share that is done, from 0 to 1.
    """
    report = store.import_batch(
        result,
        imported_files(files),
        answers=answers,
        on_changed=on_changed,
        agreement=agreement,
        progress=progress,
    )
    for signature, own in answers_by_header(result, answers).items():
        if own and not report.already_imported:
            store.remember_answers(signature, {**store.answers_for(signature), **own})
    return report


def preview_import(
    store: RecordStore, result: ReadResult, files: Sequence[SourceFile]
) -> ImportPreview:
    """What importing these files would do now; stores nothing."""
    return store.preview_import(result, imported_files(files))


DOUBTS = frozenset({"implausible_value", "value_out_of_range", "possible_missing_code"})
"""Findings about a value that a person can answer."""


def findings_of_news(
    result: ReadResult, preview: ImportPreview | None, answered: Collection[Place] = ()
) -> ReadResult:
    """A reading without what was found in rows that are stored already, or was answered.

    A file that comes again each month says about its old rows nothing that was not said when
    they came in. What concerns a whole file, and rows that were refused, stays. `answered` are
    the rows whose doubtful values were answered.
    """
    if preview is None:
        return result
    given = {r.place for r in result.records}
    new = {r.place for r in (*preview.added, *(c.incoming for c in preview.changed))}
    old = given - new
    kept = tuple(
        f
        for f in result.findings
        if f.level == "error" or not (f.place in old or (f.code in DOUBTS and f.place in answered))
    )
    return dataclasses.replace(result, findings=kept)


NOT_REMEMBERED = ("patient_id", "site", "leading_zeros", "series.", "therapies_of_a_day")
"""Questions on who or what was measured, or what ran on a day.

An answer for one file says nothing of the next. With a full stop at the end, all questions
that begin so.
"""


def answers_by_header(result: ReadResult, answers: Mapping[str, str]) -> dict[str, dict[str, str]]:
    """Answers worth remembering, by the signature of the header they were given for.

    Keys lose the name of the file; answers that are true of one file only are left out.
    """
    found: dict[str, dict[str, str]] = {}
    for line in result.recognised:
        if line.signature:
            own = found.setdefault(line.signature, {})
            own |= {
                base: value
                for key, value in answers.items()
                for base, _, place in [key.partition("@")]
                if not _is_of_one_file(base) and _is_place_of(place, line)
            }
    return found


def _is_of_one_file(base: str) -> bool:
    return any(base.startswith(n) if n.endswith(".") else base == n for n in NOT_REMEMBERED)


def remembered_answers(store: RecordStore, result: ReadResult) -> dict[str, str]:
    """Answers given before for files with these headers, as far as they fit.

    Parameters
    ----------
    store : RecordStore
    result : ReadResult
        Only its open questions and offers are answered, and columns that were mapped by hand.

    Returns
    -------
    dict
        Answer by the key of its question, or by ``column.ROLE@file/sheet``.
    """
    found: dict[str, str] = {}
    open_questions = (*result.questions, *result.offers)
    asked = {q.key for q in open_questions}
    for line in result.recognised:
        held = store.answers_for(line.signature) if line.signature else {}
        for question in open_questions:
            base, _, place = question.key.partition("@")
            own = question.file in ("", line.file) and _is_place_of(place, line)
            if own and base in held and _is_possible(question, held[base]):
                found[question.key] = held[base]
        place = f"{line.file}/{line.sheet}" if line.sheet else line.file
        mapped = {f"{k}@{place}": v for k, v in held.items() if k.startswith("column.")}
        found |= {k: v for k, v in mapped.items() if not asked & {k, k.partition("@")[0]}}
    return found


def remembered_since(store: RecordStore, result: ReadResult) -> dict[str, str]:
    """When answers were last kept for the headers of each file, by its name."""
    found: dict[str, str] = {}
    for line in result.recognised:
        at = store.remembered_since(line.signature) if line.signature else ""
        found[line.file] = max(at, found.get(line.file, ""))
    return {file: at for file, at in found.items() if at}


def _is_place_of(place: str, line: Recognised) -> bool:
    return place in ("", line.file, f"{line.file}/{line.sheet}")


def _is_possible(question: Question, answer: str) -> bool:
    values = [c.value.casefold() for c in question.choices]
    return not values or answer.casefold() in values


Reading = Callable[[Mapping[str, str]], ReadResult]
MOST_ROUNDS = 6
"""One answer can lead to the next question; files do not nest them deeper than this."""


def read_remembering(
    store: RecordStore, read: Reading, answers: Mapping[str, str], asked_again: Collection[str] = ()
) -> tuple[ReadResult, dict[str, str]]:
    """Read files with the answers given now, and those remembered for their headers.

    Parameters
    ----------
    store : RecordStore
    read : callable
        Reads the files with the answers it is given.
    answers : mapping
        Given now; they come before remembered ones.
    asked_again : collection of str
        Keys whose remembered answers are not to be used.

    Returns
    -------
    ReadResult, dict
        And the remembered answers that were used, by key.
    """
    used: dict[str, str] = {}
    result = read(answers)
    for _ in range(MOST_ROUNDS):
        found = remembered_answers(store, result)
        new = {k: v for k, v in found.items() if k not in {*used, *answers, *asked_again}}
        if not new:
            break
        try:
            result = read({**used, **new, **answers})
        except AnswerError:  # these files do not take what the others took: they are asked
            break
        used |= new
    return result, used


def imported_files(files: Sequence[SourceFile]) -> tuple[ImportedFile, ...]:
    """Files by name and fingerprint, as the store keeps them."""
    return tuple(ImportedFile.of(f.name, f.content) for f in files)
