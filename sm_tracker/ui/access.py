"""Who uses the page: the person who signed in, or the one person at this machine.

Asked again in every run, fragment and callback: whoever is struck off the access file, or has
signed out, is refused at the next click.
"""

from __future__ import annotations

import logging
import time
from html import escape
from pathlib import Path

import streamlit as st

from sm_tracker.config import configuration
from sm_tracker.errors import PermissionDenied, SettingError, StoreError, TrackerError
from sm_tracker.languages import Message
from sm_tracker.languages import gettext as _
from sm_tracker.ui import components, database, start_token, taken_rights
from sm_tracker.workflow import access
from sm_tracker.workflow.storing import LOCAL, Actor

log = logging.getLogger(__name__)
WHO = "acting person"
REFUSED = "refusal noted"
SHORTEST_SECRET = 32
"""Characters of the secret that signs the cookie; whoever guesses it can be anybody."""


def acting_person() -> Actor:
    """The person who acts, with clinic and role.

    Raises
    ------
    PermissionDenied
        If nobody is signed in, the person may not come in, or others could reach a dashboard
        that asks nobody to sign in.
    SettingError
        If sign-in is set up in part, or not clearly.
    """
    config = configuration()
    if not sign_in_is_set_up():
        _require_no_half_set_up(config.access_file)
        if not config.open_to_all:
            _require_own_machine()
        return LOCAL
    _require_sound_set_up()
    rules = access.access_rules(config.access_file)
    if not _somebody_is_signed_in():
        raise PermissionDenied("Nobody is signed in", fix="sign in")
    claims = dict(st.user.to_dict())
    who = access.actor_of(claims, rules, time.time())
    _require_not_ended(who, access.sign_in_token(claims))
    return who


def _require_own_machine() -> None:
    headers = st.context.headers
    access.require_own_machine(
        str(st.get_option("server.address") or ""),
        headers.get("Host", ""),
        forwarded=any(headers.get(name) for name in access.FORWARDING),
        origin=headers.get("Origin", ""),
    )
    if not start_token.token_was_given():
        raise PermissionDenied(
            "No records are shown yet",
            why="the start token was not given in this browser",
            fix="give the token that SM_TRACKER_LOCAL_TOKEN holds",
        )


def _require_not_ended(who: Actor, token: str) -> None:
    """A sign-in that was ended in any tab is over in all, and in a copied cookie."""
    store = database.store_of(who)
    now = store.sign_in_state(token)
    if now == "ended":
        raise PermissionDenied(
            "This sign-in was ended",
            why="somebody signed out, here, in another tab or in another browser with its cookie",
            fix="sign in again",
        )
    if now == "new":
        store.begin_sign_in(token)


def views_are_noted() -> bool:
    """Whether sign-ins, views and exports enter the trail: where people sign in, or as set."""
    wanted = configuration().log_views
    return sign_in_is_set_up() if wanted is None else wanted


def sign_in_is_set_up() -> bool:
    """Whether the secrets hold a section on sign-in."""
    return bool(st.secrets.load_if_toml_exists()) and "auth" in st.secrets


def _somebody_is_signed_in() -> bool:
    return st.user.to_dict().get("is_logged_in") is True


def _require_no_half_set_up(access_file: Path | None) -> None:
    """Secrets that cannot be read, or rules without sign-in, must not let anybody in."""
    broken = not st.secrets.load_if_toml_exists() and any(
        Path(name).exists() for name in st.get_option("secrets.files")
    )
    if broken or access_file is not None:
        raise SettingError(
            "Sign-in is set up in part only, so nobody can come in",
            why="the secrets cannot be read as TOML"
            if broken
            else "an access file is named, but the secrets have no section [auth]",
            fix="see docs/security.md",
        )


