"""Checking parameters: what a value may be, and plain sentences with pointers for what it is not."""

from collections.abc import Callable, Iterator, Mapping
from enum import StrEnum
from typing import Annotated, Any, TypeVar

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Discriminator,
    Field,
    Tag,
    ValidationError,
    WithJsonSchema,
)
from pydantic_core import ErrorDetails, PydanticCustomError

from renderers import colour
from renderers.assets import NAME, PREFIX
from renderers.colour import Rgb
from renderers.model import BadParams, Filled, ParamProblem

MAX_STRING_CHARS = 4000
MAX_DEPTH = 6

_Model = TypeVar("_Model", bound=BaseModel)


class Params(BaseModel):
    """A kind's declared parameters: nothing else is taken."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


def wrong(sentence: str) -> PydanticCustomError:
    return PydanticCustomError("mailtide", "{sentence}", {"sentence": sentence})


def whole(low: int, high: int) -> Any:
    """A whole number with both ends allowed."""

    def read(value: object) -> object:
        if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
            raise wrong(f"must be a whole number between {low} and {high}")
        return value

    return Annotated[
        int, BeforeValidator(read), WithJsonSchema({"type": "integer", "minimum": low, "maximum": high})
    ]


def text(max_chars: int, *, min_chars: int = 0) -> Any:
    """A text; control characters in it are taken out when it is drawn."""

    def read(value: object) -> object:
        if not isinstance(value, str):
            raise wrong("must be a text")
        if not min_chars <= len(value) <= max_chars:
            raise wrong(f"must have {min_chars} to {max_chars} characters")
        return value

    schema = {"type": "string", "minLength": min_chars, "maxLength": max_chars}
    return Annotated[str, BeforeValidator(read), WithJsonSchema(schema)]


def several(model: Any, fewest: int, most: int) -> Any:
    """A list of so many parts."""

    def read(value: object) -> object:
        if not isinstance(value, (list, tuple)) or not fewest <= len(value) <= most:
            raise wrong(f"must be a list of {fewest} to {most}")
        return list(value)

    return Annotated[list[model], BeforeValidator(read), Field(min_length=fewest, max_length=most)]


def one_of(choices: type[StrEnum]) -> Any:
    """A member of a StrEnum, by its value."""
    named = ", ".join(choices)

    def read(value: object) -> object:
        if not isinstance(value, str) or value not in list(choices):
            raise wrong(f"must be one of {named}")
        return choices(value)

    return Annotated[choices, BeforeValidator(read), WithJsonSchema({"enum": list(choices)})]


def _colour(value: object) -> object:
    if isinstance(value, str):
        try:
            return colour.read(value)
        except ValueError:
            pass
    raise wrong("must be a colour like #0e7c86")


def _asset(value: object) -> object:
    if not isinstance(value, str) or not value.startswith(PREFIX):
        raise wrong("must be asset:NAME, the name of an uploaded picture")
    if not NAME.fullmatch(value.removeprefix(PREFIX)):
        raise wrong("must name an asset in letters, digits, dots, dashes and underscores, at most 100")
    return value


Colour = Annotated[
    Rgb, BeforeValidator(_colour), WithJsonSchema({"type": "string", "pattern": "^#([0-9a-fA-F]{3}){1,2}$"})
]
Asset = Annotated[
    str,
    BeforeValidator(_asset),
    WithJsonSchema({"type": "string", "pattern": "^asset:[A-Za-z0-9._-]{1,100}$"}),
]


class GradientParams(Params):
    """Two colours and the way between them."""

    from_: Colour
    to: Colour
    angle: whole(0, 360) = 90  # type: ignore[valid-type]

    model_config = ConfigDict(alias_generator=lambda name: name.rstrip("_"))


def _sort_of_background(value: object) -> str:
    if isinstance(value, Mapping):
        return "<gradient>"
    return "<asset>" if isinstance(value, str) and value.startswith(PREFIX) else "<colour>"


def _plain_background(value: object) -> object:
    if not isinstance(value, str):
        raise wrong('must be a colour like #0e7c86, asset:NAME, or {"from", "to", "angle"} for a gradient')
    return _colour(value)


Background = Annotated[
    Annotated[GradientParams, Tag("<gradient>")]
    | Annotated[Asset, Tag("<asset>")]
    | Annotated[
        Rgb,
        BeforeValidator(_plain_background),
        WithJsonSchema({"type": "string", "format": "colour"}),
        Tag("<colour>"),
    ],
    Discriminator(_sort_of_background),
]


def check(model: type[_Model], params: Mapping[str, object]) -> _Model:
    """The parameters as the model has them. Raises BadParams with one problem for each wrong value."""
    try:
        return model.model_validate(params)
    except ValidationError as invalid:
        errors = invalid.errors(include_url=False, include_input=False)
        raise BadParams(*(ParamProblem(_pointer(error), _sentence(error)) for error in errors)) from None


def replace_templates(params: Mapping[str, object], templatable: Mapping[str, str]) -> Filled:
    """The parameters with each template replaced by a valid value. Raises BadParams where none may stand."""
    problems = [
        ParamProblem(pointer, "may not be a template: give the value itself")
        for pointer, value in strings_of(params)
        # A picture's name is none anywhere, so that one that is missing is found at save.
        if is_template(value) and (pointer not in templatable or value.startswith(PREFIX))
    ]
    if problems:
        raise BadParams(*problems)

    def replaced(value: object, pointer: str) -> object:
        if isinstance(value, Mapping):
            return {name: replaced(part, f"{pointer}/{_escaped(name)}") for name, part in value.items()}
        if isinstance(value, (list, tuple)):
            return [replaced(part, f"{pointer}/{at}") for at, part in enumerate(value)]
        return templatable[pointer] if isinstance(value, str) and is_template(value) else value

    filled = Filled({name: replaced(value, f"/{_escaped(name)}") for name, value in params.items()})
    filled.templates = frozenset(templates_of(params))
    return filled


def templates_of(params: Mapping[str, object]) -> tuple[str, ...]:
    """The pointers of the strings that are Liquid templates."""
    return tuple(pointer for pointer, value in strings_of(params) if is_template(value))


def strings_of(params: object, pointer: str = "") -> Iterator[tuple[str, str]]:
    """Every string with its pointer. Raises BadParams for nesting deeper than any kind's."""
    if pointer.count("/") > MAX_DEPTH:
        raise BadParams(ParamProblem(pointer, "is nested too deeply"))
    if isinstance(params, str):
        yield pointer, params
    elif isinstance(params, Mapping):
        for name, value in params.items():
            yield from strings_of(value, f"{pointer}/{_escaped(name)}")
    elif isinstance(params, (list, tuple)):
        for at, value in enumerate(params):
            yield from strings_of(value, f"{pointer}/{at}")


def is_template(value: str) -> bool:
    return "{{" in value or "{%" in value


def schema_of(model: type[BaseModel]) -> Callable[[], dict[str, object]]:
    return lambda: model.model_json_schema(by_alias=True)


_SENTENCES = {
    "missing": "is needed",
    "extra_forbidden": "is not a parameter of this kind",
    "bool_type": "must be true or false",
    "list_type": "must be a list",
    "model_type": "must be an object",
    "dict_type": "must be an object",
    "too_long": "has too many entries",
    "string_unicode": "must be a text of whole characters",
    "invalid_key": "must be a text",
}


def _sentence(error: ErrorDetails) -> str:
    return _SENTENCES.get(error["type"], error["msg"])


def _pointer(error: ErrorDetails) -> str:
    """Tags of unions stand in pydantic's way to a value, but not in the document."""
    return "".join(f"/{_escaped(part)}" for part in error["loc"] if not str(part).startswith("<"))


def _escaped(part: object) -> str:
    return str(part).replace("~", "~0").replace("/", "~1")
