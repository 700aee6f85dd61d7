"""Words about body sites other than their names, from ``domain/data/words.csv``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from sm_tracker.domain.data import words

MODIFIERS: Final[Mapping[str, str]] = words("site modifier")
"""Words that narrow a site; they are kept before its name."""

SIDE_WORDS: Final[Mapping[str, str]] = words("side in site")
"""Words for the side of the body."""

FRENCH_SIDE_LETTERS: Final[Mapping[str, str]] = words("side letter (French)")
"""Letters that name a side only beside a French site."""

FRENCH_SITES: Final = frozenset(words("site (French)"))
"""First words that show a French name of a site."""

ENGLISH_ABBREVIATIONS: Final = words("site abbreviation (English)")
GERMAN_ABBREVIATIONS: Final = words("site abbreviation (German)")
"""Short forms, which may mean two sites in two languages; they count only beside a side word."""

GERMAN_SIDE_WORDS: Final = frozenset(words("side (German)"))
"""Side words that show a German cell."""
