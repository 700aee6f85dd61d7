"""The guide: its pictures exist, its links lead somewhere, and its words stand on the pages."""

from __future__ import annotations

import re

import pytest


@pytest.fixture(scope="module")
def guide(repository):
    return (repository / "docs/guide.md").read_text(encoding="utf-8")


def test_every_picture_and_link_of_the_guide_exists(repository, guide):
    targets = re.findall(r"\]\(([^)#]+)[^)]*\)", guide)
    assert len(targets) > 10
    missing = [t for t in targets if not (repository / "docs" / t).exists()]
    assert missing == []


@pytest.mark.parametrize(
    "words",
    ["Two-minute tour", "What do these mean?", "Your own measurement error", "Open your own files"],
)
def test_controls_named_in_the_guide_are_on_a_page(repository, guide, words):
    assert words in guide
    pages = (repository / "sm_tracker/ui").rglob("*.py")
    assert any(f'"{words}"' in page.read_text(encoding="utf-8") for page in pages)
