"""The one word of each row of the change table, as a code.

A row answers two questions and shows one word: that of all readings where there is one,
else that of single readings. Sentence, tables, comparison, report, notes of figures and the
clinic's list take the word from here. Verdicts follow benefit; words follow the sign of the
change.
"""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from sm_tracker.analysis.change.verdict import BETTER_VERDICTS, WORSE_VERDICTS
from sm_tracker.domain.settings import Improvement
from sm_tracker.domain.tables import THICKNESS

SLIGHTLY = "slightly_"
DOWN, UP = ("thinner", "lower"), ("thicker", "higher")
WORDS = (
    *DOWN, *UP, *(SLIGHTLY + word for word in (*DOWN, *UP)),
    "unchanged", "undecided", "mixed", "too_few_readings",
    "within_error", "error_unknown", "not_computable",
)  # fmt: skip
"""Every word that a row can have; the last line holds those of single readings alone."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a row says.

    Attributes
    ----------
    word : str
        The one word, of WORDS.
    check : str
        The word of single readings, of WORDS; blank for a row over the sites.
    phases : bool
        Whether the word is that of all readings.
    differs : bool
        Whether single readings, where they can be compared, say something else: another
        direction, or a clear change where the word is none or a slight one.
    """

    word: str
    check: str
    phases: bool
    differs: bool


def answer_of(row: pd.Series, improvement: Improvement = "decrease") -> Answer:
    """The answer of one row of the change table.

    Parameters
    ----------
    row : Series
        Of contract CHANGES.
    improvement : {"decrease", "increase"}
        Direction in which thickness counts as better; decides the words over several sites,
        which have no mean of their own.
    """
    check, phases = str(row["error_check"]), row["answer"] == "phases"
    if not phases:
        return Answer(check, check, phases=False, differs=False)
    verdict, thickness = str(row["verdict"]), row["measure"] == THICKNESS
    if row["level"] == "patient":
        falls = (verdict in BETTER_VERDICTS) == (improvement == "decrease")
    else:
        falls = row["mean_change_mm"] < 0
    word = phase_word(verdict, falls=falls, thickness=thickness)
    compared = check not in ("", "not_computable", "error_unknown")
    differs = compared and _size(word) != _size(check)
    return Answer(word, check, phases=True, differs=differs)


def phase_word(verdict: str, *, falls: bool, thickness: bool = True) -> str:
    """The word of all readings: a verdict with the direction of the change.

    Examples
    --------
    >>> phase_word("improved_slightly", falls=True), phase_word("undecided", falls=True)
    ('slightly_thinner', 'undecided')
    """
    if verdict not in (*BETTER_VERDICTS, *WORSE_VERDICTS):
        return verdict
    word = (DOWN if falls else UP)[not thickness]
    return SLIGHTLY + word if verdict.endswith("_slightly") else word


def direction_of_word(word: str) -> int:
    """-1 for a word of a fall, 1 for one of a rise, clear or slight; else 0."""
    plain = word.removeprefix(SLIGHTLY)
    return -1 if plain in DOWN else int(plain in UP)


def _size(word: str) -> float:
    """Direction and size of what a word says."""
    return direction_of_word(word) * (0.5 if word.startswith(SLIGHTLY) else 1.0)
