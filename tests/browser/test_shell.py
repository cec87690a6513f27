"""The shell in a browser: light and dark, keyboard, phone, controls, panels, exports, errors."""

import re

import pytest
from conftest import PHONE, WIDE
from waiting import expect

PAGES = {
    "/": "TopoDash",
    "/live": "Live training",
    "/mapper": "Mapper",
    "/landscapes": "Landscapes",
    "/filters": "Filters",
    "/runs": "Runs",
}


def theme(page):
    return page.evaluate("document.documentElement.dataset.theme")


@pytest.mark.parametrize("look", ["light", "dark"])
@pytest.mark.parametrize("path", ["/", "/runs", "/gallery", "/nowhere"])
@pytest.mark.parametrize("size", [WIDE, PHONE], ids=["wide", "phone"])
def test_no_serious_finding_of_axe(open_page, axe, path, look, size):
    expect = ("404",) if path == "/nowhere" else ()
    page = open_page(path, look=look, size=size, expect=expect)
    page.wait_for_timeout(400)
    assert axe(page) == []


def test_every_page_is_reached_by_the_navigation_and_says_where_one_is(open_page):
    page = open_page("/")
    for path, title in PAGES.items():
        page.locator(f'nav a[href="{path}"]').click()
        page.get_by_role("heading", level=1, name=title, exact=True).wait_for()
        expect(page.locator('nav [aria-current="page"]')).to_have_attribute("href", path)
        page.wait_for_function("title => document.title.includes(title)", arg=title)
    page.go_back()
    page.get_by_role("heading", level=1, name="Filters").wait_for()


def test_after_a_change_of_page_the_focus_is_on_its_title(open_page):
    page = open_page("/")
    page.locator('nav a[href="/runs"]').click()
    page.wait_for_function(
        "() => document.activeElement.id === 'td-title' && document.activeElement.textContent === 'Runs'"
    )


def test_an_address_that_leads_nowhere_says_so(open_page):
    page = open_page("/nowhere", expect=("404",))
    assert page.get_by_role("heading", level=1).text_content() == "There is no page here"


def test_the_first_tab_skips_the_navigation(open_page):
    page = open_page("/")
    page.keyboard.press("Tab")
    expect(page.locator(":focus")).to_have_text("Skip to content")
    page.keyboard.press("Enter")
    expect(page.locator(":focus")).to_have_id("td-main")


@pytest.mark.parametrize("look", ["light", "dark"])
def test_the_first_paint_has_the_systems_look_and_so_have_the_figures(open_page, look):
    page = open_page("/gallery", look=look)
    assert theme(page) == look
    page.wait_for_selector("#gallery-plane .main-svg")
    colour = page.evaluate("document.querySelector('#gallery-plane .js-plotly-plot')._fullLayout.font.color")
    assert colour == {"light": "#22252B", "dark": "#E8EAEE"}[look]
    ground = page.evaluate("getComputedStyle(document.body).backgroundColor")
    assert ground == {"light": "rgb(252, 252, 251)", "dark": "rgb(21, 23, 28)"}[look]


def test_the_switch_changes_everything_and_is_remembered_without_a_flash(open_page, site):
    page = open_page("/gallery")
    page.wait_for_selector("#gallery-plane .main-svg")
    page.get_by_role("button", name="Switch between light and dark").click()
    page.wait_for_function(
        "() => document.querySelector('#gallery-plane .js-plotly-plot')._fullLayout.font.color === '#E8EAEE'"
    )
    # Before any script of the page but its first has run, the look is there already.
    page.add_init_script(
        "document.addEventListener('DOMContentLoaded', () => { window.early = document.documentElement.dataset.theme })"
    )
    page.goto(site + "/runs")
    page.wait_for_selector("h1")
    assert page.evaluate("window.early") == theme(page) == "dark"


def test_scripts_hear_of_the_look(open_page):
    page = open_page("/runs")
    page.evaluate("document.addEventListener('topodash:theme', (event) => { window.heard = event.detail })")
    page.get_by_role("button", name="Switch between light and dark").click()
    page.wait_for_function("() => window.heard === 'dark' && topodash.theme() === 'dark'")


