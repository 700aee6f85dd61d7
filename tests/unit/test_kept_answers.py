"""What one look asks many times is computed once, and no look sees another one's answer."""

from __future__ import annotations

import dataclasses
from collections.abc import Hashable

import pandas as pd
import pytest

from sm_tracker import languages
from sm_tracker.workflow import drawing, file_import, hand_out
from sm_tracker.workflow.analysing import Analysis, analyse
from sm_tracker.workflow.kept_answers import VIEWS_KEPT, once_a_view

ASKED = [
    drawing.timeline,
    drawing.changes_of,
    drawing.change_in_focus,
    drawing.changes_of_period,
    drawing.periods_without_reading,
    drawing.sensitivity_of,
    hand_out.answer_in_focus,
    hand_out.key_figures_in_focus,
    hand_out.regimens_in_focus,
    hand_out.remarks_of,
]


def computed() -> Analysis:
    return analyse(file_import.sample_records())


@pytest.fixture(scope="module")
def analysis() -> Analysis:
    return computed()


@pytest.fixture
def view(analysis):
    return drawing.starting_view(analysis, analysis.patients[0])


def same(one: object, other: object) -> bool:
    if isinstance(one, pd.DataFrame | pd.Series):
        return bool(one.equals(other))
    return one == other


@pytest.mark.parametrize("ask", ASKED, ids=lambda f: f.__name__)
def test_a_kept_answer_is_that_of_a_fresh_look_even_after_all_others_were_asked(
    ask, analysis, view
):
    by_site = dataclasses.replace(view, arrangement="by_site", axis="days")
    for look in (view, by_site, view):
        for other in ASKED:
            other(analysis, look)
    assert same(ask(analysis, view), ask(computed(), view))
    assert same(ask(analysis, by_site), ask(computed(), by_site))


def test_a_view_may_name_its_choices_in_lists(analysis, view):
    in_lists = dataclasses.replace(view, hidden_regimens=["IVIG"], outcomes=[])
    in_tuples = dataclasses.replace(view, hidden_regimens=("IVIG",), outcomes=())
    assert drawing.timeline(analysis, in_lists) is drawing.timeline(analysis, in_tuples)
    assert drawing.timeline_figure(analysis, view=in_lists).data


def test_each_language_has_its_own_answer(analysis, view):
    english = hand_out.answer_in_focus(analysis, view)
    with languages.speaking("de"):
        german = hand_out.answer_in_focus(analysis, view)
    assert german != english
    assert hand_out.answer_in_focus(analysis, view) == english


def test_the_last_views_are_kept_and_no_more(analysis):
    asked: list[Hashable] = []

    @once_a_view
    def number(analysis: Analysis, view: int) -> int:
        asked.append(view)
        return view * view

    for view in (*range(VIEWS_KEPT + 4), VIEWS_KEPT + 3, 0):
        assert number(analysis, view) == view * view
    assert asked == [*range(VIEWS_KEPT + 4), 0]
    assert max(map(len, analysis.kept.values())) <= VIEWS_KEPT
