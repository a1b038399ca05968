"""The report of one message keeps people, proxies and machines apart."""

from datetime import timedelta

from app.domain.events import Event, EventType
from app.domain.opener import Opener, OpenerClass
from app.stores.cold import events, messages, reports, touches
from app.stores.cold.engine import Cold
from app.stores.cold.reports import LinkReport, Openers
from app.stores.cold.touches import Touch, TouchState
from tests import make

SEEN, OPENED, CLICKED = EventType.IMPRESSION, EventType.OPEN, EventType.CLICK
GOLD, BASIC = "https://shop.example/gold", "https://shop.example/"


def by(opener_class: OpenerClass, event_type: EventType, touch_id: str, **fields: object) -> Event:
    opener = Opener(opener_class, "certain", "told")
    return make.event(event_type, message_id="spring", touch_id=touch_id, opener=opener, **fields)


def fill(cold: Cold) -> None:
    human, proxy, robot = OpenerClass.HUMAN, OpenerClass.PROXY, OpenerClass.SECURITY_SCANNER
    gold, basic = {"block_id": "hero", "variant": "gold"}, {"block_id": "hero", "variant": "fallback"}
    facts = [
        by(human, SEEN, "t-1", **gold, at=make.NOW - timedelta(hours=1)),
        by(human, SEEN, "t-1", **gold),
        by(human, OPENED, "t-1"),
        by(proxy, SEEN, "t-2", **basic),
        by(proxy, OPENED, "t-2"),
        by(robot, SEEN, "t-3", **gold),
        by(OpenerClass.UNKNOWN, SEEN, "t-3", **basic),
        by(OpenerClass.PROBE, SEEN, "t-3", **gold),
        by(human, CLICKED, "t-1", url=GOLD, **gold),
        by(human, CLICKED, "t-1", url=GOLD, **gold),
        by(human, CLICKED, "t-2", url=BASIC, at=make.NOW + timedelta(hours=1)),
        by(robot, CLICKED, "t-3", url=BASIC),
        make.event(SEEN, message_id="autumn"),
    ]
    sent = [
        Touch(touch_id=f"t-{n}", customer_id="ana", message_id="spring", changed_at=make.NOW) for n in (1, 2)
    ]
    held = Touch(
        touch_id="t-3", customer_id="bob", message_id="spring", changed_at=make.NOW, state=TouchState.RESERVED
    )
    with cold.writing() as connection:
        events.insert_once(connection, [events.row_of(fact) for fact in facts])
        touches.save_many(connection, [*sent, held])
        messages.save(connection, "spring", {}, now=make.NOW)
        messages.number_links(connection, "spring", ["https://shop.example/never"], now=make.NOW)


def test_a_message_is_summed_up(cold: Cold) -> None:
    fill(cold)

    with cold.reading() as connection:
        report = reports.message(connection, "spring")

    assert report is not None
    assert (report.touches_sent, report.touches_reserved) == (2, 1)
    assert report.impressions == Openers(human=2, proxy=1, machine=1, unknown=1)
    assert report.opens == Openers(human=1, proxy=1)
    assert report.clicks == Openers(human=3, machine=1)
    assert (report.unique_opens, report.unique_clicks) == (2, 2)
    assert report.first_at == make.NOW - timedelta(hours=1)
    assert report.last_at == make.NOW + timedelta(hours=1)


def test_customers_who_share_a_send_key_are_counted_each(cold: Cold) -> None:
    facts = [by(OpenerClass.HUMAN, OPENED, "send-1", customer_id=name) for name in ("ana", "bob", "ana")]
    with cold.writing() as connection:
        events.insert_once(connection, [events.row_of(fact) for fact in facts])
        messages.save(connection, "spring", {}, now=make.NOW)

        report = reports.message(connection, "spring")

    assert report is not None
    assert report.unique_opens == 2


def test_each_variant_has_its_views_and_clicks(cold: Cold) -> None:
    fill(cold)

    with cold.reading() as connection:
        report = reports.message(connection, "spring")

    assert report is not None
    assert [(one.block_id, one.variant, one.impressions, one.clicks) for one in report.variants] == [
        ("hero", "fallback", Openers(proxy=1, unknown=1), Openers()),
        ("hero", "gold", Openers(human=2, machine=1), Openers(human=2)),
    ]


def test_links_are_listed_by_the_people_who_followed_them_and_quiet_ones_last(cold: Cold) -> None:
    fill(cold)

    with cold.reading() as connection:
        report = reports.message(connection, "spring")

    assert report is not None
    assert report.links == [
        LinkReport(BASIC, Openers(human=1, machine=1), 1),
        LinkReport(GOLD, Openers(human=2), 1),
        LinkReport("https://shop.example/never", Openers(), 0),
    ]


def test_a_message_nobody_knows_has_no_report_and_a_saved_one_an_empty_one(cold: Cold) -> None:
    with cold.writing() as connection:
        messages.save(connection, "fresh", {}, now=make.NOW)

        unknown = reports.message(connection, "unknown")
        fresh = reports.message(connection, "fresh")

    assert unknown is None
    assert fresh is not None
    assert (fresh.touches_sent, fresh.impressions, fresh.first_at) == (0, Openers(), None)
