"""Results are codes and values: below the edge no text is put together for a reader."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from docs.make_catalogues import PACKAGE, texts_of_file

FOLDERS = ("ingest", "store", "domain", "analysis")
SENTENCE = re.compile(r"[A-Za-z]{2,},? [A-Za-z]{2,}")
PATTERN = re.compile(r"[\\|^$*+\[]|\(\?")
"""A regular expression or a query is written with signs that no sentence has."""
QUERY = re.compile(r"\b(?:SELECT|CREATE|DROP|PRAGMA|TABLE|IN|TO|AND|THEN|SET|NULL|ROW|FROM)\b")
SAYS = {
    "add",
    "refuse",
    "ask",
    "offer",
    "Choice",
    "Question",
    "Recognised",
    "RefusedRow",
    "Finding",
}


def name_of(call: ast.Call) -> str:
    return call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")


def is_sentence(text: str) -> bool:
    return bool(SENTENCE.search(text)) and not PATTERN.search(text) and not QUERY.search(text)


def worded(tree: ast.AST, known: set[str]) -> Iterator[tuple[int, str]]:
    """Sentences that are put together, or given to a reader, past the catalogue."""
    for_programmers = {
        id(part)
        for node in ast.walk(tree)
        if (isinstance(node, ast.Call) and name_of(node) in ("ValueError", "TypeError"))
        or (isinstance(node, ast.FunctionDef) and node.name == "__repr__")
        for part in ast.walk(node)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.JoinedStr) and id(node) not in for_programmers:
            fixed = [v.value for v in node.values if isinstance(v, ast.Constant)]
            yield from ((node.lineno, t) for t in fixed if is_sentence(str(t)))
        if isinstance(node, ast.Call) and name_of(node) in SAYS:
            given = [*node.args, *(k.value for k in node.keywords)]
            yield from (
                (a.lineno, a.value)
                for a in given
                if isinstance(a, ast.Constant) and isinstance(a.value, str)
                and is_sentence(a.value) and a.value not in known
            )  # fmt: skip


def files() -> list[Path]:
    """All but effect sizes, whose notes are English columns, and the queries of migrations."""
    found = [p for folder in FOLDERS for p in sorted((PACKAGE / folder).rglob("*.py"))]
    return [p for p in found if not {"measures", "migrations"} & set(p.parts)]


@pytest.mark.parametrize("path", files(), ids=lambda p: str(p.relative_to(PACKAGE)))
def test_no_sentence_is_put_together_below_the_edge(path):
    known = {t for t in texts_of_file(path) if isinstance(t, str)}
    tree = ast.parse(path.read_text(encoding="utf-8"))
    assert list(worded(tree, known)) == []


def test_the_search_finds_a_sentence():
    tree = ast.parse('log.add("code", words=f"{n} rows are left out")\nChoice("a", "leave it out")')
    assert sorted(line for line, _ in worded(tree, set())) == [1, 2]
