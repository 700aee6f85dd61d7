"""Regimens by their standard name: abbreviation, class and ATC code, known in one place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

RegimenClass = Literal["drug", "steroid", "procedure"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Regimen:
    """A regimen as tables and figures name it.

    `name` is the standard name in tables, `abbreviation` the lane label of a figure,
    `atc` the ATC code where it is sure (blank for procedures and mixtures).
    """

    name: str
    abbreviation: str
    atc: str = ""
    regimen_class: RegimenClass = "drug"


REGIMENS: tuple[Regimen, ...] = (
    Regimen(name="UVA1 phototherapy", abbreviation="UVA1", regimen_class="procedure"),
    Regimen(name="hydroxychloroquine", abbreviation="HC", atc="P01BA02"),
    Regimen(name="cyclophosphamide", abbreviation="CP", atc="L01AA01"),
    Regimen(name="ECP", abbreviation="ECP", regimen_class="procedure"),
    Regimen(name="methylprednisolone", abbreviation="MP", atc="H02AB04", regimen_class="steroid"),
    Regimen(name="IVIG", abbreviation="IVIG", atc="J06BA02"),
    Regimen(name="tofacitinib", abbreviation="TOF", atc="L04AF01"),
    Regimen(name="methotrexate", abbreviation="MTX"),
)

_BY_NAME = {r.name.casefold(): r for r in REGIMENS}


def find_regimen(name: str) -> Regimen | None:
    """The regimen of a standard name (any case), or None where it is not a known one."""
    return _BY_NAME.get(name.strip().casefold())


def abbreviate(name: str) -> str:
    """The short label of a regimen for lanes; an unknown name stays as it is."""
    known = find_regimen(name)
    return known.abbreviation if known else name


def is_steroid(name: str) -> bool:
    """Whether the regimen is a systemic glucocorticoid (steroids thin skin)."""
    known = find_regimen(name)
    return known is not None and known.regimen_class == "steroid"
