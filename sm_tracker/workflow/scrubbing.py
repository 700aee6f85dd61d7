"""A file made harmless so that it can be shown to the developers, and what was kept in it."""

from __future__ import annotations

import datetime as dt
import random
from collections import Counter
from dataclasses import dataclass

from sm_tracker.domain.records import ReadResult
from sm_tracker.ingest import SourceFile, read_sources
from sm_tracker.ingest.scrub.harmless_words import HarmlessWords
from sm_tracker.ingest.scrub.scrubbed_file import scrubbed_content
from sm_tracker.ingest.scrub.scrubbed_table import Scrubbing
from sm_tracker.ingest.scrub.shifted_dates import DateMover, DateShift

TRIES = 8
SHORTEST_WEEKS, LONGEST_WEEKS = 20, 190
"""Dates go back by 140 days to some three and a half years, so that none lies in the future."""


@dataclass(frozen=True, slots=True)
class ScrubbedFile:
    """A harmless copy.

    Attributes
    ----------
    content : bytes
        The copy.
    kept : tuple of str
        Words of column names that the reader does not know, which stayed as they are.
    lost, added : tuple of str
        Findings, by code, that only the original or only the copy gives; both blank where the
        copy shows every trouble of the original.
    """

    content: bytes
    kept: tuple[str, ...]
    lost: tuple[str, ...] = ()
    added: tuple[str, ...] = ()


def scrub_file(
    source: SourceFile, *, today: dt.date | None = None, chance: random.Random | None = None
) -> ScrubbedFile:
    """A copy that is read as the original is, with nobody's codes, names, dates or words.

    The copy is read again. Where it does not show the same troubles, as when a moved date tells
    day and month apart, another distance is tried: weeks first, then whole months, then years.

    Parameters
    ----------
    source : SourceFile
        A text file or an .xlsx workbook.
    today : date, optional
        The day after which dates lie in the future.
    chance : random.Random, optional
        Where the replacements come from: the chance of the system unless given.

    Raises
    ------
    ReadError
        If the file is of another kind.
    """
    day, dice = today or dt.date.today(), chance or random.SystemRandom()
    before = read_sources([source], today=day)
    codes = _codes(before)
    best: ScrubbedFile | None = None
    for attempt in range(TRIES):
        scrubbing = Scrubbing(
            words=HarmlessWords(dice, codes),
            dates=DateMover(_shift(attempt, dice), day),
            codes=codes,
        )
        content = scrubbed_content(source, scrubbing)
        after = read_sources([SourceFile(source.name, content)], today=day)
        was, now = _troubles(before), _troubles(after)
        found = ScrubbedFile(
            content, tuple(scrubbing.kept), tuple((was - now).elements()),
            tuple((now - was).elements()),
        )  # fmt: skip
        if best is None or _distance(found) < _distance(best):
            best = found
        if not _distance(best):
            break
    assert best is not None
    return best


def _shift(attempt: int, dice: random.Random) -> DateShift:
    if attempt < TRIES // 2:
        return DateShift(days=-7 * dice.randint(SHORTEST_WEEKS, LONGEST_WEEKS))
    if attempt < TRIES - 1:
        return DateShift(months=-dice.randint(5, 43))
    return DateShift(months=-12 * dice.randint(1, 4))


def _distance(scrubbed: ScrubbedFile) -> int:
    return len(scrubbed.lost) + len(scrubbed.added)


def _codes(result: ReadResult) -> frozenset[str]:
    codes = [
        *(r.patient_id for r in result.measurements), *(r.patient_id for r in result.therapies),
        *(r.patient_id for r in result.outcomes), *(r.patient_id for r in result.events),
    ]  # fmt: skip
    return frozenset(code.strip().casefold() for code in codes if code)


def _troubles(result: ReadResult) -> Counter[str]:
    """What a file is read as: its outcome, how many records, questions and findings, by code."""
    counts = {
        "outcome " + result.outcome: 1,
        "measurements": len(result.measurements),
        "therapies": len(result.therapies),
        "outcomes": len(result.outcomes),
        "events": len(result.events),
    }
    questions = [f"question {q.key}" for q in result.questions]
    return Counter(counts) + Counter([*questions, *(f.code for f in result.findings)])
