"""What a name means is said once: no two public functions or classes share one."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

PACKAGE = Path(__file__).parents[2] / "sm_tracker"

SHARED = {
    # Every page is a script with one function of this name, which it calls itself.
    "render": "ui/pages",
    # Alembic calls this function of each migration.
    "upgrade": "store/migrations/versions",
}
"""Names that several modules of one folder give to the same thing, with the folder."""


def definitions() -> Iterator[tuple[str, str]]:
    """Public functions and classes at the top of a module, each with its module."""
    for path in sorted(PACKAGE.rglob("*.py")):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_"):
                yield node.name, path.relative_to(PACKAGE).as_posix()


def test_no_two_public_functions_or_classes_share_a_name():
    homes = defaultdict(list)
    for name, module in definitions():
        if not module.startswith(SHARED.get(name, "-")):
            homes[name].append(module)
    assert {name: modules for name, modules in homes.items() if len(modules) > 1} == {}


def test_a_name_excepted_from_this_is_shared_within_its_folder():
    for name, folder in SHARED.items():
        modules = [m for n, m in definitions() if n == name and m.startswith(folder)]
        assert len(modules) > 1, name


def test_workflow_re_exports_nothing():
    (body,) = ast.parse((PACKAGE / "workflow/__init__.py").read_text(encoding="utf-8")).body
    assert isinstance(body, ast.Expr)
