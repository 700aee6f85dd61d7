"""What a row of the change table says, in the language in use: one table of words.

Sentences, tables, the report and the notes of figures word the codes of the change table
here. A figure of another language than the page wraps its calls in
:func:`sm_tracker.languages.speaking`.
"""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from sm_tracker.analysis.change.answers import DOWN, SLIGHTLY, UP, answer_of, direction_of_word
from sm_tracker.domain.exposure_states import NO_THERAPY, UNTREATED
from sm_tracker.domain.regimens import abbreviate
from sm_tracker.domain.settings import Improvement
from sm_tracker.domain.tables import THICKNESS
from sm_tracker.figures.languages import listed, number
from sm_tracker.languages import current, ngettext
from sm_tracker.languages import gettext as _


def word_text(word: str) -> str:
    """A word of :data:`sm_tracker.analysis.change.answers.WORDS` within a sentence."""
    return {
        "thinner": _("thinner"),
        "thicker": _("thicker"),
        "lower": _("lower"),
        "higher": _("higher"),
        "slightly_thinner": _("slightly thinner"),
        "slightly_thicker": _("slightly thicker"),
        "slightly_lower": _("slightly lower"),
        "slightly_higher": _("slightly higher"),
        "unchanged": _("no change larger than the error"),
        "undecided": _("undecided"),
        "mixed": _("mixed"),
        "too_few_readings": _("too few readings"),
        "within_error": _("within measurement error"),
        "error_unknown": _("measurement error not known"),
        "not_computable": _("not calculable"),
    }[word]


def before_text(word: str) -> str:
    """The same of all readings, which are compared with those before."""
    return {
        "thinner": _("thinner than before"),
        "thicker": _("thicker than before"),
        "lower": _("lower than before"),
        "higher": _("higher than before"),
        "slightly_thinner": _("slightly thinner than before"),
        "slightly_thicker": _("slightly thicker than before"),
        "slightly_lower": _("slightly lower than before"),
        "slightly_higher": _("slightly higher than before"),
    }.get(word) or word_text(word)


def verdict_reason(code: str) -> str:
    """Why a word is not the clear one, or is not given; the counted ones have gaps."""
    return {
        "": "",
        "too_few": _("{before} before, {during} during; {needed} each are needed"),
        "too_few_old": _(
            "{before} before, {during} during; {needed} each are needed; last read {months} "
            "months before"
        ),
        "too_few_sites": _("enough at {sites}, 2 are needed"),
        "direction_unknown": _("which direction is better is not known"),
        "less_than_two_readings_show": _("less than two single readings could show"),
        "less_than_important": _("less than the change set as important"),
        "partly_trend": _("partly a trend from before"),
        "trend_possible": _("a trend from before is not ruled out"),
        "partly_lost": _("partly lost again by the last reading"),
        "too_wide": _("interval too wide to tell"),
        "not_zero": _("smaller than the error, but not zero"),
        "already_falling": _("already falling before"),
        "already_rising": _("already rising before"),
        "not_held": _("not held to the end"),
        "sites_differ": _("some sites thinner, some thicker"),
        "sites_undecided": _("not the same at enough sites"),
        "too_few_for_model": _("needs 12 readings with 5 on each side"),
        "not_estimable": _("cannot be estimated from these readings"),
    }[code]


def error_reason(code: str) -> str:
    """Why single readings cannot be compared, short enough for its place in a figure."""
    return {
        "": "",
        "before_unusable": _("only censored or unreadable readings before"),
        "device_changed": _("device changed"),
        "layer_differs": _("another layer"),
        "no_baseline": _("no baseline reading"),
        "before_doubtful": _("readings before doubtful, not yet confirmed"),
        "under_doubtful": _("readings during doubtful, not yet confirmed"),
        "under_unusable": _("only censored or unreadable readings during"),
        "no_reading": _("no reading during"),
        "one_reading": _("only one reading"),
        "never_measured": _("no reading of this patient"),
        "error_unknown": _("measurement error not known"),
        "not_this_site": _("this site was not measured"),
        "measured_otherwise": _("measured with another device, frequency or layer"),
    }[code]


