"""Every page for readers with a keyboard, a screen reader or little contrast."""

from __future__ import annotations

from tests.patience import PATIENCE_MS

READY = "h1"


def settle(opened):
    opened.wait_for_selector(READY)
    opened.locator("[data-testid=stApp][data-test-script-state=notRunning]").wait_for()
    opened.wait_for_load_state("networkidle")


def test_no_page_breaks_a_rule_of_accessibility(opened, violations, artifacts):
    names = opened.locator("[data-testid=stTopNavLink]").all_inner_texts()
    assert {"Timeline", "Compare", "Import", "Settings"} <= set(names), names
    found = {}
    for name in names:
        opened.locator("[data-testid=stTopNavLink]").filter(has_text=name).first.click()
        settle(opened)
        found[name] = violations(opened)
        opened.screenshot(path=artifacts / f"page_{name}_{opened.scheme}.png", full_page=True)
    assert found == {name: [] for name in names}


def test_what_opens_on_demand_breaks_none_either(opened, violations):
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


PAGES = ("", "patients", "compare", "cohort", "import", "records", "figure", "report", "settings")
COVERED = """() => {
  const shown = [...document.querySelectorAll("button, input, h1, h2, [role=radio], a[href]")]
    .filter(e => e.checkVisibility({visibilityProperty: true, opacityProperty: true})
                 && !e.closest("[role=dialog]"))
    .map(e => [e, e.getBoundingClientRect()]).filter(([e, r]) => r.width > 4 && r.height > 4);
  const name = e => (e.getAttribute("aria-label") || e.textContent || e.id).trim().slice(0, 40);
  // What is wider than the page by its nature scrolls in a place of its own.
  const own =
    ".scroll, pre, [class*=forest], [class*=comparison_figure], [data-testid=stDataFrame]";
  const found = shown.filter(([e, r]) => r.right > innerWidth + 1 && !e.closest(own))
    .map(([e]) => `beyond the edge: ${name(e)}`);
  for (const [i, [a, r]] of shown.entries())
    for (const [b, s] of shown.slice(i + 1)) {
      const wide = Math.min(r.right, s.right) - Math.max(r.left, s.left);
      const high = Math.min(r.bottom, s.bottom) - Math.max(r.top, s.top);
      if (wide > 3 && high > 3 && !a.contains(b) && !b.contains(a)
          && a.closest("label, [data-testid]") !== b.closest("label, [data-testid]")
          && !a.closest("header") && !b.closest("header"))
        found.push(`one over the other: ${name(a)} and ${name(b)}`);
    }
  if (document.documentElement.scrollWidth > innerWidth) found.push("the page scrolls sideways");
  return found;
}"""


def test_at_twice_the_size_nothing_is_lost_or_lies_over_something_else(
    browser, dashboard, artifacts
):
    # A window of 1280 by 800 at 200 per cent has the room of one of half its width.
    page = browser.new_context(viewport={"width": 640, "height": 400}).new_page()
    page.set_default_timeout(PATIENCE_MS)
    found = {}
    for name in PAGES:
        page.goto(f"{dashboard}/{name}")
        settle(page)
        found[name] = page.evaluate(COVERED)
        page.screenshot(path=artifacts / f"twice_{name or 'timeline'}.png", full_page=True)
    page.context.close()
    assert found == {name: [] for name in PAGES}


def test_what_the_browser_prints_is_the_answer_and_the_figure_as_wide_as_the_page(
    opened, artifacts
):
    sheet = opened.pdf(path=artifacts / f"printed_{opened.scheme}.pdf", format="A4")
    assert sheet.startswith(b"%PDF")
    # The same as laid out for the width of that page.
    paper = "getComputedStyle(document.querySelector('.main-svg')).backgroundColor"
    shown = opened.evaluate(paper)
    opened.evaluate("dispatchEvent(new Event('beforeprint'))")
    assert opened.evaluate(paper) == "rgb(255, 255, 255)"
    before = opened.locator(".js-plotly-plot .main-svg").first.bounding_box()
    opened.set_viewport_size({"width": 718, "height": 1000})
    opened.emulate_media(media="print")
    opened.wait_for_function(
        "document.querySelector('.js-plotly-plot').getBoundingClientRect().right <= 718"
    )
    drawn = opened.locator(".js-plotly-plot .main-svg").first.bounding_box()
    assert drawn["height"] / drawn["width"] < 1.1 * before["height"] / before["width"]
    assert opened.get_by_role("heading", name="under IVIG").first.is_visible()
    for control in ("Add visit", "Open your own files", "Print and copy", "Two-minute tour"):
        assert not opened.get_by_text(control).first.is_visible(), control
    assert not opened.get_by_role("radio").first.is_visible()
    assert not opened.get_by_test_id("stHeader").is_visible()
    code = opened.get_by_role("combobox", name="Patient").first
    assert code.evaluate("e => getComputedStyle(e).color") == "rgb(22, 36, 45)"
    opened.evaluate("dispatchEvent(new Event('afterprint'))")
    assert opened.evaluate(paper) == shown
