"""Who acts: every question to the store is asked by somebody, in one clinic, with one role."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from sm_tracker.errors import PermissionDenied
from sm_tracker.languages import Message

Role = Literal["viewer", "editor", "admin"]
ROLES: tuple[Role, ...] = ("viewer", "editor", "admin")


@dataclass(frozen=True, slots=True)
class Actor:
    """The signed-in person: name for the audit trail, clinic that owns the rows, role.

    Hashable, so that it can be part of a cache key.

    Raises
    ------
    PermissionDenied
        If user or clinic is blank, or the role is none of the three.
    """

    user: str
    clinic: str
    role: Role = "viewer"

    def __post_init__(self) -> None:
        named = all(n.strip() and n.isprintable() for n in (self.user, self.clinic))
        if not named or self.role not in ROLES:
            raise PermissionDenied(
                "Nobody is signed in for a clinic",
                why=Message(
                    "a user, a clinic and one of the roles {names} are needed",
                    names=", ".join(ROLES),
                ),
                fix="sign in again, or ask the administrator for a role",
            )

    def may(self, role: Role) -> bool:
        """Whether this person has at least `role`."""
        return ROLES.index(self.role) >= ROLES.index(role)

    def require(self, role: Role, action: Message) -> None:
        """Refuse an action that needs more than this person's role.

        Parameters
        ----------
        role : {"viewer", "editor", "admin"}
        action : Message
            What is attempted, for the message: ``Message("change records")``.

        Raises
        ------
        PermissionDenied
        """
        if not self.may(role):
            raise PermissionDenied(
                Message("This account may not {action}", action=action),
                why=Message(
                    "its role is {role}, and {needed} is needed", role=self.role, needed=role
                ),
                fix="ask an administrator of the clinic",
            )
