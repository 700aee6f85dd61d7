"""Who may come in: the access file, the door, and what happens where something is missing."""

from __future__ import annotations

import datetime as dt
import re
import tomllib
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from sm_tracker.config import OPEN_WORD, configuration
from sm_tracker.domain.records import Measurement
from sm_tracker.errors import PermissionDenied, SettingError
from sm_tracker.store import NOBODYS_CLINIC
from sm_tracker.workflow import access, storing
from tests.patience import PATIENCE_S

ROOT = Path(__file__).parents[2]
NOW = 1_800_000_000.0
RULES = """
issuer = "https://login.clinic.example"
hours = 8

[[person]]
email = "ann@clinic.example"
clinic = "dermatology"
role = "editor"

[[person]]
subject = "f-1001"
clinic = "dermatology"
role = "admin"

[[group]]
claim = "groups"
value = "derm-readers"
clinic = "dermatology"
role = "viewer"

[[group]]
claim = "groups"
value = "derm-doctors"
clinic = "dermatology"
role = "editor"

[[group]]
claim = "groups"
value = "rheumatology"
clinic = "rheumatology"
role = "editor"
"""


def rules(text=RULES):
    return access.rules_from(tomllib.loads(text), "access.toml")


def said(**claims):
    """What the identity provider says of a person who signed in just now."""
    return {
        "iss": "https://login.clinic.example",
        "sub": "f-9999",
        "iat": NOW,
        "email_verified": True,
        **claims,
    }


def who(**claims):
    found = access.actor_of(said(**claims), rules(), NOW)
    return found.user, found.clinic, found.role


def refused(**claims):
    with pytest.raises(PermissionDenied) as error:
        access.actor_of(said(**claims), rules(), NOW)
    return str(error.value)


def test_a_person_named_by_verified_address_has_the_role_beside_it():
    assert who(email="Ann@Clinic.example") == ("ann@clinic.example", "dermatology", "editor")


def test_a_person_named_by_subject_needs_no_address():
    assert who(sub="f-1001") == ("subject f-1001", "dermatology", "admin")


def test_of_several_groups_in_one_clinic_the_highest_role_counts():
    assert who(groups=["derm-readers"])[2] == "viewer"
    assert who(groups=["derm-readers", "derm-doctors", "staff"])[2] == "editor"


def test_a_group_may_be_a_single_word_but_not_a_part_of_one():
    assert who(groups="derm-readers")[2] == "viewer"
    assert "not known here" in refused(groups="derm-readers-alumni")


def test_being_named_in_person_comes_before_any_group():
    assert who(email="ann@clinic.example", groups=["rheumatology"])[1:] == (
        "dermatology",
        "editor",
    )


def test_a_stranger_is_refused():
    assert "not known here" in refused(email="eve@clinic.example")


def test_groups_of_two_clinics_are_refused_rather_than_guessed():
    words = refused(groups=["derm-readers", "rheumatology"])
    assert "dermatology and rheumatology" in words


@pytest.mark.parametrize("verified", [False, None, "true", 1])
def test_an_address_that_nobody_verified_opens_nothing(verified):
    assert "verified" in refused(email="ann@clinic.example", email_verified=verified)


def test_an_address_that_nobody_verified_is_not_written_into_the_trail():
    user, _, _ = who(email="chief@clinic.example", email_verified=False, groups="derm-readers")
    assert user == "subject f-9999"


def test_an_administrator_can_decide_to_trust_unverified_addresses():
    trusting = rules("unverified_email = true\n" + RULES)
    claims = said(email="ann@clinic.example", email_verified=None)
    assert access.actor_of(claims, trusting, NOW).user == "ann@clinic.example"


def test_the_same_address_from_another_provider_is_somebody_else():
    words = refused(email="ann@clinic.example", iss="https://login.elsewhere.example")
    assert "another identity provider" in words


@pytest.mark.parametrize("iat", [NOW - 8 * 3600 - 1, NOW + 301, None, "now", True])
def test_a_sign_in_counts_for_some_hours_only(iat):
    assert "no longer counts" in refused(email="ann@clinic.example", iat=iat)


def test_a_sign_in_of_this_morning_counts():
    assert who(email="ann@clinic.example", iat=NOW - 8 * 3600 + 1)[2] == "editor"


