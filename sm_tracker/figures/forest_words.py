"""Words of the comparison of periods, in English, German and French."""

from __future__ import annotations

import pandas as pd

from sm_tracker.analysis.error import error_model
from sm_tracker.domain.settings import Settings
from sm_tracker.figures.languages import choose
from sm_tracker.figures.notes import error_note
from sm_tracker.languages import Language

_WORDS: dict[str, tuple[str, str, str]] = {
    "thinner": ("thinner", "dünner", "plus mince"),
    "slightly_thinner": ("slightly thinner", "etwas dünner", "légèrement plus mince"),
    "neither": ("no clear change", "keine klare Änderung", "pas de changement net"),
    "slightly_thicker": ("slightly thicker", "etwas dicker", "légèrement plus épais"),
    "thicker": ("thicker", "dicker", "plus épais"),
    "band": ("error band", "Fehlerband", "bande d'erreur"),
    "mean": ("mean, 95 % interval", "Mittel, 95-%-Intervall", "moyenne, intervalle à 95 %"),
    "course": ("whole course", "gesamter Verlauf", "évolution totale"),
    "in_days": ("in {days} days", "in {days} Tagen", "en {days} jours"),
    "means": (
        "means {mean} mm [{low}, {high}], {before} readings before, {during} during",
        "Mittel {mean} mm [{low}; {high}], {before} Messungen davor, {during} währenddessen",
        "moyennes {mean} mm [{low} ; {high}], {before} mesures avant, {during} pendant",
    ),
    "alt": (
        "Change of skin thickness in {rows} periods at {columns} sites.",
        "Änderung der Hautdicke in {rows} Phasen an {columns} Stellen.",
        "Variation de l'épaisseur cutanée pour {rows} périodes sur {columns} sites.",
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
        "Bold: thinner or thicker, slightly or clearly.",
        "Fett: dünner oder dicker, etwas oder deutlich.",
        "En gras : plus mince ou plus épais, légèrement ou nettement.",
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
    own: pd.DataFrame, settings: Settings, unit: str, remark: str, language: Language
) -> tuple[str, ...]:
    """Sentences that a reader needs beside the comparison, with the assumed error."""
    if own.empty or not own["level"].isin(["period", "course"]).any():
        return tuple(n for n in (word(language, "no_rows"), remark) if n)
    mean = "note_mean" if unit == "mm" else "note_mean_percent"
    level = f"{100 * settings.confidence:g}"
    notes = [
        word(language, f"note_{unit}"),
        word(language, "note_band"),
        word(language, "note_sign", n=settings.min_readings),
        word(language, mean, level=level, n=settings.min_readings),
    ]
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
