"""Text for a paper: caption, methods and results.

Every number is taken from the change table or the settings. With a day zero there is no
calendar date anywhere; times are whole days from it.
"""

from __future__ import annotations

import pandas as pd

from sm_tracker.domain.exposure import NO_THERAPY
from sm_tracker.domain.settings import Settings
from sm_tracker.figures.languages import capital
from sm_tracker.report.case_events import TIMELINE_COLUMNS, case_timeline, usual_readings
from sm_tracker.report.numbers import (
    When,
    change_mm,
    from_to,
    per_cent,
    plus_minus,
    signed,
    whole,
)
from sm_tracker.report.tables import numbered_labels
from sm_tracker.report.wording import regimen_label, site_name, verdict_words

__all__ = ["TIMELINE_COLUMNS", "case_timeline"]

SCRIBE = (
    "Observational single case; phases were driven by the clinical course, with no "
    "randomisation, no blinding and no planned phase change. Changes are reported under a "
    "regimen and are not evidence that the regimen caused them."
)
METHOD_SOURCES = (
    "Welch BL. Biometrika 1947;34:28-35",
    "Newcombe RG. Stat Med 2006;25:559-573",
    "Parker RI, Vannest KJ. Behav Ther 2009;40:357-367",
)


def caption(
    notes: tuple[str, ...], abbreviations: str, visits: pd.DataFrame, *, treated: bool = True
) -> str:
    """The figure's caption: what is shown, then the notes of the figure itself."""
    frequencies = sorted(visits["frequency_mhz"].dropna().unique())
    by = f" by {', '.join(f'{f:g}' for f in frequencies)} MHz ultrasound" if frequencies else ""
    head = f"Skin thickness{by} over time" + (", with therapy periods below." if treated else ".")
    return " ".join(part for part in (head, *notes, abbreviations) if part)


def methods(visits: pd.DataFrame, settings: Settings, version: str) -> str:
    """A methods paragraph: measurement, error, which readings count, statistics, software."""
    return " ".join(
        [
            _measurement_sentence(visits),
            _error_sentence(visits, settings),
            _window_sentence(settings),
            _statistics_sentence(settings),
            f"Computed with SM Tracker {version} (settings {settings.settings_id}).",
        ]
    )


def _measurement_sentence(visits: pd.DataFrame) -> str:
    if visits.empty:
        return "The records hold no measurement of skin thickness."

    def listed(column: str, unit: str = "") -> str:
        values = visits[column].dropna()
        shown = sorted({f"{v:g}" if isinstance(v, float) else str(v) for v in values} - {""})
        return f"{', '.join(shown)}{unit}" if shown else "not recorded"

    sites = sorted({site_name(row) for _, row in visits[["site", "side"]].iterrows()})
    usual = max(usual_readings(visits), 1)
    n_sites = f"{_counted(len(sites), 'site')} ({', '.join(sites)})"
    n_visits = _counted(visits["t"].nunique(), "visit")
    return (
        f"Skin thickness was measured by ultrasound (device: {listed('device')}; frequency: "
        f"{listed('frequency_mhz', ' MHz')}; sound velocity: {listed('velocity_m_s', ' m/s')}; "
        f"layer: {listed('layer')}) at {n_sites} in {n_visits}. A visit value is the mean of "
        f"the readings of one site on one day, usually {usual}. {_without_value(visits)}"
    )


def _counted(n: int, thing: str) -> str:
    return f"{n} {thing}{'' if n == 1 else 's'}"


def _without_value(visits: pd.DataFrame) -> str:
    """How many visit values are no number, and what became of them."""
    censored = int((visits["state"] == "censored").sum())
    doubtful = int((visits["state"] == "doubtful").sum())
    unreadable = len(visits) - censored - doubtful - int((visits["state"] == "ok").sum())
    total = _counted(len(visits), "visit value")
    if not censored and not unreadable and not doubtful:
        return f"None of {total} was censored or unreadable."
    parts = [
        f"{n} {'was' if n == 1 else 'were'} {kind}"
        for n, kind in (
            (censored, "censored"),
            (unreadable, "unreadable"),
            (doubtful, "doubtful"),
        )
        if n
    ]
    return f"Of {total}, {_joined(parts)}: shown and counted, never averaged."


