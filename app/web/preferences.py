"""/u/<token>: the page with one button, and the one-click unsubscribe of mail programs (RFC 8058).

GET and HEAD change nothing: scanners follow every link. POST needs no cookie, no key and no further
step, answers 200 the first time and every time, and never redirects.
"""

from datetime import UTC, datetime

from flask import Flask, Response, request

from app.domain.opener import USER_AGENT_MAX, Client
from app.domain.tokens import BadToken
from app.flows.unsubscribing import Wish, read_wish, unsubscribe
from app.flows.visiting import Ask
from app.stores.absence import Unavailable
from app.stores.hot.spool import SpoolFull
from app.web.client_address import client_ip
from app.web.edge import VALUE_MAX, new_id
from app.web.pages import page
from app.wiring import House

BODY_MAX = 4_096
TEMPLATE = "unsubscribe.html"


def install(app: Flask, house: House) -> None:
    """Add the address."""

    def preferences(token: str) -> Response:
        ask = _ask(token, house)
        try:
            wish = read_wish(ask, house.front)
        except BadToken:
            wish = None
        if wish is None:
            return _nowhere()
        if request.method != "POST":
            return _question(wish)
        # Whatever the body says, a POST here asks for one thing; a giant one is not read to its end.
        request.stream.read(BODY_MAX)
        return _carried_out(ask, wish, house)

    app.add_url_rule("/u/<token>", view_func=preferences, methods=["GET", "POST"])


def _ask(token: str, house: House) -> Ask:
    now = datetime.now(UTC)
    client = Client(
        method=request.method,
        user_agent=request.headers.get("User-Agent", "")[:USER_AGENT_MAX],
        ip=client_ip(request.environ, house.settings.trusted_proxies),
    )
    customer_key, send_key = request.args.get("c", "")[:VALUE_MAX], request.args.get("t", "")[:VALUE_MAX]
    return Ask(token, client, now, new_id(now), customer_key, send_key)


def _question(wish: Wish) -> Response:
    lines = [
        _promise(wish),
        "Receipts and other messages about something you ordered may still come.",
    ]
    return page(TEMPLATE, heading=f"Unsubscribe from {wish.label}?", lines=lines, button="Unsubscribe")


def _carried_out(ask: Ask, wish: Wish, house: House) -> Response:
    try:
        outcome = unsubscribe(ask, wish, house.hot, house.spool)
    except (Unavailable, SpoolFull):
        lines = [
            "Your wish could not be kept just now, and nothing has changed.",
            "Please press the button again in a minute.",
        ]
        answer = page(TEMPLATE, 503, heading="That did not work", lines=lines, button="Try again")
        answer.headers["Retry-After"] = "60"
        return answer
    lines = [f"{_promise(wish)} You can close this page."]
    if outcome == "kept":
        lines.append("It takes effect within a few minutes.")
    return page(TEMPLATE, heading="You are unsubscribed", lines=lines, button="")


def _promise(wish: Wish) -> str:
    if wish.scope.startswith("topic:"):
        return f"You will no longer be sent “{wish.label}”."
    return f"You will no longer be sent news and offers by {wish.label}."


def _nowhere() -> Response:
    lines = [
        "It is damaged, or was made for somebody else.",
        "Please use the link in the newest message you were sent.",
    ]
    return page(TEMPLATE, 404, heading="This link leads nowhere", lines=lines, button="")
