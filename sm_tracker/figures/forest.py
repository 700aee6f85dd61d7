"""All periods of a patient side by side: change against the error band, by site.

Rows are periods (the same drug twice is two rows), columns are series. The model holds
plain values for both renderers, like that of the timeline.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import pandas as pd

from sm_tracker.analysis.answers import SLIGHTLY
from sm_tracker.domain.exposure import Periods, periods_on_axis
from sm_tracker.domain.regimens import abbreviate
from sm_tracker.domain.settings import Settings
from sm_tracker.domain.tables import CHANGES, THERAPIES, THICKNESS, complete
from sm_tracker.errors import SettingError
from sm_tracker.figures.answer_words import AnswerWords, answer_words, error_reasons
from sm_tracker.figures.chronology import period_names
from sm_tracker.figures.forest_parts import Cell, ForestModel, ForestRow, ForestView, Sign
from sm_tracker.figures.forest_words import forest_notes, word
from sm_tracker.figures.languages import (
    capital,
    date_of,
    date_text,
    headed,
    listed,
    month_text,
    number,
    require_language,
    say,
    site_text,
)
from sm_tracker.figures.notes import abbreviation_list
from sm_tracker.figures.parts import DrawnRow, Tick
from sm_tracker.languages import Language, current, speaking

__all__ = ["ForestModel", "ForestView", "forest_model"]

_SERIES = ("site", "side", "layer", "device", "frequency_mhz")


def forest_model(
    changes: pd.DataFrame, therapies: pd.DataFrame, settings: Settings, view: ForestView
) -> ForestModel:
    """All periods of one patient with their change at each site.

    Parameters
    ----------
    changes : DataFrame
        Contract CHANGES, from ``change_table`` with the same settings.
    therapies : DataFrame
        Contract THERAPIES, for names and limits of the periods.
    settings : Settings
    view : ForestView

    Raises
    ------
    SettingError
        If the view names a site, period or language that is not there.
    """
    require_language(view.language)
    own = complete(changes, CHANGES)
    own = own[(own["patient_id"] == view.patient_id) & (own["measure"] == THICKNESS)]
    own = own.reset_index(drop=True)
    treated = complete(therapies, THERAPIES)
    treated = treated[treated["patient_id"] == view.patient_id]
    periods = periods_on_axis(treated, settings, pd.Index([view.patient_id]))
    columns = _columns(own, view)
    names = dict(zip(periods.frame["period_id"], period_names(periods), strict=True))
    with speaking(view.language):
        rows = _rows(own, columns, names, periods, settings, view)
    low, high, ticks = _range(rows, view)
    decimals_unit = "mm" if view.unit == "mm" else "%"
    return ForestModel(
        columns=tuple(_column_names(columns, view)),
        rows=rows,
        low=low,
        high=high,
        ticks=ticks,
        unit=decimals_unit,
        axis_words=(word(view.language, "thinner"), word(view.language, "thicker")),
        key=_key(rows, view.language),
        notes=forest_notes(own, settings, view.unit, view.remark, view.language),
        abbreviations=abbreviation_list(periods.frame["therapy"].tolist(), view.language),
        alt=_alt(rows, columns, view),
        table=_table(rows, _column_names(columns, view), view.language),
        language=view.language,
    )


def _key(rows: Sequence[ForestRow], language: Language) -> tuple[tuple[str, str], ...]:
    """What the marks mean; slight ones only where they are drawn."""
    drawn = {cell.sign for row in rows for cell in row.cells if cell is not None}
    signs = (
        "thinner", "slightly_thinner", "neither", "slightly_thicker", "thicker", "band", "mean",
    )  # fmt: skip
    shown = [s for s in signs if s in drawn or not s.startswith(SLIGHTLY)]
    return tuple((sign, word(language, sign)) for sign in shown)


_Column = tuple[object, ...]


def _columns(own: pd.DataFrame, view: ForestView) -> list[_Column]:
    """Series in order: focus first, then by number of readings and name."""
    known = own[own["site"] != ""].assign(frequency_mhz=own["frequency_mhz"].fillna(-1.0))
    counts = known.groupby(list(_SERIES), sort=True)[["n_under", "n_reference"]].sum().sum(axis=1)
    keys: list[_Column] = [tuple(key) for key in counts.index.tolist()]
    numbers = dict(zip(keys, counts.tolist(), strict=True))
    ordered = sorted(keys, key=lambda key: (-numbers[key], key))
    if view.sites is not None:
        ordered = [c for c in ordered if (c[0], c[1]) in set(view.sites)]
    if view.focus_site:
        focus = [c for c in ordered if c[:2] == (view.focus_site, view.focus_side)]
        if not focus:
            raise SettingError(
                "The site in focus has no row in the change table",
                where="focus_site, focus_side",
                fix="choose one of " + ", ".join(sorted({str(c[0]) for c in ordered})),
            )
        ordered = focus + [c for c in ordered if c not in focus]
    return ordered


def _column_names(columns: Sequence[_Column], view: ForestView) -> list[str]:
    names = []
    for column in columns:
        site, side = str(column[0]), str(column[1])
        both = len({c[1] for c in columns if c[0] == site}) > 1
        parts = [capital(site_text(site, side if both else "", view.language))]
        twins = [c for c in columns if c[:2] == column[:2]]
        parts += [str(column[k]) for k in (2, 3) if column[k] and len({c[k] for c in twins}) > 1]
        if len({c[4] for c in twins}) > 1 and column[4] != -1.0:
            parts.append(f"{column[4]:g} MHz")
        names.append(", ".join(parts))
    return names


def _rows(
    own: pd.DataFrame,
    columns: Sequence[_Column],
    names: dict[str, str],
    periods: Periods,
    settings: Settings,
    view: ForestView,
) -> tuple[ForestRow, ...]:
    levels = {"period", "course"}
    if view.combinations:
        levels.add("combination")
    if view.untreated:
        levels.add("untreated")
    shown = own[own["level"].isin(levels)].copy()
    shown["frequency_mhz"] = shown["frequency_mhz"].fillna(-1.0)
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
        row = ForestRow(
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
    found: list[tuple[float, ForestRow]], view: ForestView
) -> list[tuple[float, ForestRow]]:
    by_time = sorted(
        found, key=lambda pair: (pair[0], pair[1].name), reverse=view.order != "oldest"
    )

    def size(pair: tuple[float, ForestRow]) -> float:
        first = pair[1].cells[0] if pair[1].cells else None
        return first.change if first and first.change is not None else math.inf

    ordered = sorted(by_time, key=size) if view.order == "change" else by_time
    return sorted(ordered, key=lambda pair: pair[1].level == "course")


def _row_name(level: str, period_id: str, names: dict[str, str], view: ForestView) -> str:
    if level == "untreated":
        return capital(say(view.language, "no_therapy"))
    if level == "course":
        return capital(word(view.language, "course"))
    if period_id in names:
        return names[period_id]
    return " + ".join(names.get(p, abbreviate(p)) for p in period_id.split(" + "))


def _zero(own: pd.DataFrame, periods: Periods, view: ForestView) -> float | None:
    """Day zero of relative days; None for calendar dates."""
    if view.axis == "dates":
        return None
    if isinstance(view.day_zero, str):
        known = periods.frame["period_id"].tolist()
        if view.day_zero not in known:
            raise SettingError(
                "This patient has no such therapy period",
                where="day_zero",
                fix="choose one of " + ", ".join(known) if known else "leave it blank",
            )
        return float(periods.window_start[known.index(view.day_zero)])
    if view.day_zero is not None:
        return float(view.day_zero)
    days = own[["baseline_day", "last_day", "starts_day"]].min().min()
    return float(days) if math.isfinite(days) else 0.0


def _limits(
    row: pd.Series, level: str, periods: Periods, zero: float | None, view: ForestView
) -> str:
    precisions, signs = ("day", "day"), ("", "")
    own = periods.frame[periods.frame["period_id"] == row["period_id"]]
    if level == "period" and len(own):
        at_start = str(own["date_precision"].iloc[0])
        precisions = (at_start, str(own["end_date_precision"].iloc[0]) or at_start)
        # The first and last tagged reading lie within the period.
        tags = zip(("≤ ", "≥ "), ("starts_by", "ends_after"), strict=True)
        signs = tuple(sign if own[name].iloc[0] else "" for sign, name in tags)
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
    day: float, row: pd.Series, precision: str, zero: float | None, view: ForestView
) -> str:
    if not _known(day):
        return "…"
    if zero is None and pd.notna(row["starts_on"]):
        if precision == "year":
            return date_text(day, view.language, "year")
        return f"{month_text(date_of(day).month, view.language)} {date_of(day).year}"
    return say(view.language, "day", day=number(day - (zero or 0.0), 0, view.language))


def _cell(rows: pd.DataFrame, column: _Column, settings: Settings, view: ForestView) -> Cell | None:
    chosen = rows
    for name, value in zip(_SERIES, column, strict=True):
        chosen = chosen[chosen[name] == value]
    if chosen.empty:
        return None
    row = chosen.iloc[0]
    percent = view.unit == "percent"
    change = row["change_pct"] if percent else row["change_mm"]
    scale = 100 / row["baseline_mm"] if percent else 1.0
    decimals = 0 if percent else 2
    said = answer_words(row, settings.min_readings, settings.improvement)
    means = ("mean_change_pct", "pct_ci_low", "pct_ci_high")
    if not percent:
        means = ("mean_change_mm", "ci_low_mm", "ci_high_mm")
    enough = min(row["n_reference"], row["n_under"]) >= settings.min_readings
    mean, mean_low, mean_high = (_value(row[c]) if enough else None for c in means)
    computable = math.isfinite(change)
    low, high = _band(row, scale) if computable else (None, None)
    text = number(change, decimals, view.language, sign=True) if computable else ""
    return Cell(
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
    row: pd.Series, said: AnswerWords, text: str, enough: bool, view: ForestView
) -> tuple[str, ...]:
    language = view.language
    if not text:
        return (_reason(said, row),)
    first, last = (number(row[c], 2, language) for c in ("baseline_mm", "last_mm"))
    days = number(row["days"], 0, language)
    lines = [
        f"{first} → {last} mm, {text} {'%' if view.unit == 'percent' else 'mm'}",
        ", ".join(filter(None, (word(language, "in_days", days=days), said.limit))),
        capital("; ".join(filter(None, (said.headed, said.why, said.beside)))),
    ]
    if enough:
        limits = [
            number(row[c], 2, language, sign=True)
            for c in ("mean_change_mm", "ci_low_mm", "ci_high_mm")
        ]
        counts = {"before": int(row["n_reference"]), "during": int(row["n_under"])}
        lines.append(
            word(language, "means", mean=limits[0], low=limits[1], high=limits[2], **counts)
        )
    return tuple(lines)


def _range(rows: Sequence[ForestRow], view: ForestView) -> tuple[float, float, tuple[Tick, ...]]:
    cells = [c for row in rows for c in row.cells if c is not None]
    values = [
        v
        for c in cells
        for v in (c.change, c.low, c.high, c.mean_low, c.mean_high)
        if v is not None
    ]
    percent = view.unit == "percent"
    least = 20.0 if percent else 0.5
    steps = (10.0, 20.0, 25.0, 50.0, 100.0) if percent else (0.1, 0.2, 0.5, 1.0, 2.0, 5.0)
    low, high = min([-least, *values]), max([least, *values])
    span = high - low
    # Room for the numbers, which stand beside their mark on the side away from zero.
    low, high = low - 0.22 * span, high + 0.17 * span
    step = next((s for s in steps if (high - low) / s <= 5), steps[-1])
    decimals = 0 if percent else 1
    ticks = tuple(
        Tick(round(k * step, 6), number(k * step, decimals, view.language, sign=True) if k else "0")
        for k in range(math.ceil(low / step), math.floor(high / step) + 1)
    )
    return round(low, 4), round(high, 4), ticks


def _alt(rows: Sequence[ForestRow], columns: Sequence[_Column], view: ForestView) -> str:
    names = _column_names(columns, view)
    parts = [word(view.language, "alt", rows=len(rows), columns=len(columns))]
    for row in rows:
        cells = [
            f"{name} {cell.text or cell.reason}"
            for name, cell in zip(names, row.cells, strict=True)
            if cell is not None
        ]
        parts.append(f"{row.name} ({row.when}): {', '.join(cells)}.")
    return " ".join(parts)


def _table(
    rows: Sequence[ForestRow], names: Sequence[str], language: Language
) -> tuple[DrawnRow, ...]:
    return tuple(
        DrawnRow(
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
