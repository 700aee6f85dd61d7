"""Body sites by their standard English name, with what clinics call them (en, de, fr)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

SITE_NAMES: Final[Mapping[str, str]] = {
    "finger": "fingers|digit|phalanx|phalanges|doigt|doigts|phalange|finger dorsum|dig",
    "proximal phalanx": "proximal phalange|prox phalanx|grundphalanx|grundglied|phalange proximale"
    "|proximal finger",
    "middle phalanx": "mittelphalanx|mittelglied|phalange moyenne|phalange intermédiaire",
    "distal phalanx": "endphalanx|endglied|phalange distale|fingertip|fingerkuppe|fingerspitze",
    "index finger": "zeigefinger|index|2nd finger|second finger|digitus ii|dig ii|finger 2"
    "|2 finger",
    "middle finger": "mittelfinger|majeur|médius|3rd finger|third finger|digitus iii|dig iii"
    "|finger 3|3 finger",
    "ring finger": "ringfinger|annulaire|4th finger|fourth finger|finger 4|4 finger",
    "little finger": "kleinfinger|kleiner finger|auriculaire|5th finger|finger 5|5 finger",
    "thumb": "daumen|pouce|finger 1",
    "hand": "hands|hände|haende|main|mains|manus",
    "hand dorsum": "dorsum of hand|dorsum of the hand|hand back|back of hand|back of the hand"
    "|backs of hands|dorsal hand|hand dorsal|dorsum manus|handrücken|handruecken|handrucken"
    "|handrückens|dos de la main|dos main|dos de main|face dorsale de la main|face dorsale main"
    "|main dorsale|handdorsum|dorsum hand",
    "palm": "handfläche|handflaeche|handteller|hohlhand|paume|paume de la main|palma|palmar",
    "wrist": "handgelenk|poignet",
    "forearm": "forearms|fore arm|lower arm|unterarm|unterarme|unter arm|avant bras|avantbras"
    "|antebrachium|vorderarm|av bras|ut arm|u arm|unterarms|forearm skin|fa",
    "volar forearm": "forearm volar|ventral forearm|forearm ventral|inner forearm|flexor forearm"
    "|forearm flexor|unterarm volar|unterarm innenseite|unterarminnenseite|unterarm beugeseite"
    "|unterarmbeugeseite|volarer unterarm|unterarm ventral|avant bras face antérieure"
    "|face antérieure avant bras|face antérieure de l avant bras|avant bras face interne"
    "|avant bras antérieur",
    "dorsal forearm": "forearm dorsal|extensor forearm|forearm extensor|outer forearm"
    "|unterarm dorsal|unterarm streckseite|unterarmstreckseite|dorsaler unterarm"
    "|unterarm außenseite|unterarmaußenseite|avant bras face dorsale|avant bras face postérieure"
    "|face dorsale avant bras|face dorsale de l avant bras|face postérieure de l avant bras"
    "|avant bras postérieur",
    "elbow": "ellbogen|ellenbogen|coude|elbow crease",
    "antecubital fossa": "ellenbeuge|ellbeuge|pli du coude|cubital fossa|fossa cubitalis",
    "upper arm": "upper arms|upperarm|oberarm|oberarme|ober arm|oberarms|partie supérieure du bras"
    "|haut du bras|bras supérieur|brachium|humeral|o arm",
    "arm": "arms|arme|bras",
    "deltoid": "deltoideus|deltoid region|deltoïde|region deltoidea",
    "shoulder": "shoulders|schulter|schultern|épaule|épaules",
    "axilla": "armpit|achsel|achselhöhle|aisselle",
    "thigh": "thighs|oberschenkel|ober schenkel|cuisse|cuisses|upper leg|osch|o schenkel|femoral",
    "knee": "knees|knie|genou|genoux",
    "lower leg": "lower legs|lowerleg|unterschenkel|unter schenkel|jambe inférieure|bas de jambe"
    "|bas de la jambe|usch|u schenkel|crus|jambe distale",
    "calf": "calves|wade|waden|mollet|mollets|sura",
    "shin": "schienbein|tibia|pretibial|prätibial|praetibial|prétibial|shins|face antérieure jambe"
    "|anterior tibia",
    "leg": "legs|bein|beine|jambe|jambes",
    "ankle": "ankles|knöchel|knoechel|sprunggelenk|cheville|malleolus|innenknöchel|außenknöchel",
    "foot": "feet|fuß|fuss|füße|fuesse|pied|pieds|pes",
    "foot dorsum": "dorsum of foot|dorsum of the foot|back of foot|dorsal foot|foot dorsal"
    "|top of foot|instep|fußrücken|fussrücken|fussruecken|fußruecken|fußspann|spann|dos du pied"
    "|dos pied|face dorsale du pied|dorsum pedis|dorsum foot|pied dorsal",
    "midfoot": "dorsal midfoot|mittelfuß|mittelfuss|médio pied",
    "heel": "ferse|talon",
    "sole": "fußsohle|fusssohle|plante|plante du pied|planta|plantar",
    "toe": "toes|zehe|zehen|großzehe|orteil|orteils|great toe|hallux",
    "buttock": "buttocks|gesäß|gesaess|gesäss|po|glutäal|gluteal|fesse|fesses",
    "hip": "hüfte|huefte|hanche",
    "groin": "leiste|aine|inguinal",
    "face": "gesicht|visage|facial|faciès",
    "forehead": "stirn|stirne|front|frontal|brow",
    "glabella": "glabelle|glabellar|zwischen den augenbrauen|nasenwurzel",
    "temple": "schläfe|schlaefe|tempe",
    "cheek": "cheeks|wange|wangen|backe|joue|joues|malar",
    "nose": "nase|nez",
    "upper lip": "oberlippe|lèvre supérieure",
    "lower lip": "unterlippe|lèvre inférieure",
    "lip": "lips|lippe|lippen|lèvre|lèvres",
    "perioral": "perioral region|mundregion|um den mund|péri buccal|péribuccal|perioral skin",
    "chin": "kinn|menton|mentum",
    "eyelid": "lid|augenlid|oberlid|paupière|upper eyelid",
    "ear": "ears|ohr|ohren|oreille|oreilles|auricle|ohrmuschel|earlobe|ohrläppchen",
    "scalp": "kopfhaut|cuir chevelu|capillitium",
    "neck": "hals|cou|halsregion|collum|anterior neck",
    "nape": "nacken|nuque|nucha|back of neck|posterior neck|nape of neck",
    "chest": "anterior chest|brust|brustkorb|brustwand|thorax|poitrine|torse|vordere brust"
    "|anterior thorax|chest wall|front of chest",
    "sternum": "sternal|brustbein|presternal|prästernal|prästernal|présternal",
    "décolleté": "decollete|dekolleté|dekollete|décolletage",
    "breast": "mamma|sein",
    "clavicle": "schlüsselbein|clavicule|infraclavicular|infraklavikulär|clavicula",
    "abdomen": "bauch|belly|ventre|unterbauch|abdominal|bauchhaut|bauchdecke|tummy"
    "|paroi abdominale",
    "flank": "flanke|flanc|waist",
    "back": "rücken|ruecken|rucken|dos|dorsum",
    "upper back": "oberer rücken|rücken oben|haut du dos|interscapular|interskapulär"
    "|rücken oberer|back upper|suprascapular",
    "lower back": "unterer rücken|rücken unten|bas du dos|lumbar|lumbal|lombaire|kreuz|lendenregion"
    "|back lower",
    "scapula": "schulterblatt|omoplate|scapular",
    "trunk": "rumpf|stamm|tronc|torso",
}
"""Other names of each site, parted by bars; in lower case, without hyphens."""

MODIFIERS: Final[Mapping[str, str]] = {
    "proximal": "proximal|proximaler|proximale|prox|proximally",
    "distal": "distal|distaler|distale|dist|distally",
    "medial": "medial|medialer|mediale|médial|innen|innenseite|inner|interne|face interne",
    "lateral": "lateral|lateraler|laterale|latéral|latérale|außen|außenseite|aussen|outer|externe"
    "|face externe",
    "anterior": "anterior|ant|ventral|vorne|vorderseite|vorderer|antérieur|antérieure"
    "|face antérieure",
    "posterior": "posterior|post|hinten|rückseite|hinterer|postérieur|postérieure|face postérieure",
    "middle": "middle|mid|mitte|mittlerer|mittlere|milieu|moyen|moyenne|central|zentral",
    "extensor": "extensor|streckseite|extensor side|extensor surface",
    "flexor": "flexor|beugeseite|flexor side|flexor surface",
    "dorsal": "dorsal|dorsale|dorsaler|dorsum|face dorsale",
    "volar": "volar|volare|volarer|palmar",
    "upper": "upper|oberer|obere|oben|supérieur|supérieure",
    "lower": "lower|unterer|untere|unten|inférieur|inférieure",
}
"""Words that narrow a site; they are kept before its name."""

SIDE_WORDS: Final[Mapping[str, str]] = {
    "left": "left|lt|lft|links|linker|linke|linkes|linken|li|lks|gauche|gche|gau|gch|sin|sinister"
    "|sinistra|l|lhs",
    "right": "right|rt|rgt|rechts|rechter|rechte|rechtes|rechten|re|rts|droit|droite|drt|drte|dte"
    "|dt|dr|dext|dexter|dextra|r|rhs",
    "both": "bds|beids|beidseits|beiderseits|bilateral|bilat|bil|both|both sides|beide|beidseitig"
    "|bilatéral|bilatérale|deux côtés|les deux|lr|l r|l+r|r+l|re li|li re",
}
"""Words for the side of the body."""

FRENCH_SIDE_LETTERS: Final[Mapping[str, str]] = {"g": "left", "d": "right"}
"""Letters that name a side only beside a French site."""

_FRENCH_SITES_TEXT = """
doigt doigts main mains paume poignet bras avant avantbras coude épaule épaules aisselle cuisse
cuisses genou genoux jambe jambes mollet mollets cheville pied pieds talon plante orteil orteils
fesse fesses hanche aine visage front tempe joue joues nez lèvre lèvres menton paupière oreille
oreilles cou nuque poitrine torse sein ventre flanc dos omoplate tronc pouce index majeur annulaire
auriculaire phalange phalanges pommette creux
"""
FRENCH_SITES: Final = frozenset(_FRENCH_SITES_TEXT.split())
"""First words that show a French name of a site."""

ABBREVIATIONS: Final[Mapping[str, tuple[str, str]]] = {
    # abbreviation: (English reading, German reading)
    "ua": ("upper arm", "forearm"),
    "oa": ("", "upper arm"),
    "us": ("", "lower leg"),
    "os": ("", "thigh"),
    "hr": ("", "hand dorsum"),
    "fr": ("", "foot dorsum"),
    "ll": ("lower leg", ""),
    "ul": ("thigh", ""),
    "abd": ("abdomen", "abdomen"),
}
"""Short forms (English reading, German reading); they count only beside a side word."""

_GERMAN_SIDE_WORDS_TEXT = """
links linker linke linkes rechts rechter rechte rechtes li re lks bds beidseits
"""
GERMAN_SIDE_WORDS: Final = frozenset(_GERMAN_SIDE_WORDS_TEXT.split())
"""Side words that show a German cell."""
