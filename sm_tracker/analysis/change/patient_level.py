"""One word over the body sites of a patient, for each therapy period.

"Some site improved" is false too often where many sites are read, so a word needs at least
two sites, and half of those with enough readings, that say the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from sm_tracker.analysis.change.intervals import PERIOD
from sm_tracker.analysis.change.reading_roles import ReadingRoles
from sm_tracker.analysis.change.reasons import VERDICT_REASONS
from sm_tracker.analysis.kernels import FloatArray, IntArray
from sm_tracker.domain.tables import THICKNESS, text_of_codes

FEWEST_SITES = 2
SITE_COUNTS = (
    "sites_counted", "sites_improved", "sites_improved_slightly", "sites_worsened",
    "sites_unchanged",
)  # fmt: skip

_TOO_FEW, _BETTER, _BETTER_SLIGHTLY, _WORSE, _WORSE_SLIGHTLY, _SAME, _UNDECIDED, _MIXED = range(8)
WORDS = (
    "too_few_readings", "improved", "improved_slightly", "worsened", "worsened_slightly",
    "unchanged", "undecided", "mixed",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Counts:
    """How many members of each group have which word."""

    counted: IntArray
    of_word: IntArray

    @classmethod
    def of(cls, group: IntArray, word: IntArray, n_groups: int) -> _Counts:
        cells = np.bincount(group * len(WORDS) + word, minlength=n_groups * len(WORDS))
        table = cells.reshape(n_groups, len(WORDS))
        return cls(table.sum(axis=1) - table[:, _TOO_FEW], table)

    def any_of(self, *words: int) -> IntArray:
        return np.asarray(self.of_word[:, words].sum(axis=1))

    def word(self, *, mixed: bool) -> IntArray:
        """The word of each group of two members or more.

        Where `mixed` is not allowed (series of one site), worsened if any member is.
        """
        need = np.maximum(FEWEST_SITES, self.counted / 2)
        better, worse = self.any_of(_BETTER, _BETTER_SLIGHTLY), self.any_of(_WORSE, _WORSE_SLIGHTLY)
        clear_better, clear_worse = self.any_of(_BETTER), self.any_of(_WORSE)
        if mixed:
            worse_rules = [
                (better > 0) & (worse > 0),
                clear_worse >= need,
                worse >= need,
            ]
            worse_words = [_MIXED, _WORSE, _WORSE_SLIGHTLY]
        else:
            worse_rules = [clear_worse > 0, worse > 0]
            worse_words = [_WORSE, _WORSE_SLIGHTLY]
        none_worse = worse == 0
        return np.select(
            [
                *worse_rules,
                none_worse & (clear_better >= need),
                none_worse & (better >= need),
                self.any_of(_SAME) == self.counted,
            ],
            [*worse_words, _BETTER, _BETTER_SLIGHTLY, _SAME],
            _UNDECIDED,
        )


def patient_rows(
    columns: Mapping[str, Any], rows: ReadingRoles
) -> tuple[dict[str, Any], IntArray, IntArray]:
    """Rows of level ``patient``: one per therapy period, over the body sites.

    Parameters
    ----------
    columns : mapping
        Columns of contract CHANGES by name, in the order of `rows`.
    rows : Rows

    Returns
    -------
    columns : dict
        Those that are not blank; ``change_pct`` is the median over the series with both
        readings.
    head : ndarray of int
        One row of `rows` for each, from which what describes the period can be taken.
    period : ndarray of int
        Number of the period of each row.
    """
    own = np.flatnonzero(
        (rows.interval.level == PERIOD) & (np.asarray(columns["measure"]) == THICKNESS)
    )
    period, first, group = np.unique(
        rows.interval.source[own], return_index=True, return_inverse=True
    )
    sites = _site_words(columns, own, group)
    counts = _Counts.of(sites.group, sites.word, period.size)
    few = counts.counted < FEWEST_SITES
    word = np.where(few, _TOO_FEW, counts.word(mixed=True))
    reason = np.select([few, word == _MIXED, word == _UNDECIDED], [1, 2, 3], 0)
    numbers = (
        counts.counted,
        counts.any_of(_BETTER),
        counts.any_of(_BETTER_SLIGHTLY),
        counts.any_of(_WORSE, _WORSE_SLIGHTLY),
        counts.any_of(_SAME),
    )
    per_cent = np.asarray(columns["change_pct"])[own]
    return (
        {
            "level": _repeated("patient", period.size),
            "change_pct": _medians(per_cent, group, period.size),
            "verdict": text_of_codes(WORDS, word),
            "verdict_reason": _reason_texts(reason, counts.counted),
            "verdict_reason_code": text_of_codes(_REASONS, reason),
            "answer": _repeated("phases", period.size),
            "measure": _repeated(THICKNESS, period.size),
            "unit": _repeated("mm", period.size),
            **dict(zip(SITE_COUNTS, numbers, strict=True)),
        },
        own[first],
        period,
    )


_REASONS = ("", "too_few_sites", "sites_differ", "sites_undecided")


def _repeated(word: str, n: int) -> pd.api.extensions.ExtensionArray:
    return text_of_codes([word], np.zeros(n, dtype="int64"))


@dataclass(frozen=True, slots=True)
class _SiteWords:
    """One word for each body site of each group."""

    group: IntArray
    word: IntArray


def _site_words(columns: Mapping[str, Any], own: IntArray, group: IntArray) -> _SiteWords:
    """Word of each body site; one with several series follows the rule of several sites."""
    series_word = pd.Index(WORDS).get_indexer(pd.Index(columns["verdict"].take(own)))
    # A direction that is not known has no word, like too few readings.
    series_word = np.where(series_word < 0, _TOO_FEW, series_word)
    site, names = pd.factorize(columns["site"].take(own))
    place, at = np.unique(group * max(len(names), 1) + site, return_inverse=True)
    counts = _Counts.of(at, series_word, place.size)
    alone = counts.counted <= 1
    single = np.zeros(place.size, dtype="int64")
    np.maximum.at(single, at, series_word)
    word = np.where(alone, single, counts.word(mixed=False))
    return _SiteWords(place // max(len(names), 1), word)


def _medians(values: FloatArray, group: IntArray, n_groups: int) -> FloatArray:
    """Median of the known values of each group, NaN where there is none."""
    known = np.isfinite(values)
    order = np.lexsort((values[known], group[known]))
    ordered, n = values[known][order], np.bincount(group[known], minlength=n_groups)
    first = np.cumsum(n) - n
    medians = np.full(n_groups, np.nan)
    some = n > 0
    low, high = (first + (n - 1) // 2)[some], (first + n // 2)[some]
    medians[some] = (ordered[low] + ordered[high]) / 2
    return medians


def _reason_texts(reason: IntArray, counted: IntArray) -> pd.api.extensions.ExtensionArray:
    code = reason * FEWEST_SITES + np.minimum(counted, FEWEST_SITES - 1)
    texts = [
        VERDICT_REASONS[name].format(sites=n) for name in _REASONS for n in range(FEWEST_SITES)
    ]
    return text_of_codes(texts, code)
