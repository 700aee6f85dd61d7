"""Bytes to text: byte-order marks, old code pages, and text decoded wrongly once before."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

MARKS = (
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
NAMES = {
    "utf-8": "UTF-8",
    "utf-8-sig": "UTF-8",
    "utf-16": "UTF-16",
    "utf-16-le": "UTF-16",
    "utf-16-be": "UTF-16",
    "utf-32": "UTF-32",
    "cp1252": "Windows-1252",
    "iso8859-15": "ISO 8859-15 (Latin-9)",
    "mac_roman": "Mac Roman",
    "cp850": "DOS code page 850",
}
OLD_CODE_PAGES = ("cp1252", "iso8859-15", "mac_roman", "cp850")
WRONG_PAGES = ("cp1252", "latin-1", "mac_roman", "cp850")
"""Code pages that UTF-8 is read in by mistake."""

LETTERS = frozenset("äöüÄÖÜßéèêëàâáçîïíôóûùúœæÉÈÊÀÇÔñ")
SIGNS = frozenset("µ°±²³–—…•‚’‘“”„«»×\u00a0€≤≥½¼¾§¤")
SAMPLE = 200_000
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]")


@dataclass(frozen=True, slots=True)
class Repair:
    """A word that had been decoded wrongly: line, before and after."""

    line: int
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Decoded:
    """Text of a file, the name of its encoding, and what was repaired in it.

    `utf8_lines` are the lines in UTF-8 of a file that is otherwise in `encoding`.
    """

    text: str
    encoding: str
    repairs: tuple[Repair, ...] = ()
    utf8_lines: tuple[int, ...] = ()


def decode(content: bytes) -> Decoded | None:
    """Text of a file, or None where the bytes are not text.

    Byte-order marks are honoured, then UTF-8 is tried, then the code page among
    Windows-1252, ISO 8859-15, Mac Roman and DOS 850 in which the letters of English, German
    and French come out best. Letters written as a base and an accent of its own, as Macs do,
    are composed.
    """
    decoded = _decoded(content)
    if decoded is None:
        return None
    text, encoding, lines = decoded
    if len(_CONTROL.findall(text[:SAMPLE])) > max(2, len(text[:SAMPLE]) // 200):
        return None
    fixed, repairs = repair_text(text)
    return Decoded(composed(fixed), NAMES[encoding], repairs, lines)


def composed(text: str) -> str:
    """Text whose accents are part of their letters (NFC): é as one character, not two.

    Examples
    --------
    >>> len(composed("e\u0301"))
    1
    """
    return text if text.isascii() else unicodedata.normalize("NFC", text)


def _decoded(content: bytes) -> tuple[str, str, tuple[int, ...]] | None:
    found = None
    for mark, encoding in MARKS:
        if content.startswith(mark):
            found = _tried(content, encoding)
            break
    else:
        if b"\x00" not in content[:SAMPLE]:
            return _without_zeros(content)
        found = _without_mark(content)
    return None if found is None else (*found, ())


def _without_zeros(content: bytes) -> tuple[str, str, tuple[int, ...]]:
    """UTF-8, else an old code page, else lines of both."""
    try:
        return content.decode("utf-8"), "utf-8", ()
    except UnicodeDecodeError:
        pass
    sample = content[:SAMPLE]
    best = max(OLD_CODE_PAGES, key=lambda page: _score(sample.decode(page, errors="replace")))
    lines = content.split(b"\n")
    in_utf8 = {i for i, line in enumerate(lines) if not line.isascii() and _is_utf8(line)}
    if not in_utf8:
        return content.decode(best, errors="replace"), best, ()
    rest = b"\n".join(line for i, line in enumerate(lines) if i not in in_utf8)[:SAMPLE]
    best = max(OLD_CODE_PAGES, key=lambda page: _score(rest.decode(page, errors="replace")))
    text = "\n".join(
        line.decode("utf-8" if i in in_utf8 else best, errors="replace")
        for i, line in enumerate(lines)
    )
    return text, best, tuple(i + 1 for i in sorted(in_utf8))


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _tried(content: bytes, encoding: str) -> tuple[str, str] | None:
    try:
        return content.decode(encoding).lstrip("\ufeff"), encoding
    except UnicodeDecodeError:
        if encoding == "utf-16" and len(content) % 2:
            return _tried(content[:-1], encoding)
        return (content[3:].decode("cp1252", "replace"), "cp1252") if len(encoding) > 6 else None


def _without_mark(content: bytes) -> tuple[str, str] | None:
    even, odd = content[:SAMPLE:2].count(0), content[1:SAMPLE:2].count(0)
    half = len(content[:SAMPLE]) / 2
    if len(content) % 2 or max(even, odd) < 0.4 * half or min(even, odd) > 0.02 * half:
        return None
    return _tried(content, "utf-16-le" if odd > even else "utf-16-be")


def _score(text: str) -> float:
    """How much the letters outside ASCII look like those of our three languages."""
    score = 0.0
    for match in re.finditer(r"[^\x00-\x7f]", text):
        before, after = text[match.start() - 1 : match.start()], text[match.end() : match.end() + 1]
        inside = before.isalpha() and after.isalpha()
        if match[0] == "\ufffd":
            score -= 5
        elif match[0] in LETTERS:
            score += _fits(match[0], before, after)
        elif match[0] in SIGNS:
            score += -3 if inside and match[0] != "’" else 0.5
        else:
            score -= 2
    return score


def _fits(letter: str, before: str, after: str) -> float:
    """A small letter before a capital, or a capital inside a word, hints at a wrong page."""
    if letter.islower():
        alone = not before.isalpha() and not after.isalpha()
        return -1 if after.isupper() else 0.4 if alone else 1
    return -1 if before.isalpha() and after.islower() else 1


MOST_REPAIRS = 500
"""Repaired words that are named; further ones are repaired all the same."""

LONGEST_WORD = 80
_WORD_ENDS = re.compile(r"[ \t\r\n;,|\"']")


@lru_cache
def _wrong(page: str) -> tuple[re.Pattern[str], dict[str, int]]:
    """Pattern of UTF-8 that was read in `page`, and the byte behind each character."""
    byte_of = {}
    for value in range(0x80, 0x100):
        char = bytes([value]).decode(page, errors="replace")
        byte_of[chr(value) if char == "\ufffd" else char] = value

    def span(low: int, high: int) -> str:
        return "[" + "".join(re.escape(c) for c, b in byte_of.items() if low <= b <= high) + "]"

    rest = span(0x80, 0xBF)
    return re.compile(
        f"{span(0xC2, 0xDF)}{rest}|{span(0xE2, 0xE2)}{rest}{{2}}|{span(0xEF, 0xEF)}{rest}{{2}}"
    ), byte_of


def repair_text(text: str) -> tuple[str, tuple[Repair, ...]]:
    """Undo one or two wrong decodings (``Ã¼`` for ü), with the words before and after."""
    if text.isascii():
        return text, ()
    text, found = _repaired_twice(text)
    for _ in range(2):
        for page in WRONG_PAGES:
            text, repairs = _repaired(text, page)
            found += repairs
    if found:
        text, repairs = _without_strays(text)
        found += repairs
    return text, _joined(found)


_STRAY = re.compile(r"(?<=[0-9a-zµ.])[ÂÃ](?=[ \t;,\"'\r\n]|$)")
"""What is left of a hard blank that was decoded wrongly and then made a plain one."""


def _without_strays(text: str) -> tuple[str, list[Repair]]:
    repairs = []
    for match in islice(_STRAY.finditer(text), MOST_REPAIRS):
        word = _word_around(text, match.start(), match.end())
        line = text.count("\n", 0, match.start()) + 1
        repairs.append(Repair(line, word, _STRAY.sub("", word)))
    return _STRAY.sub("", text), repairs


def _repaired(text: str, page: str) -> tuple[str, list[Repair]]:
    pattern, byte_of = _wrong(page)
    repairs: list[Repair] = []

    def right(match: re.Match[str]) -> str:
        try:
            fixed = bytes(byte_of[c] for c in match[0]).decode("utf-8")
        except UnicodeDecodeError:
            return match[0]
        if fixed not in LETTERS and fixed not in SIGNS and fixed != "\ufeff" and fixed not in "ÂÃ":
            return match[0]
        if len(repairs) < MOST_REPAIRS:
            word = _word_around(text, match.start(), match.end())
            repairs.append(Repair(text.count("\n", 0, match.start()) + 1, word, page))
        return "" if fixed == "\ufeff" else fixed

    fixed_text = pattern.sub(right, text)
    return fixed_text, [Repair(r.line, r.before, repair_word(r.before, page)) for r in repairs]


_IN_WORD = r"[^ \t\r\n;,|\"']"
# Words begin, are no longer and end where they say, so that a text without ends costs no square.
_TWICE_WRONG = re.compile(
    rf"(?<!{_IN_WORD}){_IN_WORD}{{0,{LONGEST_WORD}}}?Ã[ƒ‚¢\x83\x82]"
    rf"{_IN_WORD}{{0,{LONGEST_WORD}}}(?!{_IN_WORD})"
)


def _repaired_twice(text: str) -> tuple[str, list[Repair]]:
    """Words that were decoded wrongly twice, whose half-way form may hold any sign."""
    repairs: list[Repair] = []

    def right(match: re.Match[str]) -> str:
        word = match[0]
        if len(word) < LONGEST_WORD:
            for page in WRONG_PAGES:
                fixed = repair_word(repair_word(word, page), page)
                if all(c.isascii() or c in LETTERS or c in SIGNS for c in fixed):
                    if len(repairs) < MOST_REPAIRS:
                        line = text.count("\n", 0, match.start()) + 1
                        repairs.append(Repair(line, word, fixed))
                    return fixed
        return word

    return _TWICE_WRONG.sub(right, text), repairs


def _word_around(text: str, start: int, end: int) -> str:
    """The word that a match stands in, or the match alone where the word is very long."""
    before = re.split(_WORD_ENDS, text[max(0, start - LONGEST_WORD) : start])[-1]
    after = re.split(_WORD_ENDS, text[end : end + LONGEST_WORD])[0]
    word = before + text[start:end] + after
    return word if len(word) < LONGEST_WORD else text[start:end]


def repair_word(word: str, page: str = "cp1252") -> str:
    """One word with a wrong decoding undone."""
    pattern, byte_of = _wrong(page)

    def right(match: re.Match[str]) -> str:
        try:
            return bytes(byte_of[c] for c in match[0]).decode("utf-8").lstrip("\ufeff")
        except UnicodeDecodeError:
            return match[0]

    return pattern.sub(right, word)


def _joined(repairs: list[Repair]) -> tuple[Repair, ...]:
    """Repairs of the same word chained: the first before, the last after."""
    first: dict[tuple[int, str], Repair] = {}
    for repair in repairs:
        for key, known in first.items():
            if known.line == repair.line and known.after == repair.before:
                first[key] = Repair(known.line, known.before, repair.after)
                break
        else:
            first.setdefault((repair.line, repair.before), repair)
    return tuple(first.values())
