"""Therapy cells: drug, dose, schedule, cycles and route, in three languages."""

from __future__ import annotations

import pytest

from sm_tracker.domain.regimens import find_regimen, regimens
from sm_tracker.ingest.cells.therapy_names import (
    WORD_KINDS,
    spellings_of_therapies,
    words_of_several,
)
from sm_tracker.ingest.cells.therapy_text import split_therapy


@pytest.mark.parametrize(
    ("name", "texts"),
    [
        ("hydroxychloroquine", ["HCQ", "Quensyl", "Plaquenil", "Plaquénil", "Hydroxychloroquin",
                                "Hydroxychloroquin (Quensyl)"]),
        ("cyclophosphamide", ["Endoxan", "CYC", "Cyclophosphamid", "Cyclophosphamid-Puls", "CPA",
                              "bolus de cyclophosphamide", "Endoxan-Puls"]),
        ("IVIG", ["IVIg", "IgIV", "HDIVIg", "Immunglobuline", "Privigen", "Octagam", "Kiovig",
                  "Gamunex", "immunoglobulines intraveineuses", "intravenous immunoglobulin"]),
        ("ECP", ["ECP", "Photopherese", "photopheresis", "photophoresis",
                 "photochimiothérapie extracorporelle", "extrakorporale Photopherese",
                 "Extracorporeal photopheresis (ECP)"]),
        ("UVA1", ["UVA1 phototherapy", "UVA-1", "UVA1-Phototherapie", "photothérapie UVA1"]),
        ("bath PUVA", ["Bad-PUVA", "PUVA-Bad", "balnéo-PUVA"]),
        ("PUVA", ["PUVA", "puvathérapie"]),
        ("methylprednisolone", ["Urbason", "Solu-Médrol", "Methylprednisolon", "Medrol"]),
        ("prednisolone", ["Decortin H", "Prednisolon", "Solupred"]),
        ("prednisone", ["Decortin", "Prednison", "Cortancyl"]),
        ("azathioprine", ["AZA", "Imurek", "Azathioprin"]),
        ("mycophenolate", ["MMF", "CellCept", "Myfortic", "mycophénolate mofétil"]),
        ("rituximab", ["RTX", "MabThera"]),
        ("bortezomib", ["Velcade"]),
        ("lenalidomide", ["Revlimid", "Lenalidomid"]),
        ("melphalan", ["Alkeran"]),
        ("tofacitinib", ["Xeljanz"]),
        ("ruxolitinib", ["Jakavi"]),
        ("apremilast", ["Otezla"]),
        ("methotrexate", ["MTX", "Methotrexat", "méthotrexate"]),
        ("thalidomide", ["Thalidomid"]),
        ("systemic corticosteroid", ["Kortison", "corticoïdes", "steroids"]),
    ],
)  # fmt: skip
def test_brands_abbreviations_and_old_names(name: str, texts: list[str]) -> None:
    for text in texts:
        found = split_therapy(text)
        assert (found.therapy, found.known) == (name, True), text
        assert found.renamed == (text.casefold() != name.casefold())


