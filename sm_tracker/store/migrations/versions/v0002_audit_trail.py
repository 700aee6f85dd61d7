"""Audit trail: entries that are only ever added, each in order, and a head that counts them.

The guards are triggers, because the program is not the only one that can open a database.
Their messages start with ``sm_tracker:`` and hold no value of a row.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

GENESIS = "0" * 64
# Fields of an entry that never change. `before`, `after`, `reason` and `salt` can be blanked once,
# `redacted_by` is set then.
LASTING = (
    *("clinic", "seq", "at", "by_user", "action", "entity", "entity_id", "patient_key"),
    *("batch_id", "content_hash", "previous_hash", "entry_hash"),
)
BLANKED = ("before", "after", "reason", "salt")
CLINICAL = ("measurement", "therapy_period", "outcome_reading")
NEVER_DELETED = ("clinic", "patient", "import_batch", "saved_settings", "audit_head", "audit_entry")


def upgrade() -> None:
    """Make the tables and their guards."""
    _tables()
    op.execute(
        f"INSERT INTO audit_head (clinic, entries, entry_hash) "
        f"SELECT clinic, 0, '{GENESIS}' FROM clinic"
    )
    if op.get_bind().dialect.name == "sqlite":
        _sqlite_guards()
    else:
        _postgresql_guards()


def _tables() -> None:
    owner = ("clinic", sa.Text(), sa.ForeignKey("clinic.clinic"))
    op.create_table(
        "audit_head",
        sa.Column(*owner, primary_key=True),
        sa.Column("entries", sa.BigInteger(), nullable=False),
        sa.Column("entry_hash", sa.Text(), nullable=False),
    )
    op.create_table(
        "audit_entry",
        sa.Column("clinic", sa.Text(), sa.ForeignKey("clinic.clinic"), primary_key=True),
        sa.Column("seq", sa.BigInteger(), primary_key=True, autoincrement=False),
        *(sa.Column(n, sa.Text(), nullable=False) for n in ("at", "by_user", "action", "entity")),
        sa.Column("entity_id", sa.BigInteger(), nullable=False),
        sa.Column("patient_key", sa.BigInteger()),
        sa.Column("batch_id", sa.BigInteger()),
        *(sa.Column(n, sa.Text()) for n in BLANKED),
        *(
            sa.Column(n, sa.Text(), nullable=False)
            for n in ("content_hash", "previous_hash", "entry_hash")
        ),
        sa.Column("redacted_by", sa.BigInteger()),
    )
    for columns in (("entity", "entity_id"), ("patient_key",), ("batch_id",)):
        name = "_".join(("ix_audit_entry_clinic", *columns))
        op.create_index(name, "audit_entry", ["clinic", *columns])


def _redaction(distinct: str) -> str:
    """Condition under which an update of an entry is the blanking by an erasure."""
    same = " AND ".join(f"NOT (NEW.{n} {distinct} OLD.{n})" for n in LASTING)
    blank = " AND ".join(f'NEW."{n}" IS NULL' for n in BLANKED)
    return (
        f"OLD.redacted_by IS NULL AND {blank} AND {same} AND EXISTS ("
        "SELECT 1 FROM audit_entry e WHERE e.clinic = OLD.clinic AND e.seq = NEW.redacted_by "
        "AND e.seq > OLD.seq AND e.action = 'erase' AND e.patient_key = OLD.patient_key)"
    )


def _sqlite_guards() -> None:
    def guard(name: str, event: str, when: str, refusal: str) -> None:
        op.execute(
            f"CREATE TRIGGER {name} BEFORE {event} WHEN {when} "
            f"BEGIN SELECT RAISE(ABORT, 'sm_tracker: {refusal}'); END"
        )

    op.execute(
        "CREATE TRIGGER clinic_gets_audit_head AFTER INSERT ON clinic BEGIN "
        f"INSERT INTO audit_head (clinic, entries, entry_hash) VALUES (NEW.clinic, 0, '{GENESIS}');"
        " END"
    )
    guard(
        "audit_entry_in_order",
        "INSERT ON audit_entry",
        "NOT EXISTS (SELECT 1 FROM audit_head h WHERE h.clinic = NEW.clinic "
        "AND h.entries + 1 = NEW.seq AND h.entry_hash = NEW.previous_hash)",
        "an audit entry must follow the last one",
    )
    op.execute(
        "CREATE TRIGGER audit_entry_moves_head AFTER INSERT ON audit_entry BEGIN "
        "UPDATE audit_head SET entries = NEW.seq, entry_hash = NEW.entry_hash "
        "WHERE clinic = NEW.clinic; END"
    )
    guard(
        "audit_head_follows_entries",
        "UPDATE ON audit_head",
        "NEW.clinic <> OLD.clinic OR NEW.entries <> OLD.entries + 1 OR NOT EXISTS ("
        "SELECT 1 FROM audit_entry e WHERE e.clinic = NEW.clinic AND e.seq = NEW.entries "
        "AND e.entry_hash = NEW.entry_hash AND e.previous_hash = OLD.entry_hash)",
        "the audit head moves with its entries only",
    )
    guard(
        "audit_head_starts_empty",
        "INSERT ON audit_head",
        f"NEW.entries <> 0 OR NEW.entry_hash <> '{GENESIS}'",
        "an audit head starts empty",
    )
    guard(
        "audit_entry_no_update",
        "UPDATE ON audit_entry",
        f"NOT ({_redaction('IS NOT')})",
        "an audit entry is never changed",
    )
    guard("saved_settings_no_update", "UPDATE ON saved_settings", "1", "settings are never changed")
    for table in NEVER_DELETED:
        guard(f"{table}_no_delete", f"DELETE ON {table}", "1", f"{table} rows are never deleted")
    for table in CLINICAL:
        guard(
            f"{table}_no_delete",
            f"DELETE ON {table}",
            "NOT EXISTS (SELECT 1 FROM patient p WHERE p.id = OLD.patient_key "
            "AND p.erased_at IS NOT NULL)",
            "records are marked, not deleted",
        )


def _postgresql_guards() -> None:
    def function(name: str, body: str, rights: str = "") -> None:
        op.execute(
            f"CREATE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql {rights} "
            f"SET search_path FROM CURRENT AS $guard$ BEGIN {body} END $guard$"
        )

    def trigger(name: str, event: str, table: str, called: str, each: str = "ROW") -> None:
        op.execute(
            f"CREATE TRIGGER {name} {event} ON {table} FOR EACH {each} EXECUTE FUNCTION {called}"
        )

    def refusal(words: str) -> str:
        return f"RAISE EXCEPTION 'sm_tracker: {words}';"

    # The owner of the tables moves the heads; the account of the application cannot.
    function(
        "sm_new_audit_head",
        "INSERT INTO audit_head (clinic, entries, entry_hash) "
        f"VALUES (NEW.clinic, 0, '{GENESIS}'); RETURN NEW;",
        "SECURITY DEFINER",
    )
    trigger("clinic_gets_audit_head", "AFTER INSERT", "clinic", "sm_new_audit_head()")
    function(
        "sm_audit_entry_in_order",
        "UPDATE audit_head SET entries = NEW.seq, entry_hash = NEW.entry_hash "
        "WHERE clinic = NEW.clinic AND entries + 1 = NEW.seq AND entry_hash = NEW.previous_hash; "
        f"IF NOT FOUND THEN {refusal('an audit entry must follow the last one')} END IF; "
        "RETURN NEW;",
        "SECURITY DEFINER",
    )
    trigger("audit_entry_in_order", "BEFORE INSERT", "audit_entry", "sm_audit_entry_in_order()")
    function(
        "sm_audit_head_follows_entries",
        "IF pg_trigger_depth() < 2 THEN "
        f"{refusal('the audit head moves with its entries only')} END IF; RETURN NEW;",
    )
    trigger(
        "audit_head_follows_entries",
        "BEFORE UPDATE",
        "audit_head",
        "sm_audit_head_follows_entries()",
    )
    function(
        "sm_audit_head_starts_empty",
        f"IF NEW.entries <> 0 OR NEW.entry_hash <> '{GENESIS}' THEN "
        f"{refusal('an audit head starts empty')} END IF; RETURN NEW;",
    )
    trigger(
        "audit_head_starts_empty", "BEFORE INSERT", "audit_head", "sm_audit_head_starts_empty()"
    )
    function(
        "sm_audit_entry_no_update",
        f"IF NOT ({_redaction('IS DISTINCT FROM')}) THEN "
        f"{refusal('an audit entry is never changed')} END IF; RETURN NEW;",
    )
    trigger("audit_entry_no_update", "BEFORE UPDATE", "audit_entry", "sm_audit_entry_no_update()")
    function(
        "sm_never",
        "RAISE EXCEPTION 'sm_tracker: % of % is refused', TG_OP, TG_TABLE_NAME;",
    )
    trigger("saved_settings_no_update", "BEFORE UPDATE", "saved_settings", "sm_never()")
    for table in NEVER_DELETED:
        trigger(f"{table}_no_delete", "BEFORE DELETE", table, "sm_never()")
    function(
        "sm_only_after_erasure",
        "IF NOT EXISTS (SELECT 1 FROM patient p WHERE p.id = OLD.patient_key "
        "AND p.erased_at IS NOT NULL) THEN "
        f"{refusal('records are marked, not deleted')} END IF; RETURN OLD;",
    )
    for table in CLINICAL:
        trigger(f"{table}_no_delete", "BEFORE DELETE", table, "sm_only_after_erasure()")
    for table in (*NEVER_DELETED, *CLINICAL):
        trigger(f"{table}_no_truncate", "BEFORE TRUNCATE", table, "sm_never()", "STATEMENT")
