"""What a form of exchange cannot carry, counted for the very records that are to leave."""

from __future__ import annotations

import csv
import io
from collections.abc import Collection, Iterator
from dataclasses import dataclass

import pandas as pd

from sm_tracker.domain.own_columns import OWN_COLUMNS, PROVENANCE, RECORD_OF
from sm_tracker.domain.record_fields import rules_of
from sm_tracker.domain.tables import Records
from sm_tracker.languages import Message
from sm_tracker.report.record_words import field_word


@dataclass(frozen=True, slots=True, kw_only=True)
class Loss:
    """A column of a table of which `count` values stay behind; `meaning` says what it holds."""

    table: str
    column: str
    count: int
    meaning: str


def tables_by_name(records: Records) -> dict[str, pd.DataFrame]:
    """The tables of records by their names."""
    return dict(zip(OWN_COLUMNS, records.frames, strict=True))


def losses_of(records: Records, beyond: Collection[str] = ()) -> tuple[Loss, ...]:
    """What our own columns, without those named in `beyond`, do not carry of these records."""
    return tuple(_losses(records, frozenset(beyond)))


def _losses(records: Records, beyond: frozenset[str]) -> Iterator[Loss]:
    for name, frame in tables_by_name(records).items():
        carried = set(OWN_COLUMNS[name]) - beyond
        for column, rule in rules_of(RECORD_OF[name]).items():
            if column in carried or column in PROVENANCE:
                continue
            values = frame[column]
            filled = values.notna() & (values != (rule.default if rule.fills else ""))
            if rule.kind == "flag":
                filled = values != rule.default
            if count := int(filled.sum()):
                yield Loss(table=name, column=column, count=count, meaning=rule.meaning)


def losses_csv(losses: Collection[Loss]) -> bytes:
    """The losses as a table."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["table", "column", "count", "meaning"])
    writer.writerows([loss.table, loss.column, loss.count, loss.meaning] for loss in losses)
    return out.getvalue().encode()


def loss_words(loss: Loss) -> Message:
    """One loss as it is said before the file is made."""
    return Message("{n} × {column}", n=loss.count, column=field_word(loss.column, loss.table))
