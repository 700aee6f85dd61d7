"""On a German or French page of Import, Timeline and Report no word is English."""

from __future__ import annotations

import html
import re
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from docs import make_catalogues
from sm_tracker.languages import speaking
from tests.patience import PATIENCE_S

ROOT = Path(__file__).parents[2]
MESSY = """Patient;Datum;Stelle;Seite;Dicke;Notiz;Herd
A1;02/03/2020;Unterarm;links;2,10;;1
A1;02/03/2020;Unterarm;links;2,40;;2
A1;05/06/2020;Unterarm;links;999;;1
A1;07/08/2020;Unterarm;links;-1,9;;1
A1;Frühjahr;Wade;;1,1;;1
A1;09/09/2020;Wade;oben;n/a;;1
;09/10/2020;Wade;;1,2;;1
A1;10/10/2020;U.arm;links;1,8-2,0;;1
A1;11/11/2020;Unterarm;links;<0,4;nur kurz;1
A1;12/12/2020;Unterarm;links;;;1
A1;01/01/2021;Unterarm;links;dick;;1
"""
THERAPIES = """Patient;Therapie;Beginn;Ende;Dosis
A1;MTX;03/2020;06/2020;15 mg
A1;CP;01.09.2020;;2 g
A1;Endoxan;05.12.2020;01.10.2020;
;IVIG;01.01.2020;;
A1;Etwas Neues;02.02.2020;;
"""
ENGLISH = frozenset(
    [
        "the",
        "and",
        "of",
        "is",
        "are",
        "with",
        "which",
        "from",
        "this",
        "that",
        "these",
        "those",
        "has",
        "have",
        "row",
        "rows",
        "column",
        "columns",
        "reading",
        "readings",
        "before",
        "during",
        "by",
        "value",
        "values",
        "thinner",
        "thicker",
        "change",
        "not",
        "been",
        "where",
        "when",
        "what",
        "who",
        "there",
        "their",
        "its",
        "than",
        "for",
        "to",
        "at",
        "on",
        "only",
        "each",
        "other",
        "same",
        "under",
        "left",
        "out",
        "file",
    ]
)
"""Words that are English and neither German nor French."""
SHARED = {"de": frozenset({"an"}), "fr": frozenset({"on", "change", "file"})}
"""Of them, those that the language has too."""
TEXTS = ("html", "markdown", "caption", "button", "text_input", "selectbox", "radio",
         "multiselect", "checkbox", "toggle", "info", "warning", "error", "success", "expander",
         "tab", "title", "header", "subheader", "text", "metric", "number_input", "date_input",
         "segmented_control", "button_group", "slider", "text_area", "file_uploader",
         "download_button", "page_link", "popover")  # fmt: skip


def shown(page: AppTest) -> str:
    """Everything that a reader sees on a page, without marks and codes."""
    parts = []
    for kind in TEXTS:
        for element in page.get(kind):
            proto = element.proto
            for name in ("body", "label", "help", "placeholder", "value"):
                text = getattr(proto, name, "")
                parts.append(text if isinstance(text, str) else "")
            parts += [str(o) for o in getattr(proto, "options", ())]
    text = "\n".join(parts)
    text = re.sub(r"(?s)<style.*?</style>|<script.*?</script>", " ", text)
    text = re.sub(r"\]\([^)]*\)|\b[a-z]+(?:_[a-z]+)+\b", " ", text)  # addresses, names of settings
    alts = re.findall(r'(?:alt|title|aria-label)="([^"]*)"', text)
    return html.unescape(" ".join([re.sub(r"<[^>]+>", " ", text), *alts]))


def english_in(text: str, language: str) -> list[str]:
    """Lines of a text with English words."""
    words = ENGLISH - SHARED[language]
    return [
        line.strip()
        for line in text.splitlines()
        if words & set(re.findall(r"[a-zA-ZÀ-ÿ]+", line.lower()))
    ]


def open_page(name: str, language: str) -> AppTest:
    app = AppTest.from_file(str(ROOT / "app.py"), default_timeout=PATIENCE_S)
    app.query_params["lang"] = language
    return app.run().switch_page(f"sm_tracker/ui/pages/{name}.py").run()


@pytest.fixture(params=make_catalogues.LANGUAGES)
def language(request, monkeypatch):
    monkeypatch.chdir(ROOT)
    with speaking(request.param):  # the test itself words the options of a list once more
        yield request.param


def test_the_import_page_asks_and_remarks_in_the_language_of_its_reader(language):
    page = open_page("import_files", language)
    page.file_uploader[0].upload("messungen.csv", MESSY.encode(), "text/csv")
    page.file_uploader[0].upload("therapien.csv", THERAPIES.encode(), "text/csv")
    page.run()
    assert len(page.radio) >= 3
    assert english_in(shown(page), language) == []


@pytest.mark.parametrize("name", ["timeline", "report"])
def test_a_page_of_the_index_case_is_in_the_language_of_its_reader(name, language):
    page = open_page(name, language)
    assert not page.exception
    assert english_in(shown(page), language) == []


def test_the_search_for_english_words_finds_some():
    assert english_in("Row 3 was left out: the date is missing", "de")
