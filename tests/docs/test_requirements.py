"""The requirement files name what the code imports, and nothing for nothing."""

from __future__ import annotations

import ast
import re
import sys
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
OURS = {"sm_tracker", "app", "benchmarks", "docs"}
# Needed at run time without an import of ours: drivers and engines that others load by name.
LOADED_BY_NAME = {"psycopg", "defusedxml", "numpy", "pillow", "pytest", "cryptography"}


def required(name: str) -> set[str]:
    """Distributions named in a requirements file, as normalised names."""
    lines = (ROOT / name).read_text(encoding="utf-8").splitlines()
    named = {m[0] for line in lines if (m := re.match(r"[A-Za-z0-9][\w.-]*", line))}
    return {normal(n) for n in named}


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def imported(*paths: Path) -> set[str]:
    """Top-level names of the third-party modules that the files import."""
    modules = set()
    for path in paths:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                modules |= {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                modules.add(node.module.split(".")[0])
    return modules - set(sys.stdlib_module_names) - OURS


def distributions(modules: set[str]) -> set[str]:
    """The distributions that bring the modules."""
    known = packages_distributions()
    return {normal(known[m][0] if m in known else m) for m in modules}


def test_everything_the_program_imports_is_required():
    used = distributions(imported(ROOT / "app.py", *ROOT.glob("sm_tracker/**/*.py")))
    assert used - required("requirements.txt") - required("requirements-registry.txt") == set()


def test_only_the_registry_run_imports_what_only_it_requires():
    others = [p for p in ROOT.glob("sm_tracker/**/*.py") if p.parent.name != "registry"]
    only_there = required("requirements-registry.txt") - required("requirements.txt")
    assert distributions(imported(ROOT / "app.py", *others)) & only_there == set()


def test_everything_the_registry_run_requires_is_used():
    used = distributions(imported(*ROOT.glob("sm_tracker/registry/*.py")))
    assert required("requirements-registry.txt") - used - LOADED_BY_NAME == set()


def test_everything_required_at_run_time_is_used():
    used = distributions(imported(ROOT / "app.py", *ROOT.glob("sm_tracker/**/*.py")))
    assert required("requirements.txt") - used - LOADED_BY_NAME == set()


def test_everything_the_tests_import_is_required_of_developers():
    used = distributions(imported(*ROOT.glob("tests/**/*.py"), *ROOT.glob("benchmarks/*.py")))
    files = ("requirements.txt", "requirements-registry.txt", "requirements-dev.txt")
    assert used - set().union(*map(required, files)) == set()


@pytest.mark.parametrize(
    "name", ["requirements.txt", "requirements-registry.txt", "requirements-dev.txt"]
)
def test_versions_are_ranges_and_not_pins(name):
    text = (ROOT / name).read_text(encoding="utf-8")
    assert "==" not in text
    unbounded = [
        line for line in text.splitlines() if line and line[0] not in "#-" and ">=" not in line
    ]
    assert unbounded == []
