"""Words of the comparison of periods, in English, German and French."""

from __future__ import annotations

import pandas as pd

from sm_tracker.analysis.error import error_model
from sm_tracker.domain.settings import Settings
from sm_tracker.figures.languages import choose, headed
from sm_tracker.figures.notes import error_note
from sm_tracker.languages import Language

_WORDS: dict[str, tuple[str, str, str]] = {
    "thinner": ("thinner", "dünner", "plus mince"),
    "within": ("within error", "innerhalb des Fehlers", "dans l'erreur"),
    "thicker": ("thicker", "dicker", "plus épais"),
    "band": ("error band", "Fehlerband", "bande d'erreur"),
    "mean": ("mean, 95 % interval", "Mittel, 95-%-Intervall", "moyenne, intervalle à 95 %"),
    "within_error": (
        "within measurement error",
        "innerhalb des Messfehlers",
        "dans l'erreur de mesure",
    ),
    "in_days": (
        "in {days} days, error ±{error} mm",
        "in {days} Tagen, Fehler ±{error} mm",
        "en {days} jours, erreur ±{error} mm",
    ),
    "means": (
        "means {mean} mm [{low}, {high}], {before} readings before, {under} under",
        "Mittel {mean} mm [{low}, {high}], {before} Messungen davor, {under} darunter",
        "moyennes {mean} mm [{low} ; {high}], {before} mesures avant, {under} pendant",
    ),
    "not_computable": ("not computable", "nicht berechenbar", "non calculable"),
    "alt": (
        "Change of skin thickness in {rows} periods at {columns} sites.",
        "Änderung der Hautdicke in {rows} Phasen an {columns} Stellen.",
        "Variation de l'épaisseur cutanée pour {rows} périodes sur {columns} sites.",
    ),
    "note_mm": (
        "Change in mm from the last reading before the period to the last reading under it, "
        "thinner to the left.",
        "Änderung in mm von der letzten Messung vor der Phase zur letzten darunter, dünner nach "
        "links.",
        "Variation en mm de la dernière mesure avant la période à la dernière pendant, plus mince "
        "à gauche.",
    ),
    "note_percent": (
        "Change in per cent of the last reading before the period, to the last reading under "
        "it, thinner to the left.",
        "Änderung in Prozent der letzten Messung vor der Phase, zur letzten darunter, dünner nach "
        "links.",
        "Variation en pour cent de la dernière mesure avant la période, à la dernière pendant, "
        "plus mince à gauche.",
    ),
    "note_band": (
        "Grey box: change that measurement error alone can produce (95 %).",
        "Graues Feld: Änderung, die der Messfehler allein bewirken kann (95 %).",
        "Zone grise : variation que l'erreur de mesure seule peut produire (95 %).",
    ),
    "note_mean": (
        "Thin line: difference of means with {level} % interval, all readings before against "
        "under, where each side has {n} or more.",
        "Dünne Linie: Differenz der Mittel mit {level}-%-Intervall, alle Messungen davor gegen "
        "darunter, wo jede Seite mindestens {n} hat.",
        "Trait fin : différence des moyennes avec intervalle à {level} %, toutes les mesures avant "
        "contre pendant, si chaque côté en compte au moins {n}.",
    ),
    "note_mean_percent": (
        "Thin line: per cent change of the mean (log response ratio) with {level} % interval, all "
        "readings before against under, where each side has {n} or more.",
        "Dünne Linie: prozentuale Änderung des Mittels (log response ratio) mit "
        "{level}-%-Intervall, alle Messungen davor gegen darunter, wo jede Seite mindestens "
        "{n} hat.",
        "Trait fin : variation en pour cent de la moyenne (log response ratio) avec intervalle à "
        "{level} %, toutes les mesures avant contre pendant, si chaque côté en compte au moins "
        "{n}.",
    ),
    "note_bold": (
        "Bold: beyond measurement error.",
        "Fett: jenseits des Messfehlers.",
        "En gras : au-delà de l'erreur de mesure.",
    ),
    "no_rows": (
        "No therapy period to compare.",
        "Keine Therapiephase zum Vergleichen.",
        "Aucune période de traitement à comparer.",
    ),
}

_REASONS: dict[str, tuple[str, str, str]] = {
    "no baseline in the window before the start": (
        "no baseline",
        "kein Ausgangswert",
        "pas de valeur initiale",
    ),
    "no reading under the regimen": (
        "no reading under it",
        "keine Messung darunter",
        "pas de mesure pendant",
    ),
    "censored value: only censored or unreadable readings before the start": (
        "baseline censored",
        "Ausgangswert zensiert",
        "valeur initiale censurée",
    ),
    "censored value: only censored or unreadable readings under the regimen": (
        "reading censored",
        "Messung zensiert",
        "mesure censurée",
    ),
    "doubtful value: no confirmed reading before the start": (
        "baseline doubtful",
        "Ausgangswert fraglich",
        "valeur initiale douteuse",
    ),
    "doubtful value: no confirmed reading under the regimen": (
        "reading doubtful",
        "Messung fraglich",
        "mesure douteuse",
    ),
    "device changed": ("device changed", "Gerät gewechselt", "appareil changé"),
    "layer differs": ("layer differs", "andere Schicht", "couche différente"),
    "no measurement of this patient": ("no measurement", "keine Messung", "aucune mesure"),
}


def word(language: Language, key: str, **values: object) -> str:
    """One phrase with its values filled in."""
    return choose(language, _WORDS[key]).format(**values)


def not_computable_text(reason: str, language: Language) -> str:
    """Why a change is not computable, short enough for its place in the figure.

    Examples
    --------
    >>> not_computable_text("device changed", "en")
    'not computable: device changed'
    """
    parts = [choose(language, _REASONS.get(r, (r, r, r))) for r in reason.split("; ") if r]
    head = word(language, "not_computable")
    return headed(head, ", ".join(parts), language) if parts else head


def forest_notes(
    own: pd.DataFrame, settings: Settings, unit: str, remark: str, language: Language
) -> tuple[str, ...]:
    """Sentences that a reader needs beside the comparison, with the assumed error."""
    if own.empty or not (own["level"] == "period").any():
        return tuple(n for n in (word(language, "no_rows"), remark) if n)
    mean = "note_mean" if unit == "mm" else "note_mean_percent"
    level = f"{100 * settings.confidence:g}"
    notes = [
        word(language, f"note_{unit}"),
        word(language, "note_band"),
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