def error_reasons(codes: str) -> str:
    """Several of them, separated by blanks in the change table."""
    return _(" and ").join(error_reason(code) for code in codes.split())


def left_out_text(codes: str) -> str:
    """Why readings near a period do not count, with the number of each reason."""
    known = {
        "unusable_before": _("{n} censored or unreadable before the start"),
        "unusable_under": _("{n} censored or unreadable during"),
        "doubtful_before": _("{n} doubtful before the start, not yet confirmed"),
        "doubtful_under": _("{n} doubtful during, not yet confirmed"),
        "uncertain": _("{n} on a day that may lie before or after the start or end"),
        "run_in": _("{n} in the run-in"),
        "old": _("{n} older than the reference window"),
        "after_end": _("{n} after the end"),
        "newer": _("{n} after the start of a newer period"),
        "not_stated": _("{n} without a stated therapy"),
    }
    parts = (part.split(":") for part in codes.split())
    return listed(known[code].format(n=n) for code, n in parts)


def state_text(state: str) -> str:
    """The state of therapy that the readings before belong to."""
    known = {UNTREATED: _("before any therapy"), NO_THERAPY: _("without therapy"), "": ""}
    if state in known:
        return known[state]
    regimens = " + ".join(abbreviate(name) for name in state.split(" + "))
    return _("under {regimens}").format(regimens=regimens)


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerWords:
    """One row of the change table in words.

    Attributes
    ----------
    code : str
        Of the one word, see :mod:`sm_tracker.analysis.change.answers`.
    word : str
        Within a sentence, blank where the row has none.
    headed : str
        The same for a table, with what it rests on: ``Thinner than before``.
    why : str
        Why it is slight, undecided or not given.
    limit : str
        Where the last reading lies against the limits around the baseline.
    beside : str
        The other answer in half a sentence, where it differs or cannot be given.
    tone : {-1, 0, 1}
        Direction of the word.
    """

    code: str
    word: str
    headed: str
    why: str
    limit: str
    beside: str
    tone: int


def answer_words(row: pd.Series, needed: int, improvement: Improvement = "decrease") -> AnswerWords:
    """The one word of a row with its reason, and the other answer where it differs.

    Parameters
    ----------
    row : Series
        Of contract CHANGES.
    needed : int
        Fewest readings on each side for a word over all of them.
    improvement : {"decrease", "increase"}
    """
    answer = answer_of(row, improvement)
    limit = limit_text(row)
    if row["level"] == "patient":
        said = sites_text(row, improvement)
        return AnswerWords(
            code=answer.word, word=said, headed=said, why="", limit="", beside="",
            tone=direction_of_word(answer.word),
        )  # fmt: skip
    if answer.phases:
        headed, why = before_text(answer.word), reason_text(row, needed)
        beside = _other_answer(row, limit) if answer.differs else _no_other_answer(row)
    else:
        headed = word_text(answer.word)
        if direction_of_word(answer.word) and row["level"] != "course":
            headed = _("{word} (from single readings)").format(word=headed)
        why, beside = error_reasons(str(row["error_reason_code"])), ""
    return AnswerWords(
        code=answer.word,
        word=word_text(answer.word),
        headed=headed,
        why=why,
        limit=limit,
        beside=beside,
        tone=direction_of_word(answer.word),
    )


def _other_answer(row: pd.Series, limit: str) -> str:
    where = limit or word_text(str(row["error_check"]))
    return _("the last reading alone is {where}").format(where=where)


def _no_other_answer(row: pd.Series) -> str:
    if row["error_check"] != "not_computable":
        return ""
    reasons = error_reasons(str(row["error_reason_code"]))
    return _("single readings not comparable: {reasons}").format(reasons=reasons)


