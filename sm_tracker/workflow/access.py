"""Who a signed-in person is here: clinic and role, from the access file and nothing else.

Whatever is missing, blank or contradictory shuts the door; nothing falls back to somebody.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import ip_address
from pathlib import Path
from typing import Any, Literal, NoReturn, cast
from urllib.parse import urlsplit

from sm_tracker.errors import PermissionDenied, SettingError
from sm_tracker.languages import Message
from sm_tracker.store import NOBODYS_CLINIC, ROLES, Actor, Role

USUAL_HOURS = 12
"""A working day; the cookie of the sign-in itself would live for thirty days."""
CLOCKS_DIFFER_SECONDS = 300
LOOPBACK_NAMES = frozenset({"localhost"})


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessEntry:
    """One line of the access file: whoever has this claim has this role in this clinic."""

    claim: str
    value: str
    clinic: str
    role: Role

    def fits(self, claims: Mapping[str, object]) -> bool:
        """Whether the provider said this of the person; a claim may hold several values."""
        said = claims.get(self.claim)
        if self.claim == "email":
            return isinstance(said, str) and same_address(said.strip(), self.value)
        if isinstance(said, list):
            return self.value in said
        return isinstance(said, str) and said == self.value


def same_address(one: str, other: str) -> bool:
    """Whether two e-mail addresses are one; capitals of ASCII do not count, all else does.

    Examples
    --------
    >>> same_address("Kim@clinic.example", "kim@CLINIC.example")
    True
    >>> same_address("\N{KELVIN SIGN}im@clinic.example", "kim@clinic.example")
    False
    """
    return _plain_address(one) == _plain_address(other)


def _plain_address(address: str) -> str:
    # Outside of ASCII there are signs that become an ordinary letter in small letters.
    return address.lower() if address.isascii() else address


@dataclass(frozen=True, slots=True, kw_only=True)
class AccessRules:
    """Who may come in.

    Attributes
    ----------
    people, groups : tuple of Entry
        A person named by e-mail or subject comes before any group.
    issuer : str
        The only provider whose word counts; any that signed the person in if blank.
    hours : float
        How long a sign-in counts.
    unverified_email : bool
        Whether an e-mail address counts that the provider does not call verified.
    registry_clinics : frozenset of str
        Clinics whose people may look at the registry run that the server names.
    """

    people: tuple[AccessEntry, ...]
    groups: tuple[AccessEntry, ...]
    issuer: str = ""
    hours: float = USUAL_HOURS
    unverified_email: bool = False
    registry_clinics: frozenset[str] = frozenset()


def may_see_registry(who: Actor, rules: AccessRules) -> bool:
    """Whether a person may look at the output of a registry run, which belongs to no clinic."""
    return who.clinic in rules.registry_clinics


def actor_of(claims: Mapping[str, object], rules: AccessRules, now_seconds: float) -> Actor:
    """The acting person that these claims of the identity provider stand for.

    Parameters
    ----------
    claims : mapping
        Of the ID token, whose signature, audience and nonce were checked at the sign-in.
    rules : AccessRules
    now_seconds : float
        Now, in seconds since 1970 (UTC).

    Raises
    ------
    PermissionDenied
        If the person is unknown here, has entries in two clinics, signed in too long ago or
        with another provider, or has an e-mail address that nobody verified.
    """
    _require_issuer(claims, rules)
    _require_recent(claims, rules, now_seconds)
    verified = claims.get("email_verified") is True or rules.unverified_email
    people = [e for e in rules.people if e.fits(claims)]
    if not verified and any(e.claim == "email" for e in people):
        raise PermissionDenied(
            "This e-mail address does not count",
            why="the identity provider does not say that it was verified",
            fix="have it verified there, or let the administrator name the subject instead",
        )
    found = people or [e for e in rules.groups if e.fits(claims)]
    if not found:
        raise PermissionDenied(
            "This account is not known here",
            why="the access file names neither the person nor one of the person's groups",
            fix="ask the administrator of the clinic, or sign in with another account",
        )
    return Actor(name_of(claims, verified=verified), _clinic(found), _highest(found))


def sign_in_token(claims: Mapping[str, object]) -> str:
    """What one sign-in is known by: a digest of what the provider said only then.

    The same in every tab and in every copy of the cookie, another one after signing in again.
    """
    once = {n: claims[n] for n in ("iss", "sub", "iat", "nonce", "sid", "jti") if n in claims}
    return hashlib.sha256(json.dumps(once, sort_keys=True, default=str).encode()).hexdigest()


def refused_person(claims: Mapping[str, object]) -> Actor:
    """Somebody who was refused, for the trail; belongs to no clinic."""
    name = name_of(claims, verified=claims.get("email_verified") is True)
    return Actor("".join(c if c.isprintable() else "?" for c in name)[:200], NOBODYS_CLINIC)


def _require_issuer(claims: Mapping[str, object], rules: AccessRules) -> None:
    if rules.issuer and claims.get("iss") != rules.issuer:
        raise PermissionDenied(
            "This account comes from another identity provider",
            why="the access file names one provider, and the sign-in is not from it",
            fix="sign in with the account of the clinic",
        )


def _require_recent(claims: Mapping[str, object], rules: AccessRules, now_seconds: float) -> None:
    issued = claims.get("iat")
    known = isinstance(issued, int | float) and not isinstance(issued, bool)
    age = now_seconds - cast(float, issued) if known else float("inf")
    if not -CLOCKS_DIFFER_SECONDS <= age <= rules.hours * 3600:
        raise PermissionDenied(
            "This sign-in no longer counts",
            why=Message("it is not from the last {hours:g} hours", hours=rules.hours),
            fix="sign in again",
        )


def name_of(claims: Mapping[str, object], *, verified: bool) -> str:
    """What the audit trail calls a person; not free for anybody to choose."""
    email = claims.get("email")
    if verified and isinstance(email, str) and email.strip():
        return _plain_address(email.strip())
    return f"subject {claims.get('sub', '')}"


def _clinic(found: Sequence[AccessEntry]) -> str:
    clinics = sorted({e.clinic for e in found})
    if len(clinics) > 1:
        raise PermissionDenied(
            "This account belongs to more than one clinic",
            why=Message("the access file gives it {names}", names=" and ".join(clinics)),
            fix="let the administrator name the person with one clinic",
        )
    return clinics[0]


def _highest(found: Sequence[AccessEntry]) -> Role:
    return max((e.role for e in found), key=ROLES.index)


def access_rules(path: Path | None) -> AccessRules:
    """The rules of the access file as it is now; a change counts from the next click on.

    Raises
    ------
    SettingError
        If no file is named, it cannot be read, or says something unclear.
    """
    if path is None:
        raise SettingError(
            "Nobody can sign in yet",
            why="sign-in is set up, but no file says who belongs to which clinic",
            fix="name one in SM_TRACKER_ACCESS_FILE, see docs/security.md",
        )
    try:
        state = path.stat()
        return _rules_at(path, state.st_mtime_ns, state.st_size)
    except (OSError, ValueError) as error:
        _unclear(
            Message("the file cannot be read as TOML ({name})", name=type(error).__name__),
            path.name,
        )


@lru_cache(maxsize=4)
def _rules_at(path: Path, changed_ns: int, size: int) -> AccessRules:
    return rules_from(tomllib.loads(path.read_text(encoding="utf-8")), path.name)


def rules_from(given: Mapping[str, Any], where: str = "") -> AccessRules:
    """Access rules from the content of an access file.

    Parameters
    ----------
    given : mapping
        Parsed TOML.
    where : str
        Name of the file, for messages.

    Raises
    ------
    SettingError
        If a word is unknown, missing, of another kind, or a person is named twice.
    """
    words = {"issuer", "hours", "unverified_email", "registry_clinics", "person", "group"}
    _require_words(given, words, where)
    people = tuple(_person(entry, where) for entry in _tables(given, "person", where))
    groups = tuple(_group(entry, where) for entry in _tables(given, "group", where))
    named = [(e.claim, _plain_address(e.value)) for e in people]
    if len(set(named)) < len(named):
        _unclear(Message("a person is named twice"), where)
    hours = given.get("hours", USUAL_HOURS)
    if isinstance(hours, bool) or not isinstance(hours, int | float) or not 0 < hours <= 720:
        _unclear(Message("hours is not a number between 0 and 720"), where)
    unverified = given.get("unverified_email", False)
    if not isinstance(unverified, bool):
        _unclear(Message("unverified_email is neither true nor false"), where)
    issuer = _text(given, "issuer", where) if "issuer" in given else ""
    if unverified and not issuer:
        _unclear(Message("unverified_email trusts a provider that issuer does not name"), where)
    return AccessRules(
        people=people,
        groups=groups,
        issuer=issuer,
        hours=hours,
        unverified_email=unverified,
        registry_clinics=_registry_clinics(given, {e.clinic for e in (*people, *groups)}, where),
    )


def _registry_clinics(given: Mapping[str, Any], known: set[str], where: str) -> frozenset[str]:
    held = given.get("registry_clinics", [])
    if not isinstance(held, list) or not all(isinstance(name, str) for name in held):
        _unclear(Message("registry_clinics is not a list of clinics"), where)
    unknown = sorted(set(held) - known)
    if unknown:
        _unclear(
            Message(
                "registry_clinics names {unknown!r}, where nobody has a role", unknown=unknown[0]
            ),
            where,
        )
    return frozenset(held)


def _person(entry: Mapping[str, Any], where: str) -> AccessEntry:
    _require_words(entry, {"email", "subject", "clinic", "role"}, where)
    if ("email" in entry) == ("subject" in entry):
        _unclear(Message("a person needs either an email or a subject"), where)
    word: Literal["email", "subject"] = "email" if "email" in entry else "subject"
    claim = {"email": "email", "subject": "sub"}[word]
    return _entry(claim, _text(entry, word, where), entry, where)


def _group(entry: Mapping[str, Any], where: str) -> AccessEntry:
    _require_words(entry, {"claim", "value", "clinic", "role"}, where)
    claim = _text(entry, "claim", where)
    if claim in ("email", "sub"):
        _unclear(Message("a group cannot be told by email or sub; that is a person"), where)
    return _entry(claim, _text(entry, "value", where), entry, where)


def _entry(claim: str, value: str, entry: Mapping[str, Any], where: str) -> AccessEntry:
    role = next((r for r in ROLES if r == entry.get("role")), None)
    if role is None:
        _unclear(Message("a role is none of {names}", names=", ".join(ROLES)), where)
    clinic = _text(entry, "clinic", where)
    if clinic == NOBODYS_CLINIC:
        _unclear(Message("no clinic can be called {name}", name=NOBODYS_CLINIC), where)
    return AccessEntry(claim=claim, value=value, clinic=clinic, role=role)


def _tables(given: Mapping[str, Any], word: str, where: str) -> list[Mapping[str, Any]]:
    held = given.get(word, [])
    if not isinstance(held, list) or not all(isinstance(e, Mapping) for e in held):
        _unclear(Message("{word} is not written as [[{word}]]", word=word), where)
    return held


def _text(entry: Mapping[str, Any], word: str, where: str) -> str:
    held = entry.get(word)
    if not isinstance(held, str) or not held.strip() or not held.isprintable():
        _unclear(Message("{word} is missing or not a text", word=word), where)
    return held.strip()


def _require_words(entry: Mapping[str, Any], known: set[str], where: str) -> None:
    unknown = sorted(set(entry) - known)
    if unknown:
        _unclear(Message("it holds the unknown word {unknown}", unknown=unknown[0]), where)


def _unclear(why: Message, where: str) -> NoReturn:
    raise SettingError(
        "The access file is not clear, so nobody can come in",
        where=where,
        why=why,
        fix="compare it with the example in docs/security.md",
    )


FORWARDING = ("Forwarded", "X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Real-IP")
"""Headers of a proxy or tunnel: whoever is behind it is not at this machine."""


def require_own_machine(
    listening_on: str, asked_as: str, *, forwarded: bool = False, origin: str = ""
) -> None:
    """Refuse a dashboard without sign-in that somebody else could reach.

    Parameters
    ----------
    listening_on : str
        Address of the server; blank means all of the machine's.
    asked_as : str
        The Host header of the browser; blank where there is no browser. Another name than
        this machine's own means a proxy, or a web page that has its name point here.
    forwarded : bool
        Whether the request has a header of a proxy or tunnel.
    origin : str
        The Origin header: which page asks. Another one than the dashboard's own is a page of
        another program of this machine.

    Raises
    ------
    PermissionDenied
    """
    if not is_loopback(listening_on):
        why = Message(
            "the dashboard listens on an address that others can reach, and nobody signs in"
        )
    elif asked_as and not is_loopback(asked_as):
        why = Message(
            "it was reached under another name than this machine's own, and nobody signs in"
        )
    elif forwarded:
        why = Message("a proxy or tunnel passes requests on, and nobody signs in")
    elif origin and urlsplit(origin).netloc.casefold() != asked_as.strip().casefold():
        why = Message("a page of another program asks for it, and nobody signs in")
    else:
        return
    raise PermissionDenied(
        "No records are shown here",
        why=why,
        fix="set up sign-in, or keep to http://localhost; docs/security.md names both, and the "
        "switch for a network in which everybody may see everything",
    )


def is_the_token(given: str, token: str) -> bool:
    """Whether somebody gave the start token, compared in a time that tells nothing about it."""
    return hmac.compare_digest(given.strip().encode(), token.encode())


def cookie_of_token(token: str) -> str:
    """What a browser keeps once it has given the start token; the token itself stays out of it."""
    return hmac.new(token.encode(), b"sm_tracker start token", hashlib.sha256).hexdigest()


def is_loopback(address: str) -> bool:
    """Whether an address, with or without port, is one that only this machine can reach.

    Examples
    --------
    >>> [is_loopback(a) for a in ("localhost:8501", "127.0.0.1", "[::1]:8501")]
    [True, True, True]
    >>> [is_loopback(a) for a in ("", "0.0.0.0", "localhost.example", "unix:///tmp/s")]
    [False, False, False, False]
    """
    host = address.strip().casefold()
    if host.startswith("["):
        host = host[1:].partition("]")[0]
    elif host.count(":") == 1:
        host = host.partition(":")[0]
    if host in LOOPBACK_NAMES:
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
