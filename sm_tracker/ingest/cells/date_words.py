"""Month names, weekdays and words for an open or unknown end (en, de, fr)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from sm_tracker.domain.missing import missing_words

_MONTHS = (
    "january jan januar jän jänner jan. janvier janv",
    "february feb februar feber febr février fevrier févr fevr fév fev",
    "march mar märz maerz mrz mär mars marz",
    "april apr avril avr",
    "may mai",
    "june jun juni juin",
    "july jul juli juillet juil juill",
    "august aug août aout",
    "september sep sept septembre",
    "october oct oktober okt octobre",
    "november nov novembre",
    "december dec dezember dez décembre decembre déc",
)
MONTHS: Final[Mapping[str, int]] = {
    name.rstrip("."): number
    for number, names in enumerate(_MONTHS, start=1)
    for name in names.split()
}
"""Month number by name or abbreviation, in lower case, without a full stop."""

_WEEKDAY_WORDS = """
monday tuesday wednesday thursday friday saturday sunday mon tue tues wed thu thur thurs fri sat
sun montag dienstag mittwoch donnerstag freitag samstag sonnabend sonntag mo di mi do fr sa so
lundi mardi mercredi jeudi vendredi samedi dimanche lun mar mer jeu ven sam dim
"""
WEEKDAYS: Final = tuple(_WEEKDAY_WORDS.split())
"""Weekdays that may stand before a date, in lower case."""

ONGOING: Final = frozenset(
    {
        "laufend", "läuft", "laeuft", "lfd", "weiter", "weiterhin", "wird fortgesetzt", "andauernd",
        "fortlaufend", "fortgesetzt", "bis heute", "bis dato", "bis jetzt", "dato", "heute",
        "aktuell", "derzeit", "noch laufend", "läuft noch", "offen", "dauertherapie", "unverändert",
        "laufende therapie", "anhaltend", "bis auf weiteres", "dauerhaft", "auf dauer", "permanent",
        "lebenslang", "langzeittherapie", "lifelong", "long term", "long-term", "à vie",
        "ongoing", "continuing", "continues", "continued", "present", "to present", "till present",
        "current", "currently", "to date", "until now", "till now", "now", "today", "still on",
        "still ongoing", "until further notice", "till date", "till further notice", "active",
        "open", "in progress", "under treatment", "until present",
        "en cours", "en cour", "toujours en cours", "à ce jour", "a ce jour", "jusqu'à ce jour",
        "ce jour", "poursuivi à ce jour",
        "poursuivie à ce jour", "poursuivi ce jour", "en cours à ce jour", "toujours", "non arrêté",
        "non arrêtée", "au long cours", "traitement en cours", "encore en cours",
        "jusqu'à présent", "actuel", "actuellement", "poursuivi", "poursuivie", "se poursuit",
        "poursuite", "continue", "aujourd'hui", "jusqu'à aujourd'hui", "présent", "maintenant",
        "∞", "...", "…", "->", "→",
    }
)  # fmt: skip
"""The therapy still runs."""

UNKNOWN_END: Final = missing_words("date")
"""The therapy has ended or not: nobody knows."""

APPROXIMATE_DATE: Final = (
    r"ca\.?|circa|etwa|ungefähr|um|around|about|approx\.?|~|≈|environ|env\.?|vers|anfang|anf\.?|mitte"
    r"|ende|early|mid|late|beginning of|middle of|end of|start of|début|debut|mi|fin|courant"
)
"""What stands before a date that is only approximate."""

LEAD_WORDS: Final = (
    r"seit|ab|bis|vom|von|since|from|until|till|to|depuis|dès|du|jusqu'à|jusqu'au|jusqu'en|au|en"
)
"""What may stand before a date without changing it."""
