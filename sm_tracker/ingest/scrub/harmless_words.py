"""Words that the reader knows stay; all others become letters without meaning, one for one."""

from __future__ import annotations

import importlib
import pkgutil
import random
import re
import string
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from typing import Final, get_args

from rapidfuzz import process
from rapidfuzz.distance import Indel

from sm_tracker.domain import records as fields
from sm_tracker.domain.data import FOLDER, rows_of
from sm_tracker.domain.record_fields import LONGEST_NAME
from sm_tracker.ingest import cells, records, tables
from sm_tracker.ingest.cells.sites import read_site
from sm_tracker.ingest.files.decoding import repair_text

_GRAMMARS: Final = (cells, tables, records)
"""Rooms in whose patterns words stand that the tables of the vocabulary do not hold."""

_LETTERS: Final = "bcdfhjkpqtvz"
_SINGLE: Final = "bcfhjkpqtvyz"
"""Neither a side nor a sex nor a sign: no l, r, g, d, m, w, n, x."""
_LETTERS_ONLY = r"[^\W\d_²³¹½¼¾]+"
_RUN = re.compile(rf"{_LETTERS_ONLY}|\d+")
_CHOICE = re.compile(r"\[([^\W\d_]{2,3})\]\??")
"""Letters of a pattern of which one stands in a word: mi[ck]ron."""

_PART = re.compile(r"[^\W_]+")
_MARK = re.compile(
    r"[djlmnrstuvwxy]\d{1,4}|\d{1,4}(?:[deghjlmnrswxy])|q[1-4]|q\d{1,2}[dhmw]|\d+x\d+"
    r"|\d\dt\d\d|\d\dz",
    re.IGNORECASE,
)
"""A letter beside digits as the reader knows it: a time, visit, side, reading or unit."""

_POWER = re.compile(r"\d(?:[.,]\d+)?e[+-]?\d+", re.IGNORECASE)
_WORD = re.compile(r"[^\s;,|\"'()\[\]/:=<>+*#]+")
_TYPING = 0.86
"""Likeness from which a long word is a known one, mistyped: that is a trouble worth keeping."""
_LONG_WORD, _LONG_NUMBER = 7, 5
_STREET = re.compile(r"(?i)(?:stra(?:ß|ss)e|str|weg|gasse|allee|platz)$")
_TITLES: Final = frozenset({
    "herr", "frau", "fr", "hr", "mr", "mrs", "ms", "mme", "mlle", "monsieur", "madame", "dr",
    "prof",
})  # fmt: skip
_OF_FILES: Final = (
    "synthetic page seite effectif anzahl nombre number lecture reading messung egal jjjj yyyy tt"
)
"""Words of files, beside the patients, that no table of the vocabulary holds."""

_OF_DATES = 3
"""Letters of a word that may stand for an unknown part of a date: UN-APR-2021, tt."""
_BEFORE_A_CODE: Final = frozenset({
    "patient", "patientin", "pat", "proband", "probandin", "subject", "case", "fall", "sujet",
    "group", "arm", "cohort",
})  # fmt: skip


def _folded(word: str) -> str:
    """A word in small letters without accents."""
    apart = unicodedata.normalize("NFD", word.casefold())
    return "".join(c for c in apart if not unicodedata.combining(c))


@cache
def known_words() -> frozenset[str]:
    """Every word of the vocabulary and of the patterns that read cells, in small letters."""
    texts = [_OF_FILES, *_TITLES]
    for table in FOLDER.glob("*.csv"):
        if table.stem != "findings":
            texts += [text for row in rows_of(table.stem) for text in (*row, *row.values()) if text]
    for room in _GRAMMARS:
        for module in pkgutil.iter_modules(room.__path__, f"{room.__name__}."):
            for value in vars(importlib.import_module(module.name)).values():
                texts += _texts_of(value)
    texts += [w for choices in vars(fields).values() for w in get_args(choices) if _is_text(w)]
    return frozenset(_folded(w) for t in texts for w in re.findall(_LETTERS_ONLY, t))


def _texts_of(value: object) -> list[str]:
    """The words of a pattern, without its signs, or of a collection of words."""
    if isinstance(value, re.Pattern):
        bare = re.sub(r"\\[a-zA-Z]|\?P<\w+>", " ", str(value.pattern))
        first = _CHOICE.sub(lambda m: m[1][0], bare)
        second = _CHOICE.sub(lambda m: m[1][1], bare)
        # Each once with the groups cut off and once with their first choice joined on.
        return [re.sub(r"\(\?[a-z-]*:|\(", sign, t) for t in (first, second) for sign in ("", " ")]
    if isinstance(value, frozenset | tuple | Mapping):
        return [word for word in value if isinstance(word, str)]
    return []


def _is_text(value: object) -> bool:
    return isinstance(value, str)


def is_line(text: str) -> bool:
    """Whether a text is all words the reader knows: a total, a title or a mean, no code."""
    runs = re.findall(_LETTERS_ONLY, text)
    return any(len(r) > 1 for r in runs) and all(
        is_known(r) and _folded(r) not in _BEFORE_A_CODE | _TITLES for r in runs
    )


