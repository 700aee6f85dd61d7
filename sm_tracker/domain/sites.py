"""Body sites by their standard name, in German and French, with what clinics call them.

The table is ``domain/data/sites.csv``, one row a site.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from sm_tracker.domain.data import rows_of


@cache
def spellings_of_sites() -> Mapping[str, str]:
    """Other names of each site by its standard name, parted by bars; in lower case."""
    return {row["name"]: row["spellings"] for row in rows_of("sites")}


def site_in_languages(site: str) -> tuple[str, str] | None:
    """A site in German and French, or None where it is not a known one."""
    return _translated().get(site.casefold())


@cache
def _translated() -> Mapping[str, tuple[str, str]]:
    return {row["name"].casefold(): (row["de"], row["fr"]) for row in rows_of("sites")}


def sided_in_french(site: str, side: str) -> str:
    """A site with its side as French says it, the side in the gender of its noun.

    Blank where the table has none, as for sites of the trunk.

    Examples
    --------
    >>> sided_in_french("forearm", "right"), sided_in_french("hand", "left")
    ('avant-bras droit', 'main gauche')
    """
    right = _french_right().get(site.casefold(), "")
    if side == "left":
        return right.replace("droite", "gauche").replace("droit", "gauche")
    return right if side == "right" else ""


@cache
def _french_right() -> Mapping[str, str]:
    return {row["name"].casefold(): row["fr_right"] for row in rows_of("sites")}
