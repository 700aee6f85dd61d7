"""Texts for a paper: what they say, what they must not say, and what could identify."""

from __future__ import annotations

import dataclasses
import re

import pandas as pd
import pytest

from sm_tracker import ingest
from sm_tracker.domain.settings import RegimenWindow, Settings
from sm_tracker.languages import speaking
from sm_tracker.report import identifying, methods_words, reasons, results, tables, wording
from sm_tracker.report.bundle import on_relative_days
from sm_tracker.report.contents import case_report
from sm_tracker.report.export_tables import made_safe, write_csv, write_xlsx
from sm_tracker.report.numbers import When, change_mm, interval, per_cent, signed
from sm_tracker.workflow import analysing, file_import, reporting


@pytest.fixture(scope="module")
def analysis():
    return analysing.analyse(file_import.sample_records())


@pytest.fixture(scope="module")
def zero(analysis):
    return float(analysis.visits["t"].min())


def report_of(analysis, day_zero=None):
    return case_report(
        analysis.records,
        analysis.visits,
        analysis.changes,
        analysis.settings,
        caption="A course.",
        alt="a timeline",
        version="0",
        day_zero=day_zero,
    )


def numbers_in(text):
    return [float(n.replace("−", "-")) for n in re.findall(r"[+−]?\d+\.\d\d", text)]


@pytest.mark.parametrize(
    ("value", "text"), [(-0.87, "−0.87 mm"), (0.004, "0.00 mm"), (0.5, "+0.50 mm")]
)
def test_a_change_has_its_sign_and_zero_has_none(value, text):
    assert change_mm(value) == text


def test_per_cent_is_whole_and_intervals_are_signed():
    assert per_cent(-34.9) == "−35 %"
    assert interval(-1.024, 0.08) == "[−1.02, +0.08]"
    assert signed(-0.0, 2) == "0.00"


def results_of(report):
    return report.blocks[2].text.replace("\u00a0", " ")


@pytest.mark.parametrize("language", ["en", "de", "fr"])
def test_every_number_of_the_results_stands_in_the_change_table(analysis, language):
    columns = [
        "baseline_mm", "last_mm", "change_mm", "mean_change_mm", "ci_low_mm", "ci_high_mm",
        "mdc95_mm", "n_reference", "n_under", "sites_counted", "sites_improved_slightly",
    ]  # fmt: skip
    with speaking(language):
        said = results_of(reporting.report_of(analysis, "SM-001"))
    known = {round(v, 2) for c in columns for v in analysis.changes[c].dropna()}
    body = said[said.index("1).") : said.rindex("(doi")].replace("−", "-")
    found = re.findall(r"(?<![\w.,])[+-]?\d+(?:[.,]\d+)?(?![\w.])", body)
    numbers = {float(n.replace(",", ".").strip("+")) for n in found}
    assert len(numbers) > 25
    # Labels such as HC (2) and Table 1, the share of the interval and the year of a source.
    assert numbers - known <= {1.0, 2.0, 95.0, 1984.0}
    assert "±" not in said


@pytest.mark.parametrize("language", ["en", "de", "fr"])
def test_the_results_are_a_paragraph_of_a_journals_length(analysis, language):
    with speaking(language):
        made = reporting.report_of(analysis, "SM-001")
    said = made.blocks[2].text
    assert len(said.split(" ")) <= 250
    assert 4 <= len(re.findall(r"(?<!\d)\.(?: |$)(?=[A-ZÀ-Ü]|$)", said)) <= 6


def test_figures_and_tables_are_numbered_and_the_results_refer_to_them(analysis):
    made = reporting.report_of(analysis, "SM-001")
    labels = [b.label for b in made.blocks if hasattr(b, "label")]
    assert labels[:3] == ["Figure 1", "Table 1", "Table 2"]
    assert labels[3:] == [f"Table S{n}" for n in range(1, len(labels) - 2)]
    assert "(Figure 1)" in results_of(made)
    assert "(Table 1)" in results_of(made)


