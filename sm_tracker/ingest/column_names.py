"""What clinics call their columns, in English, German and French.

Names are compared in small letters without accents, points and underscores; `ä` counts
as `ae` and as `a`. A name belongs to one role.
"""

from __future__ import annotations

from collections.abc import Mapping


def word_set(text: str) -> frozenset[str]:
    """Words of a text, each once."""
    return frozenset(text.split())


NAMES: Mapping[str, tuple[str, ...]] = {
    "patient_id": (
        "patient id", "patient", "patients", "pat", "pat id", "patid", "pat nr", "patnr",
        "pat no", "pat code", "patient no", "patient nr", "patient number", "patient code",
        "patientid", "patientcode", "patientennummer", "patientenid", "patienten id",
        "patienten nr", "patientennr", "patientencode", "patienten code", "patientenkennung",
        "patientenkuerzel", "patientin", "patientin patient", "patient in", "id", "id nr",
        "id code", "idnr", "ident", "code", "kennung", "kuerzel", "pseudonym", "pseudonyme",
        "pseudo id", "subject", "subject id", "subject no", "subjid", "subject number",
        "usubjid", "participant", "participant id", "participant no", "proband", "probanden id",
        "probanden nr", "probandennummer", "probandencode", "teilnehmer", "teilnehmer id",
        "fall", "case", "case id", "case no", "record id", "study id", "studyid", "studien id",
        "studienid", "studiennummer", "studien nr", "studiencode", "study number", "study no",
        "n patient", "no patient", "numero patient", "numero de patient", "numero du patient",
        "num patient", "dossier", "code patient", "id patient", "identifiant",
        "identifiant patient",
        "identifiant du patient", "patiente", "patient e", "sujet", "id sujet", "n sujet",
        "probandennr", "fallnummer", "fallnr", "fall nr", "n de patient", "code sujet",
        "participante", "malade", "person id", "pid",
    ),
    "date": (
        "date", "datum", "dates", "day of visit", "visit date", "date of visit", "visitdate",
        "exam date", "examination date", "date of exam", "date of examination", "scan date",
        "date of scan", "measurement date", "date of measurement", "measured on", "measured",
        "date measured", "assessment date", "date of assessment", "study date", "us date",
        "ultrasound date", "date of ultrasound", "untersuchungsdatum", "untersuchung am",
        "untersucht am", "untersuchungstag", "messdatum", "messtag", "gemessen am",
        "datum der messung", "datum der untersuchung", "datum messung", "datum untersuchung",
        "messung vom", "messung am", "visitendatum", "datum der visite", "datum visite",
        "besuchsdatum", "termin", "tag der messung", "tag der untersuchung", "schalldatum",
        "sonodatum", "datum sono", "date de visite", "date de la visite", "date visite",
        "date d examen", "date de l examen", "date examen", "date de mesure",
        "date de la mesure", "date mesure", "mesure le", "examen du", "date echographie",
        "date d echographie", "date de l echographie", "date consultation",
        "date de consultation", "date du controle", "aufnahmedatum", "datum aufnahme",
        "datum us", "us datum", "datum us untersuchung", "kontrolldatum", "datum kontrolle",
    ),
    "day": (
        "day", "days", "tag", "tage", "jour", "jours", "rel day", "relative day", "study day",
        "studientag", "day no", "tag nr", "days since start", "days from start",
        "days since baseline", "days from baseline", "days after start", "tage seit beginn",
        "tage seit start", "tage seit baseline", "tage ab beginn", "jours depuis le debut",
        "jours depuis debut", "jour d etude", "time days", "time d", "zeit tage", "zeit d",
        "temps jours", "temps j", "tag seit beginn", "relativer tag",
    ),
    "week": (
        "week", "weeks", "woche", "wochen", "semaine", "semaines", "study week", "studienwoche",
        "weeks since start", "weeks since baseline", "wochen seit beginn", "kw seit beginn",
        "semaines depuis le debut", "time weeks", "zeit wochen", "temps semaines",
    ),
    "month": (
        "month", "months", "monat", "monate", "mois", "study month", "months since start",
        "months since baseline", "monate seit beginn", "mois depuis le debut", "time months",
        "zeit monate", "temps mois",
    ),
    "year": ("year", "jahr", "annee", "years", "jahre"),
    "visit": (
        "visit", "visite", "visits", "visit no", "visit number", "visit nr", "visite nr",
        "visitennummer", "besuch", "zeitpunkt", "messzeitpunkt", "time point", "timepoint",
        "moment", "event", "consultation", "controle", "kontrolle", "untersuchung", "examen",
        "time", "zeit", "temps", "termin nr", "avisit", "n visite", "no visite",
    ),
    "site": (
        "site", "sites", "body site", "anatomical site", "anatomic site", "location",
        "measurement site", "measuring site", "site of measurement", "body region", "region",
        "regions", "body area", "area", "body part", "skin site", "position", "place", "spot",
        "localisation", "localization", "lokalisation", "lokalisierung", "lok", "stelle",
        "messstelle", "messort", "messpunkt", "messstellen", "ort", "koerperstelle",
        "koerperregion", "koerperteil", "koerpergegend", "hautareal", "areal", "hautstelle",
        "hautregion", "messregion", "messareal", "region anatomique", "site anatomique",
        "site de mesure", "lieu", "lieu de mesure", "emplacement", "zone", "zone de mesure",
        "zone mesuree", "siege", "endroit", "partie du corps", "zone corporelle",
        "region corporelle", "point de mesure", "anatomie", "anatomy", "lesion", "plaque",
        "laesion", "localisation anatomique", "site mesure", "loc",
    ),
    "side": (
        "side", "seite", "cote", "laterality", "lateralitaet", "lateralite", "l r", "r l",
        "li re", "re li", "left right", "right left", "links rechts", "rechts links", "g d",
        "d g", "gauche droite", "droite gauche", "koerperseite", "body side", "side of body",
        "lat", "cote du corps", "links oder rechts", "left or right",
    ),
    "layer": (
        "layer", "schicht", "hautschicht", "couche", "skin layer", "messschicht",
        "gemessene schicht", "couche mesuree", "tissue layer",
    ),
    "thickness": (
        "thickness", "skin thickness", "skinthickness", "thick", "thk", "dermal thickness",
        "dermis thickness", "full skin thickness", "cutis thickness", "us thickness",
        "ultrasound thickness", "thickness us", "skin thickness us", "hfus thickness",
        "skin thickness ultrasound", "skin thick", "hautdicke", "dicke", "dicke der haut",
        "hautdicke us", "hautdicke sono", "hautdicke ultraschall", "dermisdicke", "koriumdicke",
        "coriumdicke", "kutisdicke", "cutisdicke", "lederhautdicke", "schichtdicke", "hautstaerke",
        "dicke dermis", "dicke haut", "sonographische hautdicke", "sonografische hautdicke",
        "epaisseur", "epaisseur cutanee", "epaisseur de la peau", "epaisseur peau",
        "epaisseur du derme", "epaisseur derme", "epaisseur dermique", "ep cutanee", "ep peau",
        "mm", "um", "cm", "thickness mean", "mean thickness", "average thickness",
        "mittlere hautdicke", "mittlere dicke", "epaisseur moyenne", "hautdicke mittelwert",
    ),
    "value": (
        "value", "val", "wert", "messwert", "messwerte", "valeur", "valeur mesuree", "result",
        "results", "ergebnis", "messergebnis", "resultat", "reading", "measurement", "messung",
        "mesure", "measure", "measured value", "gemessener wert", "aval",
    ),
    "unit": (
        "unit", "units", "einheit", "einheiten", "masseinheit", "unite", "unites", "uom",
        "dimension", "thickness unit", "unit of thickness", "einheit dicke", "messeinheit",
    ),
    "qualifier": (
        "qualifier", "comparator", "operator", "vergleich", "zensiert", "censored", "censoring",
        "vorzeichen", "comparateur", "operateur comparaison", "below above",
    ),
    "status": (
        "status", "measurement status", "messstatus", "statut", "reading status",
    ),
    "replicate": (
        "replicate", "replicate no", "rep", "repeat", "repetition", "wiederholung", "replikat",
        "messung nr", "messungsnummer", "messnummer", "mess nr", "reading no", "reading number",
        "measurement no", "measurement number", "n mesure", "no mesure", "numero de mesure",
        "numero mesure", "nr messung", "lfd messung", "einzelmessung", "repetition no",
        "n de mesure", "replicat", "n replicat", "nr", "no", "lauf", "run",
    ),
    "sd": (
        "sd", "std", "stdev", "standard deviation", "sd mm", "stabw", "standardabweichung",
        "stabwn", "std abw", "ecart type", "et", "sd thickness", "sd dicke", "thickness sd",
        "sd hautdicke",
    ),
    "mean": (
        "mean", "average", "avg", "mittelwert", "mw", "mittel", "durchschnitt", "moyenne", "moy",
        "median", "mediane", "mean of readings", "mittelwert der messungen",
    ),
    "device": (
        "device", "scanner", "machine", "geraet", "ultraschallgeraet", "messgeraet", "appareil",
        "echographe", "device name", "probe", "sonde", "schallkopf", "transducer",
    ),
    "frequency_mhz": (
        "frequency mhz", "frequency", "frequenz", "frequence", "mhz", "freq", "schallfrequenz",
        "probe frequency", "frequence sonde", "frequenz mhz", "frequence mhz", "freq mhz",
    ),
    "velocity_m_s": (
        "velocity m s", "velocity", "sound velocity", "speed of sound", "schallgeschwindigkeit",
        "vitesse du son", "vitesse", "m s",
    ),
    "examiner": (
        "examiner", "operator code", "observer", "rater", "investigator", "untersucher",
        "untersucherin", "untersucher code", "messender", "gemessen von", "measured by",
        "examined by", "untersucht von", "operateur", "examinateur", "observateur",
        "mesure par", "examine par", "sonographer", "schaller", "pruefer", "messperson",
    ),
    "note": (
        "note", "notes", "comment", "comments", "remark", "remarks", "kommentar", "kommentare",
        "bemerkung", "bemerkungen", "anmerkung", "anmerkungen", "notiz", "notizen", "remarque",
        "remarques", "commentaire", "commentaires", "observation", "observations", "hinweis",
        "hinweise", "free text", "freitext", "texte libre", "bem", "sonstiges", "divers",
        "befund", "beurteilung", "finding", "findings", "clinical note", "klinik",
    ),
    "therapy": (
        "therapy", "therapies", "tx", "rx", "treatment", "treatments", "drug", "drugs",
        "medication",
        "medicine", "agent", "regimen", "therapie", "therapien", "behandlung", "medikament",
        "medikamente", "medikation", "wirkstoff", "praeparat", "substanz", "arzneimittel",
        "therapieform", "regime", "therapieregime", "traitement", "traitements", "medicament",
        "molecule",
        "medicaments", "therapeutique", "intervention", "drug name", "treatment name",
        "current therapy", "current treatment", "aktuelle therapie", "laufende therapie",
        "traitement en cours", "traitement actuel", "under therapy", "systemtherapie",
        "systemic therapy", "therapy at visit", "treatment at visit", "therapie bei messung",
        "produit", "substance", "principe actif", "immunsuppression",
    ),
    "start": (
        "start", "began", "begun", "start date", "date start", "startdate", "started",
        "started on", "begin",
        "begin date", "beginning", "from", "from date", "date from", "since", "first dose",
        "first day", "therapy start", "treatment start", "start of therapy", "onset",
        "start of treatment", "therapy start date", "treatment start date", "beginn",
        "therapiebeginn", "behandlungsbeginn", "beginn der therapie", "beginn therapie",
        "beginn am", "start am", "startdatum", "anfang", "anfangsdatum", "von", "ab", "seit",
        "von datum", "datum von", "therapiestart", "erste gabe", "datum beginn", "beginndatum",
        "gestartet", "angesetzt", "angesetzt am", "begonnen", "begonnen am", "debut",
        "date debut", "date de debut", "debut du traitement", "debut traitement", "debute le",
        "debut de traitement", "depuis", "du", "date de debut du traitement", "commence le",
        "therapie von", "therapie ab", "behandlung von", "behandlung ab", "instaure le",
        "initiation", "date d initiation", "therapy from", "treatment from",
    ),
    "end": (
        "end", "end date", "date end", "enddate", "ended", "ended on", "stop", "stop date",
        "stopped", "stopped on", "to", "to date", "date to", "until", "till", "finish", "finished",
        "last dose", "last day", "therapy end", "treatment end", "end of therapy", "thru",
        "end of treatment", "therapy end date", "treatment end date", "discontinued", "ende",
        "discontinued on", "therapieende", "behandlungsende", "ende der therapie",
        "ende therapie", "ende am", "enddatum", "bis", "bis datum", "datum bis", "datum ende",
        "letzte gabe", "absetzdatum", "stoppdatum", "arret le", "beendet", "beendet am",
        "abgesetzt", "abgesetzt am", "stopp", "fin",
        "therapiestopp", "date fin", "date de fin", "fin du traitement", "fin traitement",
        "fin de traitement", "arret", "date d arret", "arrete le", "jusqu au", "jusqua", "au",
        "jusqu a", "date de fin du traitement", "date arret", "therapie bis", "behandlung bis",
        "therapy to", "therapy until", "treatment to", "treatment until", "termine le",
    ),
    "start_day": (
        "start day", "startday", "starttag", "day start", "day from", "tag von", "tag beginn",
        "jour debut", "jour de debut", "first study day", "day of start",
    ),
    "end_day": (
        "end day", "endday", "endtag", "day end", "stop day", "day to", "tag bis", "tag ende",
        "jour fin", "jour de fin", "last study day", "day of end",
    ),
    "end_status": ("end status", "ende status", "statut fin", "status ende", "end state"),
    "date_precision": ("date precision", "datumsgenauigkeit", "precision de la date"),
    "end_date_precision": ("end date precision",),
    "period_id": ("period id", "course id", "perioden id", "id periode", "kurs id"),
    "kind": (
        "kind", "kind of therapy", "way of giving", "art der gabe", "mode", "schema art",
    ),
    "dose": (
        "dose", "dosis", "dosierung", "dosage", "posologie", "dose schedule", "dosing",
        "tagesdosis", "daily dose", "dose per cycle", "dosis pro zyklus", "dose par cycle",
        "dose journaliere", "menge", "strength", "dosis und schema", "dosierungsschema",
    ),
    "schedule": (
        "schedule", "interval", "intervall", "frequency of dosing", "schema", "therapieschema",
        "rhythmus", "turnus", "rythme", "intervalle", "administration schedule", "einnahme",
        "dosing interval", "dosierungsintervall", "haeufigkeit", "frequence d administration",
    ),
    "cycles": (
        "cycles", "cycle", "no of cycles", "number of cycles", "n cycles", "zyklen", "zyklus",
        "anzahl zyklen", "zyklenzahl", "zykluszahl", "zahl der zyklen", "anzahl der zyklen",
        "nombre de cycles", "nb cycles", "nb de cycles", "cures", "nombre de cures", "pulse",
        "pulses", "number of pulses", "sessions", "number of sessions", "sitzungen",
        "anzahl sitzungen", "anzahl", "anzahl gaben", "infusions", "infusionen", "seances",
        "nombre de seances", "gaben", "count", "nb seances",
    ),
    "session_dates": (
        "session dates", "dates of sessions", "sitzungsdaten", "dates des seances",
        "infusion dates", "sitzungstermine",
    ),
    "route": (
        "route", "route of administration", "applikation", "applikationsweg", "applikationsart",
        "gabe", "verabreichung", "voie", "voie d administration", "admin route", "route given",
    ),
    "stop_reason": (
        "stop reason", "reason for stopping", "reason for stop", "reason stopped", "reason",
        "reason for discontinuation", "abbruchgrund", "absetzgrund", "grund", "beendigungsgrund",
        "grund fuer absetzen", "grund des absetzens", "motif d arret", "motif", "raison",
        "raison de l arret", "motif de l arret", "grund ende", "end reason",
    ),
    "show_in_figure": ("show in figure", "in abbildung", "dans la figure"),
    "outcome": (
        "outcome", "parameter", "zielgroesse", "zielparameter", "endpoint", "endpunkt", "critere",
        "variable", "test", "test name", "paramcd", "param", "parametre", "messgroesse",
        "analyte", "score name", "measure name",
    ),
    "better": ("better", "besser", "meilleur", "direction", "better direction"),
    "record_type": (
        "type", "record type", "row type", "recordtype", "rowtype", "typ", "art", "satzart",
        "eintragsart", "kategorie", "category", "categorie", "datensatztyp", "zeilentyp",
        "entry type", "entry", "eintrag", "type d enregistrement", "type de ligne",
        "type de donnee", "type de saisie", "kind of record", "record", "entree", "was",
        "ereignis", "ereignisart", "event type", "evenement", "type d evenement", "rubrik",
        "datentyp", "data type", "table", "tabelle", "enregistrement",
    ),
    "subject": (
        "item", "name", "label", "what", "bezeichnung", "beschreibung", "description",
        "libelle", "detail", "details", "designation", "subject of record", "text", "texte",
        "site therapy", "site or therapy", "stelle therapie", "site drug", "site or drug",
        "stelle oder therapie", "site ou traitement", "site traitement", "inhalt", "contenu",
        "content", "gegenstand", "objet", "stelle medikament",
    ),
}  # fmt: skip

