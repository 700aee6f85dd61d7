"""Text that may quote a file, for places where the page would read it as Markdown.

A header or cell can hold ``![](http://…)``; drawn as Markdown it would send a request.
"""

from __future__ import annotations

import re

_MEANT = re.compile(
    r"([\\`*_\[\]$<~&]"  # code, emphasis, links, formulas, HTML, characters by their name
    r"|:(?=//)|(?<=\bwww)\.|(?<=\w)@(?=\w)"  # addresses that would become links
    r"|(?<!\w):(?=[\w+/-]+[:\[]))",  # emoji, icons and colours
    re.IGNORECASE,
)


def escape_markdown(text: str) -> str:
    """The text with everything escaped that would be drawn as something else.

    Examples
    --------
    >>> escape_markdown("thickness_mm ![x](http://a)")
    'thickness\\\\_mm !\\\\[x\\\\](http\\\\://a)'
    """
    return _MEANT.sub(r"\\\1", text)
