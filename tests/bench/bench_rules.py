"""What a rule, a choice and a template cost."""

import json
import statistics
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from app.domain.blocks import compile_block
from app.domain.checks import Check
from app.domain.choice import Recipient, choose
from app.domain.rules import compile_rule
from app.domain.templates import compile_template
from app.domain.translations import read_texts
from tests import make

RULES = json.loads((Path(__file__).parent / "rules.json").read_text())
ROUNDS, CALLS = 5, 4_000


def rows() -> list[dict[str, Any]]:
    """Mean microseconds, medians of several rounds."""
    rules = [compile_rule(rule) for rule in RULES["rules"]]
    contexts = [RULES["rich"], RULES["anonymous"]]
    calls = [(rule.holds, context) for rule in rules for context in contexts]
    rule_us = _us(lambda: [holds(context) for holds, context in calls]) / len(calls)
    block = compile_block("hero", _ten_variants(), version=1)
    split = compile_block("hero", _split_of_two(), version=1)
    whom = Recipient("customer-0123456")
    words = "{{ customer.first_name | default: 'You' }}, {{ customer.points }} points"
    template = compile_template(words)
    texts = read_texts(Check(), {"texts": {"en": {"a": words}, "fr": {"a": words}}, "default_locale": "en"})
    translated = texts.template("{{ texts.a }}")
    liquid = compile_template("{% if customer.points > 100 %}{{ customer.first_name | upcase }}{% endif %}")
    return [
        {
            "name": "rule of 3 to 6 terms, mean",
            "value": round(rule_us, 2),
            "unit": "us",
            "target": "<= 3",
            "met": rule_us <= 3,
        },
        {
            "name": "choice among 10 variants of 4 terms, none holds",
            "value": round(_us(lambda: choose(block, RULES["rich"], now=make.NOW)), 1),
            "unit": "us",
        },
        {
            "name": "choice of an arm, holdout and hours looked at",
            "value": round(_us(lambda: choose(split, RULES["rich"], now=make.NOW, whom=whom)), 1),
            "unit": "us",
        },
        {
            "name": "template with two values",
            "value": round(_us(lambda: template.render(RULES["rich"])), 1),
            "unit": "us",
        },
        {
            "name": "template with a translated text of two values",
            "value": round(_us(lambda: translated.render(RULES["rich"])), 1),
            "unit": "us",
        },
        {
            "name": "template with a filter and a condition",
            "value": round(_us(lambda: liquid.render(RULES["rich"])), 1),
            "unit": "us",
        },
    ]


def _ten_variants() -> dict[str, object]:
    when = {
        "customer.tier": {"$in": ["gold", "silver"]},
        "customer.points": {"$gte": 100},
        "cart.count": {"$gt": 0},
        "customer.city": "Nowhere",
    }
    return make.block(
        variants=[{"id": f"v{number}", "when": when, "creative": make.creative("x")} for number in range(10)]
    )


def _split_of_two() -> dict[str, object]:
    arms = [{"id": arm, "creative": make.creative(arm)} for arm in ("a", "b")]
    return make.block(
        holdout=0.1, variants=[{"id": "test", "hours": [{"zone": "Europe/Paris"}], "split": arms}]
    )


def _us(work: Callable[[], object]) -> float:
    taken = []
    for _ in range(ROUNDS):
        started = time.perf_counter()
        for _ in range(CALLS):
            work()
        taken.append((time.perf_counter() - started) / CALLS * 1e6)
    return statistics.median(taken)
