"""Regimens by their standard name: abbreviation, class and ATC code, known in one place."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from sm_tracker.domain.records import Kind

RegimenClass = Literal["drug", "steroid", "procedure"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Regimen:
    """A regimen as tables and figures name it.

    `name` is the standard name in tables, `abbreviation` the lane label of a figure,
    `atc` the ATC code where it is sure (blank for procedures and mixtures). `usual_kind` is
    how it is usually given, for periods that do not say; blank where the route decides.
    """

    name: str
    abbreviation: str
    atc: str = ""
    regimen_class: RegimenClass = "drug"
    usual_kind: Kind = "continuous"


def _drug(name: str, abbreviation: str, atc: str = "", usual_kind: Kind = "continuous") -> Regimen:
    return Regimen(name=name, abbreviation=abbreviation, atc=atc, usual_kind=usual_kind)


def _steroid(name: str, abbreviation: str, atc: str = "") -> Regimen:
    # By mouth or as pulses: the route decides.
    return Regimen(
        name=name, abbreviation=abbreviation, atc=atc, regimen_class="steroid", usual_kind=""
    )


def _procedure(name: str, abbreviation: str, usual_kind: Kind = "cyclic") -> Regimen:
    return Regimen(
        name=name, abbreviation=abbreviation, regimen_class="procedure", usual_kind=usual_kind
    )


# ATC codes of the 2024 index (WHO Collaborating Centre for Drug Statistics Methodology), one
# per substance. Blank where the code depends on the route (methotrexate, interferon) or the
# substance has several.
REGIMENS: tuple[Regimen, ...] = (
    _procedure("UVA1", "UVA1"),
    _drug("hydroxychloroquine", "HC", "P01BA02"),
    _drug("cyclophosphamide", "CP", "L01AA01", ""),
    _procedure("ECP", "ECP"),
    _steroid("methylprednisolone", "MP", "H02AB04"),
    _drug("IVIG", "IVIG", "J06BA02", "cyclic"),
    _drug("tofacitinib", "TOF", "L04AF01"),
    _drug("methotrexate", "MTX"),
    _procedure("PUVA", "PUVA"),
    _procedure("bath PUVA", "bPUVA"),
    _procedure("cream PUVA", "cPUVA"),
    _procedure("narrowband UVB", "nbUVB"),
    _procedure("plasmapheresis", "PLEX"),
    _procedure("autologous stem cell transplantation", "HSCT", "single"),
    _procedure("radiotherapy", "RAD"),
    _procedure("photodynamic therapy", "PDT"),
    _procedure("physiotherapy", "PHYS", "continuous"),
    _procedure("lymph drainage", "MLD"),
    _drug("subcutaneous immunoglobulin", "SCIG", "J06BA01"),
    _drug("mycophenolate", "MMF", "L04AA06"),
    _drug("azathioprine", "AZA", "L04AX01"),
    _drug("chloroquine", "CQ", "P01BA01"),
    _drug("ciclosporin", "CSA", "L04AD01"),
    _drug("tacrolimus", "TAC"),
    _drug("leflunomide", "LEF", "L04AK01"),
    _drug("thalidomide", "THAL", "L04AX02"),
    _drug("lenalidomide", "LEN", "L04AX04", "cyclic"),
    _drug("pomalidomide", "POM", "L04AX06", "cyclic"),
    _drug("bortezomib", "BTZ", "L01XG01", "cyclic"),
    _drug("carfilzomib", "CFZ", "L01XG02", "cyclic"),
    _drug("ixazomib", "IXA", "L01XG03", "cyclic"),
    _drug("daratumumab", "DARA", "L01FC01", "cyclic"),
    _drug("rituximab", "RTX", "L01FA01", "cyclic"),
    _drug("melphalan", "MEL", "L01AA03", "cyclic"),
    _drug("chlorambucil", "CLB", "L01AA02", ""),
    _drug("cladribine", "CdA", "L01BB04", "cyclic"),
    _drug("ruxolitinib", "RUX", "L01EJ01"),
    _drug("baricitinib", "BARI", "L04AF02"),
    _drug("upadacitinib", "UPA", "L04AF03"),
    _drug("tocilizumab", "TCZ", "L04AC07", ""),
    _drug("abatacept", "ABA", "L04AA24", ""),
    _drug("imatinib", "IMA", "L01EA01"),
    _drug("nintedanib", "NIN", "L01EX09"),
    _drug("apremilast", "APR", "L04AA32"),
    _drug("interferon", "IFN", usual_kind=""),
    _drug("isotretinoin", "ISO", "D10BA01"),
    _drug("acitretin", "ACI", "D05BB02"),
    _drug("etretinate", "ETR", "D05BB01"),
    _drug("penicillamine", "DPA", "M01CC01"),
    _drug("penicillin", "PEN", usual_kind=""),
    _drug("colchicine", "COL", "M04AC01"),
    _drug("dapsone", "DAP", "J04BA02"),
    _drug("doxycycline", "DOX", "J01AA02"),
    _drug("pentoxifylline", "PTX", "C04AD03"),
    _drug("iloprost", "ILO", "B01AC11", "cyclic"),
    _drug("bosentan", "BOS", "C02KX01"),
    _drug("calcipotriol", "CAL", "D05AX02"),
    _drug("imiquimod", "IMQ", "D06BB10"),
    _drug("pimecrolimus", "PIM", "D11AH02"),
    _drug("topical tacrolimus", "tTAC", "D11AH01"),
    _drug("topical corticosteroid", "TCS"),
    _drug("clobetasol", "CLO", "D07AD01"),
    _drug("mometasone", "MOM", "D07AC13"),
    _procedure("allogeneic stem cell transplantation", "alloHSCT", "single"),
    _procedure("CAR T-cell therapy", "CAR-T", "single"),
    _procedure("excimer laser", "EXC"),
    _drug("sirolimus", "SIR", "L04AH01"),
    _drug("everolimus", "EVR"),
    _drug("infliximab", "IFX", "L04AB02", "cyclic"),
    _drug("adalimumab", "ADA", "L04AB04"),
    _drug("etanercept", "ETA", "L04AB01"),
    _drug("golimumab", "GOL", "L04AB06"),
    _drug("certolizumab", "CZP", "L04AB05"),
    _drug("anakinra", "ANA", "L04AC03"),
    _drug("canakinumab", "CAN", "L04AC08"),
    _drug("sarilumab", "SAR", "L04AC14"),
    _drug("ustekinumab", "UST", "L04AC05"),
    _drug("secukinumab", "SEC", "L04AC10"),
    _drug("ixekizumab", "IXE", "L04AC13"),
    _drug("guselkumab", "GUS", "L04AC16"),
    _drug("risankizumab", "RIS", "L04AC18"),
    _drug("belimumab", "BEL", "L04AG04"),
    _drug("anifrolumab", "ANI"),
    _drug("dupilumab", "DUP", "D11AH05"),
    _drug("tralokinumab", "TRA", "D11AH07"),
    _drug("omalizumab", "OMA", "R03DX05"),
    _drug("filgotinib", "FIL", "L04AF04"),
    _drug("abrocitinib", "ABRO", "D11AH08"),
    _drug("fedratinib", "FED"),
    _drug("obinutuzumab", "OBI", "L01FA03", "cyclic"),
    _drug("isatuximab", "ISA", "L01FC02", "cyclic"),
    _drug("elotuzumab", "ELO", usual_kind="cyclic"),
    _drug("venetoclax", "VEN"),
    _drug("dasatinib", "DAS", "L01EA02"),
    _drug("nilotinib", "NIL", "L01EA03"),
    _drug("pirfenidone", "PIR", "L04AX05"),
    _drug("bendamustine", "BEN", "L01AA09", "cyclic"),
    _drug("fludarabine", "FLU", "L01BB05", "cyclic"),
    _drug("busulfan", "BUS", "L01AB01", "single"),
    _drug("vincristine", "VCR", "L01CA02", "cyclic"),
    _drug("doxorubicin", "DOXO", "L01DB01", "cyclic"),
    _drug("antithymocyte globulin", "ATG", usual_kind="single"),
    _drug("alemtuzumab", "ALE", usual_kind="cyclic"),
    _drug("alitretinoin", "ALI"),
    _drug("bexarotene", "BEX"),
    _drug("mepacrine", "MEPA", "P01AX05"),
    _drug("sulfasalazine", "SSZ", "A07EC01"),
    _drug("fumaric acid esters", "FAE"),
    _drug("tranilast", "TRAN"),
    _drug("hyaluronidase", "HYAL", usual_kind="cyclic"),
    _drug("phenytoin", "PHE", "N03AB02"),
    _drug("sildenafil", "SIL"),
    _drug("nifedipine", "NIF", "C08CA05"),
    _drug("ambrisentan", "AMB", "C02KX02"),
    _drug("macitentan", "MAC", "C02KX04"),
    _drug("treprostinil", "TRE", "B01AC21"),
    _drug("selexipag", "SEL", "B01AC27"),
    _steroid("dexamethasone", "DEX", "H02AB02"),
    _steroid("prednisolone", "PRED", "H02AB06"),
    _steroid("prednisone", "PDN", "H02AB07"),
    _steroid("hydrocortisone", "HYD", "H02AB09"),
    _steroid("triamcinolone", "TRI", "H02AB08"),
    _steroid("betamethasone", "BET", "H02AB01"),
    _steroid("systemic corticosteroid", "CS"),
)

_BY_NAME = {r.name.casefold(): r for r in REGIMENS}


def find_regimen(name: str) -> Regimen | None:
    """The regimen of a standard name (any case), or None where it is not a known one."""
    return _BY_NAME.get(name.strip().casefold())


def abbreviate(name: str) -> str:
    """The short label of a regimen for lanes; an unknown name stays as it is."""
    known = find_regimen(name)
    return known.abbreviation if known else name


def usual_kind(name: str) -> str:
    """How a regimen is usually given; continuous where it is not known or the route decides."""
    known = find_regimen(name)
    return (known.usual_kind if known else "") or "continuous"


def is_steroid(name: str) -> bool:
    """Whether the regimen is a systemic glucocorticoid (steroids thin skin)."""
    known = find_regimen(name)
    return known is not None and known.regimen_class == "steroid"
