"""Words of the comparison of periods, in English, German and French."""

from __future__ import annotations

import pandas as pd

from sm_tracker.analysis.error.error_model import error_model
from sm_tracker.domain.settings import Settings
from sm_tracker.figures.comparison.comparison_model import ForestView
from sm_tracker.figures.languages import choose, outcome_text
from sm_tracker.figures.timeline.notes import error_note, outcome_error_note
from sm_tracker.languages import Language

_WORDS: dict[str, tuple[str, str, str]] = {
    "thinner": ("thinner", "dünner", "plus mince"),
    "slightly_thinner": ("slightly thinner", "etwas dünner", "légèrement plus mince"),
    "neither": ("no clear change", "keine klare Änderung", "pas de changement net"),
    "slightly_thicker": ("slightly thicker", "etwas dicker", "légèrement plus épais"),
    "thicker": ("thicker", "dicker", "plus épais"),
    "lower": ("lower", "niedriger", "plus bas"),
    "slightly_lower": ("slightly lower", "etwas niedriger", "légèrement plus bas"),
    "slightly_higher": ("slightly higher", "etwas höher", "légèrement plus haut"),
    "higher": ("higher", "höher", "plus haut"),
    "band": ("error band", "Fehlerband", "bande d'erreur"),
    "mean": ("mean, 95 % interval", "Mittel, 95-%-Intervall", "moyenne, intervalle à 95 %"),
    "course": ("whole course", "gesamter Verlauf", "évolution totale"),
    "in_days": ("in {days} days", "in {days} Tagen", "en {days} jours"),
    "means": (
        "means {mean} [{low}, {high}], {before} readings before, {during} during",
        "Mittel {mean} [{low}; {high}], {before} Messungen davor, {during} währenddessen",
        "moyennes {mean} [{low} ; {high}], {before} mesures avant, {during} pendant",
    ),
    "alt": (
        "Change of skin thickness in {rows} periods at {columns} sites.",
        "Änderung der Hautdicke in {rows} Phasen an {columns} Stellen.",
        "Variation de l'épaisseur cutanée pour {rows} périodes sur {columns} sites.",
    ),
    "alt_outcome": (
        "{name}: change in {rows} periods.",
        "{name}: Änderung in {rows} Phasen.",
        "{name} : variation pour {rows} périodes.",
    ),
    "note_outcome_mm": (
        "{name}: change{unit} from the last value before the period to the last value during it, "
        "lower to the left.",
        "{name}: Änderung{unit} vom letzten Wert vor der Phase zum letzten währenddessen, "
        "niedriger nach links.",
        "{name} : variation{unit} de la dernière valeur avant la période à la dernière pendant, "
        "plus bas à gauche.",
    ),
    "note_outcome_percent": (
        "{name}: change in per cent of the last value before the period, to the last value "
        "during it, lower to the left.",
        "{name}: Änderung in Prozent des letzten Werts vor der Phase, zum letzten währenddessen, "
        "niedriger nach links.",
        "{name} : variation en pour cent de la dernière valeur avant la période, à la dernière "
        "pendant, plus bas à gauche.",
    ),
    "in_unit": (" in {unit}", " in {unit}", " en {unit}"),
    "note_error_unknown": (
        "The measurement error of {name} is not known: single values are not judged.",
        "Der Messfehler von {name} ist nicht bekannt: Einzelwerte werden nicht beurteilt.",
        "L'erreur de mesure de {name} n'est pas connue : les valeurs isolées ne sont pas jugées.",
    ),
    "note_mm": (
        "Change in mm from the last reading before the period to the last reading during it, "
        "thinner to the left.",
        "Änderung in mm von der letzten Messung vor der Phase zur letzten währenddessen, dünner "
        "nach links.",
        "Variation en mm de la dernière mesure avant la période à la dernière pendant, plus mince "
        "à gauche.",
    ),
    "note_percent": (
        "Change in per cent of the last reading before the period, to the last reading during "
        "it, thinner to the left.",
        "Änderung in Prozent der letzten Messung vor der Phase, zur letzten währenddessen, dünner "
        "nach links.",
        "Variation en pour cent de la dernière mesure avant la période, à la dernière pendant, "
        "plus mince à gauche.",
    ),
    "note_band": (
        "Grey box: change that measurement error alone can produce (95 %).",
        "Graues Feld: Änderung, die der Messfehler allein bewirken kann (95 %).",
        "Zone grise : variation que l'erreur de mesure seule peut produire (95 %).",
    ),
    "note_sign": (
        "Sign: result over all readings where each side has {n} or more, else that of the single "
        "readings.",
        "Zeichen: Ergebnis über alle Messungen, wo jede Seite mindestens {n} hat, sonst das der "
        "Einzelmessungen.",
        "Signe : résultat de toutes les mesures si chaque côté en compte au moins {n}, sinon "
        "celui des mesures isolées.",
    ),
    "note_mean": (
        "Thin line: difference of means with {level} % interval, all readings before vs "
        "during, where each side has {n} or more.",
        "Dünne Linie: Differenz der Mittel mit {level}-%-Intervall, alle Messungen davor gegen "
        "währenddessen, wo jede Seite mindestens {n} hat.",
        "Trait fin : différence des moyennes avec intervalle à {level} %, toutes les mesures avant "
        "contre pendant, si chaque côté en compte au moins {n}.",
    ),
    "note_mean_percent": (
        "Thin line: per cent change of the mean (log response ratio) with {level} % interval, all "
        "readings before vs during, where each side has {n} or more.",
        "Dünne Linie: prozentuale Änderung des Mittels (log response ratio) mit "
        "{level}-%-Intervall, alle Messungen davor gegen währenddessen, wo jede Seite mindestens "
        "{n} hat.",
        "Trait fin : variation en pour cent de la moyenne (log response ratio) avec intervalle à "
        "{level} %, toutes les mesures avant contre pendant, si chaque côté en compte au moins "
        "{n}.",
    ),
    "note_bold": (
        "Bold: {down} or {up}, slightly or clearly.",
        "Fett: {down} oder {up}, etwas oder deutlich.",
        "En gras : {down} ou {up}, légèrement ou nettement.",
    ),
    "no_rows": (
        "Nothing to compare yet.",
        "Noch nichts zu vergleichen.",
        "Rien à comparer pour l'instant.",
    ),
}


def word(language: Language, key: str, **values: object) -> str:
    """One phrase with its values filled in."""
    return choose(language, _WORDS[key]).format(**values)


def forest_notes(
    own: pd.DataFrame, settings: Settings, view: ForestView, unit: str
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


def _outcome_notes(settings: Settings, view: ForestView, unit: str) -> list[str]:
    """What is compared of an outcome, and by which error."""
    language, name = view.language, outcome_text(view.outcome, view.language)
    measured_in = word(language, "in_unit", unit=unit) if unit else ""
    notes = [word(language, f"note_outcome_{view.unit}", name=name, unit=measured_in)]
    own = next((o for o in settings.outcome_settings if o.outcome == view.outcome), None)
    if own is None or not own.has_error:
        return [*notes, word(language, "note_error_unknown", name=name)]
    return [*notes, word(language, "note_band"), outcome_error_note(own, unit, language)]
