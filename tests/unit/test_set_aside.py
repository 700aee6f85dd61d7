"""A patient whose records cannot be placed on one time line stands in nobody's way."""

from __future__ import annotations

import pandas as pd
import pytest

from sm_tracker.analysis.change import change_table
from sm_tracker.domain.faults import RULES
from sm_tracker.domain.set_aside import computable_records
from sm_tracker.domain.tables import (
    MEASUREMENTS,
    OUTCOMES,
    THERAPIES,
    Records,
    completed_table,
)
from sm_tracker.errors import ColumnError, MixedTimeError, TrackerError
from sm_tracker.report.set_aside_words import set_aside_reasons
from sm_tracker.workflow import analysing

DAY = pd.Timestamp("2024-01-10")


def records(reading=None, period=None, outcome=None, second=None) -> Records:
    """Patients A, B and C with two readings, a period and an outcome each; B's are changed."""
    measured, treated, outcomes = [], [], []
    for code in "ABC":
        odd = code == "B"
        base = {"patient_id": code, "site": "forearm", "date": DAY, "thickness_mm": 2.5}
        measured.append(base | (reading or {} if odd else {}))
        measured.append(base | {"date": DAY + pd.Timedelta(days=90), "thickness_mm": 1.9})
        course = {
            "patient_id": code, "therapy": "IVIG", "start": DAY + pd.Timedelta(days=5),
            "end_status": "ongoing",
        }  # fmt: skip
        treated.append(course | (period or {} if odd else {}))
        if odd and second:
            treated.append(course | second)
        value = {"patient_id": code, "date": DAY, "outcome": "mRSS", "value": 20.0}
        outcomes.append(value | (outcome or {} if odd else {}))
    return Records(
        completed_table(pd.DataFrame(measured).assign(row=range(2, 8), file="m.csv"), MEASUREMENTS),
        completed_table(pd.DataFrame(treated).assign(row=range(2, 2 + len(treated))), THERAPIES),
        completed_table(pd.DataFrame(outcomes), OUTCOMES),
    )


FAULTS = {
    "a reading without a date": ("no_day", {"reading": {"date": None}}),
    "half a day": ("day_not_whole", {"reading": {"date": None, "day": 7.5}}),
    "a day number among dates": ("mixed_times", {"reading": {"date": None, "day": 7}}),
    "an outcome without a date": ("no_day", {"outcome": {"date": None}}),
    "an outcome on a day number": ("mixed_times", {"outcome": {"date": None, "day": 3}}),
    "a period without a start": ("no_start", {"period": {"start": None}}),
    "a period on day numbers": ("mixed_times", {"period": {"start": None, "start_day": 5}}),
    "a period from half a day": ("day_not_whole", {"period": {"start": None, "start_day": 0.5}}),
    "a period that ends before it starts": (
        "ends_before_start", {"period": {"end": DAY, "end_status": "ended"}},
    ),
    "a period that ends on a day number": (
        "mixed_period", {"period": {"end_day": 60, "end_status": "ended"}},
    ),
    "two periods under one name": (
        "shared_period_id", {"period": {"period_id": "x"}, "second": {"period_id": "x"}},
    ),
    "a session that is no day": ("not_a_day", {"period": {"session_dates": "2024-01-20 soon"}}),
    "a session on a day number": ("mixed_period", {"period": {"session_dates": "12"}}),
}  # fmt: skip


@pytest.mark.parametrize(("code", "broken"), FAULTS.values(), ids=FAULTS)
def test_the_patient_is_set_aside_with_the_reason_and_the_others_are_as_before(code, broken):
    aside = analysing.analyse(records(**broken))
    assert aside.set_aside[["patient_id", "code"]].to_numpy().tolist() == [["B", code]]
    assert aside.set_aside["reason"].item() == RULES[code].what
    assert aside.set_aside["fix"].item()
    assert aside.patients == ("A", "B", "C")
    whole = analysing.analyse(records()).changes
    others = whole[whole["patient_id"] != "B"].reset_index(drop=True)
    pd.testing.assert_frame_equal(aside.changes, others)


@pytest.mark.parametrize(("code", "broken"), FAULTS.values(), ids=FAULTS)
def test_the_change_table_alone_refuses_what_is_set_aside_and_says_the_same(code, broken):
    tables = records(**broken)
    with pytest.raises(TrackerError) as refused:
        change_table(tables.measurements, tables.therapies, outcomes=tables.outcomes)
    expected = MixedTimeError if code == "mixed_times" else ColumnError
    assert type(refused.value) is expected
    assert refused.value.what == RULES[code].what


def test_the_place_is_named_by_file_and_row():
    aside = computable_records(records(reading={"date": None}))[1].iloc[0]
    assert aside["where"] == "m.csv, row 4"
    two = computable_records(records(period={"period_id": "x"}, second={"period_id": "x"}))[1].iloc[
        0
    ]
    assert two["where"] == "therapies, rows 3, 4"


def test_the_first_reason_stands_where_there_are_several():
    broken = records(reading={"date": None}, period={"start": None})
    assert computable_records(broken)[1]["code"].tolist() == ["no_day"]


def test_records_without_a_fault_are_handed_on_as_they_are():
    good = records()
    kept, aside = computable_records(good)
    assert kept is good
    assert aside.empty


def test_who_is_set_aside_cannot_be_asked_for_alone():
    analysis = analysing.analyse(records(reading={"date": None}))
    analysing.require_computed(analysis, "A")
    with pytest.raises(ColumnError, match=r"neither a date nor a day.*row 4"):
        analysing.require_computed(analysis, "B")


def test_a_running_number_never_takes_the_name_that_another_period_has():
    same = {"period_id": "IVIG-1", "start": DAY + pd.Timedelta(days=40)}
    changes = analysing.analyse(records(second=same)).changes
    own = changes[(changes["patient_id"] == "B") & (changes["level"] == "period")]
    assert sorted(own["period_id"].unique()) == ["IVIG-1", "IVIG-3"]


def test_sixty_four_monthly_periods_of_one_patient_are_computed():
    months = pd.date_range("2015-01-01", periods=65, freq="MS")
    treated = pd.DataFrame(
        {
            "patient_id": "A", "therapy": ["IVIG", "ECP"] * 32, "start": months[:-1],
            "end": months[1:] - pd.Timedelta(days=1), "end_status": "ended",
        }
    )  # fmt: skip
    measured = pd.DataFrame(
        {"patient_id": "A", "site": "forearm", "date": months - pd.Timedelta(days=10)}
    ).assign(thickness_mm=lambda f: 2.5 - 0.01 * f.index)
    changes = change_table(measured, treated)
    own = changes[changes["level"] == "period"]
    assert len(own) == 64
    assert (own["error_check"] == "within_error").all()
    assert own["change_mm"].round(9).unique().tolist() == [-0.01]


@pytest.mark.parametrize("table", ["measurements", "therapies", "outcomes", "events"])
@pytest.mark.parametrize("code", RULES)
def test_each_broken_rule_is_said_with_its_place_and_what_to_do(code, table):
    row = {"patient_id": "B", "code": code, "table": table, "file": "", "rows": "3"}
    said = set_aside_reasons(pd.DataFrame([row]))["B"]
    assert said.reason == f"{RULES[code].what}."
    assert said.where.endswith("row 3")
    assert said.fix.casefold() == f"{RULES[code].fix}.".casefold()