@cache
def is_known(word: str) -> bool:
    """Whether the reader may know a word, be it mistyped.

    Examples
    --------
    >>> [is_known(w) for w in ("Unterarm", "methotrexat", "methotrexte", "Müller")]
    [True, True, True, False]
    """
    plain = _folded(word)
    if plain in known_words():
        return True
    if not _LONG_WORD <= len(plain) <= LONGEST_NAME:
        return False
    if read_site(plain).known:
        return True
    near = process.extractOne(
        plain, known_words(), scorer=Indel.normalized_similarity, score_cutoff=_TYPING
    )
    return near is not None


def is_short_code(word: str) -> bool:
    """Whether a word joins a lone letter to digits in a way that the reader does not know.

    Every letter of the alphabet is a word of some pattern, so that beside digits only the
    whole counts.

    Examples
    --------
    >>> [is_short_code(w) for w in ("A12", "m3", "UVA1", "q4w", "2.1mm", "R14/07")]
    [True, False, False, False, False, False]
    """
    return any(
        re.search(r"(?<![^\W\d_])[a-z](?![^\W\d_])", part, re.IGNORECASE)
        and re.search("[0-9]", part)
        and not _MARK.fullmatch(part)
        for part in _PART.findall(word)
    )


class HarmlessWords:
    """What stands for each word and number of one file, the same one wherever it occurs."""

    def __init__(self, chance: random.Random, codes: Iterable[str] = ()) -> None:
        self._chance = chance
        # Nobody shall be given the number of another patient of the file.
        self._own = {run.lstrip("0") for code in codes for run in _RUN.findall(code)}
        self._given: dict[str, str] = {}
        self._taken: set[str] = set()

    def of_text(self, text: str, *, of_dates: bool = False) -> str:
        """A text of a file: words that the reader does not know, and long numbers, replaced."""
        if of_dates and all(len(r) <= _OF_DATES for r in re.findall(_LETTERS_ONLY, text)):
            return text
        return _WORD.sub(lambda m: self._of_word(m[0]), text)

    def _of_word(self, word: str) -> str:
        whole = repair_text(word)[0]
        runs = _RUN.findall(whole)
        letters = [r for r in runs if not r.isdigit()]
        if is_short_code(whole):
            return self.of_code(word)
        if all(map(is_known, letters)) and not any(map(_is_long_number, runs)):
            return word
        coded = bool(letters) and not any(map(is_known, letters))

        def new(match: re.Match[str]) -> str:
            run = match[0]
            if run.isdigit():
                return self._number(run) if coded or _is_long_number(run) else run
            return run if is_known(run) else self._letters(run)

        return _RUN.sub(new, word)

    def of_code(self, text: str) -> str:
        """A patient's code, name or other mark: every letter and digit but the word "patient"."""

        def new(match: re.Match[str]) -> str:
            run = match[0]
            if run.isdigit():
                return self._number(run)
            if _folded(run) in _BEFORE_A_CODE | _TITLES or (len(run) == 1 and sign):
                return run
            return self._letters(run)

        # An n or x alone is a sign of a row that sums up, the E of 1.2E+11 one of a spreadsheet.
        sign = len(_RUN.findall(text)) == 1 or bool(_POWER.fullmatch(text.strip()))
        return _RUN.sub(new, text)

    def _letters(self, word: str) -> str:
        ending = _STREET.search(word)
        kept = ending[0] if ending else ""
        stem = word[: len(word) - len(kept)]
        key = unicodedata.normalize("NFC", stem).casefold()
        new = self._new(key, lambda: "".join(map(self._letter_like, key, [len(key)] * len(key))))
        if len(new) != len(stem):  # ß and its like change their number when made small
            new = (new + "q" * len(stem))[: len(stem)]
        return (
            "".join(n.upper() if s.isupper() else n for s, n in zip(stem, new, strict=True)) + kept
        )

    def _letter_like(self, letter: str, length: int) -> str:
        if letter.isascii():
            return self._chance.choice(_LETTERS if length > 1 else _SINGLE)
        if ord(letter) < 0x370:
            return letter  # ä and é are what an encoding is told by
        near = [chr(c) for c in range(ord(letter) & ~0xF, (ord(letter) | 0xF) + 1)]
        return self._chance.choice(
            [c for c in near if c.isalpha() and c == c.casefold()] or [letter]
        )

    def _number(self, digits: str) -> str:
        """Digits for digits; noughts stay, since the leading ones are a trouble of their own."""
        key = digits.lstrip("0")
        new = self._new(
            key, lambda: "".join(c if c == "0" else self._chance.choice("123456789") for c in key)
        )
        return digits[: len(digits) - len(key)] + new

    def _new(self, key: str, made: Callable[[], str]) -> str:
        if key not in self._given:
            tries = [made() for _ in range(200)]
            if len(key) == 1 and key.isascii() and key.isalpha():
                tries += string.ascii_lowercase  # where a file has more letters than harmless ones
            # Every letter is a word of some pattern, but alone it says nothing of a patient.
            free = [
                t for t in tries if t not in self._taken and (len(t) == 1 or t not in known_words())
            ]
            # Of nine numbers of one digit the last may have to stay what it was.
            other = [t for t in free if t != key]
            strange = [t for t in other if t not in self._own]
            new = next(iter([*strange, *other, *free]), key)
            self._taken.add(new)
            self._given[key] = new
        return self._given[key]


def _is_long_number(run: str) -> bool:
    return run.isdigit() and len(run) >= _LONG_NUMBER
