"""What was read from files: one line a file, questions as cards, findings as a table."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

import streamlit as st

from sm_tracker.domain.records import Question, ReadResult
from sm_tracker.languages import gettext as _
from sm_tracker.report import import_words, record_words
from sm_tracker.report.import_words import FileLine, FindingRow, answer_word
from sm_tracker.ui import components, plain_table, state
from sm_tracker.ui.markdown_escape import escape_markdown

MOST_SHOWN = 200
MANY_CHOICES = 8
OWN_WORDS = ("patient_id", "site", "visit_days", "therapy.", "codes.")
"""Questions that can be answered with something else than one of the choices."""


def show_recognised(result: ReadResult) -> None:
    """One line for each file: what was recognised and what it gave."""
    lines = import_words.file_lines(result, state.answers_so_far())
    if lines:
        rows = "".join(_file_row(line) for line in lines)
        with st.container(key="files"):
            st.html(f'<div class="sm"><table class="files"><tbody>{rows}</tbody></table></div>')
    if ledger := import_words.ledger_line(result):
        st.markdown(ledger)


def _file_row(line: FileLine) -> str:
    counts = f"<i>{escape(line.counts)}</i>" if line.counts else ""
    return (
        f"<tr><td>{escape(line.name)}</td><td>{escape(line.summary)}{counts}</td>"
        f'<td class="{"open" if line.open else ""}">{escape(line.status)}</td></tr>'
    )


def show_questions(result: ReadResult) -> None:
    """Each question as a card with what every answer would make of the file.

    An answered one stays, in grey, so that the answer can be seen and changed; an answer
    remembered from an earlier file says so.
    """
    now, answered = state.file_answers(), state.answers_so_far()
    open_keys = {state.question_key(q) for q in (*result.questions, *result.offers)}
    if now.refused:
        st.error(escape_markdown(now.refused))
    for number, (key, question) in enumerate(now.asked.items()):
        if key in open_keys or key in answered:
            done = "" if key in open_keys else "_answered"
            with st.container(key=f"question_{number}{done}"):
                _question(key, question, answered.get(key))
    for key in answered:
        if key not in now.asked:
            _unasked(key, answered[key])


def count_open_questions(result: ReadResult | None) -> int:
    """How many questions are still without an answer."""
    return 0 if result is None else len(result.questions)


def _question(key: str, question: Question, given: str | None) -> None:
    sheet = key.partition("@")[2] or question.file
    components.show_card_title(str(question.message), sheet)
    if key in state.file_answers().remembered and key not in state.file_answers().given:
        _remembered(key, given or "")
        return
    previews = {c.value: str(c.preview) for c in question.choices}
    own_words = not previews or key.startswith(OWN_WORDS)
    if len(previews) > MANY_CHOICES:
        _long_choice(key, previews, given)
    elif previews:
        _choice(key, previews, given)
    if own_words:
        _own_answer(key, given if given not in previews else None, beside=bool(previews))


def _keep(key: str, widget: str) -> None:
    state.keep_answer(key, st.session_state[widget])
    for other in {f"answer {key}", f"own answer {key}"} - {widget}:
        st.session_state.pop(other, None)  # one answer: the other control starts over


def _choice(key: str, previews: dict[str, str], given: str | None) -> None:
    widget = f"answer {key}"
    values = list(previews)
    st.radio(
        _("Answer"),
        values,
        format_func=lambda v: (
            f"**{escape_markdown(answer_word(str(v)))}**  {escape_markdown(previews[v])}"
        ),
        index=values.index(given) if given in values else None,
        key=widget,
        on_change=_keep,
        args=(key, widget),
        label_visibility="collapsed",
    )


def _long_choice(key: str, previews: dict[str, str], given: str | None) -> None:
    widget = f"answer {key}"
    values = list(previews)
    st.selectbox(
        _("Answer"),
        values,
        index=values.index(given) if given in values else None,
        format_func=lambda v: f"{answer_word(v)}: {previews[v]}" if previews[v] else answer_word(v),
        key=widget,
        on_change=_keep,
        args=(key, widget),
        label_visibility="collapsed",
        placeholder=_("Choose"),
    )


def _own_answer(key: str, given: str | None, *, beside: bool) -> None:
    widget = f"own answer {key}"
    st.text_input(
        _("Another answer") if beside else _("Answer"),
        value=given or "",
        key=widget,
        on_change=_keep,
        args=(key, widget),
        width=330,
    )


def _remembered(key: str, given: str) -> None:
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.html(
            f'<div class="sm"><b>{escape(answer_word(given))}</b> '
            f'<span class="tag">{escape(_origin(key))}'
            "</span></div>",
            width="content",
        )
        st.button(
            _("Ask again"),
            type="tertiary",
            key=f"again {key}",
            on_click=state.ask_again,
            args=[key],
        )


def _origin(key: str) -> str:
    file = key.partition("@")[2].partition("/")[0]
    since = state.file_answers().since.get(file)
    if not since:
        return _("Remembered from earlier files with this header")
    text = _("Remembered from a file with this header, {at}")
    return text.format(at=record_words.moment_text(since))


def _unasked(key: str, value: str) -> None:
    """An answer to no question: a column that was given its role by hand."""
    base, _sign, place = key.partition("@")
    role = import_words.role_words().get(base.removeprefix("column."), base)
    remembered = key in state.file_answers().remembered
    text = (
        _("{place}: column {column} is read as {role}, remembered from earlier files.")
        if remembered
        else _("{place}: column {column} is read as {role}, as you said.")
    )
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        components.show_note(text.format(place=place, column=value, role=role))
        st.button(
            _("Take back"),
            type="tertiary",
            key=f"again {key}",
            on_click=state.ask_again,
            args=[key],
        )


def show_findings(result: ReadResult) -> None:
    """Findings with row and column, the refused first, with a filter where there are many."""
    if not result.findings:
        return
    components.show_section(import_words.findings_title(result))
    counts = import_words.finding_counts(result)
    level, word = "", ""
    with st.container(horizontal=True, vertical_alignment="center"):
        if len(counts) > 1:
            level = _level(counts)
        if len(result.findings) > 10:
            word = st.text_input(
                _("Filter"),
                placeholder=_("Filter by file, row, column or word"),
                label_visibility="collapsed",
                width=330,
            )
    rows = import_words.finding_rows(result, level, word)
    _findings_table(rows[:MOST_SHOWN])
    if len(rows) > MOST_SHOWN:
        text = _("The first {shown} of {n} findings. Filter to see others.")
        components.show_note(text.format(shown=MOST_SHOWN, n=len(rows)))


def _level(counts: dict[str, int]) -> str:
    names = import_words.level_words()
    words = {"": _("All {n}").format(n=sum(counts.values()))}
    words |= {level: f"{names[level]} {n}" for level, n in counts.items()}
    chosen = st.segmented_control(
        _("Level"),
        list(words),
        default="",
        format_func=lambda k: words[k],
        label_visibility="collapsed",
        required=True,
    )
    return str(chosen or "")


def _findings_table(rows: Iterable[FindingRow]) -> None:
    heads = (_("Level"), _("File"), _("Row"), _("Column"), _("As written"), _("What happens"))
    plain_table.show_plain_table("findings", heads, map(_finding_row, rows))


def _finding_row(row: FindingRow) -> str:
    value = f"<code>{escape(row.value)}</code>" if row.value else "–"
    return (
        f'<tr><td class="level {row.level}"><span class="g g-{row.level}"></span>'
        f'{escape(row.word)}</td><td class="sub">{escape(row.file)}</td>'
        f"<td>{escape(row.row) or '–'}</td><td>{escape(row.column) or '–'}</td>"
        f"<td>{value}</td><td>{escape(row.message)}</td></tr>"
    )
