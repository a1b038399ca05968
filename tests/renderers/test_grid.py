"""The kind grid: equal cells, each with its own item, picture and words; gaps are filled."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image as Pictures

from renderers import CannotRender, Size
from renderers.cells import divide
from renderers.colour import TIDE, WHITE
from renderers.offer import STAR
from tests.renderers.drawing import drawn, opened, refused
from tests.renderers.gallery import ANA

SIZE = Size(600, 300)
MUG = {"title": "Tidepool mug", "price": "€24.00"}
POT = {"title": "Red clay teapot", "price": "€32.00"}
BOWL = {"title": "Moss bowl", "price": "€18.00"}


def picture(*items: dict[str, object], size: Size = SIZE, **params: object) -> Pictures.Image:
    return opened(drawn("grid", size=size, items=list(items), **params)).convert("RGB")


def cell(whole: Pictures.Image, at: int, columns: int = 3) -> bytes:
    wide = (600 - 12 * (columns - 1)) // columns
    left = at * (wide + 12)
    return whole.crop((left, 0, left + wide, 300)).tobytes()


@pytest.mark.parametrize(
    ("size", "count", "columns", "cells"),
    [
        (Size(600, 300), 3, None, (3, 192, 300)),
        (Size(600, 300), 1, None, (1, 600, 300)),
        (Size(600, 620), 4, None, (2, 294, 304)),
        (Size(600, 620), 5, None, (3, 192, 304)),
        (Size(600, 620), 6, None, (3, 192, 304)),
        (Size(320, 620), 4, None, (2, 154, 304)),
        (Size(600, 300), 2, 1, (1, 600, 144)),
        (Size(600, 300), 2, 3, (2, 294, 300)),
    ],
)
def test_a_block_is_divided_into_equal_cells(
    size: Size, count: int, columns: int | None, cells: tuple[int, int, int]
) -> None:
    found = divide(size, count, columns, 12)

    assert (found.columns, found.cell.width_px, found.cell.height_px) == cells
    assert len(set(found.corners(is_mirrored=False))) == count


def test_items_stand_in_the_order_of_reading() -> None:
    one, other = picture(MUG, POT, BOWL), picture(BOWL, POT, MUG)
    arabic = picture({"title": "كوب", "badge": "X"}, {"title": "إبريق"})

    assert cell(one, 0) == cell(other, 2) != cell(one, 2)
    assert arabic.crop((320, 0, 600, 80)).tobytes() != arabic.crop((14, 0, 294, 80)).tobytes()


def test_an_item_without_a_title_is_filled_in_the_order_of_the_list() -> None:
    nothing = {"title": "{{ x }}"}
    values = {"/items/0/title": "", "/items/2/title": " "}

    filled = opened(drawn("grid", size=SIZE, items=[nothing, POT, nothing], fill=[BOWL, MUG], values=values))

    assert filled.convert("RGB").tobytes() == picture(BOWL, POT, MUG).tobytes()


def test_what_cannot_be_filled_moves_up_and_leaves_the_end_free() -> None:
    some = picture({"title": ""}, POT, {"title": ""})

    assert cell(some, 0) == cell(picture(POT, POT, POT), 0)
    assert some.crop((204, 0, 600, 300)).getcolors() == [(396 * 300, WHITE)]


def test_a_grid_without_any_title_cannot_be_drawn() -> None:
    with pytest.raises(CannotRender, match=r"^/items/0/title: no item has a title"):
        picture({"title": ""}, {"title": "\u200e "}, fill=[{"title": ""}])


def test_a_picture_may_go_with_the_value() -> None:
    pictures = {"mug": "asset:photo", "pot": "asset:drawing"}
    item = {**MUG, "picture": "{{ x }}", "image": "asset:photo"}

    def shown(value: str) -> bytes:
        return drawn(
            "grid", size=SIZE, items=[item], pictures=pictures, values={"/items/0/picture": value}
        ).data

    assert shown("mug") == shown("another") == shown("") != shown("pot")


def test_a_grid_of_drawings_is_a_small_png_and_one_of_photographs_a_jpeg() -> None:
    flat, photo = (
        drawn("grid", size=SIZE, items=[MUG, {**POT, **more}]) for more in ({}, {"image": "asset:photo"})
    )

    assert (flat.mimetype, photo.mimetype) == ("image/png", "image/jpeg")
    assert len(flat.data) < 10_000


def test_titles_of_one_grid_have_one_size() -> None:
    alone, beside = picture(MUG, POT), picture(MUG, {**POT, "title": "Pot " * 60})

    assert cell(alone, 0, 2) != cell(beside, 0, 2)


def test_half_a_star_is_half_filled() -> None:
    def gold(rating: object) -> int:
        found = picture({**MUG, "rating": rating}, background="#0b2a3b", page="#0b2a3b")
        return sum(count for count, colour in found.getcolors(65536) if colour == STAR)

    none, half, four, five = (gold(rating) for rating in (0, "0.5", 4, 5))

    assert none == 0 < half < four < five
    assert gold(9) == five
    assert gold("-1") == 0


def test_a_price_is_told_whole_or_not_at_all() -> None:
    long = {**MUG, "price": "€1.234.567.890,00", "old_price": "€2.234.567.890,00"}
    endless = {**MUG, "price": "€" + "1" * 60, "old_price": "€2"}
    narrow = Size(240, 200)

    assert (
        picture(long, MUG, size=narrow).tobytes()
        == picture({**long, "old_price": "€9.999.999.999,00"}, MUG, size=narrow).tobytes()
    )
    assert (
        picture(endless, MUG, size=narrow).tobytes()
        == picture({**endless, "price": "€" + "2" * 60}, MUG, size=narrow).tobytes()
    )


def test_every_item_has_the_button() -> None:
    found = picture(MUG, POT, size=Size(600, 320), button="Add")

    assert {TIDE} <= {colour for _, colour in found.crop((0, 200, 294, 320)).getcolors(65536)}
    assert {TIDE} <= {colour for _, colour in found.crop((306, 200, 600, 320)).getcolors(65536)}


@pytest.mark.parametrize("rating", ["many", "NaN", "1/2"])
def test_a_rating_that_is_no_number_is_named(rating: str) -> None:
    with pytest.raises(CannotRender, match=r"^/items/1/rating: must "):
        drawn(
            "grid", size=SIZE, items=[MUG, {**POT, "rating": "{{ x }}"}], values={"/items/1/rating": rating}
        )
    assert "/items/0/rating" in refused("grid", size=SIZE, items=[{**MUG, "rating": rating}])


def test_a_wrong_grid_is_told_by_its_pointers() -> None:
    assert refused("grid", size=Size(200, 100), items=[MUG] * 6) == {
        "/items": "need a block of at least 100 by 540 pixels in 1 columns and 6 rows"
    }
    assert refused("grid", size=Size(200, 300), items=[MUG] * 3, columns=3) == {
        "/columns": "need a block of at least 324 by 80 pixels in 3 columns and 1 rows"
    }
    assert refused("grid", size=SIZE, items=[{**MUG, "image": "asset:no"}], pictures={"a": "asset:none"}) == {
        "/pictures/a": 'there is no asset named "none": upload it first',
        "/items/0/image": 'there is no asset named "no": upload it first',
    }
    assert refused("grid", size=SIZE, items=[MUG], pictures={str(n): "asset:photo" for n in range(13)}) == {
        "/pictures": "has too many entries"
    }


@settings(max_examples=30, deadline=None)
@given(
    st.lists(
        st.tuples(st.text(max_size=60), st.text(max_size=30), st.text(max_size=30)), min_size=1, max_size=6
    ),
    st.integers(320, 700),
    st.sampled_from([None, "asset:drawing"]),
)
def test_any_words_are_drawn(told: list[tuple[str, str, str]], width: int, image: str | None) -> None:
    more = {"image": image} if image else {}
    items = [
        {"title": title or ANA, "price": price, "old_price": badge, "badge": badge, **more}
        for title, price, badge in told
    ]
    fill = [{"title": "Filled"}]

    assert picture(*items, size=Size(width, 600), fill=fill, button="Look").size == (width, 600)
