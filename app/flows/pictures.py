"""From a choice to its picture and its link: compiled designs, and pictures already drawn."""

import threading
from collections import OrderedDict
from datetime import datetime

from app.domain.blocks import Block, Variant
from app.domain.choice import Choice, Why
from app.domain.links import BadLink, render_link
from app.domain.templates import BadTemplate
from app.stores.hot.published import Snapshot
from renderers import BadParams, CannotRender, Design, Image, Size, assets_of, blank
from renderers import compile as compile_design

# A web process is to stay under 120 MB, and more than 90 of them are code.
PICTURES_BYTES = 8 * 2**20
PICTURE_FRAME_BYTES = 700  # what keeping a picture costs besides its bytes: key, values, places in tables
DESIGNS_BYTES = 16 * 2**20

Context = dict[str, object]


class Gallery:
    """Draws variants. Keeps the designs and the pictures used last, each within a bound of bytes."""

    def __init__(self, snapshot: Snapshot, *, max_bytes: int = PICTURES_BYTES) -> None:
        self._snapshot = snapshot
        self._designs: OrderedDict[tuple[object, ...], Design] = OrderedDict()
        self._pictures: OrderedDict[tuple[object, ...], Image] = OrderedDict()
        self._bytes = 0
        self._design_bytes = 0
        self._max_bytes = max_bytes
        self._lock = threading.Lock()
        self.hits = 0
        self.misses = 0

    def draw(self, block: Block, choice: Choice, context: Context, now: datetime) -> tuple[Choice, Image]:
        """The picture of a choice. What cannot be drawn falls back, and what cannot even then is blank."""
        try:
            return choice, self.picture(block, choice.variant, context, now)
        except CannotRender:
            fallen = Choice(block.fallback, Why.CANNOT_RENDER)
        try:
            return fallen, self.picture(block, block.fallback, {}, now)
        except CannotRender:
            return fallen, blank(_size(block))

    def picture(self, block: Block, variant: Variant, context: Context, now: datetime) -> Image:
        """The picture of one variant. Raises CannotRender."""
        design = self._design(block, variant)
        try:
            values = {at: template.render(context) for at, template in variant.creative.templates.items()}
        except BadTemplate as wrong:
            raise CannotRender(str(wrong)) from wrong
        moment = int(now.timestamp()) if design.is_timed else 0
        key = (design.digest, moment, *values.values())
        with self._lock:
            held = self._pictures.get(key)
            if held is not None:
                self._pictures.move_to_end(key)
                self.hits += 1
                return held
            self.misses += 1
        image = design.render(values, now=now)
        self._keep(key, image)
        return image

    def link(self, block: Block, choice: Choice, context: Context) -> str | None:
        """Where a click on a choice leads; the fallback's link when its own makes no address."""
        for variant in (choice.variant, block.fallback):
            if variant.link is not None:
                try:
                    return render_link(variant.link, context)
                except BadLink:
                    continue
        return None

    def _design(self, block: Block, variant: Variant) -> Design:
        params = variant.creative.params
        assets = {name: self._snapshot.asset(name) for name in assets_of(params)}
        # The uploaded bytes are in the key, so a replaced asset never shows an old picture.
        key = (block.block_id, block.version, variant.id, *assets.values())
        with self._lock:
            held = self._designs.get(key)
            if held is not None:
                self._designs.move_to_end(key)
                return held
        try:
            present = {name: data for name, data in assets.items() if data is not None}
            design = compile_design(variant.creative.kind, params, size=_size(block), assets=present)
        except BadParams as wrong:
            raise CannotRender(str(wrong)) from wrong
        self._keep_design(key, design)
        return design

    def _keep_design(self, key: tuple[object, ...], design: Design) -> None:
        with self._lock:
            if key in self._designs:
                return
            self._designs[key] = design
            self._design_bytes += design.held_bytes
            # The newest stays however large it is: it is about to be drawn again and again.
            while self._design_bytes > DESIGNS_BYTES and len(self._designs) > 1:
                _, dropped = self._designs.popitem(last=False)
                self._design_bytes -= dropped.held_bytes

    def _keep(self, key: tuple[object, ...], image: Image) -> None:
        with self._lock:
            if key in self._pictures or len(image.data) > self._max_bytes // 8:
                return
            self._pictures[key] = image
            self._bytes += len(image.data) + PICTURE_FRAME_BYTES
            while self._bytes > self._max_bytes:
                _, dropped = self._pictures.popitem(last=False)
                self._bytes -= len(dropped.data) + PICTURE_FRAME_BYTES


def _size(block: Block) -> Size:
    return Size(block.width, block.height, block.scale)
