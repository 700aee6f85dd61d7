"""Names and words of files without case, accents and signs, so that they can be compared."""

from __future__ import annotations

import re
import unicodedata


def word_set(text: str) -> frozenset[str]:
    """Words of a text, each once."""
    return frozenset(text.split())


def plain_name(text: str) -> str:
    """A name in small letters without accents and signs: ``Körper-Stelle:`` is koerper stelle."""
    return bare_name(text.translate(_UMLAUTS))


_UMLAUTS = str.maketrans(
    {"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "µ": "u", "μ": "u",
     "°": "", "º": "", "²": "2", "³": "3", "’": " ", "'": " "}
)  # fmt: skip


def bare_name(text: str) -> str:
    """A name in small letters without accents and signs: ``Körper-Stelle:`` is korper stelle."""
    bare = unicodedata.normalize("NFKD", text)
    bare = "".join(c for c in bare if not unicodedata.combining(c)).casefold()
    return " ".join(re.sub(r"[^a-z0-9+]+", " ", bare).split())
