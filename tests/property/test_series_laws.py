"""Laws of joining blanks: what must hold of the series, whatever a clinic leaves out."""

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from sm_tracker.analysis.change import change_table
from sm_tracker.domain.series import TYPE_KEYS, join_series, series_numbers
from sm_tracker.domain.timeline import visit_values
from sm_tracker.ingest import SourceFile, read_sources
from sm_tracker.workflow.analysing import analyse
from sm_tracker.workflow.file_import import records_of

EXAMPLES = settings(max_examples=150, deadline=None)
STATED = {
    "side": ["", "left", "right"],
    "layer": ["", "dermis", "epidermis+dermis"],
    "device": ["", "A", "B", "C"],
    "frequency_mhz": [np.nan, 20.0, 40.0],
}
UNKNOWN = ["unknown", "NA", "n/a", "-", "unbekannt", "inconnu", "k.A.", "?", "#NV", "nicht bekannt"]


@st.composite
def readings(draw, most=14):
    """Readings of two patients and two sites that state more or less of their series."""
    one = st.fixed_dictionaries(
        {"patient_id": st.sampled_from("PQ"), "site": st.sampled_from(["forearm", "chest"])}
        | {key: st.sampled_from(values) for key, values in STATED.items()}
    )
    rows = draw(st.lists(one, min_size=1, max_size=most))
    frame = pd.DataFrame(rows).assign(day=range(len(rows)))
    frame["thickness_mm"] = 1.0 + frame["day"] / 10
    return frame


def is_blank(value):
    return value == "" or value != value


def stated(frame):
    return frame[list(TYPE_KEYS)].itertuples(index=False, name=None)


def fits(one, other):
    return all(a == b or is_blank(a) or is_blank(b) for a, b in zip(one, other, strict=True))


def union(kinds):
    return tuple(
        next((v for v in column if not is_blank(v)), "") for column in zip(*kinds, strict=True)
    )


def types_of_site(kinds):
    """The type of each combination of one site, None where several fit, by plain words."""
    varying = [
        k for k in range(len(TYPE_KEYS)) if len({x[k] for x in kinds if not is_blank(x[k])}) > 1
    ]
    said = [tuple(x[k] if k in varying else "" for k in range(len(TYPE_KEYS))) for x in kinds]
    while True:
        full = [x for x in said if not any(is_blank(x[k]) for k in varying)]
        others = [x for x in said if not any(fits(x, f) for f in full)]
        beside = [[c for c in (*full, *others) if fits(c, x)] for x in said]
        agree = [all(fits(a, b) for a in found for b in found) for found in beside]
        sure = {x for x, clear in zip(said, agree, strict=True) if clear}
        joined = [
            union([x, *(c for c in found if c in sure)]) if clear else x
            for x, found, clear in zip(said, beside, agree, strict=True)
        ]
        again = [j if x in others else x for x, j in zip(said, joined, strict=True)]
        if again == said:
            return [j if clear else ("apart", x)
                    for j, x, clear in zip(joined, said, agree, strict=True)]  # fmt: skip
        said = again


def read_plainly(frame):
    """Series and ambiguous rows by the words of the law, with loops and sets."""
    kinds, place = list(stated(frame)), list(zip(frame["patient_id"], frame["site"], strict=True))
    found = {}
    for site in set(place):
        rows = [i for i, p in enumerate(place) if p == site]
        for i, type_ in zip(rows, types_of_site([kinds[i] for i in rows]), strict=True):
            found[i] = (site, str(type_))
    series = [frozenset(j for j in found if found[j] == found[i]) for i in range(len(kinds))]
    return series, ["apart" in found[i][1] for i in range(len(kinds))]


def groups(number):
    return [frozenset(np.flatnonzero(number == n)) for n in number]


def filled(frame, draw):
    """Some blanks filled with the only value that the site states."""
    frame = frame.copy()
    for key in TYPE_KEYS:
        for _, rows in frame.groupby(["patient_id", "site"]):
            only = {v for v in rows[key] if not is_blank(v)}
            if len(only) == 1:
                blanks = [i for i, v in rows[key].items() if is_blank(v)]
                chosen = [i for i in blanks if draw(st.booleans())]
                frame.loc[chosen, key] = only.pop()
    return frame


@given(readings())
@EXAMPLES
def test_series_are_those_that_the_words_of_the_law_give(frame):
    found = join_series(frame)
    series, ambiguous = read_plainly(frame)
    assert groups(found.number) == series
    assert found.ambiguous.tolist() == ambiguous


