"""Row-level security: a second wall between clinics, where the database offers one.

PostgreSQL shows an account that does not own the tables only the rows of the clinic named in
``app.clinic``, which is set for one transaction at a time. SQLite has no accounts.
"""

from __future__ import annotations

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

OWNED = (
    *("clinic", "patient", "import_batch", "import_file", "import_patient"),
    *("measurement", "therapy_period", "therapy_session", "outcome_reading"),
    *("remembered_answers", "saved_settings", "view_state", "audit_head", "audit_entry"),
)


def upgrade() -> None:
    """Put up the wall."""
    if op.get_bind().dialect.name != "postgresql":
        return
    own = "clinic = current_setting('app.clinic', true)"
    for table in OWNED:
        op.execute(f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY")
        op.execute(f"CREATE POLICY own_clinic ON {table} USING ({own}) WITH CHECK ({own})")
