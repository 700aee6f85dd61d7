"""Pieces of a page, drawn from words and rows that are already there. All text is escaped."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from html import escape

import streamlit as st

from sm_tracker.domain.records import Finding, Question, ReadResult, Recognised
from sm_tracker.figures.theme import RegimenStyle, regimen_styles
from sm_tracker.report.tables import RegimenRow
from sm_tracker.report.wording import INTENDED_USE, KeyFigure, Segment

LEVEL_WORDS = {"error": "Refused", "warning": "Check", "info": "Know"}
LEVEL_COUNTS = {"error": "refused", "warning": "to check", "info": "to know"}


def headline(sentence: Sequence[Segment], second: str, figures: Iterable[KeyFigure]) -> None:
    """The answer as a sentence, then the large figures."""
    words = "".join(
        f'<span class="{s.tone}">{escape(s.text)}</span>' if s.tone else escape(s.text)
        for s in sentence
    )
    blocks = "".join(
        f"<div><span>{escape(f.title)}</span><b>{escape(f.value)}<small>{escape(f.unit)}</small>"
        f"</b><span>{escape(f.note)}</span></div>"
        for f in figures
    )
    st.html(
        f'<div class="sm top"><div class="say"><h1>{words}</h1><p>{escape(second)}</p></div>'
        f'<div class="figures">{blocks}</div></div>'
    )


def facts(tag: str, strong: str, rest: str) -> None:
    """One line of facts about the patient."""
    mark = f'<span class="tag">{escape(tag)}</span>' if tag else ""
    st.html(f'<div class="sm facts">{mark}<b>{escape(strong)}</b> {escape(rest)}</div>')


def note(text: str) -> None:
    """A small note."""
    st.html(f'<div class="sm note">{escape(text)}</div>')


def section(title: str, text: str = "") -> None:
    """A heading with a sentence beneath."""
    st.html(f'<div class="sm"><h2>{escape(title)}</h2><p>{escape(text)}</p></div>')


def notice(remark: str = "") -> None:
    """What the product is for, and what it is not."""
    st.html(f'<div class="sm note"><hr>{escape(remark)} {escape(INTENDED_USE)}</div>')


def regimen_table(rows: Sequence[RegimenRow], title: str, focus: str) -> None:
    """The regimen table in words, newest first."""
    styles = regimen_styles(sorted({row.therapy for row in rows if row.level == "period"}))
    heads = (
        "Regimen",
        "Period, dose, why it ended",
        "Baseline → last",
        "Change",
        "Against error band",
        "Reading against reading",
        "All readings, before against under",
    )
    body = "".join(_regimen_row(row, row.period_id == focus, styles) for row in rows)
    st.html(
        f'<div class="sm"><h2>{escape(title)}</h2><div class="scroll"><table class="reg"><thead>'
        f"<tr>{''.join(f'<th scope=col>{escape(h)}</th>' for h in heads)}</tr></thead>"
        f"<tbody>{body}</tbody></table></div></div>"
    )


def _regimen_row(row: RegimenRow, focused: bool, styles: Mapping[str, RegimenStyle]) -> str:
    style = styles.get(row.therapy) if row.level == "period" else None
    fill = style.fill if style else "transparent"
    tone = {"thinner": "thinner", "thicker": "thicker"}.get(row.check, "within")
    flags = "".join(f'<small class="flag">{escape(flag)}</small>' for flag in row.flags)
    reason = f"<i>{escape(row.check_reason)}</i>" if row.check_reason else ""
    needed = f"<small>{escape(row.needed)}</small>" if row.needed else ""
    return (
        f'<tr class="{"focus" if focused else ""}"><td><span class="sw" style="background:{fill}">'
        f"</span><b>{escape(row.regimen)}</b></td>"
        f"<td>{escape(row.period)}<i>{escape(row.dose)}</i></td>"
        f"<td>{escape(row.baseline_to_last)}<i>{escape(row.days)}</i></td>"
        f"<td><b>{escape(row.change)}</b><i>{escape(row.change_share)}</i></td>"
        f"<td>{_strip(row, tone)}</td>"
        f'<td><span class="{tone}"><b>{escape(row.check_words)}</b></span>{reason}</td>'
        f"<td><b>{escape(row.verdict_words)}</b> {escape(row.verdict_line)}"
        f"{needed}{flags}</td></tr>"
    )


def _strip(row: RegimenRow, tone: str) -> str:
    if row.strip is None:
        return ""
    low, high, place = (100 * x for x in row.strip)
    return (
        f'<span class="strip"><u style="left:{low:.1f}%;width:{high - low:.1f}%"></u><s></s>'
        f'<em class="{tone}" style="left:{place:.1f}%"></em></span>'
    )


def title(text: str, second: str) -> None:
    """The heading of a page with a line beneath."""
    st.html(f'<div class="sm"><h1>{escape(text)}</h1><p>{escape(second)}</p></div>')


def reading_report(result: ReadResult) -> None:
    """What was recognised and found in the files."""
    for line in result.recognised:
        recognised_line(line)
    findings_table(result)


def recognised_line(line: Recognised) -> None:
    """What was recognised about one file or sheet."""
    where = f"{line.file} · {line.sheet}" if line.sheet else line.file
    st.html(f'<div class="sm facts"><b>{escape(where)}</b> {escape(line.summary)}</div>')


def findings_table(result: ReadResult) -> None:
    """Findings, the refused first; a filter by level where there are several."""
    if not result.findings:
        return
    counts = {k: sum(f.level == k for f in result.findings) for k in LEVEL_WORDS}
    present = [k for k, n in counts.items() if n]
    section("Findings: " + ", ".join(f"{counts[k]} {LEVEL_COUNTS[k]}" for k in present))
    chosen = None
    if len(present) > 1:
        chosen = st.segmented_control(
            "Show",
            present,
            format_func=lambda k: f"{LEVEL_WORDS[k]} {counts[k]}",
            label_visibility="collapsed",
            key="finding level",
        )
    order = list(LEVEL_WORDS)
    shown = sorted(
        (f for f in result.findings if chosen in (None, f.level)),
        key=lambda f: order.index(f.level),
    )
    st.dataframe(_finding_rows(shown), hide_index=True, width="stretch")


def _finding_rows(findings: Iterable[Finding]) -> list[dict[str, object]]:
    return [
        {
            "Level": LEVEL_WORDS[f.level],
            "File": f.place.file,
            "Row": f.place.row,
            "Column": f.column,
            "As written": f.value,
            "What happens": f.message,
        }
        for f in findings
    ]


def ask(questions: Sequence[Question], answers: dict[str, str]) -> None:
    """Questions with a preview of each answer; nothing is chosen beforehand."""
    for question in questions:
        chosen = st.radio(
            question.message,
            [c.value for c in question.choices],
            captions=[c.preview for c in question.choices],
            index=None,
            key=f"answer {question.key}",
        )
        if chosen is not None:
            answers[question.key] = chosen
