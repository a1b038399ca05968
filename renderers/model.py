"""What crosses the boundary of the renderers: sizes, pictures, problems, and what a kind is."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

MAX_CANVAS_PX = 2000
"""Most pixels a side of the bitmap, after `scale`. Pillow itself has no limit."""

MAX_SCALE = 3

Assets = Mapping[str, bytes]


@dataclass(frozen=True, slots=True)
class Size:
    """A place in a message, in CSS pixels. The bitmap is `scale` times as wide and high."""

    width_px: int
    height_px: int
    scale: int = 1

    @property
    def bitmap(self) -> tuple[int, int]:
        return self.width_px * self.scale, self.height_px * self.scale


@dataclass(frozen=True, slots=True)
class Image:
    """An encoded picture. Width and height are those of the bitmap."""

    data: bytes
    mimetype: str
    width_px: int
    height_px: int


@dataclass(frozen=True, slots=True)
class ParamProblem:
    """One thing wrong in a kind's parameters; `pointer` is a JSON Pointer into them."""

    pointer: str
    detail: str


class BadParams(ValueError):
    """Parameters, a size or an asset that no picture can be made of. Found when a block is saved."""

    def __init__(self, *problems: ParamProblem) -> None:
        super().__init__("; ".join(f"{problem.pointer}: {problem.detail}" for problem in problems))
        self.problems = problems


class CannotRender(Exception):
    """A value of the moment of opening cannot be drawn. The caller shows the fallback."""


class Filled(dict[str, object]):
    """Parameters with a valid value in each template's place; `templates` are the pointers that had one."""

    templates: frozenset[str] = frozenset()


class Drawing(Protocol):
    """One kind's compiled design: everything that does not depend on values or time is done."""

    @property
    def is_timed(self) -> bool:
        """Whether the picture changes from one second to the next."""

    @property
    def held_bytes(self) -> int:
        """About how much memory the design takes while it is kept."""

    def draw(self, values: Mapping[str, str], *, now: datetime) -> Image:
        """The picture with these values of the templated parameters. Raises CannotRender."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A sort of picture: its declared parameters, an example, and how to compile it."""

    name: str
    least_size: tuple[int, int] = (1, 1)
    """Fewest CSS pixels, width and height, in which anything can be recognised."""
    example_size: tuple[int, int] = (600, 200)
    """CSS pixels in which the example looks its best."""
    templatable: Mapping[str, str]
    """Pointers that may hold a Liquid template, each with a valid value to check the rest by."""
    example: Mapping[str, object]
    schema: Callable[[], dict[str, object]]
    """JSON Schema of the parameters."""
    prepare: Callable[[Filled, Size, Assets], Drawing]
    """Checked and compiled parameters, templates replaced. Raises BadParams."""


def check_size(size: Size, *, least: tuple[int, int] = (1, 1)) -> None:
    """Raises BadParams for a size outside the bounds; pointers are /width, /height and /scale."""
    problems = []
    if not 1 <= size.scale <= MAX_SCALE:
        problems.append(ParamProblem("/scale", f"must be between 1 and {MAX_SCALE}"))
    sides = (("/width", size.width_px, least[0]), ("/height", size.height_px, least[1]))
    for pointer, side, fewest in sides:
        if side < fewest:
            problems.append(ParamProblem(pointer, f"must be at least {fewest} for this kind of picture"))
        elif side * size.scale > MAX_CANVAS_PX:
            detail = f"times the scale must be at most {MAX_CANVAS_PX} pixels"
            problems.append(ParamProblem(pointer, detail))
    if problems:
        raise BadParams(*problems)