def _joined(parts: list[str]) -> str:
    return " and ".join(filter(None, (", ".join(parts[:-1]), parts[-1])))


def _error_sentence(visits: pd.DataFrame, settings: Settings) -> str:
    general = (
        f"The measurement error (SEM) of one visit value was taken as the larger of "
        f"{settings.sem_mm:.2f} mm and {100 * settings.sem_fraction:g} % of it "
        f"({settings.sem_source}); a change between two visit values a and b counts as beyond "
        "error if it is larger than 1.96 √(SEM(a)² + SEM(b)²)."
    )
    special = [
        f"{' '.join(filter(None, (e.site, e.device)))}: {e.sem_mm:g} mm and "
        f"{100 * e.sem_fraction:g} % ({e.source})"
        for e in settings.error_settings
    ]
    return general + (f" Own error for {'; '.join(special)}." if special else "")


def _window_sentence(settings: Settings) -> str:
    general = (
        f"Baseline was the last visit value in the {settings.baseline_window_days} days before "
        "the start of a period, the day of the start included. Values counted under a regimen "
        f"from {_lag(settings.lag_days)} the start until {settings.grace_days} days after the "
        "end, or until another period started."
    )
    special = [
        ", ".join(
            f"{name} {days} days"
            for name, days in (
                ("baseline", w.baseline_window_days),
                ("lag", w.lag_days),
                ("grace", w.grace_days),
            )
            if days is not None
        )
        + f" for {w.regimen}"
        for w in settings.regimen_windows
    ]
    return general + (f" Own windows: {'; '.join(special)}." if special else "")


def _lag(days: int) -> str:
    return "the day after" if days <= 1 else f"{days} days after"


def _statistics_sentence(settings: Settings) -> str:
    share = f"{100 * settings.confidence:g} %"
    important = settings.minimal_important_change_mm
    least = "2.77 times the SEM of the mean before"
    if important:
        least = f"the larger of {least} and {important:g} mm, the smallest change called important"
    return (
        "All visit values under a regimen were compared with those of the exposure state just "
        f"before it: by the difference of means with Welch's {share} interval, never narrower "
        "than measurement error allows, and by the share of pairs in which the value under the "
        "regimen was lower (NAP; its interval by Newcombe stands in the change table). With at "
        f"least {settings.min_readings} values on each side, the skin was called thinner or "
        f"thicker than before if the difference reached {least} and its interval did not hold "
        f"zero; from {settings.min_readings_trend} values before on, the change that their "
        "trend explains was taken off first. No correction was made for multiple comparisons."
    )


def result_sentence(
    row: pd.Series,
    settings: Settings,
    when: When | None = None,
    label: str = "",
    place: str = "",
) -> str:
    """Both answers of one row of the change table, each number with its n and unit.

    Parameters
    ----------
    row : Series
        Of contract CHANGES.
    settings : Settings
    when : When, optional
        How days are written; calendar dates if omitted.
    label : str
        Name of the period, such as ``HC (2)``; that of the regimen if blank.
    place : str
        Name of the series; that of the site if blank.
    """
    when = when or When()
    under = _under(row, label or regimen_label(row))
    head = ", ".join(filter(None, (capital(under), place or site_name(row)))) + ": "
    if row["error_check"] == "not_computable":
        first = f"change not computable ({row['error_reason']})"
    else:
        first = (
            f"{from_to(row['baseline_mm'], row['last_mm'])} from "
            f"{when.day(row['baseline_date'], row['baseline_day'])} to "
            f"{when.day(row['last_date'], row['last_day'])}{_replicates(row)}, a change of "
            f"{change_mm(row['change_mm'])} ({per_cent(row['change_pct'])}) in "
            f"{_counted(int(row['days']), 'day')}, {_check(row)} of "
            f"{plus_minus(row['mdc95_mm'])}"
        )
    return head + first + _phase_words(row, settings, under)


