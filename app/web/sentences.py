"""What pydantic found wrong, as pointers and sentences that say what to send instead."""

import difflib
import types
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Union, get_args, get_origin

from pydantic import BaseModel, ValidationError

from app.domain.problems import Problem

Context = Mapping[str, Any]

PROBLEMS_MAX = 50


def problems_of(
    wrong: ValidationError,
    model: type[BaseModel],
    *,
    place: Callable[[Sequence[str | int]], str] | None = None,
) -> list[Problem]:
    """Every fault; `place` turns a location into a pointer, by default a JSON Pointer into the body."""
    locate = place or pointer
    found = []
    for error in wrong.errors(include_url=False, include_input=False)[:PROBLEMS_MAX]:
        location = _location(error["type"], error["loc"])
        found.append(Problem(locate(location), _sentence(error["type"], error, location, model)))
    return found


def pointer(location: Sequence[str | int]) -> str:
    """A location as a JSON Pointer (RFC 6901)."""
    return "".join("/" + str(step)[:128].replace("~", "~0").replace("/", "~1") for step in location)


def did_you_mean(name: str, known: Sequence[str]) -> str:
    """A suggestion that ends a sentence, or nothing."""
    near = difflib.get_close_matches(name[:64], known, n=1, cutoff=0.6)
    return f"; did you mean {near[0]!r}?" if near else ""


def _location(kind: str, steps: Sequence[str | int]) -> list[str | int]:
    # An unknown field is named by whoever sent it, and may be called what a validator is called.
    sent = len(steps) - 1 if kind == "extra_forbidden" else -1
    return [step for at, step in enumerate(steps) if at == sent or not _is_inner(step)]


def _is_inner(step: str | int) -> bool:
    # pydantic names the validators it went through; they are no places in what was sent.
    return isinstance(step, str) and ("[" in step or "function-" in step)


def _sentence(kind: str, error: Any, location: Sequence[str | int], model: type[BaseModel]) -> str:
    context: Context = error.get("ctx", {})
    if kind == "extra_forbidden":
        known = _fields_at(model, location[:-1])
        hint = did_you_mean(str(location[-1]), known) or (f"; known are {', '.join(known)}" if known else "")
        return "unknown field" + hint
    if kind == "value_error":
        return str(context["error"])
    sentence = _SENTENCES.get(kind)
    if sentence is None:
        message: str = error["msg"]
        return message[:1].lower() + message[1:]
    return sentence.format(**{name: _plain(value) for name, value in context.items()})


_SENTENCES = {
    "missing": "this field is required",
    "string_type": "must be a text",
    "string_too_short": "must have {min_length} characters at least",
    "string_too_long": "must have {max_length} characters at most",
    "string_pattern_mismatch": "must match {pattern}",
    "int_type": "must be a whole number",
    "int_from_float": "must be a whole number",
    "int_parsing": "must be a whole number",
    "float_type": "must be a number",
    "finite_number": "must be a finite number",
    "bool_type": "must be true or false",
    "bool_parsing": "must be true or false",
    "list_type": "must be a list",
    "dict_type": "must be an object",
    "model_type": "must be an object",
    "model_attributes_type": "must be an object",
    "too_long": "may have {max_length} entries at most; this has {actual_length}",
    "too_short": "must have {min_length} entries at least",
    "greater_than_equal": "must be {ge} or more",
    "greater_than": "must be more than {gt}",
    "less_than_equal": "must be {le} or less",
    "less_than": "must be less than {lt}",
    "literal_error": "must be {expected}",
    "enum": "must be {expected}",
    "none_required": "must be null",
    "string_unicode": "must be valid Unicode text",
    "int_parsing_size": "the number is too large",
}


def _plain(value: object) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)


def _fields_at(model: type[BaseModel], location: Sequence[str | int]) -> list[str]:
    found: object = model
    for step in location:
        found = _step(found, step)
    if isinstance(found, type) and issubclass(found, BaseModel):
        return [info.alias or name for name, info in found.model_fields.items()]
    return []


def _step(found: object, step: str | int) -> object:
    if isinstance(found, type) and issubclass(found, BaseModel):
        for name, info in found.model_fields.items():
            if step in (name, info.alias):
                return _bare(info.annotation)
        root = found.model_fields.get("root")
        return _step(_bare(root.annotation), step) if root else None
    inner = get_args(found)
    return _bare(inner[-1]) if get_origin(found) in (list, dict, tuple, Mapping, Sequence) and inner else None


def _bare(annotation: object) -> object:
    """The type inside `Annotated` and `| None`."""
    if hasattr(annotation, "__metadata__"):
        return _bare(get_args(annotation)[0])
    if get_origin(annotation) in (Union, types.UnionType):
        inner = [one for one in get_args(annotation) if one is not type(None)]
        return _bare(inner[0]) if len(inner) == 1 else None
    return annotation
