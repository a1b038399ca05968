"""A real experiment, published: two emails and none to 64,000 customers, and what is known of it."""

import csv
import gzip
from pathlib import Path

import pytest

from app.domain.checks import Check
from app.domain.experiments.results import ArmCounts, Goal, Standing, results
from app.domain.experiments.split import HOLDOUT, read_split

HILLSTROM = Path(__file__).parents[4] / "shared" / "data" / "hillstrom.csv.gz"
ARMS = {"Mens E-Mail": "mens", "Womens E-Mail": "womens", "No E-Mail": HOLDOUT}

pytestmark = pytest.mark.skipif(
    not HILLSTROM.exists(), reason="hillstrom.csv.gz is not there: the real mailing is not looked at"
)


def counted(*, until: int = 64_000) -> dict[str, ArmCounts]:
    """The first customers of the file; a visit stands for the click."""
    found = {arm: [0, 0, 0] for arm in ARMS.values()}
    with gzip.open(HILLSTROM, "rt", encoding="utf-8") as file:
        for number, row in enumerate(csv.DictReader(file)):
            if number >= until:
                break
            numbers = found[ARMS[row["segment"]]]
            for place, told in enumerate((1, int(row["visit"]), int(row["conversion"]))):
                numbers[place] += told
    return {
        arm: ArmCounts(exposed=seen, seen=seen, clicked=visits, converted=bought)
        for arm, (seen, visits, bought) in found.items()
    }


def split():
    arms = [{"id": "mens"}, {"id": "womens"}]
    return read_split(
        Check(), {"split": arms, "holdout": 100 / 3}, "", block_id="hillstrom", variant_id="mailing"
    )


def test_the_better_email_is_found_and_the_customers_were_dealt_evenly() -> None:
    made = results(split(), counted(), goal=Goal.CLICK)

    assert made.standing is Standing.DECIDED
    assert made.sentence.startswith("mens is the best arm, with 18.28 % clicks against 15.14 % of womens.")
    assert made.sample_ratio is not None
    assert made.sample_ratio > 0.1


def test_an_email_is_better_than_none_as_was_published() -> None:
    _, _, none = results(split(), counted(), goal=Goal.CLICK).arms

    assert none.against_first is not None
    assert none.against_first.difference == pytest.approx(-0.0766, abs=0.0001)
    assert none.against_first.always_valid.high < 0


def test_conversions_of_the_two_emails_are_told_apart_too() -> None:
    made = results(split(), counted(), goal=Goal.CONVERSION)

    assert made.sentence.startswith("mens is the best arm, with 1.25 % conversions against 0.88 % of womens.")


def test_a_small_part_of_the_customers_is_not_enough_to_decide() -> None:
    made = results(split(), counted(until=1_000), goal=Goal.CLICK)

    assert made.standing is Standing.UNDECIDED
