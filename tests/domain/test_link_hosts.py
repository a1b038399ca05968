"""LINK_HOSTS: where a deployment names hosts, links lead to no other."""

import pytest

from app.domain.catalogs.items import item_problems
from app.domain.email_html.hrefs import Left, judge
from app.domain.link_hosts import host_fault, link_problems
from app.domain.links import BadLink, compile_link, render_link
from tests import make

HOSTS = ("shop.example", "*.cdn.example")


@pytest.mark.parametrize(
    ("url", "is_good"),
    [
        ("https://shop.example/", True),
        ("http://SHOP.example:8080/a?b#c", True),
        ("https://eu.cdn.example/", True),
        ("https://cdn.example/", False),
        ("https://shop.example.evil.example/", False),
        ("https://evilshop.example/", False),
        ("https://shop.example./", False),
        ("https://evil.example/shop.example", False),
        ("https://evil.example#@shop.example/", False),
        ("https://evil.example?@shop.example/", False),
        ("https://[::1]/", False),
        ("https://[", False),
        ("shop.example", False),
    ],
)
def test_a_host_is_named_or_below_a_name_with_a_star(url: str, is_good: bool) -> None:
    assert (host_fault(url, HOSTS) is None) is is_good
    assert host_fault(url, ()) is None


def test_every_link_of_a_block_is_found_and_none_of_a_picture() -> None:
    elsewhere = "https://evil.example/{{ customer.points }}"
    looks_like_one = {"kind": "text", "params": {"text": "x", "link": elsewhere}}
    block = make.block(
        variants=[
            {"id": "a", "creative": looks_like_one, "link": "https://shop.example/?x={{ customer.points }}"},
            {"id": "b", "creative": looks_like_one, "link": elsewhere},
            {"id": "c", "split": [{"id": "x", "creative": looks_like_one, "link": elsewhere}]},
            {"id": "d", "creative": looks_like_one, "link": "{{ item.url }}"},
        ],
        fallback={"creative": looks_like_one, "link": elsewhere},
    )

    assert [one.pointer for one in link_problems(block, HOSTS)] == [
        "/variants/1/link",
        "/variants/2/split/0/link",
        "/fallback/link",
    ]
    assert link_problems(block, HOSTS)[0].detail == "LINK_HOSTS does not name 'evil.example'"
    assert link_problems(block, ()) == []


def test_a_rendered_link_is_held_against_the_hosts() -> None:
    link = compile_link("{{ item.url }}?c={{ customer.points }}")

    url = render_link(link, {"item": {"url": "https://eu.cdn.example/mug"}}, hosts=HOSTS)

    assert url == "https://eu.cdn.example/mug?c="
    with pytest.raises(BadLink, match="LINK_HOSTS"):
        render_link(link, {"item": {"url": "https://evil.example/mug"}}, hosts=HOSTS)


def test_an_item_leads_to_a_named_host_or_is_refused() -> None:
    item = {"item_id": "mug", "title": "Mug", "url": "https://evil.example/"}

    assert [one.pointer for one in item_problems(item, link_hosts=HOSTS)] == ["/url"]
    assert item_problems(item) == []
    assert item_problems({**item, "url": "https://shop.example/mug"}, link_hosts=HOSTS) == []


def test_a_link_of_an_email_to_another_host_is_left_alone() -> None:
    assert judge("https://evil.example/", HOSTS).left is Left.OTHER_HOST
    assert judge("https://shop.example/", HOSTS).left is None
    assert judge("https://evil.example/").left is None
