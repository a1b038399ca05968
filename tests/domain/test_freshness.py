"""How long another server's file is fresh."""

import pytest

from app.domain.freshness import HIGH_S, LOW_S, OTHERWISE_S, fresh_for_s


@pytest.mark.parametrize(
    ("cache_control", "age", "seconds"),
    [
        ("", "", OTHERWISE_S),
        ("public", "", OTHERWISE_S),
        ("max-age=600", "", 600),
        ("public, Max-Age = 600", "", 600),
        ('max-age="600"', "", 600),
        ("max-age=600, s-maxage=1200", "", 1200),
        ("max-age=600", "100", 500),
        ("max-age=600", "5000", LOW_S),
        ("max-age=600", "soon", 600),
        ("max-age=0", "", LOW_S),
        ("max-age=-5", "", OTHERWISE_S),
        ("max-age=1e9", "", OTHERWISE_S),
        ("max-age=31536000, immutable", "", HIGH_S),
        ("max-age=" + "9" * 100, "", OTHERWISE_S),
        ("no-store", "", LOW_S),
        ("no-cache, max-age=600", "", LOW_S),
        (", ,=,;" * 1_000, "", OTHERWISE_S),
    ],
)
def test_what_a_server_says_counts_within_a_minute_and_a_day(
    cache_control: str, age: str, seconds: float
) -> None:
    assert fresh_for_s(cache_control, age) == seconds
