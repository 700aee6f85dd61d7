"""Which column of a file holds what: as it was taken, and what a person can say it is."""

from __future__ import annotations

from collections.abc import Mapping

from sm_tracker.ingest import SourceFile
from sm_tracker.ingest.tables.column_overview import (
    MAPPABLE_ROLES,
    SeenColumn,
    SeenTable,
    column_overview,
)

__all__ = ["MAPPABLE_ROLES", "SeenColumn", "SeenTable", "columns_of_tables", "mapping_answers"]

COLUMN = "column."


def columns_of_tables(source: SourceFile, answers: Mapping[str, str]) -> tuple[SeenTable, ...]:
    """The columns of each table in a file, with their first cells and what they were taken for."""
    return column_overview(source, answers)


def mapping_answers(
    table: SeenTable, header: str, role: str, answers: Mapping[str, str]
) -> dict[str, str]:
    """The answers after a person gave one column a role, or (blank) took it back.

    Parameters
    ----------
    table : SeenTable
    header : str
        Of the column, as an answer calls it.
    role : str
        One of :data:`MAPPABLE_ROLES`, or blank for what the program recognises by itself.
    answers : mapping of str to str
        Answers so far.
    """

    def is_of_column(key: str, value: str) -> bool:
        base, _, place = key.partition("@")
        here = place in ("", table.file, table.place)
        return base.startswith(COLUMN) and here and value.casefold() == header.casefold()

    kept = {k: v for k, v in answers.items() if not is_of_column(k, v)}
    if role:
        for place in ("", f"@{table.file}"):
            kept.pop(f"{COLUMN}{role}{place}", None)
        kept[f"{COLUMN}{role}@{table.place}"] = header
    return kept
