"""The demo in a real browser: a visitor sees the point, by pointer, by keyboard, on a telephone."""

import re
from typing import Any

import pytest
from playwright.sync_api import FrameLocator, Locator, Page, expect

from tests import make
from tests.browser.conftest import MakePage, fetched
from tests.journeys.deployment import Deployment

pytestmark = [pytest.mark.browser, pytest.mark.slow]

LONG = "Wolfeschlegelsteinhausenbergerdorffwelchevoralternwarengewi"
GREETING = "A greeting from Ebb & Kiln"


def mail(page: Page) -> FrameLocator:
    return page.frame_locator(".mail iframe")


def picture(page: Page, alt: str = GREETING) -> Locator:
    """The picture of a block, once it is there."""
    found = mail(page).get_by_alt_text(alt)
    expect(found).to_have_js_property("complete", True, timeout=10_000)
    expect(found).not_to_have_js_property("naturalWidth", 0, timeout=10_000)
    return found


def happened(page: Page, text: str | re.Pattern[str]) -> Locator:
    return page.locator(".events li").filter(has_text=text)


def press(page: Page, name: str) -> None:
    page.get_by_role("button", name=name).click()


def message(page: Page, subject: str) -> None:
    page.locator(".rows a").filter(has_text=subject).first.click()
    expect(page.locator("#h-mail")).to_have_text(subject)


def is_too_wide(page: Page) -> bool:
    return bool(page.evaluate("document.documentElement.scrollWidth > innerWidth"))


def test_a_changed_customer_sees_another_picture_and_its_link_follows(visit: MakePage) -> None:
    page = visit()
    gold = picture(page).screenshot()
    expect(happened(page, "Greeting showed “gold”")).to_be_visible()

    press(page, "Switch to silver")
    expect(happened(page, "Greeting showed “silver”")).to_be_visible()

    assert picture(page).screenshot() != gold
    expect(page.get_by_label("Tier")).to_have_value("silver")
    picture(page).click()
    expect(mail(page).get_by_text("The click was recorded")).to_contain_text("/silver with points=640")
    clicked = happened(page, "Clicked Greeting")
    expect(clicked).to_contain_text("/demo/shop/silver?points=640")
    expect(clicked).to_contain_text("Where the picture shown last promised")
    press(page, "Back to the email")
    expect(mail(page).get_by_alt_text(GREETING)).to_be_visible()


def test_a_link_of_the_message_itself_is_recorded_too(visit: MakePage) -> None:
    page = visit()

    mail(page).get_by_role("link", name="See the tidepool mugs").click()

    expect(mail(page).get_by_text("The click was recorded")).to_contain_text("/mugs")
    expect(happened(page, "Clicked a link")).to_contain_text("/demo/shop/mugs")


def test_under_another_name_of_the_server_pictures_and_clicks_work_too(visit: MakePage) -> None:
    page = visit(host="localhost")

    picture(page).click()

    expect(mail(page).get_by_text("The click was recorded")).to_contain_text("/gold with points=640")
    press(page, "Back to the email")
    picture(page)


def test_the_form_changes_name_and_basket_and_opens_again(visit: MakePage) -> None:
    page = visit()
    before = picture(page, "A piece picked for you").screenshot()

    page.get_by_label("First name").fill("Beatriz")
    page.get_by_label("In the basket").select_option("lamp")
    press(page, "Save and open again")

    expect(happened(page, "Your pick showed “basket-lamp”")).to_be_visible()
    expect(happened(page, "Added to cart: Evening lamp")).to_be_visible()
    assert picture(page, "A piece picked for you").screenshot() != before


def test_a_sale_that_has_ended_says_so_in_the_picture(visit: MakePage) -> None:
    page = visit("/demo/ben/")
    message(page, "The kiln sale is on")
    running = picture(page, "Time left in the kiln sale").screenshot()
    kinds = mail(page).get_by_alt_text("Time left in the kiln sale").get_attribute("src")

    page.get_by_label("Sale ends").select_option("past")
    press(page, "Save and open again")
    expect(happened(page, "Sale countdown showed “running”")).to_have_count(2)

    assert kinds is not None
    assert kinds.endswith(".gif")
    assert picture(page, "Time left in the kiln sale").screenshot() != running


def test_messages_are_sent_until_the_cap_says_no_and_why_and_until_when(visit: MakePage) -> None:
    page = visit()
    verdicts = page.locator(".verdicts li")
    expect(verdicts.nth(0)).to_contain_text("send")

    press(page, "Send Basket reminder")

    expect(verdicts.nth(0)).to_contain_text("suppress CAP_REACHED")
    expect(verdicts.nth(0)).to_contain_text("4 of 4")
    expect(verdicts.nth(0)).to_contain_text("Free again")
    expect(verdicts.nth(1)).to_contain_text("defer")
    expect(verdicts.nth(1)).to_contain_text("Ask again")
    expect(verdicts.nth(2)).to_contain_text("send")
    expect(happened(page, "Sent: Still in your basket")).to_be_visible()
    message(page, "Still in your basket")
    expect(mail(page).get_by_role("heading", name="Still in your basket")).to_be_visible()


def test_unsubscribing_is_obeyed_by_the_next_decision(visit: MakePage) -> None:
    page = visit()
    message(page, "The kiln sale is on")

    with page.expect_popup() as opened:
        mail(page).get_by_role("link", name="Unsubscribe").click()
    opened.value.get_by_role("button", name="Unsubscribe").click()

    expect(opened.value.get_by_role("heading")).to_have_text("You are unsubscribed")
    expect(page.locator(".verdicts li").nth(0)).to_contain_text("suppress")
    expect(page.locator(".verdicts li").nth(1)).to_contain_text("send")
    expect(happened(page, "Unsubscribed")).to_be_visible()


