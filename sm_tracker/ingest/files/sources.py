"""Files as they arrive, and the limits they are held to."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from dataclasses import dataclass
from pathlib import PurePath

LONGEST_NAME = 120
NAMELESS = "file"
LONGEST_CELL = 32_767
"""Characters that a cell of a spreadsheet can hold; longer ones are named and not examined."""


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file as bytes with its name; nothing is known of it yet.

    Of the name, folders and control characters are dropped and the middle of a very long one
    is cut out, since it is shown, stored and written into other files.
    """

    name: str
    content: bytes

    def __post_init__(self) -> None:
        object.__setattr__(self, "name", safe_file_name(self.name))

    @property
    def sha256(self) -> str:
        """Fingerprint of the content."""
        return hashlib.sha256(self.content).hexdigest()


def safe_file_name(name: str) -> str:
    """The last part of a path, of printable characters and a limited length.

    Examples
    --------
    >>> safe_file_name("../../etc/list.csv"), safe_file_name("C:\\\\data\\\\li\\nst.csv")
    ('list.csv', 'list.csv')
    """
    kept = "".join(c for c in name if unicodedata.category(c)[0] != "C" or c == "\u200d")
    last = " ".join(re.split(r"[/\\]", kept)[-1].split())
    if last.strip(". ") == "":
        return NAMELESS
    if len(last) <= LONGEST_NAME:
        return last
    ending = PurePath(last).suffix[:10]
    return f"{last[: LONGEST_NAME - len(ending) - 1]}…{ending}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What a file may not exceed; each limit is named in the message that refuses it."""

    bytes: int = 50_000_000
    rows: int = 500_000
    columns: int = 500
    unpacked_bytes: int = 300_000_000
