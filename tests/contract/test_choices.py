"""Settings with history, answers remembered, the view of each person."""

from __future__ import annotations

import datetime as dt

import pytest

from sm_tracker.domain.settings import ErrorSetting, RegimenWindow, Settings
from sm_tracker.errors import ConflictError, StoreError
from sm_tracker.store import Actor, LastView, RecordStore

FULL = Settings(
    lag_days=14,
    sem_mm=0.123456789,
    sem_source="own repeat visits, 2026",
    error_settings=(ErrorSetting(sem_mm=0.1, sem_fraction=0.05, source="own", site="calf"),),
    regimen_windows=(RegimenWindow(regimen="IVIG", lag_days=28),),
)


def test_before_any_were_saved_the_defaults_stand(store):
    assert store.settings() == Settings()
    assert store.settings_history() == ()


def test_settings_come_back_whole(store):
    store.save_settings(FULL, "agreed in the team")
    assert store.settings() == FULL
    assert store.settings().settings_id == FULL.settings_id


def test_settings_of_an_earlier_day_can_be_asked_for(database):
    moments = iter(dt.datetime(2026, month, 1, tzinfo=dt.UTC) for month in (3, 6))
    store = RecordStore(database, Actor("ann", "dermatology", "admin"), lambda: next(moments))
    store.save_settings(Settings(lag_days=14), "first")
    store.save_settings(Settings(lag_days=28), "second")
    lag = {
        month: store.settings(dt.datetime(2026, month, 15, tzinfo=dt.UTC)).lag_days
        for month in (2, 4, 7)
    }
    assert lag == {2: 0, 4: 14, 7: 28}
    assert [v.settings.lag_days for v in store.settings_history()] == [14, 28]


def test_the_second_of_two_people_who_change_settings_is_told(store_of):
    shown = store_of().settings().settings_id
    store_of("ann").save_settings(Settings(lag_days=14), "mine", expected_settings_id=shown)
    with pytest.raises(ConflictError, match="changed by somebody else"):
        store_of("bob").save_settings(Settings(lag_days=7), "mine", expected_settings_id=shown)
    assert store_of().settings().lag_days == 14


def test_the_same_settings_twice_are_saved_once(store, problems):
    store.save_settings(FULL, "agreed")
    store.save_settings(FULL, "agreed again")
    assert len(store.settings_history()) == 1
    assert problems() == []


def test_settings_need_a_reason(store):
    with pytest.raises(StoreError, match="reason"):
        store.save_settings(FULL, " ")


def test_settings_of_a_newer_program_are_refused_not_half_read(address, store):
    store.save_settings(FULL, "agreed")
    address.run("""UPDATE saved_settings SET content = replace(content, '{', '{"new": 1,')""")
    with pytest.raises(StoreError, match="not those of this program"):
        store.settings()


def test_answers_are_remembered_for_the_header_and_replaced(store):
    store.remember_answers("abc", {"date_order": "day-first"})
    store.remember_answers("abc", {"date_order": "month-first", "unit": "mm"})
    assert store.answers_for("abc") == {"date_order": "month-first", "unit": "mm"}
    assert store.answers_for("other") == {}
    assert store.remembered_since("abc").endswith("Z")
    assert store.remembered_since("other") == ""


def test_each_person_has_a_view(store_of, reading):
    store_of().add(reading(2.1))
    store_of("ann").save_view(LastView("A1", {"axis": "days"}))
    store_of("bob", role="viewer").save_view(LastView(None, {"axis": "dates"}))
    assert store_of("ann").view() == LastView("A1", {"axis": "days"})
    assert store_of("bob").view() == LastView(None, {"axis": "dates"})
    assert store_of("cleo").view() == LastView()