@pytest.mark.parametrize(
    "text",
    [
        "hour = 3",
        "hours = 0",
        "hours = true",
        "unverified_email = 'yes'",
        "issuer = ''",
        "unverified_email = true",
        "person = 'ann'",
        "[[person]]\nemail = 'a@b.example'\nclinic = 'x'\nrole = 'owner'",
        "[[person]]\nemail = 'a@b.example'\nclinic = ' '\nrole = 'viewer'",
        "[[person]]\nclinic = 'x'\nrole = 'viewer'",
        "[[person]]\nemail = 'a@b.example'\nsubject = '1'\nclinic = 'x'\nrole = 'viewer'",
        "[[person]]\nemail = 'a@b.example'\nclinic = 'x'\nrole = 'viewer'\n"
        "[[person]]\nemail = 'A@B.example'\nclinic = 'y'\nrole = 'admin'",
        "[[group]]\nclaim = 'email'\nvalue = 'a@b.example'\nclinic = 'x'\nrole = 'viewer'",
    ],
)
def test_an_access_file_that_is_unclear_lets_nobody_in(text):
    with pytest.raises(SettingError, match="nobody can come in"):
        rules(text)


def test_an_access_file_that_is_no_toml_lets_nobody_in(tmp_path):
    path = tmp_path / "access.toml"
    path.write_text("[[person]\n", encoding="utf-8")
    with pytest.raises(SettingError, match="cannot be read as TOML"):
        access.access_rules(path)
    with pytest.raises(SettingError, match="cannot be read"):
        access.access_rules(tmp_path / "missing.toml")


def test_a_change_of_the_access_file_counts_at_once(tmp_path):
    path = tmp_path / "access.toml"
    path.write_text(RULES, encoding="utf-8")
    claims = said(email="ann@clinic.example")
    assert access.actor_of(claims, access.access_rules(path), NOW).role == "editor"
    path.write_text(RULES.replace("ann@", "ben@"), encoding="utf-8")
    with pytest.raises(PermissionDenied):
        access.actor_of(claims, access.access_rules(path), NOW)


@pytest.mark.parametrize(
    ("listening_on", "asked_as"),
    [
        ("", "localhost:8501"),
        ("0.0.0.0", "localhost:8501"),
        ("192.168.1.20", "192.168.1.20:8501"),
        ("unix:///run/tracker.sock", ""),
        ("127.0.0.1", "tracker.clinic.example"),
        ("127.0.0.1", "localhost.attacker.example:8501"),
    ],
)
def test_without_sign_in_only_this_machine_is_served(listening_on, asked_as):
    with pytest.raises(PermissionDenied, match="No records are shown"):
        access.require_own_machine(listening_on, asked_as)


@pytest.mark.parametrize("asked_as", ["localhost:8501", "127.0.0.1:8501", "[::1]:8501", ""])
def test_this_machine_itself_needs_no_sign_in(asked_as):
    access.require_own_machine("127.0.0.1", asked_as)


# The door, without a browser.

SECRETS = {
    "redirect_uri": "http://localhost:8501/oauth2callback",
    "cookie_secret": "0123456789abcdef0123456789abcdef",
    "client_id": "sm-tracker",
    "client_secret": "x",
    "server_metadata_url": "http://localhost:1/.well-known/openid-configuration",
}


@pytest.fixture
def records(data_folder):
    """One patient of dermatology and one of the person at this machine."""
    for clinic, code in (("dermatology", "DERM-1"), (storing.LOCAL.clinic, "LOCAL-1")):
        with storing.record_store(actor=storing.Actor("ann", clinic, "editor")) as store:
            store.add(
                Measurement(
                    patient_id=code, site="calf", date=dt.date(2024, 1, 2), thickness_mm=2.0
                )
            )


@pytest.fixture
def app(monkeypatch, records):
    monkeypatch.chdir(ROOT)
    return AppTest.from_file(str(ROOT / "app.py"), default_timeout=PATIENCE_S)


@pytest.fixture
def access_file(tmp_path, monkeypatch):
    path = tmp_path / "access.toml"
    path.write_text(RULES.replace("hours = 8", "hours = 720"), encoding="utf-8")
    monkeypatch.setenv("SM_TRACKER_ACCESS_FILE", str(path))
    configuration.cache_clear()
    return path


@pytest.fixture
def signed_in(monkeypatch):
    """Makes somebody signed in, as the cookie of the sign-in would."""

    def as_person(**claims):
        now = dt.datetime.now(dt.UTC).timestamp()
        held = {"is_logged_in": True, **said(iat=now, **claims)} if claims else {}
        monkeypatch.setattr("streamlit.user_info._get_user_info", lambda: dict(held))

    return as_person


def shown(page):
    assert not page.exception
    texts = [e.proto.body for e in page.get("html")]
    texts += [e.value for e in (*page.error, *page.text, *page.warning, *page.markdown)]
    texts += [str(s.options) for s in page.selectbox]
    return re.sub(r"\\([_*`$:])", r"\1", " ".join(texts))  # escapes of Markdown are not drawn


