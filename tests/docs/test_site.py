"""The documents build as a site without a broken link that loads nothing from elsewhere."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from docs import make_site

ROOT = Path(__file__).parents[2]
KINDS = ["Learn it", "Do it", "Look it up", "Understand it"]


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    folder = tmp_path_factory.mktemp("site")
    make_site.write_site(folder)
    return folder


def test_every_document_is_a_page_of_the_site(site):
    documents = [*ROOT.glob("docs/**/*.md"), ROOT / "README.md", ROOT / "CHANGELOG.md"]
    pages = {p.relative_to(site).as_posix() for p in site.rglob("*.html")}
    there = {re.sub(r"(^|/)README\.md$", r"\1index.md", d.relative_to(ROOT).as_posix())
             for d in documents}  # fmt: skip
    expected = {re.sub(r"(^|/)index\.md$", r"\1index.html", d) for d in there}
    expected = {re.sub(r"\.md$", "/index.html", d) for d in expected}
    assert expected - pages == set()


def test_the_pages_are_sorted_by_what_a_reader_wants(site):
    home = (site / "index.html").read_text("utf-8")
    assert [kind for kind in KINDS if f">{kind}<" in home] == KINDS


def test_a_page_loads_nothing_from_elsewhere(site):
    pages = [p.read_text("utf-8") for p in site.rglob("*.html")]
    assert len(pages) > 40
    loaded = r"<(?:script|img|link|iframe)\b[^>]*(?:src|href)=\"(?:https?:)?//[^\"]*\""
    assert [m for text in pages for m in re.findall(loaded, text)] == []


def test_a_link_that_leads_nowhere_stops_the_build(monkeypatch, tmp_path):
    from mkdocs.exceptions import Abort

    for name in (*make_site.BESIDE, "mkdocs.yml"):
        (tmp_path / name).write_bytes((ROOT / name).read_bytes())
    for name in make_site.FOLDERS:
        (tmp_path / name).mkdir()
    monkeypatch.setattr(make_site, "ROOT", tmp_path)
    with pytest.raises(Abort):
        make_site.write_site(tmp_path / "site")
