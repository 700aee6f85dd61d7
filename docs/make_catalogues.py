"""Texts of the program gathered into the catalogues of each language.

``python -m docs.make_catalogues`` adds new texts to ``sm_tracker/locale``, drops those that are
gone, compiles what is translated, and lists what is not.
"""

from __future__ import annotations

import ast
import dataclasses
import datetime as dt
import io
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from sm_tracker.domain.data import rows_of
from sm_tracker.domain.settings import Settings
from sm_tracker.ingest.messages.finding_kinds import KINDS
from sm_tracker.languages import DOMAIN, FOLDER, NAMES

PACKAGE = FOLDER.parent
NAMED = {"_", "N_", "gettext", "Message"}
"""Calls whose first value is a text."""
COUNTED = {"ngettext", "counted"}
"""Calls whose first two values are a text for one and one for several."""
PARTS = {"what", "where", "why", "fix"}
"""Named values of errors and rules; the first value of an error is its `what`."""
OF_COMMANDS = "help"
"""Named value of the words a command takes, translated by its parser."""
LEFT_OUT = "Row {row} was left out: "
NOT_OURS = {"ValueError", "TypeError", "AttributeError", "ArgumentTypeError", "DisconnectionError"}
LANGUAGES = tuple(language for language in NAMES if language != "en")
PLURALS = {"de": "nplurals=2; plural=(n != 1);", "fr": "nplurals=2; plural=(n > 1);"}
"""The forms that are translated; each version of Babel has a rule of its own."""
HEADER = "# Texts of SM Tracker; renewed with: python -m docs.make_catalogues"
Text = str | tuple[str, ...]


@cache
def texts() -> frozenset[tuple[Text, str]]:
    """Every text that a person may read on a page, with the file it stands in."""
    return frozenset(_texts())


def _texts() -> Iterator[tuple[Text, str]]:
    for path in sorted(PACKAGE.rglob("*.py")):
        file = path.relative_to(PACKAGE).as_posix()
        yield from ((text, file) for text in texts_of_file(path))
    for field in dataclasses.fields(Settings):
        yield from (
            (t, "domain/settings.py") for t in map(field.metadata.get, ("unit", "help")) if t
        )
    yield from ((name, "domain/data") for name in standard_names())
    for kind in KINDS.values():
        yield kind.message, "ingest"
        if kind.message.startswith(LEFT_OUT):
            yield kind.what, "ingest"  # the reason of a refused row


@cache
def standard_names() -> dict[str, dict[str, str]]:
    """Sites, regimens and kinds of events by their name, each in the other languages."""
    named = {row["name"]: row for table in ("sites", "regimens") for row in rows_of(table)}
    return named | {row["en"]: row for row in rows_of("event_kinds")}


def texts_of_file(path: Path) -> Iterator[Text]:
    """The texts that the code of one file names."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            yield from _texts_of(node)


def _texts_of(call: ast.Call) -> Iterator[Text]:
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    if name in COUNTED:
        forms = tuple(text for arg in call.args[:2] for text in _constants(arg))
        if len(forms) == 2:
            yield forms
    elif name in NAMED or _is_error(name):
        yield from (text for arg in call.args[:1] for text in _constants(arg))
    for part in call.keywords:
        if part.arg in PARTS:
            # One word alone is the name of a setting, a file or an option.
            yield from (text for text in _constants(part.value) if " " in text)
        elif part.arg == OF_COMMANDS:
            yield from _constants(part.value)


def _is_error(name: str) -> bool:
    return name.endswith(("Error", "TooFewReadings", "PermissionDenied")) and name not in NOT_OURS


def _constants(node: ast.expr) -> Iterator[str]:
    """The texts that an expression may be, without those inside of other calls."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value:
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from _constants(node.body)
        yield from _constants(node.orelse)


def folder(language: str) -> Path:
    """Where the catalogue of a language lies."""
    return FOLDER / language / "LC_MESSAGES"


def catalogue(language: str) -> Catalog:
    """The translations there are for a language."""
    path = folder(language) / f"{DOMAIN}.po"
    if not path.is_file():
        return Catalog(locale=language)
    with path.open("rb") as file:
        return read_po(file, locale=language, domain=DOMAIN)


def renewed(language: str) -> Catalog:
    """The catalogue of a language with the texts there are now, and no others."""
    old = catalogue(language)
    new = Catalog(
        locale=language,
        domain=DOMAIN,
        project="SM Tracker",
        fuzzy=False,
        header_comment=HEADER,
        creation_date=dt.datetime(2026, 1, 1, tzinfo=dt.UTC),
        revision_date=dt.datetime(2026, 1, 1, tzinfo=dt.UTC),
    )
    new.mime_headers = [("Plural-Forms", PLURALS[language])]
    for text, file in sorted(texts(), key=lambda t: (t[1], str(t[0]))):
        known = old.get(text)
        translation = known.string if known and known.id == text else None
        if text in standard_names():
            translation = standard_names()[str(text)][language]
        new.add(text, translation, locations=[(file, 0)] if text not in new else [])
    return new


def compiled(of: Catalog) -> bytes:
    """A catalogue as the program loads it."""
    out = io.BytesIO()
    write_mo(out, of)
    return out.getvalue()


def untranslated(of: Catalog) -> list[Text]:
    """Texts of a catalogue without a translation."""
    return [m.id for m in of if m.id and not all(_forms(m.string))]


def _forms(string: str | tuple[str, ...] | None) -> tuple[str, ...]:
    return (string or "",) if string is None or isinstance(string, str) else tuple(string)


def main() -> int:
    """Renew and compile all catalogues; 1 if something is not translated."""
    missing = 0
    for language in LANGUAGES:
        new = renewed(language)
        folder(language).mkdir(parents=True, exist_ok=True)
        with (folder(language) / f"{DOMAIN}.po").open("wb") as file:
            write_po(file, new, width=100, include_lineno=False, sort_output=False)
        (folder(language) / f"{DOMAIN}.mo").write_bytes(compiled(new))
        lacking = untranslated(new)
        missing += len(lacking)
        print(f"{language}: {len(new)} texts, {len(lacking)} not translated")
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
