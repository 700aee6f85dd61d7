"""Numbers that stand for a missing value, such as 999, 9.99 and -9: proposed to be left out."""

from __future__ import annotations

import re
import statistics

from sm_tracker.domain.records import Choice
from sm_tracker.ingest.cells.numbers import ValueText
from sm_tracker.ingest.files.grid import text_of
from sm_tracker.ingest.records.value_cells import ReadValue, ValueCells, Values
from sm_tracker.ingest.tables.read_context import ReadContext
from sm_tracker.languages import Message

KEY = "missing_codes"
LEAVE_OUT, KEEP = "leave-out", "keep"
OUT_OF_KEEPING = 3.0
"""A code lies this many times above or below the middle of the other values."""

_REPEATED = re.compile(r"([89])\1+")
_SINGLE = re.compile(r"[89]")


def settle_missing_codes(cells: ValueCells, values: Values, context: ReadContext) -> None:
    """Ask about numbers that look like codes for a missing value, and leave them out."""
    by_text = dict(zip(cells.cells, values.read, strict=True))  # equal cells are read alike
    if not any(r and (n := _number(r)) is not None and _has_shape_of_code(n)
               for r in by_text.values()):  # fmt: skip
        return
    looking = {i: n for i, r in enumerate(values.read) if r and (n := _number(r)) is not None}
    odd = {n for n in set(looking.values()) if _has_shape_of_code(n)}
    shaped = {i for i, n in looking.items() if n in odd and i not in cells.refused} if odd else ()
    if not shaped:
        return
    usual = [n for i, n in looking.items() if i not in shaped and n > 0]
    codes = [i for i in sorted(shaped) if _is_out_of_keeping(looking[i], usual)]
    if not codes:
        return
    texts = list(dict.fromkeys(text_of(cells.cells[i]).strip() for i in codes))
    shown = ", ".join(texts[:8])
    answer = context.questions.ask(
        KEY,
        Message(
            "{shown} in {named_columns} ({named_rows}) may stand for a missing value, as 999 "
            "and 9.99 often do. Should they be left out as missing?",
            shown=shown,
            named_columns=cells.named_columns(codes),
            named_rows=cells.named_rows(codes),
        ),
        (
            Choice(
                LEAVE_OUT,
                Message.counted(
                    "missing code: {n} value is left out",
                    "missing code: {n} values are left out",
                    n=len(codes),
                ),
            ),
            Choice(KEEP, Message("they are thicknesses as written")),
        ),
        cells.location,
    )
    if answer == KEEP:
        return
    for i in codes:
        values.read[i] = ReadValue(ValueText(status="missing"), ())
        if answer:
            context.findings.add(
                "missing_code", cells.location, cells.rows[i], column=cells.heads[i].text,
                value=text_of(cells.cells[i]).strip(),
            )  # fmt: skip
        values.coded.add(i)


def _number(read: ReadValue) -> float | None:
    """The one number of a cell, None where it holds several, a range or a sign."""
    parsed = read.parsed
    plain = parsed.value is not None and not parsed.qualifier and not parsed.several
    return parsed.value if plain else None


def _has_shape_of_code(number: float) -> bool:
    text = f"{abs(number):g}"
    digits = text.replace(".", "")
    if len(digits) == 2 and "." in text:
        return False  # 9.9 mm is thick and yet a thickness
    return bool(_REPEATED.fullmatch(digits)) or (number < 0 and bool(_SINGLE.fullmatch(digits)))


def _is_out_of_keeping(number: float, usual: list[float]) -> bool:
    if number <= 0 or not usual:
        return number < 0
    middle = statistics.median(usual)
    return not middle / OUT_OF_KEEPING < number < middle * OUT_OF_KEEPING
