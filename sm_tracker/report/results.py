"""The results of a case report: one paragraph, and one table of regimens by sites.

Every number is taken from the change table or the settings. With a day zero there is no
calendar date anywhere; times are whole days from it.
"""

from __future__ import annotations

import pandas as pd

from sm_tracker.domain.measures import thickness_rows
from sm_tracker.domain.series import keys_of
from sm_tracker.domain.series_key import series_key_of
from sm_tracker.domain.settings import Settings
from sm_tracker.domain.tables import THICKNESS
from sm_tracker.figures.answer_words import (
    amount_text,
    answer_words,
    count_of_sites,
    sites_text,
    word_text,
)
from sm_tracker.figures.languages import capital, headed, listed, outcome_within
from sm_tracker.figures.series_names import series_names
from sm_tracker.languages import Message, current, ngettext, one_after_another, together
from sm_tracker.languages import gettext as _
from sm_tracker.report.numbers import When, interval
from sm_tracker.report.reasons import error_reason_words, regimen_label, under_text
from sm_tracker.report.tables import numbered_labels, period_text
from sm_tracker.report.wording import place_name

SITES_A_TABLE = 5
"""Columns of sites that a page holds upright; further ones go to a second table."""


def results_text(
    changes: pd.DataFrame,
    focus: pd.DataFrame,
    visits: pd.DataFrame,
    settings: Settings,
    when: When | None = None,
) -> str:
    """The results of one patient in a paragraph of at most six sentences.

    Parameters
    ----------
    changes : DataFrame
        Contract CHANGES of the patient.
    focus : DataFrame
        The rows of the site, or outcome, that is told period by period.
    visits : DataFrame
        Contract VISITS, of skin thickness.
    settings : Settings
    when : When, optional
        How days are written; calendar dates if omitted.
    """
    labels = numbered_labels(changes)
    told = _in_order(focus[focus["level"].isin(["period", "course"])])
    sentences = [
        _measured_sentence(changes, visits, when or When()),
        _focus_sentence(told, settings, labels, visits),
        _sites_sentence(changes, settings, labels),
        *_outcome_sentences(changes, focus, settings, labels),
        _without_answer_sentence(told, labels),
        _error_sentence(told),
    ]
    return " ".join(filter(None, sentences))


def _in_order(rows: pd.DataFrame) -> pd.DataFrame:
    """By start, the whole course last."""
    course = (rows["level"] == "course").astype("int64")
    return rows.assign(_course=course).sort_values(["_course", "starts_day"], kind="stable")


def _measured_sentence(changes: pd.DataFrame, visits: pd.DataFrame, when: When) -> str:
    if visits.empty:
        outcomes = changes.loc[changes["measure"] != THICKNESS, "measure"].drop_duplicates()
        if outcomes.empty:
            return _("The records hold no measurement.")
        return _("Figure 1 shows the course of {names}.").format(
            names=together([_outcome_name(name) for name in outcomes])
        )
    n_visits, n_sites = visits["t"].nunique(), len(visits[["site", "side"]].drop_duplicates())
    ordered = visits.sort_values("t", kind="stable")
    first, last = ordered.iloc[0], ordered.iloc[-1]
    text = _(
        "Skin thickness was measured at {sites} in {visits} from {first} to {last} (Figure 1)."
    )
    return text.format(
        sites=count_of_sites(n_sites),
        visits=ngettext("{n} visit", "{n} visits", n_visits).format(n=n_visits),
        first=when.day(first["date"], first["t"]),
        last=when.day(last["date"], last["t"]),
    )


def _has_answer(row: pd.Series) -> bool:
    return bool(row["answer"] == "phases" or pd.notna(row["change_mm"]))


def _focus_sentence(
    told: pd.DataFrame, settings: Settings, labels: dict[str, str], visits: pd.DataFrame
) -> str:
    """The result of each period at the site in focus, with its numbers."""
    parts = grouped_results(told[_answered(told)], settings, labels)
    if not parts:
        return ""
    place = place_name(told.iloc[0])
    if told.iloc[0]["measure"] == THICKNESS and len(visits):
        names = series_names(keys_of(visits), current(), aloud=True)
        place = names.get(series_key_of(told.iloc[0])) or place
    text = _(
        "At the {place} the result (last reading before → last during; difference of means "
        "[{share} % interval]; readings before and during) was {results} (Table 1)."
    )
    if not place:
        text = _(
            "The result (last reading before → last during; difference of means [{share} % "
            "interval]; readings before and during) was {results} (Table 1)."
        )
    share = f"{100 * settings.confidence:g}"
    return text.format(place=place, share=share, results=together(parts))


