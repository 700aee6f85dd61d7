"""Events: biopsies, admissions, infections, photographs, pregnancies, operations and others.

The table has the columns, rules and guards that those of the other records have.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

NAME = "clinical_event"
KEY = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_KINDS = "'biopsy', 'admission', 'infection', 'photo', 'pregnancy', 'surgery', 'other'"
_PRECISIONS = "'day', 'week', 'month', 'quarter', 'year'"
_RULES = {
    "mark_known": "mark IN ('', 'removed', 'undone')",
    "date_or_day": "(date IS NULL) <> (day IS NULL)",
    "event_given": "event <> ''",
    "kind_known": f"kind IN ({_KINDS})",
    "precision_known": f"date_precision IN ({_PRECISIONS})",
    "within_limits": "beyond_limits OR (date BETWEEN '1900-01-01' AND '2200-12-31' "
    "AND day >= -100000 AND day <= 100000 AND length(event) <= 4000 AND length(note) <= 4000)",
}


def upgrade() -> None:
    """Make the table and what guards its rows."""
    op.create_table(
        NAME,
        sa.Column("id", KEY, sa.Identity(), primary_key=True),
        sa.Column("clinic", sa.Text(), sa.ForeignKey("clinic.clinic"), nullable=False),
        sa.Column("date", sa.Date()),
        sa.Column("day", sa.BigInteger()),
        *map(_text, ("event", "kind", "date_precision")),
        sa.Column("patient_key", KEY, nullable=False),
        sa.Column("batch_id", KEY),
        sa.Column("version", sa.Integer(), nullable=False),
        *map(_text, ("mark", "mark_reason", "imported_digest", "note", "file", "sheet")),
        sa.Column("row", sa.BigInteger()),
        sa.Column("beyond_limits", sa.Boolean(), nullable=False, server_default=sa.false()),
        _of("patient", "patient_key"),
        _of("import_batch", "batch_id"),
        *(sa.CheckConstraint(rule, name=short) for short, rule in _RULES.items()),
        sqlite_autoincrement=True,
    )
    op.create_index(f"ix_{NAME}_clinic_patient_key", NAME, ["clinic", "patient_key"])
    if op.get_bind().dialect.name == "sqlite":
        _sqlite_guard()
    else:
        _postgresql_guards()


def _sqlite_guard() -> None:
    op.execute(
        f"CREATE TRIGGER {NAME}_no_delete BEFORE DELETE ON {NAME} WHEN NOT EXISTS ("
        "SELECT 1 FROM patient p WHERE p.id = OLD.patient_key AND p.erased_at IS NOT NULL) "
        "BEGIN SELECT RAISE(ABORT, 'sm_tracker: records are marked, not deleted'); END"
    )


def _postgresql_guards() -> None:
    op.execute(
        f"CREATE TRIGGER {NAME}_no_delete BEFORE DELETE ON {NAME} "
        "FOR EACH ROW EXECUTE FUNCTION sm_only_after_erasure()"
    )
    op.execute(
        f"CREATE TRIGGER {NAME}_no_truncate BEFORE TRUNCATE ON {NAME} "
        "FOR EACH STATEMENT EXECUTE FUNCTION sm_never()"
    )
    own = "clinic = current_setting('app.clinic', true)"
    op.execute(f"ALTER TABLE {NAME} ENABLE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY own_clinic ON {NAME} USING ({own}) WITH CHECK ({own})")


def _text(name: str) -> sa.Column[str]:
    return sa.Column(name, sa.Text(), nullable=False)


def _of(table: str, column: str) -> sa.ForeignKeyConstraint:
    return sa.ForeignKeyConstraint(["clinic", column], [f"{table}.clinic", f"{table}.id"])
