"""The words of the import stand in tables, and Python keeps how they are read.

A list of words is what is compared as it stands. A pattern of the grammar (numbers before units,
signs before values, parts of names) is not: it tells where words stand, and stays in Python.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from sm_tracker.domain.data import FOLDER, grouped, words

ROOT = Path(__file__).parents[2] / "sm_tracker"
MOST_WORDS = 24
NOT_WORDS = {
    "files/decoding.py NAMES": "names of encodings as Python knows them",
    "messages/questions.py KEYS": "sentences on the keys of questions",
    "messages/questions.py PREFIXES": "sentences on the keys of questions",
    "tables/roles_read.py _OF_COURSES": "roles of columns, not words of files",
    "tables/columns.py _OF_TAGS": "roles of columns, not words of files",
}
"""Long lists that are left in Python, and what they are."""
_PATTERN = re.compile(r"[|\\^$()\[\]]")
_WORD = re.compile(r"[^\W\d_]{2,}")


def _lists(path: Path) -> Iterator[tuple[str, int]]:
    """The values that a module defines and that hold words as such, with how many there are."""
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if not isinstance(node, ast.Assign | ast.AnnAssign) or node.value is None:
            continue
        target = node.targets[0] if isinstance(node, ast.Assign) else node.target
        calls = {
            c.func.id if isinstance(c.func, ast.Name) else getattr(c.func, "attr", "")
            for c in ast.walk(node.value)
            if isinstance(c, ast.Call)
        }
        texts = [
            c.value
            for c in ast.walk(node.value)
            if isinstance(c, ast.Constant) and isinstance(c.value, str)
        ]
        if calls & {"compile", "Message"} or any(map(_PATTERN.search, texts)):
            continue
        yield getattr(target, "id", "?"), sum(len(_WORD.findall(t)) for t in texts)


def test_no_long_list_of_words_stands_in_the_code_of_the_import():
    long = {
        f"{path.relative_to(ROOT / 'ingest').as_posix()} {name}"
        for path in (ROOT / "ingest").rglob("*.py")
        for name, count in _lists(path)
        if count > MOST_WORDS
    }
    assert long <= set(NOT_WORDS), long - set(NOT_WORDS)


@pytest.mark.parametrize("table", ["words", "columns"])
def test_a_word_stands_once_for_each_of_its_uses(table):
    rows = (FOLDER / f"{table}.csv").read_text(encoding="utf-8").splitlines()[1:]
    pairs = [row.split(",")[0] + "," + row.split(",")[1] for row in rows if '"' not in row]
    twice = {p for p in pairs if pairs.count(p) > 1}
    assert twice == set()


def test_every_use_of_a_table_of_words_is_asked_for():
    code = "\n".join(p.read_text(encoding="utf-8") for p in ROOT.rglob("*.py"))
    unused = {use for use in grouped("words") if f'words("{use}")' not in code}
    assert unused == set()


def test_a_column_name_more_is_a_row_more():
    assert grouped("columns")["patient_id"].keys() >= {"patient", "proband", "sujet"}
    assert words("side")["links"] == "left"