def test_without_sign_in_the_person_at_this_machine_sees_the_own_records(app):
    words = shown(app.run())
    assert "LOCAL-1" in words
    assert "DERM-1" not in words


def test_nobody_signed_in_sees_a_way_in_and_no_patient(app, access_file, signed_in):
    app.secrets["auth"] = SECRETS
    signed_in()
    page = app.run()
    assert [b.label for b in page.button] == ["Sign in"]
    assert "-1" not in shown(page)


def test_a_signed_in_person_sees_the_patients_of_the_clinic_only(app, access_file, signed_in):
    app.secrets["auth"] = SECRETS
    signed_in(email="ann@clinic.example")
    words = shown(app.run())
    assert "DERM-1" in words
    assert "LOCAL-1" not in words
    assert "ann@clinic.example · editor · clinic dermatology" in words


def test_a_stranger_is_told_so_and_sees_no_patient(app, access_file, signed_in):
    app.secrets["auth"] = SECRETS
    signed_in(email="eve@clinic.example")
    page = app.run()
    assert "not known here" in shown(page)
    assert "-1" not in shown(page)
    assert [b.label for b in page.button] == ["Sign in again", "Sign out"]


def test_whoever_is_struck_off_is_refused_at_the_next_click(app, access_file, signed_in):
    app.secrets["auth"] = SECRETS
    signed_in(email="ann@clinic.example")
    assert "DERM-1" in shown(app.run())
    access_file.write_text("", encoding="utf-8")
    assert "DERM-1" not in shown(app.run())


def test_whoever_may_only_look_from_now_on_stores_nothing_and_loses_nothing_of_an_open_form(
    app, access_file, signed_in
):
    app.secrets["auth"] = SECRETS
    signed_in(email="ann@clinic.example")
    page = app.run().switch_page("sm_tracker/ui/pages/records.py").run()
    form = "add measurement DERM-1 0"
    page.date_input(key=f"{form} date").set_value(dt.date(2024, 2, 2))
    page.selectbox(key=f"{form} site").set_value("calf")
    page.number_input(key=f"{form} thickness_mm").set_value(1.47)
    editor = access_file.read_text(encoding="utf-8")
    access_file.write_text(
        editor.replace('role = "editor"', 'role = "viewer"', 1), encoding="utf-8"
    )
    next(b for b in page.button if b.label == "Save").click().run()
    words = shown(page)
    assert "nothing was stored" in words
    assert "1.47" in words
    assert "2 Feb 2024" in words
    with storing.record_store(actor=storing.Actor("ann", "dermatology", "viewer")) as store:
        assert [m.thickness_mm for m in store.measurements(["DERM-1"])] == [2.0]
    page.button(key="close what was typed").click().run()
    assert "1.47" not in shown(page)


def test_what_a_session_remembers_goes_when_another_person_acts(app, access_file, signed_in):
    app.secrets["auth"] = SECRETS
    signed_in(email="ann@clinic.example")
    page = app.run()
    page.session_state["files in view"] = "what ann opened"
    signed_in(groups="rheumatology")
    app.run()
    assert "files in view" not in app.session_state
    assert "DERM-1" not in shown(app)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"cookie_secret": "short"}, "cookie_secret"),
        ({"cookie_secret": "x" * 40}, "cookie_secret"),
    ],
)
def test_a_cookie_that_can_be_forged_lets_nobody_in(app, access_file, signed_in, change, why):
    app.secrets["auth"] = {**SECRETS, **change}
    signed_in(email="ann@clinic.example")
    assert why in shown(app.run())
    assert "DERM-1" not in shown(app)


def test_sign_in_without_an_access_file_lets_nobody_in(app, signed_in):
    app.secrets["auth"] = SECRETS
    signed_in(email="ann@clinic.example")
    assert "Nobody can sign in yet" in shown(app.run())
    assert "-1 " not in shown(app)


def test_an_access_file_without_sign_in_lets_nobody_in(app, access_file):
    assert "in part only" in shown(app.run())
    assert "LOCAL-1" not in shown(app)


def test_secrets_that_cannot_be_read_let_nobody_in(app, tmp_path, monkeypatch):
    broken = tmp_path / "secrets.toml"
    broken.write_text("[auth\n", encoding="utf-8")
    asked = access_option("secrets.files", [str(broken)])
    monkeypatch.setattr("streamlit.get_option", asked)
    monkeypatch.setattr("streamlit.secrets.load_if_toml_exists", lambda: False)
    assert "cannot be read as TOML" in shown(app.run())
    assert "LOCAL-1" not in shown(app)


