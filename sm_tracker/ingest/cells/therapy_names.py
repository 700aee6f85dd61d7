"""Brands, abbreviations and spellings of therapies (en, de, fr) by their standard name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

THERAPY_NAMES: Final[Mapping[str, str]] = {
    "IVIG": "ivig|ivigs|ivig therapie|igiv|ig iv|iv ig|i v ig|hdivig"
    "|immunglobulin|immunglobuline|immunglobulinen|immunoglobulin"
    "|immunoglobulins|immunoglobuline|immunoglobulines|intravenöse immunglobuline"
    "|intravenöses immunglobulin|intravenous immunoglobulin|intravenous immunoglobulins"
    "|intravenous immune globulin|immunoglobulines intraveineuses|immunglobuline iv"
    "|immunoglobulines iv|gammaglobulin|gammaglobuline|gamma globulin|veinoglobulines|tegeline"
    "|tégéline|privigen|octagam|kiovig|gamunex|gamunex c|gammagard|flebogamma|intratect|iqymune"
    "|clairyg|panzyga|sandoglobulin|intraglobin|ig vena|venimmun|igvena"
    "|polyvalente immunglobuline|7s immunglobulin|gammunex",
    "subcutaneous immunoglobulin": "scig|igsc|ig sc|subkutane immunglobuline|hizentra|hyqvia"
    "|cuvitru|immunoglobulines sous cutanées|subcutaneous immunoglobulins|xembify",
    "hydroxychloroquine": "hydroxychloroquin|hydroxychlorochin|hydroxychlorquin|hydroxicloroquin"
    "|oh chloroquine|hydroxychloroquine sulfate|hydroxychloroquinsulfat|hydroxycloroquine"
    "|hydroxychloroquinesulfate|hcq|hcqs|hq|quensyl|plaquenil|plaquénil|dolquine|plaquinil"
    "|sulfate d hydroxychloroquine|hydroxy chloroquine|hydroxychloroqine",
    "chloroquine": "chloroquin|chlorochin|cq|resochin|nivaquine|aralen",
    "cyclophosphamide": "cyclophosphamid|cyclophosphamides|cyclophosphamidum|cyc|cpa|cyclo|ctx"
    "|cpm|endoxan|cytoxan|endoxan puls|cyclophosphamid puls|cyclophosphamide pulse|cp puls"
    "|cp pulse|pulse cyclophosphamide|cyclophosphamidpuls|cyclofosfamid|cyclofosfamide"
    "|cyclophospamid|bolus de cyclophosphamide|cyclophosphamid pulstherapie|endoxanpuls"
    "|endoxan bolus|ivcyc|procytox|sendoxan|cyclostin",
    "ECP": "ecp|extracorporeal photopheresis|extracorporal photopheresis"
    "|extrakorporale photopherese|extrakorporale photophorese|extrakorporale photochemotherapie"
    "|photopheresis|photophoresis|photopherese|photophorese|photopherèse|photophérèse"
    "|photochimiothérapie extracorporelle|photophérèse extracorporelle"
    "|extracorporeal photochemotherapy|extracorporeal photophoresis|pce|cep|therakos|uvar xts"
    "|cellex|ekp|photochimiotherapie extra corporelle",
    "UVA1": "uva1|uva 1|uva i|uva1 phototherapie|uva1 phototherapy|uva1 therapie"
    "|uva 1 therapie|uva1 bestrahlung|uva1 photothérapie|photothérapie uva1|phototherapie uva1"
    "|uva 1 phototherapie|uva 1 photothérapie|uva 1 phototherapy|phototherapy uva1"
    "|phototherapie uva 1|photothérapie uva 1|uva1 light|uva 1 bestrahlung|uva1pt|uva1 licht",
    "PUVA": "puva|puvathérapie|puva therapie|puva therapy|puvatherapie|systemic puva"
    "|systemische puva|orale puva|oral puva",
    "bath PUVA": "bath puva|bade puva|bad puva|puva bad|puva bath|balnéo puva|balneo puva"
    "|balnéopuvathérapie|puva balnéothérapie|balneophotochemotherapie|balneopuva|bain puva"
    "|puva bain",
    "cream PUVA": "cream puva|creme puva|crème puva|puva creme|puva cream|puva crème",
    "narrowband UVB": "nbuvb|nb uvb|uvb|uvb 311|uvb311|uvb 311 nm|uvb nb|schmalband uvb"
    "|uvb schmalband|narrow band uvb|uvb à spectre étroit|uvb ts|uvb tl01|311 nm uvb"
    "|narrowband uvb",
    "plasmapheresis": "plasmapherese|plasmaphérèse|plasma exchange|plasmaaustausch|plex"
    "|échanges plasmatiques|échange plasmatique|immunadsorption|immunoadsorption",
    "autologous stem cell transplantation": "asct|ahsct|auto hsct|autohsct|asct auto|autopbsct"
    "|autosct|autologous hsct|autologous stem cell transplant|autologe pbsct|auto szt|autologe kmt"
    "|autologe stammzelltransplantation|autologe szt|autogreffe|autologous haematopoietic stem"
    " cell transplantation|autologous hematopoietic stem cell transplantation"
    "|autogreffe de cellules souches|autogreffe de cellules souches hématopoïétiques"
    "|autologe sct|autologous sct|autogreffe de csh|autogreffe de moelle|hdct asct|hdt asct"
    "|autologe blutstammzelltransplantation|autologous bone marrow transplantation"
    "|autologe hämatopoetische stammzelltransplantation|greffe autologue",
    "allogeneic stem cell transplantation": "allo hsct|allohsct|allogeneic hsct|allo szt|allo sct"
    "|allogene stammzelltransplantation|allogene szt|allogene sct|allogeneic sct|allogene kmt"
    "|allogeneic stem cell transplant|allogreffe|allogreffe de cellules souches|allogreffe de csh"
    "|allogreffe de moelle|allogeneic bone marrow transplantation|allogene hsct",
    "CAR T-cell therapy": "car t|car t zellen|car t zell therapie|car t cells|cellules car t"
    "|cd19 car t",
    "excimer laser": "excimer|excimerlaser|308 nm excimer|laser excimère",
    "radiotherapy": "strahlentherapie|bestrahlung|radiothérapie|radiation|radiatio"
    "|ganzhautelektronenbestrahlung|total skin electron beam|tseb|tsebt|radiothérapie externe",
    "photodynamic therapy": "pdt|photodynamische therapie|thérapie photodynamique",
    "physiotherapy": "physiotherapie|physical therapy|krankengymnastik|kinésithérapie|physio",
    "lymph drainage": "lymphdrainage|manuelle lymphdrainage|drainage lymphatique|mld|kpe"
    "|decongestive therapy",
    "methotrexate": "methotrexat|méthotrexate|metotrexat|mtx|lantarel|metex|metoject|imeth"
    "|novatrex|methotrexat sc|otrexup|trexall|bendatrexat|nordimet|ledertrexate|mtx sc",
    "mycophenolate": "mycophenolate mofetil|mycophenolatmofetil|mycophenolat|mycophénolate"
    "|mycophénolate mofétil|mycophenolic acid|mycophenolsäure|acide mycophénolique|mmf|mpa"
    "|cellcept|myfortic|mycophenolat mofetil|cell cept"
    "|mycophenolat natrium|mmf oral|mofetil|mycophenolsaure|mycophenolate sodium|ceptava",
    "azathioprine": "azathioprin|aza|imurek|imuran|imurel|azafalk|azathioprinum",
    "ciclosporin": "cyclosporin|cyclosporine|cyclosporin a|ciclosporin a|ciclosporine"
    "|ciclosporina|csa|cya|sandimmun|neoral|sandimmun optoral|néoral|immunosporin"
    "|ciclosporinum|cyclosporine a|ciqorin|deximune|ikervis",
    "tacrolimus": "tacrolimus oral|prograf|advagraf|fk506",
    "topical tacrolimus": "tacrolimus topical|tacrolimus salbe|tacrolimus ointment|protopic"
    "|tacrolimus topisch|tacrolimus topique|tacrolimus pommade",
    "pimecrolimus": "elidel",
    "sirolimus": "rapamycin|rapamycine|rapamune|sirolimusum|rapa|srl|rapamun",
    "everolimus": "évérolimus|certican|afinitor|votubia|zortress",
    "infliximab": "remicade|inflectra|remsima|flixabi|zessly|ifx",
    "adalimumab": "humira|imraldi|hyrimoz|amgevita|idacio|yuflyma|hulio|ada",
    "etanercept": "étanercept|enbrel|benepali|erelzi|etn",
    "golimumab": "simponi",
    "certolizumab": "cimzia|certolizumab pegol",
    "anakinra": "kineret",
    "canakinumab": "ilaris",
    "sarilumab": "kevzara",
    "ustekinumab": "stelara",
    "secukinumab": "sécukinumab|cosentyx",
    "ixekizumab": "ixékizumab|taltz",
    "guselkumab": "tremfya",
    "risankizumab": "skyrizi",
    "belimumab": "bélimumab|benlysta",
    "anifrolumab": "saphnelo",
    "dupilumab": "dupixent|dupi",
    "tralokinumab": "adtralza|adbry",
    "omalizumab": "xolair",
    "filgotinib": "jyseleca",
    "abrocitinib": "cibinqo",
    "fedratinib": "inrebic",
    "leflunomide": "leflunomid|léflunomide|arava",
    "thalidomide": "thalidomid|thal|contergan|thalomid"
    "|thalidomide celgene|thalidomid celgene|thalidomide bms|talidomid",
    "lenalidomide": "lenalidomid|lénalidomide|revlimid|len|lena|lenalidomidum|lénalidomid",
    "pomalidomide": "pomalidomid|imnovid|pomalyst|pom",
    "bortezomib": "bortézomib|velcade|btz|bor|vel|bortezomibum|bortezomide|ps 341",
    "carfilzomib": "kyprolis",
    "ixazomib": "ninlaro",
    "isatuximab": "sarclisa",
    "elotuzumab": "élotuzumab|empliciti",
    "venetoclax": "vénétoclax|venclyxto|venclexta",
    "daratumumab": "darzalex|dara",
    "rituximab": "rtx|mabthera|rixathon|truxima|rituxan|ritux|ruxience"
    "|blitzima|riximyo|rituzena|truxella|anti cd20",
    "melphalan": "alkeran|mel|melphalan hd|hochdosis melphalan|evomela|melphalanum|l pam"
    "|melphalan oral|melphalan iv|hd melphalan|hdm|phelinun|ivmelphalan",
    "bendamustine": "bendamustin|levact|ribomustin|treanda",
    "fludarabine": "fludarabin|fludara",
    "busulfan": "busilvex|myleran",
    "vincristine": "vincristin|oncovin",
    "doxorubicin": "doxorubicine|doxorubicinum|adriamycin|adriblastin|adriblastine|caelyx",
    "antithymocyte globulin": "atg|anti thymocyte globulin|thymoglobulin|thymoglobuline|atgam"
    "|antithymozytenglobulin|sérum antilymphocytaire|grafalon",
    "alemtuzumab": "campath|lemtrada|mabcampath",
    "obinutuzumab": "gazyvaro|gazyva",
    "chlorambucil": "leukeran|chloraminophène",
    "cladribine": "cladribin|2 cda|litak|leustatin",
    "tofacitinib": "xeljanz|tofa|tof|tofacitinib citrate|tofacitinibcitrat|tofacitinibum",
    "ruxolitinib": "jakavi|jakafi|opzelura|ruxo|rux|ruxolitinib creme|ruxolitinib cream",
    "baricitinib": "olumiant|bari|baricitinibum",
    "upadacitinib": "rinvoq|upa|upadacitinibum",
    "tocilizumab": "roactemra|actemra|tcz|tocilizumabum|tyenne|toci",
    "abatacept": "orencia|aba",
    "imatinib": "glivec|gleevec"
    "|imatinib mesylate|imatinibmesylat|mésylate d imatinib|imatinibum|sti 571",
    "dasatinib": "sprycel",
    "nilotinib": "tasigna",
    "pirfenidone": "pirfenidon|pirfénidone|esbriet",
    "nintedanib": "ofev|vargatef",
    "apremilast": "otezla",
    "interferon": "interferon alpha|interferon alfa|interferon gamma|interféron|ifn|ifn alpha"
    "|ifn gamma|ifn a|roferon|intron a|imukin|interferon α|interferon γ|ifn γ|ifn α",
    "isotretinoin": "isotrétinoïne|isotretinoine|13 cis retinoic acid|roaccutan|accutane"
    "|roaccutane|aknenormin|isotretinoinum"
    "|isotretinoina|procuta|curacné|contracné|isotrex|isotret|isotretinoin basics",
    "acitretin": "acitrétine|acitretine|neotigason|soriatane|acicutan"
    "|acitretinum|neotigason kapseln",
    "alitretinoin": "alitrétinoïne|alitretinoine|toctino",
    "bexarotene": "bexaroten|bexarotène|targretin",
    "etretinate": "etretinat|étrétinate|tigason|tegison",
    "penicillamine": "d penicillamin|d penicillamine|penicillamin|pénicillamine|metalcaptase"
    "|trolovol|dpa"
    "|trisorcin|cuprimine",
    "penicillin": "penicillin g|pénicilline|pénicilline g|benzylpenicillin|penicilline|pen g"
    "|penicillin v",
    "mepacrine": "mepacrin|mépacrine|quinacrine|quinacrin|atabrine",
    "sulfasalazine": "sulfasalazin|azulfidine|salazopyrine|salazopyrin|pleon|ssz",
    "fumaric acid esters": "fumarsäureester|fumarsäure|fumaderm|skilarence|dimethylfumarat"
    "|dimethyl fumarate|fumarate|esters de l acide fumarique|fae|dmf",
    "tranilast": "rizaben",
    "hyaluronidase": "hyaluronidasum|hylase|hylase dessau|hylenex",
    "phenytoin": "phénytoïne|phenhydan|dihydan",
    "colchicine": "colchicin|colchysat|colchimax",
    "dapsone": "dapson|disulone|dds",
    "doxycycline": "doxycyclin|doxy",
    "pentoxifylline": "pentoxifyllin|trental|ptx",
    "iloprost": "ilomedin|ilomédine|ventavis",
    "bosentan": "tracleer",
    "ambrisentan": "volibris",
    "macitentan": "opsumit",
    "sildenafil": "sildénafil|revatio|viagra",
    "nifedipine": "nifedipin|nifédipine|adalat|adalate",
    "treprostinil": "tréprostinil|remodulin",
    "selexipag": "sélexipag|uptravi",
    "calcipotriol": "calcipotriene|daivonex|psorcutan|calcipotriol salbe",
    "imiquimod": "aldara|imiquimod creme|imiquimod cream",
    "topical corticosteroid": "topical steroid|topical steroids|topical corticosteroids|tcs"
    "|topische steroide|topisches steroid|topische kortikosteroide|lokale steroide|steroidsalbe"
    "|kortisonsalbe|cortisonsalbe|steroid ointment|steroid cream|dermocorticoïde"
    "|dermocorticoïdes|dermocorticoide|corticoïdes topiques|corticoïde topique|kortisoncreme",
    "clobetasol": "clobetasol propionate|clobétasol|dermovate|dermoxin|dermoxinale|temovate"
    "|dermoval|karison|clobex|clobetasolpropionat",
    "mometasone": "mometason|mometasonfuroat|ecural|elocon|mométasone",
    "methylprednisolone": "methylprednisolon|methylprednisolonum|méthylprednisolone|urbason"
    "|medrol|médrol|solu medrol|solumédrol|solumedrol|solu médrol|metypred|medrate|urbason puls"
    "|mpred|methylpred|m prednisolon|mp puls|mp pulse|ivmp|depo medrol|methyl prednisolon"
    "|predni m",
    "prednisolone": "prednisolon|decortin h|prednisolon acis|solu decortin|solu decortin h"
    "|klismacort|solupred|hydrocortancyl|predni|prednisolonum|pred|dermosolon|lodotra h|pdl",
    "prednisone": "prednison|decortin|cortancyl|rectodelt|lodotra|deltasone|prednisonum|pdn",
    "dexamethasone": "dexamethason|dexaméthasone|dexa|dex|fortecortin|decadron|dectancyl"
    "|neofordex|dexamethasonpuls|dexamethason puls",
    "hydrocortisone": "hydrocortison|hydrocortone|cortisol|hydrocort",
    "triamcinolone": "triamcinolon|triamcinolonacetonid|kenacort|volon|volon a|kenalog|triam",
    "betamethasone": "betamethason|bétaméthasone|celestone|célestène|betnesol|celestamine",
    "systemic corticosteroid": "steroid|steroids|steroide|systemische steroide|systemic steroids"
    "|systemic steroid|corticosteroid|corticosteroids|kortikosteroide|kortikosteroid"
    "|glukokortikoid|glukokortikoide|glucocorticoids|glucocorticoid|gc|gk|kortison|cortison"
    "|cortisone|corticoïdes|corticoide|corticoides|corticoïde|corticothérapie|corticotherapie"
    "|steroidstoß|steroidpuls|systemic corticosteroids|systemische kortikosteroide|kortisonstoß"
    "|oral steroids|orale steroide",
}
"""Other names of each therapy, parted by bars; in lower case, without hyphens."""

FIELD_MEANINGS: Final[Mapping[str, tuple[str, ...]]] = {
    # The first meaning is the one in scleromyxedema and sclerosis case reports.
    "hc": ("hydroxychloroquine", "hydrocortisone"),
    "cp": ("cyclophosphamide", "chloroquine"),
    "mp": ("methylprednisolone", "melphalan and prednisone"),
    **dict.fromkeys(
        (
            "hsct",
            "sct",
            "szt",
            "pbsct",
            "bmt",
            "kmt",
            "stammzelltransplantation",
            "blutstammzelltransplantation",
            "knochenmarktransplantation",
            "stem cell transplant",
            "stem cell transplantation",
            "haematopoietic stem cell transplantation",
            "hematopoietic stem cell transplantation",
            "bone marrow transplantation",
            "greffe de cellules souches",
            "greffe de moelle",
        ),
        ("autologous stem cell transplantation", "allogeneic stem cell transplantation"),
    ),
}
"""Abbreviations with a usual meaning in this field, and what else they may mean."""

AMBIGUOUS: Final[Mapping[str, tuple[str, ...]]] = {
    "cs": ("systemic corticosteroid", "ciclosporin"),
    "ig": ("IVIG", "subcutaneous immunoglobulin"),
    "uv": ("UVA1", "PUVA", "narrowband UVB"),
    "uva": ("UVA1", "PUVA"),
    "phototherapie": ("UVA1", "PUVA", "narrowband UVB"),
    "phototherapy": ("UVA1", "PUVA", "narrowband UVB"),
    "lichttherapie": ("UVA1", "PUVA", "narrowband UVB"),
    **dict.fromkeys(
        (
            "jak inhibitor",
            "jak inhibitoren",
            "jaki",
            "jak hemmer",
            "jak inhibitors",
            "anti jak",
            "inhibiteur de jak",
            "inhibiteurs de jak",
            "januskinase inhibitor",
        ),
        ("tofacitinib", "baricitinib", "upadacitinib", "ruxolitinib"),
    ),
    **dict.fromkeys(
        (
            "tnf inhibitor",
            "tnf blocker",
            "tnf alpha blocker",
            "anti tnf",
            "tnf hemmer",
            "tnfi",
            "anti tnf alpha",
        ),
        ("infliximab", "adalimumab", "etanercept"),
    ),
    **dict.fromkeys(
        (
            "calcineurin inhibitor",
            "calcineurininhibitor",
            "calcineurin inhibitoren",
            "cni",
            "inhibiteur de la calcineurine",
        ),
        ("ciclosporin", "tacrolimus", "topical tacrolimus", "pimecrolimus"),
    ),
    **dict.fromkeys(
        ("mtor inhibitor", "mtor hemmer", "inhibiteur de mtor"), ("sirolimus", "everolimus")
    ),
    **dict.fromkeys(
        (
            "antimalarials",
            "antimalarial",
            "antimalarika",
            "antimalariamittel",
            "antipaludéen",
            "antipaludéens",
            "antipaludéens de synthèse",
            "aps",
        ),
        ("hydroxychloroquine", "chloroquine", "mepacrine"),
    ),
    **dict.fromkeys(("imid", "imids"), ("thalidomide", "lenalidomide", "pomalidomide")),
    "retinoid": ("isotretinoin", "acitretin"),
    "retinoide": ("isotretinoin", "acitretin"),
    "retinoids": ("isotretinoin", "acitretin"),
    "retinoides": ("isotretinoin", "acitretin"),
}
"""Names without a usual meaning; they are asked about."""

COMBINATIONS: Final[Mapping[str, tuple[str, ...]]] = {
    "vd": ("bortezomib", "dexamethasone"),
    "vel dex": ("bortezomib", "dexamethasone"),
    "bor dex": ("bortezomib", "dexamethasone"),
    "bordex": ("bortezomib", "dexamethasone"),
    "rd": ("lenalidomide", "dexamethasone"),
    "len dex": ("lenalidomide", "dexamethasone"),
    "rev dex": ("lenalidomide", "dexamethasone"),
    "vrd": ("bortezomib", "lenalidomide", "dexamethasone"),
    "rvd": ("bortezomib", "lenalidomide", "dexamethasone"),
    "vtd": ("bortezomib", "thalidomide", "dexamethasone"),
    "vcd": ("bortezomib", "cyclophosphamide", "dexamethasone"),
    "cybord": ("bortezomib", "cyclophosphamide", "dexamethasone"),
    "md": ("melphalan", "dexamethasone"),
    "mel dex": ("melphalan", "dexamethasone"),
    "mel pred": ("melphalan", "prednisone"),
}
"""Names of protocols that hold several drugs."""

NO_THERAPY_WORDS: Final = (
    "keine|kein|keine therapie|ohne therapie|ohne|unbehandelt|therapiefrei|therapiepause|pause"
    "|keine behandlung|none|no therapy|no treatment|untreated|off therapy|off treatment"
    "|without therapy|without treatment|drug free|treatment free|baseline|observation"
    "|watch and wait|washout|wash out|before therapy|before treatment|vor therapie"
    "|vor behandlung|vor beginn|nil|aucun|aucune|aucun traitement|sans|sans traitement"
    "|non traité|non traitée|pas de traitement|avant traitement|abstention|surveillance|arrêt"
    "|pause thérapeutique|therapie beendet|0|-|–|n/a|na|k.a|k. a|ø|/|--|o. therapie"
    "|keine systemtherapie|keine systemische therapie|therapiepausiert|therapie pausiert"
    "|fenêtre thérapeutique|fenêtre|arrêt du traitement|arrêt traitement|arrêt thérapeutique"
    "|aucune thérapie|naïf|naïve|naïf de traitement|naïve de traitement|hors traitement|rien"
    "|néant|pas de ttt|sans ttt|avant ttt|traitement arrêté|avant tout traitement"
)
SAYS_NONE: Final = frozenset({"none", "nil", "néant"})
"""Words that stand for a missing number elsewhere; of a therapy they say that there was none."""
"""What a therapy cell says when no therapy runs."""
