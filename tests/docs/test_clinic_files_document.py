"""docs/clinic_files.md says of each of the 77 ways what its files in the corpus show."""

from __future__ import annotations

import datetime as dt
import importlib.util
import re
from collections import defaultdict
from functools import cache
from pathlib import Path
from types import ModuleType

import pytest

from sm_tracker.domain.records import ReadResult
from sm_tracker.ingest import Limits, read_sources
from sm_tracker.ingest.messages.finding_kinds import KINDS
from sm_tracker.ingest.messages.questions import KEYS, PREFIXES

ROOT = Path(__file__).parents[2]
CORPUS = ROOT / "tests/corpus"
TEXT = (ROOT / "docs/clinic_files.md").read_text(encoding="utf-8")
LINES = {
    cells[0]: (cells[2].split(", "), re.findall(r"`([\w.]+\??)`", cells[4]))
    for line in TEXT.splitlines()
    if re.match(r"\| M\d\d \|", line)
    for cells in [[cell.strip() for cell in line.strip("|").split("|")]]
}
WAYS = [f"M{number:02d}" for number in range(1, 78)]
SHOWS = {
    "read": lambda r: r.outcome == "accept",
    "said": lambda r: r.outcome == "accept_with_warning",
    "asked": lambda r: r.outcome == "ask",
    "row refused": lambda r: r.outcome == "accept_with_warning" and r.refused,
    "file refused": lambda r: r.outcome == "reject",
}


def _load(path: Path) -> ModuleType:
    spec = importlib.util.spec_from_file_location(f"corpus_of_{path.stem}", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@cache
def _cases() -> dict[str, list[dict]]:
    """The cases of the corpus by the ways in their names."""
    by_way = defaultdict(list)
    for path in sorted(CORPUS.glob("test_*.py")):
        for case in getattr(_load(path), "CASES", ()):
            for number in re.findall(r"(?<![a-z])m(\d\d)(?=_)", case["name"]):
                by_way[f"M{number}"].append(case)
    return by_way


@cache
def _results(way: str) -> tuple[ReadResult, ...]:
    judge = _load(CORPUS / "conftest.py")
    return tuple(
        read_sources(
            judge._sources(case), answers=case.get("given") or None, today=dt.date(2026, 11, 1)
        )
        for case in _cases()[way]
    )


def test_all_ways_are_in_the_document_once_and_in_order():
    assert re.findall(r"^\| (M\d\d) \|", TEXT, re.MULTILINE) == WAYS


@pytest.mark.parametrize("way", WAYS)
def test_the_corpus_has_files_of_each_way(way):
    assert len(_cases()[way]) >= 2, f"{way} needs two files at least"


@pytest.mark.parametrize("way", WAYS)
def test_every_code_named_is_a_finding_or_a_question(way):
    for code in LINES[way][1]:
        stem = code.removesuffix("?")
        known = stem in (*KEYS, *PREFIXES) if code.endswith("?") else stem in KINDS
        assert known, code


@pytest.mark.parametrize("way", WAYS)
def test_a_file_of_the_corpus_shows_each_outcome_named(way):
    for outcome in LINES[way][0]:
        assert any(SHOWS[outcome](result) for result in _results(way)), outcome


@pytest.mark.parametrize("way", WAYS)
def test_a_file_of_the_corpus_shows_each_code_named(way):
    shown = {f.code for result in _results(way) for f in result.findings}
    asked = {q.key.partition("@")[0] for result in _results(way) for q in result.questions}
    asked |= {f"{key.partition('.')[0]}." for key in asked if "." in key}
    assert {c for c in LINES[way][1] if not c.endswith("?")} <= shown
    assert {c.removesuffix("?") for c in LINES[way][1] if c.endswith("?")} <= asked


def test_the_limits_named_are_those_in_force():
    line = next(line for line in TEXT.splitlines() if line.startswith("| M76 "))
    limits = Limits()
    for limit in (limits.bytes, limits.rows, limits.columns, limits.unpacked_bytes):
        assert f"{limit:,}" in line
