"""What a column's name says: its role, unit, site, reading, visit and layer."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from sm_tracker.domain.data import words
from sm_tracker.domain.records import Side
from sm_tracker.ingest.cells.date_words import MONTHS
from sm_tracker.ingest.cells.plain_names import bare_name, plain_name, word_set
from sm_tracker.ingest.cells.sites import read_site, side_of
from sm_tracker.ingest.cells.units import unit_in_header
from sm_tracker.ingest.tables.column_names import COLUMNS, IDENTIFYING, IF_LONG, IF_SHORT

_FILLERS = words("filler in column name").keys()
_DATE_FORMAT = re.compile(
    r"[\(\[]?\s*\b(?P<a>[dtjmyaj]{1,4})(?P<s>[./\- ])(?P<b>[dtjm]{1,3})(?P=s)(?P<c>[dtjmya]{1,4})\b"
    r"\s*[\)\]]?",
    re.IGNORECASE,
)
_THICKNESS_WORDS = re.compile(
    r"\b(skin ?thickness|thickness|thk|hautdicken?|schichtdicke|dicken?|dicke der haut|"
    r"hautstaerke|epaisseurs?|epaisseur cutanee|cutanee?|peau|haut|skin|messwert|wert|value|"
    r"valeur|hfus|us|sono|ultraschall|ultrasound|echographie|20 ?mhz|measured|gemessen|"
    r"der|de|la|le|du|of|the|an|am|at|in)\b"
)
_METHODS = re.compile(
    r"\b(hfus|us|sono|ultraschall|ultrasound|echographie|20 ?mhz|haut|skin|peau)\b"
)
"""Words that, with a unit of length and nothing else, name the values of the skin."""
_IS_THICKNESS = re.compile(r"(thickness|dicke|epaisseur|hautstaerke)")
_OF_ANOTHER_TISSUE = re.compile(
    r"\b(?:sub ?cutaneous|sub ?cutis|fat|nail|muscle|fascial?|intima|media|imt|gel|bone|cortical|"
    r"tendon|cornea|corneal|cartilage|slice|pad|sleb|leb|graisse|ongle|sous cutanee?|aponevrose|"
    r"paroi|gaine)\b|(?<!chest )(?<!abdominal )\bwall thickness|wanddicke|fettdicke|fettgewebs|"
    r"subkutan|subcutan|nageldicke|muskeldicke|faszien|unterhaut"
)
_INTERVAL = re.compile(r"[(\[]?\b95\s*[%-]?\s*(?:CI|KI|IC|VI)\b[)\]]?", re.IGNORECASE)
"""A remark that an interval stands beside each value."""
_COMPARES = re.compile(
    r"\b(?:change|delta|diff|difference|loss|reduction|decrease|increase|gain|ratio|relative|"
    r"percent|percentile|z ?score|score|grade|category|class|quality|method|"
    r"expected|predicted|target|variation|evolution|perte|rapport|norm|sum|summe|somme)\b"
    r"|aenderung|differenz|abnahme|zunahme|verlust|normwert|soll ?wert"
)
"""Words with which a thickness is that of another tissue, or no measured thickness at all."""
_STATISTIC_OF = words("statistic")
_READING = re.compile(
    r"^(?:(?:mesures?|messungen|measurements|readings|lectures?|epaisseur|hautdicke|thickness) )?"
    r"(?:(?P<before>\d{1,2})(?:st|nd|rd|th|e|er|re|ere|eme|te|ste)? )?"
    r"(?P<word>messung|messwert|mess|reading|readings|measurement|measure|mesure|mes|replicate|"
    r"rep|replikat|replicat|repeat|wert|value|valeur|wiederholung|wdh|w|r|m|essai|lecture|"
    r"run|thickness|hautdicke|dicke|epaisseur|einzelmessung|einzelwert|versuch|mm|um|scan)"
    r"(?: ?(?:nr|no|n|number|nummer))? ?(?P<after>\d{1,2}|i{1,3}|iv|v|[a-e])?$"
)
_MEAN_SIGN = re.compile(r"(?<![^\W_])(?:[Ø∅⌀ø]|[xX][\u0304\u0305])(?![^\W_])")
"""Signs that stand alone and name a mean: Ø, x with a bar."""
ROMAN = {"i": 1, "ii": 2, "iii": 3, "iv": 4, "v": 5, "a": 1, "b": 2, "c": 3, "d": 4, "e": 5}
_VISIT = re.compile(
    r"^(?:visit|visite|besuch|termin|kontrolle|controle|untersuchung|examen|time ?point|"
    r"zeitpunkt|consultation|v|t|u|vis) ?(?:nr|no|n)? ?\d{1,3}$"
    r"|^(?:baseline|base|bl|basis|ausgangswert|start|beginn|screening|inclusion|debut|initial|"
    r"vor therapie|pre|post|follow up|fu|verlauf|end of (?:study|treatment)|abschluss|fin)"
    r"(?: ?\d{1,2})?$"
    r"|^(?:month|monat|mois|week|woche|semaine|year|jahr|annee|an|day|tag|jour|m|w|s|wk|mo|d|j)"
    r" ?\d{1,4}$|^\d{1,3} ?(?:months?|monate?n?|mois|weeks?|wochen?|semaines?|years?|jahre?|ans?|"
    r"days?|tage?|jours?|m|w|wk|mo|d|j)$"
)
_MONTH = re.compile(rf"(?:{'|'.join(sorted(map(plain_name, MONTHS)))})(?: (?:19|20)?\d\d)?")
"""A month that is the name of a column is a visit, whose day has to be told."""
DATE = re.compile(
    r"^\s*(\d{1,2}[./\-]\d{1,2}[./\-]\d{2,4}\.?|\d{4}[./\-]\d{1,2}[./\-]\d{1,2}|"
    r"\d{1,2}\.? ?[A-Za-zäöüéûÄÖÜ]{3,9}\.? ?\d{2,4})\s*$"
)
DATE_INSIDE = re.compile(r"\b(\d{1,2}[./\-]\d{1,2}[./\-]\d{2,4}|\d{4}[./\-]\d{1,2}[./\-]\d{1,2})\b")
_LAYERS = (
    ("epidermis+dermis", re.compile(
        r"\b(epidermis|epi|epiderme) ?(?:\+|u|und|and|et|plus)? ?(?:dermis|derme|korium)\b"
        r"|\b(full skin|gesamthaut|total skin|peau totale|entire skin|vollhaut|kutis|cutis|"
        r"epidermodermal)\b")),
    ("dermis", re.compile(r"\b(dermis|dermal|korium|corium|derme|dermique|lederhaut)\b|"
                          r"\b(?:dermis|korium|corium|lederhaut)(?=dicke)")),
)  # fmt: skip
_FALLBACKS = tuple(
    (role, re.compile(pattern))
    for role, pattern in (
        ("end_status", r"\b(end|ende|fin)\b.*\bstat"),
        ("therapy", r"\b(therap(?:ie|y)|medikamente?|medikation|praeparat|wirkstoff|substanz|drug|"
                    r"treatment|medication|traitement|medicament|molecule)\b.*"
                    r"\b(dosis|dosierung|dose|dosage|posologie|schema|regime)\b"),
        ("stop_reason", r"(abbruch|absetz|stopp?|arret).*(grund|reason|motif)|grund.*abbruch"),
        ("session_dates", r"(session|sitzung|seance|infusion).*(date|datum|daten)"),
        ("start", r"\b(therap|behandl|treat|trait)\w*.*\b(start|beginn|begin|debut|anfang)\b"
                  r"|^(start|beginn|begin|debut)\b|\b(beginn|debut|startdatum)$"),
        ("end", r"\b(therap|behandl|treat|trait)\w*.*\b(end|ende|fin|stop|stopp|arret)\b"
                r"|^(end|ende|fin|stop|arret)\b|\b(ende|enddatum)$"),
        ("dose", r"\b(dosis|dose|dosierung|dosage|posologie)\b|dosis$"),
        ("cycles", r"\b(zyklen|cycles|cures|zyklenzahl)\b"),
        ("note", r"bemerkung|kommentar|\bcomment|\bremark|anmerkung|\bnotes?\b|remarque"),
        ("date", r"\b(date|datum)\b|datum$"),
        ("patient_id", r"^(pat|patient|patienten|proband|subject|participant|teilnehmer)\b"
                       r"|^patienten?\w*(nr|nummer|id|code|kennung)$"),
        ("therapy", r"\b(therap(ie|y)|treatment|behandlung|traitement|medikament|drug|"
                    r"medication|wirkstoff)\b|therapie$"),
        ("side", r"\b(seite|side|cote|lateralit)"),
        ("unit", r"\b(unit|einheit|unite)\b|einheit$"),
        ("site", r"lokalisation|localisation|location|stelle\b|region\b|\bsite\b"),
        ("examiner", r"untersucher|examiner|examinateur|operateur"),
        ("device", r"geraet|device|scanner|appareil"),
    )
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class ColumnName:
    """What one header cell says.

    `role` is a key of :data:`~sm_tracker.ingest.tables.column_names.NAMES`, ``"outcome:NAME"``,
    ``"not_thickness"``, ``"not_used"`` or blank. `site_text`, `replicate`, `visit`, `layer`
    and `statistic` are filled where the name is that of a column of values; `side` where
    such a name has a side and no site.
    """

    index: int
    text: str
    name: str
    unit: str = ""
    role: str = ""
    exact: bool = False
    site_text: str = ""
    site_known: bool = False
    side: Side = ""
    replicate: int | None = None
    visit: str = ""
    layer: str = ""
    statistic: str = ""
    date_order: str = ""
    says_thickness: bool = False


def _variants(text: str) -> tuple[str, ...]:
    """Spellings under which a name is looked up, the most literal first."""
    split = re.sub(r"(?<=[a-zäöüß])(?=[A-ZÄÖÜ])", " ", text)
    found = [plain_name(text), bare_name(text), plain_name(split)]
    found += [v.replace("+", " ") for v in found if "+" in v]
    found += [_without_fillers(v) for v in tuple(found)]
    return tuple(dict.fromkeys(v for v in found if v))


def _without_fillers(name: str) -> str:
    """A name without articles; a last letter stays, as it tells columns apart: value A."""
    *words, last = name.split() or [""]
    kept = [w for w in words if w not in _FILLERS]
    return " ".join([*kept, last] if len(last) == 1 or last not in _FILLERS else kept)


def _index() -> dict[str, str]:
    known: dict[str, str] = {}
    for role, names in COLUMNS.items():
        if role.startswith(IDENTIFYING) or role in (IF_LONG, IF_SHORT):
            continue
        known.setdefault(role.replace("_", " "), role)
        for name in names:
            known.setdefault(name, role)
    for name, role in tuple(known.items()):
        short = _without_fillers(name)
        if short:
            known.setdefault(short, role)
    return known


_ROLE_OF = _index()
_PHRASES = tuple(
    (role, re.compile(rf"\b{re.escape(name)}\b"))
    for name, role in sorted(_ROLE_OF.items(), key=lambda item: -len(item[0]))
    if role.startswith("outcome:") or (role == "not_thickness" and len(name) > 3)
)


@lru_cache(maxsize=4096)
def read_column_name(text: str, index: int = 0) -> ColumnName:
    """Read one header cell.

    Parameters
    ----------
    text : str
        The cell as written; a header over two rows joined by a blank.
    index : int
        Position of the column.
    """
    written = " ".join(text.split())
    without_format, order = _without_date_format(_INTERVAL.sub("", written).strip())
    bare, unit = unit_in_header(_MEAN_SIGN.sub(" mean ", without_format).strip())
    if sided := _with_side(written, bare, unit, index):
        return sided
    name = plain_name(bare)
    role = _exact_role(bare) or ("" if name else _exact_role(without_format))
    if role == "site" and unit:  # "lesion A (mm)" holds values, not names of sites
        role = ""
    base = ColumnName(
        index=index, text=written, name=name, unit=unit, role=role, exact=bool(role),
        date_order=order,
    )  # fmt: skip
    if not name and unit:
        return _replaced(base, role="thickness", exact=True, says_thickness=True)
    if role not in ("", "thickness", "value", "mean", "sd", "replicate", "visit"):
        return base
    return _value_column(base, bare)


def _with_side(written: str, bare: str, unit: str, index: int) -> ColumnName | None:
    """A column of values with a side and no site: "re (mm)", "thickness L"."""
    words = re.split(r"[\s_()\[\]\-]+", bare.strip(" _()[]-"))
    for side, others in ((side_of(words[-1]), words[:-1]), (side_of(words[0]), words[1:])):
        rest = " ".join(others)
        if side and (not rest or _exact_role(rest) in ("thickness", "value")):
            return ColumnName(
                index=index, text=written, name=plain_name(bare), unit=unit, side=side,
                role="thickness" if rest else "", says_thickness=bool(rest),
            )  # fmt: skip
    return None


def _without_date_format(text: str) -> tuple[str, str]:
    """A name without a date format such as (TT.MM.JJJJ), and the order it states."""
    match = _DATE_FORMAT.search(text)
    if not match:
        return text, ""
    first, second, third = (match[g][0].lower() for g in "abc")
    shape = (len(match["a"]), len(match["b"]), len(match["c"]))
    years = {"y", "j", "a"}
    if max(shape) < 2 or second not in "mdtj":
        return text, ""
    order = ""
    short_year = first in years and second == "m" and third in ("td" if first == "j" else "tdj")
    if (shape[0] >= 4 and first in years) or (shape[0] == 2 and short_year):
        order = "year-first"
    elif shape[2] >= 2 and third in years and first == "m" and second in "dtj":
        order = "month-first"
    elif shape[2] >= 2 and third in years and first in "dtj" and second == "m":
        order = "day-first"
    return (text[: match.start()] + text[match.end() :]).strip(), order


_CDISC = re.compile(r"[A-Z]{2}(?P<variable>[A-Z]{2,6})")
_ROLE_OF_VARIABLE = words("CDISC variable")
"""Variables of the CDISC standard behind the two letters of their domain: USORRES, CMSTDTC."""


def _exact_role(text: str) -> str:
    if (cdisc := _CDISC.fullmatch(text)) and cdisc["variable"] in _ROLE_OF_VARIABLE:
        return _ROLE_OF_VARIABLE[cdisc["variable"]]
    for variant in _variants(text):
        if variant in _ROLE_OF:
            return _ROLE_OF[variant]
    return ""


def _value_column(base: ColumnName, bare: str) -> ColumnName:
    name = base.name
    if not base.role and not _LAYERS[0][1].search(name):
        for role, phrase in _PHRASES:
            if phrase.search(name) and not _IS_THICKNESS.search(name):
                # Two names are two outcomes: only a whole name is read as a known one.
                return as_outcome(base) if role.startswith("outcome:") else (
                    _replaced(base, role=role))  # fmt: skip
    says = bool(_IS_THICKNESS.search(name)) or base.role == "thickness"
    if says and _is_no_thickness_of_skin(base):
        return _replaced(base, role="not_thickness")
    if not says and (DATE.match(bare) or _VISIT.match(name) or _MONTH.fullmatch(name)):
        return _replaced(base, visit=bare.strip(), replicate=_reading_number(name))
    if not says and (inside := DATE_INSIDE.search(bare)) and (
        _VISIT.match(plain_name(bare.replace(inside[0], " ")))
    ):  # fmt: skip
        return _replaced(base, visit=inside[0])
    replicate = _reading_number(name)
    if replicate is not None:
        return _replaced(base, replicate=replicate, says_thickness=says)
    layer, rest = _take_layer(name)
    statistic, rest = _take_statistic(rest)
    number, rest = _take_number(rest)
    site_text = _THICKNESS_WORDS.sub(" ", rest).strip(" +")
    site_text = " ".join(site_text.split())
    found = _written_site(bare, site_text)
    if base.role:
        return _replaced(base, layer=layer, statistic=statistic, says_thickness=says)
    if found and read_site(found).known:
        return _replaced(
            base, site_text=found, site_known=True, replicate=number, layer=layer,
            statistic=statistic, says_thickness=says,
        )  # fmt: skip
    if says or (layer and not site_text):
        return _replaced(
            base, role="" if site_text else "thickness", site_text=found, replicate=number,
            layer=layer, statistic=statistic, says_thickness=says,
        )  # fmt: skip
    if base.unit and not site_text and not statistic and _METHODS.search(name):
        return _replaced(base, role="value", replicate=number, layer=layer)
    for role, pattern in _FALLBACKS:
        if pattern.search(name):
            return _replaced(base, role=role)
    if statistic and not site_text:
        return _replaced(base, role="sd" if statistic == "sd" else "mean", statistic=statistic)
    return _replaced(base, site_text=found, replicate=number, layer=layer, statistic=statistic)


def _is_no_thickness_of_skin(base: ColumnName) -> bool:
    """Whether a name says the thickness of another tissue, or compares thicknesses."""
    if "%" in _INTERVAL.sub("", base.text) or "Δ" in base.text:
        return True
    another = _OF_ANOTHER_TISSUE.search(base.name) and "skin" not in base.name
    return not base.role and bool(another or _COMPARES.search(base.name))


def _reading_number(name: str) -> int | None:
    match = _READING.match(name)
    if not match:
        return None
    digits = match["before"] or match["after"]
    if not digits or (match["before"] and match["after"]):
        return None
    return int(digits) if digits.isdigit() else ROMAN[digits]


def layer_of(text: str) -> str:
    """Layer of the skin named by a text; another text stays as it is.

    Examples
    --------
    >>> layer_of("Epidermis + Dermis"), layer_of("Korium"), layer_of("scar")
    ('epidermis+dermis', 'dermis', 'scar')
    """
    name = plain_name(text)
    return next((layer for layer, pattern in _LAYERS if pattern.search(name)), text)


def _take_layer(name: str) -> tuple[str, str]:
    for layer, pattern in _LAYERS:
        if pattern.search(name):
            return layer, " ".join(pattern.sub(" ", name).split())
    return "", name


def _take_statistic(name: str) -> tuple[str, str]:
    words = name.split()
    for word in words:
        if word in _STATISTIC_OF:
            words.remove(word)
            return _STATISTIC_OF[word], " ".join(words)
    return "", name


_NUMBERED_SITES = word_set(
    "lesion laesion plaque herd narbe scar cicatrice stelle punkt point site"
)
"""Words that a number makes the name of a site: plaque 1 is not the first reading of a plaque."""


def _take_number(name: str) -> tuple[int | None, str]:
    match = re.search(
        r"^(?P<rest>.*?[a-z)])(?:(?: (?:nr|no|messung|messwert|einzelmessung|mess|reading|"
        r"measurement|mesure|mes|wert|value|valeur|rep|w|m))? ?| r)(?P<n>\d)$", name
    )  # fmt: skip
    if match and match["rest"].split()[-1] not in _NUMBERED_SITES:
        return int(match["n"]), match["rest"].strip()
    return None, name


def _written_site(bare: str, plain: str) -> str:
    """The part of the header that names the site, as written where it can be cut out."""
    if not plain:
        return ""
    words = bare.replace("_", " ").split()
    wanted = plain.split()
    kept = [w for w in words if plain_name(w) and all(p in wanted for p in plain_name(w).split())]
    return " ".join(kept) if plain_name(" ".join(kept)) == plain else plain


def as_outcome(name: ColumnName) -> ColumnName:
    """A column that is followed as an outcome under the name that its author gave."""
    if name.role.startswith("outcome:"):
        return name
    text, unit = unit_in_header(name.text)
    if bracketed := _UNIT_AT_END.search(text):
        text, unit = text[: bracketed.start()].strip(), bracketed[1]
    return replace(name, role=f"outcome:{text or name.text}", unit=unit)


_UNIT_AT_END = re.compile(r"\s*[(\[]([^()\[\]]{1,12})[)\]]\s*$")


def _replaced(base: ColumnName, **changes: object) -> ColumnName:
    return replace(base, **changes)  # type: ignore[arg-type]


def count_known_names(row: Sequence[str]) -> int:
    """How many different columns a row names, as a header does; 0 for a very wide row."""
    if len(row) > 500:
        return 0
    names = (read_column_name(c) for c in row if c.strip() and len(c) < 80)
    return len({n.role or n.site_text for n in names if n.role or n.site_known})
