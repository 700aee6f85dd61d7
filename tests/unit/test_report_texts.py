"""Texts for a paper: what they say, what they must not say, and what could identify."""

from __future__ import annotations

import re

import pandas as pd
import pytest

from sm_tracker import workflow
from sm_tracker.report import identifying, prose, reasons, wording
from sm_tracker.report.bundle import on_relative_days
from sm_tracker.report.contents import case_report
from sm_tracker.report.export_tables import made_safe, write_csv, write_xlsx
from sm_tracker.report.numbers import When, change_mm, interval, per_cent, signed


@pytest.fixture(scope="module")
def analysis():
    return workflow.analyse(workflow.sample_records())


@pytest.fixture(scope="module")
def zero(analysis):
    return float(analysis.visits["t"].min())


def report_of(analysis, day_zero=None):
    return case_report(
        analysis.records,
        analysis.visits,
        analysis.changes,
        analysis.settings,
        notes=("A note.",),
        abbreviations="",
        alt="a timeline",
        version="0",
        day_zero=day_zero,
    )


def numbers_in(text):
    return [float(n.replace("−", "-")) for n in re.findall(r"[+−]?\d+\.\d\d", text)]


@pytest.mark.parametrize(
    ("value", "text"), [(-0.87, "−0.87 mm"), (0.004, "0.00 mm"), (0.5, "+0.50 mm")]
)
def test_a_change_has_its_sign_and_zero_has_none(value, text):
    assert change_mm(value) == text


def test_per_cent_is_whole_and_intervals_are_signed():
    assert per_cent(-34.9) == "−35 %"
    assert interval(-1.024, 0.08) == "[−1.02, +0.08]"
    assert signed(-0.0, 2) == "0.00"


def test_every_number_of_the_results_stands_in_the_change_table(analysis):
    columns = [
        "baseline_mm", "last_mm", "change_mm", "mdc95_mm", "mean_change_mm", "ci_low_mm",
        "ci_high_mm",
    ]  # fmt: skip
    for _, row in analysis.changes.iterrows():
        text = prose.result_sentence(row, analysis.settings)
        known = {round(row[c], 2) for c in columns if pd.notna(row[c])}
        assert set(numbers_in(text)) <= known, text
        if row["error_check"] != "not_computable":
            assert f"{row['days']:.0f} days" in text


def test_every_number_of_the_headline_and_the_table_stands_in_the_change_table(analysis):
    for _, row in analysis.changes.iterrows():
        known = {round(row[c], 2) for c in analysis.changes.columns if isinstance(row[c], float)}
        said = wording.plain(wording.headline(row)) + " ".join(wording.verdict_words(row))
        assert set(numbers_in(said)) <= known


def test_a_report_without_any_measurement_says_so_and_counts_nothing():
    therapy = {"patient_id": ["A1"], "therapy": ["IVIG"], "start": ["2024-01-15"]}
    file = workflow.SourceFile("t.csv", pd.DataFrame(therapy).to_csv(index=False).encode())
    found = workflow.analyse(workflow.records_of(workflow.read_files([file])))
    methods = prose.methods(found.visits, found.settings, "0")
    assert methods.startswith("The records hold no measurement of skin thickness.")
    assert " 0 " not in methods.split("The measurement error")[0]
    sentence = prose.result_sentence(found.changes.iloc[0], found.settings)
    assert sentence.startswith("Under IVIG: change not computable (no measurement of this patient)")


def test_no_sentence_claims_an_effect_or_gives_advice(analysis):
    text = report_of(analysis).words + " ".join(reasons.flag_templates().values())
    forbidden = r"responder|significant|effect of|should (?:be|stop|start)|recommend"
    assert re.search(forbidden, text, re.IGNORECASE) is None


def test_on_relative_days_no_calendar_date_is_anywhere(analysis, zero):
    text = report_of(analysis, zero).words
    months = "Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec"
    assert re.search(rf"\b(?:{months})\w* 20\d\d|20\d\d-\d\d", text) is None
    assert "day 0" in text
    assert "20" in report_of(analysis).words


def test_settings_error_and_its_source_are_in_every_report(analysis):
    text = report_of(analysis).words
    assert analysis.settings.settings_id in text
    assert "Serup 1984" in text
    assert "not a medical device" in text
    assert "no randomisation, no blinding" in text


def test_what_may_identify_is_listed(analysis):
    texts = {"caption": "Aged 93 years old, seen on 2024-03-01 by E1, call +49 30 1234567"}
    kinds = {kind for _, kind, _ in identifying.findings(texts, analysis.records)}
    assert {"calendar date", "age over 89", "telephone number", "examiner code"} <= kinds


def test_relative_records_keep_nothing_that_identifies_and_give_the_same_changes(analysis, zero):
    relative = on_relative_days(analysis.records, zero)
    texts = {name: content.decode() for name, content in write_csv(relative).items()}
    # The device's name stays, for the author to judge.
    left = {(kind, what) for _, kind, what in identifying.findings(texts, analysis.records)}
    assert left == {("device name", "synthetic B-mode scanner")}
    again = workflow.analyse(relative)
    assert again.changes["change_mm"].tolist() == pytest.approx(
        analysis.changes["change_mm"].tolist(), nan_ok=True
    )


def test_ages_are_rounded_and_grouped_from_ninety():
    assert identifying.rounded_age(63) == "about 65"
    assert identifying.rounded_age(91) == "90 or older"


@pytest.mark.parametrize(
    ("text", "safe"),
    [("=1+1", "'=1+1"), ("@x", "'@x"), ("-2.5", "-2.5"), ("+3", "+3"), ("-a", "'-a"), ("a", "a")],
)
def test_formulas_are_made_safe_and_real_numbers_left_alone(text, safe):
    assert made_safe(text) == safe


def test_own_tables_read_back_identical(analysis):
    files = tuple(
        workflow.SourceFile(name, content) for name, content in write_csv(analysis.records).items()
    )
    result = workflow.read_files(files)
    assert result.outcome == "accept"
    assert result.findings == ()
    again = workflow.records_of(result)
    shown = ["measurements", "therapies", "outcomes"]
    for name in shown:
        before, after = getattr(analysis.records, name), getattr(again, name)
        pd.testing.assert_frame_equal(
            before.drop(columns=["file", "row"]), after.drop(columns=["file", "row"])
        )


def test_equal_records_give_equal_workbooks(analysis):
    assert write_xlsx(analysis.records) == write_xlsx(analysis.records)


def test_a_day_is_written_in_days_from_zero():
    assert When(10).day(pd.NaT, 12.0) == "day 2"
    assert When(10).limit(pd.Timestamp("2024-03-01"), 12.0, "month") == "about day 2"
    assert When().limit(pd.Timestamp("2024-03-01"), 12.0, "month") == "≈ Mar 2024"
