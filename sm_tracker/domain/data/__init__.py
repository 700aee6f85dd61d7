"""Tables of the vocabulary, as CSV: one row a word, drug, site, column name or unit.

They are read when first asked for. To add a word is to add a row. Python keeps the reading of a
table and the grammar around words, which stands in patterns; ``tests/contract`` names what is left.

========================  ==================================================================
regimens, regimen_words   drugs and procedures; words that may mean several of them
sites                     body sites by their standard name
columns, outcomes         what clinics call their columns; outcomes that are known by name
units                     units of length, each with the pattern of its spellings
words                     words of cells by their use: sides, months, signs, states of a course
missing                   words that stand where nothing is known, by what they stand for
event_kinds               kinds of events with what clinics call them
omop_tables               columns by which tables of an OMOP database are known
codes                     codes of other systems, each with source and day of its check
findings                  what the import can say: level, sentence, meaning, what to do
========================  ==================================================================
"""

from __future__ import annotations

import csv
from collections.abc import Mapping
from functools import cache
from pathlib import Path

FOLDER = Path(__file__).parent


@cache
def rows_of(name: str) -> tuple[dict[str, str], ...]:
    """The rows of a table, each by the names of its columns."""
    with (FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return tuple(csv.DictReader(file))


@cache
def grouped(name: str) -> Mapping[str, Mapping[str, str]]:
    """The words of a table by its first column, each with what its last column says."""
    found: dict[str, dict[str, str]] = {}
    with (FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        rows = csv.reader(file)
        next(rows)
        for first, word, *last in rows:
            found.setdefault(first, {})[word] = last[0] if last else ""
    return found


def words(use: str) -> Mapping[str, str]:
    """Words of one use, each with what it means, blank where the use says it all."""
    return grouped("words")[use]
