"""What a change, a missing change and a comparison say in plain words."""

from __future__ import annotations

import pandas as pd
import pytest

from sm_tracker import ingest
from sm_tracker.analysis.change import answers
from sm_tracker.analysis.change.flags import FLAGS
from sm_tracker.analysis.change.reading_roles import LEFT_OUT_REASONS
from sm_tracker.analysis.change.reasons import ERROR_REASONS, VERDICT_REASONS
from sm_tracker.domain.settings import Settings
from sm_tracker.figures import answer_words
from sm_tracker.languages import speaking
from sm_tracker.report import (
    comparison,
    details,
    explanations,
    numbers,
    reasons,
    settings_words,
    wording,
)
from sm_tracker.report.methods_document import section_of
from sm_tracker.workflow import analysing, file_import

MEASUREMENTS = """patient_id,date,site,thickness_mm
A1,2021-04-20,forearm,2.90
A1,2021-09-01,forearm,1.80
"""
THERAPIES = """patient_id,therapy,start,end,end_status,cycles
A1,IVIG,2021-05-12,,ongoing,6
"""


def rows_of(measurements=MEASUREMENTS, therapies=THERAPIES):
    files = [
        ingest.SourceFile("m.csv", measurements.encode()),
        ingest.SourceFile("t.csv", therapies.encode()),
    ]
    return analysing.analyse(file_import.records_of(file_import.read_files(files)))


def said(analysis):
    row = analysis.changes.iloc[0]
    head = wording.plain_text(wording.change_headline(row, analysis.records.therapies))
    return head, wording.second_line(analysis.changes, row, analysis.settings)


def test_the_headline_gives_regimen_word_values_and_the_limit_they_are_held_against():
    head, second = said(rows_of())
    assert head == (
        "Forearm under IVIG since 12 May 2021 (6 cycles): thinner, 2.90 → 1.80 mm (−38 %), "
        "below the limit of 2.38 mm (single readings)."
    )
    assert second == "Readings still needed: 2 before, 2 under IVIG."


@pytest.mark.parametrize(
    ("measurements", "therapies", "why", "needed"),
    [
        (
            MEASUREMENTS.replace("2021-09-01,forearm,1.80", "2021-04-21,forearm,2.95"),
            THERAPIES,
            "No reading during.",
            "Needed: one more reading under IVIG.",
        ),
        (
            MEASUREMENTS.replace("2021-04-20", "2020-04-20"),
            THERAPIES,
            "No baseline reading.",
            "Needed: one reading in the 90 days before 12 May 2021.",
        ),
        (
            MEASUREMENTS.replace("2021-09-01", "2022-09-01"),
            THERAPIES.replace(",,ongoing", ",2021-08-01,ended"),
            "No reading during.",
            "Needed: one reading between 12 May 2021 and 1 Aug 2021.",
        ),
        (
            MEASUREMENTS.replace("1.80", "<1.80"),
            THERAPIES,
            "Only censored or unreadable readings during.",
            "Needed: one more reading under IVIG.",
        ),
    ],
    ids=["none under", "none before", "none before it ended", "censored"],
)
def test_a_change_that_cannot_be_calculated_names_the_reason_and_what_is_needed(
    measurements, therapies, why, needed
):
    head, second = said(rows_of(measurements, therapies))
    assert "the change cannot be calculated." in head
    assert why in head
    assert needed in second


def test_an_end_that_is_not_known_is_said_in_the_headline():
    head, _second = said(rows_of(therapies=THERAPIES.replace("ongoing", "unknown")))
    assert "from 12 May 2021, end unknown (6 cycles)" in head


def test_figures_are_written_with_the_decimal_mark_of_the_language():
    with speaking("de"):
        assert numbers.mm(2.9) == "2,90"
        assert wording.interval(-1.02, -0.08) == "[−1,02; −0,08]"
    assert wording.interval(-1.02, -0.08) == "[−1.02, −0.08]"