def access_option(name, value):
    """Streamlit's options with one of them as given."""
    from streamlit import get_option

    return lambda asked: value if asked == name else get_option(asked)


@pytest.mark.parametrize("address", ["", "0.0.0.0"])
def test_a_server_that_others_reach_shows_nothing_without_sign_in(app, monkeypatch, address):
    monkeypatch.setattr("streamlit.get_option", access_option("server.address", address))
    assert "No records are shown here" in shown(app.run())
    assert "LOCAL-1" not in shown(app)


def test_only_the_whole_word_opens_a_dashboard_to_everybody(app, monkeypatch):
    monkeypatch.setattr("streamlit.get_option", access_option("server.address", ""))
    for word, is_open in (("yes", False), (OPEN_WORD, True)):
        monkeypatch.setenv("SM_TRACKER_OPEN_TO", word)
        configuration.cache_clear()
        assert ("LOCAL-1" in shown(app.run())) == is_open


@pytest.mark.parametrize(
    ("granted", "claims", "offered"),
    [
        ("", {"email": "ann@clinic.example"}, False),
        ('registry_clinics = ["rheumatology"]', {"email": "ann@clinic.example"}, False),
        ('registry_clinics = ["dermatology"]', {"email": "ann@clinic.example"}, True),
        ('registry_clinics = ["dermatology"]', {"groups": "rheumatology"}, False),
    ],
)
def test_a_registry_run_is_offered_to_the_clinics_that_the_access_file_names(
    app, access_file, signed_in, monkeypatch, tmp_path, granted, claims, offered
):
    app.secrets["auth"] = SECRETS
    monkeypatch.setenv("SM_TRACKER_REGISTRY", str(tmp_path / "run"))
    access_file.write_text(granted + access_file.read_text(encoding="utf-8"), encoding="utf-8")
    signed_in(**claims)
    app.run()
    page = app.switch_page("sm_tracker/ui/pages/cohort.py").run()
    assert not page.exception
    options = [o.content for o in page.button_group(key="patients_of").proto.options]
    assert ("Registry" in options) == offered


def test_a_registry_run_cannot_be_had_by_the_address_of_the_page(
    app, access_file, signed_in, monkeypatch, tmp_path
):
    app.secrets["auth"] = SECRETS
    monkeypatch.setenv("SM_TRACKER_REGISTRY", str(tmp_path / "run"))
    signed_in(email="ann@clinic.example")
    app.query_params["patients_of"] = "registry"
    app.run()
    page = app.switch_page("sm_tracker/ui/pages/cohort.py").run()
    assert not page.exception
    assert page.button_group(key="patients_of").value == "own"
    assert "Registry run" not in shown(page)


@pytest.mark.parametrize("held", ['"dermatology"', "[1]", '["dermatolgy"]'])
def test_an_unclear_list_of_registry_clinics_lets_nobody_in(held):
    with pytest.raises(SettingError, match="registry_clinics"):
        rules(f"registry_clinics = {held}\n{RULES}")


def test_signing_out_in_one_tab_ends_the_others_and_a_copied_cookie(app, access_file, signed_in):
    def another_tab():
        tab = AppTest.from_file(str(ROOT / "app.py"), default_timeout=PATIENCE_S)
        tab.secrets["auth"] = SECRETS
        return tab

    app.secrets["auth"] = SECRETS
    signed_in(email="ann@clinic.example", nonce="one")
    other = another_tab()
    assert "DERM-1" in shown(app.run())
    assert "DERM-1" in shown(other.run())
    app.button(key="sign out").click().run()
    assert "This sign-in was ended" in shown(other.run())
    assert "DERM-1" not in shown(other)
    assert "DERM-1" not in shown(another_tab().run())
    signed_in(email="ann@clinic.example", nonce="two")
    assert "DERM-1" in shown(another_tab().run())


def trail(clinic):
    with storing.record_store(actor=storing.Actor("root", clinic, "admin")) as store:
        entries = store.audit_trail()
    return [(e.action, e.user) for e in reversed(entries) if e.entity == "access"]


def test_sign_ins_views_and_refusals_stand_in_the_trail_once(app, access_file, signed_in):
    app.secrets["auth"] = SECRETS
    signed_in(email="ann@clinic.example")
    for _ in range(3):
        app.run()
    seen = trail("dermatology")
    assert seen[0] == ("sign in", "ann@clinic.example")
    assert seen.count(("view", "ann@clinic.example")) == len(seen) - 1 == 1
    signed_in(email="eve@clinic.example")
    for _ in range(3):
        app.run()
    assert trail(NOBODYS_CLINIC) == [("refused", "eve@clinic.example")]