def reason_text(row: pd.Series, needed: int) -> str:
    """Why the word over all readings is slight, undecided or not given, with its numbers."""
    template = verdict_reason(str(row["verdict_reason_code"]))
    if "{" not in template:
        return template
    return template.format(
        before=f"{row['n_reference']:.0f}",
        during=f"{row['n_under']:.0f}",
        needed=needed,
        months=f"{row['months_before']:.0f}",
        sites=count_of_sites(row["sites_counted"]),
    )


def count_of_sites(n: float) -> str:
    """A number of body sites."""
    return ngettext("{n} site", "{n} sites", 0 if pd.isna(n) else n).format(
        n="0" if pd.isna(n) else f"{n:.0f}"
    )


def sites_text(row: pd.Series, improvement: Improvement = "decrease") -> str:
    """The word over the body sites of a patient, always with the count."""
    word = answer_of(row, improvement).word
    if word == "too_few_readings":
        return _("{word}: {reason}").format(word=word_text(word), reason=reason_text(row, 0))
    n = int(row["sites_counted"])
    if word == "unchanged":
        return _("no change larger than the error at all {n} sites").format(n=n)
    if direction_of_word(word):
        sites = sites_agreeing(row, improvement)
        return _("{word} at {sites}").format(word=word_text(word), sites=sites)
    counts = _sites_of_words(row, improvement)
    if word == "undecided":
        counts["unchanged"] = int(row["sites_unchanged"])
    names = {"unchanged": _("no change")}
    parts = [
        _("{word} at {k}").format(word=names.get(w) or word_text(w), k=k)
        for w, k in counts.items()
        if k
    ]
    if not parts:
        return _("undecided at all {n} sites").format(n=n)
    return _("{word}: {parts} of {n} sites").format(
        word=word_text(word), parts=", ".join(parts), n=n
    )


def sites_agreeing(row: pd.Series, improvement: Improvement = "decrease") -> str:
    """How many of the counted sites say what the word over them says: ``3 of 4 sites``."""
    word, n = answer_of(row, improvement).word, int(row["sites_counted"])
    counts = _sites_of_words(row, improvement)
    k = counts.get(word.removeprefix(SLIGHTLY), n)
    if str(row["verdict"]) == "improved":
        k = int(row["sites_improved"])
    return _("{k} of {n} sites").format(k=k, n=n)


def _sites_of_words(row: pd.Series, improvement: Improvement) -> dict[str, int]:
    """Number of sites that improved and that worsened, clearly or slightly, by word."""
    better, worse = DOWN[0], UP[0]
    if improvement == "increase":
        better, worse = worse, better
    improved = int(row["sites_improved"]) + int(row["sites_improved_slightly"])
    return {better: improved, worse: int(row["sites_worsened"])}


def limit_text(row: pd.Series) -> str:
    """Where the last reading lies against the band that figures draw around the baseline."""
    check, low, high = str(row["error_check"]), row["limit_low_mm"], row["limit_high_mm"]
    if direction_of_word(check) < 0:
        return _("below the limit of {limit}").format(limit=amount_text(row, low))
    if direction_of_word(check) > 0:
        return _("above the limit of {limit}").format(limit=amount_text(row, high))
    if check != "within_error":
        return ""
    if pd.isna(low) or pd.isna(high):
        one = high if pd.isna(low) else low
        return _("not beyond the limit of {limit}").format(limit=amount_text(row, one))
    low_text = amount_text(row, low, unit=False)
    return _("between the limits of {low} and {high}").format(
        low=low_text, high=amount_text(row, high)
    )


def amount_text(row: pd.Series, value: float, *, unit: bool = True, sign: bool = False) -> str:
    """A value in the unit of the row's measure: ``2.05 mm``, ``31 points``."""
    decimals = 2
    if row["measure"] != THICKNESS:
        decimals = len(f"{value:.2f}".rstrip("0").partition(".")[2])
    text = number(value, decimals, current(), sign=sign)
    return f"{text} {row['unit']}".strip() if unit else text
