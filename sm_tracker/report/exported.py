"""Everything readable in an exported file, so that it can be searched for what identifies.

A picture can be clean while its file is not: names and times live in Office properties, in
the directory of a zip, in the information of a PDF and in the tags of a picture.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Mapping
from html import unescape
from pathlib import PurePosixPath

from sm_tracker.report.archive import FIXED_STAMP, FIXED_TIME

PACKED = ("zip", "docx", "xlsx")
TEXT = ("svg", "html", "xml", "rels", "csv", "json", "txt", "eps")
PICTURES = ("png", "tif", "tiff")
_INLINE = re.compile(r"data:[\w/+.-]+;base64,[A-Za-z0-9+/=]+")
_LEAST_RUN = 4


def readable_texts(files: Mapping[str, bytes]) -> dict[str, str]:
    """What can be read in files, without what pictures show.

    Parameters
    ----------
    files : mapping of str to bytes
        Content by file name. Packed files are opened, at every depth.

    Returns
    -------
    dict of str to str
        By place: ``case.zip/report.docx/docProps/core.xml``. Names of files stand under
        ``name of …``, times in a zip's directory under ``times in …``.
    """
    texts: dict[str, str] = {}
    for name, content in files.items():
        # An underscore counts as a letter and would hide a code or a date in a name.
        texts[f"name of {name}"] = PurePosixPath(name).name.replace("_", " ")
        kind = name.rpartition(".")[2].lower()
        if kind in PACKED:
            texts.update(_packed(name, content))
        elif kind in TEXT:
            texts[name] = _words(content, kind)
        elif kind in PICTURES:
            texts[name] = _tags(content)
        elif kind == "pdf":
            texts[name] = _pdf_words(content)
        else:
            texts[name] = _runs(content)
    return {where: text for where, text in texts.items() if text.strip()}


def _packed(name: str, content: bytes) -> dict[str, str]:
    with zipfile.ZipFile(io.BytesIO(content)) as packed:
        inside = {f"{name}/{entry}": packed.read(entry) for entry in packed.namelist()}
        times = {e.date_time for e in packed.infolist()} - {FIXED_TIME}
        remarks = [packed.comment, *(e.comment for e in packed.infolist())]
        remarks += [e.extra for e in packed.infolist()]
    stamps = ", ".join(f"{y:04d}-{m:02d}-{d:02d}" for y, m, d, *_ in sorted(times))
    said = " ".join(_runs(remark) for remark in remarks if remark)
    return {**readable_texts(inside), f"times in {name}": stamps, f"remarks in {name}": said}


def _words(content: bytes, kind: str) -> str:
    # The one time that every Office file of ours bears says nothing of any patient.
    text = _INLINE.sub(" ", content.decode("utf-8", "replace")).replace(FIXED_STAMP, " ")
    if kind in ("svg", "html", "xml", "rels"):
        # Text of a chart, its title for readers who cannot see it, and nothing of its paths.
        named = re.findall(r'\b(?:alt|title|content|label|descr)="([^"]*)"', text)
        shown = re.sub(r"(?s)<style.*?</style>|<[^>]+>", " ", text)
        return unescape(" ".join([shown, *named]))
    if kind == "eps":
        return "\n".join(line for line in text.splitlines() if line.startswith("%"))
    return text


def _tags(content: bytes) -> str:
    from PIL import Image

    with Image.open(io.BytesIO(content)) as picture:
        tags = getattr(picture, "tag_v2", {})
        found = [*picture.info.values(), *picture.getexif().values(), *tags.values()]
    return " ".join(str(value) for value in found if isinstance(value, str | bytes))


def _pdf_words(content: bytes) -> str:
    """Information and XMP of a PDF; its pages are compressed, and drawn from known words."""
    open_parts = re.sub(rb"(?s)stream\r?\n.*?endstream", b" ", content)
    strings = re.findall(rb"\(((?:\\.|[^()\\])*)\)", open_parts)
    packets = re.findall(rb"(?s)<x:xmpmeta.*?</x:xmpmeta>", content)
    # D:20251121…: a date of the PDF kind, with dashes so that it is known as one.
    dated = [re.sub(rb"D:(\d{4})(\d\d)(\d\d)", rb"\1-\2-\3 ", s) for s in strings]
    return " ".join(part.decode("latin-1") for part in (*dated, *packets))


def _runs(content: bytes) -> str:
    """Runs of readable characters, as the command `strings` finds them."""
    found = re.findall(rb"[ -~]{%d,}" % _LEAST_RUN, content)
    return " ".join(run.decode("ascii") for run in found)
