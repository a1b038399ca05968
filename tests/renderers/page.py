"""The examples of docs/rendering.md and the pictures beside them.

After a change that is meant to be seen: `python -m tests.renderers.page` draws them again into docs/images.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.demo.pictures import pictures
from app.domain.templates import compile_template
from renderers import Image, Size, assets_of
from renderers import compile as compile_design
from tests.renderers.gallery import NOW

DOCS = Path(__file__).parents[2] / "docs"
_EXAMPLE = re.compile(r"```json\n(?P<told>.*?)```\n!\[.*?\]\((?P<path>images/.*?)\)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Example:
    """One creative as the page tells it, and where its picture lies."""

    told: dict[str, Any]
    path: Path

    def image(self) -> Image:
        """What a customer as in the example would see."""
        params, size = (
            self.told["params"],
            Size(self.told["width"], self.told["height"], self.told.get("scale", 1)),
        )
        drawn = pictures()
        assets = {name: drawn[name] for name in assets_of(params)}
        design = compile_design(self.told["kind"], params, size=size, assets=assets)
        return design.render(dict(self._values(params, "")), now=NOW)

    def _values(self, params: Any, pointer: str) -> Iterator[tuple[str, str]]:
        if isinstance(params, str):
            yield pointer, compile_template(params).render(self.told.get("for", {}))
        elif isinstance(params, dict):
            for name, inner in params.items():
                yield from self._values(inner, f"{pointer}/{name}")
        elif isinstance(params, list):
            for at, inner in enumerate(params):
                yield from self._values(inner, f"{pointer}/{at}")


def examples() -> list[Example]:
    """Every example of the page, in its order."""
    page = (DOCS / "rendering.md").read_text()
    return [Example(json.loads(found["told"]), DOCS / found["path"]) for found in _EXAMPLE.finditer(page)]


def write() -> None:
    for example in examples():
        example.path.parent.mkdir(exist_ok=True, parents=True)
        example.path.write_bytes(example.image().data)


if __name__ == "__main__":
    write()
