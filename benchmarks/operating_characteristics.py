"""How often each word is given to patients whose truth is known.

The real ``change_table`` runs on simulated courses (``sm_tracker.analysis.
operating_characteristics``): m readings before and n under a regimen, 28 days apart, around
2.5 mm, with an SD of 0.12 mm within a phase, measurement error included. Twice: with an error
(SEM) of 0.08 mm, and with the default. Clear and slight words are printed apart. Beside them stand
rules in use: Welch's interval below zero, the log response ratio's normal interval below zero
(SingleCaseES), NAP of at least .93, a percentage of non-overlapping data of at least 70, and
"last minus last beyond the MDC95".

``python -m benchmarks.operating_characteristics [--series N] [--sizes 3+3,5+5] [--figure F]``
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.special import stdtrit

from sm_tracker.analysis.change import change_table_of_visits
from sm_tracker.analysis.change.verdict import BETTER_VERDICTS
from sm_tracker.analysis.error.operating_characteristics import (
    FAST_TREND,
    GRADUAL,
    LEVEL_MM,
    NO_CHANGE,
    ROUNDING_MM,
    SD_MM,
    SLOW_TREND,
    SMALL_STEP,
    STEP,
    STEP_DAYS,
    SimulatedCourses,
    SimulatedEffect,
    autocorrelated_scatter,
    simulated_courses,
    simulated_period_rows,
    simulated_readings,
)
from sm_tracker.domain.settings import Settings

SETTINGS = {
    "0.08": Settings(sem_mm=0.08, sem_fraction=0.0, sem_source="simulation"),
    "default": Settings(),
}
SIZES = ((3, 3), (4, 9), (5, 5), (8, 8), (3, 12))
PHIS = (0.0, 0.3, 0.6)
WORDS = ("improved", "improved_slightly", "worsened", "worsened_slightly", "unchanged", "undecided")
RIVALS = ("Welch", "LRR z", "NAP .93", "PND 70", "last-last")
SITES, CORRELATIONS = 4, (0.0, 0.3, 0.6, 0.9)


@dataclass(frozen=True, slots=True)
class Row:
    """One truth of the printed table."""

    name: str
    scene: SimulatedEffect
    rounding_mm: float = ROUNDING_MM
    triggered: bool = False


ROWS = (
    Row("no change", NO_CHANGE),
    Row("no change, rounded to 0.1 mm", NO_CHANGE, rounding_mm=0.1),
    Row("no change, started at a high reading", NO_CHANGE, triggered=True),
    Row("trend of -0.03 mm a visit", SLOW_TREND),
    Row("trend of -0.08 mm a visit", FAST_TREND),
    Row("step of -0.3 mm", SMALL_STEP),
    Row("step of -0.5 mm", STEP),
    Row("gradual fall to -0.8 mm", GRADUAL),
)


def readings(row: Row, cell: SimulatedCourses, series: int, rng: np.random.Generator) -> np.ndarray:
    """Simulated readings, shape (series, m + n)  [mm]."""
    if not row.triggered:
        return simulated_readings(cell, series, rng, rounding_mm=row.rounding_mm)
    # The therapy starts because the reading was more than one SD above the level.
    drawn = np.empty((0, cell.m + cell.n))
    while len(drawn) < series:
        more = simulated_readings(cell, 4 * series, rng, rounding_mm=row.rounding_mm)
        drawn = np.concatenate([drawn, more[more[:, cell.m - 1] > LEVEL_MM + SD_MM]])
    return drawn[:series]


def shares(table: pd.DataFrame) -> dict[str, float]:
    """Percentage of each verdict."""
    return {word: 100 * float((table["verdict"] == word).mean()) for word in WORDS}


def truth_rows(
    row: Row, sizes: Sequence[tuple[int, int]], series: int, seed: int
) -> list[dict[str, object]]:
    """Percentages of one truth: a row for each size, autocorrelation and error."""
    cells = [SimulatedCourses(row.scene, m, n, phi) for m, n in sizes for phi in PHIS]
    # One seed a size: the autocorrelations share their random numbers.
    values = [
        readings(row, cell, series, np.random.default_rng(seed + 100 * cell.m + cell.n))
        for cell in cells
    ]
    visits, therapies = simulated_courses(
        [(v, cell.m) for v, cell in zip(values, cells, strict=True)]
    )
    found: list[dict[str, object]] = []
    for error, settings in SETTINGS.items():
        table = simulated_period_rows(visits, therapies, settings)
        for number, (cell, v) in enumerate(zip(cells, values, strict=True)):
            own = table.iloc[number * series : (number + 1) * series]
            size = f"{cell.m}+{cell.n}"
            where = {"truth": row.name, "size": size, "phi": cell.phi, "error": error}
            found.append(where | shares(own) | rivals(v, cell.m, own))
    return found


def rivals(values: np.ndarray, m: int, table: pd.DataFrame) -> dict[str, float]:
    """Percentage called improved by rules in use."""
    a, b = values[:, :m], values[:, m:]
    n = b.shape[1]
    va, vb = a.var(axis=1, ddof=1) / m, b.var(axis=1, ddof=1) / n
    with np.errstate(divide="ignore", invalid="ignore"):
        freedom = (va + vb) ** 2 / (va**2 / (m - 1) + vb**2 / (n - 1))
        welch = b.mean(axis=1) - a.mean(axis=1) + stdtrit(freedom, 0.975) * np.sqrt(va + vb) < 0
    ra, rb = va / a.mean(axis=1) ** 2, vb / b.mean(axis=1) ** 2
    ratio = np.log(b.mean(axis=1)) + rb / 2 - np.log(a.mean(axis=1)) - ra / 2
    below_all = (b < a.min(axis=1, keepdims=True) - 1e-9).mean(axis=1)
    return {
        "Welch": 100 * welch.mean(),
        "LRR z": 100 * (ratio + 1.959964 * np.sqrt(ra + rb) < 0).mean(),
        "NAP .93": 100 * (table["nap"] >= 0.93).mean(),
        "PND 70": 100 * (below_all >= 0.7).mean(),
        "last-last": 100 * (table["error_check"] == "thinner").mean(),
    }


def all_rows(
    series: int, sizes: Sequence[tuple[int, int]] = SIZES, truths: Sequence[Row] = ROWS
) -> pd.DataFrame:
    """Every truth, size, autocorrelation and error; percentages."""
    table = pd.DataFrame(
        [
            found
            for row in truths
            for found in truth_rows(row, sizes, series, 10_000 * ROWS.index(row))
        ]
    )
    table["thinner"] = table["improved"] + table["improved_slightly"]
    table["thicker"] = table["worsened"] + table["worsened_slightly"]
    table["any word"] = table["thinner"] + table["thicker"]
    return table


def patients(series: int, sizes: Sequence[tuple[int, int]] = SIZES) -> pd.DataFrame:
    """False words for patients of four sites without any change; percentages."""
    rows: list[dict[str, object]] = []
    for m, n in sizes:
        for phi in (0.0, 0.6):
            for rho in CORRELATIONS:
                rng = np.random.default_rng(100 * m + n)
                visits, therapies = patients_of(correlated_sites(m, n, phi, rho, series, rng), m)
                for error, settings in SETTINGS.items():
                    table = change_table_of_visits(visits, therapies, settings)
                    where = {"truth": PATIENT, "size": f"{m}+{n}", "phi": phi, "rho": rho}
                    rows.append(where | {"error": error} | false_words(table))
    return pd.DataFrame(rows)


def patients_of(values: Sequence[np.ndarray], m: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Visit values and therapies of patients with these sites."""
    visits, therapies = simulated_courses([(site, m) for site in values])
    series = len(values[0])
    course = visits["series_id"].to_numpy().astype("int64")
    codes = therapies["patient_id"].array
    visits["patient_id"] = codes.take(course % series)
    visits["site"] = pd.array([f"site {k}" for k in range(SITES)], dtype="str").take(
        course // series
    )
    return visits, therapies.iloc[:series]


