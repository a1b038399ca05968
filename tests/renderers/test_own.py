"""An author's own font: in every kind with words, with the shipped faces for what it lacks."""

import io
from datetime import UTC, datetime

import pytest
from PIL import Image as Pictures
from PIL import ImageChops

from renderers import KINDS, BadParams, Size
from renderers import compile as compile_design
from tests.renderers import fonts
from tests.renderers.gallery import Sample, assets, samples

NOW = datetime(2026, 11, 23, 10, 0, tzinfo=UTC)
SIZE = Size(300, 100)
LETTERS = "".join(chr(code) for code in range(0x20, 0x7F))


def picture(
    params: dict[str, object], *, kind: str = "text", size: Size = SIZE, **held: bytes
) -> Pictures.Image:
    image = compile_design("text", params, size=SIZE, assets={**assets(), **held}).render({}, now=NOW)
    return Pictures.open(io.BytesIO(image.data)).convert("RGB")


def ink(shown: Pictures.Image) -> int:
    ground = Pictures.new("RGB", shown.size, shown.getpixel((0, 0)))  # type: ignore[arg-type]
    return sum(ImageChops.difference(shown, ground).convert("L").histogram()[32:])


def problems(font: object, **held: bytes) -> list[tuple[str, str]]:
    with pytest.raises(BadParams) as refused:
        compile_design("text", {"text": "A", "font": font}, size=SIZE, assets=held)
    return [(one.pointer, one.detail) for one in refused.value.problems]


def test_words_are_set_in_the_uploaded_font() -> None:
    plain = picture({"text": "Abc"})

    own = picture({"text": "Abc", "font": "asset:brand"}, brand=fonts.blocks())

    assert ink(own) > 1.3 * ink(plain)


def test_what_the_font_lacks_is_drawn_by_the_shipped_faces() -> None:
    words: dict[str, object] = {"text": "你好 مرحبا Ω"}

    own = picture({**words, "font": "asset:brand"}, brand=fonts.blocks("xyz"))

    assert own.tobytes() == picture(words).tobytes()


def test_each_weight_has_its_font_and_else_the_nearest() -> None:
    light, heavy = fonts.blocks("Abc", high=400), fonts.blocks("Abc", high=700)
    font = {"regular": "asset:light", "bold": "asset:heavy"}

    def shown(weight: str, font: object) -> bytes:
        return picture({"text": "Abc", "weight": weight, "font": font}, light=light, heavy=heavy).tobytes()

    assert shown("regular", font) == shown("regular", "asset:light")
    assert shown("bold", font) == shown("bold", "asset:heavy")
    assert shown("semibold", font) == shown("semibold", "asset:heavy")


def test_another_font_under_the_same_name_gives_another_design() -> None:
    params = {"text": "Abc", "font": "asset:brand"}

    first, second, again = (
        compile_design("text", params, size=SIZE, assets={"brand": data})
        for data in (fonts.blocks(), fonts.blocks(high=500), fonts.blocks())
    )

    assert first.digest == again.digest != second.digest
    assert first.render({}, now=NOW).data == again.render({}, now=NOW).data != second.render({}, now=NOW).data


@pytest.mark.parametrize("kind", sorted(set(KINDS) - {"image", "collapse"}))
def test_every_kind_with_words_takes_a_font(kind: str) -> None:
    held = {**assets(), "brand": fonts.blocks(LETTERS)}

    def shown(sample: Sample, font: dict[str, object]) -> bytes:
        design = compile_design(kind, {**sample.params, **font}, size=sample.size, assets=held)
        return design.render(sample.values, now=NOW).data

    assert any(
        shown(sample, {}) != shown(sample, {"font": "asset:brand"})
        for sample in samples()
        if sample.kind == kind
    )


@pytest.mark.parametrize("kind", ["image", "collapse"])
def test_a_kind_without_words_takes_none(kind: str) -> None:
    params = {**KINDS[kind].example, "font": "asset:brand"}

    with pytest.raises(BadParams, match="is not a parameter of this kind"):
        compile_design(kind, params, size=SIZE, assets={**assets(), "brand": fonts.blocks()})


def test_tall_letters_keep_within_their_line_and_deep_figures_within_their_cell() -> None:
    tall = fonts.blocks(LETTERS, high=2500)
    params: dict[str, object] = {"text": "Abc", "font": "asset:brand", "valign": "top", "padding_px": 20}

    shown = picture(params, brand=tall)

    box = ImageChops.difference(shown, Pictures.new("RGB", shown.size, (0x0B, 0x2A, 0x3B))).getbbox()
    assert box is not None
    assert box[1] >= 12


@pytest.mark.parametrize(
    ("font", "told"),
    [
        ("Inter", "must be asset:NAME, an uploaded font"),
        ("asset:../x", "must be asset:NAME, an uploaded font"),
        (7, "must be asset:NAME, an uploaded font"),
        ("asset:none", 'there is no asset named "none"'),
        ("asset:photo", "the asset is no font: upload one"),
        ({}, "must name a font for one weight at least"),
        ({"light": "asset:brand"}, "is not a parameter of this kind"),
        ({"bold": "asset:none"}, 'there is no asset named "none"'),
        ("asset:{{ customer.font }}", "may not be a template"),
    ],
)
def test_a_wrong_font_is_refused_with_a_pointer(font: object, told: str) -> None:
    [(pointer, detail)] = problems(font, brand=fonts.blocks(), photo=assets()["photo"])

    assert pointer.startswith("/font")
    assert detail.startswith(told)


def test_a_design_counts_its_font() -> None:
    params = {"text": "Abc"}
    plain = compile_design("text", params, size=SIZE).held_bytes

    design = compile_design("text", {**params, "font": "asset:b"}, size=SIZE, assets={"b": fonts.blocks()})

    assert design.held_bytes == plain + len(fonts.blocks())
