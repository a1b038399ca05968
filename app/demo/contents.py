"""What the demo is made of, read from the plain files beside this module."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parent
SHOP = "SHOP/"  # stands in blocks and emails for the address of the shop's pages
PICTURES = "PICTURES/"  # stands in emails for the address of the shop's pictures
NEXT = ("demo-last-day", "demo-basket", "demo-parcel")  # the messages that may go next


@dataclass(frozen=True, slots=True)
class Person:
    """One customer of the demo. `touches` are message ids and how many hours ago each was sent."""

    key: str
    name: str
    life: str
    about: str
    place: str
    timezone: str
    locale: str
    tracking: str
    attributes: Mapping[str, Any]
    sale_ends_h: int
    cart: str
    touches: Sequence[Mapping[str, Any]]

    @property
    def customer_id(self) -> str:
        """The id in the house."""
        return f"demo-{self.key}"


@dataclass(frozen=True, slots=True)
class Letter:
    """One message of the demo, with what an inbox shows of it and the file that holds its HTML."""

    message_id: str
    subject: str
    preview: str
    email: str
    message: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Product:
    """Something the shop sells."""

    item_id: str
    name: str
    price: float


PRODUCTS = {
    one.item_id: one
    for one in (
        Product("mug", "Tidepool mug", 24.0),
        Product("teapot", "Rust teapot", 58.0),
        Product("vase", "Marsh vase", 44.0),
        Product("bowl", "Moss bowl", 36.0),
        Product("lamp", "Evening lamp", 92.0),
    )
}


@cache
def people() -> Mapping[str, Person]:
    """The customers by their key."""
    return {row["key"]: Person(**row) for row in _read("customers.json")}


@cache
def letters() -> Mapping[str, Letter]:
    """The messages by their id."""
    return {message_id: Letter(message_id, **row) for message_id, row in _read("messages.json").items()}


def blocks(base_url: str) -> Mapping[str, Mapping[str, Any]]:
    """The blocks' documents by id, their links leading to the shop's pages under this address."""
    text = (FOLDER / "blocks.json").read_text(encoding="utf-8")
    documents: Mapping[str, Mapping[str, Any]] = json.loads(_addressed(text, base_url))
    return documents


def policy() -> Mapping[str, Any]:
    """The caps of the demo."""
    document: Mapping[str, Any] = _read("policy.json")
    return document


def email(letter: Letter, base_url: str) -> str:
    """A message's HTML as its author wrote it, blocks only marked, ready to be wrapped."""
    text = _frame().replace("<!--content-->", (FOLDER / "emails" / letter.email).read_text(encoding="utf-8"))
    return _addressed(text.replace("<!--preview-->", letter.preview), base_url)


def _addressed(text: str, base_url: str) -> str:
    text = text.replace(f'"{SHOP}', f'"{base_url}/demo/shop/')
    return text.replace(f'"{PICTURES}', f'"{base_url}/demo/pictures/')


@cache
def _frame() -> str:
    return (FOLDER / "emails" / "frame.html").read_text(encoding="utf-8")


def _read(name: str) -> Any:
    return json.loads((FOLDER / name).read_text(encoding="utf-8"))
