"""The Report page without a browser, and the words and files that it gives."""

from __future__ import annotations

import io
import re
import shlex
import zipfile
from pathlib import Path

import pandas as pd
import pytest
from streamlit.testing.v1 import AppTest

from sm_tracker.cli import main
from sm_tracker.errors import SettingError
from sm_tracker.ingest import SourceFile
from sm_tracker.report.author_statements import AuthorStatements
from sm_tracker.ui import state
from sm_tracker.workflow import analysing, file_import, report_files, reporting
from sm_tracker.workflow.figure_choices import FigureChoices
from sm_tracker.workflow.printing import PrintedFigure
from tests.patience import PATIENCE_S

ROOT = Path(__file__).parents[2]
REPORT = "sm_tracker/ui/pages/report.py"
MEASUREMENTS = b"""patient_id,date,site,thickness_mm,examiner
QX-17,2024-01-10,forearm,2.50,KLM
QX-17,2024-03-12,forearm,2.10,KLM
QX-17,2024-05-14,forearm,1.60,KLM
ZZ-1,2024-01-10,chest,2.00,
"""
THERAPIES = b"""patient_id,therapy,start,end,end_status,note
QX-17,IVIG,2024-01-15,,ongoing,lives in Smalltown
"""


@pytest.fixture
def app(monkeypatch):
    monkeypatch.chdir(ROOT)
    return AppTest.from_file(str(ROOT / "app.py"), default_timeout=PATIENCE_S)


@pytest.fixture
def own(app):
    """The Report page with two own files open."""
    return open_files(app, MEASUREMENTS, THERAPIES)


@pytest.fixture(scope="module")
def analysis():
    files = [SourceFile("m.csv", MEASUREMENTS), SourceFile("t.csv", THERAPIES)]
    return analysing.analyse(file_import.records_of(file_import.read_files(files)))


def open_files(app, *contents):
    """The page with these files in view, as the Timeline leaves them."""
    files = tuple(SourceFile(f"{n}.csv", content) for n, content in enumerate(contents))
    app.session_state[state.OPENED] = (files, ())
    return app.switch_page(REPORT).run()


def words(page):
    html = " ".join(element.proto.body for element in page.get("html"))
    return re.sub(r"(?s)<style.*?</style>", "", html)


def texts(page):
    return "\n".join(block.value for block in page.code)


def test_the_words_on_the_page_are_those_of_the_report(app):
    page = app.switch_page(REPORT).run()
    assert not page.exception
    report = reporting.report_of(
        analysing.analyse(file_import.sample_records()), "SM-001", relative_days=True
    )
    shown = texts(page).replace("\n\n", "\n")
    for block in report.blocks:
        if hasattr(block, "text"):
            assert block.text in shown or block.text in words(page)
        elif hasattr(block, "table"):
            assert block.caption in " ".join(e.label for e in page.expander)
        else:
            assert block.caption in shown
    assert "IVIG, intravenous immunoglobulin" in texts(page)


def test_a_report_begins_without_dates_and_ends_with_a_list_of_what_could_identify(own):
    assert "day 0" in texts(own)
    assert "2024" not in texts(own).replace("Settings", "")
    assert "nothing found" in words(own)
    own.toggle[0].set_value(False).run()
    assert not own.exception
    assert "10 Jan 2024" in texts(own)
    for kind in ("Calendar date", "Patient code", "Note", "Examiner code"):
        assert kind in words(own)


def test_what_the_records_lack_is_asked_for_and_never_filled_in(own):
    assert {i.label for i in own.text_input} == {"Device", "Anatomical layer"}
    assert all(i.value == "" for i in own.text_input)
    assert all(i.value is None for i in own.number_input)
    assert "device: not recorded; frequency: not recorded" in texts(own)
    assert "Examiners: 1 (recorded)" in words(own)


def test_what_the_author_states_stands_in_the_methods_as_stated(own):
    next(i for i in own.text_input if i.label == "Device").set_value("DUB SkinScanner").run()
    next(i for i in own.number_input if i.label.startswith("Frequency")).set_value(22.0).run()
    assert not own.exception
    assert "device: DUB SkinScanner; frequency: 22 MHz" in texts(own)
    assert "The device and frequency are stated by the author where not recorded." in texts(own)
    assert "Stated by you" in words(own)


def test_an_age_is_rounded_while_dates_are_hidden_and_exact_otherwise(own):
    next(i for i in own.number_input if i.label.startswith("Age")).set_value(57.0).run()
    assert "Age of the patient at the first reading, in years: about 55." in texts(own)
    own.toggle[0].set_value(False).run()
    assert "in years: 57." in texts(own)


def test_readings_without_a_therapy_and_a_single_reading_have_a_report(app):
    page = open_files(app, MEASUREMENTS)
    assert not page.exception
    assert "CARE item 7" in " ".join(e.label for e in page.expander)
    assert "therapy periods below" not in texts(page)
    page.selectbox[0].set_value("ZZ-1").run()
    assert not page.exception
    assert "at 1 site (chest)" in texts(page)


