"""The house as its page tells it: steps that exist, modules that stay short."""

from __future__ import annotations

import importlib
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MODULES = sorted((ROOT / "sm_tracker").rglob("*.py"))
MOST_LINES = 450
PAGE = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")


def found(name: str) -> object:
    """What a dotted name stands for."""
    module, _, last = f"sm_tracker.{name}".rpartition(".")
    try:
        return getattr(importlib.import_module(module), last)
    except ModuleNotFoundError:
        return getattr(found(module.removeprefix("sm_tracker.")), last)


@pytest.mark.parametrize("name", re.findall(r"`([a-z_]+(?:\.\w+)+)`", PAGE))
def test_every_function_of_the_page_is_there(name):
    assert callable(found(name))


@pytest.mark.parametrize("path", re.findall(r"`((?:tests|docs|sm_tracker)/[\w/]+(?:\.py)?)`", PAGE))
def test_every_path_of_the_page_is_there(path):
    assert (ROOT / path).exists()


def test_a_reading_takes_thirteen_steps_from_file_to_sentence():
    steps = re.findall(r"^\| (\d+) \|", PAGE, re.MULTILINE)
    assert [int(s) for s in steps] == list(range(1, 14))


def test_modules_stay_short():
    long = {
        str(path.relative_to(ROOT)): lines
        for path in MODULES
        if (lines := len(path.read_text(encoding="utf-8").splitlines())) > MOST_LINES
    }
    assert long == {}