def _under(row: pd.Series, label: str) -> str:
    return "without therapy" if row["regimen"] == NO_THERAPY else f"under {label}"


def _replicates(row: pd.Series) -> str:
    """How many readings stand behind the two visit values of a row."""
    first, last = row["n_baseline"], row["n_last"]
    if pd.isna(first) or pd.isna(last):
        return ""
    if first == last:
        return " (one reading each)" if first == 1 else f" (means of {first:.0f} readings each)"
    return f" (from {first:.0f} and {last:.0f} readings)"


def _check(row: pd.Series) -> str:
    return (
        "within the assumed measurement error"
        if row["error_check"] == "within_error"
        else "beyond the assumed measurement error"
    )


def _phase_words(row: pd.Series, settings: Settings, under: str) -> str:
    words, _ = verdict_words(row, settings.improvement)
    if row["verdict"] == "too_few_readings":
        reason = str(row["verdict_reason"]).replace(" under;", f" {under};")
        return f"; too few visit values to compare phases ({reason})."
    reason = f" ({row['verdict_reason']})" if row["verdict_reason"] else ""
    low, high = (signed(row[c], 2) for c in ("ci_low_mm", "ci_high_mm"))
    return (
        f"; difference of means {change_mm(row['mean_change_mm'])} "
        f"({100 * settings.confidence:g} % interval {low} to {high} mm) between "
        f"{_counted(int(row['n_reference']), 'visit value')} before ({row['reference_state']}) "
        f"and {row['n_under']:.0f} {under}, lower {under} in {whole(row['n_pairs_lower'])} of "
        f"{row['n_pairs']:.0f} pairs: {words.lower()}{reason}."
    )


def results(changes: pd.DataFrame, settings: Settings, when: When | None = None) -> list[str]:
    """A sentence for every row of a patient's change table, in order of start."""
    ordered = changes.assign(series=series_names(changes)).sort_values(
        ["starts_day", "site", "side"], kind="stable"
    )
    labels = numbered_labels(changes)
    return [
        result_sentence(row, settings, when, labels.get(row["period_id"], ""), row["series"])
        for _, row in ordered.iterrows()
    ]


def series_names(changes: pd.DataFrame) -> list[str]:
    """Name of the series of each row: its site as read aloud.

    Layer, device or frequency follow where the site has several series that differ in it.
    """
    told = changes[["site", "side", "layer", "device", "frequency_mhz"]]
    told = told.assign(
        layer=told["layer"].replace("", None), device=told["device"].replace("", None)
    )
    kinds = told.groupby(["site", "side"])[["layer", "device", "frequency_mhz"]].transform(
        "nunique"
    )
    names = []
    for (_, row), (_, n) in zip(told.iterrows(), kinds.iterrows(), strict=True):
        parts = [site_name(row)]
        parts += [str(row[c]) for c in ("layer", "device") if n[c] > 1 and pd.notna(row[c])]
        if n["frequency_mhz"] > 1 and pd.notna(row["frequency_mhz"]):
            parts.append(f"{row['frequency_mhz']:g} MHz")
        names.append(", ".join(parts))
    return names


def settings_rows(settings: Settings) -> list[tuple[str, str, str]]:
    """Every setting with its value and what it means, for a report."""
    import dataclasses

    rows = []
    for field in dataclasses.fields(settings):
        value = getattr(settings, field.name)
        if isinstance(value, tuple):
            value = "; ".join(map(str, value)) or "none"
        unit = field.metadata.get("unit", "")
        rows.append((field.name, f"{value} {unit}".strip(), field.metadata.get("help", "")))
    return rows
