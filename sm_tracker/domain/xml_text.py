"""Text for files that are XML inside: workbooks, Word files, SVG."""

from __future__ import annotations

import re

_NOT_IN_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def xml_text(text: str) -> str:
    """Text with a sign for each character that no workbook or Word file can hold.

    Examples
    --------
    >>> xml_text("after" + chr(7) + " lunch")
    'after� lunch'
    """
    return _NOT_IN_XML.sub("\N{REPLACEMENT CHARACTER}", text)
