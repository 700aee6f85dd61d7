"""Who uses the page: the one person at this machine, until sign-in is configured."""

from __future__ import annotations

from sm_tracker.workflow.storing import LOCAL, Actor


def actor() -> Actor:
    """The person who acts, with clinic and role."""
    return LOCAL
