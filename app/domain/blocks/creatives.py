"""Pictures and links as authors write them: checked, compiled, and the paths that they read."""

from collections.abc import Iterator, Mapping

from app.domain.blocks.parts import Creative, Variant
from app.domain.catalogs.selectors import ITEM_ROOTS, item_path_problem
from app.domain.checks import Check
from app.domain.context import path_problem
from app.domain.paths import escaped
from app.domain.templates import Template, is_template
from app.domain.translations import Texts

PARAMS_DEPTH_MAX = 8
PARAMS_VALUES_MAX = 500


def read_creative(
    check: Check, document: object, at: str, texts: Texts, *, has_items: bool = False
) -> Creative | None:
    """A creative, or None when it has no kind or parameters that can be read; faults are noted."""
    fields = check.known(document, ("kind", "params"), at)
    kind = fields.get("kind")
    params = fields.get("params", {})
    if not isinstance(kind, str) or not kind or len(kind) > 40:
        check.fault(f"{at}/kind", "names the renderer's kind, such as text")
        return None
    if not isinstance(params, Mapping):
        check.fault(f"{at}/params", "params is an object")
        return None
    listed = list(_texts(check, params, "", f"{at}/params", PARAMS_DEPTH_MAX))
    if len(listed) > PARAMS_VALUES_MAX:
        check.fault(f"{at}/params", f"params hold at most {PARAMS_VALUES_MAX} texts")
        return None
    templates: dict[str, Template] = {}
    for pointer, text in listed:
        if is_template(text):
            template = check.tried(texts.template, text, pointer=f"{at}/params{pointer}")
            if template is not None:
                templates[pointer] = template
                _check_paths(check, template.paths, f"{at}/params{pointer}", has_items=has_items)
    return Creative(kind, params, templates)


def read_link(
    check: Check, fields: Mapping[str, object], at: str, texts: Texts, *, has_items: bool = False
) -> Template | None:
    """The link of a variant, an arm or the fallback, if it has a good one; faults are noted."""
    source = fields.get("link")
    if source is None:
        return None
    if not isinstance(source, str):
        check.fault(f"{at}/link", "a link is a web address, such as https://shop.example/")
        return None
    template = check.tried(texts.link, source, pointer=f"{at}/link")
    _check_paths(check, template.paths if template else (), f"{at}/link", has_items=has_items)
    return template


def paths_of(variant: Variant) -> Iterator[str]:
    """Every path that choosing or drawing a variant reads, arms included."""
    if variant.rule is not None:
        yield from variant.rule.paths
    if variant.items is not None:
        yield from variant.items.paths
    for shown in (variant, *variant.arms.values()):
        for template in shown.creative.templates.values():
            yield from template.paths
        if shown.link is not None:
            yield from shown.link.paths


def _texts(check: Check, value: object, pointer: str, at: str, depth: int) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield pointer, value
    elif isinstance(value, Mapping | list):
        if depth == 0:
            check.fault(at + pointer, f"params may be nested {PARAMS_DEPTH_MAX} deep at most")
            return
        pairs = value.items() if isinstance(value, Mapping) else enumerate(value)
        for name, inner in pairs:
            yield from _texts(check, inner, f"{pointer}/{escaped(str(name))}", at, depth - 1)


def _check_paths(check: Check, paths: object, at: str, *, has_items: bool = False) -> None:
    for path in sorted(paths):  # type: ignore[call-overload]
        if path.partition(".")[0] in ITEM_ROOTS:
            problem = item_path_problem(path, at, has_items=has_items)
        else:
            problem = path_problem(path, at)
        if problem is not None:
            check.add(problem)
