"""The language of words for people: English in the code, the others from gettext catalogues.

Results are codes and values; their words are made where somebody reads them. A
:class:`Message` carries a sentence with its values through the program and becomes words in
the language of whoever reads it, so that a finding stored by a German clinic is French on a
French page.

The language belongs to the running task: a page sets it at its start, a command with
``--language``, and everything else is English.
"""

from __future__ import annotations

import gettext as _gettext
import string
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache, reduce
from pathlib import Path
from typing import Any, Literal, Self

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
    >>> gettext("a text that no catalogue holds"), gettext("")
    ('a text that no catalogue holds', '')
    """
    return _catalogue(current()).gettext(text) if text else ""


def gettext_in(language: str, text: str) -> str:
    """The text in a language of its own, as for a figure that is not in that of its page."""
    return _catalogue(language).gettext(text) if text else ""


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


def N_(text: str) -> str:
    """Name a text for the catalogues and leave it as it is; it is translated where it is shown."""
    return text


@dataclass(frozen=True, slots=True, init=False, repr=False)
class Message:
    """A sentence and the values in it, which become words where somebody reads them.

    Parameters
    ----------
    template : str
        The English sentence with gaps for the values, as the catalogues hold it.
    **values
        Text, numbers, other messages, or several of them, which are listed with commas.

    Examples
    --------
    >>> Message("row {row} holds {what}", row=3, what=Message("no date"))
    Message('row 3 holds no date')
    >>> str(Message.counted("{n} row", "{n} rows", 2)), str(Message.verbatim("{as written}"))
    ('2 rows', '{as written}')
    """

    template: str
    many: str
    values: tuple[tuple[str, Any], ...]

    def __init__(self, template: str, /, **values: object) -> None:
        self._set(template, "", values)

    def _set(self, template: str, many: str, values: Mapping[str, object]) -> None:
        object.__setattr__(self, "template", template)
        object.__setattr__(self, "many", many)
        object.__setattr__(self, "values", tuple((k, _plain(v)) for k, v in values.items()))

    @classmethod
    def counted(cls, one: str, many: str, /, n: int, **values: object) -> Self:
        """A sentence about `n` things, with a form for one and another for several."""
        made = cls(one)
        made._set(one, many, {"n": n, **values})
        return made

    @classmethod
    def verbatim(cls, text: str) -> Self:
        """A text that is the same in each language."""
        return cls(_VERBATIM, text=text)

    @classmethod
    def of(cls, text: str | Message) -> Message:
        """A text as it is, or a message as it is."""
        return text if isinstance(text, Message) else cls.verbatim(text) if text else cls("")

    def value(self, name: str) -> Any:
        """One of the values, None where there is none of that name."""
        return dict(self.values).get(name)

    def __str__(self) -> str:
        values = dict(self.values)
        if self.many:
            template = ngettext(self.template, self.many, int(values["n"]))
        else:
            template = gettext(self.template)
        return _FILLING.vformat(template, (), values)

    def __repr__(self) -> str:
        return f"Message({str(self)!r})"

    def __bool__(self) -> bool:
        return bool(self.template)

    def plain_values(self) -> dict[str, Any]:
        """The values as JSON holds them, other messages among them in words."""
        return {name: _in_words(value) for name, value in self.values}

    def as_json(self) -> dict[str, Any]:
        """The message as plain values that JSON can hold."""
        held: dict[str, Any] = {"text": self.template}
        if self.many:
            held["many"] = self.many
        if self.values:
            held["values"] = {name: _as_json(value) for name, value in self.values}
        return held

    @classmethod
    def from_json(cls, held: str | Mapping[str, Any]) -> Self:
        """The message of :meth:`as_json`; a bare text, as older versions stored, is verbatim."""
        if isinstance(held, str):
            return cls.verbatim(held)
        made = cls(str(held["text"]))
        values = {name: _from_json(value) for name, value in held.get("values", {}).items()}
        made._set(made.template, str(held.get("many", "")), values)
        return made


def one_after_another(messages: Sequence[Message | str]) -> Message:
    """Messages joined by semicolons.

    Examples
    --------
    >>> one_after_another([Message("no date"), Message("no site")])
    Message('no date; no site')
    """
    return _joined(messages, lambda a, b: Message("{first}; {second}", first=a, second=b))


def together(messages: Sequence[Message | str]) -> Message:
    """Messages joined by commas and "and".

    Examples
    --------
    >>> together(["IVIG", "MTX"]), together(["IVIG", "MTX", "ECP"])
    (Message('IVIG and MTX'), Message('IVIG, MTX and ECP'))
    """
    parts = [Message.of(m) for m in messages]
    if len(parts) < 2:
        return parts[0] if parts else Message("")
    return Message("{first} and {second}", first=parts[:-1], second=parts[-1])


def one_of(messages: Sequence[Message | str]) -> Message:
    """Messages joined by "or"."""
    return _joined(messages, lambda a, b: Message("{first} or {second}", first=a, second=b))


def _joined(
    messages: Sequence[Message | str], pair: Callable[[Message, Message], Message]
) -> Message:
    parts = [Message.of(m) for m in messages]
    return reduce(pair, parts) if parts else Message("")


def first_few(names: Sequence[str], most: int) -> Message:
    """The first names of a list, and that there are more.

    Examples
    --------
    >>> first_few(["A", "B", "C"], 2), first_few(["A", "B"], 2)
    (Message('A, B and 1 more'), Message('A, B'))
    """
    if len(names) <= most:
        return Message.verbatim(", ".join(names))
    return Message("{names} and {more} more", names=", ".join(names[:most]), more=len(names) - most)


_VERBATIM = "{text}"


def _plain(value: object) -> object:
    """A value as one of the few kinds that every store and every language can hold."""
    if isinstance(value, Message | bool):
        return value
    if isinstance(value, str):
        return str(value)
    if isinstance(value, int):
        return int(value)
    if isinstance(value, float):
        return float(value)
    if isinstance(value, Iterable):
        return tuple(_plain(v) for v in value)
    return str(value)


def _in_words(value: object) -> object:
    if isinstance(value, Message):
        return str(value)
    return [_in_words(v) for v in value] if isinstance(value, tuple) else value


def _as_json(value: object) -> object:
    if isinstance(value, Message):
        return value.as_json()
    return [_as_json(v) for v in value] if isinstance(value, tuple) else value


def _from_json(value: object) -> object:
    if isinstance(value, Mapping):
        return Message.from_json(value)
    return tuple(_from_json(v) for v in value) if isinstance(value, list) else value


class _Filling(string.Formatter):
    """Fills the gaps of a template with values as the language in use writes them.

    A gap is the name of a value and nothing else: templates also come out of databases, and
    must not reach into objects.
    """

    def get_field(self, field_name: str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Any:
        return kwargs.get(field_name, f"{{{field_name}}}"), field_name

    def convert_field(self, value: Any, conversion: Any) -> Any:
        return super().convert_field(
            str(value) if isinstance(value, Message) else value, conversion
        )

    def format_field(self, value: Any, format_spec: str) -> str:
        if isinstance(value, float):
            text = format(value, format_spec)
            if current() == "en":
                return text
            return text.replace(",", "\u202f").replace(".", ",")  # thousands, then decimals
        if isinstance(value, tuple):
            return format(", ".join(self.format_field(v, "") for v in value), format_spec)
        return format(str(value) if isinstance(value, Message) else value, format_spec)


_FILLING = _Filling()
