"""A bandit learns from touches and clicks, tells every process, and survives being killed half-way."""

import multiprocessing
import os
import signal
from datetime import datetime, timedelta
from typing import Any

import pytest
import sqlalchemy

from app.domain.experiments.split import Learnt
from app.flows.bandits import learn
from app.flows.rebuilding import catch_up
from app.stores.absence import Unavailable
from app.stores.cold import learnt_weights
from app.stores.cold.engine import Cold, connect
from app.stores.hot.published import Snapshot
from app.stores.hot.server import HotStore
from app.stores.hot.server import connect as connect_hot
from tests import make
from tests.servers import ValkeyServer
from tests.trial import AHEAD, block, clicked, keep, mailing, publish, shown

BEFORE = make.NOW - timedelta(days=1)


def at(minutes: float) -> datetime:
    return make.NOW + timedelta(minutes=minutes)


def learnt(hot: HotStore, experiment_id: str = "hero:test") -> Learnt | None:
    """What a process that looks now deals by."""
    snapshot = Snapshot(hot, None, log=lambda *_: None)
    snapshot.refresh()
    return snapshot.learnt(experiment_id)


def share(of: Learnt | None, arm: str) -> float:
    assert of is not None
    start, end = of.ranges[of.arms.index(arm)]
    return end - start


def begin(cold: Cold, **fields: Any) -> None:
    publish(cold, block("a", "b", optimise="bandit", **fields), at=BEFORE)
    keep(cold, mailing("a", seen=500, clicks=5) + mailing("b", seen=500, clicks=40))


def test_the_arm_that_is_clicked_more_gets_more(hot: HotStore, cold: Cold) -> None:
    begin(cold)

    assert learn(hot, cold, now=at(30)) == 1

    assert share(learnt(hot), "b") == pytest.approx(0.95)


def test_every_run_that_changes_something_is_kept_and_no_other(hot: HotStore, cold: Cold) -> None:
    begin(cold)
    learn(hot, cold, now=at(30))
    assert learn(hot, cold, now=at(40)) == 0

    keep(cold, mailing("a", seen=100, clicks=90, prefix="late"))
    learn(hot, cold, now=at(50))

    with cold.reading() as connection:
        history = learnt_weights.newest(connection, "hero:test", limit=9)
    assert [(one.number, one.at) for one in history] == [(2, at(50)), (1, at(30))]
    assert history[1].document == {
        "coverage": 1.0,
        "arms": [
            {"arm": "a", "share": 0.05, "shown": 500, "clicked": 5},
            {"arm": "b", "share": 0.95, "shown": 500, "clicked": 40},
        ],
    }


def test_prefetches_count_as_shown_and_a_click_after_one_as_a_click(hot: HotStore, cold: Cold) -> None:
    publish(cold, block("a", "b", optimise="bandit"), at=BEFORE)
    ahead = [shown(arm, f"{arm}-{number}", AHEAD) for arm in "ab" for number in range(60)]
    keep(cold, [*ahead, clicked("b", "b-1")])

    learn(hot, cold, now=at(30))

    with cold.reading() as connection:
        (made,) = learnt_weights.newest(connection, "hero:test")
    assert [(one["shown"], one["clicked"]) for one in made.document["arms"]] == [(60, 0), (60, 1)]


def test_until_enough_was_shown_the_written_weights_stay(hot: HotStore, cold: Cold) -> None:
    publish(cold, block("a", "b", optimise="bandit"), at=BEFORE)
    keep(cold, mailing("b", seen=99, clicks=50))

    assert learn(hot, cold, now=at(30)) == 0
    assert learnt(hot) is None


def test_splits_that_are_no_bandits_are_left_alone(hot: HotStore, cold: Cold) -> None:
    publish(cold, block("a", "b"), at=BEFORE)
    keep(cold, mailing("b", seen=500, clicks=50))

    assert learn(hot, cold, now=at(30)) == 0


def test_the_coverage_a_bandit_has_stays(hot: HotStore, cold: Cold) -> None:
    begin(cold, coverage=40)

    learn(hot, cold, now=at(30))

    assert share(learnt(hot), "b") == pytest.approx(0.95 * 0.4)


