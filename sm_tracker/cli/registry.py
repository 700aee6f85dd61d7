"""The command that runs a registry: change table of every patient, written as Parquet."""

from __future__ import annotations

import sys
from argparse import Namespace
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sm_tracker import __version__
from sm_tracker.cli.tables import DONE, FAILED, settings_of
from sm_tracker.cli.terminal import print_result
from sm_tracker.languages import first_few
from sm_tracker.languages import gettext as _
from sm_tracker.registry import RunReport, run_registry


def compute_registry(options: Namespace) -> int:
    """Compute a registry; 1 if a patient was set aside, with the others still computed."""
    with _bar() as progress:
        report = run_registry(
            options.input,
            options.out,
            settings_of(options),
            partitions=options.partitions,
            scheduler=options.scheduler,
            workers=options.workers,
            version=__version__,
            progress=progress,
        )
    _say(report)
    return FAILED if report.refused else DONE


def _say(report: RunReport) -> None:
    totals, manifest = report.manifest["totals"], report.manifest
    if report.n_done_before:
        text = _("{n} of {total} partitions were finished before and not done again")
        said = text.format(n=report.n_done_before, total=manifest["n_partitions"])
        print(said, file=sys.stderr)
    for table, columns in manifest["input"]["columns_left_unread"].items():
        if columns:
            text = _("columns of {table} left unread: {columns}")
            print(text.format(table=table, columns=", ".join(columns)), file=sys.stderr)
    unknown = [n for n, r in manifest["regimens"].items() if not r["standard_name"]]
    if unknown:
        text = _("regimens kept as written, no standard name: {names}")
        print(text.format(names=first_few(unknown, 10)), file=sys.stderr)
    if totals["n_doubtful_values"]:
        text = _(
            "{n} thickness values are doubtful and count in nothing until column doubt says "
            "confirmed; is the unit mm?"
        )
        print(text.format(n=totals["n_doubtful_values"]), file=sys.stderr)
    if report.refused:
        text = _("{n} patients were set aside; the reasons: {file}")
        said = text.format(n=report.refused, file=f"{report.folder}/refused.csv")
        print(said, file=sys.stderr)
    text = _(
        "{n} patients, {measurements} measurements, {therapies} therapy periods: {rows} rows "
        "in {folder}"
    )
    print_result(
        text.format(
            n=totals["n_patients"] - report.refused,
            measurements=totals["n_measurements"],
            therapies=totals["n_therapies"],
            rows=totals["n_changes"],
            folder=report.folder,
        )
    )


class _Bar:
    """A progress bar on standard error for each stage; a file gets a line of it now and then."""

    def __init__(self) -> None:
        self._shown: Any = None

    def begin(self, stage: str, total: int, done: int, unit: str) -> None:
        from tqdm import tqdm

        self.close()
        self._shown = tqdm(
            desc=stage,
            total=total,
            initial=done,
            unit=unit,
            unit_scale=unit == " rows",
            file=sys.stderr,
            mininterval=0.2 if sys.stderr.isatty() else 10,
            maxinterval=60,
        )

    def step(self, n: int) -> None:
        self._shown.update(n)

    def close(self) -> None:
        if self._shown is not None:
            self._shown.close()


@contextmanager
def _bar() -> Iterator[_Bar]:
    bar = _Bar()
    try:
        yield bar
    finally:
        bar.close()
