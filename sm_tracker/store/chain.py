"""Walking a clinic's audit trail entry by entry: is it whole, and what should each row hold?"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import Literal

from sqlalchemy import inspect

from sm_tracker.languages import Message
from sm_tracker.store.anchor import AuditAnchor
from sm_tracker.store.audit import GENESIS, chained_hash, content_hash
from sm_tracker.store.schema import AuditEntry, AuditHead

Kind = Literal["tampered", "missing", "unaudited", "reordered", "truncated", "guard", "damaged"]


@dataclass(frozen=True, slots=True)
class ChainBreak:
    """One thing that is not as the program left it. Names rows, never their content."""

    kind: Kind
    message: Message

    @property
    def what(self) -> str:
        """What is not so, in the language in use."""
        return str(self.message)


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
    remarks : list of Message
        What may be in order and should be looked at: times that run back.
    """

    problems: list[ChainBreak] = field(default_factory=list)
    anchors: list[AuditAnchor] = field(default_factory=list)
    entries: int = 0
    rows: int = 0
    remarks: list[Message] = field(default_factory=list)

    @property
    def passed(self) -> bool:
        """Whether nothing was found."""
        return not self.problems

    def add(self, kind: Kind, what: Message) -> None:
        """Note a problem."""
        self.problems.append(ChainBreak(kind, what))


class Chain:
    """Walks the entries of one clinic in order and remembers what each row should be."""

    def __init__(self, clinic: str, result: Verification) -> None:
        self.clinic = clinic
        self.result = result
        self.seq = 0
        self.entry_hash = GENESIS
        # What the trail last said about a row: hash of its snapshot, or None after a blanking.
        self.last: dict[tuple[str, int], bytes | None] = {}
        self._erasures: dict[int, int | None] = {}
        self._redacted: list[tuple[int, int, int | None]] = []
        self._latest = ""
        self._earlier: list[int] = []

    def take(self, entry: AuditEntry) -> None:
        """Check the next entry against the one before and against its own hashes."""
        self.result.entries += 1
        name = Message("audit entry {seq} of clinic {clinic}", seq=entry.seq, clinic=self.clinic)
        if entry.seq > self.seq + 1:
            self.result.add(
                "missing",
                Message.counted(
                    "audit entry {first} of clinic {clinic} is missing",
                    "audit entries {first} to {last} of clinic {clinic} are missing",
                    n=entry.seq - self.seq - 1,
                    first=self.seq + 1,
                    last=entry.seq - 1,
                    clinic=self.clinic,
                ),
            )
        elif entry.previous_hash != self.entry_hash:
            self.result.add(
                "reordered", Message("{name} does not follow the entry before it", name=name)
            )
        if _rehashed(entry) != entry.entry_hash:
            self.result.add("tampered", Message("{name} was changed", name=name))
        elif entry.redacted_by is None:
            self._check_content(entry, name)
        self._note_time(entry)
        self.seq, self.entry_hash = entry.seq, entry.entry_hash
        if entry.action == "erase":
            self._erasures[entry.seq] = entry.patient_key
        self._note_row(entry)

    def _note_time(self, entry: AuditEntry) -> None:
        at = str(entry.at)
        if at < self._latest:
            self._earlier.append(entry.seq)
        self._latest = max(self._latest, at)

    def check_times(self) -> None:
        """Report entries that say to be older than the one before them.

        A clock that was set back does that, and so does who dates entries back.
        """
        if self._earlier:
            self.result.remarks.append(
                Message.counted(
                    "audit entry {first} of clinic {clinic} is dated before the one it follows: "
                    "the clock was set back, or the entry was dated back",
                    "{n} audit entries of clinic {clinic}, the first of them {first}, are dated "
                    "before ones they follow: the clock was set back, or they were dated back",
                    n=len(self._earlier),
                    first=self._earlier[0],
                    clinic=self.clinic,
                )
            )

    def _check_content(self, entry: AuditEntry, name: Message) -> None:
        if _rehashed_content(entry) != entry.content_hash:
            self.result.add("tampered", Message("the content of {name} was changed", name=name))

    def _note_row(self, entry: AuditEntry) -> None:
        if entry.redacted_by is not None:
            self._redacted.append((entry.seq, entry.redacted_by, entry.patient_key))
            self.last[entry.entity, entry.entity_id] = None
        elif entry.after is not None:
            self.last[entry.entity, entry.entity_id] = snapshot_digest(entry.after)

    def check_redactions(self) -> None:
        """Check that each blanked entry names a later erasure of the same patient."""
        for seq, erasure, patient_key in self._redacted:
            lawful = erasure > seq and patient_key is not None
            if not lawful or self._erasures.get(erasure, -1) != patient_key:
                self.result.add(
                    "tampered",
                    Message(
                        "audit entry {seq} of clinic {clinic} was blanked without an erasure",
                        seq=seq,
                        clinic=self.clinic,
                    ),
                )

    def check_end(self, head: AuditHead | None) -> None:
        """Check that the trail ends where the head says."""
        if head is None:
            self.result.add(
                "missing",
                Message("the audit head of clinic {clinic} is missing", clinic=self.clinic),
            )
        elif head.entries > self.seq:
            self.result.add(
                "truncated",
                Message(
                    "the audit trail of clinic {clinic} ends at entry {seq}, and {entries} were "
                    "written",
                    clinic=self.clinic,
                    seq=self.seq,
                    entries=head.entries,
                ),
            )
        elif (head.entries, head.entry_hash) != (self.seq, self.entry_hash):
            self.result.add(
                "tampered",
                Message(
                    "the audit head of clinic {clinic} is not that of its last entry",
                    clinic=self.clinic,
                ),
            )


def _rehashed(entry: AuditEntry) -> str:
    try:
        return chained_hash(
            {a.key: getattr(entry, a.key) for a in inspect(AuditEntry).column_attrs}
        )
    except TypeError:
        return ""  # bytes where the program writes text


def _rehashed_content(entry: AuditEntry) -> str:
    try:
        return content_hash(
            before=entry.before, after=entry.after, reason=entry.reason, salt=entry.salt
        )
    except TypeError:
        return ""


def snapshot_digest(snapshot_text: str) -> bytes:
    """What is kept of a row while the trail is walked."""
    return hashlib.sha256(str(snapshot_text).encode()).digest()
