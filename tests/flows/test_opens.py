"""The open: every way it can be asked for has its picture, and only what happened is recorded."""

import io
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image as Pictures

from app.domain.events import EventType
from app.domain.opener import Client, OpenerClass
from app.domain.tokens import Keyring, Kind, Ticket
from app.stores.hot.published import publish
from renderers import Image
from tests import make
from tests.desk import Desk, front_on


def drawn(image: Image) -> tuple[int, int]:
    with Pictures.open(io.BytesIO(image.data)) as picture:
        picture.load()
        return picture.size


def test_a_known_customer_sees_what_is_true_now(desk: Desk) -> None:
    desk.save(tier="silver", first_name="Ana", points=420)
    before = desk.open()

    desk.save(tier="gold")
    after = desk.open()

    assert (before.why, after.why) == ("no_rule_held", "rule_held")
    assert before.image.data != after.image.data
    assert drawn(after.image) == (300, 100)


def test_the_picture_changes_with_the_values_in_it(desk: Desk) -> None:
    desk.save(tier="gold", first_name="Ana", points=420)
    before = desk.open()

    desk.save(points=421)

    assert desk.open().image.data != before.image.data


def test_an_open_is_recorded_with_what_was_shown_and_who_asked(desk: Desk) -> None:
    desk.save(tier="gold")

    desk.open(client=Client(user_agent=make.GMAIL, ip="203.0.113.9"))

    [event] = desk.events()
    assert (event.type, event.customer_id, event.touch_id) == (EventType.IMPRESSION, "ana", "t-1")
    assert (event.message_id, event.block_id, event.variant, event.why) == (
        "spring",
        "hero",
        "gold",
        "rule_held",
    )
    assert event.opener is not None
    assert event.opener.opener_class is OpenerClass.PROXY
    assert dict(event.details) == {
        "user_agent": make.GMAIL,
        "ip": "203.0.113.9",
        "chosen": {"version": 1, "read": {"customer.tier": "gold"}},
    }


def test_a_forged_token_shows_a_blank_and_records_nothing(desk: Desk) -> None:
    forged = Keyring(["another-secret-of-thirty-two-chars"]).sign(
        Ticket(Kind.IMAGE, "spring", "hero", "ana", "t-1")
    )

    shown = desk.open(forged)

    assert shown.why == "forged_token"
    assert drawn(shown.image) == (1, 1)
    assert desk.events() == []


@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.text(max_size=200))
def test_a_random_token_shows_a_blank(desk: Desk, token: str) -> None:
    assert desk.open(token or "x").why == "forged_token"


def test_a_pixels_token_opens_no_image(desk: Desk) -> None:
    assert desk.open(desk.token(Kind.PIXEL)).why == "forged_token"


def test_a_block_published_a_moment_ago_by_another_process_is_shown(desk: Desk) -> None:
    publish(desk.hot, "b:new", {"version": 1, "recalled": False, "document": make.block()})

    shown = desk.open(desk.token(subject="new"))

    assert shown.why == "unknown_customer"
    assert drawn(shown.image) == (300, 100)


def test_an_unknown_block_shows_a_blank(desk: Desk) -> None:
    shown = desk.open(desk.token(subject="gone"))

    assert shown.why == "unknown_block"
    assert drawn(shown.image) == (1, 1)
    assert desk.events() == []


def test_an_unknown_customer_sees_the_fallback(desk: Desk) -> None:
    shown = desk.open()

    assert shown.why == "unknown_customer"
    assert drawn(shown.image) == (300, 100)
    assert [event.variant for event in desk.events()] == ["fallback"]


def test_a_recalled_block_shows_its_fallback_to_everybody(desk: Desk) -> None:
    desk.save(tier="gold")
    desk.open()

    desk.publish(version=2, is_recalled=True)

    assert desk.open().why == "recalled"
    assert desk.click().url == "https://shop.example/"


def test_a_probe_gets_the_picture_and_leaves_no_trace(desk: Desk) -> None:
    desk.save(tier="gold")

    shown = desk.open(client=Client(method="HEAD", user_agent=make.CHROME))

    assert shown.why == "rule_held"
    assert desk.events() == []
    assert desk.hot.client.exists(desk.hot.keys.history("ana")) == 0


def test_merge_fields_name_the_customer_and_the_touch(desk: Desk) -> None:
    desk.save(tier="gold")
    block_token = desk.token(customer_id="", touch_id="", sent_at=None)

    shown = desk.open(block_token, customer_key=desk.front.keyring.customer_key("ana"), send_key="t-77")

    assert shown.why == "rule_held"
    assert [(event.customer_id, event.touch_id) for event in desk.events()] == [("ana", "t-77")]


@pytest.mark.parametrize("key", ["", "*|MAILTIDE|*", "ana", "AAAA", "%%key%%"])
def test_a_merge_field_that_proves_nothing_shows_the_fallback(desk: Desk, key: str) -> None:
    desk.save(tier="gold")
    block_token = desk.token(customer_id="", touch_id="", sent_at=None)

    shown = desk.open(block_token, customer_key=key, send_key="t-77")
    desk.click(desk.token(Kind.BLOCK_LINK, customer_id="", touch_id=""), customer_key=key, send_key="t-77")
    desk.pixel(customer_id="", touch_id="", customer_key=key, send_key="t-77")

    assert shown.why == "unknown_customer"
    # Whoever knows an id neither opens nor clicks as somebody else.
    assert [event.customer_id for event in desk.events()] == [None, None, None]
    assert desk.hot.client.exists(desk.hot.keys.history("ana")) == 0


