"""/v1/messages/{id}/wrap: an email's HTML with blocks, pixel and links put in."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from app.domain.email_html.hrefs import Left
from app.domain.scopes import Scope
from app.flows import wrapping
from app.flows.wrapping import Wrapping
from app.web.api.fields import Answer, Body, Id, Label, Moment
from app.web.api.messages import MessagePath, message_routes
from app.web.routing import Call

wrap_routes = message_routes.more("wrap")

HTML_MAX = 2**20
WRAP_MAX = 1_572_864  # a body with 1 MB of HTML, its quotes and line ends escaped

Platform = Literal[
    "mailchimp", "braze", "klaviyo", "salesforce", "customerio", "hubspot", "iterable", "sendgrid", "custom"
]


class MergeTagsBody(Body):
    """How the platform writes its merge tags, where not as usual."""

    customer_key: Annotated[
        Label | None, Field(description="becomes what the merge field of the customer key holds")
    ] = None
    send_key: Annotated[Label | None, Field(description="becomes an id of this sending")] = None


class WrapBody(Body):
    """An email's HTML, and how its readers are named."""

    html: Annotated[str, Field(min_length=1, max_length=HTML_MAX)]
    mode: Literal["merge_tag", "touch"]
    platform: Platform | None = None
    tags: MergeTagsBody | None = None
    touch_id: Id | None = None
    customer_id: Id | None = None
    sent_at: Moment | None = None
    blocks: Annotated[
        Literal["marked"] | Annotated[list[Id], Field(max_length=50)],
        Field(description="`marked`: every block that data-mailtide-block names; a list: those, each marked"),
    ] = "marked"

    @model_validator(mode="after")
    def names_readers(self) -> "WrapBody":
        """Each mode needs what names its readers."""
        if self.mode == "touch" and not (self.touch_id and self.customer_id):
            raise ValueError("mode touch needs touch_id and customer_id")
        if self.mode == "merge_tag" and self.platform is None:
            raise ValueError("mode merge_tag needs platform; `custom` takes the tags from `tags`")
        if self.mode == "touch" and (self.platform or self.tags):
            raise ValueError("platform and tags belong to mode merge_tag; mode touch has neither")
        if self.mode == "merge_tag" and (self.touch_id or self.customer_id or self.sent_at):
            raise ValueError("touch_id, customer_id and sent_at belong to mode touch")
        return self


class WrappedLink(Answer):
    """One address that clicks lead to, by its number in the message's table."""

    number: int
    url: str
    places: Annotated[int, Field(description="how often it stands in the html")]


class LeftLink(Answer):
    """An href that stayed as it was; `line` is where it first stands."""

    href: str
    why: Left
    places: int
    line: int


class WrapWarning(Answer):
    """Something that is likely not meant."""

    code: str
    detail: str
    line: int | None = None


class WrapAnswer(Answer):
    """The HTML to send, the headers to send it with, and what was done."""

    html: str
    headers: dict[str, str]
    links: list[WrappedLink]
    left: list[LeftLink]
    blocks: list[str]
    bytes: int
    warnings: list[WrapWarning]


@wrap_routes.route(
    "POST",
    "/v1/messages/<message_id>/wrap",
    Scope.AUTHOR,
    answers={200: WrapAnswer, 404: "Unknown message"},
    max_bytes=WRAP_MAX,
)
def wrap_message(call: Call, path: MessagePath, body: WrapBody) -> Mapping[str, Any]:
    """Put blocks, pixel and links into an email's HTML

    Blocks go where `<img data-mailtide-block="…">` stands, every `<a href>` that leads to the web is
    wrapped, the pixel is added; all else stays byte for byte. Wrapping what is wrapped changes nothing.
    """
    told = Wrapping(
        html=body.html,
        platform=body.platform,
        customer_tag=body.tags.customer_key if body.tags else None,
        send_tag=body.tags.send_key if body.tags else None,
        touch_id=body.touch_id,
        customer_id=body.customer_id,
        sent_at=body.sent_at,
        blocks=None if body.blocks == "marked" else body.blocks,
    )
    house = call.house
    return wrapping.wrap(
        house.cold, house.hot, house.front, house.settings.base_url, path.message_id, told, now=call.now
    )
