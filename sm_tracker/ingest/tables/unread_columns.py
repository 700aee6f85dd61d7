"""Columns that no role claims: a question offers what they may be.

Nothing waits for the answers: without them the columns are left out and named.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from sm_tracker.domain.records import Choice
from sm_tracker.ingest.cells.plain_names import plain_name
from sm_tracker.ingest.cells.short_texts import read_flag, read_number
from sm_tracker.ingest.cells.therapy_text import split_therapy
from sm_tracker.ingest.files.grid import Cell, is_blank, text_of
from sm_tracker.ingest.tables.column_meanings import ColumnName, as_outcome
from sm_tracker.ingest.tables.column_names import EVENT_NAMES
from sm_tracker.ingest.tables.columns import (
    ColumnRoles,
    column_cells,
    sample_of,
    share_of_dates,
    share_of_numbers,
    shown_as,
)
from sm_tracker.ingest.tables.read_context import ReadContext
from sm_tracker.ingest.tables.roles_read import columns_without_reader
from sm_tracker.ingest.tables.table_shapes import TableShape
from sm_tracker.languages import Message

KEY = "unread."
OUTCOME, DOSES, GIVEN, THERAPY, LEAVE_OUT = "outcome", "doses", "given", "therapy", "leave-out"
NOTE = "note"
PLAYED: Mapping[str, Message] = {
    "date": Message("the date of the measurement"),
    "patient_id": Message("the patient code"),
    "site": Message("the body site"),
    "end": Message("the end of the therapy"),
    "dose": Message("the dose of the therapy"),
    "cycles": Message("the number of cycles"),
    "event": Message("what happened to the patient on that day"),
}
"""Answers that are roles: the column plays it, in place of one that did so before."""
LONGEST_WORD = 24
"""A column with longer cells holds sentences, not codes or names."""


def offer_unread(roles: ColumnRoles, shape: TableShape, context: ReadContext) -> ColumnRoles:
    """Offer columns that nothing reads and that may say something, and do as answered.

    Columns that are known not to be needed, or identify a patient, are claimed; those with the
    same in every row, or with sentences, are not asked about either.
    """
    claimed = roles.claimed - columns_without_reader(roles, shape)
    treated: dict[int, str] = {}
    offers = _of_courses if shape is TableShape.THERAPIES else _of_readings
    for name in roles.section.names:
        if not name.text or name.index in claimed:
            continue
        sample = sample_of(roles.section, name.index)
        choices = tuple(offers(roles, name, sample)) if sample else ()
        answer = _ask(roles, name, sample, choices, context) if choices else None
        if answer == OUTCOME:
            roles = replace(roles, outcomes=(*roles.outcomes, as_outcome(name)))
        elif answer in (DOSES, GIVEN):
            treated[name.index] = answer
        elif answer == THERAPY:
            roles = roles.with_roles(therapy=name.index)
        elif answer == NOTE:
            roles = replace(roles, notes=(*roles.notes, name.index))
        elif answer is not None and answer in PLAYED:
            roles = roles.with_roles(**{answer: name.index})
        elif answer == LEAVE_OUT:
            roles = roles.leaving_out(name.index)
    return _with_therapies(roles, treated) if treated and not roles.has("therapy") else roles


def _of_readings(roles: ColumnRoles, name: ColumnName, sample: Sequence[Cell]) -> Iterator[Choice]:
    """What a column beside readings may be, by its name and cells."""
    numbers = share_of_numbers(sample) >= 0.6
    therapy = split_therapy(name.text)
    flags = all(read_flag(text_of(c)) is not None for c in sample)
    texts = {text_of(c).strip() for c in sample}
    named = sum(split_therapy(t).known for t in texts)
    found: list[Choice] = []
    if numbers:
        found.append(
            Choice(OUTCOME, Message("an outcome of its own, followed beside the thickness"))
        )
    if not roles.has("therapy"):
        if numbers and therapy.known and not flags:
            words = Message(
                "the dose of {therapy} at each visit; 0 is none", therapy=therapy.therapy
            )
            found.append(Choice(DOSES, words))
        elif flags and therapy.known:
            words = Message("whether {therapy} ran at each visit", therapy=therapy.therapy)
            found.append(Choice(GIVEN, words))
        elif not numbers and 2 * named >= len(texts):
            found.append(Choice(THERAPY, Message("the therapy that ran at each visit")))
    if (roles.has("date") or roles.has("day")) and plain_name(name.text) in EVENT_NAMES:
        found.append(Choice("event", PLAYED["event"]))
    if not found and _tells_something(texts):
        played = ("date",) if share_of_dates(sample) > 0.6 else ("patient_id", "site")
        found = [*(Choice(role, PLAYED[role]) for role in played), _as_note()]
    return iter((*found, _left_out()) if found else ())


def _of_courses(roles: ColumnRoles, name: ColumnName, sample: Sequence[Cell]) -> Iterator[Choice]:
    """What a column beside courses of therapy may be, by its cells."""
    texts = {text_of(c).strip() for c in sample}
    if max(map(len, texts)) > LONGEST_WORD:
        return
    if share_of_dates(sample) > 0.6:
        likely = ["end"]
    else:
        likely = ["dose", "cycles"] if share_of_numbers(sample) >= 0.6 else ["dose"]
    played = [role for role in likely if not roles.has(role)]
    if played or _tells_something(texts):
        yield from (Choice(role, PLAYED[role]) for role in played)
        yield _as_note()
        yield _left_out()


def _tells_something(texts: set[str]) -> bool:
    """Whether cells differ, and are codes, names or dates rather than sentences."""
    return len(texts) > 1 and max(map(len, texts)) <= LONGEST_WORD


def _as_note() -> Choice:
    return Choice(NOTE, Message("a note, kept with each row"))


def _left_out() -> Choice:
    return Choice(LEAVE_OUT, Message("leave this column out"))


def _ask(
    roles: ColumnRoles, name: ColumnName, sample: Sequence[Cell], choices: Sequence[Choice],
    context: ReadContext,
) -> str | None:  # fmt: skip
    return context.questions.offer(
        KEY + name.text,
        Message(
            "Column {column} ({shown}) is not read. What does it hold?",
            column=shown_as(roles.section, name.index),
            shown=", ".join(text_of(c).strip() for c in sample[:4]),
        ),
        choices,
        roles.location,
    )


def _with_therapies(roles: ColumnRoles, treated: Mapping[int, str]) -> ColumnRoles:
    """A column of therapies from columns that tell the dose of one each, or whether it ran."""
    names = [roles.section.names[i] for i in treated]
    columns = [column_cells(roles.section, i) for i in treated]
    cells = []
    for row in zip(*columns, strict=True):
        ran = list(filter(None, map(_therapy_of, names, row, treated.values())))
        blank = all(is_blank(c) for c in row)
        cells.append(" + ".join(ran) or ("" if blank else "none"))
    header = ColumnName(index=0, text="therapy", name="therapy", role="therapy")
    roles = roles.with_column("therapy", header, cells)
    return replace(roles, consumed=roles.consumed.union(treated))


def _therapy_of(name: ColumnName, cell: Cell, told: str) -> str:
    """A therapy with its dose, such as prednisolone 20 mg/d; blank where it did not run."""
    therapy = split_therapy(name.text)
    if told == GIVEN:
        return therapy.therapy if not is_blank(cell) and read_flag(text_of(cell)) else ""
    unit = name.text.replace(therapy.alias, "").strip(" ()[],-_")
    return f"{therapy.therapy} {text_of(cell).strip()} {unit}".strip() if read_number(cell) else ""
