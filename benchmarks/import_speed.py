"""Seconds, rows a second and peak memory of reading large files; nothing is stored."""

from __future__ import annotations

import datetime as dt
import io
import multiprocessing
import resource
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from sm_tracker.ingest import SourceFile, read_sources

TODAY = dt.date(2026, 1, 1)
FIRST_DAY = dt.date(2004, 1, 5)
SITES = ("forearm", "hand dorsum", "chest", "calf")
SIDES = ("left", "right", "", "left")
OWN_COLUMNS = (
    "patient_id", "date", "site", "side", "layer", "thickness_mm", "qualifier", "status",
    "replicate", "device", "frequency_mhz", "velocity_m_s", "examiner", "note",
)  # fmt: skip
GERMAN_COLUMNS = ("Patient", "Datum", "Region", "Hautdicke (mm)", "Bemerkung")
AIM_S = 20


def own_rows(n_rows: int) -> Iterator[tuple[str, ...]]:
    """Well-formed rows in our own columns: visits of 40 readings a patient, all synthetic."""
    for i in range(n_rows):
        patient, reading = divmod(i, 40)
        visit, site = divmod(reading, len(SITES))
        day = FIRST_DAY + dt.timedelta(days=61 * visit + patient % 700)
        thickness = f"{1 + (i * 37 % 160) / 100:.2f}"
        yield (
            f"P{patient:05d}", day.isoformat(), SITES[site], SIDES[site], "dermis", thickness, "",
            "ok", "1", "DUB SkinScanner", "22", "1580", f"E{patient % 3}", "",
        )  # fmt: skip


def own_csv(n_rows: int) -> SourceFile:
    """A CSV file as `export` writes it."""
    lines = (",".join(row) for row in (OWN_COLUMNS, *own_rows(n_rows)))
    return SourceFile("large.csv", ("\n".join(lines) + "\n").encode())


def german_csv(n_rows: int) -> SourceFile:
    """The same readings as a clinic would have them: semicolons, decimal commas, German."""
    lines = [";".join(GERMAN_COLUMNS)]
    for row in own_rows(n_rows):
        day = dt.date.fromisoformat(row[1])
        site = f"{row[2]} {row[3]}".strip()
        lines.append(f"{row[0]};{day:%d.%m.%Y};{site};{row[5].replace('.', ',')};")
    return SourceFile("gross.csv", ("\r\n".join(lines) + "\r\n").encode("cp1252"))


def own_xlsx(n_rows: int) -> SourceFile:
    """A workbook in our own columns, with real dates and numbers."""
    from openpyxl import Workbook

    # Not write-only: as Excel does, this states the size of the sheet.
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.append(OWN_COLUMNS)
    for row in own_rows(n_rows):
        cells: list[object] = list(row)
        cells[1], cells[5] = dt.date.fromisoformat(row[1]), float(row[5])
        sheet.append(cells)
    target = io.BytesIO()
    book.save(target)
    return SourceFile("large.xlsx", target.getvalue())


def _write(make: Callable[[int], SourceFile], n_rows: int, path: Path) -> None:
    path.write_bytes(make(n_rows).content)


def _measure(name: str, n_rows: int, aim_s: float, path: Path) -> None:
    """Print the figures of one file."""
    source = SourceFile(path.name, path.read_bytes())
    before = _peak_mb()
    began, worked = time.perf_counter(), time.process_time()
    result = read_sources([source], today=TODAY)
    taken, worked = time.perf_counter() - began, time.process_time() - worked
    aim = f" (aim: {aim_s:g} s)" if aim_s else ""
    print(
        f"{name}, {n_rows:,} rows, {len(source.content) / 1e6:.1f} MB: {result.outcome}, "
        f"{len(result.measurements):,} readings in {taken:.1f} s{aim}, "
        f"{worked:.1f} s of processor time, "
        f"{n_rows / taken:,.0f} rows/s, peak {_peak_mb():,.0f} MB ({before:,.0f} MB before)",
        flush=True,
    )


def _peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3


def _in_a_process(call: Callable[..., None], *words: object) -> None:
    """Writing and reading each in a process of its own, so that peaks do not mix."""
    process = multiprocessing.get_context("spawn").Process(target=call, args=words)
    process.start()
    process.join()
    if process.exitcode:
        raise SystemExit(f"not measured: {call.__name__} failed")


def main() -> None:
    """Print the figures."""
    with tempfile.TemporaryDirectory() as folder:
        for name, file, make, n_rows, aim_s in (
            ("own CSV", "own.csv", own_csv, 300_000, AIM_S),
            ("German CSV", "german.csv", german_csv, 300_000, 0),
            ("own XLSX", "own.xlsx", own_xlsx, 100_000, 0),
        ):
            path = Path(folder) / file
            _in_a_process(_write, make, n_rows, path)
            _in_a_process(_measure, name, n_rows, aim_s, path)


if __name__ == "__main__":
    main()
