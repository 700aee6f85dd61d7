"""What the surroundings decide: places on disk, the database, limits; read once."""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SAMPLE_FOLDER = ROOT / "sample_data"
SAMPLE_STEM = "index_case"


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """Settings of the installation.

    `database_url` comes from ``SM_TRACKER_DATABASE_URL``; without it the records lie in an
    SQLite file in the user's data folder, or in ``SM_TRACKER_DATA_FOLDER`` if that is set.
    """

    database_url: str
    data_folder: Path


@cache
def configuration() -> Config:
    """The configuration of this process, read from the environment at the first call."""
    folder = os.environ.get("SM_TRACKER_DATA_FOLDER", "")
    data_folder = Path(folder) if folder else _user_folder()
    url = os.environ.get("SM_TRACKER_DATABASE_URL", "")
    return Config(
        database_url=url or f"sqlite:///{(data_folder / 'sm_tracker.sqlite3').as_posix()}",
        data_folder=data_folder,
    )


def _user_folder() -> Path:
    from platformdirs import user_data_path

    return Path(user_data_path("sm_tracker", appauthor=False))
