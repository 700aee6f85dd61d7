"""The command figure: everything that a view can show can be asked for in words."""

from __future__ import annotations

import re
from html import unescape
from pathlib import Path

import pytest

from sm_tracker.cli import main

SAMPLE = [
    str(Path(__file__).parents[2] / "sample_data" / f"index_case_{kind}.csv")
    for kind in ("measurements", "therapies", "outcomes")
]


@pytest.fixture
def words(tmp_path, capsys):
    """Words of the SVG figure drawn with some options, joined by bars."""

    def call(*options: str) -> str:
        out = tmp_path / "figure.svg"
        status = main(["figure", *SAMPLE, "--out", str(out), *options])
        assert status == 0, capsys.readouterr().err
        found = re.findall(r"<text[^>]*>([^<]*)</text>", out.read_text(encoding="utf-8"))
        return " | ".join(unescape(word).strip() for word in found)

    return call


@pytest.mark.parametrize(
    ("options", "there", "absent"),
    [
        ([], ["Forearm 1.62", "baseline 2.49", "44 mm", "2025", "IVIG"], ["days from"]),
        (["--percent"], ["Forearm 65 %", "Skin thickness (% of baseline)"], ["1.62"]),
        (["--by-site"], ["thinner below 2.05", "thinner below 1.31", "its own range"],
         ["Filled marks"]),
        (["--site", "forearm:right", "--site", "chest"], ["Forearm 1.62", "Chest 2.58"],
         ["Forehead 1.49"]),
        (["--focus", "chest"], ["baseline 3.00"], ["baseline 2.49"]),
        (["--period", "HC (2)"], ["before HC (2)"], ["before IVIG"]),
        (["--period", "hc-2"], ["before HC (2)"], ["before IVIG"]),
        (["--period", "none"], ["Forearm 1.62"], ["baseline 2.49", "Grey band"]),
        (["--no-band"], ["Forearm 1.62"], ["thinner below"]),
        (["--no-outcomes"], ["Forearm 1.62"], ["Mouth opening"]),
        (["--outcome", "mouth opening"], ["Mouth opening (mm)"], []),
        (["--hide", "MP"], ["Not drawn as a lane: methylprednisolone"], ["60 mg, tapered"]),
        (["--relative-days"], ["time from the first reading"], ["2025", "2021"]),
        (["--day-zero", "IVIG"], ["time from the start of IVIG"], ["2025", "2021"]),
        (["--day-zero", "2025-03-10"], ["time from a chosen day"], ["2025", "2021"]),
        (["--lang", "de"], ["Unterarm 1,62", "Therapie"], ["Forearm"]),
        (["--language", "fr"], ["Avant-bras 1,62", "Traitement"], ["Forearm"]),
        (["--no-notes"], ["Forearm 1.62"], ["Synthetic data", "ultraviolet A1"]),
        (["--comparison"], ["error band", "Mar 2025 – ongoing", "−0.87", "Synthetic data"],
         ["No therapy"]),
        (["--comparison", "--untreated", "--relative-days"], ["No therapy", "day 1463"],
         ["2025"]),
        (["--comparison", "--percent"], ["−35", "%"], ["−0.87"]),
    ],
)  # fmt: skip
def test_a_choice_shows_in_the_figure(words, options, there, absent):
    text = words(*options)
    joined = text.replace(" | ", " ")  # A note may break anywhere.
    assert [w for w in there if w not in joined] == []
    assert [w for w in absent if w in text] == []


def test_periods_that_ran_together_have_a_row_when_asked_for(tmp_path):
    table = tmp_path / "m.csv"
    days = ("2024-01-10", "2024-03-10", "2024-05-10", "2024-07-10")
    rows = "".join(f"A1,{day},forearm,2.5\n" for day in days)
    table.write_text("patient_id,date,site,thickness_mm\n" + rows, encoding="utf-8")
    treated = tmp_path / "t.csv"
    treated.write_text(
        "patient_id,therapy,start,end,end_status\n"
        "A1,IVIG,2024-01-15,,ongoing\nA1,ECP,2024-03-01,2024-06-01,ended\n",
        encoding="utf-8",
    )
    out = tmp_path / "f.svg"
    command = ["figure", str(table), str(treated), "--out", str(out), "--comparison"]
    assert main(command) == 0
    assert "IVIG + ECP" not in out.read_text(encoding="utf-8")
    assert main([*command, "--combinations"]) == 0
    assert "IVIG + ECP" in out.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("options", "offered"),
    [
        (["--site", "knee"], "chest"),
        (["--focus", "forearm:left"], "forearm:right"),
        (["--period", "HC"], "HC (2)"),
        (["--day-zero", "12"], "IVIG"),
        (["--outcome", "walking"], "mouth opening"),
        (["--hide", "XYZ"], "hydroxychloroquine"),
    ],
)
def test_a_choice_that_is_not_there_is_answered_with_those_that_are(
    options, offered, tmp_path, capsys
):
    assert main(["figure", *SAMPLE, "--out", str(tmp_path / "a.svg"), *options]) == 1
    assert offered in capsys.readouterr().err


def test_an_axis_that_does_not_start_at_zero_says_so(words):
    assert "axis starts at 0.6" in words()
    assert "axis starts at 0.6" in words("--preset", "85")


def test_a_file_name_that_holds_the_patient_code_or_a_date_is_named(tmp_path, capsys):
    out = tmp_path / "SM-001_20250310.svg"
    assert main(["figure", *SAMPLE, "--out", str(out), "--relative-days"]) == 0
    said = [line for line in capsys.readouterr().err.splitlines() if "may identify" in line]
    assert said == [
        f"may identify: calendar date in name of {out.name}: 20250310",
        f"may identify: patient code in name of {out.name}: SM-001",
    ]


def test_what_may_identify_is_named_in_the_language_asked_for(tmp_path, capsys):
    out = tmp_path / "SM-001_20250310.svg"
    assert main(["--language", "de", "figure", *SAMPLE, "--out", str(out), "--relative-days"]) == 0
    said = capsys.readouterr().err
    assert f"könnte identifizieren: Kalenderdatum in Name von {out.name}: 20250310" in said
    assert "Patientencode" in said


def test_a_figure_with_relative_days_and_a_plain_name_has_nothing_to_list(tmp_path, capsys):
    for kind in ("svg", "pdf", "eps", "png", "tiff"):
        out = tmp_path / f"figure.{kind}"
        options = ["--relative-days", "--dpi", "300", "--preset", "85"]
        assert main(["figure", *SAMPLE, "--out", str(out), *options]) == 0
        assert "may identify" not in capsys.readouterr().err
