"""Visit values and therapy periods beside the change rows, so that courses can be drawn.

Written by the worker that computes a partition, read for chosen patients only. Nothing is
computed here: the rows are those that the change table was made of.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from sm_tracker.domain.exposure import periods_on_axis
from sm_tracker.domain.series import series_numbers
from sm_tracker.domain.settings import Settings
from sm_tracker.domain.tables import THERAPIES, VISITS, Table, completed_table

if TYPE_CHECKING:
    import pyarrow.dataset as ds

FOLDERS: Mapping[str, Table] = {"visits": VISITS, "periods": THERAPIES}
"""Folders of the output beside ``changes``, with the contract of their rows."""

NOT_KEPT = frozenset(
    {"series_id", "note", "site_text", "therapy_text", "dates_derived", "file", "sheet", "row"}
)
"""Free text and provenance, which stay in the input; a series is numbered where it is read."""


def course_columns(name: str) -> tuple[str, ...]:
    """The columns of ``visits`` or ``periods`` in the output, in the order of the contract."""
    return tuple(c for c in FOLDERS[name].columns if c not in NOT_KEPT)


def kept_rows(
    visits: pd.DataFrame, therapies: pd.DataFrame, settings: Settings
) -> dict[str, pd.DataFrame]:
    """Rows of one partition as they are written, whole patients together.

    Parameters
    ----------
    visits : DataFrame
        Contract VISITS.
    therapies : DataFrame
        Contract THERAPIES; a blank ``period_id`` gets the one that the change table gives it.
    settings : Settings

    Returns
    -------
    dict of str to DataFrame
        By name of the folder.
    """
    codes = pd.Index(therapies["patient_id"].unique()).sort_values()
    periods = periods_on_axis(therapies, settings, codes).frame
    rows = {"visits": visits, "periods": periods}
    return {name: frame[list(course_columns(name))] for name, frame in rows.items()}


def part_of(out: Path, name: str, number: int) -> Path:
    """The file of one partition in one folder of the output."""
    return out / name / f"part-{number:05d}.parquet"


def are_kept(out: Path, n_partitions: int) -> bool:
    """Whether every partition has its visit values and periods; runs of old have not."""
    return all(len(list((out / name).glob("part-*.parquet"))) == n_partitions for name in FOLDERS)


def read_visits(out: Path, patients: Collection[str]) -> pd.DataFrame:
    """Visit values of chosen patients: contract VISITS, sorted by series and day."""
    rows = completed_table(_read(out, "visits", course_columns("visits"), patients), VISITS)
    rows["series_id"] = series_numbers(rows).astype("float64")
    return rows.sort_values(["series_id", "t"], kind="stable", ignore_index=True)


def read_course_periods(
    out: Path,
    patients: Collection[str] | None = None,
    regimen: str = "",
    columns: Collection[str] = (),
) -> pd.DataFrame:
    """Therapy periods of chosen patients, or of all under a regimen: contract THERAPIES."""
    wanted = tuple(columns) or course_columns("periods")
    return completed_table(_read(out, "periods", wanted, patients, regimen), THERAPIES)


def _read(
    out: Path,
    name: str,
    columns: tuple[str, ...],
    patients: Collection[str] | None,
    regimen: str = "",
) -> pd.DataFrame:
    condition: Any = None
    if patients is not None:
        condition = _field("patient_id").isin(sorted(patients))
    if regimen:
        own = _field("therapy") == regimen
        condition = own if condition is None else condition & own
    rows = _rows(out, name)
    there = set(rows.schema.names)  # a run of an older version lacks columns of this one
    table = rows.to_table(columns=[c for c in columns if c in there], filter=condition)
    frame: pd.DataFrame = table.to_pandas(ignore_metadata=True)
    return frame


def _field(name: str) -> Any:
    import pyarrow.dataset as ds

    return ds.field(name)


def _rows(out: Path, name: str) -> ds.Dataset:
    import pyarrow.dataset as ds

    return ds.dataset(out / name, format="parquet")
