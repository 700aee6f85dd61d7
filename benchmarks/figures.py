"""Speed of print figures: the first of a fresh process, the next ones, and a whole report.

The aims are a first figure in under 2 s and a next one in under 0.5 s, from the records of
the index case to the bytes of the file. A ratio above 1 means faster than the aim. On a
machine that does other work, CPU seconds say more than seconds by the clock.
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from sm_tracker.workflow import analysing, file_import, report_files, reporting
from sm_tracker.workflow.analysing import Analysis
from sm_tracker.workflow.figure_choices import FigureChoices

ROOT = Path(__file__).resolve().parents[1]
FIRST_AIM_S, NEXT_AIM_S = 2.0, 0.5
WIDTHS_MM = (85.0, 180.0)
DPI = 600
REPEATS = 3

FRESH = """
import time
begun = time.perf_counter(), time.process_time()
from sm_tracker.workflow import analysing, file_import, reporting
from sm_tracker.workflow.figure_choices import FigureChoices
from sm_tracker.figures.export import figure_bytes
analysis = analysing.analyse(file_import.sample_records())
patient = analysing.only_patient(analysis.records, "")
read = time.perf_counter() - begun[0], time.process_time() - begun[1]
model = reporting.chosen_figure(analysis, patient, FigureChoices())
figure_bytes(model, "{fmt}", width_mm=180.0, dpi=600)
print(*read, time.perf_counter() - begun[0], time.process_time() - begun[1])
"""


def first_figure(fmt: str) -> tuple[float, float, float, float]:
    """Seconds of a new process, by the clock and of CPU: to the change table, to the file."""
    ran = subprocess.run(
        [sys.executable, "-c", FRESH.format(fmt=fmt)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    clock, cpu, all_clock, all_cpu = (float(word) for word in ran.stdout.split())
    return clock, cpu, all_clock, all_cpu


def timed(work: Callable[[], object]) -> tuple[float, float]:
    """Best seconds of some repeats, by the clock and of CPU."""
    found = []
    for _ in range(REPEATS):
        begun = time.perf_counter(), time.process_time()
        work()
        found.append((time.perf_counter() - begun[0], time.process_time() - begun[1]))
    return min(clock for clock, _ in found), min(cpu for _, cpu in found)


def say(name: str, clock: float, cpu: float, aim: float | None = None) -> None:
    """Print one line; with an aim, how many times faster than it."""
    ratio = "" if aim is None else f", aim {aim:g} s: ratio {aim / clock:.1f} ({aim / cpu:.1f} CPU)"
    print(f"{name}: {clock:.2f} s ({cpu:.2f} s CPU){ratio}", flush=True)


def draw(
    analysis: Analysis, patient_id: str, choices: FigureChoices, fmt: str, width_mm: float
) -> bytes:
    """One figure from the change table to the bytes of its file."""
    from sm_tracker.figures.export import figure_bytes

    model = reporting.chosen_figure(analysis, patient_id, choices)
    return figure_bytes(model, fmt, width_mm=width_mm, dpi=DPI)


def main() -> None:
    """Print seconds and ratios."""
    from sm_tracker.figures.export import FORMATS

    for fmt in ("pdf", "png"):
        best = min((first_figure(fmt) for _ in range(REPEATS)), key=lambda t: t[2])
        say(f"fresh process to the change table ({fmt})", best[0], best[1])
        say(f"fresh process to the first {fmt}", best[2], best[3], FIRST_AIM_S)
    analysis = analysing.analyse(file_import.sample_records())
    patient = analysing.only_patient(analysis.records, "")
    drawings = {
        "timeline": FigureChoices(),
        "by site": FigureChoices(by_site=True),
        "comparison": FigureChoices(comparison=True),
    }
    for name, choices in drawings.items():
        for width in WIDTHS_MM:
            for fmt in FORMATS:
                work = partial(draw, analysis, patient, choices, fmt, width)
                say(f"next {name}, {width:g} mm, {fmt}", *timed(work), NEXT_AIM_S)
    for kind in report_files.REPORT_KINDS:
        say(f"report as {kind}", *timed(partial(report_files.report_file, analysis, patient, kind)))


if __name__ == "__main__":
    main()
