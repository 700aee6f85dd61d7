"""Words about body sites other than their names, which stand in ``domain/data/sites.csv``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

MODIFIERS: Final[Mapping[str, str]] = {
    "proximal": "proximal|proximaler|proximale|prox|proximally",
    "distal": "distal|distaler|distale|dist|distally",
    "medial": "medial|medialer|mediale|médial|innen|innenseite|inner|interne|face interne",
    "lateral": "lateral|lateraler|laterale|latéral|latérale|außen|außenseite|aussen|outer|externe"
    "|face externe",
    "anterior": "anterior|ant|ventral|vorne|vorderseite|vorderer|antérieur|antérieure"
    "|face antérieure",
    "posterior": "posterior|post|hinten|rückseite|hinterer|postérieur|postérieure|face postérieure",
    "middle": "middle|mid|mitte|mittlerer|mittlere|milieu|moyen|moyenne|central|zentral",
    "extensor": "extensor|streckseite|extensor side|extensor surface",
    "flexor": "flexor|beugeseite|flexor side|flexor surface",
    "dorsal": "dorsal|dorsale|dorsaler|dorsum|face dorsale",
    "volar": "volar|volare|volarer|palmar",
    "upper": "upper|oberer|obere|oben|supérieur|supérieure",
    "lower": "lower|unterer|untere|unten|inférieur|inférieure",
}
"""Words that narrow a site; they are kept before its name."""

SIDE_WORDS: Final[Mapping[str, str]] = {
    "left": "left|lt|lft|links|linker|linke|linkes|linken|li|lks|gauche|gche|gau|gch|sin|sinister"
    "|sinistra|l|lhs",
    "right": "right|rt|rgt|rechts|rechter|rechte|rechtes|rechten|re|rts|droit|droite|drt|drte|dte"
    "|dt|dr|dext|dexter|dextra|r|rhs",
    "both": "bds|beids|beidseits|beiderseits|bilateral|bilat|bil|both|both sides|beide|beidseitig"
    "|bilatéral|bilatérale|deux côtés|les deux|lr|l r|l+r|r+l|re li|li re",
}
"""Words for the side of the body."""

FRENCH_SIDE_LETTERS: Final[Mapping[str, str]] = {"g": "left", "d": "right"}
"""Letters that name a side only beside a French site."""

_FRENCH_SITES_TEXT = """
doigt doigts main mains paume poignet bras avant avantbras coude épaule épaules aisselle cuisse
cuisses genou genoux jambe jambes mollet mollets cheville pied pieds talon plante orteil orteils
fesse fesses hanche aine visage front tempe joue joues nez lèvre lèvres menton paupière oreille
oreilles cou nuque poitrine torse sein ventre flanc dos omoplate tronc pouce index majeur annulaire
auriculaire phalange phalanges pommette creux
"""
FRENCH_SITES: Final = frozenset(_FRENCH_SITES_TEXT.split())
"""First words that show a French name of a site."""

ABBREVIATIONS: Final[Mapping[str, tuple[str, str]]] = {
    # abbreviation: (English reading, German reading)
    "ua": ("upper arm", "forearm"),
    "oa": ("", "upper arm"),
    "us": ("", "lower leg"),
    "os": ("", "thigh"),
    "hr": ("", "hand dorsum"),
    "fr": ("", "foot dorsum"),
    "ll": ("lower leg", ""),
    "ul": ("thigh", ""),
    "abd": ("abdomen", "abdomen"),
}
"""Short forms (English reading, German reading); they count only beside a side word."""

_GERMAN_SIDE_WORDS_TEXT = """
links linker linke linkes rechts rechter rechte rechtes li re lks bds beidseits
"""
GERMAN_SIDE_WORDS: Final = frozenset(_GERMAN_SIDE_WORDS_TEXT.split())
"""Side words that show a German cell."""
