"""What each operator does, as a table: the rule, the context, whether it holds."""

from typing import Any

NOW = "2026-11-24T12:00:00+00:00"

Case = tuple[dict[str, Any], dict[str, Any], bool]


def _about(name: str, expected: object, *seen: tuple[object, bool]) -> list[Case]:
    return [({"a": {name: expected}}, {"a": value}, held) for value, held in seen]


def _ago(name: str, expected: str, *seen: tuple[object, bool]) -> list[Case]:
    return [({"a": {name: expected}}, {"a": value, "open": {"at": NOW}}, held) for value, held in seen]


CASES: list[Case] = [
    ({}, {}, True),
    ({}, {"a": 1}, True),
    # equality
    *_about("$eq", "x", ("x", True), ("X", False), (None, False), (["x"], False), ({"x": 1}, False)),
    *_about("$eq", 1, (1, True), (1.0, True), (True, False), ("1", False), (None, False)),
    *_about("$eq", 0, (0, True), (False, False), ("", False), (None, False)),
    *_about("$eq", True, (True, True), (1, False), ("true", False)),
    *_about("$eq", None, (None, True), (0, False), ("", False), ([], False)),
    *_about("$eq", [1, "x"], ([1, "x"], True), (["x", 1], False), ([True, "x"], False), ([1], False)),
    *_about("$eq", {"b": [1]}, ({"b": [1]}, True), ({"b": [True]}, False), ({"b": [1], "c": 2}, False)),
    *_about("$ne", "x", ("y", True), ("x", False), (None, True), (1, True)),
    *_about("$ne", None, ("x", True), (None, False)),
    ({"a": None}, {}, True),
    ({"a": {"b": 1}}, {"a": {"b": 1}}, True),
    ({"a": {}}, {"a": {}}, True),
    ({"a": {}}, {"a": {"b": 1}}, False),
    ({"a.b.c": "x"}, {"a": {"b": {"c": "x"}}}, True),
    ({"a.b.c": "x"}, {"a": {"b": None}}, False),
    ({"a.b": "x"}, {"a": 123}, False),
    ({"a.1": "y"}, {"a": ["x", "y"]}, True),
    ({"a.9": "y"}, {"a": ["x", "y"]}, False),
    # order
    *_about("$gt", 5, (6, True), (5, False), (5.5, True), ("6", False), (None, False), (True, False)),
    *_about("$gt", -10, (None, False), (0, True), (10**400, True), (float("nan"), False)),
    *_about("$gte", 5, (5, True), (4, False)),
    *_about("$lt", 5, (4, True), (5, False), (None, False), (float("-inf"), True)),
    *_about("$lte", 5, (5, True), (6, False)),
    *_about("$gt", "m", ("n", True), ("m", False), ("M", False), (9, False), (None, False)),
    *_about("$lt", "zebra", ("always", True), ("zebra", False)),
    *_about(
        "$gt",
        "2026-11-24T12:00:00+01:00",
        ("2026-11-24T11:30:00+00:00", True),
        ("2026-11-24T11:59:00+01:00", False),
        ("2026-11-25", True),
        ("yesterday", False),
        (5, False),
    ),
    *_about(
        "$between", [10, 20], (10, True), (20, True), (15, True), (9.9, False), (21, False), ("15", False)
    ),
    *_about("$between", ["b", "d"], ("b", True), ("c", True), ("e", False), (None, False)),
    # lists
    *_about(
        "$in", ["x", 1, None], ("x", True), (1, True), (True, False), (None, True), (2, False), ("X", False)
    ),
    *_about("$in", ["x", "y"], (["z", "y"], True), (["z"], False), ([], False), ({"x": 1}, False)),
    *_about("$in", [], ("x", False), ([], False)),
    *_about(
        "$nin", ["x", 1], ("y", True), ("x", False), (None, True), (True, True), (["x"], False), ([], True)
    ),
    *_about(
        "$ini",
        ["Paris", 1],
        ("PARIS", True),
        ("paris", True),
        (1, True),
        (["rome", "pARIS"], True),
        ("x", False),
    ),
    *_about("$nini", ["Paris"], ("PARIS", False), ("rome", True), (None, True)),
    *_about("$all", ["x", "y"], (["y", "z", "x"], True), (["x"], False), ("x", False), (None, False)),
    *_about("$all", [1], ([True], False), ([1.0], True)),
    *_about("$all", [], ([], True), ("x", False)),
    *_about("$alli", ["X", "y"], (["Y", "x"], True), (["x"], False)),
    *_about("$size", 2, ([1, 2], True), ([1], False), ("ab", False), (None, False)),
    *_about("$size", {"$gt": 0, "$lt": 3}, ([1], True), ([], False), ([1, 2, 3], False)),
    *_about("$size", {"$not": {"$eq": 0}}, ([1], True), ([], False)),
    *_about("$elemMatch", {"$gt": 10}, ([0, 15], True), ([0, 5], False), (15, False), ([], False)),
    *_about(
        "$elemMatch",
        {"b": 1, "c": {"$exists": True}},
        ([{"b": 1}, {"b": 1, "c": 0}], True),
        ([{"b": 1}], False),
    ),
    *_about("$elemMatch", {"$or": [{"b": 1}, {"b": 2}]}, ([{"b": 2}], True), ([{"b": 3}], False)),
    *_about("$elemMatch", {"$elemMatch": {"$eq": 1}}, ([[2], [1]], True), ([[2]], False)),
    *_about("$not", {"$elemMatch": {"$eq": 1}}, ([2], True), ([1], False), (None, True)),
    # existence and type
    *_about("$exists", True, (0, True), ("", True), (False, True), (None, False)),
    *_about("$exists", False, (None, True), ([], False)),
    ({"a.b": {"$exists": False}}, {"x": 1}, True),
    *_about("$type", "string", ("", True), (1, False)),
    *_about("$type", "number", (1.5, True), (True, False)),
    *_about("$type", "boolean", (False, True), (0, False)),
    *_about("$type", "array", ([], True), ({}, False)),
    *_about("$type", "object", ({}, True), ([], False)),
    *_about("$type", "null", (None, True), (0, False)),
    # texts
    *_about("$startsWith", "ab", ("abc", True), ("cab", False), (["ab"], False), (None, False)),
    *_about("$endsWith", "@x.example", ("ana@x.example", True), ("@x.example.org", False), (7, False)),
    *_about(
        "$contains", "b", ("abc", True), ("ac", False), (["a", "b"], True), (["ab"], False), (None, False)
    ),
    *_about("$regex", "-12-25$", ("1980-12-25", True), ("1980-12-20", False), (25, False), (None, False)),
    *_about("$regex", "(a+)+$", ("a" * 5_000 + "b", False), ("a" * 5_000, True)),
    *_about("$regexi", "^ana", ("ANABEL", True), ("nana", False)),
    *_about("$notRegex", "b", ("abc", False), ("ac", True), (None, True), (1, True)),
    *_about("$notRegexi", "b", ("aBc", False), ("ac", True)),
    # versions
    *_about("$veq", "v1.2.3", ("1.2.3", True), ("1.2.3+build5", True), ("1.2.4", False), (None, False)),
    *_about("$vne", "1.2", ("1.3", True), ("1.2", False), (None, True)),
    *_about("$vgt", "1.9.0", ("1.10.0", True), ("1.9.0", False), ("1.9.0-beta", False), ("", False)),
    *_about("$vgte", "1.9.0", ("1.9.0", True), ("1.8.9", False)),
    *_about("$vlt", "2.0.0", ("2.0.0-beta", True), ("10.0.0", False)),
    *_about("$vlte", "2", (2, True), ("3", False), ([2], False)),
    # moments
    *_ago(
        "$within",
        "P30D",
        ("2026-11-01T00:00:00Z", True),
        ("2026-10-01", False),
        ("2026-11-25", False),
        (3, False),
    ),
    *_ago("$within", "PT2H", ("2026-11-24T10:30:00+00:00", True), ("2026-11-24T10:30:00+01:00", False)),
    *_ago("$within", "-P7D", ("2026-11-30", True), ("2026-12-02", False), ("2026-11-23", False)),
    *_ago("$within", "P1M", ("2026-10-24T12:00:00Z", True), ("2026-10-24T11:59:59Z", False)),
    *_ago(
        "$olderThan",
        "P30D",
        ("2026-10-01", True),
        ("2026-11-01", False),
        (None, False),
        ("2030-01-01", False),
    ),
    *_ago("$olderThan", "P1Y2M", ("2025-09-24T11:00:00Z", True), ("2025-09-24T13:00:00Z", False)),
    *_ago("$olderThan", "P999Y", ("1999-01-01", False)),
    ({"a": {"$within": "P30D"}}, {"a": "2026-11-01"}, False),
    # another attribute
    ({"a": {"$gte": {"$attr": "b.c"}}}, {"a": 3, "b": {"c": 3}}, True),
    ({"a": {"$gte": {"$attr": "b.c"}}}, {"a": 3, "b": {"c": "3"}}, False),
    ({"a": {"$attr": "b"}}, {"a": "x", "b": "x"}, True),
    ({"a": {"$attr": "b"}}, {}, False),
    ({"a": {"$ne": {"$attr": "b"}}}, {"a": "x"}, True),
    ({"a": {"$in": {"$attr": "b"}}}, {"a": "x", "b": ["x", "y"]}, True),
    ({"a": {"$in": {"$attr": "b"}}}, {"a": "x", "b": "x"}, False),
    ({"a": {"$nin": {"$attr": "b"}}}, {"a": "x", "b": ["y"]}, True),
    ({"a": {"$elemMatch": {"price": {"$lt": {"$attr": "b"}}}}}, {"a": [{"price": 5}], "b": 6}, True),
    ({"a": {"$contains": {"$attr": "b"}}}, {"a": "abc", "b": "b"}, True),
    ({"a": {"$vgt": {"$attr": "b"}}}, {"a": "1.10", "b": "1.9"}, True),
    # joining
    ({"$and": []}, {}, True),
    ({"$or": []}, {}, True),
    ({"$nor": []}, {}, True),
    ({"$and": [{"a": 1}, {"b": 2}]}, {"a": 1, "b": 2}, True),
    ({"$and": [{"a": 1}, {"b": 2}, {"c": 3}]}, {"a": 1, "b": 2}, False),
    ({"$or": [{"a": 1}, {"b": 2}]}, {"b": 2}, True),
    ({"$or": [{"a": 1}, {"b": 2}]}, {}, False),
    ({"$nor": [{"a": 1}, {"b": 2}]}, {"c": 3}, True),
    ({"$nor": [{"a": 1}, {"b": 2}]}, {"b": 2}, False),
    ({"$not": {"a": 1, "b": 2}}, {"a": 1, "b": 3}, True),
    ({"$not": {"a": 1}}, {"a": 1}, False),
    ({"a": {"$not": {"$gt": 3}}}, {}, True),
    ({"a": {"$gt": 1, "$lt": 9, "$ne": 5}}, {"a": 5}, False),
    ({"a": 1, "$or": [{"b": 2}], "$not": {"c": 3}}, {"a": 1, "b": 2}, True),
]