def test_views_are_not_noted_where_they_are_switched_off(app, access_file, signed_in, monkeypatch):
    monkeypatch.setenv("SM_TRACKER_LOG_VIEWS", "off")
    configuration.cache_clear()
    app.secrets["auth"] = SECRETS
    signed_in(email="ann@clinic.example")
    app.run()
    assert trail("dermatology") == [("sign in", "ann@clinic.example")]


def test_without_sign_in_nothing_is_noted_unless_asked_for(app, monkeypatch):
    app.run()
    assert trail("local") == []
    monkeypatch.setenv("SM_TRACKER_LOG_VIEWS", "on")
    configuration.cache_clear()
    app.run()
    assert trail("local") == [("view", "local user")]


@pytest.mark.parametrize(
    "address",
    ["\N{KELVIN SIGN}im@clinic.example", "kim@clini\u017f.example"],
)
def test_an_address_with_a_look_alike_sign_is_not_that_of_another(address):
    named = RULES.replace("ann@clinic.example", "kim@clinis.example").replace("clinis", "clinic")
    with pytest.raises(PermissionDenied, match="not known here"):
        access.actor_of(said(email=address), rules(named), NOW)


def test_no_clinic_is_called_as_the_trail_of_the_refused():
    with pytest.raises(SettingError, match="no clinic can be called"):
        rules(RULES.replace('"dermatology"', f'"{NOBODYS_CLINIC}"'))


OWN = {"Host": "localhost:8501", "Origin": "http://localhost:8501"}


@pytest.fixture
def asked_with(monkeypatch):
    """Lets the browser send these headers and cookies."""

    def ask(headers, cookies=()):
        monkeypatch.setattr(
            "streamlit.runtime.context.ContextProxy.headers", property(lambda _: headers)
        )
        monkeypatch.setattr(
            "streamlit.runtime.context.ContextProxy.cookies", property(lambda _: dict(cookies))
        )

    return ask


@pytest.mark.parametrize("header", access.FORWARDING)
def test_what_a_proxy_or_tunnel_passes_on_is_refused_without_sign_in(app, asked_with, header):
    asked_with({**OWN, header: "10.0.0.7"})
    assert "a proxy or tunnel passes requests on" in shown(app.run())
    assert "LOCAL-1" not in shown(app)


@pytest.mark.parametrize(
    "origin", ["http://localhost:3000", "http://127.0.0.1:8501", "null", "http://evil.example"]
)
def test_a_page_of_another_origin_is_refused_without_sign_in(app, asked_with, origin):
    asked_with({**OWN, "Origin": origin})
    assert "a page of another program asks" in shown(app.run())
    assert "LOCAL-1" not in shown(app)


def test_the_own_page_meets_no_further_step(app, asked_with):
    asked_with(OWN)
    assert "LOCAL-1" in shown(app.run())


def test_a_start_token_is_asked_for_where_one_is_set(app, asked_with, monkeypatch):
    monkeypatch.setenv("SM_TRACKER_LOCAL_TOKEN", "a-long-start-token")
    configuration.cache_clear()
    asked_with(OWN)
    assert "LOCAL-1" not in shown(app.run())
    app.text_input[0].set_value("wrong")
    page = app.button[0].click().run()
    assert "not the start token" in shown(page)
    assert "LOCAL-1" not in shown(page)
    app.text_input[0].set_value("a-long-start-token")
    page = app.button[0].click().run()
    assert "LOCAL-1" in shown(page)


def test_a_start_token_in_the_address_counts_and_is_taken_out_of_it(app, asked_with, monkeypatch):
    monkeypatch.setenv("SM_TRACKER_LOCAL_TOKEN", "a-long-start-token")
    configuration.cache_clear()
    asked_with(OWN)
    app.query_params["token"] = "a-long-start-token"
    assert "LOCAL-1" in shown(app.run())
    assert "token" not in app.query_params


def test_a_browser_that_gave_the_start_token_is_not_asked_again(app, asked_with, monkeypatch):
    monkeypatch.setenv("SM_TRACKER_LOCAL_TOKEN", "a-long-start-token")
    configuration.cache_clear()
    kept = access.cookie_of_token("a-long-start-token")
    assert "a-long-start-token" not in kept
    asked_with(OWN, {"sm_tracker_start": kept})
    assert "LOCAL-1" in shown(app.run())
    asked_with(OWN, {"sm_tracker_start": access.cookie_of_token("another")})
    assert "LOCAL-1" not in shown(app.run())
