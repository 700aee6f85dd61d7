"""Words that stand for a missing, unmeasurable, censored or approximate value (en, de, fr)."""

from __future__ import annotations

import re
from typing import Final

from sm_tracker.domain.data import words
from sm_tracker.domain.missing import missing_words

MISSING: Final = missing_words("number") | {""}
"""No value was noted; the trailing full stop or exclamation mark is taken off before."""

NOT_MEASURABLE: Final = frozenset(words("not measurable"))
"""The device gave no reading."""

BEYOND_DEPTH: Final = frozenset(words("beyond depth"))
"""The skin was thicker than the device sees."""

BELOW: Final = re.compile(
    r"(?:<\s*=?|=<|&lt;|(?:unter|unterhalb(?: von)?|kleiner(?: als)?|kl\.|weniger als|höchstens"
    r"|max\.|below|less than|under|lower than|smaller than|at most"
    r"|inférieure?(?: ou égale?)? (?:à|a)|inf\. ?à|inf\.|moins (?:de|que)|au plus"
    r"|en dessous de|au-dessous de|sous)(?=[\s\d.,]))\s*",
    re.IGNORECASE,
)
"""What stands before a value that lies below the number given."""

ABOVE: Final = re.compile(
    r"(?:>\s*=?|=>|&gt;|(?:über|ueber|oberhalb(?: von)?|größer(?: als)?|groesser(?: als)?|gr\."
    r"|mehr als|mindestens|mind\.|min\.|above|more than|greater than|over|at least|larger than"
    r"|beyond|supérieure?(?: ou égale?)? (?:à|a)|sup\. ?à|sup\.|plus (?:de|que)|au moins"
    r"|au-dessus de|au dessus de|au-delà de)(?=[\s\d.,]))\s*",
    re.IGNORECASE,
)
"""What stands before a value that lies above the number given."""

APPROXIMATE: Final = re.compile(
    r"(?:[~≈∼˜]|±(?=\s*\d)|(?:ca|circa|c|env|approx|ungef|etw)\.(?=[\s\d])|(?:ca|circa|etwa|ungefähr"
    r"|ungefaehr|rund|environ|approximately|approx|about|around|roughly|env|à peu près"
    r"|autour de|près de|proche de)(?=[\s\d]))\s*",
    re.IGNORECASE,
)
"""What stands before a value that is only approximate."""
