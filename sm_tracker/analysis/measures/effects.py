"""The effect-size table: labelled phases in, one row per contrast and measure out."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from sm_tracker.analysis.measures.effects_catalogue import (
    ContrastMeasure,
    PhaseMeasure,
    contrast_measures,
    phase_measures,
)
from sm_tracker.analysis.measures.effects_input import IntArray, PhaseRuns, phase_runs
from sm_tracker.analysis.measures.effects_models import MODEL_MEASURES, model_rows
from sm_tracker.analysis.measures.phase_pairs import Estimate, PhasePair, TextArray
from sm_tracker.analysis.measures.trend import Phase
from sm_tracker.domain.tables import require_frame
from sm_tracker.errors import SettingError
from sm_tracker.languages import Message

EFFECT_COLUMNS: tuple[str, ...] = (
    "dataset",
    "case_id",
    "phase_a",
    "phase_b",
    "measure",
    "estimate",
    "se",
    "ci_lower",
    "ci_upper",
    "settings",
    "reason",
)
NUMBERS = ("estimate", "se", "ci_lower", "ci_upper")
OUT_OF_RANGE = "the numbers are beyond what the computer can hold"
LARGEST_BLOCK = 2_000_000
"""Pairs of readings held at once: bounds the memory of large groups of series."""


@dataclass(frozen=True, slots=True)
class _Block:
    """Rows of one measure: sort keys, runs, settings and estimate."""

    section: int
    item: IntArray
    measure_rank: int
    measure: str
    reference: IntArray
    under: IntArray
    settings: TextArray
    result: Estimate


def effect_sizes(
    series: pd.DataFrame,
    *,
    measures: Collection[str] | None = None,
    variants: bool = False,
    confidence: float = 0.95,
) -> pd.DataFrame:
    """Effect sizes of each phase against the one before and against the first.

    Parameters
    ----------
    series : DataFrame
        One row per reading: dataset, case_id, session, phase, outcome, direction; see
        :func:`~sm_tracker.analysis.measures.effects_input.phase_runs`.
    measures : collection of str, optional
        Names of :func:`measure_names`; all of them if not given.
    variants : bool
        With other published formulas of the same measures, told apart by `settings` and
        sorted after the usual rows.
    confidence : float
        Level of every interval.

    Returns
    -------
    DataFrame
        Columns :data:`EFFECT_COLUMNS`; for each series its contrasts, then its phases
        (blank ``phase_b``), then its piecewise models. A number that cannot be computed is
        NaN with the `reason` in words; nothing is infinite.

    Raises
    ------
    ColumnError
        If the table cannot be read as labelled phases; with the rows.
    SettingError
        If a measure is unknown, or the confidence is not between 0.5 and 1.
    """
    if not 0.5 <= confidence < 1:
        raise SettingError(
            Message("confidence is {confidence}", confidence=confidence),
            where="confidence",
            why="an interval needs a level from 0.5 to below 1",
            fix="for 95 per cent give 0.95",
        )
    require_frame(series, "labelled phases")
    wanted = _wanted(measures)
    runs = phase_runs(series)
    reference, under = runs.contrasts()
    with np.errstate(over="ignore", invalid="ignore", divide="ignore"):
        blocks = [
            *_contrast_blocks(
                runs,
                reference,
                under,
                [m for m in contrast_measures(confidence, variants=variants) if m.name in wanted],
                confidence,
            ),
            *_phase_blocks(runs, [m for m in phase_measures(confidence) if m.name in wanted]),
            *_model_blocks(runs, confidence, wanted & set(MODEL_MEASURES)),
        ]
    return _table(runs, blocks)


def measure_names() -> tuple[str, ...]:
    """Names of all measures, in the order of the table."""
    contrast = [m.name for m in contrast_measures(0.95, variants=True)]
    one = [m.name for m in phase_measures(0.95)]
    return tuple(dict.fromkeys([*contrast, *one, *MODEL_MEASURES]))


def _wanted(measures: Collection[str] | None) -> set[str]:
    known = measure_names()
    if measures is None:
        return set(known)
    unknown = sorted(set(measures) - set(known))
    if unknown:
        raise SettingError(
            Message("There is no measure {unknown!r}", unknown=unknown[0]),
            where="measures",
            why="no measure has that name",
            fix=Message("use one of {names}", names=", ".join(known)),
        )
    return set(measures)


def _groups(*lengths: IntArray) -> Iterator[IntArray]:
    """Items of equal lengths together, in blocks that fit into memory."""
    if lengths[0].size == 0:
        return
    keys = np.column_stack(lengths)
    _, code = np.unique(keys, axis=0, return_inverse=True)
    order = np.argsort(code.ravel(), kind="stable")
    edges = np.flatnonzero(np.diff(code.ravel()[order])) + 1
    for group in np.split(order, edges):
        readings = int(keys[group[0]].sum())
        step = max(1, LARGEST_BLOCK // max(readings * readings, 1))
        for at in range(0, group.size, step):
            yield group[at : at + step]


def _window(runs: PhaseRuns, chosen: IntArray) -> IntArray:
    length = int(runs.n[chosen[0]])
    return runs.start[chosen, None] + np.arange(length)


def _contrast_blocks(
    runs: PhaseRuns,
    reference: IntArray,
    under: IntArray,
    measures: list[ContrastMeasure],
    confidence: float,
) -> Iterator[_Block]:
    n = runs.n
    for items in _groups(n[reference], n[under]) if measures else ():
        first, second = _window(runs, reference[items]), _window(runs, under[items])
        direction = runs.improvement[runs.series[under[items]]]
        pair = PhasePair(
            runs.value[first], runs.value[second], direction, runs.t[first], runs.t[second]
        )
        for rank, measure in enumerate(measures):
            result = measure.kernel(pair)
            settings = _contrast_settings(measure, direction, result)
            yield _Block(
                0, items, rank, measure.name, reference[items], under[items], settings, result
            )


def _contrast_settings(
    measure: ContrastMeasure, direction: TextArray, result: Estimate
) -> TextArray:
    if measure.with_t_test:
        return _t_test_settings(measure.settings, result)
    texts = {word: measure.settings.format(improvement=word) for word in set(direction)}
    return np.array([texts[word] for word in direction], dtype=object)


def _t_test_settings(settings: str, result: Estimate) -> TextArray:
    from scipy.special import stdtr

    assert result.df is not None
    p = 2 * stdtr(result.df, -np.abs(result.estimate / result.se))
    return np.array(
        [
            f"{settings};df={df:11.10g};p={each:11.10g}"
            if np.isfinite(low)
            else f"{settings};note=no interval: too few or constant data"
            for df, each, low in zip(result.df, p, result.ci_lower, strict=True)
        ],
        dtype=object,
    )


def _phase_blocks(runs: PhaseRuns, measures: list[PhaseMeasure]) -> Iterator[_Block]:
    for items in _groups(runs.n) if measures else ():
        index = _window(runs, items)
        phase = Phase(runs.value[index], runs.t[index])
        nowhere = np.full(items.size, -1)
        for rank, measure in enumerate(measures):
            settings = np.full(items.size, measure.settings, dtype=object)
            yield _Block(
                1, items, rank, measure.name, items, nowhere, settings, measure.kernel(phase)
            )


def _model_blocks(runs: PhaseRuns, confidence: float, wanted: set[str]) -> Iterator[_Block]:
    for which in range(runs.dataset.size) if wanted else ():
        rows = list(model_rows(runs, which, confidence, wanted))
        for rank, row in enumerate(rows):
            estimate, se, low, high = (np.array([number]) for number in row.numbers)
            yield _Block(
                2,
                np.zeros(1, dtype="int64"),
                rank,
                row.measure,
                np.array([row.reference]),
                np.array([row.under]),
                np.array([row.settings], dtype=object),
                Estimate(estimate, se, low, high, np.array([row.reason], dtype=object)),
            )


def _table(runs: PhaseRuns, blocks: list[_Block]) -> pd.DataFrame:
    if not blocks:
        return _typed({name: [] for name in EFFECT_COLUMNS})
    size = [b.reference.size for b in blocks]
    reference = np.concatenate([b.reference for b in blocks])
    under = np.concatenate([b.under for b in blocks])
    of_series = runs.series[reference]
    order = np.lexsort(
        (
            np.repeat([b.measure_rank for b in blocks], size),
            np.concatenate([b.item for b in blocks]),
            np.repeat([b.section for b in blocks], size),
            of_series,
        )
    )
    numbers = {n: np.concatenate([getattr(b.result, n) for b in blocks]) for n in NUMBERS}
    reason = np.concatenate([b.result.reason for b in blocks])
    lost = ~np.isfinite(numbers["estimate"]) & (reason == "")
    columns = {
        "dataset": runs.dataset[of_series],
        "case_id": runs.case_id[of_series],
        "phase_a": runs.label[reference],
        "phase_b": np.where(under < 0, "", runs.label[under]),
        "measure": np.repeat(np.array([b.measure for b in blocks], dtype=object), size),
        # Adding zero turns -0 into 0.
        **{n: np.where(np.isfinite(v), v + 0.0, np.nan) for n, v in numbers.items()},
        "settings": np.concatenate([b.settings for b in blocks]),
        "reason": np.where(lost, OUT_OF_RANGE, reason),
    }
    return _typed({name: columns[name][order] for name in EFFECT_COLUMNS})


def _typed(columns: Mapping[str, npt.ArrayLike]) -> pd.DataFrame:
    kinds = {name: "float64" if name in NUMBERS else "str" for name in EFFECT_COLUMNS}
    return pd.DataFrame(columns).astype(kinds)
