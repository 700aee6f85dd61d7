"""A command speaks the language that it is asked for; what machines read stays English."""

from __future__ import annotations

import json
import zipfile

import pytest

from sm_tracker.cli import main
from sm_tracker.domain.settings import SETTING_NAMES
from tests.app.test_no_english_on_german_and_french_pages import MESSY, THERAPIES, english_in

GOOD = """patient_id,date,site,thickness_mm
A1,2024-01-10,forearm,2.50
A1,2024-05-14,forearm,1.60
"""


@pytest.fixture
def messy(tmp_path):
    paths = [tmp_path / "messungen.csv", tmp_path / "therapien.csv"]
    for path, text in zip(paths, (MESSY, THERAPIES), strict=True):
        path.write_text(text, encoding="utf-8")
    return [str(p) for p in paths]


def without_codes(text: str) -> str:
    """Lines without what stays a code: levels, codes of findings and answers to be typed."""
    return "\n".join(
        line.partition("   ")[2] if line.startswith("  --answer") else line.partition(": ")[2]
        for line in text.splitlines()
    )


@pytest.mark.parametrize("language", ["de", "fr"])
@pytest.mark.parametrize("first", [True, False], ids=["before", "after"])
def test_check_speaks_the_language_asked_for(messy, capsys, language, first):
    option = ["--language", language]
    words = [*option, "check", *messy] if first else ["check", *messy, *option]
    assert main(words) == 3
    out, err = capsys.readouterr()
    assert err.count("\n") > 10
    assert english_in(without_codes(err), language) == []
    assert english_in(out.replace("ask", ""), language) == []


def test_json_is_the_same_in_every_language(messy, capsys):
    main(["check", *messy, "--json"])
    english = json.loads(capsys.readouterr().out)
    main(["check", *messy, "--json", "--language", "de"])
    assert json.loads(capsys.readouterr().out) == english


def test_columns_of_the_change_table_are_the_same_in_every_language(tmp_path, capsys):
    path = tmp_path / "m.csv"
    path.write_text(GOOD, encoding="utf-8")
    main(["change", str(path)])
    english = capsys.readouterr().out
    main(["change", str(path), "--language", "fr"])
    assert capsys.readouterr().out == english


@pytest.mark.parametrize(
    ("language", "said"), [("de", "Fehler: Eine Datei"), ("fr", "erreur : Un fichier")]
)
def test_an_error_says_what_where_why_and_fix_in_this_language(tmp_path, capsys, language, said):
    assert main(["check", str(tmp_path / "missing.csv"), "--language", language]) == 1
    assert capsys.readouterr().err.replace("\u00a0", " ").startswith(said)


@pytest.mark.parametrize(("language", "title"), [("de", "Hautdicke unter"), ("fr", "Épaisseur")])
def test_a_report_of_the_command_speaks_the_language(tmp_path, capsys, language, title):
    path, out = tmp_path / "m.csv", tmp_path / "r.docx"
    path.write_text(GOOD, encoding="utf-8")
    assert main(["report", str(path), "--out", str(out), "--language", language]) == 0
    with zipfile.ZipFile(out) as packed:
        assert title in packed.read("word/document.xml").decode()


def test_a_language_that_nobody_speaks_here_is_wrong_usage(messy, capsys):
    with pytest.raises(SystemExit) as ended:
        main(["check", *messy, "--language", "la"])
    assert ended.value.code == 2


COMMANDS = ["check", "change", "effects", "figure", "report", "export", "import", "db", "registry"]


@pytest.mark.parametrize("language", ["de", "fr"])
@pytest.mark.parametrize("words", [[], *([c] for c in [*COMMANDS, "dashboard"])], ids=" ".join)
def test_help_is_in_the_language_asked_for(capsys, monkeypatch, language, words):
    monkeypatch.setenv("COLUMNS", "2000")
    with pytest.raises(SystemExit) as ended:
        main([*words, "--help", "--language", language])
    assert ended.value.code == 0
    told = capsys.readouterr().out.replace(", ".join(SETTING_NAMES), "")  # codes to be typed
    explained = [line[24:] for line in told.splitlines() if line[22:24] == "  "]
    assert explained
    assert "usage:" not in told
    assert english_in("\n".join(explained), language) == []


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("de", "Fehler: diese Angaben fehlen: FILE"),
        ("fr", "erreur : ces arguments manquent : FILE"),
    ],
)
def test_wrong_usage_is_told_in_the_language_asked_for(capsys, language, said):
    with pytest.raises(SystemExit) as ended:
        main(["--language", language, "check"])
    assert ended.value.code == 2
    assert said in capsys.readouterr().err.replace("\u00a0", " ")


@pytest.mark.parametrize(("language", "title"), [("de", "Einstellungen:"), ("fr", "Réglages")])
def test_the_readme_of_an_archive_is_in_the_language_of_its_report(tmp_path, language, title):
    path, out = tmp_path / "m.csv", tmp_path / "r.zip"
    path.write_text(GOOD, encoding="utf-8")
    assert main(["report", str(path), "--out", str(out), "--language", language]) == 0
    with zipfile.ZipFile(out) as packed:
        readme = packed.read("README.txt").decode()
    assert title in readme
    commands = "\n".join(line for line in readme.splitlines() if not line.startswith("    "))
    assert english_in(commands, language) == []
