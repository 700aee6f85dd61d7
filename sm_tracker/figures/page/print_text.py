"""Words in print: sizes, the distance of lines, and names shortened to their room."""

from __future__ import annotations

from sm_tracker.figures.page.text_metrics import elide_text, text_width
from sm_tracker.figures.vocabulary import SIDES

LABEL_PT, TEXT_PT = 7.5, 7.0
LINE_GAP = 8.6
EDGE = 1.5
"""Distance of anything from the edge of the page  [pt]."""
_SIDE_WORDS = frozenset(form.split()[-1] for forms in SIDES.values() for form in forms)


def elide_site(name: str, room: float, size: float, *, bold: bool = False) -> str:
    """A site's name, or where it is too wide its beginning and its side.

    Examples
    --------
    >>> elide_site("Hand dorsum right", 50, 7.5), elide_site("Dos de la main", 40, 7.5)
    ('Hand d… right', 'Dos de la…')
    """
    head, _, last = name.rpartition(" ")
    tail = f" {last}" if last in _SIDE_WORDS else ""
    rest = room - text_width(tail, size, bold=bold)
    if not tail or rest < room / 3 or text_width(name, size, bold=bold) <= room:
        return elide_text(name, room, size, bold=bold)
    return elide_text(head, rest, size, bold=bold) + tail
