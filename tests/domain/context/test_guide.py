"""The guide to what is around an open tells what is so."""

import json
import re
from pathlib import Path

from app.domain.built_in_attributes import BUILT_IN
from app.domain.rules import compile_rule

PAGE = (Path(__file__).parents[3] / "docs" / "context.md").read_text()


def test_the_guides_rules_hold_as_it_says() -> None:
    examples = [json.loads(part.partition("```")[0]) for part in PAGE.split("```json\n")[1:]]

    assert examples
    for example in examples:
        assert compile_rule(example["when"]).holds(example["for"]) is example["holds"], example


def test_every_path_of_the_guide_is_one() -> None:
    roots = "client|local|days_since|place|weather|open|clicked|history"
    named = re.findall(rf"`((?:{roots})\.[a-z0-9_]+)`", PAGE)

    assert len(named) > 10
    for path in named:
        assert BUILT_IN.path_problem(path, "/when") is None, path
