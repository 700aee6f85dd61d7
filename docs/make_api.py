"""Write docs/api.md from the docstrings of the public names.

Run ``python -m docs.make_api`` in the root of the checkout after changing one of them.
"""

from __future__ import annotations

import dataclasses
import inspect
import re
from collections.abc import Iterator
from pathlib import Path

import sm_tracker

DOCUMENT = Path(__file__).parent / "api.md"
INTRODUCTION = """\
# Names for Python

What `import sm_tracker as sm` offers; [an example](notebook.md) shows them at work. A name is \
loaded when it is first used. This document is written from the docstrings by \
`python -m docs.make_api`; a test keeps the two equal."""
FIRST = ("analyse", "Analysis", "read_files", "records_of", "change_table", "effect_sizes")
SECTIONS = ("Parameters", "Attributes", "Returns", "Raises", "Examples")
REFERENCE = re.compile(r":\w+:`~?(?:[\w.]*\.)?(\w+)`")
HEADING = re.compile(rf"^({'|'.join(SECTIONS)})\n-+$", re.MULTILINE)


def api_document() -> str:
    """The text of docs/api.md."""
    names = [*FIRST, *(name for name in sm_tracker.__all__ if name not in FIRST)]
    parts = [INTRODUCTION, *("\n\n".join(_described(name)) for name in names)]
    return "\n\n".join(parts) + "\n"


def _described(name: str) -> Iterator[str]:
    """One public name: its signature, its docstring, and the members of a class."""
    thing = getattr(sm_tracker, name)
    yield f"## {name}"
    if isinstance(thing, type) and dataclasses.is_dataclass(thing):
        yield f"```python\n{_fields(thing)}\n```"
    elif not isinstance(thing, type):
        yield f"```python\n{_signature(name, thing)}\n```"
    yield from _prose(inspect.getdoc(thing) or "")
    if isinstance(thing, type) and not issubclass(thing, Exception):
        for member, value in vars(thing).items():
            if member.startswith("_") or not _is_member(value):
                continue
            called = "" if isinstance(value, property) else _signature("", value)
            yield f"### {name}.{member}{called}"
            yield from _prose(inspect.getdoc(value) or "")


def _is_member(value: object) -> bool:
    return isinstance(value, property) or inspect.isfunction(value)


def _signature(name: str, function: object) -> str:
    """A call with its defaults; kinds of values stand in the docstring."""
    called = inspect.signature(function)  # type: ignore[arg-type]
    plain = [
        p.replace(annotation=inspect.Parameter.empty)
        for p in called.parameters.values()
        if p.name != "self"
    ]
    text = f"{name}{called.replace(parameters=plain, return_annotation=inspect.Signature.empty)}"
    if len(text) <= 88 or not name:
        return text
    return f"{name}(\n" + "".join(f"    {p},\n" for p in _with_marks(plain)) + ")"


def _with_marks(parameters: list[inspect.Parameter]) -> Iterator[str]:
    starred = any(p.kind is inspect.Parameter.VAR_POSITIONAL for p in parameters)
    for parameter in parameters:
        if parameter.kind is inspect.Parameter.KEYWORD_ONLY and not starred:
            starred = True
            yield "*"
        yield str(parameter)


def _fields(kind: type) -> str:
    lines = []
    for field in dataclasses.fields(kind):  # type: ignore[arg-type]
        plain = field.default is not dataclasses.MISSING
        default = f" = {field.default!r}" if plain else ""
        lines.append(f"    {field.name}: {field.type}{default},\n")
    return f"{kind.__name__}(\n{''.join(lines)})"


def _prose(text: str) -> Iterator[str]:
    """A docstring as paragraphs and lists."""
    text = REFERENCE.sub(r"`\1`", text).replace("``", "`")
    head, *rest = HEADING.split(text)
    yield head.strip()
    for title, body in zip(rest[::2], rest[1::2], strict=True):
        yield f"**{title}**"
        yield f"```python\n{body.strip()}\n```" if title == "Examples" else _list(body)


def _list(body: str) -> str:
    """The entries of a section: what stands at the margin, with its indented text."""
    entries: list[list[str]] = []
    for line in body.strip().splitlines():
        if line and not line.startswith(" "):
            name, colon, kind = line.partition(" : ")
            entries.append([f"- `{name}`{': ' if colon else ''}{kind}"])
        elif line.strip() and entries:
            entries[-1].append(line.strip())
    return "\n".join(
        f"{head}{'.' if text else ''} {' '.join(text)}".rstrip() for head, *text in entries
    )


def main() -> None:
    """Write the document."""
    DOCUMENT.write_text(api_document(), encoding="utf-8")


if __name__ == "__main__":
    main()
