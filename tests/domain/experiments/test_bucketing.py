"""Bucketing: the same arms as GrowthBook's SDKs give, evenly and independently."""

from collections import Counter

import pytest

from app.domain.experiments.bucketing import Namespace, arm_at, bucket, is_in_namespace, ranges, seeded

IDS = [f"customer-{number}" for number in range(100_000)]
# The largest chi-square that chance gives once in a thousand tries.
CHI_99_999 = 148.23
CHI_81_999 = 125.65


def test_the_place_is_the_one_of_the_published_case() -> None:
    assert bucket(seeded("seed"), "a") == 0.0505


@pytest.mark.parametrize(
    ("value", "namespace", "start", "end", "is_in"),
    [
        ("1", "namespace1", 0, 0.4, False),
        ("1", "namespace1", 0.4, 1, True),
        ("1", "namespace2", 0, 0.4, False),
        ("1", "namespace2", 0.4, 1, True),
        ("2", "namespace1", 0, 0.4, False),
        ("2", "namespace1", 0.4, 1, True),
    ],
)
def test_namespaces_are_those_of_the_published_cases(
    value: str, namespace: str, start: float, end: float, is_in: bool
) -> None:
    assert is_in_namespace(value, Namespace(namespace, start, end)) is is_in


@pytest.mark.parametrize(
    ("weights", "coverage", "expected"),
    [
        ([1, 1], 1, [(0, 0.5), (0.5, 1)]),
        ([1, 1], 0.5, [(0, 0.25), (0.5, 0.75)]),
        ([1, 1], 0, [(0, 0), (0.5, 0.5)]),
        ([1, 1, 1, 1], 1, [(0, 0.25), (0.25, 0.5), (0.5, 0.75), (0.75, 1)]),
        ([40, 60], 1, [(0, 0.4), (0.4, 1)]),
        ([20, 30, 50], 1, [(0, 0.2), (0.2, 0.5), (0.5, 1)]),
        ([20, 30, 50], 0.2, [(0, 0.04), (0.2, 0.26), (0.5, 0.6)]),
    ],
)
def test_ranges_are_those_of_the_published_cases(
    weights: list[float], coverage: float, expected: list[tuple[float, float]]
) -> None:
    made = ranges(weights, coverage=coverage)

    assert [pytest.approx(one) for one in made] == expected


@pytest.mark.parametrize(
    ("place", "arm"), [(0, 0), (0.2499, 0), (0.25, None), (0.4, None), (0.5, 1), (0.8, None), (1, None)]
)
def test_a_place_between_the_ranges_is_in_no_arm(place: float, arm: int | None) -> None:
    assert arm_at(place, ((0, 0.25), (0.5, 0.75))) == arm


@pytest.mark.parametrize("arms", range(1, 11))
def test_at_full_coverage_every_place_is_in_one_arm(arms: int) -> None:
    made = ranges([number + 1 for number in range(arms)])

    held = [sum(start <= n / 10_000 < end for start, end in made) for n in range(10_000)]

    assert set(held) == {1}


def test_a_wider_coverage_moves_nobody_to_another_arm() -> None:
    narrow, wide = (ranges([20, 30, 50], coverage=coverage) for coverage in (0.2, 0.7))
    places = [bucket(seeded("hero"), one) for one in IDS[:10_000]]

    before = [(arm_at(place, narrow), arm_at(place, wide)) for place in places]

    assert sum(one is not None for one, _ in before) > 1_500
    assert all(one in (None, other) for one, other in before)


def test_customers_spread_evenly() -> None:
    places = Counter(int(bucket(seeded("hero"), one) * 100) for one in IDS)

    chi_square = sum((places[number] - 1_000) ** 2 / 1_000 for number in range(100))

    assert chi_square < CHI_99_999


def test_the_arm_in_one_experiment_says_nothing_of_the_arm_in_another() -> None:
    first, second = seeded("hero:test"), seeded("hero:test2")
    pairs = Counter((int(bucket(first, one) * 10), int(bucket(second, one) * 10)) for one in IDS)
    rows, columns = Counter[int](), Counter[int]()
    for (row, column), number in pairs.items():
        rows[row] += number
        columns[column] += number

    chi_square = sum(
        (pairs[row, column] - expected) ** 2 / expected
        for row in range(10)
        for column in range(10)
        if (expected := rows[row] * columns[column] / len(IDS))
    )

    assert chi_square < CHI_81_999


@pytest.mark.parametrize(
    ("plain", "other"), [("ana", "ána"), ("ana", "аna"), ("\U0001f600", "\U0001f601"), ("\ud800", "\ud801")]
)
def test_ids_beyond_ascii_have_places_of_their_own(plain: str, other: str) -> None:
    assert bucket(seeded("s"), plain) != bucket(seeded("s"), other)


@pytest.mark.parametrize(("seed", "value", "place"), [("", "\U0001f600", 0.4971), ("seed", "ána", 0.93)])
def test_code_units_are_those_of_javascript(seed: str, value: str, place: float) -> None:
    # The places as worked out in JavaScript with charCodeAt and Math.imul.
    assert bucket(seeded(seed), value) == place
