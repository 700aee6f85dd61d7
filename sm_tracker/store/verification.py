"""Proof that nothing was changed, removed or reordered behind the program's back."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

from sqlalchemy import Connection, func, inspect, select, text
from sqlalchemy.orm import Session

from sm_tracker.errors import StoreError
from sm_tracker.store.audit import GENESIS, chained_hash, content_hash
from sm_tracker.store.database import Database, check_revision, revision_of
from sm_tracker.store.rows import ROW_OF, canonical, snapshot
from sm_tracker.store.schema import (
    AuditEntry,
    AuditHead,
    Clinic,
    ImportBatch,
    Patient,
    SavedSettings,
)

Kind = Literal["tampered", "missing", "unaudited", "reordered", "truncated", "guard", "damaged"]
_PORTION = 2_000
_GUARDS = (
    *("clinic_gets_audit_head", "audit_entry_in_order", "audit_head_follows_entries"),
    *("audit_head_starts_empty", "audit_entry_no_update", "saved_settings_no_update"),
    *("clinic_no_delete", "patient_no_delete", "import_batch_no_delete"),
    *("saved_settings_no_delete", "audit_head_no_delete", "audit_entry_no_delete"),
    *("measurement_no_delete", "therapy_period_no_delete", "outcome_reading_no_delete"),
)
_AUDITED: dict[str, Any] = {
    "patient": Patient,
    "import_batch": ImportBatch,
    "saved_settings": SavedSettings,
    **ROW_OF,
}


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


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is not as the program left it. Names rows, never their content."""

    kind: Kind
    what: str


@dataclass(slots=True)
class Verification:
    """Result of a verification.

    Attributes
    ----------
    problems : list of Problem
        Empty if all is as the program left it.
    anchors : list of AuditAnchor
        End of each clinic's trail, to be kept elsewhere.
    entries, rows : int
        How many entries and rows were checked.
    """

    problems: list[Problem] = field(default_factory=list)
    anchors: list[AuditAnchor] = field(default_factory=list)
    entries: int = 0
    rows: int = 0

    @property
    def passed(self) -> bool:
        """Whether nothing was found."""
        return not self.problems

    def add(self, kind: Kind, what: str) -> None:
        """Note a problem."""
        self.problems.append(Problem(kind, what))


def verify(database: Database, anchors: Sequence[AuditAnchor] = ()) -> Verification:
    """Check the file, the guards, each clinic's chain, and each row against the chain.

    Found and named are entries that were changed, removed, exchanged or cut off at the end,
    rows that differ from what the trail says of them, rows that are gone and rows the trail
    does not know. See :class:`AuditAnchor` for what only an anchor can show.

    Parameters
    ----------
    database : Database
        Of an account that sees all clinics (on PostgreSQL the owner of the tables).
    anchors : sequence of AuditAnchor
        Ends of trails kept from earlier; each must lie in the present trail.

    Returns
    -------
    Verification

    Raises
    ------
    StoreError
        If the account sees only one clinic, or the database fails.
    """
    result = Verification()
    with database.connection() as connection:
        check_revision(revision_of(connection), database.name)
        if under_row_level_security(connection):
            raise StoreError(
                "This account sees one clinic only",
                where=database.name,
                why="row-level security applies to it",
                fix="verify with the account that owns the tables",
            )
        _check_file(connection, result)
        _check_guards(connection, result)
        with Session(connection) as session:
            clinics = session.scalars(select(Clinic.clinic).order_by(Clinic.clinic)).all()
            for clinic in clinics:
                _check_clinic(session, clinic, result)
            _check_owners(session, set(clinics), result)
            _check_anchors(session, anchors, result)
    return result


def under_row_level_security(connection: Connection) -> bool:
    """Whether the database hides rows of other clinics from this account."""
    if connection.dialect.name != "postgresql":
        return False
    return bool(connection.execute(text("SELECT row_security_active('audit_entry')")).scalar())


