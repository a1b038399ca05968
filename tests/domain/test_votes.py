"""Ballots are checked whole; a vote is read only from a click by a person with a name."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.blocks import compile_block
from app.domain.context import is_personal, needs_of, path_problem
from app.domain.events import EventType
from app.domain.opener import Opener, OpenerClass
from app.domain.problems import Invalid
from app.domain.votes import Ballot, Vote, kept, mean, read_results, told, vote_of
from tests import make

HUMAN = Opener(OpenerClass.HUMAN, "certain", "browser")
SAID = {"vote": {"poll": "glaze", "answer": "moss"}}
BOARD = Ballot("glaze", ("moss", "red-clay"))


@pytest.mark.parametrize(
    ("vote", "pointer"),
    [
        ([], "/vote/poll"),
        ({"poll": "glaze"}, "/vote"),
        ({"poll": "glaze", "answer": "moss", "answers": ["moss", "clay"]}, "/vote"),
        ({"poll": "Glaze", "answer": "moss"}, "/vote/poll"),
        ({"poll": "g" * 65, "answer": "moss"}, "/vote/poll"),
        ({"answer": "moss"}, "/vote/poll"),
        ({"poll": "glaze", "answer": None}, "/vote/answer"),
        ({"poll": "glaze", "answer": "total"}, "/vote/answer"),
        ({"poll": "glaze", "answers": ["moss"]}, "/vote/answers"),
        ({"poll": "glaze", "answers": [str(n) for n in range(21)]}, "/vote/answers"),
        ({"poll": "glaze", "answers": "moss"}, "/vote/answers"),
        ({"poll": "glaze", "answers": ["moss", "mine"]}, "/vote/answers/1"),
        ({"poll": "glaze", "answers": ["moss", "moss"]}, "/vote/answers/1"),
        ({"poll": "glaze", "answers": ["moss", {"a": 1}]}, "/vote/answers/1"),
        ({"poll": "glaze", "answers": ["moss", "-x"]}, "/vote/answers/1"),
        ({"poll": "glaze", "answers": ["moss", "red clay"]}, "/vote/answers/1"),
        ({"poll": "glaze", "answer": "moss", "until": 1}, "/vote/until"),
    ],
)
def test_a_bad_ballot_is_pointed_at(vote: object, pointer: str) -> None:
    with pytest.raises(Invalid) as refused:
        compile_block("board", make.block(vote=vote), version=1)

    assert pointer in [problem.pointer for problem in refused.value.problems]


def test_a_ballot_gives_its_own_answers_and_no_other() -> None:
    block = compile_block(
        "board", make.block(vote={"poll": "glaze", "answers": ["moss", "red-clay"]}), version=1
    )

    assert block.vote == BOARD
    assert [told(block.vote, answer) for answer in ("moss", "Moss", "")] == [SAID, {}, {}]
    assert told(Ballot("nps", ("9",)), "3") == {"vote": {"poll": "nps", "answer": "9"}}
    assert told(None, "moss") == {}


def test_a_persons_click_is_a_vote() -> None:
    click = make.event(
        EventType.CLICK, customer_id="ana", opener=HUMAN, details={**SAID, "ip": "203.0.113.9"}
    )

    assert vote_of(click) == Vote("ana", "glaze", "moss", make.NOW, click.event_id)
    assert kept(click.details) == SAID


@pytest.mark.parametrize(
    "fields",
    [
        {"event_type": EventType.IMPRESSION},
        {"customer_id": None},
        {"opener": None},
        {"opener": Opener(OpenerClass.BOT, "certain", "http_library_user_agent")},
        {"opener": Opener(OpenerClass.MACHINE_PREFETCH, "certain", "gmail_prefetch")},
        {"details": {}},
        {"details": {"vote": "moss"}},
        {"details": {"vote": {"poll": "glaze"}}},
        {"details": {"vote": {"poll": "glaze", "answer": ["moss"]}}},
        {"details": {"vote": {"poll": "GLAZE", "answer": "moss"}}},
        {"details": {"vote": {"poll": "glaze", "answer": "#"}}},
    ],
)
def test_nothing_else_is(fields: dict[str, object]) -> None:
    told_of = {
        "event_type": EventType.CLICK,
        "customer_id": "ana",
        "opener": HUMAN,
        "details": SAID,
        **fields,
    }

    assert vote_of(make.event(**told_of)) is None  # type: ignore[arg-type]


VALUES = st.text(max_size=5) | st.integers() | st.none()


@settings(deadline=None, max_examples=50)
@given(
    details=st.dictionaries(
        st.sampled_from(["vote", "ip"]),
        VALUES
        | st.lists(VALUES, max_size=3)
        | st.dictionaries(st.sampled_from(["poll", "answer"]), VALUES | st.lists(VALUES, max_size=2)),
    )
)
def test_no_details_break_the_reading_of_votes(details: dict[str, object]) -> None:
    vote = vote_of(make.event(EventType.CLICK, customer_id="ana", opener=HUMAN, details=details))

    assert vote is None or {"poll": vote.poll, "answer": vote.answer} == details["vote"]


def test_only_what_is_read_of_a_poll_is_loaded() -> None:
    sums, mine = needs_of(["votes.glaze.moss", "votes.nps.mean"]), needs_of(["votes.glaze.mine"])
    whole = needs_of(["votes.glaze"])

    assert (sums.polls, sums.history) == (("glaze", "nps"), ())
    assert (mine.polls, mine.history) == ((), ("v.glaze",))
    assert (whole.polls, whole.history) == (("glaze",), ("v.glaze",))
    assert (needs_of(["customer.tier"]).polls, needs_of(["votes"]).polls) == ((), ())


def test_the_sums_are_everybodys_and_the_own_answer_is_personal() -> None:
    assert not is_personal(["votes.glaze.moss", "votes.glaze.total", "votes.glaze.mean"])
    assert is_personal(["votes.glaze.mine"])
    assert path_problem("votes", "/when") is not None
    assert path_problem("votes.glaze.moss.more", "/when") is not None


def test_results_are_what_was_counted_and_nothing_where_nobody_voted() -> None:
    read = read_results(
        {"glaze": {"moss": 2, "red-clay": 1}, "none": {}}, {"v.glaze": b"17|moss", "v.x": None}
    )

    assert read == {"glaze": {"moss": 2, "red-clay": 1, "total": 3, "mine": "moss"}, "none": {"total": 0}}


@pytest.mark.parametrize(
    ("votes", "middle"),
    [
        ({"5": 1, "4": 2}, 4.33),
        ({"0": 3}, 0.0),
        ({}, None),
        ({"5": 1, "moss": 0}, 5.0),
        ({"5": 1, "moss": 1}, None),
    ],
)
def test_a_mean_is_of_answers_that_are_numbers(votes: dict[str, int], middle: float | None) -> None:
    assert mean(votes) == middle
