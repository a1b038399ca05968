"""/v1/messages: what was mailed, under which channel, category and class."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any

from pydantic import Field

from app.domain.scopes import Scope
from app.flows import messages
from app.flows.reporting import list_cursor, read_list_cursor
from app.stores.cold.messages import Message
from app.web.api.blocks import PageQuery
from app.web.api.editions import etag, expected
from app.web.api.fields import Answer, Body, Channel, Class, Id, Label, Name, Path, Tags
from app.web.routing import Call, Noun, Reply

message_routes = Noun("messages", "One mailing, SMS or push, to many customers.")


class MessagePath(Path):
    """Names a message."""

    message_id: Id


class MessageBody(Body):
    """What the message is; caps, rules and reports read it."""

    name: Name
    channel: Channel
    category: Label
    class_: Annotated[Class, Field(alias="class")]
    topic: Annotated[Label | None, Field(description="what one unsubscribes from; else the channel")] = None
    tags: Tags = Field(default_factory=list)
    campaign: Label | None = None
    cost_per_touch: Annotated[float | None, Field(ge=0, le=1e6, allow_inf_nan=False)] = None
    blocks: Annotated[list[Id], Field(max_length=50)] = Field(default_factory=list)


class MessageSaved(Answer):
    """The message is kept; its edition is also the ETag."""

    message_id: str
    edition: int


class MessageAnswer(MessageBody):
    """A message."""

    message_id: str
    edition: int
    created_at: datetime
    updated_at: datetime


class MessagesAnswer(Answer):
    """Messages by id."""

    messages: list[MessageAnswer]
    next_cursor: str | None = None


@message_routes.route("GET", "/v1/messages", Scope.AUTHOR, answers={200: MessagesAnswer})
def list_messages(call: Call, query: PageQuery) -> Mapping[str, Any]:
    """List the messages"""
    after = read_list_cursor(call.house.keyring, "messages", query.after)
    found = messages.page(call.house.cold, after=after, limit=query.limit)
    is_full = len(found) == query.limit
    more = list_cursor(call.house.keyring, "messages", found[-1].message_id) if is_full else None
    return {"messages": [_shown(one) for one in found]} | ({"next_cursor": more} if more else {})


@message_routes.route(
    "PUT", "/v1/messages/<message_id>", Scope.AUTHOR, answers={200: MessageSaved, 409: "Stale edition"}
)
def save_message(call: Call, path: MessagePath, body: MessageBody) -> Reply:
    """Save a message

    Takes If-Match and If-None-Match like a block's draft.
    """
    document = body.model_dump(by_alias=True, exclude_none=True)
    edition = messages.save(
        call.house.cold, call.house.hot, path.message_id, document, now=call.now, expected=expected()
    )
    return Reply(MessageSaved(message_id=path.message_id, edition=edition), headers=etag(edition))


@message_routes.route(
    "GET", "/v1/messages/<message_id>", Scope.AUTHOR, answers={200: MessageAnswer, 404: "Unknown message"}
)
def read_message(call: Call, path: MessagePath) -> Reply:
    """Read a message"""
    found = messages.fetch(call.house.cold, path.message_id)
    return Reply(_shown(found), headers=etag(found.edition))


def _shown(message: Message) -> dict[str, Any]:
    return {
        "message_id": message.message_id,
        **message.document,
        "edition": message.edition,
        "created_at": message.created_at,
        "updated_at": message.updated_at,
    }
