"""All periods of a patient side by side: change against the error band, by site.

Rows are periods (the same drug twice is two rows), columns are series. The model holds
plain values for both renderers, like that of the timeline.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import pandas as pd

from sm_tracker.analysis.change.answers import SLIGHTLY
from sm_tracker.domain.change_columns import CHANGES
from sm_tracker.domain.exposure import Periods, periods_on_axis
from sm_tracker.domain.regimens import abbreviate
from sm_tracker.domain.series import rows_of_series
from sm_tracker.domain.series_key import SeriesKey, key_from
from sm_tracker.domain.settings import Settings
from sm_tracker.domain.tables import THERAPIES, THICKNESS, completed_table
from sm_tracker.errors import SettingError
from sm_tracker.figures.answer_words import (
    AnswerWords,
    amount_text,
    answer_words,
    error_reasons,
)
from sm_tracker.figures.chronology import period_names
from sm_tracker.figures.comparison.comparison_model import (
    ComparisonCell,
    ComparisonModel,
    ComparisonRow,
    ComparisonView,
    Sign,
)
from sm_tracker.figures.comparison.comparison_words import comparison_notes, word
from sm_tracker.figures.languages import (
    abbreviation_list,
    capital,
    date_text,
    headed,
    listed,
    number,
    outcome_text,
    require_language,
    say,
)
from sm_tracker.figures.page.scales import change_scale
from sm_tracker.figures.page.values import FigureRow, Tick
from sm_tracker.figures.series_names import series_names
from sm_tracker.languages import Language, Message, current, speaking

__all__ = ["ComparisonModel", "ComparisonView", "comparison_model"]

_STEPS_MM = (0.1, 0.2, 0.5, 1.0, 2.0, 5.0)
_STEPS_PERCENT = (10.0, 20.0, 25.0, 50.0, 100.0)
_STEPS_ANY = tuple(step * 10.0**k for k in range(-3, 6) for step in (1.0, 2.0, 5.0))


def comparison_model(
    changes: pd.DataFrame, therapies: pd.DataFrame, settings: Settings, view: ComparisonView
) -> ComparisonModel:
    """All periods of one patient with their change at each site.

    Parameters
    ----------
    changes : DataFrame
        Contract CHANGES, from ``change_table`` with the same settings.
    therapies : DataFrame
        Contract THERAPIES, for names and limits of the periods.
    settings : Settings
    view : ComparisonView

    Raises
    ------
    SettingError
        If the view names a site, period or language that is not there.
    """
    require_language(view.language)
    own = completed_table(changes, CHANGES)
    measure = view.outcome or THICKNESS
    own = own[(own["patient_id"] == view.patient_id) & (own["measure"] == measure)]
    own = own.reset_index(drop=True)
    sides = ("lower", "higher") if view.outcome else ("thinner", "thicker")
    treated = completed_table(therapies, THERAPIES)
    treated = treated[treated["patient_id"] == view.patient_id]
    periods = periods_on_axis(treated, settings, pd.Index([view.patient_id]))
    columns, column_names = _columns(own, view)
    names = dict(zip(periods.frame["period_id"], period_names(periods), strict=True))
    with speaking(view.language):
        rows = _rows(own, columns, names, periods, settings, view)
    low, high, ticks = _range(rows, view)
    unit = _unit(own, view)
    return ComparisonModel(
        columns=column_names,
        rows=rows,
        low=low,
        high=high,
        ticks=ticks,
        unit=unit,
        axis_words=(word(view.language, sides[0]), word(view.language, sides[1])),
        key=_key(rows, view),
        notes=comparison_notes(own, settings, view, unit),
        abbreviations=abbreviation_list(periods.frame["therapy"].tolist(), view.language),
        alt=_alt(rows, column_names, view, unit),
        table=_table(rows, column_names, view.language),
        language=view.language,
        of_outcome=bool(view.outcome),
    )


def _unit(own: pd.DataFrame, view: ComparisonView) -> str:
    """Unit of the axis: that of the measure, or per cent."""
    if view.unit == "percent":
        return "%"
    return str(own["unit"].iloc[0]) if len(own) else "mm"


def _key(rows: Sequence[ComparisonRow], view: ComparisonView) -> tuple[tuple[str, str], ...]:
    """What the marks mean; slight ones, and the band of an error, only where they are drawn."""
    cells = [cell for row in rows for cell in row.cells if cell is not None]
    drawn: set[str] = {cell.sign for cell in cells}
    drawn |= {"band"} if any(c.low is not None or c.high is not None for c in cells) else set()
    signs = (
        "thinner", "slightly_thinner", "neither", "slightly_thicker", "thicker", "band", "mean",
    )  # fmt: skip
    shown = [s for s in signs if s in drawn or not (s.startswith(SLIGHTLY) or s == "band")]
    return tuple((sign, word(view.language, _named(sign, view))) for sign in shown)


def _named(sign: str, view: ComparisonView) -> str:
    """What a sign is called: of an outcome that fell, lower instead of thinner."""
    if not view.outcome:
        return sign
    return sign.replace("thinner", "lower").replace("thicker", "higher")


def _columns(
    own: pd.DataFrame, view: ComparisonView
) -> tuple[tuple[SeriesKey, ...], tuple[str, ...]]:
    """Series in order, focus first, then by number of readings and name; and their names.

    An outcome is one column, whose series states no site.
    """
    if view.outcome:
        return (SeriesKey(""),), (outcome_text(view.outcome, view.language),)
    numbers: dict[SeriesKey, float] = {}
    by_series = own[own["site"] != ""].groupby(list(SeriesKey._fields), dropna=False, sort=True)
    for fields, n in by_series[["n_under", "n_reference"]].sum().sum(axis=1).items():
        numbers[key_from(fields)] = float(n)
    names = series_names(numbers, view.language, sided=False)
    shown = [k for k in numbers if view.shown is None or k in view.shown]
    if view.focus is not None and view.focus not in shown:
        raise SettingError(
            "The site in focus has no row in the change table",
            where="focus",
            fix=Message(
                "choose one of {names}", names=", ".join(sorted({key.site for key in numbers}))
            ),
        )
    ordered = sorted(shown, key=lambda key: (key != view.focus, -numbers[key]))
    return tuple(ordered), tuple(capital(names[key]) for key in ordered)


def _rows(
    own: pd.DataFrame,
    columns: Sequence[SeriesKey],
    names: dict[str, str],
    periods: Periods,
    settings: Settings,
    view: ComparisonView,
) -> tuple[ComparisonRow, ...]:
    levels = {"period", "course"}
    if view.combinations:
        levels.add("combination")
    if view.untreated:
        levels.add("untreated")
    shown = own[own["level"].isin(levels)].copy()
    courses = shown["level"] == "course"
    # The courses of all series are one row, from the first reading to the last.
    for first in ("starts_day", "starts_on"):
        shown.loc[courses, first] = shown.loc[courses, first].min()
    for last in ("ends_day", "ends_on"):
        shown.loc[courses, last] = shown.loc[courses, last].max()
    zero = _zero(own, periods, view)
    over_sites = _words_over_sites(own, settings)
    found = []
    for _, rows in shown.groupby(["level", "period_id", "starts_day"], dropna=False):
        level, period_id = rows["level"].iloc[0], rows["period_id"].iloc[0]
        row = ComparisonRow(
            key=period_id,
            level=level,
            name=_row_name(level, period_id, names, view),
            when=_limits(rows.iloc[0], level, periods, zero, view),
            over_sites=over_sites.get(period_id, "") if level == "period" else "",
            cells=tuple(_cell(rows, column, settings, view) for column in columns),
        )
        found.append((float(rows["starts_day"].iloc[0]), row))
    return tuple(row for _, row in _ordered(found, view))


def _words_over_sites(own: pd.DataFrame, settings: Settings) -> dict[str, str]:
    """The word over the body sites of each period; none for a patient with one site."""
    rows = own[own["level"] == "patient"]
    if own.loc[own["site"] != "", "site"].nunique() < 2:
        return {}
    return {
        str(row["period_id"]): capital(
            answer_words(row, settings.min_readings, settings.improvement).word
        )
        for _, row in rows.iterrows()
    }


def _ordered(
    found: list[tuple[float, ComparisonRow]], view: ComparisonView
) -> list[tuple[float, ComparisonRow]]:
    by_time = sorted(
        found, key=lambda pair: (pair[0], pair[1].name), reverse=view.order != "oldest"
    )

    def size(pair: tuple[float, ComparisonRow]) -> float:
        first = pair[1].cells[0] if pair[1].cells else None
        return first.change if first and first.change is not None else math.inf

    ordered = sorted(by_time, key=size) if view.order == "change" else by_time
    return sorted(ordered, key=lambda pair: pair[1].level == "course")


def _row_name(level: str, period_id: str, names: dict[str, str], view: ComparisonView) -> str:
    if level == "untreated":
        return capital(say(view.language, "no_therapy"))
    if level == "course":
        return capital(word(view.language, "course"))
    if period_id in names:
        return names[period_id]
    return " + ".join(names.get(p, abbreviate(p)) for p in period_id.split(" + "))


def _zero(own: pd.DataFrame, periods: Periods, view: ComparisonView) -> float | None:
    """Day zero of relative days; None for calendar dates."""
    if view.axis == "dates":
        return None
    if isinstance(view.day_zero, str):
        known = periods.frame["period_id"].tolist()
        if view.day_zero not in known:
            raise SettingError(
                "This patient has no such therapy period",
                where="day_zero",
                fix=Message("choose one of {names}", names=", ".join(known))
                if known
                else "leave it blank",
            )
        return float(periods.window_start[known.index(view.day_zero)])
    if view.day_zero is not None:
        return float(view.day_zero)
    days = own[["baseline_day", "last_day", "starts_day"]].min().min()
    return float(days) if math.isfinite(days) else 0.0


def _limits(
    row: pd.Series, level: str, periods: Periods, zero: float | None, view: ComparisonView
) -> str:
    precisions, signs = ("day", "day"), ("", "")
    own = periods.frame[periods.frame["period_id"] == row["period_id"]]
    if level == "period" and len(own):
        at_start = str(own["date_precision"].iloc[0])
        precisions = (at_start, str(own["end_date_precision"].iloc[0]) or at_start)
        # The first and last tagged reading lie within the period.
        signs = (
            "≤ " if own["starts_by"].iloc[0] else "",
            "≥ " if own["ends_after"].iloc[0] else "",
        )
    start = signs[0] + _day_words(row["starts_day"], row, precisions[0], zero, view)
    if row["end_status"] == "ongoing" or (
        level not in ("period", "course") and not _known(row["ends_day"])
    ):
        return f"{start} – {say(view.language, 'ongoing')}"
    if not _known(row["ends_day"]):
        return f"{start} – {say(view.language, 'end_unknown')}"
    end = signs[1] + _day_words(row["ends_day"], row, precisions[1], zero, view)
    return start if start == end else f"{start} – {end}"


def _known(day: float) -> bool:
    return math.isfinite(day)


def _day_words(
    day: float, row: pd.Series, precision: str, zero: float | None, view: ComparisonView
) -> str:
    if not _known(day):
        return "…"
    if zero is None and pd.notna(row["starts_on"]):
        wide = precision if precision in ("quarter", "year") else "month"
        return date_text(day, view.language, wide)
    return say(view.language, "day", day=number(day - (zero or 0.0), 0, view.language))


def _cell(
    rows: pd.DataFrame, column: SeriesKey, settings: Settings, view: ComparisonView
) -> ComparisonCell | None:
    chosen = rows[rows_of_series(rows, column)]
    if chosen.empty:
        return None
    row = chosen.iloc[0]
    percent = view.unit == "percent"
    change = row["change_pct"] if percent else row["change_mm"]
    scale = 100 / row["baseline_mm"] if percent else 1.0
    said = answer_words(row, settings.min_readings, settings.improvement)
    means = ("mean_change_pct", "pct_ci_low", "pct_ci_high")
    if not percent:
        means = ("mean_change_mm", "ci_low_mm", "ci_high_mm")
    enough = min(row["n_reference"], row["n_under"]) >= settings.min_readings
    mean, mean_low, mean_high = (_value(row[c]) if enough else None for c in means)
    computable = math.isfinite(change)
    low, high = _band(row, scale) if computable else (None, None)
    text = ""
    if computable and percent:
        text = number(change, 0, view.language, sign=True)
    elif computable:
        text = amount_text(row, change, unit=False, sign=True)
    return ComparisonCell(
        sign=_sign(said),
        word=capital(said.headed),
        change=_value(change),
        low=low,
        high=high,
        mean=mean,
        mean_low=mean_low,
        mean_high=mean_high,
        text=text,
        reason="" if computable else _reason(said, row),
        hover=_hover(row, said, text, enough, view),
    )


def _band(row: pd.Series, scale: float) -> tuple[float | None, float | None]:
    """The limits around the baseline as distances from it; a side without one ends at 0 mm."""
    base, low, high = row["baseline_mm"], row["limit_low_mm"], row["limit_high_mm"]
    if not math.isfinite(low) and not math.isfinite(high):
        return None, None
    if math.isfinite(high) and not math.isfinite(low):
        low = 0.0
    return _value((low - base) * scale), _value((high - base) * scale)


def _sign(said: AnswerWords) -> Sign:
    if not said.tone:
        return "neither"
    slight = said.code.startswith(SLIGHTLY)
    if said.tone < 0:
        return "slightly_thinner" if slight else "thinner"
    return "slightly_thicker" if slight else "thicker"


def _reason(said: AnswerWords, row: pd.Series) -> str:
    """Why there is no change, short enough for its place in the figure."""
    reasons = error_reasons(str(row["error_reason_code"]))
    return (
        f"{said.word}; {reasons}"
        if row["answer"] == "phases"
        else (headed(said.word, reasons, current()))
    )


def _value(number_: float) -> float | None:
    return float(number_) if math.isfinite(number_) else None


def _hover(
    row: pd.Series, said: AnswerWords, text: str, enough: bool, view: ComparisonView
) -> tuple[str, ...]:
    language = view.language
    if not text:
        return (_reason(said, row),)
    first = amount_text(row, row["baseline_mm"], unit=False)
    last = amount_text(row, row["last_mm"])
    unit = "%" if view.unit == "percent" else row["unit"]
    days = number(row["days"], 0, language)
    lines = [
        f"{first} → {last}, {text} {unit}".strip(),
        ", ".join(filter(None, (word(language, "in_days", days=days), said.limit))),
        capital(listed(filter(None, (said.headed, said.why, said.beside)))),
    ]
    if enough:
        mean = amount_text(row, row["mean_change_mm"], sign=True)
        low, high = (number(row[c], 2, language, sign=True) for c in ("ci_low_mm", "ci_high_mm"))
        counts = {"before": int(row["n_reference"]), "during": int(row["n_under"])}
        lines.append(word(language, "means", mean=mean, low=low, high=high, **counts))
    return tuple(lines)


def _range(
    rows: Sequence[ComparisonRow], view: ComparisonView
) -> tuple[float, float, tuple[Tick, ...]]:
    cells = [c for row in rows for c in row.cells if c is not None]
    values = [
        v
        for c in cells
        for v in (c.change, c.low, c.high, c.mean_low, c.mean_high)
        if v is not None
    ]
    if view.unit == "percent":
        return change_scale(values, 20.0, _STEPS_PERCENT, view.language)
    if view.outcome:
        least = max(0.1 * max(map(abs, values), default=0.0), 1e-3)
        return change_scale(values, least, _STEPS_ANY, view.language)
    return change_scale(values, 0.5, _STEPS_MM, view.language, least_decimals=1)


def _alt(
    rows: Sequence[ComparisonRow], names: Sequence[str], view: ComparisonView, unit: str
) -> str:
    opening = "alt_outcome" if view.outcome else "alt"
    measured_in = word(view.language, "in_unit", unit=unit) if unit else ""
    parts = [
        word(
            view.language, opening, rows=len(rows), columns=len(names), unit=measured_in,
            name=names[0] if names else "",
        )
    ]  # fmt: skip
    for row in rows:
        cells = [
            f"{name} {cell.text or cell.reason}"
            for name, cell in zip(names, row.cells, strict=True)
            if cell is not None
        ]
        head = f"{row.name} ({row.when})"
        parts.append(headed(head, f"{listed(cells, view.language)}.", view.language))
    return " ".join(parts)


def _table(
    rows: Sequence[ComparisonRow], names: Sequence[str], language: Language
) -> tuple[FigureRow, ...]:
    return tuple(
        FigureRow(
            kind=name,
            name=row.name,
            when=row.when,
            value=cell.hover[0],
            n="",
            remark=listed(cell.hover[1:], language),
        )
        for row in rows
        for name, cell in zip(names, row.cells, strict=True)
        if cell is not None
    )
