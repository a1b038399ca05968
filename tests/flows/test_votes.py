"""Votes: clicks by people on a poll's links, one a customer, the last one counting, seen at the next open."""

from datetime import datetime, timedelta

import pytest

from app.domain.events import Event, EventType
from app.domain.opener import Client
from app.domain.tokens import Kind
from app.flows.draining import drain
from app.flows.feedback import feed_back
from app.flows.rebuilding import catch_up, rebuild
from app.flows.recording import Outcome, record
from app.stores.cold import events, votes
from app.stores.cold.engine import Cold
from app.stores.hot import customers, streams
from app.stores.hot import votes as hot_votes
from app.stores.hot.customers import CustomerPatch
from tests import make
from tests.desk import Desk
from tests.servers import ValkeyServer

BOARD = {"poll": "glaze", "answers": ["tidepool", "red-clay", "moss"]}
ROBOT = Client(user_agent="python-requests/2.32", ip="203.0.113.9")
LINK = (
    "https://shop.example/?t={{ votes.glaze.tidepool }}&r={{ votes.glaze['red-clay'] }}"
    "&all={{ votes.glaze.total }}&me={{ votes.glaze.mine }}"
)


@pytest.fixture
def poll(desk: Desk) -> Desk:
    """A board of three answers whose link tells the results it was drawn from."""
    board = {
        "kind": "poll",
        "params": {
            "answers": [
                {"text": "Tidepool", "votes": "{{ votes.glaze.tidepool }}"},
                {"text": "Red clay", "votes": "{{ votes.glaze['red-clay'] }}"},
            ]
        },
    }
    variants = [{"id": "board", "creative": board, "link": LINK}]
    desk.publish("board", version=3, variants=variants, vote=BOARD, width=300, height=200)
    for customer_id in ("ana", "bob", "eve"):
        desk.save(customer_id)
    return desk


def vote(
    desk: Desk, answer: str, customer_id: str = "ana", client: Client | None = None, **told: object
) -> None:
    token = desk.token(Kind.BLOCK_LINK, "board", customer_id=customer_id)
    desk.click(token, client, answer=answer, **told)


def take(desk: Desk, cold: Cold, name: str = "r-0") -> Outcome:
    """What a recorder does with all that waits."""
    streams.ensure_groups(desk.hot)
    entries = streams.read_new(desk.hot, name, count=1_000, block_ms=1)
    outcome = record(cold, entries, now=make.NOW)
    feed_back(desk.hot, outcome.told, now=make.NOW, gone=outcome.gone, tallies=outcome.tallies)
    streams.finish(desk.hot, entries)
    return outcome


def seen(desk: Desk, customer_id: str = "ana") -> str:
    """The results in the picture that goes out now, as its link tells them."""
    ids = {"subject": "board", "customer_id": customer_id}
    desk.open(desk.token(**ids))
    url = desk.click(desk.token(Kind.BLOCK_LINK, **ids)).url
    assert url is not None
    return url.partition("?")[2]


def counted(cold: Cold) -> dict[str, int]:
    with cold.reading() as connection:
        tallies = votes.tallies(connection, ["glaze"])
    return {answer: number for tally in tallies for answer, number in tally.votes.items() if number}


def hot_counted(desk: Desk) -> dict[str, int]:
    [held] = hot_votes.read(desk.hot, ["glaze"])
    return {answer: number for answer, number in held.items() if number}


def test_a_vote_is_seen_at_the_next_open_and_ticked_for_who_gave_it(poll: Desk, cold: Cold) -> None:
    before = seen(poll)
    vote(poll, "tidepool")
    vote(poll, "red-clay", "bob")
    take(poll, cold)

    assert before == "t=&r=&all=0&me="
    assert seen(poll) == "t=1&r=1&all=2&me=tidepool"
    assert seen(poll, "bob") == "t=1&r=1&all=2&me=red-clay"
    assert seen(poll, "eve") == "t=1&r=1&all=2&me="


def test_the_click_lands_on_the_blocks_link(poll: Desk) -> None:
    poll.open(poll.token(subject="board"))

    sent = poll.click(poll.token(Kind.BLOCK_LINK, "board"), answer="tidepool")

    assert (sent.url, sent.why) == ("https://shop.example/?t=&r=&all=0&me=", "as_shown")


