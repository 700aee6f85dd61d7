"""Observations of FHIR as rows of our own tables: readings, outcomes, events."""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from sm_tracker.domain.data import rows_of
from sm_tracker.domain.fhir_terms import (
    COMPONENTS,
    EVENT,
    LOCAL,
    MILLIMETRES,
    OURS,
    OUTCOME,
    READING,
    UCUM,
    meanings_of,
)
from sm_tracker.ingest.files.fhir_dates import day_and_precision
from sm_tracker.ingest.files.fhir_documents import (
    Resource,
    all_words,
    codings_of,
    element,
    elements,
    extension_in,
    text_in,
    words_of,
)
from sm_tracker.languages import Message

Row = dict[str, str]
COUNTED = ("final", "amended", "corrected")
EARLY = ("preliminary", "registered")
_SKIN = re.compile(r"skin|derm|cutis|cutan|\bhaut|peau", re.IGNORECASE)
_THICK = re.compile(r"thick|dicke|[ée]paisseur", re.IGNORECASE)
_FOLD = re.compile(r"fold|falte|\bpli\b", re.IGNORECASE)
_NO_VALUE = ("valueRange", "valueString", "valueSampledData", "valueRatio", "valueCodeableConcept")


def kind_of_observation(one: Resource) -> str:
    """What an observation is about: reading, outcome, event, fold of skin, or blank."""
    code = element(one, "code")
    codings = codings_of(code)
    ours = next((c for system, c in codings if system == LOCAL), "")
    if ours in (READING, OUTCOME, EVENT):
        return ours
    words = all_words(code)
    folds = meanings_of("skin fold")
    if any(c in folds for c in codings) or (_SKIN.search(words) and _FOLD.search(words)):
        return "fold"
    if _SKIN.search(words) and _THICK.search(words):
        return READING
    known = {row["outcome"].casefold() for row in rows_of("outcomes")}
    return OUTCOME if words_of(code).casefold() in known else ""


def why_left_out(one: Resource) -> Message | None:
    """Why an observation does not count, None where it does."""
    status = text_in(one, "status")
    if status not in (*COUNTED, *EARLY):
        return Message("its status is {status}", status=status or "-")
    if any(name in one for name in _NO_VALUE) and kind_of_observation(one) == READING:
        return Message("its value is not a quantity")
    if not _one_day(one):
        return Message("it is not dated to the day")
    return None


def _one_day(one: Resource) -> str:
    """The day of an observation, blank where it is not known to the day."""
    period = element(one, "effectivePeriod")
    if period:
        start, end = (day_and_precision(period, n) for n in ("start", "end"))
        return start[0] if start == end and start[1] == "day" else ""
    name = "effectiveDateTime" if "effectiveDateTime" in one else "effectiveInstant"
    day, precision = day_and_precision(one, name)
    return day if precision == "day" or kind_of_observation(one) == EVENT else ""


def _components(one: Resource) -> Row:
    """Our own columns among the components."""
    found: Row = {}
    for part in elements(one, "component"):
        name = next((c for system, c in codings_of(element(part, "code")) if system == LOCAL), "")
        if name in COMPONENTS:
            value = element(part, "valueQuantity")
            texts = (text_in(part, n) for n in ("valueString", "valueInteger"))
            found[name] = text_in(value, "value") or next(filter(None, texts), "")
    return found


def _base(one: Resource) -> Row:
    notes = (text_in(n, "text") for n in elements(one, "note"))
    return {
        "patient_id": text_in(element(one, "subject"), "reference"), "date": _one_day(one),
        "note": "; ".join(filter(None, notes)), **_components(one),
    }  # fmt: skip


def rows_of_reading(one: Resource) -> list[Row]:
    """The readings of an observation: its value, or the components that are readings."""
    base = {**_base(one), **_place(one)}
    performers = (text_in(p, "display") for p in elements(one, "performer"))
    base["examiner"] = " + ".join(filter(None, performers))
    absent = element(one, "dataAbsentReason")
    if "valueQuantity" in one:
        return [{**base, **_quantity(element(one, "valueQuantity"))}]
    several = [
        part for part in elements(one, "component")
        if "valueQuantity" in part and _THICK.search(all_words(element(part, "code")))
    ]  # fmt: skip
    if several:
        return [
            {**base, **_quantity(element(p, "valueQuantity")), "replicate": str(i)}
            for i, p in enumerate(several, start=1)
        ]
    if not absent:
        return [base]
    return [{**base, "status": _status(absent)}]


def _status(absent: Resource) -> str:
    """Why a reading has no value; blank where it was simply not taken."""
    words = all_words(absent).replace("_", " ").casefold()
    if "beyond" in words:
        return "beyond_depth"
    said = any(code == "error" for _, code in codings_of(absent)) or "not measurable" in words
    return "not_measurable" if said else ""


def _place(one: Resource) -> Row:
    """Site and side: the text, else what a code is known to mean, else its name."""
    place = element(one, "bodySite")
    sites, sides = meanings_of("site"), meanings_of("side")
    codings = codings_of(place)
    side = next((sides[c] for c in codings if c in sides), "")
    known = next((sites[c] for c in codings if c in sites), "")
    named = [
        text_in(c, "display") for c in elements(place, "coding")
        if (text_in(c, "system"), text_in(c, "code")) not in sides
    ]  # fmt: skip
    site = text_in(place, "text") or known or next(filter(None, named), "")
    return {"site": site, "side": side}


def _quantity(quantity: Resource) -> Row:
    """Value, sign and unit; in mm where the unit is one of UCUM that is known."""
    value, sign = text_in(quantity, "value"), text_in(quantity, "comparator")
    system = text_in(quantity, "system")
    unit = text_in(quantity, "code") if system == UCUM else ""
    found = {"qualifier": sign if sign in ("<", ">") else ""}
    if sign in ("<=", ">="):
        value = sign + value
    if unit not in MILLIMETRES:
        return {**found, "thickness": value, "unit": unit or text_in(quantity, "unit")}
    return {**found, "thickness_mm": _times(value, MILLIMETRES[unit])}


def _times(value: str, factor: str) -> str:
    """A number in mm without the noise of binary fractions."""
    if factor == "1":
        return value
    try:
        product = Decimal(value) * Decimal(factor)
    except InvalidOperation:
        return value
    return format(product.normalize(), "f")


def row_of_outcome(one: Resource) -> Row:
    """An outcome as a row."""
    quantity = element(one, "valueQuantity")
    better = extension_in(one, OURS + "better")
    value: Mapping[str, Any] = quantity or {"value": text_in(one, "valueInteger")}
    return {
        **_base(one), "outcome": words_of(element(one, "code")), "better": better,
        "value": text_in(value, "value"), "unit": text_in(value, "unit") or text_in(value, "code"),
    }  # fmt: skip


def row_of_event(one: Resource) -> Row:
    """An event of our own as a row."""
    return {
        **_base(one), "event": text_in(one, "valueString"),
        "date_precision": extension_in(one, OURS + "date_precision") or "day",
    }  # fmt: skip