def false_words(table: pd.DataFrame) -> dict[str, float]:
    """Percentage of patients that get a word, of those of whom some site gets one."""
    of_patients = table.loc[table["level"] == "patient", "verdict"]
    told = shares(table[table["level"] == "patient"])
    of_sites = table[table["level"] == "period"]
    some_site = of_sites["verdict"].isin(BETTER_VERDICTS).groupby(of_sites["patient_id"]).any()
    return {
        "improved": told["improved"],
        "thinner": told["improved"] + told["improved_slightly"],
        "any word": 100 * float((~of_patients.isin(("unchanged", "undecided"))).mean()),
        "some site thinner": 100 * float(some_site.mean()),
    }


def correlated_sites(
    m: int, n: int, phi: float, rho: float, series: int, rng: np.random.Generator
) -> list[np.ndarray]:
    """Readings of each site, whose scatter correlates by rho with that of the others  [mm]."""
    common = autocorrelated_scatter(series, m + n, phi, rng)
    sites = []
    for _ in range(SITES):
        own = autocorrelated_scatter(series, m + n, phi, rng)
        value = LEVEL_MM + np.sqrt(rho) * common + np.sqrt(1 - rho) * own
        sites.append(np.round(value / ROUNDING_MM) * ROUNDING_MM)
    return sites


