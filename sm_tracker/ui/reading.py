"""What was read from files: one line a file, questions as cards, findings as a table."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

import streamlit as st

from sm_tracker.domain.records import Question, ReadResult
from sm_tracker.report import import_words
from sm_tracker.report.import_words import FileLine, FindingRow
from sm_tracker.ui import components, state

MOST_SHOWN = 200
MANY_CHOICES = 8


def recognised(result: ReadResult) -> None:
    """One line for each file: what was recognised and what it gave."""
    lines = import_words.file_lines(result, state.answers())
    if lines:
        rows = "".join(_file_row(line) for line in lines)
        with st.container(key="files"):
            st.html(f'<div class="sm"><table class="files"><tbody>{rows}</tbody></table></div>')


def _file_row(line: FileLine) -> str:
    counts = f"<i>{escape(line.counts)}</i>" if line.counts else ""
    return (
        f"<tr><td>{escape(line.name)}</td><td>{escape(line.summary)}{counts}</td>"
        f'<td class="{"open" if line.open else ""}">{escape(line.status)}</td></tr>'
    )


def questions(result: ReadResult) -> None:
    """Each question as a card with what every answer would make of the file."""
    given = state.answers()
    for number, question in enumerate(result.questions):
        done = "_answered" if question.key in given else ""
        with st.container(key=f"question_{number}{done}"):
            _question(question, given.get(question.key))
    if given:
        _answered(given)


def n_open(result: ReadResult | None) -> int:
    """How many questions are still without an answer."""
    given = state.answers()
    return 0 if result is None else sum(q.key not in given for q in result.questions)


def _question(question: Question, given: str | None) -> None:
    components.subsection(question.message, question.file)
    key = f"answer {question.key}"
    values = [c.value for c in question.choices]

    def keep() -> None:
        state.answer(question.key, st.session_state[key])

    if not values:
        st.text_input("Answer", value=given, key=key, on_change=keep)
    elif len(values) > MANY_CHOICES:
        previews = {
            c.value: f"{c.value}: {c.preview}" if c.preview else c.value for c in question.choices
        }
        st.selectbox(
            "Answer",
            values,
            index=values.index(given) if given in values else None,
            format_func=lambda v: previews[v],
            key=key,
            on_change=keep,
            label_visibility="collapsed",
            placeholder="Choose",
        )
    else:
        st.radio(
            "Answer",
            values,
            captions=[c.preview for c in question.choices],
            index=values.index(given) if given in values else None,
            key=key,
            on_change=keep,
            label_visibility="collapsed",
        )


def _answered(given: dict[str, str]) -> None:
    words = ", ".join(f"{key}: {value}" for key, value in sorted(given.items()))
    with st.container(horizontal=True, vertical_alignment="center"):
        components.note(f"Answers used: {words}.")
        if st.button("Ask again", type="tertiary"):
            state.forget_answers()
            st.rerun()


def findings(result: ReadResult) -> None:
    """Findings with row and column, the refused first, with a filter where there are many."""
    if not result.findings:
        return
    components.section(import_words.findings_title(result))
    counts = import_words.finding_counts(result)
    level, word = "", ""
    with st.container(horizontal=True, vertical_alignment="center"):
        if len(counts) > 1:
            level = _level(counts)
        if len(result.findings) > 10:
            word = st.text_input(
                "Filter",
                placeholder="Filter by file, row, column or word",
                label_visibility="collapsed",
                width=330,
            )
    rows = import_words.finding_rows(result, level, word)
    _findings_table(rows[:MOST_SHOWN])
    if len(rows) > MOST_SHOWN:
        components.note(f"The first {MOST_SHOWN} of {len(rows)} findings. Filter to see others.")


def _level(counts: dict[str, int]) -> str:
    words = {"": f"All {sum(counts.values())}"}
    words.update({k: f"{import_words.LEVEL_WORDS[k]} {n}" for k, n in counts.items()})
    chosen = st.segmented_control(
        "Level",
        list(words),
        default="",
        format_func=lambda k: words[k],
        label_visibility="collapsed",
        required=True,
    )
    return str(chosen or "")


def _findings_table(rows: Iterable[FindingRow]) -> None:
    heads = ("Level", "File", "Row", "Column", "As written", "What happens")
    head = "".join(f'<th scope="col">{h}</th>' for h in heads)
    body = "".join(_finding_row(row) for row in rows)
    st.html(
        f'<div class="sm scroll"><table class="findings"><thead><tr>{head}</tr></thead>'
        f"<tbody>{body}</tbody></table></div>"
    )


def _finding_row(row: FindingRow) -> str:
    value = f"<code>{escape(row.value)}</code>" if row.value else "–"
    return (
        f'<tr><td class="level {row.level}"><span class="g g-{row.level}"></span>'
        f'{escape(row.word)}</td><td class="sub">{escape(row.file)}</td>'
        f"<td>{escape(row.row) or '–'}</td><td>{escape(row.column) or '–'}</td>"
        f"<td>{value}</td><td>{escape(row.message)}</td></tr>"
    )
