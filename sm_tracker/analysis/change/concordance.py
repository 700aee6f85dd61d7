"""Whether skin thickness and a second outcome went the same way under each regimen.

Per therapy period the word over the body sites (or of the only site with one) is held against
that of the outcome. They agree if both got better, both got worse, or both neither. Where one of
the two has no word, the signs of the changes from reading to reading are compared instead.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from sm_tracker.analysis.change.intervals import PERIOD
from sm_tracker.analysis.change.reading_roles import ReadingRoles
from sm_tracker.analysis.change.verdict import BETTER_VERDICTS, WORSE_VERDICTS
from sm_tracker.analysis.kernels import TIE, BoolArray, FloatArray, IntArray
from sm_tracker.domain.tables import THICKNESS, text_of_codes

Direction = Literal["better", "same", "worse"]
DIRECTIONS: tuple[Direction, ...] = ("better", "same", "worse")
_UNKNOWN = len(DIRECTIONS)
_BETTER, _SAME, _WORSE = range(_UNKNOWN)
_WITHOUT_WORD = ("", "too_few_readings")


def directions_of_changes(
    change: npt.ArrayLike, lower_is_better: npt.ArrayLike, least: npt.ArrayLike = 0.0
) -> IntArray:
    """Index into DIRECTIONS of changes in the unit of their measure; past its end for NaN.

    Parameters
    ----------
    change, lower_is_better : array_like
    least : array_like
        Changes up to this size count as the same.
    """
    size = np.asarray(change, dtype="float64")
    gain = np.where(lower_is_better, -size, size)
    limit = np.asarray(least) + TIE
    with np.errstate(invalid="ignore"):
        cases = [np.isnan(size), gain > limit, gain < -limit]
    return np.select(cases, [_UNKNOWN, _BETTER, _WORSE], _SAME)


def directions_of_verdicts(verdict: npt.ArrayLike) -> IntArray:
    """Index into DIRECTIONS of the words of answer B; past its end where there is none."""
    words = np.asarray(verdict, dtype=object)
    cases = [np.isin(words, w) for w in (_WITHOUT_WORD, BETTER_VERDICTS, WORSE_VERDICTS)]
    return np.select(cases, [_UNKNOWN, _BETTER, _WORSE], _SAME)


def concordance_columns(
    columns: Mapping[str, Any],
    over_sites: Mapping[str, Any],
    period: IntArray,
    rows: ReadingRoles,
    decrease: BoolArray,
    directed: BoolArray,
    *,
    thinner_is_better: bool,
) -> dict[str, object]:
    """Columns that compare each outcome of each therapy period with the skin thickness.

    Parameters
    ----------
    columns, over_sites : mapping
        Columns of the rows of `rows`, and of those of level patient.
    period : ndarray of int
        Number of the therapy period of each row of level patient, rising.
    rows : Rows
    decrease, directed : ndarray of bool
        Whether lower is better in each row of `rows`, and whether that is known.
    thinner_is_better : bool

    Returns
    -------
    dict of str to array
        ``thickness_direction``, ``outcome_direction``, ``concordance`` and
        ``concordance_by``, blank in rows that are not of an outcome under a period.
    """
    n = rows.series.size
    by_word, by_sign = (np.full((n, 2), _UNKNOWN) for _ in range(2))
    outcome = np.asarray(columns["measure"]) != THICKNESS
    own = np.flatnonzero((rows.interval.level == PERIOD) & outcome & directed)
    if own.size and period.size:
        at = np.minimum(np.searchsorted(period, rows.interval.source[own]), period.size - 1)
        own, at = (x[period[at] == rows.interval.source[own]] for x in (own, at))
        # The change of the patient level is the median of the sites in per cent.
        median = np.asarray(over_sites["change_pct"], dtype="float64")
        by_word[own, 0] = _words_over_sites(over_sites)[at]
        by_word[own, 1] = directions_of_verdicts(columns["verdict"])[own]
        by_sign[own, 0] = directions_of_changes(median, thinner_is_better)[at]
        change = np.asarray(columns["change_mm"], dtype="float64")
        by_sign[own, 1] = directions_of_changes(change, decrease)[own]
    has_words, has_signs = ((x != _UNKNOWN).all(axis=1) for x in (by_word, by_sign))
    used = np.where(has_words[:, None], by_word, by_sign)
    known = has_words | has_signs
    names = (*DIRECTIONS, "")
    return {
        "thickness_direction": text_of_codes(names, np.where(known, used[:, 0], _UNKNOWN)),
        "outcome_direction": text_of_codes(names, np.where(known, used[:, 1], _UNKNOWN)),
        "concordance": text_of_codes(
            ("", "differ", "agree"), known * (1 + (used[:, 0] == used[:, 1]))
        ),
        "concordance_by": text_of_codes(("", "signs", "words"), known * (1 + has_words)),
    }


def _words_over_sites(over_sites: Mapping[str, Any]) -> IntArray:
    """Direction of the word over the sites, or of the only site with enough readings."""
    several = directions_of_verdicts(over_sites["verdict"])
    better: FloatArray = over_sites["sites_improved"] + over_sites["sites_improved_slightly"]
    single = np.select([better > 0, over_sites["sites_worsened"] > 0], [_BETTER, _WORSE], _SAME)
    return np.where(over_sites["sites_counted"] == 1, single, several)
