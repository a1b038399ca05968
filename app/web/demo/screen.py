"""The demo's pages: the inbox with its panels, an email, a page of the shop."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from werkzeug import Response

from app.demo import changing, contents, telling
from app.demo.contents import Person
from app.demo.inbox import Arrived, Inbox
from app.demo.machines import MACHINES
from app.demo.sending import Outlook
from app.domain.state import Customer, Tracking
from app.web.pages import HEADERS, page

LINES_MAX = 14


@dataclass(frozen=True, slots=True, kw_only=True)
class Screen:
    """Everything the inbox page shows; `faults` and `sent` are of a form that was refused."""

    person: Person
    customer: Customer
    inbox: Inbox
    arrived: Arrived | None
    outlook: Outlook
    names: Mapping[str, str]
    faults: Mapping[str, str]
    sent: Mapping[str, str]


def inbox_page(screen: Screen, base_url: str) -> Response:
    """The page; with status 422 where a form was refused."""
    answer = page(
        "demo/inbox.html",
        422 if screen.faults else 200,
        screen=screen,
        people=list(contents.people().values()),
        lines=[telling.told(event, screen.names) for event in screen.inbox.events[:LINES_MAX]],
        values=_values(screen),
        products=list(contents.PRODUCTS.values()),
        tiers=changing.TIERS,
        ends={name: words for name, (words, _) in changing.ENDS.items()},
        levels=[level.value for level in Tracking],
        machines=MACHINES,
        tries=changing.suggestions(screen.customer, screen.arrived),
    )
    # Scripts and frames of our own; a form's Origin must be sent, or it cannot be told from a stranger's.
    answer.headers["Content-Security-Policy"] = (
        "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src 'self' data:; "
        f"frame-src 'self' {_origin(base_url)}; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )
    answer.headers["Referrer-Policy"] = "same-origin"
    return answer


def email_response(html: str, base_url: str) -> Response:
    """An email for a frame: its own styles and our pictures, and nothing that runs."""
    # The visitor may have come by another name of this server than the addresses in mails have.
    near = html.replace(f'"{base_url}/', '"/')
    policy = (
        f"default-src 'none'; img-src 'self' {_origin(base_url)}; style-src 'unsafe-inline'; "
        "form-action 'none'; base-uri 'none'; frame-ancestors 'self'"
    )
    return Response(near, headers={**HEADERS, "Content-Security-Policy": policy}, mimetype="text/html")


def shop_page(place: str, query: Mapping[str, str]) -> Response:
    """Where the demo's links lead: a page of the shop, which says what it was told."""
    answer = page("demo/shop.html", place=place, query=query, products=contents.PRODUCTS)
    policy = HEADERS["Content-Security-Policy"].replace("frame-ancestors 'none'", "frame-ancestors *")
    answer.headers["Content-Security-Policy"] = policy
    return answer


def _values(screen: Screen) -> dict[str, str]:
    """What stands in the form: what was sent if it was refused, else what is true."""
    attributes, cart = screen.customer.attributes, screen.customer.cart.get("items")
    items: Sequence[Mapping[str, object]] = cart if isinstance(cart, list) else ()
    true = {
        "first_name": str(attributes.get("first_name") or ""),
        "tier": str(attributes.get("tier") or "none"),
        "points": str(attributes.get("points") or 0),
        "cart": str(items[0]["item_id"]) if items else changing.NO_PRODUCT,
        "sale_ends": str(attributes.get("sale_ends") or ""),
        "tracking": screen.customer.tracking.value,
    }
    return true | dict(screen.sent)


def _origin(base_url: str) -> str:
    parts = urlsplit(base_url)
    return f"{parts.scheme}://{parts.netloc}"