@pytest.mark.parametrize(
    ("text", "name", "dose", "cycles", "schedule"),
    [
        ("HCQ 200 mg/d", "hydroxychloroquine", "200 mg/d", None, ""),
        ("Endoxan 750 mg/m², 6 Zyklen", "cyclophosphamide", "750 mg/m²", 6, ""),
        ("CP 750 mg/m2 x 6", "cyclophosphamide", "750 mg/m2", 6, ""),
        ("6x Endoxan 1000 mg i.v.", "cyclophosphamide", "1000 mg", 6, ""),
        ("IVIG 2 g/kg monthly, 6 cycles", "IVIG", "2 g/kg", 6, "monthly"),
        ("IgIV 2 g/kg sur 2 jours, 6 cures", "IVIG", "2 g/kg", 6, "sur 2 jours"),
        ("Privigen 0,4 g/kg alle 4 Wochen", "IVIG", "0,4 g/kg", None, "alle 4 Wochen"),
        ("ECP 21x", "ECP", "", 21, ""),
        ("ECP, 21 cycles in 15 months", "ECP", "", 21, "in 15 months"),
        ("UVA1 50 J/cm2, 30 sessions", "UVA1", "50 J/cm2", 30, ""),
        ("UVA-1 30x 50 J/cm²", "UVA1", "50 J/cm²", 30, ""),
        ("ECP 2 séances/mois", "ECP", "", None, "2 séances/mois"),
        ("MTX 15 mg s.c. 1x/Woche", "methotrexate", "15 mg", None, "1x/Woche"),
        ("MMF 2x1 g", "mycophenolate", "2x1 g", None, ""),
        ("tofacitinib 5 mg bid", "tofacitinib", "5 mg bid", None, ""),
        ("Bortezomib 1,3 mg/m² Tag 1,4,8,11", "bortezomib", "1,3 mg/m²", None, "Tag 1,4,8,11"),
        ("Cyclophosphamide 6 pulses", "cyclophosphamide", "", 6, ""),
        ("Prednisolon 20 mg täglich", "prednisolone", "20 mg täglich", None, ""),
        ("lenalidomide 25 mg 21 of 28", "lenalidomide", "25 mg", None, "21 of 28"),
    ],
)
def test_drug_dose_cycles_and_schedule_are_taken_apart(
    text: str, name: str, dose: str, cycles: int | None, schedule: str
) -> None:
    found = split_therapy(text)
    assert (found.therapy, found.dose, found.cycles, found.schedule) == (
        name,
        dose,
        cycles,
        schedule,
    )
    assert found.text == text
    assert found.rest == ""


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Cyclophosphamid-Puls 6x", "pulse"),
        ("Methylprednisolone 60 mg tapered over 3 weeks", "taper"),
        ("Urbason 60 mg ausschleichend", "taper"),
        ("prednisone dégressif", "taper"),
        ("IVIG 6 Zyklen", "cyclic"),
        ("HCQ 200 mg/d", "continuous"),
        ("Rituximab einmalig", "single"),
        ("HCQ", ""),
    ],
)
def test_the_kind_is_set_only_where_the_text_says_it(text: str, kind: str) -> None:
    assert split_therapy(text).kind == kind


def test_routes() -> None:
    assert split_therapy("Endoxan i.v.").route == "intravenous"
    assert split_therapy("MTX 15 mg s.c.").route == "subcutaneous"
    assert split_therapy("Cyclophosphamide 50 mg p.o.").route == "oral"
    assert split_therapy("Dermovate cream").route == "topical"


@pytest.mark.parametrize(
    ("text", "several"),
    [
        ("HCQ + MTX", ("hydroxychloroquine", "methotrexate")),
        ("MTX/Prednisolon", ("methotrexate", "prednisolone")),
        ("Velcade-Dex", ("bortezomib", "dexamethasone")),
        ("VRd", ("bortezomib", "lenalidomide", "dexamethasone")),
    ],
)
def test_two_drugs_in_one_cell_are_not_one_therapy(text: str, several: tuple[str, ...]) -> None:
    found = split_therapy(text)
    assert found.several == several
    assert not found.known


def test_hc_is_read_as_in_this_field_unless_the_dose_speaks_against_it() -> None:
    assert split_therapy("HC").therapy == "hydroxychloroquine"
    assert split_therapy("HC").assumed == ("hydrocortisone",)
    assert split_therapy("HC 200 mg/d").therapy == "hydroxychloroquine"
    assert split_therapy("HC 200 mg/d").assumed == ()
    assert split_therapy("HC 20 mg/d").choices == ("hydroxychloroquine", "hydrocortisone")
    assert not split_therapy("HC 20 mg/d").known


def test_cs_is_ambiguous() -> None:
    assert split_therapy("CS 10 mg").choices == ("systemic corticosteroid", "ciclosporin")


def test_an_unknown_therapy_stays_as_written_and_a_likely_meaning_is_only_proposed() -> None:
    found = split_therapy("Foobarin 5 mg/d")
    assert (found.therapy, found.known, found.dose) == ("Foobarin", False, "5 mg/d")
    assert split_therapy("Hydroxychlorquine").choices == ("hydroxychloroquine",)


def test_salt_names_add_nothing() -> None:
    assert split_therapy("hydroxychloroquine sulphate").therapy == "hydroxychloroquine"


def test_no_therapy() -> None:
    for text in ("keine", "none", "aucun traitement", "untreated", "-", "Therapiepause"):
        assert split_therapy(text).no_therapy, text


def test_every_standard_name_of_the_alias_table_is_a_known_regimen() -> None:
    meant = {
        name for kind in WORD_KINDS for names in words_of_several(kind).values() for name in names
    }
    unknown = {name for name in meant if find_regimen(name) is None}
    assert unknown == {"melphalan and prednisone"}


