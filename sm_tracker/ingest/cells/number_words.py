"""Words that stand for a missing, unmeasurable, censored or approximate value (en, de, fr)."""

from __future__ import annotations

import re
from typing import Final

from sm_tracker.domain.missing import missing_words

MISSING: Final = missing_words("number") | {""}
"""No value was noted; the trailing full stop or exclamation mark is taken off before."""

NOT_MEASURABLE: Final = frozenset(
    {
        "n.m", "n. m", "nm", "nmb", "n.mb", "n. messb", "nicht messbar", "nicht meßbar",
        "nicht beurteilbar", "nicht auswertbar", "nicht bestimmbar", "nicht ableitbar",
        "nicht abgrenzbar", "nicht darstellbar", "n.b", "n. b", "n.bb", "unlesbar", "messfehler",
        "nicht möglich", "nicht moeglich", "messung nicht möglich", "artefakt",
        "not measurable", "unmeasurable", "not readable", "unreadable", "not evaluable",
        "not assessable", "not possible", "unable", "unable to measure", "cannot be measured",
        "could not measure", "could not be measured", "poor image", "poor quality",
        "failed", "measurement failed", "error",
        "below detection", "below detection limit", "below limit", "bdl", "< lod", "<lod", "n.n",
        "unter nachweisgrenze",
        "u. nwg", "u.nwg", "unter nwg", "<nwg", "< nwg",
        "unter der nachweisgrenze", "nicht nachweisbar", "< ng",
        "sous le seuil", "sous le seuil de détection", "non détectable", "not detectable",
        "artefact", "artifact", "not interpretable", "uninterpretable", "unobtainable",
        "not obtainable", "non mesurable", "non évaluable", "non interprétable", "illisible",
        "impossible", "mesure impossible", "échec", "artéfact", "non lisible", "n.e.m",
        "ininterprétable", "inexploitable", "non exploitable", "non mesurables", "immesurable",
        "< ld", "<ld", "< lq", "<lq", "< loq", "<loq", "< lld", "< seuil", "<seuil", "indétectable",
        "sous la limite", "sous la limite de détection", "inférieur au seuil", "pas mesurable",
    }
)  # fmt: skip
"""The device gave no reading."""

BEYOND_DEPTH: Final = frozenset(
    {
        "zu tief", "zu dick", "außerhalb", "ausserhalb", "außerhalb messbereich",
        "außerhalb des messbereichs", "ausserhalb des messbereichs", "außerhalb der messtiefe",
        "über messbereich", "oberhalb messbereich", "messtiefe überschritten",
        "messbereich überschritten", "eindringtiefe überschritten", "tiefer als messbereich",
        "beyond depth", "beyond range", "beyond the range", "beyond penetration depth",
        "beyond measurable depth", "out of range", "out of depth", "too thick", "too deep",
        "too thick to measure", "too deep to measure", "exceeds range of probe",
        "above range", "over range", "overrange", "exceeds depth", "exceeds range", "off scale",
        "above detection", "above limit", "> max", ">max", "> range", "> depth",
        "hors limite", "hors limites", "hors de portée", "hors portée", "hors champ",
        "hors échelle", "hors plage", "trop profond", "trop épais", "trop épaisse",
        "au-delà de la profondeur", "profondeur dépassée",
        "hors profondeur", "au-delà de la portée",
    }
)  # fmt: skip
"""The skin was thicker than the device sees."""

BELOW: Final = re.compile(
    r"(?:<\s*=?|=<|&lt;|(?:unter|unterhalb(?: von)?|kleiner(?: als)?|kl\.|weniger als|höchstens"
    r"|max\.|below|less than|under|lower than|smaller than|at most"
    r"|inférieure?(?: ou égale?)? (?:à|a)|inf\. ?à|inf\.|moins (?:de|que)|au plus"
    r"|en dessous de|au-dessous de|sous)(?=[\s\d.,]))\s*",
    re.IGNORECASE,
)
"""What stands before a value that lies below the number given."""

ABOVE: Final = re.compile(
    r"(?:>\s*=?|=>|&gt;|(?:über|ueber|oberhalb(?: von)?|größer(?: als)?|groesser(?: als)?|gr\."
    r"|mehr als|mindestens|mind\.|min\.|above|more than|greater than|over|at least|larger than"
    r"|beyond|supérieure?(?: ou égale?)? (?:à|a)|sup\. ?à|sup\.|plus (?:de|que)|au moins"
    r"|au-dessus de|au dessus de|au-delà de)(?=[\s\d.,]))\s*",
    re.IGNORECASE,
)
"""What stands before a value that lies above the number given."""

APPROXIMATE: Final = re.compile(
    r"(?:[~≈∼˜]|±(?=\s*\d)|(?:ca|circa|c|env|approx|ungef|etw)\.(?=[\s\d])|(?:ca|circa|etwa|ungefähr"
    r"|ungefaehr|rund|environ|approximately|approx|about|around|roughly|env|à peu près"
    r"|autour de|près de|proche de)(?=[\s\d]))\s*",
    re.IGNORECASE,
)
"""What stands before a value that is only approximate."""
