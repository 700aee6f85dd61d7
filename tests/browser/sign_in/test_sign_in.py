"""Sign-in through a real identity provider process, in a real browser, behind a proxy."""

from __future__ import annotations

import http.client
from urllib.parse import urlsplit

import pytest

from tests.patience import PATIENCE_S

MEASUREMENTS = b"""patient_id,date,site,thickness_mm
NEW-1,2024-01-10,forearm,2.50
NEW-1,2024-03-12,forearm,2.10
"""
FILE = {"name": "m.csv", "mimeType": "text/csv", "buffer": MEASUREMENTS}
FAULTS = ("signature", "unsigned", "audience", "issuer", "nonce", "expired")


def timeline(page):
    page.wait_for_selector(".js-plotly-plot .scatterlayer .point")
    return page


def words(page):
    """Everything that can be read on the page, chosen values of controls included."""
    return page.evaluate(
        "document.body.innerText + [...document.querySelectorAll('input')].map(i => i.value)"
    )


def choices(page):
    """The patients that can be chosen."""
    page.get_by_role("combobox", name="Patient").first.click()
    page.get_by_role("option").first.wait_for()
    found = page.get_by_role("option").all_inner_texts()
    page.keyboard.press("Escape")
    return found


def go(page, name):
    page.get_by_role("link", name=name, exact=True).first.click()


def test_who_has_not_signed_in_sees_no_patient_on_any_page(visit, deployment):
    for path in ("/records", "/settings?patient=DERM-1"):
        page = visit(at=deployment.url + path)
        page.get_by_role("button", name="Sign in").wait_for()
        assert "-1" not in words(page)
        assert "dermatology" not in words(page)


def test_an_editor_signs_in_sees_the_patients_of_the_clinic_and_imports(
    sign_in, deployment, artifacts
):
    page = timeline(sign_in("edda"))
    page.screenshot(path=artifacts / "signed_in.png")
    page.get_by_text("edda@clinic.example · editor · clinic dermatology").wait_for()
    assert choices(page) == deployment.patients("dermatology")
    assert "NEW-1" not in deployment.patients("dermatology")
    go(page, "Import")
    page.locator("input[type=file]").set_input_files(FILE)
    page.get_by_test_id("stButton").filter(has_text="Import").get_by_role("button").click()
    timeline(page)
    assert "NEW-1" in deployment.patients("dermatology")
    assert deployment.patients("rheumatology") == ["RHEUM-1"]


def test_a_viewer_looks_but_imports_and_edits_nothing(sign_in, deployment, artifacts):
    before = deployment.patients("dermatology")
    page = timeline(sign_in("vera"))
    page.get_by_text("subject vera · viewer · clinic dermatology").wait_for()
    go(page, "Import")
    page.locator("input[type=file]").set_input_files(
        {**FILE, "buffer": MEASUREMENTS.replace(b"NEW-1", b"NEW-2")}
    )
    page.get_by_text("Your role can look at records but not import them.").wait_for()
    assert page.get_by_test_id("stButton").filter(has_text="Import").locator("[disabled]").count()
    page.screenshot(path=artifacts / "viewer_import.png", full_page=True)
    go(page, "Records")
    page.get_by_test_id("stDataFrame").first.wait_for()
    assert page.get_by_label("Reason", exact=False).count() == 0
    assert page.get_by_text("New patient").count() == 0
    assert deployment.patients("dermatology") == before


def test_a_stranger_is_refused_in_words_and_sees_no_patient(sign_in, artifacts):
    page = sign_in("otto")
    page.get_by_text("This account is not known here").wait_for()
    page.screenshot(path=artifacts / "stranger.png")
    assert "-1" not in words(page)
    assert page.get_by_role("link", name="Records").count() == 0


def test_an_address_that_nobody_verified_is_refused(sign_in):
    page = sign_in("mallory")
    page.get_by_text("This e-mail address does not count").wait_for()
    assert "DERM" not in words(page)


def test_a_sign_in_of_yesterday_is_refused(sign_in):
    page = sign_in("yesterday")
    page.get_by_text("This sign-in no longer counts").wait_for()
    assert "DERM" not in words(page)


