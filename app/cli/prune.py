"""`mailtide prune --days N`: delete events and decisions that are older."""

from argparse import ArgumentParser, ArgumentTypeError, Namespace
from datetime import UTC, datetime, timedelta

from app.cli.houses import opened_cold
from app.flows.pruning import Pruned, count_older, prune

DAYS_MAX = 36_500


def declare(parser: ArgumentParser) -> None:
    """How old, and whether only to look."""
    parser.add_argument("--days", metavar="N", type=_days, required=True, help="keep the last N days")
    parser.add_argument("--dry-run", action="store_true", help="say how many rows would go, and delete none")


def carry_out(args: Namespace) -> int:
    """Delete in small portions, beside everything that runs."""
    before = datetime.now(UTC) - timedelta(days=args.days)
    with opened_cold() as cold:
        gone = count_older(cold, before=before) if args.dry_run else prune(cold, before=before)
    print(f"{_told(gone)} older than {args.days} days {'would be' if args.dry_run else 'are'} deleted.")
    return 0


def _told(gone: Pruned) -> str:
    return f"{gone.events:,} events and {gone.decisions:,} decisions"


def _days(text: str) -> int:
    if text.isascii() and text.isdigit() and 1 <= int(text[:9]) <= DAYS_MAX:
        return int(text)
    raise ArgumentTypeError(f"must be a whole number of days from 1 to {DAYS_MAX:,}")
