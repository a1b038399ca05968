"""The attributes every deployment has: one table for rules, templates, their checker and the guide."""

from app.domain.attributes import ANY, Attribute, AttributeType, Catalogue
from app.domain.opener import OpenerClass

STRING, NUMBER, BOOLEAN = AttributeType.STRING, AttributeType.NUMBER, AttributeType.BOOLEAN
DATETIME, LIST, OBJECT = AttributeType.DATETIME, AttributeType.LIST, AttributeType.OBJECT

CHANNELS = ("email", "sms", "push", "call", "visit")
CLASSES = ("promotional", "lifecycle", "service", "transactional")
OPENERS = tuple(one.value for one in OpenerClass)


def _personal(path: str, kind: AttributeType | None, about: str, low: float | None = None) -> Attribute:
    return Attribute(path, kind, about, is_personal=True, low=low)


BUILT_IN = Catalogue.of(
    (
        _personal("customer.id", STRING, "the platform's id of the customer"),
        _personal("customer.timezone", STRING, "the customer's IANA time zone"),
        _personal("customer.locale", STRING, "the customer's language tag, such as fr-FR"),
        _personal(f"customer.{ANY}", None, "an attribute of the customer, as it is now"),
        _personal("cart.items", LIST, "what was added to the cart and not bought since, newest first"),
        _personal(f"cart.items.{ANY}", OBJECT, "one item of the cart"),
        _personal(f"cart.items.{ANY}.item_id", STRING, "the item's id in its catalogue"),
        _personal(f"cart.items.{ANY}.price", NUMBER, "its price when it was added", low=0),
        _personal(f"cart.items.{ANY}.currency", STRING, "the ISO 4217 code of that price"),
        _personal(f"cart.items.{ANY}.at", DATETIME, "when it was added"),
        _personal("cart.count", NUMBER, "how many items are in the cart", low=0),
        _personal("cart.value", NUMBER, "what they cost together", low=0),
        _personal(f"activity.{ANY}.count", NUMBER, "how often the customer did this", low=0),
        _personal(f"activity.{ANY}.last_at", DATETIME, "when the customer did this last"),
        _personal(f"activity.{ANY}.items", LIST, "with which items, newest first"),
        _personal(f"activity.{ANY}.items.{ANY}", OBJECT, "one of those items"),
        _personal(f"activity.{ANY}.items.{ANY}.item_id", STRING, "the item's id in its catalogue"),
        _personal(f"activity.{ANY}.items.{ANY}.price", NUMBER, "its price at that time", low=0),
        _personal(f"activity.{ANY}.items.{ANY}.currency", STRING, "the ISO 4217 code of that price"),
        _personal(f"activity.{ANY}.items.{ANY}.at", DATETIME, "when that was"),
        _personal("history.opens", NUMBER, "touches that a person opened", low=0),
        _personal("history.clicks", NUMBER, "touches that a person clicked", low=0),
        _personal("history.last_open_at", DATETIME, "when a person last opened one"),
        _personal("history.last_click_at", DATETIME, "when a person last clicked one"),
        Attribute("message.id", STRING, "the message the block stands in"),
        Attribute("message.name", STRING, "its name"),
        Attribute("message.channel", STRING, "the way it goes", values=CHANNELS),
        Attribute("message.category", STRING, "its category, such as newsletter"),
        Attribute("message.class", STRING, "what it is for", values=CLASSES),
        Attribute("message.topic", STRING, "the topic customers may decline"),
        Attribute("message.campaign", STRING, "the label it is grouped by"),
        Attribute("message.tags", LIST, "its tags"),
        Attribute(f"message.tags.{ANY}", STRING, "one of its tags"),
        Attribute("touch.id", STRING, "the platform's id of the sending"),
        Attribute("touch.sent_at", DATETIME, "when it was sent"),
        Attribute("touch.age", NUMBER, "seconds since it was sent"),
        Attribute("touch.opened_at", DATETIME, "when a person first opened it"),
        Attribute("open.at", DATETIME, "this moment"),
        Attribute(f"votes.{ANY}.total", NUMBER, "how many voted in it", low=0),
        Attribute(f"votes.{ANY}.mean", NUMBER, "the mean of answers that are all numbers", low=0),
        _personal(f"votes.{ANY}.mine", STRING, "what the customer answered"),
        # After those with a name of their own: of several that fit, the first counts.
        Attribute(f"votes.{ANY}.{ANY}", NUMBER, "how many people gave this answer of a poll", low=0),
        Attribute("client.opener", STRING, "who asks for the picture", values=OPENERS),
    )
)
