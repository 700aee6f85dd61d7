"""Sections of docs/methods.md, for the page that shows what is behind a statistic."""

from __future__ import annotations

import re

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
