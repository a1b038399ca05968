"""From a choice to its picture and its link: compiled designs, and pictures already drawn."""

import threading
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from datetime import datetime

from app.domain.blocks import Block, Variant
from app.domain.choice import Choice, Why
from app.domain.links import BadLink, render_link
from app.domain.templates import BadTemplate
from app.flows import inner_images
from app.flows.designs import Compiled, compiled
from app.flows.remote_images import Fetched, RemoteImages, remote_source
from app.flows.slow_work import Late, SlowWork
from app.stores.hot.published import Snapshot
from renderers import BadParams, CannotRender, Design, Image, Size, assets_of, blank, missing

# A web process is to stay under 120 MB, and 100 of them are code.
PICTURES_BYTES = 6 * 2**20
PICTURE_FRAME_BYTES = 700  # what keeping a picture costs besides its bytes: key, values, places in tables
DESIGNS_BYTES = 12 * 2**20  # packed; renderers.stills keeps some unpacked besides
IMAGE_MAX_BYTES = 200_000
REMOTE = "remote"  # the name a fetched picture has for its design

Context = dict[str, object]
Key = tuple[object, ...]
Params = Mapping[str, object]
Assets = dict[str, bytes | None]


class Gallery:
    """Draws variants. Keeps the designs and the pictures used last, each within a bound of bytes.

    With `slow`, an open waits for a picture no longer than the block's render budget. Drawing the fallback
    has no budget: nothing could take its place.
    """

    def __init__(
        self,
        snapshot: Snapshot,
        *,
        max_bytes: int = PICTURES_BYTES,
        image_max_bytes: int = IMAGE_MAX_BYTES,
        slow: SlowWork | None = None,
        remote: RemoteImages | None = None,
        link_hosts: Sequence[str] = (),
    ) -> None:
        self._snapshot = snapshot
        self.image_max_bytes = image_max_bytes
        self._slow = slow
        self.remote = remote
        self.link_hosts = link_hosts
        self._designs: OrderedDict[Key, Compiled] = OrderedDict()
        self._pictures: OrderedDict[Key, Image] = OrderedDict()
        self._bytes = 0
        self._design_bytes = 0
        self._max_bytes = max_bytes
        self._lock = threading.Lock()
        self.hits = 0
        self.misses = 0
        self.heavy = 0
        self.heavy_blocks: dict[str, int] = {}  # and the bytes of the heaviest picture of each

    @property
    def held_bytes(self) -> tuple[int, int]:
        """What is kept: bytes of pictures, and of designs."""
        return self._bytes, self._design_bytes

    @staticmethod
    def missing_characters() -> dict[str, int]:
        """How many different characters this process drew as an empty box, by script."""
        return missing.counts()

    def close(self) -> None:
        """Begin nothing beside the opens any more."""
        for beside in (self._slow, self.remote):
            if beside is not None:
                beside.close()

    def draw(self, block: Block, choice: Choice, context: Context, now: datetime) -> tuple[Choice, Image]:
        """The picture of a choice. What cannot be drawn falls back, and what cannot even then is blank."""
        try:
            return choice, self.picture(block, choice.variant, context, now)
        except Late:
            fallen = Choice(block.fallback, Why.RENDER_BUDGET)
        except CannotRender:
            fallen = Choice(block.fallback, Why.CANNOT_RENDER)
        try:
            return fallen, self.picture(block, block.fallback, {}, now)
        except (CannotRender, Late):
            return fallen, blank(_size(block))

    def picture(self, block: Block, variant: Variant, context: Context, now: datetime) -> Image:
        """The picture of one variant. Raises CannotRender, and Late where there is a budget."""
        values = _values(variant, context)
        key, params, assets = self._named(block, variant, values)
        known = self._known(key)
        held = self._held(_picture_key(known.design, values, now) if known else ())
        if held is not None:
            return held

        def draw() -> Image:
            made = known or self._compile(key, block, variant, params, assets)
            return self._drawn(made, block, values, now)

        budget_s = block.render_budget_ms / 1000
        is_quick = known is not None and known.is_quick(budget_s)
        if self._slow is None or is_quick or variant is block.fallback:
            return draw()
        job = (*key, *values.values(), int(now.timestamp()) if known and known.design.is_timed else 0)
        return self._slow.done(job, draw, within_s=budget_s)

    def warm(self, block: Block, now: datetime) -> None:
        """Compile what the block may show and draw it once, so that its first open need not wait for that.

        Not where half the room for designs is taken: what is in use would have to go.
        """
        if self._design_bytes > DESIGNS_BYTES // 2:
            return
        for _, variant in block.pictures():
            try:
                values = _values(variant, {})
                key, params, assets = self._named(block, variant, values)
                if self._known(key) is None:
                    self._drawn(self._compile(key, block, variant, params, assets), block, values, now)
            except (CannotRender, Late):
                continue  # without a customer it may have nothing to show

    def link(self, block: Block, choice: Choice, context: Context) -> str | None:
        """Where a click on a choice leads; the fallback's link when its own makes no address."""
        for variant in (choice.variant, block.fallback):
            if variant.link is not None:
                try:
                    return render_link(variant.link, context, hosts=self.link_hosts)
                except BadLink:
                    continue
        return None

    def _named(self, block: Block, variant: Variant, values: dict[str, str]) -> tuple[Key, Params, Assets]:
        """What a design is kept under, and what it is made of. Raises CannotRender and Late."""
        params = variant.creative.params
        url = remote_source(variant.creative, values)
        if url is not None:
            fetched = self._fetched(url, block)
            key = (block.block_id, block.version, variant.id, fetched.digest)
            return key, {**params, "source": f"asset:{REMOTE}"}, {REMOTE: fetched.content}
        inner = inner_images.places(variant.creative)
        if inner:
            return self._with_inner(block, variant, values, inner)
        assets = {name: self._snapshot.asset(name) for name in assets_of(params)}
        # The uploaded bytes are in the key, so a replaced asset never shows an old picture.
        return (block.block_id, block.version, variant.id, *assets.values()), params, assets

    def _with_inner(
        self, block: Block, variant: Variant, values: dict[str, str], places: tuple[str, ...]
    ) -> tuple[Key, Params, Assets]:
        """The same with pictures of other servers inside; one not to be had is left out. Raises Late."""
        found: dict[str, Fetched] = {}
        late: Late | None = None
        for pointer in places:
            url = inner_images.address(variant.creative, pointer, values)
            try:
                if url:
                    found[pointer] = self._fetched(url, block, is_waiting=late is None)
            except Late as waiting:
                late = waiting  # those behind it are asked for too: the next open has them all
            except CannotRender:
                continue
        if late is not None:
            raise late
        names = {pointer: f"{REMOTE}-{number}" for number, pointer in enumerate(found)}
        params = inner_images.filled(variant.creative, {at: f"asset:{name}" for at, name in names.items()})
        assets = {name: self._snapshot.asset(name) for name in assets_of(params) - set(names.values())}
        key = (block.block_id, block.version, variant.id, *found, *(one.digest for one in found.values()))
        remote = {names[pointer]: one.content for pointer, one in found.items()}
        return (*key, *assets.values()), params, assets | remote

    def _fetched(self, url: str, block: Block, *, is_waiting: bool = True) -> Fetched:
        if self.remote is None:
            raise CannotRender("/source: IMAGE_HOSTS is empty, so no picture is fetched from other servers")
        return self.remote.picture(url, within_s=block.render_budget_ms / 1000 if is_waiting else 0.0)

    def _known(self, key: Key) -> Compiled | None:
        with self._lock:
            known = self._designs.get(key)
            if known is not None:
                self._designs.move_to_end(key)
            return known

    def _held(self, key: Key) -> Image | None:
        with self._lock:
            held = self._pictures.get(key)
            if held is None:
                self.misses += 1
            else:
                self._pictures.move_to_end(key)
                self.hits += 1
            return held

    def _compile(self, key: Key, block: Block, variant: Variant, params: Params, assets: Assets) -> Compiled:
        try:
            present = {name: data for name, data in assets.items() if data is not None}
            made = compiled(variant.creative.kind, params, size=_size(block), assets=present)
        except BadParams as wrong:
            raise CannotRender(str(wrong)) from wrong
        with self._lock:
            if key in self._designs:
                return self._designs[key]
            self._designs[key] = made
            self._design_bytes += made.design.held_bytes
            # The newest stays however large it is: it is about to be drawn again and again.
            while self._design_bytes > DESIGNS_BYTES and len(self._designs) > 1:
                _, dropped = self._designs.popitem(last=False)
                self._design_bytes -= dropped.design.held_bytes
        return made

    def _drawn(self, made: Compiled, block: Block, values: dict[str, str], now: datetime) -> Image:
        image = made.picture(values, now=now, max_bytes=self.image_max_bytes)
        if len(image.data) > self.image_max_bytes:
            with self._lock:
                self.heavy += 1
                heaviest = max(len(image.data), self.heavy_blocks.get(block.block_id, 0))
                self.heavy_blocks[block.block_id] = heaviest
        self._keep(_picture_key(made.design, values, now), image)
        return image

    def _keep(self, key: tuple[object, ...], image: Image) -> None:
        with self._lock:
            if key in self._pictures or len(image.data) > self._max_bytes // 8:
                return
            self._pictures[key] = image
            self._bytes += len(image.data) + PICTURE_FRAME_BYTES
            while self._bytes > self._max_bytes:
                _, dropped = self._pictures.popitem(last=False)
                self._bytes -= len(dropped.data) + PICTURE_FRAME_BYTES


def _values(variant: Variant, context: Context) -> dict[str, str]:
    try:
        return {at: template.render(context) for at, template in variant.creative.templates.items()}
    except BadTemplate as wrong:
        raise CannotRender(str(wrong)) from wrong


def _picture_key(design: Design, values: dict[str, str], now: datetime) -> Key:
    return (design.digest, int(now.timestamp()) if design.is_timed else 0, *values.values())


def _size(block: Block) -> Size:
    return Size(block.width, block.height, block.scale)