def _answered(rows: pd.DataFrame) -> pd.Series:
    return (rows["answer"] == "phases") | rows["change_mm"].notna()


def grouped_results(
    rows: pd.DataFrame, settings: Settings, labels: dict[str, str] | None = None
) -> list[str]:
    """The results of some periods within a sentence, those of one word together.

    Each has its numbers: the two readings, or where the word rests on all of them the
    difference of means with its interval and the number of readings on both sides.

    Parameters
    ----------
    rows : DataFrame
        Of contract CHANGES, with an answer each.
    settings : Settings
    labels : dict of str to str, optional
        Names of the periods, such as ``HC (2)``; those of the regimens if omitted.
    """
    groups: dict[str, list[str]] = {}
    course: list[str] = []
    for _n, row in rows.iterrows():
        said = answer_words(row, settings.min_readings, settings.improvement)
        phases = row["answer"] == "phases"
        told = [
            said.why if said.tone else "",
            _single_readings(row),
            _difference(row) if phases else "",
        ]
        numbers = str(one_after_another([Message.of(t) for t in told if t]))
        word = said.headed if phases else said.word
        if row["level"] == "course":
            whole = _("{word} over the whole course ({numbers})")
            course.append(whole.format(word=word, numbers=numbers))
            continue
        name = (labels or {}).get(row["period_id"]) or regimen_label(row)
        part = _("{regimen} ({numbers})").format(regimen=name, numbers=numbers)
        groups.setdefault(word, []).append(part)
    under = _("{word} under {periods}")
    return [
        *(under.format(word=word, periods=together(parts)) for word, parts in groups.items()),
        *course,
    ]


def _single_readings(row: pd.Series) -> str:
    """``2.49 → 1.62 mm``: the last reading before and the last during."""
    if pd.isna(row["change_mm"]):
        return ""
    first = amount_text(row, row["baseline_mm"], unit=False)
    return _unbroken(f"{first} → {amount_text(row, row['last_mm'])}")


def _difference(row: pd.Series) -> str:
    """``−0.55 mm [−0.94, −0.17]; n = 3 and 4``: the difference of the means."""
    difference = amount_text(row, row["mean_change_mm"], sign=True)
    shown = _unbroken(f"{difference} {interval(row['ci_low_mm'], row['ci_high_mm'])}")
    return _("{difference}; n = {before} and {during}").format(
        difference=shown, before=f"{row['n_reference']:.0f}", during=f"{row['n_under']:.0f}"
    )


def _unbroken(text: str) -> str:
    """A value with its unit, which no line break may part."""
    return text.replace(" ", "\u00a0")


def _sites_sentence(changes: pd.DataFrame, settings: Settings, labels: dict[str, str]) -> str:
    """What the body sites together say of each period."""
    if len(thickness_rows(changes)[["site", "side"]].drop_duplicates()) < 2:
        return ""
    rows = _in_order(changes[changes["level"] == "patient"])
    answered = rows[rows["verdict"] != "too_few_readings"]
    if answered.empty:
        return _("No period had enough readings at two sites for a result over the sites.")
    parts = []
    for _n, row in answered.iterrows():
        under = under_text(row, labels.get(row["period_id"], ""))
        parts.append(f"{sites_text(row, settings.improvement)} {under}")
    return _("Over the sites the result was {results}.").format(results=together(parts))


def _outcome_sentences(
    changes: pd.DataFrame, focus: pd.DataFrame, settings: Settings, labels: dict[str, str]
) -> list[str]:
    """Each further outcome in one sentence: first to last, and where it went one way."""
    others = changes[(changes["measure"] != THICKNESS) & (changes["level"] != "patient")]
    others = others[~others["measure"].isin(focus["measure"])]
    sentences = []
    for name, rows in others.groupby("measure", sort=False):
        course = rows[(rows["level"] == "course") & rows["change_mm"].notna()]
        periods = _in_order(rows[(rows["level"] == "period") & _answered(rows)])
        words = [answer_words(row, settings.min_readings) for _n, row in periods.iterrows()]
        results = grouped_results(periods[[bool(w.tone) for w in words]], settings, labels)
        if course.empty:
            continue
        text = _("{outcome} went from {first} to {last}.")
        if results:
            text = _("{outcome} went from {first} to {last}; it was {results}.")
        row = course.iloc[0]
        sentences.append(
            text.format(
                outcome=capital(_outcome_name(str(name))),
                first=amount_text(row, row["baseline_mm"], unit=False),
                last=_unbroken(amount_text(row, row["last_mm"])),
                results=together(results),
            )
        )
    return sentences


