"""Sign-ins that end everywhere, and the log of who looked at what, in the trail."""

from __future__ import annotations

from sm_tracker.store import open_store


def test_a_sign_in_that_was_ended_is_over_for_whoever_asks(store_of, address):
    here, other_tab = store_of("ann", role="viewer"), store_of("ann", role="viewer")
    assert here.sign_in_state("t1") == "new"
    here.begin_sign_in("t1")
    assert other_tab.sign_in_state("t1") == "on"
    here.end_sign_in("t1")
    assert other_tab.sign_in_state("t1") == "ended"
    assert other_tab.sign_in_state("t2") == "new"
    with open_store(address.application) as another_process:
        again = type(here)(another_process, here.actor)
        assert again.sign_in_state("t1") == "ended"


def test_a_sign_in_that_was_never_listed_can_be_ended(store_of):
    store_of().end_sign_in("t1")
    assert store_of().sign_in_state("t1") == "ended"


def test_a_sign_in_counts_once_in_the_trail(store, problems):
    for _ in range(2):
        store.begin_sign_in("t1")
        store.end_sign_in("t1")
    assert [e.action for e in store.audit_trail()] == ["sign out", "sign in"]
    assert problems() == []


def test_views_and_exports_stand_in_the_trail_with_the_patient(store, reading, problems):
    store.add(reading(2.1))
    store.note_access("view", "timeline", ["A1"])
    store.note_access("export", "records.xlsx")
    export, view = store.audit_trail(last=2)
    assert (view.action, view.entity, view.entity_id, view.reason) == (
        "view",
        "access",
        1,
        "timeline",
    )
    assert (export.action, export.entity_id, export.reason) == ("export", 0, "records.xlsx")
    assert [e.entity for e in store.audit_trail(with_access=False)] == ["measurement", "patient"]
    assert problems() == []


def test_looking_leaves_what_was_computed_in_force(store, reading):
    store.add(reading(2.1))
    before = store.state_id()
    store.note_access("view", "timeline", ["A1"])
    store.begin_sign_in("t1")
    assert store.state_id() == before
    store.add(reading(2.2, site="hand"))
    assert store.state_id() != before


def test_an_erasure_blanks_who_looked_at_what_and_keeps_that_somebody_did(store, reading, problems):
    store.add(reading(2.1))
    store.note_access("view", "timeline", ["A1"])
    store.erase_patient("A1", "asked for in writing")
    (view,) = [e for e in store.audit_trail() if e.action == "view"]
    assert (view.user, view.reason, view.redacted) == ("ann", "", True)
    assert problems() == []


def test_many_patients_at_once_are_one_entry(store, reading):
    for n in range(101):
        store.add(reading(2.1, patient_id=f"P{n}"))
    store.note_access("export", "all", [f"P{n}" for n in range(101)])
    assert store.audit_trail(last=1)[0].reason == "all (101 patients)"


def test_the_list_of_one_clinic_is_not_that_of_another(store_of):
    store_of().end_sign_in("t1")
    eve = store_of("eve", "attacker")
    assert eve.sign_in_state("t1") == "new"
