"""docs/methods.md says about groups what the code does."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from sm_tracker.analysis.cohort import (
    cohort_change,
    cohort_concordance,
    cohort_members,
    cohort_model,
)
from sm_tracker.analysis.cohort import cohort_ranks as ranks


@pytest.fixture(scope="module")
def section():
    text = (Path(__file__).parents[2] / "docs/methods.md").read_text(encoding="utf-8")
    return text.partition("## Groups of patients\n")[2].partition("\n## ")[0]


def test_every_limit_of_the_code_stands_in_the_document(section):
    sentences = [
        f"Above {ranks.EXACT_PAIRED} patients",
        f"above {ranks.EXACT_TWO_GROUPS} patients together",
        f"at most {cohort_concordance.WITHIN_DAYS} days away",
        f"From {cohort_model.LEAST_PATIENTS} patients",
        f"{cohort_model.LEAST_VALUES_A_PATIENT} values a patient",
        f"at most {cohort_model.MOST_PATIENTS} patients",
        f"{cohort_members.FULL_DOSE_FROM:g} g/kg a cycle or more",
        f"{cohort_members.LOW_DOSE_FROM:g} to {cohort_members.LOW_DOSE_TO:g} g/kg",
    ]
    assert [s for s in sentences if s not in section] == []
    assert cohort_change.SMALL_GROUP == 10
    assert "fewer than ten patients" in section


@pytest.mark.parametrize(
    "part",
    [
        "One value per patient",
        "Change in a group",
        "Group against group",
        "Lowest value",
        "Thickness and a second outcome",
        "Mixed model",
    ],
)
def test_every_part_has_a_section(section, part):
    assert f"### {part}\n" in section


def test_every_source_named_in_the_code_is_in_the_document(section):
    modules = (cohort_change, ranks, cohort_model, cohort_concordance)
    named = set()
    for module in modules:
        code = Path(module.__file__).read_text(encoding="utf-8")
        named |= set(re.findall(r"\b([A-Z][a-z]+) [A-Z]{1,2}[, ].{0,25}?\((\d{4})\)", code))
    assert len(named) >= 6
    assert [n for n in named if not (n[0] in section and n[1] in section)] == []
