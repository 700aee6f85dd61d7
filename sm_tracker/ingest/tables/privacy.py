"""Columns that would identify a patient, told by their header and their cells (en, de, fr).

The classes follow the identifiers of 45 CFR 164.514(b)(2) that a clinic's spreadsheet
holds. Pseudonymous codes are no such column.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from sm_tracker.ingest.tables.column_names import (
    COLUMNS,
    IF_LONG,
    IF_SHORT,
    KIND_OF_IDENTIFYING,
)
from sm_tracker.languages import Message

IdentifyingKind = str

SHARE: Final = 0.5
"""Share of filled cells that must look identifying."""

_RECORD_NUMBER = re.compile(r"\d{6,12}")
_SHORT_CODE = re.compile(r"(?i)[a-z]{0,6}[-_ /.]?\d{1,4}")
_CODE_WORD = re.compile(r"(?i)(?:patient|pat|proband|subject|case|fall|sujet|group|arm|cohort)\b")
_ANY_NAME = re.compile(
    r"(?i)\bname\b|\bnom\b|patient|^pat\b|proband|\bkranke|malade|sujet|subject|person|^id$"
    r"|\bpt\b|\bsubj|volunteer|particip|teilnehm|screening|\bcase\b|^code$|^fall$"
)
_NOT_OF_PATIENT = re.compile(
    r"(?i)file|drug|study|studien|medik|therap|traitement|regimen|device|ger[äa]t|site|lesion"
    r"|l[äa]sion|physician|doctor|arzt|m[ée]decin|examiner|untersucher|examinateur|operator|sheet"
    r"|klinik|clinic|hospital|centre|center|wirkstoff|präparat|substan|marque|brand|product"
    r"|produkt|column|spalte"
)
_CAPITAL = "A-ZÀ-ÖØ-Þ"
_PARTICLE = r"(?:von|van|de|der|den|zu|du|la|le)"
_WORD = rf"[{_CAPITAL}][a-zà-öø-ÿß]+(?:[-' ](?:[{_CAPITAL}][a-zà-öø-ÿß]+|{_PARTICLE}))*"
_SURNAME = rf"(?:{_PARTICLE} )*(?:{_WORD}|[{_CAPITAL}'-]{{3,}})"
_TITLE = r"(?:Herr|Frau|Fr\.|Hr\.|Mr\.?|Mrs\.?|Ms\.?|M\.|Mme\.?|Mlle|Monsieur|Madame)"
_COMMA_NAME = re.compile(rf"{_SURNAME},\s*{_WORD}(?:[\s,(*]+.*)?")
_TWO_NAMES = re.compile(rf"(?:{_TITLE}\s+)?(?:Dr\.\s+)?{_WORD}\s+{_SURNAME}")
_SHOUTED = re.compile(rf"[{_CAPITAL}'-]{{3,}}\s+{_WORD}")
_TITLED = re.compile(rf"{_TITLE}\s+(?:Dr\.\s+)?{_SURNAME}")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[a-zA-Z]{2,}")
_PHONE = re.compile(
    r"(?:\+|00)\d{1,3}[\s\-/().\d]{7,16}|0\d{2,5}\s?[/\-]\s?\d[\d\s\-]{4,12}|0\d(?:[ .]\d\d){4}"
)
_STREET = re.compile(
    r"(?i)[\w.\- ]*(?:stra(?:ß|ss)e|str\.|weg|gasse|allee|platz)\s+\d{1,4}\s?[a-z]?(?:\s*,.*)?"
    r"|\d{1,4}\s?(?:bis|ter)?,?\s+(?:rue|avenue|av\.|boulevard|bd|place|impasse|chemin)\s.+"
    r"|\d{1,5}\s+[\w' ]+\s(?:street|st\.|road|rd\.|avenue|ave\.|lane|drive|court)\b.*"
)
_KVNR = re.compile(r"[A-Z]\d{9}")
_NIR = re.compile(r"[12]\s?\d\d\s?(?:0[1-9]|1[0-2]|[2-9]\d)\s?\d[\dAB]\s?\d{3}\s?\d{3}(?:\s?\d\d)?")
_AHV = re.compile(r"756\.\d{4}\.\d{4}\.\d{2}")
_SSN = re.compile(r"\d{3}-\d{2}-\d{4}")
_NHS = re.compile(r"\d{3} \d{3} \d{4}")


IDENTIFYING_WORDS: Mapping[IdentifyingKind, Message] = {
    "name": Message("name"),
    "birth date": Message("birth date"),
    "insurance or social security number": Message("insurance or social security number"),
    "record number": Message("record number"),
    "telephone number": Message("telephone number"),
    "e-mail address": Message("e-mail address"),
    "address": Message("address"),
}
"""What a person calls each kind."""


def identifying_kind(header: str, cells: Sequence[str]) -> IdentifyingKind:
    """What a column would identify a patient by.

    Parameters
    ----------
    header : str
        The column's header; may be blank.
    cells : sequence of str
        Its cells; the first few hundred suffice.

    Returns
    -------
    str
        ``"name"``, ``"birth date"``, ``"insurance or social security number"``,
        ``"record number"``, ``"telephone number"``, ``"e-mail address"``, ``"address"``, or
        blank for a column that identifies nobody by itself.

    Notes
    -----
    Conservative about codes: a column of patients is one of names only where most cells
    look like names, and an insurance number is told by its check digit.

    Examples
    --------
    >>> identifying_kind("Patient", ["Müller, Hans", "Weber, Anna"])
    'name'
    >>> identifying_kind("Patient", ["P-001", "P-002"])
    ''
    """
    plain = _plain(header)
    filled = [c for c in map(_plain, cells) if c]
    if by_cells := _kind_of_cells(plain, filled):
        return by_cells
    folded = _folded(plain)
    if folded in COLUMNS[IF_LONG] and filled and _most(filled, _is_record_number):
        return "record number"
    if folded in COLUMNS[IF_SHORT] and filled and all(map(_SHORT_CODE.fullmatch, filled)):
        return ""
    kind = KIND_OF_IDENTIFYING.get(folded, "")
    if kind == "name" and filled and _most(filled, _is_code):
        return ""
    return kind


def _folded(text: str) -> str:
    lower = text.casefold().replace("°", " ").replace("º", " ")
    bare = unicodedata.normalize("NFD", lower)
    words = re.findall(r"[a-z0-9]+", "".join(c for c in bare if not unicodedata.combining(c)))
    return " ".join(words)


def _plain(text: str) -> str:
    composed = unicodedata.normalize("NFC", text.replace("\u00a0", " ").replace("’", "'"))
    return " ".join(composed.replace("_", " ").split()) if "@" not in composed else composed.strip()


def _kind_of_cells(header: str, cells: Sequence[str]) -> IdentifyingKind:
    if not cells:
        return ""
    for kind, looks in _LOOKS.items():
        if _most(cells, looks):
            return kind
    if _NOT_OF_PATIENT.search(header):
        return ""
    if _most(cells, lambda c: bool(_TITLED.fullmatch(c))):
        return "name"
    if not header:
        return "name" if _most(cells, lambda c: bool(_COMMA_NAME.fullmatch(c))) else ""
    if _ANY_NAME.search(header) and _most(cells, _is_full_name):
        return "name"
    return ""


def _most(cells: Sequence[str], looks: Callable[[str], bool]) -> bool:
    return sum(map(looks, cells)) > SHARE * len(cells)


def _is_full_name(cell: str) -> bool:
    if _COMMA_NAME.fullmatch(cell):
        return True
    if any(c.isdigit() for c in cell) or _CODE_WORD.match(cell):
        return False
    return bool(_TWO_NAMES.fullmatch(cell) or _SHOUTED.fullmatch(cell))


def _is_code(cell: str) -> bool:
    return any(c.isdigit() for c in cell) and not _COMMA_NAME.fullmatch(cell)


def _is_record_number(cell: str) -> bool:
    return bool(_RECORD_NUMBER.fullmatch(cell))


def _is_insurance_number(cell: str) -> bool:
    if _AHV.fullmatch(cell) or _SSN.fullmatch(cell):
        return True
    if _KVNR.fullmatch(cell):
        return _kvnr_is_valid(cell)
    if _NHS.fullmatch(cell):
        return _nhs_is_valid(cell.replace(" ", ""))
    digits = cell.replace(" ", "")
    return bool(_NIR.fullmatch(cell)) and len(digits) in (13, 15)


def _kvnr_is_valid(number: str) -> bool:
    """Check digit of the German health insurance number: Luhn with the letter as 01 to 26."""
    digits = [int(c) for c in f"{ord(number[0]) - 64:02d}{number[1:9]}"]
    products = [d * (2 if i % 2 else 1) for i, d in enumerate(digits)]
    return sum(p // 10 + p % 10 for p in products) % 10 == int(number[9])


def _nhs_is_valid(number: str) -> bool:
    """Check digit of the British NHS number, modulus 11."""
    total = sum(int(d) * (10 - i) for i, d in enumerate(number[:9]))
    return (11 - total % 11) % 11 == int(number[9])


_LOOKS: Mapping[IdentifyingKind, Callable[[str], bool]] = {
    "e-mail address": lambda c: bool(_EMAIL.fullmatch(c)),
    "insurance or social security number": _is_insurance_number,
    "telephone number": lambda c: bool(_PHONE.fullmatch(c)),
    "address": lambda c: bool(_STREET.fullmatch(c)),
}
