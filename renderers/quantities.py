"""Numbers among parameters: written as a number or as a text, checked at save and read when drawn."""

from collections.abc import Mapping
from typing import Annotated

from pydantic import BeforeValidator, WithJsonSchema

from renderers.figures import write_number
from renderers.model import CannotRender
from renderers.numbers import read_number
from renderers.params import wrong

_MAX_CHARS = 1000  # a template may be long; the number it gives is not


def _quantity(value: object) -> object:
    text = str(value) if isinstance(value, int | float) and not isinstance(value, bool) else value
    if not isinstance(text, str) or len(text) > _MAX_CHARS:
        raise wrong("must be a number such as 420 or 1,250.50, or a template that gives one")
    try:
        read_number(text)
    except ValueError as bad:
        raise wrong(str(bad)) from bad
    return text


Quantity = Annotated[
    str,
    BeforeValidator(_quantity),
    WithJsonSchema({"anyOf": [{"type": "number"}, {"type": "string", "maxLength": _MAX_CHARS}]}),
]


def read_value(pointer: str, text: str, *, empty: float | None = None) -> float:
    """The number of a parameter; `empty` stands for a text of nothing. Raises CannotRender."""
    if empty is not None and not text.strip():
        return empty
    try:
        return read_number(text)
    except ValueError as bad:
        raise CannotRender(f"{pointer}: {bad}") from bad


def filled_in(text: str, numbers: Mapping[str, float]) -> str:
    """A text with {name} replaced by a number, written for people; other braces stay as they are."""
    for name, number in numbers.items():
        text = text.replace(f"{{{name}}}", write_number(number))
    return text
