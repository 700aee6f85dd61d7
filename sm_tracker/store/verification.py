"""Proof that nothing was changed, removed or reordered behind the program's back."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, func, select, text
from sqlalchemy.orm import Session

from sm_tracker.errors import StoreError
from sm_tracker.languages import Message
from sm_tracker.store.anchor import AuditAnchor
from sm_tracker.store.chain import Chain, Verification, snapshot_digest
from sm_tracker.store.database import Database, check_revision, revision_of
from sm_tracker.store.guards import faults_of_guards
from sm_tracker.store.rows import (
    REMEMBERED,
    ROW_OF,
    canonical_json,
    number_of_header,
    place_of,
    row_snapshot,
    snapshot_of_answers,
)
from sm_tracker.store.schema import (
    AuditEntry,
    AuditHead,
    Clinic,
    ImportBatch,
    Patient,
    RememberedAnswers,
    SavedSettings,
)
from sm_tracker.store.table_rules import faults_of_tables

_PORTION = 2_000
_AUDITED: dict[str, Any] = {
    "patient": Patient,
    "import_batch": ImportBatch,
    "saved_settings": SavedSettings,
    **{str(entity): row for entity, row in ROW_OF.items()},
}


def verify(database: Database, anchors: Sequence[AuditAnchor] = ()) -> Verification:
    """Check the file, the guards, each clinic's chain, and each row against the chain.

    Found and named are entries that were changed, removed, exchanged or cut off at the end,
    rows that differ from what the trail says about them, rows that are gone and rows the trail
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
        for fault in faults_of_tables(connection):
            result.add("guard", fault)
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
    hidden = (
        "SELECT row_security_active('clinic') AND NOT pg_has_role(current_user, "
        "(SELECT relowner FROM pg_class WHERE oid = 'clinic'::regclass), 'USAGE')"
    )
    return bool(connection.execute(text(hidden)).scalar())


def require_wall(database: Database) -> None:
    """Refuse to serve with an account for which the wall between clinics does not stand.

    Raises
    ------
    StoreError
        On PostgreSQL for the owner of the tables, a superuser, and an account that was given
        their rights.
    """
    if database.is_sqlite:
        return
    with database.connection() as connection:
        stands = under_row_level_security(connection)
    if not stands:
        raise StoreError(
            "The dashboard does not run with this account",
            where=database.name,
            why="the account owns the tables or is a superuser, so nothing keeps clinics apart "
            "but the program",
            fix="run it with the account of the application, see docs/security.md",
        )


def _check_file(connection: Connection, result: Verification) -> None:
    if connection.dialect.name != "sqlite":
        return
    for line in connection.exec_driver_sql("PRAGMA integrity_check").scalars():
        if line != "ok":
            result.add("damaged", Message("the file is damaged: {line}", line=str(line)[:200]))
    for broken in connection.exec_driver_sql("PRAGMA foreign_key_check"):
        result.add(
            "damaged",
            Message(
                "row {row} of the table {table} belongs to no row of {other}",
                row=broken[1],
                table=broken[0],
                other=broken[2],
            ),
        )


def _check_guards(connection: Connection, result: Verification) -> None:
    for fault in faults_of_guards(connection):
        result.add("guard", fault)


def _check_clinic(session: Session, clinic: str, result: Verification) -> None:
    chain = Chain(clinic, result)
    for entry in _entries(session, clinic):
        chain.take(entry)
    chain.check_redactions()
    chain.check_times()
    head = session.get(AuditHead, clinic)
    chain.check_end(head)
    if head is not None:
        result.anchors.append(AuditAnchor(clinic, head.entries, head.entry_hash))
    _check_rows(session, clinic, chain.last, result)


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


def _name(entity: str, row_id: int, clinic: str) -> Message:
    record = place_of(entity, row_id)
    return Message("{record} of clinic {clinic}", record=record, clinic=clinic)


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
            name = _name(entity, row.id, clinic)
            said = waiting.pop((entity, row.id), b"")
            if said == b"":
                result.add("unaudited", Message("{name} is unknown to the audit trail", name=name))
            elif said is None:
                result.add(
                    "tampered",
                    Message("{name} is there although its patient was erased", name=name),
                )
            elif isinstance(row, _Unreadable) or _row_digest(row) != said:
                result.add(
                    "tampered", Message("{name} differs from what the audit trail says", name=name)
                )
    for remembered in session.scalars(
        select(RememberedAnswers).where(RememberedAnswers.clinic == clinic)
    ):
        result.rows += 1
        key = (REMEMBERED, number_of_header(remembered.signature))
        name = _name(*key, clinic)
        said = waiting.pop(key, b"")
        if said == b"":
            result.add("unaudited", Message("{name} is unknown to the audit trail", name=name))
        elif said != snapshot_digest(canonical_json(snapshot_of_answers(remembered))):
            result.add(
                "tampered", Message("{name} differs from what the audit trail says", name=name)
            )
    for (entity, row_id), said in waiting.items():
        if said is not None:
            result.add(
                "missing",
                Message(
                    "{name} is gone",
                    name=_name(entity, row_id, clinic),
                ),
            )


def _row_digest(row: Any) -> bytes:
    try:
        return snapshot_digest(canonical_json(row_snapshot(row)))
    except (ValueError, TypeError):
        return b"unreadable"  # infinite numbers, bytes: nothing the program has written


@dataclass(frozen=True, slots=True)
class _Unreadable:
    """Stands for a row with a value that its column cannot hold."""

    id: int


def _rows(session: Session, row_type: Any, clinic: str) -> Iterator[Any]:
    last = 0
    while True:
        ids = session.scalars(
            select(row_type.id)
            .where(row_type.clinic == clinic, row_type.id > last)
            .order_by(row_type.id)
            .limit(_PORTION)
        ).all()
        if not ids:
            return
        last = ids[-1]
        query = select(row_type).where(row_type.id.in_(ids)).order_by(row_type.id)
        try:
            yield from session.scalars(query).all()
        except (ValueError, TypeError):
            for one in ids:
                yield _one_row(session, row_type, one)
        session.expunge_all()


def _one_row(session: Session, row_type: Any, row_id: int) -> Any:
    try:
        return session.scalars(select(row_type).where(row_type.id == row_id)).one()
    except (ValueError, TypeError):
        return _Unreadable(row_id)


def _check_owners(session: Session, clinics: set[str], result: Verification) -> None:
    """Rows whose clinic does not exist would be looked at by nobody."""
    for name, row_type in {**_AUDITED, "audit_entry": AuditEntry}.items():
        counted = session.execute(select(row_type.clinic, func.count()).group_by(row_type.clinic))
        for clinic, n in counted:
            if clinic not in clinics:
                result.add(
                    "unaudited",
                    Message("{n} rows of {name} belong to no known clinic", n=n, name=name),
                )


def _check_anchors(session: Session, anchors: Sequence[AuditAnchor], result: Verification) -> None:
    for anchor in anchors:
        if anchor.entries == 0:
            continue
        entry = session.get(AuditEntry, (anchor.clinic, anchor.entries))
        if entry is None:
            result.add(
                "truncated",
                Message(
                    "entry {entries} of clinic {clinic}, which an anchor names, is gone",
                    entries=anchor.entries,
                    clinic=anchor.clinic,
                ),
            )
        elif entry.entry_hash != anchor.entry_hash:
            result.add(
                "tampered",
                Message(
                    "the trail of clinic {clinic} is not the one whose anchor was kept",
                    clinic=anchor.clinic,
                ),
            )