def test_an_arm_its_author_took_the_weight_of_stays_out(hot: HotStore, cold: Cold) -> None:
    document = block("a", "b", "c", optimise="bandit")
    for arm, weight in zip(document["variants"][0]["split"], (1, 0, 1), strict=True):
        arm["weight"] = weight
    publish(cold, document, at=BEFORE)
    keep(cold, mailing("a", seen=500, clicks=5) + mailing("b", seen=500, clicks=90))

    learn(hot, cold, now=at(30))

    assert share(learnt(hot), "b") == 0
    assert share(learnt(hot), "a") + share(learnt(hot), "c") == pytest.approx(1)


def test_leaves_learn_apart_and_one_of_which_little_is_known_goes_by_all(hot: HotStore, cold: Cold) -> None:
    fields = {"optimise": "bandit", "seed": "hero"}
    leaves = [block("a", "b", **fields)["variants"][0] | {"id": name} for name in ("vip", "new", "rest")]
    publish(cold, make.block(variants=leaves), at=BEFORE)
    keep(
        cold,
        mailing("a", seen=500, clicks=50, variant="vip") + mailing("b", seen=500, clicks=5, variant="vip"),
    )
    keep(
        cold,
        mailing("a", seen=900, clicks=9, variant="rest") + mailing("b", seen=900, clicks=90, variant="rest"),
    )

    learn(hot, cold, now=at(30))

    assert share(learnt(hot, "hero:vip"), "a") == pytest.approx(0.95)
    assert share(learnt(hot, "hero:rest"), "b") == pytest.approx(0.95)
    assert 0.9 < share(learnt(hot, "hero:new"), "b") <= 0.95 + 1e-9


def test_a_hot_store_that_lost_everything_gets_the_last_weights_back(hot: HotStore, cold: Cold) -> None:
    begin(cold)
    learn(hot, cold, now=at(30))
    hot.client.flushall()

    catch_up(hot, cold)

    assert share(learnt(hot), "b") == pytest.approx(0.95)


def test_with_redis_away_the_run_is_kept_and_told_later(
    hot: HotStore, cold: Cold, valkey: ValkeyServer
) -> None:
    begin(cold)
    valkey.stop()
    with pytest.raises(Unavailable):
        learn(hot, cold, now=at(30))
    valkey.start()

    assert learn(hot, cold, now=at(31)) == 1
    assert share(learnt(hot), "b") == pytest.approx(0.95)


@pytest.mark.parametrize("statement", ["INSERT INTO learnt_weights", "COMMIT"])
def test_a_run_killed_half_way_leaves_the_weights_before(
    hot: HotStore, sqlite_url: str, valkey: ValkeyServer, statement: str
) -> None:
    cold = connect(sqlite_url)
    begin(cold)
    learn(hot, cold, now=at(30))
    before = learnt(hot)
    keep(cold, mailing("a", seen=100, clicks=90, prefix="late"))
    cold.close()

    child = multiprocessing.get_context("spawn").Process(
        target=learn_and_die, args=(valkey.url, hot.keys.partitions, sqlite_url, statement)
    )
    child.start()
    child.join(30)

    assert child.exitcode == -signal.SIGKILL
    assert learnt(hot) == before
    cold = connect(sqlite_url)
    assert learn(hot, cold, now=at(60)) == 1
    assert share(learnt(hot), "a") > 0.9
    cold.close()


def learn_and_die(redis_url: str, partitions: int, database_url: str, statement: str) -> None:
    """A worker that is killed as it writes a run, or just after it wrote one and told nobody."""
    cold, hot = connect(database_url), connect_hot(redis_url, partitions=partitions)

    def die(*_: object) -> None:
        os.kill(os.getpid(), signal.SIGKILL)

    def die_if(_: object, __: object, text: str, *___: object) -> None:
        if text.startswith(statement):
            die()

    if statement == "COMMIT":
        hot.scripts.call = die  # type: ignore[method-assign,assignment]
    sqlalchemy.event.listen(cold.engine, "before_cursor_execute", die_if)
    learn(hot, cold, now=at(60))
