"""Rules, templates and judgements are tried out on given values; nothing is stored."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from app.domain.problems import Invalid, Problem
from app.domain.rules import Term, compile_rule
from app.domain.rules.checking import Findings, check
from app.domain.rules.sentences import sentence
from app.domain.rules.tracing import evaluate
from app.domain.templates import BadTemplate, compile_template
from app.domain.vocabulary import Vocabulary
from app.flows.vocabulary import vocabulary_of
from app.stores.cold.engine import Cold


@dataclass(frozen=True, slots=True)
class Tried:
    """Whether a rule holds, every term with what it saw, and the rule in words."""

    holds: bool
    terms: Sequence[Term]
    sentence: str


@dataclass(frozen=True, slots=True)
class Checked:
    """What a block with this rule would be refused for, what to look at, and the rule in words."""

    findings: Findings
    sentence: str | None = None


def try_rule(cold: Cold, when: object, attributes: Mapping[str, object]) -> Tried:
    """Evaluate a rule as given, with whatever paths it names. Raises Invalid, Unavailable."""
    rule = compile_rule(when, pointer="/when", segments=_vocabulary(cold).segments)
    context = dict(attributes)
    traced = evaluate(when, context, rule.segments)
    return Tried(rule.holds(context), traced.terms, sentence(when))


def check_rule(cold: Cold, when: object) -> Checked:
    """Check a rule as a block's would be checked. Raises Unavailable."""
    vocabulary = _vocabulary(cold)
    try:
        compile_rule(when, pointer="/when", segments=vocabulary.segments)
    except Invalid as wrong:
        return Checked(Findings(problems=list(wrong.problems)))
    return Checked(check(when, vocabulary.catalogue, pointer="/when"), sentence(when))


def _vocabulary(cold: Cold) -> Vocabulary:
    with cold.reading() as connection:
        return vocabulary_of(connection)


def try_template(source: str, data: Mapping[str, object]) -> str:
    """The text a template makes of the data. Raises Invalid."""
    template = compile_template(source, pointer="/template")
    try:
        return template.render(data)
    except BadTemplate as wrong:
        raise Invalid(
            problems=[Problem("/template", f"cannot be rendered with this data: {wrong}")]
        ) from wrong