def test_a_control_is_found_by_its_label_and_described_by_its_help(open_page):
    page = open_page("/gallery")
    for name, text in (
        ("Learning rate", "How far one step goes."),
        ("Epochs", "How often all points are seen."),
    ):
        control = page.get_by_label(name, exact=True)
        described = control.get_attribute("aria-describedby").split()
        said = page.evaluate("ids => ids.map((id) => document.getElementById(id)?.textContent)", described)
        assert text in said
    mark = page.locator('[data-control="epochs"] .td-help')
    mark.focus()
    page.get_by_role("tooltip").get_by_text("How often all points are seen.").wait_for()


def test_a_value_out_of_bounds_is_said_beside_the_control_and_not_changed(open_page):
    page = open_page("/gallery")
    epochs = page.get_by_label("Epochs", exact=True)
    epochs.fill("30000")
    page.get_by_text("Epochs must be a whole number from 1 to 20000; it was 30000.").wait_for()
    expect(epochs).to_have_value("30000")
    epochs.fill("30")
    page.wait_for_function("() => document.getElementById('gallery-said').textContent === '?epochs=30'")
    expect(page.get_by_text("must be a whole number")).to_have_count(0)


def test_arrow_keys_change_a_logarithmic_number_by_factors(open_page):
    page = open_page("/gallery")
    rate = page.get_by_label("Learning rate", exact=True)
    rate.focus()
    for key, value in (("ArrowDown", "0.2"), ("ArrowDown", "0.1"), ("ArrowDown", "0.05"), ("ArrowUp", "0.1")):
        page.keyboard.press(key)
        expect(rate).to_have_value(value)
    page.wait_for_function(
        "() => document.getElementById('gallery-said').textContent === '?learning_rate=0.1'"
    )


def test_a_number_with_a_power_of_ten_is_read_as_it_is_written(open_page):
    page = open_page("/gallery")
    rate = page.get_by_label("Learning rate", exact=True)
    rate.fill("")
    rate.press_sequentially("2.5e-3")
    expect(rate).to_have_value("0.0025")
    rate.fill("1e-2")
    expect(rate).to_have_value("0.01")
    epochs = page.get_by_label("Epochs", exact=True)
    epochs.fill("")
    epochs.press_sequentially("1e9")
    expect(epochs).to_have_value("1000000000")
    page.get_by_text("Epochs must be a whole number from 1 to 20000; it was 1000000000.").wait_for()
    epochs.fill("")
    epochs.press_sequentially("3e2")
    expect(epochs).to_have_value("300")


def test_the_address_sets_the_controls_and_a_bad_value_is_said(open_page):
    page = open_page("/gallery?epochs=7&optimiser=lbfgs&field=1")
    expect(page.get_by_label("Epochs", exact=True)).to_have_value("7")
    expect(page.get_by_role("switch", name="Show field")).to_be_checked()
    said = 'Optimiser must be one of: Gradient descent, Adam; it was "lbfgs".'
    expect(page.get_by_text(said)).to_be_visible()


def test_webgl_and_plotly_draw_under_the_security_policy(open_page):
    page = open_page("/gallery")
    page.wait_for_selector("#gallery-plane .main-svg")
    page.wait_for_selector("#gallery-space canvas")
    page.wait_for_timeout(300)
    assert page.evaluate("(() => { try { return eval('1') } catch (e) { return 'refused' } })()") in (
        1,
        "refused",
    )
    # Evaluating text is refused to the page itself (the debugger's own calls are not the page's).
    page.evaluate(
        "setTimeout(() => { try { new Function('1'); window.made = 1 } catch (e) { window.made = 'refused' } })"
    )
    page.wait_for_function("() => window.made === 'refused'")


