"""Headers of columns that identify a patient (en, de, fr).

In small letters without accents; points, hyphens and underscores are blanks.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

IDENTIFYING_HEADERS: Final[Mapping[str, str]] = {
    "name": (
        "name|names|patient name|patients name|patient s name|name of patient|name of the patient"
        "|full name|fullname|first name|firstname|last name|lastname|given name|family name"
        "|middle name|maiden name|birth name|surname|forename|first last name|last first|pat name"
        "|initials|patient initials|patientname|vorname|nachname|zuname|rufname|familienname"
        "|geburtsname|madchenname|vollname|name vorname|vorname name|vorname nachname"
        "|nachname vorname|patientenname|patientennamen|name des patienten|name der patientin"
        "|name patient|name pat|initialen|nom|noms|prenom|prenoms|nom prenom|prenom nom"
        "|nom et prenom|nom du patient|nom patient|nom de famille|nom de naissance|nom d usage"
        "|nom de jeune fille|prenom du patient|initiales|identite|patient nom"
    ),
    "birth date": (
        "dob|d o b|date of birth|birth date|birthdate|birthday|birth day|born|born on|pat dob"
        "|patient dob|geburtsdatum|geburtstag|geb|geb datum|geb dat|geb am|gebdat|gebdatum|geboren"
        "|geboren am|geburts datum|geb d|date de naissance|date naissance|naissance|ne le|nee le"
        "|ne e le|ddn|date nais|date de nais|d n|dn patient"
    ),
    "insurance or social security number": (
        "insurance number|insurance no|insurance id|insurance|health insurance number"
        "|health insurance no|ssn|social security number|social security no|nhs|nhs number|nhs no"
        "|medicare number|medicare no|policy number|policy no|versicherungsnummer|versicherungsnr"
        "|versicherungs nr|versicherungs nummer|versichertennummer|versichertennr|versicherten nr"
        "|versicherten id|krankenversicherungsnummer|krankenversichertennummer"
        "|krankenversichertennr|kvnr|kv nr|kv nummer|svnr|sv nr|sv nummer"
        "|sozialversicherungsnummer|sozialversicherungsnr|ahv|ahv nr|ahv nummer|egk nr|egk nummer"
        "|krankenkassennummer|krankenkassen nr|nir|numero de securite sociale|n securite sociale"
        "|no securite sociale|n de securite sociale|securite sociale|num secu|n secu|no secu"
        "|numero secu|numero d assure|n assure|carte vitale|numero assure|num securite sociale"
        "|n carte vitale"
        "|numero carte vitale|niss|numero niss|n niss|n registre national"
        "|numero de registre national"
        "|registre national|n national|numero national|inami|ramq|n ramq|numero ramq|nam|n nam"
        "|n assurance maladie|numero d assurance maladie|no assurance maladie|assurance maladie"
        "|n avs|avs|no avs|numero avs|n de carte vitale|mutuelle|n mutuelle|numero de mutuelle"
        "|nas|numero d assurance sociale|n d assure|insz|rijksregisternummer"
    ),
    "record number": (
        "mrn|medical record number|medical record no|hospital number|hospital no|hospital id"
        "|chart number|chart no|krankenaktennummer|akten nr|aktennummer|aktenzeichen|aufnahmenummer"
        "|aufnahme nr|sap nummer|sap nr|orbis id|kis nr|kis id|ipp|nip|n ipp|numero ipp"
        "|numero de dossier|n dossier|no dossier|n de dossier|num dossier|dossier medical"
        "|n dossier medical|numero de dossier medical|passport|passport number"
        "|passport no|ausweisnummer|personalausweis"
    ),
    "telephone number": (
        "phone|phone number|phone no|telephone|telephone number|tel|tel no|tel nr|telnr|telefon"
        "|telefonnummer|telefon nr|handy|handynummer|handy nr|mobile|mobile number|mobile phone"
        "|mobil|mobilnummer|mobiltelefon|cell phone|cellphone|fax|portable|n de tel|numero de tel"
        "|numero de telephone|n de telephone|n tel|no tel"
    ),
    "e-mail address": (
        "email|e mail|mail|email address|e mail address|e mail adresse|email adresse|emailadresse"
        "|courriel|adresse mail|adresse electronique|adresse e mail"
    ),
    "address": (
        "address|home address|postal address|street|street address|zip|zip code|zipcode|post code"
        "|postcode|postal code|city|town|adresse|anschrift|wohnadresse|postadresse|strasse"
        "|strasse nr|strasse hausnummer|hausnummer|plz|postleitzahl|wohnort|plz ort|plz wohnort"
        "|ville|rue|code postal|cp ville|cp|domicile|adresse postale|adresse du patient"
    ),
}
"""Headers by what they identify a patient by, parted by bars."""

IDENTIFYING_IF_LONG: Final = frozenset(
    (
        "fallnummer",
        "fall nr",
        "fallnr",
        "record number",
        "record no",
        "case number",
        "numero patient",
        "patientennummer",
        "patient number",
        "n patient",
        "no patient",
    )
)
"""Headers of record numbers where most cells have six digits or more, else of codes."""

CODE_IF_SHORT: Final = frozenset(
    ("numero de dossier", "n dossier", "no dossier", "n de dossier", "num dossier")
)
"""Headers of record numbers that hold codes where the cells are as short as codes."""
