"""Maintenance of the database: make, upgrade, back up, restore, verify, let an account in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from pathlib import Path

from sm_tracker.config import configuration
from sm_tracker.store import (
    AuditAnchor,
    BackupReport,
    ChainBreak,
    Health,
    UpgradeReport,
    Verification,
    address_for_anchors,
    backup_name,
    database_state,
    grant_application_role,
    keep_anchors,
    kept_anchors,
    make_tables,
    open_store,
    parsed_address,
    restore_backup,
    upgrade_database_tables,
    verify,
    write_backup,
)

__all__ = [
    "AuditAnchor",
    "ChainBreak",
    "back_up",
    "database_health",
    "let_account_in",
    "make_database",
    "restore_database",
    "upgrade_database",
    "verify_database",
]


def make_database(url: str = "") -> str:
    """Make the tables where there are none; the address is given back without password."""
    with make_tables(_address(url)) as database:
        return database.name


def upgrade_database(url: str = "") -> UpgradeReport:
    """Bring a database to this version, after a backup into the data folder."""
    return upgrade_database_tables(_address(url), _backup_folder())


def back_up(url: str = "", to: Path | None = None) -> BackupReport:
    """Copy a database in use, and check the copy by restoring it."""
    name = backup_name(dt.datetime.now(dt.UTC))
    return write_backup(_address(url), to or _backup_folder() / name)


def restore_database(path: Path, url: str = "", *, move_aside: bool = False) -> BackupReport:
    """Make a database from a backup, where there is none or an empty one.

    `move_aside` carries an SQLite file that is there aside, with all that belongs to it.
    """
    report = restore_backup(path, _address(url), move_aside=move_aside)
    if kept_anchors(_backup_folder(), _name_of(url)):
        keep_anchors(_backup_folder(), _name_of(url), report.anchors, "restored")
    return report


def verify_database(url: str = "", anchors: Sequence[str] = ()) -> Verification:
    """Look for tampered, missing and added rows, and for the anchors kept from earlier.

    To the anchors given come those that backups kept in the data folder.
    """
    kept = [AuditAnchor.parse(words.removeprefix("anchor ")) for words in anchors]
    kept += kept_anchors(_backup_folder(), _name_of(url))
    with open_store(_address(url)) as database:
        return verify(database, kept)


def database_health(url: str = "") -> Health:
    """Whether a database can be worked with, in words and without any record."""
    return database_state(_address(url))


def let_account_in(account: str, url: str = "") -> None:
    """Let an account of PostgreSQL, the dashboard's, use the tables behind row-level security."""
    grant_application_role(_address(url), account)


def _backup_folder() -> Path:
    return configuration().data_folder / "backups"


def _name_of(url: str) -> str:
    return address_for_anchors(parsed_address(_address(url)))


def _address(url: str) -> str:
    return url or configuration().database_url
