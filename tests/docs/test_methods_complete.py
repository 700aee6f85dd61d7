"""docs/methods.md has every measure with formula, assumptions, limits and reference."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path

import pandas as pd
import pytest

from sm_tracker.analysis.error.repeatability import Repeatability
from sm_tracker.analysis.measures.effects import effect_sizes, measure_names
from sm_tracker.domain.change_columns import CHANGES
from sm_tracker.domain.settings import SETTING_NAMES

PARTS = ("**Formula.**", "**Assumes.**", "**Limits.**", "**Reference.**")
SHORTEST = 8
"""Characters that a part has at least; "Nothing." is one."""


@pytest.fixture(scope="module")
def methods() -> str:
    return (Path(__file__).parents[2] / "docs/methods.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def sections(methods) -> dict[str, str]:
    """Text of each section of a measure, by every measure that its heading names."""
    found: dict[str, str] = {}
    for block in re.split(r"^#{2,3} ", methods, flags=re.MULTILINE)[1:]:
        heading, _, text = block.partition("\n")
        for name in re.findall(r"`([^`]+)`", heading):
            assert name not in found, f"{name} has two sections"
            found[name] = text
    return found


def test_every_measure_has_a_section_and_no_section_is_of_an_unknown_measure(sections):
    assert set(sections) == set(measure_names())


@pytest.mark.parametrize("part", PARTS)
def test_every_section_has_this_part(sections, part):
    for name, text in sections.items():
        after = text.partition(part)[2].partition("\n\n")[0].strip()
        assert len(after) >= SHORTEST, f"{name} lacks {part}"


def test_every_reference_has_a_year(sections):
    for name, text in sections.items():
        assert re.search(r"\(\d{4}\)", text.partition("**Reference.**")[2]), name


def test_every_word_of_the_settings_is_explained(methods):
    rows = [
        (1, "A", 2.5),
        (2, "A", 2.4),
        (3, "A", 2.6),
        (4, "B", 2.2),
        (5, "B", 2.1),
        (6, "B", 2.3),
    ]
    rows += [(7, "C", 2.0)]
    series = pd.DataFrame(rows, columns=["session", "phase", "outcome"])
    series = series.assign(dataset="d", case_id="c", direction="decrease")
    settings = ";".join(effect_sizes(series, variants=True)["settings"].unique())
    keys = {part.partition("=")[0].split()[-1] for part in settings.split(";") if "=" in part}
    keys -= {"correct"}
    assert len(keys) > 15
    assert {key for key in keys if f"`{key}=" not in methods} == set()


def test_every_word_of_an_answer_and_every_setting_that_decides_one_is_there(methods):
    words = [w for c in ("error_check", "verdict") for w in CHANGES.columns[c].one_of]
    words += [name for name in SETTING_NAMES if name.endswith("_days") or name.startswith("sem_")]
    words.remove("sem_source")
    assert [word for word in words if f"`{word}`" not in methods and word not in methods] == []


def test_every_quantity_of_the_repeat_visits_is_there(methods):
    text = methods.partition("## Measurement error from own repeat visits")[2].casefold()
    words = {
        "bias_mm": "| bias |",
        "lower_limit_mm": "| limits of agreement |",
        "upper_limit_mm": "| limits of agreement |",
        "sem_mm": "| sem |",
        "sem_fraction": "| fraction |",
        "icc": "| icc(2,1) |",
        "growth": "| growth |",
    }
    ranges = {f.name for f in dataclasses.fields(Repeatability) if "Range" in str(f.type)}
    assert ranges | {"sem_fraction"} == set(words)
    assert [name for name, row in words.items() if row not in text] == []
