"""Archives with fixed times, so that equal content gives equal bytes."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping

FIXED_TIME = (1980, 1, 1, 0, 0, 0)
_LEFTOVER = re.compile(
    rb"<Relationship [^>]*thumbnail[^>]*/>|<Application>Microsoft Macintosh Word</Application>"
    rb"|<Template>Normal.dotm</Template>"
)
"""What the template names: its picture, another program and its own name."""
FIXED_STAMP = "2000-01-01T00:00:00Z"


def zip_archive(files: Mapping[str, bytes]) -> bytes:
    """A zip of files by name, in order of name."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as new:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, FIXED_TIME)
            entry.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(entry, files[name])
    return out.getvalue()


THUMBNAIL = "docProps/thumbnail.jpeg"
"""Picture of an empty page that the template of the Word library brings along."""


def with_fixed_times(office_file: bytes) -> bytes:
    """The same Office file with one time stamp everywhere and no leftovers of a template."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(office_file)) as old, zipfile.ZipFile(out, "w") as new:
        for name in old.namelist():
            if name == THUMBNAIL:
                continue
            part = _LEFTOVER.sub(b"", old.read(name))
            if name == "docProps/core.xml":
                part = _without_times(part)
            entry = zipfile.ZipInfo(name, FIXED_TIME)
            entry.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(entry, part)
    return out.getvalue()


def _without_times(part: bytes) -> bytes:
    stamped = rb"\g<1>" + FIXED_STAMP.encode()
    return re.sub(rb"(<dcterms:(created|modified)[^>]*>)[^<]*", stamped, part)
