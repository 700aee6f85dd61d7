"""The judge of the corpus: compares what a messy file gave with what a clinician expects.

A case is a dictionary; its keys mirror the columns of the expectations of the worked
examples: outcome, also_ok, n, patients, sites, first, last, censored, therapies,
first_therapy, last_therapy, rejected, warned, mention, silent, answers. All people, dates and
values are invented.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Mapping
from typing import Any

import pytest

from sm_tracker.domain.records import Measurement, ReadResult, TherapyPeriod
from sm_tracker.ingest import SourceFile, read_sources

TODAY = dt.date(2026, 11, 1)
Case = Mapping[str, Any]


@pytest.fixture
def judge() -> Callable[[Case], None]:
    return _judge


def _judge(case: Case) -> None:
    sources = _sources(case)
    result = read_sources(sources, answers=case.get("given") or None, today=TODAY)
    shown = _shown(result)
    assert result.outcome in {case["outcome"], *case.get("also_ok", "").split()}, shown
    _every_cell_is_accounted_for(result, shown)
    if result.outcome == "ask":
        assert result.questions, shown
        assert not result.measurements, shown
        assert not result.therapies, shown
    elif result.outcome == "reject":
        assert not result.measurements, shown
        assert not result.therapies, shown
        assert any(f.level == "error" for f in result.findings), shown
    else:
        assert not result.questions, shown
        _compare_records(case, result, shown)
    assert not set(case.get("silent", ())) & {f.code for f in result.findings}, shown
    if result.outcome == "accept":
        assert all(f.level == "info" for f in result.findings), shown
    if result.outcome == case["outcome"] or case.get("mention_always"):
        _compare_messages(case, result, shown)
    if result.outcome == "ask":
        _every_choice_is_a_possible_answer(sources, result)
        _judge_answers(case, sources, shown)


def _every_cell_is_accounted_for(result: ReadResult, shown: str) -> None:
    ledger = result.ledger
    assert (ledger is None) == (result.outcome == "ask"), shown
    if ledger is None:
        return
    parts = (ledger.used, ledger.noted, ledger.named, ledger.refused)
    assert min(parts) >= 0, shown
    assert sum(parts) == ledger.cells, shown
    assert not ledger.named or result.findings, shown
    assert not ledger.refused or result.refused or result.outcome == "reject", shown


def _sources(case: Case) -> list[SourceFile]:
    content = case["content"]() if callable(case["content"]) else case["content"]
    encoding = case.get("encoding", "utf-8")
    if isinstance(content, dict):
        return [SourceFile(name, _bytes(c, encoding)) for name, c in content.items()]
    return [SourceFile(case.get("file", "table.csv"), _bytes(content, encoding))]


def _bytes(content: str | bytes | list[str], encoding: str) -> bytes:
    """A file from its bytes, its text, or its lines."""
    if isinstance(content, list):
        content = "".join(f"{line}\n" for line in content)
    return content.encode(encoding) if isinstance(content, str) else content


def _every_choice_is_a_possible_answer(sources: list[SourceFile], result: ReadResult) -> None:
    for question in result.questions:
        for choice in question.choices:
            read_sources(sources, answers={question.key: choice.value}, today=TODAY)


def _judge_answers(case: Case, sources: list[SourceFile], shown: str) -> None:
    for answers, expected in case.get("answers", ()):
        result = read_sources(sources, answers=answers, today=TODAY)
        told = f"{shown}\n--- answered {answers} ---\n{_shown(result)}"
        if expected.get("outcome") == "reject":
            assert result.outcome == "reject", told
            continue
        assert result.outcome in ("accept", "accept_with_warning"), told
        _compare_records(expected, result, told)
        _compare_messages(expected, result, told)


def _compare_records(case: Case, result: ReadResult, shown: str) -> None:
    valued = [m for m in result.measurements if m.thickness_mm is not None]
    therapies = list(result.therapies)
    numbers = {
        "n": len(valued),
        "patients": len({r.patient_id for r in (*valued, *therapies)}),
        "sites": len({(m.site, m.side) for m in valued}),
        "censored": sum(bool(m.qualifier) for m in valued),
        "therapies": len(therapies),
    }
    for name, value in numbers.items():
        if name in case:
            assert value == case[name], f"{name}: {value}, expected {case[name]}\n{shown}"
    if "first" in case:
        _compare_measurement(valued[0], case["first"], shown)
    if "last" in case:
        _compare_measurement(valued[-1], case["last"], shown)
    if "values" in case:
        assert [round(m.thickness_mm or 0, 3) for m in valued] == case["values"], shown
    if "first_therapy" in case:
        _compare_therapy(therapies[0], case["first_therapy"], shown)
    if "last_therapy" in case:
        _compare_therapy(therapies[-1], case["last_therapy"], shown)


def _compare_measurement(found: Measurement, line: str, shown: str) -> None:
    patient, site, when, value = line.split("|")
    assert found.patient_id == patient, shown
    names = {found.site, f"{found.side} {found.site}".strip(), found.site_text}
    assert site.casefold() in {n.casefold() for n in names}, f"{site} not in {names}\n{shown}"
    assert when in (str(found.date), str(found.day)), f"{when} != {found.date}\n{shown}"
    sign = value[0] if value[0] in "<>" else ""
    assert found.qualifier == sign, shown
    assert found.thickness_mm == pytest.approx(float(value.lstrip("<>")), abs=0.001), shown


def _compare_therapy(found: TherapyPeriod, line: str, shown: str) -> None:
    patient, name, start, end = line.split("|")
    read_end = str(found.end if found.end is not None else found.end_day)
    seen = (
        found.patient_id,
        found.therapy.casefold(),
        str(found.start if found.start is not None else found.start_day),
        found.end_status if found.end_status != "ended" else read_end,
    )
    assert seen == (patient, name.casefold(), start, end), f"{seen} != {line}\n{shown}"


def _compare_messages(case: Case, result: ReadResult, shown: str) -> None:
    told = _told(result)
    for need in filter(None, case.get("mention", "").split(";")):
        assert any(word.casefold() in told for word in need.split("|")), (
            f"silent on {need}\n{shown}"
        )
    for row in case.get("rejected", ()):
        named = [f for f in result.findings if f.place.row == row and f.level != "info"]
        assert named, f"row {row} is not named as left out\n{shown}"
        kept = [r for r in (*result.measurements, *result.therapies) if r.place.row == row]
        assert not kept, f"row {row} is kept\n{shown}"
    for row in case.get("warned", ()):
        named = [f for f in result.findings if f.place.row == row]
        listed = re.search(rf"rows?\b[^.]*\b{row}\b", told)
        assert named or listed, f"row {row} is not named\n{shown}"


def _told(result: ReadResult) -> str:
    lines = [
        f"row {f.place.row} {f.column} {f.value} {f.message}" for f in result.findings
    ]  # what a reader of the findings table sees
    lines += [str(q.message) for q in result.questions]
    lines += [f"{c.value} {c.preview}" for q in result.questions for c in q.choices]
    return "\n".join(lines).casefold()


def _shown(result: ReadResult) -> str:
    lines = [f"outcome {result.outcome}"]
    lines += [
        f"  {m.patient_id}|{m.side} {m.site}|{m.date or m.day}|{m.qualifier}{m.thickness_mm}"
        f"  {m.status} row {m.place.row} {m.place.sheet} text {m.site_text!r}"
        for m in result.measurements[:8]
    ]
    lines += [
        f"  {t.patient_id}|{t.therapy}|{t.start or t.start_day}|{t.end or t.end_day}"
        f"|{t.end_status} {t.dose!r} x{t.cycles} row {t.place.row}"
        for t in result.therapies[:8]
    ]
    lines += [
        f"  {f.level} {f.code} row {f.place.row} [{f.column}] {f.value!r}: {f.message}"
        for f in result.findings[:20]
    ]
    lines += [f"  ? {q.key}: {q.message} {[c.value for c in q.choices]}" for q in result.questions]
    return "\n".join(lines)
