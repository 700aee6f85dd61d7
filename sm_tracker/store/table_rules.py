"""The tables themselves: have they the columns and rules with which the program made them?"""

from __future__ import annotations

import hashlib
import json
import re
from typing import Any

from sqlalchemy import Connection, inspect, text

from sm_tracker.languages import Message
from sm_tracker.store.schema import Base

AS_MADE: dict[str, dict[str, str]] = {
    "postgresql": {
        "audit_entry": "4382ae5645139cc9",
        "audit_head": "8a12dff8b2c71188",
        "clinic": "bfa2314968cae0fa",
        "clinical_event": "c448bf17ff77b2c7",
        "import_batch": "7ecb7c3ddb3891c1",
        "import_file": "3991a4fa62a896a4",
        "import_patient": "d604b1a8f75d44a6",
        "measurement": "9f3c43d029deda6f",
        "outcome_reading": "abecaf82f3ce4d3b",
        "patient": "e2d498808e396f4d",
        "remembered_answers": "38f47442473cd578",
        "saved_settings": "45f98dd997bce66e",
        "sign_in": "ae774ad40aadb7d6",
        "therapy_period": "5ab44d4e7f7a9aa6",
        "therapy_session": "04eaa913eb17bb5a",
        "view_state": "6c133bb5204ad1bd",
    },
    "sqlite": {
        "audit_entry": "3bf7c6f0a96c0f08",
        "audit_head": "02e0e5e827f4be77",
        "clinic": "4a556df4c61580b4",
        "clinical_event": "04ad88fc54691647",
        "import_batch": "51de93017a469dcd",
        "import_file": "5daae76292a094bf",
        "import_patient": "efa11fdd45dfae85",
        "measurement": "ee3c83a7821060e3",
        "outcome_reading": "77835708295cef8d",
        "patient": "b4595cacabccab4b",
        "remembered_answers": "f00d24c231eaf7d5",
        "saved_settings": "31b2f3e8bf43bd7e",
        "sign_in": "e9f17323f2595cc1",
        "therapy_period": "157d0a055b8ab5f0",
        "therapy_session": "695fb352cb202897",
        "view_state": "544c8c3a725cb6c0",
    },
}
"""What :func:`table_fingerprints` gives of a new store; a test makes one and compares."""

# What a server writes a rule like may differ between its versions, so its name, kind and columns
# are compared, and that it is in force.
_POSTGRESQL_RULES = """
SELECT c.relname, r.conname, r.contype::text, r.convalidated, array(
    SELECT a.attname::text FROM pg_attribute a
    WHERE a.attrelid = r.conrelid AND a.attnum = ANY (r.conkey) ORDER BY a.attname)
FROM pg_constraint r JOIN pg_class c ON c.oid = r.conrelid
WHERE r.connamespace = current_schema()::regnamespace AND r.contype <> 'n'
"""
_POSTGRESQL_COLUMNS = """
SELECT c.relname, a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull
FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid
WHERE c.relnamespace = current_schema()::regnamespace AND c.relkind = 'r'
    AND a.attnum > 0 AND NOT a.attisdropped
"""


def table_fingerprints(connection: Connection) -> dict[str, str]:
    """A short fingerprint of the columns and rules of each table, by its name."""
    of_kind = _of_sqlite if connection.dialect.name == "sqlite" else _of_postgresql
    return {
        name: hashlib.sha256(json.dumps(sorted(map(str, said))).encode()).hexdigest()[:16]
        for name, said in of_kind(connection).items()
    }


def faults_of_tables(connection: Connection) -> list[Message]:
    """Sentences on tables whose columns or rules are not the program's; none if all are."""
    made, present = AS_MADE[connection.dialect.name], table_fingerprints(connection)
    return [
        Message("the table {name} has not the columns and rules the program gave it", name=name)
        for name, said in made.items()
        if present.get(name) != said
    ]


def _of_sqlite(connection: Connection) -> dict[str, list[Any]]:
    held = inspect(connection)
    found: dict[str, list[Any]] = {}
    for name in sorted(set(Base.metadata.tables) & set(held.get_table_names())):
        found[name] = [
            *(("column", c["name"], str(c["type"]), c["nullable"]) for c in held.get_columns(name)),
            *(
                ("check", c["name"], _plain_rule(c["sqltext"]))
                for c in held.get_check_constraints(name)
            ),
            *(
                ("belongs to", f["constrained_columns"], f["referred_table"], f["referred_columns"])
                for f in held.get_foreign_keys(name)
            ),
            *(("once", u["column_names"]) for u in held.get_unique_constraints(name)),
            ("key", held.get_pk_constraint(name)["constrained_columns"]),
        ]
    return found


def _plain_rule(rule: str) -> str:
    """A rule without what writing it out again may change."""
    return re.sub(r'[\s"()]', "", rule).casefold()


def _of_postgresql(connection: Connection) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = {}
    for query in (_POSTGRESQL_RULES, _POSTGRESQL_COLUMNS):
        for table, *said in connection.execute(text(query)):
            if table in Base.metadata.tables:
                found.setdefault(table, []).append(tuple(said))
    return found
