"""`mailtide rebuild`: give Redis back from SQL what it lost."""

from argparse import ArgumentParser, Namespace
from datetime import UTC, datetime

from app.cli.houses import opened
from app.flows.rebuilding import rebuild
from app.stores.hot.server import claim


def declare(_: ArgumentParser) -> None:
    """No arguments: what Redis still has stays."""


def carry_out(_: Namespace) -> int:
    """Rebuild; may run beside everything else, and again after it broke off."""
    with opened() as house:
        claim(house.hot)
        back = rebuild(house.hot, house.cold, now=datetime.now(UTC))
    print(
        f"Brought back: {back.documents} published documents, {back.customers} customers, "
        f"{back.engagements} opens and clicks, {back.touches} touches."
    )
    return 0
