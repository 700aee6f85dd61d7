"""Dose, cycles, schedule, kind and route in the free text of a therapy cell."""

from __future__ import annotations

import re
from dataclasses import dataclass

from sm_tracker.domain.records import Kind


@dataclass(frozen=True, slots=True)
class Schedule:
    """Parts found in a therapy cell as written, and the text that is left."""

    dose: str
    cycles: int | None
    schedule: str
    kind: Kind
    route: str
    rest: str


_N = r"\d+(?:[.,]\d+)?"
_AMOUNT = (
    r"(?:mg|µg|μg|mcg|ug|g|ml|kiu|kie|ie|iu|ui|mio\.?\s?(?:ie|iu|ui)|(?-i:J)|j(?=\s?/\s?cm)|joule|mj|%"
    r"|(?-i:cps?|cpr|tbl|tabl)\.?|comprim[ée]s?|g[ée]lules?|ampoules?|tabletten?|tablets?|kapseln?"
    r"|capsules?|flacons?)"
)
_PER = (
    r"(?:\s*(?:/|pro|per|par)\s*(?:kg(?:\s?kg|\s?bw|\s?kgkg|\s?kg)?|kgkg|m\s?[²2]|m\^2|qm|cm\s?[²2]"
    r"|cm\^2|die|tag|tage|day|jour|woche|week|wk|wo|sem\.?|semaine|monat|mo|month|mois|zyklus|cycle"
    r"|cure|gabe|dose|dosis|sitzung|session|séance|stunde|kg|d|j|h|t))*(?![\wäöüéè])"
)
_DAILY = (
    r"(?:\s*(?:(?:1\s?[x×]\s?)?(?:täglich|taeglich|tgl\.?|daily|quotidien(?:ne)?(?:ment)?|per day"
    r"|a day|pro tag|par jour|/die|od|qd|bid|b\.i\.d\.|tid|wöchentlich|weekly|per week|pro woche"
    r"|par semaine|hebdomadaires?)(?![\wäöüéè])|twice daily|zweimal täglich|deux fois par jour))?"
)
_DOSE = re.compile(
    rf"(?<![\w.,])((?P<times>\d{{1,2}})\s?[x×*]\s?)?"
    rf"(?P<dose>{_N}(?:\s?(?:-|–|->|→|bis|to|à|puis|dann|then)\s?{_N}){{0,5}}\s?{_AMOUNT}(?![a-zäöüé]){_PER}{_DAILY})",
    re.IGNORECASE,
)
_UNIT_OF_DOSE = re.compile(
    rf"(?:(?:^|[\s(\[])|(?<=_))(?P<unit>{_AMOUNT}{_PER})[)\]]?$", re.IGNORECASE
)
_COUNTED = (
    r"(?:zyklen|zyklus|zykl\.?|cycles?|cures?|pulse[ns]?|pulses?|pulsgaben|stöße|stoesse|stösse|kurse?n?"
    r"|courses?|sitzung(?:en)?|sessions?|séances?|seances?|behandlungen|treatments?|traitements?"
    r"|infusionen|infusions?|perfusions?|gaben|bestrahlungen|irradiations?|expositions?|exposures?"
    r"|anwendungen|bolus|boli|injektionen|injections?|einzelgaben|administrations?|serien|mal|times"
    r"|fois|transfusionen|applikationen|applications)"
)
_CYCLES = re.compile(
    rf"(?<![\w/.,])(?P<n>\d{{1,3}})\s?(?:[x×]\s?)?(?:(?:monthly|monatliche|mensuel(?:le)?s|i\.?v\.?"
    rf"|doppel|wöchentliche|weekly)\s?-?)?{_COUNTED}(?![\wäöüéè])(?!\s*(?:/|pro|per|par|a|täglich|daily"
    rf"|weekly|wöchentlich|monatlich)\b)",
    re.IGNORECASE,
)
_TIMES = re.compile(
    r"(?<![\w/.,])(?P<n>\d{1,3})\s?[x×](?![\w×])(?!\s?(?:\d|/|pro\b|per\b|par\b|tgl|täglich|taeglich|daily"
    r"|wöchentlich|woechentlich|weekly|monatlich|monthly|a (?:day|week|month)|die\b|tag\b|woche\b"
    r"|jour\b|semaine\b|monat\b|mois\b))",
    re.IGNORECASE,
)
_BY = re.compile(
    r"(?<!\w)[x×]\s?(?P<n>\d{1,3})(?!\s?(?:[\d.,/]|mg|g\b|ml|j\b|tage?\b|days?\b|jours?\b|wochen?\b|weeks?\b"
    r"|semaines?\b|monate?\b|months?\b|mois\b|d\b|w\b|m\b|wk))",
    re.IGNORECASE,
)
_SPAN = (
    r"(?:tage?n?|days?|jours?|wochen?|weeks?|wks?|semaines?|sem\.?|monate?n?|months?|mois"
    r"|jahre?n?|years?|ans?|wo\.?|wch\.?|mon?\.?|d|j|w)"
)
_END = r"(?![\wäöü])"
_COUNT_WORDS = (
    r"(?:zwei|drei|vier|fünf|fuenf|sechs|acht|zwölf|zwoelf|two|three|four|five|six|eight|twelve"
    r"|deux|trois|quatre|cinq|huit|douze)"
)
_EVERY_N = (
    rf"(?:alle|all|every|toutes les|tous les|q)\s?(?:\d+(?:\s?[-–/]\s?\d+)?\s?|{_COUNT_WORDS}\s)"
    rf"(?:{_SPAN}|h)"
)
_EVERY_OTHER = (
    r"(?:jeden|jede|every|chaque)\s(?:2\.|zweiten?|zweite|other|tag|day|woche|week|monat|month"
    r"|jour|semaine|mois)(?:\s(?:tag|day|woche|week|monat|month))?"
)
_TIMES_PER = (
    r"\d+\s?(?:[x×]|mal|times|fois|sitzungen|sessions?|séances?|zyklen|cycles?)\s?"
    r"(?:/|pro|per|par|a|je)?\s?(?:tag|tgl\.?|täglich|daily|die|d|day|jour|woche|wö\.?"
    rf"|wöchentlich|weekly|week|wk|semaine|sem\.?|monat|monatlich|monthly|month|mois){_END}"
)
_BY_PER = (
    r"(?<!\w)[x×]\s?\d{1,2}\s?(?:/|pro|per|par)\s?(?:jour|j|tag|t|day|d|semaine|sem\.?|woche|week|wk"
    rf"|mois|monat|month){_END}"
)
_COUNT_PER = r"(?<![\w.,/])\d\s?/\s?(?:semaine|sem\.?|woche|wo\.?|week|wk|mois|monat|month)" + _END
_ADVERB = (
    # A number before the adverb is part of it: 4-weekly is every four weeks.
    rf"(?:(?<![\w.,])(?:\d{{1,2}}|{_COUNT_WORDS})\s?-?\s?)?"
    r"(?:monatlich|monthly|mensuel(?:le)?(?:s|ment)?|wöchentlich|woechentlich|weekly"
    r"|hebdomadaire(?:ment)?|zweiwöchentlich|14-?tägig|14-?tägl\.?|fortnightly|biweekly|bimensuel"
    r"|quotidien(?:ne)?(?:ment)?|täglich|taeglich|tgl\.?|daily|quarterly|wöchig|monatig|tägig"
    r"|yearly|annually|jährlich|jaehrlich|halbjährlich|halbjaehrlich|half-?yearly|six-?monthly"
    r"|vierteljährlich|vierteljaehrlich|bimonthly|zweimonatlich|semestriel(?:le)?(?:ment)?"
    r"|trimestriel(?:le)?(?:ment)?|annuel(?:le)?(?:ment)?|bimensuel(?:le)?(?:ment)?"
    rf"|(?:zwei|drei|vier|sechs|acht|zwölf)wöchentlich|(?:zwei|drei|vier|sechs)monatlich){_END}"
)
_LISTED_DAYS = (
    r"(?<!\w)(?:tage?|days?|jours?|[jdt])\s?\d+"
    r"(?:\s?(?:[,+/&;-]|et|und|and|u\.)\s?(?:tag|day|jour|[jdt])?\s?\d+|\s[jdt]\d+)+"
)
_OVER_SPAN = (
    r"(?:über|ueber|over|sur|in|innerhalb von|within|en|für|fuer|for|pendant|pdt\.?|während|an|auf"
    r"|x|×|binnen|durant)\s?\d+(?:\s?[-–]\s?\d+)?\s?(?:aufeinanderfolgenden\s|consecutive\s)?"
    rf"{_SPAN}(?:\sconsécutifs)?{_END}"
)
_PATTERN_OF_DAYS = (
    r"\d-\d-\d(?:-\d)?(?![\d-])|\d{1,3}/\d{1,3}\s?(?:tage|days|jours|d)\b"
    rf"|\b21\s?(?:of|von|/)\s?28\b|\b\d+\s?{_SPAN}{_END}"
)
_SCHEDULE = re.compile(
    "|".join(
        (
            _EVERY_N,
            _EVERY_OTHER,
            _TIMES_PER,
            _BY_PER,
            _COUNT_PER,
            _ADVERB,
            _LISTED_DAYS,
            _OVER_SPAN,
            _PATTERN_OF_DAYS,
        )
    ),
    re.IGNORECASE,
)
_ROUTES = {
    "intravenous": r"i\.\s?v\.?|iv|intravenös|intravenoes|intravenous(?:ly)?|intraveineu(?:x|se)"
    r"|perfusion",
    "oral": r"p\.\s?o\.?|po|oral|peroral|per os|orally|orale?|voie orale|per oral|tabletten"
    r"|tablets|tbl\.?",
    "subcutaneous": r"s\.\s?c\.?|sc|subkutan|subcutan|subcutaneous(?:ly)?|sous-cutanée?",
    "intramuscular": r"i\.\s?m\.?|im|intramuskulär|intramuscular|intramusculaire",
    "topical": r"topisch|topical(?:ly)?|topique|lokal|local(?:ly)?|salbe|creme|crème|cream"
    r"|ointment|pommade|gel|extern",
}
_ROUTE = {
    name: re.compile(rf"(?<![\w.])(?:{words}){_END}", re.IGNORECASE)
    for name, words in _ROUTES.items()
}
_KIND_WORDS: tuple[tuple[Kind, str], ...] = (
    (
        "taper",
        r"ausschleich\w*|ausschl\.?|ausgeschlichen|taper(?:ed|ing)?|dégressi\w*|degressi\w*"
        r"|reduktionsschema|abbauend|absteigend|reduziert auf|schrittweise reduziert"
        r"|décroissant\w*|step-?down",
    ),
    (
        "pulse",
        rf"(?<![a-zäöü])(?:puls\w*|pulses?|stoß\w*|stöße|stoss\w*|bolus|boli){_END}"
        r"|(?<=[a-z])-?puls(?:therapie)?\b",
    ),
    (
        "single",
        r"\b(?:einmalig\w*|einzelgabe|einzeldosis|single (?:dose|infusion|shot)|dose unique"
        r"|en une fois|once(?! (?:a|daily|weekly|monthly|per|every)))\b"
        r"|(?<!\d)\b1\s?[x×](?!\s?(?:\d|/|t|pro|daily|per|par|wö|woche|week|monat|jour))",
    ),
    ("cyclic", r"\b(?:zykl\w*|cycl(?:e|es|ic|ique)s?|cures?)\b"),
    (
        "continuous",
        r"\b(?:dauertherapie|kontinuierlich|continuous(?:ly)?|continue?|en continu|täglich"
        r"|taeglich|tgl|daily|per day|pro tag|par jour|quotidien\w*|dauerhaft)\b"
        r"|/\s?(?:d|die|tag|day|jour|j)\b|\d-\d-\d",
    ),
)
_KINDS = tuple((kind, re.compile(words, re.IGNORECASE)) for kind, words in _KIND_WORDS)