@pytest.mark.parametrize("is_opened", [True, False])
def test_of_a_customers_votes_the_last_counts(poll: Desk, cold: Cold, *, is_opened: bool) -> None:
    if is_opened:
        poll.open(poll.token(subject="board"))
    for minute, answer in enumerate(("tidepool", "moss", "red-clay")):
        vote(poll, answer, now=make.NOW + timedelta(minutes=minute))
        if minute != 1:  # the last two come in one batch
            take(poll, cold)

    assert counted(cold) == hot_counted(poll) == {"red-clay": 1}


def test_a_vote_told_late_does_not_replace_a_newer_one(poll: Desk, cold: Cold) -> None:
    vote(poll, "tidepool", now=make.NOW + timedelta(minutes=5))
    take(poll, cold)
    vote(poll, "moss")
    take(poll, cold)

    assert counted(cold) == hot_counted(poll) == {"tidepool": 1}
    assert seen(poll).endswith("me=tidepool")


def test_machines_do_not_vote(poll: Desk, cold: Cold) -> None:
    vote(poll, "tidepool", client=ROBOT)
    vote(poll, "tidepool", client=Client(method="HEAD", user_agent=make.CHROME))
    outcome = take(poll, cold)

    assert (outcome.recorded, counted(cold), outcome.tallies) == (1, {}, ())


@pytest.mark.parametrize(
    "answer",
    ["", "cobalt", "Tidepool", "total", "mine", "tidepool\0", "'); DROP TABLE votes;--", "é" * 400, "#"],
)
def test_an_answer_that_the_block_does_not_offer_is_a_click_and_no_vote(
    poll: Desk, cold: Cold, answer: str
) -> None:
    vote(poll, answer)
    outcome = take(poll, cold)

    assert (outcome.recorded, outcome.set_aside, counted(cold)) == (1, 0, {})


def test_a_renamed_answer_keeps_its_votes_under_the_old_name(poll: Desk, cold: Cold) -> None:
    vote(poll, "tidepool")
    take(poll, cold)
    vote(poll, "moss", "bob")
    poll.publish("board", version=4, vote={"poll": "glaze", "answers": ["lagoon", "moss"]})
    vote(poll, "tidepool", "eve")
    vote(poll, "lagoon", "eve")
    take(poll, cold)

    # What was voted before counts; a link sent before, to an answer that is no more, does not.
    assert counted(cold) == {"tidepool": 1, "moss": 1, "lagoon": 1}


def test_a_recalled_block_takes_no_votes(poll: Desk, cold: Cold) -> None:
    poll.publish("board", version=4, vote=BOARD, is_recalled=True)
    vote(poll, "tidepool")
    take(poll, cold)

    assert counted(cold) == {}


def test_of_a_block_for_one_answer_every_click_is_that_vote(poll: Desk, cold: Cold) -> None:
    poll.publish("board", version=4, vote={"poll": "nps", "answer": "9"})
    vote(poll, "")
    vote(poll, "3", "bob")
    take(poll, cold)

    with cold.reading() as connection:
        [tally] = votes.tallies(connection)
    assert (tally.poll, tally.votes) == ("nps", {"9": 2})


def test_with_merge_tags_a_vote_needs_a_customer_who_is_proven(poll: Desk, cold: Cold) -> None:
    token = poll.token(Kind.BLOCK_LINK, "board", customer_id="", touch_id="")
    poll.click(token, customer_key=poll.front.keyring.customer_key("ana"), answer="moss", send_key="spring-1")
    poll.click(token, customer_key=poll.front.keyring.customer_key("bob"), answer="moss")
    poll.click(token, customer_key="eve", answer="moss")
    take(poll, cold)

    assert counted(cold) == {"moss": 2}


@pytest.mark.parametrize(
    ("tracking", "counts"),
    [("full", 1), ("identified", 1), ("pseudonymous", 1), ("anonymous", 0), ("off", 0)],
)
@pytest.mark.parametrize("is_opened", [True, False])
def test_whose_name_is_not_kept_cannot_vote(
    poll: Desk, cold: Cold, tracking: str, counts: int, *, is_opened: bool
) -> None:
    if is_opened:
        poll.open(poll.token(subject="board"))
    poll.save("ana", tracking=tracking)
    vote(poll, "moss")
    take(poll, cold)

    assert sum(counted(cold).values()) == counts
    assert all(set(event.details) <= {"vote"} for event in _clicks(cold) if tracking != "full")


def _clicks(cold: Cold) -> list[Event]:
    with cold.reading() as connection:
        return [one.event for one in events.page(connection, types=[EventType.CLICK])]


