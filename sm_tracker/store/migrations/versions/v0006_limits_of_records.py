"""Limits of records: days, dates, names, notes, millimetres.

Rows that are beyond a limit already are marked as such; they stay as they are and can be read,
and are set aside where results are computed until somebody corrects them.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

_COLUMN = "beyond_limits"
_LIMITS = {
    "patient": ("length(code) <= 120",),
    "measurement": (
        "date BETWEEN '1900-01-01' AND '2200-12-31'",
        "day >= -100000",
        "day <= 100000",
        "length(site) <= 120",
        "length(layer) <= 120",
        "thickness_mm <= 50",
        "replicate >= -1000000",
        "replicate <= 1000000",
        "length(device) <= 120",
        "frequency_mhz >= 0",
        "frequency_mhz <= 1000000",
        "velocity_m_s >= 0",
        "velocity_m_s <= 1000000",
        "length(examiner) <= 120",
        "length(note) <= 4000",
        "sd_mm >= 0",
        "sd_mm <= 50",
        "length(site_text) <= 4000",
        "length(doubt_reason) <= 120",
    ),
    "therapy_period": (
        "length(therapy) <= 120",
        "\"start\" BETWEEN '1900-01-01' AND '2200-12-31'",
        "start_day >= -100000",
        "start_day <= 100000",
        "\"end\" BETWEEN '1900-01-01' AND '2200-12-31'",
        "end_day >= -100000",
        "end_day <= 100000",
        "length(period_id) <= 120",
        "length(dose) <= 4000",
        "cycles >= -1000000",
        "cycles <= 1000000",
        "length(route) <= 120",
        "length(stop_reason) <= 4000",
        "length(note) <= 4000",
        "length(therapy_text) <= 4000",
    ),
    "therapy_session": (
        "date BETWEEN '1900-01-01' AND '2200-12-31'",
        "day BETWEEN -100000 AND 100000",
    ),
    "outcome_reading": (
        "date BETWEEN '1900-01-01' AND '2200-12-31'",
        "day >= -100000",
        "day <= 100000",
        "length(outcome) <= 120",
        "value >= -1000000000000000",
        "value <= 1000000000000000",
        "length(unit) <= 120",
        "length(note) <= 4000",
        "length(doubt_reason) <= 120",
    ),
}
_MARK = {"mark_known": "mark IN ('', 'removed', 'undone')"}
_TIME = {"date_or_day": "(date IS NULL) <> (day IS NULL)"}
_DOUBT = {"doubt_known": "doubt IN ('', 'open', 'confirmed')"}
_PRECISIONS = "'day', 'week', 'month', 'quarter', 'year'"
RULES_OF_BEFORE = {
    "patient": {
        "code_or_tombstone": "(code IS NULL) = (erased_at IS NOT NULL)",
        "code_given": "code <> ''",
    },
    "measurement": _MARK
    | _TIME
    | _DOUBT
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
        "precision_known": f"date_precision IN ({_PRECISIONS})",
        "end_precision_known": f"end_date_precision IN ('', {_PRECISIONS})",
        "kind_known": "kind IN ('', 'continuous', 'cyclic', 'pulse', 'taper', 'single')",
        "therapy_given": "therapy <> ''",
    },
    "therapy_session": _TIME,
    "outcome_reading": _MARK
    | _TIME
    | _DOUBT
    | {"better_known": "better IN ('', 'lower', 'higher')", "outcome_given": "outcome <> ''"},
}


def upgrade() -> None:
    """Mark what is beyond a limit, and hold every other row to it."""
    with _guards_set_aside():
        for name, limits in _LIMITS.items():
            _limit(name, " AND ".join(limits))


def _limit(name: str, within: str) -> None:
    op.add_column(name, sa.Column(_COLUMN, sa.Boolean(), nullable=False, server_default=sa.false()))
    op.execute(sa.text(f"UPDATE {name} SET {_COLUMN} = TRUE WHERE NOT ({within})"))
    with (
        _numbers_kept(name),
        op.batch_alter_table(
            name, copy_from=_as_before(name), table_kwargs={"sqlite_autoincrement": True}
        ) as table,
    ):
        table.create_check_constraint(_named(name, "within_limits"), f"{_COLUMN} OR ({within})")


@contextmanager
def _guards_set_aside() -> Iterator[None]:
    """SQLite makes a table anew to change it, which guards that name the table would forbid."""
    connection = op.get_bind()
    if connection.dialect.name != "sqlite":
        yield
        return
    guards = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"
    kept = connection.execute(sa.text(guards)).all()
    for name, _ in kept:
        connection.exec_driver_sql(f"DROP TRIGGER {name}")
    yield
    for _, sql in kept:
        connection.exec_driver_sql(sql)


def _as_before(name: str) -> sa.Table:
    """The table as it is; whether its rules are read with it depends on the library's version."""
    table = sa.Table(name, sa.MetaData(), autoload_with=op.get_bind())
    table.constraints -= {c for c in table.constraints if isinstance(c, sa.CheckConstraint)}
    for short, rule in RULES_OF_BEFORE[name].items():
        table.append_constraint(sa.CheckConstraint(rule, name=_named(name, short)))
    return table


@contextmanager
def _numbers_kept(name: str) -> Iterator[None]:
    """A row that was erased keeps its number, and no other row gets it."""
    connection, known = op.get_bind(), {"name": name}
    if connection.dialect.name != "sqlite":
        yield
        return
    last_number = "SELECT seq FROM sqlite_sequence WHERE name = :name"
    last = connection.execute(sa.text(last_number), known).scalar()
    yield
    if last is not None:
        connection.execute(sa.text("DELETE FROM sqlite_sequence WHERE name = :name"), known)
        connection.execute(
            sa.text("INSERT INTO sqlite_sequence (name, seq) VALUES (:name, :last)"),
            {**known, "last": last},
        )


def _named(table: str, short: str) -> str:
    return op.f(f"ck_{table}_{short}")