def read_schedule(text: str) -> Schedule:
    """Take dose, cycles, schedule, kind and route out of a therapy cell.

    Parameters
    ----------
    text : str
        The cell with single blanks.

    Returns
    -------
    Schedule
        Dose and schedule as written; several schedules are joined by a semicolon.

    Examples
    --------
    >>> read_schedule("IVIG 2 g/kg monthly, 6 cycles")
    Schedule(dose='2 g/kg', cycles=6, schedule='monthly', kind='cyclic', route='', rest='IVIG')
    """
    kind: Kind = next((name for name, pattern in _KINDS if pattern.search(text)), "")
    route = next((name for name, pattern in _ROUTE.items() if pattern.search(text)), "")
    dose, cycles, rest = _doses(text)
    cycles, rest = _cycles(cycles, rest)
    schedules = [m[0].strip() for m in _SCHEDULE.finditer(rest)]
    rest = _SCHEDULE.sub(" ", rest)
    cycles, rest = _plain_times(cycles, rest)
    for pattern in _ROUTE.values():
        rest = pattern.sub(" ", rest)
    rest = re.sub(r"[(\[]\s*[,;]*\s*[)\]]", " ", rest)
    rest = without_edges(re.sub(r"\s+", " ", rest))
    return Schedule(dose, cycles, "; ".join(schedules), kind, route, rest)


