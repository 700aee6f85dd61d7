"""Body sites in three languages, and spellings that seem to be one site."""

from __future__ import annotations

import pytest

from sm_tracker.ingest.cells.sites import read_site, side_of, similar_sites


@pytest.mark.parametrize(
    ("site", "side", "texts"),
    [
        ("forearm", "left", ["left forearm", "Unterarm li.", "Unterarm links", "linker Unterarm",
                             "forearm_left", "Forearm (L)", "L forearm", "avant-bras gauche",
                             "Avant-bras G.", "LeftForearm", "FOREARM LEFT", "fore arm, left"]),
        ("forearm", "right", ["right forearm", "Unterarm re.", "avant-bras droit", "avant-bras D",
                              "avant-bras dr.", "Unterarm, rechts", "forearm-R", "UA re."]),
        ("upper arm", "left", ["Oberarm li.", "upper arm left", "UA left", "OA links"]),
        ("hand dorsum", "right", ["Handrücken re.", "Handruecken rechts", "dos de la main droite",
                                  "dorsum of right hand", "back of the right hand"]),
        ("calf", "", ["Wade", "calf", "mollet"]),
        ("thigh", "left", ["Oberschenkel links", "left thigh", "cuisse g."]),
        ("lower leg", "", ["Unterschenkel", "lower leg"]),
        ("shin", "", ["Schienbein", "shin", "tibia"]),
        ("foot dorsum", "", ["Fußrücken", "Fussrücken", "dorsum of foot", "dos du pied"]),
        ("forehead", "", ["Stirn", "forehead", "front"]),
        ("cheek", "right", ["Wange rechts", "joue droite", "right cheek"]),
        ("abdomen", "", ["Bauch", "abdomen", "ventre"]),
        ("chest", "", ["Brust", "chest", "thorax", "poitrine", "anterior chest"]),
        ("index finger", "right", ["Zeigefinger re.", "right index finger", "finger 2 R"]),
        ("volar forearm", "left", ["Unterarm volar links", "Unterarm Beugeseite li.",
                                   "left volar forearm",
                                   "face antérieure de l'avant-bras gauche"]),
        ("distal forearm", "", ["Unterarm distal", "distal forearm", "avant-bras distal"]),
    ],
)  # fmt: skip
def test_one_site_in_many_spellings(site: str, side: str, texts: list[str]) -> None:
    for text in texts:
        found = read_site(text)
        assert (found.site, found.side, found.known) == (site, side, True), text
        assert found.text == text


def test_the_seventeen_sites_of_the_skin_score_are_known() -> None:
    for text in ("face", "finger", "hand", "forearm", "upper arm", "thigh", "lower leg", "foot",
                 "chest", "abdomen"):  # fmt: skip
        assert read_site(text).site == text


def test_both_sides_are_not_one_side() -> None:
    for text in ("Unterarm bds.", "forearm bilateral", "Unterarm re/li", "forearm L+R"):
        found = read_site(text)
        assert (found.site, found.side, found.both_sides) == ("forearm", "", True), text


def test_unknown_sites_stay_as_written_without_their_side() -> None:
    assert read_site("  Narbe  oben links ").site == "Narbe oben"
    assert read_site("Narbe links").side == "left"
    assert not read_site("Narbe").known
    assert read_site("Narbe").site == "Narbe"


def test_numbered_lesions_are_sites_of_their_own() -> None:
    for text in ("lesion 3", "Läsion 3", "Lésion n° 3", "Herd 3", "LESION 3"):
        assert read_site(text).site == "lesion 3", text
    assert read_site("Plaque B links").site == "plaque B"
    assert read_site("Plaque B links").side == "left"


def test_a_side_alone_is_a_side() -> None:
    assert [side_of(t) for t in ("L", "li.", "rechts", "D", "G", "d", "left hand", "dorsal")] == [
        "left", "left", "right", "right", "left", "", "", "",
    ]  # fmt: skip


def test_an_abbreviation_that_means_different_sites_is_not_settled() -> None:
    assert read_site("UA").choices == ("upper arm", "forearm")
    assert not read_site("UA L").known


def test_front_is_french_and_hand_and_back_of_hand_stay_two_sites() -> None:
    assert read_site("hand").site != read_site("hand dorsum").site


def test_spellings_of_one_site_are_grouped_and_sides_kept_apart() -> None:
    texts = ["forearm", "Unterarm", "forarm", "Forearm re.", "forearm right", "thigh", "Plaque 1",
             "Plaque 2", "plaque  1"]  # fmt: skip
    assert similar_sites(texts) == (
        ("forearm", "Unterarm", "forarm"),
        ("Forearm re.", "forearm right"),
        ("Plaque 1", "plaque  1"),
    )


def test_a_lost_letter_makes_no_side_of_the_one_before_it() -> None:
    assert read_site("R\ufffdcken").side == ""
    assert read_site("L\ufffdsion").side == ""
