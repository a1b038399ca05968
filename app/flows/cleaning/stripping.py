"""Files without what is not picture: metadata, profiles, thumbnails, and whatever follows the end.

Each function walks a file's blocks and copies those that pixels are made of; no pixel is decoded, so none
changes. All raise ValueError, struct.error or IndexError where the file is not built as it should be.
"""

import struct

PNG_HEAD = b"\x89PNG\r\n\x1a\n"
_PNG_KEPT = (b"IHDR", b"PLTE", b"tRNS", b"IDAT", b"IEND")

_JFIF_LENGTH = 16  # longer ones hold a thumbnail
_JPEG_ALONE = (0x01, *range(0xD0, 0xD8))  # markers without a length

_GIF_MOVES = (b"NETSCAPE2.0", b"ANIMEXTS1.0")  # the application blocks that hold the loop


def png(data: bytes) -> bytes:
    """PNG: the critical chunks and transparency (PNG 3, 11). Of a moving one the still picture."""
    if not data.startswith(PNG_HEAD):
        raise ValueError("not a PNG")
    kept = [PNG_HEAD]
    at, name = len(PNG_HEAD), b""
    while name != b"IEND":
        length, name = struct.unpack_from(">L4s", data, at)
        after = at + 12 + length
        if after > len(data):
            raise ValueError("a chunk ends early")
        if name in _PNG_KEPT:
            kept.append(data[at:after])
        at = after
    return b"".join(kept)


def jpeg(data: bytes) -> bytes:
    """JPEG: tables, frames and scans (ITU T.81, B), and two segments on how to read them."""
    if not data.startswith(b"\xff\xd8"):
        raise ValueError("not a JPEG")
    kept = [b"\xff\xd8"]
    at = 2
    while data[at + 1] != 0xD9:
        marker = data[at + 1]
        if data[at] != 0xFF:
            raise ValueError("not a marker of a JPEG")
        if marker == 0xFF:  # a fill byte
            at += 1
            continue
        after = at + 2
        if marker not in _JPEG_ALONE:
            after += struct.unpack_from(">H", data, at + 2)[0]
        if marker == 0xDA:
            after = _after_scan(data, after)
        if _is_kept(marker, data[at + 4 : after]):
            kept.append(data[at:after])
        at = after
    return b"".join(kept) + b"\xff\xd9"


def _is_kept(marker: int, payload: bytes) -> bool:
    if marker == 0xE0:
        return payload.startswith(b"JFIF\0") and len(payload) == _JFIF_LENGTH - 2
    if marker == 0xEE:
        return payload.startswith(b"Adobe")
    return not (0xE0 <= marker <= 0xEF or marker == 0xFE)


def _after_scan(data: bytes, at: int) -> int:
    """Where the compressed data end: at the first marker that is neither stuffing nor a restart."""
    while True:
        at = data.index(b"\xff", at)
        if data[at + 1] != 0 and not 0xD0 <= data[at + 1] <= 0xD7:
            return at
        at += 2


def gif(data: bytes) -> bytes:
    """GIF: frames, their control blocks and the loop (GIF89a, 11-27)."""
    magic, flags = struct.unpack_from("<6s4xB", data)
    if magic not in (b"GIF87a", b"GIF89a"):
        raise ValueError("not a GIF")
    at = 13 + _table(flags)
    kept = [data[:at]]
    while data[at] != 0x3B:
        if data[at] == 0x21:
            after = _after_blocks(data, at + 2)
            is_kept = data[at + 1] == 0xF9 or (data[at + 1] == 0xFF and data[at + 3 : at + 14] in _GIF_MOVES)
        elif data[at] == 0x2C:
            after = _after_blocks(data, at + 11 + _table(data[at + 9]))
            is_kept = True
        else:
            raise ValueError("not a block of a GIF")
        if is_kept:
            kept.append(data[at:after])
        at = after
    return b"".join(kept) + b"\x3b"


def _table(flags: int) -> int:
    return 3 << ((flags & 7) + 1) if flags & 0x80 else 0


def _after_blocks(data: bytes, at: int) -> int:
    while data[at]:
        at += 1 + data[at]
    return at + 1
