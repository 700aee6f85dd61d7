"""What stands behind a row of the regimen table: both answers, counts and other assumptions."""

from __future__ import annotations

import math

import pandas as pd

from sm_tracker.analysis.change.answers import phase_word
from sm_tracker.domain.settings import Settings
from sm_tracker.domain.tables import THICKNESS
from sm_tracker.figures.answer_words import (
    amount_text,
    before_text,
    left_out_text,
    limit_text,
    reason_text,
    state_text,
    verdict_reason,
    word_text,
)
from sm_tracker.figures.languages import capital, listed
from sm_tracker.languages import gettext as _
from sm_tracker.report.numbers import day_text, decimals, interval, signed
from sm_tracker.report.reasons import error_reason_words
from sm_tracker.report.wording import mean_text, pairs_text

NONE = "–"


def detail_heads() -> tuple[str, str]:
    """Headings of :func:`detail_rows`."""
    return _("Quantity"), _("Value")


def detail_rows(row: pd.Series, settings: Settings) -> list[tuple[str, str]]:
    """The figures behind one row of the change table, each with its name."""
    found = [(_("Last reading before vs last during"), _reading_answer(row))]
    if pd.notna(row["mdc95_mm"]):
        smallest = f"±{amount_text(row, row['mdc95_mm'])}"
        found.append((_("Smallest detectable change of these two"), smallest))
    found.append((_("Lowest value"), _lowest(row)))
    if row["level"] != "course":
        found += _phase_rows(row, settings)
    if row["n_left_out"] > 0:
        found.append((_("Values nearby left out"), left_out_text(str(row["left_out_code"]))))
    return found


def _reading_answer(row: pd.Series) -> str:
    words = word_text(str(row["error_check"]))
    beside = limit_text(row) or error_reason_words(row)
    return ", ".join(dict.fromkeys(filter(None, (words, beside))))


def _phase_rows(row: pd.Series, settings: Settings) -> list[tuple[str, str]]:
    before = _mean(row, row["n_reference"], row["mean_reference_mm"])
    if row["reference_state"]:
        before = f"{before}, {state_text(str(row['reference_state']))}"
    trend = row["explained_mm"]
    return [
        (_("All readings, before vs during"), _phase_answer(row, settings)),
        (_("Values before"), before),
        (_("Values during"), _mean(row, row["n_under"], row["mean_under_mm"])),
        (_("Difference of the means"), _difference(row)),
        (_("Pairs"), pairs_text(row) or NONE),
        (_("Share of pairs that are better (NAP)"), _nap(row)),
        (_("Slope during"), _slope(row)),
        (
            _("Explained by the trend before"),
            NONE if pd.isna(trend) else amount_text(row, trend, sign=True),
        ),
    ]


def _phase_answer(row: pd.Series, settings: Settings) -> str:
    verdict = str(row["verdict"])
    if not verdict:
        return reason_text(row, settings.min_readings) or NONE
    falls = bool(row["mean_change_mm"] < 0)
    word = phase_word(verdict, falls=falls, thickness=row["measure"] == THICKNESS)
    why = reason_text(row, settings.min_readings)
    return (
        _("{word}: {reason}").format(word=before_text(word), reason=why)
        if why
        else (before_text(word))
    )


def _mean(row: pd.Series, n: float, mean: float) -> str:
    if math.isnan(mean):
        return f"{n:.0f}"
    return _("{n}, mean {mean}").format(n=f"{n:.0f}", mean=amount_text(row, mean))


def _difference(row: pd.Series) -> str:
    if pd.isna(row["mean_change_mm"]):
        return NONE
    if pd.isna(row["mean_change_pct"]):
        return mean_text(row)
    share = f"{signed(row['mean_change_pct'], 0)} %"
    if pd.notna(row["pct_ci_low"]):
        share += f" {interval(row['pct_ci_low'], row['pct_ci_high'], 0)}"
    return listed((mean_text(row), share))


def _lowest(row: pd.Series) -> str:
    if pd.isna(row["lowest_mm"]):
        return NONE
    day = day_text(row["lowest_date"], row["lowest_day"])
    return f"{amount_text(row, row['lowest_mm'])}, {day}"


def _nap(row: pd.Series) -> str:
    if pd.isna(row["nap"]):
        return NONE
    low, high = (decimals(row[name], 2) for name in ("nap_ci_low", "nap_ci_high"))
    return _("{share} [{low} to {high}]").format(share=decimals(row["nap"], 2), low=low, high=high)


def _slope(row: pd.Series) -> str:
    if pd.isna(row["slope_mm_per_year"]):
        return NONE
    slope = signed(row["slope_mm_per_year"], 2)
    return _("{slope} {unit} a year").format(slope=slope, unit=row["unit"])


def sensitivity_heads() -> tuple[str, ...]:
    """Headings of :func:`sensitivity_rows`."""
    return (
        _("Assumption"),
        _("Values before and during"),
        _("Difference of the means"),
        _("Result"),
    )


def sensitivity_rows(table: pd.DataFrame) -> list[tuple[str, ...]]:
    """The sensitivity table of one period in words."""
    return [
        (
            _variant(row),
            f"{row['n_reference']:.0f} + {row['n_under']:.0f}",
            NONE if pd.isna(row["mean_change_mm"]) else mean_text(row),
            _result(row),
        )
        for _index, row in table.iterrows()
    ]


def _variant(row: pd.Series) -> str:
    return {
        "as_in_the_table": _("as in the table"),
        "autocorrelation": _("values depend on the one before (autocorrelation {phi})"),
        "run_in_counted": _("run-in readings counted"),
        "run_in_left_out": _("run-in readings left out"),
        "without_the_most_extreme": _("without the most extreme reading"),
        "continuous_time_ar1": _("continuous-time AR(1) errors"),
    }[row["variant_code"]].format(phi=decimals(row["autocorrelation"], 1))


def _result(row: pd.Series) -> str:
    code, verdict = str(row["reason_code"]), str(row["verdict"])
    reason = verdict_reason(code)
    if "{" in reason:
        reason = _("{before} before, {during} during").format(
            before=f"{row['n_reference']:.0f}", during=f"{row['n_under']:.0f}"
        )
    if not verdict:
        return capital(reason) or NONE
    falls, thickness = bool(row["mean_change_mm"] < 0), row["measure"] == THICKNESS
    words = capital(before_text(phase_word(verdict, falls=falls, thickness=thickness)))
    return _("{word}: {reason}").format(word=words, reason=reason) if reason else words