def _check_file(connection: Connection, result: Verification) -> None:
    if connection.dialect.name != "sqlite":
        return
    for line in connection.exec_driver_sql("PRAGMA integrity_check").scalars():
        if line != "ok":
            result.add("damaged", f"the file is damaged: {str(line)[:200]}")
    for broken in connection.exec_driver_sql("PRAGMA foreign_key_check"):
        result.add("damaged", f"{broken[0]} row {broken[1]} belongs to no {broken[2]}")


def _check_guards(connection: Connection, result: Verification) -> None:
    if connection.dialect.name == "sqlite":
        there = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    else:
        there = "SELECT tgname FROM pg_trigger WHERE tgenabled IN ('O', 'A')"
    present = set(connection.exec_driver_sql(there).scalars())
    for name in _GUARDS:
        if name not in present:
            result.add("guard", f"the guard {name} is missing or switched off")
    if connection.dialect.name == "postgresql":
        off = connection.exec_driver_sql(
            "SELECT relname FROM pg_class WHERE relkind = 'r' AND NOT relrowsecurity AND "
            "oid = ANY (ARRAY[%s]::regclass[])"
            % ", ".join(f"'{t}'" for t in (*_AUDITED, "audit_entry", "audit_head", "clinic"))
        )
        for name in off.scalars():
            result.add("guard", f"row-level security of {name} is switched off")


def _check_clinic(session: Session, clinic: str, result: Verification) -> None:
    chain = _Chain(clinic, result)
    for entry in _entries(session, clinic):
        chain.take(entry)
    chain.check_redactions()
    head = session.get(AuditHead, clinic)
    chain.check_end(head)
    if head is not None:
        result.anchors.append(AuditAnchor(clinic, head.entries, head.entry_hash))
    _check_rows(session, clinic, chain.last, result)


class _Chain:
    """Walks the entries of one clinic in order and remembers what each row should be."""

    def __init__(self, clinic: str, result: Verification) -> None:
        self.clinic = clinic
        self.result = result
        self.seq = 0
        self.entry_hash = GENESIS
        # What the trail last said of a row: hash of its snapshot, or None after a blanking.
        self.last: dict[tuple[str, int], bytes | None] = {}
        self._erasures: dict[int, int | None] = {}
        self._redacted: list[tuple[int, int, int | None]] = []

    def take(self, entry: AuditEntry) -> None:
        self.result.entries += 1
        name = f"audit entry {entry.seq} of clinic {self.clinic}"
        if entry.seq > self.seq + 1:
            gone = (
                f"{self.seq + 1} to {entry.seq - 1}" if entry.seq > self.seq + 2 else self.seq + 1
            )
            self.result.add("missing", f"audit entry {gone} of clinic {self.clinic} is missing")
        elif entry.previous_hash != self.entry_hash:
            self.result.add("reordered", f"{name} does not follow the entry before it")
        if chained_hash(_fields(entry)) != entry.entry_hash:
            self.result.add("tampered", f"{name} was changed")
        elif entry.redacted_by is None:
            self._check_content(entry, name)
        self.seq, self.entry_hash = entry.seq, entry.entry_hash
        if entry.action == "erase":
            self._erasures[entry.seq] = entry.patient_key
        self._note_row(entry)

    def _check_content(self, entry: AuditEntry, name: str) -> None:
        said = content_hash(
            before=entry.before, after=entry.after, reason=entry.reason, salt=entry.salt
        )
        if said != entry.content_hash:
            self.result.add("tampered", f"the content of {name} was changed")

    def _note_row(self, entry: AuditEntry) -> None:
        if entry.redacted_by is not None:
            self._redacted.append((entry.seq, entry.redacted_by, entry.patient_key))
            self.last[entry.entity, entry.entity_id] = None
        elif entry.after is not None:
            self.last[entry.entity, entry.entity_id] = _digest(entry.after)

    def check_redactions(self) -> None:
        for seq, erasure, patient_key in self._redacted:
            lawful = erasure > seq and patient_key is not None
            if not lawful or self._erasures.get(erasure, -1) != patient_key:
                self.result.add(
                    "tampered",
                    f"audit entry {seq} of clinic {self.clinic} was blanked without an erasure",
                )

    def check_end(self, head: AuditHead | None) -> None:
        if head is None:
            self.result.add("missing", f"the audit head of clinic {self.clinic} is missing")
        elif head.entries > self.seq:
            self.result.add(
                "truncated",
                f"the audit trail of clinic {self.clinic} ends at entry {self.seq}, "
                f"and {head.entries} were written",
            )
        elif (head.entries, head.entry_hash) != (self.seq, self.entry_hash):
            self.result.add(
                "tampered", f"the audit head of clinic {self.clinic} is not that of its last entry"
            )


