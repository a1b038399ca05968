"""What a choice was made from is kept within bounds, and no more of a customer than the level allows."""

import json
from typing import Any

from app.domain.blocks import Block, compile_block
from app.domain.evidence import context_of, evidence
from tests import make


def block(*rules: dict[str, object]) -> Block:
    variants = [
        {"id": f"v{place}", "when": rule, "creative": make.creative("x")} for place, rule in enumerate(rules)
    ]
    return compile_block("hero", make.block(variants=variants), version=3)


def test_only_what_rules_read_is_kept_and_what_was_missing_is_not() -> None:
    made = block({"customer.tier": "gold"}, {"local.hour": {"$lt": 12}, "customer.city": "Rome"})
    context = {"customer": {"tier": "gold", "name": "Ana"}, "local": {"hour": 9}}

    told: Any = evidence(made, context, is_everything_kept=True)

    assert told == {"version": 3, "read": {"customer.tier": "gold", "local.hour": 9}}
    assert context_of(told["read"]) == {"customer": {"tier": "gold"}, "local": {"hour": 9}}


def test_below_full_of_what_tells_something_of_the_customer_only_the_path_is_kept() -> None:
    made = block({"customer.tier": "gold", "message.id": "m", "cart.count": 1})
    context = {"customer": {"tier": "gold"}, "message": {"id": "m"}, "cart": {"count": 1}}

    told: Any = evidence(made, context, is_everything_kept=False, is_proven=False, barred=["b", "a"])

    assert told["withheld"] == ["cart.count", "customer.tier"]
    assert told["read"] == {"message.id": "m"}
    assert (told["barred"], told["unproven"]) == (["a", "b"], True)


def test_long_values_and_many_are_left_out() -> None:
    made = block({f"customer.a{place:02}": "x" for place in range(30)} | {"customer.b": "x"})
    values = {f"a{place:02}": "y" * 200 for place in range(30)} | {"b": "z" * 400}

    told: Any = evidence(made, {"customer": values}, is_everything_kept=True)

    assert len(json.dumps(told["read"])) < 2_200
    assert "customer.b" in told["withheld"]
    assert len(told["withheld"]) + len(told["read"]) == 31


def test_a_value_inside_another_one_is_read_from_there() -> None:
    assert context_of({"customer.a": [1], "customer.a.0": 1}) == {"customer": {"a": [1]}}