def test_a_vote_given_while_redis_was_away_counts_once_it_is_back(
    poll: Desk, valkey: ValkeyServer, cold: Cold
) -> None:
    valkey.kill()
    vote(poll, "moss")
    valkey.start()
    poll.spool.close()
    make.wait_until(lambda: drain(poll.spool, poll.hot).events == 1)
    poll.publish("board", version=4, vote=BOARD)
    take(poll, cold)

    assert counted(cold) == hot_counted(poll) == {"moss": 1}


def test_the_same_batch_again_counts_nothing_twice(poll: Desk, cold: Cold) -> None:
    for number in range(30):
        vote(poll, BOARD["answers"][number % 3], f"c-{number}")  # type: ignore[index]
    streams.ensure_groups(poll.hot)
    entries = streams.read_new(poll.hot, "r-0", count=1_000, block_ms=1)
    outcomes = [record(cold, entries, now=make.NOW) for _ in range(3)]
    for one in outcomes:
        feed_back(poll.hot, one.told, now=make.NOW, tallies=one.tallies)

    assert counted(cold) == hot_counted(poll) == {"tidepool": 10, "red-clay": 10, "moss": 10}


def test_an_older_sum_does_not_replace_a_newer_one(poll: Desk, cold: Cold) -> None:
    vote(poll, "moss")
    older = take(poll, cold).tallies
    vote(poll, "moss", "bob")
    take(poll, cold)

    hot_votes.tell(poll.hot, older)

    assert hot_counted(poll) == {"moss": 2}


def test_votes_are_back_after_redis_lost_its_data(poll: Desk, cold: Cold) -> None:
    vote(poll, "tidepool")
    vote(poll, "moss", "bob")
    take(poll, cold)
    poll.hot.client.flushall()

    rebuild(poll.hot, cold, now=make.NOW)

    assert hot_counted(poll) == {"tidepool": 1, "moss": 1}
    assert poll.hot.client.hget(poll.hot.keys.history("bob"), "v.glaze").endswith(b"|moss")  # type: ignore[union-attr]


def test_an_erased_customers_vote_is_taken_back(poll: Desk, cold: Cold) -> None:
    vote(poll, "tidepool")
    vote(poll, "tidepool", "bob")
    take(poll, cold)
    erase(poll, "ana", make.NOW + timedelta(hours=1))
    take(poll, cold)

    assert counted(cold) == hot_counted(poll) == {"tidepool": 1}
    assert not poll.hot.client.exists(poll.hot.keys.history("ana"))


def test_an_erasure_whose_recorder_died_is_mended_by_the_next_look(poll: Desk, cold: Cold) -> None:
    vote(poll, "tidepool")
    take(poll, cold)
    erase(poll, "ana", make.NOW + timedelta(hours=1))
    entries = streams.read_new(poll.hot, "r-0", count=1_000, block_ms=1)
    record(cold, entries, now=make.NOW)

    catch_up(poll.hot, cold)

    assert counted(cold) == hot_counted(poll) == {}


def erase(desk: Desk, customer_id: str, at: datetime) -> None:
    customers.erase(desk.hot, make.event(EventType.CUSTOMER_ERASED, customer_id=customer_id, received_at=at))


def test_who_comes_back_after_an_erasure_votes_anew(poll: Desk, cold: Cold) -> None:
    vote(poll, "tidepool")
    erase(poll, "ana", make.NOW + timedelta(hours=1))
    later = make.NOW + timedelta(hours=2)
    saved = make.event(EventType.CUSTOMER_SAVED, customer_id="ana", at=later, received_at=later)
    customers.merge(poll.hot, CustomerPatch(), saved)
    vote(poll, "moss", now=later)
    take(poll, cold)

    assert counted(cold) == hot_counted(poll) == {"moss": 1}


def test_a_mean_is_read_of_answers_that_are_numbers(poll: Desk, cold: Cold) -> None:
    shown = {"kind": "rating", "params": {"value": "{{ votes.stars.mean }}"}}
    variants = [{"id": "mean", "creative": shown, "link": "https://shop.example/?m={{ votes.stars.mean }}"}]
    answers = {"poll": "stars", "answers": ["1", "2", "3", "4", "5"]}
    poll.publish("board", version=4, variants=variants, vote=answers, width=400, height=60)
    for answer, customer_id in (("5", "ana"), ("4", "bob"), ("4", "eve")):
        vote(poll, answer, customer_id)
    take(poll, cold)

    assert seen(poll) == "m=4.33"


def test_a_block_without_a_poll_loads_none(desk: Desk) -> None:
    block = desk.front.snapshot.block("hero")
    assert block is not None
    assert (block.vote, block.needs.polls) == (None, ())
