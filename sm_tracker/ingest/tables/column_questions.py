"""Questions about columns: which one holds what, as choices and as answers."""

from __future__ import annotations

from collections.abc import Iterable

from sm_tracker.domain.records import LETTERED, Choice
from sm_tracker.ingest.cells.plain_names import plain_name
from sm_tracker.ingest.files.grid import text_of
from sm_tracker.ingest.tables.column_names import NAMES
from sm_tracker.ingest.tables.columns import ColumnRoles, header_of, lettered, sample_of, shown_as
from sm_tracker.ingest.tables.read_context import ReadContext
from sm_tracker.ingest.tables.section import Section
from sm_tracker.languages import Message

ROLE_WORDS = {
    "patient_id": Message("the patient code"),
    "date": Message("the date of the measurement"),
    "site": Message("the body site"),
    "thickness": Message("the skin thickness"),
    "therapy": Message("the therapy"),
    "start": Message("the start of the therapy"),
    "end": Message("the end of the therapy"),
}


REPLICATES = "replicates"
"""Answer that takes all columns in doubt as readings of one visit."""


VISITS = "visits"
"""Answer that takes each of the columns in doubt as a visit of its own."""


NO_COLUMN = "none"
"""Answer that none of the columns in doubt is the one."""


def answered_columns(roles: ColumnRoles, context: ReadContext) -> dict[str, int]:
    """Columns by role as answers ``column.ROLE=HEADER`` name them."""
    chosen = {}
    for role in NAMES:
        key = f"column.{role}"
        answer = context.questions.given(key, roles.location)
        if answer is None:
            continue
        no_column = answer.strip().casefold() in (REPLICATES, VISITS, NO_COLUMN)
        index = None if no_column else find_column(roles.section, answer)
        if index is not None:
            chosen[role] = index
        headers = [header_of(roles.section, n.index) for n in roles.section.names]
        context.questions.tell_columns(key, None if no_column or index is not None else headers)
    return chosen


def find_column(section: Section, answer: str) -> int | None:
    """Index of the column an answer names: by header, by letter, by number."""
    wanted = " ".join(answer.split()).casefold()
    letter = wanted.removeprefix(LETTERED)
    by_header = column_by_header(section, answer)
    if by_header is not None:
        return by_header
    for name in section.names:
        own_letter = lettered(section, name.index).removeprefix(LETTERED).casefold()
        if own_letter == letter or plain_name(name.text) == plain_name(answer):
            return name.index
    return None


def column_by_header(section: Section, answer: str) -> int | None:
    """Index of the column whose header is the answer."""
    wanted = " ".join(answer.split()).casefold()
    for name in section.names:
        if wanted and wanted in (name.text.casefold(), header_of(section, name.index).casefold()):
            return name.index
    return None


def column_choices(section: Section, indexes: Iterable[int]) -> dict[int, Choice]:
    """Columns as choices: each by its header, or its letter where another has the same."""
    indexes = list(indexes)
    headers = [header_of(section, i).casefold() for i in indexes]
    names = [
        lettered(section, i) if headers.count(h) > 1 else header_of(section, i)
        for i, h in zip(indexes, headers, strict=True)
    ]
    return {
        i: Choice(
            name,
            Message(
                "holds {names}", names=", ".join(text_of(c) for c in sample_of(section, i)[:3])
            ),
        )
        for name, i in zip(names, indexes, strict=True)
    }


def ask_among(
    roles: ColumnRoles, role: str, indexes: Iterable[int], context: ReadContext, message: Message,
    others: Iterable[Choice] = (),
) -> int | str | None:  # fmt: skip
    """The column that an answer names, or one of the other answers; None while it is open."""
    columns = column_choices(roles.section, indexes)
    answer = context.questions.ask(
        f"column.{role}", message, (*columns.values(), *others), roles.location
    )
    by_name = {choice.value: index for index, choice in columns.items()}
    return by_name.get(answer, answer) if answer is not None else None


def ask_column(roles: ColumnRoles, role: str, indexes: Iterable[int], context: ReadContext) -> int:
    """Ask which of several columns holds something; the first one while it is open."""
    indexes = list(indexes)
    headers = [header_of(roles.section, i) for i in indexes]
    held = ROLE_WORDS.get(role, role)
    if len({h.casefold() for h in headers}) < len(headers):
        message = Message(
            "Which column holds {held}? The file has two columns of the same name, {header}",
            held=held,
            header=shown_as(roles.section, indexes[0]),
        )
    else:
        message = Message(
            "Which column holds {held}? The file has columns {headers}",
            held=held,
            headers=[shown_as(roles.section, i) for i in indexes],
        )
    answer = ask_among(roles, role, indexes, context, message)
    return answer if isinstance(answer, int) else indexes[0]
