"""The README's commands are the real ones, and its examples run."""

from __future__ import annotations

import csv
import io
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.patience import PATIENCE_S

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
START = "pip install -r requirements.txt && streamlit run app.py"
TEST = "pip install -r requirements-dev.txt && pytest -n 2 --dist loadfile"
PAGES = README + (ROOT / "docs/commands.md").read_text(encoding="utf-8")
COMMANDS = list(dict.fromkeys(re.findall(r"^\s*python -m sm_tracker .+$", PAGES, re.MULTILINE)))
DOCUMENTS = [
    ROOT / "README.md",
    ROOT / "CONTRIBUTING.md",
    ROOT / "CHANGELOG.md",
    ROOT / "SECURITY.md",
    ROOT / "CODE_OF_CONDUCT.md",
    *sorted(ROOT.glob("docs/**/*.md")),
    *sorted(ROOT.glob("sample_data/*.md")),
    *sorted(ROOT.glob("benchmarks/*.md")),
]


def run(command: str, folder: Path) -> subprocess.CompletedProcess[str]:
    words = shlex.split(command)
    assert words[0] == "python"
    surroundings = {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "PYTHONUTF8": "1",
        "SM_TRACKER_DATA_FOLDER": str(folder / "records"),
    }
    surroundings.pop("SM_TRACKER_DATABASE_URL", None)
    return subprocess.run(
        [sys.executable, *words[1:]],
        cwd=folder,
        env=surroundings,
        capture_output=True,
        encoding="utf-8",
        timeout=PATIENCE_S,
        check=False,
    )


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with the sample data, so that an example can write its files."""
    shutil.copytree(ROOT / "sample_data", tmp_path / "sample_data")
    return tmp_path


@pytest.mark.parametrize("command", COMMANDS)
def test_an_example_of_the_documents_runs(command, folder):
    done = run(command, folder)
    assert done.returncode == 0, done.stderr
    words = shlex.split(command)
    if "--out" in words:
        assert (folder / words[words.index("--out") + 1]).stat().st_size > 0
    else:
        assert done.stdout.strip()


def test_the_pages_show_the_commands_that_print_tables():
    assert {shlex.split(c)[3] for c in COMMANDS} >= {
        "check",
        "change",
        "effects",
        "import",
        "export",
    }


def test_the_published_changes_are_those_the_documents_promise(folder):
    command = next(c for c in COMMANDS if "published_group_values" in c)
    rows = list(csv.DictReader(io.StringIO(run(command, folder).stdout)))
    change = {row["regimen"]: f"{float(row['change_pct']):.2f}".replace("-", "−") for row in rows}
    assert change["tofacitinib"] == "−12.87"
    assert change["methotrexate"] == "−4.73"
    for regimen in ("tofacitinib", "methotrexate"):
        assert f"{regimen} " in PAGES or f"{regimen}," in PAGES
        assert f"{change[regimen]} %" in PAGES


def test_the_two_commands_stand_alone_in_their_blocks():
    blocks = re.findall(r"^```sh\n(.*?)^```", README, re.MULTILINE | re.DOTALL)
    assert f"{START}\n" in blocks
    assert f"{TEST}\n" in blocks


def test_contributing_and_the_gate_run_the_same_commands():
    contributing = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    gate = (ROOT / ".ci/run").read_text(encoding="utf-8")
    assert TEST in contributing
    assert "grep" in gate
    assert "README.md" in gate
    for check in ("ruff check .", "ruff format --check .", "mypy", "lint-imports"):
        assert check in contributing
        assert f"check {check}\n" in gate


@pytest.mark.parametrize("package", ["streamlit", "pandas", "plotly", "scipy", "pytest"])
def test_the_runtime_requirements_name_the_main_packages(package):
    lines = (ROOT / "requirements.txt").read_text(encoding="utf-8").splitlines()
    assert any(re.match(rf"{package}(\[|[<>=~])", line) for line in lines)


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda p: str(p.relative_to(ROOT)))
def test_a_document_links_only_to_files_that_are_there(document):
    targets = re.findall(r"\]\((?!https?:|mailto:|#)([^)#]+)", document.read_text(encoding="utf-8"))
    assert [t for t in targets if not (document.parent / t).exists()] == []


def test_a_document_named_in_the_code_is_there():
    sources = [ROOT / "app.py", *ROOT.glob("sm_tracker/**/*.py"), *ROOT.glob("tests/**/*.py")]
    named = {
        name
        for path in sources
        if path.exists()
        for name in re.findall(r"\bdocs/[\w/-]+\.md\b", path.read_text(encoding="utf-8"))
    }
    assert {name for name in named if not (ROOT / name).exists()} == set()