def test_one_table_holds_every_regimen_at_every_site(analysis, report):
    table = next(b for b in report.blocks if getattr(b, "label", "") == "Table 1").table
    assert [*table.columns] == [
        "Regimen", "Period", "Chest", "Right forearm", "Forehead", "Right hand dorsum",
        "Mouth opening",
    ]  # fmt: skip
    assert [*table["Regimen"]] == [
        "UVA1", "HC (1)", "CP", "HC (2)", "ECP", "MP", "IVIG", "Whole course"
    ]  # fmt: skip
    cells = dict(
        zip(table["Regimen"], table["Right forearm"].str.replace("\u00a0", " "), strict=True)
    )
    assert cells["CP"] == "−0.52 mm (2.48 → 1.96 mm); thinner"
    assert cells["IVIG"] == "−0.55 mm (2.49 → 1.62 mm); thinner than before"
    none = dict(zip(table["Regimen"], table["Forehead"], strict=True))["HC (2)"]
    assert none == "not calculable: no baseline reading"


def test_what_could_not_be_calculated_is_told_with_its_reason(analysis):
    changes = analysis.changes
    focus = changes[(changes["site"] == "forehead") & (changes["level"] != "patient")]
    said = results.results_text(changes, focus, analysis.visits, analysis.settings)
    assert "No change could be calculated under HC (2) (no baseline reading)." in said


def test_every_number_of_the_headline_and_the_table_stands_in_the_change_table(analysis):
    changes = analysis.changes[analysis.changes["level"] != "patient"]
    for _, row in changes.iterrows():
        known = {round(row[c], 2) for c in changes.columns if isinstance(row[c], float)}
        (shown,) = tables.regimen_rows(
            row.to_frame().T, analysis.records.therapies, analysis.settings
        )
        said = wording.plain_text(wording.change_headline(row)) + repr(
            dataclasses.replace(shown, strip=None)
        )
        assert set(numbers_in(said)) <= known
        assert "±" not in said


def test_a_report_without_any_measurement_says_so_and_counts_nothing():
    therapy = {"patient_id": ["A1"], "therapy": ["IVIG"], "start": ["2024-01-15"]}
    file = ingest.SourceFile("t.csv", pd.DataFrame(therapy).to_csv(index=False).encode())
    found = analysing.analyse(file_import.records_of(file_import.read_files([file])))
    methods = methods_words.methods_text(found.visits, found.settings, "0")
    assert methods.startswith("The records hold no measurement of skin thickness.")
    assert " 0 " not in methods.split("The measurement error")[0]
    said = results.results_text(found.changes, found.changes, found.visits, found.settings)
    assert said == (
        "The records hold no measurement. No change could be calculated under IVIG (no reading "
        "of this patient)."
    )


def test_no_sentence_claims_an_effect_or_gives_advice(analysis):
    text = report_of(analysis).words + " ".join(reasons.flag_templates().values())
    forbidden = r"responder|significant|effect of|should (?:be|stop|start)|recommend"
    assert re.search(forbidden, text, re.IGNORECASE) is None


def test_on_relative_days_no_calendar_date_is_anywhere(analysis, zero):
    text = report_of(analysis, zero).words
    months = "Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec"
    assert re.search(rf"\b(?:{months})\w* 20\d\d|20\d\d-\d\d", text) is None
    assert "day 0" in text
    assert "20" in report_of(analysis).words


def test_settings_error_and_its_source_are_in_every_report(analysis):
    text = report_of(analysis).words
    assert analysis.settings.settings_id in text
    assert "Serup 1984" in text
    assert "not a medical device" in text
    assert "no randomisation, no blinding" in text


def test_what_may_identify_is_listed(analysis):
    texts = {"caption": "Aged 93 years old, seen on 2024-03-01 by E1, call +49 30 1234567"}
    kinds = {kind for _, kind, _ in identifying.identifying_findings(texts, analysis.records)}
    assert {"calendar date", "age over 89", "telephone number", "examiner code"} <= kinds


