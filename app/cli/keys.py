"""`mailtide keys`: API keys are made and shown once, listed, revoked."""

from argparse import ArgumentParser, Namespace
from collections.abc import Callable
from datetime import UTC, datetime

from app.cli.failing import Failed
from app.cli.houses import opened_cold
from app.domain.scopes import Scope
from app.flows import keys
from app.stores.cold.engine import Cold


def declare(parser: ArgumentParser) -> None:
    """create, list and revoke."""
    does = parser.add_subparsers(dest="does", metavar="create|list|revoke", required=True)
    create = does.add_parser("create", help="make a key; it is shown this once")
    create.add_argument("name", metavar="NAME", help="what the key is for, such as the platform's name")
    create.add_argument(
        "--scope",
        dest="scopes",
        action="append",
        required=True,
        choices=[scope.value for scope in Scope],
        metavar="SCOPE",
        help=f"one of {', '.join(Scope)}; may be given several times",
    )
    does.add_parser("list", help="every key with its scopes and use; never the secret")
    revoke = does.add_parser("revoke", help="take a key out of use; servers notice within 5 s")
    revoke.add_argument("key_id", metavar="KEY_ID", help="the id that `mailtide keys list` shows")


def carry_out(args: Namespace) -> int:
    """One of the three."""
    with opened_cold() as cold:
        _DOES[args.does](cold, args)
    return 0


def _create(cold: Cold, args: Namespace) -> None:
    made = keys.create(cold, args.name, args.scopes, now=datetime.now(UTC))
    print(f"Key {made.key_id} ({made.name}) may {', '.join(made.scopes)}. Keep it: it is not shown again.")
    print(made.text)


def _list(cold: Cold, _: Namespace) -> None:
    held = keys.list_all(cold)
    if not held:
        print("There are no keys. `mailtide keys create NAME --scope ingest` makes one.")
    for one in held:
        used = f"used {one.last_used_at:%Y-%m-%d}" if one.last_used_at else "never used"
        state = f"revoked {one.revoked_at:%Y-%m-%d}" if one.revoked_at else used
        print(f"{one.key_id}  {','.join(one.scopes):<20}  {state:<18}  {one.name}")


def _revoke(cold: Cold, args: Namespace) -> None:
    if not keys.revoke(cold, args.key_id, now=datetime.now(UTC)):
        raise Failed(f"no key in use has the id {args.key_id[:40]}: `mailtide keys list` shows them")
    print(f"Key {args.key_id} is revoked. Servers notice within 5 s.")


_DOES: dict[str, Callable[[Cold, Namespace], None]] = {"create": _create, "list": _list, "revoke": _revoke}