OTHER_OUTCOMES: Mapping[str, tuple[str, str, tuple[str, ...]]] = {
    "mouth opening": (
        "mm", "higher",
        ("mouth opening", "mundoeffnung", "ouverture buccale", "ouverture de la bouche",
         "interincisal distance", "interincisal", "interincisor distance", "oral aperture",
         "mouth opening interincisal", "schneidekantendistanz", "skd", "distance interincisive",
         "mao", "maximal mouth opening", "maximale mundoeffnung", "max mundoeffnung"),
    ),
    "mRSS": (
        "", "lower",
        ("mrss", "modified rodnan skin score", "rodnan", "rodnan score", "mrodnan",
         "modified rodnan", "modifizierter rodnan", "rodnan skin score", "score de rodnan",
         "score de rodnan modifie", "skin score"),
    ),
    "DLQI": ("", "lower", ("dlqi", "dermatology life quality index")),
    "HAQ-DI": ("", "lower", ("haq di", "haq", "haqdi")),
    "paraprotein": (
        "", "lower",
        ("paraprotein", "m protein", "m gradient", "paraproteine", "m spike", "mgradient"),
    ),
}  # fmt: skip
"""Second outcomes that a column of their own may hold: unit, better direction, names."""

NOT_THICKNESS = (
    "depth", "tiefe", "eindringtiefe", "profondeur", "penetration depth", "scan depth",
    "image depth", "bildtiefe", "probe depth", "focus", "fokus", "gain", "diameter",
    "durchmesser", "diametre", "lesion size", "size", "groesse", "taille", "length", "laenge",
    "longueur", "width", "breite", "largeur", "height", "hoehe", "hauteur", "lesion diameter",
    "laesionsgroesse", "slep", "sleb", "subepidermal low echogenic band", "leb", "subcutis",
    "subkutis", "hypodermis", "hypoderme", "fat", "fettgewebe", "subcutaneous fat", "sub cutis",
    "epidermis", "epidermal thickness", "epidermisdicke", "epiderme", "epaisseur epidermique",
    "epaisseur de l epiderme", "subkutisdicke", "subcutis thickness", "fat thickness",
    "muscle", "muskel", "muskeldicke", "muscle thickness", "tumour thickness",
    "tumor thickness", "tumordicke", "breslow", "wunde", "wound", "gel", "circumference",
    "umfang", "circonference", "perimetre", "skin fold", "skinfold", "hautfalte",
    "hautfaltendicke", "hautfalten", "pli cutane", "skin fold thickness", "nail fold",
    "nagelfalz", "tumour depth", "tumor depth", "lesion depth", "laesionstiefe", "abstand",
    "distance", "finger to palm", "finger palm distance", "ftp", "fha",
    "finger hohlhand abstand", "esr", "bsg", "bks", "vs",
    "lip distance", "interlabial", "tiefe mm", "schalltiefe", "profondeur de champ",
    "echo depth", "limit", "detection limit", "nachweisgrenze", "messbereich",
)  # fmt: skip
"""Other lengths and numbers that must not be taken for the thickness of the skin."""

