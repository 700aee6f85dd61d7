"""The names for a notebook: any mixture of files and tables in, results or a helpful error out."""

from __future__ import annotations

import io
from pathlib import Path

import pandas as pd
import pytest

import sm_tracker as sm

SAMPLE = Path(__file__).parents[2] / "sample_data"
FILES = [SAMPLE / f"index_case_{kind}.csv" for kind in ("measurements", "therapies", "outcomes")]
AMBIGUOUS = "patient,date,site,mm\nA1,02/03/2024,calf,2.1\nA1,04/05/2024,calf,1.9\n"


@pytest.fixture(scope="module")
def analysis() -> sm.Analysis:
    return sm.analyse(*FILES)


def test_paths_open_files_and_tables_in_any_order_give_the_same(analysis):
    with FILES[0].open("rb") as opened:
        mixed = sm.analyse(
            analysis.outcomes, io.StringIO(FILES[1].read_text(encoding="utf-8")), opened
        )
    tables = sm.analyse(analysis.therapies, analysis.outcomes, analysis.measurements)
    read = sm.analyse(sm.read_files(FILES))
    for other in (mixed, tables, read):
        pd.testing.assert_frame_equal(other.changes, analysis.changes)


def test_an_analysis_holds_what_a_notebook_asks_for(analysis):
    assert len(analysis.measurements) == 270
    assert list(analysis.changes.columns) == list(
        sm.change_table(analysis.measurements, analysis.therapies).columns
    )
    assert analysis.findings.empty
    assert analysis.figure().data
    assert analysis.report().startswith(b"<!")


def test_effect_sizes_compare_the_therapies_that_ran(analysis):
    effects = analysis.effects()
    own = effects[(effects["case_id"] == "SM-001 chest") & (effects["measure"] == "mean_diff")]
    assert own["phase_a"].iloc[0] == "untreated"
    change = analysis.changes
    row = change[(change["site"] == "chest") & (change["regimen"] == "IVIG")].iloc[0]
    found = own[own["phase_b"].str.startswith("IVIG")]
    assert row["mean_under_mm"] == pytest.approx(
        effects[
            (effects["case_id"] == "SM-001 chest")
            & (effects["phase_a"].str.startswith("IVIG"))
            & (effects["measure"] == "phase_mean")
        ]["estimate"].iloc[0]
    )
    assert len(found)


def test_a_table_with_a_column_of_its_own_is_read_like_a_file(analysis):
    known = analysis.measurements.dropna(subset="thickness_mm")
    few = known[["patient_id", "date", "site", "side", "replicate"]]
    again = sm.analyse(few.assign(thickness_um=known["thickness_mm"] * 1000))
    assert again.measurements["thickness_mm"].tolist() == pytest.approx(
        known["thickness_mm"].tolist()
    )


@pytest.mark.parametrize("shown", [repr, lambda result: result._repr_html_()])
def test_what_a_notebook_shows_fits_a_screen(analysis, shown):
    many = pd.concat(
        [analysis.measurements.assign(patient_id=f"P{'x' * n}") for n in range(200)],
        ignore_index=True,
    )
    for result in (analysis, sm.analyse(many, analysis.therapies)):
        text = shown(result)
        assert max(map(len, text.splitlines())) < 200
        assert len(text.splitlines()) < (200 if "<td>" in text else 15)
    for thing in (sm.read_files(FILES), analysis.records):
        assert len(repr(thing).splitlines()) < 15


def test_a_name_with_markup_is_shown_as_text():
    readings = pd.DataFrame(
        {"patient_id": ["<img src=x>"], "date": ["2024-01-08"], "site": "x", "thickness_mm": 2.0}
    )
    assert "<img" not in sm.analyse(readings)._repr_html_()


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (lambda: sm.analyse(), "pass paths, open files, tables"),
        (lambda: sm.analyse(3), "it is of type int"),
        (lambda: sm.analyse(FILES), "several of them one after another"),
        (lambda: sm.analyse(pd.DataFrame({"a": [1]})), "it lacks patient_id, site, thickness_mm"),
        (
            lambda: sm.analyse(pd.DataFrame(columns=["patient_id", "thickness_mm", "date"])),
            "as measurements it lacks site",
        ),
        (
            lambda: sm.analyse(pd.DataFrame(columns=["patient_id", "therapy"])),
            "as therapies it lacks start or start_day",
        ),
        (lambda: sm.analyse(*FILES, settings={"lag_days": 28}), "pass sm.Settings"),
        (lambda: sm.analyse(io.StringIO(AMBIGUOUS)), "answers={'date_order': 'day-first'}"),
        (lambda: sm.analyse("no such file.csv"), "no such file"),
        (lambda: sm.analyse(io.StringIO("a,b\n1,2\n")), "hold nothing that can be used"),
        (lambda: sm.change_table("x", "y"), "pass a pandas.DataFrame"),
        (lambda: sm.effect_sizes([1, 2]), "pass a pandas.DataFrame"),
        (lambda: sm.timeline_figure(3), "it is of type int"),
        (lambda: sm.export_figure(None, "f.pdf"), "it is of type NoneType"),
    ],
)
def test_a_wrong_argument_is_an_error_that_says_what_to_pass(wrong, said):
    with pytest.raises(sm.TrackerError) as raised:
        wrong()
    assert said in str(raised.value)


def test_answers_without_a_file_have_no_question(analysis):
    with pytest.raises(sm.TrackerError, match="no question to answer"):
        sm.analyse(analysis.measurements, answers={"date_order": "day-first"})


def test_one_path_may_stand_alone():
    assert len(sm.read_files(str(FILES[0])).measurements) == 270
