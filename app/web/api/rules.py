"""/v1/rules and /v1/templates: tried out on given values, stored nowhere."""

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import Field

from app.domain.scopes import Scope
from app.flows import trying
from app.web.api.fields import Answer, Body, Fault
from app.web.errors import told
from app.web.routing import Call, Noun

rule_routes = Noun("rules", "Tried out before they are used.")


class RuleTestBody(Body):
    """A rule and the values it is to read."""

    when: Annotated[dict[str, Any], Field(description="a condition tree")]
    attributes: Annotated[dict[str, Any], Field(description="what its paths lead into")]


class RuleCheckBody(Body):
    """A rule as a block would hold it."""

    when: dict[str, Any]


class TemplateTestBody(Body):
    """A Liquid template and the values it is to read."""

    template: Annotated[str, Field(max_length=8_000)]
    data: dict[str, Any] = Field(default_factory=dict)


class RuleTested(Answer):
    """Whether it holds, every term with what it saw, and the rule in words."""

    holds: bool
    trace: list[dict[str, Any]]
    sentence: str


class RuleChecked(Answer):
    """What a block with this rule would be refused for, what to look at, and the rule in words."""

    problems: list[Fault]
    warnings: list[Fault]
    sentence: str | None = None


class TemplateTested(Answer):
    """The text."""

    text: str


@rule_routes.route("POST", "/v1/rules/test", Scope.AUTHOR, answers={200: RuleTested})
def try_rule(call: Call, body: RuleTestBody) -> Mapping[str, Any]:
    """Try a rule on given values

    It may name any paths: the catalogue is not asked. What it reads of this moment is `open.at`.
    """
    tried = trying.try_rule(call.house.cold, body.when, body.attributes)
    terms = [
        {
            "pointer": term.pointer,
            "path": term.path,
            "operator": term.operator,
            "expected": term.expected,
            "seen": term.seen,
            "held": term.held,
        }
        | ({"segment": term.segment} if term.segment else {})
        for term in tried.terms
    ]
    return {"holds": tried.holds, "trace": terms, "sentence": tried.sentence}


@rule_routes.route("POST", "/v1/rules/check", Scope.AUTHOR, answers={200: RuleChecked})
def check_rule(call: Call, body: RuleCheckBody) -> Mapping[str, Any]:
    """Check a rule as a block's draft would be checked"""
    checked = trying.check_rule(call.house.cold, body.when)
    shown = {"problems": told(checked.findings.problems), "warnings": told(checked.findings.warnings)}
    return shown | ({"sentence": checked.sentence} if checked.sentence is not None else {})


@rule_routes.route("POST", "/v1/templates/test", Scope.AUTHOR, answers={200: TemplateTested})
def try_template(_: Call, body: TemplateTestBody) -> Mapping[str, Any]:
    """Try a template on given values"""
    return {"text": trying.try_template(body.template, body.data)}
