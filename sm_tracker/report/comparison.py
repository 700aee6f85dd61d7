"""What all periods of a patient show side by side, in one sentence and as a table."""

from __future__ import annotations

import pandas as pd

from sm_tracker import languages
from sm_tracker.analysis.change.answers import SLIGHTLY, answer_of, direction_of_word
from sm_tracker.domain.measures import rows_of_level
from sm_tracker.domain.series import keys_of, sites_among
from sm_tracker.domain.settings import Settings
from sm_tracker.domain.tables import THICKNESS
from sm_tracker.figures.answer_words import count_of_sites, sites_agreeing, word_text
from sm_tracker.figures.languages import listed, outcome_text
from sm_tracker.languages import gettext as _
from sm_tracker.languages import ngettext
from sm_tracker.report.tables import numbered_labels


def comparison_words(
    changes: pd.DataFrame, settings: Settings, outcome: str = ""
) -> tuple[str, str]:
    """Headline and second line over all periods of one patient.

    Parameters
    ----------
    changes : DataFrame
        Contract CHANGES of one patient.
    settings : Settings
    outcome : str
        The second outcome that is compared; blank for skin thickness.
    """
    own = changes[changes["measure"] == (outcome or THICKNESS)]
    periods = rows_of_level(own, "period")
    if periods.empty:
        return _without_therapy(rows_of_level(own, "course"), outcome)
    if outcome:
        return _of_outcome(periods, outcome)
    names = numbered_labels(own)
    n_sites = len(sites_among(keys_of(periods)))
    counted = _("{periods}, {sites}").format(
        periods=ngettext("{n} period", "{n} periods", len(names)).format(n=len(names)),
        sites=count_of_sites(n_sites),
    )
    at_sites = _words_at_sites(periods)
    over_sites = _words_over_sites(own[own["level"] == "patient"], settings)
    found = [
        _("{word} under {regimens}").format(word=word_text(word), regimens=_join(named))
        for word, named in _by_word(over_sites, names).items()
    ]
    known = {period for period, (word, _count) in over_sites.items() if _says_something(word)}
    single = _single_sites({p: w for p, w in at_sites.items() if p not in known}, names)
    if not found:
        found, single = [single or _nothing(periods)], ""
    head = _("{counted}: {found}.").format(counted=counted, found=listed(found))
    beside = [_("Single sites: {found}.").format(found=single)] if single else []
    return head, " ".join([*beside, *_second(periods, names)])


def _of_outcome(periods: pd.DataFrame, outcome: str) -> tuple[str, str]:
    """What an outcome did under each regimen."""
    names = numbered_labels(periods)
    words = {period: (found[0], "") for period, found in _words_at_sites(periods).items()}
    found = [
        _("{word} under {regimens}").format(word=word_text(word), regimens=_join(named))
        for word, named in _by_word(words, names).items()
    ]
    n = ngettext("{n} period", "{n} periods", len(names)).format(n=len(names))
    counted = f"{outcome_text(outcome, languages.current())}, {n}"
    head = _("{counted}: {found}.").format(
        counted=counted, found=listed(found) or _nothing_of_outcome(periods)
    )
    return head, " ".join(_second(periods, names))


def _without_therapy(courses: pd.DataFrame, outcome: str) -> tuple[str, str]:
    """First against last reading of each site, where no therapy is recorded."""
    needed = _("A therapy with its start can be added under Records.")
    words = [answer_of(row).word for _n, row in courses.iterrows()]
    if outcome and words:
        name = outcome_text(outcome, languages.current())
        said = _("No therapy; {outcome} from first to last reading: {word}.")
        return said.format(outcome=name, word=word_text(words[0])), needed
    counts = [
        _("{word} at {k} of {n} sites").format(word=word_text(w), k=words.count(w), n=len(words))
        for w in ("thinner", "thicker")
        if w in words
    ]
    if not words:
        return _("There is nothing to compare yet."), needed
    found = listed(counts) or _("no change larger than the error")
    return _("No therapy; from first to last reading {found}.").format(found=found), needed


def _words_at_sites(periods: pd.DataFrame) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for _n, row in periods.iterrows():
        found.setdefault(str(row["period_id"]), []).append(answer_of(row).word)
    return found


def _words_over_sites(rows: pd.DataFrame, settings: Settings) -> dict[str, tuple[str, str]]:
    """The word over the sites of each period, with the sites that say so."""
    return {
        str(row["period_id"]): (
            answer_of(row, settings.improvement).word,
            sites_agreeing(row, settings.improvement),
        )
        for _n, row in rows.iterrows()
    }


def _says_something(word: str) -> bool:
    return bool(direction_of_word(word)) or word == "mixed"


def _by_word(words: dict[str, tuple[str, str]], names: dict[str, str]) -> dict[str, list[str]]:
    """Names of the periods of each word that says something, in order of start."""
    found: dict[str, list[str]] = {}
    for period, name in names.items():
        word, sites = words.get(period, ("", ""))
        if _says_something(word):
            under = _("{regimen} ({sites})").format(regimen=name, sites=sites) if sites else name
            found.setdefault(word, []).append(under)
    return found


def _single_sites(words: dict[str, list[str]], names: dict[str, str]) -> str:
    """What single sites say, each direction with its periods and the number of sites."""
    found = []
    for word in ("thinner", SLIGHTLY + "thinner", "thicker", SLIGHTLY + "thicker"):
        named = [
            _("{regimen} ({sites})").format(
                regimen=name, sites=count_of_sites(words[period].count(word))
            )
            for period, name in names.items()
            if word in words.get(period, ())
        ]
        if named:
            found.append(
                _("{word} under {regimens}").format(word=word_text(word), regimens=_join(named))
            )
    return listed(found)


def _nothing(periods: pd.DataFrame) -> str:
    if (periods["error_check"] == "not_computable").all():
        return _("no change can be calculated")
    return _("no change larger than the error")


def _nothing_of_outcome(periods: pd.DataFrame) -> str:
    if (periods["verdict_reason_code"] == "direction_unknown").any():
        return _("which direction is better is not known")
    if (periods["error_check"] == "not_computable").all():
        return _("no change can be calculated")
    return _("no clear change")


def _second(periods: pd.DataFrame, names: dict[str, str]) -> list[str]:
    parts = []
    if any(name.endswith(")") for name in names.values()):
        parts.append(_("The same drug given twice is two rows."))
    overlapping = periods[periods["overlaps_with"] != ""].drop_duplicates("period_id")
    if len(overlapping):
        named = _join([names[p] for p in names if p in set(overlapping["period_id"])])
        parts.append(
            _(
                "{regimens} ran partly together with another; such a change is not credited to "
                "one drug alone."
            ).format(regimens=named)
        )
    return parts


def _join(words: list[str]) -> str:
    if len(words) < 2:
        return "".join(words)
    return ", ".join(words[:-1]) + _(" and ") + words[-1]
