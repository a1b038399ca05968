"""The OpenAPI document as an outline for readers: nouns, addresses, fields, answers."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

Document = Mapping[str, Any]

METHODS = ("get", "post", "put", "patch", "delete")
DEPTH_MAX = 4
PREFIX = "#/components/schemas/"
_WORDS = {"string": "text", "date-time": "time", "integer": "whole number", "boolean": "true or false"}


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a body or an answer; `depth` is how far inside it lies."""

    name: str
    depth: int
    kind: str
    is_required: bool
    about: str


@dataclass(frozen=True, slots=True)
class AnswerOutline:
    """One status and what comes with it."""

    status: str
    about: str
    fields: tuple[Field, ...]


@dataclass(frozen=True, slots=True)
class Operation:
    """One method of one address."""

    anchor: str
    method: str
    path: str
    summary: str
    about: str
    scope: str
    parameters: tuple[Field, ...]
    media: tuple[str, ...]
    fields: tuple[Field, ...]
    answers: tuple[AnswerOutline, ...]


@dataclass(frozen=True, slots=True)
class NounOutline:
    """One noun and its operations."""

    name: str
    about: str
    operations: tuple[Operation, ...]


def outline(document: Document) -> list[NounOutline]:
    """Every noun of an OpenAPI document, in its order."""
    found: dict[str, list[Operation]] = {}
    for path, item in document["paths"].items():
        for method in METHODS:
            if method in item:
                told = item[method]
                found.setdefault(told["tags"][0], []).append(_operation(document, path, method, told))
    abouts = {tag["name"]: tag.get("description", "") for tag in document.get("tags", [])}
    return [NounOutline(name, abouts.get(name, ""), tuple(operations)) for name, operations in found.items()]


def _operation(document: Document, path: str, method: str, told: Document) -> Operation:
    content = told.get("requestBody", {}).get("content", {})
    answers = sorted(told["responses"].items())
    return Operation(
        anchor=told["operationId"],
        method=method.upper(),
        path=path,
        summary=told.get("summary", ""),
        about=told.get("description", ""),
        scope=told["security"][0]["key"][0] if told.get("security") else "",
        parameters=tuple(_parameter(document, one) for one in told.get("parameters", ())),
        media=tuple(content),
        fields=tuple(_fields(document, _schema(content))),
        answers=tuple(_answer(document, status, one) for status, one in answers if status < "400"),
    )


def _parameter(document: Document, told: Document) -> Field:
    kind = _kind(document, told.get("schema", {}))
    about = told.get("description") or told.get("schema", {}).get("description", "")
    return Field(told["name"], 0, f"{told['in']} · {kind}", bool(told.get("required")), about)


def _answer(document: Document, status: str, told: Document) -> AnswerOutline:
    schema = _schema(told.get("content", {}))
    about = _resolved(document, schema).get("description") or told.get("description", "")
    return AnswerOutline(status, about, tuple(_fields(document, schema)))


def _schema(content: Document) -> Document:
    # NDJSON comes last and is described by one line: the fields of one item, not a list of them.
    media: list[Document] = list(content.values())
    schema: Document = media[-1].get("schema", {}) if media else {}
    return schema


def _fields(document: Document, schema: Document, depth: int = 0) -> Iterator[Field]:
    shape = _resolved(document, schema)
    required = shape.get("required", ())
    for name, inner in shape.get("properties", {}).items():
        about = inner.get("description") or ""
        yield Field(name, depth, _kind(document, inner), name in required, about)
        below = _inner(document, inner)
        if below is not None and depth < DEPTH_MAX:
            yield from _fields(document, below, depth + 1)


def _inner(document: Document, schema: Document) -> Document | None:
    shape = _resolved(document, schema)
    if shape.get("type") == "array":
        return _inner(document, shape.get("items", {}))
    if shape.get("properties"):
        return shape
    extra = shape.get("additionalProperties")
    return _inner(document, extra) if isinstance(extra, Mapping) else None


def _kind(document: Document, schema: Document) -> str:
    shape = _resolved(document, schema)
    if "enum" in shape:
        return " | ".join(str(one) for one in shape["enum"])
    if "const" in shape:
        return str(shape["const"])
    if shape.get("type") == "array":
        return f"list of {_kind(document, shape.get('items', {}))}"
    name = shape.get("format") or shape.get("type") or "any"
    bounds = [
        f"{word} {shape[key]:g}"
        for key, word in (("minimum", "from"), ("maximum", "to"), ("maxLength", "≤"))
        if isinstance(shape.get(key), int | float)
    ]
    word = _WORDS.get(name, name)
    return " ".join([word, *bounds])


def _resolved(document: Document, schema: Document) -> Document:
    for _ in range(8):
        if "$ref" in schema:
            name = schema["$ref"].removeprefix(PREFIX)
            schema = {**document["components"]["schemas"].get(name, {}), **_without_ref(schema)}
        elif len(present := [one for one in schema.get("anyOf", ()) if one.get("type") != "null"]) == 1:
            schema = {**present[0], **{key: value for key, value in schema.items() if key != "anyOf"}}
        else:
            break
    return schema


def _without_ref(schema: Document) -> dict[str, Any]:
    return {key: value for key, value in schema.items() if key != "$ref"}
