"""docs/glossary.md has every term of the records, tables and answers."""

from __future__ import annotations

import dataclasses
import inspect
import re
from pathlib import Path

import pytest

from sm_tracker.domain import records, tables
from sm_tracker.domain.change_columns import CHANGES
from sm_tracker.domain.tables import MEASUREMENTS, OUTCOMES, THERAPIES, VISITS


@pytest.fixture
def glossary(repository: Path) -> str:
    """The left and right side of every entry, in small letters without marks."""
    text = (repository / "docs/glossary.md").read_text(encoding="utf-8")
    return text.casefold().replace("`", "")


@pytest.fixture
def terms(glossary: str) -> set[str]:
    """The terms themselves; several in one cell are separated by commas."""
    cells = re.findall(r"^\| ([^|]+?) \|", glossary, re.MULTILINE)
    return {term.strip() for cell in cells for term in cell.split(",")}


def spelt_out(name: str) -> str:
    """``TherapyPeriod`` or ``therapy_period`` as the words "therapy period"."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", " ", name).replace("_", " ").casefold()


def test_every_record_is_a_term(terms):
    classes = [
        name
        for name, value in inspect.getmembers(records, dataclasses.is_dataclass)
        if value.__module__ == records.__name__
    ]
    assert classes
    assert {spelt_out(name) for name in classes} <= terms


def test_every_table_is_explained(glossary):
    names = [t.name for _, t in inspect.getmembers(tables) if isinstance(t, tables.Table)]
    assert names
    assert [n for n in names if n.removesuffix("s") not in glossary] == []


@pytest.mark.parametrize("table", [MEASUREMENTS, THERAPIES, OUTCOMES, VISITS, CHANGES])
def test_every_coded_answer_is_explained_or_a_plain_word(table, glossary):
    plain = {"left", "right", "day", "month", "year", "device setting"}
    words = {word for column in table.columns.values() for word in column.one_of if word}
    words -= plain | {w for w in words if " and " in w}
    assert {w for w in words if w.casefold() not in glossary} == set()


def test_no_term_stands_twice(repository):
    text = (repository / "docs/glossary.md").read_text(encoding="utf-8")
    cells = re.findall(r"^\| ([^|]+?) \|", text, re.MULTILINE)
    cells = [c for c in cells if c not in ("word", "---")]
    assert len(cells) == len(set(cells))
