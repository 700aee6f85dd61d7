"""Regimens by their standard name: abbreviation, class, ATC code, names and spellings.

The table is ``domain/data/regimens.csv``, one row a regimen. ATC codes are those of the 2024
index (WHO Collaborating Centre for Drug Statistics Methodology), one per substance; blank where
the code depends on the route (methotrexate, interferon) or the substance has several.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Literal, cast

from sm_tracker.domain.data import rows_of
from sm_tracker.domain.records import Kind

RegimenClass = Literal["drug", "steroid", "procedure"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Regimen:
    """A regimen as tables and figures name it.

    `name` is the standard name in tables, `abbreviation` the lane label of a figure,
    `atc` the ATC code where it is sure (blank for procedures and mixtures). `usual_kind` is
    how it is usually given, for periods that do not say; blank where the route decides.
    `in_full` are the names that the abbreviation stands for in English, German and French,
    `spellings` other names, brands and abbreviations in lower case, without hyphens.
    """

    name: str
    abbreviation: str
    atc: str = ""
    regimen_class: RegimenClass = "drug"
    usual_kind: Kind = "continuous"
    in_full: tuple[str, str, str] = ("", "", "")
    spellings: tuple[str, ...] = ()


@cache
def regimens() -> tuple[Regimen, ...]:
    """All known regimens, in the order of the table."""
    return tuple(
        Regimen(
            name=row["name"],
            abbreviation=row["abbreviation"],
            atc=row["atc"],
            regimen_class=cast("RegimenClass", row["class"]),
            usual_kind=cast("Kind", row["usual_kind"]),
            in_full=(row["en"] or row["name"], row["de"], row["fr"]),
            spellings=tuple(row["spellings"].split("|")) if row["spellings"] else (),
        )
        for row in rows_of("regimens")
    )


@cache
def _by_abbreviation() -> Mapping[str, Regimen]:
    return {r.abbreviation: r for r in regimens()}


@cache
def _by_name() -> Mapping[str, Regimen]:
    return {r.name.casefold(): r for r in regimens()}


def find_regimen(name: str) -> Regimen | None:
    """The regimen of a standard name (any case), or None where it is not a known one."""
    return _by_name().get(name.strip().casefold())


def find_abbreviated(label: str) -> Regimen | None:
    """The regimen of a short label, or None where it is that of none."""
    return _by_abbreviation().get(label)


def abbreviate(name: str) -> str:
    """The short label of a regimen for lanes; an unknown name stays as it is."""
    known = find_regimen(name)
    return known.abbreviation if known else name


def usual_kind(name: str) -> str:
    """How a regimen is usually given; continuous where it is not known or the route decides."""
    known = find_regimen(name)
    return (known.usual_kind if known else "") or "continuous"


def is_steroid(name: str) -> bool:
    """Whether the regimen is a systemic glucocorticoid (steroids thin skin)."""
    known = find_regimen(name)
    return known is not None and known.regimen_class == "steroid"
