"""Sections of docs/methods.md, for the page that shows what is behind a statistic."""

from __future__ import annotations

import re

_PICTURE = re.compile(r"!\[([^\]]*)\]\([^)]*\)")
_LINK = re.compile(r"\[([^\]]*)\]\((?!https?:)[^)]*\)")
_HEADING = re.compile(r"^(#+) (.+)$", re.MULTILINE)


def section_of(text: str, title: str) -> str:
    """The section with a heading, up to the next one that is not beneath it; blank if unknown.

    Examples
    --------
    >>> section_of("# A\\n\\n## B\\n\\nb\\n\\n### C\\n\\nc\\n\\n## D\\n", "B")
    '## B\\n\\nb\\n\\n### C\\n\\nc'
    """
    found = [(m.start(), len(m.group(1)), m.group(2).strip()) for m in _HEADING.finditer(text)]
    for number, (start, level, name) in enumerate(found):
        if name == title:
            later = (at for at, depth, _name in found[number + 1 :] if depth <= level)
            return text[start : next(later, len(text))].strip()
    return ""


def without_files(text: str) -> str:
    """The text without pictures and links to files that lie beside the document.

    Examples
    --------
    >>> without_files("See the [glossary](glossary.md). ![Shares by truth](a.svg)")
    'See the glossary. *Shares by truth (picture in the document)*'
    """
    return _LINK.sub(r"\1", _PICTURE.sub(r"*\1 (picture in the document)*", text))