NOT_USED = (
    "age", "alter", "sex", "gender", "geschlecht", "sexe", "weight", "gewicht", "poids",
    "bmi", "kg", "diagnosis", "diagnose", "diagnostic", "icd", "icd 10", "echogenicity",
    "echogenitaet", "echogenicite", "density", "dichte", "densite", "clinic", "klinik name",
    "centre", "center", "zentrum", "clinique", "ethnicity", "smoker", "raucher", "fumeur",
    "room temperature", "temperature", "temperatur", "index", "row", "zeile", "ligne",
    "lfd nr", "lfdnr", "laufende nummer", "line", "n ligne", "zeilennr", "row no", "row nr",
    "row id", "elasticity", "elastizitaet", "elasticite", "stiffness", "vas", "itch",
    "juckreiz", "prurit", "pain", "schmerz", "douleur", "softness", "konsistenz", "images",
    "bild", "image", "photo", "foto", "file", "datei", "fichier", "source", "quelle",
    "entered by", "entered on", "erfasst am", "erfasst von", "eingegeben am", "saisi le",
    "saisi par", "print date", "printed", "printed on", "druckdatum", "gedruckt am",
    "imprime le", "export date", "exportdatum", "created", "created at", "updated at",
    "modified", "geaendert am", "erstellt am", "entry date", "eingabedatum", "crp", "hb",
    "creatinine", "kreatinin", "ck", "atc", "atc code", "start reason", "indication",
    "indikation", "response", "ansprechen", "reponse", "arm", "group", "gruppe", "groupe",
)  # fmt: skip
"""Columns that are known and not read."""