@dataclass(frozen=True, slots=True)
class Aim:
    """What the rule is held to: the worst figure of some rows, and its limit  [%].

    `sizes` and `phis` empty stand for all.
    """

    truth: str
    error: str
    column: str
    limit: float
    sizes: tuple[str, ...] = ()
    phis: tuple[float, ...] = ()
    at_least: bool = False

    def reached(self, table: pd.DataFrame) -> float:
        """The worst of the figures that the limit is for."""
        rows = (table["truth"] == self.truth) & (table["error"] == self.error)
        if self.sizes:
            rows &= table["size"].isin(self.sizes)
        if self.phis:
            rows &= table["phi"].isin(self.phis)
        figures = table.loc[rows, self.column]
        return float(figures.min() if self.at_least else figures.max())

    def held(self, table: pd.DataFrame, tolerance: float = 0.0) -> bool:
        """Whether the limit is kept, or missed by no more than `tolerance`."""
        reached = self.reached(table)
        if self.at_least:
            return reached >= self.limit - tolerance
        return reached <= self.limit + tolerance

    def said(self, table: pd.DataFrame) -> str:
        """The aim in one line, with the figure reached."""
        where = [f"error {self.error}", self.truth, *self.sizes, *(f"phi {p:g}" for p in self.phis)]
        sign = "at least" if self.at_least else "at most"
        reached = self.reached(table)
        word = "held" if self.held(table) else "not run" if np.isnan(reached) else "MISSED"
        figure = f"{self.column} {reached:.1f} % ({sign} {self.limit:g} %)"
        return f"{word}: {', '.join(where)}: {figure}"


NONE, TREND, FALL, SLOPE = (ROWS[i].name for i in (0, 3, 6, 7))
PATIENT = f"patient of {SITES} sites, no change"
EVEN = ("3+3", "5+5", "8+8")
AIMS = (
    Aim(NONE, "0.08", "thinner", 3),
    Aim(NONE, "0.08", "thicker", 3),
    Aim(TREND, "0.08", "improved", 5, ("3+3", "4+9", "5+5", "8+8"), (0.0,)),
    Aim(TREND, "0.08", "improved", 10, ("3+12",), (0.0,)),
    Aim(TREND, "0.08", "improved", 10),
    Aim(FALL, "0.08", "thinner", 93, EVEN, (0.0,), at_least=True),
    Aim(SLOPE, "0.08", "thinner", 93, EVEN, (0.0,), at_least=True),
    Aim(FALL, "default", "thinner", 90, ("5+5", "8+8"), (0.0,), at_least=True),
    Aim(SLOPE, "default", "thinner", 85, ("5+5", "8+8"), (0.0,), at_least=True),
    Aim(NONE, "default", "any word", 1),
    Aim(PATIENT, "0.08", "improved", 1.5),
    Aim(PATIENT, "0.08", "thinner", 3),
    Aim(PATIENT, "default", "thinner", 3),
)


IN_THE_DOCUMENT = (
    ("no change", 0.0),
    ("no change", 0.6),
    ("no change, started at a high reading", 0.0),
    ("no change, started at a high reading", 0.6),
    (TREND, 0.0),
    (TREND, 0.6),
    ("trend of -0.08 mm a visit", 0.0),
    ("step of -0.3 mm", 0.0),
    (FALL, 0.0),
    (FALL, 0.6),
    (SLOPE, 0.0),
    (SLOPE, 0.6),
)


def markdown(table: pd.DataFrame, error: str) -> str:
    """The table of docs/methods.md for one error: called thinner, in brackets clearly."""
    sizes = [f"{m}+{n}" for m, n in SIZES]
    own = table[table["error"] == error].set_index(["truth", "phi", "size"])
    lines = [f"| truth, autocorrelation | {' | '.join(s.replace('+', ' + ') for s in sizes)} |"]
    lines.append("| --- " * (len(sizes) + 1) + "|")
    for truth, phi in IN_THE_DOCUMENT:
        rows = [own.loc[(truth, phi, size)] for size in sizes]
        cells = [f"{row['thinner']:.1f} ({row['improved']:.1f})" for row in rows]
        lines.append(f"| {truth.replace('-', '−')}, {phi:g} | {' | '.join(cells)} |")
    return "\n".join(lines)


