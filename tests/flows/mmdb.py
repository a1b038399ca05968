"""A small MaxMind DB, written by its specification (maxmind.github.io/MaxMind-DB), to read places from."""

import ipaddress
import struct
from collections.abc import Mapping
from pathlib import Path
from typing import Any

RECORD_BYTES = 3
EMPTY = -1
UINT16, UINT32, UINT64 = 5, 6, 9

PARIS = {
    "continent": {"code": "EU"},
    "country": {"iso_code": "FR", "names": {"en": "France"}},
    "subdivisions": [{"iso_code": "IDF", "names": {"en": "Ile-de-France"}}],
    "city": {"names": {"en": "Paris"}},
    "location": {"latitude": 48.8534, "longitude": 2.3488},
}
NEW_YORK = {
    "country": {"iso_code": "US"},
    "city": {"names": {"en": "New York"}},
    "location": {"latitude": 40.7, "longitude": -74.0},
}


def write(path: Path, networks: Mapping[str, Mapping[str, Any]]) -> Path:
    """Write a file that has these records for these networks of either version."""
    nodes: list[list[int]] = [[EMPTY, EMPTY]]
    data = b""
    for network, record in networks.items():
        _place(nodes, _bits(network), -2 - len(data))
        data += _encoded(record)
    count = len(nodes)
    tree = b"".join(_value(side, count).to_bytes(RECORD_BYTES, "big") for node in nodes for side in node)
    metadata = {
        "binary_format_major_version": (UINT16, 2),
        "binary_format_minor_version": (UINT16, 0),
        "build_epoch": (UINT64, 1_795_000_000),
        "database_type": "Test-City",
        "description": {"en": "places for tests"},
        "ip_version": (UINT16, 6),
        "languages": ["en"],
        "node_count": (UINT32, count),
        "record_size": (UINT16, RECORD_BYTES * 8),
    }
    path.write_bytes(tree + bytes(16) + data + b"\xab\xcd\xefMaxMind.com" + _encoded(metadata))
    return path


def _bits(network: str) -> str:
    told = ipaddress.ip_network(network)
    ahead = 96 if told.version == 4 else 0
    whole = f"{int(told.network_address):0{128 - ahead}b}"
    return "0" * ahead + whole[: told.prefixlen]


def _place(nodes: list[list[int]], bits: str, leaf: int) -> None:
    at = 0
    for bit in bits[:-1]:
        following = nodes[at][int(bit)]
        if following == EMPTY:
            nodes.append([EMPTY, EMPTY])
            following = nodes[at][int(bit)] = len(nodes) - 1
        at = following
    nodes[at][int(bits[-1])] = leaf


def _value(side: int, count: int) -> int:
    if side == EMPTY:
        return count
    return side if side >= 0 else count + 16 + (-2 - side)


def _encoded(value: Any) -> bytes:
    if isinstance(value, str):
        return _head(2, len(value.encode())) + value.encode()
    if isinstance(value, float):
        return _head(3, 8) + struct.pack(">d", value)
    if isinstance(value, tuple):
        kind, number = value
        raw = number.to_bytes((number.bit_length() + 7) // 8, "big")
        return _head(kind, len(raw)) + raw
    if isinstance(value, list):
        return _head(11, len(value)) + b"".join(map(_encoded, value))
    pairs = b"".join(_encoded(name) + _encoded(inner) for name, inner in value.items())
    return _head(7, len(value)) + pairs


def _head(kind: int, size: int) -> bytes:
    length, more = (size, b"") if size < 29 else (29, bytes([size - 29]))
    if kind <= 7:
        return bytes([kind << 5 | length]) + more
    return bytes([length, kind - 7]) + more
