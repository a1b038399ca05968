"""A creative's compiled design as it is kept: how long it takes to draw, how it becomes light enough."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from renderers import Design, Image, Size
from renderers import compile as compile_design
from renderers.weight import lightened, with_fewer_frames

USUAL_SHARE = 0.5  # of the budget: what took less the last times is drawn without a thread of its own


@dataclass(slots=True)
class Compiled:
    """A design, what it was made of, and how long drawing took lately; None while nothing was drawn."""

    design: Design
    kind: str
    params: Mapping[str, object]
    size: Size
    assets: Mapping[str, bytes]
    usual_s: float | None = None
    shorter: "Compiled | None" = None
    """The same clip of fewer frames, once one was needed."""

    def is_quick(self, budget_s: float) -> bool:
        """Whether the next picture is as good as certain to be there in time."""
        return self.usual_s is not None and self.usual_s < USUAL_SHARE * budget_s

    def picture(self, values: Mapping[str, str], *, now: datetime, max_bytes: int) -> Image:
        """The picture within so many bytes, or as near to that as the steps lead. Raises CannotRender."""
        started = time.perf_counter()
        image = self.design.render(values, now=now)
        if len(image.data) > max_bytes:
            image = self._lightened(image, values, now, max_bytes)
        took_s = time.perf_counter() - started
        # Half of it is the past: one stall does not send every later open to another thread.
        self.usual_s = took_s if self.usual_s is None else (self.usual_s + took_s) / 2
        return image

    def _lightened(self, image: Image, values: Mapping[str, str], now: datetime, max_bytes: int) -> Image:
        made = self
        while len(image.data) > max_bytes:
            if made.shorter is None:
                params = with_fewer_frames(made.kind, made.params)
                if params is None:
                    break
                made.shorter = compiled(made.kind, params, size=made.size, assets=made.assets)
            made = made.shorter
            image = made.design.render(values, now=now)
        return lightened(image, max_bytes)


def compiled(kind: str, params: Mapping[str, object], *, size: Size, assets: Mapping[str, bytes]) -> Compiled:
    """Raises BadParams."""
    design = compile_design(kind, params, size=size, assets=assets)
    # A design holds what it needs of the files; only another compiling would need them whole.
    kept = assets if with_fewer_frames(kind, params) else {}
    return Compiled(design, kind, params, size, kept)
