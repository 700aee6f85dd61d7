"""Every text on a page comes from a catalogue, and every catalogue is complete."""

from __future__ import annotations

import ast
import io
import re
import string
from pathlib import Path
from typing import Any

import pytest
from babel.messages.mofile import read_mo

from docs import make_catalogues
from sm_tracker import languages

UI = Path(__file__).parents[2] / "sm_tracker" / "ui"
SPEAKING = {
    "button", "caption", "checkbox", "columns", "date_input", "download_button", "error",
    "expander", "file_uploader", "form_submit_button", "header", "info", "link_button",
    "markdown", "metric", "multiselect", "number_input", "page_link", "Page", "pills", "popover",
    "progress", "radio", "segmented_control", "select_slider", "selectbox", "slider", "spinner",
    "subheader", "success", "tabs", "text", "text_area", "text_input", "title", "toast", "toggle",
    "warning", "write", "section", "subsection", "note", "facts", "notice", "headline",
}  # fmt: skip
SAID = {"label", "help", "placeholder", "title", "text", "body", "strong", "rest", "second"}
NOT_WORDS = re.compile(r"[^A-Za-z]*|mm|SM Tracker|:material/.*|\]\(.*")


def fields(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


def translations(compiled: bytes) -> tuple[dict[str, Any], str]:
    """What a compiled catalogue says, whichever version of Babel wrote it."""
    catalogue = read_mo(io.BytesIO(compiled))
    said = {str(message.id): message.string for message in catalogue if message.id}
    assert said
    return said, catalogue.plural_expr


@pytest.fixture(scope="module", params=make_catalogues.LANGUAGES)
def language(request):
    return request.param


def test_every_text_is_translated(language):
    assert make_catalogues.untranslated(make_catalogues.renewed(language)) == []


def test_a_catalogue_holds_no_text_that_is_gone(language):
    there = {text for text, _ in make_catalogues.texts()}
    assert {m.id for m in make_catalogues.catalogue(language) if m.id} <= there


def test_translations_keep_the_places_for_values(language):
    differing = []
    for message in make_catalogues.catalogue(language):
        if not message.id:
            continue
        english = [message.id] if isinstance(message.id, str) else list(message.id)
        forms = [message.string] if isinstance(message.string, str) else list(message.string)
        allowed = [fields(text) for text in english]
        differing += [(message.id, form) for form in forms if fields(form) not in allowed]
    assert differing == []


def test_a_counted_text_has_the_forms_that_the_plural_rule_asks_for(language):
    catalogue = make_catalogues.catalogue(language)
    counted = [m for m in catalogue if m.pluralizable]
    assert counted
    assert {len(m.string) for m in counted} == {catalogue.num_plurals}


def test_the_compiled_catalogue_is_that_of_the_texts(language):
    compiled = make_catalogues.folder(language) / f"{languages.DOMAIN}.mo"
    wanted = make_catalogues.compiled(make_catalogues.renewed(language))
    assert translations(compiled.read_bytes()) == translations(wanted)


def test_a_french_sign_of_two_parts_stands_behind_a_space_that_does_not_break():
    broken = []
    for message in make_catalogues.catalogue("fr"):
        forms = [message.string] if isinstance(message.string, str) else message.string
        broken += [f for f in forms if re.search(r" [:;!?»](?=\W|$)|« ", f)]
    assert broken == []


def test_the_language_is_that_of_the_running_task_only():
    text = "within measurement error"
    with languages.speaking("de"):
        assert languages.gettext(text) != text
    assert languages.gettext(text) == text


def bare_texts(path: Path) -> list[str]:
    """Texts in a page's code that did not go through the catalogue."""
    found = []
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
            continue
        owner = node.func.value
        if node.func.attr not in SPEAKING or (isinstance(owner, ast.Name) and owner.id == "log"):
            continue
        # What follows the label of a download is the file, its name and its kind.
        args = node.args[:1] if node.func.attr == "download_button" else node.args
        said = [*args, *(k.value for k in node.keywords if k.arg in SAID)]
        found += [f"{path.name}:{a.lineno} {text}" for a in said if (text := bare_text(a))]
    return found


def bare_text(node: ast.expr) -> str:
    if isinstance(node, ast.JoinedStr):
        return " ".join(t for part in node.values if (t := bare_text(part)))
    if not isinstance(node, ast.Constant) or not isinstance(node.value, str):
        return ""
    return "" if NOT_WORDS.fullmatch(node.value.strip()) else node.value


@pytest.mark.parametrize("path", sorted(UI.rglob("*.py")), ids=lambda p: p.name)
def test_a_page_says_nothing_past_the_catalogue(path):
    assert bare_texts(path) == []


def test_the_search_for_bare_texts_finds_one(tmp_path):
    page = tmp_path / "page.py"
    page.write_text(
        'st.button("Press", key="press")\nst.button(_("Press"))\nst.note(f"{n} left")\n'
    )
    assert bare_texts(page) == ["page.py:1 Press", "page.py:3  left"]
