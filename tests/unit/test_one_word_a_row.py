"""One word a row, the same in sentence, table, comparison and report, with the figure's limit."""

from __future__ import annotations

import dataclasses
import html
import re

import pandas as pd
import pytest

from sm_tracker import ingest
from sm_tracker.analysis.change import change_table
from sm_tracker.analysis.change.answers import answer_of
from sm_tracker.domain.settings import Settings
from sm_tracker.figures.answer_words import answer_words, reason_text
from sm_tracker.figures.comparison import comparison_model
from sm_tracker.languages import speaking
from sm_tracker.report import comparison, results, tables, wording
from sm_tracker.ui import comparison_table, regimen_table
from sm_tracker.workflow import analysing, drawing, file_import, reporting

READINGS = """patient_id,date,site,thickness_mm
A1,2024-01-10,forearm,2.50
A1,2024-03-12,forearm,2.10
A1,2024-05-14,forearm,1.60
"""


@pytest.fixture(scope="module")
def analysis():
    return analysing.analyse(file_import.sample_records())


def series(analysis, site):
    changes = analysis.changes
    return changes[(changes["site"] == site) & (changes["level"] != "patient")]


def shown_rows(analysis, site):
    over_sites = drawing.changes_over_sites(analysis, "SM-001")
    return tables.regimen_rows(
        series(analysis, site), analysis.records.therapies, analysis.settings, None, over_sites
    )


def row_of(table, period):
    """The cells of one period of a table in HTML."""
    return re.search(rf'data-period="{period}">(.*?)</tr>', table).group(1)


def said_in(markup):
    return html.unescape(" ".join(re.sub(r"<[^>]*>", " ", markup).split()))


@pytest.mark.parametrize(
    ("language", "word", "why", "beside", "over_sites"),
    [
        ("en", "Slightly thinner than before", "Less than two single readings could show",
         "The last reading alone is below the limit of 1.69 mm", "Slightly thinner at 3 of 4"),
        ("de", "Etwas dünner als zuvor", "Weniger, als zwei Einzelmessungen zeigen könnten",
         "Die letzte Messung allein liegt unter der Grenze von 1,69 mm",
         "Etwas dünner an 3 von 4 Messstellen"),
        ("fr", "Légèrement plus mince qu'avant",
         "Moins que ce que deux mesures isolées pourraient montrer",
         "La dernière mesure seule est en dessous de la limite de 1,69 mm",
         "Légèrement plus mince à 3 sites sur 4"),
    ],
)  # fmt: skip
def test_a_row_shows_one_word_why_and_what_differs(
    analysis, language, word, why, beside, over_sites
):
    with speaking(language):
        markup = regimen_table.regimen_table_html(shown_rows(analysis, "forehead"), "ivig-1")
    cells = row_of(markup, "ivig-1")
    assert cells.count('class="check') == 1
    said = said_in(cells)
    for part in (word, why, beside, over_sites):
        assert said.count(part) == 1, part


@pytest.mark.parametrize("language", ["en", "de", "fr"])
def test_every_place_gives_a_row_the_same_word(analysis, language):
    settings, therapies = analysis.settings, analysis.records.therapies
    with speaking(language):
        table = {row.period_id: row for row in shown_rows(analysis, "forearm")}
        beside = drawing.period_comparison(
            analysis, comparison_model.ComparisonView(patient_id="SM-001", language=language)
        )
        column = next(k for k, c in enumerate(beside.columns) if c == beside.columns[0])
        compared = {row.key: row.cells[column] for row in beside.rows if row.level == "period"}
        for _, row in series(analysis, "forearm").iterrows():
            if row["level"] != "period":
                continue
            said = answer_words(row, settings.min_readings)
            assert table[row["period_id"]].code == answer_of(row).word == said.code
            assert compared[row["period_id"]].word.casefold() == said.headed.casefold()
            assert said.word in wording.plain_text(wording.change_headline(row, therapies))
            told = results.grouped_results(row.to_frame().T, settings)
            whole = said.headed if row["answer"] == "phases" else said.word
            assert [part.startswith(whole) for part in told] == [True]


