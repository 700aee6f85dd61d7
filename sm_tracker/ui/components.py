"""Pieces of a page, drawn from words that are already there. All text is escaped."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape

import streamlit as st

from sm_tracker.errors import TrackerError
from sm_tracker.report.wording import INTENDED_USE, KeyFigure, Segment


def headline(sentence: Sequence[Segment], second: str, figures: Iterable[KeyFigure]) -> None:
    """The answer as a sentence, then the large figures."""
    words = "".join(
        f'<span class="{s.tone}">{escape(s.text)}</span>' if s.tone else escape(s.text)
        for s in sentence
    )
    blocks = "".join(
        f"<div><span>{escape(f.title)}</span><b>{escape(f.value)}</b>"
        f"<small>{escape(f.unit)}</small><span>{escape(f.note)}</span></div>"
        for f in figures
    )
    st.html(
        f'<div class="sm top"><div class="say"><h1>{words}</h1><p>{escape(second)}</p></div>'
        f'<div class="figures">{blocks}</div></div>'
    )


def title(text: str, second: str = "") -> None:
    """The heading of a page with a line beneath."""
    line = f"<p>{escape(second)}</p>" if second else ""
    st.html(f'<div class="sm"><h1>{escape(text)}</h1>{line}</div>')


def section(title: str, text: str = "") -> None:
    """A heading within a page, with a sentence beneath."""
    line = f"<p>{escape(text)}</p>" if text else ""
    st.html(f'<div class="sm"><h2>{escape(title)}</h2>{line}</div>')


def subsection(title: str, text: str = "") -> None:
    """A heading within a card, with a sentence beneath."""
    line = f"<p>{escape(text)}</p>" if text else ""
    st.html(f'<div class="sm"><h3>{escape(title)}</h3>{line}</div>')


def facts(tag: str, strong: str, rest: str) -> None:
    """One line of facts about the patient."""
    mark = f'<span class="tag">{escape(tag)}</span>' if tag else ""
    st.html(f'<div class="sm facts">{mark}<b>{escape(strong)}</b> {escape(rest)}</div>')


def note(text: str) -> None:
    """A small note."""
    st.html(f'<div class="sm note">{escape(text)}</div>')


def failure(error: TrackerError) -> None:
    """What went wrong, where, why and how to mend it; never a traceback."""
    st.error(str(error))


def notice(strong: str = "") -> None:
    """What the product is for, and what it is not."""
    remark = f"<b>{escape(strong)}</b> " if strong else ""
    st.html(f'<div class="sm note notice">{remark}{escape(INTENDED_USE)}</div>')
