"""What the surroundings decide: places on disk, the database, who may come in; read once."""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent
_SHIPPED = _PACKAGE / "shipped"
ROOT = _SHIPPED if _SHIPPED.is_dir() else _PACKAGE.parent
"""Where app.py, samples, icons and documents lie: in an installed package, else the checkout."""
SAMPLE_FOLDER = ROOT / "sample_data"
SAMPLE_STEM = "index_case"
OPEN_WORD = "everybody-who-reaches-it"


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """Settings of the installation.

    `database_url` comes from ``SM_TRACKER_DATABASE_URL``; without it the records lie in an
    SQLite file in the user's data folder, or in ``SM_TRACKER_DATA_FOLDER`` if that is set.

    `access_file` comes from ``SM_TRACKER_ACCESS_FILE`` and says who may sign in, see
    docs/security.md. `open_to_all` is the explicit switch for a dashboard that others can
    reach and that asks nobody to sign in: ``SM_TRACKER_OPEN_TO=everybody-who-reaches-it``.

    `local_token` comes from ``SM_TRACKER_LOCAL_TOKEN``: without sign-in each browser is asked
    for it once. `log_views` comes from ``SM_TRACKER_LOG_VIEWS`` (``on`` or ``off``) and says
    whether views and exports enter the trail; None means where people sign in.
    """

    database_url: str
    data_folder: Path
    access_file: Path | None = None
    open_to_all: bool = False
    local_token: str = ""
    log_views: bool | None = None


@cache
def configuration() -> Config:
    """The configuration of this process, read from the environment at the first call."""
    folder = os.environ.get("SM_TRACKER_DATA_FOLDER", "")
    data_folder = Path(folder) if folder else _user_folder()
    url = os.environ.get("SM_TRACKER_DATABASE_URL", "")
    access = os.environ.get("SM_TRACKER_ACCESS_FILE", "")
    return Config(
        database_url=url or f"sqlite:///{(data_folder / 'sm_tracker.sqlite3').as_posix()}",
        data_folder=data_folder,
        access_file=Path(access) if access else None,
        open_to_all=os.environ.get("SM_TRACKER_OPEN_TO", "") == OPEN_WORD,
        local_token=os.environ.get("SM_TRACKER_LOCAL_TOKEN", ""),
        log_views={"on": True, "off": False}.get(os.environ.get("SM_TRACKER_LOG_VIEWS", "")),
    )


def _user_folder() -> Path:
    from platformdirs import user_data_path

    return Path(user_data_path("sm_tracker", appauthor=False))
