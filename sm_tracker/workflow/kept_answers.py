"""What was said about a patient or a view stays with the analysis: one look asks many times."""

from __future__ import annotations

import functools
from collections.abc import Callable, Hashable
from typing import TypeVar

from sm_tracker import languages
from sm_tracker.workflow.analysing import Analysis

VIEWS_KEPT = 16

Subject = TypeVar("Subject", bound=Hashable)
T = TypeVar("T")


def once_a_patient(use_case: Callable[[Analysis, str], T]) -> Callable[[Analysis, str], T]:
    """Ask a use case once for each patient and language.

    The answer is shared by all who ask: nobody may change it.
    """
    return _once(use_case, at_most=None)


def once_a_view(use_case: Callable[[Analysis, Subject], T]) -> Callable[[Analysis, Subject], T]:
    """Ask a use case once for each view and language; the last `VIEWS_KEPT` answers stay.

    The answer is shared by all who ask: nobody may change it.
    """
    return _once(use_case, at_most=VIEWS_KEPT)


def _once(
    use_case: Callable[[Analysis, Subject], T], at_most: int | None
) -> Callable[[Analysis, Subject], T]:
    name = f"{use_case.__module__}.{use_case.__qualname__}"

    @functools.wraps(use_case)
    def first_or_kept(analysis: Analysis, subject: Subject) -> T:
        answers = analysis.kept.setdefault(name, {})
        key = (subject, languages.current())
        try:
            kept: T = answers[key]
        except KeyError:
            kept = answers[key] = use_case(analysis, subject)
            # Sessions in other threads may share the analysis and have let go of the same one.
            for old in list(answers)[:-at_most] if at_most else ():
                answers.pop(old, None)
        return kept

    return first_or_kept