def _outcome_name(name: str) -> str:
    return outcome_within(name, current())


def _without_answer_sentence(told: pd.DataFrame, labels: dict[str, str]) -> str:
    """The periods whose change could not be calculated, with the reason."""
    parts = [
        _("{under} ({reason})").format(
            under=under_text(row, labels.get(row["period_id"], "")),
            reason=error_reason_words(row),
        )
        for _n, row in told.iterrows()
        if not _has_answer(row)
    ]
    if not parts:
        return ""
    return _("No change could be calculated {periods}.").format(periods=together(parts))


def _error_sentence(told: pd.DataFrame) -> str:
    """The error that the results rest on, and the change it lets one detect."""
    known = told[told["mdc95_mm"].notna() & told["baseline_mm"].notna()]
    if known.empty or told.iloc[0]["measure"] != THICKNESS:
        return ""
    row = known.iloc[-1]
    return str(
        Message(
            "From a value of {value} the smallest detectable change was {change} (measurement "
            "error: {source}).",
            value=amount_text(row, row["baseline_mm"]),
            change=amount_text(row, row["mdc95_mm"]),
            source=_(str(row["sem_source"])),
        )
    )


def results_tables(
    changes: pd.DataFrame, therapies: pd.DataFrame, settings: Settings, when: When | None = None
) -> list[pd.DataFrame]:
    """Regimens by sites and outcomes: change, both values and the result in each cell.

    Returns
    -------
    list of DataFrame
        Text; one table, or several where there are more sites than a page holds.
    """
    labels = numbered_labels(changes)
    known = therapies.drop_duplicates("period_id").set_index("period_id")
    rows = changes[changes["level"].isin(["period", "course"])]
    places = places_of(rows, changes)
    rows = _in_order(rows.assign(place=places))
    periods: dict[tuple[str, str], dict[str, str]] = {}
    for _n, row in rows.iterrows():
        therapy = known.loc[row["period_id"]] if row["period_id"] in known.index else None
        name = labels.get(row["period_id"]) or capital(_("whole course"))
        period = period_text(row, therapy, when or When()) if row["period_id"] else ""
        periods.setdefault((name, period), {})[row["place"]] = _cell(row, settings)
    columns = list(dict.fromkeys(rows["place"]))
    cut = [columns[i : i + SITES_A_TABLE] for i in range(0, len(columns), SITES_A_TABLE)]
    return [
        pd.DataFrame(
            [
                (name, period, *(cells.get(c, "–") for c in part))
                for (name, period), cells in periods.items()
            ],
            columns=[_("Regimen"), _("Period"), *(capital(c) or _("no site") for c in part)],
            dtype="str",
        )
        for part in cut
    ]


def _cell(row: pd.Series, settings: Settings) -> str:
    said = answer_words(row, settings.min_readings, settings.improvement)
    if not _has_answer(row):
        return headed(word_text("not_computable"), error_reason_words(row))
    change = amount_text(row, row["mean_change_mm"], sign=True)
    if row["answer"] != "phases":
        change = amount_text(row, row["change_mm"], sign=True)
    values = f" ({_single_readings(row)})" if pd.notna(row["change_mm"]) else ""
    word = said.headed if row["answer"] == "phases" else said.word
    return listed((f"{change}{values}", word))


def places_of(rows: pd.DataFrame, changes: pd.DataFrame) -> list[str]:
    """What each row of a patient measures, as read aloud: its series or its outcome.

    `changes`, of contract CHANGES, holds all series of the patient; so one has one name.
    """
    names = series_names(keys_of(thickness_rows(changes)), current(), aloud=True)
    return [
        names[series_key_of(row)] if row["measure"] == THICKNESS else place_name(row)
        for _n, row in rows.iterrows()
    ]
