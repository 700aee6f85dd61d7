"""Body sites as clinics write them: standard name and side, whatever the language."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from rapidfuzz import process
from rapidfuzz.distance import Indel

from sm_tracker.domain.data import words
from sm_tracker.domain.records import Side
from sm_tracker.domain.sites import spellings_of_sites
from sm_tracker.ingest.cells.site_names import (
    ENGLISH_ABBREVIATIONS,
    FRENCH_SIDE_LETTERS,
    FRENCH_SITES,
    GERMAN_ABBREVIATIONS,
    GERMAN_SIDE_WORDS,
    MODIFIERS,
    SIDE_WORDS,
)

ALIKE: Final = 0.84
"""Likeness (share of letters in common, in order) from which two unknown names may be one site."""

MOST_COMPARED = 300
"""Unknown names of a file that a further one is compared with, so that the time is bounded."""


SHORTEST_COMPARED = 4
"""Shorter names are one site only where they are equal."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteText:
    """What a site cell or column header says.

    Attributes
    ----------
    site : str
        Standard English name without the side; the text as written, trimmed, where it is
        not known. A word such as "distal" is kept before the name.
    side : {"", "left", "right"}
        Side of the body; blank also where both sides are named.
    known : bool
        Whether the name is one of the list.
    text : str
        The text as written, with single blanks.
    both_sides : bool
        The text says both sides ("bds.", "bilateral").
    choices : tuple of str
        Sites that an abbreviation may mean, where the text alone does not tell.
    """

    site: str
    side: Side = ""
    known: bool
    text: str
    both_sides: bool = False
    choices: tuple[str, ...] = ()


def _folded(text: str) -> str:
    """Lower case without accents, ß as ss, ä as ae: one form of each name."""
    lower = text.casefold().replace("ä", "ae").replace("ö", "oe").replace("ü", "ue")
    bare = unicodedata.normalize("NFD", lower)
    return "".join(c for c in bare if not unicodedata.combining(c))


def _by_alias(names: Iterable[tuple[str, str]]) -> dict[str, str]:
    found = {}
    for alias, name in names:
        found[_folded(alias)] = name
        found[_folded(alias).replace("ae", "a").replace("oe", "o").replace("ue", "u")] = name
        found[_without_umlauts(alias)] = name
    return found


def _without_umlauts(text: str) -> str:
    bare = unicodedata.normalize("NFD", text.casefold())
    return "".join(c for c in bare if not unicodedata.combining(c))


_SITES = _by_alias(
    (alias, name)
    for name, aliases in spellings_of_sites().items()
    for alias in (name, *aliases.split("|"))
)
_LONGEST_SITE = max(len(alias.split()) for alias in _SITES)
"""Words of the longest name of a site; no longer part of a text is looked up."""
_MODIFIERS = _by_alias(MODIFIERS.items())
_SIDES = _by_alias(SIDE_WORDS.items())
_FRENCH = frozenset(map(_folded, FRENCH_SITES))
_LITTLE_WORDS = words("little word in site").keys()
_BOTH = re.compile(
    r"\b(?:l|li|left|links|g)\s*[+/&]\s*(?:r|re|right|rechts|d)\b"
    r"|\b(?:r|re|right|rechts|d)\s*[+/&]\s*(?:l|li|left|links|g)\b",
    re.IGNORECASE,
)


_NUMBERED_WORDS = {
    "plaque": "plaque",
    "lesion": "lesion",
    "lasion": "lesion",
    "laesion": "lesion",
    "herd": "lesion",
}
_NUMBERED = re.compile(
    r"(plaque|l[eé]sion|l(?:ä|ae)sion|herd)[\s\-_.]*(?:nr\.?|no\.?|n°)?\s*(\d{1,2}|[a-z])",
    re.IGNORECASE,
)


@lru_cache(maxsize=4096)
def read_site(text: str) -> SiteText:
    """Read a body site.

    Parameters
    ----------
    text : str
        A cell of a site column, or a column header without its unit.

    Returns
    -------
    SiteText

    Examples
    --------
    >>> read_site("Unterarm li.").site, read_site("Unterarm li.").side
    ('forearm', 'left')
    >>> read_site("forearm_right").side, read_site("Wade").site, read_site("Narbe").known
    ('right', 'calf', False)
    """
    written = " ".join(text.replace("\u00a0", " ").split())
    both = bool(_BOTH.search(written))
    words = _words(_BOTH.sub(" ", written) if both else written)
    sides, rest = _split_sides(words)
    both = both or "both" in sides or len(sides) == 2
    one_side = next(iter(sides)) if len(sides) == 1 and not both else ""
    letter = "" if one_side or both else _french_letter(rest, written)
    if letter:
        one_side, rest = FRENCH_SIDE_LETTERS[letter], [w for w in rest if w != letter]
    site, choices = _named(rest, words)
    side: Side = "left" if one_side == "left" else "right" if one_side == "right" else ""
    if site:
        return SiteText(site=site, side=side, known=True, text=written, both_sides=both)
    unknown = _unknown_name(written, letter) if rest and (side or both) else written
    if numbered := _NUMBERED.fullmatch(unknown):
        word = _NUMBERED_WORDS[_without_umlauts(numbered[1])]
        site = f"{word} {numbered[2].upper()}"
        return SiteText(site=site, side=side, known=True, text=written, both_sides=both)
    return SiteText(
        site=unknown, side=side, known=False, text=written, both_sides=both, choices=choices
    )


