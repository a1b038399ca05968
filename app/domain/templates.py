"""Templates: Liquid with every limit set and every filter's output capped."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import wraps
from typing import Any
from urllib.parse import quote

from liquid import BoundTemplate, Environment, is_undefined
from liquid.exceptions import LiquidError
from liquid.stringify import to_liquid_string

from app.domain.formats import FILTERS, READS
from app.domain.plain_templates import NUMBER_BITS_MAX, OUTPUT_MAX, plain_renderer
from app.domain.problems import Invalid
from app.domain.template_ranges import bound_ranges

SOURCE_MAX = 8_000
ITEMS_MAX = 1_000
UNCLOSED_MAX = 500  # Liquid looks for the end of an unclosed `{{` in quadratic time: 4 s for 8,000 characters

# No files to include, no state between renders, nothing that writes HTML.
FORBIDDEN_TAGS = (
    "include", "render", "increment", "decrement", "tablerow", "ifchanged", "cycle",
    "echo", "liquid",
)  # fmt: skip
FORBIDDEN_FILTERS = ("safe", "newline_to_br")


class BadTemplate(Exception):
    """A template could not be rendered with these values."""


class _Liquid(Environment):
    context_depth_limit = 10
    loop_iteration_limit = 2_000
    local_namespace_limit = 20_000
    output_stream_limit = 4 * OUTPUT_MAX
    block_nesting_limit = 10


@dataclass(frozen=True, slots=True)
class Template:
    """A checked template: what it reads, and the text it makes of a context."""

    source: str
    paths: frozenset[str]
    _bound: BoundTemplate | None = None
    _plain: Callable[[Mapping[str, object]], str | None] | None = None

    def render(self, context: Mapping[str, object]) -> str:
        """The text, at most 4,000 characters. Raises BadTemplate and nothing else."""
        if self._bound is None:
            return self.source
        if self._plain is not None:
            text = self._plain(context)
            if text is not None:
                return text
        try:
            text = str(self._bound.render(**context))
        except (
            LiquidError,
            ArithmeticError,
            TypeError,
            ValueError,
            LookupError,
            AttributeError,
            RecursionError,
        ) as wrong:
            raise BadTemplate(_first_line(wrong)) from wrong
        return text[:OUTPUT_MAX]


def is_template(text: str) -> bool:
    """Whether a text has anything for Liquid in it."""
    return "{{" in text or "{%" in text


def compile_template(source: str, *, pointer: str = "") -> Template:
    """Check a template and make it ready. Raises Invalid with the pointer and what is wrong."""
    if len(source) > SOURCE_MAX:
        raise Invalid.at(pointer, f"a template has at most {SOURCE_MAX} characters; this has {len(source)}")
    if not is_template(source):
        return Template(source, frozenset())
    opened = source.find("{{", max(source.rfind("}}"), 0))
    if opened >= 0 and len(source) - opened > UNCLOSED_MAX:
        raise Invalid.at(
            pointer, f"the template cannot be used: the {{{{ at character {opened + 1} is not closed"
        )
    try:
        bound = _ENVIRONMENT.from_string(source)
        bound_ranges(bound)
        paths = _paths_of(bound)
        # Unknown filters and endless work show only in a render; missing values are empty.
        bound.render()
    except (LiquidError, ArithmeticError, TypeError, ValueError, LookupError, RecursionError) as wrong:
        raise Invalid.at(pointer, f"the template cannot be used: {_first_line(wrong)}") from wrong
    return Template(source, paths, bound, plain_renderer(source))


def _first_line(wrong: Exception) -> str:
    return (str(wrong).splitlines() or [type(wrong).__name__])[0][:200]


def _paths_of(bound: BoundTemplate) -> frozenset[str]:
    found = set()
    analysis = bound.analyze()
    for variables in analysis.globals.values():
        for variable in variables:
            names: list[str] = []
            for segment in variable.segments:
                if not isinstance(segment, str):
                    break
                names.append(segment)
            found.add(".".join(names))
    return frozenset(found).union(*(READS[name] for name in FILTERS.keys() & analysis.filters.keys()))


def _capped(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(function)
    def capped(*args: Any, **kwargs: Any) -> Any:
        result = function(*args, **kwargs)
        if isinstance(result, str) and len(result) > OUTPUT_MAX:
            raise ValueError(f"{name} makes more than {OUTPUT_MAX} characters")
        if isinstance(result, list | tuple) and len(result) > ITEMS_MAX:
            raise ValueError(f"{name} makes more than {ITEMS_MAX} items")
        if isinstance(result, int) and result.bit_length() > NUMBER_BITS_MAX:
            raise ValueError(f"{name} makes a number of more than {NUMBER_BITS_MAX} bits")
        return result

    return capped


def _environment() -> Environment:
    environment = _Liquid(strict_filters=True, autoescape=False)
    for tag in FORBIDDEN_TAGS:
        environment.tags.pop(tag, None)
    for name in FORBIDDEN_FILTERS:
        environment.filters.pop(name, None)
    environment.filters.update(FILTERS)
    for name, function in list(environment.filters.items()):
        environment.filters[name] = _capped(name, function)
    environment.filters["link_value"] = _link_value
    return environment


def _link_value(value: object) -> str:
    """One value as part of an address: links.py ends every interpolation with it."""
    text = "" if is_undefined(value) else to_liquid_string(value, autoescape=False)
    return quote(text[:OUTPUT_MAX], safe="")


_ENVIRONMENT = _environment()
