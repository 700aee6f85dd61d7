"""What one session remembers: the records opened, the settings and the view; nothing else."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from sm_tracker import workflow
from sm_tracker.domain.records import ReadResult
from sm_tracker.domain.settings import Settings
from sm_tracker.workflow import Analysis, SourceFile

ANSWERS, SETTINGS, OPENED = "answers given", "settings in use", "files in view"


@st.cache_resource(show_spinner=False, max_entries=20)
def sample_analysis(settings: Settings) -> Analysis:
    """The synthetic sample patient, analysed once for all sessions."""
    return workflow.analyse(workflow.sample_records(), settings)


def settings() -> Settings:
    """The settings of this session."""
    chosen: Settings = st.session_state.setdefault(SETTINGS, Settings())
    return chosen


def keep_settings(chosen: Settings) -> None:
    """Use other settings from now on."""
    st.session_state[SETTINGS] = chosen


@st.cache_data(max_entries=20, ttl=3600, show_spinner="Reading files …", scope="session")
def read(files: tuple[SourceFile, ...], answers: tuple[tuple[str, str], ...]) -> ReadResult:
    """Read files with the answers given so far."""
    return workflow.read_files(files, answers=dict(answers))


@st.cache_data(max_entries=5, ttl=3600, show_spinner="Computing …", scope="session")
def analysis_of(
    files: tuple[SourceFile, ...], answers: tuple[tuple[str, str], ...], settings: Settings
) -> Analysis:
    """The analysis of files that were read without open questions."""
    return workflow.analyse(workflow.records_of(read(files, answers)), settings)


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


def keep_records(files: tuple[SourceFile, ...], given: dict[str, str]) -> None:
    """Open these files on every page."""
    st.session_state[OPENED] = (files, tuple(sorted(given.items())))


def opened() -> tuple[Analysis, bool]:
    """The records in view, and whether they are the synthetic sample."""
    kept = st.session_state.get(OPENED)
    if kept is None:
        return sample_analysis(settings()), True
    files, given = kept
    return analysis_of(files, given, settings()), False


def is_dark() -> bool:
    """Whether the page is shown dark."""
    return bool(st.context.theme.type == "dark")
