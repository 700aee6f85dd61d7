"""Each report ends with a checklist of its guidelines that names a real part of it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from sm_tracker import languages
from sm_tracker.report import checklist
from sm_tracker.workflow import analysing, file_import, reporting

DOCUMENT = Path(__file__).parents[2] / "docs/reporting_checklists.md"
GUIDELINES = {
    "CARE": (checklist.CARE, 13),
    "SCRIBE": (checklist.SCRIBE, 26),
    "STROBE": (checklist.STROBE, 22),
}


@pytest.fixture(scope="module")
def analysis():
    return analysing.analyse(file_import.sample_records())


@pytest.mark.parametrize("guideline", GUIDELINES)
def test_a_checklist_has_every_item_of_its_guideline(guideline):
    items, count = GUIDELINES[guideline]
    assert len(items) == count
    assert all(places for _name, places in items)


def test_the_document_has_a_row_for_every_item():
    sections = re.split(r"^## ", DOCUMENT.read_text("utf-8"), flags=re.MULTILINE)[1:]
    for section, (_items, count) in zip(sections, GUIDELINES.values(), strict=True):
        rows = re.findall(r"^\| ([\d, ]+) \|", section, re.MULTILINE)
        numbers = [int(n) for row in rows for n in row.split(",")]
        assert numbers == list(range(1, count + 1))


@pytest.mark.parametrize("language", ["en", "de", "fr"])
def test_the_supplement_of_a_case_ends_with_the_checklist(analysis, language):
    with languages.speaking(language):
        made = reporting.report_of(analysis, "SM-001")
        author = languages.gettext("to be added by the author")
        table = made.blocks[-1].table
        heads = {b.text for b in made.blocks if hasattr(b, "level") or hasattr(b, "text")}
        where = {part for cell in table.iloc[:, 2] for part in cell.split(", ")}
        figure = languages.gettext("Figure {n}").format(n=1)
        title = languages.gettext("title")
    assert len(table) == 39
    known = {h.casefold() for h in heads} | {x.casefold() for x in (author, figure, title)}
    assert {w.casefold() for w in where} <= known
