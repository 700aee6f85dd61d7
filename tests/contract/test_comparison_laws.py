"""What holds for any file compared with any store, and for any sequence of imports."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import Counter

from hypothesis import HealthCheck, given
from hypothesis import strategies as st

from sm_tracker.domain.records import Measurement, TherapyPeriod
from sm_tracker.store.comparison import compare_records
from sm_tracker.store.rows import Stored, content_digest, entity_of
from tests.sampling import examples

# Few values, so that equal rows, twins and changed rows are common.
days = st.integers(0, 2).map(lambda n: dt.date(2024, 1, 1) + dt.timedelta(days=n))
readings = st.builds(
    Measurement,
    patient_id=st.sampled_from(["A1", "B2"]),
    site=st.sampled_from(["calf", "hand"]),
    date=days,
    thickness_mm=st.sampled_from([1.9, 2.1]),
    replicate=st.sampled_from([None, 1]),
)
courses = st.builds(
    TherapyPeriod,
    patient_id=st.sampled_from(["A1", "B2"]),
    therapy=st.sampled_from(["IVIG", "ECP"]),
    start=days,
    end_status=st.just("ongoing"),
    dose=st.sampled_from(["", "1 g/kg"]),
)
files = st.lists(readings | courses, max_size=6)


def stored(records, marks=()):
    return [
        Stored(
            entity_of(r),
            number,
            1,
            r,
            mark=dict(enumerate(marks)).get(number, ""),
            batch_id=1,
            imported_digest=content_digest(r),
        )
        for number, r in enumerate(records)
    ]


@given(files, files)
def test_each_row_of_the_file_has_one_fate_and_each_record_answers_once(held, incoming):
    found = compare_records(stored(held), incoming)
    fates = [
        *found.added,
        *(c.incoming for c in found.changed),
        *(s.record for s in (*found.unchanged, *found.corrected, *found.removed)),
    ]
    assert Counter(map(content_digest, fates)) == Counter(map(content_digest, incoming))
    used = [
        (s.entity, s.record_id)
        for s in (
            *found.unchanged,
            *found.corrected,
            *found.removed,
            *(c.stored for c in found.changed),
        )
    ]
    assert len(used) == len(set(used))


@given(files)
def test_a_file_changes_nothing_in_the_store_it_made(records):
    found = compare_records(stored(records), records)
    assert (found.added, found.changed, len(found.unchanged)) == ([], [], len(records))


@given(files, files, st.randoms(use_true_random=False))
def test_the_order_of_the_rows_does_not_decide_how_many_are_added(held, incoming, random):
    shuffled = list(incoming)
    random.shuffle(shuffled)
    counts = [
        (len(f.added), len(f.changed), len(f.unchanged))
        for f in (compare_records(stored(held), incoming), compare_records(stored(held), shuffled))
    ]
    assert counts[0] == counts[1]


@given(files, files)
def test_a_change_names_fields_that_differ_and_stays_with_its_patient(held, incoming):
    for change in compare_records(stored(held), incoming).changed:
        assert change.fields != ()
        assert change.stored.record.patient_id == change.incoming.patient_id
        for field in change.fields:
            assert getattr(change.stored.record, field) != getattr(change.incoming, field)


@examples(10, without=[HealthCheck.function_scoped_fixture])
@given(first=st.lists(readings, min_size=1, max_size=4), second=st.lists(readings, max_size=4))
def test_undoing_an_import_gives_back_the_records_as_they_were(store, file_of, first, second):
    def fresh(rows):
        return file_of(*rows, name=uuid.uuid4().hex)

    at_first = Counter(map(content_digest, store.measurements()))
    one = store.import_batch(*fresh(first), on_changed="replace")
    before = Counter(map(content_digest, store.measurements()))
    two = store.import_batch(*fresh(second), on_changed="replace")
    store.undo_import(two.batch_id)
    assert Counter(map(content_digest, store.measurements())) == before
    store.undo_import(one.batch_id)
    assert Counter(map(content_digest, store.measurements())) == at_first