def test_a_touch_the_platform_did_not_name_shows_the_fallback(desk: Desk) -> None:
    desk.save(tier="gold")
    block_token = desk.token(customer_id="", touch_id="", sent_at=None)

    shown = desk.open(block_token, customer_key=desk.front.keyring.customer_key("ana"), send_key="*|UNIQID|*")

    assert shown.why == "unknown_touch"


def test_a_block_open_to_raw_ids_shows_only_what_is_not_personal(desk: Desk) -> None:
    public = {"id": "public", "creative": make.creative("For everyone"), "personal": False}
    personal = {
        "id": "own",
        "when": {"customer.tier": "gold"},
        "creative": make.creative("{{ customer.points }}"),
    }
    desk.publish(version=2, allow_unsigned=True, variants=[personal, public])
    desk.save(tier="gold")
    block_token = desk.token(customer_id="", touch_id="", sent_at=None)

    desk.open(block_token, customer_key="ana", send_key="t-1")
    desk.open(block_token, customer_key=desk.front.keyring.customer_key("ana"), send_key="t-1")

    assert [event.variant for event in desk.events()] == ["public", "own"]


def test_a_sticky_block_keeps_the_first_choice_of_its_touch(desk: Desk) -> None:
    desk.publish(version=2, sticky={"per": "touch"})
    desk.save(tier="silver")
    first = desk.open()

    desk.save(tier="gold")
    again = desk.open()
    other_touch = desk.open(desk.token(touch_id="t-2"))

    assert (first.why, again.why, other_touch.why) == ("no_rule_held", "sticky", "rule_held")
    assert [event.variant for event in desk.events()] == ["fallback", "fallback", "gold"]


def test_a_variant_is_shown_only_between_its_times(desk: Desk) -> None:
    until = (make.NOW + timedelta(hours=1)).isoformat()
    desk.publish(
        version=2, variants=[{"id": "today", "until": until, "creative": make.creative("Today only")}]
    )
    desk.save()

    assert desk.open().why == "rule_held"
    assert desk.open(now=make.NOW + timedelta(hours=2)).why == "no_rule_held"


def test_a_picture_that_cannot_be_drawn_falls_back(desk: Desk) -> None:
    creative = {"kind": "countdown", "params": {"deadline": "{{ customer.deadline }}"}}
    desk.publish(
        version=2, variants=[{"id": "timer", "creative": creative, "link": "https://shop.example/timer"}]
    )
    desk.save(deadline="not a date")

    shown = desk.open()

    assert shown.why == "cannot_render"
    assert drawn(shown.image) == (300, 100)
    assert desk.click().url == "https://shop.example/"


@pytest.mark.parametrize(
    "name", ["{{ customer.id }}", "\u202eevil", "a\x00b\x07", "👩‍👩‍👧 نور", "W" * 3_000, "<script>"]
)
def test_hostile_names_neither_break_nor_leak(desk: Desk, name: str) -> None:
    desk.save(tier="gold", first_name=name.replace("\x00", ""))

    shown = desk.open()

    assert shown.why in ("rule_held", "cannot_render")
    assert drawn(shown.image) == (300, 100)


def test_tracking_off_shows_the_picture_and_stores_nothing(desk: Desk) -> None:
    desk.save(tier="gold", tracking="off")

    assert desk.open().why == "rule_held"
    assert desk.pixel().why == "pixel"
    assert desk.click().url == "https://shop.example/gold?c="
    assert desk.events() == []
    assert desk.hot.client.exists(desk.hot.keys.history("ana")) == 0


def test_anonymous_counts_without_a_customer(desk: Desk) -> None:
    desk.save(tier="gold", tracking="anonymous")

    desk.open()

    [event] = desk.events()
    assert (event.customer_id, event.touch_id, dict(event.details)) == (None, None, {})


def test_below_full_neither_address_nor_device_is_stored(desk: Desk) -> None:
    desk.save(tier="gold", tracking="identified")

    desk.open()

    [event] = desk.events()
    chosen = {"version": 1, "withheld": ["customer.tier"]}
    assert (event.customer_id, dict(event.details)) == ("ana", {"chosen": chosen})


def test_the_pixel_is_an_impression_of_the_touch(desk: Desk) -> None:
    desk.save()

    shown = desk.pixel()

    [event] = desk.events()
    assert shown.image.mimetype == "image/gif"
    assert (event.type, event.touch_id, event.block_id) == (EventType.IMPRESSION, "t-1", None)


def test_an_identical_picture_is_drawn_once(desk: Desk) -> None:
    desk.save(tier="gold", points=1)

    for _ in range(5):
        desk.open()

    assert (desk.front.gallery.misses, desk.front.gallery.hits) == (1, 4)


def test_a_new_publication_never_shows_an_old_picture(desk: Desk) -> None:
    before = desk.open()

    desk.publish(
        version=2, fallback={"creative": make.creative("Autumn is here"), "link": "https://shop.example/"}
    )

    assert desk.open().image.data != before.image.data


def test_a_restarted_process_answers_from_its_disk_copy(desk: Desk, tmp_path) -> None:
    from app.stores.hot.server import connect

    nowhere = connect("unix:///nonexistent/valkey.sock", partitions=16)
    restarted = Desk(nowhere, desk.spool, front_on(nowhere, tmp_path / "published.json"))

    shown = restarted.open()

    assert shown.why == "state_unavailable"
    assert drawn(shown.image) == (300, 100)


def test_a_broken_publication_leaves_the_last_good_one_in_force(desk: Desk) -> None:
    desk.hot.scripts.call(
        "publish",
        ["published", "published:rev", "published:changes"],
        ["b:hero", b'{"version": 2, "document": {}}'],
    )

    desk.front.snapshot.refresh()

    assert desk.open().why == "unknown_customer"
