"""Files as they arrive, and the limits they are held to."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file as bytes with its name; nothing is known of it yet."""

    name: str
    content: bytes

    @property
    def sha256(self) -> str:
        """Fingerprint of the content."""
        return hashlib.sha256(self.content).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What a file may not exceed; each limit is named in the message that refuses it."""

    bytes: int = 50_000_000
    rows: int = 500_000
    columns: int = 500
    unpacked_bytes: int = 300_000_000
