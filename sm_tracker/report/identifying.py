"""What in an output could still identify a patient, listed for the author to judge.

The list follows the kinds of the HIPAA Safe Harbor rule, 45 CFR 164.514(b)(2). An empty
list is not a proof of anonymity: a rare disease, a town and a year can be enough.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from sm_tracker.domain.tables import Records
from sm_tracker.languages import gettext as _

MONTHS = (
    "Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec|January|February|March|April|June|July|"
    "August|September|October|November|December|"
    "Sept|Mär|Mai|Okt|Dez|Januar|Februar|März|Juni|Juli|Oktober|Dezember|"
    "janv|févr|mars|avr|mai|juin|juil|août|sept|oct|nov|déc|janvier|février|avril|juillet|"
    "septembre|octobre|novembre|décembre"
)
PATTERNS: dict[str, str] = {
    "calendar date": r"(?<!\d)(?:19|20)\d{2}-\d{2}-\d{2}(?!\d)"
    r"|(?<!\d)(?:19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])(?!\d)"
    rf"|\b(?:\d{{1,2}}\.? )?(?:{MONTHS})\.? (?:19|20)\d{{2}}\b"
    r"|\b\d{1,2}[./]\d{1,2}[./](?:19|20)\d{2}\b",
    "e-mail address": r"[\w.+-]+@[\w-]+\.[\w.]+",
    "telephone number": r"(?<![\w.+/-])(?:\+|0)\d[\d ()/-]{7,}\d(?![\w.])",
    "age over 89": r"\b(?:aged |age )?(?:9\d|1[01]\d)(?:[- ]year|[- ]?y(?:ears?)? old)",
}


def identifying_findings(texts: Mapping[str, str], records: Records) -> list[tuple[str, str, str]]:
    """List what may identify.

    Parameters
    ----------
    texts : mapping of str to str
        What goes out, by name: caption, tables, metadata, file names.
    records : Records
        The patient's records; their codes and notes are looked for in the texts.

    Returns
    -------
    list of (where, kind, what)
        Each once, in order of the texts.
    """
    found: dict[tuple[str, str, str], None] = {}
    codes = _codes(records)
    for where, text in texts.items():
        for kind, pattern in PATTERNS.items():
            for match in re.finditer(pattern, text):
                found[(where, kind, match.group(0).strip())] = None
        for kind, values in codes.items():
            for value in values:
                if re.search(rf"(?<!\w){re.escape(value)}(?!\w)", text):
                    found[(where, kind, value)] = None
    return list(found)


def kind_text(kind: str) -> str:
    """A kind of finding in the language in use."""
    known = {
        "calendar date": _("calendar date"),
        "e-mail address": _("e-mail address"),
        "telephone number": _("telephone number"),
        "age over 89": _("age over 89"),
        "patient code": _("patient code"),
        "examiner code": _("examiner code"),
        "device name": _("device name"),
        "note": _("note"),
        "source file": _("name of a source file"),
        "stated by you": _("stated by you"),
    }
    return known.get(kind, kind)


def _codes(records: Records) -> dict[str, list[str]]:
    frames = records.frames
    return {
        "patient code": _distinct(v for f in frames for v in f["patient_id"]),
        "examiner code": _distinct(v for v in records.measurements["examiner"]),
        "device name": _distinct(v for v in records.measurements["device"]),
        "note": _distinct(v for f in frames for v in f["note"] if v != "synthetic"),
        "source file": _distinct(v for f in frames for v in f["file"]),
    }


def _distinct(values: Iterable[object]) -> list[str]:
    return sorted({str(v) for v in values if len(str(v)) > 1})


def rounded_age(years: float) -> str:
    """An age as it may be printed: to five years, and "90 or older" from 90 on."""
    if years >= 90:
        return _("90 or older")
    return _("about {years}").format(years=5 * round(years / 5))
