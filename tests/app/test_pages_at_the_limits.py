"""Every page of a patient whose values lie at the limits of what a record can hold."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from sm_tracker.domain.record_fields import (
    FIRST_DATE,
    LAST_DATE,
    LAST_DAY,
    LONGEST_NAME,
    LONGEST_NOTE,
    MOST_MM,
    MOST_VALUE,
)
from sm_tracker.domain.records import Measurement, OutcomeReading, TherapyPeriod
from sm_tracker.workflow import storing
from tests.patience import PATIENCE_S

ROOT = Path(__file__).parents[2]
PAGES = ("timeline", "compare", "records", "figure", "report", "import_files", "settings")


def long(word: str, length: int = LONGEST_NAME) -> str:
    return (word * length)[:length]


def records_at_the_limits(*, dated: bool):
    """Readings, courses and outcomes with the longest texts, from the first day to the last."""
    patient = long("patient ")[:-1] + "x"
    first, last = (FIRST_DATE, LAST_DATE) if dated else (-LAST_DAY, LAST_DAY)
    middle = dt.date(2000, 1, 1) if dated else 0
    time, start, end = ("date", "start", "end") if dated else ("day", "start_day", "end_day")
    note = long("a note ", LONGEST_NOTE - 1) + "x"
    readings = [
        Measurement(
            patient_id=patient, site=long("site"), layer=long("layer"), device=long("device"),
            examiner=long("examiner"), thickness_mm=mm, note=note, site_text=note, **{time: when},
        )
        for when, mm in ((first, MOST_MM), (middle, 1e-9), (last, 2.0))
    ]  # fmt: skip
    courses = [
        TherapyPeriod(
            patient_id=patient, therapy=long(name), period_id=long(name), dose=note, note=note,
            route=long("route"), stop_reason=note, therapy_text=note, cycles=1_000_000,
            session_dates=(first, middle), **{start: first, end: last},
        )
        for name in ("therapy", "another")
    ]  # fmt: skip
    values = [
        OutcomeReading(
            patient_id=patient, outcome=long("outcome"), unit=long("unit"), value=value, note=note,
            **{time: when},
        )
        for when, value in ((first, -MOST_VALUE), (middle, 0.0), (last, MOST_VALUE))
    ]  # fmt: skip
    return patient, (*readings, *courses, *values)


@pytest.fixture(params=[True, False], ids=["dates", "days"])
def patient(request, data_folder):
    code, records = records_at_the_limits(dated=request.param)
    with storing.record_store() as store:
        store.save_edits([storing.Addition(record, "written down") for record in records])
    return code


@pytest.mark.parametrize("page", PAGES)
def test_a_page_of_values_at_the_limits_is_shown(patient, page, monkeypatch):
    monkeypatch.chdir(ROOT)
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=PATIENCE_S)
    app.run()
    app.switch_page(f"sm_tracker/ui/pages/{page}.py").run()
    assert not app.exception
