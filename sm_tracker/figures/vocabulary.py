"""Sides and outcomes in German and French, as figures name them."""

from __future__ import annotations

SIDES: dict[str, tuple[str, str, str]] = {
    "left": ("left", "links", "à gauche"),
    "right": ("right", "rechts", "à droite"),
}
OUTCOMES: dict[str, tuple[str, str]] = {
    "mouth opening": ("Mundöffnung", "ouverture buccale"),
    "paraprotein": ("Paraprotein", "paraprotéine"),
}
