"""What an import shows before, says afterwards, and keeps on a list."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

from sm_tracker.domain.records import Record
from sm_tracker.languages import Message
from sm_tracker.store.comparison import ChangedRow
from sm_tracker.store.rows import Stored, canonical_json, content_digest, digest_as_stated


@dataclass(frozen=True, slots=True)
class ImportedFile:
    """Name and SHA-256 of a file, by which it is known again."""

    name: str
    sha256: str

    @classmethod
    def of(cls, name: str, content: bytes) -> ImportedFile:
        """The file with this name and these bytes."""
        return cls(name, hashlib.sha256(content).hexdigest())


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportPreview:
    """What an import would do now.

    Attributes
    ----------
    earlier : int or None
        The import that already holds all of these files; it would add nothing.
    added : tuple of Record
    added_digests : tuple of str
        Of the added records, in their order; worked out when needed if not given.
    changed : tuple of ChangedRow
    unchanged, corrected, removed, missing : tuple of Stored
        As in :class:`sm_tracker.store.comparison.RecordComparison`.
    agreement : str
        Stands for all of this; give it to `import_batch` to store exactly what was shown.
    """

    earlier: int | None
    added: tuple[Record, ...] = ()
    added_digests: tuple[str, ...] = ()
    changed: tuple[ChangedRow, ...] = ()
    unchanged: tuple[Stored[Any], ...] = ()
    corrected: tuple[Stored[Any], ...] = ()
    removed: tuple[Stored[Any], ...] = ()
    missing: tuple[Stored[Any], ...] = ()

    @property
    def agreement(self) -> str:
        """A text that changes with anything the preview shows."""
        shown = {
            "earlier": self.earlier,
            "added": sorted(self.added_digests or map(digest_as_stated, self.added)),
            "changed": sorted(
                [*_version(c.stored), content_digest(c.incoming)] for c in self.changed
            ),
            "kept": sorted(
                [name, *_version(s)]
                for name in ("unchanged", "corrected", "removed", "missing")
                for s in getattr(self, name)
            ),
        }
        return hashlib.sha256(canonical_json(shown).encode()).hexdigest()


def _version(s: Stored[Any]) -> list[object]:
    return [s.entity, s.record_id, s.version]


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportReport:
    """What an import did.

    Attributes
    ----------
    batch_id : int
        The import; with `already_imported` the earlier one.
    already_imported : bool
        Whether the very same files had been imported before; then nothing was done.
    added, replaced, kept, unchanged, corrected, removed, missing : int
        Rows newly stored; rows replaced by those of the file; rows that differ and were kept;
        rows that say the same; rows corrected here since, left so; rows marked as removed
        here, left so; rows of an earlier file of this name that are no longer in it.
    """

    batch_id: int
    already_imported: bool = False
    added: int = 0
    replaced: int = 0
    kept: int = 0
    unchanged: int = 0
    corrected: int = 0
    removed: int = 0
    missing: int = 0

    @property
    def sentence(self) -> str:
        """The same in words, in the language in use."""
        if self.already_imported:
            already = Message(
                "Nothing was added: the same file was imported before (import {n}). To read it "
                "with other answers, undo that import first.",
                n=self.batch_id,
            )
            return str(already)
        counted = (
            (self.replaced, Message("{n} replaced", n=self.replaced)),
            (self.kept, Message("{n} kept as they were although the file differs", n=self.kept)),
            (self.unchanged, Message("{n} unchanged", n=self.unchanged)),
            (self.corrected, Message("{n} left as corrected here", n=self.corrected)),
            (self.removed, Message("{n} left out as removed here", n=self.removed)),
            (self.missing, Message("{n} stored before and no longer in the file", n=self.missing)),
        )
        added = Message.counted("{n} row added", "{n} rows added", n=self.added)
        parts = [added, *(words for n, words in counted if n)]
        return str(Message("Import {n}: {what}.", n=self.batch_id, what=parts))


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportSummary:
    """One import in a list."""

    batch_id: int
    at: str
    user: str
    files: tuple[ImportedFile, ...]
    answers: dict[str, str]
    added: int
    replaced: int
    undone_at: str | None = None
    undone_by: str | None = None


@dataclass(frozen=True, slots=True)
class UndoReport:
    """What undoing an import did: rows taken out, rows given back their former content."""

    batch_id: int
    taken_out: int
    given_back: int
