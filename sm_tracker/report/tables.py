"""Rows of the regimen table, ready to be shown: words and places, no computation left."""

from __future__ import annotations

import math
from dataclasses import dataclass

import pandas as pd

from sm_tracker.domain.settings import Settings
from sm_tracker.domain.tables import THICKNESS
from sm_tracker.figures.answer_words import (
    AnswerWords,
    amount_text,
    answer_words,
    reason_text,
)
from sm_tracker.figures.languages import capital, listed, uncapital
from sm_tracker.languages import gettext as _
from sm_tracker.languages import ngettext
from sm_tracker.report import wording
from sm_tracker.report.numbers import When, per_cent
from sm_tracker.report.period_words import end_text, start_text, usual_word
from sm_tracker.report.reasons import (
    after_end_text,
    combination_label,
    error_reason_words,
    last_read_text,
    needed_for_change,
)

STRIP_MM = 1.3
"""Change at the edge of the error strip; larger ones are drawn at the edge."""
STRIP_SHARE = 1.25
"""The same for outcomes, as a share of the largest of change and limits."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RegimenRow:
    """One row of one site in words: a therapy period, or a state without a name of its own."""

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
    limit: str
    """Where the last reading lies against the limits around the baseline."""
    strip: tuple[float, float, float] | None
    """Left edge and right edge of the error band and place of the change, 0 to 1."""
    tone: int
    """Direction of the word, -1 for thinner."""
    code: str
    word: str
    """The one word of the row."""
    reasons_within: tuple[str, ...]
    """Why it is that word, what stands beside it and what would be needed, mid-sentence."""
    over_sites: str
    """The word over the sites of the patient, with the count; blank for a single site."""
    over_sites_tone: int
    flags: tuple[str, ...]

    @property
    def reasons(self) -> tuple[str, ...]:
        """The reasons a line each."""
        return tuple(map(capital, self.reasons_within))


def regimen_rows(
    changes: pd.DataFrame,
    therapies: pd.DataFrame,
    settings: Settings,
    when: When | None = None,
    over_sites: pd.DataFrame | None = None,
) -> tuple[RegimenRow, ...]:
    """Rows for the changes of one series, newest first and the whole course last.

    Parameters
    ----------
    changes : DataFrame
        Contract CHANGES, one series of one patient.
    therapies : DataFrame
        Contract THERAPIES of the same patient.
    settings : Settings
    when : When, optional
        How days are written; calendar dates if omitted.
    over_sites : DataFrame, optional
        Contract CHANGES, the rows over the sites of the same patient.
    """
    known = therapies.drop_duplicates("period_id").set_index("period_id")
    words = _over_sites_words(over_sites, settings)
    numbered = numbered_labels(changes)
    return tuple(
        _row(
            row,
            known.loc[row["period_id"]] if row["period_id"] in known.index else None,
            numbered.get(row["period_id"], wording.regimen_label(row)),
            settings,
            when or When(),
            words.get(row["period_id"], ("", 0)),
        )
        for _, row in newest_first(changes).iterrows()
    )


def newest_first(changes: pd.DataFrame) -> pd.DataFrame:
    """Rows by falling start, the whole course after all others."""
    return (
        changes.assign(_course=changes["level"] == "course")
        .sort_values(["_course", "starts_day"], ascending=[True, False], kind="stable")
        .drop(columns="_course")
    )


def _over_sites_words(
    over_sites: pd.DataFrame | None, settings: Settings
) -> dict[str, tuple[str, int]]:
    if over_sites is None:
        return {}
    found = {}
    for _n, row in over_sites.iterrows():
        said = answer_words(row, settings.min_readings, settings.improvement)
        found[str(row["period_id"])] = (capital(said.word), said.tone)
    return found


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
    row: pd.Series,
    therapy: pd.Series | None,
    label: str,
    settings: Settings,
    when: When,
    over_sites: tuple[str, int],
) -> RegimenRow:
    computable = pd.notna(row["change_mm"])
    said = answer_words(row, settings.min_readings, settings.improvement)
    values = (
        f"{amount_text(row, row['baseline_mm'], unit=False)} → {amount_text(row, row['last_mm'])}"
    )
    return RegimenRow(
        period_id=row["period_id"],
        level=row["level"],
        regimen=capital(label) if row["level"] != "period" else label,
        therapy=row["regimen"],
        period=period_text(row, therapy, when),
        dose=_dose_text(therapy),
        baseline_to_last=values if computable else "–",
        days=_days_text(row, therapy) if computable else "",
        change=amount_text(row, row["change_mm"], sign=True) if computable else "–",
        change_share=per_cent(row["change_pct"]) if pd.notna(row["change_pct"]) else "",
        limit=said.limit,
        strip=_strip(row) if computable else None,
        tone=said.tone,
        code=said.code,
        word=capital(said.headed),
        reasons_within=tuple(filter(None, _reasons(row, said, settings, when))),
        over_sites=over_sites[0],
        over_sites_tone=over_sites[1],
        flags=wording.flag_sentences(row, settings.improvement, therapy),
    )


def _days_text(row: pd.Series, therapy: pd.Series | None) -> str:
    days = ngettext("{n} day", "{n} days", row["days"]).format(n=f"{row['days']:.0f}")
    return listed(filter(None, (days, after_end_text(row, therapy))))


def _reasons(row: pd.Series, said: AnswerWords, settings: Settings, when: When) -> tuple[str, ...]:
    """Lines beneath the word, as within a sentence: German nouns keep their capital there."""
    if row["level"] == "patient":
        return ()
    if row["answer"] != "phases":
        needed = needed_for_change(row, settings.baseline_window_days, when)
        reason = error_reason_words(row)
        more = uncapital(needed or wording.what_is_needed(row, settings.min_readings))
        if row["error_check"] == "error_unknown":
            # The word says that already; the numbers of all readings stand without one.
            return _means(row), reason_text(row, settings.min_readings), more
        return reason, more, uncapital(last_read_text(row))
    return said.why, _means(row), said.beside


def _means(row: pd.Series) -> str:
    """The difference of the means with the readings behind it; blank where there is none."""
    if pd.isna(row["mean_change_mm"]):
        return ""
    mean = _("mean {change}").format(change=wording.mean_text(row))
    counted = ngettext(
        "{before} reading before, {during} during",
        "{before} readings before, {during} during",
        row["n_reference"],
    ).format(before=f"{row['n_reference']:.0f}", during=f"{row['n_under']:.0f}")
    return listed((mean, counted))


def period_text(row: pd.Series, therapy: pd.Series | None, when: When) -> str:
    """``10 Mar 2025 – ongoing``; approximate dates with ≈, those from tags with ≤ and ≥."""
    start = start_text(row, therapy, when)
    if row["end_status"] == "ended" or row["level"] == "course":
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
        usual_word(therapy["stop_reason"]),
    ]
    return " · ".join(part for part in parts if part)


def _strip(row: pd.Series) -> tuple[float, float, float] | None:
    """The band of the figure and the change, as distances from the baseline."""
    base, low, high = (float(row[c]) for c in ("baseline_mm", "limit_low_mm", "limit_high_mm"))
    if math.isnan(low) and math.isnan(high):
        return None

    sizes = [abs(x) for x in (row["change_mm"], low - base, high - base) if not math.isnan(x)]
    edge = STRIP_MM if row["measure"] == THICKNESS else STRIP_SHARE * max(sizes)

    def place(value: float) -> float:
        return min(max((value + edge) / (2 * edge), 0.0), 1.0)

    left = 0.0 if math.isnan(low) else place(low - base)
    right = 1.0 if math.isnan(high) else place(high - base)
    return left, right, place(float(row["change_mm"]))
