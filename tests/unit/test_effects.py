"""The effect-size table: which phases are compared, odd input, and clear refusals."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from sm_tracker.analysis.measures.effects import EFFECT_COLUMNS, effect_sizes, measure_names
from sm_tracker.errors import ColumnError, SettingError

ROWS = [
    # session, phase, outcome
    (1, "before", 2.5),
    (2, "before", 2.4),
    (3, "before", 2.6),
    (4, "IVIG", 2.2),
    (5, "IVIG", 2.1),
    (6, "IVIG", 2.3),
    (7, "break", 2.4),
    (8, "break", 2.5),
    (9, "IVIG", 2.1),
    (10, "IVIG", 2.0),
]


def labelled(rows=ROWS, **columns) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["session", "phase", "outcome"])
    defaults = {"dataset": "clinic", "case_id": "A1", "direction": "decrease"}
    return frame.assign(**{**defaults, **columns})


def contrasts(table: pd.DataFrame) -> list[tuple[str, str]]:
    pairs = table[["phase_a", "phase_b"]].drop_duplicates().itertuples(index=False, name=None)
    return list(pairs)


def one(table: pd.DataFrame, measure: str, phase_b: str = "B") -> pd.Series:
    rows = table[(table["measure"] == measure) & (table["phase_b"] == phase_b)]
    return rows.iloc[0]


def two_phases(a, b, **columns) -> pd.DataFrame:
    rows = [("A", y) for y in a] + [("B", y) for y in b]
    return labelled([(i + 1, *row) for i, row in enumerate(rows)], **columns)


def test_each_phase_is_compared_with_the_one_before_and_with_the_first():
    table = effect_sizes(labelled(), measures=["NAP"])
    assert contrasts(table) == [
        ("before", "IVIG"),
        ("IVIG", "break"),
        ("before", "break"),
        ("break", "IVIG_2"),
        ("before", "IVIG_2"),
    ]
    assert list(table.columns) == list(EFFECT_COLUMNS)


def test_a_returning_label_does_not_take_a_name_that_is_there():
    rows = [(1, "A", 1.0), (2, "A_2", 2.0), (3, "A", 1.5)]
    assert contrasts(effect_sizes(labelled(rows), measures=["NAP"]))[-1] == ("A", "A_3")


def test_the_first_row_of_a_measure_is_the_usual_one():
    table = effect_sizes(two_phases([2.5, 2.4, 2.6], [2.2, 2.1, 2.3]), variants=True)
    first = table.drop_duplicates("measure").set_index("measure")["settings"]
    assert first["NAP"] == "improvement=decrease;SE=unbiased;confidence=0.95"
    assert first["SMD"] == "improvement=decrease;std_dev=baseline;bias_correct=TRUE;confidence=0.95"
    assert first["LRRd"] == "improvement=decrease;scale=other;bias_correct=TRUE;confidence=0.95"
    assert first["mean_diff"].startswith("var.equal=FALSE;conf.level=0.95;sign=B minus A;df=")


def test_without_variants_only_models_and_intervals_repeat_a_measure():
    table = effect_sizes(labelled())
    keys = ["phase_a", "phase_b", "measure"]
    repeated = set(table[table.duplicated(keys)]["measure"])
    assert {m for m in repeated if not m.startswith(("gls", "ols", "residual"))} == {"NAP", "Tau"}
    nap = table[table["measure"].isin(["NAP", "Tau"])].groupby(keys)
    assert (nap["estimate"].nunique() == 1).all()
    assert (nap["ci_lower"].nunique() == 1).all()


def test_rows_about_one_phase_leave_the_second_blank():
    table = effect_sizes(labelled(), measures=["theil_sen_slope", "mann_kendall_S"])
    assert set(table["phase_b"]) == {""}
    assert list(table["phase_a"].unique()) == ["before", "IVIG", "break", "IVIG_2"]


def test_direction_may_be_spelled_in_any_case():
    upper = effect_sizes(labelled(direction=" Decrease "), measures=["NAP"])
    pd.testing.assert_frame_equal(upper, effect_sizes(labelled(), measures=["NAP"]))


def test_missing_outcomes_are_left_out_and_counted():
    gaps = two_phases([2.5, None, 2.4, 2.6], [2.2, "NA", "", 2.1])
    full = two_phases([2.5, 2.4, 2.6], [2.2, 2.1])
    names = ["NAP", "Tau_U", "Tau_BC", "phase_n", "mean_diff"]
    left, right = effect_sizes(gaps, measures=names), effect_sizes(full, measures=names)
    pd.testing.assert_frame_equal(left, right)


@pytest.mark.parametrize("label", ["none", "None", "NA", "n/a", "."])
def test_a_phase_named_none_is_a_label_like_any_other(label):
    plain = effect_sizes(labelled(), measures=["NAP", "phase_n"])
    named = labelled()
    named["phase"] = named["phase"].replace("before", label)
    found = effect_sizes(named, measures=["NAP", "phase_n"])
    as_before = found.replace({"phase_a": label}, {"phase_a": "before"})
    pd.testing.assert_frame_equal(as_before.reset_index(drop=True), plain.reset_index(drop=True))


def test_a_phase_without_a_value_keeps_its_rows_with_the_reason():
    table = effect_sizes(two_phases([2.5, 2.4], [None, None]))
    assert one(table, "NAP")["reason"] == "the compared phase has no reading"
    assert one(table, "ols_level")["reason"] == "phase B has no reading"
    count = table[(table["measure"] == "phase_n") & (table["phase_a"] == "B")]
    assert count["estimate"].tolist() == [0.0]
    assert table["estimate"].isna().equals((table["reason"] != "") & table["estimate"].isna())


def test_a_failing_measure_fails_alone():
    table = effect_sizes(two_phases([0.0, 0.0], [1.0, 2.0]))
    assert one(table, "LRRd")["reason"] == "a phase mean is not above zero"
    assert one(table, "SMD")["reason"] == "the reference does not vary"
    assert one(table, "NAP")["estimate"] == 0
    assert one(table, "mean_diff")["estimate"] == 1.5


def test_one_series_has_no_influence_on_another():
    calm, odd = two_phases([2.5, 2.4], [2.2, 2.1]), two_phases([0, 0], [None, 0], case_id="B2")
    both = effect_sizes(pd.concat([calm, odd]))
    alone = effect_sizes(calm)
    pd.testing.assert_frame_equal(both[both["case_id"] == "A1"].reset_index(drop=True), alone)


def test_numbers_beyond_the_machine_are_refused_not_infinite():
    table = effect_sizes(two_phases([1e200, 2e200, 3e200], [1e-200, 2e-200, 5e200]))
    numbers = table[["estimate", "se", "ci_lower", "ci_upper"]].to_numpy()
    assert not np.isinf(numbers).any()
    assert (table.loc[table["estimate"].isna(), "reason"] != "").all()


def test_dates_serve_as_sessions():
    dated = labelled(session=pd.date_range("2024-01-01", periods=10).strftime("%Y-%m-%d"))
    names = ["NAP", "theil_sen_slope", "ols_slope"]
    pd.testing.assert_frame_equal(
        effect_sizes(dated, measures=names), effect_sizes(labelled(), measures=names)
    )


def test_two_phases_may_share_the_session_at_their_border():
    rows = [(1, "A", 2.5), (2, "A", 2.4), (2, "B", 2.2), (3, "B", 2.1)]
    assert contrasts(effect_sizes(labelled(rows[::-1]), measures=["NAP"])) == [("A", "B")]


def test_a_confidence_of_another_level_is_named_in_the_settings():
    table = effect_sizes(two_phases([2.5, 2.4, 2.6], [2.2, 2.1, 2.3]), confidence=0.9)
    assert one(table, "NAP")["settings"].endswith("confidence=0.9")
    assert one(table, "gls_level")["settings"].endswith("confidence=0.9")


REFUSED = [
    (labelled().drop(columns=["session", "phase"]), "lacks the columns session, phase"),
    (labelled().iloc[:0], "no rows"),
    (labelled(outcome=["2,5"] * 10), "'2,5' where a number belongs"),
    (labelled(outcome=[np.inf] + [2.0] * 9), "infinite"),
    (labelled(session=[1, 2, 3, 4, 5, 6, 7, 8, 9, None]), "no session"),
    (labelled(session=["2024-01-01"] * 9 + ["x"]), "mixed"),
    (labelled(session=["2024-02-30"] * 10), "not a date of the calendar"),
    (labelled(phase=["before"] * 9 + [""]), "no phase"),
    (labelled(case_id=["A1"] * 9 + [" "]), "no case_id.*row 11"),
    (labelled(direction="thinner"), "'thinner'"),
    (labelled(direction=""), "direction is missing"),
    (labelled(direction=["decrease"] * 9 + ["increase"]), "two directions"),
    (labelled(session=[1, 2, 3, 1, 2, 3, 1, 2, 3, 4]), "belongs to two phases"),
]


@pytest.mark.parametrize(("table", "words"), REFUSED)
def test_a_table_that_cannot_be_read_is_refused_with_the_words(table, words):
    with pytest.raises(ColumnError, match=words):
        effect_sizes(table)


def test_a_refusal_names_the_rows_as_a_spreadsheet_shows_them():
    table = labelled(outcome=["2.5", "about 2"] * 5)
    with pytest.raises(ColumnError) as refusal:
        effect_sizes(table)
    assert refusal.value.where == "column outcome, rows 3, 5, 7, 9, 11"
    with pytest.raises(ColumnError) as refusal:
        effect_sizes(table.assign(row=range(21, 31)))
    assert refusal.value.where == "column outcome, rows 22, 24, 26, 28, 30"


def test_an_unknown_measure_is_refused_with_the_known_ones():
    with pytest.raises(SettingError, match="no measure 'PET'") as refusal:
        effect_sizes(labelled(), measures=["PET"])
    assert "NAP" in refusal.value.fix
    assert "NAP" in measure_names()


def test_a_confidence_that_is_no_level_is_refused():
    with pytest.raises(SettingError, match="confidence"):
        effect_sizes(labelled(), confidence=95)


def test_a_series_of_one_phase_has_no_contrast():
    table = effect_sizes(labelled(ROWS[:3]), measures=["NAP"])
    assert table.empty
    assert list(table.columns) == list(EFFECT_COLUMNS)
    assert set(effect_sizes(labelled(ROWS[:3]))["phase_b"]) == {""}


def test_dates_and_codes_may_come_as_numbers_and_stamps():
    stamps = labelled(session=pd.date_range("2024-01-01", periods=10), case_id=1.0, dataset=None)
    table = effect_sizes(stamps, measures=["ols_slope"])
    assert set(table["case_id"]) == {"1"}
    assert set(table["dataset"]) == {""}
    by_day = effect_sizes(labelled(), measures=["ols_slope"])
    np.testing.assert_allclose(table["estimate"], by_day["estimate"])
