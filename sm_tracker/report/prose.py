"""Text for a paper: caption, methods, results and the case timeline.

Every number is taken from the change table or the settings. With a day zero there is no
calendar date anywhere; times are whole days from it.
"""

from __future__ import annotations

import pandas as pd

from sm_tracker.domain.exposure import NO_THERAPY
from sm_tracker.domain.settings import Settings
from sm_tracker.report.numbers import (
    When,
    change_mm,
    from_to,
    interval,
    per_cent,
    plus_minus,
    whole,
)
from sm_tracker.report.wording import regimen_label, site_name, verdict_words

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
    replicates = visits.loc[visits["n_replicates"] > 0, "n_replicates"]
    usual = "1" if replicates.empty else f"{replicates.mode().iloc[0]:.0f}"
    n_sites = f"{len(sites)} site{'s' if len(sites) != 1 else ''} ({', '.join(sites)})"
    return (
        f"Skin thickness was measured by ultrasound (device: {listed('device')}; frequency: "
        f"{listed('frequency_mhz', ' MHz')}; sound velocity: {listed('velocity_m_s', ' m/s')}; "
        f"layer: {listed('layer')}) at {n_sites} on {visits['t'].nunique()} visits; a visit "
        f"value is the mean of usually {usual} reading{'s' if usual != '1' else ''}. Censored "
        "and unreadable values were shown and counted, never averaged."
    )


def _error_sentence(visits: pd.DataFrame, settings: Settings) -> str:
    general = (
        f"The measurement error (SEM) of one visit value was taken as the larger of "
        f"{settings.sem_mm:.2f} mm and {100 * settings.sem_fraction:g} % of it "
        f"({settings.sem_source}); a change between two visit values a and b is beyond error "
        "above 1.96 √(SEM(a)² + SEM(b)²)."
    )
    special = [
        f"{' '.join(filter(None, (e.site, e.device)))}: {e.sem_mm:g} mm and "
        f"{100 * e.sem_fraction:g} % ({e.source})"
        for e in settings.error_settings
    ]
    return general + (f" Own error for {'; '.join(special)}." if special else "")


def _window_sentence(settings: Settings) -> str:
    return (
        f"Baseline was the last value in the {settings.baseline_window_days} days before a "
        f"period, its first day included; values counted under a regimen from "
        f"{settings.lag_days} days after the start to {settings.grace_days} days after the end "
        "or the start of another period."
    )


def _statistics_sentence(settings: Settings) -> str:
    share = f"{100 * settings.confidence:g} %"
    return (
        f"All values under a regimen were compared with those of the exposure state just "
        f"before it by the difference of means with Welch's {share} interval, never narrower "
        "than measurement error allows, and by the share of pairs in which the value under "
        "the regimen was lower (NAP, Newcombe's interval). From "
        f"{settings.min_readings_trend} values before on, the trend before was taken off. No "
        "correction was made for several comparisons."
    )


def result_sentence(row: pd.Series, settings: Settings, when: When | None = None) -> str:
    """Both answers of one row of the change table, each number with its n and unit."""
    when = when or When()
    under = "Without therapy" if row["regimen"] == NO_THERAPY else f"Under {regimen_label(row)}"
    head = ", ".join(filter(None, (under, site_name(row)))) + ": "
    if row["error_check"] == "not_computable":
        first = f"change not computable ({row['error_reason']})"
    else:
        first = (
            f"{from_to(row['baseline_mm'], row['last_mm'])} from "
            f"{when.day(row['baseline_date'], row['baseline_day'])} to "
            f"{when.day(row['last_date'], row['last_day'])} ({change_mm(row['change_mm'])}, "
            f"{per_cent(row['change_pct'])}, {row['days']:.0f} days; {_check(row)} of "
            f"{plus_minus(row['mdc95_mm'])})"
        )
    return head + first + _phase_words(row, settings)


def _check(row: pd.Series) -> str:
    return (
        "within the assumed measurement error"
        if row["error_check"] == "within_error"
        else "beyond the assumed measurement error"
    )


