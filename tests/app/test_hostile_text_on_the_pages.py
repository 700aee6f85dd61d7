"""Text that would be a picture, a link, markup or a formula elsewhere is text on every page.

Each text field of each kind of record holds it; every string that a page sends to the browser
is looked at by the way the browser draws it (Markdown, HTML, a chart's own markup), and so is
every file that leaves the program.
"""

from __future__ import annotations

import dataclasses
import datetime as dt
import io
import json
import re
import zipfile
from html.parser import HTMLParser
from pathlib import Path

import pytest
from markdown_it import MarkdownIt
from streamlit.testing.v1 import AppTest

from sm_tracker.domain.records import Event, Measurement, OutcomeReading, TherapyPeriod
from sm_tracker.ui.markdown_escape import escape_markdown
from sm_tracker.workflow import analysing, report_files, storing
from sm_tracker.workflow.report_files import REPORT_KINDS
from tests.patience import PATIENCE_S

ROOT = Path(__file__).parents[2]
PAGES = (
    "timeline", "patients", "compare", "records", "figure", "report", "cohort", "import_files",
    "settings",
)  # fmt: skip
ELSEWHERE = "evil.example"
HOSTILE = (
    "![a](http://evil.example/1)",
    "[a](http://evil.example/2)",
    "<img src=http://evil.example/3>",
    "http://evil.example/4",
    "www.evil.example",
    "<a href='http://evil.example/5'>a</a>",
    "$\\href{http://evil.example/6}{a}$",
    "<script>location='//evil.example'</script>",
)
# Kept short enough for a name, and each field has several of them.
OTHER = " ".join(HOSTILE[1:4])
NAME, NOTE = " ".join(HOSTILE[:3]), " ".join(HOSTILE)
# Arguments of Streamlit's elements that the browser draws as Markdown.
AS_MARKDOWN = {
    ("markdown", "body"), ("alert", "body"), ("toast", "body"), ("heading", "body"),
    ("exception", "message"), ("code", "none"),
    *((kind, "label") for kind in (
        "button", "checkbox", "expandable", "tab", "radio", "selectbox", "multiselect",
        "text_input", "text_area", "number_input", "date_input", "download_button",
        "page_link", "link_button",
        "popover", "metric", "slider", "button_group", "file_uploader", "color_picker",
    )),
    ("radio", "options"), ("button_group", "content"), ("checkbox", "help"), ("button", "help"),
    ("radio", "captions"), ("expandable", "body"),
}  # fmt: skip


def texts_of(kind):
    return [
        f.name
        for f in dataclasses.fields(kind)
        if f.type == "str" and f.name not in CHOSEN_FROM_A_LIST
    ]


CHOSEN_FROM_A_LIST = {
    *("side", "qualifier", "status", "end_status", "date_precision", "end_date_precision"),
    *("kind", "better", "doubt", "doubt_reason"),
}
DAYS = [dt.date(2024, 1, 10) + dt.timedelta(days=30 * n) for n in range(8)]


def hostile(kind, /, **given):
    long = {"note", "site_text", "therapy_text", "dose", "stop_reason", "event"}
    texts = {n: NOTE if n in long else NAME for n in texts_of(kind)}
    return kind(**{**texts, **given})


def hostile_records():
    return (
        *(
            hostile(Measurement, date=day, thickness_mm=3.0 - 0.1 * n, replicate=None)
            for n, day in enumerate(DAYS)
        ),
        hostile(Measurement, date=DAYS[2], thickness_mm=None, status="not_measurable", site="hand"),
        hostile(TherapyPeriod, start=DAYS[2], end=DAYS[4], end_status="ended"),
        hostile(TherapyPeriod, start=DAYS[5], therapy=OTHER, period_id=OTHER, end_status="ongoing"),
        *(hostile(OutcomeReading, date=day, value=20.0 - n) for n, day in enumerate(DAYS)),
        hostile(Event, date=DAYS[3], kind="biopsy"),
    )


@pytest.fixture
def stored(data_folder):
    with storing.record_store() as store:
        store.save_edits([storing.Addition(record, NOTE) for record in hostile_records()])


def strings_of(message, kind):
    """Every text of a message, with the element and the argument that it belongs to."""
    for field, value in message.ListFields():
        repeated = not isinstance(value, str | bytes) and hasattr(value, "__iter__")
        for one in value if repeated else [value]:
            if isinstance(one, str):
                yield kind, field.name, one
            elif hasattr(one, "ListFields"):
                yield from strings_of(one, kind)