def test_relative_records_keep_nothing_that_identifies_and_give_the_same_changes(analysis, zero):
    relative = on_relative_days(analysis.records, zero)
    texts = {name: content.decode() for name, content in write_csv(relative).items()}
    # The device's name stays, for the author to judge.
    left = {
        (kind, what) for _, kind, what in identifying.identifying_findings(texts, analysis.records)
    }
    assert left == {("device name", "synthetic B-mode scanner")}
    again = analysing.analyse(relative)
    assert again.changes["change_mm"].tolist() == pytest.approx(
        analysis.changes["change_mm"].tolist(), nan_ok=True
    )


def test_ages_are_rounded_and_grouped_from_ninety():
    assert identifying.rounded_age(63) == "about 65"
    assert identifying.rounded_age(91) == "90 or older"


@pytest.mark.parametrize(
    ("text", "safe"),
    [("=1+1", "'=1+1"), ("@x", "'@x"), ("-2.5", "-2.5"), ("+3", "+3"), ("-a", "'-a"), ("a", "a")],
)
def test_formulas_are_made_safe_and_real_numbers_left_alone(text, safe):
    assert made_safe(text) == safe


def test_own_tables_read_back_identical(analysis):
    files = tuple(
        ingest.SourceFile(name, content) for name, content in write_csv(analysis.records).items()
    )
    result = file_import.read_files(files)
    assert result.outcome == "accept"
    assert result.findings == ()
    again = file_import.records_of(result)
    shown = ["measurements", "therapies", "outcomes"]
    for name in shown:
        before, after = getattr(analysis.records, name), getattr(again, name)
        pd.testing.assert_frame_equal(
            before.drop(columns=["file", "row"]), after.drop(columns=["file", "row"])
        )


def test_equal_records_give_equal_workbooks(analysis):
    assert write_xlsx(analysis.records) == write_xlsx(analysis.records)


def test_a_day_is_written_in_days_from_zero():
    assert When(10).day(pd.NaT, 12.0) == "day 2"
    assert When(10).limit(pd.Timestamp("2024-03-01"), 12.0, "month") == "about day 2"
    assert When().limit(pd.Timestamp("2024-03-01"), 12.0, "month") == "≈ Mar 2024"


@pytest.fixture(scope="module")
def report(analysis):
    return reporting.report_of(analysis, "SM-001")


def table_of(report, words):
    return next(b for b in report.blocks if words in getattr(b, "caption", "")).table


def test_the_same_regimen_given_twice_is_told_apart_in_the_results(report):
    said = results_of(report)
    assert "within measurement error under UVA1 (2.44 → 2.31 mm), HC (1) (2.31 → 2.46 mm)" in said
    assert "undecided under HC (2) (" in said


def test_a_result_says_how_many_readings_stand_behind_each_number(report):
    said = results_of(report)
    assert (
        "thinner than before under IVIG (2.49 → 1.62 mm; −0.55 mm [−0.94, −0.17]; n = 3 and 4)"
    ) in said
    assert (
        "(last reading before → last during; difference of means [95 % interval]; readings before "
        "and during)"
    ) in said
    assert "From a value of 2.44 mm the smallest detectable change was 0.40 mm" in said


def test_where_the_two_answers_differ_a_result_says_so_in_half_a_sentence(report):
    table = table_of(report, "Change per regimen, forehead")
    said = dict(zip(table["Regimen"], table["Result"], strict=True))["IVIG"]
    assert "less than two single readings could show" in said
    assert "he last reading alone is below the limit of 1.69 mm" in said


def test_the_word_over_the_sites_and_the_whole_course_stand_in_the_report(report):
    assert "slightly thinner at 3 of 4 sites under IVIG" in results_of(report)
    table = table_of(report, "over the body sites")
    words = dict(zip(table["Regimen"], table["Result"], strict=True))
    assert words["IVIG"] == "Slightly thinner at 3 of 4 sites"
    assert words["CP"] == "Too few readings: enough at 0 sites, 2 are needed"
    course = table_of(report, "Change per regimen, right forearm").iloc[-1]
    assert (course["Regimen"], course["Result"]) == ("Whole course", "Thinner")


