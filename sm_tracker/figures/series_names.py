"""The one name of each series of a patient: its site, and what tells it from its neighbours."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from sm_tracker.domain.series_key import SeriesKey
from sm_tracker.figures.languages import layer_text, site_text
from sm_tracker.languages import N_, Language, gettext_in

_FIELDS = {
    "side": N_("side"),
    "layer": N_("layer"),
    "device": N_("device"),
    "frequency_mhz": N_("frequency"),
}
_NOT_STATED = N_("{fields} not stated")


def series_names(
    keys: Iterable[SeriesKey], language: Language = "en", *, sided: bool = True, aloud: bool = False
) -> dict[SeriesKey, str]:
    """The name of each series of one patient within a sentence; no two are alike.

    Layer, device and frequency are named where the series of a site and side differ in them.

    Parameters
    ----------
    keys : iterable of SeriesKey
        All series of the patient.
    language : {"en", "de", "fr"}
    sided : bool
        Whether the side is named where a site has one side only.
    aloud : bool
        As read aloud, ``left forearm``; else as a label writes it, ``forearm left``.

    Examples
    --------
    >>> keys = [SeriesKey("forearm", "left", "", d) for d in ("DUB", "")]
    >>> list(series_names(keys).values())
    ['forearm left, DUB', 'forearm left, device not stated']
    """
    known = list(dict.fromkeys(keys))
    return {key: _name(key, known, language, sided, aloud) for key in known}


def site_name(key: SeriesKey, language: Language = "en") -> str:
    """A site with its side as read aloud: ``left forearm``."""
    if language == "en":
        return f"{key.side} {key.site}".strip()
    return site_text(key.site, key.side, language)


def _name(
    key: SeriesKey, known: Collection[SeriesKey], language: Language, sided: bool, aloud: bool
) -> str:
    at_site = [k for k in known if k.site == key.site]
    twins = [k for k in at_site if k.side == key.side]
    sides = len({k.side for k in at_site}) > 1
    if aloud:
        parts = [site_name(key, language)]
    else:
        parts = [site_text(key.site, key.side if sided or sides else "", language)]
    differing = [n for n in SeriesKey._fields[2:] if len({getattr(k, n) for k in twins}) > 1]
    missing = ["side"] if sides and not key.side else []
    for name in differing:
        value = getattr(key, name)
        if value in ("", None):
            missing.append(name)
        else:
            parts.append(_value(name, value, language))
    if missing:
        fields = ", ".join(gettext_in(language, _FIELDS[n]) for n in missing)
        parts.append(gettext_in(language, _NOT_STATED).format(fields=fields))
    return ", ".join(filter(None, parts))


def _value(name: str, value: Any, language: Language) -> str:
    if name == "layer":
        return layer_text(value, language)
    return f"{value:g} MHz" if name == "frequency_mhz" else str(value)