def test_the_limit_in_the_sentence_is_the_end_of_the_band_in_the_figure(analysis):
    view = drawing.starting_view(analysis, "SM-001")
    (row,) = [
        r for _, r in drawing.changes_of_period(analysis, view).iterrows() if r["site"] == "forearm"
    ]
    model = drawing.timeline(analysis, view)
    (band,) = [p.band for p in model.panels if p.band]
    assert band.low == pytest.approx(row["limit_low_mm"], abs=1e-12)
    assert band.high == pytest.approx(row["limit_high_mm"], abs=1e-12)
    sentence = wording.plain_text(wording.change_headline(row, analysis.records.therapies))
    assert f"below the limit of {band.low:.2f} mm" in sentence
    assert any(f"Grey band, {band.low:.2f} mm to {band.high:.2f} mm" in n for n in model.notes)
    shown = next(r for r in shown_rows(analysis, "forearm") if r.period_id == "ivig-1")
    assert shown.limit == f"below the limit of {band.low:.2f} mm"
    left, right, _change = shown.strip
    width = 2 * tables.STRIP_MM
    assert left * width - tables.STRIP_MM == pytest.approx(band.low - band.baseline)
    assert right * width - tables.STRIP_MM == pytest.approx(band.high - band.baseline)


def test_a_change_lies_outside_the_limits_exactly_where_it_is_beyond_error(analysis):
    rows = analysis.changes[analysis.changes["change_mm"].notna()]
    below = rows["last_mm"] < rows["limit_low_mm"]
    above = rows["last_mm"] > rows["limit_high_mm"]
    assert (below == (rows["error_check"] == "thinner")).all()
    assert (above == (rows["error_check"] == "thicker")).all()


def untreated():
    files = [ingest.SourceFile("m.csv", READINGS.encode())]
    return analysing.analyse(file_import.records_of(file_import.read_files(files)))


def test_a_patient_without_therapy_has_the_whole_course_in_every_place():
    analysis = untreated()
    view = dataclasses.replace(drawing.starting_view(analysis, "A1"), focus_site="forearm")
    row = drawing.change_in_focus(analysis, view)
    assert row["level"] == "course"
    assert wording.plain_text(wording.change_headline(row)) == (
        "Forearm from 10 Jan 2024 to 14 May 2024: thinner, 2.50 → 1.60 mm (−36 %), below the limit "
        "of 2.06 mm."
    )
    (shown,) = tables.regimen_rows(
        drawing.changes_of(analysis, view), analysis.records.therapies, analysis.settings
    )
    assert (shown.regimen, shown.word) == ("Whole course", "Thinner")
    model = drawing.timeline(analysis, view)
    assert model.notes[0] == (
        "From the first to the last reading, forearm: thinner, 2.50 → 1.60 mm, below the limit of "
        "2.06 mm. No therapy is recorded."
    )
    (band,) = [p.band for p in model.panels if p.band]
    assert f"{band.low:.2f}" == "2.06"
    beside = drawing.period_comparison(analysis, comparison_model.ComparisonView(patient_id="A1"))
    assert [r.name for r in beside.rows] == ["Whole course"]
    head, _second = comparison.comparison_words(analysis.changes, analysis.settings)
    assert head == "No therapy; from first to last reading thinner at 1 of 1 sites."
    report = reporting.report_of(analysis, "A1")
    assert "thinner over the whole course (2.50 → 1.60 mm)" in report.words.replace("\u00a0", " ")


def test_where_thicker_is_better_the_words_follow_the_sign_and_the_codes_the_benefit():
    settings = Settings(improvement="increase", sem_mm=0.03, sem_fraction=0.0, sem_source="own")
    days = ("2024-01-10", "2024-02-10", "2024-03-10", "2024-06-10", "2024-07-10", "2024-08-10")
    values = (1.0, 1.01, 0.99, 1.5, 1.52, 1.51)
    readings = "patient_id,date,site,thickness_mm\n" + "".join(
        f"A1,{d},{s},{v}\n" for s in ("forearm", "chest") for d, v in zip(days, values, strict=True)
    )
    files = [
        ingest.SourceFile("m.csv", readings.encode()),
        ingest.SourceFile("t.csv", b"patient_id,therapy,start\nA1,IVIG,2024-03-15\n"),
    ]
    analysis = analysing.analyse(
        file_import.records_of(file_import.read_files(files)), settings=settings
    )
    rows = analysis.changes[analysis.changes["period_id"] != ""]
    assert set(rows["verdict"]) == {"improved"}
    words = [answer_words(row, 3, "increase").headed for _, row in rows.iterrows()]
    assert words == ["thicker than before"] * 2 + ["thicker at 2 of 2 sites"]


