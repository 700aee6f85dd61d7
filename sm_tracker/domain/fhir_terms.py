"""What records are called in FHIR: systems, codes, and where each of our columns goes.

The codes stand in ``domain/data/codes.csv``, each with its source and the day on which it was
checked with a terminology server; none was so far, so they travel beside the text only.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType
from typing import Final

from sm_tracker.domain.data import rows_of

OURS: Final = "urn:sm-tracker:"
PATIENT: Final = OURS + "patient"
PERIOD: Final = OURS + "period"
LOCAL: Final = OURS + "code"
READING, OUTCOME, EVENT = "skin-thickness", "outcome", "event"
"""Codes of our own for the three kinds of observations."""
READING_TEXT: Final = "Skin thickness by high-frequency ultrasound"
SNOMED: Final = "http://snomed.info/sct"
ATC: Final = "http://www.whocc.no/atc"
UCUM: Final = "http://unitsofmeasure.org"
ABSENT: Final = "http://terminology.hl7.org/CodeSystem/data-absent-reason"
MILLIMETRES: Final[Mapping[str, str]] = MappingProxyType({"mm": "1", "cm": "10", "um": "0.001"})
"""Units of UCUM in which a thickness is read, in mm."""
COMPONENTS: Final[Mapping[str, str]] = MappingProxyType({
    "layer": "valueString", "device": "valueString", "frequency_mhz": "MHz",
    "velocity_m_s": "m/s", "replicate": "valueInteger", "doubt": "valueString",
    "doubt_reason": "valueString", "kind": "valueString",
})  # fmt: skip
"""Columns of an observation that are components of it, each with its element or unit."""
COURSE_EXTENSIONS: Final = (
    "kind", "cycles", "show_in_figure", "date_precision", "end_date_precision", "starts_after",
    "starts_by", "ends_after", "ends_by",
)  # fmt: skip
"""Columns of a course for which FHIR has no element."""
AS_WRITTEN: Final = OURS + "as-written"
"""Extension of a date that is known to the month or year: the day that is stored for it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Code:
    """One code of another system for a concept, and what it means there for us."""

    concept: str
    means: str
    system: str
    code: str
    display: str

    @property
    def coding(self) -> dict[str, str]:
        """The code as FHIR writes it."""
        shown = {"display": self.display} if self.display else {}
        return {"system": self.system, "code": self.code, **shown}


@cache
def codes_of(concept: str) -> tuple[Code, ...]:
    """The codes of a concept, in the order of the table."""
    names = ("concept", "means", "system", "code", "display")
    return tuple(
        Code(**{n: row[n] for n in names}) for row in rows_of("codes") if row["concept"] == concept
    )


@cache
def meanings_of(concept: str) -> Mapping[tuple[str, str], str]:
    """What each code of a concept means, by system and code."""
    return MappingProxyType({(c.system, c.code): c.means for c in codes_of(concept)})


def code_for(concept: str, means: str) -> Code | None:
    """The code of what is meant, None where the table has none."""
    return next((c for c in codes_of(concept) if c.means == means), None)
