"""What a figure file really holds, read from its bytes: ``python tests/golden/figure_files.py F``.

Knows nothing of the program that wrote the file. Sizes are in millimetres, text and lines in
points at the size at which the figure is printed.
"""

from __future__ import annotations

import io
import re
import sys
import zlib
from dataclasses import asdict, dataclass
from pathlib import Path
from xml.etree import ElementTree

MM = 72 / 25.4
SVG = "{http://www.w3.org/2000/svg}"
NUMBER = rb"-?\d*\.?\d+(?:[eE]-?\d+)?"


@dataclass(frozen=True)
class FigureFile:
    """One figure file; None where its format has no such thing."""

    kind: str
    width_mm: float
    height_mm: float
    dpi: tuple[float, float] | None = None
    mode: str | None = None
    compression: str | None = None
    fonts: tuple[str, ...] = ()
    embedded: bool | None = None
    texts: int = 0
    least_text_pt: float | None = None
    least_line_pt: float | None = None
    pictures: int = 0
    transparent: bool = False
    only_grey: bool = False


def inspect(content: bytes) -> FigureFile:
    """Read one figure file; raises ValueError for what is none of the five formats."""
    if content.startswith(b"%PDF"):
        return _pdf(content)
    if content.startswith(b"%!PS-Adobe"):
        return _eps(content)
    if content.lstrip().startswith(b"<?xml") and b"<svg" in content:
        return _svg(content)
    if content.startswith((b"\x89PNG", b"II*\0", b"MM\0*")):
        return _raster(content)
    raise ValueError("neither SVG, PDF, EPS, PNG nor TIFF")


def _raster(content: bytes) -> FigureFile:
    from PIL import Image, ImageChops

    with Image.open(io.BytesIO(content)) as picture:
        dpi = tuple(float(v) for v in picture.info["dpi"])
        bands = picture.split()
        grey = all(ImageChops.difference(bands[0], b).getbbox() is None for b in bands[1:3])
        return FigureFile(
            kind=str(picture.format),
            width_mm=picture.width / dpi[0] * 25.4,
            height_mm=picture.height / dpi[1] * 25.4,
            dpi=(dpi[0], dpi[1]),
            mode=picture.mode,
            compression=picture.info.get("compression"),
            pictures=1,
            transparent="A" in picture.mode or "transparency" in picture.info,
            only_grey=grey,
        )


def _svg(content: bytes) -> FigureFile:
    root = ElementTree.fromstring(content)
    wide = [float(v) for v in root.attrib["viewBox"].split()][2]
    styles = [_style(e) for e in root.iter() if "style" in e.attrib]
    texts = [e for e in root.iter(SVG + "text") if "".join(e.itertext()).strip()]
    scale = _millimetres(root.attrib["width"]) * MM / wide
    sizes = [float(_style(e)["font-size"].removesuffix("px")) * scale for e in texts]
    drawn = [s for s in styles if s.get("stroke", "none") != "none"]
    widths = [float(s.get("stroke-width", "1")) * scale for s in drawn]
    colours = {s[k] for s in styles for k in ("fill", "stroke") if s.get(k, "none") != "none"}
    clear = {s[k] for s in styles for k in s if "opacity" in k} - {"1"}
    return FigureFile(
        kind="SVG",
        width_mm=_millimetres(root.attrib["width"]),
        height_mm=_millimetres(root.attrib["height"]),
        fonts=tuple(sorted({_style(e)["font-family"].split(",")[0].strip("' ") for e in texts})),
        texts=len(texts),
        least_text_pt=min(sizes, default=None),
        least_line_pt=min(widths, default=None),
        pictures=sum(1 for _ in root.iter(SVG + "image")),
        transparent=bool(clear),
        only_grey=all(c[1:3] == c[3:5] == c[5:7] for c in colours),
    )


def _style(element: ElementTree.Element) -> dict[str, str]:
    pairs = (part.partition(":") for part in element.attrib["style"].split(";") if part.strip())
    return {name.strip(): value.strip() for name, _, value in pairs}


def _millimetres(text: str) -> float:
    assert text.endswith("mm"), text
    return float(text.removesuffix("mm"))