def _require_sound_set_up() -> None:
    secret = str(st.secrets["auth"].get("cookie_secret", ""))
    why: Message | None = None
    if len(secret) < SHORTEST_SECRET or len(set(secret)) < SHORTEST_SECRET // 4:
        why = Message(
            "cookie_secret has fewer than {shortest_secret} characters, or is too simple",
            shortest_secret=SHORTEST_SECRET,
        )
    if st.get_option("server.trustedUserHeaders"):
        why = Message("server.trustedUserHeaders would let a header say who somebody is")
    if not st.get_option("server.enableXsrfProtection"):
        why = Message("server.enableXsrfProtection is off")
    if why:
        raise SettingError(
            "Sign-in is not set up safely, so nobody can come in",
            why=why,
            fix="see docs/security.md",
        )


def permitted_registry_folder() -> Path | None:
    """The output of a registry run that the acting person may look at, if there is one.

    With sign-in it is shown to the clinics that the access file names, and to nobody else.
    """
    from sm_tracker.workflow import cohort  # slow to import, and one page only needs it

    folder = cohort.registry_folder()
    if folder is None or not sign_in_is_set_up():
        return folder
    rules = access.access_rules(configuration().access_file)
    return folder if access.may_see_registry(acting_person(), rules) else None


def admitted() -> bool:
    """Whether a page may be shown; if not, the way in or the reason is shown instead.

    What the session remembers belongs to one person: it is dropped when another acts.
    """
    try:
        who = acting_person()
    except TrackerError as error:
        noted = st.session_state.get(REFUSED)
        if start_token.token_was_given():  # else the token that is being typed would be dropped
            st.session_state.clear()
        st.session_state[REFUSED] = noted
        _note_refusal(error)
        _door(error)
        return False
    before = st.session_state.get(WHO, who)
    if (before.user, before.clinic) != (who.user, who.clinic):
        st.session_state.clear()
    elif before != who:
        taken_rights.keep_what_was_typed(before, who)
    st.session_state[WHO] = who
    if sign_in_is_set_up():
        _frame(who)
    else:
        start_token.keep_cookie()
    return True


def _note_refusal(error: TrackerError) -> None:
    """Write down, once for each session and reason, that somebody signed in and was refused."""
    said = f"{error.what}: {error.why}"
    refused = isinstance(error, PermissionDenied) and sign_in_is_set_up()
    if not refused or not _somebody_is_signed_in() or not views_are_noted():
        return
    if st.session_state.get(REFUSED) == said:
        return
    st.session_state[REFUSED] = said
    who = access.refused_person(dict(st.user.to_dict()))
    try:
        database.store_of(who).note_access("refused", said)
    except StoreError as failed:
        log.warning("a refusal was not noted: %s", failed.what)


def _frame(who: Actor) -> None:
    words = _("{user} · {role} · clinic {clinic}").format(
        user=who.user, role=_role(who), clinic=who.clinic
    )
    with st.container(
        key="signed_in", horizontal=True, horizontal_alignment="right", vertical_alignment="center"
    ):
        st.html(f'<div class="sm note">{escape(words)}</div>', width="content")
        st.button(_("Sign out"), on_click=_sign_out, type="tertiary", key="sign out")


def _role(who: Actor) -> str:
    return {"viewer": _("viewer"), "editor": _("editor"), "admin": _("administrator")}[who.role]


def _door(error: TrackerError) -> None:
    """What somebody sees who has not come in: no page, no patient, no name of a clinic."""
    components.show_title("SM Tracker")
    if not sign_in_is_set_up() and not start_token.token_was_given():
        start_token.ask_for_token()
    elif not sign_in_is_set_up() or isinstance(error, SettingError):
        components.show_error(error)
    elif not _somebody_is_signed_in():
        st.text(_("Sign in with the account of your clinic."))
        st.button(_("Sign in"), on_click=st.login, type="primary", key="sign in")
    else:
        components.show_error(error)
        with st.container(horizontal=True):
            st.button(_("Sign in again"), on_click=st.login, type="primary", key="sign in")
            st.button(_("Sign out"), on_click=_sign_out, key="sign out")
    components.show_intended_use()


def _sign_out() -> None:
    who: Actor | None = st.session_state.get(WHO)
    st.session_state.clear()
    if who is not None:
        try:
            token = access.sign_in_token(dict(st.user.to_dict()))
            database.store_of(who).end_sign_in(token)
        except StoreError as error:
            log.error("a sign-in could not be ended on the server: %s", error.what)
    st.logout()