def test_another_clinic_sees_its_own_patients_only(sign_in, visit, deployment):
    page = timeline(sign_in("rosa"))
    assert choices(page) == ["RHEUM-1"]
    page.goto(deployment.url + "/records?patient=DERM-1")
    page.get_by_role("combobox", name="Patient").first.wait_for()
    assert choices(page) == ["RHEUM-1"]
    assert "DERM-1" not in words(page)


def test_signing_out_ends_it_and_the_next_person_sees_nothing_of_the_last(sign_in, deployment):
    page = timeline(sign_in("edda"))
    page.get_by_role("button", name="Sign out").click()
    page.get_by_role("button", name="Sign in").wait_for()
    assert "DERM" not in words(page)
    assert [c["name"] for c in page.context.cookies() if "streamlit_user" in c["name"]] == []
    page.go_back()
    page.goto(deployment.url + "/records")
    page.get_by_role("button", name="Sign in").wait_for()
    timeline(sign_in("rosa", page))
    page.get_by_text("rosa@clinic.example").wait_for()
    assert "DERM" not in words(page)


def test_who_is_struck_off_the_access_file_is_out_at_the_next_click(sign_in, deployment):
    page = timeline(sign_in("rosa"))
    held = deployment.access_file.read_text(encoding="utf-8")
    try:
        deployment.access_file.write_text(held.replace("rosa@", "nobody@"), encoding="utf-8")
        go(page, "Records")
        page.get_by_text("This account is not known here").wait_for()
        assert "RHEUM" not in words(page)
    finally:
        deployment.access_file.write_text(held, encoding="utf-8")


@pytest.mark.parametrize("fault", FAULTS)
def test_a_token_that_is_forged_or_not_meant_for_us_signs_nobody_in(sign_in, fault):
    page = sign_in(f"forged {fault}")
    page.get_by_role("button", name="Sign in").wait_for()
    assert "DERM" not in words(page)


def test_a_session_cookie_signed_with_another_secret_is_nobody(visit, deployment):
    import json

    from streamlit.web.server.starlette.starlette_app_utils import create_signed_value

    claims = {"email": "edda@clinic.example", "email_verified": True, "is_logged_in": True,
              "origin": deployment.url, "provider": "default", "iat": 4_000_000_000}  # fmt: skip
    forged = create_signed_value("a guess" * 6, "_streamlit_user", json.dumps(claims)).decode()
    page = visit(cookies=[{"name": "_streamlit_user", "value": forged}])
    page.get_by_role("button", name="Sign in").wait_for()
    assert "DERM" not in words(page)


def test_a_code_of_the_provider_cannot_be_used_again_by_another_browser(sign_in, visit):
    answers = []
    page = visit()
    page.on("request", lambda r: answers.append(r.url) if "oauth2callback?" in r.url else None)
    timeline(sign_in("edda", page))
    assert len(answers) == 1
    other = visit(at=answers[0])
    other.get_by_role("button", name="Sign in").wait_for()
    assert "DERM" not in words(other)


def request(deployment, method, path, body=b"", **headers):
    connection = http.client.HTTPConnection(urlsplit(deployment.url).netloc, timeout=PATIENCE_S)
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    connection.request(method, path, body, named)
    status = connection.getresponse().status
    connection.close()
    return status


def test_a_file_cannot_be_sent_without_the_token_against_forged_requests(deployment):
    status = request(deployment, "PUT", "/_stcore/upload_file/a/b", b"x")
    assert status == 403


def test_a_page_of_another_site_cannot_open_the_channel(deployment):
    handshake = {
        "Connection": "Upgrade",
        "Upgrade": "websocket",
        "Sec-WebSocket-Version": "13",
        "Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ==",
    }
    opened = request(deployment, "GET", "/_stcore/stream", Origin=deployment.url, **handshake)
    foreign = request(
        deployment, "GET", "/_stcore/stream", Origin="https://evil.example", **handshake
    )
    assert (opened, foreign) == (101, 403)


def test_the_server_writes_no_patient_and_no_secret_into_its_log(sign_in, deployment):
    timeline(sign_in("edda"))
    log = deployment.log.read_text(encoding="utf-8", errors="replace")
    for word in ("DERM-1", "RHEUM-1", "NEW-1", "secret of these tests", "8f2b61f0c1d94e7b"):
        assert word not in log