def _pdf(content: bytes) -> FigureFile:
    dictionaries = re.sub(rb"(?s)stream\r?\n.*?endstream", b"", content)
    box = re.search(rb"/MediaBox \[([^\]]*)\]", dictionaries)
    assert box is not None
    left, low, right, high = (float(v) for v in box[1].split())
    page = next(s for s in _streams(content) if b" Tf" in s or b" m\n" in s)
    sizes = [float(v) for v in re.findall(rb"/F\d+ (" + NUMBER + rb") Tf", page)]
    fonts = re.findall(rb"/BaseFont /(\S+)", dictionaries)
    truetype = re.findall(rb"/Subtype /(?:TrueType|CIDFontType2)", dictionaries)
    type_3 = re.findall(rb"/Subtype /Type3", dictionaries)
    alphas = [float(v) for v in re.findall(rb"/(?:CA|ca) (" + NUMBER + rb")", dictionaries)]
    return FigureFile(
        kind="PDF",
        width_mm=(right - left) / MM,
        height_mm=(high - low) / MM,
        fonts=tuple(sorted({f.decode().partition("+")[2] or f.decode() for f in fonts})),
        embedded=not type_3 and len(truetype) == dictionaries.count(b"/FontFile2") > 0,
        texts=page.count(b"BT\n"),
        least_text_pt=min(sizes, default=None),
        least_line_pt=_least_stroked(page),
        pictures=len(re.findall(rb"/Subtype /Image", dictionaries)) + page.count(b"\nBI"),
        transparent=any(a != 1 for a in alphas) or b"/SMask" in dictionaries,
        only_grey=_only_grey(page, rb"rg|RG"),
    )


def _streams(content: bytes) -> list[bytes]:
    found = re.findall(rb"(?s)/FlateDecode[^>]*>>\s*stream\r?\n(.*?)\r?\nendstream", content)
    # A stream may end in a byte that looks like the end of a line; its checksum is not needed.
    return [zlib.decompressobj().decompress(s) for s in found]


def _least_stroked(page: bytes) -> float | None:
    """Least width in force when a path is stroked; a width set for fills alone is not drawn."""
    width, least = 1.0, None
    drawn = re.sub(rb"(?s)BT\n.*?ET\n", b"", page)
    for number, operator in re.findall(rb"(?:(" + NUMBER + rb")\s+)?\b(w|S|s|B|b)\b", drawn):
        if operator == b"w":
            width = float(number)
        else:
            least = width if least is None else min(least, width)
    return least


def _only_grey(page: bytes, operators: bytes) -> bool:
    three = rb"(" + NUMBER + rb")\s+"
    found = re.findall(three * 3 + rb"(?:" + operators + rb")\b", page)
    return all(len({round(float(v), 6) for v in colour}) == 1 for colour in found)


def _eps(content: bytes) -> FigureFile:
    box = re.search(rb"%%HiResBoundingBox: (.*)", content)
    assert box is not None
    left, low, right, high = (float(v) for v in box[1].split())
    body = content[content.index(b"%%EndProlog") :]
    sizes = [float(v) for v in re.findall(rb"(" + NUMBER + rb") selectfont", body)]
    names = {n.decode() for n in re.findall(rb"/FontName /(\S+) def", content)}
    used = {n.decode() for n in re.findall(rb"/(\S+) " + NUMBER + rb" selectfont", body)}
    widths = [float(v) for v in re.findall(rb"(" + NUMBER + rb") setlinewidth", body)]
    return FigureFile(
        kind="EPS",
        width_mm=(right - left) / MM,
        height_mm=(high - low) / MM,
        fonts=tuple(sorted(n.partition("-0")[0] for n in used)),
        embedded=used <= names and content.count(b"/FontType 42") == len(names),
        texts=body.count(b" selectfont"),
        least_text_pt=min(sizes, default=None),
        least_line_pt=min((w for w in widths if w > 0), default=None),
        pictures=len(re.findall(rb"\b(?:image|colorimage|imagemask)\b", body)),
        transparent=b"setalpha" in content or b".setopacity" in content,
        only_grey=_only_grey(body, rb"setrgbcolor"),
    )


if __name__ == "__main__":
    for path in sys.argv[1:]:
        print(path)
        for name, value in asdict(inspect(Path(path).read_bytes())).items():
            print(f"  {name}: {value}")
