"""Where a request came from, through the proxies in front."""

import pytest

from app.web.client_address import client_ip


@pytest.mark.parametrize(
    ("forwarded", "trusted", "wanted"),
    [
        ("198.51.100.7", 0, "10.0.0.1"),
        ("198.51.100.7", 1, "198.51.100.7"),
        ("6.6.6.6, 198.51.100.7", 1, "198.51.100.7"),
        ("6.6.6.6, 198.51.100.7, 10.0.0.2", 2, "198.51.100.7"),
        ("198.51.100.7", 2, "10.0.0.1"),
        ("<script>", 1, "10.0.0.1"),
        ("", 1, "10.0.0.1"),
    ],
)
def test_a_forwarded_address_is_believed_only_from_trusted_proxies(
    forwarded: str, trusted: int, wanted: str
) -> None:
    environ = {"REMOTE_ADDR": "10.0.0.1", "HTTP_X_FORWARDED_FOR": forwarded}

    assert client_ip(environ, trusted) == wanted
