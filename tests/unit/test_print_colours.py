"""Colours of printed figures: readable on paper, apart from each other, also in grey."""

from __future__ import annotations

from itertools import combinations

import pytest

from sm_tracker.figures.theme import (
    GRAY,
    KNOWN_REGIMENS,
    PRINT,
    SITE_STYLES,
    SPARE_STYLES,
    luma,
    regimen_styles,
)

TEXT, LINE = 4.5, 3.0
"""Least contrast of text and of a line that carries meaning: WCAG 2.2, 1.4.3 and 1.4.11."""


def contrast(one: str, other: str) -> float:
    """Contrast of two colours after WCAG 2.2."""

    def light(colour: str) -> float:
        shares = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
        linear = [s / 12.92 if s <= 0.04045 else ((s + 0.055) / 1.055) ** 2.4 for s in shares]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    low, high = sorted((light(one), light(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", [PRINT, GRAY], ids=["colour", "grey"])
def test_words_and_lines_stand_out_on_paper_wash_and_band(theme):
    for ground in (theme.surface, theme.shading, theme.band):
        assert contrast(theme.ink, ground) >= TEXT
        assert contrast(theme.muted, ground) >= TEXT
    for ground in (theme.surface, theme.shading):
        assert contrast(theme.context, ground) >= LINE
    for mark in (theme.thinner, theme.within, theme.thicker):
        assert contrast(mark, theme.band) >= LINE


@pytest.mark.parametrize("theme", [PRINT, GRAY], ids=["colour", "grey"])
def test_a_pattern_can_be_seen_on_its_fill(theme):
    for style in (*KNOWN_REGIMENS.values(), *SPARE_STYLES):
        if style.pattern:
            assert contrast(style.hatch(theme), style.colour(theme)) >= LINE, style


def test_in_grey_no_two_regimens_of_a_patient_look_alike():
    names = [*KNOWN_REGIMENS, "rituximab", "thalidomide", "melphalan", "bortezomib", "own drug"]
    styles = regimen_styles(names)
    for one, other in combinations(styles.values(), 2):
        apart = abs(luma(one.gray_fill) - luma(other.gray_fill))
        assert one.pattern != other.pattern or apart >= 25, (one, other)


def test_in_colour_known_regimens_have_hues_of_their_own():
    assert len({s.fill for s in KNOWN_REGIMENS.values()}) == len(KNOWN_REGIMENS)


def test_every_site_has_a_marker_and_a_dash_of_its_own():
    assert len({s.print_marker for s in SITE_STYLES}) == len(SITE_STYLES) == 8
    assert len({s.print_dash for s in SITE_STYLES}) == len(SITE_STYLES)


def test_grey_is_grey():
    for name in ("ink", "muted", "context", "grid", "band", "shading", "thinner", "thicker"):
        colour = getattr(GRAY, name)
        assert colour[1:3] == colour[3:5] == colour[5:7]
