"""Many visitors at once, and one who clicks for a long time."""

from __future__ import annotations

import pytest

from tests.patience import PATIENCE_MS

VISITORS, ROUNDS = 20, 15
FIGURE = ".js-plotly-plot .barlayer .point"
FAILED = "[data-testid=stException], [data-testid=stAlertContentError]"
pytestmark = pytest.mark.long


@pytest.fixture
def new_visitor(browser, dashboard):
    """Opens the dashboard in a profile of its own; what the console calls an error is kept."""
    contexts = []

    def visit():
        context = browser.new_context(viewport={"width": 1280, "height": 800})
        contexts.append(context)
        page = context.new_page()
        page.errors = []
        page.on("console", lambda m: page.errors.append(m.text) if m.type == "error" else None)
        page.set_default_timeout(VISITORS * PATIENCE_MS)
        page.goto(dashboard, wait_until="commit")
        return page

    yield visit
    for context in contexts:
        context.close()


def test_twenty_visitors_at_once_see_the_figure_and_no_error(new_visitor):
    visitors = [new_visitor() for _ in range(VISITORS)]
    for page in visitors:
        page.wait_for_selector(FIGURE)
        assert page.locator(FAILED).count() == 0
        assert page.errors == []


def test_a_visitor_who_goes_round_the_pages_again_and_again_sees_no_error(new_visitor):
    page = new_visitor()
    page.wait_for_selector(FIGURE)
    links = page.locator("[data-testid=stTopNavLink]")
    names = links.all_inner_texts()
    assert len(names) >= 8
    for _ in range(ROUNDS):
        for name in names:
            links.filter(has_text=name).first.click()
            page.locator("h1").first.wait_for()
            page.locator("[data-testid=stApp][data-test-script-state=notRunning]").wait_for()
            assert page.locator(FAILED).count() == 0, name
    links.filter(has_text=names[0]).first.click()
    page.wait_for_selector(FIGURE)
    assert page.errors == []
