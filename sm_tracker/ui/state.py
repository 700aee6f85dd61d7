"""What one session remembers: the files opened, the answers given, the view; nothing else."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from sm_tracker import languages, workflow
from sm_tracker.domain.records import ReadResult
from sm_tracker.workflow import SourceFile

ANSWERS, OPENED = "answers given", "files in view"
Answers = tuple[tuple[str, str], ...]
Opened = tuple[tuple[SourceFile, ...], Answers]


@st.cache_data(max_entries=20, ttl=3600, show_spinner=False, scope="session")
def _read(files: tuple[SourceFile, ...], given: Answers, language: str) -> ReadResult:
    return workflow.read_files(files, answers=dict(given))


def read(files: tuple[SourceFile, ...], given: Answers) -> ReadResult:
    """Read files with the answers given so far; findings are worded in the language in use."""
    return _read(files, given, languages.current())


def open_files(uploads: Sequence[object]) -> tuple[SourceFile, ...]:
    """Uploaded files as bytes with their names."""
    return tuple(SourceFile(u.name, u.getvalue()) for u in uploads)  # type: ignore[attr-defined]


def answers() -> dict[str, str]:
    """Answers to questions about the files now open."""
    given: dict[str, str] = st.session_state.setdefault(ANSWERS, {})
    return given


def answer(key: str, value: str | None) -> None:
    """Keep an answer, or forget it where it is blank."""
    if value:
        answers()[key] = value
    else:
        answers().pop(key, None)


def forget_answers() -> None:
    """Ask every question again."""
    st.session_state[ANSWERS] = {}


def result_of(files: tuple[SourceFile, ...]) -> ReadResult:
    """What reading these files gives with the answers given so far."""
    return read(files, in_order(answers()))


def keep_files(files: tuple[SourceFile, ...]) -> None:
    """Look at these files on every page, with the answers given, without storing them."""
    st.session_state[OPENED] = (files, in_order(answers()))


def kept_files() -> Opened | None:
    """The files now looked at, with their answers."""
    kept: Opened | None = st.session_state.get(OPENED)
    return kept


def close_files() -> None:
    """Go back to the stored records."""
    st.session_state.pop(OPENED, None)
    forget_answers()


def in_order(given: Mapping[str, str]) -> Answers:
    """Answers in a form that can be a key."""
    return tuple(sorted(given.items()))


def is_dark() -> bool:
    """Whether the page is shown dark."""
    return bool(st.context.theme.type == "dark")
