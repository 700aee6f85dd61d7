"""Decision records have one form and a number of their own."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[2] / "docs/decisions"
RECORDS = sorted(p for p in FOLDER.glob("*.md") if p.name != "README.md")


@pytest.mark.parametrize("path", RECORDS, ids=lambda p: p.stem)
def test_a_record_has_status_context_decision_and_consequences(path):
    text = path.read_text(encoding="utf-8")
    sections = re.findall(r"^## (.+)$", text, re.MULTILINE)
    assert sections == ["Status", "Context", "Decision", "Consequences"]
    bodies = re.split(r"^## .+$", text, flags=re.MULTILINE)[1:]
    assert all(len(body.split()) >= 3 for body in bodies)
    assert re.search(r"Accepted|Superseded by", bodies[0])


@pytest.mark.parametrize("path", RECORDS, ids=lambda p: p.stem)
def test_a_record_is_named_and_headed_by_its_number(path):
    number = re.fullmatch(r"(\d{4})-[a-z0-9-]+", path.stem)
    assert number is not None
    heading = path.read_text(encoding="utf-8").splitlines()[0]
    assert heading.startswith(f"# {int(number[1])}. ")


def test_no_two_records_share_a_number():
    numbers = [p.name[:4] for p in RECORDS]
    assert len(numbers) == len(set(numbers)) > 0


def test_every_record_is_listed():
    listed = re.findall(r"\]\((\d{4}-.+?\.md)\)", (FOLDER / "README.md").read_text("utf-8"))
    assert listed == [p.name for p in RECORDS]
