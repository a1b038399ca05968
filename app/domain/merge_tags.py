"""How email platforms write who a message goes to, and which sending it is part of.

`docs/embed.md` names the source of each. Where a platform documents no tag for the sending, the message's
own id stands there: one customer is sent one message once.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from app.domain.problems import Invalid, Problem

CUSTOM = "custom"


@dataclass(frozen=True, slots=True)
class MergeTags:
    """The tags, as they stand in an address: never encoded, or the platform would not know them."""

    customer_key: str
    send_key: str | None = None

    def query(self, *, is_html: bool) -> str:
        """The part of an address after the question mark, plain or as an attribute's value."""
        separator = "&amp;" if is_html else "&"
        return f"c={self.customer_key}" + (f"{separator}t={self.send_key}" if self.send_key else "")


PLATFORMS: Mapping[str, MergeTags] = MappingProxyType(
    {
        "mailchimp": MergeTags("*|MAILTIDE|*", "*|CAMPAIGN_UID|*"),
        "braze": MergeTags("{{custom_attribute.${mailtide_key}}}", "{{campaign.${dispatch_id}}}"),
        "klaviyo": MergeTags("{{ person|lookup:'mailtide_key' }}"),
        "salesforce": MergeTags("%%mailtide_key%%", "%%jobid%%"),
        "customerio": MergeTags("{{customer.mailtide_key}}", "{{delivery_id}}"),
        "hubspot": MergeTags("{{contact.mailtide_key}}"),
        "iterable": MergeTags("{{mailtide_key}}"),
        "sendgrid": MergeTags("{{mailtide_key}}"),
    }
)


def merge_tags(
    platform: str, message_id: str, *, customer_key: str | None = None, send_key: str | None = None
) -> MergeTags:
    """A platform's tags, those given in place of the usual. Raises Invalid."""
    _check(customer_key, "customer_key")
    _check(send_key, "send_key")
    usual = PLATFORMS.get(platform)
    key = customer_key or (usual.customer_key if usual else None)
    if key is None:
        raise Invalid.at("/tags", f"platform {platform} needs tags.customer_key, the platform's merge tag")
    sending = send_key or (usual.send_key if usual else None) or message_id
    _check_together(key + sending)
    return MergeTags(key, sending)


def _check(tag: str | None, name: str) -> None:
    if tag and (tag.count("{{") != tag.count("}}") or any(letter in tag for letter in "&#")):
        raise Invalid.at(
            f"/tags/{name}", "a merge tag closes what it opens, and holds neither & nor #, which would end it"
        )


def _check_together(tags: str) -> None:
    if "'" in tags and '"' in tags:
        detail = "take one kind of quote only: the tags stand inside a quoted attribute"
        raise Invalid(problems=[Problem("/tags", detail)])
