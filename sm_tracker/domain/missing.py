"""Words that stand where nothing is known, in any column (en, de, fr)."""

from __future__ import annotations

from functools import lru_cache
from typing import Final

UNKNOWN: Final = frozenset(
    {
        "?", "??", "???", "n/a", "na", "n.a", "n. a", "n.d", "n. d", "nd", "n.c", "nc", "n.r", "nr",
        "null", "none", "nan", "nil",
        "unknown", "not known", "unclear", "unk", "uk", "not documented", "not recorded",
        "not available", "not applicable", "not stated", "not specified", "missing", "blank",
        "empty",
        "unbekannt", "unbek", "unklar", "nicht bekannt", "nicht dokumentiert", "nicht angegeben",
        "keine angabe", "keine angaben", "ohne angabe", "k.a", "k. a", "ka", "o.a", "o. a",
        "fehlt", "fehlend", "leer",
        "inconnu", "inconnue", "non connu", "non connue", "indéterminé", "non précisé",
        "non précisée", "non renseigné", "non renseignée", "non spécifié", "non spécifiée",
        "non indiqué", "non indiquée", "non disponible", "à préciser", "à compléter",
        "manquant", "manquante", "sans objet", "s.o", "vide",
    }
)  # fmt: skip
"""Nobody knows; the trailing full stop or exclamation mark is taken off before."""

SHEET_ERRORS: Final = frozenset(
    {
        "#n/a", "#nv", "#div/0", "#wert", "#value", "#valeur", "#ref", "#bezug", "#num", "#zahl",
        "#nombre", "#name", "#nom", "#null", "#nul", "#####", "#n/d", "#nd",
    }
)  # fmt: skip
"""What a spreadsheet writes in place of a result that it could not work out."""


def is_unknown(text: str) -> bool:
    """Whether a label says nothing: blank, a dash, a word for unknown, a failed formula.

    Examples
    --------
    >>> is_unknown("n/a"), is_unknown(" – "), is_unknown("Unbekannt."), is_unknown("DUB")
    (True, True, True, False)
    """
    word = " ".join(text.casefold().split()).rstrip(".!")
    if not any(c.isalnum() for c in word):
        return True
    return word in UNKNOWN or word in SHEET_ERRORS


@lru_cache(maxsize=65_536)
def is_missing(text: str, meaning: str) -> bool:
    """Whether a text in place of a label or a code says that nobody knows it."""
    del meaning
    return is_unknown(text)
