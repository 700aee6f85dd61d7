"""Who uses the page: the person who signed in, or the one person at this machine.

Asked again in every run, fragment and callback: whoever is struck off the access file, or has
signed out, is refused at the next click.
"""

from __future__ import annotations

import time
from html import escape
from pathlib import Path

import streamlit as st

from sm_tracker.config import configuration
from sm_tracker.errors import PermissionDenied, SettingError, TrackerError
from sm_tracker.languages import Message
from sm_tracker.languages import gettext as _
from sm_tracker.ui import components
from sm_tracker.workflow import access
from sm_tracker.workflow.storing import LOCAL, Actor

WHO = "acting person"
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
            listening_on = st.get_option("server.address")
            access.require_own_machine(str(listening_on or ""), st.context.headers.get("Host", ""))
        return LOCAL
    _require_sound_set_up()
    rules = access.access_rules(config.access_file)
    if not _somebody_is_signed_in():
        raise PermissionDenied("Nobody is signed in", fix="sign in")
    return access.actor_of(dict(st.user.to_dict()), rules, time.time())


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
        st.session_state.clear()
        _door(error)
        return False
    if st.session_state.get(WHO, who) != who:
        st.session_state.clear()
    st.session_state[WHO] = who
    if sign_in_is_set_up():
        _frame(who)
    return True


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
    if not sign_in_is_set_up() or isinstance(error, SettingError):
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
    st.session_state.clear()
    st.logout()
