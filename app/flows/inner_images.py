"""Pictures of other servers inside a card or a grid, such as those of a catalogue's items."""

from collections.abc import Iterator, Mapping
from typing import Any

from app.domain.blocks import Creative
from app.domain.templates import is_template

Params = Mapping[str, Any]

# Where a kind has pictures: beside its own parameters, or in each entry of a list.
_LISTS: Mapping[str, tuple[str, ...]] = {"card": (), "grid": ("items", "fill")}
_NAME = "image"


def places(creative: Creative) -> tuple[str, ...]:
    """The pointers at which the address of a picture stands, or a template that makes one."""
    if creative.kind not in _LISTS:
        return ()
    return tuple(
        pointer for pointer, params in _holders(creative.kind, creative.params) if _is_remote(params)
    )


def address(creative: Creative, pointer: str, values: Mapping[str, str]) -> str:
    """What stands there with these values; "" for nothing."""
    held = values.get(pointer)
    if held is None:
        held = next(params[_NAME] for at, params in _holders(creative.kind, creative.params) if at == pointer)
    return str(held).strip()


def filled(creative: Creative, references: Mapping[str, str]) -> Params:
    """The parameters with `asset:…` in the places that have one, and without the others."""
    params = dict(creative.params)
    if not _LISTS[creative.kind]:
        return _filled(params, references.get(f"/{_NAME}"))
    for name in _LISTS[creative.kind]:
        listed = params.get(name)
        if isinstance(listed, list):
            params[name] = [
                _filled(one, references.get(f"/{name}/{place}/{_NAME}")) if isinstance(one, Mapping) else one
                for place, one in enumerate(listed)
            ]
    return params


def without(creative: Creative) -> Params:
    """The parameters as they are checked before anybody opens: without pictures that nobody has yet."""
    return filled(creative, {}) if places(creative) else creative.params


def _holders(kind: str, params: Params) -> Iterator[tuple[str, Params]]:
    if not _LISTS[kind]:
        yield f"/{_NAME}", params
    for name in _LISTS[kind]:
        listed = params.get(name)
        for place, one in enumerate(listed if isinstance(listed, list) else ()):
            if isinstance(one, Mapping):
                yield f"/{name}/{place}/{_NAME}", one


def _filled(params: Params, reference: str | None) -> Params:
    if not _is_remote(params):
        return params
    kept = {name: value for name, value in params.items() if name != _NAME}
    return kept | ({_NAME: reference} if reference else {})


def _is_remote(params: Params) -> bool:
    told = params.get(_NAME)
    if not isinstance(told, str) or told.startswith("asset:"):
        return False
    return is_template(told) or told.startswith("https://")
