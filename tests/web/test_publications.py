"""Publishing with care: what differs between versions, and what is looked at before one goes out."""

from tests import make
from tests.web.conftest import Caller


def published(call: Caller, **fields: object) -> int:
    call.ok("PUT", "/v1/blocks/hero", make.block(**fields))
    version: int = call.ok("POST", "/v1/blocks/hero/publish", {"note": "try"})["version"]
    return version


def test_two_versions_and_the_draft_are_compared(call: Caller) -> None:
    published(call)
    published(call, name="Autumn", variants=[])
    call.ok("PUT", "/v1/blocks/hero", make.block(name="Autumn", variants=[], alt=""))

    told = call.ok("GET", "/v1/blocks/hero/versions/1/diff/2")
    assert told == {
        "block_id": "hero",
        "differences": [
            {"kind": "changed", "pointer": "/name", "before": "Spring hero", "after": "Autumn"},
            {"kind": "removed", "pointer": "/variants/0", "before": make.block()["variants"][0]},  # type: ignore[index]
        ],
    }
    assert call.ok("GET", "/v1/blocks/hero/versions/2/diff/draft")["differences"] == [
        {"kind": "changed", "pointer": "/alt", "before": "Your spring offer", "after": ""}
    ]
    assert call.ok("GET", "/v1/blocks/hero/versions/2/diff/2")["differences"] == []


def test_a_version_that_is_not_there_cannot_be_compared(call: Caller) -> None:
    published(call)

    assert call("GET", "/v1/blocks/hero/versions/1/diff/7").status == 404
    assert call("GET", "/v1/blocks/other/versions/1/diff/1").status == 404
    assert call("GET", "/v1/blocks/hero/versions/1/diff/last").status == 422
