"""Columns of numbers beside readings that no role claims: a question offers what they are."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from sm_tracker.domain.records import Choice
from sm_tracker.ingest.cells.short_texts import read_number
from sm_tracker.ingest.cells.therapy_text import split_therapy
from sm_tracker.ingest.files.grid import Cell, is_blank, text_of
from sm_tracker.ingest.tables.column_meanings import ColumnName, as_outcome
from sm_tracker.ingest.tables.column_roles import (
    ColumnRoles,
    column_cells,
    sample_of,
    share_of_numbers,
    shown_as,
)
from sm_tracker.ingest.tables.read_context import ReadContext
from sm_tracker.languages import Message

KEY = "unread."
OUTCOME, DOSES, LEAVE_OUT = "outcome", "doses", "leave-out"


def offer_unread(roles: ColumnRoles, context: ReadContext) -> ColumnRoles:
    """Offer columns of numbers that nothing reads, and read them as the answers say.

    Nothing waits for the answers: without them the columns are left out and named.
    """
    claimed = roles.claimed
    doses: list[ColumnName] = []
    for name in roles.section.names:
        sample = sample_of(roles.section, name.index)
        if not name.text or name.index in claimed or share_of_numbers(sample) < 0.6:
            continue
        answer = _ask(roles, name, sample, context)
        if answer == OUTCOME:
            roles = replace(roles, outcomes=(*roles.outcomes, as_outcome(name)))
        elif answer == DOSES:
            doses.append(name)
        elif answer == LEAVE_OUT:
            roles = roles.leaving_out(name.index)
    return _with_doses(roles, doses) if doses else roles


def _ask(
    roles: ColumnRoles, name: ColumnName, sample: Sequence[Cell], context: ReadContext
) -> str | None:
    therapy = split_therapy(name.text)
    doses = Choice(
        DOSES, Message("the dose of {therapy} at each visit; 0 is none", therapy=therapy.therapy)
    )
    return context.questions.offer(
        KEY + name.text,
        Message(
            "Column {column} holds numbers ({shown}) that are not read. What are they?",
            column=shown_as(roles.section, name.index),
            shown=", ".join(text_of(c).strip() for c in sample[:4]),
        ),
        (
            Choice(OUTCOME, Message("an outcome of its own, followed beside the thickness")),
            *([doses] if therapy.known and not roles.has("therapy") else []),
            Choice(LEAVE_OUT, Message("leave this column out")),
        ),
        roles.location,
    )


def _with_doses(roles: ColumnRoles, names: Sequence[ColumnName]) -> ColumnRoles:
    """A column of therapies from columns that hold the dose of one each."""
    columns = [column_cells(roles.section, n.index) for n in names]
    cells = []
    for row in zip(*columns, strict=True):
        given = [_dose(n, c) for n, c in zip(names, row, strict=True) if read_number(c)]
        blank = all(is_blank(c) for c in row)
        cells.append(" + ".join(given) or ("" if blank else "none"))
    header = ColumnName(index=0, text="therapy", name="therapy", role="therapy")
    roles = roles.with_column("therapy", header, cells)
    return replace(roles, consumed=roles.consumed.union(n.index for n in names))


def _dose(name: ColumnName, cell: Cell) -> str:
    """A therapy with its dose: prednisolone 20 mg/d."""
    therapy = split_therapy(name.text)
    unit = name.text.replace(therapy.alias, "").strip(" ()[],-_")
    return f"{therapy.therapy} {text_of(cell).strip()} {unit}".strip()