def unit_of_dose(header: str) -> str:
    """The unit of a dose with which a name of a column ends, blank where there is none.

    Examples
    --------
    >>> unit_of_dose("g/kg"), unit_of_dose("Dosis (mg/d)"), unit_of_dose("dose")
    ('g/kg', 'mg/d', '')
    """
    match = _UNIT_OF_DOSE.search(" ".join(header.split()))
    return match["unit"] if match else ""


def without_edges(text: str) -> str:
    """A text without signs at its ends; a bracket that closes one inside of it stays."""
    bare = text.strip(" ,;:/.-–()@")
    return f"{bare})" if bare.count("(") == bare.count(")") + 1 else bare


def _doses(text: str) -> tuple[str, int | None, str]:
    """Doses as written, a number of cycles before the dose, and the text that is left."""
    found: list[str] = []
    cycles: int | None = None
    for match in _DOSE.finditer(text):
        times = match["times"]
        if times and (int(times) > 4 or re.search(r"/\s?(?:m|kg|qm|cm)", match["dose"])):
            cycles = int(times)
            found.append(match["dose"].strip())
        else:
            found.append(match[0].strip())
    return "; ".join(found), cycles, _DOSE.sub(" ", text)


def _cycles(cycles: int | None, rest: str) -> tuple[int | None, str]:
    for match in _CYCLES.finditer(rest):
        cycles = int(match["n"]) if cycles is None else cycles
    return cycles, _CYCLES.sub(" ", rest)


def _plain_times(cycles: int | None, rest: str) -> tuple[int | None, str]:
    for pattern in (_BY, _TIMES):
        for match in pattern.finditer(rest):
            cycles = int(match["n"]) if cycles is None else cycles
        rest = pattern.sub(" ", rest)
    return cycles, rest
