"""Rules, templates and judgements are tried out on given values; nothing is stored."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.domain.context import path_problem
from app.domain.problems import Invalid, Problem
from app.domain.rules import Term, compile_rule, trace
from app.domain.templates import BadTemplate, compile_template


@dataclass(frozen=True, slots=True)
class Tried:
    """Whether a rule holds, and every term with what it saw."""

    holds: bool
    terms: Sequence[Term]


def try_rule(when: object, attributes: Mapping[str, object]) -> Tried:
    """Evaluate a rule as given, with whatever paths it names. Raises Invalid."""
    rule = compile_rule(when, pointer="/when")
    return Tried(rule.holds(dict(attributes)), trace(when, dict(attributes)))


def check_rule(when: object) -> list[Problem]:
    """What a block with this rule would be refused for."""
    try:
        rule = compile_rule(when, pointer="/when")
    except Invalid as wrong:
        return list(wrong.problems)
    found = (path_problem(path, "/when") for path in sorted(rule.paths))
    return [problem for problem in found if problem is not None]


def try_template(source: str, data: Mapping[str, object]) -> str:
    """The text a template makes of the data. Raises Invalid."""
    template = compile_template(source, pointer="/template")
    try:
        return template.render(data)
    except BadTemplate as wrong:
        raise Invalid(
            problems=[Problem("/template", f"cannot be rendered with this data: {wrong}")]
        ) from wrong
