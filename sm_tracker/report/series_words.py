"""How many series a site has, and why, in words."""

from __future__ import annotations

import pandas as pd

from sm_tracker import languages
from sm_tracker.domain.series import keys_of, rows_of_series
from sm_tracker.domain.series_key import SeriesKey
from sm_tracker.figures.languages import capital, listed
from sm_tracker.figures.series_names import series_names, site_name
from sm_tracker.languages import gettext as _
from sm_tracker.languages import ngettext


def series_notes(visits: pd.DataFrame) -> tuple[str, ...]:
    """Remarks on the series of one patient; none where each site has one, as stated.

    Parameters
    ----------
    visits : DataFrame
        Contract VISITS of one patient.
    """
    keys = keys_of(visits)
    names = series_names(keys, languages.current(), aloud=True)
    by_site: dict[tuple[str, str], list[SeriesKey]] = {}
    for key in keys:
        by_site.setdefault(key[:2], []).append(key)
    notes = [_several(twins) for twins in by_site.values() if len(twins) > 1]
    joined = [names[k] for k in keys if _marked(visits, k, "series_joined")]
    if joined:
        text = _(
            "{series}: some readings leave side, layer, device or frequency blank; they were "
            "counted with the only series of the site that they fit."
        )
        notes.append(text.format(series=capital(listed(joined))))
    for key in keys:
        if _marked(visits, key, "series_ambiguous"):
            n = int(rows_of_series(visits, key).sum())
            text = ngettext(
                "{series}: {n} visit value fits several series and is kept apart.",
                "{series}: {n} visit values fit several series and are kept apart.",
                n,
            )
            notes.append(text.format(series=capital(names[key]), n=n))
    return tuple(notes)


def way_to_join(visits: pd.DataFrame) -> str:
    """What a person can do about values that are kept apart; blank where there are none."""
    if not visits["series_ambiguous"].any():
        return ""
    return _("To join them, state what is missing, in the file or under Records.")


def _several(twins: list[SeriesKey]) -> str:
    """Why a site has several series."""
    words = {"layer": _("layer"), "device": _("device"), "frequency_mhz": _("frequency")}
    differing = [words[n] for n in words if len({getattr(k, n) for k in twins}) > 1]
    text = _("{site}: {n} series, because {fields} differ; they are never joined.")
    return text.format(
        site=capital(site_name(twins[0], languages.current())),
        n=len(twins),
        fields=_(" and ").join(differing),
    )


def _marked(visits: pd.DataFrame, key: SeriesKey, name: str) -> bool:
    return bool(visits.loc[rows_of_series(visits, key), name].any())
