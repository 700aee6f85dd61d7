"""What a change, a missing change and a comparison say in plain words."""

from __future__ import annotations

import pandas as pd
import pytest

from sm_tracker import workflow
from sm_tracker.languages import speaking
from sm_tracker.report import comparison, details, explanations, reasons, settings_words, wording
from sm_tracker.report.methods_document import section_of

MEASUREMENTS = """patient_id,date,site,thickness_mm
A1,2021-04-20,forearm,2.90
A1,2021-09-01,forearm,1.80
"""
THERAPIES = """patient_id,therapy,start,end,end_status,cycles
A1,IVIG,2021-05-12,,ongoing,6
"""


def rows_of(measurements=MEASUREMENTS, therapies=THERAPIES):
    files = [
        workflow.SourceFile("m.csv", measurements.encode()),
        workflow.SourceFile("t.csv", therapies.encode()),
    ]
    return workflow.analyse(workflow.records_of(workflow.read_files(files)))


def said(analysis):
    row = analysis.changes.iloc[0]
    head = wording.plain(wording.headline(row, analysis.records.therapies))
    return head, wording.second_line(analysis.changes, row, analysis.settings)


def test_the_headline_gives_regimen_values_and_the_error_it_is_held_against():
    head, second = said(rows_of())
    assert head == (
        "Forearm under IVIG (since 12 May 2021, 6 cycles): 2.90 → 1.80 mm, −38 %. "
        "Thinner, beyond the assumed measurement error (±0.47 mm)."
    )
    assert "Readings needed for a verdict: 2 more before, 2 more under IVIG." in second


@pytest.mark.parametrize(
    ("measurements", "therapies", "why", "needed"),
    [
        (
            MEASUREMENTS.replace("2021-09-01,forearm,1.80", "2021-04-21,forearm,2.95"),
            THERAPIES,
            "No reading under the regimen.",
            "Needed: one more reading under IVIG.",
        ),
        (
            MEASUREMENTS.replace("2021-04-20", "2020-04-20"),
            THERAPIES,
            "No reading in the time before the start that counts as baseline.",
            "Needed: one reading in the 90 days before 12 May 2021.",
        ),
        (
            MEASUREMENTS.replace("2021-09-01", "2022-09-01"),
            THERAPIES.replace(",,ongoing", ",2021-08-01,ended"),
            "No reading under the regimen.",
            "Needed: one reading between 12 May 2021 and 1 Aug 2021.",
        ),
        (
            MEASUREMENTS.replace("1.80", "<1.80"),
            THERAPIES,
            "The readings under the regimen are censored or unreadable.",
            "Needed: one more reading under IVIG.",
        ),
    ],
    ids=["none under", "none before", "none before it ended", "censored"],
)
def test_a_change_that_cannot_be_said_names_the_reason_and_what_is_needed(
    measurements, therapies, why, needed
):
    head, second = said(rows_of(measurements, therapies))
    assert "the change cannot be said." in head
    assert why in head
    assert needed in second


def test_an_end_that_is_not_known_is_said_in_the_headline():
    head, _second = said(rows_of(therapies=THERAPIES.replace("ongoing", "unknown")))
    assert "(from 12 May 2021, end unknown, 6 cycles)" in head


def test_figures_are_written_with_the_decimal_mark_of_the_language():
    with speaking("de"):
        assert wording.from_to(2.9, 1.8) == "2,90 → 1,80 mm"
        assert wording.interval(-1.02, -0.08) == "[−1,02; −0,08]"
    assert wording.interval(-1.02, -0.08) == "[−1.02, −0.08]"


def test_every_reason_of_the_change_table_has_words_of_its_own():
    from sm_tracker.analysis import verdict

    codes = [
        verdict.NO_BASELINE, verdict.BASELINE_UNUSABLE, verdict.NO_READING,
        verdict.UNDER_UNUSABLE, verdict.DEVICE_CHANGED, verdict.LAYER_DIFFERS,
        verdict.NEVER_MEASURED,
    ]  # fmt: skip
    row = rows_of().changes.iloc[0].copy()
    row["error_check"] = "not_computable"
    for code in codes:
        row["error_reason"] = code
        assert reasons.reason_words(code)
        assert reasons.needed_for_change(row, 90).startswith("Needed: ")


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
    head, second = comparison.comparison_words(changes[changes["level"] == "none"])
    assert head == "There is no therapy period to compare."
    assert second.startswith("Needed: a therapy")


def test_thickening_is_named_as_plainly_as_thinning():
    analysis = rows_of(MEASUREMENTS.replace("1.80", "3.80"))
    head, second = comparison.comparison_words(analysis.changes)
    assert head == "1 period, 1 site: thicker beyond measurement error under IVIG (1 site)."
    assert second == "No period shows thinning beyond measurement error."


@pytest.mark.parametrize(
    ("last", "said"),
    [
        ("2021-09-01,forearm,2.85", "1 period, 1 site: no change beyond measurement error."),
        ("2021-04-21,forearm,2.85", "1 period, 1 site: no change can be computed."),
    ],
)
def test_no_change_is_told_apart_from_none_that_can_be_computed(last, said):
    analysis = rows_of(MEASUREMENTS.replace("2021-09-01,forearm,1.80", last))
    periods = analysis.changes[analysis.changes["level"] == "period"]
    assert comparison.comparison_words(periods) == (said, "")


def test_the_details_of_a_row_without_readings_are_dashes_and_not_numbers():
    analysis = rows_of(MEASUREMENTS.replace("2021-09-01,forearm,1.80", "2021-04-21,forearm,2.95"))
    rows = dict(details.detail_rows(analysis.changes.iloc[0]))
    assert rows["Lowest value"] == "–"
    assert rows["Slope under the regimen"] == "–"
    assert "nan" not in " ".join(rows.values())


def test_settings_that_did_not_change_are_not_listed():
    from sm_tracker.domain.settings import Settings

    assert settings_words.what_changed(Settings(), Settings()) == []
    changed = settings_words.what_changed(Settings(), Settings(improvement="increase"))
    assert changed == ["Better is: thinner → thicker"]


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
            "flags": "overlap",
        }
    )
    assert reasons.flag_sentences(row) == (
        "MP ran at the same time; the change is not credited to ECP alone.",
    )
