"""docs/interfaces.md lists what the command line and the change table really have."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

import sm_tracker
from sm_tracker.analysis.change.flags import FLAGS
from sm_tracker.analysis.measures.effects import EFFECT_COLUMNS
from sm_tracker.cli.arguments import command_parser
from sm_tracker.domain.change_columns import CHANGES

SAMPLE = Path(__file__).parents[2] / "sample_data"
TEXT = (Path(__file__).parents[2] / "docs/interfaces.md").read_text(encoding="utf-8")
COMMANDS = {
    cell.split()[0]: cell for cell in re.findall(r"^\| `([a-z]+ .+?)` \|", TEXT, re.MULTILINE)
}


def test_the_columns_of_the_change_table_are_listed_in_order():
    section = TEXT.split("## Columns of the change table")[1]
    listed = re.findall(r"^\| `(\w+)` \|", section, re.MULTILINE)
    assert listed == list(CHANGES.columns)


def test_every_flag_is_listed_in_its_order():
    section = TEXT.split("## Flags of the change table")[1].split("\n## ")[0]
    assert tuple(re.findall(r"^\| `(\w+)` \|", section, re.MULTILINE)) == FLAGS


def test_every_word_that_a_column_of_the_change_table_allows_is_listed():
    section = TEXT.split("## Columns of the change table")[1]
    for name, column in CHANGES.columns.items():
        line = next(line for line in section.splitlines() if line.startswith(f"| `{name}` |"))
        assert [word for word in column.one_of if word and f"`{word}`" not in line] == []


@pytest.mark.parametrize("command", COMMANDS)
def test_a_listed_command_has_the_listed_options(command, capsys):
    with pytest.raises(SystemExit):
        command_parser().parse_args([command, "--help"])
    there = set(re.findall(r"--[a-z-]+", capsys.readouterr().out)) - {"--help"}
    listed = set(re.findall(r"--[a-z-]+", COMMANDS[command]))
    assert listed <= there, "the document promises options that are not there"


def test_the_columns_of_the_effects_table_are_listed_in_order():
    assert f"`{', '.join(EFFECT_COLUMNS)}`" in TEXT


def test_every_command_is_listed(capsys):
    with pytest.raises(SystemExit):
        command_parser().parse_args(["--help"])
    there = re.findall(r"^    ([a-z]+)(?: |$)", capsys.readouterr().out, re.MULTILINE)
    assert sorted(there) == sorted(COMMANDS)


def test_the_names_of_the_package_are_listed():
    listed = set(re.findall(r"`(\w+)`", TEXT.split("## From Python")[1].split("```")[0]))
    assert listed - {"import"} == set(sm_tracker.__all__)


def test_the_example_from_python_runs(tmp_path, monkeypatch):
    for file in SAMPLE.glob("index_case_*.csv"):
        shutil.copy(file, tmp_path)
    monkeypatch.chdir(tmp_path)
    names: dict[str, object] = {}
    exec(re.findall(r"```python\n(.+?)```", TEXT, re.DOTALL)[0], names)
    assert list(names["changes"].columns) == list(CHANGES.columns)
    assert (tmp_path / "figure.pdf").read_bytes().startswith(b"%PDF")
