"""Records that last: databases, audit trail, imports, edits, backup. SQL stays in here.

The usual way in::

    with open_store(url) as database:
        store = RecordStore(database, Actor("ann", clinic="dermatology", role="editor"))
        store.records(["A1"])
"""

from __future__ import annotations

from sm_tracker.store.access_log import NOBODYS_CLINIC, Access
from sm_tracker.store.actor import ROLES, Actor, Role
from sm_tracker.store.address import parsed_address
from sm_tracker.store.anchor import AuditAnchor, address_for_anchors, keep_anchors, kept_anchors
from sm_tracker.store.audit import HistoryEntry
from sm_tracker.store.backup import BackupReport, backup_name, restore_backup, write_backup
from sm_tracker.store.chain import ChainBreak, Verification
from sm_tracker.store.choices import LastView, SettingsVersion
from sm_tracker.store.comparison import ChangedRow
from sm_tracker.store.database import Database, open_store
from sm_tracker.store.editing import Addition, Correction, Edit, Removal
from sm_tracker.store.erasure import Erasure
from sm_tracker.store.faults import EditConflict
from sm_tracker.store.import_reports import (
    ImportedFile,
    ImportPreview,
    ImportReport,
    ImportSummary,
    UndoReport,
)
from sm_tracker.store.imports import OnChanged
from sm_tracker.store.maintenance import (
    Health,
    UpgradeReport,
    database_state,
    grant_application_role,
    make_tables,
    upgrade_database_tables,
)
from sm_tracker.store.queries import PatientSummary
from sm_tracker.store.repository import RecordStore
from sm_tracker.store.rows import ENTITIES, Entity, Stored
from sm_tracker.store.verification import require_wall, verify

__all__ = [
    "ENTITIES",
    "NOBODYS_CLINIC",
    "ROLES",
    "Access",
    "Actor",
    "Addition",
    "AuditAnchor",
    "BackupReport",
    "ChainBreak",
    "ChangedRow",
    "Correction",
    "Database",
    "Edit",
    "EditConflict",
    "Entity",
    "Erasure",
    "Health",
    "HistoryEntry",
    "ImportPreview",
    "ImportReport",
    "ImportSummary",
    "ImportedFile",
    "LastView",
    "OnChanged",
    "PatientSummary",
    "RecordStore",
    "Removal",
    "Role",
    "SettingsVersion",
    "Stored",
    "UndoReport",
    "UpgradeReport",
    "Verification",
    "address_for_anchors",
    "backup_name",
    "database_state",
    "grant_application_role",
    "keep_anchors",
    "kept_anchors",
    "make_tables",
    "open_store",
    "parsed_address",
    "require_wall",
    "restore_backup",
    "upgrade_database_tables",
    "verify",
    "write_backup",
]
