"""What goes unnoticed as long as it works: titles, headings, focus, Back, reload, a new window."""

from __future__ import annotations

import itertools

PAGES = (
    "", "patients", "compare", "cohort", "import", "records", "figure", "report", "settings",
    "methods",
)  # fmt: skip


def settled(page):
    page.wait_for_selector("h1")
    page.locator("[data-testid=stApp][data-test-script-state=notRunning]").wait_for()
    page.wait_for_load_state("networkidle")


def pressed(page, words):
    button = page.locator("[data-testid=stButtonGroup] button", has_text=words).first
    return button.get_attribute("aria-checked") == "true"


def test_each_page_has_its_name_one_title_and_headings_and_table_heads_in_order(in_the_clinic):
    page, address = in_the_clinic, in_the_clinic.url.rstrip("/")
    names = set()
    for path in PAGES:
        page.goto(f"{address}/{path}")
        settled(page)
        names.add(page.title())
        levels = page.evaluate(
            "[...document.querySelectorAll('h1,h2,h3,h4')].map(e => Number(e.tagName[1]))"
        )
        assert levels.count(1) == 1, (path, levels)
        assert all(b - a <= 1 for a, b in itertools.pairwise(levels)), (path, levels)
        blank = "[...document.querySelectorAll('th')].filter(e => !e.textContent.trim()).length"
        assert page.evaluate(blank) == 0, path
    assert len(names) == len(PAGES)
    assert {"Timeline – SM Tracker", "Records – SM Tracker"} <= names


def test_the_keyboard_is_seen_on_the_links_to_pages(in_the_clinic):
    page = in_the_clinic
    page.get_by_role("link", name="Compare").focus()
    page.keyboard.press("Shift+Tab")
    ring = page.evaluate(
        "(e => [e.textContent.trim(), getComputedStyle(e).outlineStyle,"
        " getComputedStyle(e).outlineWidth])(document.activeElement)"
    )
    assert ring == ["Patients", "solid", "2px"]


def test_back_reload_and_another_language_keep_how_the_figure_was_arranged(in_the_clinic):
    page = in_the_clinic
    page.get_by_text("By site", exact=True).click()
    page.wait_for_url("**arrangement=by_site**")
    settled(page)
    page.get_by_role("link", name="Compare").click()
    page.get_by_role("heading", name="periods, 4 sites").wait_for()
    settled(page)
    page.go_back()
    page.get_by_role("heading", name="under IVIG").wait_for()
    settled(page)
    assert pressed(page, "By site")
    page.reload()
    page.get_by_role("heading", name="under IVIG").wait_for()
    settled(page)
    assert pressed(page, "By site")
    page.get_by_role("radio", name="DE", exact=True).click()
    page.get_by_role("heading", name="unter IVIG").wait_for()
    settled(page)
    assert pressed(page, "Nach Messstelle")


def test_an_earlier_period_outlives_a_reload_and_a_new_window_opens_at_now(in_the_clinic):
    page = in_the_clinic
    page.locator("table.reg button", has_text="ECP").first.click()
    page.get_by_role("heading", name="under ECP").wait_for()
    # What was chosen lights up in the figure, which came into view with it.
    page.wait_for_function(
        "() => { const r = document.querySelector('.st-key-figure').getBoundingClientRect();"
        " return r.top >= 0 && r.top < innerHeight / 2; }"
    )
    settled(page)
    assert "SM-001" not in page.url
    page.reload()
    page.get_by_role("heading", name="under ECP").wait_for()
    other = page.context.new_page()
    other.goto(page.url.partition("?")[0])
    other.get_by_role("heading", name="under IVIG").wait_for()


def test_the_language_is_chosen_in_the_header(in_the_clinic):
    page = in_the_clinic
    box = page.get_by_role("radio", name="FR", exact=True).bounding_box()
    header = page.get_by_test_id("stHeader").bounding_box()
    assert header["y"] <= box["y"]
    assert box["y"] + box["height"] <= header["y"] + header["height"]
    page.get_by_role("radio", name="FR", exact=True).click()
    page.get_by_role("link", name="Chronologie").wait_for()
    page.get_by_role("link", name="Comparer").click()
    page.wait_for_url("**/compare**")
    settled(page)
    page.reload()
    settled(page)
    assert pressed(page, "FR")


def test_no_notice_of_the_zoom_lies_over_the_figure(in_the_clinic):
    page = in_the_clinic
    box = page.locator(".js-plotly-plot .nsewdrag").first.bounding_box()
    page.mouse.move(box["x"] + 100, box["y"] + 40)
    page.mouse.down()
    page.mouse.move(box["x"] + 300, box["y"] + 40, steps=5)
    page.mouse.up()
    page.get_by_role("button", name="Show all").wait_for()
    assert page.locator(".plotly-notifier .notifier-note").count() == 0
