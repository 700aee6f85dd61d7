"""Brands, abbreviations and spellings of therapies (en, de, fr) by their standard name.

Those of single regimens stand in ``domain/data/regimens.csv``, words that may mean several in
``domain/data/regimen_words.csv``: words with a usual meaning in this field (the first one, that of
scleromyxedema and sclerosis case reports), words that are asked about, names of protocols.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Final, Literal

from sm_tracker.domain.data import rows_of, words
from sm_tracker.domain.regimens import regimens

WordKind = Literal["usual", "asked", "protocol"]
WORD_KINDS: Final[tuple[WordKind, ...]] = ("usual", "asked", "protocol")


@cache
def spellings_of_therapies() -> Mapping[str, tuple[str, ...]]:
    """Other names of each therapy by its standard name."""
    return {r.name: r.spellings for r in regimens()}


@cache
def words_of_several(kind: WordKind) -> Mapping[str, tuple[str, ...]]:
    """Words that name several therapies, or that may mean one of several, with these."""
    return {
        word: tuple(row["regimens"].split("|"))
        for row in rows_of("regimen_words")
        if row["kind"] == kind
        for word in row["words"].split("|")
    }


NO_THERAPY: Final = frozenset(words("no therapy"))
"""What a therapy cell says when no therapy runs."""
SAYS_NONE: Final = frozenset({"none", "nil", "néant"})
"""Words that stand for a missing number elsewhere; of a therapy they say that there was none."""
