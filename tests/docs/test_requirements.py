"""pyproject.toml names what the code imports, nothing for nothing, and the locks keep to it."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from collections import Counter
from functools import cache
from importlib.metadata import packages_distributions
from itertools import product
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from docs.make_locks import HASHED, LOCKS, pins

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
OURS = {"sm_tracker", "app", "benchmarks", "docs", "tests"}
# Needed at run time without an import of ours: drivers and engines that others load by name.
LOADED_BY_NAME = {"psycopg", "defusedxml", "numpy", "pillow", "cryptography"}
PROMISED = [
    {
        "sys_platform": system,
        "platform_system": {"win32": "Windows", "darwin": "Darwin", "linux": "Linux"}[system],
        "platform_machine": machine,
        "os_name": "nt" if system == "win32" else "posix",
        "python_version": python,
        "python_full_version": f"{python}.0",
        "implementation_name": "cpython",
        "platform_python_implementation": "CPython",
    }
    for (system, machine), python in product(
        [("win32", "AMD64"), ("darwin", "arm64"), ("darwin", "x86_64"), ("linux", "x86_64"),
         ("linux", "aarch64")],
        ["3.11", "3.12", "3.13", "3.14"],
    )
]  # fmt: skip
"""Where the locks are promised to be installed."""


def ranges(*extras: str) -> list[Requirement]:
    """What the project asks for, with some of its extras."""
    texts = PROJECT["dependencies"] if not extras else []
    texts = [*texts, *(t for e in extras for t in PROJECT["optional-dependencies"][e])]
    found = []
    for requirement in map(Requirement, texts):
        own = requirement.name == PROJECT["name"]
        found += ranges(*requirement.extras) if own else [requirement]
    return found


def names(requirements: list[Requirement]) -> set[str]:
    return {canonicalize_name(r.name) for r in requirements}


def imported(*paths: Path) -> set[str]:
    """Top-level names of the third-party modules that the files import."""
    return set().union(*map(imported_by, paths)) - set(sys.stdlib_module_names) - OURS


@cache
def imported_by(path: Path) -> set[str]:
    """Top-level names of the modules that one file imports."""
    modules = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            modules |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            modules.add(node.module.split(".")[0])
    return modules


brought_by = cache(packages_distributions)  # reads every installed package


def distributions(modules: set[str]) -> set[str]:
    """The distributions that bring the modules."""
    known = brought_by()
    return {canonicalize_name(known[m][0] if m in known else m) for m in modules}


PROGRAM = [ROOT / "app.py", *ROOT.glob("sm_tracker/**/*.py")]


def test_everything_the_program_imports_is_required():
    used = distributions(imported(*PROGRAM))
    assert used - names(ranges()) - names(ranges("registry", "stat")) == set()


def test_only_the_registry_run_imports_what_only_it_requires():
    at_home = ("registry", "parquet_tables.py")  # the second reads one kind of file, if it can
    others = [p for p in PROGRAM if not {p.parent.name, p.name} & set(at_home)]
    only_there = names(ranges("registry")) - names(ranges())
    assert distributions(imported(*others)) & only_there == set()


def test_everything_the_registry_run_requires_is_used():
    used = distributions(imported(*ROOT.glob("sm_tracker/registry/*.py")))
    assert names(ranges("registry")) - used - LOADED_BY_NAME == set()


def test_everything_required_at_run_time_is_used():
    assert names(ranges()) - distributions(imported(*PROGRAM)) - LOADED_BY_NAME == set()


def test_everything_the_tests_import_is_required_of_developers():
    folders = ("tests/**", "benchmarks", "docs")
    used = distributions(imported(*(p for f in folders for p in ROOT.glob(f"{f}/*.py"))))
    assert used - names(ranges()) - names(ranges("dev")) == set()


def test_every_range_has_a_beginning_and_is_no_pin():
    every = [*ranges(), *ranges("dev")]
    assert [str(r) for r in every if not any(s.operator == ">=" for s in r.specifier)] == []
    assert [str(r) for r in every if any(s.operator == "==" for s in r.specifier)] == []


def installed(lock: str, environment: dict[str, str]) -> dict[str, str]:
    """Versions that a lock gives on one platform and Python, by name of the package."""
    chosen = [
        r
        for r in map(Requirement, pins(lock))
        if r.marker is None or r.marker.evaluate(environment)
    ]
    twice = [n for n, count in Counter(r.name for r in chosen).items() if count > 1]
    assert twice == [], f"more than one version on {environment}"
    return {
        canonicalize_name(r.name): next(iter(r.specifier)).version
        for r in chosen
        if [s.operator for s in r.specifier] == ["=="]
    }


@pytest.mark.parametrize("lock", [*LOCKS, HASHED])
def test_a_lock_holds_nothing_but_exact_versions(lock):
    assert [p for p in pins(lock) if not re.match(r"[\w.-]+==[\w.+!]+( ; .+)?$", p)] == []


@pytest.mark.parametrize("environment", PROMISED, ids=lambda e: " ".join(
    [e["sys_platform"], e["platform_machine"], e["python_version"]]))  # fmt: skip
@pytest.mark.parametrize(
    ("lock", "extras"), [*((name, extras) for name, (extras, _) in LOCKS.items()), (HASHED, ())]
)
def test_a_lock_satisfies_every_range_on_every_platform_and_python(lock, extras, environment):
    there = installed(lock, environment)
    asked = [*ranges(), *(r for extra in extras for r in ranges(extra))]
    wrong = [
        f"{r}, locked: {there.get(canonicalize_name(r.name))}"
        for r in asked
        if (r.marker is None or r.marker.evaluate(environment))
        and not r.specifier.contains(there.get(canonicalize_name(r.name), "0"))
    ]
    assert wrong == [], "python -m docs.make_locks renews the locks"


def test_a_lock_that_stands_upon_another_gives_the_same_versions_and_more():
    for name, (_, below) in LOCKS.items():
        if below:
            assert set(pins(below)) < set(pins(name))
            assert f"-r {below}" in (ROOT / name).read_text(encoding="utf-8").splitlines()


def test_the_lock_of_the_container_is_that_of_the_program_with_hashes():
    assert set(pins(HASHED)) < set(pins("requirements.txt"))
    only_tests = {p.split("==")[0] for p in set(pins("requirements.txt")) - set(pins(HASHED))}
    assert "pytest" in only_tests
    assert only_tests & names(ranges()) == set()
    blocks = re.split(r"\n(?=\w)", (ROOT / HASHED).read_text(encoding="utf-8"))[1:]
    assert len(blocks) == len(pins(HASHED))
    assert [b for b in blocks if not re.search(r"--hash=sha256:[0-9a-f]{64}$", b.strip())] == []


@pytest.mark.parametrize("name", [*LOCKS, HASHED, "pyproject.toml", "Containerfile"])
def test_no_package_index_is_named(name):
    text = (ROOT / name).read_text(encoding="utf-8")
    assert re.findall(r"--(?:extra-)?index-url|--find-links|https?://\S*simple", text) == []
