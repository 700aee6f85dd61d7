"""Doubtful values, limits of periods known from tags, weeks and quarters, unknown directions.

Rows of before say nothing new: the columns are blank in them, and blank columns of this
version are left out of what the audit trail compares (`sm_tracker.store.rows`).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa
from alembic import op
from alembic.operations import BatchOperations

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

_MARK = {"mark_known": "mark IN ('', 'removed', 'undone')"}
_TIME = {"date_or_day": "(date IS NULL) <> (day IS NULL)"}
RULES_OF_BEFORE = {
    "measurement": _MARK
    | _TIME
    | {
        "thickness_positive": "thickness_mm > 0",
        "value_if_ok": "status <> 'ok' OR thickness_mm IS NOT NULL",
        "qualifier_known": "qualifier IN ('', '<', '>')",
        "status_known": "status IN ('ok', 'not_measurable', 'beyond_depth')",
        "side_known": "side IN ('', 'left', 'right')",
        "site_given": "site <> ''",
    },
    "therapy_period": _MARK
    | {
        "start_or_start_day": '("start" IS NULL) <> (start_day IS NULL)',
        "end_after_start": "date_precision <> 'day' OR end_date_precision NOT IN ('', 'day') OR "
        '("end" >= "start" AND end_day >= start_day)',
        "end_if_ended": "end_status = 'ended' OR (\"end\" IS NULL AND end_day IS NULL)",
        "end_status_known": "end_status IN ('ended', 'ongoing', 'unknown')",
        "precision_known": "date_precision IN ('day', 'month', 'year')",
        "end_precision_known": "end_date_precision IN ('', 'day', 'month', 'year')",
        "kind_known": "kind IN ('', 'continuous', 'cyclic', 'pulse', 'taper', 'single')",
        "therapy_given": "therapy <> ''",
    },
    "outcome_reading": _MARK
    | _TIME
    | {"better_known": "better IN ('lower', 'higher')", "outcome_given": "outcome <> ''"},
}
_DOUBT_KNOWN = "doubt IN ('', 'open', 'confirmed')"
_PRECISIONS = "'day', 'week', 'month', 'quarter', 'year'"


def upgrade() -> None:
    """Add the columns and widen the rules."""
    with _changing("measurement") as table:
        _add(table, "doubt", "doubt_reason")
        _rule(table, "measurement", "doubt_known", _DOUBT_KNOWN)
    with _changing("outcome_reading") as table:
        _add(table, "doubt", "doubt_reason")
        _rule(table, "outcome_reading", "doubt_known", _DOUBT_KNOWN)
        _rule(table, "outcome_reading", "better_known", "better IN ('', 'lower', 'higher')")
    with _changing("therapy_period") as table:
        _add(table, "starts_after", "starts_by", "ends_after", "ends_by")
        _rule(table, "therapy_period", "precision_known", f"date_precision IN ({_PRECISIONS})")
        _rule(
            table,
            "therapy_period",
            "end_precision_known",
            f"end_date_precision IN ('', {_PRECISIONS})",
        )


@contextmanager
def _changing(name: str) -> Iterator[BatchOperations]:
    """Change a table; where SQLite makes it anew, its guards and its numbering go on."""
    with (
        _guards_and_numbers_kept(name),
        op.batch_alter_table(
            name, copy_from=_as_before(name), table_kwargs={"sqlite_autoincrement": True}
        ) as table,
    ):
        yield table


def _as_before(name: str) -> sa.Table:
    """The table as it is; whether its rules are read with it depends on the library's version."""
    table = sa.Table(name, sa.MetaData(), autoload_with=op.get_bind())
    table.constraints -= {c for c in table.constraints if isinstance(c, sa.CheckConstraint)}
    for short, rule in RULES_OF_BEFORE[name].items():
        table.append_constraint(sa.CheckConstraint(rule, name=_named(name, short)))
    return table


@contextmanager
def _guards_and_numbers_kept(name: str) -> Iterator[None]:
    connection, known = op.get_bind(), {"name": name}
    if connection.dialect.name != "sqlite":
        yield
        return
    guards = "SELECT sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = :name"
    kept = connection.execute(sa.text(guards), known).scalars().all()
    last_number = "SELECT seq FROM sqlite_sequence WHERE name = :name"
    last = connection.execute(sa.text(last_number), known).scalar()
    yield
    for guard in kept:
        connection.exec_driver_sql(guard)
    if last is not None:  # a row that was erased keeps its number, and no other row gets it
        connection.execute(sa.text("DELETE FROM sqlite_sequence WHERE name = :name"), known)
        connection.execute(
            sa.text("INSERT INTO sqlite_sequence (name, seq) VALUES (:name, :last)"),
            {**known, "last": last},
        )


def _add(table: BatchOperations, *names: str) -> None:
    for name in names:
        table.add_column(sa.Column(name, sa.Text(), nullable=False, server_default=""))


def _rule(table: BatchOperations, of: str, short: str, rule: str) -> None:
    if short in RULES_OF_BEFORE[of]:
        table.drop_constraint(_named(of, short), type_="check")
    table.create_check_constraint(_named(of, short), rule)


def _named(table: str, short: str) -> str:
    return op.f(f"ck_{table}_{short}")