def draw(table: pd.DataFrame, path: Path) -> None:
    """Percentage called thinner, clear and slight, by error, truth and size; rivals as marks."""
    from matplotlib import rc_context
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    names = [row.name for row in ROWS if row.rounding_mm == ROUNDING_MM and not row.triggered]
    sizes = list(dict.fromkeys(table["size"]))
    figure = Figure(figsize=(7.2, 7.6), layout="constrained")
    FigureCanvasAgg(figure)
    axes = figure.subplots(1, len(SETTINGS), sharey=True)
    marks = {
        "Welch": ("|", "#0072B2", "Welch interval"),
        "LRR z": ("x", "#D55E00", "log response ratio, z"),
        "NAP .93": ("^", "#009E73", "NAP ≥ .93"),
        "PND 70": ("v", "#B27B00", "PND ≥ 70 %"),
        "last-last": ("s", "#CC79A7", "last − last > MDC95"),
    }
    step = len(sizes) + 1
    at = [-(step * i + j) for i in range(len(names)) for j in range(len(sizes))]
    for axis, (error, settings) in zip(axes, SETTINGS.items(), strict=True):
        own = table[(table["error"] == error) & (table["phi"] == 0)].set_index(["truth", "size"])
        rows = own.loc[[(name, size) for name in names for size in sizes]]
        axis.barh(at, rows["improved"], color="#6F93A8", label="clearly thinner")
        axis.barh(
            at,
            rows["improved_slightly"],
            left=rows["improved"],
            color="#CBD8DF",
            label="slightly thinner",
        )
        for rule, (marker, colour, label) in marks.items():
            axis.plot(
                rows[rule], at, marker, color=colour, label=label, ms=4.5, mfc="none", mew=1.3
            )
        size = max(settings.sem_mm, settings.sem_fraction * LEVEL_MM)
        axis.set_title(
            f"error {size:.3g} mm" + (" (default)" if error == "default" else ""), fontsize=9
        )
        axis.set_xlim(-3, 103)
        axis.set_ylim(at[-1] - 1, 2)
        axis.set_yticks(at, sizes * len(names), fontsize=7)
        axis.tick_params(axis="x", labelsize=8)
        axis.grid(axis="x", color="#E7EBEA")
        axis.set_axisbelow(True)
        for i, name in enumerate(names):
            axis.text(0, 0.75 - step * i, name.replace("-", "−"), fontsize=8, fontweight="bold")
    figure.supxlabel("called thinner, % of courses (autocorrelation 0)", fontsize=9)
    figure.legend(
        *axes[0].get_legend_handles_labels(), loc="outside upper center", ncols=4, fontsize=8
    )
    with rc_context({"svg.hashsalt": "operating characteristics"}):
        figure.savefig(path, metadata={"Date": None} if path.suffix == ".svg" else None)


def main(series: int = 5000, sizes: Sequence[tuple[int, int]] = SIZES, figure: str = "") -> None:
    """Print every rate, and what the rule is held to."""
    table, of_patients = all_rows(series, sizes), patients(series, sizes)
    print(f"{series} courses a row; percentages; visits {STEP_DAYS} days apart")
    columns = ["truth", "size", "phi", "error", *WORDS, *RIVALS]
    with pd.option_context(
        "display.width", 250, "display.max_rows", None, "display.max_columns", None
    ):
        print(table[columns].to_string(index=False, float_format=lambda v: f"{v:.1f}"))
        print(f"\npatients of {SITES} sites without a change")
        print(of_patients.to_string(index=False, float_format=lambda v: f"{v:.1f}"))
    print()
    every = pd.concat([table, of_patients], ignore_index=True)
    for aim in AIMS:
        print(aim.said(every))
    if set(sizes) == set(SIZES):
        for error in SETTINGS:
            print(f"\nfor docs/methods.md, error {error}\n{markdown(table, error)}")
    if figure:
        draw(table, Path(figure))


def arguments(texts: Sequence[str]) -> argparse.Namespace:
    """What was asked for on the command line."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.operating_characteristics")
    parser.add_argument("--series", type=int, default=5000, help="courses a cell")
    parser.add_argument("--sizes", default="", help="for example 3+3,5+5; all if left out")
    parser.add_argument("--figure", default="", help="file to draw, for example found.svg")
    return parser.parse_args(texts)


def sizes_of(text: str) -> Sequence[tuple[int, int]]:
    """Sizes written ``3+3,5+5``."""
    if not text:
        return SIZES
    pairs = (part.split("+") for part in text.split(","))
    return tuple((int(m), int(n)) for m, n in pairs)


if __name__ == "__main__":
    asked = arguments(sys.argv[1:])
    main(asked.series, sizes_of(asked.sizes), asked.figure)
