"""Rows of the regimen table, ready to be shown: words and places, no computation left."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from sm_tracker.domain.settings import Settings
from sm_tracker.languages import gettext as _
from sm_tracker.languages import ngettext
from sm_tracker.report import wording
from sm_tracker.report.numbers import When, change_mm, from_to, per_cent
from sm_tracker.report.period_words import end_text, start_text
from sm_tracker.report.reasons import combination_label, error_reason_words

STRIP_MM = 1.3
"""Change at the edge of the error strip; larger ones are drawn at the edge."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RegimenRow:
    """One therapy period of one site in words."""

    period_id: str
    level: str
    regimen: str
    therapy: str
    period: str
    dose: str
    baseline_to_last: str
    days: str
    change: str
    change_share: str
    check: str
    check_words: str
    check_reason: str
    strip: tuple[float, float, float] | None
    """Left edge and right edge of the error band and place of the change, 0 to 1."""
    verdict: str
    verdict_words: str
    verdict_line: str
    needed: str
    flags: tuple[str, ...]


def regimen_rows(
    changes: pd.DataFrame,
    therapies: pd.DataFrame,
    settings: Settings,
    when: When | None = None,
) -> tuple[RegimenRow, ...]:
    """Rows for the changes of one series, newest first.

    Parameters
    ----------
    changes : DataFrame
        Contract CHANGES, one series of one patient.
    therapies : DataFrame
        Contract THERAPIES of the same patient.
    settings : Settings
    when : When, optional
        How days are written; calendar dates if omitted.
    """
    known = therapies.drop_duplicates("period_id").set_index("period_id")
    newest_first = changes.sort_values("starts_day", ascending=False, kind="stable")
    numbered = numbered_labels(changes)
    return tuple(
        _row(
            row,
            known,
            numbered.get(row["period_id"], wording.regimen_label(row)),
            settings,
            when or When(),
        )
        for _, row in newest_first.iterrows()
    )


def numbered_labels(changes: pd.DataFrame) -> dict[str, str]:
    """Labels of periods; the same regimen twice is (1) and (2) in order of start."""
    periods = changes[changes["level"] == "period"].drop_duplicates("period_id")
    periods = periods.sort_values("starts_day", kind="stable")
    labels = [combination_label(regimen) for regimen in periods["regimen"]]
    seen: dict[str, int] = {}
    found = {}
    for period_id, label in zip(periods["period_id"], labels, strict=True):
        seen[label] = seen.get(label, 0) + 1
        found[period_id] = f"{label} ({seen[label]})" if labels.count(label) > 1 else label
    return found


def _row(
    row: pd.Series, known: pd.DataFrame, label: str, settings: Settings, when: When
) -> RegimenRow:
    computable = row["error_check"] != "not_computable"
    words, line = wording.verdict_words(row, settings.improvement)
    therapy = known.loc[row["period_id"]] if row["period_id"] in known.index else None
    return RegimenRow(
        period_id=row["period_id"],
        level=row["level"],
        regimen=label,
        therapy=row["regimen"],
        period=period_text(row, therapy, when),
        dose=_dose_text(therapy),
        baseline_to_last=from_to(row["baseline_mm"], row["last_mm"]) if computable else "–",
        days=ngettext("{n} day", "{n} days", row["days"]).format(n=f"{row['days']:.0f}")
        if computable
        else "",
        change=change_mm(row["change_mm"]) if computable else "–",
        change_share=per_cent(row["change_pct"]) if computable else "",
        check=row["error_check"],
        check_words=wording.check_words(row["error_check"]),
        check_reason=error_reason_words(row),
        strip=_strip(row["change_mm"], row["mdc95_mm"]) if computable else None,
        verdict=row["verdict"],
        verdict_words=words,
        verdict_line=line,
        needed=wording.what_is_needed(row, settings.min_readings),
        flags=wording.flag_sentences(row, settings.improvement),
    )


def period_text(row: pd.Series, therapy: pd.Series | None, when: When) -> str:
    """``10 Mar 2025 – ongoing``; approximate dates with ≈, those from tags with ≤ and ≥."""
    start = start_text(row, therapy, when)
    if row["end_status"] == "ended":
        return f"{start} – {end_text(row, therapy, when)}"
    open_end = _("ongoing") if row["end_status"] == "ongoing" else _("end unknown")
    return f"{start} – {open_end}"


def _dose_text(therapy: pd.Series | None) -> str:
    if therapy is None:
        return ""
    cycles = therapy["cycles"]
    parts = [
        therapy["dose"],
        wording.cycles_words(cycles) if pd.notna(cycles) else "",
        therapy["stop_reason"],
    ]
    return " · ".join(part for part in parts if part)


def _strip(change: float, error: float) -> tuple[float, float, float]:
    def place(value: float) -> float:
        return min(max((value + STRIP_MM) / (2 * STRIP_MM), 0.0), 1.0)

    return place(-error), place(error), place(change)
