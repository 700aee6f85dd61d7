"""Cells of a thickness column: what is a number, what stands for none, what must be asked."""

from __future__ import annotations

import pytest

from sm_tracker.ingest.cells.numbers import ValueText, decimal_evidence, parse_value


def read(text: str, decimal: str = ".", unit: str = "") -> ValueText:
    found = parse_value(text, decimal="," if decimal == "," else ".", unit=unit)
    assert found is not None, f"{text!r} was not read"
    return found


@pytest.mark.parametrize(
    ("text", "decimal", "value"),
    [
        ("2.10", ".", 2.10),
        ("2,10", ",", 2.10),
        ("3", ",", 3.0),
        (".95", ".", 0.95),
        (",95", ",", 0.95),
        ("+1.9", ".", 1.9),
        ("-0.4", ".", -0.4),
        ("\u22120.4", ".", -0.4),
        ("\u20131,4", ",", -1.4),
        ("\u00a01,9\u00a0", ",", 1.9),
        ("１．９", ".", 1.9),
        ("2·4", ".", 2.4),
        ("1.9\u200b", ".", 1.9),
        ("'1.9", ".", 1.9),
        ('="1.9"', ".", 1.9),
        ("1.9E+00", ".", 1.9),
        ("1,35E3", ",", 1350.0),
    ],
)
def test_plain_values_are_read_whatever_blanks_minus_signs_and_digits_they_use(
    text: str, decimal: str, value: float
) -> None:
    found = read(text, decimal)
    assert found.value == pytest.approx(value)
    assert found.status == "ok"
    assert not found.other_decimal


@pytest.mark.parametrize(
    ("text", "qualifier", "value"),
    [
        ("<0.5", "<", 0.5),
        ("< 0.5 mm", "<", 0.5),
        ("<=0.5", "<", 0.5),
        ("≤ 0.5", "<", 0.5),
        ("&lt;0.5", "<", 0.5),
        ("unter 0.5", "<", 0.5),
        ("kleiner als 0.5", "<", 0.5),
        ("kl. 0.5", "<", 0.5),
        ("below 0.5", "<", 0.5),
        ("less than 0.5", "<", 0.5),
        ("inférieur à 0.5", "<", 0.5),
        ("moins de 0.5", "<", 0.5),
        (">6.0", ">", 6.0),
        ("≥ 6", ">", 6.0),
        ("über 6", ">", 6.0),
        ("more than 6.0", ">", 6.0),
        ("supérieur à 6.0", ">", 6.0),
        ("plus de 6", ">", 6.0),
        ("6+", ">", 6.0),
    ],
)
def test_a_limit_keeps_its_sign(text: str, qualifier: str, value: float) -> None:
    found = read(text)
    assert (found.qualifier, found.value) == (qualifier, value)


@pytest.mark.parametrize(
    "text", ["ca. 1,9", "ca 1,9", "~1,9", "≈ 1,9", "etwa 1,9", "env. 1,9", "environ 1,9",
             "approx. 1,9", "about 1,9", "1,9 ?", "1,9 (?)", "1,9 ca."]
)  # fmt: skip
def test_approximate_values_are_marked(text: str) -> None:
    found = read(text, ",")
    assert found.value == 1.9
    assert found.approximate


@pytest.mark.parametrize(
    "text", ["2,1 ± 0,1", "2,1±0,1 mm", "2,1 +/- 0,1", "2,1 mm ± 0,1 mm", "2,1 (0,1)",
             "2,1 (SD 0,1)", "2,1 (± 0,1)", "2,1 SD 0,1"]
)  # fmt: skip
def test_a_spread_printed_beside_a_mean_is_kept_as_such(text: str) -> None:
    found = read(text, ",")
    assert (found.value, found.sd) == (2.1, 0.1)


@pytest.mark.parametrize(
    "text", ["1,8-2,0", "1,8 – 2,0", "1,8 bis 2,0", "1,8 to 2,0 mm", "1,8 à 2,0", "2,0-1,8"]
)
def test_a_range_has_no_value_of_its_own(text: str) -> None:
    found = read(text, ",")
    assert (found.value, found.low, found.high) == (None, 1.8, 2.0)


@pytest.mark.parametrize(
    ("text", "values"),
    [("1.8/1.9/2.0", (1.8, 1.9, 2.0)), ("1.8; 1.9", (1.8, 1.9)), ("1.8 1.9 2.0", (1.8, 1.9, 2.0))],
)
def test_several_values_in_one_cell_are_not_melted_into_one(
    text: str, values: tuple[float, ...]
) -> None:
    found = read(text)
    assert found.value is None
    assert found.several == values


