"""Parameters in, bytes out: every kind of picture that a block may show. Knows nothing of app.

`compile` does once what does not depend on the customer or the moment; the `Design` it returns draws the
rest at every open. `KINDS` lists the kinds; docs/rendering.md tells their parameters.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from types import MappingProxyType

from PIL.Image import DecompressionBombError

from renderers.assets import assets_of
from renderers.blanks import PIXEL, blank
from renderers.kinds import (
    banner,
    barcode,
    card,
    chart,
    collapse,
    countdown,
    coupon,
    grid,
    image,
    layers,
    order,
    poll,
    progress,
    rating,
    stock,
    text,
    weather,
)
from renderers.model import (
    MAX_CANVAS_PX,
    Assets,
    BadParams,
    CannotRender,
    Drawing,
    Filled,
    Image,
    Kind,
    ParamProblem,
    Size,
    check_size,
)
from renderers.own import Typeface, lettered, lettered_schema, typeface_of
from renderers.params import replace_templates, templates_of

__all__ = [
    "KINDS",
    "MAX_CANVAS_PX",
    "PIXEL",
    "BadParams",
    "CannotRender",
    "Design",
    "Image",
    "Kind",
    "ParamProblem",
    "Size",
    "assets_of",
    "blank",
    "compile",
    "render",
]

_WORDLESS = ("image", "collapse")
"""Kinds that take no font."""


def _with_font(kind: Kind) -> Kind:
    """Its parameters with that which is every picture's with words."""
    return kind if kind.name in _WORDLESS else replace(kind, schema=lambda: lettered_schema(kind.schema()))


KINDS: Mapping[str, Kind] = MappingProxyType(
    {
        kind.name: _with_font(kind)
        for kind in (
            image.KIND,
            text.KIND,
            card.KIND,
            countdown.KIND,
            collapse.KIND,
            barcode.KIND,
            layers.KIND,
            banner.KIND,
            weather.KIND,
            poll.KIND,
            grid.KIND,
            coupon.KIND,
            progress.KIND,
            rating.KIND,
            stock.KIND,
            order.KIND,
            chart.KIND,
        )
    }
)

# What Pillow raises on an author's font that passed every check and still has a fault.
_UNDRAWABLE = (OSError, ValueError, RuntimeError, MemoryError, DecompressionBombError)

# Part of every digest: raised when the same parameters give another picture than before.
_EDITION = 2

_NO_ASSETS: Assets = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Design:
    """A compiled picture: all that does not depend on values and time is done.

    `digest` names the content (kind, parameters, size and assets): equal digests and equal values mean equal
    bytes, at the same second where `is_timed`.
    """

    digest: str
    is_timed: bool
    _templates: tuple[str, ...]
    _drawing: Drawing
    _typeface: Typeface | None

    @property
    def held_bytes(self) -> int:
        """About how much memory it takes while it is kept: mostly bitmaps ready to be drawn on."""
        return self._drawing.held_bytes + (self._typeface.held_bytes if self._typeface else 0)

    def render(self, values: Mapping[str, str], *, now: datetime) -> Image:
        """The picture with `values`, the rendered templates by JSON Pointer, at `now` (aware).

        Raises CannotRender, and nothing else: a value is missing or cannot be drawn.
        """
        missing = [pointer for pointer in self._templates if not isinstance(values.get(pointer), str)]
        if missing:
            raise CannotRender(f"{missing[0]}: no value was given for this template")
        given = {pointer: values[pointer] for pointer in self._templates}
        if self._typeface is None:
            return self._drawing.draw(given, now=now)
        return self._lettered(given, self._typeface, now)

    def _lettered(self, values: Mapping[str, str], typeface: Typeface, now: datetime) -> Image:
        try:
            with lettered(typeface):
                return self._drawing.draw(values, now=now)
        except _UNDRAWABLE as wrong:
            raise CannotRender("/font: this font cannot draw these words") from wrong


def compile(  # noqa: A001 - the contract's name: renderers.compile
    kind: str, params: Mapping[str, object], *, size: Size, assets: Assets = _NO_ASSETS
) -> Design:
    """Checks a creative and does all that can be done before an open.

    `assets` holds the uploaded bytes by name; ask `assets_of(params)` which are needed. Raises BadParams with
    every problem found: parameters by their pointer, the size as /width, /height, /scale, the kind as "".
    """
    if kind not in KINDS:
        raise BadParams(
            ParamProblem("", f"there is no kind of picture {kind!r}: take one of {', '.join(KINDS)}")
        )
    check_size(size, least=KINDS[kind].least_size)
    filled = replace_templates(params, KINDS[kind].templatable)
    font = None if kind in _WORDLESS else filled.pop("font", None)
    typeface = None if font is None else typeface_of(font, assets)
    drawing = _prepared(KINDS[kind], filled, size, assets, typeface)
    return Design(
        _digest(kind, params, size, assets), drawing.is_timed, templates_of(params), drawing, typeface
    )


def _prepared(kind: Kind, params: Filled, size: Size, assets: Assets, typeface: Typeface | None) -> Drawing:
    if typeface is None:
        return kind.prepare(params, size, assets)
    try:
        with lettered(typeface):
            return kind.prepare(params, size, assets)
    except BadParams:
        raise
    except _UNDRAWABLE as wrong:
        raise BadParams(ParamProblem("/font", "this font cannot draw these words")) from wrong


def render(
    kind: str, params: Mapping[str, object], *, size: Size, now: datetime, assets: Assets = _NO_ASSETS
) -> Image:
    """A picture without templates, compiled and drawn at once. Raises BadParams and CannotRender."""
    return compile(kind, params, size=size, assets=assets).render({}, now=now)


def _digest(kind: str, params: Mapping[str, object], size: Size, assets: Assets) -> str:
    used = {
        name: hashlib.sha256(assets[name]).hexdigest() for name in sorted(assets_of(params)) if name in assets
    }
    whole = [_EDITION, kind, params, [size.width_px, size.height_px, size.scale], used]
    packed = json.dumps(whole, sort_keys=True, ensure_ascii=True, separators=(",", ":"))
    return hashlib.blake2b(packed.encode(), digest_size=16).hexdigest()
