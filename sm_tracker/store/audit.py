"""The audit trail: every change as one entry, chained by hash, in the transaction of the change.

An entry's hash covers the hash of the entry before, who did what to which row and when, and
the hash of its content. The content itself (before, after, reason) enters with a random salt,
so an erasure can blank content and salt and the chain still holds, while nobody can guess
from the remaining hash what stood there.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, cast

from sqlalchemy import func, insert, or_, select, text
from sqlalchemy.orm import Session

from sm_tracker.store.actor import Actor
from sm_tracker.store.bulk import insert_all
from sm_tracker.store.rows import canonical_json
from sm_tracker.store.schema import AuditEntry, AuditHead, Clinic, Patient

if TYPE_CHECKING:
    from sqlalchemy import Table

GENESIS = "0" * 64
_LOCK = 20_000_007
_CHAINED = (
    "clinic",
    "seq",
    "at",
    "by_user",
    "action",
    "entity",
    "entity_id",
    "patient_key",
    "batch_id",
    "content_hash",
    "previous_hash",
)
_JSON = json.JSONEncoder(ensure_ascii=False)
Clock = Callable[[], dt.datetime]


@dataclass(frozen=True, slots=True)
class HistoryEntry:
    """One change in the history of a record.

    Attributes
    ----------
    seq : int
        Number of the entry in the clinic's trail.
    at : str
        UTC, ISO 8601.
    user, action, entity : str
    entity_id : int
    before, after : dict or None
        The row by column; None where there was none, or where an erasure blanked it.
    reason : str
    batch_id : int or None
        The import in which it happened.
    redacted : bool
        Whether an erasure blanked the content.
    patient_id : str
        Code of the patient; blank where there is none, or not any more.
    folded : int
        Further entries of the same import that this one stands for.
    """

    seq: int
    at: str
    user: str
    action: str
    entity: str
    entity_id: int
    before: dict[str, Any] | None
    after: dict[str, Any] | None
    reason: str
    batch_id: int | None = None
    redacted: bool = False
    patient_id: str = ""
    folded: int = 0

    @property
    def changes(self) -> dict[str, tuple[Any, Any]]:
        """Columns that differ, each with the value before and after."""
        before, after = self.before or {}, self.after or {}
        names = [n for n in {**before, **after} if n != "version"]
        return {n: (before.get(n), after.get(n)) for n in names if before.get(n) != after.get(n)}


@dataclass(slots=True)
class AuditedChange:
    """One writing transaction of one person: what it does is noted here and chained at its end.

    Attributes
    ----------
    session : Session
    actor : Actor
    at : str
        The moment, UTC; the same for all that the transaction does.
    """

    session: Session
    actor: Actor
    at: str
    entries: int
    entry_hash: str
    _pending: list[dict[str, Any]] = field(default_factory=list)

    def note(
        self,
        action: str,
        entity: str,
        entity_id: int,
        *,
        before: dict[str, Any] | None,
        after: dict[str, Any] | None,
        reason: str = "",
        patient_key: int | None = None,
        batch_id: int | None = None,
    ) -> int:
        """Add an entry to the trail and give its number."""
        content = {
            "before": None if before is None else canonical_json(before),
            "after": None if after is None else canonical_json(after),
            "reason": reason,
            "salt": secrets.token_hex(16),
        }
        entry: dict[str, Any] = {
            "clinic": self.actor.clinic,
            "seq": self.entries + 1,
            "at": self.at,
            "by_user": self.actor.user,
            "action": action,
            "entity": entity,
            "entity_id": entity_id,
            "patient_key": patient_key,
            "batch_id": batch_id,
            **content,
            "content_hash": content_hash(**content),
            "previous_hash": self.entry_hash,
        }
        entry["entry_hash"] = chained_hash(entry)
        self._pending.append(entry)
        self.entries, self.entry_hash = entry["seq"], entry["entry_hash"]
        return int(entry["seq"])

    def write_trail(self) -> None:
        """Write the entries noted so far."""
        if self._pending:
            self.session.flush()
            insert_all(self.session, cast("Table", AuditEntry.__table__), self._pending)
            self._pending = []


def begin_audited_change(session: Session, actor: Actor, clock: Clock) -> AuditedChange:
    """Take the clinic's trail for this transaction; others wait until it ends.

    Taking it first, and always first, means that two writers of one clinic follow each other
    and can never wait for each other in a circle.
    """
    clinic = actor.clinic
    if session.get_bind().dialect.name == "postgresql":
        session.execute(
            text("SELECT pg_advisory_xact_lock(hashtextextended(:clinic, :lock))"),
            {"clinic": clinic, "lock": _LOCK},
        )
    at = utc_text(clock())  # only now, so that times follow each other as the entries do
    head = session.execute(
        select(AuditHead.entries, AuditHead.entry_hash).where(AuditHead.clinic == clinic)
    ).one_or_none()
    if head is None:
        session.execute(insert(Clinic), [{"clinic": clinic, "created_at": at}])
    entries, entry_hash = head if head is not None else (0, GENESIS)
    return AuditedChange(session, actor, at, entries, entry_hash)


def content_hash(
    *, before: str | None, after: str | None, reason: str | None, salt: str | None
) -> str:
    """SHA-256 of what an entry says, with its salt."""
    return _sha256(_JSON.encode([salt, before, after, reason]))


def chained_hash(entry: dict[str, Any]) -> str:
    """SHA-256 of an entry without its content but with the hash of it, and of the one before."""
    return _sha256(_JSON.encode([entry[name] for name in _CHAINED]))


def _sha256(text_: str) -> str:
    return hashlib.sha256(text_.encode()).hexdigest()


def utc_text(moment: dt.datetime) -> str:
    """A moment as ISO text in UTC that sorts by time and is the same in every database."""
    return moment.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def system_clock() -> dt.datetime:
    """The present moment."""
    return dt.datetime.now(dt.UTC)


WHOLE_IMPORTS = ("import", "undo import")
"""What the one entry about an import as a whole says was done."""


def last_entries(
    session: Session, clinic: str, last: int, *, fold_imports: bool, without: Sequence[str] = ()
) -> tuple[HistoryEntry, ...]:
    """The last entries of a clinic's trail, the latest first.

    Folded, an import is the one entry about itself: all that it wrote has its moment. Entries
    about the entities in `without` are left out.
    """
    query = select(AuditEntry, Patient.code)
    query = query.outerjoin(Patient, Patient.id == AuditEntry.patient_key)
    query = query.where(AuditEntry.entity.not_in(without))
    is_import = (AuditEntry.clinic == clinic) & AuditEntry.action.in_(WHOLE_IMPORTS)
    if fold_imports:
        moments = select(AuditEntry.at).where(is_import)
        query = query.where(or_(is_import, AuditEntry.at.not_in(moments)))
    found = session.execute(query.order_by(AuditEntry.seq.desc()).limit(last)).all()
    further: dict[str, int] = {}
    if fold_imports:
        moments_shown = {e.at for e, _code in found if e.action in WHOLE_IMPORTS}
        counted = select(AuditEntry.at, func.count()).where(AuditEntry.at.in_(moments_shown))
        further = {at: n - 1 for at, n in session.execute(counted.group_by(AuditEntry.at))}
    return tuple(
        history_entry(e, patient_id=code or "", folded=further.get(e.at, 0)) for e, code in found
    )


def history_entry(entry: AuditEntry, *, patient_id: str = "", folded: int = 0) -> HistoryEntry:
    """A row of the trail in plain values."""
    return HistoryEntry(
        seq=entry.seq,
        at=entry.at,
        user=entry.by_user,
        action=entry.action,
        entity=entry.entity,
        entity_id=entry.entity_id,
        before=None if entry.before is None else json.loads(entry.before),
        after=None if entry.after is None else json.loads(entry.after),
        reason=entry.reason or "",
        batch_id=entry.batch_id,
        redacted=entry.redacted_by is not None,
        patient_id=patient_id,
        folded=folded,
    )
