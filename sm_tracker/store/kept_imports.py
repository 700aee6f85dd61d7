"""Imports that were made: their list, and what each of them noticed."""

from __future__ import annotations

import dataclasses
import json
from collections import Counter
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from sm_tracker.domain.records import Finding, Place
from sm_tracker.errors import StoreError
from sm_tracker.languages import Message
from sm_tracker.store.import_reports import ImportedFile, ImportSummary
from sm_tracker.store.rows import ENTITIES
from sm_tracker.store.schema import AuditEntry, ImportBatch


def past_imports(session: Session) -> tuple[ImportSummary, ...]:
    """All imports, the latest first."""
    counted = session.execute(
        select(AuditEntry.batch_id, AuditEntry.action, func.count())
        .where(AuditEntry.batch_id.is_not(None), AuditEntry.entity.in_(ENTITIES))
        .group_by(AuditEntry.batch_id, AuditEntry.action)
    )
    counts = Counter({(batch_id, action): n for batch_id, action, n in counted})
    batches = session.scalars(select(ImportBatch).order_by(ImportBatch.id.desc()))
    return tuple(
        ImportSummary(
            batch_id=b.id,
            at=b.imported_at,
            user=b.imported_by,
            files=tuple(ImportedFile(f.name, f.sha256) for f in b.files),
            answers=json.loads(b.answers),
            added=counts[b.id, "add"],
            replaced=counts[b.id, "replace"],
            undone_at=b.undone_at,
            undone_by=b.undone_by,
        )
        for b in batches
    )


def findings_of(session: Session, batch_id: int) -> tuple[Finding, ...]:
    """What an import noticed.

    Raises
    ------
    StoreError
        If the clinic has no such import.
    """
    held = json.loads(import_by_number(session, batch_id).findings)
    return tuple(
        Finding(
            **{
                **f,
                "message": Message.from_json(f["message"]),
                "place": Place(**f["place"]),
            }
        )
        for f in held
    )


def finding_as_stored(finding: Finding) -> dict[str, Any]:
    """A finding with its values, so that each reader has it in a language of their own.

    Earlier versions stored the words instead.
    """
    return {
        "code": finding.code,
        "level": finding.level,
        "message": finding.message.as_json(),
        "column": finding.column,
        "value": finding.value,
        "place": dataclasses.asdict(finding.place),
    }


def import_by_number(session: Session, batch_id: int) -> ImportBatch:
    """The row of an import.

    Raises
    ------
    StoreError
        If the clinic has no such import.
    """
    batch = session.scalars(select(ImportBatch).where(ImportBatch.id == batch_id)).one_or_none()
    if batch is None:
        raise StoreError(
            Message("There is no import {batch_id}", batch_id=batch_id), fix="reload the page"
        )
    return batch
