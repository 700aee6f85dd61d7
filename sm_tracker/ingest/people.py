"""Who and where: patient codes and body sites of the rows of a table."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from sm_tracker.domain.missing import SHEET_ERRORS
from sm_tracker.domain.records import Side
from sm_tracker.ingest.mapping import Plan
from sm_tracker.ingest.number_words import MISSING
from sm_tracker.ingest.run import Run
from sm_tracker.ingest.sites import read_site
from sm_tracker.ingest.tables import Cell, named_rows, text_of
from sm_tracker.ingest.words import clean_text, read_side, starts_like_formula

INVISIBLE = "\u00a0\u202f\u2007\u200b\u2060\ufeff"
"""Blanks that programs add and nobody sees; taking them off is nothing to report."""


NO_CODE = {
    "?", "??", "???", "-", "--", "---", "/", "n/a", "k.a", "k. a", "keine angabe", "unbekannt",
    "unknown", "inconnu", "inconnue", "not known", "null", "nan", "none",
}  # fmt: skip
"""What stands in place of a patient code and is none; two such rows are not one patient."""


@dataclass(slots=True)
class Column:
    """What the rows of a table became, with the code of a problem where a row has one."""

    found: list[str]
    problems: dict[int, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Place:
    """A site as read: standard name, side, and the words it was written with."""

    site: str
    side: Side
    text: str


@dataclass(slots=True)
class Places:
    """Sites of the rows of a table."""

    found: list[Place | None]
    problems: dict[int, str] = field(default_factory=dict)


def read_patients(plan: Plan, run: Run) -> Column:
    """Patient codes row by row; a blank one is a problem of its row."""
    numbers = plan.section.numbers
    if "patient_id" in plan.roles:
        cleaned: dict[Cell, str] = {}
        found = []
        for cell in plan.cells("patient_id"):
            if cell not in cleaned:
                cleaned[cell] = _code(clean_text(cell))
                if _is_no_code(cleaned[cell]):
                    cleaned[cell] = ""
            found.append(cleaned[cell])
        column = Column(found)
        _say_spellings(plan, cleaned, run)
        _say_shortened(plan, cleaned, run)
    elif plan.constants.get("patient_id"):
        column = Column([plan.constants["patient_id"]] * len(numbers))
    else:
        column = Column([plan.section.group_of.get(n, ("", 0))[0] for n in numbers])
    say_formulas(plan, "patient_id", column.found, run)
    for i, code in enumerate(column.found):
        if not code:
            column.problems[i] = "missing_patient"
            run.report.add("missing_patient", plan.spot, numbers[i], column=plan.name("patient_id"))
    return column


def _is_no_code(text: str) -> bool:
    plain = text.casefold().rstrip(".!")
    return plain in NO_CODE or plain.rstrip("?") in SHEET_ERRORS


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


def say_formulas(plan: Plan, role: str, texts: Sequence[str], run: Run) -> None:
    """Name texts that a spreadsheet would run as a formula."""
    for number, text in zip(plan.section.numbers, texts, strict=True):
        if text and text[0] in "=+-@\t\r" and starts_like_formula(text):
            run.report.add("formula_text", plan.spot, number, column=plan.name(role), value=text)


def _say_spellings(plan: Plan, cleaned: dict[Cell, str], run: Run) -> None:
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
    for number, cell in zip(plan.section.numbers, plan.cells("patient_id"), strict=True):
        if isinstance(cell, str) and cell in odd:
            rows.setdefault(cell, []).append(number)
    for text, numbers in rows.items():
        run.report.add(
            "ids_unified", plan.spot, numbers[0], column=plan.name("patient_id"),
            value=f"'{text}'", code=f"'{cleaned[text]}'", rows=named_rows(numbers),
        )  # fmt: skip


def _say_shortened(plan: Plan, cleaned: dict[Cell, str], run: Run) -> None:
    """Name codes that a spreadsheet has written as a power of ten: several may have become one."""
    odd = {cell for cell, code in cleaned.items() if _POWER.fullmatch(code)}
    if not odd:
        return
    for number, cell in zip(plan.section.numbers, plan.cells("patient_id"), strict=True):
        if cell in odd:
            odd.discard(cell)
            run.report.add("shortened_code", plan.spot, number, column=plan.name("patient_id"),
                           value=cleaned[cell])  # fmt: skip


_POWER = re.compile(r"\d(?:[.,]\d+)?E\+\d{1,3}", re.IGNORECASE)


def read_places(plan: Plan, run: Run) -> Places:
    """Sites and sides row by row, from the columns of both."""
    numbers = plan.section.numbers
    if "site" in plan.roles:
        sites = plan.cells("site")
    else:
        sites = [plan.constants.get("site", "")] * len(numbers)
    sides = plan.cells("side") if "side" in plan.roles else [""] * len(numbers)
    say_formulas(plan, "site", [text_of(c) for c in sites], run)
    known: dict[tuple[Cell, Cell], Place | str] = {}
    places = Places([None] * len(numbers))
    for i, pair in enumerate(zip(sites, sides, strict=True)):
        if pair not in known:
            known[pair] = _place(*pair)
        place = known[pair]
        if isinstance(place, Place):
            places.found[i] = place
        else:
            places.problems[i] = place
            _report(place, plan, i, pair, run)
    _say_both_sides(plan, list(zip(sites, sides, strict=True)), run)
    return places


def _say_both_sides(plan: Plan, pairs: Sequence[tuple[Cell, Cell]], run: Run) -> None:
    """Name once the words that say left and right together."""
    rows: dict[str, list[int]] = {}
    both = {c for c in {c for cells in pairs for c in cells} if _names_both_sides(c)}
    for number, cells in zip(plan.section.numbers, pairs, strict=True) if both else ():
        for cell in both.intersection(cells):
            rows.setdefault(text_of(cell).strip(), []).append(number)
            run.both_sides.add(plan.spot.row(number))
    for text, numbers in rows.items():
        run.report.add(
            "both_sides", plan.spot, numbers[0], value=text, rows=named_rows(numbers),
            column=plan.name("side") or plan.name("site"),
        )  # fmt: skip


def _names_both_sides(cell: Cell) -> bool:
    return isinstance(cell, str) and read_site(cell).both_sides


def _place(site_cell: Cell, side_cell: Cell) -> Place | str:
    """The place two cells name, or the code of the problem."""
    text, side_text = clean_text(site_cell), clean_text(side_cell)
    if not text or text.casefold().rstrip(".!") in MISSING - {"na", "x"}:
        return "missing_site"
    side = read_side(side_text)
    if side is None:
        return "unknown_word"
    read = read_site(text)
    if read.side and side and read.side != side:
        return "side_conflict"
    return Place(read.site or text, side or read.side, text)


def place_of(text: str) -> Place:
    """The place that a column name or an answer names."""
    read = read_site(text)
    return Place(read.site or text, read.side, text)


def _report(code: str, plan: Plan, i: int, pair: tuple[Cell, Cell], run: Run) -> None:
    site, side = (text_of(c).strip() for c in pair)
    run.report.add(
        code, plan.spot, plan.section.numbers[i],
        column=plan.name("side") if code != "missing_site" else plan.name("site"),
        value=side if code != "missing_site" else "",
        allowed="left, right or blank", first=site, second=side,
    )  # fmt: skip
