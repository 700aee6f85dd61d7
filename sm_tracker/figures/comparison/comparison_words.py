"""Words of the comparison of periods, in English, German and French."""

from __future__ import annotations

import pandas as pd

from sm_tracker.analysis.error.error_model import error_model
from sm_tracker.domain.settings import Settings
from sm_tracker.figures.comparison.comparison_model import ComparisonView
from sm_tracker.figures.error_notes import error_note, outcome_error_note
from sm_tracker.figures.languages import outcome_text
from sm_tracker.languages import N_, Language, gettext_in

_WORDS: dict[str, str] = {
    "thinner": N_("thinner"),
    "slightly_thinner": N_("slightly thinner"),
    "neither": N_("no clear change"),
    "slightly_thicker": N_("slightly thicker"),
    "thicker": N_("thicker"),
    "lower": N_("lower"),
    "slightly_lower": N_("slightly lower"),
    "slightly_higher": N_("slightly higher"),
    "higher": N_("higher"),
    "band": N_("error band"),
    "mean": N_("mean, 95 % interval"),
    "course": N_("whole course"),
    "in_days": N_("in {days} days"),
    "means": N_("means {mean} [{low}, {high}], {before} readings before, {during} during"),
    "alt": N_("Change of skin thickness{unit} in {rows} periods at {columns} sites."),
    "alt_outcome": N_("{name}: change{unit} in {rows} periods."),
    "note_outcome_mm": N_(
        "{name}: change{unit} from the last value before the period to the last value during "
        "it, lower to the left."
    ),
    "note_outcome_percent": N_(
        "{name}: change in per cent of the last value before the period, to the last value "
        "during it, lower to the left."
    ),
    "in_unit": N_(" in {unit}"),
    "note_error_unknown": N_(
        "The measurement error of {name} is not known: single values are not judged."
    ),
    "note_mm": N_(
        "Change in mm from the last reading before the period to the last reading during it, "
        "thinner to the left."
    ),
    "note_percent": N_(
        "Change in per cent of the last reading before the period, to the last reading during "
        "it, thinner to the left."
    ),
    "note_band": N_("Grey box: change that measurement error alone can produce (95 %)."),
    "note_sign": N_(
        "Sign: result over all readings where each side has {n} or more, else that of the "
        "single readings."
    ),
    "note_mean": N_(
        "Thin line: difference of means with {level} % interval, all readings before vs during, "
        "where each side has {n} or more."
    ),
    "note_mean_percent": N_(
        "Thin line: per cent change of the mean (log response ratio) with {level} % interval, "
        "all readings before vs during, where each side has {n} or more."
    ),
    "note_bold": N_("Bold: {down} or {up}, slightly or clearly."),
    "no_rows": N_("Nothing to compare yet."),
}


def word(language: Language, key: str, **values: object) -> str:
    """One phrase with its values filled in."""
    return gettext_in(language, _WORDS[key]).format(**values)


def comparison_notes(
    own: pd.DataFrame, settings: Settings, view: ComparisonView, unit: str
) -> tuple[str, ...]:
    """Sentences that a reader needs beside the comparison, with the assumed error."""
    language, remark = view.language, view.remark
    if own.empty or not own["level"].isin(["period", "course"]).any():
        return tuple(n for n in (word(language, "no_rows"), remark) if n)
    mean = "note_mean" if view.unit == "mm" else "note_mean_percent"
    level = f"{100 * settings.confidence:g}"
    phases = [
        word(language, "note_sign", n=settings.min_readings),
        word(language, mean, level=level, n=settings.min_readings),
    ]
    if view.outcome:
        notes = [*_outcome_notes(settings, view, unit), *phases]
        return tuple([*notes, remark] if remark else notes)
    notes = [word(language, f"note_{view.unit}"), word(language, "note_band"), *phases]
    places = own[own["site"] != ""][["site", "device"]].drop_duplicates()
    found: dict[tuple[float, float, str], list[str]] = {}
    for site, device in places.itertuples(index=False):
        error = error_model(settings, site, device)
        key = (float(error.sem_mm[0]), float(error.sem_fraction[0]), str(error.source[0]))
        found.setdefault(key, []).append(site)
    for key, sites in found.items():
        where = dict.fromkeys(sites) if len(found) > 1 else {}
        notes.append(error_note(*key, sites=", ".join(where), language=language))
    return tuple([*notes, remark] if remark else notes)


def _outcome_notes(settings: Settings, view: ComparisonView, unit: str) -> list[str]:
    """What is compared of an outcome, and by which error."""
    language, name = view.language, outcome_text(view.outcome, view.language)
    measured_in = word(language, "in_unit", unit=unit) if unit else ""
    notes = [word(language, f"note_outcome_{view.unit}", name=name, unit=measured_in)]
    own = next((o for o in settings.outcome_settings if o.outcome == view.outcome), None)
    if own is None or not own.has_error:
        return [*notes, word(language, "note_error_unknown", name=name)]
    return [*notes, word(language, "note_band"), outcome_error_note(own, unit, language)]
