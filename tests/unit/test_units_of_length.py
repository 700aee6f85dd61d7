"""Units of length in cells and headers."""

from __future__ import annotations

import pytest

from sm_tracker.ingest.cells.units import factor_to_mm, length_unit, unit_in_header


@pytest.mark.parametrize(
    ("unit", "texts"),
    [
        ("mm", ["mm", "MM", "Mm", "mm.", "[mm]", "Millimeter", "millimetre", "millimètres"]),
        ("µm", ["µm", "μm", "um", "UM", "µ", "Mikrometer", "micrometre", "micromètre", "micron",
                "microns", "Âµm", "Ã‚Âµm", "Î¼m", "mcm", "my"]),
        ("cm", ["cm", "CM", "Zentimeter", "centimètre"]),
        ("1/10 mm", ["1/10 mm", "0.1 mm", "Zehntel mm"]),
        ("1/100 mm", ["1/100 mm", "1/100mm", "0,01 mm"]),
        ("", ["", "mm²", "mmHg", "mg", "m", "?m", "\ufffdm", "inch", "mm/s", "cmm"]),
    ],
)  # fmt: skip
def test_spellings_of_a_unit(unit: str, texts: list[str]) -> None:
    for text in texts:
        assert length_unit(text) == unit, text


@pytest.mark.parametrize(
    ("unit", "mm"), [("mm", 1.0), ("µm", 0.001), ("cm", 10.0), ("1/10 mm", 0.1), ("1/100 mm", 0.01)]
)
def test_factors(unit: str, mm: float) -> None:
    assert factor_to_mm(unit) == mm


@pytest.mark.parametrize(
    ("header", "name", "unit"),
    [
        ("thickness (um)", "thickness", "µm"),
        ("Hautdicke [mm]", "Hautdicke", "mm"),
        ("Hautdicke in mm", "Hautdicke", "mm"),
        ("Dicke/mm", "Dicke", "mm"),
        ("épaisseur en µm", "épaisseur", "µm"),
        ("épaisseur (en mm)", "épaisseur", "mm"),
        ("thickness_mm", "thickness", "mm"),
        ("thickness_um", "thickness", "µm"),
        ("thickness, cm", "thickness", "cm"),
        ("hautdickemm", "hautdicke", "mm"),
        ("left forearm (mm)", "left forearm", "mm"),
        ("left forearm (mm) R1", "left forearm R1", "mm"),
        ("thickness_mm_1", "thickness 1", "mm"),
        ("thickness_um_left", "thickness left", "µm"),
        ("thickness mm R2", "thickness R2", "mm"),
        ("mm", "", "mm"),
        ("µm", "", "µm"),
        ("Dicke\u00a0(Âµm)", "Dicke", "µm"),
        ("Datum", "Datum", ""),
        ("Volum", "Volum", ""),
        ("comm", "comm", ""),
        ("area (mm²)", "area (mm²)", ""),
        ("Untersuchung um 8 Uhr", "Untersuchung um 8 Uhr", ""),
    ],
)
def test_a_header_is_parted_from_its_unit(header: str, name: str, unit: str) -> None:
    assert unit_in_header(header) == (name, unit)
