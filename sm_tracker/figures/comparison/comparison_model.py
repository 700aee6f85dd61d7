"""The comparison of periods as plain frozen values, before anything is drawn."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from sm_tracker.domain.series_key import SeriesKey
from sm_tracker.figures.page.values import AxisKind, FigureRow, Tick, Unit
from sm_tracker.languages import Language

Sign = Literal["thinner", "slightly_thinner", "neither", "slightly_thicker", "thicker"]
"""What the mark of a row says: its one word by direction and size."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparisonView:
    """What of a patient's periods is compared, and how.

    Attributes
    ----------
    patient_id : str
        Chooses the rows; it never appears in the figure.
    focus : SeriesKey or None
        First column, and the one that ``order="change"`` sorts by; None takes the series
        with most readings.
    unit : {"mm", "percent"}
        Per cent of the baseline of each pair.
    order : {"newest", "oldest", "change"}
        "change" puts the largest thinning first, rows without a change last.
    combinations, untreated : bool
        Rows for exposure states in which several periods ran, and for untreated stretches.
    axis, day_zero
        As in the timeline's view; with "days" no date appears.
    shown : tuple of SeriesKey or None
        Columns; None shows all.
    outcome : str
        The second outcome compared, in place of the skin; blank for the skin.
    remark : str
    language : {"en", "de", "fr"}
    """

    patient_id: str
    focus: SeriesKey | None = None
    unit: Unit = "mm"
    order: Literal["newest", "oldest", "change"] = "newest"
    combinations: bool = False
    untreated: bool = False
    axis: AxisKind = "dates"
    day_zero: float | str | None = None
    shown: tuple[SeriesKey, ...] | None = None
    outcome: str = ""
    remark: str = ""
    language: Language = "en"

    def __post_init__(self) -> None:
        if self.shown is not None:  # a list serves as well, but what was laid out is kept by it
            object.__setattr__(self, "shown", tuple(self.shown))


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparisonCell:
    """One period at one site. Without a change `reason` says why.

    `word` is the one word of the row, `sign` its mark; `low` and `high` are the limits of
    the error band around the baseline, as distances from it; `mean`, `mean_low`,
    `mean_high` compare all readings where there are enough.
    """

    sign: Sign
    word: str
    change: float | None
    low: float | None
    high: float | None
    mean: float | None
    mean_low: float | None
    mean_high: float | None
    text: str
    reason: str
    hover: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparisonRow:
    """One period, combination, untreated stretch or course, with a cell for each column.

    `over_sites` is the word over the body sites, blank where there is one site.
    """

    key: str
    level: str
    name: str
    when: str
    over_sites: str
    cells: tuple[ComparisonCell | None, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparisonModel:
    """Everything that a renderer needs to compare the periods of one patient."""

    columns: tuple[str, ...]
    rows: tuple[ComparisonRow, ...]
    low: float
    high: float
    ticks: tuple[Tick, ...]
    unit: str
    axis_words: tuple[str, str]
    """What lies left and right of zero: thinner, thicker."""
    key: tuple[tuple[str, str], ...]
    """Signs that are drawn, with their words; ``band`` and ``mean`` beside those of Sign."""
    notes: tuple[str, ...]
    abbreviations: str
    alt: str
    table: tuple[FigureRow, ...]
    language: Language
    of_outcome: bool = False
    """Whether a second outcome is compared instead of the skin."""
