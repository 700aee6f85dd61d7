"""Therapy cells of free text: drug, dose, schedule and cycles taken apart, the text kept."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Final

from rapidfuzz import process
from rapidfuzz.distance import Indel

from sm_tracker.domain.data import words
from sm_tracker.domain.records import Kind
from sm_tracker.domain.regimens import find_regimen
from sm_tracker.ingest.cells.therapy_names import (
    NO_THERAPY,
    WORD_KINDS,
    spellings_of_therapies,
    words_of_several,
)
from sm_tracker.ingest.cells.therapy_schedule import Schedule, read_schedule, without_edges

ALIKE: Final = 0.86
"""Likeness (shared letters in their order) from which a known name is proposed for a word."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TherapyText:
    """What a therapy cell says.

    Attributes
    ----------
    therapy : str
        Standard name; the text without dose and schedule where it is not known.
    text : str
        The cell as written, with single blanks.
    known : bool
        Whether exactly one therapy of the list was found.
    alias : str
        The words that were taken for the therapy, as written.
    choices : tuple of str
        Possible standard names where the words do not settle one.
    assumed : tuple of str
        Other meanings of an abbreviation that was read in the usual sense of the field.
    several : tuple of str
        Standard names where the cell holds more than one therapy.
    no_therapy : bool
        The cell says that nothing was given.
    dose, schedule, route : str
        As written; the route as ``intravenous``, ``oral``, ``subcutaneous``, ``topical``,
        ``intramuscular`` or blank.
    cycles : int or None
    kind : str
        As in :data:`sm_tracker.domain.records.KINDS`, only where the text says so.
    atc : str
        ATC code of the standard name, where it is sure.
    rest : str
        Words that belong to none of these.
    stopped : bool
        The cell says that the therapy ended: stop, or a dose of zero.
    unread : tuple of str
        Parts joined to a known therapy by a plus, a slash or "and" that are not known.
    """

    therapy: str
    text: str
    known: bool = False
    alias: str = ""
    choices: tuple[str, ...] = ()
    assumed: tuple[str, ...] = ()
    several: tuple[str, ...] = ()
    no_therapy: bool = False
    dose: str = ""
    cycles: int | None = None
    schedule: str = ""
    kind: Kind = ""
    route: str = ""
    atc: str = ""
    rest: str = ""
    stopped: bool = False
    unread: tuple[str, ...] = ()

    @property
    def renamed(self) -> bool:
        """Whether the standard name differs from the words written, other than in case."""
        return self.known and self.alias.casefold() != self.therapy.casefold()


def _folded(text: str) -> str:
    lower = text.casefold().replace("ä", "a").replace("ö", "o").replace("ü", "u")
    bare = unicodedata.normalize("NFD", lower)
    return "".join(c for c in bare if not unicodedata.combining(c))


def _flat(text: str) -> str:
    """Folded words parted by single blanks."""
    return " ".join(re.findall(r"[^\W_]+", _folded(text)))


@dataclass(frozen=True, slots=True)
class _Aliases:
    """All names of therapies, folded, with the therapies that they may mean."""

    meanings: dict[str, tuple[str, ...]]
    by_letter: dict[str, list[str]]
    most_words: int


@cache
def _aliases() -> _Aliases:
    found: dict[str, tuple[str, ...]] = {}
    for name, others in spellings_of_therapies().items():
        for alias in (name, *others):
            found[_flat(alias)] = (name,)
            found[_flat(alias.replace("ä", "ae").replace("ö", "oe").replace("ü", "ue"))] = (name,)
    for kind in WORD_KINDS:
        found.update({_flat(a): meanings for a, meanings in words_of_several(kind).items()})
    by_letter: dict[str, list[str]] = {}
    for alias in found:
        by_letter.setdefault(alias[:1], []).append(alias)
    return _Aliases(found, by_letter, max(len(a.split()) for a in found))


_WORD = re.compile(r"[^\W_]+")
_LITTLE_WORDS = frozenset(words("little word"))


@lru_cache(maxsize=4096)
def split_therapy(text: str) -> TherapyText:
    """Take a therapy cell apart.

    Parameters
    ----------
    text : str
        The cell as written.

    Returns
    -------
    TherapyText

    Examples
    --------
    >>> t = split_therapy("Endoxan 750 mg/m² i.v., 6 Zyklen alle 4 Wochen")
    >>> t.therapy, t.dose, t.cycles, t.schedule, t.route
    ('cyclophosphamide', '750 mg/m²', 6, 'alle 4 Wochen', 'intravenous')
    >>> split_therapy("HCQ + MTX").several
    ('hydroxychloroquine', 'methotrexate')
    """
    written = " ".join(text.replace("\u00a0", " ").replace("\u202f", " ").split())
    if written.casefold().rstrip(".") in NO_THERAPY or not written:
        return TherapyText(therapy="", text=written, no_therapy=True)
    roles = read_schedule(written)
    found, rest = _find(roles.rest)
    if not found:
        return _unknown(written, roles)
    return _described(written, roles, found, rest)


@dataclass(frozen=True, slots=True)
class _Hit:
    alias: str
    key: str
    meanings: tuple[str, ...]


_CODE_GOES_ON = re.compile(r"-\d{3,}(?!\d*[^\W\d_])")
"""What makes an abbreviation the beginning of a development code: CP-690550, CYC-116."""