def outcome_changes():
    """Mouth opening of one patient under IVIG, without an error."""
    files = [
        ingest.SourceFile("m.csv", READINGS.encode()),
        ingest.SourceFile("t.csv", b"patient_id,therapy,start\nA1,IVIG,2024-01-15\n"),
        ingest.SourceFile(
            "o.csv",
            b"patient_id,date,outcome,value,unit,better\n"
            b"A1,2024-01-10,mouth opening,31,mm,higher\nA1,2024-05-14,mouth opening,44,mm,higher\n",
        ),
    ]
    records = file_import.records_of(file_import.read_files(files))
    return change_table(
        records.measurements, records.therapies, Settings(), outcomes=records.outcomes
    )


def test_a_second_outcome_has_its_numbers_in_its_own_unit_and_no_word_without_an_error():
    changes = outcome_changes()
    outcome = changes[(changes["measure"] == "mouth opening") & (changes["level"] == "period")]
    sentence = wording.plain_text(wording.change_headline(outcome.iloc[0]))
    assert sentence == (
        "Mouth opening under IVIG from 15 Jan 2024, end unknown: 31 → 44 mm (+42 %); "
        "measurement error not known."
    )
    rows = changes[changes["period_id"] != ""]
    skin = rows[rows["measure"] == "thickness"].iloc[0]
    assert "Mouth opening 31 → 44 mm, +13." in wording.second_line(rows, skin, Settings())


@pytest.mark.parametrize(
    ("kind", "cycles", "said"),
    [
        ("cyclic", "6", "last value 21 days after the last cycle"),
        ("pulse", "", "last value 21 days after the last pulse"),
        ("single", "", "last value 21 days after the end"),
    ],
)
def test_a_value_after_the_end_says_so_in_table_and_sentence(kind, cycles, said):
    therapies = (
        "patient_id,therapy,start,end,kind,cycles\n"
        f"A1,my mixture,2024-01-15,2024-04-23,{kind},{cycles}\n"
    )
    files = [
        ingest.SourceFile("m.csv", READINGS.encode()),
        ingest.SourceFile("t.csv", therapies.encode()),
    ]
    analysis = analysing.analyse(file_import.records_of(file_import.read_files(files)))
    row = analysis.changes[analysis.changes["level"] == "period"].iloc[0]
    assert (row["days_after_end"], "after_end" in row["flags"]) == (21, True)
    known = analysis.records.therapies
    assert said in wording.plain_text(wording.change_headline(row, known))
    (shown,) = tables.regimen_rows(row.to_frame().T, known, analysis.settings)
    assert shown.days == f"125 days; {said}"


def test_a_row_with_too_few_recent_readings_says_when_it_was_last_read():
    old = "".join(f"A1,2020-0{k}-10,forearm,2.4{k}\n" for k in (1, 2, 3))
    files = [
        ingest.SourceFile("m.csv", (READINGS.replace("2024-01-10", "2020-04-10") + old).encode()),
        ingest.SourceFile("t.csv", b"patient_id,therapy,start\nA1,IVIG,2024-01-15\n"),
    ]
    analysis = analysing.analyse(file_import.records_of(file_import.read_files(files)))
    row = analysis.changes[analysis.changes["level"] == "period"].iloc[0]
    assert row["verdict_reason_code"] == "too_few_old"
    said = "0 before, 2 during; 3 each are needed; last read 45 months before"
    assert reason_text(row, 3) == said
    shown = tables.regimen_rows(row.to_frame().T, analysis.records.therapies, analysis.settings)[0]
    assert "Last read 45 months before the start." in shown.reasons[-1]


def test_a_remark_that_holds_for_every_period_is_said_once(analysis):
    changes = series(analysis, "forearm").copy()
    changes["flags"] = (
        (changes["flags"] + " few_replicates")
        .str.strip()
        .where(~changes["flags"].str.contains("few_replicates"), changes["flags"])
    )
    rows = tables.regimen_rows(changes, analysis.records.therapies, analysis.settings)
    markup = regimen_table.regimen_table_html(rows, "")
    assert markup.count("rests on few readings") == 1


def test_the_comparison_names_sites_and_the_word_over_them(analysis):
    model = drawing.period_comparison(
        analysis, comparison_model.ComparisonView(patient_id="SM-001")
    )
    regimens = dict(zip(analysis.changes["period_id"], analysis.changes["regimen"], strict=True))
    said = said_in(
        row_of(comparison_table.comparison_table_html(model, regimens, "ivig-1"), "ivig-1")
    )
    assert "Slightly thinner at 3 of 4 sites" in said
    assert said.count("Thinner than before") == 1
    assert said.count("Slightly thinner than before") == 2
    assert {sign for sign, _ in model.key} >= {"thinner", "slightly_thinner", "neither"}
    assert pd.Series([c.sign for c in model.rows[0].cells]).tolist().count("slightly_thinner") == 2
