"""What all periods of a patient show side by side, in one sentence and as a table."""

from __future__ import annotations

import pandas as pd

from sm_tracker.domain.series import keys_of, sites_among
from sm_tracker.languages import gettext as _
from sm_tracker.languages import ngettext
from sm_tracker.report.tables import numbered_labels


def comparison_words(changes: pd.DataFrame) -> tuple[str, str]:
    """Headline and second line over all periods of one patient.

    Parameters
    ----------
    changes : DataFrame
        Contract CHANGES of one patient; only rows of level ``period`` count.
    """
    periods = changes[changes["level"] == "period"]
    if periods.empty:
        return (
            _("There is no therapy period to compare."),
            _("Needed: a therapy with its start. Add it under Records."),
        )
    names = numbered_labels(changes)
    n_sites = len(sites_among(keys_of(periods)))
    counted = _("{periods}, {sites}").format(
        periods=ngettext("{n} period", "{n} periods", len(names)).format(n=len(names)),
        sites=ngettext("{n} site", "{n} sites", n_sites).format(n=n_sites),
    )
    found, *other = _found(periods, names)
    return f"{counted}: {found}.", " ".join([*other, *_second(periods, names)])


def _found(periods: pd.DataFrame, names: dict[str, str]) -> tuple[str, ...]:
    """What was beyond the error, and a sentence on the other direction where there is one."""
    thinner, thicker = (_beyond(periods, names, check) for check in ("thinner", "thicker"))
    if (periods["error_check"] == "not_computable").all():
        return (_("no change can be computed"),)
    if not thinner and not thicker:
        return (_("no change beyond measurement error"),)
    if not thinner:
        return (
            _("thicker beyond measurement error under {regimens}").format(regimens=thicker),
            _("No period shows thinning beyond measurement error."),
        )
    return (
        _("thinner beyond measurement error under {regimens}").format(regimens=thinner),
        _("Thicker beyond measurement error under {regimens}.").format(regimens=thicker)
        if thicker
        else _("No period shows thickening beyond measurement error."),
    )


def _second(periods: pd.DataFrame, names: dict[str, str]) -> list[str]:
    parts = []
    if any(name.endswith(")") for name in names.values()):
        parts.append(_("The same drug given twice is two rows."))
    overlapping = periods[periods["overlaps_with"] != ""].drop_duplicates("period_id")
    if len(overlapping):
        listed = _join([names[p] for p in names if p in set(overlapping["period_id"])])
        parts.append(
            _(
                "{regimens} ran partly together with another; such a change is not credited to "
                "one drug alone."
            ).format(regimens=listed)
        )
    return parts


def _beyond(periods: pd.DataFrame, names: dict[str, str], check: str) -> str:
    """Periods with a site beyond the error, each with the number of sites."""
    counts = periods[periods["error_check"] == check].groupby("period_id", sort=False).size()
    words = [
        _("{regimen} ({sites})").format(
            regimen=name,
            sites=ngettext("{n} site", "{n} sites", counts[p]).format(n=counts[p]),
        )
        for p, name in names.items()
        if p in counts.index
    ]
    return _join(words)


def _join(words: list[str]) -> str:
    if len(words) < 2:
        return "".join(words)
    return ", ".join(words[:-1]) + _(" and ") + words[-1]
