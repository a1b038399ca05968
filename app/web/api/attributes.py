"""/v1/attributes: the typed catalogue of what rules and templates may read."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import Field

from app.domain.attributes import Source
from app.domain.declarations import shown
from app.domain.scopes import Scope
from app.flows import attributes
from app.web.api.fields import Answer, Body, Path, Query
from app.web.routing import Call, Noun, Reply

attribute_routes = Noun("attributes", "What rules and templates may read, with types.")

Kind = Literal["string", "number", "boolean", "datetime", "list", "object"]


class AttributePath(Path):
    """Names an attribute."""

    path: Annotated[str, Field(max_length=500)]


class AttributesQuery(Query):
    """Which of them."""

    source: Literal["built_in", "declared", "proposed"] | None = None


class AttributeBody(Body):
    """What an attribute of customers is. Values are of a string, low and high of a number."""

    type: Kind
    about: Annotated[str | None, Field(description="a sentence for those who write rules")] = None
    values: Annotated[list[str] | None, Field(description="those it may have; any without a list")] = None
    low: float | None = None
    high: float | None = None
    personal: Annotated[
        bool | None, Field(description="whether it tells something of the customer; true by default")
    ] = None


class AttributeAnswer(Answer):
    """One attribute. In a path, * stands for any one name or the number of a list's entry."""

    path: str
    type: Kind | None = None
    about: str
    source: Literal["built_in", "declared", "proposed"]
    personal: bool
    values: list[str] | None = None
    low: float | None = None
    high: float | None = None
    is_pattern: bool | None = None


class AttributesAnswer(Answer):
    """Attributes by path."""

    attributes: list[AttributeAnswer]


@attribute_routes.route("GET", "/v1/attributes", Scope.AUTHOR, answers={200: AttributesAnswer})
def list_attributes(call: Call, query: AttributesQuery) -> Mapping[str, Any]:
    """List what rules and templates may read

    Built in, declared, and proposed: those that customers have and nobody declared, with the type that
    a value of theirs lets suppose.
    """
    found = attributes.everything(call.house.cold, Source(query.source) if query.source else None)
    return {"attributes": [shown(one) for one in found]}


@attribute_routes.route(
    "PUT",
    "/v1/attributes/<path>",
    Scope.AUTHOR,
    shape=AttributeBody,
    answers={200: AttributeAnswer},
)
def declare_attribute(call: Call, path: AttributePath, document: Any) -> Mapping[str, Any]:
    """Declare an attribute of customers

    Rules that can never hold are refused from then on. A block that shows nothing personal may be shown
    to customers whose key proves nothing: whether an attribute is personal decides that.
    """
    return shown(
        attributes.declare(
            call.house.cold, call.house.hot, path.path, document, now=call.now, by=call.key.name
        )
    )


@attribute_routes.route(
    "DELETE",
    "/v1/attributes/<path>",
    Scope.AUTHOR,
    answers={204: "Deleted", 404: "Unknown attribute"},
)
def forget_attribute(call: Call, path: AttributePath) -> Reply:
    """Take back what was declared or proposed

    Should customers still have it, it is proposed again.
    """
    attributes.forget(call.house.cold, call.house.hot, path.path)
    return Reply(status=204)
