"""How many examples a law is held to.

The gate draws the same few each time, so that it says the same about the same code. The long
run (``pytest --hypothesis-profile=long``) draws many new ones.
"""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import HealthCheck, settings

FIXED, LONG = "fixed", "long"
TIMES_LONGER = 20


def register_profiles() -> None:
    """Make both profiles known and take the fixed sample; nothing in them looks at a clock."""
    unhurried = {"deadline": None, "suppress_health_check": [HealthCheck.too_slow]}
    settings.register_profile(FIXED, derandomize=True, **unhurried)
    settings.register_profile(
        LONG, max_examples=TIMES_LONGER * 100, derandomize=False, print_blob=True, **unhurried
    )
    settings.load_profile(FIXED)


def examples(
    fixed: int, *, long: int | None = None, without: Sequence[HealthCheck] = ()
) -> settings:
    """Number of examples of a test: in the gate, and in the long run if not the usual times.

    `without` names the further health checks that a test does without.
    """
    many = settings.get_current_profile_name() == LONG
    return settings(
        max_examples=(long or TIMES_LONGER * fixed) if many else fixed,
        suppress_health_check=[HealthCheck.too_slow, *without],
    )
