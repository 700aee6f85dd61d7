"""Words that stand where nothing is known, by what they stand in place of (en, de, fr).

The table is ``domain/data/missing.csv``: one row a word, a column for each meaning. A word can
stand for a missing number and be a proper code all the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, lru_cache
from typing import Final, Literal

from sm_tracker.domain.data import rows_of

Meaning = Literal["number", "date", "label", "code"]
MEANINGS: Final[tuple[Meaning, ...]] = ("number", "date", "label", "code")


@cache
def missing_words(meaning: Meaning) -> frozenset[str]:
    """Words for a missing number, date, label or code, in lower case without a last full stop."""
    return _by_meaning()[meaning]


@cache
def _by_meaning() -> Mapping[Meaning, frozenset[str]]:
    rows = rows_of("missing")
    return {m: frozenset(row["word"] for row in rows if row[m]) for m in MEANINGS}


@lru_cache(maxsize=65_536)
def is_missing(text: str, meaning: Meaning) -> bool:
    """Whether a text says that nobody knows what should stand there, or nothing at all.

    Examples
    --------
    >>> is_missing("n/a", "label"), is_missing(" – ", "label"), is_missing("DUB", "label")
    (True, True, False)
    >>> is_missing("x", "number"), is_missing("x", "code"), is_missing("NA", "code")
    (True, False, True)
    """
    word = " ".join(text.casefold().split()).rstrip(".!")
    if meaning == "label" and not any(c.isalnum() for c in word):
        return True
    if word.startswith("#"):  # a spreadsheet ends some of its errors in a question mark
        word = word.rstrip("?")
    return not word or word in missing_words(meaning)


def is_unknown(text: str) -> bool:
    """Whether a label says nothing: blank, a dash, a word for unknown, a failed formula."""
    return is_missing(text, "label")