def _phase_words(row: pd.Series, settings: Settings) -> str:
    words, _ = verdict_words(row, settings.improvement)
    if row["verdict"] == "too_few_readings":
        return f"; too few readings to compare phases ({row['verdict_reason']})."
    reason = f", {row['verdict_reason']}" if row["verdict_reason"] else ""
    return (
        f"; mean {change_mm(row['mean_change_mm'])} "
        f"{interval(row['ci_low_mm'], row['ci_high_mm'])} against {row['reference_state']} "
        f"({row['n_reference']:.0f} and {row['n_under']:.0f} values), lower in "
        f"{whole(row['n_pairs_lower'])} of {row['n_pairs']:.0f} pairs: {words.lower()}{reason}."
    )


def results(changes: pd.DataFrame, settings: Settings, when: When | None = None) -> list[str]:
    """A sentence for every row of a patient's change table, in order of start."""
    ordered = changes.sort_values(["starts_day", "site", "side"], kind="stable")
    return [result_sentence(row, settings, when) for _, row in ordered.iterrows()]


TIMELINE_COLUMNS = ("When", "Event", "Details")


def case_timeline(
    therapies: pd.DataFrame,
    changes: pd.DataFrame,
    visits: pd.DataFrame,
    when: When | None = None,
) -> pd.DataFrame:
    """The timeline of a case report (CARE item 7): visits, starts and ends, in order.

    Parameters
    ----------
    therapies : DataFrame
        Contract THERAPIES with every ``period_id`` filled.
    changes : DataFrame
        Contract CHANGES of the same patient; gives the days of the periods.
    visits : DataFrame
        Contract VISITS.
    """
    when = when or When()
    events = [*_visit_events(visits, when), *_therapy_events(therapies, changes, when)]
    rows = [event[2:] for event in sorted(events, key=lambda e: e[:2])]
    return pd.DataFrame(rows, columns=list(TIMELINE_COLUMNS), dtype="str")


def _visit_events(visits: pd.DataFrame, when: When) -> list[tuple[float, int, str, str, str]]:
    events = []
    for t, rows in visits.groupby("t", sort=True):
        values = [
            f"{site_name(row)} {row['value_mm']:.2f} mm"
            if row["state"] == "ok"
            else f"{site_name(row)} {row['qualifier']}{_limit(row)}".strip()
            for _, row in rows.iterrows()
        ]
        day = float(str(t))
        label = when.day(rows["date"].iloc[0], day)
        events.append((day, 0, label, "Measurement", "; ".join(values)))
    return events


def _limit(row: pd.Series) -> str:
    if row["state"] == "censored":
        return f" {row['limit_mm']:.2f} mm"
    return str(row["state"]).replace("_", " ")


def _therapy_events(
    therapies: pd.DataFrame, changes: pd.DataFrame, when: When
) -> list[tuple[float, int, str, str, str]]:
    events = []
    periods = changes[changes["level"] == "period"].drop_duplicates("period_id")
    known = therapies.drop_duplicates("period_id").set_index("period_id")
    for _, row in periods.iterrows():
        if row["period_id"] not in known.index:
            continue
        therapy = known.loc[row["period_id"]]
        precision = str(therapy["date_precision"])
        cycles = "" if pd.isna(therapy["cycles"]) else f"{therapy['cycles']:.0f} cycles"
        details = "; ".join(filter(None, (str(therapy["dose"]), cycles, str(therapy["route"]))))
        label = when.limit(row["starts_on"], row["starts_day"], precision)
        events.append((row["starts_day"], 1, label, f"{row['regimen']} started", details))
        if row["end_status"] == "ended":
            precision = str(therapy["end_date_precision"]) or precision
            label = when.limit(row["ends_on"], row["ends_day"], precision)
            reason = str(therapy["stop_reason"])
            events.append((row["ends_day"], 2, label, f"{row['regimen']} ended", reason))
    return events


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