@pytest.mark.parametrize("kind", ["PNG", "SVG", "HTML"])
@pytest.mark.parametrize("view", ["Curves", "Space"])
def test_a_picture_is_saved_by_the_browser(open_page, tmp_path, browser, kind, view):
    page = open_page("/gallery")
    page.wait_for_selector("#gallery-plane .main-svg")
    page.wait_for_selector("#gallery-space canvas")
    page.get_by_role("button", name=f"Export {view}").click()
    with page.expect_download() as waiting:
        page.get_by_role("menuitem", name=re.compile(f"^{kind}")).click()
    file = tmp_path / waiting.value.suggested_filename
    waiting.value.save_as(file)
    assert file.name == f"{view.lower()}.{kind.lower()}"
    content = file.read_bytes()
    if kind == "PNG":
        assert content.startswith(b"\x89PNG")
        width = int.from_bytes(content[16:20])
        assert (
            abs(
                width
                - 3 * page.locator(f'section[aria-label="{view}"] .js-plotly-plot').bounding_box()["width"]
            )
            <= 6
        )
    elif kind == "SVG":
        assert content.startswith(b"<svg")
    else:
        # Alone, without a server or the network, it draws again.
        context = browser.new_context(offline=True)
        alone = context.new_page()
        alone.goto(file.as_uri())
        alone.wait_for_selector(".main-svg")
        assert alone.evaluate("document.getElementById('p').data.length") == 1
        context.close()


def test_the_modebar_offers_no_upload_and_no_link_away(open_page):
    page = open_page("/gallery")
    page.wait_for_selector("#gallery-plane .modebar", state="attached")
    titles = page.locator("#gallery-plane .modebar-btn").evaluate_all(
        "all => all.map((one) => one.dataset.title)"
    )
    assert titles
    assert not [title for title in titles if title and re.search("share|cloud|plotly", title, re.I)]


def test_a_panel_is_enlarged_and_escape_brings_it_back(open_page):
    page = open_page("/gallery")
    page.wait_for_selector("#gallery-plane .main-svg")
    before = page.locator("#gallery-plane").bounding_box()
    button = page.get_by_role("button", name="Enlarge Curves")
    button.click()
    expect(button).to_have_attribute("aria-pressed", "true")
    page.wait_for_function(
        "() => document.querySelector('#gallery-plane .main-svg').getBoundingClientRect().width > 1300"
    )
    page.keyboard.press("Escape")
    expect(button).to_have_attribute("aria-pressed", "false")
    page.wait_for_function(
        "width => Math.abs(document.querySelector('#gallery-plane .main-svg').getBoundingClientRect().width - width) < 4",
        arg=before["width"],
    )


def test_setup_and_inspector_fold_away_beside_the_stage(open_page):
    page = open_page("/gallery")
    setup = page.locator("#gallery-setup")
    expect(setup).to_be_visible()
    page.get_by_role("button", name="Setup", exact=True).click()
    expect(setup).not_to_be_visible()
    inspector = page.get_by_role("button", name="Inspector", exact=True)
    inspector.click()
    expect(page.locator("#gallery-inspector.td-drawer")).to_be_visible()
    expect(inspector).to_have_attribute("aria-expanded", "true")


def test_on_a_phone_the_stage_comes_first_and_drawers_lie_over_it(open_page):
    page = open_page("/gallery", size=PHONE)
    page.wait_for_selector("#gallery-plane .main-svg")
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    setup = page.locator("#gallery-setup")
    expect(setup).not_to_be_visible()
    page.get_by_role("button", name="Setup", exact=True).tap()
    expect(setup).to_be_visible()
    page.keyboard.press("Escape")
    expect(setup).not_to_be_visible()
    timeline = page.get_by_role("group", name="Timeline").bounding_box()
    bar = page.locator(".td-rail").bounding_box()
    assert timeline["y"] + timeline["height"] <= bar["y"] + 1
    assert bar["y"] + bar["height"] <= PHONE["height"] + 1


def test_a_callback_that_fails_is_said(open_page):
    page = open_page("/gallery", expect=("500", "Callback error"))
    page.get_by_role("button", name="Start").click()
    page.get_by_role("button", name="Start").click()
    page.get_by_text("Something went wrong here (RuntimeError)").wait_for()


def test_a_person_who_wants_less_motion_gets_none(open_page):
    page = open_page("/gallery", motion="reduce")
    duration = page.evaluate(
        "getComputedStyle(document.querySelector('.td-group > summary'), '::before').transitionDuration"
    )
    assert float(duration.rstrip("s")) < 0.001
