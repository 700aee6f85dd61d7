"""What stands behind a row of the regimen table: counts, means and other assumptions in words."""

from __future__ import annotations

import math

import pandas as pd

from sm_tracker.languages import gettext as _
from sm_tracker.report.numbers import change_mm, day_text, decimals, interval, mm, signed
from sm_tracker.report.reasons import reason_words
from sm_tracker.report.wording import verdict_name

NONE = "–"


def detail_heads() -> tuple[str, str]:
    """Headings of :func:`detail_rows`."""
    return _("Quantity"), _("Value")


def detail_rows(row: pd.Series) -> list[tuple[str, str]]:
    """The figures behind one row of the change table, each with its name."""
    before = _mean(row["n_reference"], row["mean_reference_mm"])
    if row["reference_state"]:
        before = _("{values}, under {state}").format(values=before, state=row["reference_state"])
    found = [
        (_("Values before"), before),
        (_("Values under the regimen"), _mean(row["n_under"], row["mean_under_mm"])),
        (_("Difference of the means"), _change(row, "mean_change_mm", "ci_low_mm", "ci_high_mm")),
        (_("Lowest value"), _lowest(row)),
        (_("Share of pairs that are better (NAP)"), _nap(row)),
        (_("Slope under the regimen"), _slope(row)),
        (
            _("Explained by the trend before"),
            NONE if pd.isna(row["explained_mm"]) else change_mm(row["explained_mm"]),
        ),
    ]
    if row["n_left_out"] > 0:
        found.append((_("Values nearby left out"), f"{row['n_left_out']:.0f} ({row['left_out']})"))
    return found


def _mean(n: float, mean: float) -> str:
    if math.isnan(mean):
        return f"{n:.0f}"
    return _("{n}, mean {mean} mm").format(n=f"{n:.0f}", mean=mm(mean))


def _change(row: pd.Series, size: str, low: str, high: str) -> str:
    if pd.isna(row[size]):
        return NONE
    limits = "" if pd.isna(row[low]) else f" {interval(row[low], row[high])}"
    return change_mm(row[size]) + limits


def _lowest(row: pd.Series) -> str:
    if pd.isna(row["lowest_mm"]):
        return NONE
    return f"{mm(row['lowest_mm'])} mm, {day_text(row['lowest_date'], row['lowest_day'])}"


def _nap(row: pd.Series) -> str:
    if pd.isna(row["nap"]):
        return NONE
    low, high = (decimals(row[name], 2) for name in ("nap_ci_low", "nap_ci_high"))
    return _("{share} [{low} to {high}]").format(share=decimals(row["nap"], 2), low=low, high=high)


def _slope(row: pd.Series) -> str:
    if pd.isna(row["slope_mm_per_year"]):
        return NONE
    return _("{slope} mm a year").format(slope=signed(row["slope_mm_per_year"], 2))


def sensitivity_heads() -> tuple[str, ...]:
    """Headings of :func:`sensitivity_rows`."""
    return (
        _("Assumption"),
        _("Values before and under"),
        _("Difference of the means"),
        _("Verdict"),
    )


def sensitivity_rows(table: pd.DataFrame, improvement: str) -> list[tuple[str, ...]]:
    """The sensitivity table of one period in words."""
    return [
        (
            _variant(str(row["variant"])),
            f"{row['n_reference']:.0f} + {row['n_under']:.0f}",
            _change(row, "mean_change_mm", "ci_low_mm", "ci_high_mm"),
            _verdict(row, improvement),
        )
        for _index, row in table.iterrows()
    ]


def _variant(variant: str) -> str:
    name, _blank, phi = variant.rpartition(" ")
    if name == "autocorrelation":
        return _("values depend on the one before (autocorrelation {phi})").format(
            phi=decimals(float(phi), 1)
        )
    known = {
        "as in the table": _("as in the table"),
        "run-in readings counted": _("run-in readings counted"),
        "run-in readings left out": _("run-in readings left out"),
        "without the most extreme reading": _("without the most extreme reading"),
    }
    return known.get(variant, variant)


def _verdict(row: pd.Series, improvement: str) -> str:
    reason = reason_words(str(row["reason"]))
    if not row["verdict"]:
        return reason or NONE
    words = verdict_name(row["verdict"], improvement)
    return f"{words}; {reason}" if reason else words