@given(readings())
@EXAMPLES
def test_stated_values_that_differ_are_never_joined_and_none_is_lost(frame):
    found = join_series(frame)
    assert len(found.number) == len(frame)
    for key in TYPE_KEYS:
        own, given_ = found.keys[key], frame[key]
        said = [not is_blank(v) for v in given_]
        assert own[said].tolist() == given_[said].tolist()
    of_series = pd.DataFrame({**found.keys, "n": found.number})
    assert (of_series.fillna(-1).groupby("n").nunique() <= 1).all(axis=None)


@given(readings())
@EXAMPLES
def test_each_series_has_a_name_of_its_own(frame):
    found = join_series(frame)
    named = frame.assign(**found.keys)
    assert groups(series_numbers(named)) == groups(found.number)


@given(readings(), st.randoms(use_true_random=False))
@EXAMPLES
def test_the_order_of_rows_does_not_matter(frame, random):
    order = list(range(len(frame)))
    random.shuffle(order)
    found, mixed = join_series(frame), join_series(frame.iloc[order])
    assert mixed.number.tolist() == found.number[order].tolist()
    assert mixed.joined.tolist() == found.joined[order].tolist()
    assert mixed.ambiguous.tolist() == found.ambiguous[order].tolist()


@given(readings(), st.data())
@EXAMPLES
def test_filling_a_blank_with_the_only_value_there_is_changes_no_series(frame, data):
    more = join_series(filled(frame, data.draw))
    found = join_series(frame)
    assert groups(more.number) == groups(found.number)
    assert more.ambiguous.tolist() == found.ambiguous.tolist()


@given(readings())
@EXAMPLES
def test_writing_a_join_down_changes_no_series(frame):
    found = join_series(frame)
    again = join_series(frame.assign(**found.keys))
    assert groups(again.number) == groups(found.number)
    assert again.ambiguous.tolist() == found.ambiguous.tolist()
    assert not again.joined.any()


@given(readings(), st.data())
@EXAMPLES
def test_words_for_unknown_are_blanks(frame, data):
    worded = frame.copy()
    for key in ("side", "layer", "device"):
        worded[key] = [
            data.draw(st.sampled_from(["", *UNKNOWN])) if v == "" else v for v in frame[key]
        ]
    found, same = join_series(frame), join_series(worded)
    assert same.number.tolist() == found.number.tolist()
    assert same.joined.tolist() == found.joined.tolist()
    for key in ("side", "layer", "device"):
        assert same.keys[key].tolist() == found.keys[key].tolist()


@given(readings())
@EXAMPLES
def test_other_patients_and_sites_do_not_matter(frame):
    together = visit_values(frame).drop(columns="series_id")
    alone = [
        visit_values(own).drop(columns="series_id")
        for _, own in frame.groupby(["patient_id", "site"])
    ]
    pd.testing.assert_frame_equal(together, pd.concat(alone, ignore_index=True))


def therapies():
    return pd.DataFrame(
        {"patient_id": ["P", "Q"], "therapy": ["IVIG", "ECP"], "start_day": [3, 5],
         "end_day": [np.nan, 9.0], "end_status": ["ongoing", "ended"]}
    )  # fmt: skip


FLAG = "series_joined"


def without_the_flag(changes):
    kept = changes["flags"].str.split().map(lambda names: [n for n in names if n != FLAG])
    return changes.assign(flags=kept.str.join(" "))


@given(readings(), st.data())
@settings(max_examples=40, deadline=None)
def test_filling_the_only_value_changes_nothing_in_the_change_table_but_the_flag(frame, data):
    more = filled(frame, data.draw)
    before, after = (change_table(f, therapies()) for f in (frame, more))
    columns = [c for c in before.columns if c not in TYPE_KEYS]
    order = ["patient_id", "site", "period_id", "level", "starts_day", "baseline_mm", "last_mm"]
    before, after = (
        without_the_flag(t)[columns].sort_values([*order, "n_under"], ignore_index=True)
        for t in (before, after)
    )
    pd.testing.assert_frame_equal(before, after)


def as_file(frame, name):
    columns = ["patient_id", "day", "site", *TYPE_KEYS, "thickness_mm"]
    return SourceFile(name, frame[columns].to_csv(index=False).encode())


@given(readings(), st.data())
@settings(max_examples=40, deadline=None)
def test_splitting_the_file_and_reading_the_parts_together_changes_nothing(frame, data):
    first = [data.draw(st.booleans()) for _ in range(len(frame))]
    parts = [frame[first], frame[[not f for f in first]]]
    files = [as_file(part, f"part {n}.csv") for n, part in enumerate(parts) if len(part)]
    periods = SourceFile("t.csv", therapies().to_csv(index=False).encode())
    whole, split = (
        analyse(records_of(read_sources([*some, periods]))).changes
        for some in ([as_file(frame, "whole.csv")], files)
    )
    pd.testing.assert_frame_equal(whole, split)
