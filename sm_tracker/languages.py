"""The language of words for people: English in the code, the others from gettext catalogues.

The language belongs to the running task: a page sets it at its start, a command never does,
so that files and commands stay English unless asked otherwise.
"""

from __future__ import annotations

import gettext as _gettext
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from pathlib import Path
from typing import Literal

Language = Literal["en", "de", "fr"]
NAMES: dict[Language, str] = {"en": "English", "de": "Deutsch", "fr": "Français"}
"""Languages with a catalogue, each by its own name."""
FOLDER = Path(__file__).with_name("locale")
DOMAIN = "sm_tracker"

_language: ContextVar[Language] = ContextVar("language", default="en")


def current() -> Language:
    """Code of the language in use."""
    return _language.get()


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Use another language within a block; an unknown one is taken as English."""
    known: Language = next((code for code in NAMES if code == language), "en")
    token = _language.set(known)
    try:
        yield
    finally:
        _language.reset(token)


def gettext(text: str) -> str:
    """The text in the language in use, or as it is where there is no translation.

    Examples
    --------
    >>> gettext("a text that no catalogue holds")
    'a text that no catalogue holds'
    """
    return _catalogue(current()).gettext(text)


def ngettext(one: str, many: str, n: float) -> str:
    """The text for `n` things, in the plural form of the language in use.

    Examples
    --------
    >>> ngettext("{n} visit", "{n} visits", 2).format(n=2)
    '2 visits'
    """
    return _catalogue(current()).ngettext(one, many, int(n))


@cache
def _catalogue(language: str) -> _gettext.NullTranslations:
    return _gettext.translation(DOMAIN, FOLDER, [language], fallback=True)