def _words(text: str) -> list[str]:
    parted = re.sub(r"(?<=[a-zäöüß])(?=[A-Z])", " ", text)
    parted = re.sub(r"\b[ld]['\u2019](?=\w)", "", parted, flags=re.IGNORECASE)
    return [w for w in re.split(r"[^\w+\ufffd]+|_", _folded(parted)) if w]


def _split_sides(words: list[str]) -> tuple[set[str], list[str]]:
    sides = {_SIDES[w] for w in words if w in _SIDES}
    return sides, [w for w in words if w not in _SIDES]


def _named(words: list[str], all_words: list[str]) -> tuple[str, tuple[str, ...]]:
    """Standard name of a site with its modifiers, and the choices of an abbreviation."""
    meant = [w for w in words if w not in _LITTLE_WORDS]
    for candidate in (words, meant):
        if whole := _lookup(candidate):
            return whole, ()
    short = [w for w in meant if w not in _MODIFIERS]
    if len(short) == 1 and short[0] in {*ENGLISH_ABBREVIATIONS, *GERMAN_ABBREVIATIONS}:
        site, choices = _abbreviated(short[0], all_words)
        modifiers = sorted({_MODIFIERS[w] for w in meant if w in _MODIFIERS})
        if not modifiers or site:
            return " ".join([*modifiers, site]) if site else "", choices
    plain = [
        word
        for i, word in enumerate(meant)
        if word not in _ASPECTS or not _MODIFIERS.keys() & set(meant[i + 1 : i + 2])
    ]
    return _with_modifiers(meant) or _with_modifiers(plain), ()


def _with_modifiers(meant: list[str]) -> str:
    """Standard name of a site among words that narrow it, blank where another word is there."""
    if sum(w not in _MODIFIERS for w in meant) > _LONGEST_SITE:
        return ""
    for length in range(min(len(meant) - 1, _LONGEST_SITE), 0, -1):
        for start in range(len(meant) - length + 1):
            site = _lookup(meant[start : start + length])
            others = meant[:start] + meant[start + length :]
            if site and all(o in _MODIFIERS for o in others):
                modifiers = " ".join(sorted({_MODIFIERS[o] for o in others}))
                return f"{modifiers} {site}"
    return ""


_ASPECTS = frozenset({"face", "partie", "region", "versant", "bord"})
"""Words before a modifier that add nothing to it: face antérieure."""


def holds_site(text: str) -> bool:
    """Whether some words of a text name a site.

    Examples
    --------
    >>> holds_site("scar cheek"), holds_site("distance")
    (True, False)
    """
    words = _words(text)
    spans = (
        (i, j)
        for i in range(len(words))
        for j in range(i + 1, min(len(words), i + _LONGEST_SITE) + 1)
    )
    return any(_lookup(words[i:j]) for i, j in spans)


def _lookup(words: list[str]) -> str:
    return _SITES.get(" ".join(words), "")


def _abbreviated(word: str, all_words: list[str]) -> tuple[str, tuple[str, ...]]:
    english, german = ENGLISH_ABBREVIATIONS.get(word, ""), GERMAN_ABBREVIATIONS.get(word, "")
    if not any(w in _SIDES for w in all_words):
        return "", tuple(filter(None, dict.fromkeys((english, german))))
    if english == german or not english or not german:
        return english or german, ()
    if GERMAN_SIDE_WORDS & set(all_words):
        return german, ()
    if {"left", "right"} & set(all_words):
        return english, ()
    return "", (english, german)


def _french_letter(words: list[str], written: str) -> str:
    """G or D beside a French site: as the last word, or as a capital alone among the words."""
    if not any(w in _FRENCH for w in words):
        return ""
    if words[-1] in FRENCH_SIDE_LETTERS:
        return words[-1]
    capitals = re.findall(r"(?<!\w)[GD](?![\w'\u2019])", written)
    return capitals[0].casefold() if len(capitals) == 1 else ""