def _find(text: str) -> tuple[list[_Hit], str]:
    """Known names in a text, the longest first at each place, and the words left."""
    words = [(m.start(), m.end(), _folded(m[0])) for m in _WORD.finditer(text)]
    known = _aliases()
    hits: list[_Hit] = []
    left: list[str] = []
    i = 0
    while i < len(words):
        for length in range(min(known.most_words, len(words) - i), 0, -1):
            key = " ".join(w for _, _, w in words[i : i + length])
            if key in known.meanings and not _CODE_GOES_ON.match(text, words[i + length - 1][1]):
                alias = text[words[i][0] : words[i + length - 1][1]]
                hits.append(_Hit(alias, key, known.meanings[key]))
                i += length
                break
        else:
            if words[i][2] not in _LITTLE_WORDS:
                left.append(text[words[i][0] : words[i][1]])
            i += 1
    return hits, " ".join(left)


def _unknown(written: str, roles: Schedule) -> TherapyText:
    name = without_edges(roles.rest) or written
    word = _flat(name)
    alike = _aliases().by_letter.get(word[:1], [])
    near = process.extractOne(
        word if len(word) > 5 else "", alike, scorer=Indel.normalized_similarity, score_cutoff=ALIKE
    )
    return TherapyText(
        therapy=name,
        text=written,
        alias=name,
        choices=_aliases().meanings[near[0]] if near else (),
        dose=roles.dose,
        cycles=roles.cycles,
        schedule=roles.schedule,
        kind=roles.kind,
        route=roles.route,
    )


def _described(written: str, roles: Schedule, found: list[_Hit], rest: str) -> TherapyText:
    names: list[str] = []
    choices: tuple[str, ...] = ()
    assumed: tuple[str, ...] = ()
    for hit in found:
        if hit.key in words_of_several("protocol"):
            names += hit.meanings
        elif hit.key in words_of_several("asked"):
            meant = _given(hit.meanings, roles.route)
            names += [meant] if meant else []
            choices = choices or (() if meant else hit.meanings)
        elif hit.key in words_of_several("usual"):
            meant, others = _in_this_field(hit.key, roles.dose)
            names += [meant] if meant else []
            choices = choices if meant else hit.meanings
            assumed = assumed or others
        else:
            names += hit.meanings
    names = _most_exact(list(dict.fromkeys(names)))
    if choices and set(choices) & set(names):
        choices = ()
    known = len(names) == 1 and not choices
    therapy = names[0] if names else found[0].alias
    regimen = find_regimen(therapy) if known else None
    return TherapyText(
        therapy=therapy if known else " + ".join(names) or therapy,
        text=written,
        known=known,
        alias=found[0].alias if len(found) == 1 else ", ".join(h.alias for h in found),
        choices=choices,
        assumed=assumed if known else (),
        several=tuple(names) if len(names) > 1 else (),
        dose=roles.dose,
        cycles=roles.cycles,
        schedule=roles.schedule,
        kind=roles.kind,
        route=roles.route,
        atc=regimen.atc if regimen else "",
        rest=rest,
        stopped=_is_stopped(roles.dose, rest),
        unread=_unread(roles.rest),
    )


_ZERO_DOSE = re.compile(r"0+(?:[.,]0+)?\s?(?!\d|[.,]\d)\D.*")
_STOP = frozenset(words("therapy stopped"))


def _is_stopped(dose: str, rest: str) -> bool:
    """Whether a therapy is named to say that it ended."""
    words = {_folded(w) for w in _WORD.findall(rest)}
    return bool(words & _STOP) or bool(dose and _ZERO_DOSE.fullmatch(dose))


def kept_words(parts: TherapyText) -> str:
    """Words beside the one therapy of a cell that tell how it was given: low-dose."""
    return _telling(parts.rest) if parts.known and not parts.unread else ""


def _telling(rest: str) -> str:
    kept = [w for w in rest.split() if _folded(w) not in WHEN_AND_HOW and len(w) > 1]
    return " ".join(kept) if re.search(r"[^\W\d_]{2}", " ".join(kept)) else ""


_JOINED = re.compile(r"\s*[+/&;]\s*|\s+(?:et|und|and|plus|puis|then|dann)\s+", re.IGNORECASE)


WHEN_AND_HOW = frozenset(words("how a therapy is given"))
"""Words beside a therapy that tell when and how it is given."""


def _unread(text: str) -> tuple[str, ...]:
    """Parts of a cell that name no known therapy beside one that does."""
    unread = []
    for part in _JOINED.split(text):
        hits, left = _find(part)
        words = [w for w in left.split() if _folded(w) not in WHEN_AND_HOW]
        if not hits and re.search(r"[^\W\d_]{2}", " ".join(words)):
            unread.append(" ".join(words))
    return tuple(unread)


_GIVEN: Mapping[str, str] = {
    "intravenous": "IVIG",
    "subcutaneous": "subcutaneous immunoglobulin",
}


def _given(meanings: tuple[str, ...], route: str) -> str:
    """The one meaning that fits the route written beside it, where the meanings differ in that."""
    return _GIVEN[route] if route in _GIVEN and set(meanings) == set(_GIVEN.values()) else ""


def _in_this_field(key: str, dose: str) -> tuple[str, tuple[str, ...]]:
    """The usual meaning of HC, CP or MP, unless the dose speaks against it."""
    usual, *others = words_of_several("usual")[key]
    amount = _milligrams(dose)
    if key == "hc" and amount is not None:
        if 100 <= amount <= 800:
            return usual, ()
        return "", ()
    if key == "cp" and re.search(r"/\s?(m|qm)", dose):
        return usual, ()
    return usual, tuple(others)


def _milligrams(dose: str) -> float | None:
    match = re.search(r"(\d+(?:[.,]\d+)?)\s*mg(?!\s*/\s*(?:m|kg|qm))", dose)
    return float(match[1].replace(",", ".")) if match else None


_NARROWER = words("narrower therapy")


def _most_exact(names: list[str]) -> list[str]:
    """Without a broad name where a narrower one of the same therapy stands beside it."""
    broad = {_NARROWER[n] for n in names if n in _NARROWER}
    return [n for n in names if n not in broad]
