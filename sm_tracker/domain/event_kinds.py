"""Kinds of events, their names in three languages, and the words by which they are known.

The table is ``domain/data/event_kinds.csv``, one row a kind.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from typing import Final

from sm_tracker.domain.data import rows_of

EVENT_KINDS: Final = tuple(row["kind"] for row in rows_of("event_kinds"))
OTHER_EVENT: Final = "other"
"""The kind of what none of the words tells; the word itself is kept."""
SHORT: Final = 3
_SEPARATORS = re.compile(r"[\W_]+")


def event_kind_of(text: str) -> str:
    """The kind of event that a text names, by its first word that is known; blank for none.

    Words of less than four letters count at the beginning alone: "post op" is not an operation.

    Examples
    --------
    >>> event_kind_of("Stanzbiopsie Unterarm re."), event_kind_of("hospital admission (sepsis)")
    ('biopsy', 'admission')
    >>> event_kind_of("new job")
    ''
    """
    plain = _plain(text)
    known = _kinds_by_spelling()
    if plain in known:
        return known[plain]
    padded = f" {plain} "
    found = [
        (at, kind)
        for spelling, kind in known.items()
        if kind != OTHER_EVENT
        and (at := padded.find(f" {spelling} ")) >= 0
        and (at == 0 or len(spelling) > SHORT)
    ]
    return min(found, default=(0, ""))[1]


def event_kind_in_languages(kind: str) -> tuple[str, str, str] | None:
    """A kind of event in English, German and French, or None where it is not a known one."""
    return _names().get(kind)


@cache
def _names() -> Mapping[str, tuple[str, str, str]]:
    return {row["kind"]: (row["en"], row["de"], row["fr"]) for row in rows_of("event_kinds")}


@cache
def _kinds_by_spelling() -> Mapping[str, str]:
    return {
        _plain(spelling): row["kind"]
        for row in rows_of("event_kinds")
        for spelling in (row["kind"], *row["spellings"].split("|"))
    }


def _plain(text: str) -> str:
    return _SEPARATORS.sub(" ", text.casefold()).strip()
