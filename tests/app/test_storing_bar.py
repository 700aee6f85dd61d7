"""The bar of the storing: it moves, and a click meanwhile does not take the records back."""

import pytest
import streamlit as st
from streamlit.runtime.scriptrunner import RerunException
from streamlit.runtime.scriptrunner_utils.script_requests import RerunData

from sm_tracker.ui.storing_bar import StoringBar


class Bar:
    """Stands for the bar on the page; somebody clicks when half is done."""

    def __init__(self):
        self.shares = []
        self.gone = False

    def progress(self, share, words):
        self.shares.append(share)
        if share == 0.5:
            raise RerunException(RerunData())

    def empty(self):
        self.gone = True


@pytest.fixture
def drawn(monkeypatch):
    bar = Bar()
    monkeypatch.setattr(st, "progress", lambda *_: bar)
    return bar


def test_the_bar_moves_and_goes_away(drawn):
    bar = StoringBar()
    bar.tell(0.25)
    bar.tell(0.75)
    bar.finish()
    assert drawn.shares == [0.25, 0.75]
    assert drawn.gone


def test_a_click_waits_until_everything_is_stored(drawn):
    bar = StoringBar()
    for share in (0.25, 0.5, 0.75):
        bar.tell(share)
    assert drawn.shares == [0.25, 0.5]
    with pytest.raises(RerunException):
        bar.finish()
