"""The types that fields of requests have in common: ids, times, texts, labels; all bounded."""

import re
from datetime import UTC, datetime
from functools import cache
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, WithJsonSchema

from app.domain.ids import ID_PATTERN, is_id

CHANNELS = ("email", "sms", "push", "call", "visit")
CLASSES = ("promotional", "lifecycle", "service", "transactional")
YEARS = (2000, 2100)
PAGE_MAX = 1_000

_MOMENT = re.compile(
    r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d(:\d\d(\.\d{1,9})?)?([Zz]|[+-]\d\d:\d\d)\Z",
)
_CONTROL = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")


class Body(BaseModel):
    """A JSON object whose unknown fields are refused and whose types are taken as they are."""

    model_config = ConfigDict(extra="forbid", strict=True)


class Path(BaseModel):
    """The variable parts of an address."""


class Query(BaseModel):
    """The part of an address after the question mark."""

    model_config = ConfigDict(extra="forbid")

    @classmethod
    def model_json_schema(cls, *args: Any, **options: Any) -> dict[str, Any]:
        """The schema; flask-openapi asks for it at every request, and making it takes milliseconds."""
        return _made_once(cls, *args, **options)

    @classmethod
    def fresh_schema(cls, *args: Any, **options: Any) -> dict[str, Any]:
        """The schema, made anew."""
        return super().model_json_schema(*args, **options)


@cache
def _made_once(query: type["Query"], *args: Any, **options: Any) -> dict[str, Any]:
    return query.fresh_schema(*args, **options)


class Answer(BaseModel):
    """A JSON object the house sends."""


def _id(text: str) -> str:
    if is_id(text):
        return text
    raise ValueError("an id has 1 to 128 of the characters A-Z a-z 0-9 . _ : @ -")


def _moment(value: Any) -> datetime:
    if isinstance(value, datetime):
        return value
    if isinstance(value, str) and _MOMENT.match(value):
        try:
            at = datetime.fromisoformat(value.upper())
        except ValueError as wrong:
            raise ValueError(f"there is no such time: {value[:40]}") from wrong
        if YEARS[0] <= at.year < YEARS[1]:
            return at.astimezone(UTC)
        raise ValueError(f"the year must be from {YEARS[0]} to {YEARS[1] - 1}")
    raise ValueError("must be a time with its offset, such as 2026-11-01T09:00:00+01:00")


def _text(text: str) -> str:
    if "\0" in text or any("\ud800" <= letter <= "\udfff" for letter in text):
        raise ValueError("must hold neither NUL nor half a surrogate pair")
    return text


def _label(text: str) -> str:
    if not text.strip():
        raise ValueError("must not be blank")
    if _CONTROL.search(text):
        raise ValueError("must be one line without control characters")
    return text


Id = Annotated[str, AfterValidator(_id), WithJsonSchema({"type": "string", "pattern": f"^{ID_PATTERN}$"})]
Moment = Annotated[
    datetime, BeforeValidator(_moment), WithJsonSchema({"type": "string", "format": "date-time"})
]
Label = Annotated[str, Field(min_length=1, max_length=100), AfterValidator(_label)]
Name = Annotated[str, Field(min_length=1, max_length=200), AfterValidator(_label)]
Note = Annotated[str, Field(max_length=1_000), AfterValidator(_text)]
Channel = Annotated[
    str, Field(json_schema_extra={"enum": list(CHANNELS)}), AfterValidator(lambda text: _of(text, CHANNELS))
]
Class = Annotated[
    str, Field(json_schema_extra={"enum": list(CLASSES)}), AfterValidator(lambda text: _of(text, CLASSES))
]
Tags = Annotated[list[Label], Field(max_length=20)]


def _of(text: str, known: tuple[str, ...]) -> str:
    if text in known:
        return text
    raise ValueError(f"must be one of {', '.join(known)}")


class Fault(Answer):
    """One fault, with where it is."""

    pointer: str | None = None
    parameter: str | None = None
    detail: str


class ProblemDocument(Answer):
    """What went wrong (RFC 9457)."""

    type: str
    title: str
    status: int
    detail: str
    errors: list[Fault] | None = None
    instance: str | None = None
