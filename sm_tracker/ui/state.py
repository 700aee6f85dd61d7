"""What one session remembers: the files opened, the answers given, the view; nothing else.

An answer belongs to the file whose question it answers: the same question about another file
is asked again, and files opened later never take it over.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import streamlit as st

from sm_tracker import languages
from sm_tracker.domain.records import Question, ReadResult
from sm_tracker.errors import AnswerError
from sm_tracker.ingest import SourceFile
from sm_tracker.workflow import file_import
from sm_tracker.workflow.mapping import SeenTable, mapping_answers
from sm_tracker.workflow.storing import StoredReadings

READING, OPENED, READ = "files being read", "files in view", "files read"
DOUBTS = "answers about doubtful values"
MOST_KEPT = 4
"""Readings kept in a session: those of the last answers, so that going back is instant."""
Progress = Callable[[float, str], None]
Answers = tuple[tuple[str, str], ...]
Opened = tuple[tuple[SourceFile, ...], Answers]
FileIds = tuple[tuple[str, str], ...]


@dataclass(slots=True)
class FileAnswers:
    """What was asked and answered about one choice of files.

    `given` and `remembered` hold answers by the key of their question, `asked` the questions
    in the order in which they came up, `again` the keys whose remembered answer is not wanted.
    `since` says by file when the answers remembered for it were kept. `refused` is the message
    about the last answer, where it was none that is possible.
    """

    files: FileIds
    given: dict[str, str] = field(default_factory=dict)
    remembered: dict[str, str] = field(default_factory=dict)
    since: dict[str, str] = field(default_factory=dict)
    asked: dict[str, Question] = field(default_factory=dict)
    again: set[str] = field(default_factory=set)
    refused: str = ""
    last: str = ""


@dataclass(frozen=True, slots=True)
class StoreState:
    """What is stored already, and a text that changes with it."""

    held: StoredReadings
    state_id: str


def read_with_answers(
    files: tuple[SourceFile, ...],
    given: Answers,
    progress: Progress | None = None,
    beside: StoreState | None = None,
) -> ReadResult:
    """Read files with the answers given so far; findings are worded in the language in use.

    Parameters
    ----------
    files : tuple of SourceFile
    given : tuple
        Answers, from :func:`in_order`.
    progress : callable, optional
        Told how far a long reading has come: share from 0 to 1, and a line of words.
    beside : Shelved, optional
        What is stored already, where the files may be stored beside it.
    """
    known: dict[object, ReadResult] = st.session_state.setdefault(READ, {})
    key = (ids_of(files), given, languages.current(), beside.state_id if beside else None)
    if key not in known:
        while len(known) >= MOST_KEPT:
            del known[next(iter(known))]
        known[key] = file_import.read_files(
            files,
            answers=dict(given),
            progress=progress,
            held=beside.held if beside else None,
        )
    return known[key]


def ids_of(files: Sequence[SourceFile]) -> FileIds:
    """Names and fingerprints of files, short enough to be a key."""
    return tuple((f.name, f.sha256) for f in files)


def open_files(uploads: Sequence[object]) -> tuple[SourceFile, ...]:
    """Uploaded files as bytes with their names; a name that comes twice is numbered."""
    files: list[SourceFile] = []
    for upload in uploads:
        name, content = upload.name, upload.getvalue()  # type: ignore[attr-defined]
        taken = sum(f.name == name for f in files)
        stem, dot, ending = name.rpartition(".")
        files.append(SourceFile(f"{stem} ({taken + 1}){dot}{ending}" if taken else name, content))
    return tuple(files)


def file_answers() -> FileAnswers:
    """Questions and answers about the files now read."""
    known: FileAnswers = st.session_state.setdefault(READING, FileAnswers(()))
    return known


def begin_answers(files: tuple[SourceFile, ...]) -> FileAnswers:
    """Go on with the answers about these files; those about files no longer there are dropped."""
    ids, before = ids_of(files), file_answers()
    if before.files != ids:
        same = {name for name, _ in set(ids) & set(before.files)}
        kept = {k: v for k, v in before.given.items() if _file_of(k) in same}
        st.session_state[READING] = FileAnswers(ids, given=kept)
    return file_answers()


def _file_of(key: str) -> str:
    return key.partition("@")[2].partition("/")[0]


def question_key(question: Question) -> str:
    """The key under which the answer to a question is kept, with the file it was asked about."""
    named = "@" in question.key or not question.file
    return question.key if named else f"{question.key}@{question.file}"


def answers_so_far() -> dict[str, str]:
    """Answers about the files now read: those remembered from earlier files, and those given."""
    return {**file_answers().remembered, **file_answers().given}


def keep_answer(key: str, value: str | None) -> None:
    """Keep an answer, or forget it where it is blank."""
    now = file_answers()
    now.refused, now.last = "", key
    if value:
        now.given[key] = value
    else:
        now.given.pop(key, None)


def map_column(table: SeenTable, header: str, role: str) -> None:
    """Read a column as something else, or (blank role) as it is recognised."""
    now = file_answers()
    before = answers_so_far()
    after = mapping_answers(table, header, role, before)
    now.refused, now.last = "", f"column.{role}@{table.place}"
    now.again |= before.keys() - after.keys()
    now.given = {k: v for k, v in after.items() if k not in now.remembered or k in now.given}
    now.given |= {k: v for k, v in after.items() if before.get(k) != v}


def ask_again(key: str) -> None:
    """Ask one question again, though its answer was given or remembered."""
    now = file_answers()
    now.given.pop(key, None)
    now.again |= {key, key.partition("@")[0]}
    for widget in (f"answer {key}", f"own answer {key}"):
        st.session_state.pop(widget, None)


def forget_reading() -> None:
    """Drop the files being read and what was answered about them."""
    for name in (READING, READ, DOUBTS):
        st.session_state.pop(name, None)


def doubt_answers() -> dict[str, float | None]:
    """What was said of doubtful values of the files being read: the right one, or as read."""
    known: dict[str, float | None] = st.session_state.setdefault(DOUBTS, {})
    return known


def answer_doubt(key: str, right: float | None) -> None:
    """Say of a doubtful value which is the right one; None where it is as it was read."""
    doubt_answers()[key] = right


def take_doubt_back(key: str) -> None:
    """Leave a doubtful value open again."""
    doubt_answers().pop(key, None)


def result_so_far(
    files: tuple[SourceFile, ...],
    progress: Progress | None = None,
    beside: StoreState | None = None,
) -> ReadResult:
    """What reading these files gives with the answers given so far.

    An answer that is not possible is dropped, and why is kept in ``talk().refused``.
    """
    now = begin_answers(files)
    try:
        result = read_with_answers(files, in_order(answers_so_far()), progress, beside)
    except AnswerError as error:
        if now.last not in now.given:
            raise
        del now.given[now.last]
        now.refused = str(error)
        result = read_with_answers(files, in_order(answers_so_far()), progress, beside)
    return note_questions(result)


def note_questions(result: ReadResult) -> ReadResult:
    """Keep the open questions of a reading, so that they can be shown once they are answered."""
    now = file_answers()
    now.asked |= {question_key(q): q for q in (*result.questions, *result.offers)}
    return result


def keep_files(files: tuple[SourceFile, ...]) -> None:
    """Look at these files on every page, with the answers given, without storing them."""
    st.session_state[OPENED] = (files, in_order(answers_so_far()))


def kept_files() -> Opened | None:
    """The files now looked at, with their answers."""
    kept: Opened | None = st.session_state.get(OPENED)
    return kept


def close_files() -> None:
    """Go back to the stored records."""
    st.session_state.pop(OPENED, None)
    forget_reading()


def in_order(given: Mapping[str, str]) -> Answers:
    """Answers in a form that can be a key."""
    return tuple(sorted(given.items()))


def is_dark() -> bool:
    """Whether the page is shown dark."""
    return bool(st.context.theme.type == "dark")


def is_phone() -> bool:
    """Whether the browser calls itself one of a phone; a tablet does not."""
    agent = st.context.headers.get("User-Agent", "")
    return "Mobile" in agent and "iPad" not in agent


def is_touch() -> bool:
    """Whether a drag on this machine more likely means scrolling; unsure counts as touch."""
    agent = st.context.headers.get("User-Agent", "")
    # A tablet of Apple calls itself a Macintosh with Safari.
    unsure = "Macintosh" in agent and "Chrome" not in agent and "Firefox" not in agent
    return unsure or any(word in agent for word in ("Mobile", "Android", "iPad", "iPhone"))
