"""A noun's addresses: each with its scope, its body and its answers, for Flask and for OpenAPI."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import wraps
from inspect import signature
from typing import Any, TypeVar

from flask import Response, g, request
from flask_openapi import APIBlueprint, OpenAPI
from flask_openapi.models import Schema, Tag
from flask_openapi.utils import get_model_schema
from pydantic import BaseModel

from app.domain.scopes import Scope
from app.stores.cold.api_keys import ApiKey
from app.stores.hot.codec import encode
from app.web import repeats
from app.web.bodies import BATCH_MAX, JSON, NDJSON, NDJSON_MAX, json_of, require_type
from app.web.edge import new_id
from app.wiring import House

View = TypeVar("View", bound=Callable[..., object])
Answers = Mapping[int, type[BaseModel] | str]


@dataclass(frozen=True, slots=True)
class Call:
    """One request: the house it came to, when, and with whose key."""

    house: House
    now: datetime
    key: ApiKey

    def new_id(self) -> str:
        """An id for an event this request causes."""
        return new_id(self.now)


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer with its status and headers; `body` is a model, plain data, bytes or a stream of bytes."""

    body: object = None
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    media: str = JSON


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One method of one address."""

    method: str
    rule: str
    view: Callable[..., object]
    scope: Scope
    answers: Answers
    accepts: tuple[str, ...]
    shape: type[BaseModel] | None
    max_bytes: int | None

    @property
    def takes_document(self) -> bool:
        """Whether the view checks the JSON itself."""
        return "document" in signature(self.view).parameters


class Noun:
    """The addresses of one noun, collected by decorators and put into an app by `register`."""

    def __init__(self, name: str, about: str) -> None:
        self.name = name
        self.about = about
        self.part = name
        self.endpoints: list[Endpoint] = []

    def more(self, part: str) -> "Noun":
        """The same noun, continued in another module."""
        noun = Noun(self.name, self.about)
        noun.part = part
        return noun

    def route(
        self,
        method: str,
        rule: str,
        scope: Scope,
        *,
        answers: Answers | None = None,
        accepts: tuple[str, ...] = (JSON,),
        shape: type[BaseModel] | None = None,
        max_bytes: int | None = None,
    ) -> Callable[[View], View]:
        """Answer `method` at `rule` with a view `(call, path=, query=, body= | document=)`.

        `body` is checked as the model of its annotation; `document` is the JSON as it came, which
        `shape` describes in the OpenAPI document. The view's docstring describes the address.
        """

        def collect(view: View) -> View:
            found = Endpoint(method, rule, view, scope, answers or {}, accepts, shape, max_bytes)
            self.endpoints.append(found)
            return view

        return collect

    def register(self, app: OpenAPI, house: House) -> None:
        """Put every address into the app."""
        blueprint = APIBlueprint(self.part, __name__, abp_tags=[Tag(name=self.name, description=self.about)])
        for endpoint in self.endpoints:
            app.extensions["endpoints"][f"{self.part}.{endpoint.view.__name__}"] = endpoint
            decorate = getattr(blueprint, endpoint.method.lower())
            told: dict[str, Any] = {
                "responses": _described(endpoint),
                "security": [{"key": [endpoint.scope.value]}],
                "description": _description(endpoint),
            }
            if endpoint.method != "GET" and endpoint.method != "DELETE":
                told["request_body"] = _body_described(endpoint, blueprint)
            decorate(endpoint.rule, **told)(_answering(endpoint, house))
        app.register_api(blueprint)


def read_body(endpoint: Endpoint) -> None:
    """Read a JSON body before its model is checked, so that what cannot be read is a 400 and not a 422."""
    if request.mimetype == NDJSON and NDJSON in endpoint.accepts:
        request.max_content_length = NDJSON_MAX
    elif endpoint.max_bytes is not None:
        request.max_content_length = endpoint.max_bytes
    if endpoint.method in ("GET", "DELETE"):
        return
    repeats.prepare()
    names = signature(endpoint.view).parameters
    if endpoint.accepts == (JSON,) and ("body" in names or "document" in names):
        json_of(request)
    elif "body" in names or "document" in names or "form" in names:
        require_type(request, endpoint.accepts)


def to_response(answer: object) -> Response:
    """What a view gave back, as a response."""
    reply = answer if isinstance(answer, Reply) else Reply(answer)
    body = reply.body
    if isinstance(body, BaseModel):
        data: bytes | Iterator[bytes] = body.model_dump_json(exclude_none=True, by_alias=True).encode()
    elif isinstance(body, bytes | Iterator):
        data = body
    else:
        data = encode(body) if body is not None else b""
    headers = {"Cache-Control": "no-store", **reply.headers}
    if data:
        headers["Content-Type"] = reply.media
    return Response(data, reply.status, headers)


def _answering(endpoint: Endpoint, house: House) -> Callable[..., Response]:
    view = endpoint.view

    @wraps(view)
    def answer(**told: Any) -> Response:
        if endpoint.takes_document:
            told["document"] = request.get_json(force=True) if request.mimetype == JSON else None
        call = Call(house, datetime.now(UTC), g.key)
        if endpoint.method != "POST" or repeats.HEADER not in request.headers:
            return to_response(view(call, **told))
        return repeats.once(house.hot, call.key.key_id, lambda: to_response(view(call, **told)))

    return answer


def _description(endpoint: Endpoint) -> str:
    lines = (endpoint.view.__doc__ or "").strip().splitlines()[1:]
    return " ".join(line.strip() for line in lines).strip()


def _described(endpoint: Endpoint) -> dict[str, Any]:
    good = endpoint.answers or {200: "Done"}
    described: dict[str, Any] = {}
    for status, answer in good.items():
        if isinstance(answer, str):
            described[str(status)] = {"description": answer}
        else:
            described[str(status)] = answer
    refusals = {"401": "No valid key", "403": "The key lacks the scope"}
    if endpoint.method in ("POST", "PUT", "PATCH"):
        refusals |= {"400": "Not valid JSON", "413": "Too large", "415": "Content type not taken"}
    refusals |= {"422": "Some fields are not valid", "503": "A store does not answer: send it again"}
    content = {"application/problem+json": {"schema": {"$ref": "#/components/schemas/ProblemDocument"}}}
    for refusal, words in refusals.items():
        described.setdefault(refusal, {"description": words, "content": content})
    return described


def _body_described(endpoint: Endpoint, blueprint: APIBlueprint) -> dict[str, Any] | None:
    if endpoint.shape is None:
        return None
    name = _component(endpoint.shape, blueprint.components_schemas)
    one = {"$ref": f"#/components/schemas/{name}"}
    if NDJSON not in endpoint.accepts:
        return {"required": True, "content": {media: {"schema": one} for media in endpoint.accepts}}
    many = {"type": "array", "items": one, "maxItems": BATCH_MAX}
    # A batch takes lists alone; the other addresses take one document or a list of them.
    in_json = many if endpoint.rule.endswith("/batch") else {"anyOf": [one, many]}
    return {"required": True, "content": {JSON: {"schema": in_json}, NDJSON: {"schema": one}}}


def _component(model: type[BaseModel], into: dict[str, Any]) -> str:
    schema = get_model_schema(model)
    for name, inner in schema.pop("$defs", {}).items():
        into[name] = Schema(**inner)
    into[model.__name__] = Schema(**schema)
    return model.__name__