def test_people_proxies_and_machines_look_different_and_say_what_they_are(visit: MakePage) -> None:
    page = visit()

    for name in ("Apple’s prefetch", "Gmail’s proxy", "a scanner"):
        press(page, name)

    shown = happened(page, "Greeting showed “gold”")
    expect(shown.and_(page.locator(".people"))).to_contain_text("By a browser")
    expect(shown.and_(page.locator(".proxy"))).to_contain_text("Gmail’s image proxy, for a reader")
    apple = page.locator(".events li.machine").filter(has_text="Apple")
    expect(apple.first).to_contain_text("nobody opened")
    scanned = page.locator(".events li.machine").filter(has_text="scanner Clicked")
    expect(scanned.first).to_contain_text("/demo/shop/")


def test_a_private_customer_is_counted_and_never_named(visit: MakePage, demo: Deployment) -> None:
    page = visit("/demo/noor/")

    expect(happened(page, "Greeting showed “arabic”")).to_be_visible()

    impressions = demo.recorded(type="impression")
    assert impressions
    assert not [one for one in impressions if one.get("customer_id") == "demo-noor"]

    page.get_by_label("May be recorded").select_option("off")
    press(page, "Save and open again")
    picture(page)
    page.wait_for_timeout(1_500)
    assert len(demo.recorded(type="impression")) == len(impressions)


def test_what_cannot_be_is_told_at_the_field_and_changes_nothing(visit: MakePage) -> None:
    # Chromium notes a 422 in the console like a fault of the page.
    page = visit(may_complain="422")

    page.get_by_label("Points").fill("many")
    press(page, "Save and open again")

    expect(page.get_by_role("alert")).to_have_text("Points are a whole number from 0 to 100000.")
    expect(page.get_by_label("Points")).to_have_value("many")
    expect(page.get_by_label("Points")).to_have_attribute("aria-invalid", "true")


def test_news_comes_in_among_what_is_there(visit: MakePage) -> None:
    page = visit()
    first = happened(page, "Added to cart: Rust teapot")
    first.evaluate("one => one.wasHere = true")

    press(page, "Apple’s prefetch")
    expect(page.locator(".events li.machine")).to_have_count(2)

    assert first.evaluate("one => one.wasHere") is True
    times = page.locator(".events time").evaluate_all("all => all.map(one => one.dateTime)")
    assert times == sorted(times, reverse=True)


def test_a_store_that_is_away_is_said_where_the_reader_looks(visit: MakePage, demo: Deployment) -> None:
    page = visit(may_complain="503")
    demo.valkey.kill()
    try:
        press(page, "Switch to silver")
        expect(page.get_by_role("status")).to_contain_text("Redis does not answer")
        expect(page.get_by_label("Tier")).to_have_value("gold")
    finally:
        demo.valkey.start()
    make.wait_until(lambda: fetched(demo, "/demo/") == 200)

    press(page, "Switch to silver")
    expect(page.get_by_label("Tier")).to_have_value("silver")


def test_starting_over_asks_once_and_begins_again(visit: MakePage) -> None:
    page = visit()
    press(page, "Switch to silver")
    expect(page.get_by_label("Tier")).to_have_value("silver")

    page.on("dialog", lambda dialog: dialog.accept())
    press(page, "Start over")

    expect(page.get_by_label("Tier")).to_have_value("gold")
    expect(page.locator(".rows a")).to_have_count(3)


def test_everything_can_be_done_by_keyboard_and_the_focus_is_seen(visit: MakePage) -> None:
    page = visit()
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.id") == "try-1":
            break

    assert page.evaluate("document.activeElement.id") == "try-1"
    assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    page.keyboard.press("Enter")
    expect(page.get_by_label("Tier")).to_have_value("silver")
    assert page.evaluate("document.activeElement.id") == "try-1"

    page.locator("#send-demo-basket").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#h-next")).to_be_focused()


def test_without_script_the_forms_work_all_the_same(visit: MakePage) -> None:
    page = visit(java_script_enabled=False)

    press(page, "Switch to silver")

    assert page.locator("#tier option[selected]").inner_text() == "silver"


@pytest.mark.parametrize("width", [360, 820, 1440])
@pytest.mark.parametrize("key", ["ana", "noor"])
def test_nothing_scrolls_sideways_with_a_name_of_sixty_letters(key: str, width: int, visit: MakePage) -> None:
    page = visit(f"/demo/{key}/", width=width)
    page.get_by_label("First name").fill(LONG)
    press(page, "Save and open again")
    expect(happened(page, "Greeting showed")).to_have_count(2)

    assert not is_too_wide(page)
    page.wait_for_timeout(1_500)
    assert not is_too_wide(page)
    assert not mail(page).locator("body").evaluate("one => one.scrollWidth > innerWidth && innerWidth > 0")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("path", ["/demo/", "/demo/noor/", "/demo/shop/basket/teapot", "/docs"])
def test_nothing_keeps_people_out(path: str, scheme: Any, visit: MakePage) -> None:
    from axe_playwright_python.sync_playwright import Axe

    page = visit(path, color_scheme=scheme, bypass_csp=True)
    if path.startswith("/demo/") and "shop" not in path:
        press(page, "Send Basket reminder")
        press(page, "Apple’s prefetch")
        expect(page.locator(".events li.machine").first).to_be_visible()

    report = Axe().run(page)

    assert report.violations_count == 0, report.generate_report()
