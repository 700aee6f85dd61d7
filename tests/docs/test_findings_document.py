"""docs/findings.md lists every finding of the import, and no other."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from docs.make_findings import DOCUMENT, findings_document
from sm_tracker.ingest.messages.finding_kinds import KINDS
from sm_tracker.ingest.messages.questions import KEYS, PREFIXES

ROOT = Path(__file__).parents[2]
TEXT = DOCUMENT.read_text(encoding="utf-8")
IMPORT_CODE = "\n".join(
    path.read_text(encoding="utf-8") for path in (ROOT / "sm_tracker/ingest").rglob("*.py")
)


def test_the_document_is_what_the_code_would_write():
    assert findings_document() == TEXT, "run python -m docs.make_findings"


def test_every_code_has_one_line_with_its_level():
    listed = re.findall(r"^\| `(\w+)` \| (info|warning|error) \|", TEXT, re.MULTILINE)
    assert listed == [(code, kind.level) for code, kind in KINDS.items()]


def test_every_key_of_a_question_is_explained():
    questions = TEXT.split("## Questions")[1]
    listed = re.findall(r"^\| `([\w.]+)…?` \|", questions, re.MULTILINE)
    assert listed == [*KEYS, *PREFIXES]


@pytest.mark.parametrize("code", KINDS)
def test_a_listed_finding_can_be_reported_and_says_what_to_do(code):
    assert f'"{code}"' in IMPORT_CODE, "no module of the import reports it"
    kind = KINDS[code]
    assert all((kind.message, kind.what, kind.example, kind.fix))
    assert kind.fix.endswith("."), "what to do is a sentence"
