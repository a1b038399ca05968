"""Texts fit their box: proportional shrink, then wrap, then ellipsis."""

from hypothesis import given, settings
from hypothesis import strategies as st

from renderers.layout import ASCENT, DESCENT, Fit, Fitted, fit
from renderers.shaping import width


def box(width_px: int = 400, height_px: int = 100, max_px: int = 40, min_px: int = 14, **more: int) -> Fit:
    return Fit(width_px=width_px, height_px=height_px, max_px=max_px, min_px=min_px, **more)


def fits(fitted: Fitted, within: Fit) -> bool:
    widest = max(
        (width(line, fitted.size_px, within.style, rtl=fitted.is_rtl) for line in fitted.lines), default=0
    )
    return widest <= within.width_px and fitted.height_px <= within.height_px + 1


def test_a_short_text_has_the_size_wished_for() -> None:
    assert fit("Ana", box()) == Fitted(40, ("Ana",), False)


def test_a_text_a_little_too_wide_shrinks_and_stays_on_one_line() -> None:
    fitted = fit("Good evening, Anastasia", box())

    assert len(fitted.lines) == 1
    assert 30 <= fitted.size_px < 40


def test_a_longer_text_wraps_into_even_lines() -> None:
    fitted = fit("Your favourite mug is waiting for you in the basket since Tuesday", box(height_px=200))

    widths = [width(line, fitted.size_px, box().style, rtl=False) for line in fitted.lines]
    assert len(fitted.lines) > 1
    assert min(widths) > 0.6 * max(widths)


def test_a_text_with_no_room_ends_in_an_ellipsis() -> None:
    fitted = fit("words and words " * 100, box())

    assert fitted.size_px == 14
    assert fitted.lines[-1].endswith("…")
    assert fits(fitted, box())


def test_a_name_of_60_characters_without_a_space_is_shrunk_whole() -> None:
    name = "Wolfeschlegelsteinhausenbergerdorffwelchevoralternwarengewis"

    assert fit(name, box(width_px=552)).lines == (name,)


def test_a_word_wider_than_the_box_is_broken_with_a_hyphen() -> None:
    fitted = fit("Donaudampfschifffahrtsgesellschaftskapitän", box(width_px=200))

    assert fitted.lines[0].endswith("-")
    assert "".join(fitted.lines).replace("-", "") == "Donaudampfschifffahrtsgesellschaftskapitän"
    assert fits(fitted, box(width_px=200))


def test_line_breaks_are_kept() -> None:
    assert fit("one\ntwo\n\nfour", box(height_px=200)).lines == ("one", "two", "", "four")


def test_at_most_so_many_lines_are_used() -> None:
    assert len(fit("one two three four five six seven " * 4, box(max_lines=2)).lines) == 2


def test_an_arabic_text_is_read_from_the_right() -> None:
    assert fit("مرحبا Ana", box()).is_rtl


def test_a_box_too_low_for_any_text_gets_none() -> None:
    assert fit("Ana", box(height_px=0)).lines == ()
    assert fit("Ana", box(width_px=0)).lines == ()


def test_a_low_box_gets_letters_as_low() -> None:
    fitted = fit("Ana", box(height_px=10))

    assert fitted.size_px * (ASCENT + DESCENT) <= 10


SCRIPTS = st.text(
    st.one_of(
        st.characters(codec="utf-8"),
        st.sampled_from(list("abc XYZ -/.,\n")),
        st.sampled_from(list("ابتثجשלוםनमस्तेสวัสดี山🎉\u200d\u0301")),
    ),
    max_size=120,
)


@settings(max_examples=150, deadline=None)
@given(SCRIPTS, st.integers(1, 600), st.integers(1, 200), st.integers(1, 120), st.integers(1, 40))
def test_whatever_the_text_it_fits_its_box(
    text: str, width_px: int, height_px: int, max_px: int, min_px: int
) -> None:
    within = box(width_px, height_px, max_px, min(min_px, max_px))

    assert fits(fit(text, within), within)
