"""What bandits learnt is kept in order, and the last run of each is found."""

import pytest

from app.stores.cold import learnt_weights
from app.stores.cold.engine import Cold, RefusedRows
from app.stores.cold.learnt_weights import Weighing
from tests import make


def weighing(number: int, experiment_id: str = "hero:test", share: float = 0.5) -> Weighing:
    arms = [{"arm": "a", "share": share, "shown": 90, "clicked": 3}]
    return Weighing(experiment_id, number, make.NOW, 1, {"coverage": 1.0, "arms": arms})


def test_the_last_run_of_each_experiment_is_found(cold: Cold) -> None:
    kept = [weighing(1), weighing(2, share=0.7), weighing(1, "hero:other")]
    with cold.writing() as connection:
        for one in kept:
            learnt_weights.add(connection, one)

    with cold.reading() as connection:
        last = list(learnt_weights.everything(connection))
        history = learnt_weights.newest(connection, "hero:test", limit=10)

    assert sorted(last, key=lambda one: one.experiment_id) == [kept[2], kept[1]]
    assert history == [kept[1], kept[0]]


def test_of_two_runs_at_once_one_is_kept(cold: Cold) -> None:
    with cold.writing() as connection:
        learnt_weights.add(connection, weighing(1, share=0.7))

    with pytest.raises(RefusedRows), cold.writing() as connection:
        learnt_weights.add(connection, weighing(1, share=0.2))

    with cold.reading() as connection:
        assert learnt_weights.newest(connection, "hero:test") == [weighing(1, share=0.7)]
