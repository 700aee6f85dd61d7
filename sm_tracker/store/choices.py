"""Choices of a clinic and its people: settings with history, answers remembered, last view."""

from __future__ import annotations

import dataclasses
import datetime as dt
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from sm_tracker.domain.settings import Settings, settings_from_json
from sm_tracker.errors import ConflictError, SettingError, StoreError
from sm_tracker.languages import Message
from sm_tracker.store.audit import AuditedChange, utc_text
from sm_tracker.store.checks import checked_reason, checked_text
from sm_tracker.store.queries import patient_keys
from sm_tracker.store.rows import (
    REMEMBERED,
    canonical_json,
    new_salt,
    number_of_header,
    row_snapshot,
    snapshot_of_answers,
)
from sm_tracker.store.schema import Patient, RememberedAnswers, SavedSettings, ViewState


@dataclass(frozen=True, slots=True)
class SettingsVersion:
    """Settings as they stood from a moment on, and who saved them."""

    at: str
    user: str
    settings: Settings


@dataclass(frozen=True, slots=True)
class LastView:
    """What a person looked at last: patient code (None: none) and choices of the page."""

    patient: str | None = None
    choices: Mapping[str, Any] = dataclasses.field(default_factory=dict)


def save_settings(
    audited: AuditedChange, settings: Settings, reason: str, expected_settings_id: str | None
) -> None:
    """Let new settings follow the present ones.

    Raises
    ------
    ConflictError
        If the present settings are not those with `expected_settings_id`.
    StoreError
        If the reason is blank.
    """
    checked_reason(reason)
    present = settings_at(audited.session)
    if expected_settings_id is not None and expected_settings_id != present.settings_id:
        raise ConflictError(
            "The settings were changed by somebody else in the meantime",
            why=Message(
                "the change was based on {expected}, and {now} stand",
                expected=expected_settings_id,
                now=present.settings_id,
            ),
            fix="look at the present settings and save the right ones again",
        )
    if settings.settings_id == present.settings_id:
        return
    before = _latest(audited.session)
    row = SavedSettings(
        clinic=audited.actor.clinic,
        saved_at=audited.at,
        saved_by=audited.actor.user,
        settings_id=settings.settings_id,
        content=canonical_json(dataclasses.asdict(settings)),
    )
    audited.session.add(row)
    audited.session.flush()
    audited.note(
        "save",
        "saved_settings",
        row.id,
        before=row_snapshot(before) if before else None,
        after=row_snapshot(row),
        reason=reason,
    )


def settings_at(session: Session, as_of: dt.datetime | None = None) -> Settings:
    """The settings that stood at a moment (None: now); the defaults before the first were saved.

    Raises
    ------
    StoreError
        If they were saved by a newer program.
    """
    row = _latest(session, as_of)
    return Settings() if row is None else settings_from_text(row.content)


def settings_history(session: Session) -> tuple[SettingsVersion, ...]:
    """All settings saved, the oldest first."""
    rows = session.scalars(select(SavedSettings).order_by(SavedSettings.id))
    return tuple(
        SettingsVersion(r.saved_at, r.saved_by, settings_from_text(r.content)) for r in rows
    )


def _latest(session: Session, as_of: dt.datetime | None = None) -> SavedSettings | None:
    query = select(SavedSettings).order_by(SavedSettings.id.desc()).limit(1)
    if as_of is not None:
        query = query.where(SavedSettings.saved_at <= utc_text(as_of))
    return session.scalars(query).one_or_none()


def settings_from_text(text: str) -> Settings:
    """Settings from the JSON in which they are stored.

    Raises
    ------
    StoreError
        If the text holds a setting that this program does not know.
    """
    try:
        return settings_from_json(text)
    except SettingError as error:
        raise StoreError(
            "The stored settings are not those of this program",
            why=Message("they were saved by another version, or altered: {why}", why=error.why),
            fix="install the version that saved them, or save the settings anew",
        ) from None


def remember_answers(audited: AuditedChange, signature: str, answers: Mapping[str, str]) -> None:
    """Keep answers for later files with the same header; they replace earlier ones."""
    clinic = audited.actor.clinic
    row = audited.session.get(RememberedAnswers, (clinic, checked_text(signature, "signature")))
    if row is None:
        row = RememberedAnswers(clinic=clinic, signature=signature)
        audited.session.add(row)
        before = None
    else:
        before = snapshot_of_answers(row)
    row.answers, row.saved_at, row.saved_by, row.salt = (
        canonical_json(dict(answers)),
        audited.at,
        audited.actor.user,
        new_salt(),
    )
    number = number_of_header(signature)
    audited.note("save", REMEMBERED, number, before=before, after=snapshot_of_answers(row))


def answers_for(session: Session, signature: str) -> dict[str, str]:
    """Answers given before for files with this header; empty if there are none."""
    row = session.scalars(
        select(RememberedAnswers).where(RememberedAnswers.signature == signature)
    ).one_or_none()
    return {} if row is None else dict(json.loads(row.answers))


def answers_kept_since(session: Session, signature: str) -> str:
    """When answers were last kept for this header, UTC; blank if there are none."""
    row = session.scalars(
        select(RememberedAnswers).where(RememberedAnswers.signature == signature)
    ).one_or_none()
    return "" if row is None else row.saved_at


def save_view(audited: AuditedChange, view: LastView) -> None:
    """Keep what this person looked at; a patient that does not exist is not kept."""
    actor = audited.actor
    keys = patient_keys(audited.session, [] if view.patient is None else [view.patient])
    row = audited.session.get(ViewState, (actor.clinic, actor.user))
    if row is None:
        row = ViewState(clinic=actor.clinic, by_user=actor.user)
        audited.session.add(row)
    row.patient_key = keys.get(view.patient or "")
    row.content = canonical_json(dict(view.choices))


def last_view(session: Session, user: str) -> LastView:
    """What a person looked at last."""
    found = session.execute(
        select(ViewState, Patient.code)
        .outerjoin(Patient, Patient.id == ViewState.patient_key)
        .where(ViewState.by_user == user)
    ).one_or_none()
    return LastView() if found is None else LastView(found[1], json.loads(found[0].content))