def _fields(entry: AuditEntry) -> dict[str, Any]:
    return {a.key: getattr(entry, a.key) for a in inspect(AuditEntry).column_attrs}


def _digest(snapshot_text: str) -> bytes:
    return hashlib.sha256(snapshot_text.encode()).digest()


def _entries(session: Session, clinic: str) -> Iterator[AuditEntry]:
    last = 0
    while True:
        portion = session.scalars(
            select(AuditEntry)
            .where(AuditEntry.clinic == clinic, AuditEntry.seq > last)
            .order_by(AuditEntry.seq)
            .limit(_PORTION)
        ).all()
        yield from portion
        if len(portion) < _PORTION:
            return
        last = portion[-1].seq
        session.expunge_all()


def _check_rows(
    session: Session,
    clinic: str,
    expected: dict[tuple[str, int], bytes | None],
    result: Verification,
) -> None:
    waiting = dict(expected)
    for entity, row_type in _AUDITED.items():
        for row in _rows(session, row_type, clinic):
            result.rows += 1
            name = f"{entity.replace('_', ' ')} {row.id} of clinic {clinic}"
            said = waiting.pop((entity, row.id), b"")
            if said == b"":
                result.add("unaudited", f"{name} is unknown to the audit trail")
            elif said is None:
                result.add("tampered", f"{name} is there although its patient was erased")
            elif _digest(canonical(snapshot(row))) != said:
                result.add("tampered", f"{name} differs from what the audit trail says")
    for (entity, row_id), said in waiting.items():
        if said is not None:
            result.add("missing", f"{entity.replace('_', ' ')} {row_id} of clinic {clinic} is gone")


def _rows(session: Session, row_type: Any, clinic: str) -> Iterator[Any]:
    last = 0
    while True:
        portion = session.scalars(
            select(row_type)
            .where(row_type.clinic == clinic, row_type.id > last)
            .order_by(row_type.id)
            .limit(_PORTION)
        ).all()
        yield from portion
        if len(portion) < _PORTION:
            return
        last = portion[-1].id
        session.expunge_all()


def _check_owners(session: Session, clinics: set[str], result: Verification) -> None:
    """Rows whose clinic does not exist would be looked at by nobody."""
    for name, row_type in {**_AUDITED, "audit_entry": AuditEntry}.items():
        counted = session.execute(
            select(row_type.clinic, func.count()).group_by(row_type.clinic)
        ).tuples()
        for clinic, n in counted:
            if clinic not in clinics:
                result.add("unaudited", f"{n} rows of {name} belong to no known clinic")


def _check_anchors(session: Session, anchors: Sequence[AuditAnchor], result: Verification) -> None:
    for anchor in anchors:
        if anchor.entries == 0:
            continue
        entry = session.get(AuditEntry, (anchor.clinic, anchor.entries))
        if entry is None:
            result.add(
                "truncated",
                f"entry {anchor.entries} of clinic {anchor.clinic}, which an anchor names, is gone",
            )
        elif entry.entry_hash != anchor.entry_hash:
            result.add(
                "tampered",
                f"the trail of clinic {anchor.clinic} is not the one whose anchor was kept",
            )
