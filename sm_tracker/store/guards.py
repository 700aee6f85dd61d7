"""The triggers that guard the trail: are they there, switched on, and as the program made them?"""

from __future__ import annotations

import hashlib

from sqlalchemy import Connection, inspect, text

from sm_tracker.languages import Message

AS_MADE: dict[str, dict[str, str]] = {
    "postgresql": {
        "audit_entry_in_order": "02dbc9a5ab01abfc",
        "audit_entry_no_delete": "4033b37dcb6e09bc",
        "audit_entry_no_truncate": "f0ab8d53cda75fd9",
        "audit_entry_no_update": "7e3a91499a781473",
        "audit_head_follows_entries": "fba15a04e8bd123e",
        "audit_head_no_delete": "5106d878171b9a6c",
        "audit_head_no_truncate": "f152e87fad8aade1",
        "audit_head_starts_empty": "3e97e3ac41f4349a",
        "clinic_gets_audit_head": "a228f9646c64fe52",
        "clinic_no_delete": "6cb1b450e29ac56d",
        "clinic_no_truncate": "ee1778842a522394",
        "clinical_event_no_delete": "aba229a4c052ad82",
        "clinical_event_no_truncate": "6268a89d8af49b79",
        "import_batch_no_delete": "6a89aa9b086f729a",
        "import_batch_no_truncate": "cc36a10283714ab0",
        "measurement_no_delete": "2efb5b0a136c27be",
        "measurement_no_truncate": "21673a7aa2efd14b",
        "outcome_reading_no_delete": "9825fbaca781f730",
        "outcome_reading_no_truncate": "aa3ec47b086581f6",
        "patient_no_delete": "4d36b5daf3d5c078",
        "patient_no_truncate": "31b873414a6b26de",
        "saved_settings_no_delete": "78ee9ffe550993e8",
        "saved_settings_no_truncate": "5b4938e8b91ad295",
        "saved_settings_no_update": "132410e96948890e",
        "therapy_period_no_delete": "c2f0247a9a7f42e2",
        "therapy_period_no_truncate": "e79c6c13cad9746b",
    },
    "sqlite": {
        "audit_entry_in_order": "2215e425784df7f8",
        "audit_entry_moves_head": "cb74eb13082fe8ce",
        "audit_entry_no_delete": "9da57f41ee3a0be4",
        "audit_entry_no_update": "666a0543ebfc5c39",
        "audit_head_follows_entries": "e55eb8d971bf0e64",
        "audit_head_no_delete": "0655d65b5156e4f3",
        "audit_head_starts_empty": "03bd901e4b4b66f3",
        "clinic_gets_audit_head": "71af251323eaf5eb",
        "clinic_no_delete": "46c109aa6aadecc2",
        "clinical_event_no_delete": "879c63e4713ca0e0",
        "import_batch_no_delete": "fc0678cc2046eb8c",
        "measurement_no_delete": "60c9ee58aa6549f4",
        "outcome_reading_no_delete": "ca1036d9226aa2ad",
        "patient_no_delete": "9af009c775179fe5",
        "saved_settings_no_delete": "d75b2a9d72dd2f10",
        "saved_settings_no_update": "c2e18f82859b4d88",
        "therapy_period_no_delete": "bc8f0bb57bcfa66d",
    },
}
"""What :func:`trigger_fingerprints` gives of a new store; a test makes one and compares."""

_SQLITE = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'"
# Not what a server writes a definition like, which may differ between its versions, but what
# the definition says: when, for which columns, under which condition, and what is done.
_POSTGRESQL = """
SELECT t.tgname, concat_ws('|', c.relname, t.tgtype, t.tgattr, t.tgqual IS NULL,
                           t.tgnewtable, p.proname, p.prosecdef, p.prosrc)
FROM pg_trigger t
JOIN pg_class c ON c.oid = t.tgrelid
JOIN pg_proc p ON p.oid = t.tgfoid
WHERE NOT t.tgisinternal AND t.tgenabled IN ('O', 'A')
    AND c.relnamespace = current_schema()::regnamespace
"""


def trigger_fingerprints(connection: Connection) -> dict[str, str]:
    """A short fingerprint of each trigger that is switched on, by its name."""
    query = _SQLITE if connection.dialect.name == "sqlite" else _POSTGRESQL
    found = connection.execute(text(query))
    return {name: hashlib.sha256(sql.encode()).hexdigest()[:16] for name, sql in found}


def faults_of_guards(connection: Connection) -> list[Message]:
    """Sentences on guards that are missing, changed or not the program's; none if all stand."""
    made, present = AS_MADE[connection.dialect.name], trigger_fingerprints(connection)
    faults = [
        Message("the guard {name} is missing or switched off", name=name)
        for name in made
        if name not in present
    ]
    faults += [
        Message("the guard {name} is not as the program made it", name=name)
        for name, said in made.items()
        if present.get(name, said) != said
    ]
    faults += [
        Message("the trigger {name} is none of the program's", name=name)
        for name in present.keys() - made
    ]
    if connection.dialect.name == "postgresql":
        faults += [
            Message("row-level security of {name} is switched off", name=name)
            for name in _open(connection)
        ]
    return faults


def _open(connection: Connection) -> list[str]:
    query = (
        "SELECT relname FROM pg_class WHERE NOT relrowsecurity "
        "AND relnamespace = current_schema()::regnamespace "
        "AND relname = ANY (:tables) AND relname <> 'alembic_version'"
    )
    tables = inspect(connection).get_table_names()
    return list(connection.execute(text(query), {"tables": tables}).scalars())