def test_no_spelling_means_two_therapies() -> None:
    seen: dict[str, str] = {}
    for name, aliases in spellings_of_therapies().items():
        for alias in {name.casefold(), *aliases}:
            assert seen.setdefault(alias, name) == name, alias


def test_abbreviations_of_regimens_and_atc_codes_are_unique() -> None:
    assert len({r.abbreviation.casefold() for r in regimens()}) == len(regimens())
    codes = [r.atc for r in regimens() if r.atc]
    assert len(set(codes)) == len(codes)


@pytest.mark.parametrize(
    ("text", "atc"),
    [("Endoxan", "L01AA01"), ("IVIG", "J06BA02"), ("Velcade", "L01XG01"), ("MTX", ""), ("ECP", "")],
)
def test_atc_codes_only_where_they_are_sure(text: str, atc: str) -> None:
    assert split_therapy(text).atc == atc


@pytest.mark.parametrize(
    ("therapy", "words"),
    [
        ("sirolimus", ["Rapamune 2 mg/d", "Rapamycin", "Sirolimus (Rapamune)", "rapamycine"]),
        ("everolimus", ["Certican", "Afinitor 5 mg"]),
        ("adalimumab", ["Humira 40 mg alle 2 Wochen s.c.", "Imraldi"]),
        ("infliximab", ["Remicade 5 mg/kg", "Inflectra"]),
        ("belimumab", ["Benlysta"]),
        ("ustekinumab", ["Stelara 45 mg"]),
        ("tofacitinib", ["Xeljanz 2 x 5 mg", "tofacitinib citrate"]),
        ("abrocitinib", ["Cibinqo"]),
        ("thalidomide", ["Thalidomide Celgene 100 mg", "Thalomid"]),
        ("lenalidomide", ["Revlimid 10 mg", "lénalidomide"]),
        ("bortezomib", ["Velcade 1,3 mg/m²"]),
        ("melphalan", ["Alkeran", "HD-Melphalan 200 mg/m²"]),
        ("imatinib", ["Glivec 400 mg/d", "Imatinibmesylat"]),
        ("pirfenidone", ["Esbriet"]),
        ("antithymocyte globulin", ["ATG", "Thymoglobuline"]),
        ("autologous stem cell transplantation", ["autologe SZT", "autogreffe de CSH"]),
        ("allogeneic stem cell transplantation", ["allogene Stammzelltransplantation", "allogreffe",
                                                  "allo-HSCT"]),
        ("CAR T-cell therapy", ["CAR-T-Zellen", "cellules CAR-T"]),
    ],
)  # fmt: skip
def test_further_drugs_and_procedures_by_brand_and_language(therapy, words) -> None:
    assert {split_therapy(w).therapy for w in words} == {therapy}
    assert all(split_therapy(w).known for w in words)


def test_a_stem_cell_transplantation_of_unstated_kind_is_read_as_autologous_and_marked() -> None:
    found = split_therapy("Stammzelltransplantation")
    assert found.therapy == "autologous stem cell transplantation"
    assert found.assumed == ("allogeneic stem cell transplantation",)
    assert split_therapy("autologe Stammzelltransplantation").assumed == ()


@pytest.mark.parametrize(
    ("text", "first"),
    [("JAK-Inhibitor", "tofacitinib"), ("Anti-TNF", "infliximab"), ("Calcineurininhibitor",
     "ciclosporin"), ("Antimalarika", "hydroxychloroquine"), ("IMiD", "thalidomide")],
)  # fmt: skip
def test_a_class_of_drugs_is_asked_about_and_never_narrowed(text: str, first: str) -> None:
    found = split_therapy(text)
    assert not found.known
    assert found.choices[0] == first


def test_schedules_with_german_abbreviations_and_numbers_in_words_are_whole() -> None:
    assert split_therapy("IVIG 2 g/kg alle 4 Wo., 6 Zyklen").schedule == "alle 4 Wo."
    assert split_therapy("IVIG 30 g alle vier Wochen").schedule == "alle vier Wochen"
    assert split_therapy("Predni 20 mg ausschl.").kind == "taper"


def test_a_bracket_in_an_unknown_name_stays_closed() -> None:
    assert split_therapy("Foobarin (Barimab) 50 mg").therapy == "Foobarin (Barimab)"
