"""Every page of a patient with a record at each limit of what a record can hold.

A page is to take less than five seconds of processor time. How long it takes depends on the
machine, so `python -m benchmarks limits` prints that; here the work is bounded, which is the same
everywhere: how many functions are called until a page is shown. A page that would never end is
stopped at the bound.
"""

from __future__ import annotations

import sys
import threading
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from sm_tracker.workflow import storing
from tests.extreme_records import KINDS, limit_by_limit, records_at_the_limits, rules_of
from tests.patience import PATIENCE_S

ROOT = Path(__file__).parents[2]
PAGES = sorted(page.stem for page in (ROOT / "sm_tracker" / "ui" / "pages").glob("*.py"))
MOST_CALLS = 12_000_000
"""A processor of the year 2020 makes some three million in a second."""


class TooMuchWork(BaseException):
    """Not an Exception, so that no page catches it."""


class CallCounter:
    """Counts the calls of functions in threads that begin while it is in place."""

    def __init__(self) -> None:
        self.calls = 0

    def __call__(self, frame, event, arg):
        if event in ("call", "c_call"):
            self.calls += 1
            if self.calls > MOST_CALLS:
                sys.setprofile(None)
                raise TooMuchWork

    def __enter__(self):
        threading.setprofile(self)
        return self

    def __exit__(self, *_):
        threading.setprofile(None)


@pytest.fixture(params=[True, pytest.param(False, marks=pytest.mark.long)], ids=["dates", "days"])
def app(request, data_folder, monkeypatch):
    with storing.record_store() as store:
        store.save_edits(
            [
                storing.Addition(record, "written down")
                for record in records_at_the_limits(dated=request.param)
            ]
        )
    monkeypatch.chdir(ROOT)
    return AppTest.from_file(str(ROOT / "app.py"), default_timeout=PATIENCE_S).run()


def test_every_field_of_every_record_is_tried_at_its_limits():
    tried = {name for dated in (True, False) for name, _ in limit_by_limit(dated=dated)}
    described = {f"{kind.__name__}.{name}" for kind in KINDS for name in rules_of(kind)}
    assert described - tried == {f"{kind.__name__}.patient_id" for kind in KINDS}


def test_every_page_of_values_at_the_limits_is_shown_with_little_work(app):
    counted = {}
    for page in PAGES:
        with CallCounter() as work:
            app.switch_page(f"sm_tracker/ui/pages/{page}.py").run()
        assert not app.exception, page
        counted[page] = work.calls
    assert {page: calls for page, calls in counted.items() if calls > MOST_CALLS} == {}
