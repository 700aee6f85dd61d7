"""The command line as scripts rely on it: output, exit status, and never a traceback."""

from __future__ import annotations

import io
import json
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import docx
import pandas as pd
import pytest
from PIL import Image

from sm_tracker.cli import main
from sm_tracker.domain.change_columns import CHANGES

ROOT = Path(__file__).parents[2]
GOOD = "patient_id,date,site,thickness_mm\nA1,2024-01-10,forearm,2.50\nA1,2024-05-14,forearm,1.60\n"
THERAPY = "patient_id,therapy,start,end,end_status\nA1,IVIG,2024-01-15,,ongoing\n"


@pytest.fixture
def file(tmp_path):
    def write(name: str, content: str | bytes) -> str:
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return str(path)

    return write


@pytest.fixture
def run(capsys):
    def call(*arguments: str) -> tuple[int, str, str]:
        status = main(arguments)
        out, err = capsys.readouterr()
        assert "Traceback" not in err
        return status, out, err

    return call


def periods(out, **reading):
    """The rows of therapy periods in a printed change table."""
    table = pd.read_csv(io.StringIO(out), **reading)
    return table[table["level"] == "period"]


def test_change_prints_every_promised_column_in_order(run, file):
    files = file("m.csv", GOOD), file("t.csv", THERAPY)
    status, out, _ = run("change", *files)
    table = pd.read_csv(io.StringIO(out))
    assert status == 0
    assert list(table.columns) == list(CHANGES.columns)
    assert table["level"].tolist() == ["period", "course", "patient"]
    assert periods(out)["change_mm"].item() == pytest.approx(-0.9)
    assert periods(out)["baseline_date"].item() == "2024-01-10"


def test_a_number_is_printed_as_a_person_would_write_it(run, file):
    measured = file("m.csv", GOOD.replace("2.50", "2.86").replace("1.60", "2.80"))
    _, out, _ = run("change", measured, file("t.csv", THERAPY), "--level", "period")
    table = pd.read_csv(io.StringIO(out), dtype=str)
    assert table["change_mm"].item() == "-0.06"
    assert table["days"].item() == "125"


def test_change_as_json_holds_the_same_numbers(run, file):
    measured, treated = file("m.csv", GOOD), file("t.csv", THERAPY)
    _, out, _ = run("change", measured, treated, "--format", "json")
    row = json.loads(out)[0]
    assert row["error_check"] == "thinner"
    assert row["starts_on"] == "2024-01-15"


def test_change_writes_to_a_file(run, file, tmp_path):
    target = tmp_path / "out.csv"
    status, out, _ = run(
        "change", file("m.csv", GOOD), file("t.csv", THERAPY), "--out", str(target)
    )
    assert (status, out) == (0, "")
    assert target.read_text(encoding="utf-8").startswith("patient_id,site,side,layer,device,level")


def test_a_setting_changes_the_numbers_and_the_settings_id(run, file):
    measured, treated = file("m.csv", GOOD), file("t.csv", THERAPY)
    asked = ("change", measured, treated, "--level", "period")
    _, plain, _ = run(*asked)
    _, other, _ = run(*asked, "--set", "sem_mm=0.5")
    before, after = (pd.read_csv(io.StringIO(t)) for t in (plain, other))
    assert after["error_check"].item() == "within_error"
    assert after["sem_source"].item() == "set by the user, source not given"
    assert before["settings_id"].item() != after["settings_id"].item()


@pytest.mark.parametrize("setting", ["nonsense=1", "sem_mm=thick", "grace_days=-3"])
def test_a_wrong_setting_is_named(run, file, setting):
    status, _, err = run("change", file("m.csv", GOOD), file("t.csv", THERAPY), "--set", setting)
    assert status == 1
    assert setting.partition("=")[0] in err


def test_published_group_values_give_the_printed_per_cent(run):
    folder = ROOT / "sample_data"
    _, out, _ = run(
        "change",
        str(folder / "published_group_values_measurements.csv"),
        str(folder / "published_group_values_therapies.csv"),
        "--level",
        "period",
    )
    table = periods(out).set_index("patient_id")["change_pct"]
    assert round(table["karalilova2020_TOF"], 2) == -12.87
    assert round(table["karalilova2020_MTX"], 2) == -4.73