@pytest.mark.parametrize(
    ("status", "texts"),
    [
        ("missing", ["", "  ", "-", "–", "—", "n/a", "NA", "#N/A", "k.A.", "k. A.", "n.d.", "nd",
                     "#DIV/0!", "#WERT!", "#VALEUR!", "fehlt", "missing", "not done",
                     "non réalisé", "nicht erhoben", "keine Angabe", "."]),
        ("not_measurable", ["n.m.", "nicht messbar", "Nicht messbar!", "not measurable",
                            "non mesurable", "nicht beurteilbar", "artefact", "below detection"]),
        ("beyond_depth", ["zu tief", "außerhalb", "beyond depth", "out of range", "hors limites",
                          "trop profond", "> max"]),
    ],
)  # fmt: skip
def test_words_for_no_value_are_told_apart(status: str, texts: list[str]) -> None:
    for text in texts:
        found = read(text)
        assert (found.status, found.value, found.missing) == (status, None, True), text


@pytest.mark.parametrize(
    ("text", "unit", "value"),
    [("1.9 mm", "mm", 1.9), ("1900µm", "µm", 1900), ("1900 μm", "µm", 1900),
     ("0.19 cm", "cm", 0.19), ("1900 um", "µm", 1900), ("1.9 MM", "mm", 1.9),
     ("1.9 mm.", "mm", 1.9)],
)  # fmt: skip
def test_a_unit_in_the_cell_is_named(text: str, unit: str, value: float) -> None:
    found = read(text)
    assert (found.unit, found.value) == (unit, value)


@pytest.mark.parametrize(
    ("text", "decimal", "unit", "value", "thousands"),
    [
        ("1.350", ",", "µm", 1350, True),
        ("1,350", ".", "µm", 1350, True),
        ("1.350", ".", "µm", 1350, True),
        ("1.350", ",", "mm", 1.35, False),
        ("1,350", ".", "mm", 1.35, False),
        ("1.350 µm", ",", "", 1350, True),
        ("1 350 µm", ",", "", 1350, True),
        ("1'350", ".", "µm", 1350, True),
        ("1.350,5", ",", "µm", 1350.5, True),
        ("1,350.5", ".", "µm", 1350.5, True),
        ("0.350", ",", "mm", 0.35, False),
        ("1.350", ",", "", 1350, True),
        ("1.350", ".", "", 1.35, False),
    ],
)
def test_thousands_are_told_by_unit_and_plausible_range(
    text: str, decimal: str, unit: str, value: float, thousands: bool
) -> None:
    found = read(text, decimal, unit)
    assert (found.value, found.thousands) == (pytest.approx(value), thousands)


def test_a_point_in_a_column_of_commas_is_read_and_marked() -> None:
    assert read("2.15", ",").value == 2.15
    assert read("2.15", ",").other_decimal
    assert not read("2,15", ",").other_decimal


@pytest.mark.parametrize(
    "text", ["softer", "02.03.2018", "2²", "50 %", "1.9 cm²", "1,9,", "1.9.2", "O.9", "1 mm 9",
             "1.9 mmHg", "<", "< >1.9", "=1.9", "2.1 ± x", "1.8-", "@SUM(A1)"]
)  # fmt: skip
def test_what_is_no_number_is_not_made_one(text: str) -> None:
    assert parse_value(text, decimal=".") is None


def test_a_remark_behind_the_value_is_kept() -> None:
    assert read("1.9 (oedema)").note == "oedema"
    assert read("1.9*").note == "*"


@pytest.mark.parametrize(
    ("texts", "sign", "deciding", "opposing"),
    [
        (["2", "2,1"], ",", 1, None),
        (["2", "2.15"], ".", 1, None),
        (["", "k.A.", "3"], "none_needed", None, None),
        (["1,350", "1,200"], "ambiguous", 0, None),
        (["1.350", "0.900"], ".", 1, None),
        (["1.350", "1.350,5"], ",", 1, None),
        (["2,1", "2.1"], "contradictory", 0, 1),
        (["2.1", "3.0", "2,1"], "contradictory", 2, 0),
        (["1,8-2,0"], ",", 0, None),
        (["< 0,4"], ",", 0, None),
        (["1.350.000"], ",", 0, None),
    ],
)
def test_the_decimal_sign_of_a_column_is_settled_by_its_cells(
    texts: list[str], sign: str, deciding: int | None, opposing: int | None
) -> None:
    found = decimal_evidence(texts)
    assert (found.sign, found.deciding, found.opposing) == (sign, deciding, opposing)


def test_the_unit_settles_what_the_cells_leave_open() -> None:
    assert decimal_evidence(["1,350"], unit="mm").sign == ","
    assert decimal_evidence(["1,350"], unit="µm").sign == "."
    assert decimal_evidence(["1,350 µm"]).sign == "."
