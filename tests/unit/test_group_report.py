"""The report of a case series: the numbers of the page, reasons, and no code of a patient."""

from __future__ import annotations

import re

import pytest

from sm_tracker.languages import speaking
from sm_tracker.report import cohort_words, wording
from sm_tracker.workflow import cohort, cohort_reporting

ENGLISH = ("Observational case series", "forearm", "assumed", "upper bounds")


@pytest.fixture(scope="module")
def group():
    return cohort.example_cohort()


@pytest.fixture(scope="module")
def view(group):
    way = cohort.ways_of(group, "IVIG")[0]
    return cohort.view_of(group, cohort.question_of("IVIG", "", way))


def table(report, label):
    return next(b for b in report.blocks if getattr(b, "label", "") == label).table


def test_the_results_are_those_of_the_page_with_who_is_missing_and_why(group, view):
    results = cohort_reporting.report_of_group(group, view).blocks[1].text
    assert results.startswith(wording.plain_text(cohort_words.cohort_headline(view.change)))
    assert "95 % interval [−0.83, −0.12]" in results
    assert "Not computable in 2: measured with another device" in results


def test_every_regimen_and_every_patient_has_a_row(group, view):
    report = cohort_reporting.report_of_group(group, view)
    assert len(table(report, "Table 1")) == len(view.regimens)
    assert len(table(report, "Table S1")) == len(view.one)
    exact = "p is Wilcoxon's exact signed-rank test and stands for each row alone"
    assert exact in report.words


def test_patients_are_numbered_and_no_code_of_theirs_is_in_the_report(group, view):
    report = cohort_reporting.report_of_group(group, view)
    assert [*table(report, "Table S1")["Patient"]] == [str(n + 1) for n in range(len(view.one))]
    assert [c for c in view.one["patient_id"] if c in report.words] == []


@pytest.mark.parametrize("language", ["de", "fr"])
def test_the_report_says_the_same_numbers_in_every_language(group, view, language):
    english = cohort_reporting.report_of_group(group, view).words
    with speaking(language):
        other = cohort_reporting.report_of_group(group, view).words

    def numbers(text):
        return sorted(re.findall(r"\d+[.]\d\d", text.replace(",", ".")))

    assert numbers(other) == numbers(english)
    assert [w for w in ENGLISH if w in other] == []


@pytest.mark.parametrize("kind", cohort_reporting.KINDS)
def test_the_same_group_gives_the_same_file(group, view, kind):
    first = cohort_reporting.group_report_file(group, view, kind, synthetic=True)
    assert first == cohort_reporting.group_report_file(group, view, kind, synthetic=True)
