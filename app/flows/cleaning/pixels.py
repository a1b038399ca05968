"""Pixels as everybody reads them: upright, eight bits a channel, sRGB."""

import io

from PIL import Image as Pictures
from PIL import ImageCms, ImageOps

_AS_THEY_ARE = ("1", "L", "LA", "P", "PA", "RGB", "RGBA")
_SAMPLE = (256, 256)
_DRAWING_COLOURS = 2_048


def is_srgb(picture: Pictures.Image) -> bool:
    """Whether the pixels mean what they say: a mode that needs no conversion, and no profile but sRGB's."""
    return picture.mode in _AS_THEY_ARE and _profile(picture) is None


def has_alpha(picture: Pictures.Image) -> bool:
    """Whether anything may be seen through it."""
    return picture.mode in ("RGBA", "LA", "PA") or "transparency" in picture.info


def is_photograph(picture: Pictures.Image) -> bool:
    """Whether it has more colours than a drawing; looks at a sample of it."""
    return picture.resize(_SAMPLE, Pictures.Resampling.NEAREST).getcolors(_DRAWING_COLOURS) is None


def upright(picture: Pictures.Image) -> Pictures.Image:
    """As the camera was held, and with nothing said about it any more."""
    turned = ImageOps.exif_transpose(picture)
    turned.info.clear()
    return turned


def plain(picture: Pictures.Image) -> Pictures.Image:
    """RGB or RGBA in sRGB; the EXIF data stay, for `upright`."""
    profile = _profile(picture)
    alpha = picture.convert("RGBA").getchannel("A") if has_alpha(picture) else None
    opaque = _converted(picture, profile) or _eight_bits(picture).convert("RGB")
    if alpha is not None:
        opaque.putalpha(alpha)
    opaque.info = {"exif": picture.info["exif"]} if "exif" in picture.info else {}
    return opaque


def _eight_bits(picture: Pictures.Image) -> Pictures.Image:
    # Pillow's own way from 16 bits to 8 makes white of all that is over 255.
    if not picture.mode.startswith("I"):
        return picture
    return picture.convert("I").point([at >> 8 for at in range(65_536)], "L")


def _converted(picture: Pictures.Image, profile: ImageCms.ImageCmsProfile | None) -> Pictures.Image | None:
    if profile is None:
        return None
    source = picture if picture.mode in ("L", "RGB", "CMYK") else picture.convert("RGB")
    try:
        return ImageCms.profileToProfile(source, profile, ImageCms.createProfile("sRGB"), outputMode="RGB")
    except ImageCms.PyCMSError:
        return None  # a profile of other channels than the picture has: it says nothing about this one


def _profile(picture: Pictures.Image) -> ImageCms.ImageCmsProfile | None:
    """The profile, where it is one and not sRGB's."""
    held = picture.info.get("icc_profile")
    if not held:
        return None
    try:
        profile = ImageCms.ImageCmsProfile(io.BytesIO(held))
        return None if "srgb" in ImageCms.getProfileDescription(profile).lower() else profile
    except (OSError, ImageCms.PyCMSError):
        return None
