"""A figure as lines of text: what the model says, and where the SVG puts it."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any
from xml.etree import ElementTree

SVG = "{http://www.w3.org/2000/svg}"
PLACED = re.compile(r"(-?\d+\.\d) (-?\d+\.\d) (.*)")
"""A line of words: place in points, then what stands there."""
LOOKS = ("fill", "stroke", "stroke-width", "stroke-dasharray")


def model_lines(model: Any) -> list[str]:
    """What a figure model says, without places on paper."""
    said = [f"alt: {model.alt}", f"abbreviations: {model.abbreviations}"]
    said += [f"note: {note}" for note in model.notes]
    return [*(_comparison(model) if hasattr(model, "columns") else _timeline(model)), *said]


def _timeline(model: Any) -> list[str]:
    lines = [f"time: {model.time.kind} {model.time.title!r} {_ticks(model.time.ticks)}"]
    for panel in model.panels:
        lines.append(f"panel {panel.kind}: {panel.title!r} ({panel.unit}) {panel.subtitle!r}")
        lines.append(f"  axis {panel.low:g} to {panel.high:g}: {_ticks(panel.ticks)}")
        lines += [_curve(curve) for curve in panel.curves]
        lines += [f"  unreadable at day {m.x:g}: {m.text!r}" for m in panel.unreadable]
        lines += [f"  rule at day {r.x:g}: {r.text!r}" for r in panel.rules]
        if panel.band:
            b = panel.band
            lines.append(f"  band {b.low:.3f} {b.baseline:.3f} {b.high:.3f}, day {b.start:g} on")
        lines += [f"  at the end: {e.kind} {e.name!r} {e.value!r}" for e in panel.end_labels]
    for lane in model.lanes:
        lines.append(f"lane {lane.name!r}{' in focus' if lane.focus else ''}")
        lines += [_bar(bar) for bar in lane.bars]
    return lines


def _ticks(ticks: Any) -> str:
    return " ".join(t.text.replace(" ", "_") for t in ticks if t.text)


def _curve(curve: Any) -> str:
    few = [f"{p.n_text} at day {p.x:g}" for p in curve.points if p.n_text]
    ends = f"{curve.points[0].y:.2f} to {curve.points[-1].y:.2f}" if curve.points else "no value"
    return (
        f"  curve {curve.label!r} style {curve.style}{' in focus' if curve.focus else ''}: "
        f"{len(curve.points)} points, {ends}, runs {list(curve.runs)}, joints "
        f"{list(curve.joints)}, censored {[c.text for c in curve.censored]}, {few}"
    )


def _bar(bar: Any) -> str:
    return (
        f"  {bar.name}: day {bar.start:g} to {bar.end:g} {bar.end_status}"
        f"{' about' if bar.approximate else ''}, {len(bar.sessions)} sessions, {bar.labels}"
    )


def _comparison(model: Any) -> list[str]:
    lines = [f"columns {model.columns} in {model.unit}: {_ticks(model.ticks)}"]
    for row in model.rows:
        lines.append(f"row {row.level} {row.name!r} {row.when!r} {row.over_sites!r}")
        lines += [_cell(c, n) for c, n in zip(row.cells, model.columns, strict=True) if c]
    return lines


def _cell(cell: Any, name: str) -> str:
    if cell.change is None:
        return f"  {name}: {cell.reason}"
    mean = (
        ""
        if cell.mean is None
        else f", mean {cell.mean:.3f} [{cell.mean_low:.3f}, {cell.mean_high:.3f}]"
    )
    return f"  {name}: {cell.text} {cell.sign}, band {cell.low:.3f} to {cell.high:.3f}{mean}"


def svg_lines(content: bytes) -> list[str]:
    """Size, words with their places, and marks counted by their looks."""
    root = ElementTree.fromstring(content)
    size = (float(root.attrib[k].removesuffix("mm")) for k in ("width", "height"))
    lines = ["size {:.1f} x {:.1f} mm".format(*size)]
    looks: Counter[str] = Counter()
    for element in root.iter():
        style = element.attrib.get("style", "")
        if element.tag == SVG + "text":
            size_pt = re.search(r"font-size: ([\d.]+)px", style)
            weight = " bold" if "font-weight: 700" in style else ""
            anchor = re.search(r"text-anchor: (\w+)", style)
            at = " ".join(f"{float(element.attrib[k]):.1f}" for k in ("x", "y"))
            found = [m[1] if m else "?" for m in (size_pt, anchor)]
            lines.append(f"{at} {found[1]} {found[0]}pt{weight}: {''.join(element.itertext())}")
        elif element.tag in (SVG + "path", SVG + "circle") and style:
            pairs = dict(re.findall(r"([\w-]+): ([^;]+)", style))
            looks["; ".join(f"{k}: {pairs[k]}" for k in LOOKS if k in pairs)] += 1
    return [*lines, *(f"{count} x {style}" for style, count in sorted(looks.items()))]


def differences(kept: str, made: str, within: float = 0.6) -> list[str]:
    """Lines that differ, places on paper only where they moved by more than `within` points.

    Widths of letters come from the font library, and another version of it may round them
    otherwise; a word that moves because of that moves by less than half a point.
    """
    old, new = kept.splitlines(), made.splitlines()
    found = [f"{len(old)} lines kept, {len(new)} made"] if len(old) != len(new) else []
    for before, after in zip(old, new, strict=False):
        if before != after and not _hardly_moved(before, after, within):
            found += [f"- {before}", f"+ {after}"]
    return found


def _hardly_moved(before: str, after: str, within: float) -> bool:
    one, other = PLACED.fullmatch(before), PLACED.fullmatch(after)
    if one is None or other is None or one[3] != other[3]:
        return False
    return all(abs(float(one[k]) - float(other[k])) <= within for k in (1, 2))
