"""Who came in and looked at what: sign-ins, refusals, views and exports, in the audit trail.

They are entries like any other, chained and blanked with their patient, and change no record.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from sm_tracker.store.audit import AuditedChange
from sm_tracker.store.checks import checked_text
from sm_tracker.store.queries import patient_keys
from sm_tracker.store.schema import SignIn

ACCESS = "access"
"""What the trail calls the entity of such an entry."""
NOBODYS_CLINIC = "(refused)"
"""Whose trail holds refusals of people who belong to no clinic; no access file may name it."""
MOST_NAMED = 100
Access = Literal["sign in", "sign out", "refused", "view", "export"]


def note_access(
    audited: AuditedChange, what: Access, detail: str, codes: Iterable[str] | None = None
) -> None:
    """Write down that somebody came in, was refused, saw records or took them along.

    Parameters
    ----------
    audited : AuditedChange
    what : str
    detail : str
        The page, the file or the reason.
    codes : iterable of str, optional
        Patients that were seen; of more than a hundred, and of None, it is said without names.
    """
    named = [] if codes is None else list(codes)
    keys = patient_keys(audited.session, named) if len(named) <= MOST_NAMED else {}
    words = checked_text(detail, "detail")
    if len(named) > MOST_NAMED:
        words = f"{words} ({len(named)} patients)"
    whom: list[int | None] = [*sorted(keys.values())] or [None]
    for key in whom:
        audited.note(what, ACCESS, key or 0, before=None, after=None, reason=words, patient_key=key)


def begin_sign_in(audited: AuditedChange, token: str) -> None:
    """Keep a sign-in on the list, once."""
    actor = audited.actor
    if audited.session.get(SignIn, (actor.clinic, token)) is None:
        audited.session.add(
            SignIn(clinic=actor.clinic, token=token, by_user=actor.user, began_at=audited.at)
        )
        note_access(audited, "sign in", actor.role)


def end_sign_in(audited: AuditedChange, token: str) -> None:
    """End a sign-in for every browser that holds its cookie."""
    actor = audited.actor
    row = audited.session.get(SignIn, (actor.clinic, token))
    if row is None:
        row = SignIn(clinic=actor.clinic, token=token, by_user=actor.user, began_at=audited.at)
        audited.session.add(row)
    if row.ended_at is None:
        row.ended_at = audited.at
        note_access(audited, "sign out", actor.role)


def sign_in_state(session: Session, token: str) -> Literal["new", "on", "ended"]:
    """Whether a sign-in is on the list, and whether it was ended."""
    row = session.scalars(select(SignIn).where(SignIn.token == token)).one_or_none()
    if row is None:
        return "new"
    return "on" if row.ended_at is None else "ended"
