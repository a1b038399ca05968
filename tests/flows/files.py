"""Picture files as people have them: with metadata, lying, of many colours, or broken."""

import hashlib
import io
import struct
import zlib

from PIL import Image as Pictures
from PIL import ImageCms

ORIENTATION, MAKER = 0x0112, 0x010F


def drawing(size: tuple[int, int] = (40, 20), mode: str = "RGB") -> Pictures.Image:
    """Two halves, so that turning and cutting can be seen: red on the left, blue on the right."""
    picture = Pictures.new("RGB", size, (200, 30, 30))
    picture.paste((30, 30, 200), (size[0] // 2, 0, *size))
    return picture.convert(mode)


def noise(size: tuple[int, int], mode: str = "RGB") -> Pictures.Image:
    """What no format makes small; the same at every call."""
    length = size[0] * size[1] * len(Pictures.new(mode, (1, 1)).getbands())
    return Pictures.frombytes(mode, size, hashlib.shake_128(b"noise").digest(length))


def see_through(picture: Pictures.Image) -> Pictures.Image:
    """The same, clear in its upper half."""
    clear = picture.convert("RGBA")
    clear.paste((0, 0, 0, 0), (0, 0, picture.width, picture.height // 2))
    return clear


def saved(picture: Pictures.Image, kind: str, **how: object) -> bytes:
    out = io.BytesIO()
    picture.save(out, kind, **how)
    return out.getvalue()


def moving(frames: int = 3, size: tuple[int, int] = (40, 20), **how: object) -> bytes:
    pictures = [Pictures.new("RGB", size, (number % 250, 90, 90)) for number in range(frames)]
    return saved(pictures[0], "GIF", save_all=True, append_images=pictures[1:], duration=100, loop=0, **how)


def exif(orientation: int = 1) -> Pictures.Exif:
    told = Pictures.Exif()
    told[ORIENTATION], told[MAKER] = orientation, "Secret Camera"
    return told


def profile(space: str = "sRGB") -> bytes:
    return ImageCms.ImageCmsProfile(ImageCms.createProfile(space)).tobytes()


def wide_profile() -> bytes:
    """An RGB profile whose red and green have changed places: nothing that keeps its numbers survives it."""
    made = bytearray(profile())
    tags = {
        bytes(made[at : at + 4]): at
        for at in range(132, 132 + 12 * struct.unpack_from(">L", made, 128)[0], 12)
    }
    red, green = tags[b"rXYZ"], tags[b"gXYZ"]
    made[red : red + 4], made[green : green + 4] = b"gXYZ", b"rXYZ"
    return (
        bytes(made).replace("sRGB".encode("utf-16-be"), "swap".encode("utf-16-be")).replace(b"sRGB", b"swap")
    )


def png_of(width: int, height: int) -> bytes:
    """A PNG that says it is so large and holds next to nothing."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")
    )