def _unknown_name(written: str, letter: str = "") -> str:
    """An unknown name without its side words and without the letter that names its side."""
    words = [w for w in re.split(r"[\s_,()\[\]]+", written) if w and not _is_side(w)]
    kept = [w for w in words if not letter or w.strip(".:;-").casefold() != letter]
    return " ".join(kept) or written


def _is_side(word: str) -> bool:
    return _folded(word.strip(".:;-")) in _SIDES


def side_of(text: str) -> Side:
    """The side that a text of nothing but a side word names, else blank.

    Examples
    --------
    >>> side_of("li."), side_of("right"), side_of("D"), side_of("left hand")
    ('left', 'right', 'right', '')
    """
    words = _words(text)
    if len(words) != 1:
        return ""
    named = _SIDES.get(words[0]) or (
        FRENCH_SIDE_LETTERS.get(words[0]) if text.strip().isupper() else ""
    )
    return "left" if named == "left" else "right" if named == "right" else ""


def similar_sites(texts: Iterable[str]) -> tuple[tuple[str, ...], ...]:
    """Groups of spellings that seem to name one site on one side.

    Parameters
    ----------
    texts : iterable of str
        Site texts of a file.

    Returns
    -------
    tuple of tuple of str
        Each group holds two or more different spellings, in order of appearance; left and
        right are never in one group. Spellings that differ in case, blanks and hyphens
        alone are grouped as well.

    Examples
    --------
    >>> similar_sites(["forearm li.", "Unterarm links", "Unterarm re.", "forarm left"])
    (('forearm li.', 'Unterarm links', 'forarm left'),)
    >>> similar_sites(["Unterschenkel re.", "Unterschnekel re"])
    (('Unterschenkel re.', 'Unterschnekel re'),)
    """
    groups: list[list[str]] = []
    known: dict[tuple[object, ...], list[str]] = {}
    # Only names of one side, with the same numbers and letters in them, can be one site.
    comparable: dict[tuple[object, ...], _Spellings] = {}
    for text in dict.fromkeys(texts):
        read = read_site(text)
        letters = "".join(_words(read.site))
        forms = letters, "".join(w for w in _words(text) if w not in _SIDES)
        own = known.get((read.side, read.both_sides, read.site)) if read.known else None
        beside = comparable.setdefault(_telling(read, letters), _Spellings())
        own = own if own is not None else beside.alike(forms, unknown_only=read.known)
        if own is not None:
            own.append(text)
            continue
        groups.append([text])
        beside.add(forms, groups[-1], known=read.known)
        if read.known:
            known[read.side, read.both_sides, read.site] = groups[-1]
    return tuple(tuple(members) for members in groups if len(members) > 1)


class _Spellings:
    """Names that may be spellings of one another, each in two forms, with their groups."""

    def __init__(self) -> None:
        self._forms: tuple[list[str], list[str]] = ([], [])
        self._groups: list[list[str]] = []
        self._known: list[bool] = []

    def add(self, forms: tuple[str, str], group: list[str], *, known: bool) -> None:
        if len(self._groups) < MOST_COMPARED:
            for column, form in zip(self._forms, forms, strict=True):
                column.append(form)
            self._groups.append(group)
            self._known.append(known)

    def alike(self, forms: tuple[str, str], *, unknown_only: bool) -> list[str] | None:
        """The group of the first name that is alike in one of its forms, if there is one."""
        found = [
            index
            for column, form in zip(self._forms, forms, strict=True)
            for index in self._like(form, column)
            if not (unknown_only and self._known[index])
        ]
        return self._groups[min(found)] if found else None

    @staticmethod
    def _like(form: str, column: list[str]) -> list[int]:
        if len(form) < SHORTEST_COMPARED:
            return [i for i, other in enumerate(column) if other == form]
        hits = process.extract(
            form, column, scorer=Indel.normalized_similarity, score_cutoff=ALIKE, limit=None
        )
        return [i for other, _, i in hits if len(other) >= SHORTEST_COMPARED or other == form]


def _telling(read: SiteText, letters: str) -> tuple[object, ...]:
    """What never differs between spellings of one site."""
    numbers = tuple(re.findall(r"\d+", letters))
    return read.side, read.both_sides, numbers, tuple(_ordinals(read))


def _ordinals(read: SiteText) -> list[str]:
    """Letters and Roman numbers that tell sites apart: lesion A, lesion B, site II."""
    return [w for w in _words(read.site) if len(w) == 1 or re.fullmatch(r"i{2,3}|iv|vi{0,3}", w)]
