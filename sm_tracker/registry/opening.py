"""The output of a registry run, read lazily: columns and rows asked for, nothing else."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from functools import reduce
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from sm_tracker.domain.change_columns import CHANGES
from sm_tracker.domain.settings import Settings, settings_from_json
from sm_tracker.errors import ColumnError, ReadError
from sm_tracker.languages import Message
from sm_tracker.registry import manifest as manifests
from sm_tracker.registry.courses import are_kept, read_course_periods, read_visits
from sm_tracker.registry.needs import require_registry_packages
from sm_tracker.registry.traits import read_traits

if TYPE_CHECKING:
    import pyarrow.dataset as ds


@dataclass(frozen=True, slots=True, kw_only=True)
class Registry:
    """A finished registry run.

    Attributes
    ----------
    folder : Path
    manifest : mapping
        As it stands in ``run.json``.
    """

    folder: Path
    manifest: Mapping[str, Any]

    @property
    def settings(self) -> Settings:
        """The settings that every row was computed under."""
        import json

        return settings_from_json(json.dumps(self.manifest["settings"]))

    @property
    def settings_id(self) -> str:
        """Identifies those settings."""
        return str(self.manifest["settings_id"])

    @property
    def n_patients(self) -> int:
        """Patients of the input, those set aside included."""
        return int(self.manifest["totals"]["n_patients"])

    @property
    def n_patients_refused(self) -> int:
        """Patients set aside, named with the reason in ``refused.csv``."""
        return int(self.manifest["totals"]["n_patients_refused"])

    @property
    def n_rows(self) -> int:
        """Rows of the change table."""
        return int(self.manifest["totals"]["n_changes"])

    def regimens(self) -> pd.DataFrame:
        """Regimens with the patients and therapy-period rows of each; no row is read.

        Returns
        -------
        DataFrame
            ``regimen``, ``n_patients``, ``n_rows``, ``standard_name`` (whether it is one of
            the known names), sorted by falling number of patients.
        """
        known = self.manifest["regimens"]
        table = pd.DataFrame(
            {
                "regimen": pd.array(list(known), dtype="str"),
                "n_patients": [r["n_patients"] for r in known.values()],
                "n_rows": [r["n_rows"] for r in known.values()],
                "standard_name": [r["standard_name"] for r in known.values()],
            }
        )
        return table.sort_values(["n_patients", "regimen"], ascending=[False, True]).reset_index(
            drop=True
        )

    def values(self, column: str) -> tuple[str, ...]:
        """The different values of a text column, sorted; read in pieces."""
        import pyarrow.compute as pc

        _require_columns([column])
        found: set[str] = set()
        for batch in self._rows().to_batches(columns=[column]):
            found.update(map(str, pc.unique(batch.column(0)).to_pylist()))
        return tuple(sorted(found))

    def count(self, **filters: object) -> int:
        """Rows that :meth:`filtered` would give, without reading the other columns."""
        return int(self._rows().count_rows(filter=_condition(filters)))

    def filtered(self, columns: Iterable[str], **filters: object) -> pd.DataFrame:
        """Rows of the change table that meet every condition.

        Parameters
        ----------
        columns : iterable of str
            Columns of the contract CHANGES that are wanted; no other is read.
        **filters
            ``column=value`` for an equal value, ``column=[values]`` for one of several.

        Returns
        -------
        DataFrame
            In the order of the partitions, whole patients together.

        Raises
        ------
        ColumnError
            If a column is none of the change table's.
        """
        wanted = list(columns)
        _require_columns(wanted)
        found = self._rows().to_table(columns=wanted, filter=_condition(filters))
        frame: pd.DataFrame = found.to_pandas(ignore_metadata=True)
        return frame

    @property
    def holds_courses(self) -> bool:
        """Whether visit values and periods are there; runs of earlier versions have none."""
        return are_kept(self.folder, int(self.manifest["n_partitions"]))

    def visits(self, patients: Collection[str]) -> pd.DataFrame:
        """Visit values of chosen patients, contract VISITS, sorted by series and day."""
        return read_visits(self.folder, patients)

    def periods(self, patients: Collection[str]) -> pd.DataFrame:
        """All therapy periods of chosen patients, contract THERAPIES."""
        return read_course_periods(self.folder, patients)

    def doses(self, regimen: str) -> pd.DataFrame:
        """Periods of a regimen with the dose as written, contract THERAPIES; the rest is blank."""
        columns = ("patient_id", "therapy", "period_id", "dose")
        return read_course_periods(self.folder, regimen=regimen, columns=columns)

    def traits(self, patients: Collection[str]) -> pd.DataFrame | None:
        """Diagnosis, age group and sex of patients, or None where the run was given none."""
        return read_traits(self.folder, patients)

    def _rows(self) -> ds.Dataset:
        import pyarrow.dataset as ds

        return ds.dataset(self.folder / "changes", format="parquet")


def _require_columns(columns: Iterable[str]) -> None:
    unknown = [c for c in columns if c not in CHANGES.columns]
    if unknown:
        raise ColumnError(
            Message("The change table has no column {names}", names=", ".join(unknown))
        )


def _condition(filters: Mapping[str, object]) -> Any:
    import pyarrow.dataset as ds

    _require_columns(filters)
    terms = []
    for column, value in filters.items():
        several = isinstance(value, (list, tuple, set, frozenset))
        field = ds.field(column)
        terms.append(field.isin(list(value)) if several else field == value)  # type: ignore[call-overload]
    return reduce(lambda a, b: a & b, terms) if terms else None


def open_registry(folder: str | Path) -> Registry:
    """Open the output folder of a finished registry run; only its manifest is read.

    Raises
    ------
    TrackerError
        If pyarrow is missing.
    ReadError
        If the folder holds no registry run, or one that is not finished.
    """
    require_registry_packages("pyarrow")
    folder = Path(folder)
    manifest = manifests.read_manifest(folder)
    if manifest is None:
        raise ReadError(
            "The folder holds no registry run",
            where=str(folder),
            fix="give the output folder of `python -m sm_tracker registry`",
        )
    if not manifest["complete"]:
        raise ReadError(
            "The registry run is not finished",
            where=str(folder),
            fix="run the same command again; finished partitions are kept",
        )
    n_there = len(list((folder / "changes").glob("part-*.parquet")))
    if n_there != manifest["n_partitions"]:
        raise ReadError(
            "Files of the registry run are missing",
            where=str(folder / "changes"),
            why=Message(
                "{n_there} of {n_partitions} partitions are there",
                n_there=n_there,
                n_partitions=manifest["n_partitions"],
            ),
            fix="remove the folder and run the command again",
        )
    return Registry(folder=folder, manifest=manifest)
