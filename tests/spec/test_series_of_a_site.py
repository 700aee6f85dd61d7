"""Which readings are one series, in a clinic's words: blanks join, stated values never do."""

from __future__ import annotations

import csv
import io
import json

import pytest

from sm_tracker.cli import main
from sm_tracker.ingest import SourceFile, read_sources

HEAD = "patient_id,date,site,side,layer,device,frequency_mhz,thickness_mm"
THERAPY = "patient_id,therapy,start,end,end_status\nA1,IVIG,2024-03-10,,ongoing\n"


def rows_of(*stated: str, site: str = "forearm") -> str:
    """Monthly readings of one patient; each says side, layer, device and frequency."""
    lines = [
        f"A1,2024-{month:02d}-05,{site},{said},{3 - month / 10:.1f}"
        for month, said in enumerate(stated, start=1)
    ]
    return "\n".join([HEAD, *lines]) + "\n"


@pytest.fixture
def file(tmp_path):
    """Writes a file and gives its path."""

    def write(name: str, content: str) -> str:
        path = tmp_path / name
        path.write_text(content, encoding="utf-8")
        return str(path)

    return write


@pytest.fixture
def run(capsys):
    """Runs a command: its exit status, output and messages."""

    def call(*arguments: str) -> tuple[int, str, str]:
        status = main(arguments)
        out, err = capsys.readouterr()
        return status, out, err

    return call


@pytest.fixture
def series(run, file):
    """Series of the change table: what each states, its values before and under, its flags."""

    def found(text: str) -> dict[tuple[str, str, str, str], tuple[int, int, set[str]]]:
        status, out, _ = run(
            "change", file("m.csv", text), file("t.csv", THERAPY), "--format", "json"
        )
        assert status == 0
        return {
            (r["side"], r["layer"], r["device"], f"{r['frequency_mhz'] or ''}"): (
                r["n_reference"],
                r["n_under"],
                {f for f in r["flags"].split() if f.startswith("series_")},
            )
            for r in json.loads(out)
            if r["level"] == "period"
        }

    return found


JOINED, APART = {"series_joined"}, {"series_ambiguous"}


def test_layers_stated_in_half_of_the_rows_are_one_series(series):
    text = rows_of(",dermis,,", ",,,", ",dermis,,", ",,,", ",unknown,,", ",-,,")
    assert series(text) == {("", "dermis", "", ""): (3, 3, JOINED)}


def test_a_frequency_alone_is_enough_for_a_series(series):
    text = rows_of(",,,22", ",,,", ",,,22", ",,,22", ",,,", ",,,22")
    assert series(text) == {("", "", "", "22.0"): (3, 3, JOINED)}


def test_two_devices_stay_apart_and_a_reading_without_one_joins_neither(series):
    text = rows_of(",,DUB,", ",,DUB,", ",,,", ",,DermaScan,", ",,DermaScan,", ",,n/a,")
    assert series(text) == {
        ("", "", "DUB", ""): (2, 0, set()),
        ("", "", "DermaScan", ""): (0, 2, set()),
        ("", "", "", ""): (1, 1, APART),
    }


def test_the_frequency_tells_which_of_two_devices_it_was(series):
    text = rows_of("left,dermis,DUB,22", "left,dermis,DermaScan,20", ",,,20", "left,,,22")
    assert series(text) == {
        ("left", "dermis", "DUB", "22.0"): (1, 1, JOINED),
        ("left", "dermis", "DermaScan", "20.0"): (2, 0, JOINED),
    }


def test_a_side_given_only_sometimes_is_that_side_where_there_is_one(series):
    text = rows_of("right,,,", ",,,", "right,,,", "unbekannt,,,", "inconnu,,,")
    assert series(text) == {("right", "", "", ""): (3, 2, JOINED)}


def test_a_blank_side_beside_left_and_right_belongs_to_neither(series):
    text = rows_of("left,,,", "right,,,", ",,,", "left,,,", "right,,,")
    assert series(text)["", "", "", ""] == (1, 0, APART)


def test_readings_that_each_state_a_part_are_one_series_if_the_parts_agree(series):
    text = rows_of(",dermis,,", ",,DUB,", ",,,22", "left,,,")
    assert series(text) == {("left", "dermis", "DUB", "22.0"): (3, 1, JOINED)}


