"""Every page for readers with a keyboard, a screen reader or little contrast."""

from __future__ import annotations

READY = "h1"


def settle(opened):
    opened.wait_for_selector(READY)
    opened.locator("[data-testid=stApp][data-test-script-state=notRunning]").wait_for()
    opened.wait_for_load_state("networkidle")


def test_no_page_has_a_serious_violation(opened, violations, artifacts):
    names = opened.locator("[data-testid=stTopNavLink]").all_inner_texts()
    assert {"Timeline", "Compare", "Import", "Settings"} <= set(names), names
    found = {}
    for name in names:
        opened.locator("[data-testid=stTopNavLink]").filter(has_text=name).first.click()
        settle(opened)
        found[name] = violations(opened)
        opened.screenshot(path=artifacts / f"page_{name}_{opened.scheme}.png", full_page=True)
    assert found == {name: [] for name in names}


def test_what_opens_on_demand_has_no_serious_violation_either(opened, violations):
    for name in ("Details and sensitivity", "Data behind the figure"):
        opened.get_by_text(name).click()
    opened.get_by_text("Two-minute tour").click()
    opened.get_by_text("Tour, 1 of 7").wait_for()
    settle(opened)
    assert violations(opened) == []


def test_the_tour_brings_into_view_what_it_talks_about(opened):
    opened.get_by_text("Two-minute tour").click()
    for step in range(1, 5):
        opened.get_by_text(f"Tour, {step} of 7").wait_for()
        opened.locator(".st-key-tour").get_by_role("button", name="Next").click()
    opened.get_by_text("Tour, 5 of 7").wait_for()
    opened.wait_for_function(
        "() => { const r = document.querySelector('.st-key-regimen_place')"
        "?.getBoundingClientRect(); return r && r.top >= 0 && r.top < 200; }"
    )


def test_a_row_of_the_regimen_table_is_chosen_with_tab_and_enter(opened):
    opened.locator("table.reg button").first.wait_for()
    opened.get_by_role("button", name="What do these mean?").first.focus()
    for _ in range(4):
        opened.keyboard.press("Tab")
        held = opened.evaluate("document.activeElement.closest('tr')?.dataset.period || ''")
        if held == "ecp-1":
            break
    assert held == "ecp-1"
    opened.keyboard.press("Enter")
    opened.get_by_role("heading", name="under ECP").wait_for()
    opened.locator("table.reg tr.focus[data-period=ecp-1]:not(.more)").wait_for()
    held = opened.evaluate("document.activeElement.closest('tr')?.dataset.period || ''")
    assert held == "ecp-1"


def test_every_chart_has_words_for_those_who_do_not_see_it(opened):
    chart = opened.locator("[data-testid=stPlotlyChart]").first
    name = chart.evaluate(
        "e => [e, ...e.querySelectorAll('[aria-label]')]"
        ".map(x => x.getAttribute('aria-label')).find(Boolean)"
    )
    assert "forearm" in name.casefold()
