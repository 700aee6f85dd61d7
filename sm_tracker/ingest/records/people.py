"""Who and where: patient codes and body sites of the rows of a table."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from sm_tracker.domain.missing import is_missing
from sm_tracker.domain.records import Place, Side
from sm_tracker.ingest.cells.date_words import MONTHS
from sm_tracker.ingest.cells.number_words import MISSING
from sm_tracker.ingest.cells.short_texts import clean_text, read_side, starts_like_formula
from sm_tracker.ingest.cells.sites import read_site
from sm_tracker.ingest.files.grid import Cell, named_rows, text_of
from sm_tracker.ingest.tables.columns import ColumnRoles
from sm_tracker.ingest.tables.read_context import ReadContext
from sm_tracker.languages import Message

INVISIBLE = "\u00a0\u202f\u2007\u200b\u2060\ufeff"
"""Blanks that programs add and nobody sees; taking them off is nothing to report."""


@dataclass(slots=True)
class PatientCodes:
    """What the rows of a table became, with the code of a problem where a row has one."""

    found: list[str]
    problems: dict[int, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class BodySite:
    """A site as read: standard name, side, and the words it was written with."""

    site: str
    side: Side
    text: str


@dataclass(slots=True)
class BodySites:
    """Sites of the rows of a table, and the rows whose value is of both sides together."""

    found: list[BodySite | None]
    problems: dict[int, str] = field(default_factory=dict)
    both_sides: frozenset[Place] = frozenset()


def read_patients(roles: ColumnRoles, context: ReadContext) -> PatientCodes:
    """Patient codes row by row; a blank one is a problem of its row."""
    numbers = roles.section.numbers
    if "patient_id" in roles.by_role:
        cleaned: dict[Cell, str] = {}
        found = []
        for cell in roles.cells("patient_id"):
            if cell not in cleaned:
                cleaned[cell] = _code(clean_text(cell))
                if is_missing(cleaned[cell], "code"):
                    cleaned[cell] = ""
            found.append(cleaned[cell])
        column = PatientCodes(found)
        _say_spellings(roles, cleaned, context)
        _say_shortened(roles, cleaned, context)
        _say_dates(roles, cleaned, context)
    elif roles.constants.get("patient_id"):
        column = PatientCodes([roles.constants["patient_id"]] * len(numbers))
    else:
        column = PatientCodes([roles.section.group_of.get(n, ("", 0))[0] for n in numbers])
    report_formulas(roles, "patient_id", column.found, context)
    for i, code in enumerate(column.found):
        if not code:
            column.problems[i] = "missing_patient"
            context.findings.add(
                "missing_patient", roles.location, numbers[i], column=roles.name("patient_id")
            )
    return column


def key_of_code(code: str) -> str:
    """A code without case and blanks, and without hyphens between a letter and a digit.

    Examples
    --------
    >>> key_of_code("P-07") == key_of_code("p 07") == key_of_code("P07")
    True
    """
    key = re.sub(r"[\s_]+", "-", code.casefold().strip())
    key = re.sub(r"-+", "-", key)
    return re.sub(r"(?<=[^\W\d])-(?=\d)|(?<=\d)-(?=[^\W\d])", "", key)


def _code(text: str) -> str:
    """A code without the ".0" that spreadsheets and programs add to whole numbers."""
    return text[:-2] if re.fullmatch(r"\d+\.0", text) else text


def report_formulas(
    roles: ColumnRoles, role: str, texts: Sequence[str], context: ReadContext
) -> None:
    """Name texts that a spreadsheet would run as a formula."""
    for number, text in zip(roles.section.numbers, texts, strict=True):
        if text and text[0] in "=+-@\t\r" and starts_like_formula(text):
            context.findings.add(
                "formula_text", roles.location, number, column=roles.name(role), value=text
            )


def _say_spellings(roles: ColumnRoles, cleaned: dict[Cell, str], context: ReadContext) -> None:
    """Name codes that were written in several ways and differ in blanks or hyphens only."""
    spellings: dict[str, list[str]] = {}
    for cell, code in cleaned.items():
        if isinstance(cell, str):
            spellings.setdefault(code, []).append(cell)
    odd = {
        s
        for code, found in spellings.items()
        for s in found
        if len(found) > 1 or s.endswith(".0")
        if s.strip(INVISIBLE) != code
    }
    if not odd:
        return
    rows: dict[str, list[int]] = {}
    for number, cell in zip(roles.section.numbers, roles.cells("patient_id"), strict=True):
        if isinstance(cell, str) and cell in odd:
            rows.setdefault(cell, []).append(number)
    for text, numbers in rows.items():
        context.findings.add(
            "ids_unified", roles.location, numbers[0], column=roles.name("patient_id"),
            value=f"'{text}'", code=f"'{cleaned[text]}'", rows=named_rows(numbers),
        )  # fmt: skip


def _say_shortened(roles: ColumnRoles, cleaned: dict[Cell, str], context: ReadContext) -> None:
    """Name codes that a spreadsheet has written as a power of ten: several may have become one."""
    odd = {cell for cell, code in cleaned.items() if _POWER.fullmatch(code)}
    if not odd:
        return
    for number, cell in zip(roles.section.numbers, roles.cells("patient_id"), strict=True):
        if cell in odd:
            odd.discard(cell)
            context.findings.add(
                "shortened_code",
                roles.location,
                number,
                column=roles.name("patient_id"),
                value=cleaned[cell],
            )


def _say_dates(roles: ColumnRoles, cleaned: dict[Cell, str], context: ReadContext) -> None:
    """Name dates among codes: a spreadsheet may have made them of codes such as 3-12."""
    dates = {c for c in cleaned if isinstance(c, dt.date) or _DAY_OF_MONTH.fullmatch(text_of(c))}
    if not dates:
        return
    for number, cell in zip(roles.section.numbers, roles.cells("patient_id"), strict=True):
        if cell not in dates:
            continue
        example = "3-12"
        if isinstance(cell, dt.date):
            example = f"{cell.day}-{cell.month} or {cell.month}-{cell.day}"
        context.findings.add(
            "code_made_date", roles.location, number, column=roles.name("patient_id"),
            value=cleaned[cell], example=example,
        )  # fmt: skip


_DAY_OF_MONTH = re.compile(
    rf"\d{{1,2}}[-. ](?:{'|'.join(m for m in MONTHS if len(m) == 3)})"
    rf"|(?:{'|'.join(m for m in MONTHS if len(m) == 3)})[-. ]\d{{2}}",
    re.IGNORECASE,
)
_POWER = re.compile(r"\d(?:[.,]\d+)?E\+\d{1,3}", re.IGNORECASE)


def read_body_sites(roles: ColumnRoles, context: ReadContext) -> BodySites:
    """Sites and sides row by row, from the columns of both."""
    numbers = roles.section.numbers
    if "site" in roles.by_role:
        sites = roles.cells("site")
    else:
        sites = [roles.constants.get("site", "")] * len(numbers)
    sides = roles.cells("side") if "side" in roles.by_role else [""] * len(numbers)
    report_formulas(roles, "site", [text_of(c) for c in sites], context)
    known: dict[tuple[Cell, Cell], BodySite | str] = {}
    places = BodySites([None] * len(numbers))
    for i, pair in enumerate(zip(sites, sides, strict=True)):
        if pair not in known:
            known[pair] = _place(*pair)
        place = known[pair]
        if isinstance(place, BodySite):
            places.found[i] = place
        else:
            places.problems[i] = place
            _report(place, roles, i, pair, context)
    places.both_sides = _of_both_sides(roles, list(zip(sites, sides, strict=True)), context)
    return places


def _of_both_sides(
    roles: ColumnRoles, pairs: Sequence[tuple[Cell, Cell]], context: ReadContext
) -> frozenset[Place]:
    """Rows that say left and right together; the words are named once."""
    rows: dict[str, list[int]] = {}
    both = {c for c in {c for cells in pairs for c in cells} if _names_both_sides(c)}
    for number, cells in zip(roles.section.numbers, pairs, strict=True) if both else ():
        for cell in both.intersection(cells):
            rows.setdefault(text_of(cell).strip(), []).append(number)
    for text, numbers in rows.items():
        context.findings.add(
            "both_sides", roles.location, numbers[0], value=text, rows=named_rows(numbers),
            column=roles.name("side") or roles.name("site"),
        )  # fmt: skip
    return frozenset(roles.location.row(n) for numbers in rows.values() for n in numbers)


def _names_both_sides(cell: Cell) -> bool:
    return isinstance(cell, str) and read_site(cell).both_sides


def _place(site_cell: Cell, side_cell: Cell) -> BodySite | str:
    """The place two cells name, or the code of the problem."""
    text, side_text = clean_text(site_cell), clean_text(side_cell)
    if is_missing(text, "label") or text.casefold().rstrip(".!") in MISSING - {"x"}:
        return "missing_site"
    side = read_side(side_text)
    if side is None:
        return "unknown_word"
    read = read_site(text)
    if read.side and side and read.side != side:
        return "side_conflict"
    return BodySite(read.site or text, side or read.side, text)


def body_site_of(text: str) -> BodySite:
    """The place that a column name or an answer names."""
    read = read_site(text)
    return BodySite(read.site or text, read.side, text)


def _report(
    code: str, roles: ColumnRoles, i: int, pair: tuple[Cell, Cell], context: ReadContext
) -> None:
    site, side = (text_of(c).strip() for c in pair)
    context.findings.add(
        code, roles.location, roles.section.numbers[i],
        column=roles.name("side") if code != "missing_site" else roles.name("site"),
        value=side if code != "missing_site" else "",
        allowed=Message("left, right or blank"), first=site, second=side,
    )  # fmt: skip
