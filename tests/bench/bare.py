"""A WSGI callable that does nothing, on the same server: what every ratio is against."""

from collections.abc import Callable
from typing import Any

PIXEL = b"GIF89a\x01\x00\x01\x00\x80\x00\x00\x00\x00\x00\xff\xff\xff!\xf9\x04\x01\x00\x00\x00\x00,"
PIXEL += b"\x00\x00\x00\x00\x01\x00\x01\x00\x00\x02\x02D\x01\x00;"


def app(environ: dict[str, Any], start_response: Callable[..., object]) -> list[bytes]:
    """A pixel, whatever is asked."""
    start_response("200 OK", [("Content-Type", "image/gif"), ("Content-Length", str(len(PIXEL)))])
    return [PIXEL]
