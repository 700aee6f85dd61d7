"""Measurement error from a clinic's own paired repeat visits.

Two visits of one series that lie close together, with no reason for a change between
them, differ by measurement error only. From such pairs: the standard error of
measurement, the Bland-Altman limits, an intraclass correlation, and whether the error
grows with the value. Formulas and references are in docs/methods.md.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pandas as pd

from sm_tracker.analysis.kernels import normal_quantile, t_quantile
from sm_tracker.domain.settings import ErrorSetting
from sm_tracker.domain.tables import VISITS, Column, Table, completed_table
from sm_tracker.errors import ColumnError, SettingError, TooFewReadings
from sm_tracker.languages import Message

FloatArray = npt.NDArray[np.float64]

FEWEST_PAIRS = 3
ENOUGH_PAIRS = 20

REPEAT_PAIRS = Table(
    name="repeat pairs",
    grain="one row per pair of visits of one series without a change expected between them",
    columns={
        "patient_id": Column(kind="text", meaning="pseudonymous patient code", required=True),
        "site": Column(kind="text", meaning="body site", required=True),
        "side": Column(kind="text", meaning="side of the body"),
        "layer": Column(kind="text", meaning="layer measured"),
        "device": Column(kind="text", meaning="device"),
        "frequency_mhz": Column(kind="number", meaning="probe frequency, MHz"),
        "first_t": Column(kind="number", meaning="day of the first visit"),
        "second_t": Column(kind="number", meaning="day of the second visit"),
        "first_mm": Column(kind="number", meaning="first visit value, mm", required=True),
        "second_mm": Column(kind="number", meaning="second visit value, mm", required=True),
        "examiner_changed": Column(kind="flag", meaning="other examiner or device setting"),
    },
)


@dataclass(frozen=True, slots=True)
class Range:
    """A number with its interval; NaN where it cannot be computed."""

    value: float
    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Repeatability:
    """What paired repeat visits of one site and device say about measurement error.

    Attributes
    ----------
    site, device : str
        Blank where the pairs are not of one site or device only.
    n_pairs, n_patients : int
    bias_mm : Range
        Mean of second minus first.
    sd_of_differences_mm : float
    lower_limit_mm, upper_limit_mm : Range
        Bland-Altman limits of agreement (95 %), each with its own interval.
    sem_mm : Range
        Standard error of measurement: SD of differences / sqrt(2).
    sem_fraction : float
        Within-visit coefficient of variation, root mean square.
    icc : Range
        ICC(2,1): two-way random effects, absolute agreement, single value.
    growth : Range
        Slope of the absolute difference on the mean of the pair.
    grows_with_value : bool
        The interval of `growth` lies above zero.
    mean_mm, difference_mm : ndarray, shape (n_pairs,)
        For the Bland-Altman plot.
    lowest_mm : float
        Lowest mean of a pair.
    warnings : tuple of Message
    confidence : float
    """

    site: str
    device: str
    n_pairs: int
    n_patients: int
    bias_mm: Range
    sd_of_differences_mm: float
    lower_limit_mm: Range
    upper_limit_mm: Range
    sem_mm: Range
    sem_fraction: float
    icc: Range
    growth: Range
    grows_with_value: bool
    lowest_mm: float
    warnings: tuple[Message, ...]
    confidence: float
    mean_mm: FloatArray = field(repr=False, compare=False)
    difference_mm: FloatArray = field(repr=False, compare=False)

    @property
    def mdc95_mm(self) -> float:
        """Smallest change between two visits beyond error: 1.96 sqrt(2) SEM  [mm]."""
        return 1.96 * float(np.sqrt(2)) * self.sem_mm.value

    def proposal(self, year: int) -> ErrorSetting:
        """The pairs as a setting of measurement error, with its source.

        Where the error grows with the value, SEM is proposed as a fraction of the value,
        with a floor at the lowest value seen; otherwise as one number of millimetres.

        Parameters
        ----------
        year : int
            Of the last pair; part of the source text.

        Raises
        ------
        SettingError
            If all pairs agree exactly: no device repeats without any error, so the values
            were rounded or copied.
        """
        if not self.sem_mm.value > 0:
            raise SettingError(
                "The paired visits agree exactly",
                where="repeat pairs",
                why="a measurement error of zero would call every change real",
                fix="check whether values were rounded or copied; give more pairs",
            )
        words = Message("own paired visits, {n} pairs, {year}", n=self.n_pairs, year=year)
        if self.n_pairs < ENOUGH_PAIRS:
            words = Message(
                "own paired visits, {n} pairs (fewer than {enough}), {year}",
                n=self.n_pairs,
                enough=ENOUGH_PAIRS,
                year=year,
            )
        source = str(words)
        if self.grows_with_value:
            floor, fraction = self.sem_fraction * self.lowest_mm, self.sem_fraction
        else:
            floor, fraction = self.sem_mm.value, 0.0
        return ErrorSetting(
            sem_mm=round(floor, 4),
            sem_fraction=round(fraction, 4),
            source=source,
            site=self.site,
            device=self.device,
        )


def repeat_pairs(visits: pd.DataFrame, *, within_days: float = 14) -> pd.DataFrame:
    """Pair neighbouring visits of one series that lie close together.

    Parameters
    ----------
    visits : DataFrame
        Contract VISITS. Visits without a value take no part.
    within_days : float  [days]
        Longest time between the visits of a pair.

    Returns
    -------
    DataFrame
        Contract :data:`REPEAT_PAIRS`. Each visit is in one pair at most: of three close
        visits the first two are paired.

    Notes
    -----
    Closeness does not prove that nothing changed; leave out visits around a change of
    therapy, or give the pairs yourself (:func:`explicit_pairs`).
    """
    if not 0 < within_days < np.inf:
        raise SettingError(
            Message("within_days is {within_days}", within_days=within_days),
            where="within_days",
            why="two visits of a pair lie some days apart",
            fix="give a number of days above zero",
        )
    table = completed_table(visits, VISITS)
    usable = (table["state"] == "ok") & np.isfinite(table["value_mm"])
    table = table[usable].sort_values(["series_id", "t"], kind="stable")
    series, t = table["series_id"].to_numpy(), table["t"].to_numpy()
    close = (np.diff(series) == 0) & (np.diff(t) > 0) & (np.diff(t) <= within_days)
    first = table.iloc[_disjoint(close)]
    second = table.iloc[_disjoint(close) + 1]
    pairs = first[["patient_id", "site", "side", "layer", "device", "frequency_mhz"]].copy()
    pairs["first_t"], pairs["second_t"] = first["t"], second["t"].to_numpy()
    pairs["first_mm"], pairs["second_mm"] = first["value_mm"], second["value_mm"].to_numpy()
    pairs["examiner_changed"] = (second["break_before"] != "").to_numpy()
    return completed_table(pairs, REPEAT_PAIRS).reset_index(drop=True)


def _disjoint(close: npt.NDArray[np.bool_]) -> npt.NDArray[np.int64]:
    """Positions of pairs from the left, so that no visit is in two of them."""
    here = np.arange(close.size)
    last_gap = np.maximum.accumulate(np.where(close, -1, here)) if close.size else here
    return np.flatnonzero(close & ((here - last_gap) % 2 == 1))


def explicit_pairs(pairs: pd.DataFrame) -> pd.DataFrame:
    """Check a table of pairs that a clinic gives.

    Parameters
    ----------
    pairs : DataFrame
        patient_id, site, first_mm and second_mm, and any other column of
        :data:`REPEAT_PAIRS`. Rows with a blank value are left out.

    Raises
    ------
    ColumnError
        If a column is missing, or a value is not a thickness above zero; with the rows.
    """
    table = completed_table(pairs, REPEAT_PAIRS)
    values = table[["first_mm", "second_mm"]].to_numpy()
    wrong = ((values <= 0) | np.isinf(values)).any(axis=1)
    if wrong.any():
        rows = ", ".join(str(r + 2) for r in np.flatnonzero(wrong)[:10])
        raise ColumnError(
            "A pair holds a value that is not a thickness",
            where=Message("repeat pairs, row {rows}", rows=rows),
            why="a thickness is above zero",
            fix="correct the value, or leave the cell blank",
        )
    kept: pd.DataFrame = table[np.isfinite(values).all(axis=1)].reset_index(drop=True)
    return kept


def repeatability(pairs: pd.DataFrame, *, confidence: float = 0.95) -> Repeatability:
    """Measurement error of a set of pairs.

    Parameters
    ----------
    pairs : DataFrame
        Contract :data:`REPEAT_PAIRS`.
    confidence : float
        Level of the intervals; the limits of agreement are always the 95 % limits.

    Raises
    ------
    TooFewReadings
        With fewer than three pairs.

    References
    ----------
    Bland JM, Altman DG (1986). Lancet 327:307-310; (1999). Stat Methods Med Res 8:135-160.
    McGraw KO, Wong SP (1996). Psychological Methods 1:30-46.
    """
    first = pairs["first_mm"].to_numpy(dtype="float64")
    second = pairs["second_mm"].to_numpy(dtype="float64")
    n = first.size
    if n < FEWEST_PAIRS:
        raise TooFewReadings(
            Message.counted(
                "{n} repeat pair: too few to judge measurement error",
                "{n} repeat pairs: too few to judge measurement error",
                n=n,
            ),
            why=Message(
                "the spread of differences needs {needed} pairs, better {enough}",
                needed=FEWEST_PAIRS,
                enough=ENOUGH_PAIRS,
            ),
            fix="measure more sites or patients twice within a few days",
        )
    difference, mean = second - first, (first + second) / 2
    sd = float(difference.std(ddof=1)) if np.ptp(difference) > 1e-9 else 0.0
    growth = _growth(np.abs(difference), mean, confidence)
    bias = _mean_with_interval(difference, sd, confidence)
    n_patients = int(pairs["patient_id"].nunique())
    low, high = _limits_of_agreement(bias.value, sd, n, confidence)
    grows = growth.low > 0
    return Repeatability(
        site=only_name(pairs["site"]),
        device=only_name(pairs["device"]),
        n_pairs=n,
        n_patients=n_patients,
        bias_mm=bias,
        sd_of_differences_mm=sd,
        lower_limit_mm=low,
        upper_limit_mm=high,
        sem_mm=sd_interval(sd / np.sqrt(2), n - 1, confidence),
        sem_fraction=float(np.sqrt(np.mean(difference**2 / (2 * mean**2)))),
        icc=icc_agreement(np.column_stack([first, second]), confidence=confidence),
        growth=growth,
        grows_with_value=grows,
        lowest_mm=float(mean.min()),
        warnings=_warnings(pairs, bias, grows, n_patients),
        confidence=confidence,
        mean_mm=mean,
        difference_mm=difference,
    )


def repeatability_by_site_and_device(
    pairs: pd.DataFrame, *, confidence: float = 0.95
) -> tuple[Repeatability, ...]:
    """Measurement error of each site and device that has three pairs or more, by name."""
    groups = pairs.groupby(["site", "device"], sort=True)
    return tuple(
        repeatability(group, confidence=confidence)
        for _, group in groups
        if len(group) >= FEWEST_PAIRS
    )


def only_name(names: pd.Series) -> str:
    """The name that all rows share, or blank."""
    return str(names.iloc[0]) if names.nunique() == 1 else ""


def _mean_with_interval(values: FloatArray, sd: float, confidence: float) -> Range:
    half = float(t_quantile(values.size - 1, confidence)) * sd / np.sqrt(values.size)
    mean = float(values.mean())
    return Range(mean, float(mean - half), float(mean + half))


def _limits_of_agreement(bias: float, sd: float, n: int, confidence: float) -> tuple[Range, Range]:
    z = normal_quantile(0.95)
    half = float(t_quantile(n - 1, confidence)) * sd * np.sqrt(1 / n + z**2 / (2 * (n - 1)))
    lower, upper = (
        Range(limit, float(limit - half), float(limit + half))
        for limit in (bias - z * sd, bias + z * sd)
    )
    return lower, upper


def sd_interval(sd: float, freedom: int, confidence: float) -> Range:
    """A standard deviation with its chi-square interval."""
    from scipy.special import chdtri

    tail = (1 - confidence) / 2
    low, high = (sd * np.sqrt(freedom / chdtri(freedom, p)) for p in (tail, 1 - tail))
    return Range(float(sd), float(low), float(high))


def _growth(size: FloatArray, mean: FloatArray, confidence: float) -> Range:
    n = size.size
    off = mean - mean.mean()
    across = float((off**2).sum())
    if n < FEWEST_PAIRS or across <= 1e-18 * n:
        return Range(np.nan, np.nan, np.nan)
    slope = float((off * size).sum() / across)
    left = size - size.mean() - slope * off
    se = np.sqrt((left**2).sum() / (n - 2) / across)
    half = float(t_quantile(n - 2, confidence)) * se
    return Range(slope, float(slope - half), float(slope + half))


def _warnings(
    pairs: pd.DataFrame, bias: Range, grows: bool, n_patients: int
) -> tuple[Message, ...]:
    n = len(pairs)
    found = []
    if n < ENOUGH_PAIRS:
        found.append(
            Message(
                "{n} pairs: fewer than {enough}, the error is known roughly only",
                n=n,
                enough=ENOUGH_PAIRS,
            )
        )
    if n_patients < n:
        found.append(
            Message.counted(
                "{pairs} pairs of {n} patient: pairs of one patient are not independent, the "
                "intervals are too narrow",
                "{pairs} pairs of {n} patients: pairs of one patient are not independent, the "
                "intervals are too narrow",
                n=n_patients,
                pairs=n,
            )
        )
    if bias.low > 0 or bias.high < 0:
        found.append(
            Message(
                "second visits read {mm:+.2f} mm against first ones: a shift is not part of the "
                "SEM",
                mm=bias.value,
            )
        )
    if grows:
        found.append(
            Message("differences grow with the value: the error is proposed as a fraction")
        )
    if pairs["examiner_changed"].any():
        found.append(
            Message("some pairs have another examiner or device setting at the second visit")
        )
    return tuple(found)


def icc_agreement(ratings: npt.ArrayLike, *, confidence: float = 0.95) -> Range:
    """ICC(2,1): two-way random effects, absolute agreement, of a single value.

    Also written ICC(A,1). Says how well visits tell people apart; it grows with the
    spread between people and is not measurement error.

    Parameters
    ----------
    ratings : array_like, shape (n_subjects, n_occasions)
    confidence : float

    Returns
    -------
    Range
        Empty where subjects and occasions do not vary at all.

    References
    ----------
    Shrout PE, Fleiss JL (1979). Psychological Bulletin 86:420-428. McGraw KO, Wong SP
    (1996). Psychological Methods 1:30-46, table 7.
    """
    from scipy.special import fdtri

    x = np.asarray(ratings, dtype="float64")
    n, k = x.shape
    rows, columns = x.mean(axis=1), x.mean(axis=0)
    between = k * float(((rows - x.mean()) ** 2).sum()) / (n - 1)
    occasion = n * float(((columns - x.mean()) ** 2).sum()) / (k - 1)
    left = x - rows[:, None] - columns[None, :] + x.mean()
    error = float((left**2).sum()) / ((n - 1) * (k - 1))
    whole = between + (k - 1) * error + k * (occasion - error) / n
    if whole <= 1e-18:
        return Range(np.nan, np.nan, np.nan)
    icc = (between - error) / whole
    if error <= 1e-18 and occasion <= 1e-18:
        return Range(1.0, np.nan, np.nan)
    a = k * icc / (n * (1 - icc))
    b = 1 + k * icc * (n - 1) / (n * (1 - icc))
    v = (a * occasion + b * error) ** 2 / (
        (a * occasion) ** 2 / (k - 1) + (b * error) ** 2 / ((n - 1) * (k - 1))
    )
    upper = (1 + confidence) / 2
    f_low, f_high = fdtri(n - 1, v, upper), fdtri(v, n - 1, upper)
    spread = k * occasion + (k * n - k - n) * error
    low = n * (between - f_low * error) / (f_low * spread + n * between)
    high = n * (f_high * between - error) / (spread + n * f_high * between)
    return Range(float(icc), float(low), float(high))
