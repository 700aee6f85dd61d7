"""Month names, weekdays and words for an open or unknown end (en, de, fr)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from sm_tracker.domain.data import words
from sm_tracker.domain.missing import missing_words

MONTHS: Final[Mapping[str, int]] = {name: int(number) for name, number in words("month").items()}
"""Month number by name or abbreviation, in lower case, without a full stop."""

WEEKDAYS: Final = tuple(words("weekday"))
"""Weekdays that may stand before a date, in lower case."""

ONGOING: Final = frozenset(words("ongoing"))
"""The therapy still runs."""

UNKNOWN_END: Final = missing_words("date")
"""The therapy has ended or not: nobody knows."""

APPROXIMATE_DATE: Final = (
    r"ca\.?|circa|etwa|ungefähr|um|around|about|approx\.?|~|≈|environ|env\.?|vers|anfang|anf\.?|mitte"
    r"|ende|early|mid|late|beginning of|middle of|end of|start of|début|debut|mi|fin|courant"
)
"""What stands before a date that is only approximate."""

LEAD_WORDS: Final = (
    r"seit|ab|bis|vom|von|since|from|until|till|to|depuis|dès|du|jusqu'à|jusqu'au|jusqu'en|au|en"
)
"""What may stand before a date without changing it."""
