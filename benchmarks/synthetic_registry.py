"""Synthetic registries of any size by seed: 20 measurements and 4 therapy periods a patient.

``python -m benchmarks.synthetic_registry FOLDER --patients N`` writes one, in a stream.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Literal

import numpy as np
import pandas as pd

SITES = ("forearm",)
REGIMENS = ("hydroxychloroquine", "cyclophosphamide", "ECP", "IVIG", "methotrexate")
N_VISITS = 20
N_PERIODS = 4
PATIENTS_PER_FILE = 5_000
Form = Literal["parquet", "csv"]


def registry(
    n_patients: int, *, seed: int = 1, first: int = 0
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Measurements and therapies of synthetic patients ``first`` to ``first + n_patients``.

    Visits are about 60 days apart; periods last about four months, some overlap, the last
    is ongoing in half of the patients.
    """
    rng = np.random.default_rng([seed, first])
    codes = np.char.add("P", np.char.zfill((first + np.arange(n_patients)).astype(str), 8))
    steps = rng.integers(15, 60, size=(n_patients, N_VISITS))
    start = np.datetime64("2015-01-01") + rng.integers(0, 2000, size=n_patients)
    dates = start[:, None] + np.cumsum(steps, axis=1)
    level = rng.normal(2.2, 0.3, size=(n_patients, 1, len(SITES)))
    fall = np.linspace(0, 1, N_VISITS)[None, :, None] * rng.normal(-0.3, 0.4, (n_patients, 1, 1))
    noise = rng.normal(0, 0.1, size=(n_patients, N_VISITS, len(SITES)))
    values = np.round(np.maximum(level + fall + noise, 0.3), 2)
    measurements = pd.DataFrame(
        {
            "patient_id": np.repeat(codes, N_VISITS * len(SITES)),
            "date": np.repeat(dates.ravel(), len(SITES)),
            "site": np.tile(SITES, n_patients * N_VISITS),
            "thickness_mm": values.ravel(),
        }
    )
    return measurements, _periods(rng, codes, dates)


def _periods(rng: np.random.Generator, codes: np.ndarray, dates: np.ndarray) -> pd.DataFrame:
    n_patients = codes.size
    begins = dates[:, [3, 7, 11, 15]] + rng.integers(0, 40, size=(n_patients, N_PERIODS))
    lasts = rng.integers(40, 200, size=(n_patients, N_PERIODS))
    ends = (begins + lasts).astype("datetime64[D]").astype("datetime64[us]")
    ongoing = np.zeros((n_patients, N_PERIODS), dtype=bool)
    ongoing[:, -1] = rng.random(n_patients) < 0.5
    ends[ongoing] = np.datetime64("NaT")
    return pd.DataFrame(
        {
            "patient_id": np.repeat(codes, N_PERIODS),
            "therapy": rng.choice(REGIMENS, size=n_patients * N_PERIODS),
            "start": begins.ravel(),
            "end": ends.ravel(),
            "end_status": np.where(ongoing.ravel(), "ongoing", "ended"),
        }
    )


def blocks(n_patients: int, seed: int) -> Iterator[tuple[pd.DataFrame, pd.DataFrame]]:
    """The same patients for the same number and seed, in blocks that bound the memory."""
    for first in range(0, n_patients, PATIENTS_PER_FILE):
        yield registry(min(PATIENTS_PER_FILE, n_patients - first), seed=seed, first=first)


def write_registry(
    folder: Path, n_patients: int, *, seed: int = 1, form: Form = "parquet", one_file: bool = False
) -> None:
    """Write the tables into `folder`, a file for every 5,000 patients or one for all.

    The patients depend on `n_patients` and `seed` only, not on the form of the files.
    """
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "SYNTHETIC.txt").write_text("Synthetic patients; nobody's data.\n", encoding="utf-8")
    write = _write_one if one_file else _write_parts
    write(folder, blocks(n_patients, seed), form)


def _write_parts(
    folder: Path, tables: Iterator[tuple[pd.DataFrame, pd.DataFrame]], form: Form
) -> None:
    for number, pair in enumerate(tables):
        for name, table in zip(("measurements", "therapies"), pair, strict=True):
            path = folder / name / f"part-{number:05d}.{form}"
            path.parent.mkdir(exist_ok=True)
            if form == "csv":
                table.to_csv(path, index=False, lineterminator="\n")
            else:
                table.to_parquet(path, index=False)


def _write_one(
    folder: Path, tables: Iterator[tuple[pd.DataFrame, pd.DataFrame]], form: Form
) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    writers: dict[str, pq.ParquetWriter] = {}
    for number, pair in enumerate(tables):
        for name, table in zip(("measurements", "therapies"), pair, strict=True):
            path = folder / f"{name}.{form}"
            if form == "csv":
                table.to_csv(
                    path,
                    index=False,
                    lineterminator="\n",
                    mode="w" if number == 0 else "a",
                    header=number == 0,
                )
                continue
            rows = pa.Table.from_pandas(table, preserve_index=False)
            if name not in writers:
                writers[name] = pq.ParquetWriter(path, rows.schema)
            writers[name].write_table(rows)
    for writer in writers.values():
        writer.close()


def _command(arguments: Sequence[str]) -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.synthetic_registry")
    parser.add_argument("folder", type=Path)
    parser.add_argument("--patients", type=int, required=True)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--format", choices=("parquet", "csv"), default="parquet")
    parser.add_argument("--one-file", action="store_true", help="not partitioned by patient")
    options = parser.parse_args(arguments)
    write_registry(
        options.folder,
        options.patients,
        seed=options.seed,
        form=options.format,
        one_file=options.one_file,
    )


if __name__ == "__main__":
    _command(sys.argv[1:])