def sent(node):
    """What a page sends to the browser, of blocks and of elements."""
    proto = getattr(node, "proto", None)
    kind = getattr(node, "type", "") or type(node).__name__
    if hasattr(proto, "ListFields"):
        yield from strings_of(proto, str(kind))
    for child in getattr(node, "children", {}).values():
        yield from sent(child)


class Tags(HTMLParser):
    """Addresses that HTML would ask for, and scripts."""

    def __init__(self):
        super().__init__()
        self.found = []

    def handle_starttag(self, tag, attrs):
        asks = {"src", "href", "xlink:href", "srcset", "style"}
        asked = any(ELSEWHERE in (value or "") for name, value in attrs if name in asks)
        acts = any(name.startswith("on") for name, _ in attrs)
        if tag == "script" or asked or acts:
            self.found.append(tag)


def tags_in(html):
    reader = Tags()
    reader.feed(html)
    return reader.found


def alive_in_markdown(text):
    """What Markdown makes of a text: links, pictures, formulas; HTML it leaves as text."""
    tokens = MarkdownIt().parse(text)
    kinds = [t.type for token in tokens for t in [token, *(token.children or [])]]
    bare = re.sub(r"\\.", "", text)
    return [k for k in kinds if k in ("link_open", "image")] + re.findall(
        r"(?:https?://|www\.)\S*evil|\$[^$]*evil[^$]*\$", bare
    )


@pytest.mark.parametrize("text", [*HOSTILE, "mail me@evil.example", ":material/x: :smile: _a_"])
def test_an_escaped_text_is_drawn_as_it_is(text):
    assert alive_in_markdown(escape_markdown(text)) == []
    drawn = MarkdownIt().renderInline(escape_markdown(text))
    plain = drawn.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", '"')
    assert plain.replace("&amp;", "&") == text


@pytest.mark.parametrize("page", PAGES)
def test_hostile_text_in_every_field_is_text_on_every_page(stored, page, monkeypatch):
    monkeypatch.chdir(ROOT)
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=PATIENCE_S)
    app.run()
    app.switch_page(f"sm_tracker/ui/pages/{page}.py").run()
    assert not app.exception
    seen, alive = 0, []
    for kind, name, text in sent(app._tree):
        if ELSEWHERE not in text:
            continue
        seen += 1
        if (kind, name) in AS_MARKDOWN:
            alive += [(kind, name, found) for found in alive_in_markdown(text)]
        elif kind == "html" and name == "body":
            alive += [(kind, name, tag) for tag in tags_in(text)]
        elif kind == "plotly_chart":
            alive += [(kind, name, tag) for tag in re.findall(r"<(?:a|img|script)\b", inner(text))]
    assert alive == []
    assert seen or page in ("patients", "import_files", "settings", "cohort")


def inner(spec):
    """The texts of a chart that it draws; what only its clicks are told by is left out."""
    try:
        return " ".join(every_string(json.loads(spec)))
    except ValueError:
        return ""  # the element's own number and its words for a screen reader, which are text


def every_string(value):
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        drawn_by = f"{value.get('hovertemplate')} {value.get('texttemplate')}"
        shown = [int(n) for n in re.findall(r"customdata\[(\d+)\]", drawn_by)]
        for name, part in value.items():
            if name == "customdata" and isinstance(part, list):
                rows = [row for row in part if isinstance(row, list)]
                part = [row[n] for row in rows for n in shown if n < len(row)]
            yield from every_string(part)
    elif isinstance(value, list):
        for part in value:
            yield from every_string(part)


@pytest.mark.parametrize("kind", REPORT_KINDS)
def test_hostile_text_is_text_in_every_report_file(stored, kind):
    with storing.record_store() as store:
        records = store.records()
    analysis = analysing.analyse(records)
    content = report_files.report_file(analysis, NAME, kind)
    files = {f"report.{kind}": content}
    if kind in ("docx", "zip"):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            files = {n: archive.read(n) for n in archive.namelist()}
    if kind == "pdf":  # its texts are packed; a link would stand beside them
        assert b"/URI" not in content
        assert ELSEWHERE.encode() not in content
        return
    assert any(ELSEWHERE.encode() in held for held in files.values())
    for name, held in files.items():
        text = held.decode("utf-8", errors="replace")
        if name.endswith((".html", ".svg")):
            assert tags_in(text) == [], name
        elif name.endswith(".rels"):
            assert ELSEWHERE not in text
