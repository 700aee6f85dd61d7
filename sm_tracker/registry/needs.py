"""What the registry run needs beyond the dashboard, and the error where it is missing."""

from __future__ import annotations

from importlib.util import find_spec

from sm_tracker.errors import TrackerError
from sm_tracker.languages import Message

INSTALL = "pip install -r requirements-registry.txt"


def require_registry_packages(*modules: str) -> None:
    """Stop with the command that installs what is missing.

    Raises
    ------
    TrackerError
        If a module cannot be found.
    """
    missing = [name for name in modules if find_spec(name) is None]
    if missing:
        raise TrackerError(
            "The registry needs packages that are not installed",
            why=Message("there is no module {names}", names=", ".join(missing)),
            fix=INSTALL,
        )
