"""Every table of the cold store. A change here needs a migration; a test compares the two."""

from sqlalchemy import (
    Boolean,
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from app.stores.cold.types import Instant, Json, Number

ID = String(200)  # ids have 128 characters; derived ones a prefix more
WORD = String(64)

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s",
        "pk": "pk_%(table_name)s",
    }
)

# --- what happened -------------------------------------------------------------------------

events = Table(
    "events",
    metadata,
    # The cursor of readers: grows in the order of commits, and never comes twice.
    Column("seq", Number, primary_key=True, autoincrement=True),
    Column("event_id", ID, nullable=False, unique=True),
    Column("type", WORD, nullable=False),
    Column("at", Instant, nullable=False),
    Column("received_at", Instant, nullable=False),
    Column("customer_id", ID),
    Column("touch_id", ID),
    Column("message_id", ID),
    Column("block_id", ID),
    Column("variant", ID),
    Column("why", ID),
    Column("opener_class", WORD),
    Column("opener_certainty", WORD),
    Column("opener_reason", ID),
    Column("url", Text),
    Column("details", Json, nullable=False),
    Index("ix_events_customer_id_at", "customer_id", "at", "seq"),
    Index("ix_events_message_id", "message_id", "seq"),
    Index("ix_events_block_id", "block_id", "seq"),
    sqlite_autoincrement=True,
)

touches = Table(
    "touches",
    metadata,
    # A platform may name one sending to many by the same id: with the customer it is one touch.
    Column("customer_id", ID, primary_key=True),
    Column("touch_id", ID, primary_key=True),
    Column("message_id", ID),
    Column("state", WORD, nullable=False),  # reserved, released, sent
    Column("changed_at", Instant, nullable=False),  # when we learnt of that state
    Column("channel", WORD),
    # As they were when the touch went out: later edits of the message do not rewrite history.
    Column("category", ID),
    Column("class", WORD),
    Column("topic", ID),
    Column("tags", Json, nullable=False),
    Column("campaign", ID),
    Column("dispatch_id", ID),
    Column("reservation_id", ID),
    Column("reserved_at", Instant),
    Column("expires_at", Instant),
    Column("sent_at", Instant),
    Column("is_unreserved", Boolean, nullable=False),
    Column("is_over_cap", Boolean, nullable=False),
    Index("ix_touches_customer_id", "customer_id", "sent_at"),
    Index("ix_touches_message_id", "message_id", "state"),
)

decisions = Table(
    "decisions",
    metadata,
    Column("event_id", ID, primary_key=True),
    Column("at", Instant, nullable=False),
    Column("received_at", Instant, nullable=False),
    Column("customer_id", ID, nullable=False),
    Column("touch_id", ID),
    Column("message_id", ID),
    Column("channel", WORD),
    Column("category", ID),
    Column("class", WORD),
    Column("decision", WORD, nullable=False),  # send, suppress, defer
    Column("reason", WORD, nullable=False),
    Column("rule_id", ID),
    Column("next_free_at", Instant),
    Index("ix_decisions_customer_id", "customer_id", "at"),
    Index("ix_decisions_at", "at"),
)

dead_letters = Table(
    "dead_letters",
    metadata,
    Column("stream", ID, nullable=False),
    Column("entry_id", WORD, nullable=False),
    Column("payload", LargeBinary, nullable=False),
    Column("customer_id", ID, index=True),
    Column("reason", Text, nullable=False),
    Column("at", Instant, nullable=False),
    PrimaryKeyConstraint("stream", "entry_id"),
)

# --- customers -----------------------------------------------------------------------------

customers = Table(
    "customers",
    metadata,
    Column("customer_id", ID, primary_key=True),
    # The state hash as Redis had it, field and value by turns: what a rebuild writes back.
    Column("state", Json, nullable=False),
    Column("revision", Number, nullable=False),
    Column("saved_at", Instant, nullable=False),
)

suppressions = Table(
    "suppressions",
    metadata,
    Column("customer_id", ID, nullable=False),
    Column("suppression_id", ID, nullable=False),
    Column("scope", ID, nullable=False),
    Column("reason", ID, nullable=False),
    Column("since", Instant, nullable=False),
    Column("until", Instant),
    Column("lifted_at", Instant),
    PrimaryKeyConstraint("customer_id", "suppression_id"),
    Index("ix_suppressions_since", "since"),
)

