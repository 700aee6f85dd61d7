"""The input of a registry run: which files hold which table, and their fingerprint."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from sm_tracker.domain.tables import MEASUREMENTS, THERAPIES, Table
from sm_tracker.errors import ReadError
from sm_tracker.languages import Message

TABLES: Mapping[str, Table] = {"measurements": MEASUREMENTS, "therapies": THERAPIES}
PATIENTS = "patients"
"""The third table, which may be missing: what is known of each patient."""
SUFFIXES = (".csv", ".parquet")
_CHUNK_BYTES = 1 << 22


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceTable:
    """The files of one table: a single one, or those of a folder, by their name."""

    name: str
    root: Path
    files: tuple[Path, ...]

    def name_of(self, path: Path) -> str:
        """The file as messages and fingerprints name it, without the place of the folder."""
        return path.relative_to(self.root.parent).as_posix()

    def part_of(self, path: Path) -> str:
        """What the two tables' files of one partition share: the name inside the folder."""
        return path.relative_to(self.root).with_suffix("").as_posix() if path != self.root else ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FileContent:
    """Size and content of one input file; `n_rows` of a CSV file is its lines but the first."""

    name: str
    n_bytes: int
    n_rows: int
    sha256: str


def find_tables(folder: Path) -> dict[str, SourceTable]:
    """Find the two tables in the input folder.

    Parameters
    ----------
    folder : Path
        Holds ``measurements`` and ``therapies``, each as ``.csv``, ``.parquet`` or a folder of
        such files; anything may stand before the word (``clinic_measurements.csv``).

    Raises
    ------
    ReadError
        If the folder or a table is missing, or a table is there more than once.
    """
    if not folder.is_dir():
        raise ReadError(
            "The input is not a folder",
            where=str(folder),
            fix="give the folder that holds the measurements and the therapies",
        )
    return {name: _table(folder, name) for name in TABLES}


def find_patients(folder: Path) -> SourceTable | None:
    """Find the table of patients, named as the two others are, if there is one.

    Raises
    ------
    ReadError
        If it is there more than once.
    """
    return _table(folder, PATIENTS) if _named(folder, PATIENTS) else None


def _named(folder: Path, name: str) -> list[Path]:
    return [
        entry
        for entry in sorted(folder.iterdir())
        if (entry.stem == name or entry.stem.endswith(f"_{name}"))
        and (entry.is_dir() or entry.suffix in SUFFIXES)
    ]


def _table(folder: Path, name: str) -> SourceTable:
    found = _named(folder, name)
    if len(found) != 1:
        seen = ", ".join(entry.name for entry in found)
        raise ReadError(
            Message("The table of {name} is there {n} times", name=name, n=len(found))
            if found
            else Message("No table of {name}", name=name),
            where=str(folder),
            why=Message("there are {seen}", seen=seen) if found else "",
            fix=Message("give one {name}.csv, {name}.parquet or folder {name}", name=name),
        )
    root = found[0]
    files = _files_of(root) if root.is_dir() else (root,)
    return SourceTable(name=name, root=root, files=files)


def _files_of(root: Path) -> tuple[Path, ...]:
    files = tuple(
        path
        for path in sorted(root.rglob("*"))
        if path.suffix in SUFFIXES
        and not any(p.startswith((".", "_")) for p in path.relative_to(root).parts)
    )
    if not files:
        raise ReadError("The folder holds no CSV and no Parquet file", where=str(root))
    return files


def file_contents(tables: Mapping[str, SourceTable]) -> tuple[FileContent, ...]:
    """Size, rows and SHA-256 of every input file, each read once in pieces.

    Raises
    ------
    ReadError
        If a file cannot be read.
    """
    return tuple(_content(table, path) for table in tables.values() for path in table.files)


def input_fingerprint(files: tuple[FileContent, ...]) -> str:
    """One SHA-256 for the whole input: changes with any name or byte."""
    listed = "\n".join(sorted(f"{f.name} {f.sha256}" for f in files))
    return hashlib.sha256(listed.encode()).hexdigest()


def _content(table: SourceTable, path: Path) -> FileContent:
    digest, n_bytes, n_lines = hashlib.sha256(), 0, 0
    try:
        with path.open("rb") as opened:
            while chunk := opened.read(_CHUNK_BYTES):
                digest.update(chunk)
                n_bytes += len(chunk)
                n_lines += chunk.count(b"\n")
    except OSError as error:
        raise unreadable_file(path, error.strerror or type(error).__name__) from None
    n_rows = max(0, n_lines - 1) if path.suffix == ".csv" else _parquet_rows(path)
    return FileContent(
        name=table.name_of(path), n_bytes=n_bytes, n_rows=n_rows, sha256=digest.hexdigest()
    )


def _parquet_rows(path: Path) -> int:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        return int(pq.read_metadata(path).num_rows)
    except (pa.ArrowException, OSError) as error:
        raise unreadable_file(path, str(error)) from None


def unreadable_file(path: Path, why: str) -> ReadError:
    """The error of a file that is not what its name says."""
    kind = "Parquet" if path.suffix == ".parquet" else "CSV"
    return ReadError(
        Message("A file cannot be read as {kind}", kind=kind),
        where=path.name,
        why=" ".join(why.split())[:200].lower(),
        fix="write the file again",
    )
