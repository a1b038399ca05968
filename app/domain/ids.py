"""Ids as platforms send them, and the partition a customer belongs to."""

import re
import zlib

ID_PATTERN = r"[A-Za-z0-9._:@-]{1,128}"
_ID = re.compile(ID_PATTERN + r"\Z")


def is_id(text: str) -> bool:
    """Whether the text may be an id of a customer, message, touch, block and so on."""
    return _ID.match(text) is not None


def partition_of(customer_id: str, partitions: int) -> int:
    """The partition of a customer, 0 to partitions - 1; the same in every process for ever."""
    return zlib.crc32(customer_id.encode()) % partitions
