"""The hosts that links may lead to, where a deployment names them; where it names none, any.

Without names a link still leads only where its author wrote it, or where a saved item says.
"""

from collections.abc import Iterator, Mapping, Sequence
from urllib.parse import urlsplit

from app.domain.addresses import is_allowed
from app.domain.paths import escaped
from app.domain.problems import Problem

_NO_LINKS_IN = ("params", "when")  # what a reader sees, and conditions


def host_fault(url: str, hosts: Sequence[str]) -> str | None:
    """What is wrong with the host of a web address, or None. Hosts are as in IMAGE_HOSTS."""
    if not hosts:
        return None
    try:
        host = (urlsplit(url).hostname or "").lower()
    except ValueError:
        return "this is not a web address"
    return None if is_allowed(host, hosts) else f"LINK_HOSTS does not name {host[:253]!r}"


def link_problems(block: object, hosts: Sequence[str]) -> list[Problem]:
    """The links of a good block's document that lead elsewhere; an item's own address is known later."""
    if not hosts:
        return []
    found = (
        Problem(pointer, fault)
        for pointer, link in _links(block, "")
        if not link.startswith("{{") and (fault := host_fault(link, hosts))
    )
    return list(found)[:20]


def _links(value: object, pointer: str) -> Iterator[tuple[str, str]]:
    pairs: Iterator[tuple[object, object]] = iter(())
    if isinstance(value, Mapping):
        pairs = iter(value.items())
    elif isinstance(value, list):
        pairs = iter(enumerate(value))
    for name, inner in pairs:
        at = f"{pointer}/{escaped(str(name))}"
        if name == "link" and isinstance(inner, str):
            yield at, inner
        elif name not in _NO_LINKS_IN:
            yield from _links(inner, at)
