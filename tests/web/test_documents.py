"""/v1/openapi.json and /docs: all that can be called is there, described, and nothing else."""

import re
from collections.abc import Iterator
from typing import Any

import pytest

from tests.web.conftest import Caller

METHODS = ("get", "post", "put", "patch", "delete")


@pytest.fixture
def document(call: Caller) -> Any:
    return call.ok("GET", "/v1/openapi.json", scope=None)


def operations(document: Any) -> Iterator[tuple[str, str, Any]]:
    for path, item in document["paths"].items():
        for method in METHODS:
            if method in item:
                yield method.upper(), path, item[method]


def references(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        if isinstance(value.get("$ref"), str):
            yield value["$ref"]
        for inner in value.values():
            yield from references(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from references(inner)


def test_every_address_of_the_api_is_described_and_no_other(call: Caller, document: Any) -> None:
    served = {
        (method, re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule))
        for rule in call.client.application.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
        if rule.rule.startswith("/v1/") and rule.rule != "/v1/openapi.json"
    }

    assert {(method, path) for method, path, _ in operations(document)} == served


def test_every_operation_names_its_scope_its_answers_and_its_refusals(document: Any) -> None:
    assert document["openapi"] == "3.1.0"
    seen = set()
    for method, path, told in operations(document):
        good = [status for status in told["responses"] if status < "400"]
        problems = told["responses"]["422"]["content"]

        assert told["summary"], path
        assert told["security"][0]["key"][0] in ("ingest", "decide", "author", "report", "admin")
        assert good, path
        assert list(problems) == ["application/problem+json"], path
        assert method != "POST" or "400" in told["responses"]
        seen.add(told["operationId"])
    assert len(seen) == sum(1 for _ in operations(document))


def test_every_reference_leads_somewhere(document: Any) -> None:
    for reference in set(references(document)):
        found = document
        for step in reference.removeprefix("#/").split("/"):
            found = found[step]
        assert found


def test_a_batch_is_described_as_a_list_and_a_line_of_ndjson_as_one(document: Any) -> None:
    content = document["paths"]["/v1/customers/batch"]["post"]["requestBody"]["content"]
    one = {"$ref": "#/components/schemas/CustomerItem"}

    assert content["application/json"]["schema"] == {"type": "array", "items": one, "maxItems": 1_000}
    assert content["application/x-ndjson"]["schema"] == one
    either = document["paths"]["/v1/activity"]["post"]["requestBody"]["content"]["application/json"]
    assert ["$ref" in way for way in either["schema"]["anyOf"]] == [True, False]


def test_the_page_for_people_has_every_operation_with_its_fields(call: Caller, document: Any) -> None:
    answer = call("GET", "/docs", scope=None)

    assert answer.status == 200
    assert answer.headers["Content-Type"].startswith("text/html")
    for _, path, told in operations(document):
        assert f'id="{told["operationId"]}"' in answer.text
        assert f"<code>{path}</code>" in answer.text
    assert "<code>customer_id</code>" in answer.text
    assert ">None<" not in answer.text
