"""Settings in words a clinician reads: groups, labels, units, and what changed when."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from sm_tracker.domain.settings import ErrorSetting, OutcomeSetting, RegimenWindow, Settings
from sm_tracker.figures.languages import headed, listed
from sm_tracker.languages import gettext as _
from sm_tracker.report.numbers import decimals

Kind = Literal["mm", "percent", "days", "count", "text", "improvement", "confidence"]


@dataclass(frozen=True, slots=True)
class SettingWords:
    """One setting: its name in the code, what people call it, and one sentence of help."""

    name: str
    label: str
    help: str
    kind: Kind


@dataclass(frozen=True, slots=True)
class SettingGroup:
    """Settings that belong together, with the section of the methods document behind them."""

    title: str
    text: str
    settings: tuple[SettingWords, ...]


def setting_groups() -> tuple[SettingGroup, ...]:
    """All single-valued settings in groups, in the order of a page."""
    return (_error_group(), _window_group(), _answer_group())


def _error_group() -> SettingGroup:
    return SettingGroup(
        _("Measurement error"),
        _(
            "The error of one visit value is the larger of the two. Two values differ by more "
            "than error from 1.96 √(error² + error²) on."
        ),
        (
            SettingWords(
                "sem_mm",
                _("Smallest error of one value (mm)"),
                _("Standard error of measurement of a visit value of thin skin."),
                "mm",
            ),
            SettingWords(
                "sem_fraction",
                _("Error as a share of the value (%)"),
                _("The error grows with thickness; this is its share of the value."),
                "percent",
            ),
            SettingWords(
                "sem_source",
                _("Source of this error"),
                _("Stands beneath every figure and in every report."),
                "text",
            ),
            SettingWords(
                "minimal_important_change_mm",
                _("Smallest change that matters to you (mm)"),
                _("A clear result then asks for at least this much; 0 sets none."),
                "mm",
            ),
        ),
    )


def _window_group() -> SettingGroup:
    return SettingGroup(
        _("Which readings count"),
        _("Days around the start and the end of a regimen."),
        (
            SettingWords(
                "baseline_window_days",
                _("Oldest reading that counts as baseline (days before start)"),
                _("The last value in this time before the start is the baseline."),
                "days",
            ),
            SettingWords(
                "reference_window_days",
                _("Oldest reading to compare with (days before start)"),
                _(
                    "Readings before the start that are older are not used. Where fewer than "
                    "needed are left, the row says when it was last read."
                ),
                "days",
            ),
            SettingWords(
                "lag_days",
                _("Ignore readings in the first … days"),
                _("Earlier readings are not yet counted under the regimen."),
                "days",
            ),
            SettingWords(
                "grace_days",
                _("Still counted after the end (days)"),
                _(
                    "Readings up to this long after the end count for what is given in cycles, "
                    "pulses or once, and where there is none before the end; never after another "
                    "regimen has started."
                ),
                "days",
            ),
            SettingWords(
                "carry_over_days",
                _("Remark on an earlier therapy for (days)"),
                _("A regimen that ended at most this long before the start may still act."),
                "days",
            ),
        ),
    )


def _answer_group() -> SettingGroup:
    return SettingGroup(
        _("When there is an answer"),
        _("How many readings an answer needs, and which direction is better."),
        (
            SettingWords(
                "min_readings",
                _("Readings before and during for a result over all"),
                _("Fewest usable values on each side; with fewer, single readings are compared."),
                "count",
            ),
            SettingWords(
                "drift_mm_per_year",
                _("Natural drift of the skin (mm a year)"),
                _(
                    "Standard deviation of slow change without any therapy. A trend before the "
                    "start is weighed against it and taken off; 0 takes none off."
                ),
                "mm",
            ),
            SettingWords(
                "min_readings_slope",
                _("Readings during for a slope"),
                _("Fewest values for a change a year."),
                "count",
            ),
            SettingWords(
                "replicates_expected",
                _("Readings of a visit"),
                _("A visit value of fewer readings is remarked upon."),
                "count",
            ),
            SettingWords(
                "confidence",
                _("Level of the intervals (%)"),
                _("The range in which the true difference plausibly lies."),
                "confidence",
            ),
            SettingWords(
                "improvement",
                _("Improvement means"),
                _("Thinner in diseases that thicken the skin; thicker where skin is atrophic."),
                "improvement",
            ),
        ),
    )


def improvement_words() -> dict[str, str]:
    """Both directions in words."""
    return {"decrease": _("thinner"), "increase": _("thicker")}


def setting_text(words: SettingWords, settings: Settings) -> str:
    """A setting's value as people write it."""
    value = getattr(settings, words.name)
    if words.kind == "mm":
        return f"{decimals(value, 2)} mm"
    if words.kind in ("percent", "confidence"):
        return f"{100 * value:g} %"
    if words.kind == "days":
        return _("{n} days").format(n=value)
    return improvement_words()[value] if words.kind == "improvement" else str(value)


def what_changed(before: Settings, after: Settings) -> list[str]:
    """Each difference between two sets of settings in words."""
    found = []
    for group in setting_groups():
        for words in group.settings:
            old, new = setting_text(words, before), setting_text(words, after)
            if old != new:
                found.append(headed(words.label, f"{old} → {new}"))
    if before.error_settings != after.error_settings:
        found.append(_("Error of single sites and devices: ") + _errors(after.error_settings))
    if before.outcome_settings != after.outcome_settings:
        found.append(_("Second outcomes: ") + _outcomes(after.outcome_settings))
    if before.regimen_windows != after.regimen_windows:
        found.append(_("Time windows of single regimens: ") + _windows(after.regimen_windows))
    return found


def _errors(errors: tuple[ErrorSetting, ...]) -> str:
    found = [
        f"{' '.join(filter(None, (e.site, e.device))) or _('any site')} "
        f"{decimals(e.sem_mm, 2)} mm, {100 * e.sem_fraction:g} %"
        for e in errors
    ]
    return listed(found) or _("none")


def better_words() -> dict[str, str]:
    """What improvement means for an outcome, in words."""
    return {"": _("as recorded"), "lower": _("lower"), "higher": _("higher")}


def _outcomes(outcomes: tuple[OutcomeSetting, ...]) -> str:
    found = []
    for one in outcomes:
        parts = [_("error {size}").format(size=f"{one.sem:g}")] if one.sem else []
        parts += [f"{100 * one.sem_fraction:g} %"] if one.sem_fraction else []
        if one.drift_per_year:
            parts.append(_("drift {size} a year").format(size=f"{one.drift_per_year:g}"))
        if one.minimal_important_change:
            size = f"{one.minimal_important_change:g}"
            parts.append(_("smallest change {size}").format(size=size))
        if one.better:
            parts.append(
                _("improvement means {direction}").format(direction=better_words()[one.better])
            )
        found.append(" ".join(filter(None, (one.outcome, ", ".join(parts)))))
    return listed(found) or _("none")


def _windows(windows: tuple[RegimenWindow, ...]) -> str:
    return listed(w.regimen for w in windows) or _("none")