def test_time_without_therapy_is_never_called_under_something(report):
    regimens = [
        name
        for block in report.blocks
        if getattr(block, "caption", "").startswith("Change per regimen, ")
        for name in block.table["Regimen"]
    ]
    assert regimens.count("No therapy") == 14  # 11 of the skin, 3 of the mouth opening
    assert "under no" not in report.words


def test_every_row_of_a_regimen_table_has_its_limit_its_days_and_its_n(report, analysis):
    table = table_of(report, "Change per regimen, right forearm")
    rows = analysis.changes[analysis.changes["site"] == "forearm"]
    rows = rows.assign(course=rows["level"] == "course").sort_values(["course", "starts_day"])
    for shown, (_, row) in zip(table.itertuples(index=False), rows.iterrows(), strict=True):
        change, limit, result = shown[3], shown[4], shown[5]
        assert f"in {row['days']:.0f} days" in change
        side = "limit_low_mm" if row["change_mm"] < 0 else "limit_high_mm"
        assert f"{row[side]:.2f}" in limit
        counts = f"n = {row['n_reference']:.0f} and {row['n_under']:.0f}"
        needed = row["answer"] == "readings"
        assert (
            counts in result
            or (needed and "eadings still needed" in result)
            or (row["level"] == "course")
        )


def test_the_case_timeline_names_second_outcomes_fewer_readings_and_pulses_as_the_figure_does(
    report,
):
    said = {f"{r.When} {r.Event}": r.Details for r in table_of(report, "Timeline").itertuples()}
    assert said["8 Mar 2021 Measurement"].endswith("; mouth opening 34 mm")
    assert "right forearm 2.24 mm (n 2)" in said["17 Jan 2022 Measurement"]
    assert "6 pulses" in said["8 Nov 2021 Cyclophosphamide started"]
    assert "6 cycles so far" in said["10 Mar 2025 IVIG started"]
    events = [key for key in said if key.startswith("4 Sep 2023")]
    assert [e.split("2023 ")[1] for e in events] == [
        "Measurement", "Hydroxychloroquine ended", "ECP started",
    ]  # fmt: skip


def test_what_starts_and_ends_on_one_day_starts_first():
    therapies = "patient_id,therapy,start,end\nA1,rituximab,2024-03-01,2024-03-01\n"
    readings = "patient_id,date,site,thickness_mm\nA1,2024-02-01,forearm,2.4\n"
    files = [
        ingest.SourceFile(name, text.encode())
        for name, text in (("m.csv", readings), ("t.csv", therapies))
    ]
    found = analysing.analyse(file_import.records_of(file_import.read_files(files)))
    events = table_of(reporting.report_of(found, "A1"), "Timeline")["Event"].tolist()
    assert events == ["Measurement", "Rituximab started", "Rituximab ended"]


def test_the_methods_count_values_without_a_number_and_explain_the_verdict(report, analysis):
    states = analysis.visits["state"].value_counts()
    said = f"Of {len(analysis.visits)} visit values, {states['censored']} was censored and 1 was"
    assert said in report.words
    assert "from the day after the start until 30 days after the end where" in report.words
    assert "older than 730 days at the start were not used" in report.words
    assert "a natural drift with an SD of 0.4 mm a year" in report.words
    assert "2.77 times the SEM of the mean before" in report.words


def test_own_windows_of_a_regimen_and_a_smallest_important_change_stand_in_the_methods(analysis):
    special = Settings(
        lag_days=28,
        minimal_important_change_mm=0.5,
        regimen_windows=(RegimenWindow(regimen="ECP", lag_days=56),),
    )
    said = methods_words.methods_text(analysis.visits, special, "0")
    assert "from 28 days after the start" in said
    assert "Own windows: lag 56 days for ECP." in said
    assert "0.5 mm, the smallest change called important" in said


