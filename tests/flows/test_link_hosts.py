"""A click arrives only at hosts that the settings name, whatever was saved, shown or wrapped before."""

from app.domain.tokens import Kind
from app.flows.wrapping import Wrapping, wrap
from app.stores.cold.engine import Cold
from app.stores.hot.published import publish
from tests import make
from tests.desk import Desk
from tests.flows.test_wrapping import BASE_URL, Desktop

ELSEWHERE = "https://elsewhere.example/"


def test_a_block_whose_link_leads_elsewhere_leads_to_its_fallbacks_link(desk: Desk) -> None:
    desk.publish(fallback={"creative": make.creative("x"), "link": "https://eu.shop.example/"})
    desk.save(tier="gold")
    desk.front.gallery.link_hosts = ("*.shop.example",)

    assert desk.click().url == "https://eu.shop.example/"
    assert desk.events()[-1].url == "https://eu.shop.example/"


def test_what_a_picture_promised_holds_no_longer_than_its_host_is_allowed(desk: Desk) -> None:
    variant = {"id": "all", "creative": make.creative("x"), "link": ELSEWHERE}
    desk.publish(variants=[variant])
    desk.save()
    desk.open()

    before = desk.click()
    desk.front.gallery.link_hosts = ("shop.example",)
    after = desk.click()

    assert (before.url, before.why) == (ELSEWHERE, "as_shown")
    assert (after.url, after.why) == ("https://shop.example/", "as_shown")


def test_without_any_link_to_an_allowed_host_a_click_leads_nowhere(desk: Desk) -> None:
    desk.save(tier="gold")
    desk.open()
    desk.front.gallery.link_hosts = ("other.example",)

    assert desk.click().url is None


def test_a_messages_link_to_a_host_that_is_allowed_no_more_leads_nowhere(desk: Desk) -> None:
    publish(desk.hot, "l:spring", {"links": {"3": "https://shop.example/lamps", "4": ELSEWHERE}})
    desk.front.gallery.link_hosts = ("shop.example",)

    assert desk.click(desk.token(Kind.LINK, "3")).url == "https://shop.example/lamps"
    assert desk.click(desk.token(Kind.LINK, "4")).url is None


def test_an_email_keeps_links_to_other_hosts_as_they_are_and_its_author_is_told(
    cold: Cold, desk: Desk
) -> None:
    Desktop(cold, desk)
    desk.front.gallery.link_hosts = ("shop.example",)
    html = f'<a href="https://shop.example/a">A</a>\n<a href="{ELSEWHERE}">B</a>'

    made = wrap(
        cold,
        desk.hot,
        desk.front,
        BASE_URL,
        "spring",
        Wrapping(html, touch_id="t-1", customer_id="ana"),
        now=make.NOW,
    )

    assert f'<a href="{ELSEWHERE}">B</a>' in made["html"]
    assert [link["url"] for link in made["links"]] == ["https://shop.example/a"]
    assert made["left"] == [{"href": ELSEWHERE, "why": "other_host", "places": 1, "line": 2}]
    warning = next(one for one in made["warnings"] if one["code"] == "other_host")
    assert warning["line"] == 2
    assert "LINK_HOSTS does not name 'elsewhere.example'" in warning["detail"]
