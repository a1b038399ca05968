"""Optimistic locking: an ETag names a draft's edition, If-Match says which one the caller read."""

import re

from flask import request

from app.domain.problems import Invalid, Problem

EDITION = re.compile(r'(?:W/)?"(\d{1,9})"\Z')


def etag(edition: int) -> dict[str, str]:
    """The header that names an edition."""
    return {"ETag": f'"{edition}"'}


def expected() -> int | None:
    """The edition the caller wants to replace: 0 for none there yet, None for whatever is there."""
    if request.headers.get("If-None-Match", "").strip() == "*":
        return 0
    told = request.headers.get("If-Match", "").strip()
    if told in ("", "*"):
        return None
    shape = EDITION.match(told)
    if shape is None:
        raise Invalid(problems=[Problem("?If-Match", 'must be an ETag as it was given, such as "3"')])
    return int(shape[1])
