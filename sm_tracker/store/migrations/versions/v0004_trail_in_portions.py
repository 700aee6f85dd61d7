"""PostgreSQL: one look at the chain for all entries of a statement, not one for each entry.

The head of a trail was moved by each entry. PostgreSQL keeps every former version of the head
until the transaction ends and walks past all of them to find the latest, so an import took
time with the square of its rows. SQLite changes the head in place and stays as it is.

The guards also look at the tables of the store by name, and a temporary table of the same name
would come first; now it comes last.
"""

from __future__ import annotations

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

GUARDS = (
    *("sm_new_audit_head", "sm_audit_entries_in_order", "sm_audit_head_follows_entries"),
    *("sm_audit_head_starts_empty", "sm_audit_entry_no_update", "sm_never"),
    "sm_only_after_erasure",
)
_IN_ORDER = """
CREATE FUNCTION sm_audit_entries_in_order() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path FROM CURRENT AS $guard$ BEGIN
    PERFORM 1 FROM audit_head h WHERE h.clinic IN (SELECT clinic FROM new_entries)
        ORDER BY h.clinic FOR UPDATE;
    IF EXISTS (
        SELECT 1
        FROM (
            SELECT clinic, seq, previous_hash,
                lag(seq) OVER earlier AS last_seq, lag(entry_hash) OVER earlier AS last_hash
            FROM new_entries WINDOW earlier AS (PARTITION BY clinic ORDER BY seq)
        ) n
        LEFT JOIN audit_head h ON h.clinic = n.clinic
        WHERE n.seq IS DISTINCT FROM coalesce(n.last_seq, h.entries) + 1
            OR n.previous_hash IS DISTINCT FROM coalesce(n.last_hash, h.entry_hash)
    ) THEN
        RAISE EXCEPTION 'sm_tracker: an audit entry must follow the last one';
    END IF;
    UPDATE audit_head h SET entries = n.seq, entry_hash = n.entry_hash
    FROM (
        SELECT DISTINCT ON (clinic) clinic, seq, entry_hash
        FROM new_entries ORDER BY clinic, seq DESC
    ) n
    WHERE h.clinic = n.clinic;
    RETURN NULL;
END $guard$
"""


def upgrade() -> None:
    """Exchange the guard of the chain; what it refuses stays the same."""
    if op.get_bind().dialect.name != "postgresql":
        return
    schema = op.get_bind().exec_driver_sql("SELECT quote_ident(current_schema())").scalar_one()
    op.execute("DROP TRIGGER audit_entry_in_order ON audit_entry")
    op.execute("DROP FUNCTION sm_audit_entry_in_order()")
    op.execute(_IN_ORDER)
    op.execute(
        "CREATE TRIGGER audit_entry_in_order AFTER INSERT ON audit_entry "
        "REFERENCING NEW TABLE AS new_entries "
        "FOR EACH STATEMENT EXECUTE FUNCTION sm_audit_entries_in_order()"
    )
    for name in GUARDS:
        op.execute(f"ALTER FUNCTION {name}() SET search_path = {schema}, pg_temp")