@pytest.mark.parametrize("language", ["en", "de", "fr"])
def test_every_reason_and_flag_of_the_change_table_has_words_of_its_own(language):
    row = rows_of().changes.iloc[0].copy()
    row["error_check"] = "not_computable"
    with speaking(language):
        said = [answer_words.error_reason(code) for code in ERROR_REASONS if code]
        for code in set(ERROR_REASONS) - {"", "error_unknown"}:
            row["error_reason_code"] = code
            assert reasons.needed_for_change(row, 90)
        said += [answer_words.verdict_reason(code) for code in VERDICT_REASONS if code]
        said += [answer_words.word_text(word) for word in answers.WORDS]
        said += [reasons.flag_templates()[name] for name in FLAGS]
        said += [answer_words.left_out_text(f"{code}:1") for code in LEFT_OUT_REASONS]
    assert all(said)
    # Only an error that is not known is both a word and a reason.
    assert len(set(said)) == len(said) - 1
    if language != "en":
        english = {*ERROR_REASONS.values(), *VERDICT_REASONS.values()}
        assert not english & set(said)


def test_a_word_and_its_reason_are_made_from_codes_never_from_the_english_sentences():
    row = rows_of().changes.iloc[0].copy()
    for name in ("error_reason", "verdict_reason", "left_out"):
        row[name] = "a sentence of another program"
    said = answer_words.answer_words(row, 3)
    assert said.headed == "thinner (from single readings)"
    assert "program" not in repr(said) + repr(details.detail_rows(row, Settings()))


def test_every_statistic_is_explained_in_one_sentence_or_two_with_a_section_that_exists(
    repository,
):
    methods = (repository / "docs/methods.md").read_text(encoding="utf-8")
    for one in explanations.explanations().values():
        assert section_of(methods, one.section), one.section
        assert one.text.count(". ") <= 1


def test_a_section_that_does_not_exist_is_blank():
    assert section_of("# A\n\ntext", "B") == ""


def test_a_patient_without_a_period_has_nothing_to_compare():
    changes = rows_of().changes
    head, second = comparison.comparison_words(changes[changes["level"] == "none"], Settings())
    assert head == "There is nothing to compare yet."
    assert second == "A therapy with its start can be added under Records."


def test_thickening_is_named_as_plainly_as_thinning():
    analysis = rows_of(MEASUREMENTS.replace("1.80", "3.80"))
    head, second = comparison.comparison_words(analysis.changes, analysis.settings)
    assert head == "1 period, 1 site: thicker under IVIG (1 site)."
    assert second == ""


@pytest.mark.parametrize(
    ("last", "said"),
    [
        ("2021-09-01,forearm,2.85", "1 period, 1 site: no change larger than the error."),
        ("2021-04-21,forearm,2.85", "1 period, 1 site: no change can be calculated."),
    ],
)
def test_no_change_is_told_apart_from_none_that_can_be_computed(last, said):
    analysis = rows_of(MEASUREMENTS.replace("2021-09-01,forearm,1.80", last))
    periods = analysis.changes[analysis.changes["level"] == "period"]
    assert comparison.comparison_words(periods, analysis.settings) == (said, "")


def test_the_details_of_a_row_without_readings_are_dashes_and_not_numbers():
    analysis = rows_of(MEASUREMENTS.replace("2021-09-01,forearm,1.80", "2021-04-21,forearm,2.95"))
    rows = dict(details.detail_rows(analysis.changes.iloc[0], analysis.settings))
    assert rows["Lowest value"] == "–"
    assert rows["Slope during"] == "–"
    assert "nan" not in " ".join(rows.values())


def test_settings_that_did_not_change_are_not_listed():
    assert settings_words.what_changed(Settings(), Settings()) == []
    changed = settings_words.what_changed(Settings(), Settings(improvement="increase"))
    assert changed == ["Improvement means: thinner → thicker"]


def test_every_single_setting_is_in_a_group():
    from sm_tracker.domain.settings import SETTING_NAMES

    named = [w.name for g in settings_words.setting_groups() for w in g.settings]
    assert sorted(named) == sorted(SETTING_NAMES)


def test_regimens_that_ran_together_are_named_by_their_short_labels():
    row = pd.Series(
        {
            "level": "period",
            "regimen": "ECP",
            "overlaps_with": "methylprednisolone",
            "measure": "thickness",
            "flags": "overlap",
        }
    )
    assert reasons.flag_sentences(row) == (
        "MP ran at the same time; the change is not credited to ECP alone.",
    )