def test_no_statement_changes_a_number_of_the_change_table(analysis, plain_files):
    stated = AuthorStatements(
        device="DUB", frequency_mhz=22, layer="dermis", examiner="one physician"
    )
    plain = plain_files["data/change_table.csv"]
    with_words = unpacked(analysis, stated)["data/change_table.csv"]
    assert plain == with_words


def unpacked(analysis, stated):
    packed = report_files.report_file(analysis, "QX-17", "zip", relative_days=True, stated=stated)
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@pytest.fixture(scope="module")
def plain_files(analysis):
    """The archive of a report in which nothing is stated, by file name."""
    return unpacked(analysis, None)


def test_what_is_stated_stands_in_every_document_of_the_archive(analysis):
    files = unpacked(analysis, AuthorStatements(layer="epidermis and dermis", age_years=93))
    assert b"epidermis and dermis" in files["report.html"]
    assert b"90 or older" in files["report.html"]
    with zipfile.ZipFile(io.BytesIO(files["report.docx"])) as document:
        assert b"epidermis and dermis" in document.read("word/document.xml")


@pytest.mark.parametrize("kind", ["docx", "html", "zip"])
def test_no_private_file_holds_code_examiner_note_or_date(analysis, kind):
    content = report_files.report_file(analysis, "QX-17", kind, relative_days=True)
    found = reporting.what_files_may_identify(analysis, "QX-17", {f"report.{kind}": content})
    assert found == []


def test_the_numbers_of_the_report_are_those_of_the_change_table_of_the_archive(plain_files):
    changes = pd.read_csv(io.BytesIO(plain_files["data/change_table.csv"]))
    row = changes[changes["level"] == "period"].iloc[0]
    html = plain_files["report.html"].decode()
    html = html.replace("\u00a0", " ")
    assert f"{row['baseline_mm']:.2f} → {row['last_mm']:.2f} mm" in html
    assert f"−{abs(row['change_mm']):.2f} mm" in html
    assert f"elow the limit of {row['limit_low_mm']:.2f} mm" in html


def test_a_patient_without_a_reading_has_days_from_the_first_therapy():
    files = [SourceFile("m.csv", MEASUREMENTS.replace(b"QX-17", b"YY-2"))]
    files.append(SourceFile("t.csv", THERAPIES))
    analysis = analysing.analyse(file_import.records_of(file_import.read_files(files)))
    report = unpacked(analysis, None)["report.html"].decode()
    assert re.search("day 0</td><td>(IVIG|intravenous immunoglobulin) started", report)
    assert "2024" not in re.sub('base64,[^"]+', "", report)


@pytest.mark.parametrize("wrong", [{"frequency_mhz": 0.2}, {"age_years": 140}, {"age_years": -1}])
def test_an_impossible_statement_is_refused_in_words(wrong):
    with pytest.raises(SettingError, match="not possible"):
        AuthorStatements(**wrong)


HARD_TO_QUOTE = FigureChoices(
    by_site=True,
    percent=True,
    sites=("hand dorsum:right", "forehead"),
    focus="forehead",
    period="HC (2)",
    outcomes=("mouth opening",),
    hidden=("MP",),
    error_band=False,
)


@pytest.mark.parametrize(
    "choices", [HARD_TO_QUOTE, FigureChoices(comparison=True, order="change", untreated=True)]
)
def test_the_archive_draws_the_chosen_figure_again_byte_for_byte(choices, tmp_path, monkeypatch):
    analysis = analysing.analyse(file_import.sample_records())
    printed = PrintedFigure(choices=choices, width_mm=90, gray=True, notes=False)
    packed = report_files.report_file(
        analysis, "SM-001", "zip", relative_days=True, printed=printed
    )
    with zipfile.ZipFile(io.BytesIO(packed)) as archive:
        archive.extractall(tmp_path)
    readme = (tmp_path / "README.txt").read_text()
    command = re.search(r"python -m sm_tracker (.*--out figure\.pdf.*)", readme).group(1)
    monkeypatch.chdir(tmp_path)
    assert main(shlex.split(command)) == 0
    drawn = (tmp_path / "figure.pdf").read_bytes()
    assert drawn == (tmp_path / "figures" / "figure.pdf").read_bytes()
    assert drawn != (tmp_path / "figures" / "timeline.pdf").read_bytes()


def test_the_report_takes_the_figure_chosen_on_the_other_page(app):
    page = app.switch_page("sm_tracker/ui/pages/figure.py").run()
    next(c for c in page.button_group if c.label == "Figure").set_value("comparison").run()
    page.switch_page(REPORT).run()
    assert not page.exception
    assert "Change of skin thickness by 20 MHz ultrasound under each therapy period" in texts(page)
    next(t for t in page.toggle if t.label == "The figure as chosen under Figure").set_value(False)
    page.run()
    assert not page.exception
    assert "Skin thickness by 20 MHz ultrasound over time" in texts(page)
