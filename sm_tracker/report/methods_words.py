"""The methods paragraph of a report, its statement and its settings."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence

import pandas as pd

from sm_tracker.domain.records import THERAPY_NOT_STATED
from sm_tracker.domain.series import keys_of, sites_among
from sm_tracker.domain.series_key import SeriesKey
from sm_tracker.domain.settings import OutcomeSetting, RegimenWindow, Settings
from sm_tracker.figures.languages import layer_text, listed, outcome_within
from sm_tracker.figures.series_names import site_name
from sm_tracker.languages import N_, Message, current, ngettext, one_after_another
from sm_tracker.languages import gettext as _
from sm_tracker.report.case_events import usual_readings
from sm_tracker.report.numbers import n_visit_values
from sm_tracker.report.series_words import series_notes

METHOD_SOURCES = {
    "parker": "Parker RI, Vannest K. An improved effect size for single-case research: "
    "nonoverlap of all pairs. Behav Ther 2009;40:357-367.",
    "newcombe": "Newcombe RG. Confidence intervals for an effect size measure based on the "
    "Mann-Whitney statistic. Part 2: asymptotic methods and evaluation. Stat Med 2006;25:559-573.",
    "scribe": "Tate RL, Perdices M, Rosenkoetter U, et al. The Single-Case Reporting Guideline In "
    "BEhavioural Interventions (SCRIBE) 2016 statement. Arch Sci Psychol 2016;4:1-9.",
    "care": "Gagnier JJ, Kienle G, Altman DG, et al. The CARE guidelines: consensus-based "
    "clinical case reporting guideline development. J Med Case Rep 2013;7:223.",
}
"""What the methods cite, in order, by a name of our own."""


def cited(name: str) -> int:
    """The number under which the methods cite a source."""
    return [*METHOD_SOURCES].index(name) + 1


def design_statement() -> str:
    """What kind of study a case report is, and what its changes are not evidence of."""
    said = _(
        "Reported along CARE [{care}] and SCRIBE [{scribe}]. Observational single case; phases "
        "were driven by the clinical course, with no randomisation, no blinding and no planned "
        "phase change. Changes are reported under a regimen and are not evidence that the "
        "regimen caused them."
    )
    return said.format(care=cited("care"), scribe=cited("scribe"))


def reference_list() -> list[str]:
    """The sources with their numbers."""
    return [f"{n}. {text}" for n, text in enumerate(METHOD_SOURCES.values(), start=1)]


def methods_text(
    visits: pd.DataFrame, settings: Settings, version: str, outcomes: Sequence[str] = ()
) -> str:
    """A methods paragraph: measurement, error, which readings count, statistics, software.

    Parameters
    ----------
    visits : DataFrame
        Contract VISITS, of skin thickness.
    settings : Settings
    version : str
    outcomes : sequence of str
        Second outcomes of the patient.
    """
    only_outcomes = visits.empty and len(outcomes) > 0
    return " ".join(
        [
            "" if only_outcomes else _measurement_sentence(visits),
            *series_notes(visits),
            "" if only_outcomes else _error_sentence(visits, settings),
            _outcome_sentence(outcomes, settings),
            _window_sentence(settings),
            _statistics_sentence(settings, only_outcomes),
            _("Computed with SM Tracker {version} (settings {settings}).").format(
                version=version, settings=settings.settings_id
            ),
        ]
    ).strip()


def _measurement_sentence(visits: pd.DataFrame) -> str:
    if visits.empty:
        return _("The records hold no measurement of skin thickness.")

    def listed(column: str, unit: str = "", say: Callable[[str], str] = str) -> str:
        values = visits[column].dropna()
        shown = sorted({f"{v:g}" if isinstance(v, float) else say(str(v)) for v in values} - {""})
        return f"{', '.join(shown)}{unit}" if shown else _("not recorded")

    sites = sorted(
        {site_name(SeriesKey(*site), current()) for site in sites_among(keys_of(visits))}
    )
    usual = max(usual_readings(visits), 1)
    n_sites = ngettext("{n} site ({sites})", "{n} sites ({sites})", len(sites))
    n_visits = visits["t"].nunique()
    said = _(
        "Skin thickness was measured by ultrasound (device: {device}; frequency: {frequency}; "
        "sound velocity: {velocity}; layer: {layer}) at {sites} in {visits}. A visit value is "
        "the mean of the readings of one site on one day, usually {usual}. {without}"
    )
    return said.format(
        device=listed("device"),
        frequency=listed("frequency_mhz", " MHz"),
        velocity=listed("velocity_m_s", " m/s"),
        layer=listed("layer", say=lambda layer: layer_text(layer, current())),
        sites=n_sites.format(n=len(sites), sites=", ".join(sites)),
        visits=ngettext("{n} visit", "{n} visits", n_visits).format(n=n_visits),
        usual=usual,
        without=_without_value(visits),
    )


def _without_value(visits: pd.DataFrame) -> str:
    """How many visit values are not numbers, and what became of them."""
    censored = int((visits["state"] == "censored").sum())
    doubtful = int((visits["state"] == "doubtful").sum())
    not_stated = int((visits["state"] == THERAPY_NOT_STATED).sum())
    ok = int((visits["state"] == "ok").sum())
    unreadable = len(visits) - censored - doubtful - not_stated - ok
    total = n_visit_values(len(visits))
    if ok == len(visits):
        return _("None of {total} was censored or unreadable.").format(total=total)
    counted = (
        (censored, ngettext("{n} was censored", "{n} were censored", censored)),
        (unreadable, ngettext("{n} was unreadable", "{n} were unreadable", unreadable)),
        (doubtful, ngettext("{n} was doubtful", "{n} were doubtful", doubtful)),
        (
            not_stated,
            ngettext(
                "{n} was without a stated therapy",
                "{n} were without a stated therapy",
                not_stated,
            ),
        ),
    )
    parts = [words.format(n=n) for n, words in counted if n]
    text = _("Of {total}, {parts}: shown and counted, never averaged.")
    return text.format(total=total, parts=_joined(parts))


def _joined(parts: list[str]) -> str:
    return _(" and ").join(filter(None, (", ".join(parts[:-1]), parts[-1])))


def _error_sentence(visits: pd.DataFrame, settings: Settings) -> str:
    general = Message(
        "The measurement error (SEM) of one visit value was taken as the larger of {sem:.2f} mm "
        "and {share:g} % of it ({source}); a change between two visit values a and b counts as "
        "beyond error if it is larger than 1.96 √(SEM(a)² + SEM(b)²).",
        sem=settings.sem_mm,
        share=100 * settings.sem_fraction,
        source=_(settings.sem_source),
    )
    special = [
        Message(
            "{place}: {sem:g} mm and {share:g} % ({source})",
            place=" ".join(filter(None, (e.site, e.device))),
            sem=e.sem_mm,
            share=100 * e.sem_fraction,
            source=e.source,
        )
        for e in settings.error_settings
    ]
    if not special:
        return str(general)
    own = Message("Own error for {places}.", places=one_after_another(special))
    return f"{general} {own}"


def _outcome_sentence(outcomes: Sequence[str], settings: Settings) -> str:
    """Which second outcomes there are, and by which error they are judged."""
    if not outcomes:
        return ""
    known = {own.outcome: own for own in settings.outcome_settings if own.has_error}
    with_error = [known[name] for name in outcomes if name in known]
    names = ", ".join(_outcome_name(name) for name in outcomes)
    parts = [Message("Second outcomes: {names}.", names=names)]
    parts += [
        Message(
            "The error of one value of {outcome} was taken as {error} ({source}).",
            outcome=_outcome_name(own.outcome),
            error=_outcome_error(own),
            source=own.source,
        )
        for own in with_error
    ]
    if len(with_error) < len(outcomes):
        parts.append(
            Message(
                "Of an outcome whose measurement error is not known, single values were not "
                "judged; it was called better or worse where the interval of the difference of "
                "means, from its own scatter and never below one recording step, left out zero "
                "and the last value lay on that side."
            )
        )
    return " ".join(map(str, parts))


def _outcome_name(name: str) -> str:
    return outcome_within(name, current())


def _outcome_error(own: OutcomeSetting) -> Message:
    share = 100 * own.sem_fraction
    if own.sem and share:
        return Message("the larger of {sem:g} and {share:g} % of it", sem=own.sem, share=share)
    if own.sem:
        return Message("{number:g}", number=own.sem)
    return Message("{share:g} % of it", share=share)


def _window_sentence(settings: Settings) -> str:
    general = Message(
        "Baseline was the last visit value in the {baseline} days before the start of a period, "
        "the day of the start included. Values counted under a regimen from {lag} the start "
        "until {grace} days after the end where the regimen was given in cycles, pulses or once, "
        "or where no value had been read up to the end, and never after another period had "
        "started. Values before that were older than {reference} days at the start were not used.",
        baseline=settings.baseline_window_days,
        lag=_lag(settings.lag_days),
        grace=settings.grace_days,
        reference=settings.reference_window_days,
    )
    special = [
        Message("{windows} for {regimen}", windows=_windows(w), regimen=w.regimen)
        for w in settings.regimen_windows
    ]
    if not special:
        return str(general)
    return f"{general} {Message('Own windows: {windows}.', windows=one_after_another(special))}"


def _windows(own: RegimenWindow) -> list[Message]:
    stated = (
        (own.baseline_window_days, N_("baseline {days} days")),
        (own.lag_days, N_("lag {days} days")),
        (own.grace_days, N_("grace {days} days")),
    )
    return [Message(words, days=days) for days, words in stated if days is not None]


def _lag(days: int) -> Message:
    return Message("the day after") if days <= 1 else Message("{days} days after", days=days)


def _statistics_sentence(settings: Settings, only_outcomes: bool) -> str:
    important = settings.minimal_important_change_mm
    least = Message("2.77 times the SEM of the mean before")
    if important:
        least = Message(
            "the larger of {least} and {important:g} mm, the smallest change called important",
            least=least,
            important=important,
        )
    subject, down, up = _("the skin"), _("thinner"), _("thicker")
    if only_outcomes:
        subject = _("an outcome whose error is known")
        down, up = _("lower"), _("higher")
    drift = Message("")
    if settings.drift_mm_per_year and not only_outcomes:
        drift = Message(
            " after taking off what a trend in the values before explains (its slope weighed "
            "against a natural drift with an SD of {drift:g} mm a year)",
            drift=settings.drift_mm_per_year,
        )
    said = Message(
        "All visit values under a regimen were compared with those of the exposure state just "
        "before it: by the difference of means with a {share:g} % interval, whose scatter is "
        "pooled from the values before about their mean and the values under the regimen about "
        "their own line and which is never narrower than measurement error allows, and by the "
        "share of pairs in which the value under the regimen was lower (NAP [{parker}]; its "
        "interval [{newcombe}] stands in the change table). With at least {n} values on each "
        "side, {subject} was called {down} or {up} than before if the difference{drift} reached "
        "{least}, its interval left out zero and the last value held half of it; slightly {down} "
        "or {up} from half of that; and without change larger than the error if the interval "
        "held zero and the 90 % interval lay within these limits. With fewer values the word is "
        "that of the last value before against the last during. No correction was made for "
        "multiple comparisons.",
        share=100 * settings.confidence,
        parker=cited("parker"),
        newcombe=cited("newcombe"),
        n=settings.min_readings,
        subject=subject,
        down=down,
        up=up,
        drift=drift,
        least=least,
    )
    return str(said)


def _special(setting: object) -> str:
    """A setting of one site, regimen or outcome: what it says, without what it leaves open."""
    fields = {f.name: f.default for f in dataclasses.fields(setting)}  # type: ignore[arg-type]
    said = {name: getattr(setting, name) for name in fields}
    return ", ".join(
        f"{name} {value}" for name, value in said.items() if value != fields[name] and value != ""
    )


def settings_rows(settings: Settings) -> list[tuple[str, str, str]]:
    """Every setting with its value and what it means, for a report."""
    rows = []
    for field in dataclasses.fields(settings):
        value = getattr(settings, field.name)
        if isinstance(value, tuple):
            value = listed(map(_special, value)) or _("none")
        elif isinstance(value, str):
            value = _(value)
        else:
            value = str(value) if current() == "en" else str(value).replace(".", ",")
        unit = _(field.metadata.get("unit", ""))
        rows.append((field.name, f"{value} {unit}".strip(), _(field.metadata.get("help", ""))))
    return rows
