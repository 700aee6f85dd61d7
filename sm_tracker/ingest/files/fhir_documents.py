"""Documents of FHIR as resources: one alone, a Bundle, or one a line; and who a patient is."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from sm_tracker.domain.fhir_terms import PATIENT
from sm_tracker.languages import Message

Resource = Mapping[str, Any]
LOOKED_AT = 200_000
"""Bytes in which the name of the first resource must stand."""
_MARK = b'"resourceType"'


def looks_like_fhir(content: bytes) -> bool:
    """Whether a text in JSON begins with a resource."""
    start = content[:LOOKED_AT].lstrip(b"\xef\xbb\xbf \t\r\n")
    return start[:1] in (b"{", b"[") and _MARK in start


def resources_in(content: bytes) -> Iterator[tuple[int, Resource, str]]:
    """Each resource with its number and the address under which others refer to it.

    One a line is read line by line, so that the memory does not grow with the file.

    Raises
    ------
    ValueError
        If the content is not JSON, or holds no resources.
    """
    first = content[: content.find(b"\n") if b"\n" in content else len(content)]
    if _is_object(first):
        yield from _lines(content)
        return
    found = _parsed(content)
    for number, (one, address) in enumerate(_apart(found), start=1):
        yield number, one, address


def _parsed(text: bytes) -> Any:
    try:
        return json.loads(text, parse_float=str, parse_int=str)
    except RecursionError:
        raise ValueError("nested too deeply") from None


def _is_object(line: bytes) -> bool:
    try:
        return isinstance(_parsed(line.lstrip(b"\xef\xbb\xbf")), dict)
    except ValueError:
        return False


def _lines(content: bytes) -> Iterator[tuple[int, Resource, str]]:
    start, number = 3 if content.startswith(b"\xef\xbb\xbf") else 0, 0
    while start < len(content):
        end = content.find(b"\n", start)
        end = len(content) if end < 0 else end
        line = content[start:end]
        start, number = end + 1, number + 1
        if line.strip():
            for one, address in _apart(_parsed(line)):
                yield number, one, address


def _apart(found: Any) -> Iterator[tuple[Resource, str]]:
    """The resources of a document; those of a Bundle in their order."""
    for one in found if isinstance(found, list) else [found]:
        if not isinstance(one, dict) or not isinstance(one.get("resourceType"), str):
            raise ValueError("not a resource")
        if one["resourceType"] != "Bundle":
            yield one, ""
            continue
        for entry in elements(one, "entry"):
            inner = entry.get("resource")
            if isinstance(inner, dict) and isinstance(inner.get("resourceType"), str):
                address = entry.get("fullUrl")
                for part, own in _apart(inner):
                    yield part, own or (address if isinstance(address, str) else "")


def elements(resource: Resource, name: str) -> list[Resource]:
    """The objects of an element, whether it is a list or stands alone."""
    value = resource.get(name)
    values = value if isinstance(value, list) else [value]
    return [v for v in values if isinstance(v, dict)]


def element(resource: Resource, name: str) -> Resource:
    """An element that is an object, empty where it is not there."""
    return next(iter(elements(resource, name)), {})


def text_in(resource: Resource, name: str) -> str:
    """An element that is a text, a number or a flag; blank where it is not there."""
    value = resource.get(name)
    if isinstance(value, bool):
        return "true" if value else "false"
    return value.strip() if isinstance(value, str) else ""


def words_of(concept: Resource) -> str:
    """A concept in words: its text, else the first name that a code has."""
    names = (text_in(c, "display") for c in elements(concept, "coding"))
    return text_in(concept, "text") or next(filter(None, names), "")


def all_words(concept: Resource) -> str:
    """All words of a concept."""
    names = (text_in(c, "display") for c in elements(concept, "coding"))
    return " ".join(filter(None, (text_in(concept, "text"), *names)))


def codings_of(concept: Resource) -> list[tuple[str, str]]:
    """System and code of each coding."""
    return [(text_in(c, "system"), text_in(c, "code")) for c in elements(concept, "coding")]


def extension_in(resource: Resource, url: str) -> str:
    """The value of an extension of simple kind, blank where it is not there."""
    for one in elements(resource, "extension"):
        if one.get("url") == url:
            return next((text_in(one, n) for n in one if n.startswith("value")), "")
    return ""


def last_part(reference: str) -> str:
    """What tells a resource apart at the end of a reference, whatever its server.

    Examples
    --------
    >>> last_part("https://a.org/fhir/Patient/7/_history/2"), last_part("urn:uuid:8")
    ('7', '8')
    """
    plain = reference.partition("/_history/")[0]
    return plain.rstrip("/").rpartition("/")[2].rpartition(":")[2].lstrip("#")


class Patients:
    """Codes of patients by the ways in which resources refer to them."""

    def __init__(self) -> None:
        self._codes: dict[str, str] = {}

    def add(self, patient: Resource, address: str) -> None:
        """Take up a patient: under a code of ours where it has one, else under its id."""
        own = (i for i in elements(patient, "identifier") if text_in(i, "system") == PATIENT)
        code = next((text_in(i, "value") for i in own), "") or text_in(patient, "id")
        for name in (text_in(patient, "id"), last_part(address)):
            if name and code:
                self._codes[name] = code

    def code(self, reference: str) -> str:
        """The code of the patient that a reference names; the end of it where none is known."""
        name = last_part(reference)
        return self._codes.get(name, name)


def version_not_read(resource: Resource) -> Message | None:
    """An older version of FHIR than R4, told by an element that only it has."""
    kind = text_in(resource, "resourceType")
    if kind == "MedicationOrder":
        return Message("FHIR resource of version DSTU2")
    if kind == "Patient" and any(
        isinstance(n.get("family"), list) for n in elements(resource, "name")
    ):
        return Message("FHIR resource of version DSTU2")
    version = text_in(resource, "fhirVersion")
    if version.startswith(("0.", "1.")):
        return Message("FHIR resource of version DSTU2")
    older = {"MedicationStatement": "taken", "Procedure": "notDone", "Observation": "related"}
    if version.startswith("3.") or (kind in older and older[kind] in resource):
        return Message("FHIR resource of version STU3")
    return None
