"""A dashboard with a start token, in a real browser: asked once, told to nobody."""

from __future__ import annotations

from urllib.parse import urlsplit

import pytest

from tests.browser.conftest import running_dashboard
from tests.patience import PATIENCE_MS

TOKEN = "7b0c-violet-harbour-5521"
QUESTION = "This dashboard asks for its start token once in each browser."


@pytest.fixture(scope="module")
def started(repository, tmp_path_factory):
    """Address of a dashboard with a token, and the file to which the server writes."""
    folder = tmp_path_factory.mktemp("with a token")
    said = folder / "said by the server.txt"
    with running_dashboard(
        repository, folder, said_to=said, SM_TRACKER_LOCAL_TOKEN=TOKEN
    ) as address:
        yield address, said


@pytest.fixture
def visitor(browser):
    """A browser that has not been here before."""
    context = browser.new_context()
    context.set_default_timeout(PATIENCE_MS)
    yield context
    context.close()


def type_token(page, token):
    page.get_by_label("Start token").fill(token)
    page.get_by_role("button", name="Open", exact=True).click()


def test_a_wrong_token_shows_nothing_and_the_right_one_opens_this_browser_for_good(
    started, visitor, browser
):
    address, said = started
    page = visitor.new_page()
    page.goto(address)
    page.get_by_text(QUESTION).wait_for()
    type_token(page, "7b0c-violet-harbour-5520")
    page.get_by_text("That is not the start token.").wait_for()
    assert page.locator(".js-plotly-plot").count() == 0
    type_token(page, TOKEN)
    page.locator(".js-plotly-plot").wait_for()
    page.wait_for_function("document.cookie.includes('sm_tracker_start')")
    other = visitor.new_page()
    other.goto(address)
    other.locator(".js-plotly-plot").wait_for()
    assert TOKEN not in {c["value"] for c in visitor.cookies()}
    assert TOKEN not in page.url + other.url
    stranger = browser.new_context()
    try:
        unknown = stranger.new_page()
        unknown.goto(address)
        unknown.get_by_text(QUESTION).wait_for(timeout=PATIENCE_MS)
        assert unknown.locator(".js-plotly-plot").count() == 0
    finally:
        stranger.close()
    assert TOKEN not in said.read_text(encoding="utf-8", errors="replace")


def test_a_token_in_the_address_is_taken_out_of_it(started, visitor):
    address, said = started
    page = visitor.new_page()
    page.goto(f"{address}/?token={TOKEN}")
    page.locator(".js-plotly-plot").wait_for()
    page.wait_for_function("!location.search.includes('token')")
    assert "token" not in urlsplit(page.url).query
    assert TOKEN not in said.read_text(encoding="utf-8", errors="replace")
