"""Words that are too long for their place lose what matters least."""

from __future__ import annotations

import pytest

from sm_tracker.figures.page.print_text import elide_site
from sm_tracker.figures.page.text_metrics import elide_text, text_width, wrap_text


@pytest.mark.parametrize("side", ["left", "right"])
def test_a_shortened_site_keeps_its_side(side):
    room = text_width("Hand do… right", 7.5)
    shown = elide_site(f"Hand dorsum {side}", room, 7.5)
    assert shown.endswith(f"… {side}")
    assert text_width(shown, 7.5) <= room


def test_a_name_that_fits_is_not_shortened_and_one_long_word_is():
    assert elide_site("Chest", 100, 7.5) == "Chest"
    assert elide_site("Hydroxychloroquine", 30, 7.5).endswith("…")
    assert elide_text("Chest", text_width("Chest", 7.5), 7.5) == "Chest"


@pytest.mark.parametrize(
    ("text", "together"),
    [
        ("the larger of 0.09 mm and 7 % of it", ["0.09 mm", "7 %"]),
        ("assumed (doi 10.2340/0001555564214219), upper", ["doi 10.2340/0001555564214219"]),
        ("Bande grise, 0,68 mm à 1,18 mm : valeur", ["0,68 mm", "1,18 mm :"]),
        ("50 J/cm² at 20 MHz and 2 g/kg", ["50 J/cm²", "20 MHz", "2 g/kg"]),
    ],
)
def test_no_line_ends_between_a_number_and_its_unit(text, together):
    least = max(text_width(t + "),", 7) for t in together)
    for room in range(int(least) + 8, 220, 5):
        lines = wrap_text(text, room, 7)
        assert " ".join(lines) == text
        assert all(text_width(line, 7) <= room for line in lines)
        assert [t for t in together if not any(t in line for line in lines)] == []
