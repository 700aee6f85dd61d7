"""The trail covers remembered answers and what came with an import; sign-ins are kept.

What an import brought beside its rows (answers, findings, names of files, patients) and the
answers remembered for a header enter the trail as a digest with a salt that stands in the row,
so that an erasure can draw a new salt and nobody can guess from the old digest what stood there.
Rows of before get their first digest here.

On PostgreSQL the wall between clinics now holds for the owner of the tables as well, who says
in each transaction of upkeep that all clinics are meant.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import secrets
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

_CHAINED = (
    *("clinic", "seq", "at", "by_user", "action", "entity", "entity_id", "patient_key"),
    *("batch_id", "content_hash", "previous_hash"),
)
_OWN = "clinic = :clinic"
_BATCH_COLUMNS = ("id", "imported_at", "imported_by", "undone_at", "undone_by")


def upgrade() -> None:
    """Add salts, digests and sign-ins, and put the wall before the owner too."""
    for table in ("import_batch", "remembered_answers"):
        op.add_column(table, sa.Column("salt", sa.Text(), nullable=False, server_default=""))
    op.create_table(
        "sign_in",
        sa.Column("clinic", sa.Text(), sa.ForeignKey("clinic.clinic"), primary_key=True),
        sa.Column("token", sa.Text(), primary_key=True),
        sa.Column("by_user", sa.Text(), nullable=False),
        sa.Column("began_at", sa.Text(), nullable=False),
        sa.Column("ended_at", sa.Text()),
    )
    for clinic in op.get_bind().execute(sa.text("SELECT clinic FROM clinic")).scalars().all():
        _first_digests(clinic)
    if op.get_bind().dialect.name == "postgresql":
        _wall_before_the_owner()


def _first_digests(clinic: str) -> None:
    """An entry for each import and each remembered answer of a clinic."""
    trail, of = _Trail(clinic), {"clinic": clinic}
    for batch in _all("SELECT * FROM import_batch WHERE clinic = :clinic ORDER BY id", of):
        known = {"clinic": clinic, "id": batch["id"]}
        files = _all(
            "SELECT name, sha256 FROM import_file WHERE clinic = :clinic AND batch_id = :id "
            "ORDER BY id",
            known,
        )
        patients = _all(
            "SELECT patient_key FROM import_patient WHERE clinic = :clinic AND batch_id = :id "
            "ORDER BY patient_key",
            known,
        )
        salt = secrets.token_hex(16)
        held = [batch["answers"], batch["findings"], [[f["name"], f["sha256"]] for f in files]]
        after = {n: batch[n] for n in _BATCH_COLUMNS} | {
            "sha256": [f["sha256"] for f in files],
            "digest": _digest(salt, *held, [p["patient_key"] for p in patients]),
        }
        _run(
            "UPDATE import_batch SET salt = :salt WHERE clinic = :clinic AND id = :id", salt, known
        )
        trail.add("import_batch", batch["id"], after, batch["id"])
    for row in _all("SELECT * FROM remembered_answers WHERE clinic = :clinic", of):
        salt = secrets.token_hex(16)
        after = {n: row[n] for n in ("saved_at", "saved_by")} | {
            "digest": _digest(salt, row["signature"], row["answers"])
        }
        _run(
            "UPDATE remembered_answers SET salt = :salt "
            "WHERE clinic = :clinic AND signature = :signature",
            salt,
            {"clinic": clinic, "signature": row["signature"]},
        )
        trail.add("remembered_answers", _number(row["signature"]), after)


class _Trail:
    """The end of a clinic's trail, as version 0002 made it."""

    def __init__(self, clinic: str) -> None:
        (head,) = _all("SELECT * FROM audit_head WHERE clinic = :clinic", {"clinic": clinic})
        self.clinic, self.seq, self.last = clinic, head["entries"], head["entry_hash"]
        self.at = dt.datetime.now(dt.UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")

    def add(
        self, entity: str, number: int, after: dict[str, Any], batch_id: int | None = None
    ) -> None:
        text, salt = _canonical(after), secrets.token_hex(16)
        entry: dict[str, Any] = {
            "clinic": self.clinic,
            "seq": self.seq + 1,
            "at": self.at,
            "by_user": "db upgrade",
            "action": "digest",
            "entity": entity,
            "entity_id": number,
            "patient_key": None,
            "batch_id": batch_id,
            "before": None,
            "after": text,
            "reason": "",
            "salt": salt,
            "content_hash": _sha256(json.dumps([salt, None, text, ""], ensure_ascii=False)),
            "previous_hash": self.last,
        }
        chained = [entry[n] for n in _CHAINED]
        entry["entry_hash"] = _sha256(json.dumps(chained, ensure_ascii=False))
        names = ", ".join(f'"{n}"' for n in entry)
        values = ", ".join(f":{n}" for n in entry)
        op.get_bind().execute(
            sa.text(f"INSERT INTO audit_entry ({names}) VALUES ({values})"), entry
        )
        self.seq, self.last = self.seq + 1, entry["entry_hash"]


def _wall_before_the_owner() -> None:
    tables = _all(
        "SELECT relname AS name FROM pg_class WHERE (relrowsecurity OR relname = 'sign_in') "
        "AND relkind = 'r' AND relnamespace = current_schema()::regnamespace"
    )
    own = "clinic = current_setting('app.clinic', true)"
    upkeep = "current_setting('app.upkeep', true) = 'on'"
    op.execute("ALTER TABLE sign_in ENABLE ROW LEVEL SECURITY")
    op.execute(f"CREATE POLICY own_clinic ON sign_in USING ({own}) WITH CHECK ({own})")
    for table in tables:
        name = table["name"]
        op.execute(
            f"CREATE POLICY upkeep ON {name} TO CURRENT_USER USING ({upkeep}) WITH CHECK ({upkeep})"
        )
        op.execute(f"ALTER TABLE {name} FORCE ROW LEVEL SECURITY")


def _all(query: str, known: dict[str, Any] | None = None) -> list[dict[str, Any]]:
    return [dict(r) for r in op.get_bind().execute(sa.text(query), known or {}).mappings().all()]


def _run(statement: str, salt: str, known: dict[str, Any]) -> None:
    op.get_bind().execute(sa.text(statement), {**known, "salt": salt})


def _digest(salt: str, *held: Any) -> str:
    return _sha256(_canonical({"salt": salt, "held": list(held)}))


def _number(signature: str) -> int:
    return int(_sha256(signature)[:15], 16)


def _canonical(values: dict[str, Any]) -> str:
    return json.dumps(values, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
