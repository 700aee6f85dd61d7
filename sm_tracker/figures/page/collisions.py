"""Whether the words of a page overlap or leave it."""

from __future__ import annotations

from itertools import combinations

from sm_tracker.figures.page.marks import LEAST_LINE_PT, LEAST_TEXT_PT, Page, Shape, Words

TOUCH = 0.3
"""Boxes may touch by this much  [pt]; letters do not fill their box."""


def collisions(page: Page) -> list[str]:
    """Overlapping words and words that leave the page, in sentences; empty if there are none.

    Parameters
    ----------
    page : Page
        A page of :func:`print_timeline` or :func:`print_comparison`.
    """
    found = []
    words = page.words
    for first, second in combinations(words, 2):
        if first.box.hits(second.box, -TOUCH):
            found.append(f"{first.text!r} overlaps {second.text!r}")
    found += [f"{w.text!r} leaves the page" for w in words if not w.box.inside(page.bounds)]
    return found


def too_small(page: Page) -> list[str]:
    """Text under 7 pt and lines under 0.5 pt, in sentences; empty if there are none."""
    found = [
        f"{m.text!r} has {m.size:g} pt"
        for m in page.marks
        if isinstance(m, Words) and m.size < LEAST_TEXT_PT
    ]
    found += [
        f"a line has {m.width:g} pt"
        for m in page.marks
        if not isinstance(m, Words) and m.stroke and m.width < LEAST_LINE_PT
    ]
    return found


def texts_of_page(page: Page) -> tuple[str, ...]:
    """All words of a page, for a check of what could identify a patient."""
    return tuple(w.text for w in page.words)


def colours_of_page(page: Page) -> frozenset[str]:
    """All colours of a page."""
    used = set()
    for mark in page.marks:
        if isinstance(mark, Words):
            used.add(mark.colour)
        else:
            used.add(mark.stroke)
            used.add(mark.fill if isinstance(mark, Shape) else "")
    return frozenset(used - {""})
