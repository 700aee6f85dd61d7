"""Columns that identify a patient are caught, columns of codes are not."""

from __future__ import annotations

import pytest

from sm_tracker.ingest.tables.privacy import identifying_kind


@pytest.mark.parametrize(
    ("kind", "headers"),
    [
        ("name", ["Name", "patient_name", "Vorname", "Nachname", "Name, Vorname", "Nom", "Prénom",
                  "Nom du patient", "First Name", "Initialen"]),
        ("birth date", ["Geburtsdatum", "Geb.-Datum", "geb.", "DOB", "Date of birth",
                        "Date de naissance", "Né(e) le"]),
        ("insurance or social security number", ["Versicherungsnr.", "KV-Nr.", "KVNR", "NHS number",
                                                 "N° de sécurité sociale", "Insurance No"]),
        ("record number", ["MRN", "Aktenzeichen", "N° dossier"]),
        ("telephone number", ["Tel.", "Telefon", "phone", "Téléphone", "Handy-Nr."]),
        ("e-mail address", ["E-Mail", "email", "Courriel"]),
        ("address", ["Adresse", "Anschrift", "Straße", "PLZ", "street", "Code postal", "Wohnort"]),
        ("", ["Patient", "patient_id", "Pat.-Nr.", "Datum", "Region", "Hautdicke (mm)",
              "Geschlecht", "Alter", "age", "Untersucher", "Gerät", "drug name", "file name",
              "sexe"]),
    ],
)  # fmt: skip
def test_headers_in_three_languages(kind: str, headers: list[str]) -> None:
    for header in headers:
        assert identifying_kind(header, []) == kind, header


@pytest.mark.parametrize(
    ("header", "cells", "kind"),
    [
        ("Patient", ["Müller, Hans", "Weber, Anna", ""], "name"),
        ("Patient", ["Hans Müller", "Anna Weber"], "name"),
        ("Patient", ["DUPONT Jean", "MARTIN Anne"], "name"),
        ("ID", ["Müller, Hans"], "name"),
        ("Bezug", ["Frau Weber", "Herr Dr. Müller"], "name"),
        ("x", ["a.weber@example.org"], "e-mail address"),
        ("Kontakt", ["+49 170 1234567", "0221/123456"], "telephone number"),
        ("x", ["1 84 12 76 451 089 46"], "insurance or social security number"),
        ("Patient", ["A123456780"], "insurance or social security number"),
        ("Fallnummer", ["20214711"], "record number"),
        ("x", ["Hauptstraße 5", "Bahnhofstr. 12a"], "address"),
    ],
)
def test_cells_give_a_column_away(header: str, cells: list[str], kind: str) -> None:
    assert identifying_kind(header, cells) == kind


@pytest.mark.parametrize(
    ("header", "cells"),
    [
        ("Patient", ["P-001", "P-002"]),
        ("Patient", ["Patient A", "Patient B"]),
        ("Patient", ["A123456789"]),
        ("Name", ["SM01", "SM02"]),
        ("Fall-Nr.", ["1", "2"]),
        ("Region", ["Left Forearm", "Right Hand"]),
        ("Region", ["Unterarm, Links"]),
        ("", ["Left Forearm", "Right Hand"]),
        ("Therapie", ["Extracorporeal Photopheresis", "Prednisolon, Methotrexat"]),
        ("Untersucher", ["Schmidt, Peter"]),
        ("Bemerkung", ["Rötung, Schwellung"]),
        ("Wert", ["1,9"]),
        ("Datum", ["04.02.2020"]),
    ],
)
def test_pseudonyms_sites_and_staff_are_left_alone(header: str, cells: list[str]) -> None:
    assert identifying_kind(header, cells) == ""