# Who was erased, as a digest of the id: facts of theirs that arrive late are not taken.
erasures = Table(
    "erasures",
    metadata,
    Column("digest", String(64), primary_key=True),
    Column("erased_at", Instant, nullable=False),
    Index("ix_erasures_erased_at", "erased_at"),
)

# --- what people write ---------------------------------------------------------------------


def _drafts(name: str, key: str) -> Table:
    return Table(
        name,
        metadata,
        Column(key, ID, primary_key=True),
        Column("document", Json, nullable=False),
        Column("edition", Integer, nullable=False),
        Column("published_version", Integer),
        Column("is_recalled", Boolean, nullable=False),
        Column("created_at", Instant, nullable=False),
        Column("updated_at", Instant, nullable=False),
        Column("updated_by", ID, nullable=False),
    )


def _versions(name: str, key: str, drafts: str) -> Table:
    return Table(
        name,
        metadata,
        Column(key, ID, ForeignKey(f"{drafts}.{key}", ondelete="CASCADE"), nullable=False),
        Column("version", Integer, nullable=False),
        Column("document", Json, nullable=False),
        Column("note", Text, nullable=False),
        Column("published_at", Instant, nullable=False),
        Column("published_by", ID, nullable=False),
        PrimaryKeyConstraint(key, "version"),
    )


blocks = _drafts("blocks", "block_id")
block_versions = _versions("block_versions", "block_id", "blocks")
# Who approved a draft: it stands while the draft is at that edition.
block_approvals = Table(
    "block_approvals",
    metadata,
    Column("block_id", ID, ForeignKey("blocks.block_id", ondelete="CASCADE"), primary_key=True),
    Column("edition", Integer, nullable=False),
    Column("approved_by", ID, nullable=False),
    Column("approved_at", Instant, nullable=False),
)
policies = _drafts("policies", "policy_id")
policy_versions = _versions("policy_versions", "policy_id", "policies")
segments = _drafts("segments", "segment_id")
segment_versions = _versions("segment_versions", "segment_id", "segments")

# What is known of customers' attributes beside what is built in: declared by people, or seen and proposed.
attributes = Table(
    "attributes",
    metadata,
    Column("path", String(500), primary_key=True),
    Column("source", WORD, nullable=False),
    Column("document", Json, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("updated_at", Instant, nullable=False),
    Column("updated_by", ID, nullable=False),
)

messages = Table(
    "messages",
    metadata,
    Column("message_id", ID, primary_key=True),
    Column("document", Json, nullable=False),
    Column("edition", Integer, nullable=False),
    Column("created_at", Instant, nullable=False),
    Column("updated_at", Instant, nullable=False),
)

links = Table(
    "links",
    metadata,
    Column("message_id", ID, ForeignKey("messages.message_id", ondelete="CASCADE"), nullable=False),
    Column("number", Integer, nullable=False),
    Column("url", Text, nullable=False),
    # A whole URL may be longer than an index entry of PostgreSQL.
    Column("url_digest", String(64), nullable=False),
    Column("created_at", Instant, nullable=False),
    PrimaryKeyConstraint("message_id", "number"),
    UniqueConstraint("message_id", "url_digest"),
)

# What a bandit made of its arms at each run that changed anything; the last one is what is dealt.
learnt_weights = Table(
    "learnt_weights",
    metadata,
    Column("experiment_id", String(260), nullable=False),  # two ids and a colon
    Column("number", Integer, nullable=False),
    Column("at", Instant, nullable=False),
    Column("version", Integer, nullable=False),
    Column("document", Json, nullable=False),
    PrimaryKeyConstraint("experiment_id", "number"),
)

assets = Table(
    "assets",
    metadata,
    Column("name", ID, primary_key=True),
    Column("sha256", String(64), nullable=False),
    Column("mimetype", WORD, nullable=False),
    Column("width", Integer, nullable=False),
    Column("height", Integer, nullable=False),
    Column("content", LargeBinary, nullable=False),
    Column("saved_at", Instant, nullable=False),
)

api_keys = Table(
    "api_keys",
    metadata,
    Column("key_id", ID, primary_key=True),
    Column("name", ID, nullable=False),
    Column("scopes", Json, nullable=False),
    Column("digest", String(64), nullable=False, unique=True),
    Column("created_at", Instant, nullable=False),
    Column("revoked_at", Instant),
    Column("last_used_at", Instant),
)
