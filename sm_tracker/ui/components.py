"""Pieces of a page, drawn from words that are already there. All text is escaped."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from html import escape

import streamlit as st

from sm_tracker.errors import TrackerError
from sm_tracker.languages import gettext as _
from sm_tracker.report import explanations
from sm_tracker.report.explanations import Explanation, Term
from sm_tracker.report.wording import KeyFigure, Segment, intended_use
from sm_tracker.ui.markdown_escape import escape_markdown

_TOGETHER = re.compile(r"(?<=[\d→±)]) (?=[\d→%]|mm\b)")
"""Blanks at which a figure must not be torn from its unit."""


def show_headline(sentence: Sequence[Segment], second: str, figures: Iterable[KeyFigure]) -> None:
    """The answer: the facts, what they are against the error, then the large figures."""
    fact, *judged = [_segment(s) for s in sentence]
    judgement = f'<span class="judged">{"".join(judged)}</span>' if judged else ""
    line = f'<p class="second">{escape(second)}</p>' if second else ""
    blocks = "".join(map(_figure, figures))
    beside = f'<div class="figures">{blocks}</div>' if blocks else ""
    st.html(
        f'<div class="sm top"><h1 class="say"><span>{fact}</span>{judgement}</h1>{beside}{line}'
        "</div>"
    )


def _segment(segment: Segment) -> str:
    words = escape(_TOGETHER.sub("\u00a0", segment.text))
    return f'<span class="{segment.tone}">{words}</span>' if segment.tone else words


def _figure(figure: KeyFigure) -> str:
    meaning = explanations.explanations()[figure.term].text if figure.term else ""
    return (
        f'<div title="{escape(meaning)}"><span>{escape(figure.title)}</span>'
        f"<b>{escape(figure.value)}</b><small>{escape(figure.unit)}</small>"
        f"<span>{escape(figure.note)}</span></div>"
    )


def show_explanations(terms: Sequence[Term], label: str = "") -> None:
    """A small control that opens one plain sentence for each statistic, with its method."""
    known = explanations.explanations()
    with st.popover(label or _("What do these mean?"), type="tertiary"):
        st.markdown("\n\n".join(_explanation(known[term]) for term in terms))


def _explanation(one: Explanation) -> str:
    link = f"methods?section={one.section.replace(' ', '%20')}"
    return f"**{one.title}.** {one.text} [{_('Method')}]({link})"


def show_table(heads: Sequence[str], rows: Iterable[Sequence[str]], caption: str = "") -> None:
    """A plain table of words, for every reader and every screen."""
    head = "".join(f'<th scope="col">{escape(h)}</th>' for h in heads)
    body = "".join(f"<tr>{_cells(row)}</tr>" for row in rows)
    title = f"<caption>{escape(caption)}</caption>" if caption else ""
    st.html(
        '<div class="sm"><div class="scroll tall" tabindex="0"><table class="words">'
        f"{title}<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div></div>"
    )


def _cells(row: Sequence[str]) -> str:
    first, *rest = row
    cells = "".join(f"<td>{escape(cell)}</td>" for cell in rest)
    return f'<th scope="row">{escape(first)}</th>{cells}'


@contextmanager
def drawer(label: str, key: str) -> Iterator[bool]:
    """A part of the page that opens; whether it is open, for nothing is made while it is shut.

    An open one stays open under another label.
    """
    last, starts_open, was_open = st.session_state.get(f"drawer {key} before", ("", False, False))
    if last != label:
        starts_open = was_open
    part = st.expander(label, expanded=starts_open, key=f"drawer {key}", on_change="rerun")
    st.session_state[f"drawer {key} before"] = (label, starts_open, bool(part.open))
    with part:
        yield bool(part.open)


def show_title(text: str, second: str = "") -> None:
    """The heading of a page with a line beneath."""
    line = f"<p>{escape(second)}</p>" if second else ""
    st.html(f'<div class="sm"><h1>{escape(text)}</h1>{line}</div>')


def show_section(title: str, text: str = "") -> None:
    """A heading within a page, with a sentence beneath."""
    line = f"<p>{escape(text)}</p>" if text else ""
    st.html(f'<div class="sm"><h2>{escape(title)}</h2>{line}</div>')


def show_card_title(title: str, text: str = "") -> None:
    """The heading of a card right beneath the title of its page, with a sentence beneath."""
    line = f"<p>{escape(text)}</p>" if text else ""
    st.html(f'<div class="sm"><h2 class="card">{escape(title)}</h2>{line}</div>')


def show_subsection(title: str, text: str = "") -> None:
    """A heading beneath that of a section or card, with a sentence beneath."""
    line = f"<p>{escape(text)}</p>" if text else ""
    st.html(f'<div class="sm"><h3>{escape(title)}</h3>{line}</div>')


def show_facts(tag: str, strong: str, rest: str) -> None:
    """One line of facts about the patient."""
    mark = f'<span class="tag">{escape(tag)}</span>' if tag else ""
    st.html(f'<div class="sm facts">{mark}<b>{escape(strong)}</b> {escape(rest)}</div>')


def show_key_line(entries: Iterable[tuple[str, str]]) -> None:
    """What the marks of a figure mean: class of the mark and its words."""
    marks = "".join(
        f'<span><span class="{escape(name)}"></span>{escape(words)}</span>'
        for name, words in entries
    )
    st.html(f'<div class="sm key">{marks}</div>')


def show_line(text: str) -> None:
    """A sentence in the size of the page."""
    st.html(f'<div class="sm line">{escape(text)}</div>')


def show_note(text: str) -> None:
    """A small note."""
    st.html(f'<div class="sm note">{escape(text)}</div>')


def show_error(error: TrackerError) -> None:
    """What went wrong, where, why and how to mend it; never a traceback."""
    st.error(escape_markdown(str(error)))


def show_intended_use(strong: str = "") -> None:
    """What the product is for, and what it is not."""
    remark = f"<b>{escape(strong)}</b> " if strong else ""
    st.html(f'<div class="sm note notice">{remark}{escape(intended_use())}</div>')
