"""Ends of audit trails, kept outside the database."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from sqlalchemy import URL

from sm_tracker.errors import StoreError
from sm_tracker.store.address import shown_address, sqlite_path
from sm_tracker.store.audit import GENESIS, utc_text

ANCHOR_FILE = "anchors.txt"


@dataclass(frozen=True, slots=True)
class AuditAnchor:
    """Length and last hash of a clinic's trail at some time; keep it outside the database.

    Whoever can write to the database file can compute a whole new chain. They cannot make one
    that still contains an anchor that was printed, mailed or stored elsewhere before.
    """

    clinic: str
    entries: int
    entry_hash: str

    def __str__(self) -> str:
        return f"{self.entries}:{self.entry_hash}:{self.clinic}"

    @classmethod
    def parse(cls, words: str) -> AuditAnchor:
        """An anchor from the text that ``str`` makes of it.

        Raises
        ------
        StoreError
            If it is none.
        """
        entries, _, rest = words.strip().partition(":")
        entry_hash, _, clinic = rest.partition(":")
        if not (entries.isdigit() and len(entry_hash) == len(GENESIS) and clinic):
            raise StoreError(
                "The anchor cannot be read",
                why="it is not of the form entries:hash:clinic",
                fix="use a line that `db verify` printed",
            )
        return cls(clinic, int(entries), entry_hash)


def address_for_anchors(url: URL) -> str:
    """What a database is called in a file of anchors: its address, without a password."""
    path = sqlite_path(url)
    return str(path.absolute()) if path is not None else shown_address(url)


def keep_anchors(
    folder: Path,
    database: str,
    anchors: Iterable[AuditAnchor],
    word: Literal["kept", "restored"],
) -> None:
    """Add anchors to the file beside the backups, which is only ever added to.

    Parameters
    ----------
    folder : Path
    database : str
        From :func:`address_for_anchors`.
    anchors : iterable of AuditAnchor
    word : {"kept", "restored"}
        ``"restored"`` says that the trail begins again at this anchor: later ones of before
        are of a database that was replaced by a backup.

    Raises
    ------
    StoreError
        If the file cannot be written.
    """
    at = utc_text(dt.datetime.now(dt.UTC))
    lines = "".join(f"{at}\t{word}\t{database}\t{anchor}\n" for anchor in anchors)
    path = folder / ANCHOR_FILE
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            os.write(descriptor, lines.encode())
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
    except OSError as error:
        raise StoreError(
            "The anchors of the audit trail cannot be kept",
            where=str(path),
            why=(error.strerror or type(error).__name__).lower(),
            fix="check the disk, the path and the permissions",
        ) from None


def kept_anchors(folder: Path, database: str) -> list[AuditAnchor]:
    """Anchors of a database from the file beside its backups, as far as they still count.

    Raises
    ------
    StoreError
        If a line cannot be read.
    """
    try:
        lines = (folder / ANCHOR_FILE).read_text(encoding="utf-8").splitlines()
    except FileNotFoundError:
        return []
    kept: list[AuditAnchor] = []
    for line in lines:
        _, word, where, anchor = [*line.split("\t", 3), "", "", ""][:4]
        if where != database:
            continue
        new = AuditAnchor.parse(anchor)
        if word == "restored":
            kept = [a for a in kept if a.clinic != new.clinic or a.entries <= new.entries]
        kept.append(new)
    return kept
