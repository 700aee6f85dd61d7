"""Names of files are made safe once, before they are shown, stored or written anywhere."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sm_tracker.errors import AnswerError
from sm_tracker.ingest import SourceFile, read_sources
from sm_tracker.ingest.files.sources import LONGEST_NAME, safe_file_name
from sm_tracker.workflow import file_import


@pytest.mark.parametrize(
    ("given_name", "kept"),
    [
        ("list.csv", "list.csv"),
        ("../../etc/passwd.csv", "passwd.csv"),
        ("C:\\patients\\list.csv", "list.csv"),
        ("li\x00s\nt\u202e.csv", "list.csv"),
        ("Müller 2020 (é).csv", "Müller 2020 (é).csv"),
        ("", "file"),
        ("..", "file"),
        ("folder/", "file"),
    ],
)
def test_a_name_keeps_its_last_part_without_control_characters(given_name: str, kept: str):
    assert SourceFile(given_name, b"").name == kept


def test_a_very_long_name_keeps_its_beginning_and_its_ending():
    name = SourceFile("x" * 5000 + ".csv", b"").name
    assert len(name) == LONGEST_NAME
    assert name.startswith("xxx")
    assert name.endswith("….csv")


@given(st.text(max_size=400))
def test_a_name_made_safe_stays_as_it_is(name: str):
    once = safe_file_name(name)
    assert safe_file_name(once) == once
    assert 0 < len(once) <= LONGEST_NAME
    assert not set(once) & set("/\\\n\r\0")


def test_files_of_one_name_from_two_folders_are_told_apart(tmp_path):
    for folder, value in (("a", "2.0"), ("b", "31.02.2020")):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "list.csv").write_text(f"patient,date,site,mm\nP,{value},calf,2\n")
    files = file_import.files_from_paths([tmp_path / "a" / "list.csv", tmp_path / "b" / "list.csv"])
    assert [f.name for f in files] == ["list.csv", "list (2).csv"]


def test_an_answer_for_a_column_that_cannot_be_lists_those_that_can():
    table = SourceFile("a.csv", b"a,b,c,d\nA1,2019-03-14,calf,2.35\n")
    with pytest.raises(AnswerError, match=r"column\.thickness"):
        read_sources([table], answers={"column.thicknes": "d"})
