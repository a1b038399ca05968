"""/v1/blocks: drafts, versions, publishing, rolling back, recalling."""

import pytest

from app.stores.cold import blocks
from tests import make
from tests.web.conftest import Caller

# An EAN-13 whose check digit is not that of its other digits.
MISTYPED = {"kind": "barcode", "params": {"value": "4006381333932", "symbology": "ean13"}}


def published(call: Caller, **fields: object) -> int:
    call.ok("PUT", "/v1/blocks/hero", make.block(**fields))
    version: int = call.ok("POST", "/v1/blocks/hero/publish", {"note": "try"})["version"]
    return version


def out(call: Caller) -> tuple[int, str, bool]:
    """What every process serves: version, name, whether it is recalled."""
    call.house.snapshot.refresh()
    block = call.house.snapshot.block("hero")
    assert block is not None
    return block.version, block.name, block.is_recalled


def test_a_draft_is_kept_and_goes_nowhere(call: Caller) -> None:
    answer = call("PUT", "/v1/blocks/hero", make.block())

    read = call("GET", "/v1/blocks/hero")
    assert answer.json == {"block_id": "hero", "edition": 1}
    assert answer.headers["ETag"] == read.headers["ETag"] == '"1"'
    assert read.json["document"] == make.block()
    assert "published_version" not in read.json
    call.house.snapshot.refresh()
    assert call.house.snapshot.block("hero") is None


def test_publishing_makes_versions_and_every_process_serves_the_last(call: Caller) -> None:
    first = published(call, name="one")
    second = published(call, name="two")

    told = call.ok("GET", "/v1/blocks/hero/versions")
    assert (first, second) == (1, 2)
    assert out(call) == (2, "two", False)
    assert [(one["version"], one["note"], one["by"]) for one in told["versions"]] == [
        (2, "try", "tests"),
        (1, "try", "tests"),
    ]
    assert told["published_version"] == 2


def test_a_rollback_lets_an_earlier_version_out_again(call: Caller) -> None:
    published(call, name="one")
    published(call, name="two")

    call.ok("POST", "/v1/blocks/hero/rollback", {"version": 1})

    assert out(call) == (1, "one", False)
    assert call.ok("GET", "/v1/blocks/hero")["published_version"] == 1
    assert published(call, name="three") == 3


def test_a_recall_serves_the_fallback_until_the_next_publishing(call: Caller) -> None:
    published(call)

    recalled = call.ok("POST", "/v1/blocks/hero/recall")
    state = out(call)
    published(call)

    assert recalled == {"block_id": "hero", "version": 1, "is_recalled": True}
    assert state == (1, "Spring hero", True)
    assert out(call) == (2, "Spring hero", False)


def test_a_draft_somebody_else_changed_is_not_overwritten(call: Caller) -> None:
    call.ok("PUT", "/v1/blocks/hero", make.block(), headers={"If-None-Match": "*"})
    call.ok("PUT", "/v1/blocks/hero", make.block(name="theirs"), headers={"If-Match": '"1"'})

    stale = call("PUT", "/v1/blocks/hero", make.block(name="mine"), headers={"If-Match": '"1"'})
    second = call("PUT", "/v1/blocks/hero", make.block(), headers={"If-None-Match": "*"})
    publishing = call("POST", "/v1/blocks/hero/publish", {}, headers={"If-Match": '"1"'})

    assert (stale.status, second.status, publishing.status) == (409, 409, 409)
    assert "edition 2" in stale.json["detail"]
    assert call.ok("GET", "/v1/blocks/hero")["document"]["name"] == "theirs"


def test_an_etag_that_is_none_is_refused(call: Caller) -> None:
    answer = call("PUT", "/v1/blocks/hero", make.block(), headers={"If-Match": "yesterday"})

    assert answer.status == 422
    assert answer.json["errors"][0]["parameter"] == "If-Match"


