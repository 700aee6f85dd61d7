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

from sm_tracker.analysis.operating_characteristics import (
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
    Cell,
    Scene,
    courses,
    period_rows,
    simulate,
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
    scene: Scene
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


def readings(row: Row, cell: Cell, series: int, rng: np.random.Generator) -> np.ndarray:
    """Simulated readings, shape (series, m + n)  [mm]."""
    if not row.triggered:
        return simulate(cell, series, rng, rounding_mm=row.rounding_mm)
    # The therapy starts because the reading was more than one SD above the level.
    drawn = np.empty((0, cell.m + cell.n))
    while len(drawn) < series:
        more = simulate(cell, 4 * series, rng, rounding_mm=row.rounding_mm)
        drawn = np.concatenate([drawn, more[more[:, cell.m - 1] > LEVEL_MM + SD_MM]])
    return drawn[:series]


def shares(table: pd.DataFrame) -> dict[str, float]:
    """Percentage of each verdict."""
    return {word: 100 * float((table["verdict"] == word).mean()) for word in WORDS}


def cell_rows(row: Row, cell: Cell, series: int, seed: int) -> list[dict[str, object]]:
    """Percentages of one truth, size and autocorrelation: a row for each error."""
    values = readings(row, cell, series, np.random.default_rng(seed))
    visits, therapies = courses([(values, cell.m)])
    found: list[dict[str, object]] = []
    for error, settings in SETTINGS.items():
        table = period_rows(visits, therapies, settings)
        where = {"truth": row.name, "size": f"{cell.m}+{cell.n}", "phi": cell.phi, "error": error}
        found.append(where | shares(table) | rivals(values, cell.m, table))
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


def all_rows(series: int, sizes: Sequence[tuple[int, int]] = SIZES) -> pd.DataFrame:
    """Every truth, size, autocorrelation and error; percentages."""
    rows: list[dict[str, object]] = []
    for number, row in enumerate(ROWS):
        for m, n in sizes:
            for phi in PHIS:
                # One seed a truth and size: the autocorrelations share their random numbers.
                rows += cell_rows(
                    row, Cell(row.scene, m, n, phi), series, 10_000 * number + 100 * m + n
                )
    table = pd.DataFrame(rows)
    table["thinner"] = table["improved"] + table["improved_slightly"]
    table["thicker"] = table["worsened"] + table["worsened_slightly"]
    table["any word"] = table["thinner"] + table["thicker"]
    return table


def patients(series: int, sizes: Sequence[tuple[int, int]] = SIZES) -> pd.DataFrame:
    """False words for patients of four sites without any change; percentages."""
    rows = []
    for m, n in sizes:
        for rho in CORRELATIONS:
            values = correlated_sites(m, n, rho, series, np.random.default_rng(100 * m + n))
            visits, therapies = courses([(site, m) for site in values])
            for error, settings in SETTINGS.items():
                verdicts = period_rows(visits, therapies, settings)["verdict"].to_numpy()
                words = patient_words(verdicts.reshape(SITES, series))
                some = (verdicts.reshape(SITES, series) == "improved").any(axis=0)
                told = pd.Series(words).value_counts(normalize=True).mul(100)
                clear = told.get("improved", 0.0) + told.get("worsened", 0.0)
                slight = told.get("improved_slightly", 0.0) + told.get("worsened_slightly", 0.0)
                rows.append(
                    {"size": f"{m}+{n}", "correlation": rho, "error": error, "clear": clear}
                    | {"any word": clear + slight + told.get("mixed", 0.0)}
                    | {"improved": told.get("improved", 0.0)}
                    | {"some site improved": 100 * some.mean()}
                )
    return pd.DataFrame(rows)


def correlated_sites(
    m: int, n: int, rho: float, series: int, rng: np.random.Generator
) -> list[np.ndarray]:
    """Readings of each site, whose scatter correlates by rho with that of the others  [mm]."""
    shape = (series, m + n)
    common = rng.normal(0, SD_MM, shape)
    sites = []
    for _ in range(SITES):
        own = rng.normal(0, SD_MM, shape)
        value = LEVEL_MM + np.sqrt(rho) * common + np.sqrt(1 - rho) * own
        sites.append(np.round(value / ROUNDING_MM) * ROUNDING_MM)
    return sites


def patient_words(verdicts: np.ndarray) -> np.ndarray:
    """The word of each patient from those of its sites, shape (sites, patients)."""
    k = len(verdicts)
    needed = max(2, k / 2)

    def n(*words: str) -> np.ndarray:
        return np.isin(verdicts, words).sum(axis=0)

    better, clear_better = n("improved", "improved_slightly"), n("improved")
    worse, clear_worse = n("worsened", "worsened_slightly"), n("worsened")
    cases = {
        "mixed": (better > 0) & (worse > 0),
        "improved": (clear_better >= needed) & (worse == 0),
        "improved_slightly": (better >= needed) & (worse == 0),
        "worsened": (clear_worse >= needed) & (better == 0),
        "worsened_slightly": (worse >= needed) & (better == 0),
        "unchanged": n("unchanged") == k,
    }
    return np.select(list(cases.values()), list(cases), "undecided")


@dataclass(frozen=True, slots=True)
class Aim:
    """What the rule is held to: a figure reached beside its limit  [%]."""

    name: str
    reached: float
    limit: float
    at_most: bool = True

    @property
    def held(self) -> bool:
        return self.reached <= self.limit if self.at_most else self.reached >= self.limit

    def __str__(self) -> str:
        sign = "at most" if self.at_most else "at least"
        word = "held" if self.held else "MISSED"
        return f"{word}: {self.name}: {self.reached:.1f} % ({sign} {self.limit:g} %)"


EVEN = ("3+3", "5+5", "8+8")


def aims(table: pd.DataFrame, of_patients: pd.DataFrame) -> list[Aim]:
    """The aims of the rule, each with the worst figure reached."""

    def figures(
        column: str, truth: str, error: str, *sizes: str, phi: float | None = None
    ) -> pd.Series:
        rows = (table["truth"] == truth) & (table["error"] == error)
        if sizes:
            rows &= table["size"].isin(sizes)
        if phi is not None:
            rows &= table["phi"] == phi
        return table.loc[rows, column]

    trend, step, gradual = (ROWS[i].name for i in (3, 6, 7))
    usual = ("3+3", "4+9", "5+5", "8+8")
    found = [
        Aim("0.08: any word without a change", figures("any word", "no change", "0.08").max(), 3),
        Aim(
            "0.08: improved on a trend, phi 0",
            figures("improved", trend, "0.08", *usual, phi=0).max(),
            5,
        ),
        Aim(
            "0.08: improved on a trend, phi 0, 3+12",
            figures("improved", trend, "0.08", "3+12", phi=0).max(),
            10,
        ),
        Aim("0.08: improved on a trend, any phi", figures("improved", trend, "0.08").max(), 10),
    ]
    for truth in (step, gradual):
        found.append(
            Aim(
                f"0.08: {truth}, even sizes",
                figures("thinner", truth, "0.08", *EVEN, phi=0).min(),
                93,
                at_most=False,
            )
        )
    return [
        *found,
        Aim(
            "default: step, 5+5 and 8+8",
            figures("thinner", step, "default", "5+5", "8+8", phi=0).min(),
            90,
            at_most=False,
        ),
        Aim(
            "default: gradual, 5+5 and 8+8",
            figures("thinner", gradual, "default", "5+5", "8+8", phi=0).min(),
            85,
            at_most=False,
        ),
        Aim(
            "default: any word without a change",
            figures("any word", "no change", "default").max(),
            1,
        ),
        Aim("patient, 4 sites: clear", of_patients["clear"].max(), 1.5),
        Aim("patient, 4 sites: any word", of_patients["any word"].max(), 3),
    ]


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
    marks = {"Welch": ("|", "#0072B2"), "LRR z": ("x", "#D55E00"), "NAP .93": ("^", "#009E73")}
    marks |= {"PND 70": ("v", "#E69F00"), "last-last": ("s", "#CC79A7")}
    step = len(sizes) + 1
    at = [-(step * i + j) for i in range(len(names)) for j in range(len(sizes))]
    for axis, (error, settings) in zip(axes, SETTINGS.items(), strict=True):
        own = table[(table["error"] == error) & (table["phi"] == 0)].set_index(["truth", "size"])
        rows = own.loc[[(name, size) for name in names for size in sizes]]
        axis.barh(at, rows["improved"], color="#16242D", label="clearly thinner")
        axis.barh(
            at,
            rows["improved_slightly"],
            left=rows["improved"],
            color="#8FA3AD",
            label="slightly thinner",
        )
        for rule, (marker, colour) in marks.items():
            axis.plot(rows[rule], at, marker, color=colour, label=rule, ms=4.5, mfc="none", mew=1.2)
        size = max(settings.sem_mm, settings.sem_fraction * LEVEL_MM)
        axis.set_title(
            f"error {size:.3g} mm" + (" (default)" if error == "default" else ""), fontsize=9
        )
        axis.set_xlim(-3, 103)
        axis.set_yticks(at, sizes * len(names), fontsize=7)
        axis.tick_params(axis="x", labelsize=8)
        axis.grid(axis="x", color="#E7EBEA")
        axis.set_axisbelow(True)
        for i, name in enumerate(names):
            axis.text(0, 0.75 - step * i, name, fontsize=8, fontweight="bold")
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
    for aim in aims(table, of_patients):
        print(aim)
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
