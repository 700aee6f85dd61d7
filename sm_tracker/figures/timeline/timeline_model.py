"""The timeline figure as plain frozen values, before anything is drawn.

Places on the time axis (`x`) are days: since 1970-01-01 on a date axis, else from the
chosen day zero. With day numbers nothing in the model holds a calendar date.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from sm_tracker.domain.series_key import SeriesKey
from sm_tracker.figures.page.values import AxisKind, FigureRow, Tick, Unit
from sm_tracker.languages import Language

Arrangement = Literal["together", "by_site"]

OPEN_SHARE = 0.008
"""How far the tint of an ongoing period reaches past the last reading, as a share of time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TimelineView:
    """What of a patient's timeline is shown, and how.

    Attributes
    ----------
    patient_id : str
        Chooses the rows; it never appears in the figure.
    focus : SeriesKey or None
        Series in focus.
    focus_site, focus_side : str
        Where `focus` is None: the site whose first series is in focus; blank takes the site
        measured most often.
    focus_outcome : str
        Outcome in focus, drawn large where the patient has no reading of thickness; blank
        for none.
    focus_period_id : str
        Therapy period in focus, with its error band; blank for none.
    axis : {"dates", "days"}
        Calendar dates, or whole days from `day_zero` with no date anywhere in the figure.
    day_zero : float, str or None
        Day on the patient's axis, a ``period_id`` for its start, or None for the first
        reading.
    unit : {"mm", "percent"}
        Per cent of the baseline before the period in focus, or of the first reading where
        no period is in focus.
    arrangement : {"together", "by_site"}
        All sites in one panel, or a panel for each.
    shown : tuple of SeriesKey or None
        Series shown beside that in focus; None shows all.
    outcomes : tuple of str or None
        Second outcomes shown; None shows all.
    show_error_band : bool
    hidden_regimens : tuple of str
        Regimens whose lanes are left out; a note says so.
    show_events : bool
        Whether events have a lane.
    from_zero : bool
        Whether axes of values begin at zero.
    remark : str
        Closing sentence of the notes, for example that the patient is synthetic.
    language : {"en", "de", "fr"}
    """

    patient_id: str
    focus: SeriesKey | None = None
    focus_site: str = ""
    focus_side: str = ""
    focus_outcome: str = ""
    focus_period_id: str = ""
    axis: AxisKind = "dates"
    day_zero: float | str | None = None
    unit: Unit = "mm"
    arrangement: Arrangement = "together"
    shown: tuple[SeriesKey, ...] | None = None
    outcomes: tuple[str, ...] | None = None
    show_error_band: bool = True
    hidden_regimens: tuple[str, ...] = ()
    show_events: bool = True
    from_zero: bool = False
    remark: str = ""
    language: Language = "en"

    def __post_init__(self) -> None:
        # A list is as good as a tuple to whoever writes a view, but what was drawn is kept by it.
        for name in ("shown", "outcomes", "hidden_regimens"):
            given = getattr(self, name)
            object.__setattr__(self, name, given if given is None else tuple(given))


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """One visit value. `n_text` is blank where n is the usual one."""

    x: float
    y: float
    n: int
    n_text: str
    hover: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CensoredMark:
    """A reading known only to lie above or below a limit `y`."""

    x: float
    y: float
    above: bool
    text: str
    hover: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DoubtfulMark:
    """A value in open doubt: hollow, with a question mark, joined to nothing.

    `value` is what was read. A value far from the others is drawn at the edge of its panel, at
    `y`, so that it does not press the others together.
    """

    x: float
    y: float
    value: float
    text: str
    hover: tuple[str, ...]
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class UnreadableMark:
    """A visit without a value, marked at the foot of its panel."""

    x: float
    text: str
    hover: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """One series: its points, which of them are joined, and its marks.

    `runs` are half-open stretches of `points` joined by the site's line; `joints` are
    indices k where a dotted line joins point k - 1 to k across a change of examiner or
    device setting, or a visit without a value. What is in neither is a gap of more than a year.
    """

    name: str
    label: str
    style: int
    focus: bool
    points: tuple[Point, ...]
    runs: tuple[tuple[int, int], ...]
    joints: tuple[int, ...]
    censored: tuple[CensoredMark, ...] = ()
    doubtful: tuple[DoubtfulMark, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Band:
    """Limits beyond which a reading differs from the baseline by more than its error.

    A limit is None where no value is beyond the error. `past` tells that readings follow
    after the period, so that its words cannot stand at the right end.
    """

    baseline: float
    low: float | None
    high: float | None
    start: float
    end: float
    open_end: bool
    past: bool
    past_text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EndLabel:
    """Words at the right end of a panel; `short` where room is short."""

    y: float
    name: str
    value: str
    short: str = ""
    kind: Literal["focus", "context", "limit"] = "context"


@dataclass(frozen=True, slots=True)
class BreakLine:
    """A dashed vertical line where something about the measuring changed."""

    x: float
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Panel:
    """One stacked panel with its own y axis.

    `main` marks the outcome that a figure without any thickness is about.
    """

    kind: Literal["thickness", "outcome"]
    title: str
    unit: str
    subtitle: str
    low: float
    high: float
    ticks: tuple[Tick, ...]
    decimals: int
    curves: tuple[Curve, ...]
    unreadable: tuple[UnreadableMark, ...] = ()
    rules: tuple[BreakLine, ...] = ()
    band: Band | None = None
    end_labels: tuple[EndLabel, ...] = ()
    starts_above_zero: bool = False
    empty_text: str = ""
    main: bool = False

    @property
    def beside(self) -> bool:
        """Whether it is drawn small, beside what the figure is about."""
        return self.kind == "outcome" and not self.main


@dataclass(frozen=True, slots=True, kw_only=True)
class Session:
    """One session of a period."""

    x: float
    hover: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """One therapy period in its lane.

    It possibly ran from `start` to `end`; the outlined bar stands between the middles of
    the stretches in which it began and ended, which are the exact days where these are
    known. Of a limit known from tags (`from_tags`) it reaches to the first or last tagged
    reading. `labels` are its words from long to short.
    """

    period_id: str
    regimen: str
    name: str
    start: float
    end: float
    middle_start: float
    middle_end: float
    end_status: Literal["ended", "ongoing", "unknown"]
    focus: bool
    labels: tuple[str, ...]
    hover: tuple[str, ...]
    sessions: tuple[Session, ...] = ()
    from_tags: bool = False

    @property
    def approximate(self) -> bool:
        """Whether a limit is not known to the day."""
        return self.start != self.middle_start or self.end != self.middle_end


@dataclass(frozen=True, slots=True, kw_only=True)
class Lane:
    """One row of the therapy panel: a regimen's periods that do not overlap."""

    name: str
    regimen: str
    focus: bool
    bars: tuple[Bar, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class EventMark:
    """One event at `x`, the middle of the days from `low` to `high` on which it may have been.

    `labels` are its words from long to short.
    """

    kind: str
    x: float
    low: float
    high: float
    labels: tuple[str, ...]
    kind_text: str
    when_text: str
    hover: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeAxis:
    """The shared time axis; `title` says what day numbers count from."""

    kind: AxisKind
    low: float
    high: float
    ticks: tuple[Tick, ...]
    title: str = ""

    def beyond(self, x: float, *, open_end: bool) -> float:
        """`x`, or a little further where what ends there is still open."""
        return x + OPEN_SHARE * (self.high - self.low) if open_end else x


@dataclass(frozen=True, slots=True, kw_only=True)
class Shading:
    """The stretch of the period in focus, tinted through all panels."""

    start: float
    end: float
    open_end: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class TimelineModel:
    """Everything a renderer needs to draw one patient's timeline.

    `lane_key` explains the marks of the lanes in single phrases, `lane_words` in one
    sentence without signs. `regimens` are all of the patient, drawn or not, so that
    colours do not depend on what is hidden. `remark` closes the `notes`; it may be blank.
    """

    panels: tuple[Panel, ...]
    lanes: tuple[Lane, ...]
    time: TimeAxis
    shading: Shading | None
    therapy_title: str
    regimens: tuple[str, ...]
    lane_key: tuple[str, ...]
    lane_words: str
    notes: tuple[str, ...]
    abbreviations: str
    alt: str
    rows: tuple[FigureRow, ...]
    row_titles: tuple[str, ...]
    language: Language
    remark: str = ""
    events: tuple[EventMark, ...] = ()
    events_title: str = ""
