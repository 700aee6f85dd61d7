"""Who acts: every question to the store is asked by somebody, in one clinic, with one role."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from sm_tracker.errors import PermissionDenied

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
                why="a user, a clinic and one of the roles " + ", ".join(ROLES) + " are needed",
                fix="sign in again, or ask the administrator for a role",
            )

    def may(self, role: Role) -> bool:
        """Whether this person has at least `role`."""
        return ROLES.index(self.role) >= ROLES.index(role)

    def require(self, role: Role, action: str) -> None:
        """Refuse a action that needs more than this person's role.

        Parameters
        ----------
        role : {"viewer", "editor", "admin"}
        action : str
            What is attempted, for the message: "change records".

        Raises
        ------
        PermissionDenied
        """
        if not self.may(role):
            raise PermissionDenied(
                f"This account may not {action}",
                why=f"its role is {self.role}, and {role} is needed",
                fix="ask an administrator of the clinic",
            )
