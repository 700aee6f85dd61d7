"""Hostile text in every text field of every record is text in every file that leaves the program.

The fields come from the description of the records and the files from the lists of what can be
written, so a new field, form or format is tried without another line here.
"""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from xml.etree import ElementTree

import pytest
from openpyxl import load_workbook

from sm_tracker.domain.records import TherapyPeriod
from sm_tracker.domain.tables import tables_of_records
from sm_tracker.figures.export import figure_bytes
from sm_tracker.report.export_tables import FORMULA_STARTS, table_as_csv
from sm_tracker.workflow import hand_out
from sm_tracker.workflow.analysing import analyse
from sm_tracker.workflow.drawing import starting_view, timeline
from sm_tracker.workflow.exchanging import FORMS, exchange_files
from sm_tracker.workflow.report_files import REPORT_KINDS, report_file
from tests.extreme_records import KINDS, ordinary_fields, rules_of

HOSTILE = {
    "formula, markup": "=HYPERLINK(1) </w:t></text>]]><script>alert(1)</script>&amp;",
    "formula after a tab, control characters": "\t@SUM(1) a\x07\x1b[31m\x0b\x0cb\ufffe",
    "command, right to left, long": "+1+cmd|'/C calc'!A0 \u202egpj.\u2066exe " + "W" * 80,
}
FIGURES = ("svg", "png", "pdf")
KEPT_BY_THE_PROGRAM = {"assumed", "doubt_reason"}
"""Texts that the program writes itself and of which it knows all words."""


def text_fields(kind):
    kinds = ("code", "label", "name", "note")
    return [
        n for n, r in rules_of(kind).items() if r.kind in kinds and n not in KEPT_BY_THE_PROGRAM
    ]


@pytest.fixture(scope="module", params=HOSTILE)
def analysis(request):
    words = HOSTILE[request.param]
    records = [
        kind(
            **ordinary_fields(kind, n, dated=True)
            | dict.fromkeys(text_fields(kind), words)
            | ({"period_id": f"{words[:118]}{n}"} if "period_id" in rules_of(kind) else {})
        )
        for kind in KINDS
        for n in range(2 if kind is TherapyPeriod else 5)
    ]
    made = analyse(tables_of_records(*([r for r in records if isinstance(r, k)] for k in KINDS)))
    assert made.set_aside.empty
    return made


def formulas_in_csv(content):
    cells = [cell for row in csv.reader(io.StringIO(content)) for cell in row]
    return [c for c in cells if c.startswith(FORMULA_STARTS) and not is_number(c)]


def is_number(text):
    return re.fullmatch(r"[+-]?[\d.]+(e[+-]?\d+)?", text) is not None


def wrong_in(name, content):
    """What another program would do with a file beyond showing it; archives file by file."""
    if content[:2] == b"PK":
        with zipfile.ZipFile(io.BytesIO(content)) as packed:
            inside = {f"{name}/{n}": packed.read(n) for n in packed.namelist()}
        if name.endswith(".xlsx"):
            book = load_workbook(io.BytesIO(content))
            cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
            yield from (f"{name}: formula {c.coordinate}" for c in cells if c.data_type == "f")
        for at, held in inside.items():
            yield from wrong_in(at, held)
        return
    if name.endswith((".xml", ".svg", ".rels")):
        for element in ElementTree.fromstring(content).iter():
            tag = str(element.tag).rpartition("}")[2]
            if tag in ("script", "foreignObject", "hyperlink", "f"):
                yield f"{name}: <{tag}>"
    elif name.endswith((".csv", ".tsv")):
        yield from (f"{name}: {cell!r}" for cell in formulas_in_csv(content.decode()))
    elif name.endswith(".html"):
        if b"<script>alert" in content:
            yield f"{name}: script"
    elif name.endswith(".json"):
        json.loads(content)


@pytest.mark.parametrize("form", FORMS)
def test_every_form_of_exchange_holds_text_as_text(analysis, form):
    files, _ = exchange_files(analysis.records, form)
    assert files
    assert [w for name, content in files.items() for w in wrong_in(name, content)] == []


@pytest.mark.parametrize("kind", REPORT_KINDS)
def test_every_kind_of_report_holds_text_as_text(analysis, kind):
    content = report_file(analysis, analysis.records.patients[0], kind)
    assert list(wrong_in(f"report.{kind}", content)) == []


@pytest.mark.parametrize("ending", FIGURES)
def test_every_figure_holds_text_as_text(analysis, ending):
    model = timeline(analysis, starting_view(analysis, analysis.records.patients[0]))
    content = figure_bytes(model, ending, width_mm=180, dpi=300, gray=False, notes=True)
    assert list(wrong_in(f"figure.{ending}", content)) == []
    assert b"/URI" not in content


def test_every_computed_table_holds_text_as_text(analysis):
    view = starting_view(analysis, analysis.records.patients[0])
    copied = hand_out.table_to_copy(analysis, view)
    cells = [cell for line in copied.split("\n") for cell in line.split("\t")]
    assert [c for c in cells if c.startswith(FORMULA_STARTS)] == []
    for table in (analysis.changes, analysis.set_aside):
        assert formulas_in_csv(table_as_csv(table)) == []
