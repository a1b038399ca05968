"""Every key of the hot store and how long it lives; no other module spells one."""

import hashlib
from dataclasses import dataclass

from app.domain.ids import partition_of

DAY_S = 86_400

HISTORY_TTL_S = 400 * DAY_S  # after the last open or click; a year's newsletter may be found again
CHOICE_KEEP_MS = 180 * DAY_S * 1000  # choices older than this are dropped once a customer has many
CHOICES_MANY = 400  # hash fields of one history before old choices are dropped
LEDGER_TTL_S = 100 * DAY_S  # the widest window (92 days) and a week
SEEN_TTL_S = 3 * DAY_S  # repeats of an activity or feedback id are recognised this long
IDEMPOTENCY_TTL_S = DAY_S
HTTP_ANSWERING_TTL_S = 60  # a POST with an Idempotency-Key that is still being answered
HEARTBEAT_TTL_S = 60

PUBLISHED = "published"
PUBLISHED_REVISION = "published:rev"
PUBLISHED_CHANGES = "published:changes"
WORDS = "words"
DEPLOYMENT = "mailtide"  # what must never change while there is data: partitions, format
REBUILT = "rebuilt"  # when the server last got everything from SQL; gone when the data are
RECORDERS = "recorders"  # name -> what that recorder last reported
JOBS = "jobs"  # name -> what that job last did
JOBS_ASKED = "jobs:asked"  # names of jobs that are to run at once

WEATHER_CELLS = "{weather}:cells"  # cell -> its weather; until nobody asks for it any more
WEATHER_WANTED = "{weather}:wanted"  # cell -> when it was asked for last, ms

# Pictures of other servers; each under the prefix lives until it is too old to be shown.
IMAGES_PREFIX = "{images}:p:"
IMAGES_USED = "{images}:used"  # name -> when it was read last, ms
IMAGES_SIZES = "{images}:sizes"  # name -> bytes
IMAGES_BYTES = "{images}:bytes"
IMAGES_WANTED = "{images}:wanted"  # address -> since when, ms
IMAGES_COUNTS = "{images}:counts"  # how fetches ended -> times


@dataclass(frozen=True, slots=True)
class Keys:
    """The keys of customers, spread over a fixed number of partitions.

    Every key of a customer bears the hash tag of its partition, and so does the partition's
    event stream: in a cluster one script may touch state, choice, caps and stream together.
    """

    partitions: int

    def partition(self, customer_id: str | None) -> int:
        """The partition of a customer; events of nobody go to the first one."""
        return partition_of(customer_id, self.partitions) if customer_id else 0

    def tag(self, customer_id: str | None) -> str:
        """The hash tag, braces and all."""
        return f"{{p{self.partition(customer_id):02d}}}"

    def state(self, customer_id: str) -> str:
        """Latest attributes, activity, counters: a hash, see app/domain/state.py."""
        return f"c:{self.tag(customer_id)}:{customer_id}"

    def history(self, customer_id: str) -> str:
        """Choices shown and engagement: a hash."""
        return f"h:{self.tag(customer_id)}:{customer_id}"

    def ledger(self, customer_id: str) -> str:
        """The packed touch ledger: a string."""
        return f"f:{self.tag(customer_id)}:{customer_id}"

    def of_decision(self, customer_id: str) -> tuple[str, str, str]:
        """Ledger, state and stream of a customer: what a decision reads and writes."""
        tag = self.tag(customer_id)
        return f"f:{tag}:{customer_id}", f"c:{tag}:{customer_id}", f"e:{tag}"

    def stream(self, customer_id: str | None) -> str:
        """The event stream of the customer's partition."""
        return f"e:{self.tag(customer_id)}"

    def streams(self) -> list[str]:
        """All event streams, by partition."""
        return [f"e:{{p{number:02d}}}" for number in range(self.partitions)]

    def seen(self, customer_id: str, fact_id: str) -> str:
        """Marks an activity or feedback id as taken."""
        return f"d:{self.tag(customer_id)}:{_digest(customer_id, fact_id)}"

    def answer(self, customer_id: str, idempotency_key: str) -> str:
        """The stored answer of one decision."""
        return f"i:{self.tag(customer_id)}:{_digest(customer_id, idempotency_key)}"


def catalog(name: str) -> tuple[str, str, str]:
    """A catalogue's numbers, its items and its lists: hashes, all on one node."""
    tag = f"k:{{{name}}}"
    return tag, f"{tag}:i", f"{tag}:l"


def related(name: str, kind: str) -> str:
    """Which items of a catalogue were `viewed` or `bought` by the same customers: a hash."""
    return f"k:{{{name}}}:{kind}"


def cap(name: str, counted: str) -> tuple[str, str, str]:
    """What is counted of a capped variant among all customers: who lately, how many, and when."""
    tag = f"x:{{{name}}}:{counted}"
    return f"{tag}:r", f"{tag}:n", f"{tag}:m"


def poll(name: str) -> str:
    """The sums of a poll: a hash, answer by answer."""
    return f"votes:{name}"


def http_answer(key_id: str, route: str, idempotency_key: str) -> str:
    """The stored answer of one POST with an Idempotency-Key."""
    return f"idem:{_digest(key_id, route, idempotency_key)}"


def lease(name: str) -> str:
    """Who does one piece of the workers' work."""
    return f"lease:{name}"


def _digest(*parts: str) -> str:
    return hashlib.blake2b("\0".join(parts).encode(), digest_size=12).hexdigest()
