"""Laws of joining blanks: what must hold of the series, whatever a clinic leaves out."""

import numpy as np
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from sm_tracker.analysis.change import change_table
from sm_tracker.domain.series import TYPE_KEYS, join_series, series_numbers
from sm_tracker.domain.timeline import visit_values
from sm_tracker.ingest import SourceFile, read_files
from sm_tracker.workflow import analyse, records_of

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


def read_plainly(frame):
    """Series and ambiguous rows by the words of the law, with loops and sets."""
    kinds = list(stated(frame))
    place = list(zip(frame["patient_id"], frame["site"], strict=True))
    n = len(kinds)
    fitting = [
        {j for j in range(n) if place[i] == place[j] and fits(kinds[i], kinds[j])} for i in range(n)
    ]
    ambiguous = [any(b not in fitting[a] for a in group for b in group) for group in fitting]
    series = []
    for i in range(n):
        if not ambiguous[i]:
            series.append(frozenset(j for j in fitting[i] if not ambiguous[j]))
            continue
        # Ambiguous readings are one series if nothing that the site tells apart differs.
        telling = [
            k for k in range(len(TYPE_KEYS))
            if len({kinds[j][k] for j in range(n) if place[j] == place[i]
                    and not is_blank(kinds[j][k])}) > 1
        ]  # fmt: skip
        series.append(frozenset(
            j for j in range(n) if place[j] == place[i] and all(
                kinds[i][k] == kinds[j][k] or (is_blank(kinds[i][k]) and is_blank(kinds[j][k]))
                for k in telling)
        ))  # fmt: skip
    return series, ambiguous


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
        analyse(records_of(read_files([*some, periods]))).changes
        for some in ([as_file(frame, "whole.csv")], files)
    )
    pd.testing.assert_frame_equal(whole, split)
