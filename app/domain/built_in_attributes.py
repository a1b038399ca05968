"""The attributes every deployment has: one table for rules, templates, their checker and the guide."""

from app.domain.attributes import ANY, Attribute, AttributeType, Catalogue
from app.domain.opener import OpenerClass
from app.domain.surroundings import clients, days, weather

STRING, NUMBER, BOOLEAN = AttributeType.STRING, AttributeType.NUMBER, AttributeType.BOOLEAN
DATETIME, LIST, OBJECT = AttributeType.DATETIME, AttributeType.LIST, AttributeType.OBJECT

CHANNELS = ("email", "sms", "push", "call", "visit")
CLASSES = ("promotional", "lifecycle", "service", "transactional")
OPENERS = tuple(one.value for one in OpenerClass)


def _personal(
    path: str,
    kind: AttributeType | None,
    about: str,
    low: float | None = None,
    values: tuple[str, ...] = (),
) -> Attribute:
    return Attribute(path, kind, about, is_personal=True, low=low, values=values)


def _local(path: str, about: str, low: float, high: float) -> Attribute:
    # Of the customer: it tells their zone.
    return Attribute(path, NUMBER, about, is_personal=True, low=low, high=high)


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
        _personal("history.last_variant", STRING, "the variant this block showed last in this touch"),
        _personal(
            "history.purchases_since_touch", NUMBER, "purchases since the touch was sent, 20 at most", low=0
        ),
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
        _personal("open.count", NUMBER, "which open of the touch this is, by people, a minute apart", low=1),
        _personal("open.is_first", BOOLEAN, "whether no person opened the touch before"),
        _personal("clicked.this_block", BOOLEAN, "whether a person clicked this block in this touch"),
        _personal("clicked.any_block", BOOLEAN, "whether a person clicked any block of the message in it"),
        _personal("clicked.any_link", BOOLEAN, "whether a person clicked anything of the message in it"),
        Attribute(f"votes.{ANY}.total", NUMBER, "how many voted in it", low=0),
        Attribute(f"votes.{ANY}.mean", NUMBER, "the mean of answers that are all numbers", low=0),
        _personal(f"votes.{ANY}.mine", STRING, "what the customer answered"),
        # After those with a name of their own: of several that fit, the first counts.
        Attribute(f"votes.{ANY}.{ANY}", NUMBER, "how many people gave this answer of a poll", low=0),
        Attribute("client.opener", STRING, "who asks for the picture", values=OPENERS),
        Attribute("client.device", STRING, "what the reader holds or sits at", values=clients.DEVICES),
        Attribute("client.os", STRING, "its operating system", values=clients.SYSTEMS),
        Attribute("client.browser", STRING, "the browser, where it is one", values=clients.BROWSERS),
        Attribute(
            "client.mail_client", STRING, "the mail program or service, if known", values=clients.MAIL_APPS
        ),
        Attribute("client.environment", STRING, "what the message is read in", values=clients.ENVIRONMENTS),
        _personal("local.date", STRING, "the day it is where the customer is, such as 2026-11-20"),
        _personal("local.time", STRING, "the time there, such as 09:02"),
        _local("local.hour", "the hour there", 0, 23),
        _local("local.minute", "the minute there", 0, 59),
        _personal("local.weekday", STRING, "the day of the week there", values=days.WEEKDAYS),
        _local("local.day", "the day of the month there", 1, 31),
        _local("local.month", "the month there", 1, 12),
        _personal("local.is_holiday", BOOLEAN, "whether it is a public holiday in the customer's country"),
        _personal(f"days_since.{ANY}", NUMBER, "whole days since the date in this attribute of the customer"),
        Attribute("place.continent", STRING, "where the reader's address lies, such as EU"),
        Attribute("place.country", STRING, "its country by ISO 3166, such as FR"),
        Attribute("place.region", STRING, "its region, by its English name"),
        Attribute("place.city", STRING, "its town, by its English name"),
        Attribute("place.latitude", NUMBER, "degrees north", low=-90, high=90),
        Attribute("place.longitude", NUMBER, "degrees east", low=-180, high=180),
        _personal("weather.condition", STRING, "the weather in a word", values=weather.CONDITIONS),
        *(
            Attribute(f"weather.{name}", NUMBER, about, is_personal=True, low=low, high=high)
            for name, (about, low, high) in weather.MEASURES.items()
        ),
    )
)
