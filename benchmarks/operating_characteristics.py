"""How often each verdict is given to patients whose truth is known.

The real ``change_table`` runs on simulated patients: m reference and n readings under a
regimen, 28 days apart, around 2.5 mm with a within-phase SD of 0.12 mm (AR(1) with the
autocorrelation shown) and an assumed SEM of 0.08 mm. Beside its verdict stand four rules in
use: Welch's interval below zero, the log response ratio's normal interval below zero
(SingleCaseES), NAP of at least .93, and "last minus last beyond the MDC95".

``python -m benchmarks.operating_characteristics [patients per row] [figure.svg]``
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.special import stdtrit

from sm_tracker.analysis.change import change_table
from sm_tracker.domain.settings import Settings

LEVEL_MM, SD_MM, SEM_MM, STEP_DAYS = 2.5, 0.12, 0.08, 28
SETTINGS = Settings(sem_mm=SEM_MM, sem_fraction=0.0, sem_source="simulation")
VERDICTS = ("improved", "worsened", "unchanged", "undecided", "too_few_readings")
OTHERS = ("Welch", "LRR z", "NAP .93", "last-last")

Truth = Callable[[int, int], np.ndarray]


@dataclass(frozen=True, slots=True)
class Scenario:
    """What is true of the patients of one group of rows."""

    name: str
    truth: Truth
    triggered: bool = False
    rounding_mm: float = 0.01


def step(size: float) -> Truth:
    return lambda m, n: np.r_[np.zeros(m), np.full(n, size)]


def gradual(size: float) -> Truth:
    return lambda m, n: np.r_[np.zeros(m), size * np.arange(1, n + 1) / n]


def trend(per_visit: float) -> Truth:
    return lambda m, n: per_visit * np.arange(m + n)


SCENARIOS = (
    Scenario("no change", step(0)),
    Scenario("no change, rounded to 0.1 mm", step(0), rounding_mm=0.1),
    Scenario("no change, started at a high reading", step(0), triggered=True),
    Scenario("step of -0.3 mm", step(-0.3)),
    Scenario("step of -0.5 mm", step(-0.5)),
    Scenario("step of -0.5 mm, rounded to 0.1 mm", step(-0.5), rounding_mm=0.1),
    Scenario("gradual fall to -0.8 mm", gradual(-0.8)),
    Scenario("mere trend of -0.03 mm a visit", trend(-0.03)),
)
SIZES = (2, 3, 5, 8)
AUTOCORRELATIONS = (0.0, 0.3, 0.6)


def simulate(
    scenario: Scenario, m: int, n: int, phi: float, patients: int, rng: np.random.Generator
) -> np.ndarray:
    """Readings, shape (patients, m + n)  [mm]."""
    kept: list[np.ndarray] = []
    while sum(map(len, kept)) < patients:
        noise = np.empty((patients, m + n))
        noise[:, 0] = rng.normal(0, SD_MM, patients)
        for i in range(1, m + n):
            fresh = rng.normal(0, SD_MM * np.sqrt(1 - phi**2), patients)
            noise[:, i] = phi * noise[:, i - 1] + fresh
        if scenario.triggered:
            # The therapy starts because the reading was more than one SD above the level.
            noise = noise[noise[:, m - 1] > SD_MM]
        kept.append(noise)
    values = LEVEL_MM + scenario.truth(m, n) + np.concatenate(kept)[:patients]
    return np.round(values / scenario.rounding_mm) * scenario.rounding_mm


def verdict_table(values: np.ndarray, m: int) -> pd.DataFrame:
    """The real change table of simulated readings."""
    patients, total = values.shape
    codes = np.char.zfill(np.arange(patients).astype(str), 7)
    days = STEP_DAYS * (np.arange(total) - m + 1)
    measurements = pd.DataFrame(
        {
            "patient_id": np.repeat(codes, total),
            "day": np.tile(days, patients),
            "site": "forearm",
            "thickness_mm": values.ravel(),
        }
    )
    therapies = pd.DataFrame(
        {"patient_id": codes, "therapy": "regimen", "start_day": 0, "end_status": "ongoing"}
    )
    return change_table(measurements, therapies, SETTINGS)


def rates(scenario: Scenario, m: int, n: int, phi: float, patients: int, seed: int) -> pd.Series:
    """Percentage of each verdict, and of "improved" by the other rules."""
    values = simulate(scenario, m, n, phi, patients, np.random.default_rng(seed))
    table = verdict_table(values, m)
    found = {v: 100 * (table["verdict"] == v).mean() for v in VERDICTS}
    return pd.Series({**found, **other_rules(values, m, table)})


def other_rules(values: np.ndarray, m: int, table: pd.DataFrame) -> dict[str, float]:
    """Percentage called improved by rules in use."""
    a, b = values[:, :m], values[:, m:]
    n = b.shape[1]
    va, vb = a.var(axis=1, ddof=1) / m, b.var(axis=1, ddof=1) / n
    with np.errstate(divide="ignore", invalid="ignore"):
        freedom = (va + vb) ** 2 / (va**2 / (m - 1) + vb**2 / (n - 1))
        welch = b.mean(axis=1) - a.mean(axis=1) + stdtrit(freedom, 0.975) * np.sqrt(va + vb) < 0
    ra, rb = va / a.mean(axis=1) ** 2, vb / b.mean(axis=1) ** 2
    ratio = np.log(b.mean(axis=1)) + rb / 2 - np.log(a.mean(axis=1)) - ra / 2
    return {
        "Welch": 100 * welch.mean(),
        "LRR z": 100 * (ratio + 1.959964 * np.sqrt(ra + rb) < 0).mean(),
        "NAP .93": 100 * (table["nap"] >= 0.93).mean(),
        "last-last": 100 * (table["error_check"] == "thinner").mean(),
    }


def all_rates(patients: int) -> pd.DataFrame:
    """Every scenario, size and autocorrelation."""
    rows = []
    for number, scenario in enumerate(SCENARIOS):
        for n in SIZES:
            for phi in AUTOCORRELATIONS:
                found = rates(scenario, n, n, phi, patients, seed=1000 * number + 10 * n)
                rows.append({"truth": scenario.name, "n": f"{n} + {n}", "phi": phi, **found})
    return pd.DataFrame(rows)


def aims(table: pd.DataFrame) -> list[tuple[str, float, str, float]]:
    """What the rule is held to: name, figure reached, direction, limit."""

    def improved(truth: str, *sizes: str, phi: float | None = None) -> pd.Series:
        rows = table["truth"].str.startswith(truth)
        if sizes:
            rows &= table["n"].isin(sizes)
        if phi is not None:
            rows &= table["phi"] == phi
        return table.loc[rows, "improved"]

    plain = table[table["truth"] != "no change, started at a high reading"]
    level = plain.loc[plain["truth"].str.startswith("no change"), "improved"]
    by_size = [("step of -0.5 mm", s, 85.0) for s in ("3 + 3", "5 + 5")]
    by_size.append(("gradual fall to -0.8 mm", "5 + 5", 75.0))
    found = [("false improved on level series, any n and phi", level.max(), "at most", 2.5)]
    for truth, size, limit in by_size:
        found.append((f"{truth}, {size}", improved(truth, size, phi=0.0).min(), "at least", limit))
    for size in ("5 + 5", "8 + 8"):
        found.append(
            (f"mere trend, {size}", improved("mere trend", size, phi=0.0).max(), "at most", 11.0)
        )
    return found


def draw(table: pd.DataFrame, path: Path) -> None:
    """Percentage called improved, by rule, for every truth at 5 + 5 readings."""
    from matplotlib import rc_context
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    rows = table[(table["n"] == "5 + 5")]
    truths = list(dict.fromkeys(rows["truth"]))
    figure = Figure(figsize=(7.2, 4.2), layout="constrained")
    FigureCanvasAgg(figure)
    axes = figure.subplots(1, len(AUTOCORRELATIONS), sharey=True)
    marks = {
        "improved": ("o", "#16242D", "this rule"),
        "Welch": ("|", "#0072B2", "Welch interval"),
        "LRR z": ("x", "#D55E00", "log response ratio, z"),
        "NAP .93": ("^", "#009E73", "NAP ≥ .93"),
        "last-last": ("s", "#CC79A7", "last − last > MDC95"),
    }
    for axis, phi in zip(axes, AUTOCORRELATIONS, strict=True):
        for rule, (marker, colour, label) in marks.items():
            y = np.arange(len(truths))[::-1]
            found = rows[rows["phi"] == phi].set_index("truth").loc[truths, rule]
            axis.plot(found, y, marker, color=colour, label=label, ms=6, mfc="none", mew=1.4)
        axis.set_title(f"autocorrelation {phi}", fontsize=9)
        axis.set_xlim(-3, 103)
        axis.set_yticks(np.arange(len(truths))[::-1], truths, fontsize=8)
        axis.tick_params(axis="x", labelsize=8)
        axis.grid(axis="both", color="#E7EBEA")
    figure.supxlabel("called improved, %", fontsize=9)
    figure.legend(
        *axes[0].get_legend_handles_labels(), loc="outside upper center", ncols=5, fontsize=8
    )
    with rc_context({"svg.hashsalt": "operating characteristics"}):
        figure.savefig(path, metadata={"Date": None} if path.suffix == ".svg" else None)


def main(patients: int = 4000, figure: str = "") -> None:
    """Print every rate, and what the rule is held to."""
    table = all_rates(patients)
    with pd.option_context("display.width", 200, "display.max_rows", None):
        print(f"{patients} patients a row; percentages")
        print(table.to_string(index=False, float_format=lambda v: f"{v:.1f}"))
    for name, reached, direction, limit in aims(table):
        held = reached <= limit if direction == "at most" else reached >= limit
        print(f"{'held' if held else 'MISSED'}: {name}: {reached:.1f} % ({direction} {limit} %)")
    if figure:
        draw(table, Path(figure))


if __name__ == "__main__":
    main(*(kind(a) for kind, a in zip((int, str), sys.argv[1:], strict=False)))