@pytest.mark.parametrize(
    ("fields", "pointer"),
    [
        ({"widht": 300}, "/widht"),
        ({"width": "300"}, "/width"),
        ({"width": 0}, "/width"),
        ({"width": 1500, "scale": 2}, "/width"),
        ({"fallback": None}, "/fallback"),
        ({"variants": [{"id": "x y", "creative": make.creative("a")}]}, "/variants/0/id"),
        ({"variants": [{"id": "x", "creative": {"kind": "hologram"}}]}, "/variants/0/creative/kind"),
        (
            {"variants": [{"id": "x", "creative": make.creative("a"), "when": {"customr.a": 1}}]},
            "/variants/0/when/customr.a",
        ),
        (
            {"variants": [{"id": "x", "creative": make.creative("{{ customer.a | explode }}")}]},
            "/variants/0/creative/params/text",
        ),
        (
            {"variants": [{"id": "x", "creative": make.creative("a", colour="red")}]},
            "/variants/0/creative/params/colour",
        ),
        (
            {"variants": [{"id": "x", "creative": MISTYPED}]},
            "/variants/0/creative/params/value",
        ),
        (
            {"variants": [{"id": "x", "creative": make.creative("a"), "link": "javascript:alert(1)"}]},
            "/variants/0/link",
        ),
        (
            {"variants": [{"id": "x", "creative": make.creative("a"), "from": "2026-11-01"}]},
            "/variants/0/from",
        ),
    ],
)
def test_a_faulty_draft_is_refused_with_pointers(
    call: Caller, fields: dict[str, object], pointer: str
) -> None:
    answer = call("PUT", "/v1/blocks/hero", make.block(**fields))

    assert answer.status == 422, answer.text
    assert pointer in [error["pointer"] for error in answer.json["errors"]]
    assert call("GET", "/v1/blocks/hero").status == 404


def test_a_draft_may_wait_for_its_picture_and_a_publication_may_not(call: Caller) -> None:
    waiting = {"creative": {"kind": "image", "params": {"source": "asset:hero"}}}
    call.ok("PUT", "/v1/blocks/hero", make.block(fallback=waiting))

    answer = call("POST", "/v1/blocks/hero/publish", {})

    assert answer.status == 422
    assert answer.json["errors"][0]["pointer"].startswith("/fallback/creative/params/source")
    assert "hero" in answer.json["errors"][0]["detail"]
    assert call.ok("GET", "/v1/blocks/hero/versions")["versions"] == []


def test_unknown_blocks_and_versions_are_told(call: Caller) -> None:
    for method, path, body in (
        ("GET", "/v1/blocks/nothing", None),
        ("GET", "/v1/blocks/nothing/versions", None),
        ("POST", "/v1/blocks/nothing/publish", {}),
        ("POST", "/v1/blocks/nothing/rollback", {"version": 1}),
        ("POST", "/v1/blocks/nothing/recall", None),
        ("POST", "/v1/blocks/nothing/preview", {}),
    ):
        assert call(method, path, body).status == 404, path

    published(call)
    missing = call("POST", "/v1/blocks/hero/rollback", {"version": 9})
    assert missing.status == 422
    assert missing.json["errors"] == [
        {"pointer": "/version", "detail": "there is no version 9 of this block"}
    ]


def test_nothing_to_recall_is_a_conflict(call: Caller) -> None:
    call.ok("PUT", "/v1/blocks/hero", make.block())

    assert call("POST", "/v1/blocks/hero/recall").status == 409


def test_drafts_are_listed_by_id(call: Caller) -> None:
    for block_id in ("b", "a", "c"):
        call.ok("PUT", f"/v1/blocks/{block_id}", make.block())

    first = call.ok("GET", "/v1/blocks?limit=2")
    second = call.ok("GET", f"/v1/blocks?limit=2&after={first['next_cursor']}")

    assert [one["block_id"] for one in first["blocks"] + second["blocks"]] == ["a", "b", "c"]
    assert "next_cursor" not in second


def test_a_cursor_belongs_to_its_list(call: Caller) -> None:
    call.ok("PUT", "/v1/blocks/a", make.block())
    cursor = call.ok("GET", "/v1/blocks?limit=1")["next_cursor"]

    for path in ("/v1/messages", "/v1/policies", "/v1/events"):
        answer = call("GET", f"{path}?after={cursor}")

        assert answer.status == 422
        assert answer.json["errors"][0]["parameter"] == "after"
    assert call("GET", "/v1/blocks?after=a").status == 422


def test_with_redis_away_nothing_is_published_and_no_version_made(call: Caller) -> None:
    call.ok("PUT", "/v1/blocks/hero", make.block())
    call.valkey.stop()

    answer = call("POST", "/v1/blocks/hero/publish", {})

    assert answer.status == 503
    assert "nothing was changed" in answer.json["detail"]
    with call.house.cold.reading() as connection:
        assert blocks.versions(connection, "hero") == []
