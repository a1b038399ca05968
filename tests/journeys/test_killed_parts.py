"""Parts are killed under opens and clicks: everybody is answered, every answered event is kept once."""

import threading
from collections import Counter

import pytest

from tests import make
from tests.journeys.deployment import Answer, Deployment

pytestmark = pytest.mark.slow

CUSTOMERS = [f"customer-{number}" for number in range(20)]


class Readers:
    """Threads that open and click until they are told to stop; what was answered is counted."""

    def __init__(self, deployment: Deployment, urls: dict[str, dict[str, str]]) -> None:
        self._deployment = deployment
        self._urls = urls
        self._stopping = threading.Event()
        self.answered: Counter[str] = Counter()
        self.bad: list[Answer] = []
        self.cut_off = 0
        self._lock = threading.Lock()
        self._threads = [threading.Thread(target=self._read, args=[part]) for part in range(2)]

    def __enter__(self) -> "Readers":
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopping.set()
        for thread in self._threads:
            thread.join()

    def _read(self, part: int) -> None:
        while not self._stopping.is_set():
            for customer_id in CUSTOMERS[part::2]:
                self._fetch(customer_id, "image", 200)
                self._fetch(customer_id, "link", 302)

    def _fetch(self, customer_id: str, what: str, wanted: int) -> None:
        try:
            answer = self._deployment.fetch(self._urls[customer_id][what])
        except OSError:
            # The server itself was killed: nothing was answered, so nothing is promised.
            self.cut_off += 1
            self._stopping.wait(0.05)
            return
        with self._lock:
            self.answered["impression" if what == "image" else "click"] += 1
            if answer.status != wanted or (what == "image" and not answer.body.startswith(b"\x89PNG")):
                self.bad.append(answer)


@pytest.fixture
def urls(deployment: Deployment) -> dict[str, dict[str, str]]:
    deployment.api("PUT", "/v1/blocks/hero", make.block())
    deployment.api("POST", "/v1/blocks/hero/publish", {})
    message = {
        "name": "Spring",
        "channel": "email",
        "category": "newsletter",
        "class": "promotional",
        "blocks": ["hero"],
    }
    deployment.api("PUT", "/v1/messages/spring", message)
    rows = [
        {"customer_id": customer_id, "attributes": {"tier": "gold", "points": 1}} for customer_id in CUSTOMERS
    ]
    deployment.api("POST", "/v1/customers/batch", rows)
    touches = [{"touch_id": f"t-{one}", "customer_id": one, "message_id": "spring"} for one in CUSTOMERS]
    made = deployment.api("POST", "/v1/touches/urls", touches)["results"]
    links = {one: made[place]["urls"]["blocks"]["hero"] for place, one in enumerate(CUSTOMERS)}
    shown = links[CUSTOMERS[0]]["image"]
    make.wait_until(lambda: deployment.fetch(shown, method="HEAD").headers["X-Mailtide-Why"] == "rule_held")
    return links


def kept(deployment: Deployment) -> Counter[str]:
    events = deployment.recorded()
    assert len({event["event_id"] for event in events}) == len(events)
    return Counter(event["type"] for event in events if event["type"] in ("impression", "click"))


def wait_for_more(readers: Readers, count: int) -> None:
    enough = readers.answered.total() + count
    make.wait_until(lambda: readers.answered.total() >= enough, timeout_s=20)


def wait_for_all(deployment: Deployment, answered: Counter[str]) -> None:
    try:
        make.wait_until(lambda: kept(deployment) >= answered, timeout_s=30)
    except AssertionError as late:
        late.add_note(f"answered {answered}, kept {kept(deployment)}\n{deployment.log()[-6000:]}")
        raise


def test_valkey_killed_under_opens_and_clicks_loses_nothing(deployment: Deployment, urls) -> None:
    with Readers(deployment, urls) as readers:
        wait_for_more(readers, 100)
        deployment.valkey.kill()
        wait_for_more(readers, 100)
        deployment.valkey.start()
        wait_for_more(readers, 100)

    assert readers.bad == []
    assert readers.cut_off == 0
    wait_for_all(deployment, readers.answered)
    assert kept(deployment) == readers.answered


def test_a_recorder_killed_mid_batch_neither_loses_nor_doubles(deployment: Deployment, urls) -> None:
    with Readers(deployment, urls) as readers:
        for _ in range(4):
            wait_for_more(readers, 60)
            deployment.kill("recorder")
            deployment.start_recorder()

    assert readers.bad == []
    wait_for_all(deployment, readers.answered)
    assert kept(deployment) == readers.answered


def test_a_killed_web_server_had_kept_all_it_answered(deployment: Deployment, urls) -> None:
    with Readers(deployment, urls) as readers:
        wait_for_more(readers, 150)
        deployment.kill("web")
        make.wait_until(lambda: readers.cut_off > 0)
        deployment.start_web()
        wait_for_more(readers, 50)

    assert readers.bad == []
    wait_for_all(deployment, readers.answered)
    # What the killed process had recorded and not yet answered may be more, never less.
    assert kept(deployment).total() - readers.answered.total() <= readers.cut_off


def test_a_web_server_killed_while_valkey_was_away_leaves_its_spool_to_others(
    deployment: Deployment, urls
) -> None:
    with Readers(deployment, urls) as readers:
        wait_for_more(readers, 50)
        deployment.valkey.kill()
        wait_for_more(readers, 60)
        deployment.kill("web")
    deployment.valkey.start()
    deployment.start_web()

    assert readers.bad == []
    wait_for_all(deployment, readers.answered)