def test_two_devices_at_one_site_are_two_tables_and_are_named_in_the_results():
    rows = "".join(
        f"A1,{day},forearm,{mm},{device}\n"
        for device, size in (("scanner A", 2.4), ("scanner B", 2.6))
        for day, mm in (("2024-01-10", size), ("2024-06-10", size - 0.1))
    )
    files = [
        ingest.SourceFile("m.csv", f"patient_id,date,site,thickness_mm,device\n{rows}".encode()),
        ingest.SourceFile("t.csv", b"patient_id,therapy,start\nA1,IVIG,2024-01-15\n"),
    ]
    read = file_import.read_files(files)
    answers = {q.key: q.choices[0].value for q in read.questions}
    found = analysing.analyse(
        file_import.records_of(file_import.read_files(files, answers=answers))
    )
    made = reporting.report_of(found, "A1")
    for device in ("scanner A", "scanner B"):
        overview = next(b for b in made.blocks if getattr(b, "label", "") == "Table 1").table
        (column,) = [c for c in overview if device in c]
        assert "within measurement error" in overview[column].iloc[0]
        assert len(table_of(made, f"Change per regimen, forearm, {device}")) == 2


def _numbers_of(text: str) -> set[str]:
    return set(re.findall(r"\d+\.\d\d", text.replace(",", ".")))


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("de", ("Methoden", "Hautdicke unter Therapie", "Der", "zensiert")),
        ("fr", ("Méthodes", "Épaisseur cutanée sous traitement", "censurée")),
    ],
)
def test_a_report_speaks_the_language_of_its_reader_and_says_the_same_numbers(
    analysis, report, language, words
):
    with speaking(language):
        made = reporting.report_of(analysis, "SM-001")
    assert all(word in made.words for word in words)
    assert _numbers_of(made.words) == _numbers_of(report.words)


def test_the_caption_says_what_the_signs_of_the_lanes_mean_and_names_second_outcomes(report):
    (figure,) = [b for b in report.blocks if hasattr(b, "alt")]
    assert figure.caption.startswith(
        "Skin thickness by 20 MHz ultrasound over time, with mouth opening and therapy periods"
    )
    assert "Ticks: sessions; arrow: ongoing; pale ends: date known to the month." in figure.caption
    assert figure.caption.count("Synthetic data.") == 1


def test_usual_reasons_and_routes_are_in_the_language_of_the_report_and_others_as_written():
    readings = "patient_id,date,site,thickness_mm\nA1,2024-02-01,forearm,2.4\n"
    therapies = (
        "patient_id,therapy,start,end,route,stop_reason\n"
        "A1,IVIG,2024-03-01,2024-05-01,intravenous,no improvement\n"
        "A1,rituximab,2024-06-01,2024-07-01,,moved to another town\n"
    )
    files = [
        ingest.SourceFile(name, text.encode())
        for name, text in (("m.csv", readings), ("t.csv", therapies))
    ]
    found = analysing.analyse(file_import.records_of(file_import.read_files(files)))
    with speaking("de"):
        said = reporting.report_of(found, "A1").words
    words = ("intravenös", "keine Besserung", "moved to another town", "no improvement")
    assert [w for w in words if w in said] == [*words[:3]]


def test_what_a_german_report_fills_in_is_german_and_its_nouns_keep_their_capital(analysis):
    with speaking("de"):
        said = reporting.report_of(analysis, "SM-001").words
    for words in (
        "Cyclophosphamid begonnen",
        "Schicht: Dermis",
        "je Therapie, Mundöffnung",
        "; Intervall zu weit",
        "; Mittel +0,17 mm",
        "über 91 Tage",
        "Erkennbar wäre mit 1 weiteren Messung",
    ):
        assert words in said, words


def test_french_names_of_series_begin_a_cell_with_a_capital(analysis):
    with speaking("fr"):
        report = reporting.report_of(analysis, "SM-001")
    series = next(b.table["Série"] for b in report.blocks if "Série" in getattr(b, "table", ()))
    assert list(series) == ["Thorax", "Avant-bras droit", "Front", "Dos de la main droite"]


def test_settings_of_a_german_report_have_the_decimal_comma(analysis):
    with speaking("de"):
        shown = dict(row[:2] for row in methods_words.settings_rows(analysis.settings))
    assert shown["sem_mm"] == "0,09 mm"
    assert shown["confidence"] == "0,95"
