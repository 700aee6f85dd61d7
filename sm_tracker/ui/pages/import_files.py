"""Import: what was recognised, what is asked, what was found; nothing is kept before the button."""

import streamlit as st

from sm_tracker import workflow
from sm_tracker.domain.records import Question, ReadResult
from sm_tracker.report import wording
from sm_tracker.ui import components, state


def render() -> None:
    uploads = st.session_state.get("import files") or []
    files = state.open_files(uploads)
    answers = state.answers()
    result = state.read(files, tuple(sorted(answers.items()))) if files else None
    head, second = wording.import_headline(result, _open(result, answers))
    components.title(head, second)
    st.file_uploader(
        "Add files: measurements, therapies, outcomes (CSV, text, XLSX)",
        accept_multiple_files=True,
        key="import files",
    )
    if result is None:
        templates()
    else:
        recognised(result)
        questions(result, answers)
        components.findings_table(result)
        actions(result, files, answers)
    components.notice()


def _open(result: ReadResult | None, answers: dict[str, str]) -> int:
    return 0 if result is None else sum(q.key not in answers for q in result.questions)


def recognised(result: ReadResult) -> None:
    with st.container(key="card"):
        for line in result.recognised:
            components.recognised_line(line)


def questions(result: ReadResult, answers: dict[str, str]) -> None:
    for question in result.questions:
        with st.container(key=f"question {question.key}", border=True):
            answer_control(question, answers)
    if answers:
        given = ", ".join(f"{key} = {value}" for key, value in sorted(answers.items()))
        components.note(f"Answered: {given}.")


def answer_control(question: Question, answers: dict[str, str]) -> None:
    key = f"answer {question.key}"
    if question.choices:
        chosen = st.radio(
            question.message,
            [c.value for c in question.choices],
            captions=[c.preview for c in question.choices],
            index=None,
            key=key,
            on_change=lambda: state.answer(question.key, st.session_state[key]),
        )
    else:
        chosen = st.text_input(
            question.message,
            key=key,
            on_change=lambda: state.answer(question.key, st.session_state[key]),
        )
    if chosen and question.key not in answers:
        state.answer(question.key, chosen)


def actions(
    result: ReadResult, files: tuple[workflow.SourceFile, ...], answers: dict[str, str]
) -> None:
    label, reason = wording.import_action(result)
    with st.container(horizontal=True, vertical_alignment="center"):
        if st.button(label, type="primary", disabled=bool(reason)):
            state.keep_records(files, answers)
            st.switch_page("sm_tracker/ui/pages/timeline.py")
        if result.refused:
            st.download_button(
                f"Download the refused rows ({len(result.refused)})",
                workflow.refused_rows_csv(result),
                "refused_rows.csv",
                "text/csv",
                on_click="ignore",
            )
        if answers and st.button("Start over", type="tertiary"):
            state.forget_answers()
            st.rerun()
        if reason:
            components.note(reason)


def templates() -> None:
    components.section(
        "Templates",
        "Two files in the program's own form; other forms are recognised or asked about.",
    )
    with st.container(horizontal=True):
        for name, content in workflow.template_files().items():
            st.download_button(name, content, name, on_click="ignore")


render()
