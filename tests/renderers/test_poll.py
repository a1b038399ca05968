"""The kind poll: shares that add up, the reader's own answer, one picture or one for each answer."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image as Pictures

from renderers import CannotRender, Size
from renderers.ballots import shares
from tests.renderers.drawing import drawn, opened, refused

BOARD = Size(400, 240)
ANSWERS = [
    {"text": "Tidepool", "votes": 420},
    {"text": "Red clay", "votes": 312},
    {"text": "Moss", "votes": 118},
]


def picture(size: Size = BOARD, **params: object) -> Pictures.Image:
    whole = {"question": "Which glaze?", "answers": ANSWERS, **params}
    return opened(drawn("poll", size=size, **whole)).convert("RGB")


@pytest.mark.parametrize(
    ("votes", "percents"),
    [
        ((420, 312, 118), [49, 37, 14]),
        ((1, 1, 1), [34, 33, 33]),
        ((2, 1), [67, 33]),
        ((0, 0), [0, 0]),
        ((0, 5), [0, 100]),
        ((1, 999_999), [0, 100]),
        ((5, 5, 5, 5, 5, 5), [17, 17, 17, 17, 16, 16]),
        ((9_999_999_999, 1), [100, 0]),
    ],
)
def test_percentages_are_whole_and_add_up(votes: tuple[int, ...], percents: list[int]) -> None:
    assert shares(votes) == percents


@given(st.lists(st.integers(0, 10**12), min_size=2, max_size=6))
def test_any_votes_add_up_to_a_hundred_or_to_nothing(votes: list[int]) -> None:
    found = shares(votes)

    assert sum(found) == (100 if any(votes) else 0)
    assert all(
        abs(part - 100 * vote / max(1, sum(votes))) < 1 for part, vote in zip(found, votes, strict=True)
    )


def test_a_bar_is_as_long_as_its_share_and_begins_where_reading_does() -> None:
    half = [{"text": "Sea", "votes": 1}, {"text": "Clay", "votes": 1}]
    arabic = [{"text": "أزرق", "votes": 3}, {"text": "أحمر", "votes": 1}]

    row = picture(answers=half, question="", caption="").crop((0, 60, 400, 61))
    turned = picture(answers=arabic, question="", caption="").crop((0, 60, 400, 61))

    fill, track = row.getpixel((27, 0)), row.getpixel((372, 0))
    assert fill != track
    assert (row.getpixel((195, 0)), row.getpixel((205, 0))) == (fill, track)
    assert (turned.getpixel((372, 0)), turned.getpixel((27, 0))) == (fill, track)


@pytest.mark.parametrize("chosen", ["Red clay", "2", " Red clay "])
def test_the_own_answer_is_marked_by_its_text_or_its_number(chosen: str) -> None:
    assert picture(chosen=chosen).tobytes() == picture(chosen="Red clay").tobytes() != picture().tobytes()


def test_the_own_answer_is_marked_by_its_id_first() -> None:
    named = [{**one, "id": name} for one, name in zip(ANSWERS, ("2", "clay", ""), strict=True)]

    assert picture(answers=named, chosen="clay").tobytes() == picture(chosen="Red clay").tobytes()
    assert picture(answers=named, chosen="2").tobytes() == picture(chosen="Tidepool").tobytes()
    assert picture(answers=named, chosen="").tobytes() == picture().tobytes()


@pytest.mark.parametrize("chosen", ["", "7", "0", "red clay?", "²"])
def test_no_answer_is_marked_for_another_word(chosen: str) -> None:
    assert picture(chosen=chosen).tobytes() == picture().tobytes()


def test_an_answer_named_like_a_number_is_meant_before_the_place() -> None:
    years = [{"text": "2"}, {"text": "1"}]

    assert picture(answers=years, chosen="1").tobytes() != picture(answers=years, chosen="2").tobytes()
    assert picture(answers=years, chosen="1").tobytes() != picture(answers=years[::-1], chosen="1").tobytes()


def test_before_a_vote_no_results_are_told() -> None:
    one, two = (
        picture(show="answers", answers=told) for told in (ANSWERS, [{**a, "votes": 0} for a in ANSWERS])
    )

    assert one.tobytes() == two.tobytes() != picture().tobytes()


def test_what_is_shown_may_turn_on_the_reader() -> None:
    params = {"answers": ANSWERS, "show": "{{ x }}"}

    shown = [drawn("poll", size=BOARD, values={"/show": word}, **params) for word in ("answers", "results")]

    assert shown == [drawn("poll", size=BOARD, answers=ANSWERS, show=word) for word in ("answers", "results")]
    with pytest.raises(CannotRender, match=r"^/show: must be one of results, answers"):
        drawn("poll", size=BOARD, values={"/show": "all"}, **params)


def test_each_answer_may_be_a_picture_of_its_own() -> None:
    row = Size(300, 44)
    alone = [picture(size=row, only=number).tobytes() for number in (1, 2, 3)]

    assert len(set(alone)) == 3
    assert refused("poll", size=row, answers=ANSWERS, only=4) == {
        "/only": "must be the number of an answer, 1 to 3"
    }


def test_votes_that_are_none_count_as_nothing() -> None:
    params = {"answers": [{"text": "Sea", "votes": "{{ a }}"}, {"text": "Clay", "votes": "1,250"}]}

    empty, zero = (
        drawn("poll", size=BOARD, values={"/answers/0/votes": votes}, **params) for votes in ("", "0")
    )

    assert empty == zero


@pytest.mark.parametrize("votes", ["many", "NaN", "-1", "0.5", "9" * 20])
def test_votes_that_cannot_be_counted_are_named(votes: str) -> None:
    params = {"answers": [{"text": "Sea"}, {"text": "Clay", "votes": "{{ a }}"}]}

    with pytest.raises(CannotRender, match=r"^/answers/1/votes: must "):
        drawn("poll", size=BOARD, values={"/answers/1/votes": votes}, **params)
    assert "/answers/1/votes" in refused(
        "poll", size=BOARD, answers=[{"text": "Sea"}, {"text": "C", "votes": votes}]
    )


def test_more_answers_than_have_room_are_refused() -> None:
    six = [{"text": f"Answer {number}"} for number in range(6)]

    assert refused("poll", size=Size(400, 100), answers=six) == {
        "/answers": "need a block at least 212 pixels high, or fewer answers"
    }
    assert refused("poll", answers=ANSWERS[:1]) == {"/answers": "must be a list of 2 to 6"}
    assert picture(size=Size(400, 240), answers=six, question="").size == (400, 240)


@settings(max_examples=40, deadline=None)
@given(
    st.lists(st.tuples(st.text(max_size=60), st.integers(0, 10**12)), min_size=2, max_size=6),
    st.text(max_size=100),
    st.integers(120, 700),
    st.sampled_from(["results", "answers"]),
)
def test_any_words_and_votes_are_drawn(
    told: list[tuple[str, int]], question: str, width: int, show: str
) -> None:
    answers = [{"text": text, "votes": votes} for text, votes in told]

    assert picture(size=Size(width, 300), answers=answers, question=question, show=show).size == (width, 300)
