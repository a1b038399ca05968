"""The demo is put into a house, and can be started over; what is there already stays."""

import hashlib
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from app.demo import contents, mailing, sending
from app.demo.contents import PRODUCTS, Person
from app.demo.pictures import pictures
from app.domain.problems import NotFound
from app.flows import customers, messages, policies, publishing, uploading
from app.flows.addressing import Reader
from app.flows.customers import Doing, Saying
from app.stores.cold import assets
from app.stores.hot.published import Snapshot
from app.wiring import House

BY = "the demo"

NewId = Callable[[], str]


def load(house: House, *, now: datetime) -> None:
    """Put the demo in; told again, only what is missing or was changed in the files is written.

    Raises Unavailable when a store is away; told again later, it goes on where it stopped.
    """
    _put_pictures(house, now)
    _put_blocks(house, now)
    _put_messages(house, now)
    _put_policy(house, now)
    house.snapshot.refresh()
    new_id = _ids(now)
    for person in contents.people().values():
        if not _is_known(house, person):
            _put_person(house, person, now, new_id)


def start_over(house: House, *, now: datetime) -> None:
    """Forget everything about the four customers and begin their lives again. Raises Unavailable."""
    new_id = _ids(now)
    for person in contents.people().values():
        customers.erase(house.hot, person.customer_id, now=now, event_id=new_id())
    # A moment later, or SQL would take the new life for part of what it is to forget.
    after = now + timedelta(milliseconds=1)
    for person in contents.people().values():
        _put_person(house, person, after, new_id)


def is_loaded(snapshot: Snapshot) -> bool:
    """Whether this house has the demo, as this process knows it."""
    # Revisions are taken in order: who knows the last message's links knows everything before them.
    last = list(contents.letters())[-1]
    return snapshot.link(last, "1") is not None


def _put_pictures(house: House, now: datetime) -> None:
    for name, content in pictures().items():
        with house.cold.reading() as connection:
            held = assets.fetch(connection, name)
        if held is None or held.sha256 != hashlib.sha256(content).hexdigest():
            uploading.upload(house.cold, house.hot, name, content, now=now)


def _put_blocks(house: House, now: datetime) -> None:
    for block_id, document in contents.blocks(house.settings.base_url).items():
        if _draft_of(house, block_id) != document:
            publishing.save_draft(house.cold, block_id, document, now=now, by=BY, expected=None)
            publishing.publish_draft(
                house.cold, house.hot, block_id, now=now, by=BY, note="the demo", expected=None
            )


def _draft_of(house: House, block_id: str) -> Mapping[str, Any] | None:
    try:
        draft = publishing.fetch(house.cold, block_id)
    except NotFound:
        return None
    return draft.document if draft.published_version is not None else None


def _put_messages(house: House, now: datetime) -> None:
    for letter in contents.letters().values():
        try:
            messages.fetch(house.cold, letter.message_id)
        except NotFound:
            messages.save(house.cold, house.hot, letter.message_id, letter.message, now=now, expected=None)
        # Its links are numbered and out before anybody can click one.
        mailing.wrapped(house, letter, Reader(letter.message_id, "demo-nobody", "demo-first"), now=now)


def _put_policy(house: House, now: datetime) -> None:
    policy_id = house.settings.policy_id
    try:
        policies.fetch(house.cold, policy_id)
    except NotFound:
        # Whoever has a policy keeps it: the demo then shows what that one says.
        policies.save_draft(house.cold, policy_id, contents.policy(), now=now, by=BY, expected=None)
        policies.publish_draft(
            house.cold, house.hot, policy_id, now=now, by=BY, note="the demo", expected=None
        )


def _is_known(house: House, person: Person) -> bool:
    try:
        customers.fetch(house.hot, person.customer_id)
    except NotFound:
        return False
    return True


def _put_person(house: House, person: Person, now: datetime, new_id: NewId) -> None:
    ends_at = (now + timedelta(hours=person.sale_ends_h)).replace(microsecond=0)
    saying = Saying(
        person.customer_id,
        {**person.attributes, "sale_ends": ends_at.isoformat()},
        {
            "timezone": person.timezone,
            "locale": person.locale,
            "tracking": person.tracking,
            "channels": {"email": {"consent": True}},
        },
    )
    customers.replace(house.hot, saying, now=now, event_id=new_id())
    if person.cart:
        put_in_cart(house, person, person.cart, now=now, activity_id=new_id())
    sending.report_earlier(house, person, now=now, new_id=new_id)


def put_in_cart(house: House, person: Person, item_id: str, *, now: datetime, activity_id: str) -> None:
    """The customer puts one of the shop's products into her cart. Raises Unavailable."""
    doing = Doing(
        activity_id, person.customer_id, "added_to_cart", now, item_id, PRODUCTS[item_id].price, "EUR"
    )
    customers.take_activities(house.hot, [doing], now=now)


def _ids(now: datetime) -> NewId:
    numbers = count(1)
    return lambda: f"demo-{now:%Y%m%d%H%M%S%f}-{next(numbers):03}"
