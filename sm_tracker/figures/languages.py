"""Words, numbers and dates of figures in English, German and French."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import get_args

from sm_tracker.domain.regimens import abbreviate
from sm_tracker.errors import SettingError
from sm_tracker.figures.vocabulary import EXPANSIONS, OUTCOMES, SIDES, SITES
from sm_tracker.languages import Language, Message

LANGUAGES: tuple[str, ...] = get_args(Language)
MINUS = "\u2212"

_WORDS: dict[str, tuple[str, str, str]] = {
    "thickness": ("Skin thickness", "Hautdicke", "Épaisseur cutanée"),
    "pct_baseline": ("% of baseline", "% des Ausgangswerts", "% de la valeur initiale"),
    "pct_first": ("% of first reading", "% der ersten Messung", "% de la première mesure"),
    "axis_starts": ("axis starts at {low}", "Achse beginnt bei {low}", "axe à partir de {low}"),
    "own_range": (
        "each panel has its own range",
        "jedes Feld mit eigener Skala",
        "chaque panneau a sa propre échelle",
    ),
    "lower_better": ("↓ lower is better", "↓ niedriger ist besser", "↓ plus bas est meilleur"),
    "higher_better": ("↑ higher is better", "↑ höher ist besser", "↑ plus haut est meilleur"),
    "therapy": ("Therapy", "Therapie", "Traitement"),
    "key_sessions": ("ticks: sessions", "Striche: Sitzungen", "traits : séances"),
    "key_ongoing": ("▸ ongoing", "▸ laufend", "▸ en cours"),
    "arrow_ongoing": ("arrow: ongoing", "Pfeil: laufend", "flèche : en cours"),
    "week_of": ("week of {day}", "Woche vom {day}", "semaine du {day}"),
    "quarter": ("Q{n} {year}", "{n}. Quartal {year}", "{n} trimestre {year}"),
    "key_week": (
        "pale ends: date known to the week",
        "blasse Enden: Datum auf die Woche bekannt",
        "extrémités pâles : date connue à la semaine près",
    ),
    "key_quarter": (
        "pale ends: date known to the quarter",
        "blasse Enden: Datum auf das Quartal bekannt",
        "extrémités pâles : date connue au trimestre près",
    ),
    "key_month": (
        "pale ends: date known to the month",
        "blasse Enden: Datum auf den Monat bekannt",
        "extrémités pâles : date connue au mois près",
    ),
    "key_year": (
        "pale ends: date known to the year",
        "blasse Enden: Datum auf das Jahr bekannt",
        "extrémités pâles : date connue à l'année près",
    ),
    "key_inexact": (
        "pale ends: date not known to the day",
        "blasse Enden: Datum nicht auf den Tag bekannt",
        "extrémités pâles : date non connue au jour près",
    ),
    "key_tags": (
        "pale ends: start or end between two readings, from the tags",
        "blasse Enden: Beginn oder Ende zwischen zwei Messungen, laut deren Therapieangabe",
        "extrémités pâles : début ou fin entre deux mesures, d'après leur traitement noté",
    ),
    "key_unknown": ("? end unknown", "? Ende unbekannt", "? fin inconnue"),
    "key_short": (
        "diamond: too short to draw to scale",
        "Raute: zu kurz für den Maßstab",
        "losange : trop court pour l'échelle",
    ),
    "n": ("n {n}", "n {n}", "n {n}"),
    "mean_of": (
        "mean of {n} readings",
        "Mittel aus {n} Messungen",
        "moyenne de {n} mesures",
    ),
    "one_reading": ("one reading", "eine Messung", "une mesure"),
    "sd": ("SD {sd} mm", "SD {sd} mm", "ET {sd} mm"),
    "no_therapy": ("no therapy", "keine Therapie", "sans traitement"),
    "day_under": (
        "day {day} under {regimen}",
        "Tag {day} unter {regimen}",
        "jour {day} sous {regimen}",
    ),
    "about_day_under": (
        "about day {day} under {regimen}",
        "etwa Tag {day} unter {regimen}",
        "environ jour {day} sous {regimen}",
    ),
    "maybe_under": (
        "start or end of {regimen} not known to the day",
        "Beginn oder Ende von {regimen} nicht auf den Tag bekannt",
        "début ou fin de {regimen} non connu au jour près",
    ),
    "tagged_under": ("under {regimen}", "unter {regimen}", "sous {regimen}"),
    "maybe_tagged": (
        "start or end of {regimen} between two readings",
        "Beginn oder Ende von {regimen} zwischen zwei Messungen",
        "début ou fin de {regimen} entre deux mesures",
    ),
    "since_start": (
        "day {day} since start of {regimen}, end unknown",
        "Tag {day} seit Beginn von {regimen}, Ende unbekannt",
        "jour {day} depuis le début de {regimen}, fin inconnue",
    ),
    "after_end": (
        "{day} d after the end of {regimen}",
        "{day} d nach Ende von {regimen}",
        "{day} j après la fin de {regimen}",
    ),
    "not_measurable": ("not measurable", "nicht messbar", "non mesurable"),
    "beyond_depth": ("beyond depth", "tiefer als messbar", "hors profondeur"),
    "doubtful": ("doubtful", "fraglich", "douteux"),
    "doubt": (
        "doubtful: {reason}; in no result until confirmed",
        "fraglich: {reason}; zählt erst nach Bestätigung",
        "douteux : {reason} ; non compté avant confirmation",
    ),
    "therapy_not_stated": (
        "therapy not stated: counts for no therapy",
        "Therapie nicht angegeben: zählt zu keiner Therapie",
        "traitement non précisé : ne compte pour aucun traitement",
    ),
    "doubt_": ("marked as such", "so vermerkt", "noté comme tel"),
    "doubt_missing_code": (
        "looks like a code for a missing value",
        "sieht nach einem Code für „fehlt“ aus",
        "ressemble à un code de valeur manquante",
    ),
    "doubt_out_of_range": (
        "outside of what is possible for skin",
        "für Haut nicht möglich",
        "impossible pour la peau",
    ),
    "doubt_far_from_series": (
        "far from the other values",
        "weit von den übrigen Werten entfernt",
        "loin des autres valeurs",
    ),
    "doubt_alone_in_series": (
        "far from the other values, and alone there",
        "weit von den übrigen Werten entfernt, als einziger",
        "loin des autres valeurs, et seul",
    ),
    "sites_unreadable": (
        "{count} sites without a value",
        "{count} Stellen ohne Wert",
        "{count} sites sans valeur",
    ),
    "new_examiner": ("new examiner", "neuer Untersucher", "nouvel examinateur"),
    "new_setting": (
        "new device setting",
        "neue Geräteeinstellung",
        "nouveau réglage",
    ),
    "new_both": (
        "new examiner and setting",
        "neuer Untersucher, neue Einstellung",
        "nouvel examinateur et réglage",
    ),
    "thicker_above": ("thicker above {x}", "dicker über {x}", "plus épais au-delà de {x}"),
    "thinner_below": ("thinner below {x}", "dünner unter {x}", "plus mince en deçà de {x}"),
    "higher_above": ("higher above {x}", "höher über {x}", "plus haut au-delà de {x}"),
    "lower_below": ("lower below {x}", "niedriger unter {x}", "plus bas en deçà de {x}"),
    "higher_above_short": ("higher > {x}", "höher > {x}", "plus haut > {x}"),
    "lower_below_short": ("lower < {x}", "niedriger < {x}", "plus bas < {x}"),
    "thicker_above_short": ("thicker > {x}", "dicker > {x}", "plus épais > {x}"),
    "thinner_below_short": ("thinner < {x}", "dünner < {x}", "plus mince < {x}"),
    "baseline": ("baseline {x}", "Ausgangswert {x}", "valeur initiale {x}"),
    "past_band": (
        "baseline {x}, thinner below {low}",
        "Ausgangswert {x}, dünner unter {low}",
        "valeur initiale {x}, plus mince en deçà de {low}",
    ),
    "days_from_first": (
        "days from the first reading",
        "Tage seit der ersten Messung",
        "jours depuis la première mesure",
    ),
    "days_from_start": (
        "days from the start of {regimen}",
        "Tage seit Beginn von {regimen}",
        "jours depuis le début de {regimen}",
    ),
    "days_from_zero": (
        "days from a chosen day",
        "Tage seit einem gewählten Tag",
        "jours depuis un jour choisi",
    ),
    "days_recorded": (
        "day as recorded",
        "Tag wie aufgezeichnet",
        "jour tel qu'enregistré",
    ),
    "day": ("day {day}", "Tag {day}", "jour {day}"),
    "between_dates": (
        "between {a} and {b}",
        "zwischen dem {a} und dem {b}",
        "entre le {a} et le {b}",
    ),
    "between_days": ("between {a} and {b}", "zwischen {a} und {b}", "entre {a} et {b}"),
    "by_dates": ("by {b}", "spätestens am {b}", "au plus tard le {b}"),
    "by_days": ("by {b}", "spätestens an {b}", "au plus tard au {b}"),
    "tagged_limits": (
        "start {start}, {end} (from the tags)",
        "Beginn {start}, {end} (laut Therapieangabe der Messungen)",
        "début {start}, {end} (d'après le traitement noté aux mesures)",
    ),
    "tagged_end": ("end {end}", "Ende {end}", "fin {end}"),
    "ongoing": ("ongoing", "laufend", "en cours"),
    "end_unknown": ("end unknown", "Ende unbekannt", "fin inconnue"),
    "so_far": ("so far", "bisher", "à ce jour"),
    "unit_pulse": ("pulses", "Pulse", "bolus"),
    "unit_cyclic": ("cycles", "Zyklen", "cycles"),
    "unit_": ("cycles", "Zyklen", "cycles"),
    "unit_one_pulse": ("pulse", "Puls", "bolus"),
    "unit_one_cyclic": ("cycle", "Zyklus", "cycle"),
    "unit_one_": ("cycle", "Zyklus", "cycle"),
    "n_unwritten_one": (
        "For want of room, n is not given at one more point with fewer readings.",
        "Aus Platzmangel fehlt n bei einem weiteren Punkt aus weniger Messungen.",
        "Faute de place, n n'est pas indiqué pour un autre point fondé sur moins de mesures.",
    ),
    "n_unwritten": (
        "For want of room, n is not given at {count} more points with fewer readings.",
        "Aus Platzmangel fehlt n bei {count} weiteren Punkten aus weniger Messungen.",
        "Faute de place, n n'est pas indiqué pour {count} autres points fondés sur moins de "
        "mesures.",
    ),
    "remark": ("{title}: {text}.", "{title}: {text}.", "{title} : {text}."),
    "names_shortened": (
        "Shortened names: {names}.",
        "Gekürzte Namen: {names}.",
        "Noms abrégés : {names}.",
    ),
    "doses_unwritten": (
        "Doses not written in the figure: {doses}.",
        "Nicht in der Abbildung angegebene Dosen: {doses}.",
        "Doses non indiquées dans la figure : {doses}.",
    ),
    "no_reading_panel": ("no reading", "keine Messung", "aucune mesure"),
}

_MONTHS: dict[str, tuple[str, ...]] = {
    "en": ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
    "de": ("Jan", "Feb", "März", "Apr", "Mai", "Jun", "Jul", "Aug", "Sep", "Okt", "Nov", "Dez"),
    "fr": (
        "janv.", "févr.", "mars", "avr.", "mai", "juin",
        "juil.", "août", "sept.", "oct.", "nov.", "déc.",
    ),
}  # fmt: skip


def require_language(language: str) -> None:
    """Refuse a language that figures are not worded in.

    Raises
    ------
    SettingError
    """
    if language not in LANGUAGES:
        raise SettingError(
            Message("Figures have no words in {language!r}", language=language),
            where="language",
            fix=Message("use one of {names}", names=", ".join(LANGUAGES)),
        )


def choose(language: Language, forms: tuple[str, str, str]) -> str:
    """The form of one language out of English, German and French."""
    return forms[LANGUAGES.index(language)]


def say(language: Language, key: str, **values: object) -> str:
    """One fixed phrase of a figure, with its values filled in."""
    return choose(language, _WORDS[key]).format(**values)


def number(value: float, decimals: int, language: Language = "en", *, sign: bool = False) -> str:
    """A number with a true minus sign and the decimal mark of the language.

    Examples
    --------
    >>> number(-0.874, 2), number(0.001, 2, sign=True), number(1.5, 1, "de", sign=True)
    ('−0.87', '0.00', '+1,5')
    """
    text = f"{abs(value):.{decimals}f}"
    if float(text) != 0:
        if value < 0:
            text = MINUS + text
        elif sign:
            text = "+" + text
    return text if language == "en" else text.replace(".", ",")


def date_of(t: float) -> dt.date:
    """The calendar date of a day since 1970-01-01."""
    return dt.date(1970, 1, 1) + dt.timedelta(days=int(t))


def date_text(t: float, language: Language = "en", precision: str = "day") -> str:
    """A day since 1970-01-01 in words, as exactly as it is known.

    Examples
    --------
    >>> date_text(20325), date_text(20325, "de", "month"), date_text(20325, "fr", "quarter")
    ('25 Aug 2025', 'Aug 2025', '3e trimestre 2025')
    """
    day = date_of(t)
    if precision == "year":
        return str(day.year)
    if precision == "quarter":
        n = (day.month + 2) // 3
        ordinal = ("1er" if n == 1 else f"{n}e") if language == "fr" else str(n)
        return say(language, "quarter", n=ordinal, year=day.year)
    if precision == "week":
        monday = t - day.weekday()
        return say(language, "week_of", day=date_text(monday, language))
    month = month_text(day.month, language)
    if precision == "month":
        return f"{month} {day.year}"
    return f"{day.day}{'.' if language == 'de' else ''} {month} {day.year}"


def month_text(month: int, language: Language = "en") -> str:
    """Short name of a month, 1 to 12."""
    return _MONTHS[language][month - 1]


def site_text(site: str, side: str = "", language: Language = "en") -> str:
    """A site with its side, worded for a label in mid-sentence.

    Examples
    --------
    >>> site_text("forearm", "left", "de")
    'Unterarm links'
    """
    known = SITES.get(site.casefold())
    name = choose(language, (site, *known)) if known else site
    return f"{name} {choose(language, SIDES[side])}" if side in SIDES else name


def outcome_text(outcome: str, language: Language = "en") -> str:
    """Name of a second outcome; an unknown one stays as written."""
    known = OUTCOMES.get(outcome.casefold())
    return capital(choose(language, (outcome, *known)) if known else outcome)


def expansion(regimen: str, language: Language = "en") -> str:
    """What a regimen's short label stands for; blank where it is not shortened.

    Examples
    --------
    >>> expansion("IVIG", "de"), expansion("pomalidomide"), expansion("my own mixture")
    ('intravenöses Immunglobulin', 'pomalidomide', '')
    """
    short = abbreviate(regimen)
    known = EXPANSIONS.get(short)
    if known:
        return choose(language, known)
    return regimen if short != regimen else ""


def listed(parts: Iterable[str], language: Language = "en") -> str:
    """Parts of a list with the semicolons of the language.

    Examples
    --------
    >>> listed(["a", "b"]), listed(["a", "b"], "fr")
    ('a; b', 'a ; b')
    """
    return choose(language, ("; ", "; ", " ; ")).join(parts)


def headed(head: str, text: str, language: Language = "en") -> str:
    """`text` after its heading, with the colon of the language.

    Examples
    --------
    >>> headed("chest", "not measurable"), headed("thorax", "non mesurable", "fr")
    ('chest: not measurable', 'thorax : non mesurable')
    """
    return choose(language, ("{}: {}", "{}: {}", "{} : {}")).format(head, text)


def capital(text: str) -> str:
    """`text` with its first letter in upper case, the rest as written.

    A name that has its capitals elsewhere keeps them.

    Examples
    --------
    >>> capital("hand dorsum"), capital("mRSS")
    ('Hand dorsum', 'mRSS')
    """
    return text if _has_capitals_within(text) else text[:1].upper() + text[1:]


def uncapital(text: str) -> str:
    """`text` as within a sentence; a name that has its capitals elsewhere keeps them.

    Examples
    --------
    >>> uncapital("Mouth opening"), uncapital("HAQ"), uncapital("mRSS"), uncapital("IgG")
    ('mouth opening', 'HAQ', 'mRSS', 'IgG')
    """
    return text if _has_capitals_within(text) else text[:1].lower() + text[1:]


def _has_capitals_within(text: str) -> bool:
    """Whether the first word has capitals after its first letter."""
    return any(letter.isupper() for letter in text.partition(" ")[0][1:])
