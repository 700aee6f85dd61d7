"""The registry run: rows a second and peak memory, at one and at two local workers.

``python -m benchmarks.registry --patients 1000000`` for another size; ``--format csv
--one-file`` for a registry that must first be sorted into partitions.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil

from benchmarks.synthetic_registry import write_registry

SAMPLE_SECONDS = 0.1


@dataclass(frozen=True)
class Run:
    """What one run took; memory is the largest sum over all its processes at one moment.

    Other work on the machine lengthens `seconds` far more than `cpu_seconds`, which sums all
    processes of the run.
    """

    workers: int
    seconds: float
    cpu_seconds: float
    peak_gb: float
    largest_process_gb: float
    totals: dict[str, int]


def measured_run(source: Path, out: Path, workers: int, *options: str) -> Run:
    """Run the command as a user does and watch the memory of its processes."""
    command = [sys.executable, "-m", "sm_tracker", "registry", str(source), str(out)]
    began, used = time.perf_counter(), _cpu_of_children()
    process = subprocess.Popen(
        [*command, "--workers", str(workers), *options],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )
    peak, largest = 0.0, 0.0
    while process.poll() is None:
        each = _memory(process.pid)
        peak, largest = max(peak, sum(each)), max(largest, *each, 0.0)
        time.sleep(SAMPLE_SECONDS)
    taken = time.perf_counter() - began
    if process.returncode:
        assert process.stderr is not None
        sys.exit(process.stderr.read())
    totals = json.loads((out / "run.json").read_text(encoding="utf-8"))["totals"]
    used = _cpu_of_children() - used
    return Run(workers, taken, used, peak / 1e9, largest / 1e9, totals)


def _cpu_of_children() -> float:
    """Processor time of the processes that have ended, with theirs; 0 where none is told."""
    times = os.times()
    return times.children_user + times.children_system


def _memory(pid: int) -> list[float]:
    """Resident memory of a process and its children, bytes; shared pages count in each."""
    try:
        process = psutil.Process(pid)
        everyone = [process, *process.children(recursive=True)]
    except psutil.Error:
        return [0.0]
    found = []
    for one in everyone:
        try:
            found.append(float(one.memory_info().rss))
        except psutil.Error:
            found.append(0.0)
    return found


def main(arguments: Sequence[str] = ()) -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.registry")
    parser.add_argument("--patients", type=int, default=5_000)
    parser.add_argument("--format", choices=("parquet", "csv"), default="parquet")
    parser.add_argument("--one-file", action="store_true")
    parser.add_argument("--workers", type=int, nargs="+", default=[1, 2])
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory() as temporary:
        source = Path(temporary) / "in"
        write_registry(source, options.patients, form=options.format, one_file=options.one_file)
        for workers in options.workers:
            run = measured_run(source, Path(temporary) / f"out{workers}", workers)
            n_read = run.totals["n_measurements"]
            print(
                f"{options.patients:,} patients, {n_read:,} measurements, {workers} workers: "
                f"{run.seconds:.1f} s ({run.cpu_seconds:.1f} s of processor), "
                f"{n_read / run.seconds:,.0f} measurements/s, "
                f"{run.totals['n_changes'] / run.seconds:,.0f} change rows/s, "
                f"peak {run.peak_gb:.2f} GB together, {run.largest_process_gb:.2f} GB the largest",
                flush=True,
            )


if __name__ == "__main__":
    main(sys.argv[1:])
