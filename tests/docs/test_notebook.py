"""docs/notebook.md runs as it stands, and docs/api.md says what the docstrings say."""

from __future__ import annotations

import doctest
import re
import shutil
from pathlib import Path

import pytest

import sm_tracker
from docs.make_api import DOCUMENT, api_document

ROOT = Path(__file__).parents[2]


def test_every_line_of_the_notebook_page_gives_what_it_shows(tmp_path, monkeypatch):
    for file in (ROOT / "sample_data").glob("index_case_*.csv"):
        shutil.copy(file, tmp_path)
    monkeypatch.chdir(tmp_path)
    text = (ROOT / "docs/notebook.md").read_text(encoding="utf-8")
    code = "\n".join(re.findall(r"```python\n(.+?)```", text, re.DOTALL))
    example = doctest.DocTestParser().get_doctest(code, {}, "notebook.md", "notebook.md", 0)
    told: list[str] = []
    runner = doctest.DocTestRunner(optionflags=doctest.NORMALIZE_WHITESPACE | doctest.ELLIPSIS)
    runner.run(example, out=told.append)
    assert runner.summarize(verbose=False).failed == 0, "".join(told)
    assert (tmp_path / "figure.pdf").read_bytes().startswith(b"%PDF")


def test_the_page_of_public_names_is_what_the_docstrings_would_write():
    assert api_document() == DOCUMENT.read_text(encoding="utf-8"), "run python -m docs.make_api"


@pytest.mark.parametrize("name", sm_tracker.__all__)
def test_every_public_name_has_a_docstring_and_its_place(name):
    assert getattr(sm_tracker, name).__doc__.strip()
    assert f"\n## {name}\n" in DOCUMENT.read_text(encoding="utf-8")