def test_readings_that_contradict_every_full_one_are_a_series_of_their_own(series):
    text = rows_of(",dermis,DUB,22", ",dermis,DUB,22", ",,DermaScan,", ",,DermaScan,", ",,,22")
    assert series(text) == {
        ("", "dermis", "DUB", "22.0"): (2, 0, set()),
        ("", "", "DermaScan", ""): (1, 1, set()),
        ("", "", "", "22.0"): (0, 1, APART),
    }


def test_what_every_reading_leaves_blank_is_not_missing(series):
    text = rows_of(",,,", ",,,", ",,,", ",,,")
    assert series(text) == {("", "", "", ""): (3, 1, set())}


def test_sites_and_patients_do_not_tell_each_other_anything(run, file):
    text = rows_of(",dermis,DUB,", ",dermis,DUB,") + "A1,2024-04-05,calf,,,,,1.4\n"
    text += "B2,2024-04-05,forearm,,,,,1.4\n"
    result = read_sources([SourceFile("m.csv", text.encode())])
    assert "series_joined" not in {f.code for f in result.findings}


def test_change_asks_nothing_where_several_series_fit(run, file):
    text = rows_of(",,DUB,", ",,DermaScan,", ",,,")
    status, out, err = run("change", file("m.csv", text), file("t.csv", THERAPY))
    assert status == 0
    assert len(list(csv.reader(io.StringIO(out)))) > 3
    assert "warning series_ambiguous: m.csv, row 4" in err
    assert "do not state device, and several series fit (DUB | DermaScan)" in err


def test_check_names_the_rows_that_join_a_series_and_leaves_them_as_written(run, file):
    text = rows_of("right,dermis,DUB,22", ",unbekannt,,", "right,,DUB,", ",n/a,?,")
    status, out, _ = run("check", file("m.csv", text), "--json")
    found = json.loads(out)
    assert (status, found["outcome"]) == (0, "accept_with_warning")
    assert [m["layer"] for m in found["measurements"]] == ["dermis", "", "", ""]
    assert {f["code"] for f in found["findings"]} == {"series_joined"}
    assert found["findings"][0]["message"] == (
        "The readings of forearm in rows 3, 5 do not state side, layer, device and frequency; "
        "they are counted with the only series that fits (right, dermis, DUB, 22 MHz)"
    )


def test_a_reading_in_two_files_counts_once_though_one_leaves_the_layer_blank(run, file):
    full = rows_of(",dermis,,", ",dermis,,", ",dermis,,", ",dermis,,")
    less = rows_of(",,,", ",,,", ",,,", ",,,")
    files = [SourceFile("a.csv", full.encode()), SourceFile("b.csv", less.encode())]
    result = read_sources(files)
    assert len(result.measurements) == 4
    assert [f.code for f in result.findings].count("duplicate_row") == 4


def test_another_value_of_the_same_visit_is_asked_about_though_its_layer_is_blank():
    text = rows_of(",dermis,,", ",dermis,,") + "A1,2024-01-05,forearm,,,,,2.4\n"
    result = read_sources([SourceFile("m.csv", text.encode())])
    assert [q.key for q in result.questions] == ["same_visit"]


@pytest.mark.parametrize("written", ["bds.", "both", "bilateral"])
def test_a_value_of_both_sides_joins_neither(written):
    text = rows_of("left,,,", f"{written},,,", "left,,,")
    result = read_sources([SourceFile("m.csv", text.encode())])
    assert [(m.site, m.side) for m in result.measurements] == [
        ("forearm", "left"), ("forearm, both sides", ""), ("forearm", "left"),
    ]  # fmt: skip


def test_values_of_both_sides_alone_keep_the_name_of_their_site():
    result = read_sources([SourceFile("m.csv", rows_of("bds.,,,", "bds.,,,").encode())])
    assert {m.site for m in result.measurements} == {"forearm"}


@pytest.mark.parametrize(
    "word", ["unknown", "NA", "n/a", "-", "–", "unbekannt", "k.A.", "inconnu", "non précisé", "#NV"]
)
def test_a_word_for_unknown_is_blank_in_side_layer_and_device(word):
    result = read_sources([SourceFile("m.csv", rows_of(f"{word},{word},{word},").encode())])
    (m,) = result.measurements
    assert (m.side, m.layer, m.device) == ("", "", "")
    assert result.outcome == "accept"


def test_an_answer_about_series_is_passed_over_where_nothing_is_stored(run, file):
    text = rows_of(",,DUB,", ",,DermaScan,", ",,,")
    assert run("check", file("m.csv", text), "--answer", "series.forearm=DUB")[0] == 0
