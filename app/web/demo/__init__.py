"""/demo/: an inbox to open the demo's messages in, and what a visitor may do there.

It needs no key, so it acts on the demo's own customers only, exists only where the demo was loaded,
and takes a POST only from its own pages. Every state of it is an address; forms work without script.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from flask import Flask, request, url_for
from werkzeug import Response
from werkzeug.utils import redirect

from app.demo import changing, contents, loading, machines, mailing, sending
from app.demo.contents import Person
from app.demo.inbox import Arrived, is_new, read
from app.domain.problems import Invalid, NotFound
from app.flows import customers
from app.web.demo.origins import refuse_strangers
from app.web.demo.screen import Screen, email_response, inbox_page, shop_page
from app.web.edge import new_id
from app.wiring import House

FORM_MAX = 8_192
WAIT_S, PAUSE_S = 3.0, 0.05
NO_DEMO = "There is no demo here: `mailtide run` loads it, and MAILTIDE_DEMO=1 where it is asked for."


def install(app: Flask, house: House) -> None:
    """Add every address of the demo."""
    desk = _Desk(house)
    gets: Mapping[str, Callable[..., Response]] = {
        "/demo/": desk.first,
        "/demo/<key>/": desk.inbox,
        "/demo/<key>/<touch_id>": desk.message,
        "/demo/<key>/<touch_id>/email": desk.email,
        "/demo/shop/<path:page>": desk.shop,
        "/demo/pictures/<name>.png": desk.picture,
    }
    posts: Mapping[str, Callable[..., Response]] = {
        "/demo/start-over": desk.start_over,
        "/demo/<key>/<touch_id>/change": desk.change,
        "/demo/<key>/<touch_id>/open-as": desk.open_as,
        "/demo/<key>/<touch_id>/send": desk.send,
    }
    for rule, view in gets.items():
        app.add_url_rule(rule, endpoint=f"demo_{view.__name__}", view_func=view)
    for rule, view in posts.items():
        app.add_url_rule(rule, endpoint=f"demo_{view.__name__}", view_func=view, methods=["POST"])


@dataclass(frozen=True, slots=True)
class _Desk:
    """The demo's addresses, of one house."""

    house: House

    def first(self) -> Response:
        self._require()
        return self._shown(next(iter(contents.people().values())))

    def inbox(self, key: str) -> Response:
        return self._shown(self._person(key))

    def message(self, key: str, touch_id: str) -> Response:
        return self._shown(self._person(key), touch_id)

    def email(self, key: str, touch_id: str) -> Response:
        arrived = self._arrived(key, touch_id)
        return email_response(
            mailing.html_of(self.house, arrived, now=datetime.now(UTC)), self.house.settings.base_url
        )

    def shop(self, page: str) -> Response:
        self._require()
        return shop_page(page, request.args)

    def picture(self, name: str) -> Response:
        self._require()
        content = self.house.snapshot.asset(f"demo-{name}")
        if content is None:
            raise NotFound("The demo has no such picture.")
        return Response(content, mimetype="image/png", headers={"Cache-Control": "public, max-age=3600"})

    def change(self, key: str, touch_id: str) -> Response:
        person, form, now = self._posted(key)
        change = changing.read_change(form)
        if change.faults:
            return self._shown(person, touch_id, faults=change.faults, sent=form)
        try:
            changing.carry_out(self.house, person, change, now=now, new_id=lambda: new_id(now))
        except Invalid as wrong:
            faults = {one.pointer.rpartition("/")[2]: one.detail for one in wrong.problems}
            return self._shown(person, touch_id, faults=faults, sent=form)
        return self._back(key, touch_id)

    def open_as(self, key: str, touch_id: str) -> Response:
        _, form, now = self._posted(key)
        arrived = self._arrived(key, touch_id)
        machine = machines.MACHINES.get(form.get("machine", ""))
        if machine is None:
            raise Invalid.at("/machine", f"is one of {', '.join(machines.MACHINES)}")
        machines.fetch_as(self.house, machine, arrived, now=now, new_id=lambda: new_id(now))
        return self._back(key, touch_id)

    def send(self, key: str, touch_id: str) -> Response:
        person, form, now = self._posted(key)
        letter = contents.letters().get(form.get("message", ""))
        if letter is None or letter.message_id not in contents.NEXT:
            raise Invalid.at("/message", f"is one of {', '.join(contents.NEXT)}")
        sending.send(self.house, person, letter, now=now, new_id=lambda: new_id(now))
        return self._back(key, touch_id)

    def start_over(self) -> Response:
        self._require()
        refuse_strangers(request)
        now = datetime.now(UTC)
        loading.start_over(self.house, now=now)
        self._wait_for_sql(now)
        return redirect(url_for("demo_first"), 303)

    def _require(self) -> None:
        if not loading.is_loaded(self.house.snapshot):
            raise NotFound(
                "There is no demo here. `mailtide run` loads it, or MAILTIDE_DEMO=1 where it is asked for."
            )

    def _person(self, key: str) -> Person:
        self._require()
        person = contents.people().get(key)
        if person is None:
            raise NotFound(f"The demo has the customers {', '.join(contents.people())}.")
        return person

    def _posted(self, key: str) -> tuple[Person, Mapping[str, str], datetime]:
        person = self._person(key)
        refuse_strangers(request)
        request.max_content_length = FORM_MAX
        return person, request.form, datetime.now(UTC)

    def _arrived(self, key: str, touch_id: str) -> Arrived:
        person = self._person(key)
        customer = customers.fetch(self.house.hot, person.customer_id)
        arrived = read(self.house, person, customer.tracking).find(touch_id)
        if arrived is None:
            raise NotFound("There is no such message in this inbox: it was started over, perhaps.")
        return arrived

    def _shown(
        self,
        person: Person,
        touch_id: str = "",
        *,
        faults: Mapping[str, str] | None = None,
        sent: Mapping[str, str] | None = None,
    ) -> Response:
        now = datetime.now(UTC)
        customer = customers.fetch(self.house.hot, person.customer_id)
        found = read(self.house, person, customer.tracking)
        return inbox_page(
            Screen(
                person=person,
                customer=customer,
                inbox=found,
                arrived=found.find(touch_id) or found.first(),
                outlook=sending.outlook(self.house, person, now=now),
                names=self._names(),
                faults=faults or {},
                sent=sent or {},
            ),
            self.house.settings.base_url,
        )

    def _names(self) -> dict[str, str]:
        """What the blocks are called, by id."""
        ids = {one for letter in contents.letters().values() for one in letter.message["blocks"]}
        return {one: block.name for one in ids if (block := self.house.snapshot.block(one))}

    def _wait_for_sql(self, since: datetime) -> None:
        """Until the recorder has brought the new life, or so long that the page had better say so."""
        end_s = time.monotonic() + WAIT_S
        while time.monotonic() < end_s and not all(
            is_new(self.house, person, since) for person in contents.people().values()
        ):
            time.sleep(PAUSE_S)

    def _back(self, key: str, touch_id: str) -> Response:
        # After a POST the browser asks for the page anew: going back and reloading send nothing twice.
        return redirect(url_for("demo_message", key=key, touch_id=touch_id), 303)