def test_check_as_json_has_the_promised_keys(run, file):
    status, out, _ = run("check", file("m.csv", GOOD), "--json")
    found = json.loads(out)
    assert (status, found["outcome"]) == (0, "accept")
    assert {"measurements", "therapies", "findings", "questions"} <= set(found)
    first = found["measurements"][0]
    assert {
        "patient_id", "date", "day", "site", "side", "site_text", "layer", "thickness_mm",
        "qualifier", "status", "replicate", "sheet", "row",
    } <= set(first)  # fmt: skip
    assert (first["date"], first["row"]) == ("2024-01-10", 2)


BAD = {
    "missing column": ("patient_id,date,site\nA1,2024-01-10,forearm\n", "thickness"),
    "wrong date": (GOOD + "A1,2024-02-31,forearm,2.0\n", "2024-02-31"),
    "negative value": (GOOD + "A1,2024-03-01,forearm,-2.0\n", "-2.0"),
    "text for a number": (GOOD + "A1,2024-03-01,forearm,thick\n", "thick"),
    "empty file": ("", "bad.csv"),
    "binary file": (bytes(range(256)) * 20, "bad.csv"),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_measurements_fail_with_a_message_and_without_a_traceback(run, file, name):
    content, shown = BAD[name]
    files = file("bad.csv", content), file("t.csv", THERAPY)
    status, out, err = run("change", *files, "--level", "period")
    assert status == 1
    assert shown in err
    if isinstance(content, str) and content.startswith(GOOD):
        assert "row 4" in err
        assert periods(out)["change_mm"].item() == pytest.approx(-0.9)


def test_an_end_before_the_start_is_refused_with_its_row(run, file):
    wrong = THERAPY + "A1,ECP,2024-03-01,2024-02-01,ended\n"
    files = file("m.csv", GOOD), file("t.csv", wrong)
    status, out, err = run("change", *files, "--level", "period")
    assert status == 1
    assert "row 3" in err
    assert "end" in err
    assert periods(out)["regimen"].tolist() == ["IVIG"]


def test_a_missing_file_is_named(run):
    status, _, err = run("check", "no_such_file.csv")
    assert status == 1
    assert "no_such_file.csv" in err


def test_wrong_usage_has_status_two():
    ran = subprocess.run(
        [sys.executable, "-m", "sm_tracker", "nonsense"], cwd=ROOT, capture_output=True, text=True
    )
    assert ran.returncode == 2


def test_effects_prints_a_row_for_each_measure(run, file):
    series = "dataset,case_id,session,phase,outcome,direction\n" + "".join(
        f"d,c,{i},{'A' if i < 4 else 'B'},{v},decrease\n"
        for i, v in enumerate([2.5, 2.4, 2.6, 2.5, 2.1, 2.0, 1.9, 2.0])
    )
    status, out, _ = run("effects", file("s.csv", series))
    table = pd.read_csv(io.StringIO(out)).drop_duplicates(["measure", "phase_a", "phase_b"])
    values = table.set_index("measure")["estimate"]
    assert status == 0
    assert values["NAP"] == 1.0
    assert values["mean_diff"] == pytest.approx(-0.5)


@pytest.mark.parametrize("to", ["csv", "xlsx"])
def test_exported_tables_read_back_identical(run, file, tmp_path, to):
    out = tmp_path / f"out.{to}"
    status, _, err = run(
        "export", file("m.csv", GOOD), file("t.csv", THERAPY), "--to", to, "--out", str(out)
    )
    assert status == 0
    assert str(out) in err
    again = [str(p) for p in sorted(tmp_path.glob("out*"))]
    before = run("change", file("m.csv", GOOD), file("t.csv", THERAPY))[1]
    status, after, _ = run("change", *again)
    assert (status, after) == (0, before)


def test_an_answer_given_for_a_header_is_used_again_and_named(run, file, tmp_path):
    database = f"sqlite:///{tmp_path / 'records.sqlite3'}"
    header = "patient_id,date,site,value\n"
    first = file("a.csv", header + "A1,2024-01-10,calf,2.50\nA1,2024-05-10,calf,2.10\n")
    later = file("b.csv", header + "A1,2024-07-10,calf,2.00\n")
    assert run("import", first, "--db", database)[0] == 3
    assert run("import", first, "--db", database, "--answer", "unit=mm")[0] == 0
    status, _, said = run("import", later, "--db", database)
    assert status == 0
    assert "remembered from earlier files with this header: unit=mm" in said


def test_importing_the_same_file_again_adds_nothing_and_says_so(run, file, tmp_path):
    database = f"sqlite:///{(tmp_path / 'records.sqlite3').as_posix()}"
    status, first, _ = run("import", file("m.csv", GOOD), "--db", database)
    assert status == 0
    assert "2" in first
    status, second, _ = run("import", file("m.csv", GOOD), "--db", database)
    assert status == 0
    assert "nothing" in second.lower()


SAMPLE = [
    str(ROOT / "sample_data" / f"index_case_{kind}.csv")
    for kind in ("measurements", "therapies", "outcomes")
]


@pytest.mark.parametrize("ending", ["svg", "pdf", "eps", "png", "tiff"])
def test_a_figure_is_written_in_every_format_and_repeats_byte_for_byte(run, tmp_path, ending):
    first, second = tmp_path / f"a.{ending}", tmp_path / f"b.{ending}"
    for out in (first, second):
        status, _, _ = run("figure", *SAMPLE, "--out", str(out), "--preset", "85", "--dpi", "300")
        assert status == 0
    assert first.read_bytes() == second.read_bytes()


def test_a_raster_figure_has_the_width_and_resolution_asked_for(run, tmp_path):
    out = tmp_path / "a.tiff"
    run("figure", *SAMPLE, "--out", str(out), "--width-mm", "85", "--dpi", "600", "--gray")
    with Image.open(out) as picture:
        assert picture.mode == "L"
        assert picture.info["dpi"] == pytest.approx((600, 600))
        assert picture.width / 600 * 25.4 == pytest.approx(85, abs=0.05)
        assert picture.info["compression"] == "tiff_lzw"


@pytest.mark.parametrize("wrong", [["--dpi", "50"], ["--width-mm", "5"], ["--preset", "poster"]])
def test_an_impossible_figure_says_what_is_possible(run, tmp_path, wrong):
    status, _, err = run("figure", *SAMPLE, "--out", str(tmp_path / "a.png"), *wrong)
    assert status == 1
    assert "To fix" in err


def test_a_figure_of_several_patients_asks_which_one(run, file, tmp_path):
    two = file("m.csv", GOOD + "B2,2024-01-10,forearm,2.0\n")
    status, _, err = run("figure", two, "--out", str(tmp_path / "a.png"))
    assert status == 1
    assert "2 patients" in err
    out = tmp_path / "b.png"
    assert run("figure", two, "--out", str(out), "--patient", "B2", "--dpi", "300")[0] == 0


def commands_of_archive(folder):
    """The command that the README of an archive names for each of its files."""
    lines = (folder / "README.txt").read_text(encoding="utf-8").splitlines()
    return {lines[i - 1].strip(): line for i, line in enumerate(lines) if "-m sm_tracker" in line}


@pytest.fixture
def small_case(file):
    """The records of a short course, whose figures are drawn in no time."""
    readings = "".join(
        f"A1,{date},{site},{mm}\n"
        for date, *values in (
            ("2024-01-10", "2.50", "1.90"),
            ("2024-05-14", "2.10", "1.80"),
            ("2024-09-12", "1.60", "1.40"),
        )
        for site, mm in zip(("forearm", "chest"), values, strict=True)
    )
    return [
        file("m.csv", f"patient_id,date,site,thickness_mm\n{readings}"),
        file("t.csv", "patient_id,therapy,start,dose\nA1,IVIG,2024-02-01,2 g/kg\n"),
        file("o.csv", "patient_id,date,outcome,value,unit\nA1,2024-02-01,mouth opening,34,mm\n"),
    ]


@pytest.mark.parametrize(
    ("case", "options"),
    [
        ("sample", ("--language", "fr", "--relative-days", "--set", "grace_days=45")),
        ("small", ("--language", "de")),
    ],
    ids=["french", "german"],
)
def test_the_archive_makes_each_of_its_files_again_byte_for_byte(
    run, small_case, tmp_path, monkeypatch, case, options
):
    archive = tmp_path / "case.zip"
    files = SAMPLE if case == "sample" else small_case
    assert run("report", *files, "--out", str(archive), *options)[0] == 0
    empty = tmp_path / "unpacked"
    with zipfile.ZipFile(archive) as zipped:
        zipped.extractall(empty)
    monkeypatch.chdir(empty)
    commands = commands_of_archive(empty)
    for name, command in commands.items():
        words = command.split()
        assert run(*words[3:])[0] == 0
        made = (empty / words[words.index("--out") + 1]).read_bytes()
        assert made == (empty / name).read_bytes(), name
    made_by_hand = {path.relative_to(empty).as_posix() for path in empty.glob("figures/*")}
    assert set(commands) == made_by_hand | {
        "data/change_table.csv",
        "report.docx",
        "report.html",
        "report.pdf",
    }
    spoken = f"--language={options[1]}"
    assert [n for n, c in commands.items() if spoken not in c] == ["data/change_table.csv"]


def test_a_report_on_relative_days_holds_no_date_and_no_patient_code(run, tmp_path):
    out = tmp_path / "case.html"
    status, _, err = run("report", *SAMPLE, "--out", str(out), "--relative-days")
    text = re.sub(r"data:image/png;base64,[^\"]+", "", out.read_text(encoding="utf-8"))
    assert status == 0
    assert "calendar date" not in err
    assert re.search(r"\b20\d\d-\d\d-\d\d|(?:Mar|Aug) 20\d\d|SM-001", text) is None
    assert re.search(r"(?:src|href)=\"https?:", text) is None


def test_a_word_report_opens_and_says_the_same_words(run, tmp_path):
    out = tmp_path / "case.docx"
    assert run("report", *SAMPLE, "--out", str(out))[0] == 0
    words = "\n".join(p.text for p in docx.Document(str(out)).paragraphs)
    assert "2.49 → 1.62 mm" in words.replace("\u00a0", " ")
    assert "not a medical device" in words


def test_a_database_is_made_checked_and_backed_up_from_the_command_line(run, file, tmp_path):
    database = f"sqlite:///{(tmp_path / 'records.sqlite3').as_posix()}"
    assert run("db", "init", "--db", database)[0] == 0
    assert run("import", file("m.csv", GOOD), "--db", database)[0] == 0
    status, out, _ = run("db", "verify", "--db", database)
    assert status == 0
    assert "rows checked" in out
    copy = tmp_path / "copy.sqlite3"
    status, out, _ = run("db", "backup", "--db", database, "--to", str(copy))
    assert status == 0
    assert copy.is_file()
    assert run("db", "health", "--db", database)[1] == "ok\n"
    assert run("db", "upgrade", "--db", database)[0] == 0


def test_a_database_that_is_not_there_is_named(run, tmp_path):
    missing = f"sqlite:///{(tmp_path / 'none.sqlite3').as_posix()}"
    status, _, err = run("db", "verify", "--db", missing)
    assert status == 1
    assert "There is no database yet" in err


def test_importing_the_package_pulls_in_nothing_heavy():
    heavy = ("streamlit", "matplotlib", "scipy.stats", "pandas")
    code = f"import sm_tracker, sys; print([m for m in {heavy} if m in sys.modules])"
    ran = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert ran.stdout.strip() == "[]"


def test_the_public_names_are_all_there():
    import sm_tracker

    assert all(getattr(sm_tracker, name) is not None for name in sm_tracker.__all__)
    with pytest.raises(AttributeError):
        _ = sm_tracker.no_such_name


@pytest.mark.parametrize("words", ["--version", "--help"])
def test_what_reads_no_file_loads_no_tables(words):
    asked = f"import sys; from sm_tracker.cli import main; sys.argv = ['']\ntry: main(['{words}'])"
    told = "finally: print('pandas' in sys.modules, file=sys.stderr)"
    done = subprocess.run(
        [sys.executable, "-c", f"{asked}\n{told}"], capture_output=True, text=True, cwd=ROOT
    )
    assert done.stdout
    assert done.stderr.splitlines()[-1] == "False"
