"""Ranges in templates, `(1..5)`: Liquid bounds loops over them, but filters would count to 10 billion."""

from collections.abc import Iterable, Iterator
from typing import Any

from liquid import BoundTemplate, Node, RenderContext
from liquid.builtin.expressions.primitive import RangeLiteral
from liquid.exceptions import LoopIterationLimitError
from liquid.expression import Expression

RANGE_MAX = 2_000


class _ShortRange(RangeLiteral):
    __slots__ = ()

    def _make_range(self, start: Any, stop: Any) -> range:
        made = super()._make_range(start, stop)
        if made.stop - made.start > RANGE_MAX:
            raise LoopIterationLimitError(f"a range has at most {RANGE_MAX} numbers", token=self.token)
        return made


def bound_ranges(template: BoundTemplate) -> None:
    """Make every range of a parsed template refuse more numbers than 2,000, also those that values make."""
    context = RenderContext(template)
    for node in _nodes(template.nodes, context):
        for expression in _expressions(node.expressions()):
            if type(expression) is RangeLiteral:
                # Liquid's parser knows no other class, and offers no place to name one.
                expression.__class__ = _ShortRange


def _nodes(nodes: Iterable[Node], context: RenderContext) -> Iterator[Node]:
    for node in nodes:
        yield node
        yield from _nodes(node.children(context), context)


def _expressions(expressions: Iterable[Expression]) -> Iterator[Expression]:
    for expression in expressions:
        yield expression
        yield from _expressions(expression.children())
