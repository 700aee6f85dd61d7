"""Records made of the cells of a row, or the row left out where a record cannot be made."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from sm_tracker.domain.record_fields import LONGEST_NOTE
from sm_tracker.domain.records import R
from sm_tracker.errors import RecordError
from sm_tracker.ingest.files.grid import Cell
from sm_tracker.ingest.messages.finding_log import Location, refusal_reason
from sm_tracker.ingest.tables.read_context import ReadContext, RefusedRows

CODE = "value_beyond_limits"


def made(
    make: Callable[[], R],
    row: tuple[Location, int, Sequence[Cell]],
    context: ReadContext,
    refused: RefusedRows | None,
    column_of: Callable[[str], str] = str,
) -> list[R]:
    """The record of a row, or none where a field cannot hold what the row says.

    Parameters
    ----------
    make : callable
        Makes the record.
    row : tuple of Location, int and cells
        Table, row number and cells.
    context : ReadContext
        Takes up the finding that says why there is none.
    refused : RefusedRows or None
        Takes up the row; None where a row gives several records and the others are kept.
    column_of : callable
        The header of the column that a field was read from; blank where there is none.
    """
    try:
        return [make()]
    except RecordError as error:
        leave_out(error, row, context, refused, column_of)
        return []


def leave_out(
    error: RecordError,
    row: tuple[Location, int, Sequence[Cell]],
    context: ReadContext,
    refused: RefusedRows | None,
    column_of: Callable[[str], str] = str,
) -> None:
    """Name the value that no record can hold, and leave its row out; parameters as above."""
    location, number, cells = row
    context.findings.add(
        CODE,
        location,
        number,
        column=column_of(error.field) or error.field,
        value=error.value,
        why=error.because,
    )
    if refused is not None:
        refused.add(number, list(cells), refusal_reason(CODE))


def joined_notes(notes: Sequence[str]) -> str:
    """Notes of several rows in one, each once, cut where they are longer than a note can be."""
    text = "; ".join(dict.fromkeys(filter(None, notes)))
    return text if len(text) <= LONGEST_NOTE else f"{text[: LONGEST_NOTE - 1]}…"
