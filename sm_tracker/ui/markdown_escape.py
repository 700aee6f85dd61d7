"""Text that may quote a file, for places where the page would read it as Markdown.

A header or cell can hold ``![](http://…)``; drawn as Markdown it would send a request.
"""

from __future__ import annotations

import re

_MEANT = re.compile(r"([\\`*\[\]$<~])")


def escape_markdown(text: str) -> str:
    """The text with everything escaped that would be drawn as something else.

    Examples
    --------
    >>> escape_markdown("thickness_mm ![x](http://a)")
    'thickness_mm !\\\\[x\\\\](http://a)'
    """
    return _MEANT.sub(r"\\\1", text)
